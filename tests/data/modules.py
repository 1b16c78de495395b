"""Writes multiply.mlirbc, multiply.pb, sum-*, split.pb, optimized.pb and optimized.json: modules as JAX
and XLA make them, and what XLA's own cost analysis says of the last one.

usage: JAX_PLATFORMS=cpu python modules.py   (jax and jaxlib 0.10.2)
"""

import json
import os
import re
from collections import Counter
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=8"
import jax
import jax.export
import jax.numpy as jnp
import jaxlib.mlir.dialects.stablehlo as stablehlo
from jax._src.lib import xla_client

HERE = Path(__file__).parent

# Modules tell where they come from: by the name of this file, wherever it lies.
jax.config.update("jax_hlo_source_file_canonicalization_regex", ".*/")

# The sum over eight parts of an array, stated in Shardy's terms and in GSPMD's.
mesh = jax.make_mesh((8,), ("d",), (jax.sharding.AxisType.Auto,))
spec = jax.sharding.PartitionSpec("d")
for name in ["gspmd", "shardy"]:
    jax.config.update("jax_use_shardy_partitioner", name == "shardy")
    part = lambda x: jax.lax.psum(x[0], "d")
    parts = jax.shard_map(part, mesh=mesh, in_specs=spec, out_specs=jax.sharding.PartitionSpec())
    summed = jax.jit(parts, in_shardings=jax.sharding.NamedSharding(mesh, spec))
    exported = jax.export.export(summed)(jnp.ones((8, 3)))
    (HERE / f"sum-{name}.mlirbc").write_bytes(exported.mlir_module_serialized)
    if name == "gspmd":
        hlo = summed.lower(jnp.ones((8, 3))).compiler_ir("hlo")
        (HERE / "sum-gspmd.pb").write_bytes(hlo.as_serialized_hlo_module_proto())

# What a compiler says of arrays that it has split among 2 x 4 devices: along both axes of them, the
# second one first, and along one.
grid = jax.make_mesh((2, 4), ("x", "y"), (jax.sharding.AxisType.Auto,) * 2)
on = lambda *axes: jax.sharding.NamedSharding(grid, jax.sharding.PartitionSpec(*axes))
both, one = on("y", "x"), on("x")
split = jax.jit(
    lambda a, b: (a + 1, b.sum()), in_shardings=(both, one), out_shardings=(both, on())
)
compiled = split.lower(jnp.ones((8, 4)), jnp.ones(8)).compile()
[module] = compiled.runtime_executable().hlo_modules()
(HERE / "split.pb").write_bytes(module.as_serialized_hlo_module_proto())

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
