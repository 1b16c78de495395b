"""The peer of dispatch.rs in JAX: the same step, jitted and donated. Prints one JSON object.

A dense classifier on 32 examples with AdamW, which returns the loss and the norm of the gradient; the
batch is a NumPy array in each call, and the loss is read once at the end. Arguments: the number of
steps, and the widths of the hidden layers.
"""

import json
import resource
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

steps = int(sys.argv[1])
WIDTHS = [64, *map(int, sys.argv[2:]), 10]


def init():
    rng = np.random.default_rng(0)
    layers = zip(WIDTHS, WIDTHS[1:])
    params = [{"w": rng.standard_normal(ends) / ends[0] ** 0.5, "b": np.zeros(ends[1])} for ends in layers]
    params = jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), params)
    return params, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params)


def loss_of(params, x, y):
    for layer in params[:-1]:
        x = jax.nn.relu(x @ layer["w"] + layer["b"])
    z = jax.nn.log_softmax(x @ params[-1]["w"] + params[-1]["b"])
    return -jnp.take_along_axis(z, y[:, None], 1).mean()


def step(state, x, y, count, rate, decay):
    params, first, second = state
    loss, grads = jax.value_and_grad(loss_of)(params, x, y)
    norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in jax.tree.leaves(grads)))
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, grads)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, grads)
    t = count.astype(jnp.float32) + 1
    move = lambda p, m, v: p - rate * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8) - decay * p
    return (jax.tree.map(move, params, first, second), first, second), loss, norm


rng = np.random.default_rng(1)
x = rng.standard_normal((32, 64), dtype=np.float32)
y = rng.integers(0, 10, 32).astype(np.int32)
jitted = jax.jit(step, donate_argnums=0)
state, loss, _ = jitted(init(), x, y, np.uint32(0), np.float32(1e-3), np.float32(1e-4))
jax.block_until_ready(state)

cpu = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
wall_began, cpu_began = time.perf_counter(), cpu()
for i in range(steps):
    state, loss, _ = jitted(state, x, y, np.uint32(i), np.float32(1e-3), np.float32(1e-4))
loss = float(loss)
wall, cpu_spent = time.perf_counter() - wall_began, cpu() - cpu_began
print(json.dumps({"jax": jax.__version__, "wall_us": wall / steps * 1e6, "cpu_us": cpu_spent / steps * 1e6}))
