//! Keys of random numbers: one for each use.
//!
//!     cargo run -p hlo --example randomness

use hlo::DType::{F32, S32, U32};
use hlo::random::Key;
use hlo::{Rule, Tensor, TraceError};

/// Each element of `x` with probability `kept`, or 0; of the same mean.
fn dropout<'t>(key: Key<'t>, x: Tensor<'t>, kept: f64) -> Tensor<'t> {
    key.bernoulli(x.shape(), kept).select(x / kept, x.zeros_like())
}

pub(crate) fn main() -> Result<(), TraceError> {
    let program = hlo::trace("draws", |t| {
        let [weights, noise, order] = Key::from_tensor(t.input("seed", U32, [2])).split();
        t.output("weights", weights.truncated_normal(F32, [64, 64], -2.0..2.0));
        t.output("order", order.permutation(1000));

        let noise = noise.fold_in(t.input("step", U32, []));
        let layers = t.input("layers", F32, [24, 64, 64]);
        let x = t.input("x", F32, [32, 64]);
        let keys = noise.split_into(24);
        let (y, ()) =
            hlo::scan(x, (keys, layers), |x, (key, w)| (dropout(key, x.matmul(w).tanh(), 0.9), ()));
        t.output("y", y);
    })?;
    println!("{} operations", program.operations());

    let twice = hlo::trace("twice", |t| {
        let key = Key::from_seed(t, 42);
        let a = key.normal(F32, [4]);
        let b = key.normal(F32, [4]);
        t.output("a + b", a + b);
    });
    let error = twice.expect_err("a and b would be equal");
    println!("{error}");
    assert!(matches!(error.rule, Rule::KeyUsed { .. }));

    hlo::trace("again", |t| {
        let key = Key::from_seed(t, 42);
        t.output("forward", key.normal(F32, [4]));
        t.output("backward", key.again().normal(F32, [4]));
    })?;

    hlo::trace("part", |t| {
        let row = t.input("row", S32, []);
        let key = Key::from_seed(t, 42).within([10_000_000, 4096], &[row, t.constant(0, S32)]);
        t.output("rows", key.normal(F32, [8, 4096]));
    })?;
    Ok(())
}
