//! What a compiled program takes and returns, read from the program itself.

use std::borrow::Cow;
use std::fmt;

use prost::Message as _;

use crate::error::{Error, Result};
use crate::{DType, HostArray, Layout, host_array};

/// Element type and dimensions of an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArraySpec {
    /// The element type.
    pub dtype: DType,
    /// The dimensions, most significant first.
    pub dims: Vec<usize>,
}

impl ArraySpec {
    /// An array of `dtype` with dimensions `dims`.
    pub fn new(dtype: DType, dims: &[usize]) -> Self {
        Self { dtype, dims: dims.to_vec() }
    }

    /// What a host array is.
    pub fn of(array: &HostArray) -> Self {
        Self::new(array.dtype(), array.dims())
    }

    /// The dimensions as the interface has them, of an array that a host could hold: plugins end the
    /// process where a size overflows.
    pub(crate) fn raw_dims(&self) -> Result<Vec<i64>> {
        host_array::byte_len(self.dtype, &self.dims)?;
        Ok(host_array::raw_dims(&self.dims))
    }
}

impl fmt::Display for ArraySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.dtype, self.dims)
    }
}

/// A result that a program writes into the memory of an argument that is donated to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alias {
    /// The argument, by its position.
    pub input: usize,
    /// The result, by its position.
    pub output: usize,
    /// Whether the program can't be run without the donation; otherwise it copies an argument that
    /// is lent.
    pub must: bool,
}

/// What a compiled program takes and returns on each device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    pub(crate) inputs: Vec<ArraySpec>,
    pub(crate) input_layouts: Vec<Layout>,
    pub(crate) outputs: Vec<ArraySpec>,
    pub(crate) output_layouts: Vec<Layout>,
    /// By input, in ascending order.
    pub(crate) aliases: Vec<Alias>,
    /// The inputs that are offered by the program, and whose memory no output takes, in ascending
    /// order.
    pub(crate) refused: Vec<usize>,
    /// All of these inputs, in ascending order.
    pub(crate) donatable: Vec<usize>,
}

impl Signature {
    /// Reads a serialised `HloModuleProto`.
    pub(crate) fn decode(module: &[u8]) -> Result<Self> {
        let module = HloModule::decode(module).map_err(|error| unreadable(error.to_string()))?;
        let shape = module.host_program_shape.ok_or_else(|| unreadable("it states no shapes"))?;
        let results = match shape.result {
            None => Vec::new(),
            Some(result) if result.element_type == TUPLE => result.tuple_shapes,
            Some(result) => vec![result],
        };
        let inputs: Vec<ArraySpec> = shape.parameters.iter().map(array).collect::<Result<_>>()?;
        let input_layouts = shape.parameters.iter().map(layout).collect::<Result<_>>()?;
        let outputs: Vec<ArraySpec> = results.iter().map(array).collect::<Result<_>>()?;
        let output_layouts = results.iter().map(layout).collect::<Result<_>>()?;
        let aliases = module.input_output_alias.unwrap_or_default().entries;
        let donors = module.buffer_donor.unwrap_or_default().entries;
        let input = |number: i64| match usize::try_from(number) {
            Ok(number) if number < inputs.len() => Ok(number),
            _ => Err(unreadable(format!("it donates parameter {number} of {}", inputs.len()))),
        };
        let alias = |entry: &AliasEntry| {
            // A result that is no tuple has no index.
            let index = entry.output_shape_index.first().copied().unwrap_or(0);
            let output = usize::try_from(index).ok().filter(|&output| output < outputs.len());
            let outside = || unreadable(format!("it aliases result {index} of {}", outputs.len()));
            let must = entry.kind == MUST_ALIAS;
            Ok(Alias {
                input: input(entry.parameter_number)?,
                output: output.ok_or_else(outside)?,
                must,
            })
        };
        let mut aliases: Vec<Alias> = aliases.iter().map(alias).collect::<Result<_>>()?;
        aliases.sort_unstable_by_key(|alias| alias.input);
        let mut refused: Vec<usize> =
            donors.iter().map(|entry| input(entry.parameter_number)).collect::<Result<_>>()?;
        refused.sort_unstable();
        let mut donatable: Vec<usize> = aliases.iter().map(|alias| alias.input).collect();
        donatable.extend(&refused);
        donatable.sort_unstable();
        donatable.dedup();
        Ok(Self { inputs, input_layouts, outputs, output_layouts, aliases, refused, donatable })
    }
}

fn array(shape: &Shape) -> Result<ArraySpec> {
    if shape.is_dynamic_dimension.contains(&true) {
        return Err(unreadable("it has an array whose dimensions vary"));
    }
    let dtype = dtype(shape.element_type).ok_or_else(|| {
        unreadable(match shape.element_type {
            TUPLE => {
                "it takes a tuple, or returns one inside another, which no buffer holds".to_owned()
            }
            14 => "it takes or returns an opaque value, which no buffer holds".to_owned(),
            17 => "it takes or returns a token, which no buffer holds".to_owned(),
            other => format!("element type {other} of XLA has no buffer type"),
        })
    })?;
    let dims = shape.dimensions.iter().map(|&dim| {
        usize::try_from(dim).map_err(|_| unreadable(format!("it has a dimension of {dim}")))
    });
    Ok(ArraySpec { dtype, dims: dims.collect::<Result<_>>()? })
}

fn layout(shape: &Shape) -> Result<Layout> {
    let rank = shape.dimensions.len();
    let Some(layout) = &shape.layout else { return Ok(Layout::row_major(rank)) };
    let tiles: Vec<&[i64]> = layout.tiles.iter().map(|tile| tile.dimensions.as_slice()).collect();
    Layout::new(rank, layout.minor_to_major.clone(), &tiles).ok_or_else(|| {
        let order = &layout.minor_to_major;
        unreadable(format!("it has an array of {rank} dimensions in the order {order:?}"))
    })
}

fn unreadable(reason: impl Into<Cow<'static, str>>) -> Error {
    Error::Signature { reason: reason.into() }
}

const TUPLE: i32 = 13;

/// The type that `xla.PrimitiveType` numbers so; the numbers are not those of PJRT.
fn dtype(primitive_type: i32) -> Option<DType> {
    Some(match primitive_type {
        1 => DType::Pred,
        2 => DType::S8,
        3 => DType::S16,
        4 => DType::S32,
        5 => DType::S64,
        6 => DType::U8,
        7 => DType::U16,
        8 => DType::U32,
        9 => DType::U64,
        10 => DType::F16,
        11 => DType::F32,
        12 => DType::F64,
        15 => DType::C64,
        16 => DType::Bf16,
        18 => DType::C128,
        19 => DType::F8E5M2,
        20 => DType::F8E4M3FN,
        23 => DType::F8E4M3B11FNUZ,
        24 => DType::F8E5M2FNUZ,
        25 => DType::F8E4M3FNUZ,
        28 => DType::F8E4M3,
        29 => DType::F8E3M4,
        33 => DType::F8E8M0FNU,
        21 => DType::S4,
        22 => DType::U4,
        26 => DType::S2,
        27 => DType::U2,
        32 => DType::F4E2M1FN,
        30 => DType::S1,
        31 => DType::U1,
        35 => DType::F6E3M2FN,
        36 => DType::F6E2M3FN,
        _ => return None,
    })
}

/// `xla.HloModuleProto`, the fields that are read here.
#[derive(Clone, PartialEq, prost::Message)]
struct HloModule {
    #[prost(message, optional, tag = "4")]
    host_program_shape: Option<ProgramShape>,
    #[prost(message, optional, tag = "8")]
    input_output_alias: Option<InputOutputAlias>,
    #[prost(message, optional, tag = "18")]
    buffer_donor: Option<BufferDonor>,
}

/// `xla.ProgramShapeProto`, the fields that are read here.
#[derive(Clone, PartialEq, prost::Message)]
struct ProgramShape {
    #[prost(message, repeated, tag = "1")]
    parameters: Vec<Shape>,
    #[prost(message, optional, tag = "2")]
    result: Option<Shape>,
}

/// `xla.ShapeProto`, the fields that are read here.
#[derive(Clone, PartialEq, prost::Message)]
struct Shape {
    #[prost(int32, tag = "2")]
    element_type: i32,
    #[prost(int64, repeated, tag = "3")]
    dimensions: Vec<i64>,
    #[prost(message, repeated, tag = "4")]
    tuple_shapes: Vec<Shape>,
    #[prost(message, optional, tag = "5")]
    layout: Option<ShapeLayout>,
    #[prost(bool, repeated, tag = "6")]
    is_dynamic_dimension: Vec<bool>,
}

/// `xla.LayoutProto`, the fields that are read here.
#[derive(Clone, PartialEq, prost::Message)]
struct ShapeLayout {
    #[prost(int64, repeated, tag = "1")]
    minor_to_major: Vec<i64>,
    #[prost(message, repeated, tag = "6")]
    tiles: Vec<Tile>,
}

/// `xla.TileProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct Tile {
    #[prost(int64, repeated, tag = "1")]
    dimensions: Vec<i64>,
}

/// `xla.HloInputOutputAliasProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct InputOutputAlias {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<AliasEntry>,
}

/// `xla.HloInputOutputAliasProto.AliasEntryProto`, the fields that are read here.
#[derive(Clone, PartialEq, prost::Message)]
struct AliasEntry {
    #[prost(int64, repeated, tag = "1")]
    output_shape_index: Vec<i64>,
    #[prost(int64, tag = "2")]
    parameter_number: i64,
    #[prost(int32, tag = "4")]
    kind: i32,
}

/// `xla.Kind` of an alias without which the program can't run.
const MUST_ALIAS: i32 = 2;

/// `xla.HloBufferDonorProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct BufferDonor {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<DonorEntry>,
}

/// `xla.HloBufferDonorProto.BufferDonorEntryProto`, the field that is read here.
#[derive(Clone, PartialEq, prost::Message)]
struct DonorEntry {
    #[prost(int64, tag = "1")]
    parameter_number: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_module_are_an_error() {
        assert!(matches!(Signature::decode(&[0xff; 7]), Err(Error::Signature { .. })));
        let error = Signature::decode(&[]).unwrap_err();
        insta::assert_snapshot!(error, @"the compiled program cannot be called: it states no shapes");
    }

    #[test]
    fn a_donated_parameter_that_does_not_exist_is_an_error() {
        let module = HloModule {
            host_program_shape: Some(ProgramShape::default()),
            buffer_donor: Some(BufferDonor { entries: vec![DonorEntry { parameter_number: 3 }] }),
            ..Default::default()
        };
        let error = Signature::decode(&module.encode_to_vec()).unwrap_err();
        assert!(error.to_string().ends_with("it donates parameter 3 of 0"), "{error}");
    }

    #[test]
    fn an_alias_of_a_result_that_does_not_exist_is_an_error() {
        let scalar = Shape { element_type: 11, ..Default::default() };
        let entry = AliasEntry { output_shape_index: vec![1], ..Default::default() };
        let module = HloModule {
            host_program_shape: Some(ProgramShape {
                parameters: vec![scalar.clone()],
                result: Some(scalar),
            }),
            input_output_alias: Some(InputOutputAlias { entries: vec![entry] }),
            ..Default::default()
        };
        let error = Signature::decode(&module.encode_to_vec()).unwrap_err();
        assert!(error.to_string().ends_with("it aliases result 1 of 1"), "{error}");
    }

    #[test]
    fn arrays_are_read_with_the_order_and_the_tiles_that_they_are_kept_in() {
        let layouts = |minor_to_major: &[i64]| {
            let tiles = vec![Tile { dimensions: vec![8, 128] }, Tile { dimensions: vec![2, 1] }];
            let layout = ShapeLayout { minor_to_major: minor_to_major.to_vec(), tiles };
            let array = Shape {
                element_type: 11,
                dimensions: vec![16, 4],
                layout: Some(layout),
                ..Default::default()
            };
            let unsaid = Shape { layout: None, ..array.clone() };
            let shape = ProgramShape { parameters: vec![array, unsaid], result: None };
            let module = HloModule { host_program_shape: Some(shape), ..Default::default() };
            Ok::<_, Error>(Signature::decode(&module.encode_to_vec())?.input_layouts)
        };
        let text: Vec<_> = layouts(&[0, 1]).unwrap().iter().map(Layout::to_string).collect();
        assert_eq!(text, ["{0,1:T(8,128)(2,1)}", "{1,0}"]);
        for order in [&[0][..], &[0, 0], &[1, 2], &[-1, 0]] {
            let error = layouts(order).unwrap_err();
            assert!(matches!(error, Error::Signature { .. }), "{error}");
        }
        insta::assert_snapshot!(layouts(&[1]).unwrap_err(), @"the compiled program cannot be called: it has an array of 2 dimensions in the order [1]");
    }

    #[test]
    #[cfg_attr(miri, ignore = "it would take an hour")]
    fn no_damage_to_a_module_does_worse_than_an_error() {
        let whole = include_bytes!("../../tests/data/optimized.pb");
        assert!(Signature::decode(whole).is_ok());
        for at in (0..whole.len()).step_by(5) {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = whole.to_vec();
                damaged[at] ^= change;
                if let Ok(read) = Signature::decode(&damaged) {
                    assert!(read.donatable.iter().all(|&input| input < read.inputs.len()));
                }
            }
        }
    }
}
