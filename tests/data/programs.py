"""Writes programs/*.mlir and programs.json: small programs, inputs for them, and what NumPy says of
their results. The kinds of program are those of the StableHLO project's interpreter tests.

usage: python programs.py   (NumPy 2.4.6, ml_dtypes 0.6.0)
"""

import io
import json
import textwrap
from pathlib import Path

import ml_dtypes
import numpy as np

HERE = Path(__file__).parent
NAMES = {
    "bool": "i1", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "ui8", "uint16": "ui16", "uint32": "ui32", "uint64": "ui64",
    "float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64",
    "complex64": "complex<f32>", "complex128": "complex<f64>",
    "float8_e5m2": "f8E5M2", "float8_e4m3": "f8E4M3", "float8_e3m4": "f8E3M4",
    "float8_e4m3fn": "f8E4M3FN", "float8_e4m3fnuz": "f8E4M3FNUZ",
    "float8_e5m2fnuz": "f8E5M2FNUZ", "float8_e4m3b11fnuz": "f8E4M3B11FNUZ",
}
CASES = []


def tensor(array):
    return "tensor<" + "".join(f"{d}x" for d in array.shape) + NAMES[array.dtype.name] + ">"


def npy(array):
    file = io.BytesIO()
    # numpy.save names this type so that numpy.load doesn't know it.
    if array.dtype.name == "float8_e5m2":
        array = array.view("V1")
    np.save(file, array)
    return file.getvalue().replace(b"'|V1'", b"'<V1'").hex()


def case(name, inputs, outputs, body, tolerance=0.0, helpers=""):
    """`body` computes %r0, %r1, … from %x0, %x1, …; {x0} and {r0} in it are their types."""
    inputs, outputs = map(np.asarray, inputs), map(np.asarray, outputs)
    inputs, outputs = list(inputs), list(outputs)
    types = {f"x{i}": tensor(a) for i, a in enumerate(inputs)}
    types |= {f"r{i}": tensor(a) for i, a in enumerate(outputs)}
    for key, value in types.items():
        body = body.replace("{" + key + "}", value)
    arguments = ", ".join(f"%x{i}: {tensor(a)}" for i, a in enumerate(inputs))
    results = ", ".join(map(tensor, outputs))
    returned = ", ".join(f"%r{i}" for i in range(len(outputs)))
    lines = textwrap.indent(textwrap.dedent(body.strip("\n")).strip(), "  ")
    text = f"func.func public @main({arguments}) -> ({results}) {{\n{lines}\n"
    text += (f"  return {returned} : {results}" if outputs else "  return") + f"\n}}\n{helpers}"
    (HERE / "programs" / f"{name}.mlir").write_text(text)
    types = [a.dtype.name for a in outputs]
    CASES.append({
        "name": name,
        "inputs": [npy(a) for a in inputs],
        "outputs": [npy(a) for a in outputs],
        "types": [NAMES[t] for t in types],
        "tolerance": tolerance,
    })


random = np.random.default_rng(0)

# Sums in every type, at the edges of the integers too.
integers = [[-128, 127, 5, -1], [-1, 1, -7, -1]]
for kind in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]:
    x, y = (np.array(v).astype(kind) for v in integers)
    case(f"add-{kind}", [x, y], [x + y], "%r0 = stablehlo.add %x0, %x1 : {r0}")
for kind in ["float16", "bfloat16", "float32", "float64"]:
    x, y = (np.array(v).astype(kind) for v in [[0.1, -2.5, 1e4, np.inf, np.nan], [0.2, 7.0, 1.5, 1, 0]])
    case(f"add-{kind}", [x, y], [x + y], "%r0 = stablehlo.add %x0, %x1 : {r0}")
for kind in ["complex64", "complex128"]:
    x, y = (np.array(v).astype(kind) for v in [[1 + 2j, -0.5j], [3 - 1j, 2 + 0.25j]])
    case(f"multiply-{kind}", [x, y], [x * y], "%r0 = stablehlo.multiply %x0, %x1 : {r0}", 1e-6)
x = np.array([1 + 2j, -3 - 4j], "complex64")
case("complex-parts", [x], [x.real, x.imag, np.abs(x)], """
    %r0 = stablehlo.real %x0 : ({x0}) -> {r0}
    %r1 = stablehlo.imag %x0 : ({x0}) -> {r1}
    %r2 = stablehlo.abs %x0 : ({x0}) -> {r2}""", 1e-6)

# The 8-bit floats: every value that a byte stands for, and the rounding to them.
wide = np.array([0.0, 1.0, -1.0, 0.3, -2.7, 11.0, 0.0171, 1.0625, 1.1875], "float32")
for kind in [k for k in NAMES if k.startswith("float8")]:
    dtype = np.dtype(getattr(ml_dtypes, kind))
    finite = np.arange(256, dtype="uint8")
    finite = finite[np.isfinite(finite.view(dtype).astype("float32"))].view(dtype)
    case(f"convert-{kind}", [wide, finite], [wide.astype(dtype), finite.astype("float32")], """
        %r0 = stablehlo.convert %x0 : ({x0}) -> {r0}
        %r1 = stablehlo.convert %x1 : ({x1}) -> {r1}""")

# Comparisons and booleans.
x = np.array([-np.inf, -0.0, 0.0, 1.0, np.nan, np.inf])
y = np.array([np.inf, 0.0, 1.0, 1.0, np.nan, np.inf])
case("compare-float64", [x, y], [x == y, x != y, x < y, x >= y], "\n".join(
    f"%r{i} = stablehlo.compare {d}, %x0, %x1, FLOAT : ({{x0}}, {{x1}}) -> {{r{i}}}"
    for i, d in enumerate(["EQ", "NE", "LT", "GE"])))
x, y = np.array([True, True, False, False]), np.array([True, False, True, False])
case("logic-bool", [x, y], [x & y, x | y, x ^ y, ~x], """
    %r0 = stablehlo.and %x0, %x1 : {r0}
    %r1 = stablehlo.or %x0, %x1 : {r0}
    %r2 = stablehlo.xor %x0, %x1 : {r0}
    %r3 = stablehlo.not %x0 : {r0}""")
x = np.array([0, 1, 127, 128, 255], "uint8")
ones = np.array([bin(v).count("1") for v in x], "uint8")
case("bits-uint8", [x], [ones, x << 1, x >> 3], """
    %one = stablehlo.constant dense<1> : {x0}
    %three = stablehlo.constant dense<3> : {x0}
    %r0 = stablehlo.popcnt %x0 : {x0}
    %r1 = stablehlo.shift_left %x0, %one : {x0}
    %r2 = stablehlo.shift_right_logical %x0, %three : {x0}""")

# Arithmetic with rules of its own.
x, y = np.array([17, -17, 17, -17]), np.array([3, 3, -3, -3])
case("remainder-int64", [x, y], [np.fmod(x, y), np.trunc(x / y).astype("int64")], """
    %r0 = stablehlo.remainder %x0, %x1 : {r0}
    %r1 = stablehlo.divide %x0, %x1 : {r0}""")
x = np.array([-2.5, -0.5, 0.5, 1.5, 2.5, 2.6], "float32")
away = np.array([-3, -1, 1, 2, 3, 3], "float32")
case("round-float32", [x], [np.rint(x), away], """
    %r0 = stablehlo.round_nearest_even %x0 : {x0}
    %r1 = stablehlo.round_nearest_afz %x0 : {x0}""")
x = np.array([-5, 0, 3, 9], "int32")
case("clamp-int32", [np.int32(-1), x, np.int32(4)], [np.clip(x, -1, 4)],
     "%r0 = stablehlo.clamp %x0, %x1, %x2 : ({x0}, {x1}, {x2}) -> {r0}")
x = np.array([1.0, -2.0, 0.0], "float32")
case("bitcast-convert", [x], [x.view("uint32"), x.view("uint8").reshape(3, 4)], """
    %r0 = stablehlo.bitcast_convert %x0 : ({x0}) -> {r0}
    %r1 = stablehlo.bitcast_convert %x0 : ({x0}) -> {r1}""")
x = np.array([0.1, 0.7, 2.0])
case("transcendental-float64", [x], [np.exp(x), np.log1p(x), np.tanh(x), x ** x, np.cbrt(x)], """
    %r0 = stablehlo.exponential %x0 : {x0}
    %r1 = stablehlo.log_plus_one %x0 : {x0}
    %r2 = stablehlo.tanh %x0 : {x0}
    %r3 = stablehlo.power %x0, %x0 : {x0}
    %r4 = stablehlo.cbrt %x0 : {x0}""", 1e-12)

# Products.
x, y = random.integers(-9, 9, (2, 3, 4)), random.integers(-9, 9, (2, 4, 5))
case("dot-batched-int64", [x, y], [x @ y], """
    %r0 = stablehlo.dot_general %x0, %x1, batching_dims = [0] x [0], contracting_dims = [2] x [1]
      : ({x0}, {x1}) -> {r0}""")
x, y = (random.normal(size=s).astype(ml_dtypes.bfloat16) for s in [(4, 8), (8, 3)])
case("dot-bfloat16", [x, y], [x.astype("float32") @ y.astype("float32")], """
    %r0 = stablehlo.dot_general %x0, %x1, contracting_dims = [1] x [0] : ({x0}, {x1}) -> {r0}""", 1e-5)
x, y = random.integers(-9, 9, (1, 5, 6, 2)).astype("float32"), random.integers(-9, 9, (3, 2, 2, 3)).astype("float32")
# Strided and padded, the kernel with holes.
padded = np.pad(x, [(0, 0), (1, 2), (0, 1), (0, 0)])
rows, columns = (8 - 5) // 2 + 1, (7 - 2) // 1 + 1
convolved = np.zeros((1, rows, columns, 3), "float32")
for i in range(rows):
    for j in range(columns):
        window = padded[0, 2 * i:2 * i + 5:2, j:j + 2]
        convolved[0, i, j] = np.einsum("hwi,hwio->o", window, y)
case("convolution-float32", [x, y], [convolved], """
    %r0 = stablehlo.convolution(%x0, %x1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [2, 1], pad = [[1, 2], [0, 1]], rhs_dilate = [2, 1]}
      {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : ({x0}, {x1}) -> {r0}""", 1e-6)
x = random.normal(size=(3, 8)) + 1j * random.normal(size=(3, 8))
case("fft-complex128", [x], [np.fft.fft(x), np.fft.ifft(x)], """
    %r0 = stablehlo.fft %x0, type = FFT, length = [8] : ({x0}) -> {x0}
    %r1 = stablehlo.fft %x0, type = IFFT, length = [8] : ({x0}) -> {x0}""", 1e-12)
x = random.normal(size=(2, 3, 3))
x = x @ x.transpose(0, 2, 1) + 3 * np.eye(3)
case("cholesky-float64", [x], [np.linalg.cholesky(x)], """
    %l = stablehlo.cholesky %x0, lower = true : {x0}
    %i = stablehlo.iota dim = 1 : tensor<2x3x3xi32>
    %j = stablehlo.iota dim = 2 : tensor<2x3x3xi32>
    %below = stablehlo.compare GE, %i, %j : (tensor<2x3x3xi32>, tensor<2x3x3xi32>) -> tensor<2x3x3xi1>
    %zero = stablehlo.constant dense<0.0> : {x0}
    %r0 = stablehlo.select %below, %l, %zero : tensor<2x3x3xi1>, {x0}""", 1e-12)

# Moving elements about.
x = np.arange(24, dtype="int16").reshape(2, 3, 4)
case("transpose-reverse-int16", [x], [x.transpose(2, 0, 1), x[:, ::-1, ::-1], x[:, 1:3, ::2]], """
    %r0 = stablehlo.transpose %x0, dims = [2, 0, 1] : ({x0}) -> {r0}
    %r1 = stablehlo.reverse %x0, dims = [1, 2] : {x0}
    %r2 = stablehlo.slice %x0 [0:2, 1:3, 0:4:2] : ({x0}) -> {r2}""")
x = np.arange(6, dtype="int8").reshape(2, 3)
padded = np.full((3, 5), -1, "int8")
padded[0, 0], padded[0, 2], padded[0, 4] = 0, 1, 2
padded[1, 0], padded[1, 2], padded[1, 4] = 3, 4, 5
case("pad-int8", [x, np.int8(-1)], [padded], """
    %r0 = stablehlo.pad %x0, %x1, low = [0, 0], high = [1, 0], interior = [0, 1]
      : ({x0}, {x1}) -> {r0}""")
x = np.arange(12, dtype="uint16").reshape(3, 4)
# A start beyond the end is moved back to the last one that fits.
case("dynamic-slice-uint16", [x, np.int32(2), np.int32(-5)], [x[1:3, 0:2]], """
    %r0 = stablehlo.dynamic_slice %x0, %x1, %x2, sizes = [2, 2] : ({x0}, {x1}, {x2}) -> {r0}""")
updated = x.copy()
updated[2, 3] = 99
case("dynamic-update-slice-uint16", [x, np.array([[99]], "uint16"), np.int32(7), np.int32(7)], [updated], """
    %r0 = stablehlo.dynamic_update_slice %x0, %x1, %x2, %x3 : ({x0}, {x1}, {x2}, {x3}) -> {r0}""")
x, at = random.normal(size=(5, 3)).astype("float32"), np.array([4, 0, 0, 2], "int32")
case("gather-float32", [x, at], [x[at]], """
    %r0 = "stablehlo.gather"(%x0, %x1) {dimension_numbers = #stablehlo.gather<offset_dims = [1],
      collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>,
      slice_sizes = array<i64: 1, 3>} : ({x0}, {x1}) -> {r0}""")
x, at, y = np.zeros(4, "int64"), np.array([[1], [3], [1], [9]], "int32"), np.array([10, 20, 30, 40])
# An index that is out of bounds is passed over.
case("scatter-int64", [x, at, y], [np.array([0, 40, 0, 20])], """
    %r0 = "stablehlo.scatter"(%x0, %x1, %x2) ({
      ^bb0(%a: tensor<i64>, %b: tensor<i64>):
        %c = stablehlo.add %a, %b : tensor<i64>
        stablehlo.return %c : tensor<i64>
      }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0],
      scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : ({x0}, {x1}, {x2}) -> {r0}""")
x, y = np.array([3, 1, 2, 1, 3], "int32"), np.arange(5, dtype="float32")
order = np.argsort(x, kind="stable")
case("sort-stable", [x, y], [x[order], y[order]], """
    %r0, %r1 = "stablehlo.sort"(%x0, %x1) ({
      ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<f32>, %d: tensor<f32>):
        %less = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %less : tensor<i1>
      }) {dimension = 0 : i64, is_stable = true} : ({x0}, {x1}) -> ({r0}, {r1})""")

# Reductions.
x = random.integers(-50, 50, (4, 6)).astype("int32")
case("reduce-int32", [x], [x.sum(1, dtype="int32"), x.max()], """
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %least = stablehlo.constant dense<-2147483648> : tensor<i32>
    %r0 = stablehlo.reduce(%x0 init: %zero) applies stablehlo.add across dimensions = [1]
      : ({x0}, tensor<i32>) -> {r0}
    %r1 = stablehlo.reduce(%x0 init: %least) applies stablehlo.maximum across dimensions = [0, 1]
      : ({x0}, tensor<i32>) -> {r1}""")
x = np.arange(16, dtype="float32").reshape(4, 4)
pooled = np.array([[x[i:i + 2, j:j + 2].max() for j in (0, 2)] for i in (0, 2)])
case("reduce-window-float32", [x], [pooled], """
    %least = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %r0 = "stablehlo.reduce_window"(%x0, %least) ({
      ^bb0(%a: tensor<f32>, %b: tensor<f32>):
        %c = stablehlo.maximum %a, %b : tensor<f32>
        stablehlo.return %c : tensor<f32>
      }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}
      : ({x0}, tensor<f32>) -> {r0}""")

# Control.
case("while-int64", [np.int64(10)], [np.int64(55), np.int64(10)], """
    %zero = stablehlo.constant dense<0> : tensor<i64>
    %one = stablehlo.constant dense<1> : tensor<i64>
    %r1, %r0 = stablehlo.while(%i = %zero, %sum = %zero) : tensor<i64>, tensor<i64>
    cond {
      %more = stablehlo.compare LT, %i, %x0 : (tensor<i64>, tensor<i64>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %next = stablehlo.add %i, %one : tensor<i64>
      %new = stablehlo.add %sum, %next : tensor<i64>
      stablehlo.return %next, %new : tensor<i64>, tensor<i64>
    }""")
case("case-float32", [np.int32(7), np.float32(3)], [np.float32(-3)], """
    %r0 = "stablehlo.case"(%x0) ({
      %a = stablehlo.sqrt %x1 : tensor<f32>
      stablehlo.return %a : tensor<f32>
    }, {
      %b = stablehlo.negate %x1 : tensor<f32>
      stablehlo.return %b : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>""")
x = np.array([1.5, -2.0])
case("call-private", [x], [4 * x], "%r0 = func.call @twice_twice(%x0) : ({x0}) -> {r0}", helpers="""\
func.func private @twice_twice(%x: tensor<2xf64>) -> tensor<2xf64> {
  %a = func.call @twice(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %b = func.call @twice(%a) : (tensor<2xf64>) -> tensor<2xf64>
  return %b : tensor<2xf64>
}
func.func private @twice(%x: tensor<2xf64>) -> tensor<2xf64> {
  %a = stablehlo.add %x, %x : tensor<2xf64>
  return %a : tensor<2xf64>
}
""")

# Shapes at the edge.
x = np.zeros((0, 3), "float32")
case("zero-size", [x], [x.T, np.zeros((2, 0), bool), np.zeros(3, "float32")], """
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %r0 = stablehlo.transpose %x0, dims = [1, 0] : ({x0}) -> {r0}
    %r1 = stablehlo.constant dense<true> : {r1}
    %r2 = stablehlo.reduce(%x0 init: %zero) applies stablehlo.add across dimensions = [0]
      : ({x0}, tensor<f32>) -> {r2}""")
case("constants", [], [np.array([True, False]), np.uint64(2**64 - 1), np.array([1, -2], ml_dtypes.bfloat16)], """
    %r0 = stablehlo.constant dense<[true, false]> : {r0}
    %r1 = stablehlo.constant dense<18446744073709551615> : {r1}
    %r2 = stablehlo.constant dense<[1.0, -2.0]> : {r2}""")
case("nothing-returned", [np.float32(1)], [], "")

text = json.dumps(CASES, indent=0)
(HERE / "programs.json").write_text(text + "\n")
print(len(CASES), "programs")
