//! Models: a trunk that makes pre-logits and a head that classifies them.

pub mod head;
mod params;
mod trunk;

pub use head::{Draws, Head, HeadConfig, Labels, Loss, Predictive};
pub use params::{Init, ParamSpec, Params};
pub use trunk::{Depth, Dropout, Mlp, Resnet, Trunk, Vit};

/// A trunk and a head for inputs and classes of known sizes.
#[derive(Clone, Debug)]
pub struct Model {
    /// Makes pre-logits from inputs.
    pub trunk: Trunk,
    /// Classifies pre-logits.
    pub head: HeadConfig,
    /// The numbers of one input.
    pub features: usize,
    /// The classes K.
    pub classes: usize,
}

impl Model {
    /// All parameters, trunk first.
    pub fn params(&self) -> Vec<ParamSpec> {
        let width = self.trunk.width(self.features);
        let mut params = self.trunk.params(self.features);
        params.extend(self.head.head().params(width, self.classes));
        params
    }
}
