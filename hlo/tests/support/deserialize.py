"""Compares programs in portable bytecode with the same programs in text, as jaxlib reads them.

The folder holds pairs NAME.mlir and NAME.mlirbc. For each, the module that jaxlib makes of the
bytecode must be that of the text, and the VHLO in the bytecode must be what jaxlib makes of the text
for the version that the bytecode is for.
"""

import pathlib
import re
import sys

from jaxlib.mlir import ir
from jaxlib.mlir._mlir_libs import _jax_mlir_ext
from jaxlib.mlir.dialects import chlo, sdy, stablehlo
from jaxlib.mlir.passmanager import PassManager


def context():
    registry = ir.DialectRegistry()
    _jax_mlir_ext.register_dialects(registry)
    context = ir.Context()
    context.append_dialect_registry(registry)
    for dialect in (chlo, sdy, stablehlo):
        dialect.register_dialect(context)
    context.load_all_available_dialects()
    return context


def printed(module):
    return module.operation.get_asm(print_generic_op_form=True, enable_debug_info=False)


def locations(module):
    """Of operations and arguments, but for places in the text itself and unknown ones."""
    found = []

    def visit(operation):
        found.append(operation.location)
        if operation.name == "stablehlo.reduce":
            # In its short form the text has no body whose operations could have places.
            return
        for region in operation.regions:
            for block in region:
                found.extend(argument.location for argument in block.arguments)
                for inner in block:
                    visit(inner.operation)

    visit(module.operation)
    return [text for text in map(str, found) if not text.startswith(('loc("-":', "loc(unknown"))]


def compare(text, bytecode):
    version = bytecode[bytecode.index(b"_v") + 2 : bytecode.index(b"\0")].decode()
    # VHLO keeps the number of a channel and not its kind, which readers make up.
    text = re.sub(r"(channel_handle<handle = \d+), type = \d+>", r"\1, type = 0>", text)
    expected = ir.Module.parse(text)
    places = locations(expected)
    got = stablehlo.deserialize_portable_artifact(expected.context, bytecode)
    if printed(expected) != printed(got):
        return printed(expected), printed(got)
    if places != locations(got):
        return places, locations(got)
    if "sdy." in text:
        # Where the casts stand that Shardy's operations need is nobody's concern.
        return None
    passes = f"stablehlo-legalize-to-vhlo,vhlo-to-version{{target={version}}}"
    PassManager.parse(f"builtin.module({passes})").run(expected.operation)
    got = ir.Module.parse(bytecode)
    if printed(expected) != printed(got):
        return printed(expected), printed(got)
    return None


def main(folder):
    stablehlo.register_stablehlo_passes()
    compared = 0
    with context():
        for text in sorted(pathlib.Path(folder).glob("*.mlir")):
            bytecode = text.with_suffix(".mlirbc").read_bytes()
            try:
                difference = compare(text.read_text(), bytecode)
            except Exception as error:
                difference = ("no error", str(error))
            if difference:
                sys.exit(f"{text.stem}: expected\n{difference[0]}\ngot\n{difference[1]}")
            compared += 1
    print(compared)


main(sys.argv[1])
