//! What compiled programs tell of themselves.

use pjrt::{ArraySpec, Code, CompileOptions, DType};

use super::{ADD, ADD_IN_PLACE};
use crate::conform::case::{Case, Verdict, case, holds, same};
use crate::conform::subject::{Compiled, Subject};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("arguments and results", |subject| {
            let code = "module @scale {
              func.func public @main(%x: tensor<3x2xbf16>, %y: tensor<i32>) -> (tensor<i32>, tensor<3x2xbf16>) {
                return %y, %x : tensor<i32>, tensor<3x2xbf16>
              }
            }";
            let program = subject.compile(Code::mlir(code), &CompileOptions::default())?;
            let matrix = ArraySpec::new(DType::Bf16, &[3, 2]);
            let scalar = ArraySpec::new(DType::S32, &[]);
            same("arguments", program.inputs(), [matrix.clone(), scalar.clone()])?;
            same("results", program.outputs(), [scalar, matrix])
        }),
        case("the module's name", |subject| {
            let code = ADD.replace("func.func", "module @adds { func.func") + "}";
            let add = subject.compile(Code::mlir(&code), &CompileOptions::default())?;
            holds("the name is in it", add.name().contains("adds"))
        }),
        case("which arguments are taken over", |subject| {
            same("of one that takes none", add(subject)?.donatable_inputs(), [0_usize; 0])?;
            let in_place = subject.compile(Code::mlir(ADD_IN_PLACE), &CompileOptions::default())?;
            same("of one that takes the first", in_place.donatable_inputs(), [0])
        }),
        case("which results lie in arguments", |subject| {
            let in_place = subject.compile(Code::mlir(ADD_IN_PLACE), &CompileOptions::default())?;
            let alias = |alias: &pjrt::Alias| (alias.input, alias.output);
            same(
                "input and output",
                in_place.aliases().iter().map(alias).collect::<Vec<_>>(),
                [(0, 0)],
            )
        }),
        case("which donations no result can use", |subject| {
            let code = "func.func public @main(
                %x: tensor<2xf32> {jax.buffer_donor = true},
                %y: tensor<3xf32> {jax.buffer_donor = true}) -> tensor<2xf32> {
              %z = stablehlo.add %x, %x : tensor<2xf32>
              return %z : tensor<2xf32>
            }";
            let program = subject.compile(Code::mlir(code), &CompileOptions::default())?;
            same("arguments", program.refused_donations(), [1])
        }),
        case("memory", |subject| {
            let stats = add(subject)?.memory_stats()?;
            holds("two arguments take 16 bytes or more", stats.argument_bytes >= 16)?;
            holds("and the result 8", stats.output_bytes >= 8)
        }),
        case("FLOPs and bytes accessed", |subject| {
            let cost = add(subject)?.cost()?;
            same("FLOPs", cost.get("flops"), Some(&2.0))?;
            holds("bytes", cost.get("bytes accessed").is_some_and(|&bytes| bytes >= 24.0))
        }),
        case("the optimised program", |subject| {
            holds("there is one", !add(subject)?.optimized_program()?.is_empty())
        }),
        case("a fingerprint", |subject| {
            let other = subject.compile(Code::mlir(ADD_IN_PLACE), &CompileOptions::default())?;
            let (one, other) = (add(subject)?.fingerprint()?, other.fingerprint()?);
            holds("two programs differ in it", !one.is_empty() && one != other)
        }),
        case("written as bytes", |subject| {
            holds("there are some", !add(subject)?.serialize()?.is_empty())
        }),
        case("read from bytes, and run", |subject| {
            let client = subject.client()?;
            let add = client.load_serialized(&add(subject)?.serialize()?)?;
            let x = subject.f32s(&[1.0, 2.0])?;
            let sum = add.run(vec![(&x).into(), (&x).into()])?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [2.0, 4.0])
        }),
    ]
}

fn add(subject: &Subject) -> Verdict<Compiled> {
    subject.compile(Code::mlir(ADD), &CompileOptions::default())
}
