//! Recording a program: inputs, outputs, and the first mistake.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::graph::{Graph, ValueId};
use crate::ops::{Op, Precision};
use crate::program::{Input, Output, Program};
use crate::{DType, Rule, Shape, Tensor, TraceError, Type};

/// Records what a closure does with tensors and returns it as a program called `name`.
///
/// ```
/// use hlo::DType::F32;
///
/// let program = hlo::trace("affine", |t| {
///     let x = t.input("x", F32, [32, 4]);
///     let w = t.input("w", F32, [4, 3]);
///     t.output("y", x.matmul(w) + 1.0);
/// })?;
/// assert!(program.text().contains("stablehlo.dot_general"));
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// # Errors
/// The first mistake in the closure, with the line that made it. Operations after a mistake do
/// nothing, so the closure runs to its end.
#[track_caller]
pub fn trace<F>(name: &str, record: F) -> Result<Program, TraceError>
where
    F: for<'t> FnOnce(&'t Trace),
{
    let location = Location::caller();
    let trace = Trace::new();
    // After a mistake a tensor has no meaningful shape, and a closure that reads one may panic:
    // the mistake is the story then, not the panic that followed.
    let ended = catch_unwind(AssertUnwindSafe(|| record(&trace)));
    if let Some(error) = trace.error.into_inner() {
        return Err(*error);
    }
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
    let outputs = trace.outputs.into_inner();
    if outputs.is_empty() {
        let rule = Rule::NoOutputs;
        return Err(TraceError { operation: "trace", operands: vec![], rule, location });
    }
    Ok(Program::new(name, trace.graph.into_inner(), trace.inputs.into_inner(), outputs))
}

/// A program being recorded. Made by [`trace`].
#[derive(Debug)]
pub struct Trace {
    graph: RefCell<Graph>,
    inputs: RefCell<Vec<Input>>,
    outputs: RefCell<Vec<Output>>,
    error: RefCell<Option<Box<TraceError>>>,
    precision: Cell<Precision>,
    /// While a gradient is recorded: the line of the operation whose gradient it is.
    location: Cell<Option<&'static Location<'static>>>,
}

impl Trace {
    fn new() -> Self {
        Self {
            graph: RefCell::default(),
            inputs: RefCell::default(),
            outputs: RefCell::default(),
            error: RefCell::default(),
            precision: Cell::default(),
            location: Cell::default(),
        }
    }

    /// Declares the next input. Names may be paths, such as `head/loc/kernel`.
    #[track_caller]
    pub fn input(&self, name: &str, dtype: DType, shape: impl Into<Shape>) -> Tensor<'_> {
        let ty = Type::new(dtype, shape.into());
        if let Err(rule) = ty.shape.check(dtype) {
            return self.refuse("input", &[ty], rule);
        }
        if self.inputs.borrow().iter().any(|input| input.name == name) {
            let rule = Rule::NameTaken { port: "input", name: name.to_owned() };
            return self.refuse("input", &[ty], rule);
        }
        let position = self.inputs.borrow().len();
        let id = self.graph.borrow_mut().add_input(position, ty);
        self.inputs.borrow_mut().push(Input { name: name.to_owned(), ty, donated_to: None });
        Tensor::new(self, id, ty)
    }

    /// Declares the next output.
    #[track_caller]
    pub fn output(&self, name: &str, tensor: Tensor<'_>) {
        self.add_output("output", name.to_owned(), tensor, None);
    }

    /// Declares the next output, under the name of `input` and in its memory: whoever runs the
    /// program donates the input and gets the new value where the old one was.
    #[track_caller]
    pub fn output_in_place<'t>(&'t self, input: Tensor<'t>, tensor: Tensor<'t>) {
        if input.is_foreign(self) {
            self.refuse_foreign("output_in_place", &[input, tensor]);
            return;
        }
        if input.is_poison() {
            return;
        }
        let position = self.graph.borrow().input_position(input.id());
        let free = |position: &usize| self.inputs.borrow()[*position].donated_to.is_none();
        match position.filter(free) {
            Some(position) if input.ty() == tensor.ty() || tensor.is_poison() => {
                let name = self.inputs.borrow()[position].name.clone();
                self.add_output("output_in_place", name, tensor, Some(position));
            }
            _ => {
                let rule = Rule::InPlace { input: input.ty(), result: tensor.ty() };
                self.refuse("output_in_place", &[input.ty(), tensor.ty()], rule);
            }
        }
    }

    /// The precision of products of matrices from here on; [`Precision::Highest`] at first.
    pub fn set_precision(&self, precision: Precision) {
        self.precision.set(precision);
    }

    pub(crate) fn precision(&self) -> Precision {
        self.precision.get()
    }

    /// Records one application of an operation that has one result.
    #[track_caller]
    pub(crate) fn apply<'t>(
        &'t self,
        op: impl Op + 'static,
        operands: &[Tensor<'t>],
    ) -> Tensor<'t> {
        let name = op.name();
        let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
        if operands.iter().any(|operand| operand.is_foreign(self)) {
            return self.refuse_foreign(name, operands);
        }
        if operands.iter().any(Tensor::is_poison) {
            return Tensor::poison(self);
        }
        let result = match op.infer(&types).and_then(|ty| ty.shape.check(ty.dtype).map(|()| ty)) {
            Ok(result) => result,
            Err(rule) => return self.refuse(name, &types, rule),
        };
        let location = self.location.get().unwrap_or(Location::caller());
        let operands = operands.iter().map(Tensor::id).collect();
        let id = self.graph.borrow_mut().add_node(Arc::new(op), operands, result, location);
        Tensor::new(self, id, result)
    }

    /// Notes the first mistake and returns a tensor that stands for nothing.
    #[track_caller]
    pub(crate) fn refuse(
        &self,
        operation: &'static str,
        operands: &[Type],
        rule: Rule,
    ) -> Tensor<'_> {
        let location = self.location.get().unwrap_or(Location::caller());
        self.error.borrow_mut().get_or_insert_with(|| {
            Box::new(TraceError { operation, operands: operands.to_vec(), rule, location })
        });
        Tensor::poison(self)
    }

    /// Notes that operands of several traces were mixed, in each of them.
    #[track_caller]
    pub(crate) fn refuse_foreign(
        &self,
        operation: &'static str,
        operands: &[Tensor<'_>],
    ) -> Tensor<'_> {
        let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
        for operand in operands {
            operand.trace().refuse(operation, &types, Rule::ForeignTensor);
        }
        self.refuse(operation, &types, Rule::ForeignTensor)
    }

    /// Runs `record` with mistakes and new nodes attributed to `location`.
    pub(crate) fn attributed<T>(
        &self,
        location: &'static Location<'static>,
        record: impl FnOnce() -> T,
    ) -> T {
        let outer = self.location.replace(Some(location));
        let result = record();
        self.location.set(outer);
        result
    }

    pub(crate) fn graph(&self) -> &RefCell<Graph> {
        &self.graph
    }

    pub(crate) fn tensor(&self, id: ValueId) -> Tensor<'_> {
        let ty = self.graph.borrow().value(id).ty;
        Tensor::new(self, id, ty)
    }

    #[track_caller]
    fn add_output(
        &self,
        operation: &'static str,
        name: String,
        tensor: Tensor<'_>,
        replaces: Option<usize>,
    ) {
        if tensor.is_foreign(self) {
            self.refuse_foreign(operation, &[tensor]);
            return;
        }
        if tensor.is_poison() {
            return;
        }
        if self.outputs.borrow().iter().any(|output| output.name == name) {
            let rule = Rule::NameTaken { port: "output", name };
            self.refuse(operation, &[tensor.ty()], rule);
            return;
        }
        let position = self.outputs.borrow().len();
        if let Some(input) = replaces {
            self.inputs.borrow_mut()[input].donated_to = Some(position);
        }
        self.outputs.borrow_mut().push(Output { name, ty: tensor.ty(), value: tensor.id() });
    }
}
