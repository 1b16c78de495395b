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


def name(result):
    options = dict(item.split("=", 1) for item in result["cell"])
    parts = [options["head"].upper(), *([options["loss"]] if "loss" in options else [])]
    if "samples" in options:
        parts += [options["diag-noise"], f"R = {options['factors']}", f"S = {options['samples']}"]
    parts.append(f"B = {options['batch']}")
    estimator = result["ours"][0].get("settings", {}).get("estimator", "iid")
    if estimator != "iid":
        parts[-1] += f"\n(hetxl: {json.dumps(estimator)}, S = {result['ours'][0]['samples']})"
    return ", ".join(parts)


def heads(results, path):
    """For every cell, seconds a step and temporary memory, ours and JAX's, and what lies between them."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 1.2 + 0.5 * len(results)), sharey=True)
    measures = [("step_ms_median", 1e3, "seconds a step"), ("temp_bytes", 2**30, "GiB of temporaries")]
    for axis, (field, unit, label) in zip(axes, measures):
        for row, result in enumerate(results):
            median = lambda side: statistics.median(report[field] / unit for report in result[side])
            ours, jax = median("ours"), median("jax")
            axis.plot([ours, jax], [row, row], color="#c7c7c7", linewidth=2, zorder=1)
            for value, shown, colour in [(ours, "hetxl", "#1b6ca8"), (jax, "JAX", "#d1730a")]:
                axis.scatter(value, row, 42, color=colour, zorder=2, label=shown if row == 0 else None)
            ratio = result["ratio"]["median"] if field == "step_ms_median" else jax / ours
            axis.annotate(f"{ratio:.1f}×", ((ours * jax) ** 0.5, row), xytext=(0, 4),
                          textcoords="offset points", ha="center", fontsize=8)
        axis.set_xscale("log")
        axis.set_xlabel(label)
        axis.grid(axis="x", alpha=0.3)
    axes[0].set_yticks(range(len(results)), map(name, results))
    axes[0].set_ylim(len(results) - 0.4, -0.7)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="upper right", ncols=2)
    figure.tight_layout(rect=(0, 0, 1, 0.97))
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
    results = [json.loads(line) for line in compared.read_text().splitlines()]
    # Where JAX's program didn't fit there is nothing to compare.
    heads([result for result in results if "ratio" in result], folder / "heads.svg")
    estimators(table.read_text(), folder / "estimators.svg")


main()
