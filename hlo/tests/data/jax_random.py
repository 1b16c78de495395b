#!/usr/bin/env python3
"""Writes jax_random.json: random numbers drawn by JAX, which `random.rs` compares with.

    pip install jax==0.10.2 && JAX_PLATFORMS=cpu python jax_random.py

Floats are written as their bits. `erf_inv` is not JAX's: the points are in f32, the values come from
Newton's method on `math.erf` in f64.
"""

import json
import math
import pathlib
import statistics

import jax
import jax.numpy as jnp
import numpy as np

SHAPES = [[], [1], [7], [3, 5], [2, 3, 4], [129]]
SEEDS = [0, 1, 42, 2**31, 2**32 - 1]
KEYS = [[0, 0], [0, 42], [1234567, 987654321], [2**32 - 1, 2**32 - 2]]


INTEGERS = {
    "i8": [(0, 10), (-128, 128), (-5, 100)],
    "i16": [(-300, 300)],
    "i32": [(0, 10), (-(2**31), 2**31), (-5, 2**20), (7, 8)],
    "i64": [(0, 10), (-(2**40), 3**30)],
    "u8": [(0, 256), (3, 250)],
    "u16": [(0, 1000)],
    "u32": [(0, 2**32), (0, 3 * 2**30)],
    "u64": [(0, 2**62 + 1)],
}
DTYPES = {
    "bf16": jnp.bfloat16, "f16": jnp.float16, "f32": jnp.float32, "f64": jnp.float64,
    **{f"{kind[0]}{width}": jnp.dtype(f"{kind}{width}") for kind in ["int", "uint"] for width in [8, 16, 32, 64]},
}


def bits(array):
    """The elements as integers without sign."""
    array = np.asarray(array)
    return array.view(f"u{array.dtype.itemsize}").reshape(-1).tolist()


def words(key):
    return np.asarray(key).tolist()


def key_cases():
    for key in KEYS:
        jax_key = jnp.array(key, jnp.uint32)
        yield {
            "key": key,
            "split": [words(part) for part in jax.random.split(jax_key, 3)],
            "fold_in": {str(n): words(jax.random.fold_in(jax_key, n)) for n in [0, 1, 2**32 - 1]},
            "bits": [
                {"shape": shape, "bits": bits(jax.random.bits(jax_key, shape, jnp.uint32))}
                for shape in SHAPES
            ],
            "uniform": [
                {
                    "low": low,
                    "high": high,
                    "bits": bits(jax.random.uniform(jax_key, (64,), jnp.float32, low, high)),
                }
                for low, high in [(0.0, 1.0), (-1.0, 1.0), (-0.25, 3.5), (100.0, 101.0)]
            ],
            "normal": bits(jax.random.normal(jax_key, (1000,), jnp.float32)),
            "truncated_normal": bits(
                jax.random.truncated_normal(jax_key, -2.0, 2.0, (1000,), jnp.float32)
            ),
        }


def dtype_cases():
    """Draws of every element type, and of distributions, each by name, with what it is drawn with."""
    for words in KEYS[1:3]:
        key = jnp.array(words, jnp.uint32)

        def case(name, drawn, dtype, **arguments):
            return {"key": words, "draw": name, "dtype": dtype, **arguments, "bits": bits(drawn)}

        for dtype in ["u8", "u16", "u32", "u64"]:
            yield case("bits", jax.random.bits(key, (3, 7), DTYPES[dtype]), dtype, shape=[3, 7])
        for dtype in ["bf16", "f16", "f32", "f64"]:
            for low, high in [(0.0, 1.0), (-2.5, 0.75)]:
                drawn = jax.random.uniform(key, (20,), DTYPES[dtype], low, high)
                yield case("uniform", drawn, dtype, shape=[20], low=low, high=high)
            yield case("normal", jax.random.normal(key, (40,), DTYPES[dtype]), dtype, shape=[40])
            for low, high in [(-2.0, 2.0), (0.5, 1.0), (-math.inf, 0.0)]:
                drawn = jax.random.truncated_normal(key, low, high, (20,), DTYPES[dtype])
                low = None if math.isinf(low) else low
                yield case("truncated_normal", drawn, dtype, shape=[20], low=low, high=high)
            yield case("gumbel", jax.random.gumbel(key, (20,), DTYPES[dtype]), dtype, shape=[20])
        for dtype, ranges in INTEGERS.items():
            for low, high in ranges:
                drawn = jax.random.randint(key, (4, 5), low, high, DTYPES[dtype])
                yield case("randint", drawn, dtype, shape=[4, 5], low=low, high=high)
        for p in [0.0, 0.3, 1.0]:
            drawn = jax.random.bernoulli(key, jnp.float32(p), (40,))
            yield case("bernoulli", drawn, "bool", shape=[40], p=p)
        logits = jnp.array([[0.0, 1.0, -1.0], [-math.inf, 0.0, 2.0]], jnp.float32)
        drawn = jax.random.categorical(key, jnp.tile(logits, (10, 1, 1))).astype(jnp.int32)
        yield case("categorical", drawn, "i32", axis=-1)
        drawn = jax.random.categorical(key, jnp.tile(logits, (10, 1, 1)), 1).astype(jnp.int32)
        yield case("categorical", drawn, "i32", axis=1)
        for count in [0, 1, 2, 10, 100, 2000]:
            drawn = jax.random.permutation(key, jnp.arange(count, dtype=jnp.int32))
            yield case("permutation", drawn, "i32", count=count)
        rows = jnp.arange(30, dtype=jnp.float32).reshape(10, 3)
        yield case("shuffle", jax.random.permutation(key, rows), "f32", axis=0)
        yield case("shuffle", jax.random.permutation(key, rows, axis=1), "f32", axis=1)
    for seed in SEEDS:
        key = jax.random.fold_in(jax.random.split(jax.random.key(seed, impl="rbg"), 3)[1], 4)
        for dtype in ["u8", "u16", "u32", "u64"]:
            drawn = jax.random.bits(key, (3, 7), DTYPES[dtype])
            yield {"seed": seed, "draw": "backend", "dtype": dtype, "shape": [3, 7], "bits": bits(drawn)}


def erf_inv(x):
    if abs(x) < 1e-4:
        # The series of erf⁻¹: what the distribution's quantile loses to rounding near 0.
        c = math.sqrt(math.pi) / 2
        return c * x * (1 + math.pi / 12 * x * x)
    y = statistics.NormalDist().inv_cdf((1 + x) / 2) / math.sqrt(2)
    for _ in range(4):
        # erfc keeps the digits that erf loses near ±1.
        error = math.erf(y) - x if abs(x) < 0.5 else math.copysign((1 - abs(x)) - math.erfc(abs(y)), x)
        y -= error * math.sqrt(math.pi) / 2 * math.exp(y * y)
    return y


def main():
    jax.config.update("jax_enable_x64", True)
    ends = [1 - 2.0**-k for k in range(1, 25)]
    points = [np.float32(x) for x in [0.0, 1e-30, 1e-6, 0.01, 0.1, 0.3, *ends]]
    points = [float(sign * x) for x in points for sign in (1, -1)]
    data = {
        "jax": jax.__version__,
        "seeds": [{"seed": seed, "key": words(jax.random.PRNGKey(seed))} for seed in SEEDS],
        "keys": list(key_cases()),
        "draws": list(dtype_cases()),
        "erf_inv": [[x, erf_inv(x)] for x in points],
    }
    path = pathlib.Path(__file__).with_name("jax_random.json")
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n")


main()
