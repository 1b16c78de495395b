"""Compares programs in portable bytecode with the same programs in text, as jaxlib reads them.

The folder holds pairs NAME.mlir and NAME.mlirbc. For each, jaxlib writes the text as bytecode for the
same version: it must read the same module in its own bytecode and in the other, and both must be the
same VHLO.
"""

import pathlib
import sys

from jaxlib.mlir import ir
from jaxlib.mlir._mlir_libs import _jax_mlir_ext
from jaxlib.mlir.dialects import chlo, sdy, stablehlo


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
    module = ir.Module.parse(text)
    has_marks = "sdy." in text
    # Reading leaves attributes out that are as they are by default, which text may state.
    theirs = stablehlo.serialize_portable_artifact(module, version, has_marks)
    expected = stablehlo.deserialize_portable_artifact(module.context, theirs)
    got = stablehlo.deserialize_portable_artifact(module.context, bytecode)
    if printed(expected) != printed(got):
        return printed(expected), printed(got)
    if locations(expected) != locations(got):
        return locations(expected), locations(got)
    if has_marks:
        # Where the casts stand that Shardy's operations need is nobody's concern.
        return None
    expected, got = ir.Module.parse(theirs), ir.Module.parse(bytecode)
    if printed(expected) != printed(got):
        return printed(expected), printed(got)
    return None


def main(folder):
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
