"""Random numbers: threefry keys as two words."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import DTYPES, UNSIGNED, array, case, family, spread

# What randint draws from.
RANGES = {
    "i8": [(0, 10), (-128, 128), (-5, 100)],
    "i16": [(-300, 300)],
    "i32": [(0, 10), (-(2**31), 2**31), (-5, 2**20), (7, 8)],
    "i64": [(0, 10), (-(2**40), 3**30)],
    "ui8": [(0, 256), (3, 250)],
    "ui16": [(0, 1000)],
    "ui32": [(0, 2**32), (0, 3 * 2**30)],
    "ui64": [(0, 2**62 + 1)],
}


def words(x):
    """The bits of floats, which agree to the last."""
    return lax.bitcast_convert_type(x, f"uint{8 * x.dtype.itemsize}")


def distributions(key):
    for dtype in UNSIGNED:
        case("bits", lambda key: jax.random.bits(key, [3, 7], DTYPES[dtype]), key, dtype=dtype, shape=[3, 7])
    for dtype in ["bf16", "f16", "f32", "f64"]:
        of = DTYPES[dtype]
        for low, high in [(0.0, 1.0), (-2.5, 0.75)]:
            case(
                "uniform",
                lambda key: words(jax.random.uniform(key, (15,), of, low, high)),
                key,
                dtype=dtype,
                shape=[15],
                low=low,
                high=high,
            )
        case("gumbel", lambda key: jax.random.gumbel(key, (15,), of), key, dtype=dtype, shape=[15])
        case("normal", lambda key: jax.random.normal(key, (40,), of), key, dtype=dtype, shape=[40])
        for low, high in [(-2.0, 2.0), (0.5, 1.0)]:
            case(
                "truncated_normal",
                lambda key: jax.random.truncated_normal(key, low, high, (15,), of),
                key,
                dtype=dtype,
                shape=[15],
                low=low,
                high=high,
            )
    case(
        "truncated_normal",
        lambda key: jax.random.truncated_normal(key, -math.inf, 0.0, (15,), np.float32),
        key,
        dtype="f32",
        shape=[15],
        high=0.0,
    )
    for dtype, ranges in RANGES.items():
        for low, high in ranges:
            case(
                "randint",
                lambda key: jax.random.randint(key, (4, 5), low, high, DTYPES[dtype]),
                key,
                dtype=dtype,
                shape=[4, 5],
                low=low,
                high=high,
            )
    for p in [0.0, 0.25, 0.9, 1.0]:
        case("bernoulli", lambda key: jax.random.bernoulli(key, np.float32(p), (50,)), key, shape=[50], p=p)
    logits = spread([3, 5], -2, 2, dtype="f32")
    logits[1, 2] = -math.inf
    logits = np.tile(logits, (4, 1, 1))
    for axis in [-1, 1]:
        case(
            "categorical",
            lambda key, logits: jax.random.categorical(key, logits, axis).astype(np.int32),
            key,
            logits,
            axis=axis,
        )
    for length in [0, 1, 2, 10, 100]:
        case(
            "permutation",
            lambda key: jax.random.permutation(key, np.arange(length, dtype=np.int32)),
            key,
            length=length,
        )
    for axis in [0, 1]:
        rows = spread([10, 7])
        case("shuffle", lambda key, x: jax.random.permutation(key, x, axis), key, rows, axis=axis, order=1)


@family
def random():
    for seed in [0, 1, 42, 2**31, 2**32 - 1, 2**40 + 3]:
        case("key", lambda: jax.random.PRNGKey(seed), seed=seed)
    keys = [array(key, "ui32") for key in [[0, 0], [0, 42], [1234567, 987654321], [2**32 - 1, 2**32 - 2]]]
    for key in keys:
        case("split", lambda key: jax.random.split(key, 3), key, count=3)
        case("fold_in", jax.random.fold_in, key, array(2**32 - 1, "ui32"))
        case("bits", lambda key: jax.random.bits(key, [129], np.uint32), key, dtype="ui32", shape=[129])
    key = keys[2]
    for count in [0, 1]:
        case("split", lambda key: jax.random.split(key, count), key, count=count)
    for number in [array(0, "ui32"), array(-3, "i32"), array(7, "i64")]:
        case("fold_in", jax.random.fold_in, key, number)
    for shape in [[], [1], [3, 5], [2, 1, 4], [0], [2, 0]]:
        draw = lambda key: jax.random.bits(key, shape, np.uint32)
        case("bits", draw, key, dtype="ui32", shape=shape)
    for whole, start, shape in [([7], [2], [3]), ([5, 4], [1, 2], [3, 2]), ([3, 4, 5], [2, 0, 1], [1, 4, 3])]:
        for dtype in UNSIGNED:
            part = lambda key, *start: lax.dynamic_slice(jax.random.bits(key, whole, DTYPES[dtype]), start, shape)
            case("within", part, key, *(array(at, "i32") for at in start), dtype=dtype, whole=whole, shape=shape)
    distributions(key)
    # Enough for a second sort.
    draw = lambda key: jax.random.permutation(key, np.arange(2000, dtype=np.int32))[:100]
    case("permutation", draw, keys[1], length=2000)
    for seed in [0, 7]:
        for dtype in UNSIGNED:

            def draw():
                key = jax.random.split(jax.random.key(seed, impl="rbg"), 3)[1]
                return jax.random.bits(jax.random.fold_in(key, 4), [3, 7], DTYPES[dtype])

            case("backend_bits", draw, seed=seed, dtype=dtype, shape=[3, 7])
    for algorithm, name in [
        (lax.RandomAlgorithm.RNG_DEFAULT, "DEFAULT"),
        (lax.RandomAlgorithm.RNG_THREE_FRY, "THREE_FRY"),
        (lax.RandomAlgorithm.RNG_PHILOX, "PHILOX"),
    ]:
        for dtype, shape in [("ui8", [3]), ("ui16", [2, 2]), ("ui32", [5]), ("ui64", [2, 3]), ("ui32", [])]:
            state = array([1, 2, 3, 4] if name == "PHILOX" else [7, 8, 9, 10], "ui32").view(np.uint64)

            def generate(state):
                # JAX has the state as 32-bit words.
                state = lax.bitcast_convert_type(state, np.uint32).reshape(4)
                state, drawn = lax.rng_bit_generator(state, shape, DTYPES[dtype], algorithm)
                return lax.bitcast_convert_type(state.reshape(-1, 2), np.uint64), drawn

            case("rng_bit_generator", generate, state, algorithm=name, dtype=dtype, shape=shape)
