//! Loops and branches that are part of the program.
//!
//!     cargo run -p hlo --example control_flow

use hlo::DType::{F32, S32};
use hlo::{Rule, TraceError};

pub(crate) fn main() -> Result<(), TraceError> {
    let program = hlo::trace("layers", |t| {
        let x = t.input("x", F32, [32, 64]);
        let weights = t.input("weights", F32, [24, 64, 64]);
        let (y, norms) = hlo::scan(x, weights, |x, w| {
            let y = x.matmul(w).tanh();
            (y, (y * y).sum(..))
        });
        t.output("norms", norms);
        t.output("dweights", hlo::grad(y.sum(..), weights));
    })?;
    assert_eq!(program.outputs()[0].shape(), [24].into());
    assert_eq!(program.text().matches("stablehlo.while").count(), 2);

    hlo::trace("newton", |t| {
        let a = t.input("a", F32, []);
        let root =
            || hlo::while_loop(a, |x| (x * x - a).abs().greater(1e-3), |x| 0.5 * (x + a / x));
        t.output("root", hlo::cond(a.less(0.0), || t.constant(f64::NAN, F32), root));
    })?;

    let error = hlo::trace("mistake", |t| {
        let (x, n) = (t.input("x", F32, []), t.input("n", S32, []));
        let (last, _) = hlo::while_loop((x, n), |(_, n)| n.greater(0), |(x, n)| (x.to(S32), n - 1));
        t.output("last", last);
    });
    let error = error.expect_err("a loop carries what it began with");
    println!("{error}");
    assert!(matches!(error.rule, Rule::Carry { .. }));
    Ok(())
}
