//! Parameters: their names, shapes and initial values.

use std::collections::BTreeMap;

use hlo::random::Key;
use hlo::{DType, Tensor, Trace};

/// A parameter of a model: where it belongs, its shape, and what it is at first.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamSpec {
    /// The path, such as `head/loc/kernel`.
    pub name: String,
    /// The dimensions; a kernel is `[in, out]`.
    pub shape: Vec<usize>,
    /// The initial value.
    pub init: Init,
}

/// The initial value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// The same number everywhere.
    Constant(f64),
    /// Normal around 0.
    Normal {
        /// The standard deviation.
        stddev: f64,
    },
    /// Normal with variance 1 / fan-in, cut off at two standard deviations and rescaled so that the
    /// variance is as said. Fan-in and fan-out are the last two dimensions; those before count
    /// kernels that are stacked.
    LecunNormal,
    /// The same with variance `scale` / fan-in.
    VarianceScaling {
        /// 1 for [`Init::LecunNormal`].
        scale: f64,
    },
    /// Uniform within ±√(6 / (fan-in + fan-out)).
    GlorotUniform,
}

/// The standard deviation of a standard normal variable cut off at ±2.
const TRUNCATED_STDDEV: f64 = 0.879_625_661_034_239_8;

impl ParamSpec {
    /// The kernel `[fan_in, fan_out]` and the bias `[fan_out]` of a dense layer called `name`.
    pub fn dense(name: &str, fan_in: usize, fan_out: usize, kernel: Init, bias: Init) -> [Self; 2] {
        [
            Self { name: format!("{name}/kernel"), shape: vec![fan_in, fan_out], init: kernel },
            Self { name: format!("{name}/bias"), shape: vec![fan_out], init: bias },
        ]
    }

    /// How many numbers the parameter has.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// Records the initial value. A parameter's own name makes its key, so that adding one leaves
    /// the others as they were.
    pub fn initial<'t>(&self, trace: &'t Trace, key: Key<'t>) -> Tensor<'t> {
        let key = || key.fold_in(fnv1a(&self.name));
        let (fan_in, fan_out) = match self.shape[..] {
            [.., fan_in, fan_out] => (fan_in, fan_out),
            [one] => (one, one),
            [] => (1, 1),
        };
        let scaled = |scale: f64| {
            let stddev = (scale / fan_in.max(1) as f64).sqrt() / TRUNCATED_STDDEV;
            key().truncated_normal(DType::F32, &self.shape, -2.0..2.0) * stddev
        };
        match self.init {
            Init::Constant(value) => trace.full(value, DType::F32, &self.shape),
            Init::Normal { stddev } => key().normal(DType::F32, &self.shape) * stddev,
            Init::LecunNormal => scaled(1.0),
            Init::VarianceScaling { scale } => scaled(scale),
            Init::GlorotUniform => {
                let limit = (6.0 / (fan_in + fan_out).max(1) as f64).sqrt();
                key().uniform(DType::F32, &self.shape, -limit..limit)
            }
        }
    }
}

/// The parameters of a model in a trace, by path.
#[derive(Clone, Debug, Default)]
pub struct Params<'t>(BTreeMap<String, Tensor<'t>>);

impl<'t> Params<'t> {
    /// Declares an input for every parameter under its own name, in the order of `specs`.
    pub fn inputs(trace: &'t Trace, specs: &[ParamSpec]) -> Self {
        let input = |spec: &ParamSpec| {
            (spec.name.clone(), trace.input(&spec.name, DType::F32, &spec.shape))
        };
        specs.iter().map(input).collect()
    }

    /// The parameter called `name`.
    ///
    /// # Panics
    /// If the model has no such parameter: layers ask for what they declared.
    pub fn get(&self, name: &str) -> Tensor<'t> {
        *self.0.get(name).unwrap_or_else(|| panic!("the model declares no parameter {name:?}"))
    }

    /// `x · kernel + bias` of the dense layer called `name`, in the element type of `x`.
    pub fn dense(&self, name: &str, x: Tensor<'t>) -> Tensor<'t> {
        let [kernel, bias] =
            ["kernel", "bias"].map(|part| self.get(&format!("{name}/{part}")).to(x.dtype()));
        x.matmul(kernel) + bias
    }
}

impl<'t> FromIterator<(String, Tensor<'t>)> for Params<'t> {
    fn from_iter<I: IntoIterator<Item = (String, Tensor<'t>)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

/// The 32-bit FNV-1a hash.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_agrees_with_its_published_vectors() {
        assert_eq!(fnv1a(""), 0x811C_9DC5);
        assert_eq!(fnv1a("a"), 0xE40C_292C);
        assert_eq!(fnv1a("foobar"), 0xBF9C_F968);
    }
}
