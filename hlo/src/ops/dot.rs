//! Products of tensors summed over common axes.

use std::fmt;

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::{Attribute, Field};
use crate::shape::check_distinct;
use crate::version::Version;
use crate::{DType, Rule, Tensor, Type};

/// How many digits a product of `f32` matrices keeps on devices that could be faster with fewer.
/// A CPU always computes in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The fastest: one pass in `bf16` on a TPU.
    Default,
    /// Three passes in `bf16` on a TPU.
    High,
    /// Full `f32`.
    #[default]
    Highest,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "DEFAULT",
            Self::High => "HIGH",
            Self::Highest => "HIGHEST",
        })
    }
}

/// Which axes of the two operands of [`Tensor::dot_general`] belong together, in pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DotDimensions {
    /// Summed over: axes of the left.
    pub lhs_contracting: Vec<usize>,
    /// Summed over: axes of the right.
    pub rhs_contracting: Vec<usize>,
    /// Kept as the leading axes of the result: axes of the left.
    pub lhs_batch: Vec<usize>,
    /// Kept as the leading axes of the result: axes of the right.
    pub rhs_batch: Vec<usize>,
}

/// How a backend is to compute a product: as it likes.
const ALGORITHM: &[(&str, Attribute)] = &[
    ("lhs_precision_type", Attribute::Unsaid),
    ("rhs_precision_type", Attribute::Unsaid),
    ("accumulation_type", Attribute::Unsaid),
    ("lhs_component_count", Attribute::Unsaid),
    ("rhs_component_count", Attribute::Unsaid),
    ("num_primitive_operations", Attribute::Unsaid),
    ("allow_imprecise_accumulation", Attribute::Unsaid),
];

#[derive(Clone, Debug)]
struct DotGeneral {
    dimensions: DotDimensions,
    precision: Precision,
    /// Of the result, in which the products are added up.
    dtype: DType,
}

impl<'t> Tensor<'t> {
    /// The product of two tensors, summed over the contracting axes. The result has the batch axes,
    /// then what is left of the left operand, then what is left of the right one.
    #[track_caller]
    pub fn dot_general(self, rhs: Self, dimensions: DotDimensions) -> Self {
        self.dot_general_to(rhs, dimensions, self.dtype())
    }

    /// [`Tensor::dot_general`] with elements of `dtype`, in which the products are added up: of the
    /// operands' kind and no narrower than they are, such as `f32` for operands of `bf16`.
    #[track_caller]
    pub fn dot_general_to(self, rhs: Self, dimensions: DotDimensions, dtype: DType) -> Self {
        let precision = self.trace().precision();
        self.trace().apply(DotGeneral { dimensions, precision, dtype }, &[self, rhs])
    }
}

/// The axes below `rank` that are in none of the two lists.
fn free(rank: usize, batch: &[usize], contracting: &[usize]) -> Vec<usize> {
    (0..rank).filter(|axis| !batch.contains(axis) && !contracting.contains(axis)).collect()
}

/// Whether products of `operands` may be added up in `dtype`.
fn holds_sums_of(dtype: DType, operands: DType) -> bool {
    let kind = |dtype: DType| (dtype.is_float(), dtype.is_signed());
    // Two types of one width have different numbers: bf16 and f16.
    dtype == operands || (kind(dtype) == kind(operands) && dtype.bits() > operands.bits())
}

impl Op for DotGeneral {
    fn name(&self) -> &'static str {
        "dot_general"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (lhs, rhs) = (operands[0], operands[1]);
        let DotDimensions { lhs_contracting, rhs_contracting, lhs_batch, rhs_batch } =
            &self.dimensions;
        if lhs.dtype != rhs.dtype {
            return Err(Rule::DTypes { lhs: lhs.dtype, rhs: rhs.dtype });
        }
        lhs.dtype.check_number()?;
        if !holds_sums_of(self.dtype, lhs.dtype) {
            return Err(Rule::Accumulation { operands: lhs.dtype, result: self.dtype });
        }
        check_distinct(&[&lhs_batch[..], lhs_contracting].concat(), lhs.shape.len())?;
        check_distinct(&[&rhs_batch[..], rhs_contracting].concat(), rhs.shape.len())?;
        for (left, right) in [(lhs_contracting, rhs_contracting), (lhs_batch, rhs_batch)] {
            if left.len() != right.len() {
                return Err(Rule::AxisPairs { lhs: left.len(), rhs: right.len() });
            }
            for (&lhs_axis, &rhs_axis) in left.iter().zip(right) {
                let (lhs, rhs) = (lhs.shape[lhs_axis], rhs.shape[rhs_axis]);
                if lhs != rhs {
                    return Err(Rule::Contraction { lhs_axis, lhs, rhs_axis, rhs });
                }
            }
        }
        let batch = lhs_batch.iter().map(|&axis| lhs.shape[axis]);
        let left = free(lhs.shape.len(), lhs_batch, lhs_contracting);
        let right = free(rhs.shape.len(), rhs_batch, rhs_contracting);
        let left = left.into_iter().map(|axis| lhs.shape[axis]);
        let right = right.into_iter().map(|axis| rhs.shape[axis]);
        Ok(vec![Type::new(self.dtype, batch.chain(left).chain(right).collect())])
    }

    fn form(&self) -> Form {
        let precision = self.precision.attribute();
        Form::Operation {
            attributes: vec![
                ("dot_dimension_numbers", self.dimensions.attribute()),
                ("precision_config", Attribute::Array(vec![precision.clone(), precision])),
            ],
            spellings: const {
                &[
                    Spelling::first("dot_general_v1"),
                    Spelling::since(Version::new(1, 6, 0), "dot_general_v2").with(ALGORITHM),
                ]
            },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let DotDimensions { lhs_contracting, rhs_contracting, lhs_batch, rhs_batch } =
            &self.dimensions;
        let batch = if lhs_batch.is_empty() {
            String::new()
        } else {
            format!(", batching_dims = {lhs_batch:?} x {rhs_batch:?}")
        };
        let precision = self.precision;
        at.typed(
            self.name(),
            &format!(
                "{batch}, contracting_dims = {lhs_contracting:?} x {rhs_contracting:?}, \
                 precision = [{precision}, {precision}]"
            ),
        )
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (lhs, rhs, dy) = (at.operands[0], at.operands[1], at.cotangent());
        let DotDimensions { lhs_contracting, rhs_contracting, lhs_batch, rhs_batch } =
            &self.dimensions;
        let lhs_free = free(lhs.shape().len(), lhs_batch, lhs_contracting);
        let rhs_free = free(rhs.shape().len(), rhs_batch, rhs_contracting);
        let batch: Vec<_> = (0..lhs_batch.len()).collect();
        // Axes of the result: batch, free of the left, free of the right.
        let from_left: Vec<_> = (batch.len()..batch.len() + lhs_free.len()).collect();
        let from_right: Vec<_> = (batch.len() + lhs_free.len()..dy.shape().len()).collect();

        // dlhs = dy · rhs over the free axes of the right: [batch, free of the left, contracted],
        // the contracted ones in the order in which they stand in the right.
        let dlhs = || {
            let dimensions = DotDimensions {
                lhs_contracting: from_right,
                rhs_contracting: rhs_free.clone(),
                lhs_batch: batch.clone(),
                rhs_batch: rhs_batch.clone(),
            };
            let contracted = partners(rhs_contracting, lhs_contracting);
            let dlhs = self.again(dy, rhs, dimensions).to(lhs.dtype());
            put_back(dlhs, [&lhs_batch[..], &lhs_free, &contracted].concat())
        };

        // drhs = lhs · dy over the free axes of the left: [batch, contracted, free of the right].
        let drhs = || {
            let dimensions = DotDimensions {
                lhs_contracting: lhs_free.clone(),
                rhs_contracting: from_left,
                lhs_batch: lhs_batch.clone(),
                rhs_batch: batch.clone(),
            };
            let contracted = partners(lhs_contracting, rhs_contracting);
            let drhs = self.again(lhs, dy, dimensions).to(rhs.dtype());
            put_back(drhs, [&rhs_batch[..], &contracted, &rhs_free].concat())
        };
        Ok(vec![at.wanted[0].then(dlhs), at.wanted[1].then(drhs)])
    }
}

impl Precision {
    /// As dot products and convolutions have it for each operand.
    pub(super) fn attribute(self) -> Attribute {
        let case = match self {
            Self::Default => "DEFAULT",
            Self::High => "HIGH",
            Self::Highest => "HIGHEST",
        };
        Attribute::Enum { kind: "precision", case }
    }
}

impl DotDimensions {
    fn attribute(&self) -> Attribute {
        let axes = |axes: &Vec<usize>| Field::Axes(axes.clone());
        Attribute::Dimensions {
            kind: "dot",
            fields: vec![
                ("lhs_batching_dimensions", axes(&self.lhs_batch)),
                ("rhs_batching_dimensions", axes(&self.rhs_batch)),
                ("lhs_contracting_dimensions", axes(&self.lhs_contracting)),
                ("rhs_contracting_dimensions", axes(&self.rhs_contracting)),
            ],
        }
    }
}

impl DotGeneral {
    /// A product of the same kind, in the type in which this one adds up.
    fn again<'t>(&self, lhs: Tensor<'t>, rhs: Tensor<'t>, dimensions: DotDimensions) -> Tensor<'t> {
        let operands = [lhs.to(self.dtype), rhs.to(self.dtype)];
        lhs.trace().apply(DotGeneral { dimensions, ..self.clone() }, &operands)
    }
}

/// The axes of `theirs` in the order in which their partners in `mine` stand in the operand.
fn partners(mine: &[usize], theirs: &[usize]) -> Vec<usize> {
    let mut pairs: Vec<_> = mine.iter().zip(theirs).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, &axis)| axis).collect()
}

/// Moves axis `i` of `tensor` to `positions[i]`.
fn put_back<'t>(tensor: Tensor<'t>, positions: Vec<usize>) -> Tensor<'t> {
    let mut permutation = vec![0; positions.len()];
    for (from, to) in positions.into_iter().enumerate() {
        permutation[to] = from;
    }
    tensor.transpose(permutation)
}
