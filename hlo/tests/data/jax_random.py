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


def bits(array):
    return np.asarray(array).view(np.uint32).reshape(-1).tolist()


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
    ends = [1 - 2.0**-k for k in range(1, 25)]
    points = [np.float32(x) for x in [0.0, 1e-30, 1e-6, 0.01, 0.1, 0.3, *ends]]
    points = [float(sign * x) for x in points for sign in (1, -1)]
    data = {
        "jax": jax.__version__,
        "seeds": [{"seed": seed, "key": words(jax.random.PRNGKey(seed))} for seed in SEEDS],
        "keys": list(key_cases()),
        "erf_inv": [[x, erf_inv(x)] for x in points],
    }
    path = pathlib.Path(__file__).with_name("jax_random.json")
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n")


main()
