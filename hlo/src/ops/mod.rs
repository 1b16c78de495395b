//! The operations. Each stands in one file: how it is built, its shape rule, its attributes, from
//! which text and bytecode are written, and its gradient.

mod alias;
mod all_gather;
mod all_reduce;
mod all_to_all;
mod binary;
mod broadcast;
mod call;
mod checkpoint;
mod clamp;
mod collective_permute;
mod compare;
mod concatenate;
mod cond;
mod constant;
mod convert;
mod convolution;
mod cumulative;
mod custom_call;
mod custom_vjp;
mod device_id;
mod dot;
mod dynamic_slice;
mod erf;
mod fold;
mod gather;
mod is_finite;
mod manual;
mod optimization_barrier;
mod pad;
mod reduce;
mod reduce_precision;
mod reduce_scatter;
mod reduce_window;
mod reshape;
mod reverse;
mod rng_bit_generator;
mod scan;
mod scatter;
mod select_and_scatter;
mod sharding_constraint;
mod slice;
mod softmax;
mod sort;
mod stop_gradient;
mod transpose;
mod unary;
mod while_loop;
mod window;

use std::fmt;
use std::sync::Arc;

use crate::attribute::{Attribute, Attributes, list};
use crate::graph::NodeId;
use crate::version::Version;
use crate::{Rule, Sharding, Tensor, Trace, Type};

pub(crate) use binary::BinaryKind;
pub use binary::Operand;
pub(crate) use call::Callee;
pub use call::Function;
pub use checkpoint::checkpoint;
pub use cond::{cond, switch};
pub use constant::Scalar;
pub use convolution::{Convolution, ConvolutionDimensions};
pub use custom_call::{CallConfig, CallLayouts, CallValue, CustomCall};
pub use custom_vjp::custom_vjp;
pub use dot::{DotDimensions, Precision};
pub(crate) use fold::Fold;
pub use gather::GatherDimensions;
pub use optimization_barrier::optimization_barrier;
pub use reduce::reduce;
pub use reduce_window::reduce_window;
pub use rng_bit_generator::Algorithm;
pub use scan::{scan, scan_reverse};
pub use scatter::scatter;
pub use sort::sort;
pub(crate) use sort::sort_with_places;
pub use while_loop::while_loop;
pub use window::{Padding, Window};

/// An operation with its attributes.
pub(crate) trait Op: fmt::Debug + Send + Sync {
    /// The name in StableHLO, without the dialect.
    fn name(&self) -> &'static str;

    /// The types of the results on operands of the given types, or the rule that they break.
    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule>;

    /// What becomes of the operation in a program.
    fn form(&self) -> Form;

    /// One cotangent per operand and then per capture, `None` where it is zero.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient>;

    /// The right-hand side of the statement in StableHLO's text form.
    fn print(&self, at: &Statement) -> String {
        match self.form() {
            Form::Operation { attributes, .. } => at.generic(self.name(), &attributes),
            Form::Alias | Form::Composite => unreachable!("{} is not written", self.name()),
        }
    }

    /// Whether [`Op::print`] only names what a region does, where that is a single operation.
    fn abbreviates(&self) -> bool {
        false
    }

    /// Whether text has one list of parameters for all regions.
    fn shares_parameters(&self) -> bool {
        false
    }

    /// The results made of other operations, where [`Form::Composite`] promises them. `used` tells
    /// which results anyone needs.
    fn expand<'t>(&self, _trace: &'t Trace, _at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        unreachable!("{} is no composite", self.name())
    }

    /// Whether it does something even where nobody needs its results.
    fn has_side_effect(&self) -> bool {
        false
    }

    /// Whether gradients take its results for constants.
    fn stops_gradients(&self) -> bool {
        false
    }

    /// Whether a result that nobody needs may go, with the result of the same position of every
    /// region.
    fn has_independent_results(&self) -> bool {
        false
    }

    /// The operation with those of its results, which have `types`, that are `used`, if it is another
    /// one then.
    fn pruned(&self, _types: &[Type], _used: &[bool]) -> Option<Arc<dyn Op>> {
        None
    }

    /// How a result is split among the devices of the mesh, if it says so.
    fn sharding(&self, _result: usize) -> Option<&Sharding> {
        None
    }

    /// The function that it calls.
    fn callee(&self) -> Option<&Callee> {
        None
    }

    /// Whether making the result anew costs less than keeping it: a reverse pass does so.
    fn is_free(&self) -> bool {
        false
    }
}

impl dyn Op {
    /// The attributes of an operation that is written as it is.
    pub(crate) fn attributes(&self) -> Attributes {
        match self.form() {
            Form::Operation { attributes, .. } => attributes,
            Form::Alias | Form::Composite => vec![],
        }
    }
}

/// What becomes of an operation in a program.
pub(crate) enum Form {
    /// One operation of StableHLO.
    Operation { attributes: Attributes, spellings: &'static [Spelling] },
    /// Nothing: result `i` is operand `i`.
    Alias,
    /// What [`Op::expand`] records.
    Composite,
}

/// How portable bytecode, in the VHLO dialect, spells an operation from a version of StableHLO on.
pub(crate) struct Spelling {
    pub(crate) since: Version,
    /// Such as `dot_general_v2`.
    pub(crate) name: &'static str,
    /// Attributes, by their names in VHLO, that this spelling does not have: a program that gives
    /// one of them another value than its default needs a newer spelling.
    pub(crate) without: &'static [&'static str],
    /// Attributes that this spelling has and text leaves out: what they are where the operation
    /// does not give them.
    pub(crate) defaults: &'static [(&'static str, Attribute)],
}

impl Spelling {
    /// The one spelling of an operation that has been the same since the first version.
    pub(crate) const fn first(name: &'static str) -> Self {
        Self::since(Version::FIRST, name)
    }

    /// A spelling that has every attribute.
    pub(crate) const fn since(since: Version, name: &'static str) -> Self {
        Self { since, name, without: &[], defaults: &[] }
    }

    /// The same spelling, which lacks some attributes.
    pub(crate) const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    /// The same spelling, which has attributes that text leaves out.
    pub(crate) const fn with(self, defaults: &'static [(&'static str, Attribute)]) -> Self {
        Self { defaults, ..self }
    }
}

pub(crate) type Cotangents<'t> = Vec<Option<Tensor<'t>>>;

/// Why an operation has no gradient.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoGradient(pub(crate) &'static str);

/// An application whose gradient is asked for.
pub(crate) struct Application<'t> {
    pub(crate) node: NodeId,
    /// The operands, then what the regions capture.
    pub(crate) operands: Vec<Tensor<'t>>,
    /// Which of them the cotangent is wanted of.
    pub(crate) wanted: Vec<bool>,
    pub(crate) results: Vec<Tensor<'t>>,
    /// The gradient of the loss with respect to each result, `None` where it is zero.
    pub(crate) cotangents: Vec<Option<Tensor<'t>>>,
}

impl<'t> Application<'t> {
    /// The only result.
    pub(crate) fn result(&self) -> Tensor<'t> {
        self.results[0]
    }

    /// The cotangent of the first result; of the only one it is never zero.
    #[track_caller]
    pub(crate) fn cotangent(&self) -> Tensor<'t> {
        self.cotangents[0].unwrap_or_else(|| self.results[0].zeros_like())
    }
}

impl<'t> Application<'t> {
    /// The positions of the results that have cotangents.
    pub(crate) fn seeded(&self) -> Vec<usize> {
        (0..self.results.len()).filter(|&i| self.cotangents[i].is_some()).collect()
    }

    /// The cotangents that there are, those of [`Application::seeded`].
    pub(crate) fn given(&self) -> Vec<Tensor<'t>> {
        self.cotangents.iter().flatten().copied().collect()
    }

    /// The positions of the operands, and captures, whose cotangents are wanted.
    pub(crate) fn wanted_positions(&self) -> Vec<usize> {
        (0..self.operands.len()).filter(|&i| self.wanted[i]).collect()
    }

    /// The cotangents of all operands: `parts` at `positions`, none elsewhere.
    pub(crate) fn cotangents_at(
        &self,
        positions: impl IntoIterator<Item = usize>,
        parts: impl IntoIterator<Item = Tensor<'t>>,
    ) -> Cotangents<'t> {
        let mut all = vec![None; self.operands.len()];
        for (position, part) in positions.into_iter().zip(parts) {
            all[position] = Some(part);
        }
        all
    }
}

/// A composite that is about to be replaced.
pub(crate) struct Expansion<'t> {
    pub(crate) node: NodeId,
    /// Without what the regions capture.
    pub(crate) operands: Vec<Tensor<'t>>,
    pub(crate) results: Vec<Tensor<'t>>,
    /// Which results are needed.
    pub(crate) used: Vec<bool>,
}

/// An application as the printer sees it.
pub(crate) struct Statement {
    pub(crate) operands: Vec<String>,
    pub(crate) operand_types: Vec<Type>,
    pub(crate) result_types: Vec<Type>,
    pub(crate) regions: Vec<PrintedRegion>,
    /// The white space before the statement.
    pub(crate) indent: String,
}

/// A region as the printer sees it.
pub(crate) struct PrintedRegion {
    pub(crate) parameters: Vec<(String, Type)>,
    /// The statements and the terminator, each on a line.
    pub(crate) body: String,
    /// The one operation that the region applies to its parameters in their order, if that is all
    /// and the operation that has the region [abbreviates](Op::abbreviates).
    pub(crate) single: Option<&'static str>,
}

impl Statement {
    /// The type of the only result.
    pub(crate) fn result_type(&self) -> Type {
        self.result_types[0]
    }

    /// `stablehlo.add %0, %1 : tensor<2xf32>`: operands and result of one type.
    pub(crate) fn uniform(&self, name: &str) -> String {
        let operands = self.operands.join(", ");
        format!("stablehlo.{name} {operands} : {}", self.result_type().mlir())
    }

    /// `stablehlo.reshape %0 : (tensor<4xf32>) -> tensor<2x2xf32>`, with `attributes` before the
    /// types.
    pub(crate) fn typed(&self, name: &str, attributes: &str) -> String {
        let operands = self.operands.join(", ");
        format!("stablehlo.{name} {operands}{attributes} : {}", self.signature())
    }

    /// `"stablehlo.gather"(%0, %1) <{slice_sizes = array<i64: 1>}> : …`: the form that every
    /// operation has.
    pub(crate) fn generic(&self, name: &str, attributes: &Attributes) -> String {
        let name = if name.contains('.') { name.to_owned() } else { format!("stablehlo.{name}") };
        let mut text = format!("\"{name}\"({})", self.operands.join(", "));
        if !attributes.is_empty() {
            let entry = |(name, value): &(&str, Attribute)| match value {
                Attribute::Unit => (*name).to_owned(),
                value => format!("{name} = {value}"),
            };
            text += &format!(" <{{{}}}>", list(attributes.iter().map(entry)));
        }
        if !self.regions.is_empty() {
            let region = |region: &PrintedRegion| {
                let parameters = region.parameters.iter();
                let parameters = parameters.map(|(name, ty)| format!("{name}: {}", ty.mlir()));
                let head = match list(parameters) {
                    none if none.is_empty() => String::new(),
                    some => format!("{}^bb0({some}):\n", self.indent),
                };
                format!("{{\n{head}{}{}}}", region.body, self.indent)
            };
            text += &format!(" ({})", list(self.regions.iter().map(region)));
        }
        format!("{text} : {}", self.signature())
    }

    /// `(tensor<2xf32>) -> tensor<2xf32>`.
    pub(crate) fn signature(&self) -> String {
        let operands = list(self.operand_types.iter().map(Type::mlir));
        match &self.result_types[..] {
            [result] => format!("({operands}) -> {}", result.mlir()),
            results => format!("({operands}) -> ({})", list(results.iter().map(Type::mlir))),
        }
    }
}
