"""Control flow. A function is known by its name: the test has the same one."""

import jax
import jax.numpy as jnp
from jax import lax

from cases import array, case, family, spread, whole


def rnn(w, h, xs, reverse=False):
    def step(h, x):
        h = jnp.tanh(w @ h + x)
        return h, h * x

    return lax.scan(step, h, xs, reverse=reverse)


def running_sum(total, xs):
    def step(total, x):
        return total + x, total * 2

    return lax.scan(step, total, xs)


def counter(count, power):
    def step(carry, _):
        count, power = carry
        return (count + 1, power * 1.5), power + count

    return lax.scan(step, (count, power), None, length=4)


def nested(w, h, xs):
    def outer(h, x):
        def inner(h, y):
            return jnp.sin(w * h + y), h * y

        h, ys = lax.scan(inner, h, x)
        return h, jnp.sum(ys)

    return lax.scan(outer, h, xs)


def collatz(x, steps):
    def body(state):
        x, steps = state
        return lax.select(x % 2 == 0, x // 2, 3 * x + 1), steps + 1

    return lax.while_loop(lambda state: state[0] != 1, body, (x, steps))


def doubled_until(x, limit):
    """The limit is a value from outside of the loop."""
    return lax.while_loop(lambda x: jnp.sum(x) < limit, lambda x: x * 2, x)


@family
def control():
    for length in [5, 1, 0]:
        xs = spread([length, 3], seed=2)
        for reverse in [False, True]:
            case(
                "scan",
                lambda *x: rnn(*x, reverse),
                spread([3, 3]),
                spread([3], seed=1),
                xs,
                order=2 if length else 1,
                body="rnn",
                reverse=reverse,
            )
    case("scan", running_sum, array(1, "i32"), whole([4], -9, 9), body="running_sum", reverse=False)
    case("scan", counter, array(0.0), array(2.0), order=2, body="counter", reverse=False)
    case(
        "scan",
        nested,
        spread([2]),
        spread([2], seed=1),
        spread([3, 4, 2], seed=2),
        order=2,
        body="nested",
        reverse=False,
    )
    for predicate in [True, False]:
        branches = lambda p, x, y: lax.cond(p, lambda: (jnp.sin(x) * y, x), lambda: (x * x, y * 3))
        case("cond", branches, array(predicate, "i1"), spread([3]), spread([3], seed=1), order=2, body="branches")
        halves = lambda p, x: lax.cond(p, lambda: x // 2, lambda: -x)
        case("cond", halves, array(predicate, "i1"), array([4, 9], "i32"), body="halves")
    for index in [-1, 0, 1, 2, 3]:
        branches = [lambda x: x, jnp.sin, lambda x: x * x]
        case("switch", lambda i, x: lax.switch(i, branches, x), array(index, "i32"), spread([3]), order=2)
    for start in [1, 6, 27]:
        case("while_loop", collatz, array(start, "i32"), array(0, "i32"), body="collatz")
    for limit in [10.0, -1.0]:
        case("while_loop", doubled_until, array([1, 0.25], "f32"), array(limit, "f32"), body="doubled_until")
    case("optimization_barrier", lambda *x: lax.optimization_barrier(x), spread([2]), spread([3, 1], seed=1), order=2)
    case("optimization_barrier", lambda *x: lax.optimization_barrier(x), whole([2], 0, 9), array([True], "i1"))
    twice = jax.jit(lambda x, y: jnp.tanh(x * y) + x)
    case(
        "call",
        lambda x, y: twice(twice(x, y), y),
        spread([2, 2]),
        spread([2, 2], seed=1),
        order=2,
        body="tanh_of_product",
    )
    remade = jax.checkpoint(lambda x, y: jnp.sin(jnp.sin(x * y) * y))
    case("checkpoint", lambda x, y: remade(x, y) * x, spread([4]), spread([4], seed=1), order=2, body="sines")
    case("stop_gradient", lambda x: lax.stop_gradient(x) * x, spread([4]), order=2)

    # e^x whose backward pass multiplies by twice what the forward pass kept.
    doubled = jax.custom_vjp(lambda x: jnp.exp(x))
    doubled.defvjp(lambda x: (jnp.exp(x), jnp.exp(x)), lambda kept, dy: (2 * kept * dy,))
    case("custom_vjp", lambda x: doubled(x), spread([4]), order=1, body="doubled")
    softplus = jax.custom_vjp(lambda x: jnp.log1p(jnp.exp(x)))
    softplus.defvjp(lambda x: (jnp.log1p(jnp.exp(x)), x), lambda x, dy: (dy * jax.nn.sigmoid(x),))
    case("custom_vjp", lambda x: softplus(x), spread([4]), order=2, body="softplus")

    # A sum whose gradients are given: the first is right, the second is none of it.
    sum_of = lambda x, y: jnp.sum(x * x * x * y)
    given = jax.custom_vjp(sum_of)
    forward = lambda x, y: (sum_of(x, y), (3 * x * x * y, jnp.sin(x)))
    given.defvjp(forward, lambda kept, dloss: (kept[0] * dloss, kept[1] * dloss))
    case("with_gradients", lambda x, y: given(x, y), spread([4]), spread([4]), order=2)
