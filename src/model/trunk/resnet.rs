//! The residual network of "Big Transfer" (Kolesnikov et al., ECCV 2020), as the HET-XL paper's
//! code has it: bottlenecks of He et al., "Deep residual learning" (2016), with kernels standardised
//! (Qiao et al., "Micro-batch training with batch-channel normalization and weight standardization",
//! 2019) and groups of channels normalised (Wu and He, 2018) in the place of batches.
//!
//! ```text
//! x = max_pool(relu(norm(conv 7×7 / 2)))                        [B, image/4, image/4, 64·width]
//! x = relu(shortcut(x) + norm(conv 1×1(
//!         relu(norm(conv 3×3(relu(norm(conv 1×1(x)))))))))      of each block of four stages
//! φ = mean over rows and columns                                [B, D], D = 2048·width
//! ```
//!
//! A stage's first block halves rows and columns, except the first stage's, and has a convolution and
//! a norm for its shortcut; the others are alike.

use hlo::{Convolution, Padding, Tensor, Window};
use serde::{Deserialize, Serialize};

use super::channels;
use crate::model::{Init, ParamSpec, Params};

/// Added to the variance of a kernel.
const KERNEL_EPSILON: f64 = 1e-5;
/// Added to the variance of a group.
const GROUP_EPSILON: f64 = 1e-4;
/// The groups of channels in a norm.
const GROUPS: usize = 32;
/// How many times as many channels leave a block as its inner convolutions have.
const EXPANSION: usize = 4;

/// Settings of a residual network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resnet {
    /// How deep it is.
    pub depth: Depth,
    /// How many times as many channels it has everywhere.
    #[serde(default = "one")]
    pub width: usize,
    /// Pixels along each side of an image. Its numbers are in the order `[row, column, channel]`.
    pub image: usize,
    /// Whether the reverse pass keeps what goes into each block alone, and computes the rest again.
    #[serde(default)]
    pub checkpoint: bool,
}

/// The convolutions on the longest way through a [`Resnet`], and its last layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub enum Depth {
    /// 50, in stages of 3, 4, 6 and 3 blocks.
    D50,
    /// 101, in stages of 3, 4, 23 and 3 blocks.
    D101,
    /// 152, in stages of 3, 8, 36 and 3 blocks.
    D152,
}

impl Depth {
    /// The blocks of each stage.
    fn stages(self) -> [usize; 4] {
        match self {
            Self::D50 => [3, 4, 6, 3],
            Self::D101 => [3, 4, 23, 3],
            Self::D152 => [3, 8, 36, 3],
        }
    }
}

impl TryFrom<usize> for Depth {
    type Error = String;

    fn try_from(depth: usize) -> Result<Self, String> {
        match depth {
            50 => Ok(Self::D50),
            101 => Ok(Self::D101),
            152 => Ok(Self::D152),
            _ => Err(format!("the depth is 50, 101 or 152, not {depth}")),
        }
    }
}

impl From<Depth> for usize {
    fn from(depth: Depth) -> Self {
        match depth {
            Depth::D50 => 50,
            Depth::D101 => 101,
            Depth::D152 => 152,
        }
    }
}

fn one() -> usize {
    1
}

/// A convolution without a bias and the norm behind it.
struct Unit {
    name: &'static str,
    /// Along each side of the kernel.
    side: usize,
    channels: [usize; 2],
    /// The initial scale of the norm.
    scale: f64,
}

impl Unit {
    /// Kernel, scale and bias. A kernel is a matrix, `[rows · columns · inputs, outputs]`, since a TPU
    /// fills the last axes of an array up to 8 and 128.
    fn params(&self, place: &str) -> [ParamSpec; 3] {
        let Self { name, side, channels: [inputs, outputs], scale } = *self;
        let one = |part: &str, shape: &[usize], init| ParamSpec {
            name: format!("trunk/{place}{name}/{part}"),
            shape: shape.to_vec(),
            init,
        };
        [
            one("kernel", &[side * side * inputs, outputs], Init::LecunNormal),
            one("scale", &[outputs], Init::Constant(scale)),
            one("bias", &[outputs], Init::Constant(0.0)),
        ]
    }
}

/// A stage as its first block sees it.
#[derive(Clone, Copy)]
struct Stage {
    /// From 1.
    number: usize,
    blocks: usize,
    /// The channels that come in.
    inputs: usize,
    /// The channels within a block.
    inner: usize,
}

impl Stage {
    fn outputs(self) -> usize {
        EXPANSION * self.inner
    }

    /// The units of a block for `inputs` channels.
    fn block(self, inputs: usize) -> [Unit; 3] {
        let Self { inner, .. } = self;
        let unit = |name, side, inputs, outputs| Unit {
            name,
            side,
            channels: [inputs, outputs],
            scale: 1.0,
        };
        [
            unit("unit_1", 1, inputs, inner),
            unit("unit_2", 3, inner, inner),
            // At first a block adds nothing to its shortcut.
            Unit { scale: 0.0, ..unit("unit_3", 1, inner, self.outputs()) },
        ]
    }

    /// The parameters of the first block.
    fn first(self) -> Vec<ParamSpec> {
        let (name, channels) = ("shortcut", [self.inputs, self.outputs()]);
        let shortcut = Unit { name, side: 1, channels, scale: 1.0 };
        let units = self.block(self.inputs).into_iter().chain([shortcut]);
        units.flat_map(|unit| unit.params(&format!("stage_{}/first/", self.number))).collect()
    }

    /// Those of the others, stacked along the first axis.
    fn others(self) -> Vec<ParamSpec> {
        let place = format!("stage_{}/others/", self.number);
        let mut params: Vec<_> =
            self.block(self.outputs()).iter().flat_map(|unit| unit.params(&place)).collect();
        for spec in &mut params {
            spec.shape.insert(0, self.blocks - 1);
        }
        params
    }

    /// How far it is from one place of the first block's kernels to the next.
    fn stride(self) -> usize {
        if self.number == 1 { 1 } else { 2 }
    }
}

impl Resnet {
    /// The channels behind the first convolution.
    fn stem_width(&self) -> usize {
        64 * self.width
    }

    fn stem(&self, features: usize) -> Unit {
        let channels = [channels(self.image, features), self.stem_width()];
        Unit { name: "stem", side: 7, channels, scale: 1.0 }
    }

    fn stages(&self) -> [Stage; 4] {
        let blocks = self.depth.stages();
        std::array::from_fn(|i| {
            let inner = self.stem_width() << i;
            let inputs = if i == 0 { inner } else { EXPANSION * inner / 2 };
            Stage { number: i + 1, blocks: blocks[i], inputs, inner }
        })
    }

    pub(super) fn params(&self, features: usize) -> Vec<ParamSpec> {
        let stem = self.stem(features).params("").into_iter();
        let stages = self.stages().into_iter();
        stem.chain(stages.flat_map(|stage| [stage.first(), stage.others()].concat())).collect()
    }

    /// The width D of the pre-logits.
    pub(super) fn pre_logits_width(&self) -> usize {
        self.stages()[3].outputs()
    }

    pub(super) fn pre_logits<'t>(&self, params: &Params<'t>, inputs: Tensor<'t>) -> Tensor<'t> {
        let [batch, features] = inputs.dims();
        let (size, stem) = (self.image, self.stem(features));
        let get = |specs: &[ParamSpec]| -> Vec<Tensor<'t>> {
            specs.iter().map(|spec| params.get(&spec.name)).collect()
        };
        let x = inputs.reshape([batch, size, size, channels(size, features)]);
        let x = unit(x, &get(&stem.params("")), stem.side, 2).relu();
        let pool = Window { strides: vec![2, 2], padding: Padding::Same, ..Window::of([3, 3]) };
        let x = self.stages().into_iter().fold(x.max_pool(&pool), |x, stage| {
            let first = |(x, params): (Tensor<'t>, Vec<_>)| {
                let (params, shortcut) = params.split_at(9);
                let shortcut = unit(x, shortcut, 1, stage.stride());
                block(x, params, stage.stride(), shortcut)
            };
            let other = |(x, params): (Tensor<'t>, Vec<_>)| block(x, &params, 1, x);
            let x = self.kept((x, get(&stage.first())), first);
            // One block is recorded, whatever their number.
            let (x, ()) =
                hlo::scan(x, get(&stage.others()), |x, params| (self.kept((x, params), other), ()));
            x
        });
        x.mean([1, 2])
    }

    /// What a block makes of its input and parameters.
    fn kept<'t>(
        &self,
        inputs: (Tensor<'t>, Vec<Tensor<'t>>),
        block: impl FnOnce((Tensor<'t>, Vec<Tensor<'t>>)) -> Tensor<'t>,
    ) -> Tensor<'t> {
        if self.checkpoint { hlo::checkpoint(inputs, block) } else { block(inputs) }
    }

    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        match [("width", self.width), ("image", self.image)].into_iter().find(|it| it.1 == 0) {
            Some((key, _)) => Err((key, "must be at least 1".to_owned())),
            None => Ok(()),
        }
    }
}

/// Three units, the second with a stride, on top of a shortcut.
fn block<'t>(
    x: Tensor<'t>,
    params: &[Tensor<'t>],
    stride: usize,
    shortcut: Tensor<'t>,
) -> Tensor<'t> {
    let y = unit(x, &params[..3], 1, 1).relu();
    let y = unit(y, &params[3..6], 3, stride).relu();
    (shortcut + unit(y, &params[6..], 1, 1)).relu()
}

/// The convolution of `x`, `[B, rows, columns, inputs]`, with a standardised kernel of `side`×`side`,
/// and its norm: `[B, ⌈rows / stride⌉, ⌈columns / stride⌉, outputs]`. Parameters are kernel, scale
/// and bias.
fn unit<'t>(x: Tensor<'t>, params: &[Tensor<'t>], side: usize, stride: usize) -> Tensor<'t> {
    let &[kernel, scale, bias] = params else { unreachable!("a unit has three parameters") };
    let inputs = x.shape()[3];
    let outputs = kernel.shape()[1];
    let kernel = kernel.standardize([0], KERNEL_EPSILON).to(x.dtype());
    let convolution = Convolution {
        strides: vec![stride, stride],
        padding: Padding::Same,
        ..Convolution::default()
    };
    let y = x.conv(kernel.reshape([side, side, inputs, outputs]), &convolution);
    y.group_norm(GROUPS, scale, bias, GROUP_EPSILON)
}
