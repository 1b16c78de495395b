//! Programs as files, with a manifest that says what they take and return.

use std::fs;
use std::path::{Path, PathBuf};

use hlo::Program;
use serde::Serialize;

use crate::error::{Error, Result};

/// `manifest.json`: what the programs of a folder take and return, in order.
#[derive(Debug, Serialize)]
pub struct Manifest {
    hetxl: &'static str,
    programs: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    function: String,
    file: String,
    format: &'static str,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

#[derive(Debug, Serialize)]
struct Port {
    name: String,
    dtype: &'static str,
    shape: Vec<usize>,
    /// The output that takes the input's memory, by its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    donated_to: Option<usize>,
    sharding: &'static str,
}

/// Every program here runs on one device, which has all of every array.
const SHARDING: &str = "replicated";

/// Writes `program` as `NAME.mlir`, or as `NAME.hlo.pb` if `optimized` holds the compiler's own
/// form of it, and `manifest.json` into `folder`. Returns the path of the program.
///
/// # Errors
/// If the folder can't be made or written.
pub fn write(folder: &Path, program: &Program, optimized: Option<&[u8]>) -> Result<PathBuf> {
    let name = program.name().replace('_', "-");
    let text = program.text();
    let (file, format, contents) = match optimized {
        Some(bytes) => (format!("{name}.hlo.pb"), "optimized", bytes),
        None => (format!("{name}.mlir"), "stablehlo", text.as_bytes()),
    };
    let inputs = program.inputs().iter().map(|input| Port {
        name: input.name().to_owned(),
        dtype: input.dtype().name(),
        shape: input.shape().to_vec(),
        donated_to: input.donated_to(),
        sharding: SHARDING,
    });
    let outputs = program.outputs().iter().map(|output| Port {
        name: output.name().to_owned(),
        dtype: output.dtype().name(),
        shape: output.shape().to_vec(),
        donated_to: None,
        sharding: SHARDING,
    });
    let (inputs, outputs) = (inputs.collect(), outputs.collect());
    let entry = Entry { function: name, file: file.clone(), format, inputs, outputs };
    let manifest = Manifest { hetxl: env!("CARGO_PKG_VERSION"), programs: vec![entry] };
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let path = folder.join(file);
    replace(&path, contents)?;
    let json = serde_json::to_vec_pretty(&manifest).expect("a manifest is JSON");
    replace(&folder.join("manifest.json"), &[&json[..], b"\n"].concat())?;
    Ok(path)
}

/// Writes a file as a whole or not at all.
fn replace(path: &Path, contents: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let file = tempfile::NamedTempFile::new_in(folder)?;
        fs::write(file.path(), contents)?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map_err(Error::io("write", path)).map(drop)
}
