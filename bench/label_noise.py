#!/usr/bin/env python3
"""Heads trained on labels that are wrong more often for some inputs than for others, over several seeds.

    cargo build --release
    bench/label_noise.py recipes/mnist-label-noise.toml --steps 1250,2500,5000 > runs.jsonl
    python3 -m venv V && V/bin/pip install matplotlib
    V/bin/python bench/label_noise.py --table runs.jsonl --plot docs/label-noise.svg

trains the recipe's head, and the same without noise (det), for each number of steps and each seed: a line
of JSON a run. With `--trials N` the settings are not a list of numbers of steps: N of them are drawn, with
a number of steps, a learning rate and a weight decay, which are the same for both heads, and for the
recipe's head a temperature. Each is trained once, and what has the least NLL on the validation split is
trained with each seed.

With `--table` nothing is trained: for each head the settings are taken that have the least mean NLL on the
validation split over the seeds, and the test metrics of those are set beside each other, with the mean over
seeds of the difference of two runs of one seed and its 95 % confidence interval by Student's t. Trials are
no part of it.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

# The two-sided 95 % quantile of Student's t by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
HEADS = {"recipe": [], "det": ["-s", "model.head={kind='det'}"]}


def train(binary, recipe, given, head, settings, seed, trial):
    steps = settings["train.steps"]
    every = {f"train.{key}": steps for key in ("eval_every", "checkpoint_every")}
    all_settings = {"schedule.total_steps": steps, **every, "train.histogram_every": 0, **settings}
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "train", recipe, "--json", "--run-dir", f"{folder}/run", *HEADS[head]]
        for setting in [*(f"{key}={value}" for key, value in all_settings.items()), f"train.seed={seed}", *given]:
            command += ["-s", setting]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        report = json.loads(done.stdout)
    splits = {split: report[split] for split in ("validation", "test")}
    run = {"head": head, "settings": settings, "seed": seed, "trial": trial, "seconds": report["seconds"]}
    run |= splits
    print(json.dumps(run), flush=True)
    return run


def drawn(head, trial):
    """The settings of a trial: what both heads have doesn't depend on the head."""
    draw = random.Random(trial)
    logarithmic = lambda low, high: low * (high / low) ** draw.random()
    settings = {
        "train.steps": 100 * round(logarithmic(6, 50)),
        "schedule.peak": logarithmic(2e-4, 4e-3),
        "optimizer.weight_decay": logarithmic(0.01, 5),
    }
    temperature = logarithmic(0.2, 5) if draw.random() < 0.5 else "{low=0.05,high=5.0}"
    if head == "recipe":
        settings["model.head.temperature"] = temperature
    return settings


def chosen(runs, head):
    """Those of a head with the settings that have the least mean NLL on the validation split."""
    by_settings = {}
    for run in runs:
        if run["head"] == head:
            by_settings.setdefault(json.dumps(run["settings"]), []).append(run)
    nll = lambda group: statistics.mean(run["validation"]["nll"] for run in group)
    return min(by_settings.values(), key=nll)


def interval(differences):
    error = statistics.stdev(differences) / len(differences) ** 0.5
    return statistics.mean(differences), T[len(differences) - 1] * error


def told(setting):
    key, value = setting
    return f"{key.rsplit('.')[-1]} {f'{value:.3g}' if isinstance(value, float) else value}"


def table(runs):
    runs = [run for run in runs if not run["trial"]]
    metrics = ["nll", "clean_accuracy", "accuracy", "ece"]
    names = ["test NLL", "accuracy, right classes", "accuracy, labels", "ECE"]
    print("| head | settings | " + " | ".join(names) + " |\n|---|---|" + "---|" * len(names))
    best = {head: sorted(chosen(runs, head), key=lambda run: run["seed"]) for head in HEADS}
    for head, of_head in best.items():
        values = [[run["test"][metric] for run in of_head] for metric in metrics]
        shown = [f"{statistics.mean(it):.4f} ± {statistics.stdev(it):.4f}" for it in values]
        settings = ", ".join(map(told, of_head[0]["settings"].items()))
        print(f"| {head} | {settings} | " + " | ".join(shown) + " |")
    pairs = list(zip(*best.values()))
    if any(one["seed"] != other["seed"] for one, other in pairs):
        sys.exit("the heads have other seeds")
    shown = []
    for metric in metrics:
        mean, half = interval([one["test"][metric] - other["test"][metric] for one, other in pairs])
        shown.append(f"{mean:+.4f} ± {half:.4f}")
    print("| difference, 95 % interval | | " + " | ".join(shown) + " |")


def show(axis, metric, names={"clean_accuracy": "accuracy against right classes", "nll": "test NLL"}):
    axis.set_title(names[metric], fontsize=10)
    axis.grid(alpha=0.3)


def plot_steps(axes, runs):
    """Each run by its number of steps, and the means over seeds."""
    for metric, axis in axes.items():
        for head, colour in [("recipe", "#1b6ca8"), ("det", "#d1730a")]:
            of_head = [run for run in runs if run["head"] == head]
            points = [(run["settings"]["train.steps"], run["test"][metric]) for run in of_head]
            axis.scatter(*zip(*points), 14, color=colour, alpha=0.6)
            steps = sorted({step for step, _ in points})
            means = [statistics.mean(value for at, value in points if at == step) for step in steps]
            axis.plot(steps, means, color=colour, label={"recipe": "HET-XL", "det": "DET"}[head])
        axis.set_xscale("log")
        axis.set_xticks(steps, map(str, steps))
        axis.minorticks_off()
        axis.set_xlabel("steps")
        show(axis, metric)
    axes["clean_accuracy"].legend()


def plot_trials(axes, runs):
    """Both heads at settings that were drawn, one beside the other."""
    drawn = {}
    for run in (run for run in runs if run["trial"]):
        shared = {key: it for key, it in run["settings"].items() if not key.startswith("model.head")}
        drawn.setdefault(json.dumps([shared, run["seed"]]), {})[run["head"]] = run["test"]
    pairs = [(pair["det"], pair["recipe"]) for pair in drawn.values() if len(pair) == 2]
    for metric, axis in axes.items():
        points = [[test[metric] for test in pair] for pair in pairs]
        ends = [min(map(min, points)), max(map(max, points))]
        axis.plot(ends, ends, color="#999", linewidth=1)
        axis.scatter(*zip(*points), 20, color="#1b6ca8")
        axis.set_xlabel("DET")
        axis.set_ylabel("HET-XL")
        show(axis, metric)


def plot(runs, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hetxl"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6))
    axes = dict(zip(["clean_accuracy", "nll"], axes))
    trials = any(run["trial"] for run in runs)
    (plot_trials if trials else plot_steps)(axes, runs)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", nargs="?")
    parser.add_argument("--binary", default="target/release/hetxl")
    parser.add_argument("--steps", default="1250,2500,5000", help="default: %(default)s")
    parser.add_argument("--trials", type=int, metavar="N")
    parser.add_argument("--seeds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("-s", dest="given", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--table", metavar="RUNS")
    parser.add_argument("--plot", metavar="SVG")
    args = parser.parse_args()
    if args.table:
        runs = [json.loads(line) for line in Path(args.table).read_text().splitlines()]
        table(runs)
        if args.plot:
            plot(runs, args.plot)
        return
    if not args.recipe:
        parser.error("a recipe to train is needed, or --table")
    one = lambda *of: train(args.binary, args.recipe, args.given, *of)
    if args.trials:
        each = [(head, trial) for trial in range(args.trials) for head in HEADS]
        runs = [one(head, drawn(head, trial), args.seeds, True) for head, trial in each]
        tried = [{head: chosen(runs, head)[0]["settings"] for head in HEADS}]
    else:
        tried = [dict.fromkeys(HEADS, {"train.steps": int(steps)}) for steps in args.steps.split(",")]
    for settings in tried:
        for seed in range(args.seeds):
            for head in HEADS:
                one(head, settings[head], seed, False)


main()
