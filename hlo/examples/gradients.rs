//! Gradients, gradients of gradients, and gradients of one's own.
//!
//!     cargo run -p hlo --example gradients

use hlo::DType::F32;
use hlo::{Tensor, TraceError};

fn loss<'t>(w: Tensor<'t>, b: Tensor<'t>, x: Tensor<'t>) -> Tensor<'t> {
    (x.matmul(w) + b).tanh().sum(..)
}

/// The identity, whose gradient is cut off at ±1.
fn clipped(x: Tensor<'_>) -> Tensor<'_> {
    let [y] = hlo::custom_vjp([x], |[x]| ([x], []), |[], [dy]| [dy.maximum(-1.0).minimum(1.0)]);
    y
}

/// Half the squared length of `x`, whose gradient is `x`.
fn energy(x: Tensor<'_>) -> Tensor<'_> {
    (0.5 * (x * x).sum(..)).with_gradients(&[(x, x)])
}

pub(crate) fn main() -> Result<(), TraceError> {
    let program = hlo::trace("gradients", |t| {
        let (w, b) = (t.input("w", F32, [4, 3]), t.input("b", F32, [3]));
        let x = t.input("x", F32, [8, 4]);
        let (dw, db) = hlo::grad(loss(w, b, x), (w, b));
        t.output("dw", dw);
        t.output("db", db);

        let penalty = (dw * dw).sum(..);
        t.output("of the gradient's length", hlo::grad(penalty, w));

        let kept = loss(w, b, x.stop_gradient());
        t.output("none", hlo::grad(kept, x));
        t.output("clipped", hlo::grad(100.0 * loss(clipped(w), b, x), w));
        t.output("given", hlo::grad(energy(x), x));

        let deep = hlo::checkpoint(x, |x| x.matmul(w).tanh());
        t.output("less memory", hlo::grad(deep.sum(..), w));
    })?;
    assert_eq!(program.outputs()[0].shape(), [4, 3].into());

    let error = hlo::trace("mistake", |t| {
        let x = t.input("x", F32, [4]);
        let doubled = hlo::while_loop(x, |x| x.sum(..).less(1.0), |x| x * 2.0);
        t.output("dx", hlo::grad(doubled.sum(..), x));
    });
    println!("{}", error.expect_err("such a loop keeps nothing for a reverse pass"));
    Ok(())
}
