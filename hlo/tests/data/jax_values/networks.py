"""What networks are made of."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import array, case, family, spread


def layer_norm(x, scale, bias, axes, epsilon):
    mean = jnp.mean(x, axes, keepdims=True)
    variance = jnp.var(x, axes, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + epsilon) * scale + bias


def group_norm(x, scale, bias, groups, epsilon):
    """Channels last; a group has the channels that are neighbours."""
    grouped = x.reshape(*x.shape[:-1], groups, x.shape[-1] // groups)
    axes = (*range(1, x.ndim - 1), x.ndim)
    mean = jnp.mean(grouped, axes, keepdims=True)
    variance = jnp.var(grouped, axes, keepdims=True)
    return ((grouped - mean) / jnp.sqrt(variance + epsilon)).reshape(x.shape) * scale + bias


@family
def networks():
    functions = {
        "relu": jax.nn.relu,
        "silu": jax.nn.silu,
        "softplus": jax.nn.softplus,
        "log_sigmoid": jax.nn.log_sigmoid,
        "gelu": lambda x: jax.nn.gelu(x, approximate=False),
        "gelu_tanh": lambda x: jax.nn.gelu(x, approximate=True),
        "hard_tanh": jax.nn.hard_tanh,
        "erf": lax.erf,
        "erfc": lax.erfc,
    }
    points = [-100, -30, -5, -2.5, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 2.5, 3.5, 5, 30, 100]
    for name, function in functions.items():
        case(name, function, spread([2, 3], -3, 3, 1), order=2)
        for dtype in ["f64", "f32", "bf16", "f16"]:
            case(name, function, array(points, dtype))
    case("softplus", jax.nn.softplus, array([0.0]), order=1)
    for slope in [0.01, 0.3]:
        for x in [array(points), array(points, "f32")]:
            case("leaky_relu", lambda x: jax.nn.leaky_relu(x, slope), x, slope=slope)
            case("elu", lambda x: jax.nn.elu(x, slope), x, scale=slope)
        case("leaky_relu", lambda x: jax.nn.leaky_relu(x, slope), spread([2, 3], -3, 3), order=2, slope=slope)
        case("elu", lambda x: jax.nn.elu(x, slope), spread([2, 3], -3, 3), order=2, scale=slope)
    ends = [1 - 2.0**-k for k in [1, 2, 3, 5, 8, 13, 20, 24]]
    x = array([0, 1e-30, 1e-6, 0.01, 0.1, 0.3, *ends])
    case("erf_inv", lax.erf_inv, np.concatenate([x, -x]))
    case("erf_inv", lax.erf_inv, np.concatenate([x, -x])[:-1].astype(np.float32))
    case("erf_inv", lax.erf_inv, array([-1, 1, 1.5, math.nan], "f32"))
    case("erf_inv", lax.erf_inv, spread([5], -0.9, 0.9), order=2)
    over = {"softmax": jax.nn.softmax, "log_softmax": jax.nn.log_softmax, "logsumexp": jax.scipy.special.logsumexp}
    infinite = [[-math.inf, 0, 1], [-math.inf, -math.inf, 5], [1000, 1001, -1000], [-1e5, -1e5, 0]]
    for name, function in over.items():
        for shape, axis in [([5], 0), ([2, 3], -1), ([2, 3, 4], 1), ([3, 1], 1), ([1], 0)]:
            case(name, lambda x: function(x, axis), spread(shape, -5, 5), order=2, axis=axis)
        for dtype in ["f32", "bf16", "f16"]:
            case(name, lambda x: function(x, -1), spread([2, 5], -5, 5, 0, dtype), axis=-1)
        case(name, lambda x: function(x, -1), array(infinite), axis=-1)
        case(name, lambda x: function(x, -1), array(infinite, "f32"), axis=-1)
    for name, function in list(over.items())[:2]:
        case(name, lambda x: function(x, -1), array([[0, -math.inf, 1], [-math.inf, 2, 2]]), order=1, axis=-1)
    nothing = array([[-math.inf, -math.inf], [0, -math.inf]])
    case("logsumexp", lambda x: jax.scipy.special.logsumexp(x, -1), nothing, axis=-1)
    case(
        "logsumexp",
        lambda x: jax.scipy.special.logsumexp(x, -1),
        array([[0, -math.inf], [-math.inf, 2]]),
        order=1,
        axis=-1,
    )
    for shape, axes in [([3, 5], [-1]), ([2, 3, 4], [-1]), ([2, 3, 4], [1, 2])]:
        part = [shape[axis] for axis in axes]
        case(
            "layer_norm",
            lambda *x: layer_norm(*x, tuple(axes), 1e-6),
            spread(shape),
            spread(part, seed=1),
            spread(part, seed=2),
            order=2,
            axes=axes,
            epsilon=1e-6,
        )
    case(
        "layer_norm",
        lambda *x: layer_norm(*x, -1, 1e-5),
        spread([3, 8], dtype="f32"),
        spread([8], seed=1, dtype="f32"),
        spread([8], seed=2, dtype="f32"),
        axes=[-1],
        epsilon=1e-5,
    )
    for shape, axes in [([5], [0]), ([3, 4], [1]), ([2, 3, 4], [0, 2])]:
        standardize = lambda x: jax.nn.standardize(x, tuple(axes), epsilon=1e-5)
        case("standardize", standardize, spread(shape), order=2, axes=axes, epsilon=1e-5)
        rms_norm = lambda x, scale: x * lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-6) * scale
        case("rms_norm", rms_norm, spread(shape), spread(shape[-1:], seed=1), order=2, epsilon=1e-6)
    for shape, groups in [([2, 3, 3, 4], 2), ([2, 5, 6], 3), ([3, 4], 1), ([2, 3, 4], 4)]:
        case(
            "group_norm",
            lambda *x: group_norm(*x, groups, 1e-6),
            spread(shape),
            spread(shape[-1:], seed=1),
            spread(shape[-1:], seed=2),
            order=2,
            groups=groups,
            epsilon=1e-6,
        )
