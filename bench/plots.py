#!/usr/bin/env python3
"""The pictures of the book's chapter "HET-XL, fast".

    python3 -m venv V && V/bin/pip install jax optax numpy matplotlib
    bench/compare.py --python V/bin/python --json > heads.jsonl
    cargo bench --bench estimators > estimators.md
    V/bin/python bench/plots.py heads.jsonl estimators.md docs/book

writes `heads.svg`, what a training step takes beside JAX's, and `estimators.svg`, how many independent
samples the rows of each estimator are worth.
"""

import json
import re
import statistics
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "hetxl"
import matplotlib.pyplot as plt


def name(cell):
    options = dict(item.split("=", 1) for item in cell)
    noise = [] if options["head"] == "det" else [options["diag-noise"], f"S = {options['samples']}"]
    loss = [options["loss"]] if "loss" in options else []
    return ", ".join([options["head"].upper(), *loss, *noise, f"B = {options['batch']}"])


def heads(results, path):
    """Two rows of bars for every cell: seconds a step and temporary memory, ours and JAX's."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 0.8 + 0.62 * len(results)), sharey=True)
    measures = [("step_ms_median", 1e3, "seconds a step"), ("temp_bytes", 2**30, "GiB of temporaries")]
    for axis, (field, unit, label) in zip(axes, measures):
        for row, result in enumerate(results):
            sides = [("ours", "hetxl", -0.2, "#1b6ca8"), ("jax", "JAX", 0.2, "#c7c7c7")]
            for side, shown, offset, colour in sides:
                reports = result[side] if isinstance(result[side], list) else [result[side]]
                values = [report[field] / unit for report in reports if report.get(field)]
                if values:
                    axis.barh(row + offset, statistics.median(values), 0.38, color=colour,
                              label=shown if row == 0 else None)
            if field == "step_ms_median" and "ratio" in result:
                axis.annotate("{median:.1f}×".format(**result["ratio"]), (axis.get_xlim()[0], row),
                              xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
        axis.set_xscale("log")
        axis.set_xlabel(label)
    axes[0].set_yticks(range(len(results)), [name(result["cell"]) for result in results])
    axes[0].invert_yaxis()
    axes[1].legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def estimators(table, path):
    """Rows of an example against the independent samples whose gradient varies as much."""
    points = {}
    # The first table: independent diagonal noise, where rows are what estimators save.
    for line in table.split("| estimator")[1].splitlines():
        cells = [cell.strip() for cell in line.strip("| \n").split("|")]
        if len(cells) < 5 or not re.match(r"[\d.]+", cells[1]):
            continue
        rows, worth = (float(re.match(r"[\d.]+", cells[i])[0]) for i in (1, 4))
        points.setdefault(cells[0], []).append((rows, worth))
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for label, series in points.items():
        axis.plot(*zip(*sorted(series)), marker="o", label=label)
    axis.set_xscale("log", base=2)
    axis.set_yscale("log", base=2)
    axis.set_xlabel("rows of an example by the classes' kernel")
    axis.set_ylabel("independent samples whose gradient\nby the pre-logits varies as much")
    axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    compared, table, folder = map(Path, sys.argv[1:])
    heads([json.loads(line) for line in compared.read_text().splitlines()], folder / "heads.svg")
    estimators(table.read_text(), folder / "estimators.svg")


main()
