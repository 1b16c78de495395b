"""Writes what JAX computes, which `jax_values.rs` compares with: a file for each family of operations.

    pip install jax==0.10.2 && python main.py [FAMILY...]

A case stands on a line: an operation, its attributes, inputs and outputs. Some, in f64, have derivatives: `gradients`
are those of the sum of the outputs y, each element multiplied by `weights`, with respect to each input of floats;
`second` are the gradients of such a sum of the gradients of such a sum of y² + y. A tensor is [element type, dimensions,
"its elements"].

What StableHLO defines goes by its names there, attributes too. What is made of such has JAX's names where it has one.
"""

import json
import pathlib
import sys

from cases import CASES, FAMILIES

import arrays, collectives, control, draws, elements, folds, networks, products  # noqa: each adds its families


def main():
    for function in FAMILIES:
        if sys.argv[1:] and function.__name__ not in sys.argv[1:]:
            continue
        CASES.clear()
        function()
        lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in CASES)
        path = pathlib.Path(__file__).with_name(f"{function.__name__}.json")
        path.write_text(f"[\n{lines}\n]\n")
        print(f"{path.name}: {len(CASES)} cases, {path.stat().st_size / 1000:.0f} kB")


main()
