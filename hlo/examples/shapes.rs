//! Broadcasting, and what a mistake says.
//!
//!     cargo run -p hlo --example shapes

use hlo::DType::{F32, S32};
use hlo::{Rule, Tensor, TraceError};

fn centred(x: Tensor<'_>) -> Tensor<'_> {
    let [_, width] = x.dims();
    x - x.sum(-1).expand_dims(-1) / width as f64
}

fn mistaken() -> TraceError {
    let program = hlo::trace("mistaken", |t| {
        let (x, w) = (t.input("x", F32, [32, 4]), t.input("w", F32, [5, 3]));
        let y = x.matmul(w);
        t.output("y", y + t.input("labels", S32, [32]));
    });
    program.expect_err("4 columns meet 5 rows")
}

pub(crate) fn main() -> Result<(), TraceError> {
    let program = hlo::trace("broadcast", |t| {
        let image = t.input("image", F32, [28, 28, 3]);
        let scale = t.input("scale", F32, [3]);
        t.output("scaled", image / 255.0 * scale);
        t.output("centred", centred(t.input("x", F32, [8, 4])));
    })?;
    assert_eq!(program.outputs()[0].shape(), [28, 28, 3].into());

    let error = mistaken();
    println!("{error}");
    assert_eq!(error.operation, "matmul");
    assert_eq!(error.location.file(), file!());
    assert!(matches!(error.rule, Rule::Contraction { lhs: 4, rhs: 5, .. }));
    Ok(())
}
