//! What a compiled program takes and returns, read from the program itself.

use std::borrow::Cow;
use std::fmt;

use prost::Message as _;

use crate::error::{Error, Result};
use crate::{DType, HostArray};

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
}

impl fmt::Display for ArraySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.dtype, self.dims)
    }
}

/// What a compiled program takes and returns on each device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    pub(crate) inputs: Vec<ArraySpec>,
    pub(crate) outputs: Vec<ArraySpec>,
    /// The inputs whose memory the program takes over when they are donated, in ascending order.
    pub(crate) donatable: Vec<usize>,
}

impl Signature {
    /// Reads a serialised `HloModuleProto` that was compiled for `platform`.
    pub(crate) fn decode(module: &[u8], platform: &str) -> Result<Self> {
        let module = HloModule::decode(module).map_err(|error| unreadable(error.to_string()))?;
        let shape = module.host_program_shape.ok_or_else(|| unreadable("it states no shapes"))?;
        let results = match shape.result {
            None => Vec::new(),
            Some(result) if result.element_type == TUPLE => result.tuple_shapes,
            Some(result) => vec![result],
        };
        // A TPU chooses orders itself, so that arguments there have to be made in the order that
        // the program wants. Nothing does that yet, and no TPU was at hand to see what it does.
        if platform != "tpu" {
            row_major("argument", &shape.parameters)?;
            row_major("result", &results)?;
        }
        let inputs: Vec<ArraySpec> = shape.parameters.iter().map(array).collect::<Result<_>>()?;
        let outputs = results.iter().map(array).collect::<Result<_>>()?;
        let aliases = module.input_output_alias.unwrap_or_default().entries;
        let donors = module.buffer_donor.unwrap_or_default().entries;
        let mut donatable: Vec<usize> = aliases
            .iter()
            .map(|entry| entry.parameter_number)
            .chain(donors.iter().map(|entry| entry.parameter_number))
            .map(|number| match usize::try_from(number) {
                Ok(number) if number < inputs.len() => Ok(number),
                _ => Err(unreadable(format!("it donates parameter {number} of {}", inputs.len()))),
            })
            .collect::<Result<_>>()?;
        donatable.sort_unstable();
        donatable.dedup();
        Ok(Self { inputs, outputs, donatable })
    }
}

fn array(shape: &Shape) -> Result<ArraySpec> {
    if shape.is_dynamic_dimension.contains(&true) {
        return Err(unreadable("it has an array whose dimensions vary"));
    }
    let dtype = dtype(shape.element_type).ok_or_else(|| {
        unreadable(format!("element type {} of XLA has no buffer type", shape.element_type))
    })?;
    let dims = shape.dimensions.iter().map(|&dim| {
        usize::try_from(dim).map_err(|_| unreadable(format!("it has a dimension of {dim}")))
    });
    Ok(ArraySpec { dtype, dims: dims.collect::<Result<_>>()? })
}

/// Refuses a layout other than the one that buffers are made in: plugins take the bytes of an
/// argument for what its layout says, and some ignore the layout that a copy to the host asks for.
fn row_major(what: &str, shapes: &[Shape]) -> Result<()> {
    for (index, shape) in shapes.iter().enumerate() {
        let Some(Layout { minor_to_major: got }) = &shape.layout else { continue };
        let expected: Vec<i64> = (0..shape.dimensions.len() as i64).rev().collect();
        if *got != expected {
            return Err(unreadable(format!(
                "{what} {index} has the layout {got:?} and buffers have {expected:?}; leave its \
                 layout_mode out"
            )));
        }
    }
    Ok(())
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
    layout: Option<Layout>,
    #[prost(bool, repeated, tag = "6")]
    is_dynamic_dimension: Vec<bool>,
}

/// `xla.LayoutProto`, the field that is read here.
#[derive(Clone, PartialEq, prost::Message)]
struct Layout {
    #[prost(int64, repeated, tag = "1")]
    minor_to_major: Vec<i64>,
}

/// `xla.HloInputOutputAliasProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct InputOutputAlias {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<AliasEntry>,
}

/// `xla.HloInputOutputAliasProto.AliasEntryProto`, the field that is read here.
#[derive(Clone, PartialEq, prost::Message)]
struct AliasEntry {
    #[prost(int64, tag = "2")]
    parameter_number: i64,
}

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
        assert!(matches!(Signature::decode(&[0xff; 7], "cpu"), Err(Error::Signature { .. })));
        let error = Signature::decode(&[], "cpu").unwrap_err();
        insta::assert_snapshot!(error, @"the compiled program cannot be called: it states no shapes");
    }

    #[test]
    fn a_donated_parameter_that_does_not_exist_is_an_error() {
        let module = HloModule {
            host_program_shape: Some(ProgramShape::default()),
            buffer_donor: Some(BufferDonor { entries: vec![DonorEntry { parameter_number: 3 }] }),
            ..Default::default()
        };
        let error = Signature::decode(&module.encode_to_vec(), "cpu").unwrap_err();
        assert!(error.to_string().ends_with("it donates parameter 3 of 0"), "{error}");
    }

    #[test]
    #[cfg_attr(miri, ignore = "it would take an hour")]
    fn no_damage_to_a_module_does_worse_than_an_error() {
        let whole = include_bytes!("../../tests/data/optimized.pb");
        assert!(Signature::decode(whole, "cpu").is_ok());
        for at in (0..whole.len()).step_by(5) {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = whole.to_vec();
                damaged[at] ^= change;
                if let Ok(read) = Signature::decode(&damaged, "cpu") {
                    assert!(read.donatable.iter().all(|&input| input < read.inputs.len()));
                }
            }
        }
    }
}
