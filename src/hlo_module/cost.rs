//! What a module costs to run: operations and bytes, by kind of instruction.
//!
//! The rules are those of XLA's own `HloCostAnalysis`, which plugins for CPU and GPU don't offer:
//!
//! - A dot takes `2 · elements of the result · contracted elements`, a convolution the same over the
//!   taps that don't fall on padding or holes.
//! - An elementwise operation takes one operation for each element of its result, of whatever type;
//!   those such as `exponential` and `sqrt` are counted apart, as transcendentals.
//! - A reduction takes what its function takes, as often as that is applied; a sort of `n` elements
//!   takes `n · ⌈log₂ n⌉`.
//! - What is called in NVIDIA's libraries takes what the dot or the convolution would that it is; any
//!   other custom call takes nothing, for its work is unknown.
//! - Bytes are those of operands and results. Inside a fusion nothing reaches memory: its bytes are
//!   its own, and its operations those of the instructions that it is made of.
//!
//! Other than there, the body of a loop counts as often as it runs, if the compiler knows that, and
//! once if it doesn't.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::Serialize;

use super::proto::{Instruction, Shape, WindowDimension};
use super::{HloModule, Resolved, library_call};

/// Operations and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Operations on numbers, of floating point or not, but for transcendental ones.
    pub flops: u64,
    /// Exponentials, logarithms, roots and their like.
    pub transcendentals: u64,
    /// Bytes read and written.
    pub bytes: u64,
}

/// What the instructions of a kind come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OpCost {
    /// How many of them the module has, each counted once however often it runs.
    pub count: u64,
    /// What they cost in a run of the module.
    #[serde(flatten)]
    pub cost: Cost,
}

/// What a run of a module costs, by kind of instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Costs(BTreeMap<String, OpCost>);

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.flops = self.flops.saturating_add(other.flops);
        self.transcendentals = self.transcendentals.saturating_add(other.transcendentals);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

impl Cost {
    fn times(self, times: u64) -> Self {
        Self {
            flops: self.flops.saturating_mul(times),
            transcendentals: self.transcendentals.saturating_mul(times),
            bytes: self.bytes.saturating_mul(times),
        }
    }

    /// Without what doesn't reach memory.
    fn inside(self) -> Self {
        Self { bytes: 0, ..self }
    }
}

impl Costs {
    /// The kinds and what they come to, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, OpCost)> {
        self.0.iter().map(|(kind, cost)| (kind.as_str(), *cost))
    }

    /// What the kind comes to; nothing if there is none.
    pub fn of(&self, kind: &str) -> OpCost {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// The sum over all kinds.
    pub fn total(&self) -> OpCost {
        let mut total = OpCost::default();
        for op in self.0.values() {
            total.count += op.count;
            total.cost += op.cost;
        }
        total
    }

    fn add(&mut self, kind: &str, cost: Cost) {
        self.0.entry(kind.to_owned()).or_default().cost += cost;
    }

    fn merge(&mut self, other: &Self, cost: impl Fn(Cost) -> Cost) {
        for (kind, op) in &other.0 {
            self.add(kind, cost(op.cost));
        }
    }
}

impl HloModule {
    /// What a run of the module costs.
    pub fn costs(&self) -> Costs {
        // Callees come before their callers.
        let mut costs = Vec::with_capacity(self.computations.len());
        for computation in &self.computations {
            costs.push(self.costs_of(computation, &costs));
        }
        let mut costs = costs.swap_remove(self.entry);
        for computation in &self.computations {
            for instruction in &computation.instructions {
                costs.0.entry(instruction.opcode.clone()).or_default().count += 1;
            }
        }
        costs
    }

    fn costs_of(&self, computation: &Resolved, known: &[Costs]) -> Costs {
        let mut costs = Costs::default();
        for (index, instruction) in computation.instructions.iter().enumerate() {
            let callees = &computation.callees[index];
            let kind = &*instruction.opcode;
            match (kind, &callees[..]) {
                ("fusion", &[fused]) => {
                    costs.merge(&known[fused], Cost::inside);
                    let bytes = self.fusion_bytes(computation, index, fused);
                    costs.add(kind, Cost { bytes, ..Cost::default() });
                }
                ("call" | "async-start", &[callee]) => costs.merge(&known[callee], |cost| cost),
                ("while", &[body, condition]) => {
                    let trips = instruction.trips().unwrap_or(1);
                    costs.merge(&known[body], |cost| cost.times(trips));
                    costs.merge(&known[condition], |cost| cost.times(trips));
                }
                ("conditional", branches) => {
                    let dear = |&&branch: &&usize| {
                        let Cost { flops, transcendentals, bytes } = known[branch].total().cost;
                        (flops, transcendentals, bytes)
                    };
                    if let Some(&dearest) = branches.iter().max_by_key(dear) {
                        costs.merge(&known[dearest], |cost| cost);
                    }
                }
                _ => {
                    let applied = callees.iter().map(|&callee| known[callee].total().cost.inside());
                    costs.add(kind, own(computation, index, &applied.collect::<Vec<_>>()));
                }
            }
        }
        costs
    }

    /// The bytes that a fusion reads of each of its operands, and those of its results.
    fn fusion_bytes(&self, computation: &Resolved, index: usize, fused: usize) -> u64 {
        let fused = &self.computations[fused];
        let root = &fused.instructions[fused.root];
        let results: Vec<usize> = match &*root.opcode {
            "tuple" => fused.operands[fused.root].clone(),
            _ => vec![fused.root],
        };
        let written = results.into_iter().map(|result| match &*fused.instructions[result].opcode {
            // What is updated in place is not written anew.
            "dynamic-update-slice" => fused.operand(result, 1).bytes(),
            _ => fused.instructions[result].shape().bytes(),
        });
        let parameters = fused.instructions.iter().enumerate();
        let parameters = parameters.filter(|(_, instruction)| instruction.opcode == "parameter");
        let read = parameters.map(|(at, parameter)| {
            let whole = parameter.shape().bytes();
            let mut bytes = 0u64;
            for (user, operands) in fused.operands.iter().enumerate() {
                let instruction = &fused.instructions[user];
                let uses = operands.iter().enumerate().filter(|(_, operand)| **operand == at);
                for (position, _) in uses {
                    bytes = bytes.saturating_add(match (&*instruction.opcode, position) {
                        ("slice" | "dynamic-slice" | "gather", 0) => instruction.shape().bytes(),
                        ("dynamic-update-slice", 0) => 0,
                        _ => whole,
                    });
                }
            }
            // However often it is used, it need not be read more than once.
            bytes.min(computation.operand(index, parameter.parameter_number as usize).bytes())
        });
        written.chain(read).fold(0, u64::saturating_add)
    }
}

/// What an instruction takes by itself. `applied` are the functions that it applies to elements.
fn own(computation: &Resolved, index: usize, applied: &[Cost]) -> Cost {
    let instruction = &computation.instructions[index];
    let kind = &*instruction.opcode;
    let result = instruction.shape();
    let operand = |number| computation.operand(index, number);
    let elements = result.elements();
    let flops = |flops| Cost { flops, ..Cost::default() };
    let function = applied.first().copied().unwrap_or_default();
    let mut cost = match kind {
        "dot" => {
            let dims =
                instruction.dot.as_ref().map_or(&[][..], |it| &it.lhs_contracting_dimensions);
            flops(product(operand(0), dims, result))
        }
        "convolution" => flops(convolution(instruction, operand(0), operand(1), result)),
        "custom-call" => return library_call::cost(computation, index).unwrap_or_default(),
        "reduce" => function.times(operand(0).elements().saturating_sub(elements)),
        "reduce-window" => function.times(elements.saturating_mul(taps(instruction) - 1)),
        "select-and-scatter" => {
            let sources = operand(1).elements();
            let mut cost = function.times(sources.saturating_mul(taps(instruction) - 1));
            cost += applied.get(1).copied().unwrap_or_default().times(sources);
            cost
        }
        "scatter" => {
            // Inputs, indices, updates: as many updates as inputs.
            let updates = computation.operands[index].len() / 2 + 1;
            function.times(operand(updates).elements())
        }
        "map" => function.times(elements),
        "all-reduce" | "all-reduce-start" | "reduce-scatter" => function.times(elements),
        "sort" => {
            let elements = operand(0).elements();
            let log = u64::BITS - elements.saturating_sub(1).leading_zeros();
            flops(elements.saturating_mul(log.into()))
        }
        "fft" => {
            let logs = instruction.fft_length.iter().map(|n| u64::from(n.max(&1).ilog2()));
            flops(logs.fold(8, u64::saturating_mul).saturating_mul(operand(0).elements()))
        }
        "triangular-solve" => {
            let rows = operand(0).dimensions.last().map_or(1, |rows| rows.unsigned_abs());
            flops(rows.saturating_mul(operand(1).elements()).saturating_mul(2))
        }
        "cholesky" => {
            let rows = operand(0).dimensions.last().map_or(1, |rows| rows.unsigned_abs());
            flops(rows.saturating_mul(operand(0).elements()) / 3)
        }
        _ if TRANSCENDENTAL.contains(&kind) => {
            Cost { transcendentals: elements, ..Cost::default() }
        }
        _ if ELEMENTWISE.contains(&kind) => flops(elements),
        _ => Cost::default(),
    };
    cost.bytes = bytes(computation, index);
    cost
}

/// The bytes that an instruction outside a fusion reads and writes.
fn bytes(computation: &Resolved, index: usize) -> u64 {
    let instruction = &computation.instructions[index];
    let result = instruction.shape().bytes();
    let operand = |number| computation.operand(index, number).bytes();
    match &*instruction.opcode {
        // These pass on what others made.
        "parameter" | "constant" | "tuple" | "get-tuple-element" | "bitcast" | "after-all"
        | "add-dependency" | "domain" | "opt-barrier" | "partition-id" | "replica-id" => 0,
        "slice" => result.saturating_mul(2),
        // No more than the part is read or written.
        "dynamic-slice" | "gather" => result.saturating_mul(2).saturating_add(operand(1)),
        "dynamic-update-slice" => operand(1).saturating_mul(2).saturating_add(operand(2)),
        "scatter" => {
            let inputs = computation.operands[index].len() / 2;
            let updates = (inputs + 1..=2 * inputs).map(operand).fold(0, u64::saturating_add);
            updates.saturating_mul(3).saturating_add(operand(inputs))
        }
        _ => {
            let operands = 0..computation.operands[index].len();
            operands.map(operand).fold(result, u64::saturating_add)
        }
    }
}

/// The product of a window's dimensions, at least 1.
fn taps(instruction: &Instruction) -> u64 {
    let window = instruction.window.iter().flat_map(|window| &window.dimensions);
    window.fold(1u64, |taps, dim| taps.saturating_mul(dim.size.unsigned_abs())).max(1)
}

/// The operations of a dot that contracts `dims` of `lhs`.
pub(super) fn product(lhs: &Shape, dims: &[i64], result: &Shape) -> u64 {
    let width = dims.iter().map(|&dim| lhs.dim(dim)).fold(1, u64::saturating_mul);
    result.elements().saturating_mul(width).saturating_mul(2)
}

/// The operations of the convolution of `lhs` with `rhs`.
pub(super) fn convolution(
    instruction: &Instruction,
    lhs: &Shape,
    rhs: &Shape,
    result: &Shape,
) -> u64 {
    let (Some(dims), Some(window)) = (&instruction.convolution, &instruction.window) else {
        return 0;
    };
    let groups = |count: i64| count.unsigned_abs().max(1);
    let mut count = lhs.dim(dims.input_feature_dimension) / groups(instruction.feature_group_count);
    count = count.saturating_mul(result.dim(dims.output_feature_dimension));
    let batch = lhs.dim(dims.input_batch_dimension) / groups(instruction.batch_group_count);
    count = count.saturating_mul(batch);
    for (spatial, window) in window.dimensions.iter().enumerate() {
        let dim = |shape: &Shape, dims: &[i64]| shape.dim(dims.get(spatial).copied().unwrap_or(-1));
        let input = dim(lhs, &dims.input_spatial_dimensions);
        let kernel = dim(rhs, &dims.kernel_spatial_dimensions);
        let output = dim(result, &dims.output_spatial_dimensions);
        count = count.saturating_mul(inner_taps(window, input, kernel, output));
    }
    count.saturating_mul(2)
}

/// The pairs of kernel and output positions along a dimension that meet an element of the input,
/// rather than padding or a hole of its dilation.
fn inner_taps(window: &WindowDimension, input: u64, kernel: u64, output: u64) -> u64 {
    let signed = |dim: u64| i64::try_from(dim).unwrap_or(i64::MAX);
    let (base, stride) = (window.base_dilation.max(1), window.stride.max(1));
    // Of so many output positions in a row, one meets an element between holes, or none does.
    let period = base / greatest_common_divisor(base, stride);
    if kernel.saturating_mul(period.unsigned_abs()) > MOST_TAPS {
        return kernel.saturating_mul(output);
    }
    // The positions of the dilated input.
    let end = signed(input).saturating_sub(1).saturating_mul(base);
    let mut taps = 0u64;
    for tap in 0..signed(kernel) {
        let offset =
            tap.saturating_mul(window.window_dilation.max(1)).saturating_sub(window.padding_low);
        let position = |out: i64| out.saturating_mul(stride).saturating_add(offset);
        // first ≤ output position ≤ last
        let first = offset.saturating_neg().max(0).saturating_add(stride - 1) / stride;
        let last = end.saturating_sub(offset).div_euclid(stride).min(signed(output) - 1);
        let mut some = first..=last.min(first.saturating_add(period - 1));
        if let Some(first) = some.find(|&out| position(out) % base == 0) {
            taps = taps.saturating_add(((last - first) / period).unsigned_abs() + 1);
        }
    }
    taps
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// More taps along a dimension are not looked at one by one, but taken to meet the input all. No
/// convolution has as many.
const MOST_TAPS: u64 = 1 << 16;

const TRANSCENDENTAL: &[&str] = &[
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan2",
    "atanh",
    "cbrt",
    "cosh",
    "cosine",
    "erf",
    "exponential",
    "exponential-minus-one",
    "log",
    "log-plus-one",
    "logistic",
    "power",
    "rng",
    "rng-bit-generator",
    "rsqrt",
    "sine",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
];

const ELEMENTWISE: &[&str] = &[
    "abs",
    "add",
    "and",
    "bitcast-convert",
    "ceil",
    "clamp",
    "compare",
    "complex",
    "convert",
    "count-leading-zeros",
    "divide",
    "floor",
    "imag",
    "is-finite",
    "maximum",
    "minimum",
    "multiply",
    "negate",
    "not",
    "or",
    "popcnt",
    "real",
    "reduce-precision",
    "remainder",
    "round-nearest-afz",
    "round-nearest-even",
    "select",
    "shift-left",
    "shift-right-arithmetic",
    "shift-right-logical",
    "sign",
    "stochastic-convert",
    "subtract",
    "xor",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair, one by one.
    fn counted(window: &WindowDimension, input: i64, kernel: i64, output: i64) -> u64 {
        let mut taps = 0;
        for tap in 0..kernel {
            for out in 0..output {
                let at = out * window.stride + tap * window.window_dilation - window.padding_low;
                let inside = at >= 0 && at % window.base_dilation == 0;
                taps += u64::from(inside && at / window.base_dilation < input);
            }
        }
        taps
    }

    #[test]
    fn taps_are_those_that_meet_an_element_whatever_the_stride_padding_and_dilation() {
        for base_dilation in 1..7 {
            for stride in 1..7 {
                for (window_dilation, padding_low, input, kernel, output) in
                    [(1, 0, 9, 3, 7), (2, 3, 9, 4, 11), (3, -2, 5, 5, 30), (1, 40, 6, 3, 9)]
                {
                    let window = WindowDimension {
                        stride,
                        padding_low,
                        window_dilation,
                        base_dilation,
                        ..WindowDimension::default()
                    };
                    assert_eq!(
                        inner_taps(&window, input, kernel, output),
                        counted(&window, input as i64, kernel as i64, output as i64),
                        "{window:?}"
                    );
                }
            }
        }
    }
}
