"""Element by element."""

import math

import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import DTYPES, FLOATS, SIGNED, UNSIGNED, array, case, family, spread, whole

UNARY = {
    "abs": lax.abs,
    "cbrt": lax.cbrt,
    "ceil": lax.ceil,
    "cosine": lax.cos,
    "exponential": lax.exp,
    "exponential_minus_one": lax.expm1,
    "floor": lax.floor,
    "is_finite": lax.is_finite,
    "log": lax.log,
    "log_plus_one": lax.log1p,
    "logistic": lax.logistic,
    "negate": lax.neg,
    "round_nearest_afz": lambda x: lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO),
    "round_nearest_even": lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN),
    "rsqrt": lax.rsqrt,
    "sign": lax.sign,
    "sine": lax.sin,
    "sqrt": lax.sqrt,
    "tan": lax.tan,
    "tanh": lax.tanh,
}
# Where derivatives exist only of numbers above.
ABOVE = {"log": 0, "log_plus_one": -1, "rsqrt": 0, "sqrt": 0, "cbrt": 0}


@family
def unary():
    points = [-math.inf, -30, -2.5, -1, -0.5, -1e-3, -0.0, 0, 1e-3, 0.5, 1, 1.5, 2.5, 30, math.inf, math.nan]
    for name, function in UNARY.items():
        case(name, function, array(points + [-1e-9, 1e-9, 1e-300, 700]))
        case(name, function, array(points + [-1e-9, 1e-9, 1e-30, 80], "f32"))
        for dtype in FLOATS[2:]:
            # What overflows on the way to a result that does not is up to the compiler.
            case(name, function, array(points if dtype in FLOATS[2:4] else points[2:-3], dtype))
        case(name, function, spread([3, 0, 2], dtype="f32"))
        if name.startswith("round"):
            case(name, function, array([0.49999999999999994, -0.49999999999999994, 2.0**52 + 1, -0.5, 3.5, 4.5]))
        if name != "is_finite":
            low = ABOVE.get(name, -2) + 1 / 8
            case(name, function, spread([2, 1, 3], low, low + 3), order=2)
    for dtype in SIGNED:
        ends = np.iinfo(DTYPES[dtype])
        points = array([ends.min, -100, -2, -1, 0, 1, 7, ends.max], dtype)
        for name in ["abs", "negate", "sign"]:
            case(name, UNARY[name], points)
        for name, function in {
            "not": lax.bitwise_not,
            "popcnt": lax.population_count,
            "count_leading_zeros": lax.clz,
        }.items():
            case(name, function, points)
    for dtype in UNSIGNED:
        points = array([0, 1, 2, 7, 100, 127, np.iinfo(DTYPES[dtype]).max // 3, np.iinfo(DTYPES[dtype]).max], dtype)
        for name, function in {
            "not": lax.bitwise_not,
            "popcnt": lax.population_count,
            "count_leading_zeros": lax.clz,
        }.items():
            case(name, function, points)
    case("not", lax.bitwise_not, array([[True], [False]], "i1"))


BINARY = {
    "add": lax.add,
    "atan2": lax.atan2,
    "divide": lax.div,
    "maximum": lax.max,
    "minimum": lax.min,
    "multiply": lax.mul,
    "power": lax.pow,
    "remainder": lax.rem,
    "subtract": lax.sub,
}
BITS = {"and": lax.bitwise_and, "or": lax.bitwise_or, "xor": lax.bitwise_xor}
COMPARISONS = {"EQ": lax.eq, "NE": lax.ne, "GE": lax.ge, "GT": lax.gt, "LE": lax.le, "LT": lax.lt}


@family
def binary():
    points = [-math.inf, -2.5, -1, -0.0, 0, 1.5, 3, math.inf, math.nan]
    pairs = np.array([(x, y) for x in points for y in points])
    for name, function in BINARY.items():
        for dtype in FLOATS:
            some = pairs if dtype == "f32" else pairs[::4]
            case(name, function, array(some[:, 0], dtype), array(some[:, 1], dtype))
        # Bases above 0, and pairs without a tie or a whole quotient.
        low = 1 / 8 if name == "power" else -2
        case(name, function, spread([2, 3], low, 2), spread([2, 3], 0.7, 3, seed=1), order=2)
        case(name, function, spread([0], dtype="f32"), spread([0], dtype="f32"))
    case("maximum", lax.max, array([1, 2, 3]), array([3, 2, 1]), order=1)
    case("minimum", lax.min, array([1, 2, 3]), array([3, 2, 1]), order=1)
    for dtype in SIGNED + UNSIGNED:
        ends = np.iinfo(DTYPES[dtype])
        points = [0, 1, 2, 3, 5, 100, ends.max - 1, ends.max] + ([-1, -2, -100, ends.min] if dtype in SIGNED else [])
        pairs = [(x, y) for x in points for y in points if y][:: 2 if dtype == "i32" else 7]
        lhs, rhs = (array(values, dtype) for values in zip(*pairs))
        for name in ["add", "divide", "maximum", "minimum", "multiply", "remainder", "subtract"]:
            case(name, BINARY[name], lhs, rhs)
        for name, function in BITS.items():
            case(name, function, lhs, rhs)
        # As `>>` in Rust: the sign comes in from the left where there is one.
        right = lax.shift_right_arithmetic if dtype in SIGNED else lax.shift_right_logical
        counts = np.arange(len(lhs)).astype(lhs.dtype) % ends.bits
        case("shift_left", lax.shift_left, lhs, counts)
        case("shift_right_arithmetic" if dtype in SIGNED else "shift_right_logical", right, lhs, counts)
    # Integers to the power of integers.
    for dtype in ["i32", "ui8", "i64"]:
        case("power", jnp.power, array([0, 1, 2, 3, 7, 10, 2], dtype), array([0, 5, 6, 4, 2, 1, 0], dtype))
    booleans = [array([False, False, True, True], "i1"), array([False, True, False, True], "i1")]
    for name, function in BITS.items():
        case(name, function, *booleans)


@family
def compare():
    points = {name: [-math.inf, -1.5, -0.0, 0, 1, math.inf, math.nan] for name in FLOATS}
    points |= {name: [np.iinfo(DTYPES[name]).min, -1, 0, 1, np.iinfo(DTYPES[name]).max] for name in SIGNED}
    points |= {name: [0, 1, 2, np.iinfo(DTYPES[name]).max] for name in UNSIGNED}
    points["i1"] = [False, True]
    for dtype, points in points.items():
        pairs = [(x, y) for x in points for y in points][:: 1 if dtype in ["f32", "i32", "i1"] else 3]
        lhs, rhs = (array(values, dtype) for values in zip(*pairs))
        for direction, function in COMPARISONS.items():
            case("compare", function, lhs, rhs, comparison_direction=direction)
    case("compare", lax.lt, spread([0, 2]), spread([0, 2]), comparison_direction="LT")


@family
def select():
    predicate = array([[True, False, True], [False, False, True]], "i1")
    for dtype in FLOATS + ["i8", "i64", "ui16", "ui32"]:
        case("select", lax.select, predicate, whole([2, 3], 0, 9, 0, dtype), whole([2, 3], 0, 9, 1, dtype))
        x, low, high = whole([2, 3], 0, 9, 2, dtype), whole([2, 3], 1, 5, 3, dtype), whole([2, 3], 4, 8, 4, dtype)
        case("clamp", lax.clamp, low, x, high)
        case("clamp", lax.clamp, array(3, dtype), x, array(5, dtype))
    case("select", lax.select, array(True, "i1"), spread([2, 3]), spread([2, 3], seed=1), order=1)
    case("select", lax.select, predicate, spread([2, 3]), spread([2, 3], seed=1), order=2)
    case("select", lax.select, predicate, predicate, ~predicate)
    # Of bounds without dimensions JAX has no gradient.
    spread_bounds = lambda low, x, high: lax.clamp(jnp.broadcast_to(low, x.shape), x, jnp.broadcast_to(high, x.shape))
    case("clamp", spread_bounds, array(-1.0), spread([2, 3], -2, 2), array(1.0), order=1)
    case("clamp", lax.clamp, spread([7], -1, 0), spread([7], -2, 2, 1), spread([7], 0.1, 1, 2), order=1)
    case("clamp", lax.clamp, array(-1.0), array([math.nan, -math.inf, math.inf, 0.5]), array(1.0))


@family
def convert():
    points = {name: [-7.75, -1, -0.0, 0, 0.4375, 1.5, 5, 100] for name in FLOATS}
    points |= {name: [-100, -1, 0, 1, 5, 100] for name in SIGNED}
    points |= {name: [0, 1, 5, 100] for name in UNSIGNED}
    points["i1"] = [False, True]
    for start, values in points.items():
        for end in points:
            # What an integer without a sign makes of a negative number differs between machines.
            bad = start in FLOATS and end in UNSIGNED
            x = array([value for value in values if not (bad and value < 0)], start)
            case("convert", lambda x: lax.convert_element_type(x, DTYPES[end]), x, dtype=end)
    # Halfway between neighbours, and beyond the ends.
    for end in FLOATS[1:]:
        x = array([[1 + 2.0**-k for k in range(1, 11)], [1 + 3 * 2.0**-k for k in range(1, 11)]], "f32")
        case("convert", lambda x: lax.convert_element_type(x, DTYPES[end]), x, dtype=end)
        x = array([1e-3, 1e-5, 1e-8, 300, 448, 460, 470, 1e5, math.inf, -math.inf, math.nan], "f32")
        case("convert", lambda x: lax.convert_element_type(x, DTYPES[end]), x, dtype=end)
    x = array([math.nan, -0.0, math.inf, 1e-30], "f32")
    case("convert", lambda x: lax.convert_element_type(x, bool), x, dtype="i1")
    for end in ["i8", "i32", "ui8", "i64"]:
        x = array([255.0, 1e10, -1e10, 1e30, math.inf, -math.inf, math.nan])
        case("convert", lambda x: lax.convert_element_type(x, DTYPES[end]), x, dtype=end)
    case("convert", lambda x: lax.convert_element_type(x, np.float64), whole([2, 3], -9, 9), dtype="f64")
    case("convert", lambda x: lax.convert_element_type(x, "float32"), spread([2, 3]), order=1, dtype="f32")
    widths = [
        FLOATS[:1] + ["i64", "ui64"],
        ["f32", "i32", "ui32"],
        ["bf16", "f16", "i16", "ui16"],
        FLOATS[4:] + ["i8", "ui8"],
    ]
    for names in widths:
        for start in names:
            for end in names:
                if start != end:
                    x = array([1, 2, 64, 100, 0], start)
                    case("bitcast_convert", lambda x: lax.bitcast_convert_type(x, DTYPES[end]), x, dtype=end)
    # Elements of other widths: the last axis comes or goes.
    case("bitcast_convert", lambda x: lax.bitcast_convert_type(x, np.uint8), whole([2], 1, 2**30), dtype="ui8")
    case(
        "bitcast_convert",
        lambda x: lax.bitcast_convert_type(x, np.uint32),
        whole([3, 4], 1, 99, dtype="ui8"),
        dtype="ui32",
    )
    for exponent_bits, mantissa_bits in [(8, 7), (5, 10), (4, 3), (11, 52)]:
        x = array([1.001, -3.14159, 1e-5, 70000, 500, 0, math.inf, math.nan], "f32")
        function = lambda x: lax.reduce_precision(x, exponent_bits, mantissa_bits)
        case("reduce_precision", function, x, exponent_bits=exponent_bits, mantissa_bits=mantissa_bits)
    case(
        "reduce_precision",
        lambda x: lax.reduce_precision(x, 8, 23),
        spread([2, 3]),
        order=1,
        exponent_bits=8,
        mantissa_bits=23,
    )
