//! Running programs on one device.

use std::thread;

use super::ADD;
use crate::conform::case::{Case, Finding, Verdict, case, holds, same};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("a result feeds the next run", |subject| {
            let add = subject.load(ADD)?;
            let one = subject.f32s(&[1.0, 1.0])?;
            let mut sum = subject.f32s(&[0.0, 0.5])?;
            for _ in 0..1000 {
                sum = add.run(vec![sum.into(), (&one).into()])?.remove(0);
            }
            same("sum", sum.to_host()?.as_slice::<f32>()?, [1000.0, 1000.5])
        }),
        case("several results of different types", |subject| {
            let code = "func.func public @main(%x: tensor<2xf32>) -> (tensor<2xi1>, tensor<2xf64>, tensor<f32>) {
              %zero = stablehlo.constant dense<0.0> : tensor<2xf32>
              %p = stablehlo.compare GT, %x, %zero : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
              %d = stablehlo.convert %x : (tensor<2xf32>) -> tensor<2xf64>
              %c = stablehlo.constant dense<3.0> : tensor<f32>
              return %p, %d, %c : tensor<2xi1>, tensor<2xf64>, tensor<f32>
            }";
            let results = subject.load(code)?.run(vec![subject.f32s(&[-1.0, 2.0])?.into()])?;
            same("first", results[0].to_host()?.as_slice::<bool>()?, [false, true])?;
            same("second", results[1].to_host()?.as_slice::<f64>()?, [-1.0, 2.0])?;
            same("third", results[2].to_host()?.item::<f32>()?, 3.0)
        }),
        case("without arguments or results", |subject| {
            let nothing = subject.load("func.func public @main() { return }")?;
            holds("none comes back", nothing.run(vec![])?.is_empty())
        }),
        case("arrays without elements", |subject| {
            let code =
                "func.func public @main(%x: tensor<0x3xf32>) -> (tensor<0x3xf32>, tensor<f32>) {
              %zero = stablehlo.constant dense<0.0> : tensor<f32>
              %s = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0, 1]
                : (tensor<0x3xf32>, tensor<f32>) -> tensor<f32>
              %y = stablehlo.add %x, %x : tensor<0x3xf32>
              return %y, %s : tensor<0x3xf32>, tensor<f32>
            }";
            let x = pjrt::HostArray::zeros(pjrt::DType::F32, &[0, 3])?;
            let results = subject.load(code)?.run(vec![subject.on_device(&x)?.into()])?;
            same("the array", results[0].to_host()?.dims(), [0, 3])?;
            same("its sum", results[1].to_host()?.item::<f32>()?, 0.0)
        }),
        case("from four threads at once", |subject| {
            let add = &subject.load(ADD)?;
            let buffers: Vec<_> =
                (0..4).map(|i| subject.f32s(&[i as f32, 1.0])).collect::<Verdict<_>>()?;
            let double = |x: &pjrt::Buffer| -> pjrt::Result<f32> {
                let mut first = 0.0;
                for _ in 0..100 {
                    let sum = add.run(vec![x.into(), x.into()])?[0].to_host()?;
                    first = sum.as_slice::<f32>()?[0];
                }
                Ok(first)
            };
            thread::scope(|scope| {
                let threads: Vec<_> =
                    buffers.iter().map(|x| scope.spawn(move || double(x))).collect();
                for (index, thread) in threads.into_iter().enumerate() {
                    let first = thread.join().map_err(|_| Finding::failed("a thread panicked"))?;
                    same("sum", first?, 2.0 * index as f32)?;
                }
                Ok(())
            })
        }),
    ]
}
