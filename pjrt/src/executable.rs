//! Compiled programs.

use std::collections::BTreeMap;

use prost::Message as _;
use xla_sys::bindings::{
    PJRT_Compile_Args, PJRT_Executable, PJRT_Executable_Destroy_Args,
    PJRT_Executable_Fingerprint_Args, PJRT_Executable_GetCompiledMemoryStats_Args,
    PJRT_Executable_GetCostAnalysis_Args, PJRT_Executable_Name_Args,
    PJRT_Executable_NumOutputs_Args, PJRT_Executable_NumPartitions_Args,
    PJRT_Executable_NumReplicas_Args, PJRT_Executable_OptimizedProgram_Args,
    PJRT_Executable_Serialize_Args, PJRT_Program,
};

use crate::api::{Api, Handle, call, slice, text};
use crate::error::{Error, Result};
use crate::owner::Owner;
use crate::signature::Signature;
use crate::{
    Alias, ArraySpec, AttributeValue, Code, CompileOptions, Layout, MemoryStats, Plugin, Topology,
    attribute, flag,
};

/// A compiled program, loaded onto devices or not: what it is called, takes, returns and costs.
///
/// [`Plugin::compile`] makes one ahead of time. [`Client::compile`](crate::Client::compile) loads
/// what it compiles, which is then a [`LoadedExecutable`](crate::LoadedExecutable).
#[derive(Debug)]
pub struct Executable {
    compiled: Compiled,
    name: String,
    signature: Signature,
    replicas: usize,
    partitions: usize,
    /// What it was compiled with, which loading it repeats; the default for what is loaded.
    options: CompileOptions,
}

/// The program as the plugin knows it.
#[derive(Debug)]
struct Compiled {
    owner: Owner,
    handle: Handle<PJRT_Executable>,
}

impl Executable {
    /// Takes charge of a program that the plugin has compiled.
    pub(crate) fn new(owner: Owner, handle: Handle<PJRT_Executable>) -> Result<Self> {
        let compiled = Compiled { owner, handle };
        let name = compiled.name()?;
        let signature = Signature::decode(&compiled.optimized_program()?)?;
        let outputs = compiled.output_count()?;
        if outputs != signature.outputs.len() {
            let reason = format!("it has {} results of {outputs}", signature.outputs.len());
            return Err(Error::Signature { reason: reason.into() });
        }
        let (replicas, partitions) = (compiled.replicas()?, compiled.partitions()?);
        let options = CompileOptions::default();
        Ok(Self { compiled, name, signature, replicas, partitions, options })
    }

    /// Compiles a program ahead of time.
    pub(crate) fn compile(
        topology: &Topology,
        code: Code<'_>,
        options: &CompileOptions,
    ) -> Result<Self> {
        let code = code.prepare(topology.platform_name(), options.partitions)?;
        let encoded = options.encode(topology.device_ids())?;
        let program = code.program();
        let mut args = PJRT_Compile_Args {
            topology: topology.handle().as_ptr(),
            program: &raw const program,
            compile_options: encoded.as_ptr().cast(),
            compile_options_size: encoded.len(),
            ..Default::default()
        };
        let owner = Owner::Topology(topology.clone());
        // SAFETY: topology, program and options live until the call returns; the interface allows
        // for there being no client.
        unsafe { call!(owner.api(), PJRT_Compile, &raw mut args) }
            .map_err(|error| flag::explain(error, &options.flags, owner.plugin().path()))?;
        let handle = owner.api().handle("PJRT_Compile", args.executable)?;
        let executable = Self::new(owner, handle)?;
        Ok(Self { options: options.clone(), ..executable })
    }

    /// The name of the program's module.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the program takes on each device, as compiled.
    pub fn inputs(&self) -> &[ArraySpec] {
        &self.signature.inputs
    }

    /// How each input lies in a device's memory.
    pub fn input_layouts(&self) -> &[Layout] {
        &self.signature.input_layouts
    }

    /// What the program returns on each device, as compiled.
    pub fn outputs(&self) -> &[ArraySpec] {
        &self.signature.outputs
    }

    /// How each output lies in a device's memory.
    pub fn output_layouts(&self) -> &[Layout] {
        &self.signature.output_layouts
    }

    /// The outputs that are written into the memory of an input, by input in ascending order.
    pub fn aliases(&self) -> &[Alias] {
        &self.signature.aliases
    }

    /// The inputs that the program offers for donation (`jax.buffer_donor`), and whose memory no
    /// output can take, in ascending order: donating them frees them and saves nothing else.
    pub fn refused_donations(&self) -> &[usize] {
        &self.signature.refused
    }

    /// The inputs that are given up to the program when they are donated, in ascending order: those
    /// of [`aliases`](Self::aliases) and of [`refused_donations`](Self::refused_donations).
    pub fn donatable_inputs(&self) -> &[usize] {
        &self.signature.donatable
    }

    /// Copies of the program that run side by side.
    pub fn replicas(&self) -> usize {
        self.replicas
    }

    /// Parts that each copy is split into.
    pub fn partitions(&self) -> usize {
        self.partitions
    }

    /// The program after optimisation, as a serialised `HloModuleProto`.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn optimized_program(&self) -> Result<Vec<u8>> {
        self.owner().check()?;
        self.compiled.optimized_program()
    }

    /// The memory that the program takes on each device.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn memory_stats(&self) -> Result<MemoryStats> {
        self.owner().check()?;
        let executable = self.compiled.handle.as_ptr();
        let mut args =
            PJRT_Executable_GetCompiledMemoryStats_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive.
        unsafe {
            call!(self.api(), PJRT_Executable_GetCompiledMemoryStats, &raw mut args)?;
        }
        Ok(MemoryStats::read(&args))
    }

    /// What the compiler reckons that one run costs a device, by the names of XLA's own analysis:
    /// `flops`, `bytes accessed`, `optimal_seconds` and more.
    ///
    /// The body of a loop is counted once, however often it runs.
    ///
    /// # Errors
    /// What the plugin reports; those of CUDA and the later ones of CPUs
    /// [don't implement](Error::is_unsupported) it.
    pub fn cost(&self) -> Result<BTreeMap<String, f64>> {
        self.owner().check()?;
        let executable = self.compiled.handle.as_ptr();
        let mut args = PJRT_Executable_GetCostAnalysis_Args { executable, ..Default::default() };
        let function = "PJRT_Executable_GetCostAnalysis";
        // SAFETY: the executable is alive; the properties are its own and are copied.
        let properties = unsafe {
            call!(self.api(), PJRT_Executable_GetCostAnalysis, &raw mut args)?;
            attribute::read(self.api(), function, args.properties, args.num_properties)?
        };
        let number = |value| match value {
            AttributeValue::Float(value) => Some(f64::from(value)),
            AttributeValue::Int(value) => Some(value as f64),
            _ => None,
        };
        let numbers =
            properties.into_iter().filter_map(|(name, value)| Some((name, number(value)?)));
        Ok(numbers.collect())
    }

    /// The compiled program as bytes, which [`Client::load_serialized`](crate::Client::load_serialized)
    /// reads on a machine with the same plugin.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn serialize(&self) -> Result<Vec<u8>> {
        self.owner().check()?;
        let executable = self.compiled.handle.as_ptr();
        let mut args = PJRT_Executable_Serialize_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive; the bytes are copied before they are given up, once.
        unsafe {
            call!(self.api(), PJRT_Executable_Serialize, &raw mut args)?;
            let bytes = slice(args.serialized_bytes.cast::<u8>(), args.serialized_bytes_size);
            let copy = bytes.to_vec();
            if let Some(delete) = args.serialized_executable_deleter {
                delete(args.serialized_executable);
            }
            Ok(copy)
        }
    }

    /// Bytes that tell the compiled program from others of the same plugin.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn fingerprint(&self) -> Result<Vec<u8>> {
        self.owner().check()?;
        let executable = self.compiled.handle.as_ptr();
        let mut args = PJRT_Executable_Fingerprint_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive; the bytes are its own and are copied.
        unsafe {
            call!(self.api(), PJRT_Executable_Fingerprint, &raw mut args)?;
            let len = args.executable_fingerprint_size;
            Ok(slice(args.executable_fingerprint.cast::<u8>(), len).to_vec())
        }
    }

    /// The plugin that compiled the program.
    pub fn plugin(&self) -> &Plugin {
        self.owner().plugin()
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_Executable> {
        self.compiled.handle
    }

    pub(crate) fn options(&self) -> &CompileOptions {
        &self.options
    }

    fn owner(&self) -> &Owner {
        &self.compiled.owner
    }

    fn api(&self) -> &Api {
        self.owner().api()
    }
}

impl Compiled {
    fn name(&self) -> Result<String> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_Name_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive; the text is its own and is copied.
        unsafe {
            call!(self.owner.api(), PJRT_Executable_Name, &raw mut args)?;
            Ok(text(args.executable_name, args.executable_name_size))
        }
    }

    fn output_count(&self) -> Result<usize> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_NumOutputs_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive.
        unsafe { call!(self.owner.api(), PJRT_Executable_NumOutputs, &raw mut args) }?;
        Ok(args.num_outputs)
    }

    fn replicas(&self) -> Result<usize> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_NumReplicas_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive.
        unsafe { call!(self.owner.api(), PJRT_Executable_NumReplicas, &raw mut args) }?;
        Ok(args.num_replicas)
    }

    fn partitions(&self) -> Result<usize> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_NumPartitions_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive.
        unsafe { call!(self.owner.api(), PJRT_Executable_NumPartitions, &raw mut args) }?;
        Ok(args.num_partitions)
    }

    fn optimized_program(&self) -> Result<Vec<u8>> {
        let mut program = PJRT_Program::default();
        // Without memory to write to, the plugin tells how much it takes.
        self.write_program(&mut program)?;
        let mut code = vec![0_u8; program.code_size];
        program.code = code.as_mut_ptr().cast();
        self.write_program(&mut program)?;
        code.truncate(program.code_size);
        // SAFETY: the plugin has set the format, whose text it owns.
        let format = unsafe { text(program.format, program.format_size) };
        match format.as_str() {
            "hlo" => Ok(code),
            "hlo_with_config" => ModuleWithConfig::decode(code.as_slice())
                .map(|with_config| with_config.module)
                .map_err(|error| Error::Signature { reason: error.to_string().into() }),
            _ => Err(Error::Contract {
                function: "PJRT_Executable_OptimizedProgram",
                plugin: self.owner.api().path().to_owned(),
                got: format!("a program in the format `{format}`"),
            }),
        }
    }

    fn write_program(&self, program: &mut PJRT_Program) -> Result<()> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_OptimizedProgram_Args {
            executable,
            program: &raw mut *program,
            ..Default::default()
        };
        // SAFETY: the executable is alive, and the program has no memory to write to or as much as
        // the plugin asked for; it states the size again, which doesn't change.
        unsafe { call!(self.owner.api(), PJRT_Executable_OptimizedProgram, &raw mut args) }
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_Destroy_Args { executable, ..Default::default() };
        // SAFETY: the handle is this value's own and is gone with it.
        let destroyed = unsafe { call!(self.owner.api(), PJRT_Executable_Destroy, &raw mut args) };
        self.owner.record(destroyed);
    }
}

/// `xla.HloModuleProtoWithConfig`, the field that is read here, left serialised.
#[derive(Clone, PartialEq, prost::Message)]
struct ModuleWithConfig {
    #[prost(bytes = "vec", tag = "1")]
    module: Vec<u8>,
}
