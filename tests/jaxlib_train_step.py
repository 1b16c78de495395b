"""Compiles every program of a folder by its manifest.json with jaxlib on the CPU and runs train-step.

usage: python jaxlib_train_step.py FOLDER INPUTS.safetensors OUTPUTS.safetensors

Inputs and outputs are arrays by the names that the manifest gives them.
"""

import json
import sys
from pathlib import Path

import jax
import numpy as np
from jax._src.lib import xla_client
from safetensors.numpy import load_file, save_file

folder, inputs, outputs = map(Path, sys.argv[1:])
device = jax.devices("cpu")[0]
devices = xla_client.DeviceList((device,))
for program in json.loads((folder / "manifest.json").read_text())["programs"]:
    code = (folder / program["file"]).read_text()
    # Parses and verifies the module with MLIR's own StableHLO dialect.
    executable = device.client.compile_and_load(code, devices, xla_client.CompileOptions())
    print("compiled", program["function"])
    if program["function"] == "train-step":
        given = load_file(inputs)
        arrays = [jax.device_put(given[port["name"]], device) for port in program["inputs"]]
        for array, port in zip(arrays, program["inputs"], strict=True):
            assert list(array.shape) == port["shape"], port
        results = executable.execute_sharded(arrays).disassemble_into_single_device_arrays()
        names = [port["name"] for port in program["outputs"]]
        results = [np.ascontiguousarray(result[0]) for result in results]
        save_file(dict(zip(names, results, strict=True)), outputs)
