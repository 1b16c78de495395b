"""Writes multiply.mlirbc, multiply.pb, optimized.pb and optimized.json: modules as JAX and XLA make
them, and what XLA's own cost analysis says of the last one.

usage: JAX_PLATFORMS=cpu python modules.py   (jax and jaxlib 0.10.2)
"""

import json
import re
from collections import Counter
from pathlib import Path

import jax
import jax.numpy as jnp
import jaxlib.mlir.dialects.stablehlo as stablehlo
from jax._src.lib import xla_client

HERE = Path(__file__).parent

x = jnp.ones((2, 3))
lowered = jax.jit(lambda x, y: (x * y, jnp.array(True))).lower(x, x)
(HERE / "multiply.pb").write_bytes(lowered.compiler_ir("hlo").as_serialized_hlo_module_proto())
bytecode = stablehlo.serialize_portable_artifact_str(lowered.as_text(), "1.0.0")
(HERE / "multiply.mlirbc").write_bytes(bytecode)


def f(w, x, k):
    y = jnp.tanh(x @ w)
    p = jax.lax.reduce_window(y, -jnp.inf, jax.lax.max, (1, 2), (1, 2), "VALID")
    s = jnp.sort(p, axis=0)
    u = jnp.zeros((8, 8)).at[k].add(s[:4])
    v = jax.lax.dynamic_update_slice(u, s[:2], (k[0], 0))
    return jnp.sum(jnp.exp(s)), v[k], jnp.fft.fft(u)


compiled = jax.jit(f).lower(jnp.ones((16, 16)), jnp.ones((12, 16)), jnp.array([1, 2, 0, 3])).compile()
[module] = compiled.runtime_executable().hlo_modules()
(HERE / "optimized.pb").write_bytes(module.as_serialized_hlo_module_proto())
client = jax.devices("cpu")[0].client
analysis = xla_client._xla.hlo_module_cost_analysis(client, module)
text = module.to_string()
counts = Counter(re.findall(r"^  (?:ROOT )?%\S+ = .*? ([a-z][a-z0-9-]*)\(", text, re.M))
# The pointers of tuples outside fusions.
outside = [c for c in text.split("\n\n") if "fused" not in c.split("\n")[0]]
tuples = re.findall(r"^  (?:ROOT )?%\S+ = \(.*?\) tuple\((.*?)\)", "\n".join(outside), re.M)
expected = {key: int(analysis[key]) for key in ["flops", "transcendentals", "bytes accessed"]}
expected["tuple_elements"] = sum(operands.count("%") for operands in tuples)
expected["counts"] = dict(sorted(counts.items()))
(HERE / "optimized.json").write_text(json.dumps(expected, indent=1) + "\n")
