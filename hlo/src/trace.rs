//! Recording a program: inputs, outputs, regions, and the first mistake.

use std::cell::{Cell, Ref, RefCell};
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::graph::{BlockId, Graph, ValueId, Values};
use crate::lowering::{lower, symbol};
use crate::mesh::Devices;
use crate::ops::{Form, Op, Precision};
use crate::program::{Input, Output, Program};
use crate::random::Claims;
use crate::{DType, Mesh, Rule, Shape, Sharding, Tensor, TraceError, Type};

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
/// nothing, so the closure runs to its end, or to
/// a panic of its own, say where it takes apart the dimensions of a tensor that was refused: the
/// mistake is returned, below the line that the panic printed.
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
    if let Some(error) = trace.error.take() {
        return Err(*error);
    }
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
    if trace.outputs.borrow().list.is_empty() {
        let rule = Rule::NoOutputs;
        return Err(TraceError { operation: "trace", operands: vec![], rule, location });
    }
    trace.settle_shardings();
    let module = lower(name, &trace);
    let (inputs, outputs) = (trace.inputs.into_inner().list, trace.outputs.into_inner().list);
    Ok(Program::new(module, inputs, outputs, trace.notes.into_inner()))
}

/// Inputs or outputs in order, with the names that are taken.
#[derive(Debug)]
struct Ports<T> {
    list: Vec<T>,
    names: HashSet<String>,
}

impl<T> Default for Ports<T> {
    fn default() -> Self {
        Self { list: vec![], names: HashSet::new() }
    }
}

/// The names of functions.
#[derive(Debug)]
struct FunctionNames {
    taken: HashSet<String>,
    /// The number of the last function of a name that is wished for more than once.
    next: HashMap<String, usize>,
}

/// A program being recorded. Made by [`trace`].
#[derive(Debug)]
pub struct Trace {
    graph: RefCell<Graph>,
    /// Where operations are recorded.
    block: Cell<BlockId>,
    inputs: RefCell<Ports<Input>>,
    outputs: RefCell<Ports<Output>>,
    notes: RefCell<Vec<String>>,
    functions: RefCell<FunctionNames>,
    error: RefCell<Option<Box<TraceError>>>,
    precision: Cell<Precision>,
    devices: RefCell<Devices>,
    claims: RefCell<Claims>,
    /// While a gradient is recorded: the line of the operation whose gradient it is.
    location: Cell<Option<&'static Location<'static>>>,
}

impl Trace {
    fn new() -> Self {
        Self {
            graph: RefCell::new(Graph::new()),
            block: Cell::new(BlockId::MAIN),
            inputs: RefCell::default(),
            outputs: RefCell::default(),
            notes: RefCell::default(),
            functions: RefCell::new(FunctionNames {
                taken: HashSet::from(["main".to_owned()]),
                next: HashMap::new(),
            }),
            error: RefCell::default(),
            precision: Cell::default(),
            devices: RefCell::new(Devices::Any),
            claims: RefCell::default(),
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
        let inputs = &mut *self.inputs.borrow_mut();
        if !inputs.names.insert(name.to_owned()) {
            let rule = Rule::NameTaken { port: "input", name: name.to_owned() };
            return self.refuse("input", &[ty], rule);
        }
        let id = self.graph.borrow_mut().add_parameter(BlockId::MAIN, ty);
        inputs.list.push(Input { name: name.to_owned(), ty, donated_to: None, sharding: None });
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
        let (position, name) = match self.check_place(input, tensor) {
            Ok(place) => place,
            Err(rule) => {
                self.refuse("output_in_place", &[input.ty(), tensor.ty()], rule);
                return;
            }
        };
        self.add_output("output_in_place", name, tensor, Some(position));
    }

    /// The position and the name of `input`, if `tensor` may take its place.
    fn check_place(&self, input: Tensor<'_>, tensor: Tensor<'_>) -> Result<(usize, String), Rule> {
        let position = self.graph.borrow().input_position(input.id()).ok_or(Rule::NotAnInput)?;
        let Input { name, ty, donated_to, .. } = self.inputs.borrow().list[position].clone();
        if let Some(output) = donated_to {
            let output = self.outputs.borrow().list[output].name.clone();
            return Err(Rule::DonatedTwice { input: name, output });
        }
        if ty != tensor.ty() && !tensor.is_poison() {
            return Err(Rule::InPlace { input: ty, result: tensor.ty() });
        }
        Ok((position, name))
    }

    /// Adds to [`Program::notes`], such as how something is computed where there are several ways.
    pub fn note(&self, text: impl Into<String>) {
        self.notes.borrow_mut().push(text.into());
    }

    /// How many digits the products of matrices recorded from here on keep.
    pub fn set_precision(&self, precision: Precision) {
        self.precision.set(precision);
    }

    /// Arranges the devices that the program is for along named axes, by which
    /// [`Tensor::sharded`] and [`Trace::manual`] split tensors among them.
    ///
    /// Every device then runs the same program on its parts of the tensors: the compiler splits the
    /// work and lets the devices speak with each other. What the program computes doesn't change.
    /// An input or output of which nothing is said is whole on every device.
    ///
    /// ```
    /// use hlo::DType::F32;
    ///
    /// let program = hlo::trace("product", |t| {
    ///     t.mesh(&[("data", 4), ("model", 2)]);
    ///     let x = t.input("x", F32, [8, 4]).sharded("data");
    ///     let w = t.input("w", F32, [4, 6]).sharded("_, model");
    ///     t.output("y", x.matmul(w).sharded("data, model"));
    /// })?;
    /// assert_eq!(program.mesh().map(|mesh| mesh.devices()), Some(8));
    /// # Ok::<(), hlo::TraceError>(())
    /// ```
    ///
    /// A program has one mesh. A second one, an axis without a name of its own or without a device
    /// are mistakes of the trace.
    #[track_caller]
    pub fn mesh(&self, axes: &[(&str, usize)]) {
        match Mesh::new(axes) {
            Ok(mesh) => self.state_devices("mesh", Devices::Mesh(mesh)),
            Err(rule) => drop(self.refuse("mesh", &[], rule)),
        }
    }

    /// States that so many devices each run all of the program, on arrays of their own. They have in
    /// common what [collectives](crate::Peers) bring together.
    #[track_caller]
    pub fn replicas(&self, replicas: usize) {
        if replicas == 0 || i32::try_from(replicas).is_err() {
            self.refuse("replicas", &[], Rule::Replicas { replicas });
        } else {
            self.state_devices("replicas", Devices::Replicas(replicas));
        }
    }

    #[track_caller]
    fn state_devices(&self, operation: &'static str, devices: Devices) {
        if *self.devices.borrow() == Devices::Any {
            *self.devices.borrow_mut() = devices;
        } else {
            self.refuse(operation, &[], Rule::DevicesTwice);
        }
    }

    pub(crate) fn devices(&self) -> Ref<'_, Devices> {
        self.devices.borrow()
    }

    /// The axes of the mesh over which tensors are the parts of one device where operations are
    /// recorded now.
    pub(crate) fn manual_axes(&self) -> Vec<usize> {
        self.graph.borrow().manual_axes(self.block())
    }

    /// Reads the sharding of a tensor where operations are recorded now.
    pub(crate) fn sharding(&self, text: &str, rank: usize) -> Result<Sharding, Rule> {
        let devices = self.devices.borrow();
        let mesh = devices.mesh().ok_or(Rule::NoMesh)?;
        let sharding = Sharding::parse(text, rank, mesh)?;
        let manual = mesh.names(&self.manual_axes());
        let twice = sharding.named().find(|axis| manual.contains(axis)).cloned();
        match twice {
            Some(axis) => Err(Rule::Manual { axis }),
            None => Ok(sharding),
        }
    }

    /// Whether devices can take or return parts of an array of the program.
    fn check_port(&self, sharding: &Sharding, ty: Type) -> Result<(), Rule> {
        if sharding.is_open() {
            return Err(Rule::OpenSharding);
        }
        let devices = self.devices.borrow();
        sharding.local(devices.mesh().ok_or(Rule::NoMesh)?, ty.shape).map(drop)
    }

    /// Says how an input is split of which that isn't said yet; whether `id` is one.
    pub(crate) fn mark_input(&self, id: ValueId, sharding: &Sharding) -> Result<bool, Rule> {
        let Some(position) = self.graph.borrow().input_position(id) else { return Ok(false) };
        let input = &mut self.inputs.borrow_mut().list[position];
        if input.sharding.is_some() || self.block() != BlockId::MAIN {
            return Ok(false);
        }
        self.check_port(sharding, input.ty)?;
        input.sharding = Some(sharding.clone());
        Ok(true)
    }

    pub(crate) fn precision(&self) -> Precision {
        self.precision.get()
    }

    /// Records one application of an operation that has one result and no regions.
    #[track_caller]
    pub(crate) fn apply<'t>(
        &'t self,
        op: impl Op + 'static,
        operands: &[Tensor<'t>],
    ) -> Tensor<'t> {
        match self.record(Arc::new(op), operands, vec![]) {
            Some((results, ty)) => Tensor::new(self, results[0], ty[0]),
            None => Tensor::poison(self),
        }
    }

    /// Records one application of an operation with any number of regions and `results` results.
    #[track_caller]
    pub(crate) fn apply_regions<'t>(
        &'t self,
        op: impl Op + 'static,
        operands: &[Tensor<'t>],
        regions: Vec<BlockId>,
        results: usize,
    ) -> Vec<Tensor<'t>> {
        match self.record(Arc::new(op), operands, regions) {
            Some((ids, types)) => {
                assert_eq!(ids.len(), results, "an operation has the results that it says");
                ids.iter().zip(types).map(|(&id, ty)| Tensor::new(self, id, ty)).collect()
            }
            None => vec![Tensor::poison(self); results],
        }
    }

    #[track_caller]
    fn record(
        &self,
        op: Arc<dyn Op>,
        operands: &[Tensor<'_>],
        regions: Vec<BlockId>,
    ) -> Option<(Values, Vec<Type>)> {
        let name = op.name();
        let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
        if operands.iter().any(|operand| operand.is_foreign(self)) {
            self.refuse_foreign(name, operands);
            return None;
        }
        if self.has_error() {
            return None;
        }
        let block = self.block.get();
        let check = || {
            for operand in operands {
                self.graph.borrow().check_scope(operand.id(), block)?;
            }
            let results = op.infer(&types)?;
            for ty in &results {
                ty.shape.check(ty.dtype)?;
            }
            Ok(results)
        };
        let results = match check() {
            Ok(results) => results,
            Err(rule) => {
                self.refuse(name, &types, rule);
                return None;
            }
        };
        let location = self.here();
        let operands = operands.iter().map(Tensor::id).collect();
        let graph = &mut *self.graph.borrow_mut();
        let node = graph.add_node(block, op, operands, regions, &results, location);
        Some((graph.node(node).results.clone(), results))
    }

    /// Records a region: `record` gets a parameter of each of `types` and returns the results.
    /// After a mistake the parameters, and the results, stand for nothing.
    #[track_caller]
    pub(crate) fn region<'t>(
        &'t self,
        what: &'static str,
        isolated: bool,
        types: &[Type],
        record: impl FnOnce(&[Tensor<'t>]) -> Vec<Tensor<'t>>,
    ) -> Region<'t> {
        let outer = self.block.get();
        let (block, parameters) = {
            let graph = &mut *self.graph.borrow_mut();
            let block = graph.add_block(Some(outer), what, isolated);
            let parameter = |&ty| Tensor::new(self, graph.add_parameter(block, ty), ty);
            (block, types.iter().map(parameter).collect::<Vec<_>>())
        };
        let results = self.within(block, || record(&parameters));
        self.close(block, what, &results);
        let results =
            if self.has_error() { vec![Tensor::poison(self); results.len()] } else { results };
        Region { block, results }
    }

    /// Records into `block`.
    pub(crate) fn within<T>(&self, block: BlockId, record: impl FnOnce() -> T) -> T {
        let outer = self.block.replace(block);
        let result = record();
        self.block.set(outer);
        result
    }

    /// Makes `results` the results of `block`.
    #[track_caller]
    pub(crate) fn close(&self, block: BlockId, what: &'static str, results: &[Tensor<'_>]) {
        if results.iter().any(|result| result.is_foreign(self)) {
            self.refuse_foreign(what, results);
        }
        if self.has_error() {
            return;
        }
        for result in results {
            let scope = self.graph.borrow().check_scope(result.id(), block);
            if let Err(rule) = scope {
                self.refuse(what, &[result.ty()], rule);
                return;
            }
        }
        let results = results.iter().map(Tensor::id).collect();
        self.graph.borrow_mut().block_mut(block).results = results;
    }

    /// Where operations are recorded.
    pub(crate) fn block(&self) -> BlockId {
        self.block.get()
    }

    pub(crate) fn has_error(&self) -> bool {
        self.error.borrow().is_some()
    }

    /// Notes the first mistake and returns a tensor that stands for nothing.
    #[track_caller]
    pub(crate) fn refuse(
        &self,
        operation: &'static str,
        operands: &[Type],
        rule: Rule,
    ) -> Tensor<'_> {
        let location = self.here();
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

    /// The line of the user's code that is being recorded.
    #[track_caller]
    pub(crate) fn here(&self) -> &'static Location<'static> {
        self.location.get().unwrap_or(Location::caller())
    }

    /// What has become of the keys of random numbers.
    pub(crate) fn claims(&self) -> &RefCell<Claims> {
        &self.claims
    }

    pub(crate) fn graph(&self) -> &RefCell<Graph> {
        &self.graph
    }

    pub(crate) fn tensor(&self, id: ValueId) -> Tensor<'_> {
        let ty = self.graph.borrow().value(id).ty;
        Tensor::new(self, id, ty)
    }

    pub(crate) fn inputs(&self) -> Ref<'_, [Input]> {
        Ref::map(self.inputs.borrow(), |inputs| &inputs.list[..])
    }

    pub(crate) fn outputs(&self) -> Ref<'_, [Output]> {
        Ref::map(self.outputs.borrow(), |outputs| &outputs.list[..])
    }

    /// A name for a function, which no other one has, and how many were named up to it.
    pub(crate) fn function_name(&self, wish: &str) -> (String, usize) {
        let wish = symbol(wish);
        let FunctionNames { taken, next } = &mut *self.functions.borrow_mut();
        let next = next.entry(wish.clone()).or_default();
        let mut name = wish.clone();
        while !taken.insert(name.clone()) {
            *next += 1;
            name = format!("{wish}_{next}");
        }
        (name, taken.len())
    }

    /// The values that the outputs are.
    pub(crate) fn results(&self) -> Vec<ValueId> {
        self.outputs.borrow().list.iter().map(|output| output.value).collect()
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
        let scope = self.graph.borrow().check_scope(tensor.id(), BlockId::MAIN);
        if let Err(rule) = scope {
            self.refuse(operation, &[tensor.ty()], rule);
            return;
        }
        if replaces.is_none()
            && let Some(sharding) = self.sharding_of(tensor.id())
            && let Err(rule) = self.check_port(&sharding, tensor.ty())
        {
            self.refuse(operation, &[tensor.ty()], rule);
            return;
        }
        let outputs = &mut *self.outputs.borrow_mut();
        if !outputs.names.insert(name.clone()) {
            let rule = Rule::NameTaken { port: "output", name };
            self.refuse(operation, &[tensor.ty()], rule);
            return;
        }
        if let Some(input) = replaces {
            self.inputs.borrow_mut().list[input].donated_to = Some(outputs.list.len());
        }
        outputs.list.push(Output { name, ty: tensor.ty(), value: tensor.id(), sharding: None });
    }

    /// What an operation says of how `id` is split among devices.
    fn sharding_of(&self, mut id: ValueId) -> Option<Sharding> {
        let graph = self.graph.borrow();
        loop {
            let Some(node) = graph.maker(id).map(|node| graph.node(node)) else {
                let position = graph.input_position(id)?;
                return self.inputs.borrow().list[position].sharding.clone();
            };
            let result = node.results.iter().position(|&result| result == id)?;
            match node.op.form() {
                Form::Alias => id = node.operands[result],
                Form::Operation { .. } | Form::Composite => {
                    return node.op.sharding(result).cloned();
                }
            }
        }
    }

    /// Lets every input and output of a program with a mesh say how it is split: an output that
    /// takes the place of an input is split as that one, and what nothing is said of is whole.
    fn settle_shardings(&self) {
        if self.devices.borrow().mesh().is_none() {
            return;
        }
        for input in &mut self.inputs.borrow_mut().list {
            input.sharding.get_or_insert_with(|| Sharding::whole(input.ty.shape.len()));
        }
        for (position, output) in self.outputs.borrow_mut().list.iter_mut().enumerate() {
            let inputs = self.inputs.borrow();
            let place = inputs.list.iter().find(|input| input.donated_to == Some(position));
            let given = place.map(|input| input.sharding.clone());
            let sharding = given.unwrap_or_else(|| self.sharding_of(output.value));
            output.sharding =
                Some(sharding.unwrap_or_else(|| Sharding::whole(output.ty.shape.len())));
        }
    }
}

/// A region that has been recorded.
pub(crate) struct Region<'t> {
    pub(crate) block: BlockId,
    /// As the closure returned them; poison after a mistake.
    pub(crate) results: Vec<Tensor<'t>>,
}

impl Region<'_> {
    /// The types of the results.
    pub(crate) fn types(&self) -> Vec<Type> {
        self.results.iter().map(Tensor::ty).collect()
    }
}
