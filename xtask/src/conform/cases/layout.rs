//! How arrays lie in a device's memory.

use pjrt::{ArraySpec, Code, CompileOptions, DType, HostArray};

use crate::conform::case::{Case, case, same};
use crate::conform::subject::Compiled;

/// Twice a matrix that is taken by columns, or returned so.
const TAKING: &str = r#"func.func public @main(%x: tensor<2x3xf32> {mhlo.layout_mode = "{0,1}"})
    -> tensor<2x3xf32> {
  %y = stablehlo.add %x, %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}"#;
const RETURNING: &str = r#"func.func public @main(%x: tensor<2x3xf32>)
    -> (tensor<2x3xf32> {mhlo.layout_mode = "{0,1}"}) {
  %y = stablehlo.add %x, %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}"#;
const ROWS: [f32; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
const DOUBLED: [f32; 6] = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("of an array on a device", |subject| {
            let x = subject.on_device(&HostArray::from_slice(&[2, 3], &ROWS)?)?;
            same("dimensions", x.layout()?.minor_to_major().len(), 2)
        }),
        case("the default of a topology", |subject| {
            let topology = match subject.absent_hardware() {
                Some(_) => subject.topology()?.clone(),
                None => subject.client()?.topology()?,
            };
            let layout = topology.default_layout(&ArraySpec::new(DType::F32, &[2, 3]))?;
            same("dimensions", layout.minor_to_major().len(), 2)
        }),
        case("a result by columns", |subject| {
            let code = Code::mlir(RETURNING);
            let program = subject.compile(code, &CompileOptions::default())?;
            same("order", program.output_layouts()[0].minor_to_major(), [0, 1])?;
            let Compiled::Loaded(program) = program else { return Ok(()) };
            let x = subject.on_device(&HostArray::from_slice(&[2, 3], &ROWS)?)?;
            let results = program.run(vec![x.into()])?;
            same("values", results[0].to_host()?.as_slice::<f32>()?, DOUBLED)
        }),
        case("an argument by columns", |subject| {
            let code = Code::mlir(TAKING);
            let program = subject.compile(code, &CompileOptions::default())?;
            same("order", program.input_layouts()[0].minor_to_major(), [0, 1])?;
            let Compiled::Loaded(program) = program else { return Ok(()) };
            let x = HostArray::from_slice(&[2, 3], &ROWS)?;
            let x = program.argument(0, &x, &subject.device()?)?;
            let results = program.run(vec![x.into()])?;
            same("values", results[0].to_host()?.as_slice::<f32>()?, DOUBLED)
        }),
    ]
}
