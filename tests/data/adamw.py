"""The numbers of tests/optimizer.rs: five steps of optax, in f64.

    python3 -m venv venv && venv/bin/pip install jax==0.10.2 optax && venv/bin/python tests/data/adamw.py
"""

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import optax

SHAPES = {"bias": (3,), "kernel": (2, 3)}
STEPS = 5


def param(name):
    count = int(jnp.prod(jnp.array(SHAPES[name])))
    return jnp.array([(i % 5 - 2) / 8 for i in range(count)]).reshape(SHAPES[name])


def gradient(name, step):
    count = int(jnp.prod(jnp.array(SHAPES[name])))
    of = [((7 * i + 3 * step) % 11 - 5) / 4 * (0.1 if step == 2 else 1) for i in range(count)]
    return jnp.array(of).reshape(SHAPES[name])


def rate(step):
    return [0.01, 0.03, 0.05, 0.04, 0.02][step]


params = {name: param(name) for name in SHAPES}
adamw = optax.adamw(
    lambda count: jnp.array([rate(step) for step in range(STEPS)])[count],
    b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.1, mask={"bias": False, "kernel": True},
)
optimizer = optax.chain(optax.clip_by_global_norm(1.0), adamw)
mean = optax.ema(0.75, debias=True)
state, mean_state = optimizer.init(params), mean.init(params)
for step in range(STEPS):
    gradients = {name: gradient(name, step) for name in SHAPES}
    updates, state = optimizer.update(gradients, state, params)
    params = optax.apply_updates(params, updates)
    means, mean_state = mean.update(params, mean_state)
print("optax", optax.__version__, "jax", jax.__version__)
for what, tree in [("params", params), ("means", means)]:
    for name in SHAPES:
        print(what, name, [repr(float(x)) for x in tree[name].ravel()])
