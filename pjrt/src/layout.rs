//! How arrays lie in a device's memory.

use std::fmt;

use xla_sys::bindings::{
    PJRT_Buffer, PJRT_Buffer_MemoryLayout, PJRT_Buffer_MemoryLayout_Tiled,
    PJRT_Buffer_MemoryLayout_Type_Tiled, PJRT_Buffer_MemoryLayout_Value, PJRT_Layouts_Extension,
    PJRT_Layouts_MemoryLayout, PJRT_Layouts_MemoryLayout_Destroy_Args,
    PJRT_Layouts_MemoryLayout_Serialize_Args, PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args,
    PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args,
    PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, PJRT_TopologyDescription,
};

use crate::api::{Api, Handle, Table, call, text};
use crate::error::{Error, Result};
use crate::{ArraySpec, Client, Extension, extension};

/// How the elements of an array lie in a device's memory: the order of the dimensions, and the
/// tiles that the fastest ones are cut into.
///
/// It is written as XLA writes it: `{1,0}` is a row-major matrix, `{0,1:T(4,128)}` one whose columns
/// lie together, cut into tiles of 4 × 128. How many bits an element takes follows from its type,
/// and is no part of it.
///
/// On the host arrays are always row-major: [`Buffer`](crate::Buffer)s are put into that order when
/// they are read. Programs for CPUs and GPUs take and return row-major arrays, unless they ask for
/// something else (`mhlo.layout_mode`); a TPU has a default of its own for each shape.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Layout {
    minor_to_major: Vec<i64>,
    /// Those of all tiles, one tile after the other.
    tile_dims: Vec<i64>,
    tile_ranks: Vec<usize>,
}

/// What stands in a tile for a dimension that is merged with the next.
const MERGED: i64 = i64::MIN;

impl Layout {
    /// The last dimension lies closest together, as on the host.
    pub(crate) fn row_major(rank: usize) -> Self {
        Self::untiled((0..rank as i64).rev().collect())
    }

    fn untiled(minor_to_major: Vec<i64>) -> Self {
        Self { minor_to_major, tile_dims: Vec::new(), tile_ranks: Vec::new() }
    }

    /// A layout for an array of this rank, if the dimensions are named once each.
    pub(crate) fn new(rank: usize, minor_to_major: Vec<i64>, tiles: &[&[i64]]) -> Option<Self> {
        let mut sorted = minor_to_major.clone();
        sorted.sort_unstable();
        sorted.iter().copied().eq(0..rank as i64).then(|| Self {
            minor_to_major,
            tile_dims: tiles.concat(),
            tile_ranks: tiles.iter().map(|tile| tile.len()).collect(),
        })
    }

    /// The dimensions, the one whose elements lie closest together first.
    pub fn minor_to_major(&self) -> &[i64] {
        &self.minor_to_major
    }

    /// Whether the elements are cut into tiles.
    pub fn is_tiled(&self) -> bool {
        !self.tile_ranks.is_empty()
    }

    /// Whether the elements lie as they do on the host.
    pub fn is_row_major(&self) -> bool {
        !self.is_tiled() && self.minor_to_major.iter().rev().copied().eq(0..self.rank() as i64)
    }

    /// How many dimensions it is for.
    pub(crate) fn rank(&self) -> usize {
        self.minor_to_major.len()
    }

    /// The order of the dimensions alone.
    pub(crate) fn without_tiles(&self) -> Self {
        Self::untiled(self.minor_to_major.clone())
    }

    /// The dimensions, the one whose elements lie farthest apart first: a row-major array with its
    /// dimensions in this order lies in memory as this layout says.
    pub(crate) fn major_to_minor(&self) -> Vec<usize> {
        self.minor_to_major.iter().rev().map(|&dim| dim as usize).collect()
    }

    /// Where each dimension stands in [`major_to_minor`](Self::major_to_minor).
    pub(crate) fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.rank()];
        for (place, dim) in self.major_to_minor().into_iter().enumerate() {
            places[dim] = place;
        }
        places
    }

    /// The layout as the interface has it, which points into this one.
    pub(crate) fn raw(&self) -> PJRT_Buffer_MemoryLayout {
        let tiled = PJRT_Buffer_MemoryLayout_Tiled {
            minor_to_major: self.minor_to_major.as_ptr(),
            minor_to_major_size: self.minor_to_major.len(),
            tile_dims: self.tile_dims.as_ptr(),
            tile_dim_sizes: self.tile_ranks.as_ptr(),
            num_tiles: self.tile_ranks.len(),
            ..Default::default()
        };
        PJRT_Buffer_MemoryLayout {
            layout: PJRT_Buffer_MemoryLayout_Value { tiled },
            r#type: PJRT_Buffer_MemoryLayout_Type_Tiled,
            ..Default::default()
        }
    }

    /// Reads what XLA writes: `{0,1:T(8,128)(2,1)E(4)}`.
    fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('{')?.strip_suffix('}')?;
        let (order, rest) = inner.split_once(':').unwrap_or((inner, ""));
        let minor_to_major = match order {
            "" => Vec::new(),
            _ => order.split(',').map(|dim| dim.parse().ok()).collect::<Option<Vec<_>>>()?,
        };
        let mut tiles = Vec::new();
        // Other letters stand for what isn't kept here.
        let mut rest = rest.strip_prefix('T').unwrap_or_default();
        while let Some((tile, after)) = rest.strip_prefix('(').and_then(|it| it.split_once(')')) {
            let dim = |dim: &str| if dim == "*" { Some(MERGED) } else { dim.parse().ok() };
            tiles.push(tile.split(',').map(dim).collect::<Option<Vec<i64>>>()?);
            rest = after;
        }
        let tiles: Vec<&[i64]> = tiles.iter().map(Vec::as_slice).collect();
        Self::new(minor_to_major.len(), minor_to_major, &tiles)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |dims: &[i64]| {
            let name = |&dim: &i64| if dim == MERGED { "*".to_owned() } else { dim.to_string() };
            dims.iter().map(name).collect::<Vec<_>>().join(",")
        };
        write!(f, "{{{}", list(&self.minor_to_major))?;
        let mut dims = self.tile_dims.as_slice();
        for (index, &rank) in self.tile_ranks.iter().enumerate() {
            let (tile, after) = dims.split_at(rank);
            write!(f, "{}({})", if index == 0 { ":T" } else { "" }, list(tile))?;
            dims = after;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The extension for layouts.
fn functions(api: &Api) -> Result<Table<'_, PJRT_Layouts_Extension>> {
    extension::table(api, Extension::LAYOUTS)
}

/// The layout of a buffer that is alive.
pub(crate) fn of_buffer(api: &Api, buffer: Handle<PJRT_Buffer>) -> Result<Layout> {
    let buffer = buffer.as_ptr();
    let mut args = PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args { buffer, ..Default::default() };
    // SAFETY: the buffer is alive; the layout is the caller's.
    unsafe { call!(functions(api)?, PJRT_Layouts_PJRT_Buffer_MemoryLayout, &raw mut args) }?;
    take(api, "PJRT_Layouts_PJRT_Buffer_MemoryLayout", args.layout)
}

/// The layout that a client gives an array unless told otherwise.
pub(crate) fn default_of_client(client: &Client, spec: &ArraySpec) -> Result<Layout> {
    let (api, dims) = (client.api(), spec.raw_dims()?);
    let mut args = PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args {
        client: client.handle().as_ptr(),
        r#type: spec.dtype.code(api)?,
        dims: dims.as_ptr(),
        num_dims: dims.len(),
        ..Default::default()
    };
    // SAFETY: the client is alive, and the dimensions until the call returns; the layout is the
    // caller's.
    unsafe { call!(functions(api)?, PJRT_Layouts_PJRT_Client_GetDefaultLayout, &raw mut args) }?;
    take(api, "PJRT_Layouts_PJRT_Client_GetDefaultLayout", args.layout)
}

/// The layout that devices of a topology that is alive give an array unless told otherwise.
pub(crate) fn default_of_topology(
    api: &Api,
    topology: Handle<PJRT_TopologyDescription>,
    spec: &ArraySpec,
) -> Result<Layout> {
    let dims = spec.raw_dims()?;
    let mut args = PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args {
        topology_description: topology.as_ptr(),
        r#type: spec.dtype.code(api)?,
        dims: dims.as_ptr(),
        num_dims: dims.len(),
        ..Default::default()
    };
    // SAFETY: the topology is alive, and the dimensions until the call returns; the layout is the
    // caller's.
    unsafe { call!(functions(api)?, PJRT_Layouts_PJRT_Topology_GetDefaultLayout, &raw mut args) }?;
    take(api, "PJRT_Layouts_PJRT_Topology_GetDefaultLayout", args.layout)
}

/// Reads a layout that a plugin's function gave to the caller, and gives it up.
fn take(
    api: &Api,
    function: &'static str,
    layout: *mut PJRT_Layouts_MemoryLayout,
) -> Result<Layout> {
    let layout = api.handle(function, layout)?.as_ptr();
    let written = write(api, layout);
    let mut args = PJRT_Layouts_MemoryLayout_Destroy_Args { layout, ..Default::default() };
    // SAFETY: the layout is the caller's, and is given up here, once.
    unsafe { call!(functions(api)?, PJRT_Layouts_MemoryLayout_Destroy, &raw mut args) }?;
    let written = written?;
    Layout::parse(&written).ok_or_else(|| Error::Contract {
        function,
        plugin: api.path().to_owned(),
        got: format!("the layout `{written}`"),
    })
}

fn write(api: &Api, layout: *mut PJRT_Layouts_MemoryLayout) -> Result<String> {
    let mut args = PJRT_Layouts_MemoryLayout_Serialize_Args { layout, ..Default::default() };
    // SAFETY: the layout is alive; the text is copied before it is given up, once.
    unsafe {
        call!(functions(api)?, PJRT_Layouts_MemoryLayout_Serialize, &raw mut args)?;
        let written = text(args.serialized_bytes, args.serialized_bytes_size);
        if let Some(delete) = args.serialized_layout_deleter {
            delete(args.serialized_layout);
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_read_and_written_as_xla_writes_them() {
        for text in ["{}", "{0}", "{1,0}", "{0,2,1:T(8,128)}", "{1,0:T(8,128)(2,1)}", "{:T(256)}"] {
            assert_eq!(Layout::parse(text).unwrap().to_string(), text);
        }
        let merged = Layout::parse("{2,1,0:T(*,8,128)}").unwrap();
        assert_eq!((merged.tile_dims.as_slice(), merged.is_tiled()), (&[MERGED, 8, 128][..], true));
        assert_eq!(merged.to_string(), "{2,1,0:T(*,8,128)}");
        assert_eq!(
            Layout::parse("{1,0:T(8,128)(4,1)E(4)S(5)}"),
            Layout::parse("{1,0:T(8,128)(4,1)}")
        );
        assert_eq!(Layout::parse("{0,1:E(4)}"), Layout::parse("{0,1}"));
        for text in ["", "{0", "{0,0}", "{1}", "{a}", "{0:T(x)}"] {
            assert_eq!(Layout::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_an_untiled_layout_with_the_last_dimension_first_is_row_major() {
        let is_row_major = |text| Layout::parse(text).unwrap().is_row_major();
        assert!(["{}", "{0}", "{1,0}", "{2,1,0}"].into_iter().all(is_row_major));
        assert!(!["{0,1}", "{1,0:T(8,128)}", "{:T(256)}"].into_iter().any(is_row_major));
    }
}
