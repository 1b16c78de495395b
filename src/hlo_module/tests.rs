use super::proto::{
    Computation, ConvolutionDimensionNumbers, Instruction, Module, ProgramShape, Shape, Window,
    WindowDimension,
};
use super::*;

/// Made by XLA for the CPU (jaxlib 0.10.2).
const OPTIMIZED: &[u8] = include_bytes!("../../tests/data/optimized.pb");

const F32: i32 = 11;
const TUPLE: i32 = 13;

fn instruction(id: i64, opcode: &str, operands: &[i64], called: &[i64]) -> Instruction {
    Instruction {
        name: format!("{opcode}.{id}"),
        opcode: opcode.to_owned(),
        shape: Some(Shape { element_type: F32, dimensions: vec![10], ..Shape::default() }),
        id,
        operand_ids: operands.to_vec(),
        called_computation_ids: called.to_vec(),
        ..Instruction::default()
    }
}

fn computation(id: i64, instructions: Vec<Instruction>) -> Computation {
    let root_id = instructions.last().map_or(0, |root| root.id);
    Computation { name: format!("c.{id}"), instructions, id, root_id }
}

fn module(computations: Vec<Computation>) -> Vec<u8> {
    let entry_computation_id = computations.last().map_or(0, |entry| entry.id);
    let module = Module {
        computations,
        entry_computation_id,
        host_program_shape: Some(ProgramShape {}),
        ..Module::default()
    };
    module.encode_to_vec()
}

fn message(bytes: &[u8]) -> String {
    HloModule::decode(bytes).unwrap_err().to_string()
}

#[test]
fn a_module_whose_references_lead_nowhere_is_refused() {
    insta::assert_snapshot!(message(b""), @"it is not an HloModuleProto: it has no computation");
    let parameter = || instruction(1, "parameter", &[], &[]);
    let of = |last| module(vec![computation(1, vec![parameter(), last])]);
    assert!(HloModule::decode(&of(instruction(2, "exponential", &[1], &[]))).is_ok());
    insta::assert_snapshot!(message(&of(instruction(2, "exponential", &[3], &[]))), @"it is damaged or cut off: exponential.2 has an operand 3, which is missing");
    insta::assert_snapshot!(message(&of(instruction(2, "exponential", &[2], &[]))), @"it is damaged or cut off: exponential.2 has an operand 2, which is missing");
    // What calls itself would never be done with.
    insta::assert_snapshot!(message(&of(instruction(2, "call", &[1], &[1]))), @"it is damaged or cut off: call.2 has an inner computation 1, which is missing");
    let rootless = Computation { root_id: 9, ..computation(1, vec![parameter()]) };
    insta::assert_snapshot!(message(&module(vec![rootless])), @"it is damaged or cut off: the result of c.1 is missing");
}

#[test]
fn a_conditional_costs_what_its_dearest_branch_does() {
    let branch = |id, opcodes: &[&str]| {
        let mut instructions = vec![instruction(10 * id, "parameter", &[], &[])];
        for (at, opcode) in (10 * id..).zip(opcodes) {
            instructions.push(instruction(at + 1, opcode, &[at], &[]));
        }
        computation(id, instructions)
    };
    let entry = vec![
        instruction(100, "parameter", &[], &[]),
        instruction(101, "conditional", &[100, 100, 100], &[1, 2]),
    ];
    let both = [branch(1, &["negate"]), branch(2, &["abs", "abs", "tanh"]), computation(3, entry)];
    let costs = HloModule::decode(&module(both.to_vec())).unwrap().costs();
    assert_eq!(costs.total().cost, Cost { flops: 20, transcendentals: 10, bytes: 3 * 80 });
    assert_eq!(costs.of("negate"), OpCost { count: 1, cost: Cost::default() });
}

#[test]
fn what_a_fusion_is_made_of_does_not_reach_memory() {
    let fused = computation(
        1,
        vec![
            instruction(1, "parameter", &[], &[]),
            instruction(2, "multiply", &[1, 1], &[]),
            instruction(3, "sqrt", &[2], &[]),
        ],
    );
    let entry =
        vec![instruction(11, "parameter", &[], &[]), instruction(12, "fusion", &[11], &[1])];
    let module = HloModule::decode(&module(vec![fused, computation(2, entry)])).unwrap();
    let costs = module.costs();
    assert_eq!(costs.of("multiply").cost, Cost { flops: 10, ..Cost::default() });
    assert_eq!(costs.of("sqrt").cost, Cost { transcendentals: 10, ..Cost::default() });
    assert_eq!(costs.of("fusion").cost, Cost { bytes: 80, ..Cost::default() });
    let buffers = module.buffers();
    let names: Vec<_> = buffers.iter().map(|buffer| buffer.name.as_str()).collect();
    assert_eq!(names, ["parameter.11", "fusion.12"]);
}

#[test]
fn sizes_beyond_any_number_cost_the_most_that_can_be_told_and_no_time() {
    let huge = |dimensions: Vec<i64>| {
        Some(Shape { dimensions, ..instruction(0, "", &[], &[]).shape().clone() })
    };
    let of = |root: Instruction, dimensions: &[i64]| {
        let operand = Instruction {
            shape: huge(dimensions.to_vec()),
            ..instruction(1, "parameter", &[], &[])
        };
        let entry = vec![operand, Instruction { shape: huge(dimensions.to_vec()), ..root }];
        let module = HloModule::decode(&module(vec![computation(1, entry)])).unwrap();
        module.costs().total().cost.flops
    };
    assert_eq!(of(instruction(2, "sort", &[1], &[]), &[1 << 40, 1 << 40]), u64::MAX);
    assert_eq!(of(instruction(2, "sort", &[1], &[]), &[5]), 5 * 3);
    let dims = vec![0];
    let convolution = Instruction {
        window: Some(Window {
            dimensions: vec![WindowDimension { base_dilation: 3, ..Default::default() }],
        }),
        convolution: Some(ConvolutionDimensionNumbers {
            input_spatial_dimensions: dims.clone(),
            kernel_spatial_dimensions: dims.clone(),
            output_spatial_dimensions: dims,
            ..Default::default()
        }),
        ..instruction(2, "convolution", &[1, 1], &[])
    };
    assert_eq!(of(convolution, &[1 << 62]), u64::MAX);
}

#[test]
fn no_damage_to_a_module_does_worse_than_an_error() {
    assert!(HloModule::decode(OPTIMIZED).is_ok());
    for at in (0..OPTIMIZED.len()).step_by(5) {
        for change in [0x01, 0x80, 0xff] {
            let mut damaged = OPTIMIZED.to_vec();
            damaged[at] ^= change;
            if let Ok(module) = HloModule::decode(&damaged) {
                module.costs().total();
                module.buffers();
                module.parameters();
                module.results();
                module.loops();
            }
        }
    }
}

/// What a call of `of`, a function of one of NVIDIA's libraries, costs on two arrays of `f32`, with
/// working memory as a second result.
fn library_call(lhs: &[i64], rhs: &[i64], result: &[i64], of: Instruction) -> Cost {
    let array =
        |dims: &[i64]| Shape { element_type: F32, dimensions: dims.to_vec(), ..Shape::default() };
    let parameter = |id, dims| Instruction {
        shape: Some(array(dims)),
        ..instruction(id, "parameter", &[], &[])
    };
    let results = vec![array(result), array(&[999])];
    let results = Shape { element_type: TUPLE, tuple_shapes: results, ..Shape::default() };
    let call = Instruction { shape: Some(results), ..of };
    let entry = computation(1, vec![parameter(1, lhs), parameter(2, rhs), call]);
    let module = HloModule::decode(&module(vec![entry])).unwrap();
    assert!(module.custom_calls().is_empty());
    module.costs().of("custom-call").cost
}

#[test]
fn a_product_by_cublas_costs_what_a_dot_does() {
    let config = r#"{"gemm_backend_config":{"dot_dimension_numbers":{
        "lhs_contracting_dimensions":["1"],"rhs_contracting_dimensions":["0"]}}}"#;
    let call = Instruction {
        custom_call_target: "__cublas$lt$matmul".to_owned(),
        backend_config: config.into(),
        ..instruction(3, "custom-call", &[1, 2], &[])
    };
    let cost = library_call(&[8, 16], &[16, 4], &[8, 4], call);
    assert_eq!((cost.flops, cost.bytes), (2 * 8 * 16 * 4, 4 * (8 * 16 + 16 * 4 + 8 * 4)));
}

#[test]
fn a_convolution_by_cudnn_costs_the_same_forward_and_backward() {
    // Positions 5, kernels of 3 and so 3 results, from 4 features to 6.
    let (input, kernel, output) = ([2, 5, 4], [3, 4, 6], [2, 3, 6]);
    let dims = ConvolutionDimensionNumbers {
        input_batch_dimension: 0,
        input_feature_dimension: 2,
        input_spatial_dimensions: vec![1],
        kernel_spatial_dimensions: vec![0],
        output_feature_dimension: 2,
        output_spatial_dimensions: vec![1],
    };
    let positions = WindowDimension { size: 3, stride: 1, ..WindowDimension::default() };
    let window = Window { dimensions: vec![positions] };
    let call = |target: &str| Instruction {
        custom_call_target: target.to_owned(),
        convolution: Some(dims.clone()),
        window: Some(window.clone()),
        ..instruction(3, "custom-call", &[1, 2], &[])
    };
    for cost in [
        library_call(&input, &kernel, &output, call("__cudnn$convForward")),
        library_call(&output, &kernel, &input, call("__cudnn$convBackwardInput")),
        library_call(&input, &output, &kernel, call("__cudnn$convBackwardFilter")),
    ] {
        assert_eq!((cost.flops, cost.bytes), (2 * (2 * 3 * 6) * (3 * 4), 4 * (40 + 72 + 36)));
    }
}

#[test]
fn a_call_of_something_else_costs_nothing_and_is_named() {
    let call = Instruction {
        custom_call_target: "mystery".to_owned(),
        ..instruction(2, "custom-call", &[1], &[])
    };
    let entry = computation(1, vec![instruction(1, "parameter", &[], &[]), call]);
    let module = HloModule::decode(&module(vec![entry])).unwrap();
    assert_eq!(module.custom_calls(), ["mystery"]);
    assert_eq!(module.costs().total().cost, Cost::default());
}

/// Of arrays that are split among devices in a grid of 2 x 4, of which the device `i` is in row
/// `i / 4` and column `i % 4`: one along both axes of the grid, the second one first, and one along
/// its rows alone.
#[test]
fn what_a_module_takes_and_returns_is_split_as_its_compiler_says() {
    let module = HloModule::decode(include_bytes!("../../tests/data/split.pb")).unwrap();
    assert!(module.is_marked());
    let tiles = |sharding: &Sharding, rank| {
        (0..8).map(|partition| sharding.tile(partition, rank)).collect::<Vec<_>>()
    };
    let both: Vec<_> = (0..8).map(|i| vec![i % 4, i / 4]).collect();
    let rows: Vec<_> = (0..8).map(|i| vec![i / 4]).collect();
    let parameters = module.parameter_shardings().unwrap();
    assert_eq!([tiles(&parameters[0], 2), tiles(&parameters[1], 1)], [both.clone(), rows]);
    let results = module.result_shardings().unwrap();
    assert_eq!(tiles(&results[0], 2), both);
    assert_eq!(results[1..], [Sharding::replicated()]);
}
