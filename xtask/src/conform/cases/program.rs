//! What programs are written in.

use pjrt::{Code, CompileOptions, HostArray};

use super::ADD;
use crate::conform::case::{Case, Verdict, case, same};
use crate::conform::subject::{Compiled, Subject};

/// The product of two arrays `f32[2, 3]`, and `true`: as a portable artifact of StableHLO 1.0.0, and
/// as an `HloModuleProto`.
const BYTECODE: &[u8] = include_bytes!("../../../../tests/data/multiply.mlirbc");
const HLO: &[u8] = include_bytes!("../../../../tests/data/multiply.pb");

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("StableHLO as text", |subject| {
            let add = subject.compile(Code::mlir(ADD), &CompileOptions::default())?;
            let Compiled::Loaded(add) = add else { return Ok(()) };
            let (x, y) = (subject.f32s(&[1.0, 2.0])?, subject.f32s(&[10.0, 20.0])?);
            let sum = add.run(vec![(&x).into(), (&y).into()])?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [11.0, 22.0])
        }),
        case("StableHLO as portable bytecode", |subject| multiply(subject, Code::mlir(BYTECODE))),
        case("a module of HLO", |subject| multiply(subject, Code::hlo(HLO))),
        case("operations of CHLO", |subject| {
            let code = "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
              %y = chlo.tan %x : tensor<2xf32> -> tensor<2xf32>
              return %y : tensor<2xf32>
            }";
            let tan = subject.compile(Code::mlir(code), &CompileOptions::default())?;
            let Compiled::Loaded(tan) = tan else { return Ok(()) };
            let tangents = tan.run(vec![(&subject.f32s(&[0.0, 1.0])?).into()])?;
            let tangents = tangents[0].to_host()?;
            let rounded: Vec<i32> =
                tangents.as_slice::<f32>()?.iter().map(|y| (y * 1000.0).round() as i32).collect();
            same("thousandths", rounded, [0, 1557])
        }),
        case("loops that end when the data says", |subject| {
            let code = "func.func public @main(%n: tensor<i32>) -> tensor<i32> {
              %one = stablehlo.constant dense<1> : tensor<i32>
              %r:2 = stablehlo.while(%i = %n, %p = %one) : tensor<i32>, tensor<i32>
                cond {
                  %c = stablehlo.compare GT, %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i1>
                  stablehlo.return %c : tensor<i1>
                } do {
                  %q = stablehlo.multiply %p, %i : tensor<i32>
                  %j = stablehlo.subtract %i, %one : tensor<i32>
                  stablehlo.return %j, %q : tensor<i32>, tensor<i32>
                }
              return %r#1 : tensor<i32>
            }";
            let factorial = subject.compile(Code::mlir(code), &CompileOptions::default())?;
            let Compiled::Loaded(factorial) = factorial else { return Ok(()) };
            let n = subject.on_device(&HostArray::scalar(6_i32))?;
            same("6!", factorial.run(vec![n.into()])?[0].to_host()?.item::<i32>()?, 720)
        }),
    ]
}

fn multiply(subject: &Subject, code: Code<'_>) -> Verdict {
    let multiply = subject.compile(code, &CompileOptions::default())?;
    same("results", multiply.outputs().len(), 2)?;
    let Compiled::Loaded(multiply) = multiply else { return Ok(()) };
    let x = HostArray::from_slice(&[2, 3], &[1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    let x = subject.on_device(&x)?;
    let results = multiply.run(vec![(&x).into(), (&x).into()])?;
    let squares = results[0].to_host()?;
    same("product", squares.as_slice::<f32>()?, [1.0, 4.0, 9.0, 16.0, 25.0, 36.0])?;
    same("second result", results[1].to_host()?.item::<bool>()?, true)
}
