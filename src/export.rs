//! Programs as files, with a manifest that says what they take and return.

use std::fs;
use std::path::{Path, PathBuf};

use hlo::{Program, Sharding, Version};
use serde::{Deserialize, Serialize};

use crate::checkpoint::{self, Tensors};
use crate::data::Normalization;
use crate::error::{Error, Result};
use crate::whole_file;

/// The values of the parameters of programs that were written with them.
const PARAMETERS: &str = "parameters.safetensors";

/// `manifest.json`: what the programs of a folder take and return, in order.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    hetxl: String,
    programs: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    function: String,
    file: String,
    format: String,
    /// How `inputs` are made from pixels, where the program takes any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    normalization: Option<Normalization>,
    /// The file with the values of the parameters among `inputs`, where it was written, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parameters: Option<String>,
    /// The names of the axes along which the devices are arranged, and their numbers, where the
    /// program is for several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mesh: Vec<(String, usize)>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Port {
    name: String,
    dtype: String,
    shape: Vec<usize>,
    /// The output that takes the input's memory, by its position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    donated_to: Option<usize>,
    /// How it is split among the devices of the mesh: the axes of the mesh by which each of its axes
    /// is, such as `data, _`; `replicated` where every device has all of it.
    sharding: String,
}

/// The sharding of a port as a manifest says it.
fn sharding(sharding: Option<&Sharding>) -> String {
    let split = sharding.filter(|sharding| !sharding.is_whole());
    split.map_or_else(|| "replicated".to_owned(), Sharding::to_string)
}

/// What is written of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// StableHLO as text, `NAME.mlir`.
    Stablehlo,
    /// Portable bytecode for a version of StableHLO, `NAME.mlirbc`.
    Bytecode(Version),
    /// A picture in Graphviz's language, `NAME.dot`.
    Dot,
    /// The form that a compiler gave the program, `NAME.hlo.pb`.
    Optimized(Vec<u8>),
}

/// Writes `program` into `folder` and tells of it in the folder's `manifest.json` beside the
/// programs that were written there before; `parameters` are values of what it takes, written as
/// `parameters.safetensors`, and `normalization` is how inputs are made from pixels, if there are
/// any. Returns the path of the program.
///
/// # Errors
/// If the folder can't be made or written, or the program has what a version of StableHLO lacks.
pub fn write(
    folder: &Path,
    program: &Program,
    parameters: Option<&Tensors>,
    normalization: Option<Normalization>,
    form: Form,
) -> Result<PathBuf> {
    let name = program.name().replace('_', "-");
    let (file, format, contents) = match form {
        Form::Stablehlo => (format!("{name}.mlir"), "stablehlo", program.text().into_bytes()),
        Form::Bytecode(version) => {
            (format!("{name}.mlirbc"), "bytecode", program.bytecode(version)?)
        }
        Form::Dot => (format!("{name}.dot"), "dot", program.dot().into_bytes()),
        Form::Optimized(bytes) => (format!("{name}.hlo.pb"), "optimized", bytes),
    };
    let inputs = program.inputs().iter().map(|input| Port {
        name: input.name().to_owned(),
        dtype: input.dtype().name().to_owned(),
        shape: input.shape().to_vec(),
        donated_to: input.donated_to(),
        sharding: sharding(input.sharding()),
    });
    let outputs = program.outputs().iter().map(|output| Port {
        name: output.name().to_owned(),
        dtype: output.dtype().name().to_owned(),
        shape: output.shape().to_vec(),
        donated_to: None,
        sharding: sharding(output.sharding()),
    });
    let (inputs, outputs) = (inputs.collect(), outputs.collect());
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let path = folder.join(&file);
    whole_file::write(&path, &contents).map_err(Error::io("write", &path))?;
    if let Some(parameters) = parameters {
        checkpoint::write_tensors(&folder.join(PARAMETERS), parameters)?;
    }
    let parameters = parameters.map(|_| PARAMETERS.to_owned());
    let manifest_path = folder.join("manifest.json");
    let mut programs = others(&manifest_path, &file);
    let takes_pixels = program.inputs().iter().any(|input| input.name() == "inputs");
    let normalization = normalization.filter(|_| takes_pixels);
    let (function, format) = (name, format.to_owned());
    let mesh = program.mesh().map_or(Vec::new(), |mesh| mesh.axes().to_vec());
    programs.push(Entry {
        function,
        file,
        format,
        normalization,
        parameters,
        mesh,
        inputs,
        outputs,
    });
    let manifest = Manifest { hetxl: env!("CARGO_PKG_VERSION").to_owned(), programs };
    let json = serde_json::to_vec_pretty(&manifest).expect("a manifest is JSON");
    let json = [&json[..], b"\n"].concat();
    whole_file::write(&manifest_path, &json).map_err(Error::io("write", &manifest_path))?;
    Ok(path)
}

/// What the `manifest.json` beside a program calls its inputs and outputs, in order; none if there is
/// no manifest or it doesn't speak of the program.
pub fn names(program: &Path) -> Option<(Vec<String>, Vec<String>)> {
    let file = program.file_name()?.to_str()?;
    let manifest = program.parent()?.join("manifest.json");
    let manifest: Manifest = serde_json::from_slice(&fs::read(manifest).ok()?).ok()?;
    let entry = manifest.programs.into_iter().find(|entry| entry.file == file)?;
    let names = |ports: Vec<Port>| ports.into_iter().map(|port| port.name).collect();
    Some((names(entry.inputs), names(entry.outputs)))
}

/// The programs of an earlier manifest but for `file`; none where it isn't one of this version's.
fn others(manifest: &Path, file: &str) -> Vec<Entry> {
    let contents = fs::read(manifest).unwrap_or_default();
    let earlier = serde_json::from_slice::<Manifest>(&contents).ok();
    let earlier = earlier.filter(|earlier| earlier.hetxl == env!("CARGO_PKG_VERSION"));
    let mut programs = earlier.map_or(Vec::new(), |earlier| earlier.programs);
    programs.retain(|program| program.file != file);
    programs
}
