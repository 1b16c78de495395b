"""Random numbers: threefry keys as two words."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import DTYPES, array, case, family, spread


@family
def random():
    for seed in [0, 1, 42, 2**31, 2**32 - 1]:
        case("key", lambda: jax.random.PRNGKey(seed), seed=seed)
    keys = [array(words, "ui32") for words in [[0, 0], [0, 42], [1234567, 987654321], [2**32 - 1, 2**32 - 2]]]
    for key in keys:
        for count in [1, 2, 3, 7]:
            case("split", lambda key: jax.random.split(key, count), key, count=count)
        for number in [0, 1, 2**32 - 1]:
            case("fold_in", jax.random.fold_in, key, array(number, "ui32"))
        for shape in [[], [1], [7], [3, 5], [2, 3, 4], [129], [0], [2, 0]]:
            case("bits", lambda key: jax.random.bits(key, shape, np.uint32), key, shape=shape)
        for low, high in [(0.0, 1.0), (-1.0, 1.0), (-0.25, 3.5), (100.0, 101.0)]:
            case(
                "uniform",
                lambda key: jax.random.uniform(key, (32,), np.float32, low, high),
                key,
                shape=[32],
                low=low,
                high=high,
            )
        for shape in [[100], [3, 5], []]:
            case("normal", lambda key: jax.random.normal(key, shape, np.float32), key, shape=shape)
            case(
                "truncated_normal",
                lambda key: jax.random.truncated_normal(key, -2.0, 2.0, shape, np.float32),
                key,
                shape=shape,
            )
        for p in [0.0, 0.25, 0.9, 1.0]:
            case("bernoulli", lambda key: jax.random.bernoulli(key, np.float32(p), (50,)), key, shape=[50], p=p)
        logits = spread([3, 5], -2, 2, dtype="f32")
        logits[1, 2] = -math.inf
        case(
            "categorical",
            lambda key, logits: jax.random.categorical(key, logits, -1).astype(np.int32),
            key,
            logits,
            axis=-1,
        )
        case(
            "categorical",
            lambda key, logits: jax.random.categorical(key, logits, 0).astype(np.int32),
            key,
            logits,
            axis=0,
        )
        for length in [0, 1, 2, 10, 100]:
            case(
                "permutation",
                lambda key: jax.random.permutation(key, np.arange(length, dtype=np.int32)),
                key,
                length=length,
            )
    for algorithm, name in [
        (lax.RandomAlgorithm.RNG_THREE_FRY, "THREE_FRY"),
        (lax.RandomAlgorithm.RNG_PHILOX, "PHILOX"),
    ]:
        for dtype, shape in [("ui32", [5]), ("ui64", [2, 3]), ("ui32", [])]:
            state = array([1, 2, 3, 4] if name == "PHILOX" else [7, 8, 9, 10], "ui32")
            words = state.view(np.uint64)

            def generate(_):
                # JAX has the state as 32-bit words.
                state, drawn = lax.rng_bit_generator(
                    jnp.asarray(words).view(np.uint32), shape, DTYPES[dtype], algorithm
                )
                return lax.bitcast_convert_type(state.reshape(-1, 2), np.uint64), drawn

            case("rng_bit_generator", generate, words, algorithm=name, dtype=dtype, shape=shape)
