"""Collectives: the first axis of every input and output is the devices."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import PartitionSpec

from cases import case, family, spread


@family
def collectives():
    mesh = jax.make_mesh((4,), ("d",), axis_types=(jax.sharding.AxisType.Auto,))

    def on_devices(function):
        body = lambda *x: jax.tree.map(lambda y: y[None], function(*(part[0] for part in x)))
        return jax.shard_map(
            body, mesh=mesh, in_specs=PartitionSpec("d"), out_specs=PartitionSpec("d"), check_vma=False
        )

    x = spread([4, 2, 4])
    for groups in [[[0, 1, 2, 3]], [[0, 2], [1, 3]]]:
        for body, function in {"add": lax.psum, "maximum": lax.pmax, "minimum": lax.pmin}.items():
            reduce = on_devices(lambda x: function(x, "d", axis_index_groups=groups))
            case("all_reduce", reduce, x, order=1 if body == "add" else 0, body=body, replica_groups=groups)
        gathered = on_devices(lambda x: lax.all_gather(x, "d", axis=1, tiled=True, axis_index_groups=groups))
        case("all_gather", gathered, x, order=1, all_gather_dim=1, replica_groups=groups)
        scattered = on_devices(
            lambda x: lax.psum_scatter(x, "d", scatter_dimension=1, tiled=True, axis_index_groups=groups)
        )
        case("reduce_scatter", scattered, x, order=1, body="add", scatter_dimension=1, replica_groups=groups)
        exchanged = on_devices(
            lambda x: lax.all_to_all(x, "d", split_axis=1, concat_axis=0, tiled=True, axis_index_groups=groups)
        )
        case(
            "all_to_all",
            exchanged,
            x,
            order=1,
            split_dimension=1,
            concat_dimension=0,
            split_count=len(groups[0]),
            replica_groups=groups,
        )
    for pairs in [[[0, 1], [1, 2], [2, 3], [3, 0]], [[0, 3], [2, 1]]]:
        moved = on_devices(lambda x: lax.ppermute(x, "d", pairs))
        case("collective_permute", moved, x, order=1, source_target_pairs=pairs)
    case("partition_id", on_devices(lambda x: lax.axis_index("d").astype(np.float64)), x, order=1)
    case("pmean", on_devices(lambda x: lax.pmean(x, "d")), x, order=1, replica_groups=[[0, 1, 2, 3]])
    # What JAX has no collective for, on the whole array.
    everyone = dict(replica_groups=[[0, 1, 2, 3]])
    product = lambda x: jnp.broadcast_to(jnp.prod(x, 0), x.shape)
    case("all_reduce", product, x, body="multiply", **everyone)
    scattered_maximum = lambda x: jnp.stack(jnp.split(jnp.max(x, 0), 4, 1))
    case("reduce_scatter", scattered_maximum, x, order=1, body="maximum", scatter_dimension=1, **everyone)
    column = lambda x: jnp.arange(4.0) % 2 + 0 * x[:, 0, 0]
    case("axis_index", column, x, order=1, replica_groups=[[0, 1], [2, 3]])
