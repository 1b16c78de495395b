//! A loop over the first axis of tensors.

use super::while_loop::{check_carry, while_loop_in_place};
use super::{Application, Cotangents, Expansion, Form, NoGradient, Op};
use crate::graph::{BlockId, Graph, IdMap, IdSet, SCAN_BODY, ValueId};
use crate::pullback::{Pullback, pullback};
use crate::replay::substitute;
use crate::{DType, Rule, Shape, Tensor, Trace, Tree, Type};

/// Operands and parameters of the body: the carry, then inputs. Results: the carry, then outputs.
#[derive(Clone, Debug)]
struct Scan {
    /// The number of turns.
    length: usize,
    /// From the last element to the first.
    reverse: bool,
    /// How many tensors are carried.
    carry: usize,
    /// What the body returned when it was recorded.
    results: Vec<Type>,
}

/// Applies `body` to the elements of `inputs` along their first axis, from the first to the last.
///
/// `body` gets what is carried from turn to turn, beginning with `init`, and one element of each
/// input; it returns the carry for the next turn and outputs. The result is the last carry and the
/// outputs of all turns, stacked along a new first axis.
///
/// The closure is recorded once, whatever the number of turns, and may use tensors from outside.
///
/// ```
/// use hlo::DType::F32;
///
/// hlo::trace("layers", |t| {
///     let (x, weights) = (t.input("x", F32, [32, 64]), t.input("weights", F32, [24, 64, 64]));
///     let (y, norms) = hlo::scan(x, weights, |x, w| {
///         let y = x.matmul(w).tanh();
///         (y, (y * y).sum(..))
///     });
///     t.output("dw", hlo::grad(y.sum(..), weights));
///     t.output("norms", norms);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// A gradient keeps, for every turn, what the reverse pass of the body needs; wrap the body in
/// [`checkpoint`](crate::checkpoint) to keep only the carry and compute the rest again. Inputs of
/// different lengths, and a carry that changes its type, are mistakes.
#[track_caller]
pub fn scan<'t, C: Tree<'t>, X: Tree<'t>, Y: Tree<'t>>(
    init: C,
    inputs: X,
    body: impl FnOnce(C, X) -> (C, Y),
) -> (C, Y) {
    record(false, init, inputs, body)
}

/// [`scan`] from the last element to the first. Outputs stand where their inputs do.
#[track_caller]
pub fn scan_reverse<'t, C: Tree<'t>, X: Tree<'t>, Y: Tree<'t>>(
    init: C,
    inputs: X,
    body: impl FnOnce(C, X) -> (C, Y),
) -> (C, Y) {
    record(true, init, inputs, body)
}

#[track_caller]
fn record<'t, C: Tree<'t>, X: Tree<'t>, Y: Tree<'t>>(
    reverse: bool,
    init: C,
    inputs: X,
    body: impl FnOnce(C, X) -> (C, Y),
) -> (C, Y) {
    let (carried, scanned) = (init.tensors(), inputs.tensors());
    let operands = [&carried[..], &scanned].concat();
    let Some(first) = operands.first() else { return without_tensors(init, inputs, body) };
    let trace = first.trace();
    let all: Vec<_> = operands.iter().map(Tensor::ty).collect();
    if scanned.is_empty() {
        trace.refuse("scan", &all, Rule::NoInputs);
    } else if let Some(rule) = scanned.iter().find_map(|input| input.shape().last_axis().err()) {
        trace.refuse("scan", &all, rule);
    }
    let length = scanned.iter().find_map(|input| input.shape().first().copied()).unwrap_or(0);
    let element = |input: &Tensor<'t>| {
        Type::new(input.dtype(), input.shape().iter().skip(1).copied().collect())
    };
    let types: Vec<_> = carried.iter().map(Tensor::ty).chain(scanned.iter().map(element)).collect();
    let mut trees = None;
    let region = trace.region(SCAN_BODY, false, &types, |at| {
        let (carry, input) = at.split_at(carried.len());
        let (carry, output) = trees.insert(body(init.with(carry), inputs.with(input)));
        [carry.tensors(), output.tensors()].concat()
    });
    let (carry, output) = trees.expect("the body has been recorded");
    let returned = carry.tensors().len();
    let results = region.types();
    let count = region.results.len();
    let op = Scan { length, reverse, carry: carried.len(), results };
    if returned != carried.len() && !trace.has_error() {
        let rule = Rule::CarryCount { expected: carried.len(), got: returned };
        trace.refuse("scan", &all, rule);
    }
    let made = trace.apply_regions(op, &operands, vec![region.block], count);
    let (last, stacked) = made.split_at(returned);
    (carry.with(last), output.with(stacked))
}

/// A scan of no tensors at all is a mistake of the trace that its body has tensors of.
#[track_caller]
fn without_tensors<'t, C: Tree<'t>, X: Tree<'t>, Y: Tree<'t>>(
    init: C,
    inputs: X,
    body: impl FnOnce(C, X) -> (C, Y),
) -> (C, Y) {
    let (carry, output) = body(init, inputs);
    if let Some(made) = carry.tensors().iter().chain(&output.tensors()).next() {
        made.trace().refuse("scan", &[], Rule::NoInputs);
    }
    (carry, output)
}

impl Op for Scan {
    fn name(&self) -> &'static str {
        "scan"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (carry, inputs) = operands.split_at(self.carry);
        for input in inputs {
            if input.shape[0] != self.length {
                return Err(Rule::ScanLength { first: self.length, other: input.shape[0] });
            }
        }
        if i32::try_from(self.length).is_err() {
            return Err(Rule::Turns { length: self.length });
        }
        check_carry(carry, &self.results[..self.carry])?;
        let outputs = self.results[self.carry..].iter().map(|&ty| self.stacked(ty));
        Ok(carry.iter().copied().chain(outputs).collect())
    }

    fn form(&self) -> Form {
        Form::Composite
    }

    /// A loop whose carry is the number of the turn, the scan's carry, and a buffer for each output.
    fn expand<'t>(&self, trace: &'t Trace, at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        let (carry, inputs) = at.operands.split_at(self.carry);
        let body = trace.graph().borrow().node(at.node).regions()[0];
        let outputs: Vec<_> = (self.carry..at.results.len()).filter(|&i| at.used[i]).collect();
        let buffers = outputs.iter().map(|&i| trace.zeros(at.results[i].ty()));
        let mut results: Vec<_> = carry.iter().copied().map(Some).collect();
        results.resize(at.results.len(), None);
        if self.length == 0 {
            for (&i, buffer) in outputs.iter().zip(buffers) {
                results[i] = Some(buffer);
            }
        } else {
            let turn = trace.constant(0, DType::S32);
            let init: Vec<_> =
                [turn].into_iter().chain(carry.iter().copied()).chain(buffers).collect();
            self.turn_into_loop(trace, body, &init, inputs, &outputs);
            let made = while_loop_in_place(trace, &init, body, |at| at[0].less(self.length as i32));
            for (i, &result) in made[1..].iter().enumerate() {
                let position = if i < self.carry { i } else { outputs[i - self.carry] };
                results[position] = Some(result);
            }
        }
        let unused = |i: usize| trace.zeros(at.results[i].ty());
        let results = results.into_iter().enumerate();
        results.map(|(i, result)| result.unwrap_or_else(|| unused(i))).collect()
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let trace = at.operands[0].trace();
        let reverse = Reverse::new(self, trace, at);
        if trace.has_error() {
            return Ok(vec![None; at.operands.len()]);
        }
        Ok(reverse.record(self, trace, at))
    }
}

impl Scan {
    fn stacked(&self, ty: Type) -> Type {
        let shape = [self.length].into_iter().chain(ty.shape.iter().copied());
        Type::new(ty.dtype, shape.collect())
    }

    /// Makes the body of the scan the body of the loop: in front of it the elements are taken from
    /// the inputs, behind it its outputs are put into the buffers.
    fn turn_into_loop<'t>(
        &self,
        trace: &'t Trace,
        body: BlockId,
        init: &[Tensor<'t>],
        inputs: &[Tensor<'t>],
        outputs: &[usize],
    ) {
        let (nodes, parameters) = {
            let graph = &mut *trace.graph().borrow_mut();
            let block = graph.block_mut(body);
            // Those that are there come after what is recorded now.
            block.constants.clear();
            let nodes = std::mem::take(&mut block.nodes);
            (nodes, std::mem::take(&mut block.parameters))
        };
        let parameter = |ty| {
            let id = trace.graph().borrow_mut().add_parameter(body, ty);
            trace.tensor(id)
        };
        let turn = parameter(init[0].ty());
        trace.graph().borrow_mut().block_mut(body).parameters.extend(&parameters[..self.carry]);
        let buffers: Vec<_> =
            init[1 + self.carry..].iter().map(|init| parameter(init.ty())).collect();
        trace.within(body, || {
            let index = if self.reverse { self.length as i32 - 1 - turn } else { turn };
            let starts = |rank: usize| {
                let mut starts = vec![trace.constant(0, DType::S32); rank];
                starts[0] = index;
                starts
            };
            let elements: Vec<_> = inputs.iter().map(|input| element(*input, &starts)).collect();
            trace.graph().borrow_mut().block_mut(body).nodes.extend(nodes);
            let scanned = parameters[self.carry..].iter().copied();
            let instead = scanned.zip(elements.iter().map(Tensor::id)).collect();
            substitute(trace, body, &instead);
            let results = trace.graph().borrow().block(body).results.clone();
            let filled = outputs.iter().zip(&buffers).map(|(&i, buffer)| {
                let element = trace.tensor(results[i]);
                let element = element.expand_dims(0);
                buffer.dynamic_update_slice(element, &starts(buffer.shape().len()))
            });
            let filled: Vec<_> = filled.map(|buffer| buffer.id()).collect();
            let next = (turn + 1).id();
            let carry = results[..self.carry].iter().copied();
            let all = [next].into_iter().chain(carry).chain(filled).collect();
            trace.graph().borrow_mut().block_mut(body).results = all;
        });
    }
}

/// The element of `input` at a place along its first axis.
fn element<'t>(input: Tensor<'t>, starts: &dyn Fn(usize) -> Vec<Tensor<'t>>) -> Tensor<'t> {
    let mut sizes = input.shape().to_vec();
    sizes[0] = 1;
    let element: Shape = sizes[1..].into();
    input.dynamic_slice(&starts(sizes.len()), &sizes).reshape(element)
}

/// What the reverse pass of a scan carries, takes and gives.
struct Reverse {
    /// Positions in the carry that have cotangents.
    carry: Vec<usize>,
    /// Positions of results, beyond the carry, whose cotangents there are.
    outputs: Vec<usize>,
    /// Positions of inputs and captures among the operands whose cotangents are wanted.
    inputs: Vec<usize>,
    captures: Vec<usize>,
    body: BlockId,
    pullback: Pullback,
}

impl Reverse {
    fn new(scan: &Scan, trace: &Trace, at: &Application<'_>) -> Self {
        let graph = trace.graph().borrow();
        let node = graph.node(at.node);
        let (body, captures) = (node.regions()[0], node.captures().to_vec());
        let parameters = graph.block(body).parameters.clone();
        let carry = active_carry(&graph, scan.carry, body, at);
        drop(graph);
        let wanted = |range: std::ops::Range<usize>| range.filter(|&i| at.wanted[i]);
        let inputs: Vec<_> = wanted(scan.carry..parameters.len()).collect();
        let captured: Vec<_> = wanted(parameters.len()..at.operands.len()).collect();
        let outputs: Vec<_> =
            (scan.carry..at.results.len()).filter(|&i| at.cotangents[i].is_some()).collect();
        let seeded = [&carry[..], &outputs].concat();
        let of_parameters = carry.iter().chain(&inputs).map(|&i| parameters[i]);
        let of_captures = captured.iter().map(|&i| captures[i - parameters.len()]);
        let ids: Vec<_> = of_parameters.chain(of_captures).collect();
        let pullback = pullback(trace, body, &seeded, &ids);
        Self { carry, outputs, inputs, captures: captured, body, pullback }
    }

    /// Records the reverse scan; returns the cotangents of the operands.
    fn record<'t>(self, scan: &Scan, trace: &'t Trace, at: &Application<'t>) -> Cotangents<'t> {
        let kept = keep(scan, trace, at, self.body, &self.pullback.residuals);
        let block = self.pullback.block;
        let sums = self.add_up(trace, at);
        let (carry, outputs) = (self.carry.len(), self.outputs.len());
        // From [residuals, carry, outputs] to [carry, sums, residuals, outputs].
        {
            let graph = &mut *trace.graph().borrow_mut();
            let parameters = &mut graph.block_mut(block).parameters;
            let mut ordered = parameters[kept.len()..kept.len() + carry].to_vec();
            ordered.extend(&sums);
            ordered.extend(&parameters[..kept.len()]);
            ordered.extend(&parameters[kept.len() + carry..kept.len() + carry + outputs]);
            *parameters = ordered;
        }
        let given = |&i: &usize| at.cotangents[i].unwrap_or_else(|| at.results[i].zeros_like());
        let mut operands: Vec<_> = self.carry.iter().map(given).collect();
        operands.extend(self.captures.iter().map(|&i| at.operands[i].zeros_like()));
        operands.extend(kept);
        operands.extend(self.outputs.iter().map(given));
        let results = trace.graph().borrow().block(block).results.clone();
        let count = results.len();
        let op = Scan {
            length: scan.length,
            reverse: !scan.reverse,
            carry: carry + sums.len(),
            results: results.into_iter().map(|id| trace.tensor(id).ty()).collect(),
        };
        let parts = trace.apply_regions(op, &operands, vec![block], count);
        let positions = self.carry.into_iter().chain(self.captures).chain(self.inputs);
        at.cotangents_at(positions, parts)
    }

    /// Lets the reverse pass of the body add the cotangents of captures up: returns the parameters
    /// that are the sums so far. Its results become [carry, sums, inputs].
    fn add_up(&self, trace: &Trace, at: &Application<'_>) -> Vec<ValueId> {
        let block = self.pullback.block;
        let results = trace.graph().borrow().block(block).results.clone();
        let (carry, rest) = results.split_at(self.carry.len());
        let (inputs, captures) = rest.split_at(self.inputs.len());
        let mut parameters = vec![];
        let mut sums = vec![];
        for (&position, &part) in self.captures.iter().zip(captures) {
            let ty = at.operands[position].ty();
            let sum = trace.graph().borrow_mut().add_parameter(block, ty);
            parameters.push(sum);
            sums.push(trace.within(block, || trace.tensor(sum) + trace.tensor(part)).id());
        }
        trace.graph().borrow_mut().block_mut(block).results = [carry, &sums, inputs].concat();
        parameters
    }
}

/// The positions in the carry through which a cotangent that is wanted passes.
fn active_carry(graph: &Graph, count: usize, body: BlockId, at: &Application<'_>) -> Vec<usize> {
    let block = graph.block(body);
    let captures = graph.node(at.node).captures();
    let inside = block.parameters.iter().chain(captures).zip(&at.wanted);
    let mut active: IdSet<_> = inside.filter(|(_, wanted)| **wanted).map(|(&id, _)| id).collect();
    loop {
        for &id in &block.nodes {
            let node = graph.node(id);
            if node.uses().any(|id| active.contains(&id)) {
                active.extend(&node.results);
            }
        }
        let is_float = |i: &usize| graph.value(block.parameters[*i]).ty.dtype.is_float();
        let reached = |i: &usize| {
            active.contains(&block.results[*i]) || active.contains(&block.parameters[*i])
        };
        let carry: Vec<_> = (0..count).filter(is_float).filter(reached).collect();
        let before = active.len();
        active.extend(carry.iter().map(|&i| block.parameters[i]));
        if active.len() == before {
            return carry;
        }
    }
}

/// What the values in `wanted` of the body were in every turn, stacked: inputs, or outputs that are
/// there or are added.
fn keep<'t>(
    scan: &Scan,
    trace: &'t Trace,
    at: &Application<'t>,
    body: BlockId,
    wanted: &[ValueId],
) -> Vec<Tensor<'t>> {
    let mut known: IdMap<ValueId, Tensor<'t>> = {
        let graph = trace.graph().borrow();
        let (block, node) = (graph.block(body), graph.node(at.node));
        let inputs = block.parameters.iter().copied().zip(at.operands.iter().copied());
        let stacked = node.results.iter().map(|&id| Tensor::new(trace, id, graph.value(id).ty));
        let outputs = block.results.iter().copied().zip(stacked);
        outputs.skip(scan.carry).chain(inputs.skip(scan.carry)).collect()
    };
    let keep = |&id: &ValueId| {
        *known.entry(id).or_insert_with(|| {
            let graph = &mut *trace.graph().borrow_mut();
            let ty = graph.value(id).ty;
            let stacked = scan.stacked(ty);
            if let Err(rule) = stacked.shape.check(stacked.dtype) {
                return trace.refuse("gradient of a scan", &[ty], rule);
            }
            graph.block_mut(body).results.push(id);
            Tensor::new(trace, graph.add_result(at.node, stacked), stacked)
        })
    };
    wanted.iter().map(keep).collect()
}
