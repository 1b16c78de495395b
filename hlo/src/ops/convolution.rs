//! Sums of products over windows: convolution.

use std::fmt::{self, Display};

use super::window::{Padding, Span, Window, counts, entries, padding_attribute, span_attribute};
use super::{Application, Cotangents, Form, NoGradient, Op, Precision, Spelling};
use crate::attribute::Attribute;
use crate::shape::is_permutation;
use crate::{Rule, Shape, Tensor, Type};

/// How a kernel goes over its input in [`Tensor::conv`]. The lists have an entry for each spatial
/// axis; one that is left empty has 1, or `false`, for each.
///
/// ```
/// use hlo::{Convolution, Padding};
///
/// let halved = Convolution {
///     strides: vec![2, 2],
///     padding: Padding::Same,
///     ..Convolution::default()
/// };
/// assert_eq!(halved.feature_group_count, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// How far it is from one place of the kernel to the next.
    pub strides: Vec<usize>,
    /// What stands around the input; zeros.
    pub padding: Padding,
    /// How far it is from one element of the input to the next once it has been spread, with zeros
    /// between: what a transposed convolution has for its strides.
    pub lhs_dilation: Vec<usize>,
    /// How far it is from one element of the kernel to the next.
    pub rhs_dilation: Vec<usize>,
    /// Whether the kernel lies the other way round, as mathematics has it.
    pub window_reversal: Vec<bool>,
    /// Which axis means what: [`ConvolutionDimensions::channels_last`] if it is not said.
    pub dimension_numbers: Option<ConvolutionDimensions>,
    /// Into how many groups the features of the input and those of the output fall, each group of
    /// the output made of one of the input. As many as the input has features: depthwise.
    pub feature_group_count: usize,
    /// Into how many groups the examples of the input and the features of the output fall, each
    /// group of features made of one of examples.
    pub batch_group_count: usize,
}

impl Default for Convolution {
    /// A kernel that goes on by one, within the input, with channels last.
    fn default() -> Self {
        Self {
            strides: vec![],
            padding: Padding::default(),
            lhs_dilation: vec![],
            rhs_dilation: vec![],
            window_reversal: vec![],
            dimension_numbers: None,
            feature_group_count: 1,
            batch_group_count: 1,
        }
    }
}

/// A convolution with one entry per spatial axis.
#[derive(Clone, Debug)]
struct Convolve {
    spans: Vec<Span>,
    reversed: Vec<bool>,
    dimensions: ConvolutionDimensions,
    feature_groups: usize,
    batch_groups: usize,
    precision: Precision,
}

/// Which axis of the input, the kernel and the output of a convolution means what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvolutionDimensions {
    /// The axis of the input that counts examples.
    pub input_batch: usize,
    /// The axis of the input that counts features.
    pub input_feature: usize,
    /// The axes of the input that the kernel goes over.
    pub input_spatial: Vec<usize>,
    /// The axis of the kernel that counts features of the input.
    pub kernel_input_feature: usize,
    /// The axis of the kernel that counts features of the output.
    pub kernel_output_feature: usize,
    /// The axes of the kernel that go over those of the input, in the same order.
    pub kernel_spatial: Vec<usize>,
    /// The axis of the output that counts examples.
    pub output_batch: usize,
    /// The axis of the output that counts features.
    pub output_feature: usize,
    /// The axes of the output that the kernel went over, in the same order.
    pub output_spatial: Vec<usize>,
}

impl ConvolutionDimensions {
    /// An input `[batch, spatial axes …, features]`, a kernel `[spatial axes …, input features,
    /// output features]` and an output like the input: `NHWC` and `HWIO`.
    pub fn channels_last(spatial: usize) -> Self {
        Self {
            input_batch: 0,
            input_feature: spatial + 1,
            input_spatial: (1..=spatial).collect(),
            kernel_input_feature: spatial,
            kernel_output_feature: spatial + 1,
            kernel_spatial: (0..spatial).collect(),
            output_batch: 0,
            output_feature: spatial + 1,
            output_spatial: (1..=spatial).collect(),
        }
    }

    /// An input `[batch, features, spatial axes …]`, a kernel `[output features, input features,
    /// spatial axes …]` and an output like the input: `NCHW` and `OIHW`.
    pub fn channels_first(spatial: usize) -> Self {
        let axes: Vec<_> = (2..spatial + 2).collect();
        Self {
            input_batch: 0,
            input_feature: 1,
            input_spatial: axes.clone(),
            kernel_input_feature: 1,
            kernel_output_feature: 0,
            kernel_spatial: axes.clone(),
            output_batch: 0,
            output_feature: 1,
            output_spatial: axes,
        }
    }
}

impl Display for ConvolutionDimensions {
    /// `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axes = |first: (usize, &str), second: (usize, &str), spatial: &[usize]| {
            let mut names = vec![String::new(); spatial.len() + 2];
            names[first.0] = first.1.to_owned();
            names[second.0] = second.1.to_owned();
            for (i, &axis) in spatial.iter().enumerate() {
                names[axis] = i.to_string();
            }
            names.join(", ")
        };
        let input = axes((self.input_batch, "b"), (self.input_feature, "f"), &self.input_spatial);
        let kernel = axes(
            (self.kernel_input_feature, "i"),
            (self.kernel_output_feature, "o"),
            &self.kernel_spatial,
        );
        let output =
            axes((self.output_batch, "b"), (self.output_feature, "f"), &self.output_spatial);
        write!(f, "[{input}]x[{kernel}]->[{output}]")
    }
}

impl<'t> Tensor<'t> {
    /// The convolution with `kernel`: at each place of the kernel on the spatial axes the sum of
    /// products over the kernel and over the features of the input. The kernel is not turned round,
    /// as is the custom for networks.
    ///
    /// ```
    /// # use hlo::{Convolution, DType::F32, Padding};
    /// # hlo::trace("example", |t| {
    /// let images = t.input("images", F32, [8, 28, 28, 3]);
    /// let kernel = t.input("kernel", F32, [3, 3, 3, 16]);
    /// let convolution = Convolution { padding: Padding::Same, ..Convolution::default() };
    /// let maps = images.conv(kernel, &convolution);
    /// assert_eq!(maps.dims(), [8, 28, 28, 16]);
    /// # t.output("maps", maps);
    /// # }).unwrap();
    /// ```
    #[track_caller]
    pub fn conv(self, kernel: Self, convolution: &Convolution) -> Self {
        if self.is_poison() || kernel.is_poison() {
            return Self::poison(self.trace());
        }
        let precision = self.trace().precision();
        match convolution.over(self.shape(), kernel.shape(), precision) {
            Ok(op) => self.trace().apply(op, &[self, kernel]),
            Err(rule) => self.trace().refuse("convolution", &[self.ty(), kernel.ty()], rule),
        }
    }
}

impl Convolution {
    fn over(&self, input: Shape, kernel: Shape, precision: Precision) -> Result<Convolve, Rule> {
        let rank = input.len();
        if rank < 2 || kernel.len() != rank {
            return Err(Rule::ConvolutionRanks { input: rank, kernel: kernel.len() });
        }
        let last = || ConvolutionDimensions::channels_last(rank - 2);
        let dimensions = self.dimension_numbers.clone().unwrap_or_else(last);
        dimensions.check(rank)?;
        let sizes: Vec<_> = dimensions.input_spatial.iter().map(|&axis| input[axis]).collect();
        let window = Window {
            dimensions: dimensions.kernel_spatial.iter().map(|&axis| kernel[axis]).collect(),
            strides: self.strides.clone(),
            padding: self.padding.clone(),
            base_dilations: self.lhs_dilation.clone(),
            window_dilations: self.rhs_dilation.clone(),
        };
        let mut reversed = self.window_reversal.clone();
        if reversed.is_empty() {
            reversed = vec![false; rank - 2];
        }
        entries("reversal", reversed.len(), rank - 2)?;
        Ok(Convolve {
            spans: window.spans(&sizes).map_err(|rule| rule.at(&dimensions.input_spatial))?,
            reversed,
            dimensions,
            feature_groups: self.feature_group_count,
            batch_groups: self.batch_group_count,
            precision,
        })
    }
}

impl ConvolutionDimensions {
    /// Whether every axis of input, kernel and output means one thing.
    fn check(&self, rank: usize) -> Result<(), Rule> {
        let parts = [
            ("input", self.input_batch, self.input_feature, &self.input_spatial),
            ("kernel", self.kernel_input_feature, self.kernel_output_feature, &self.kernel_spatial),
            ("output", self.output_batch, self.output_feature, &self.output_spatial),
        ];
        for (of, first, second, spatial) in parts {
            let axes = [&[first, second], &spatial[..]].concat();
            if !is_permutation(&axes, rank) {
                return Err(Rule::DimensionNumbers { of, axes, rank });
            }
        }
        Ok(())
    }
}

impl Convolve {
    /// Whether `groups` of this name divide what they should.
    fn check_groups(&self, input: Shape, kernel: Shape) -> Result<(), Rule> {
        let Self { dimensions, feature_groups, batch_groups, .. } = self;
        let divides = |groups: &'static str, count: usize, of: &'static str, size: usize| {
            let divides = count > 0 && size.is_multiple_of(count);
            if divides { Ok(()) } else { Err(Rule::Groups { groups, count, of, size }) }
        };
        let output = kernel[dimensions.kernel_output_feature];
        let (features, taken) =
            (input[dimensions.input_feature], kernel[dimensions.kernel_input_feature]);
        divides("feature_group_count", *feature_groups, "features of the input", features)?;
        if taken != features / feature_groups {
            return Err(Rule::KernelFeatures { taken, features, groups: *feature_groups });
        }
        divides("feature_group_count", *feature_groups, "features of the output", output)?;
        divides("batch_group_count", *batch_groups, "features of the output", output)?;
        let batch = input[dimensions.input_batch];
        divides("batch_group_count", *batch_groups, "examples of the input", batch)?;
        if *feature_groups > 1 && *batch_groups > 1 {
            return Err(Rule::BothGroups);
        }
        Ok(())
    }

    /// The sizes of the spatial axes `axes` of a shape.
    fn sizes(shape: Shape, axes: &[usize]) -> Shape {
        axes.iter().map(|&axis| shape[axis]).collect()
    }
}

impl Op for Convolve {
    fn name(&self) -> &'static str {
        "convolution"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (input, kernel) = (operands[0], operands[1]);
        if input.dtype != kernel.dtype {
            return Err(Rule::DTypes { lhs: input.dtype, rhs: kernel.dtype });
        }
        input.dtype.check_number()?;
        self.check_groups(input.shape, kernel.shape)?;
        let dimensions = &self.dimensions;
        let sizes = Self::sizes(input.shape, &dimensions.input_spatial);
        let spatial =
            counts(&self.spans, sizes).map_err(|rule| rule.at(&dimensions.input_spatial))?;
        let mut output = vec![0; input.shape.len()];
        output[dimensions.output_batch] = input.shape[dimensions.input_batch] / self.batch_groups;
        output[dimensions.output_feature] = kernel.shape[dimensions.kernel_output_feature];
        for (&axis, &count) in dimensions.output_spatial.iter().zip(spatial.iter()) {
            output[axis] = count;
        }
        Ok(vec![Type::new(input.dtype, output.into_iter().collect())])
    }

    fn form(&self) -> Form {
        let ints = |of| span_attribute(&self.spans, of);
        let precision = self.precision.attribute();
        Form::Operation {
            attributes: vec![
                ("window_strides", ints(|span| span.stride)),
                ("padding", padding_attribute(&self.spans)),
                ("lhs_dilation", ints(|span| span.base_dilation)),
                ("rhs_dilation", ints(|span| span.window_dilation)),
                ("window_reversal", Attribute::Bools(self.reversed.clone())),
                ("dimension_numbers", Attribute::Convolution(self.dimensions.clone())),
                ("feature_group_count", Attribute::int(self.feature_groups)),
                ("batch_group_count", Attribute::int(self.batch_groups)),
                ("precision_config", Attribute::Array(vec![precision.clone(), precision])),
            ],
            spellings: const { &[Spelling::first("convolution_v1")] },
        }
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (input, kernel, dy) = (at.operands[0], at.operands[1], at.cotangent());
        if [input, kernel, dy].iter().any(|tensor| tensor.shape().elements() == 0) {
            return Ok(vec![None, None]);
        }
        let sizes = Self::sizes(input.shape(), &self.dimensions.input_spatial);
        let counts = Self::sizes(dy.shape(), &self.dimensions.output_spatial);
        let spans = |of: fn(&Span, usize, usize) -> Span| {
            let spans = self.spans.iter().enumerate();
            spans.map(|(axis, span)| of(span, sizes[axis], counts[axis])).collect()
        };
        Ok(vec![
            at.wanted[0].then(|| self.by_input(kernel, dy, spans(Span::transposed))),
            at.wanted[1].then(|| self.by_kernel(input, dy, spans(Span::kernel))),
        ])
    }
}

impl Convolve {
    /// The cotangent of the input: a convolution of that of the output with the kernel turned round,
    /// whose features change places.
    fn by_input<'t>(&self, kernel: Tensor<'t>, dy: Tensor<'t>, spans: Vec<Span>) -> Tensor<'t> {
        let from = &self.dimensions;
        let groups = self.feature_groups * self.batch_groups;
        // As an operation of its own: compilers for GPUs know a backward convolution by it.
        let forward: Vec<_> = self.reversed.iter().map(|reversed| !reversed).collect();
        let kernel = turned_round(kernel, &from.kernel_spatial, &forward);
        let kernel =
            regrouped(kernel, from.kernel_output_feature, from.kernel_input_feature, groups);
        let op = Self {
            spans,
            reversed: vec![false; self.reversed.len()],
            dimensions: ConvolutionDimensions {
                input_batch: from.output_batch,
                input_feature: from.output_feature,
                input_spatial: from.output_spatial.clone(),
                kernel_input_feature: from.kernel_output_feature,
                kernel_output_feature: from.kernel_input_feature,
                kernel_spatial: from.kernel_spatial.clone(),
                output_batch: from.input_batch,
                output_feature: from.input_feature,
                output_spatial: from.input_spatial.clone(),
            },
            feature_groups: groups,
            batch_groups: 1,
            precision: self.precision,
        };
        let dx = dy.trace().apply(op, &[dy, kernel]);
        regrouped(dx, from.input_feature, from.input_batch, self.batch_groups)
    }

    /// The cotangent of the kernel: a convolution of the input with that of the output, summed over
    /// examples instead of features.
    fn by_kernel<'t>(&self, input: Tensor<'t>, dy: Tensor<'t>, spans: Vec<Span>) -> Tensor<'t> {
        let from = &self.dimensions;
        let op = Self {
            spans,
            reversed: vec![false; self.reversed.len()],
            dimensions: ConvolutionDimensions {
                input_batch: from.input_feature,
                input_feature: from.input_batch,
                input_spatial: from.input_spatial.clone(),
                kernel_input_feature: from.output_batch,
                kernel_output_feature: from.output_feature,
                kernel_spatial: from.output_spatial.clone(),
                output_batch: from.kernel_input_feature,
                output_feature: from.kernel_output_feature,
                output_spatial: from.kernel_spatial.clone(),
            },
            feature_groups: self.batch_groups,
            batch_groups: self.feature_groups,
            precision: self.precision,
        };
        let dkernel = dy.trace().apply(op, &[input, dy]);
        turned_round(dkernel, &from.kernel_spatial, &self.reversed)
    }
}

/// The kernel with those of its spatial axes turned round that `which` says.
fn turned_round<'t>(kernel: Tensor<'t>, spatial: &[usize], which: &[bool]) -> Tensor<'t> {
    let axes = spatial.iter().zip(which).filter(|(_, which)| **which);
    let axes: Vec<_> = axes.map(|(&axis, _)| axis as i32).collect();
    if axes.is_empty() { kernel } else { kernel.flip(&axes[..]) }
}

/// The tensor whose axis `to` has the `groups` of axis `from` before its elements.
fn regrouped(tensor: Tensor<'_>, from: usize, to: usize, groups: usize) -> Tensor<'_> {
    if groups == 1 {
        return tensor;
    }
    let mut dims = tensor.shape().to_vec();
    dims[from] /= groups;
    let mut split = dims.clone();
    split.insert(from, groups);
    // In `split` the axes from `from` on stand one further, and the groups at `from`.
    let mut order: Vec<_> =
        (0..dims.len()).map(|axis| if axis < from { axis } else { axis + 1 }).collect();
    order.insert(to, from);
    dims[to] *= groups;
    tensor.reshape(&split).transpose(order).reshape(&dims)
}
