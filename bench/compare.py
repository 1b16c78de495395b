#!/usr/bin/env python3
"""Training steps of hetxl beside those of JAX, in turn, with ratios and their spread.

    cargo build --release
    python3 -m venv V && V/bin/pip install jax optax numpy
    bench/compare.py --python V/bin/python het-xl,batch=8,samples=1000,diag-noise=scalar

A cell is a head and options of both `hetxl bench heads` and `bench/jax_peer.py`, with commas between;
what it leaves out is as in `--base`. Without cells those of the project's targets are run.

A pair is one process of ours and one of JAX's, each of which trains a few steps and takes the median;
which of them goes first alternates. The ratio is JAX's time over ours: more than 1 is faster. Of each
cell the median over the pairs is told, with the least and the most. A cell is skipped, and that is
said, where JAX's program wouldn't fit into the memory that is free.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

PEER = Path(__file__).with_name("jax_peer.py")
BINARY = Path(__file__).parent.parent / "target" / "release" / "hetxl"
BASE = "classes=21843,dim=1024,factors=50"
CELLS = [
    "det,batch=128",
    "het-xl,batch=128,samples=16,diag-noise=independent",
    "het-xl,batch=128,samples=64,diag-noise=independent",
    "het-xl,batch=128,samples=64,diag-noise=scalar",
    "het-xl,batch=8,samples=1000,diag-noise=scalar",
    "het-xl,batch=8,samples=1000,diag-noise=scalar,loss=sigmoid",
]
SHARED = ["loss", "diag-noise", "batch", "classes", "input", "dim", "factors", "samples"]
WITHOUT_NOISE = {"diag-noise", "factors", "samples"}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cells", nargs="*", metavar="CELL", default=CELLS)
    parser.add_argument("--python", required=True, help="a Python that has jax, optax and numpy")
    parser.add_argument("--binary", default=BINARY, help="default: target/release/hetxl")
    parser.add_argument("--base", default=BASE, help=f"default: {BASE}")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3, help="timed in each process")
    parser.add_argument(
        "--ours",
        default="",
        metavar="NAME=VALUE,…",
        help="what is otherwise in ours, such as estimator=antithetic,samples=16",
    )
    parser.add_argument("--cpu", action="store_true", help="compare processor time, not wall time")
    parser.add_argument("--json", action="store_true", help="one object for each cell")
    args = parser.parse_args()
    if args.pairs < 1 or args.steps < 1:
        parser.error("--pairs and --steps are at least 1")
    try:
        args.cells = [options(cell, args.base) for cell in args.cells]
    except ValueError as problem:
        parser.error(str(problem))
    return args


def options(cell, base):
    """The options of a cell, for both programs."""
    head, *own = cell.split(",")
    chosen = {"head": head}
    for item in base.split(",") + own:
        name, equals, value = item.partition("=")
        if not equals or name not in SHARED:
            raise ValueError(f"{cell}: {item!r} is not one of {', '.join(SHARED)} with =VALUE")
        chosen[name] = value
    if head == "det":
        chosen = {name: value for name, value in chosen.items() if name not in WITHOUT_NOISE}
    return [f"--{name}={value}" for name, value in chosen.items()]


def run(command):
    """The JSON object that a command prints; its own message, and the end, where it fails."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{ended.stderr.strip()}")
    return json.loads(ended.stdout)


def free_memory():
    with open("/proc/meminfo", encoding="ascii") as lines:
        kibibytes = next(line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return int(kibibytes) * 1024


def compare(args, cell):
    steps = f"--steps={args.steps}"
    changed = [f"--{item}" for item in args.ours.split(",") if item]
    names = {option.split("=")[0] for option in changed}
    same = [option for option in cell if option.split("=")[0] not in names]
    ours = [args.binary, "bench", "heads", "--json", steps, *same, *changed]
    jax = [args.python, PEER, steps, *cell]
    dry = run([*jax, "--dry-run"])
    result = {"cell": [option.removeprefix("--") for option in cell]}
    needed = (dry["temp_bytes"] or 0) + 2 * (dry["argument_bytes"] or 0)
    if needed > free_memory():
        return result | {"skipped": "JAX's would not fit", "jax": dry, "ours": [run(ours)]}
    pairs = {"ours": [], "jax": []}
    for pair in range(args.pairs):
        both = [("ours", ours), ("jax", jax)]
        for name, command in both if pair % 2 == 0 else reversed(both):
            pairs[name].append(run(command))
    time = "step_cpu_ms_min" if args.cpu else "step_ms_median"
    ratios = [jax[time] / ours[time] for ours, jax in zip(pairs["ours"], pairs["jax"])]
    spread = {"median": statistics.median(ratios), "min": min(ratios), "max": max(ratios)}
    return result | pairs | {"ratio": spread}


def line(result, time):
    def of(side, name, unit):
        values = [report[name] for report in result[side] if report.get(name) is not None]
        return f"{statistics.median(values) / unit:10.1f}" if values else f"{'-':>10}"

    ours = [of("ours", time, 1), of("ours", "temp_bytes", 2**20), of("ours", "peak_rss_mib", 1)]
    if "skipped" in result:
        temp = result["jax"]["temp_bytes"] / 2**20
        theirs, ratio = [f"{'-':>10}", f"{temp:10.1f}", f"{'-':>10}"], result["skipped"]
    else:
        theirs = [of("jax", time, 1), of("jax", "temp_bytes", 2**20), of("jax", "peak_rss_mib", 1)]
        ratio = "{median:6.2f} ({min:.2f}..{max:.2f})".format(**result["ratio"])
    pairs = [text for both in zip(ours, theirs) for text in both]
    return " ".join(pairs) + "  " + ratio


def main():
    args = arguments()
    time = "step_cpu_ms_min" if args.cpu else "step_ms_median"
    if not args.json:
        names = ["ours ms", "JAX ms", "temp MiB", "JAX's", "RSS MiB", "JAX's"]
        print(" ".join(f"{name:>10}" for name in names) + "   ratio (least..most)")
    for cell in args.cells:
        print(" ".join(cell), f"(load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)
        result = compare(args, cell)
        if args.json:
            print(json.dumps(result), flush=True)
        else:
            print(" ".join(result["cell"]))
            print(line(result, time), flush=True)


main()
