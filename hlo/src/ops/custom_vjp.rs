//! Functions whose gradient the user writes.

use std::fmt;
use std::sync::Arc;

use super::{Application, Cotangents, Form, NoGradient, Op};
use crate::{Rule, Tensor, Type};

type Backward = dyn for<'t> Fn(&[Tensor<'t>], &[Tensor<'t>]) -> Vec<Tensor<'t>> + Send + Sync;

/// The results are the first operands; the inputs follow, then the residuals.
#[derive(Clone)]
struct CustomVjp {
    results: usize,
    inputs: usize,
    backward: Arc<Backward>,
}

/// What `forward` returns on `inputs`, with a gradient of the user's own.
///
/// `forward` returns the results and the residuals: whatever the reverse pass needs. `backward` gets
/// the residuals and the cotangents of the results and returns one cotangent for each input, of the
/// input's type; that for an input of integers is not used. It sees no other tensor.
///
/// ```
/// use hlo::DType::F32;
///
/// // ln(1 + eˣ), whose own gradient would overflow.
/// fn softplus(x: hlo::Tensor<'_>) -> hlo::Tensor<'_> {
///     let forward = |[x]: [_; 1]| ([hlo::Tensor::exp(x).log1p()], [x]);
///     let [y] = hlo::custom_vjp([x], forward, |[x], [dy]| [dy * x.logistic()]);
///     y
/// }
///
/// hlo::trace("gradient", |t| {
///     let x = t.input("x", F32, [8]);
///     t.output("dx", hlo::grad(softplus(x).sum(..), x));
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// A gradient of the gradient takes the residuals as `forward` made them, and the results by `backward`
/// once more.
#[track_caller]
pub fn custom_vjp<'t, const N: usize, const M: usize, const R: usize>(
    inputs: [Tensor<'t>; N],
    forward: impl FnOnce([Tensor<'t>; N]) -> ([Tensor<'t>; M], [Tensor<'t>; R]),
    backward: impl for<'a> Fn([Tensor<'a>; R], [Tensor<'a>; M]) -> [Tensor<'a>; N]
    + Send
    + Sync
    + 'static,
) -> [Tensor<'t>; M] {
    const { assert!(N > 0, "a gradient is taken with respect to something") };
    let (results, residuals) = forward(inputs);
    let op = CustomVjp {
        results: M,
        inputs: N,
        backward: of_slices(move |residuals, cotangents| {
            let residuals = std::array::from_fn(|i| residuals[i]);
            backward(residuals, std::array::from_fn(|i| cotangents[i])).to_vec()
        }),
    };
    let operands = [&results[..], &inputs, &residuals].concat();
    let results = inputs[0].trace().apply_regions(op, &operands, vec![], M);
    std::array::from_fn(|i| results[i])
}

impl<'t> Tensor<'t> {
    /// The same scalar, whose gradient with respect to each input is the tensor given with it, of the
    /// input's type: for a loss that is made together with its gradient. Whatever else leads from
    /// an input to the scalar doesn't count.
    ///
    /// ```
    /// # use hlo::DType::F32;
    /// # hlo::trace("loss", |t| {
    /// # let x = t.input("x", F32, [8]);
    /// let error = x.tanh();
    /// let loss = (error * error).sum(..).with_gradients(&[(x, 2.0 * error * (1.0 - error * error))]);
    /// t.output("dx", hlo::grad(loss, x));
    /// # }).unwrap();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_gradients(self, gradients: &[(Self, Self)]) -> Self {
        let trace = self.trace();
        let (inputs, residuals): (Vec<_>, Vec<_>) = gradients.iter().copied().unzip();
        if !self.is_poison() && !self.shape().is_empty() {
            return trace.refuse("with_gradients", &[self.ty()], Rule::NotScalar);
        }
        for (position, (input, gradient)) in gradients.iter().enumerate() {
            if input.ty() != gradient.ty() && !trace.has_error() {
                let rule = Rule::Cotangent { position, expected: input.ty(), got: gradient.ty() };
                return trace.refuse("with_gradients", &[input.ty()], rule);
            }
        }
        let op = CustomVjp {
            results: 1,
            inputs: inputs.len(),
            backward: of_slices(|residuals, cotangents| {
                let scaled = residuals.iter().map(|it| *it * cotangents[0].to(it.dtype()));
                scaled.collect()
            }),
        };
        trace.apply_regions(op, &[&[self][..], &inputs, &residuals].concat(), vec![], 1)[0]
    }
}

/// Tells the compiler that the closure is one for tensors of any trace.
fn of_slices(
    backward: impl for<'t> Fn(&[Tensor<'t>], &[Tensor<'t>]) -> Vec<Tensor<'t>> + Send + Sync + 'static,
) -> Arc<Backward> {
    Arc::new(backward)
}

impl fmt::Debug for CustomVjp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomVjp({} inputs, {} results)", self.inputs, self.results)
    }
}

impl Op for CustomVjp {
    fn name(&self) -> &'static str {
        "custom_vjp"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(operands[..self.results].to_vec())
    }

    fn form(&self) -> Form {
        Form::Alias
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (results, rest) = at.operands.split_at(self.results);
        let (inputs, residuals) = rest.split_at(self.inputs);
        let given: Vec<_> = at
            .cotangents
            .iter()
            .zip(results)
            .map(|(given, result)| given.unwrap_or_else(|| result.zeros_like()))
            .collect();
        let parts = (self.backward)(residuals, &given);
        let mut all = vec![None; at.operands.len()];
        for (i, (part, input)) in parts.into_iter().zip(inputs).enumerate() {
            let position = self.results + i;
            if !at.wanted[position] || part.is_poison() {
                continue;
            }
            if part.ty() != input.ty() {
                let rule = Rule::Cotangent { position: i, expected: input.ty(), got: part.ty() };
                part.trace().refuse(self.name(), &[input.ty()], rule);
            }
            all[position] = Some(part);
        }
        Ok(all)
    }
}
