//! A model whose temperature has gone into its weights.
//!
//! `((φ + ε)·W + b) / τ = (φ + ε)·(W / τ) + b / τ`, so that whoever runs an exported program needs to
//! know of no temperature. Where noise is added to the logits it would have to be divided, too, and
//! its scale has a floor that no weight is behind: such heads are refused.

use pjrt::HostArray;

use crate::checkpoint::Tensors;
use crate::error::{Error, Result};
use crate::model::HeadConfig;
use crate::model::head::Temperature;

/// A head without a temperature, and the parameters that it predicts the same with.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The head.
    pub head: HeadConfig,
    /// The parameters by path.
    pub parameters: Tensors,
}

impl Folded {
    /// Folds the temperature of `head` into its `parameters`, `f32` arrays by path.
    ///
    /// # Errors
    /// If the head has no temperature that can go into weights, or parameters of it are missing.
    pub fn new(head: &HeadConfig, mut parameters: Tensors) -> Result<Self> {
        let (temperature, head) =
            head.without_temperature().map_err(|problem| Error::Fold { problem })?;
        let missing = || Error::Fold { problem: "the checkpoint is of another head" };
        let t = match (temperature, parameters.remove(Temperature::NAME)) {
            (Temperature::Learned { .. }, None) => return Err(missing()),
            (_, None) => 0.0,
            (_, Some(t)) => f64::from(t.item::<f32>().map_err(pjrt::Error::from)?),
        };
        let tau = temperature.at(t);
        for name in ["head/loc/kernel", "head/loc/bias"] {
            let Some(array) = parameters.get_mut(name) else { return Err(missing()) };
            let values = array.as_slice::<f32>().map_err(pjrt::Error::from)?;
            let divided: Vec<_> =
                values.iter().map(|&value| (f64::from(value) / tau) as f32).collect();
            *array = HostArray::from_slice(array.dims(), &divided).map_err(pjrt::Error::from)?;
        }
        Ok(Self { head, parameters })
    }
}
