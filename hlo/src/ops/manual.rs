//! Regions in which every device has tensors of its own.

use std::sync::Arc;

use super::all_reduce::sum_over;
use super::{Application, Cotangents, Expansion, Form, NoGradient, Op, Statement};
use crate::attribute::{Attribute, list};
use crate::graph::ValueId;
use crate::peers::ReplicaGroups;
use crate::pullback::{Pullback, pullback};
use crate::replay::inline;
use crate::trace::Region;
use crate::{Peers, Rule, Sharding, Tensor, Trace, Tree, Type};

/// Parameters of the region are the parts of the operands that a device has.
#[derive(Clone, Debug)]
struct ManualComputation {
    /// The axes of the mesh that it is manual over, by their names and positions.
    axes: Vec<String>,
    positions: Vec<usize>,
    operands: Vec<Sharding>,
    results: Vec<Sharding>,
    /// The types of the whole results.
    types: Vec<Type>,
    /// Whether other axes of the mesh are left to the compiler.
    partial: bool,
    /// Whether the mesh has but one device. There is nothing to split then, and compilers don't.
    alone: bool,
}

impl Trace {
    /// Records what each device does with its own parts of `operands`: a manual region.
    ///
    /// `over` names the axes of the [mesh](Trace::mesh) that it is about, `..` for all; over others
    /// the compiler splits the work as elsewhere. `operand_shardings` says what parts of the operands
    /// devices have, for each in order, in the words of [`Sharding`]. `body` gets these parts, each
    /// in its own, smaller shape, and returns the parts of the results that this device has;
    /// `result_shardings` says how they make up whole results. Devices work together in the
    /// region through collectives, such as [`Tensor::psum`].
    ///
    /// ```
    /// use hlo::DType::F32;
    ///
    /// hlo::trace("mean", |t| {
    ///     t.mesh(&[("data", 8)]);
    ///     let x = t.input("x", F32, [32, 4]).sharded("data");
    ///     let mean = t.manual(.., x, &["data"], &[""], |part| {
    ///         assert_eq!(part.shape()[..], [4, 4]);
    ///         part.sum(0).psum("data") / 32.0
    ///     });
    ///     assert_eq!(mean.shape()[..], [4]);
    ///     t.output("mean", mean);
    /// })?;
    /// # Ok::<(), hlo::TraceError>(())
    /// ```
    ///
    /// Where a result's sharding names fewer axes than the region is over, devices along the others
    /// return copies, and must return the same.
    ///
    /// The gradient of a loss outside is that of the whole, whatever the devices say to each other
    /// in the region: a result with copies counts once, each of `n` copies as `1/n` of it, and the
    /// cotangent of an operand with copies is the sum over them. Inside, the cotangent of a tensor is
    /// the derivative, by this device's tensor, of the sum of what all devices make of theirs: the
    /// gradient of a loss that `n` devices have in common, after a `psum` say, is `n` times that of
    /// one.
    ///
    /// The body may use its arguments and constants, not tensors made outside: pass them as operands,
    /// whole ones with an empty sharding. That, parts that aren't equal, and an axis that another
    /// region around is manual over are mistakes of the trace.
    #[track_caller]
    pub fn manual<'t, I: Tree<'t>, O: Tree<'t>>(
        &'t self,
        over: impl Into<Peers>,
        operands: I,
        operand_shardings: &[&str],
        result_shardings: &[&str],
        body: impl FnOnce(I) -> O,
    ) -> O {
        let tensors = operands.tensors();
        let types: Vec<_> = tensors.iter().map(Tensor::ty).collect();
        if tensors.iter().any(|operand| operand.is_foreign(self)) {
            self.refuse_foreign("manual", &tensors);
        }
        let mut plan = Plan::default();
        if !self.has_error() {
            match Plan::new(self, &over.into(), operand_shardings, &types) {
                Ok(made) => plan = made,
                Err(rule) => drop(self.refuse("manual", &types, rule)),
            }
        }
        let mut tree = None;
        let region = plan
            .record(self, types.len(), |parts| tree.insert(body(operands.with(parts))).tensors());
        let tree = tree.expect("the body has been recorded");
        let count = region.results.len();
        if self.has_error() {
            return tree.with(&region.results);
        }
        let locals = region.types();
        match plan.op(self, result_shardings, &locals) {
            Ok(op) => tree.with(&self.apply_regions(op, &tensors, vec![region.block], count)),
            Err(rule) => {
                self.refuse("manual", &locals, rule);
                tree.with(&vec![Tensor::poison(self); count])
            }
        }
    }
}

/// What is known of a region before it is recorded.
#[derive(Clone, Debug, Default)]
struct Plan {
    axes: Vec<String>,
    positions: Vec<usize>,
    operands: Vec<Sharding>,
    /// The types of the parts of the operands.
    locals: Vec<Type>,
    partial: bool,
}

impl Plan {
    fn new(trace: &Trace, over: &Peers, shardings: &[&str], types: &[Type]) -> Result<Self, Rule> {
        let devices = trace.devices();
        let mesh = devices.mesh().ok_or(Rule::NoMesh)?;
        let mut positions = over.axes(mesh)?;
        positions.sort_unstable();
        let outer = trace.manual_axes();
        if let Some(&axis) = positions.iter().find(|axis| outer.contains(axis)) {
            return Err(Rule::Manual { axis: mesh.axes()[axis].0.clone() });
        }
        let axes = mesh.names(&positions);
        let operands = parse_all(trace, "operands", &axes, shardings, types)?;
        let partial = positions.len() + outer.len() < mesh.axes().len();
        let local = |(sharding, ty): (&Sharding, &Type)| {
            Ok(Type::new(ty.dtype, sharding.local(mesh, ty.shape)?))
        };
        let locals = operands.iter().zip(types).map(local).collect::<Result<_, _>>()?;
        Ok(Self { axes, positions, operands, locals, partial })
    }

    /// Records the region; `operands` poisoned ones after a mistake.
    #[track_caller]
    fn record<'t>(
        &self,
        trace: &'t Trace,
        operands: usize,
        body: impl FnOnce(&[Tensor<'t>]) -> Vec<Tensor<'t>>,
    ) -> Region<'t> {
        let poison = vec![Tensor::poison(trace); operands];
        trace.region("a manual region", true, &self.locals, |parts| {
            trace.graph().borrow_mut().block_mut(trace.block()).manual.clone_from(&self.positions);
            body(if trace.has_error() { &poison } else { parts })
        })
    }

    /// The operation with results of the types `locals` on each device.
    fn op(
        self,
        trace: &Trace,
        shardings: &[&str],
        locals: &[Type],
    ) -> Result<ManualComputation, Rule> {
        let results = parse_all(trace, "results", &self.axes, shardings, locals)?;
        let devices = trace.devices();
        let mesh = devices.mesh().ok_or(Rule::NoMesh)?;
        let whole = |(sharding, ty): (&Sharding, &Type)| {
            Type::new(ty.dtype, sharding.global(mesh, ty.shape))
        };
        let types = results.iter().zip(locals).map(whole).collect();
        let alone = mesh.devices() == 1;
        let Self { axes, positions, operands, partial, .. } = self;
        Ok(ManualComputation { axes, positions, operands, results, types, partial, alone })
    }
}

/// Reads shardings of `types`, which name none but `axes`.
fn parse_all(
    trace: &Trace,
    of: &'static str,
    axes: &[String],
    shardings: &[&str],
    types: &[Type],
) -> Result<Vec<Sharding>, Rule> {
    if shardings.len() != types.len() {
        let (expected, got) = (types.len(), shardings.len());
        return Err(Rule::OneEach { what: "sharding", of, expected, got });
    }
    let parse = |(text, ty): (&&str, &Type)| {
        let sharding = trace.sharding(text, ty.shape.len())?;
        if sharding.is_open() {
            return Err(Rule::OpenSharding);
        }
        let other = sharding.named().find(|axis| !axes.contains(axis)).cloned();
        match other {
            Some(axis) => Err(Rule::NotManual { axis }),
            None => Ok(sharding),
        }
    };
    shardings.iter().zip(types).map(parse).collect()
}

impl Op for ManualComputation {
    fn name(&self) -> &'static str {
        "sdy.manual_computation"
    }

    fn infer(&self, _: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(self.types.clone())
    }

    /// Portable bytecode has no spelling of it.
    fn form(&self) -> Form {
        if self.alone {
            return Form::Composite;
        }
        let attributes = vec![
            ("in_shardings", Attribute::Shardings(self.written(&self.operands))),
            ("out_shardings", Attribute::Shardings(self.written(&self.results))),
            ("manual_axes", Attribute::ManualAxes(self.axes.clone())),
        ];
        Form::Operation { attributes, spellings: &[] }
    }

    fn expand<'t>(&self, trace: &'t Trace, at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        let region = trace.graph().borrow().node(at.node).regions()[0];
        inline(trace, region, &at.operands)
    }

    fn has_independent_results(&self) -> bool {
        true
    }

    fn pruned(&self, types: &[Type], used: &[bool]) -> Option<Arc<dyn Op>> {
        let kept = || types.iter().enumerate().filter(|&(i, _)| used[i]);
        Some(Arc::new(Self {
            results: kept().map(|(i, ty)| self.of_result(i, *ty)).collect(),
            types: kept().map(|(_, &ty)| ty).collect(),
            ..self.clone()
        }))
    }

    fn sharding(&self, result: usize) -> Option<&Sharding> {
        self.results.get(result)
    }

    fn print(&self, at: &Statement) -> String {
        let shardings = |shardings: &[Sharding]| {
            list(self.written(shardings).iter().map(|sharding| format!("<{}>", sharding.shardy())))
        };
        let region = &at.regions[0];
        let parameters =
            region.parameters.iter().map(|(name, ty)| format!("{name}: {}", ty.mlir()));
        format!(
            "{}({}) in_shardings=[{}] out_shardings=[{}] manual_axes={{{}}} ({}) {{\n{}{}}} : {}",
            self.name(),
            list(&at.operands),
            shardings(&self.operands),
            shardings(&self.results),
            list(self.axes.iter().map(|axis| format!("\"{axis}\""))),
            list(parameters),
            region.body,
            at.indent,
            at.signature()
        )
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let trace = at.results[0].trace();
        let region = trace.graph().borrow().node(at.node).regions()[0];
        let parameters = trace.graph().borrow().block(region).parameters.clone();
        let (seeded, positions) = (at.seeded(), at.wanted_positions());
        let wanted: Vec<_> = positions.iter().map(|&i| parameters[i]).collect();
        let pullback = pullback(trace, region, &seeded, &wanted);
        if trace.has_error() {
            return Ok(vec![None; at.operands.len()]);
        }
        let parts = self.reverse(trace, at, &pullback, &seeded, &positions);
        Ok(at.cotangents_at(positions, parts))
    }
}

impl ManualComputation {
    /// The shardings as they are written: along axes that the compiler splits, it may.
    fn written(&self, shardings: &[Sharding]) -> Vec<Sharding> {
        let written = |sharding: &Sharding| {
            if self.partial { sharding.opened() } else { sharding.clone() }
        };
        shardings.iter().map(written).collect()
    }

    /// Records the reverse pass as another manual region: from what the forward one kept and the
    /// cotangents of its results at `seeded` to those of the operands at `wanted`.
    fn reverse<'t>(
        &self,
        trace: &'t Trace,
        at: &Application<'t>,
        pullback: &Pullback,
        seeded: &[usize],
        wanted: &[usize],
    ) -> Vec<Tensor<'t>> {
        let residuals: Vec<_> =
            pullback.residuals.iter().map(|&id| self.keep(trace, at, id)).collect();
        let mut operands: Vec<_> = residuals.iter().map(|(tensor, _)| *tensor).collect();
        let mut shardings: Vec<_> = residuals.into_iter().map(|(_, sharding)| sharding).collect();
        operands.extend(seeded.iter().filter_map(|&i| at.cotangents[i]));
        shardings.extend(seeded.iter().map(|&i| self.of_result(i, at.results[i].ty())));
        let plan = {
            let devices = trace.devices();
            let mesh = devices.mesh().expect("a manual region has a mesh");
            let local = |(sharding, tensor): (&Sharding, &Tensor<'_>)| {
                let shape = sharding.local(mesh, tensor.shape());
                Type::new(tensor.dtype(), shape.expect("it was made of such parts"))
            };
            Plan {
                axes: self.axes.clone(),
                positions: self.positions.clone(),
                locals: shardings.iter().zip(&operands).map(local).collect(),
                operands: shardings,
                partial: self.partial,
            }
        };
        let cotangents = &plan.operands[pullback.residuals.len()..];
        let copies: Vec<_> =
            cotangents.iter().map(|sharding| self.copies(trace, sharding).size()).collect();
        let reversed = plan.record(trace, operands.len(), |parts| {
            self.reverse_body(trace, pullback, &copies, wanted, parts)
        });
        let op = ManualComputation {
            operands: plan.operands,
            results: wanted.iter().map(|&i| self.operands[i].clone()).collect(),
            types: wanted.iter().map(|&i| at.operands[i].ty()).collect(),
            ..self.clone()
        };
        trace.apply_regions(op, &operands, vec![reversed.block], wanted.len())
    }

    /// What the reverse pass does on a device; of each cotangent there are so many `copies`.
    fn reverse_body<'t>(
        &self,
        trace: &'t Trace,
        pullback: &Pullback,
        copies: &[usize],
        wanted: &[usize],
        parts: &[Tensor<'t>],
    ) -> Vec<Tensor<'t>> {
        let (kept, cotangents) = parts.split_at(pullback.residuals.len());
        let kept = kept.iter().zip(&pullback.residuals);
        let kept = kept.map(|(part, &id)| part.reshape(trace.tensor(id).shape()));
        let share = |(cotangent, &copies): (&Tensor<'t>, &usize)| match copies {
            1 => *cotangent,
            copies => *cotangent / cotangent.scalar(copies as u64),
        };
        let cotangents = cotangents.iter().zip(copies).map(share);
        let arguments: Vec<_> = kept.chain(cotangents).collect();
        let gradients = inline(trace, pullback.block, &arguments);
        let gradients = gradients.into_iter().zip(wanted);
        let sum = |(gradient, &i): (Tensor<'t>, &usize)| {
            sum_over(gradient, self.copies(trace, &self.operands[i]))
        };
        gradients.map(sum).collect()
    }

    /// How a result is split. Those beyond what the body returned are kept for a reverse pass.
    fn of_result(&self, result: usize, ty: Type) -> Sharding {
        let kept = || Sharding::stacked(&self.axes, ty.shape.len());
        self.results.get(result).cloned().unwrap_or_else(kept)
    }

    /// The devices that have copies of a tensor with `sharding`.
    fn copies(&self, trace: &Trace, sharding: &Sharding) -> ReplicaGroups {
        let devices = trace.devices();
        let mesh = devices.mesh().expect("a manual region has a mesh");
        let named: Vec<_> = sharding.named().collect();
        let along = self.positions.iter().copied();
        let others: Vec<_> = along.filter(|&i| !named.contains(&&mesh.axes()[i].0)).collect();
        ReplicaGroups::along(mesh, &others)
    }

    /// The residual `id` of the forward region outside of it: an operand, or one more result, in
    /// which the devices' own stand one behind the other.
    fn keep<'t>(
        &self,
        trace: &'t Trace,
        at: &Application<'t>,
        id: ValueId,
    ) -> (Tensor<'t>, Sharding) {
        let region = trace.graph().borrow().node(at.node).regions()[0];
        let parameters = trace.graph().borrow().block(region).parameters.clone();
        if let Some(position) = parameters.iter().position(|&parameter| parameter == id) {
            return (at.operands[position], self.operands[position].clone());
        }
        let local = trace.tensor(id);
        let local = match &local.shape()[..] {
            [] => trace.within(region, || local.reshape([1])),
            _ => local,
        };
        let sharding = Sharding::stacked(&self.axes, local.shape().len());
        let shape = {
            let devices = trace.devices();
            sharding.global(devices.mesh().expect("a manual region has a mesh"), local.shape())
        };
        let graph = &mut *trace.graph().borrow_mut();
        graph.block_mut(region).results.push(local.id());
        let ty = Type::new(local.dtype(), shape);
        let id = graph.add_result(at.node, ty);
        (Tensor::new(trace, id, ty), sharding)
    }
}
