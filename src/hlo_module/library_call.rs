//! What calls of NVIDIA's libraries cost: products of matrices by cuBLAS, convolutions by cuDNN.

use serde::Deserialize;

use super::Resolved;
use super::cost::{Cost, convolution, product};

/// The part of a call's `backend_config` that is read here, which XLA writes as JSON.
#[derive(Deserialize)]
struct Config {
    gemm_backend_config: Gemm,
}

#[derive(Deserialize)]
struct Gemm {
    dot_dimension_numbers: Dimensions,
}

#[derive(Deserialize)]
struct Dimensions {
    lhs_contracting_dimensions: Vec<String>,
}

/// What the custom call costs; none if it calls something else. A second result is working memory,
/// which isn't counted.
pub(super) fn cost(computation: &Resolved, index: usize) -> Option<Cost> {
    let instruction = &computation.instructions[index];
    let operand = |number| computation.operand(index, number);
    let result = *instruction.shape().arrays().first()?;
    let flops = match &*instruction.custom_call_target {
        "__cublas$gemm" | "__cublas$lt$matmul" | "__cublas$lt$matmul$f8" => {
            let config: Config = serde_json::from_slice(&instruction.backend_config).ok()?;
            let dims = config.gemm_backend_config.dot_dimension_numbers.lhs_contracting_dimensions;
            let dims = dims.iter().map(|dim| dim.parse().ok()).collect::<Option<Vec<i64>>>()?;
            product(operand(0), &dims, result)
        }
        "__cudnn$convForward"
        | "__cudnn$convBiasActivationForward"
        | "__cudnn$convForwardGraph" => convolution(instruction, operand(0), operand(1), result),
        // These two are given by the convolution whose gradients they are.
        "__cudnn$convBackwardInput" => convolution(instruction, result, operand(1), operand(0)),
        "__cudnn$convBackwardFilter" => convolution(instruction, operand(0), result, operand(1)),
        _ => return None,
    };
    let operands = computation.operands[index].iter();
    let read = operands.map(|&operand| computation.instructions[operand].shape().bytes());
    let bytes = read.fold(result.bytes(), u64::saturating_add);
    Some(Cost { flops, bytes, ..Cost::default() })
}
