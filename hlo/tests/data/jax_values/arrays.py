"""Elements moved: shapes, slices, gather and scatter."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cases import DTYPES, FLOATS, SIGNED, UNSIGNED, array, case, family, spread, whole


@family
def shapes():
    for dtype in FLOATS + SIGNED + UNSIGNED + ["i1"]:
        values = [False, True, True, False, True, False] if dtype == "i1" else [0, 1, 2, 5, 7, 100]
        numbers = dict(dtype=dtype, shape=[2, 3], values=values)
        case("constant_array", lambda: jnp.array(array(values, dtype)).reshape(2, 3), **numbers)
        case("full", lambda: jnp.full([2, 0, 3], 1, DTYPES[dtype]), dtype=dtype, shape=[2, 0, 3], value=values[1])
    case("full", lambda: jnp.full([2], -0.1, np.float32), dtype="f32", shape=[2], value=-0.1)
    case("zeros_like", lambda x: jnp.zeros_like(x) + x, spread([2, 3]), order=1)
    for dtype in FLOATS + SIGNED + UNSIGNED:
        case(
            "iota",
            lambda: lax.broadcasted_iota(DTYPES[dtype], (2, 3, 2), 1),
            dtype=dtype,
            shape=[2, 3, 2],
            iota_dimension=1,
        )
    case("iota", lambda: lax.broadcasted_iota(np.int32, (0, 3), 0), dtype="i32", shape=[0, 3], iota_dimension=0)
    for start, shape, dims in [
        ([], [2, 2], []),
        ([3], [3, 2], [0]),
        ([2, 1], [2, 3, 4], [0, 2]),
        ([1, 1], [0, 2], [0, 1]),
        ([0], [2, 0], [1]),
    ]:
        x = spread(start)
        case(
            "broadcast_in_dim",
            lambda x: lax.broadcast_in_dim(x, shape, dims),
            x,
            order=2 if math.prod(shape) else 0,
            shape=shape,
            broadcast_dimensions=dims,
        )
    case(
        "broadcast_in_dim",
        lambda x: lax.broadcast_in_dim(x, [2, 2, 1], [1]),
        array([True, False], "i1"),
        shape=[2, 2, 1],
        broadcast_dimensions=[1],
    )
    for start, shape in [([], [2, 3]), ([3], [2, 3]), ([2, 1, 1], [2, 3, 4])]:
        case("broadcast_to", lambda x: jnp.broadcast_to(x, shape), spread(start), order=1, shape=shape)
    for start, shape in [([2, 3], [6]), ([4, 3], [2, 1, 6]), ([], [1, 1]), ([1], []), ([0, 5], [3, 0, 2])]:
        case("reshape", lambda x: lax.reshape(x, shape), spread(start), order=2 if math.prod(shape) else 0, shape=shape)
    for start, permutation in [
        ([2, 3], [1, 0]),
        ([2, 3, 4], [2, 0, 1]),
        ([2, 1, 3, 2], [3, 1, 0, 2]),
        ([3, 0], [1, 0]),
        ([], []),
    ]:
        case("transpose", lambda x: lax.transpose(x, permutation), spread(start), order=2, permutation=permutation)
    slices = [
        ([5], [1], [4], [1]),
        ([4, 5, 3], [0, 1, 2], [4, 5, 3], [2, 3, 1]),
        ([3, 4], [1, 0], [1, 4], [1, 3]),
        ([2, 7], [0, 6], [2, 7], [5, 9]),
        ([], [], [], []),
    ]
    for shape, start, limit, strides in slices:
        numbers = dict(start_indices=start, limit_indices=limit, strides=strides)
        case("slice", lambda x: lax.slice(x, start, limit, strides), spread(shape), order=2, **numbers)
        case("slice", lambda x: lax.slice(x, start, limit, strides), whole(shape, 0, 99, dtype="i16"), **numbers)
    pads = [
        ([2, 3], [(1, 2, 0), (0, 1, 2)]),
        ([4, 3], [(-1, 2, 1), (2, -2, 0)]),
        ([5], [(-2, -1, 2)]),
        ([2, 0], [(1, 0, 0), (1, 1, 3)]),
        ([3], [(-2, -1, 0)]),
        ([1, 4], [(0, 0, 5), (-3, 0, 2)]),
        ([], []),
    ]
    for shape, config in pads:
        names = ["edge_padding_low", "edge_padding_high", "interior_padding"]
        numbers = {name: [axis[i] for axis in config] for i, name in enumerate(names)}
        case("pad", lambda x, value: lax.pad(x, value, config), spread(shape), array(7.0), order=2, **numbers)
        case(
            "pad",
            lambda x, value: lax.pad(x, value, config),
            spread(shape, dtype="bf16"),
            array(7.0, "bf16"),
            **numbers
        )
        case("pad", lambda x, value: lax.pad(x, value, config), whole(shape, 0, 99), array(-1, "i32"), **numbers)
    joined = [([[2, 3], [2, 1], [2, 0]], 1), ([[1, 2], [3, 2]], 0), ([[4]], 0), ([[2, 1, 3], [2, 2, 3], [2, 1, 3]], 1)]
    for shapes, axis in joined:
        parts = [spread(shape, seed=i) for i, shape in enumerate(shapes)]
        case("concatenate", lambda *x: lax.concatenate(x, axis), *parts, order=2, dimension=axis)
        parts = [whole(shape, 0, 2, i, "i1") for i, shape in enumerate(shapes)]
        case("concatenate", lambda *x: lax.concatenate(x, axis), *parts, dimension=axis)
    for shape, axes in [([2, 3], [0]), ([2, 3, 4], [2, 0]), ([5], [0]), ([3], []), ([0, 2], [0, 1])]:
        case("reverse", lambda x: lax.rev(x, axes), spread(shape), order=2, dimensions=axes)
        case("reverse", lambda x: lax.rev(x, axes), whole(shape, 0, 99, dtype="ui8"), dimensions=axes)
    for dtype in FLOATS + SIGNED + UNSIGNED + ["i1"]:
        x = whole([3, 2], 0, 2 if dtype == "i1" else 100, dtype=dtype)
        case("transpose", lambda x: lax.transpose(x, [1, 0]), x, permutation=[1, 0])
        case("reverse", lambda x: lax.rev(x, [1]), x, dimensions=[1])
        case("concatenate", lambda *x: lax.concatenate(x, 0), x, x, dimension=0)


@family
def arrangement():
    x, i = spread([2, 3, 2]), whole([2, 3, 2], 0, 99, dtype="ui8")
    for axis in [0, 1, -1]:
        case("expand_dims", lambda x: jnp.expand_dims(x, axis), x, order=1, axis=axis)
        case("stack", lambda *x: jnp.stack(x, axis), x, spread([2, 3, 2], seed=1), order=1, axis=axis)
        for shift in [1, -5, 0]:
            case("roll", lambda x: jnp.roll(x, shift, axis), x, order=1, axis=axis, shift=shift)
        for count in [0, 1, 3]:
            case("repeat", lambda x: jnp.repeat(x, count, axis), x, order=1, axis=axis, count=count)
            counts = [count if at == axis % 3 else 1 for at in range(3)]
            case("tile", lambda x: jnp.tile(x, counts), x, order=1, axis=axis, count=count)
        case("roll", lambda x: jnp.roll(x, 2, axis), i, axis=axis, shift=2)
        case("repeat", lambda x: jnp.repeat(x, 2, axis), i, axis=axis, count=2)
        case("tile", lambda x: jnp.tile(x, [2 if at == axis % 3 else 1 for at in range(3)]), i, axis=axis, count=2)
    case("stack", lambda *x: jnp.stack(x, 0), array(1, "i8"), array(2, "i8"), array(3, "i8"), axis=0)
    case("squeeze", lambda x: jnp.squeeze(x, 1), spread([2, 1, 3]), order=1, axis=1)
    case("squeeze", lambda x: jnp.squeeze(x, -1), spread([1], dtype="f32"), axis=-1)
    # Into two parts.
    case("split_axis", lambda x: tuple(jnp.split(x, 2, 2)), x, order=1, axis=2)
    case("split_axis", lambda x: tuple(jnp.split(x, 2, 0)), i, axis=0)


@family
def dynamic_slices():
    for shape, starts, sizes in [
        ([5], [1], [3]),
        ([5], [4], [3]),
        ([4, 5], [-2, 9], [2, 5]),
        ([2, 3, 4], [1, 0, 2], [1, 2, 2]),
        ([3], [1], [0]),
        ([], [], []),
    ]:
        for index in ["i32", "i64", "ui8"]:
            if index == "ui8" and min(starts, default=0) < 0:
                continue
            scalars = [array(start, index) for start in starts]
            order = 2 if index == "i32" else 0
            case(
                "dynamic_slice",
                lambda x, *at: lax.dynamic_slice(x, at, sizes, allow_negative_indices=False),
                spread(shape),
                *scalars,
                order=order,
                slice_sizes=sizes
            )
            update = spread(sizes, seed=1)
            case(
                "dynamic_update_slice",
                lambda x, y, *at: lax.dynamic_update_slice(x, y, at, allow_negative_indices=False),
                spread(shape),
                update,
                *scalars,
                order=order
            )
    case(
        "dynamic_slice",
        lambda x, *at: lax.dynamic_slice(x, at, [200]),
        whole([300], 0, 99, dtype="f64"),
        array(90, "i8"),
        slice_sizes=[200],
    )
    case(
        "dynamic_slice",
        lambda x, *at: lax.dynamic_slice(x, at, [9]),
        whole([300], 0, 99, dtype="f64"),
        array(255, "ui8"),
        slice_sizes=[9],
    )
    x, y = whole([300], 0, 99, dtype="f64"), spread([9], seed=1)
    case("dynamic_update_slice", lambda x, y, *at: lax.dynamic_update_slice(x, y, at), x, y, array(120, "i8"))
    for dtype in FLOATS[1:] + ["i8", "ui64", "i1"]:
        x, y, at = whole([3, 4], 0, 2, 0, dtype), whole([2, 2], 0, 2, 1, dtype), [array(i, "i32") for i in [1, 2]]
        case("dynamic_slice", lambda x, *at: lax.dynamic_slice(x, at, [2, 2]), x, *at, slice_sizes=[2, 2])
        case(
            "dynamic_update_slice",
            lambda x, y, *at: lax.dynamic_update_slice(x, y, at, allow_negative_indices=False),
            x,
            y,
            *at
        )


def gather_case(operand, indices, order, index_vector_dim=None, slice_sizes=(), **numbers):
    at = indices.ndim - 1 if index_vector_dim is None else index_vector_dim
    if at == indices.ndim:
        to_jax = lambda indices: indices[..., None]
    else:
        to_jax = lambda indices: jnp.moveaxis(indices, at, -1)
    given = lax.GatherDimensionNumbers(**{name: tuple(axes) for name, axes in numbers.items()})

    def function(operand, indices):
        return lax.gather(operand, to_jax(indices), given, tuple(slice_sizes), mode="clip")

    case("gather", function, operand, indices, order=order, index_vector_dim=at, slice_sizes=slice_sizes, **numbers)


SCATTERS = {
    "add": lax.scatter_add,
    "assign": lax.scatter,
    "maximum": lax.scatter_max,
    "minimum": lax.scatter_min,
    "multiply": lax.scatter_mul,
}


def scatter_case(body, operand, indices, updates, order, index_vector_dim=None, unique=False, **numbers):
    at = indices.ndim - 1 if index_vector_dim is None else index_vector_dim
    if at == indices.ndim:
        to_jax = lambda indices: indices[..., None]
    else:
        to_jax = lambda indices: jnp.moveaxis(indices, at, -1)
    jax_names = {"input_batching_dims": "operand_batching_dims"}
    given = lax.ScatterDimensionNumbers(**{jax_names.get(name, name): tuple(axes) for name, axes in numbers.items()})

    def function(operand, indices, updates):
        return SCATTERS[body](operand, to_jax(indices), updates, given, mode="drop", unique_indices=unique)

    case(
        "scatter",
        function,
        operand,
        indices,
        updates,
        order=order,
        body=body,
        index_vector_dim=at,
        unique_indices=unique,
        **numbers
    )


@family
def gather():
    rows = dict(offset_dims=[1], collapsed_slice_dims=[0], start_index_map=[0], slice_sizes=[1, 3])
    gather_case(spread([5, 3]), array([[0], [4], [4], [2]], "i32"), 2, **rows)
    gather_case(spread([5, 3]), array([[7], [-3], [1]], "i32"), 2, **rows)
    gather_case(spread([5, 3]), array([1, 0, 3], "i64"), 1, index_vector_dim=1, **rows)
    points = dict(offset_dims=[], collapsed_slice_dims=[0, 1], slice_sizes=[1, 1])
    gather_case(spread([4, 3]), array([[0, 1], [3, 2], [0, 1]], "i32"), 2, start_index_map=[0, 1], **points)
    gather_case(
        spread([4, 3]), array([[0, 1, 2], [3, 2, 9]], "i32"), 1, start_index_map=[1, 0], index_vector_dim=0, **points
    )
    windows = dict(offset_dims=[1, 2], collapsed_slice_dims=[], start_index_map=[0, 1], slice_sizes=[2, 2])
    gather_case(spread([4, 5]), array([[1, 1], [3, 4], [-1, 0]], "i32"), 2, **windows)
    first = dict(offset_dims=[0, 2], collapsed_slice_dims=[1], start_index_map=[1, 2], slice_sizes=[2, 1, 2])
    gather_case(spread([2, 4, 3]), array([[[0, 1], [3, 0]], [[2, 9], [1, 1]]], "i32"), 2, **first)
    batch = dict(
        offset_dims=[2],
        collapsed_slice_dims=[1],
        operand_batching_dims=[0],
        start_indices_batching_dims=[0],
        start_index_map=[1],
        slice_sizes=[1, 1, 3],
    )
    gather_case(spread([2, 4, 3]), array([[[0], [3]], [[2], [2]]], "i32"), 2, **batch)
    swapped = dict(
        offset_dims=[],
        collapsed_slice_dims=[0],
        operand_batching_dims=[1, 2],
        start_indices_batching_dims=[1, 0],
        start_index_map=[0],
        slice_sizes=[1, 1, 1],
    )
    gather_case(spread([4, 2, 3]), whole([3, 2, 1], 0, 4), 2, **swapped)
    # Places beyond what the type of the indices can say.
    tall = dict(offset_dims=[1], collapsed_slice_dims=[0], start_index_map=[0], slice_sizes=[1, 1])
    gather_case(whole([300, 1], 0, 99, dtype="f64"), array([[5], [127], [-3]], "i8"), 1, **tall)
    gather_case(whole([300, 1], 0, 99, dtype="f64"), array([[5], [255]], "ui8"), 0, **tall)
    gather_case(spread([5, 1]), array([[5], [2**64 - 1], [1]], "ui64"), 0, **tall)
    gather_case(spread([5, 3]), np.zeros([0, 1], np.int32), 0, **rows)
    gather_case(
        spread([]),
        np.zeros([2, 0], np.int32),
        0,
        offset_dims=[],
        collapsed_slice_dims=[],
        start_index_map=[],
        slice_sizes=[],
    )
    for dtype in FLOATS[1:] + SIGNED + UNSIGNED + ["i1"]:
        gather_case(whole([3, 3], 0, 2, 0, dtype), array([[2], [0]], "ui32"), 0, **rows)


@family
def scatter():
    rows = dict(update_window_dims=[1], inserted_window_dims=[0], scatter_dims_to_operand_dims=[0])
    for body in SCATTERS:
        unique = array([[4], [0], [2]], "i32")
        # Elements that neither add up nor are the larger: distinct ones.
        scatter_case(body, spread([5, 2]), unique, spread([3, 2], -1.9, 2.1, 1), 2, unique=True, **rows)
        for dtype in FLOATS[1:] + SIGNED + UNSIGNED if body in ["add", "assign"] else ["bf16", "i32", "ui8"]:
            low = 0 if dtype in UNSIGNED else -3
            scatter_case(body, whole([5, 2], low, 4, 0, dtype), unique, whole([3, 2], low, 4, 1, dtype), 0, **rows)
        if body != "assign":
            repeated = array([[4], [9], [4], [-1], [4]], "i32")
            order = 2 if body == "add" else 0
            scatter_case(body, spread([5, 2]), repeated, spread([5, 2], seed=1), order, **rows)
        scatter_case(body, spread([5, 2]), np.zeros([0, 1], np.int32), spread([0, 2]), 0, **rows)
    scatter_case("add", spread([5, 2]), array([1, 1, 3], "i64"), spread([3, 2], seed=1), 1, index_vector_dim=1, **rows)
    scatter_case(
        "add", whole([300, 1], 0, 99, dtype="f64"), array([[5], [127], [-3]], "i8"), spread([3, 1], seed=1), 1, **rows
    )
    points = dict(update_window_dims=[], inserted_window_dims=[0, 1])
    scatter_case(
        "add",
        spread([4, 3]),
        array([[0, 1, 2], [3, 2, 9]], "i32"),
        spread([3], seed=1),
        1,
        index_vector_dim=0,
        scatter_dims_to_operand_dims=[1, 0],
        **points
    )
    scatter_case(
        "assign",
        spread([4, 3]),
        array([[0, 1], [3, 2]], "i32"),
        spread([2], seed=1),
        2,
        scatter_dims_to_operand_dims=[0, 1],
        unique=True,
        **points
    )
    windows = dict(update_window_dims=[1, 2], inserted_window_dims=[], scatter_dims_to_operand_dims=[0, 1])
    scatter_case(
        "add", spread([4, 5]), array([[1, 1], [3, 4], [-1, 0], [2, 2]], "i32"), spread([4, 2, 2], seed=1), 2, **windows
    )
    batch = dict(
        update_window_dims=[2],
        inserted_window_dims=[1],
        input_batching_dims=[0],
        scatter_indices_batching_dims=[0],
        scatter_dims_to_operand_dims=[1],
    )
    scatter_case(
        "add", spread([2, 4, 3]), array([[[0], [3]], [[2], [2]]], "i32"), spread([2, 2, 3], seed=1), 2, **batch
    )
    scatter_case(
        "assign",
        spread([2, 4, 3]),
        array([[[0], [3]], [[2], [1]]], "i32"),
        spread([2, 2, 3], seed=1),
        2,
        unique=True,
        **batch
    )


@family
def take():
    # From the end, and beyond either end.
    outside = array([3, -1, -4, 4, -5, 100], "i32")
    case("take", lambda x, indices: jnp.take(x, indices, 0), spread([4, 2]), outside, order=1, axis=0)
    case("take", lambda x, indices: jnp.take(x, indices, 0), whole([4], 0, 9), outside, axis=0)
    case(
        "take_along_axis", lambda x, indices: jnp.take_along_axis(x, indices, 0), spread([4]), outside, order=1, axis=0
    )
    # Of indices of 8 bits JAX itself counts from the end of a long axis to a wrong place.
    tall, places = whole([300], 0, 99, dtype="f64"), array([5, 127, 3], "i8")
    case("take", lambda x, indices: jnp.take(x, indices, 0), tall, places, axis=0)
    case("take_along_axis", lambda x, indices: jnp.take_along_axis(x, indices, 0), tall, places, axis=0)
    for shape, axis, indices in [
        ([5], 0, [3, 0, 3]),
        ([3, 4], 0, [[2, 0], [1, 1]]),
        ([3, 4], -1, [3, 3, 0]),
        ([2, 3, 2], 1, 2),
        ([3, 2], 1, []),
    ]:
        indices = array(indices, "i32")
        case("take", lambda x, indices: jnp.take(x, indices, axis), spread(shape), indices, order=2, axis=axis)
    case("take", lambda x, indices: jnp.take(x, indices, 0), whole([4], 0, 9), array([[3]], "ui8"), axis=0)
    for shape, axis, dims in [
        ([5], 0, [3]),
        ([3, 4], 0, [2, 4]),
        ([3, 4], -1, [3, 2]),
        ([2, 3, 2], 1, [2, 5, 2]),
        ([2, 3], 1, [2, 0]),
        ([2, 3], 1, [1, 2]),
    ]:
        indices = whole(dims, 0, shape[axis], 3)
        case(
            "take_along_axis",
            lambda x, indices: jnp.take_along_axis(x, indices, axis),
            spread(shape),
            indices,
            order=2,
            axis=axis,
        )
    case(
        "take_along_axis",
        lambda x, indices: jnp.take_along_axis(x, indices, 0),
        whole([4, 1], 0, 9, dtype="i8"),
        array([[3], [0]], "i64"),
        axis=0,
    )
    pick = lambda x, indices: jnp.take_along_axis(x, indices[..., None], -1)[..., 0]
    case("pick", pick, spread([4, 3]), array([2, 0, 1, 1], "i32"), order=2)
    case("pick", pick, spread([2, 2, 5], dtype="f32"), array([[4, 0], [1, 3]], "ui8"))
    for dtype in FLOATS + ["i32", "ui8", "i1"]:
        case(
            "one_hot",
            lambda x: jax.nn.one_hot(x, 3, dtype=DTYPES[dtype]),
            array([[0, 2], [3, -1]], "i32"),
            classes=3,
            dtype=dtype,
        )
    case("one_hot", lambda x: jax.nn.one_hot(x, 300, dtype=np.int8), array([255, 44], "ui8"), classes=300, dtype="i8")
    case("one_hot", lambda x: jax.nn.one_hot(x, 2, dtype=np.float32), array(1, "i64"), classes=2, dtype="f32")
