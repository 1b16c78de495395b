"""Writes resnet.json: pre-logits of a BiT ResNet-50x1 and the gradients of a weighted sum of them, in
f64, from parameters and images that a hash makes. tests/trunk.rs computes the same.

usage: JAX_PLATFORMS=cpu python resnet.py   (jax and jaxlib 0.10.2)
"""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
BATCH, SIDE, CHANNELS, BLOCKS = 2, 40, 3, (3, 4, 6, 3)


def scattered(first, shape):
    """Numbers in [-1, 1): those of MurmurHash3's last step for odd multiples of what comes after first."""
    h = np.arange(first, first + np.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1)
    h = (h ^ h >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    h = (h ^ h >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    h = h ^ h >> np.uint32(16)
    return (h.astype(np.float64) / 2**31 - 1).reshape(shape)


def unit(name, inputs, outputs, side):
    shapes = {"kernel": (side * side * inputs, outputs), "scale": (outputs,), "bias": (outputs,)}
    return {f"{name}/{part}": shape for part, shape in shapes.items()}


def block(name, inputs, inner):
    return {
        **unit(f"{name}/unit_1", inputs, inner, 1),
        **unit(f"{name}/unit_2", inner, inner, 3),
        **unit(f"{name}/unit_3", inner, 4 * inner, 1),
    }


def shapes():
    all_shapes = unit("trunk/stem", CHANNELS, 64, 7)
    inputs = 64
    for number, count in enumerate(BLOCKS, 1):
        inner = 32 << number
        name = f"trunk/stage_{number}"
        all_shapes |= block(f"{name}/first", inputs, inner)
        all_shapes |= unit(f"{name}/first/shortcut", inputs, 4 * inner, 1)
        inputs = 4 * inner
        for path, shape in block(f"{name}/others", inputs, inner).items():
            all_shapes[path] = (count - 1, *shape)
    return all_shapes


def initial(name, values):
    if name.endswith("/kernel"):
        return 0.01 * values  # so small that what is added to its variance counts
    return 0.5 * values + name.endswith("/scale")


def apply_unit(x, params, name, side, stride, at=None):
    kernel, scale, bias = (params[f"{name}/{part}"] for part in ("kernel", "scale", "bias"))
    if at is not None:
        kernel, scale, bias = kernel[at], scale[at], bias[at]
    kernel = kernel.reshape(side, side, -1, kernel.shape[-1])
    kernel = (kernel - kernel.mean((0, 1, 2))) / jnp.sqrt(kernel.var((0, 1, 2)) + 1e-5)
    x = jax.lax.conv_general_dilated(
        x, kernel, (stride, stride), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    groups = x.reshape(*x.shape[:3], 32, -1)
    mean = groups.mean((1, 2, 4), keepdims=True)
    variance = groups.var((1, 2, 4), keepdims=True)
    x = ((groups - mean) / jnp.sqrt(variance + 1e-4)).reshape(x.shape)
    return x * scale + bias


def apply_block(x, params, name, stride, shortcut, at=None):
    y = jax.nn.relu(apply_unit(x, params, f"{name}/unit_1", 1, 1, at))
    y = jax.nn.relu(apply_unit(y, params, f"{name}/unit_2", 3, stride, at))
    return jax.nn.relu(shortcut + apply_unit(y, params, f"{name}/unit_3", 1, 1, at))


def pre_logits(params, images):
    x = jax.nn.relu(apply_unit(images, params, "trunk/stem", 7, 2))
    x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 3, 3, 1), (1, 2, 2, 1), "SAME")
    for number, count in enumerate(BLOCKS, 1):
        name, stride = f"trunk/stage_{number}", 1 if number == 1 else 2
        shortcut = apply_unit(x, params, f"{name}/first/shortcut", 1, stride)
        x = apply_block(x, params, f"{name}/first", stride, shortcut)
        for at in range(count - 1):
            x = apply_block(x, params, f"{name}/others", 1, x, at)
    return x.mean((1, 2))


# The parameters in the order of their names, images and weights are one sequence.
numbers, first = {}, 0
for name, shape in sorted(shapes().items()):
    numbers[name] = scattered(first, shape)
    first += int(np.prod(shape))
images = scattered(first, (BATCH, SIDE, SIDE, CHANNELS))
weights = scattered(first + images.size, (BATCH, 2048))
params = {name: initial(name, values) for name, values in numbers.items()}


def weighted(params):
    values = pre_logits(params, images)
    return (values * weights).sum(), values


gradients, values = jax.jit(jax.grad(weighted, has_aux=True))(params)
# Of each gradient its product with the numbers that its parameter is made of, the other way round.
products = {
    name: float((gradient.ravel() * numbers[name].ravel()[::-1]).sum())
    for name, gradient in gradients.items()
}
found = {"pre_logits": values[:, :8].tolist(), "gradients": products}
Path(__file__).with_name("resnet.json").write_text(json.dumps(found, indent=1) + "\n")
