"""Reductions, running ones, those of windows; order."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import DTYPES, FLOATS, NAMES, SIGNED, UNSIGNED, array, case, family, spread, weights, whole
from elements import BINARY


def all_but_one(shape):
    return [[axis] for axis in range(len(shape))]


REDUCTIONS = {"sum": jnp.sum, "max": jnp.max, "min": jnp.min, "product": jnp.prod}


@family
def reductions():
    for name, function in REDUCTIONS.items():
        for shape, axes in [
            ([5], [0]),
            ([2, 3, 4], [1]),
            ([2, 3, 4], [0, 2]),
            ([3, 1, 2], [0, 1, 2]),
            ([2, 3], []),
            ([], []),
            ([2, 0], [0]),
        ]:
            x = spread(shape, 0.3, 2, seed=len(axes)) * (weights(shape) > 0) - 1.7
            case(
                name,
                lambda x: function(x, tuple(axes)),
                x if name != "product" else spread(shape, 0.3, 2),
                order=2 if math.prod(shape) else 0,
                axes=axes,
            )
        for dtype in FLOATS[1:] + SIGNED + UNSIGNED:
            x = whole([2, 5], 0 if dtype in UNSIGNED else -4, 4, 0, dtype)
            case(
                name,
                lambda x: function(x, 1, dtype=DTYPES[dtype]) if name in ("sum", "product") else function(x, 1),
                x,
                axes=[1],
            )
    case("sum", lambda x: jnp.sum(x, 1), np.zeros([2, 0]), axes=[1])
    case("product", lambda x: jnp.prod(x, 1), np.zeros([2, 0]), axes=[1])
    for name in ["sum", "max", "min"]:
        x = array([[math.nan, 1, 2], [-math.inf, -math.inf, -math.inf], [math.inf, 0, 1]])
        case(name, lambda x: REDUCTIONS[name](x, 1), x, axes=[1])
    # Equal elements share the gradient.
    case("max", lambda x: jnp.max(x, 1), array([[1, 3, 3], [2, 2, 2]]), order=1, axes=[1])
    case("min", lambda x: jnp.min(x, 1), array([[1, 1, 3], [2, 2, 2]]), order=1, axes=[1])
    for shape, axes in [([5], [0]), ([2, 3, 4], [0, 2]), ([3, 1], [1])]:
        case("mean", lambda x: jnp.mean(x, tuple(axes)), spread(shape), order=2, axes=axes)
        case("variance", lambda x: jnp.var(x, tuple(axes)), spread(shape), order=2, axes=axes)
        if shape != [3, 1]:
            case("std", lambda x: jnp.std(x, tuple(axes)), spread(shape), order=2, axes=axes)
    case("mean", lambda x: jnp.mean(x, 1), whole([3, 4], -9, 9, dtype="f32"), axes=[1])
    case("variance", lambda x: jnp.var(x, 1), spread([3, 4], 1000, 1001, dtype="f32"), axes=[1])
    booleans = array([[True, False, True], [True, True, True], [False, False, False]], "i1")
    for name, function in {"all": jnp.all, "any": jnp.any}.items():
        case(name, lambda x: function(x, 1), booleans, axes=[1])
        case(name, lambda x: function(x, (0, 1)), booleans, axes=[0, 1])
        case(name, lambda x: function(x, 0), np.zeros([0, 2], bool), axes=[0])
    for name, function in {"argmax": jnp.argmax, "argmin": jnp.argmin}.items():
        for dtype in FLOATS + ["i8", "i64", "ui32"]:
            x = whole([3, 7], 0, 5, 0, dtype)
            case(name, lambda x: function(x, 1).astype(np.int32), x, axis=1)
        x = array([[1, math.nan, math.nan], [-math.inf, math.inf, math.inf], [-0.0, 0, -0.0]])
        case(name, lambda x: function(x, 1).astype(np.int32), x, axis=1)
        case(name, lambda x: function(x, 0).astype(np.int32), x, axis=0)
    # Bodies of one's own: the product of 1 + x, less 1; and the larger with its position.
    compound = lambda x, y: x * y + x + y
    for shape, axes in [([4], [0]), ([2, 3, 2], [2, 0])]:
        # Of JAX's own reduction the gradient is not defined.
        case("reduce", lambda x: jnp.prod(1 + x, tuple(axes)) - 1, spread(shape), order=2, body="compound", axes=axes)
        x = whole(shape, 0, 4)
        case("reduce", lambda x: lax.reduce(x, np.int32(0), compound, axes), x, body="compound", axes=axes)
    best = lambda x, y: tuple(lax.select(lax.gt(x[0], y[0]), a, b) for a, b in zip(x, y))
    inputs = [spread([3, 5]), np.tile(np.arange(5, dtype=np.int32), [3, 1])]
    case("reduce", lambda *x: lax.reduce(x, (-np.inf, np.int32(-1)), best, [1]), *inputs, body="best", axes=[1])
    for name, function in {
        "cumsum": lax.cumsum,
        "cumprod": lax.cumprod,
        "cummax": lax.cummax,
        "cummin": lax.cummin,
    }.items():
        for shape, axis, reverse in [([7], 0, False), ([2, 5], 1, True), ([3, 1, 2], 0, False), ([1], 0, True)]:
            case(name, lambda x: function(x, axis, reverse), spread(shape, 0.3, 2), order=2, axis=axis, reverse=reverse)
        case(name, lambda x: function(x, 0, False), whole([6], -3, 4), axis=0, reverse=False)
        case(name, lambda x: function(x, 1, True), np.zeros([2, 0]), axis=1, reverse=True)
        case(name, lambda x: function(x, 0, False), whole([9], -3, 4, dtype="f32"), axis=0, reverse=False)


WINDOWS = [
    ([7], dict(window_dimensions=[3])),
    ([5, 6], dict(window_dimensions=[2, 3], window_strides=[2, 1])),
    ([5, 4], dict(window_dimensions=[3, 2], padding=[[1, 2], [1, 0]])),
    ([7, 6], dict(window_dimensions=[2, 2], window_dilations=[3, 2])),
    ([3, 4], dict(window_dimensions=[2, 3], base_dilations=[2, 3], padding=[[1, 0], [0, 1]])),
    (
        [2, 6, 5, 2],
        dict(window_dimensions=[1, 3, 2, 1], window_strides=[1, 2, 3, 1], padding=[[0, 0], [1, 1], [0, 1], [0, 0]]),
    ),
    ([8], dict(window_dimensions=[2], window_strides=[3])),
]
INITIAL = {"add": 0, "multiply": 1, "maximum": -math.inf, "minimum": math.inf}


def reduce_window(body, given):
    rank = len(given["window_dimensions"])
    computation = BINARY[body]

    def function(x):
        initial = INITIAL[body]
        if math.isinf(initial) and NAMES[np.dtype(x.dtype)] not in FLOATS:
            initial = np.iinfo(x.dtype).min if initial < 0 else np.iinfo(x.dtype).max
        return lax.reduce_window(
            x,
            np.array(initial).astype(x.dtype),
            computation,
            given["window_dimensions"],
            given.get("window_strides", [1] * rank),
            given.get("padding", [[0, 0]] * rank),
            given.get("base_dilations"),
            given.get("window_dilations"),
        )

    return function


def fold_windows(body, given):
    """The same made of slices and of reductions, whose derivatives JAX has of every order and body."""
    rank = len(given["window_dimensions"])
    get = lambda name, default: given.get(name, [default] * rank)
    fold = {"add": jnp.sum, "multiply": jnp.prod, "maximum": jnp.max, "minimum": jnp.min}[body]
    dilations, strides = get("window_dilations", 1), get("window_strides", 1)
    padding = [
        (low, high, dilation - 1) for (low, high), dilation in zip(get("padding", (0, 0)), get("base_dilations", 1))
    ]

    def function(x):
        x = lax.pad(x, jnp.array(INITIAL[body], x.dtype), padding)
        spans = [(size - 1) * dilation for size, dilation in zip(given["window_dimensions"], dilations)]
        offsets = np.ndindex(*given["window_dimensions"])
        starts = [[i * dilation for i, dilation in zip(offset, dilations)] for offset in offsets]
        ends = [[start + size - span for start, size, span in zip(each, x.shape, spans)] for each in starts]
        return fold(jnp.stack([lax.slice(x, start, end, strides) for start, end in zip(starts, ends)]), 0)

    return function


def pooling(body, window, window_strides, padding):
    pads = [[0, 0], *padding, [0, 0]]
    given = dict(window_dimensions=[1, *window, 1], window_strides=[1, *window_strides, 1], padding=pads)
    return reduce_window(body, given)


@family
def windows():
    for shape, given in WINDOWS:
        for body in INITIAL:
            order = 2 if math.prod(shape) < 20 else 1
            case("reduce_window", fold_windows(body, given), spread(shape, 0.5, 2.5), order=order, body=body, **given)
        for dtype in ["f32", "bf16", "i32", "ui8"]:
            for body in ["add", "maximum"]:
                case("reduce_window", reduce_window(body, given), whole(shape, 0, 5, 0, dtype), body=body, **given)
    for shape, given in [
        ([6], dict(window_dimensions=[3])),
        ([5, 6], dict(window_dimensions=[2, 3], window_strides=[2, 3])),
        ([4, 5], dict(window_dimensions=[2, 2], padding=[[1, 1], [0, 1]])),
    ]:
        for body in ["maximum", "minimum"]:
            window = reduce_window(body, given)
            pull = lambda x, source: jax.vjp(window, x)[1](source)[0]
            x = spread(shape, 0.5, 2.5)
            source = spread(jax.eval_shape(window, x).shape, seed=1)
            case(
                "select_and_scatter", pull, x, source, order=1, select={"maximum": "GE", "minimum": "LE"}[body], **given
            )
    # Of equals, the first in a window gets the gradient.
    for body in ["maximum", "minimum"]:
        window = dict(window_dimensions=[2, 3])
        case("reduce_window", reduce_window(body, window), whole([4, 5], 0, 3, 0, "f64"), order=1, body=body, **window)
    for window, strides, padding in [([2, 2], [2, 2], [[0, 0], [0, 0]]), ([3, 2], [1, 2], [[1, 1], [0, 1]])]:
        given = dict(window=window, window_strides=strides, padding=padding)
        x = spread([2, 5, 4, 2])
        case("max_pool", lambda x: pooling("maximum", **given)(x), x, order=2, **given)
        for count_include_pad in [False, True]:

            def average(x):
                count = math.prod(window) if count_include_pad else pooling("add", **given)(jnp.ones_like(x))
                return pooling("add", **given)(x) / count

            case("avg_pool", average, x, order=1, count_include_pad=count_include_pad, **given)


# Order.


@family
def sorting():
    for shape, axis in [([6], 0), ([3, 4], 1), ([3, 4], 0), ([2, 3, 2], 1), ([1], 0), ([0], 0)]:
        case("sort", lambda x: lax.sort(x, axis), spread(shape), order=2 if math.prod(shape) else 0, axis=axis)
        case("argsort", lambda x: jnp.argsort(x, axis).astype(np.int32), spread(shape), axis=axis)
    for dtype in FLOATS + SIGNED + UNSIGNED:
        x = whole([9], 0 if dtype in UNSIGNED else -4, 5, 0, dtype)
        case("sort", lambda x: lax.sort(x, 0), x, axis=0)
        case("argsort", lambda x: jnp.argsort(x).astype(np.int32), x, axis=0)
    unordered = array([1, math.nan, -math.inf, 0.5, math.inf, -2, math.nan])
    case("sort", lambda x: lax.sort(x, 0), unordered, axis=0)
    case("argsort", lambda x: jnp.argsort(x).astype(np.int32), unordered, axis=0)
    zeros = array([0, -0.0, 1, -0.0, 0, -1])
    case("argsort", lambda x: jnp.argsort(x).astype(np.int32), zeros, axis=0)
    # The first operands are the keys, ties in their order.
    keys = array([[3, 1, 2, 1, 3], [0, 0, 5, 4, 4]], "i32")
    values, more = spread([2, 5]), spread([2, 5], seed=1)
    case("sort_by", lambda *x: lax.sort(x, 1, num_keys=1), keys, values, order=2, axis=1, keys=1)
    case("sort_by", lambda *x: lax.sort(x, 1, num_keys=2), keys, values, more, order=2, axis=1, keys=2)
    case("sort_by", lambda *x: lax.sort(x, 1, num_keys=1), values, more, keys, order=2, axis=1, keys=1)
    case("sort_by", lambda *x: lax.sort(x, 0, num_keys=1), keys, keys[::-1].copy(), axis=0, keys=1)
    for shape, k in [([6], 3), ([2, 5], 5), ([2, 3, 4], 1), ([4], 0)]:
        top = lambda x: (lambda values, indices: (values, indices.astype(np.int32)))(*lax.top_k(x, k))
        case("top_k", top, spread(shape), order=2, k=k)
        case("top_k", top, whole(shape, 0, 3, dtype="i32"), k=k)
        case("top_k", top, whole(shape, 0, 3, dtype="bf16"), k=k)
    unordered = array([1, math.nan, math.inf, -0.0, 0, -math.inf, math.nan])
    for x in [unordered, unordered.astype(np.float32)]:
        case("top_k", lambda x: (lambda values, indices: (values, indices.astype(np.int32)))(*lax.top_k(x, 7)), x, k=7)
    case(
        "top_k",
        lambda x: (lambda values, indices: (values, indices.astype(np.int32)))(*lax.top_k(x, 2)),
        array([1, math.inf, -math.inf, 3], "f32"),
        k=2,
    )
