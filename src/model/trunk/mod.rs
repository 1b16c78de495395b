//! Trunks: from an input to the pre-logits that a head classifies.

mod dropout;
mod mlp;
mod resnet;
mod vit;

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::{ParamSpec, Params};

pub use dropout::Dropout;
pub use mlp::Mlp;
pub use resnet::{Depth, Resnet};
pub use vit::Vit;

/// Settings of a trunk, `[model.trunk]` of a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Trunk {
    /// None: the inputs are pre-logits, made by something else before.
    Features {},
    /// Dense layers, each followed by a rectifier.
    Mlp(Mlp),
    /// A residual network of convolutions.
    Resnet(Resnet),
    /// A vision transformer.
    Vit(Vit),
}

impl Trunk {
    /// The parameters for inputs of `features` numbers.
    pub fn params(&self, features: usize) -> Vec<ParamSpec> {
        match self {
            Self::Features {} => vec![],
            Self::Mlp(mlp) => mlp.params(features),
            Self::Resnet(resnet) => resnet.params(features),
            Self::Vit(vit) => vit.params(features),
        }
    }

    /// The width D of the pre-logits for inputs of `features` numbers.
    pub fn width(&self, features: usize) -> usize {
        match self {
            Self::Features {} => features,
            Self::Mlp(mlp) => mlp.width(features),
            Self::Resnet(resnet) => resnet.pre_logits_width(),
            Self::Vit(vit) => vit.width(),
        }
    }

    /// The probability with which training drops a number where the trunk does so; 0 if it never does.
    pub fn dropout(&self) -> f64 {
        match self {
            Self::Features {} | Self::Resnet(_) => 0.0,
            Self::Mlp(mlp) => mlp.dropout,
            Self::Vit(vit) => vit.dropout,
        }
    }

    /// Pre-logits `[B, D]` of inputs `[B, features]`, in the inputs' element type; parameters are of
    /// that or of a wider one, and statistics at least of `f32`. With `dropout` it drops numbers, as
    /// training wants it.
    pub fn pre_logits<'t>(
        &self,
        params: &Params<'t>,
        inputs: Tensor<'t>,
        dropout: Option<Dropout<'t>>,
    ) -> Tensor<'t> {
        let dropout = dropout.filter(|_| self.dropout() > 0.0);
        match self {
            Self::Features {} => inputs,
            Self::Mlp(mlp) => mlp.pre_logits(params, inputs, dropout),
            Self::Resnet(resnet) => resnet.pre_logits(params, inputs),
            Self::Vit(vit) => vit.pre_logits(params, inputs, dropout),
        }
    }

    /// What a classifier on the frozen trunk is given of inputs `[B, features]`: the pre-logits `[B, D]`,
    /// those of a vision transformer before their `tanh`, as the HET-XL paper's code has it.
    pub fn embedding<'t>(&self, params: &Params<'t>, inputs: Tensor<'t>) -> Tensor<'t> {
        match self {
            Self::Vit(vit) => vit.embedding(params, inputs, None),
            _ => self.pre_logits(params, inputs, None),
        }
    }

    /// What is wrong with the settings by themselves, and the key that it is of, if anything.
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        match self {
            Self::Features {} => Ok(()),
            Self::Mlp(mlp) => mlp.check(),
            Self::Resnet(resnet) => resnet.check(),
            Self::Vit(vit) => vit.check(),
        }
    }

    /// What is wrong with inputs of `features` numbers, if anything.
    pub(crate) fn check_features(&self, features: usize) -> Result<(), String> {
        match self {
            Self::Features {} | Self::Mlp(_) => Ok(()),
            Self::Resnet(resnet) => check_image(resnet.image, features),
            Self::Vit(vit) => check_image(vit.image, features),
        }
    }
}

/// The channels of images of `size`×`size` pixels that have `features` numbers.
fn channels(size: usize, features: usize) -> usize {
    features / (size * size)
}

fn check_image(size: usize, features: usize) -> Result<(), String> {
    let pixels = size.saturating_mul(size);
    if features == 0 || !features.is_multiple_of(pixels) {
        return Err(format!(
            "an image of {size}×{size} pixels has a multiple of {pixels} numbers, and the data has \
             {features}"
        ));
    }
    Ok(())
}
