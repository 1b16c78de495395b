"""Products: of matrices, by Einstein's convention, convolution."""

import math

import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import DTYPES, FLOATS, SIGNED, UNSIGNED, case, family, spread, whole


@family
def products():
    dots = [
        ([2, 3], [3, 4], [1], [0], [], []),
        ([3], [3], [0], [0], [], []),
        ([2], [3], [], [], [], []),
        ([], [2], [], [], [], []),
        ([5, 2, 3], [5, 3, 4], [2], [1], [0], [0]),
        ([2, 3, 5], [4, 5, 3], [1], [2], [2], [1]),
        ([2, 3, 4], [4, 5, 3], [1, 2], [2, 0], [], []),
        ([2, 3, 4, 2], [2, 4, 5, 3], [1], [3], [0, 2], [0, 1]),
        ([2, 0], [0, 3], [1], [0], [], []),
        ([1, 1], [1, 1], [1], [1], [], []),
    ]
    for lhs, rhs, lhs_contracting, rhs_contracting, lhs_batch, rhs_batch in dots:
        given = ((lhs_contracting, rhs_contracting), (lhs_batch, rhs_batch))
        numbers = dict(
            lhs_contracting_dimensions=lhs_contracting,
            rhs_contracting_dimensions=rhs_contracting,
            lhs_batching_dimensions=lhs_batch,
            rhs_batching_dimensions=rhs_batch,
        )
        case(
            "dot_general",
            lambda x, y: lax.dot_general(x, y, given),
            spread(lhs),
            spread(rhs, seed=1),
            order=2 if math.prod(lhs) <= 12 else 1,
            **numbers,
        )
        for dtype in ["f32", "bf16", "i32"]:
            x, y = whole(lhs, -4, 5, 0, dtype), whole(rhs, -4, 5, 1, dtype)
            case("dot_general", lambda x, y: lax.dot_general(x, y, given), x, y, **numbers)
    for dtype in FLOATS + SIGNED + UNSIGNED:
        x, y = whole([2, 3], 0, 4, 0, dtype), whole([3, 2], 0, 4, 1, dtype)
        case("matmul", jnp.matmul, x, y)
    shapes = [
        ([3], [3]),
        ([3], [3, 4]),
        ([2, 3], [3]),
        ([5, 2, 3], [5, 3, 4]),
        ([5, 2, 3], [3, 4]),
        ([2, 3], [5, 3, 4]),
        ([2, 1, 2, 3], [4, 3, 2]),
        ([3], [2, 3, 4]),
        ([2, 4, 3], [3]),
    ]
    for lhs, rhs in shapes:
        case("matmul", jnp.matmul, spread(lhs), spread(rhs, seed=1), order=1)
    for of, to in [("bf16", "f32"), ("f16", "f32"), ("f8E4M3FN", "f32"), ("i8", "i32"), ("f32", "f64")]:
        x, y = whole([2, 3], -9, 9, 0, of), whole([3, 4], -9, 9, 1, of)
        case("matmul_to", lambda x, y: jnp.matmul(x, y, preferred_element_type=DTYPES[to]), x, y, dtype=to)
    given = (([1], [1]), ([0], [0]))
    names = [
        "lhs_contracting_dimensions",
        "rhs_contracting_dimensions",
        "lhs_batching_dimensions",
        "rhs_batching_dimensions",
    ]
    numbers = dict(zip(names, [[1], [1], [0], [0]]), dtype="f32")
    x, y = whole([2, 3, 2], -9, 9, 0, "bf16"), whole([2, 3, 3], -9, 9, 1, "bf16")
    case("dot_general_to", lambda x, y: lax.dot_general(x, y, given, preferred_element_type="float32"), x, y, **numbers)
    numbers["dtype"] = "f64"
    x, y = spread([2, 3, 2], dtype="f32"), spread([2, 3, 3], seed=1, dtype="f32")
    wider = lambda x, y: lax.dot_general(x, y, given, preferred_element_type="float64")
    case("dot_general_to", wider, x, y, order=1, **numbers)
    x, y = spread([2, 3], dtype="f32"), spread([3, 2], seed=1, dtype="f32")
    case("matmul_to", lambda x, y: jnp.matmul(x, y, preferred_element_type=np.float64), x, y, order=1, dtype="f64")
    einsums = [
        ("ij,jk->ik", [2, 3], [3, 4]),
        ("ij,jk", [2, 3], [3, 4]),
        ("ba,cb", [2, 3], [4, 2]),
        ("i,j->ji", [2], [3]),
        ("i,i->", [4], [4]),
        ("i,i->i", [4], [4]),
        (",ij->ij", [], [2, 3]),
        ("ij->ji", [2, 3]),
        ("ij->", [2, 3]),
        ("ijk->kj", [2, 3, 4]),
        ("ii->i", [3, 3]),
        ("ii", [3, 3]),
        ("iij->j", [3, 3, 2]),
        ("ijij->ij", [2, 3, 2, 3]),
        ("iji,jk->ik", [2, 3, 2], [3, 4]),
        ("bij,bjk->bik", [2, 3, 4], [2, 4, 3]),
        ("bqhd,bkhd->bhqk", [2, 3, 2, 4], [2, 5, 2, 4]),
        ("abc,abd->cd", [2, 3, 4], [2, 3, 2]),
        ("ab,cd->dbca", [2, 1], [3, 2]),
        ("ij,kj->i", [2, 3], [4, 3]),
        ("ij,kj,k->i", [2, 3], [4, 3], [4]),
        ("i,ij,jk,k", [2], [2, 3], [3, 2], [2]),
        ("...ij,...jk->...ik", [5, 2, 3], [3, 4]),
        ("...ij,...jk->...ik", [2, 1, 2, 3], [4, 3, 2]),
        ("...i,...i", [2, 3], [2, 3]),
        ("...->...", [2, 3]),
        ("i...->...", [2, 3, 2]),
        ("...ii->...i", [2, 3, 3]),
        ("b...d,df->b...f", [2, 3, 2, 4], [4, 3]),
        ("aB,Ba->aB", [2, 3], [3, 2]),
        ("ij , jk -> ik", [2, 3], [3, 4]),
        ("ij,jk->ik", [2, 0], [0, 3]),
    ]
    for spelling, *shapes in einsums:
        inputs = [spread(shape, seed=i) for i, shape in enumerate(shapes)]
        case("einsum", lambda *x: jnp.einsum(spelling, *x), *inputs, order=1, spelling=spelling)
    for dtype in ["f32", "bf16", "i32"]:
        inputs = [whole([2, 3, 4], -3, 4, 0, dtype), whole([2, 4, 3], -3, 4, 1, dtype)]
        case("einsum", lambda *x: jnp.einsum("bij,bjk->bik", *x), *inputs, spelling="bij,bjk->bik")


@family
def convolution():
    images = "b01f,01io->b01f"
    cases = [
        ([2, 5, 3], [3, 3, 2], "b0f,0io->b0f", {}),
        ([2, 5, 4, 2], [3, 2, 2, 3], images, dict(padding=[[1, 1], [0, 1]])),
        ([1, 6, 5, 2], [3, 3, 2, 2], images, dict(window_strides=[2, 2], padding=[[1, 1], [1, 1]])),
        ([1, 6, 5, 2], [2, 2, 2, 3], images, dict(window_strides=[1, 3], padding=[[0, 0], [2, 0]])),
        ([1, 7, 7, 1], [2, 3, 1, 2], images, dict(rhs_dilation=[2, 3])),
        ([1, 3, 3, 2], [2, 3, 2, 1], images, dict(lhs_dilation=[2, 3], padding=[[1, 0], [2, 2]])),
        ([1, 3, 4, 1], [2, 2, 1, 2], images, dict(lhs_dilation=[2, 1], rhs_dilation=[1, 2], window_strides=[2, 1])),
        ([1, 4, 3, 4], [2, 2, 2, 6], images, dict(feature_group_count=2, padding=[[1, 1], [0, 0]])),
        (
            [2, 3, 4, 3],
            [3, 3, 1, 6],
            images,
            dict(feature_group_count=3, window_strides=[2, 1], padding=[[1, 1], [1, 1]]),
        ),
        ([4, 4, 3, 2], [2, 2, 2, 4], images, dict(batch_group_count=2, padding=[[1, 0], [0, 1]])),
        ([2, 3, 5, 4], [4, 3, 2, 2], "bf01,oi01->bf01", dict(window_strides=[1, 2], padding=[[0, 1], [1, 1]])),
        ([3, 3, 2, 4], [2, 4, 2, 3], "0fb1,1o0i->f1b0", {}),
        ([1, 6, 6, 1], [3, 3, 1, 2], images, dict(padding=[[-1, 2], [1, -2]])),
        ([1, 5, 5, 1], [2, 2, 1, 1], images, dict(window_reversal=[True, False])),
        ([1, 3, 4, 3, 1], [2, 2, 2, 1, 2], "b012f,012io->b012f", dict(padding=[[0, 0], [1, 1], [0, 1]])),
        ([2, 3], [3, 4], "bf,io->bf", {}),
        ([0, 4, 4, 2], [2, 2, 2, 2], images, {}),
        ([1, 4, 4, 1], [3, 3, 1, 1], images, dict(window_strides=[3, 3], padding=[[1, 1], [1, 1]])),
    ]
    for lhs, rhs, layout, given in cases:
        given = dict(dimension_numbers=layout, **given)
        order = 0 if math.prod(lhs) == 0 else 2 if math.prod(lhs) * math.prod(rhs) < 500 else 1
        case("convolution", convolve(given), spread(lhs), spread(rhs, seed=1), order=order, **given)
    for dtype in FLOATS[1:] + ["i8", "i32"]:
        for lhs, rhs, layout, given in cases[1:3]:
            given = dict(dimension_numbers=layout, **given)
            case("convolution", convolve(given), whole(lhs, -2, 3, 0, dtype), whole(rhs, -2, 3, 1, dtype), **given)


def convolve(given):
    """In the layout b, f, i and o are batch, feature, input and output feature, as in StableHLO's text."""
    layout = given["dimension_numbers"]
    operands, out = layout.split("->")
    lhs, rhs = operands.split(",")
    letter = dict(b="N", f="C", i="I", o="O") | {str(i): "XYZ"[i] for i in range(3)}
    spec = tuple("".join(letter[axis] for axis in axes) for axes in (lhs, rhs, out))
    spatial = len(lhs) - 2
    reversed_axes = [rhs.index(str(i)) for i, flip in enumerate(given.get("window_reversal", [])) if flip]

    def function(x, kernel):
        return lax.conv_general_dilated(
            x,
            jnp.flip(kernel, reversed_axes) if reversed_axes else kernel,
            given.get("window_strides", [1] * spatial),
            given.get("padding", [[0, 0]] * spatial),
            given.get("lhs_dilation"),
            given.get("rhs_dilation"),
            lax.conv_dimension_numbers(x.shape, kernel.shape, spec),
            given.get("feature_group_count", 1),
            given.get("batch_group_count", 1),
        )

    return function
