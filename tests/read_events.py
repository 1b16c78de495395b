"""What TensorBoard makes of a run's events, as JSON, and what NumPy makes of its checkpoints.

Usage: read_events.py RUN STEP; the checkpoints of STEP and of the step before it are there.
"""

import json
import sys
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

run, step = Path(sys.argv[1]), int(sys.argv[2])


def parameters(step):
    data = (run / "checkpoints" / f"{step:08}" / "parameters.safetensors").read_bytes()
    length = int.from_bytes(data[:8], "little")
    header, data = json.loads(data[8 : 8 + length]), data[8 + length :]
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[slice(*it["data_offsets"])], np.float32).astype(np.float64)
        for name, it in header.items()
    }


def of_values(values):
    counts, edges = np.histogram(values, 30)
    return {"low": edges[0], "high": edges[-1], "counts": counts.tolist(),
            "norm": float(np.sqrt((values**2).sum()))}


def of_event(event):
    array = tensor_util.make_ndarray(event.tensor_proto)
    assert event.step == step and array.shape[1] == 3 and array.dtype == np.float32
    assert (array[1:, 0] == array[:-1, 1]).all()
    array = array.astype(np.float64)
    return {"low": array[0, 0], "high": array[-1, 1], "counts": array[:, 2].tolist()}


events = EventAccumulator(str(run))
events.Reload()
tags = events.Tags()
plugin = {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags["tensors"]}
before, after = parameters(step - 1), parameters(step)
text = tensor_util.make_ndarray(events.Tensors("config")[0].tensor_proto).item().decode()
print(json.dumps({
    "plugin": plugin,
    "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]},
    "config": text,
    "histograms": {tag: of_event(events.Tensors(tag)[0])
                   for tag in plugin if plugin[tag] == "histograms"},
    "parameters": {name: of_values(it) for name, it in after.items()},
    "updates": {name: of_values(after[name] - before[name]) for name in after},
}))
