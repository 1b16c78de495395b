"""What a case is, and the numbers that cases are made of."""

import math
import os

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "true"
os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np

FLOATS = ["f64", "f32", "bf16", "f16", "f8E4M3FN", "f8E5M2"]
SIGNED = ["i8", "i16", "i32", "i64"]
UNSIGNED = ["ui8", "ui16", "ui32", "ui64"]
DTYPES = {
    "i1": np.bool_,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "bf16": ml_dtypes.bfloat16,
    **{
        f"{letter}{bits}": f"{word}{bits}"
        for letter, word in [("i", "int"), ("ui", "uint")]
        for bits in [8, 16, 32, 64]
    },
    **{f"f{bits}": f"float{bits}" for bits in [16, 32, 64]},
}
NAMES = {np.dtype(dtype): name for name, dtype in DTYPES.items()}

FAMILIES = []
CASES = []


def family(function):
    FAMILIES.append(function)
    return function


# Numbers.


def array(values, dtype="f64"):
    # What has no such number becomes its NaN.
    with np.errstate(invalid="ignore", over="ignore"):
        return np.array(values, np.float64 if dtype in FLOATS else None).astype(DTYPES[dtype])


def spread(shape, low=-2.0, high=2.0, seed=0, dtype="f64"):
    """Multiples of 1/64 between `low` and `high`, none of them twice if there are few."""
    count = math.prod(shape)
    fraction = np.mod((np.arange(count) + 1) * (math.sqrt(5) - 1) / 2 + seed * math.sqrt(2), 1)
    return (np.round((low + (high - low) * fraction) * 64) / 64).reshape(shape).astype(DTYPES[dtype])


def whole(shape, low, high, seed=0, dtype="i32"):
    """Integers of `low..high`."""
    return np.floor(spread(shape, low, high - 1 / 64, seed)).astype(DTYPES[dtype])


def weights(shape):
    return ((np.arange(math.prod(shape)) * 7 % 11 - 4.5) / 4).reshape(shape)


# Cases.


def element(value):
    if isinstance(value, np.bool_):
        return str(int(value))
    text = str(value) if isinstance(value, (np.integer, np.float32)) else repr(float(value))
    return text.removesuffix(".0")


def tensor(value):
    value = np.asarray(value)
    return [NAMES[value.dtype], list(value.shape), " ".join(element(x) for x in value.reshape(-1))]


def is_float(x):
    return NAMES[np.dtype(x.dtype)] in FLOATS


def gradients(function, inputs):
    """A function of the same inputs: the gradients of the weighted sum of what `function` returns."""
    floats = tuple(i for i, x in enumerate(inputs) if is_float(x))

    def loss(*inputs):
        results = jax.tree.leaves(function(*inputs))
        return sum(jnp.sum(weights(result.shape) * result) for result in results if is_float(result))

    return jax.grad(loss, floats)


def bent(function):
    """Of what is linear, the second derivative would be 0."""
    return lambda *inputs: [y * y + y for y in jax.tree.leaves(function(*inputs)) if is_float(y)]


def case(op, function, *inputs, order=0, **attributes):
    """`order` is that of the derivatives which the case has."""
    inputs = [np.asarray(x) for x in inputs]
    outputs = jax.tree.leaves(jax.jit(function)(*inputs))
    made = {
        "op": op,
        "attributes": attributes,
        "inputs": list(map(tensor, inputs)),
        "outputs": list(map(tensor, outputs)),
    }
    if order >= 1:
        made["gradients"] = list(map(tensor, jax.jit(gradients(function, inputs))(*inputs)))
    if order >= 2:
        second = gradients(gradients(bent(function), inputs), inputs)
        made["second"] = list(map(tensor, jax.jit(second)(*inputs)))
    CASES.append(made)
