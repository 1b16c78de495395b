#!/usr/bin/env python3
"""A training step as one would write it in JAX, to be timed beside `hetxl bench heads`.

The model is the same: a trunk of two dense layers, a head with or without heteroscedastic noise, the
loss over the mean probability of the samples, and AdamW; one jitted program that donates its state.
The options and the names in the JSON object that is printed are those of `hetxl bench heads --json`,
as far as there are such: B `--batch`, K `--classes`, D `--dim`, R `--factors`, S `--samples`.

    python3 -m venv V && V/bin/pip install jax optax numpy
    V/bin/python bench/jax_peer.py --head het-xl --batch 8 --classes 21843 --dim 1024 --samples 16

With `--dry-run` the step is compiled, and not run: what memory it would take.
"""

import argparse
import json
import math
import os
import resource
import time
from functools import partial

CLIP = 1e-7
SMALLEST_SCALE = 1e-3
TEMPERATURE = (0.05, 5.0)
WARM_UP = 2


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--head", choices=["det", "het", "het-xl", "mhp"], default="het-xl")
    parser.add_argument("--loss", choices=["softmax", "sigmoid"], default="softmax")
    parser.add_argument("--diag-noise", choices=["independent", "scalar"], default="independent")
    parser.add_argument("--heads", default="", help="mhp: the lengths of the heads, such as 1000,1000")
    sizes = {"batch": 32, "classes": 1000, "input": 256, "dim": 256, "factors": 50, "samples": 16}
    for name, default in (sizes | {"steps": 5, "seed": 0}).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--dry-run", action="store_true", help="compile only")
    return parser.parse_args()


args = arguments()
os.environ.setdefault("JAX_PLATFORMS", "cpu")
began = time.perf_counter()

import jax  # noqa: E402  how long it takes is told
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402

import_s = time.perf_counter() - began
# What the noise is as wide as: the logits, or the pre-logits.
noise_width = args.classes if args.head == "het" else args.dim
lengths = [int(length) for length in args.heads.split(",")] if args.heads else [args.classes]


def layer(key, inputs, outputs):
    kernel = jax.random.normal(key, (inputs, outputs)) * inputs**-0.5
    return {"kernel": kernel, "bias": jnp.zeros(outputs)}


def dense(params, x):
    return jnp.dot(x, params["kernel"]) + params["bias"]


def initial(key):
    shapes = {"hidden_0": (args.input, args.dim), "hidden_1": (args.dim, args.dim)}
    shapes["loc"] = (args.dim, sum(lengths) if args.head == "mhp" else args.classes)
    noisy = args.head in ("het", "het-xl")
    if noisy:
        shapes |= {"diag": (args.dim, noise_width), "scale": (args.dim, noise_width)}
        shapes["factors"] = (args.factors, noise_width)
    keys = jax.random.split(key, len(shapes))
    params = {name: layer(key, *shape) for key, (name, shape) in zip(keys, shapes.items())}
    return params | ({"temperature": jnp.zeros(())} if noisy else {})


def noise(params, pre_logits, key):
    """The noise of every sample, [B, S, width]."""
    of_factors, of_diag = jax.random.split(key)
    lead = (args.batch, args.samples)
    diag_width = noise_width if args.diag_noise == "independent" else 1
    eta = jax.random.normal(of_factors, (*lead, args.factors))
    zeta = jax.random.normal(of_diag, (*lead, diag_width))
    diag = jax.nn.softplus(dense(params["diag"], pre_logits)) + SMALLEST_SCALE
    scale = dense(params["scale"], pre_logits)
    return scale[:, None, :] * dense(params["factors"], eta) + diag[:, None, :] * zeta


def mean_probabilities(params, pre_logits, key):
    """The probabilities' mean over the samples, [B, K]."""
    if args.head == "het":
        logits = dense(params["loc"], pre_logits)[:, None, :] + noise(params, pre_logits, key)
    else:
        logits = dense(params["loc"], pre_logits[:, None, :] + noise(params, pre_logits, key))
    low, high = TEMPERATURE
    logits /= low + (high - low) * jax.nn.sigmoid(params["temperature"])
    return (jax.nn.softmax if args.loss == "softmax" else jax.nn.sigmoid)(logits).mean(axis=1)


def noisy_loss(params, pre_logits, labels, key):
    p = jnp.clip(mean_probabilities(params, pre_logits, key), CLIP, 1 - CLIP)
    if args.loss == "softmax":
        return -jnp.log(jnp.take_along_axis(p, labels[:, None], axis=1)).mean()
    targets = jax.nn.one_hot(labels, args.classes)
    return -(targets * jnp.log(p) + (1 - targets) * jnp.log1p(-p)).sum(axis=1).mean()


def product_loss(logits, labels):
    """Multi-head product: the classes' numbers written in digits, one head for each."""
    weight, total, start = math.prod(lengths), 0.0, 0
    for length in lengths:
        weight //= length
        part = logits[:, start : start + length]
        digits = labels // weight % length
        total += optax.softmax_cross_entropy_with_integer_labels(part, digits).mean()
        start += length
    return total


def loss_of(params, inputs, labels, key):
    x = jax.nn.relu(dense(params["hidden_0"], inputs))
    pre_logits = jax.nn.relu(dense(params["hidden_1"], x))
    if args.head in ("het", "het-xl"):
        return noisy_loss(params, pre_logits, labels, key)
    logits = dense(params["loc"], pre_logits)
    if args.head == "mhp":
        return product_loss(logits, labels)
    if args.loss == "softmax":
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()
    targets = jax.nn.one_hot(labels, args.classes)
    return optax.sigmoid_binary_cross_entropy(logits, targets).sum(axis=1).mean()


warm_up = optax.linear_schedule(1e-5, 6e-4, 10_000)
optimizer = optax.adamw(warm_up, weight_decay=0.1)


@partial(jax.jit, donate_argnums=0)
def train_step(state, inputs, labels):
    params, moments, key = state
    key, now = jax.random.split(key)
    loss, gradients = jax.value_and_grad(loss_of)(params, inputs, labels, now)
    updates, moments = optimizer.update(gradients, moments, params)
    return (optax.apply_updates(params, updates), moments, key), loss


def initial_state():
    params = initial(jax.random.key(args.seed))
    return params, optimizer.init(params), jax.random.key(args.seed + 1)


def run(compiled):
    """Milliseconds and losses of the steps, one by one."""
    rng = np.random.default_rng(args.seed)
    inputs = rng.standard_normal((args.batch, args.input), dtype=np.float32)
    labels = rng.integers(args.classes, size=args.batch, dtype=np.int32)
    state, milliseconds, losses, cpu = initial_state(), [], [], []
    for _ in range(WARM_UP + args.steps):
        began, spent = time.perf_counter(), time.process_time()
        state, loss = compiled(state, inputs, labels)
        jax.block_until_ready((state, loss))
        milliseconds.append((time.perf_counter() - began) * 1e3)
        cpu.append((time.process_time() - spent) * 1e3)
        losses.append(float(loss))
    return milliseconds[WARM_UP:], losses[WARM_UP:], cpu[WARM_UP:]


def main():
    arrays = [
        jax.ShapeDtypeStruct((args.batch, args.input), np.float32),
        jax.ShapeDtypeStruct((args.batch,), np.int32),
    ]
    began = time.perf_counter()
    compiled = train_step.lower(jax.eval_shape(initial_state), *arrays).compile()
    compile_s = time.perf_counter() - began
    memory, cost = compiled.memory_analysis(), compiled.cost_analysis() or {}
    report = vars(args) | {
        "jax": jax.__version__,
        "import_s": round(import_s, 3),
        "compile_s": round(compile_s, 3),
        "temp_bytes": getattr(memory, "temp_size_in_bytes", None),
        "argument_bytes": getattr(memory, "argument_size_in_bytes", None),
        "flops": cost.get("flops"),
    }
    if not args.dry_run:
        milliseconds, losses, cpu = run(compiled)
        report |= {
            "step_ms_min": round(min(milliseconds), 3),
            "step_ms_median": round(float(np.median(milliseconds)), 3),
            "step_cpu_ms_min": round(min(cpu), 3),
            "losses": losses,
        }
    report["peak_rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(report))


main()
