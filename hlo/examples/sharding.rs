//! Take a step of training on eight devices: split by marks, and with the devices' talk written out.
//!
//!     cargo run -p hlo --example sharding

use std::ops::Range;

use hlo::DType::F32;
use hlo::{Program, Tensor, Trace};
use pjrt::install::Environment;
use pjrt::{Client, ClientOptions, Code, CompileOptions, HostArray, Input, Plugin};

fn loss<'t>(x: Tensor<'t>, y: Tensor<'t>, w: Tensor<'t>) -> Tensor<'t> {
    let error = x.matmul(w) - y;
    (error * error).sum(..)
}

fn step_by_marks(t: &Trace) {
    t.mesh(&[("data", 4), ("model", 2)]);
    let x = t.input("x", F32, [16, 6]).sharded("data");
    let y = t.input("y", F32, [16, 4]).sharded("data, model");
    let w = t.input("w", F32, [6, 4]).sharded("_, model");
    let loss = loss(x, y, w);
    t.output("loss", loss);
    t.output_in_place(w, w - 0.01 * hlo::grad(loss, w));
}

fn step_by_hand(t: &Trace) {
    t.mesh(&[("data", 4), ("model", 2)]);
    let x = t.input("x", F32, [16, 6]).sharded("data");
    let y = t.input("y", F32, [16, 4]).sharded("data, model");
    let w = t.input("w", F32, [6, 4]).sharded("_, model");
    let loss = t.manual(.., (x, y, w), &["data", "data, model", "_, model"], &[""], |(x, y, w)| {
        assert_eq!(
            [x.shape(), y.shape(), w.shape()],
            [[4, 6].into(), [4, 2].into(), [6, 2].into()]
        );
        loss(x, y, w).psum(..)
    });
    t.output("loss", loss);
    t.output_in_place(w, w - 0.01 * hlo::grad(loss, w));
}

fn run(client: &Client, program: &Program, arrays: &[Vec<f32>]) -> pjrt::Result<f32> {
    let mesh = program.mesh().expect("both programs have one");
    let options =
        CompileOptions { partitions: mesh.devices(), use_shardy: true, ..Default::default() };
    let executable = client.compile(Code::mlir(&program.text()), &options)?;
    let mut inputs = Vec::new();
    for (i, device) in executable.devices().iter().enumerate() {
        let mut parts: Vec<Input<'_>> = Vec::new();
        for (input, array) in program.inputs().iter().zip(arrays) {
            let sharding = input.sharding().expect("every input of a program with a mesh has one");
            let part = sharding.part(mesh, input.shape(), i);
            let part = cut(array, input.shape()[1], &part[0], &part[1]);
            parts.push(client.buffer(&part, device)?.into());
        }
        inputs.push(parts);
    }
    let results = executable.run_on_all(inputs)?;
    println!("each device returns {} and {}", executable.outputs()[0], executable.outputs()[1]);
    results[0][0].to_host()?.item().map_err(Into::into)
}

/// Rows and columns of an array that is `width` wide.
fn cut(array: &[f32], width: usize, rows: &Range<usize>, columns: &Range<usize>) -> HostArray {
    let row = |row: usize| &array[row * width + columns.start..row * width + columns.end];
    let values: Vec<f32> = rows.clone().flat_map(row).copied().collect();
    HostArray::from_slice(&[rows.len(), columns.len()], &values).expect("rows times columns")
}

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment::from_process();
    let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let client = Plugin::load(&found.path)?.client(&ClientOptions::new().cpu_devices(8))?;

    let numbers = |count: u8, step: f32| (0..count).map(|i| (f32::from(i) * step).sin()).collect();
    let arrays = [numbers(96, 0.7), numbers(64, 1.3), numbers(24, 2.9)];
    let by_marks = run(&client, &hlo::trace("by_marks", step_by_marks)?, &arrays)?;
    let by_hand = run(&client, &hlo::trace("by_hand", step_by_hand)?, &arrays)?;
    println!("{by_marks} by marks, {by_hand} by hand");
    assert!((by_marks - by_hand).abs() < 1e-4 * by_marks);
    Ok(())
}
