//! How arrays are split among the partitions of a program.

use super::HloModuleError;
use super::proto::OpSharding;

/// How an array is split: along each dimension into tiles of equal size, of which the last ones may
/// be cut off or empty, and which partition has which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharding {
    /// The number of tiles along each dimension; empty if every partition has the whole array.
    tiles: Vec<usize>,
    /// For each partition, the number of its tile, row-major; empty likewise.
    of_partition: Vec<usize>,
}

/// More partitions than any system has devices; a few bytes may speak of more than memory holds.
const MOST: usize = 1 << 16;

/// Numbers of `xla.OpSharding.Type`.
mod kind {
    pub(super) const REPLICATED: i32 = 0;
    pub(super) const TUPLE: i32 = 2;
    pub(super) const OTHER: i32 = 3;
}

/// The shardings of a tuple's elements, or the sharding itself.
pub(super) fn leaves(sharding: &OpSharding) -> Vec<&OpSharding> {
    if sharding.kind == kind::TUPLE {
        sharding.tuple_shardings.iter().flat_map(leaves).collect()
    } else {
        vec![sharding]
    }
}

impl Sharding {
    /// Every partition has the whole array.
    pub fn replicated() -> Self {
        Self { tiles: Vec::new(), of_partition: Vec::new() }
    }

    pub(super) fn of(sharding: &OpSharding) -> Result<Self, HloModuleError> {
        let unknown = |problem: String| HloModuleError::Sharding { problem };
        match sharding.kind {
            kind::REPLICATED => return Ok(Self::replicated()),
            kind::OTHER => {}
            1 => return Err(unknown("it is on one device alone (maximal)".to_owned())),
            other => return Err(unknown(format!("sharding of type {other}"))),
        }
        let damaged = || unknown(format!("{sharding:?}"));
        let dims = sizes(&sharding.tile_assignment_dimensions).ok_or_else(damaged)?;
        let count = product(&dims).ok_or_else(damaged)?;
        if count > MOST {
            return Err(unknown(format!("it is among {count} partitions, more than {MOST}")));
        }
        let devices = match sharding.tile_assignment_devices.as_slice() {
            [] => sizes(&sharding.iota_reshape_dims)
                .filter(|reshape| product(reshape) == Some(count))
                .and_then(|reshape| iota(&reshape, &sharding.iota_transpose_perm)),
            listed => sizes(listed).filter(|devices| devices.len() == count),
        };
        let devices = devices.ok_or_else(damaged)?;
        let subgroups = match sharding.replicate_on_last_tile_dim {
            true => 1,
            false => sharding.last_tile_dims.len(),
        };
        // Partitions along the last ones have the same tile.
        let rank = dims.len().checked_sub(subgroups).ok_or_else(damaged)?;
        let (tiles, same) = dims.split_at(rank);
        let same: usize = same.iter().product();
        let mut of_partition = vec![None; count];
        for (position, &partition) in devices.iter().enumerate() {
            *of_partition.get_mut(partition).ok_or_else(damaged)? = Some(position / same);
        }
        let of_partition = of_partition.into_iter().collect::<Option<Vec<_>>>();
        let of_partition = of_partition.ok_or_else(damaged)?;
        Ok(Self { tiles: tiles.to_vec(), of_partition })
    }

    /// The number of tiles along a dimension.
    pub fn tiles(&self, dimension: usize) -> usize {
        self.tiles.get(dimension).copied().unwrap_or(1)
    }

    /// The position of a partition's tile among the tiles along each of `rank` dimensions.
    pub fn tile(&self, partition: usize, rank: usize) -> Vec<usize> {
        let mut number = self.of_partition.get(partition).copied().unwrap_or(0);
        let mut tile = vec![0; rank];
        for dimension in (0..rank).rev() {
            let tiles = self.tiles(dimension);
            tile[dimension] = number % tiles;
            number /= tiles;
        }
        tile
    }
}

/// The product of sizes that are at least 1 each.
fn product(sizes: &[usize]) -> Option<usize> {
    sizes.iter().try_fold(1_usize, |product, &size| match size {
        0 => None,
        _ => product.checked_mul(size),
    })
}

/// The numbers from 0 on in the shape `dims`, its dimensions in the order that `permutation` says,
/// row-major. None if that is no permutation, by which there could be more numbers than the shape
/// has.
fn iota(dims: &[usize], permutation: &[i32]) -> Option<Vec<usize>> {
    let mut strides = vec![1; dims.len()];
    for axis in (1..dims.len()).rev() {
        strides[axis - 1] = dims[axis] * strides[axis];
    }
    let axes: Vec<_> = permutation.iter().map(|&axis| usize::try_from(axis).ok()).collect();
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq((0..dims.len()).map(Some)) {
        return None;
    }
    let mut numbers = vec![0];
    for axis in axes.into_iter().flatten() {
        let (dim, stride) = (dims[axis], strides[axis]);
        let along = |start: usize| (0..dim).map(move |index| start + index * stride);
        numbers = numbers.into_iter().flat_map(along).collect();
    }
    Some(numbers)
}

fn sizes(numbers: &[i64]) -> Option<Vec<usize>> {
    numbers.iter().map(|&number| usize::try_from(number).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sharding(tiles: &[i64], devices: &[i64]) -> OpSharding {
        OpSharding {
            kind: kind::OTHER,
            tile_assignment_dimensions: tiles.to_vec(),
            tile_assignment_devices: devices.to_vec(),
            ..Default::default()
        }
    }

    fn iota(tiles: &[i64], dims: &[i64], permutation: &[i32]) -> OpSharding {
        OpSharding {
            iota_reshape_dims: dims.to_vec(),
            iota_transpose_perm: permutation.to_vec(),
            ..sharding(tiles, &[])
        }
    }

    /// The tiles of an array of rank 2 that each partition has.
    fn tiles(sharding: &OpSharding, partitions: usize) -> Vec<Vec<usize>> {
        let sharding = Sharding::of(sharding).unwrap();
        (0..partitions).map(|partition| sharding.tile(partition, 2)).collect()
    }

    #[test]
    fn listed_partitions_have_tiles_row_major() {
        let listed = tiles(&sharding(&[2, 2], &[3, 1, 0, 2]), 4);
        assert_eq!(listed, [[1, 0], [0, 1], [1, 1], [0, 0]]);
    }

    /// The specification of GSPMD's text form: `[2,4]<=[4,2]T(1,0)` are the numbers from 0 to 7 as
    /// four rows, transposed.
    #[test]
    fn an_iota_is_transposed() {
        let transposed = iota(&[2, 4], &[4, 2], &[1, 0]);
        let rows = [[0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2], [0, 3], [1, 3]];
        assert_eq!(tiles(&transposed, 8), rows);
    }

    #[test]
    fn partitions_along_the_last_dimensions_have_the_same_tile() {
        let replicated =
            OpSharding { replicate_on_last_tile_dim: true, ..sharding(&[2, 1, 2], &[0, 2, 1, 3]) };
        assert_eq!(tiles(&replicated, 4), [[0, 0], [1, 0], [0, 0], [1, 0]]);
        let subgroups =
            OpSharding { last_tile_dims: vec![0], ..sharding(&[1, 2, 2], &[0, 1, 2, 3]) };
        assert_eq!(tiles(&subgroups, 4), [[0, 0], [0, 0], [0, 1], [0, 1]]);
    }

    #[test]
    fn what_is_not_split_into_tiles_is_an_error() {
        for sharding in [
            OpSharding { kind: 1, ..sharding(&[1], &[0]) },
            OpSharding { kind: 4, ..Default::default() },
            sharding(&[2], &[0]),
            sharding(&[2], &[0, 2]),
            sharding(&[2], &[0, 0]),
            sharding(&[0], &[]),
            sharding(&[-1], &[0]),
            OpSharding { last_tile_dims: vec![0, 0], ..sharding(&[1], &[0]) },
            OpSharding { iota_transpose_perm: vec![1], ..sharding(&[1], &[]) },
            iota(&[4], &[2, 2], &[0]),
            iota(&[4], &[2, 2], &[1, 1]),
            iota(&[4], &[2, 2], &[0, 2]),
            iota(&[4], &[2, 4], &[0, 1]),
        ] {
            let error = Sharding::of(&sharding).unwrap_err();
            assert!(matches!(error, HloModuleError::Sharding { .. }), "{error}");
        }
    }

    #[test]
    fn more_partitions_than_memory_holds_are_an_error() {
        for sharding in [
            // Their product in 64 bits is 0, which is as many as are listed.
            sharding(&[1 << 32, 1 << 32], &[]),
            iota(&[1 << 32, 1 << 32], &[1 << 32, 1 << 32], &[0, 1]),
            iota(&[1 << 40], &[1 << 40], &[0]),
            iota(&[1], &[1 << 40], &[0]),
            iota(&[1], &[1 << 32, 1 << 32], &[0, 1]),
        ] {
            let error = Sharding::of(&sharding).unwrap_err();
            assert!(matches!(error, HloModuleError::Sharding { .. }), "{error}");
        }
        let most = Sharding::of(&iota(&[1 << 16], &[1 << 16], &[0])).unwrap();
        assert_eq!(most.tile((1 << 16) - 1, 1), [(1 << 16) - 1]);
    }
}
