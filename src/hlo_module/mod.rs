//! What a compiler made of a program: an `HloModuleProto`, decoded.
//!
//! ```no_run
//! use hetxl::hlo_module::HloModule;
//!
//! let module = HloModule::decode(&std::fs::read("predict.hlo.pb")?)?;
//! let costs = module.costs();
//! println!("{}: {} flops", module.name(), costs.total().cost.flops);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cost;
mod library_call;
mod proto;
mod shape;
mod sharding;

use std::collections::{HashMap, HashSet};

use prost::Message as _;
use serde::Serialize;
use thiserror::Error;

use proto::{Computation, Instruction, OpSharding, Shape};
use shape::NONE;

pub use cost::{Cost, Costs, OpCost};
pub use sharding::Sharding;

/// A module of HLO, whose every reference was found to lead somewhere.
#[derive(Clone, Debug)]
pub struct HloModule {
    name: String,
    /// Callees before their callers.
    computations: Vec<Resolved>,
    entry: usize,
    scheduled: bool,
    aliases: HashMap<usize, usize>,
    refused: HashSet<usize>,
    /// Replicas and partitions.
    device_counts: Option<(usize, usize)>,
    parameter_shardings: Vec<OpSharding>,
    result_sharding: Option<OpSharding>,
}

/// A computation with references as positions.
#[derive(Clone, Debug)]
struct Resolved {
    name: String,
    /// Operands before their users.
    instructions: Vec<Instruction>,
    /// For each instruction, the positions of its operands in this computation.
    operands: Vec<Vec<usize>>,
    /// For each instruction, the positions of the computations that it calls.
    callees: Vec<Vec<usize>>,
    root: usize,
}

/// Bytes are no module of HLO.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum HloModuleError {
    #[error("it is not an HloModuleProto: {reason}")]
    Decode { reason: String },
    #[error("it is damaged or cut off: {problem}")]
    Damaged { problem: String },
    #[error("an array is split among partitions in a way that is not known here: {problem}")]
    Sharding { problem: String },
}

/// An array that the module takes or returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Port {
    /// What the program called it, or the instruction's own name; empty for a result.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The element type.
    pub dtype: &'static str,
    /// The dimensions.
    pub shape: Vec<u64>,
    /// The size.
    pub bytes: u64,
    /// The result that takes the memory of a parameter, by its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donated_to: Option<usize>,
    /// Whether the program offers a parameter's memory, and the compiler found no result for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub donation_refused: bool,
}

/// An array that an instruction makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Buffer {
    /// The instruction, with the position in braces where it makes several.
    pub name: String,
    /// Its kind.
    pub op: String,
    /// What the program called the operation that it stems from; empty if it didn't.
    pub source: String,
    /// The element type.
    pub dtype: &'static str,
    /// The dimensions.
    pub shape: Vec<u64>,
    /// The size.
    pub bytes: u64,
}

/// A loop and how often it goes round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loop {
    /// The instruction.
    pub name: String,
    /// The number of rounds, if the compiler knows it.
    pub trips: Option<u64>,
}

impl HloModule {
    /// Decodes a serialised `HloModuleProto`.
    ///
    /// # Errors
    /// If it is none, or names an instruction or computation that it doesn't have.
    pub fn decode(bytes: &[u8]) -> Result<Self, HloModuleError> {
        let decoded = proto::Module::decode(bytes);
        let module =
            decoded.map_err(|error| HloModuleError::Decode { reason: error.to_string() })?;
        let damaged = |problem: String| HloModuleError::Damaged { problem };
        if module.computations.is_empty() {
            return Err(HloModuleError::Decode { reason: "it has no computation".to_owned() });
        }
        if module.host_program_shape.is_none() {
            return Err(damaged("it does not say what it takes and returns".to_owned()));
        }
        let mut positions = HashMap::new();
        let mut computations = Vec::with_capacity(module.computations.len());
        for computation in module.computations {
            let id = computation.id;
            // Only what stands before it can be called, so that nothing calls itself.
            computations.push(resolve(computation, &positions).map_err(damaged)?);
            positions.insert(id, computations.len() - 1);
        }
        let entry = positions.get(&module.entry_computation_id).copied();
        let entry = entry.ok_or_else(|| damaged("its entry is missing".to_owned()))?;
        let aliases = module.input_output_alias.unwrap_or_default().entries;
        let alias = |entry: proto::AliasEntry| {
            let output = entry.output_shape_index.first().copied().unwrap_or(0);
            Some((usize::try_from(entry.parameter_number).ok()?, usize::try_from(output).ok()?))
        };
        let aliases = aliases.into_iter().filter_map(alias).collect();
        let donors = module.buffer_donor.unwrap_or_default().entries.into_iter();
        let refused = donors.filter_map(|it| usize::try_from(it.parameter_number).ok()).collect();
        let device_counts = module.device_assignment.and_then(|it| {
            let replicas = usize::try_from(it.replica_count).ok()?;
            Some((replicas, usize::try_from(it.computation_count).ok()?))
        });
        Ok(Self {
            name: module.name,
            computations,
            entry,
            scheduled: module.schedule.is_some(),
            aliases,
            refused,
            device_counts,
            parameter_shardings: module.spmd_parameters_shardings,
            result_sharding: module.spmd_output_sharding,
        })
    }

    /// The module inside an `HloModuleProtoWithConfig` or an `HloProto`, which XLA writes where it
    /// dumps modules; none if the bytes are neither.
    pub fn unwrap(bytes: &[u8]) -> Option<(Vec<u8>, Self)> {
        let bytes = proto::Wrapped::decode(bytes).ok()?.module;
        let module = Self::decode(&bytes).ok()?;
        Some((bytes, module))
    }

    /// The module's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of computations.
    pub fn computations(&self) -> usize {
        self.computations.len()
    }

    /// Whether the module is what a compiler has made already. Compilers take no such module: some
    /// end the process.
    pub fn is_scheduled(&self) -> bool {
        self.scheduled
    }

    /// The numbers of replicas and partitions that the module is for, if it says so.
    pub fn device_counts(&self) -> Option<(usize, usize)> {
        self.device_counts
    }

    /// Whether an instruction says how its result is split among partitions.
    pub fn is_marked(&self) -> bool {
        let instructions = self.computations.iter().flat_map(|it| &it.instructions);
        instructions.into_iter().any(|it| it.sharding.is_some())
    }

    /// How what the module takes was split among partitions by the compiler, in order; empty if it
    /// wasn't.
    ///
    /// # Errors
    /// If a parameter is not split into tiles.
    pub fn parameter_shardings(&self) -> Result<Vec<Sharding>, HloModuleError> {
        self.parameter_shardings.iter().map(Sharding::of).collect()
    }

    /// How what the module returns was split among partitions by the compiler, in order; empty if
    /// it wasn't.
    ///
    /// # Errors
    /// If a result is not split into tiles.
    pub fn result_shardings(&self) -> Result<Vec<Sharding>, HloModuleError> {
        let result = self.result_sharding.iter();
        result.flat_map(sharding::leaves).map(Sharding::of).collect()
    }

    /// What the module takes, in order.
    pub fn parameters(&self) -> Vec<Port> {
        let entry = &self.computations[self.entry].instructions;
        let mut parameters: Vec<_> = entry.iter().filter(|it| it.opcode == "parameter").collect();
        parameters.sort_by_key(|it| it.parameter_number);
        let parameters = parameters.into_iter().enumerate();
        let port = |(index, parameter): (usize, &Instruction)| Port {
            name: match parameter.source() {
                "" => parameter.name.clone(),
                source => source.to_owned(),
            },
            donated_to: self.aliases.get(&index).copied(),
            donation_refused: self.refused.contains(&index),
            ..Port::of(parameter.shape())
        };
        parameters.map(port).collect()
    }

    /// What the module returns, in order.
    pub fn results(&self) -> Vec<Port> {
        let entry = &self.computations[self.entry];
        entry.instructions[entry.root].shape().arrays().into_iter().map(Port::of).collect()
    }

    /// The computations that run by themselves, in contrast to those that a fusion or a reduction
    /// is made of, in order.
    fn running(&self) -> Vec<&Resolved> {
        let mut runs = vec![false; self.computations.len()];
        runs[self.entry] = true;
        for index in (0..=self.entry).rev().filter(|&index| index < self.computations.len()) {
            if !runs[index] {
                continue;
            }
            let computation = &self.computations[index];
            for (instruction, callees) in computation.instructions.iter().zip(&computation.callees)
            {
                if matches!(&*instruction.opcode, "call" | "while" | "conditional" | "async-start")
                {
                    callees.iter().for_each(|&callee| runs[callee] = true);
                }
            }
        }
        let computations = self.computations.iter().zip(runs);
        computations.filter(|(_, runs)| *runs).map(|(computation, _)| computation).collect()
    }

    /// The arrays that are in memory at some time, largest first. Those inside fusions are not.
    pub fn buffers(&self) -> Vec<Buffer> {
        // These pass on what others made.
        let passing = ["tuple", "get-tuple-element", "bitcast", "while", "call", "conditional"];
        let entry = &self.computations[self.entry].name;
        let mut buffers = Vec::new();
        for computation in self.running() {
            for instruction in &computation.instructions {
                let op = &*instruction.opcode;
                if passing.contains(&op) || op == "parameter" && computation.name != *entry {
                    continue;
                }
                let shape = instruction.shape();
                for (index, array) in shape.arrays().into_iter().enumerate() {
                    let name = match shape.is_tuple() {
                        true => format!("{}{{{index}}}", instruction.name),
                        false => instruction.name.clone(),
                    };
                    buffers.push(Buffer {
                        name,
                        op: op.to_owned(),
                        source: instruction.source().to_owned(),
                        dtype: array.dtype(),
                        shape: array.dims(),
                        bytes: array.bytes(),
                    });
                }
            }
        }
        buffers.sort_by_key(|buffer| std::cmp::Reverse(buffer.bytes));
        buffers
    }

    /// The loops that run.
    pub fn loops(&self) -> Vec<Loop> {
        let running = self.running();
        let instructions = running.iter().flat_map(|computation| &computation.instructions);
        let loops = instructions.filter(|instruction| instruction.opcode == "while");
        loops.map(|it| Loop { name: it.name.clone(), trips: it.trips() }).collect()
    }

    /// The first operation that runs and waits for the host to take or give an array.
    pub fn host_transfer(&self) -> Option<&str> {
        let running = self.running();
        let mut opcodes =
            running.into_iter().flat_map(|it| &it.instructions).map(|it| it.opcode.as_str());
        opcodes.find(|opcode| matches!(*opcode, "infeed" | "outfeed"))
    }

    /// The targets of custom calls that run and whose work is known to nobody here, in order.
    pub fn custom_calls(&self) -> Vec<String> {
        let mut targets = Vec::new();
        for computation in self.running() {
            for (index, instruction) in computation.instructions.iter().enumerate() {
                let is_call = instruction.opcode == "custom-call";
                if is_call && library_call::cost(computation, index).is_none() {
                    targets.push(instruction.custom_call_target.clone());
                }
            }
        }
        targets.sort();
        targets
    }
}

/// A computation with its references resolved to those of `callable` and to its own instructions.
fn resolve(computation: Computation, callable: &HashMap<i64, usize>) -> Result<Resolved, String> {
    let Computation { name, instructions, id: _, root_id } = computation;
    let mut positions = HashMap::with_capacity(instructions.len());
    let (mut operands, mut callees) = (Vec::new(), Vec::new());
    for (index, instruction) in instructions.iter().enumerate() {
        let of = |what: &str, id: i64| {
            format!("{} has an {what} {id}, which is missing", instruction.name)
        };
        let ids = instruction.operand_ids.iter();
        let found = ids.map(|id| positions.get(id).copied().ok_or_else(|| of("operand", *id)));
        operands.push(found.collect::<Result<_, _>>()?);
        let ids = instruction.called_computation_ids.iter();
        let found =
            ids.map(|id| callable.get(id).copied().ok_or_else(|| of("inner computation", *id)));
        callees.push(found.collect::<Result<_, _>>()?);
        positions.insert(instruction.id, index);
    }
    let root = positions.get(&root_id).copied();
    let root = root.ok_or_else(|| format!("the result of {name} is missing"))?;
    Ok(Resolved { name, instructions, operands, callees, root })
}

impl Resolved {
    fn operand(&self, index: usize, number: usize) -> &Shape {
        match self.operands[index].get(number) {
            Some(&operand) => self.instructions[operand].shape(),
            None => &NONE,
        }
    }
}

impl Port {
    fn of(array: &Shape) -> Self {
        Self {
            name: String::new(),
            dtype: array.dtype(),
            shape: array.dims(),
            bytes: array.bytes(),
            donated_to: None,
            donation_refused: false,
        }
    }
}

impl Instruction {
    fn shape(&self) -> &Shape {
        self.shape.as_ref().unwrap_or(&NONE)
    }

    fn source(&self) -> &str {
        self.metadata.as_ref().map_or("", |metadata| &metadata.op_name)
    }

    /// How often a loop goes round, which XLA notes as JSON where it finds out.
    fn trips(&self) -> Option<u64> {
        #[derive(serde::Deserialize)]
        struct Config {
            known_trip_count: Count,
        }
        #[derive(serde::Deserialize)]
        struct Count {
            n: String,
        }
        let config: Config = serde_json::from_slice(&self.backend_config).ok()?;
        config.known_trip_count.n.parse().ok()
    }
}

#[cfg(test)]
mod tests;
