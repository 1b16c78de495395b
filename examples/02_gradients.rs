//! Fit a line by gradient descent: a gradient in the program, the state donated to every step.
//!
//!     cargo run --example 02_gradients

use hetxl::config::RuntimeConfig;
use hetxl::runtime::Runtime;
use hlo::DType::F32;
use hlo::{Program, TraceError};
use pjrt::HostArray;

pub(crate) fn step() -> Result<Program, TraceError> {
    hlo::trace("step", |t| {
        let slope = t.input("slope", F32, []);
        let intercept = t.input("intercept", F32, []);
        let x = t.input("x", F32, [4]);
        let y = t.input("y", F32, [4]);
        let error = slope * x + intercept - y;
        let loss = (error * error).mean(..);
        let [d_slope, d_intercept] = hlo::grad(loss, [slope, intercept]);
        // The new values take the old ones' memory: whoever runs the step gives them up.
        t.output_in_place(slope, slope - 0.1 * d_slope);
        t.output_in_place(intercept, intercept - 0.1 * d_intercept);
        t.output("loss", loss);
    })
}

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::open(&RuntimeConfig::default(), &mut |step| eprintln!("{step}"))?;
    let step = runtime.compile(&step()?)?;
    let x = HostArray::from_slice(&[4], &[0.0f32, 1.0, 2.0, 3.0])?;
    let y = HostArray::from_slice(&[4], &[1.0f32, 3.0, 5.0, 7.0])?;
    let mut state = vec![
        runtime.buffer(&HostArray::scalar(0.0f32))?,
        runtime.buffer(&HostArray::scalar(0.0f32))?,
    ];
    for i in 0..300 {
        let mut results = runtime.run(&step, state.into_iter().map(Into::into), &[&x, &y])?;
        let loss = results.pop().expect("the step returns the loss last");
        if i % 100 == 0 {
            println!("step {i}: loss {}", loss.to_host()?.item::<f32>()?);
        }
        state = results;
    }
    let [slope, intercept] = [0, 1].map(|i| state[i].to_host());
    let (slope, intercept) = (slope?.item::<f32>()?, intercept?.item::<f32>()?);
    println!("y = {slope:.3} x + {intercept:.3}");
    assert!((slope - 2.0).abs() < 1e-2 && (intercept - 1.0).abs() < 1e-2);
    Ok(())
}
