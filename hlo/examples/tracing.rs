//! Trace a step of training, compile it and run it a hundred times.
//!
//!     cargo run -p hlo --example tracing

use hlo::DType::{F32, S32};
use pjrt::install::Environment;
use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = hlo::trace("train_step", |t| {
        let w = t.input("w", F32, [2, 3]);
        let x = t.input("x", F32, [6, 2]);
        let labels = t.input("labels", S32, [6]);
        let loss = -x.matmul(w).log_softmax(-1).pick(labels).mean(..);
        let dw = hlo::grad(loss, w);
        t.output_in_place(w, w - 0.5 * dw);
        t.output("loss", loss);
    })?;
    println!("{}", program.text());
    assert_eq!(program.inputs()[0].donated_to(), Some(0));

    let environment = Environment::from_process();
    let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let client = Plugin::load(&found.path)?.client(&ClientOptions::new())?;
    let step = client.compile(Code::mlir(&program.text()), &CompileOptions::default())?;

    let device = &client.devices()[0];
    let points = [3.0f32, 0.1, 2.0, -0.2, -1.0, 2.0, -1.5, 2.5, -2.0, -3.0, -1.0, -2.0];
    let x = client.buffer(&HostArray::from_slice(&[6, 2], &points)?, device)?;
    let labels = client.buffer(&HostArray::from_slice(&[6], &[0, 0, 1, 1, 2, 2])?, device)?;
    let mut w = client.buffer(&HostArray::from_slice(&[2, 3], &[0.0f32; 6])?, device)?;
    let mut loss = f32::INFINITY;
    for _ in 0..100 {
        let results = step.run(vec![w.into(), (&x).into(), (&labels).into()])?;
        let [next, value] = results.try_into().expect("a step has two results");
        (w, loss) = (next, value.to_host()?.item()?);
    }
    println!("the loss is {loss}");
    assert!(loss < 0.02);
    Ok(())
}
