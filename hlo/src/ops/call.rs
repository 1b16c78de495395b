//! Functions that are recorded once and called any number of times.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::graph::{BlockId, IdMap, ValueId};
use crate::pullback::pullback;
use crate::{Rule, Tensor, Trace, Tree, Type};

/// A function of a program, made by [`Trace::function`].
pub struct Function<'t, T, U> {
    trace: &'t Trace,
    callee: Arc<Callee>,
    arguments: T,
    results: U,
}

/// A function as its calls know it.
pub(crate) struct Callee {
    pub(crate) name: String,
    /// A function is recorded to its end before it can be called: it has a lower number than those
    /// that call it.
    pub(crate) number: usize,
    pub(crate) block: BlockId,
    parameters: Vec<Type>,
    /// The reverse passes that gradients have asked for.
    pullbacks: Mutex<Vec<Reverse>>,
}

/// The reverse pass of a function for some of its results and arguments, as a function.
#[derive(Clone)]
struct Reverse {
    /// The results whose cotangents it takes.
    seeded: Vec<usize>,
    /// The arguments whose cotangents it returns.
    wanted: Vec<usize>,
    residuals: Vec<Residual>,
    callee: Arc<Callee>,
}

/// Where a call finds what the reverse pass needs.
#[derive(Clone, Copy)]
enum Residual {
    Argument(usize),
    /// Beyond those that the user knows of.
    Result(usize),
}

#[derive(Clone)]
struct Call {
    callee: Arc<Callee>,
    results: Vec<Type>,
}

impl Trace {
    /// A function of the program, called `name` there, whose arguments have the types of those in
    /// `like`. It is recorded and compiled once, however often it is called. Its body may use its
    /// arguments alone; so may a gradient, which is a function of its own.
    ///
    /// ```
    /// use hlo::DType::F32;
    ///
    /// hlo::trace("mlp", |t| {
    ///     let x = t.input("x", F32, [32, 64]);
    ///     let w = [t.input("w0", F32, [64, 64]), t.input("w1", F32, [64, 64])];
    ///     let layer = t.function("layer", (x, w[0]), |(x, w)| x.matmul(w).tanh());
    ///     let y = layer.call((layer.call((x, w[0])), w[1]));
    ///     t.output("y", y);
    /// })?;
    /// # Ok::<(), hlo::TraceError>(())
    /// ```
    #[track_caller]
    pub fn function<'t, T: Tree<'t>, U: Tree<'t>>(
        &'t self,
        name: &str,
        like: T,
        body: impl FnOnce(T) -> U,
    ) -> Function<'t, T, U> {
        let parameters: Vec<_> = like.tensors().iter().map(Tensor::ty).collect();
        let mut results = None;
        let region = self.region("a function", true, &parameters, |at| {
            results.insert(body(like.with(at))).tensors()
        });
        let results = results.expect("the body has been recorded");
        let callee = Callee::new(self, name, region.block, parameters);
        Function { trace: self, callee, arguments: like, results }
    }
}

impl<'t, T: Tree<'t>, U: Tree<'t>> Function<'t, T, U> {
    /// What the function returns on `arguments`, which must have the types that it was made for.
    #[track_caller]
    pub fn call(&self, arguments: T) -> U {
        let results = self.results.tensors();
        let types = results.iter().map(Tensor::ty).collect();
        let op = Call { callee: self.callee.clone(), results: types };
        let arguments = arguments.tensors();
        self.results.with(&self.trace.apply_regions(op, &arguments, vec![], results.len()))
    }
}

impl<'t, T: Tree<'t>, U: Tree<'t>> fmt::Debug for Function<'t, T, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types = |tensors: Vec<Tensor<'t>>| tensors.iter().map(Tensor::ty).collect::<Vec<_>>();
        let (arguments, results) = (types(self.arguments.tensors()), types(self.results.tensors()));
        write!(f, "Function({}: {arguments:?} -> {results:?})", self.callee.name)
    }
}

impl Callee {
    fn new(trace: &Trace, name: &str, block: BlockId, parameters: Vec<Type>) -> Arc<Self> {
        let (name, number) = trace.function_name(name);
        Arc::new(Self { name, number, block, parameters, pullbacks: Mutex::default() })
    }

    /// The reverse pass from cotangents of `seeded` to those of `wanted`, made at the first asking.
    fn reverse(&self, trace: &Trace, seeded: Vec<usize>, wanted: Vec<usize>) -> Reverse {
        let known = |made: &&Reverse| made.seeded == seeded && made.wanted == wanted;
        let list = || self.pullbacks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = list().iter().find(known) {
            return made.clone();
        }
        let parameters = trace.graph().borrow().block(self.block).parameters.clone();
        let ids: Vec<_> = wanted.iter().map(|&i| parameters[i]).collect();
        let pullback = pullback(trace, self.block, &seeded, &ids);
        let residuals = self.keep(trace, &parameters, &pullback.residuals);
        let types: Vec<_> = {
            let graph = trace.graph().borrow();
            let parameters = &graph.block(pullback.block).parameters;
            parameters.iter().map(|&id| graph.value(id).ty).collect()
        };
        let name = format!("{}_vjp", self.name);
        let callee = Self::new(trace, &name, pullback.block, types);
        let made = Reverse { seeded, wanted, residuals, callee };
        list().push(made.clone());
        made
    }

    /// Where a call has each of `values`, which becomes a result of the function unless it is one, or
    /// a parameter.
    fn keep(&self, trace: &Trace, parameters: &[ValueId], values: &[ValueId]) -> Vec<Residual> {
        let graph = &mut *trace.graph().borrow_mut();
        let results = &mut graph.block_mut(self.block).results;
        let there = results.iter().enumerate().map(|(i, &id)| (id, Residual::Result(i)));
        let passed = parameters.iter().enumerate().map(|(i, &id)| (id, Residual::Argument(i)));
        // Of the places of one value the last in this order stays.
        let mut known: IdMap<_, _> = there.rev().chain(passed).collect();
        let place = |&id: &ValueId| {
            *known.entry(id).or_insert_with(|| {
                results.push(id);
                Residual::Result(results.len() - 1)
            })
        };
        values.iter().map(place).collect()
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.callee.name)
    }
}

impl Op for Call {
    fn name(&self) -> &'static str {
        "call"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let expected = &self.callee.parameters;
        if operands.len() != expected.len() {
            let (expected, got) = (expected.len(), operands.len());
            return Err(Rule::ArgumentCount { expected, got });
        }
        match (0..operands.len()).find(|&i| operands[i] != expected[i]) {
            Some(i) => Err(Rule::Argument { position: i, expected: expected[i], got: operands[i] }),
            None => Ok(self.results.clone()),
        }
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("callee", Attribute::Symbol(self.callee.name.clone()))],
            spellings: const { &[Spelling::first("call_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let operands = at.operands.join(", ");
        format!("func.call @{}({operands}) : {}", self.callee.name, at.signature())
    }

    fn callee(&self) -> Option<&Callee> {
        Some(&self.callee)
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let Some(trace) = at.operands.first().map(Tensor::trace) else { return Ok(vec![]) };
        let reverse = self.callee.reverse(trace, at.seeded(), at.wanted_positions());
        if trace.has_error() {
            return Ok(vec![None; at.operands.len()]);
        }
        let residual = |residual: &Residual| match *residual {
            Residual::Argument(i) => at.operands[i],
            Residual::Result(i) => result(trace, at, self.callee.block, i),
        };
        let residuals: Vec<_> = reverse.residuals.iter().map(residual).collect();
        let results = reverse.wanted.iter().map(|&i| at.operands[i].ty()).collect();
        let op = Call { callee: reverse.callee, results };
        let operands = [residuals, at.given()].concat();
        let parts = trace.apply_regions(op, &operands, vec![], reverse.wanted.len());
        Ok(at.cotangents_at(reverse.wanted, parts))
    }
}

/// Result `i` of a call, which has those that the function has got since it was recorded.
fn result<'t>(trace: &'t Trace, at: &Application<'t>, callee: BlockId, i: usize) -> Tensor<'t> {
    let id = {
        let graph = &mut *trace.graph().borrow_mut();
        graph.complete_results(at.node, callee);
        graph.node(at.node).results[i]
    };
    trace.tensor(id)
}
