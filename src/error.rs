//! What can go wrong in a run.

use std::io;
use std::path::{Path, PathBuf};

use pjrt::install::{FindError, InstallError, Wheel};
use thiserror::Error;

use crate::checkpoint::CheckpointError;
use crate::config::ConfigError;
use crate::data::DataError;
use crate::metrics::MetricsError;
use crate::npy::NpyError;
use crate::programs::THE_LOSS;

/// The result of a part of a run.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A run or a command of it failed.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("{}{}", .0, remedy(.0))]
    Install(#[from] InstallError),
    #[error(transparent)]
    Runtime(#[from] pjrt::Error),
    #[error(
        "the platform {platform} cannot be started with {}: {source}; `hetxl doctor` tells what is \
         here", plugin.display()
    )]
    Start { platform: String, plugin: PathBuf, source: pjrt::Error },
    #[error(transparent)]
    Cache(#[from] pjrt::CacheError),
    #[error("there is no cache folder; set HETXL_CACHE to one")]
    NoCache,
    #[error(transparent)]
    Trace(#[from] hlo::TraceError),
    #[error(transparent)]
    Bytecode(#[from] hlo::BytecodeError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    #[error("cannot {action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error(
        "{} holds a run already; go on with it by --resume or name another folder with --run-dir",
        path.display()
    )]
    RunExists { path: PathBuf },
    #[error(
        "{} is there already, and {} has no run: name another folder with --run-dir",
        taken.display(), path.display()
    )]
    FolderTaken { path: PathBuf, taken: PathBuf },
    #[error("another process trains the run in {}; wait for it or stop it first", path.display())]
    RunInUse { path: PathBuf },
    #[error("there is no run in {}: {}", path.display(), no_run(path))]
    NoRun { path: PathBuf },
    #[error("there is no run to resume: no folder {}", path.display())]
    NothingToResume { path: PathBuf },
    #[error("{} has {}", path.display(), no_checkpoint(*damaged))]
    NoCheckpoint { path: PathBuf, damaged: usize },
    #[error(
        "the run in {} has done {step} steps already, more than train.steps = {steps}; go on with \
         a larger --steps", path.display()
    )]
    PastEnd { path: PathBuf, step: u64, steps: u64 },
    #[error(
        "the run in {} was made with another config: {}; resume with the config that it was made \
         with, or start a new run", path.display(), list(differences)
    )]
    OtherConfig { path: PathBuf, differences: Vec<(String, String, String)> },
    #[error(
        "the data of the run in {} is not what it was: {problem}; bring it back, or start a new run",
        path.display()
    )]
    OtherData { path: PathBuf, problem: String },
    #[error(
        "the checkpoint {} does not fit the config: {problem}", path.display()
    )]
    CheckpointShape { path: PathBuf, problem: String },
    #[error(
        "the loss of step {step} is {loss}: training has diverged; a lower schedule.peak or \
         optimizer.clip_global_norm = 1.0 may help"
    )]
    NotFinite { step: u64, loss: f32 },
    #[error(
        "{what} is {} in step {step}{}: training has diverged; a new run with a lower \
         schedule.peak or optimizer.clip_global_norm = 1.0 may help", number(what, *loss), beside(what, *loss)
    )]
    Diverged { run: PathBuf, step: u64, what: String, loss: f32, examples: Vec<String> },
    #[error(
        "the trunk of {} does not fit model.trunk: {problem}; name a run with the same trunk in \
         train.init_from", path.display()
    )]
    OtherTrunk { path: PathBuf, problem: String },
    #[error(
        "parameters after step {step} are not finite: training has diverged; a new run with a \
         lower schedule.peak or optimizer.clip_global_norm = 1.0 may help"
    )]
    ParametersNotFinite { step: u64 },
    #[error(
        "{} is no program: {problem}; expected StableHLO as text (.mlir) or portable bytecode \
         (.mlirbc), or an HloModuleProto (.pb)", path.display()
    )]
    NoProgram { path: PathBuf, problem: String },
    #[error(
        "{} is what a compiler has made already, which no compiler takes; give the program that it \
         was made from, such as `hetxl export --format stablehlo` writes", path.display()
    )]
    CompiledAlready { path: PathBuf },
    #[error(
        "there is no slice {slice} of TPUs: {}; generations are v2, v3, v4, v5e, v5p, v6e and tpu7x, \
         and chips are counted along two or three axes, such as v3:2x2", message.trim_end()
    )]
    NoSlice { slice: String, message: String },
    #[error(
        "a run of {program} takes {:.1} GiB of memory, and this machine has {:.1} GiB; a smaller batch \
         takes less", gibibytes(*needed), gibibytes(*memory)
    )]
    TooLittleMemory { program: String, needed: u64, memory: u64 },
    #[error(
        "the program is for {used_devices} devices and {target} has {devices}; name a larger target, \
         or give a config another runtime.devices"
    )]
    TooFewDevices { target: String, devices: usize, used_devices: usize },
    #[error("{} cannot be compiled for {platform}: {source}", path.display())]
    Compile { path: PathBuf, platform: String, source: pjrt::Error },
    #[error(
        "the compiler, or the program itself, ended with signal {signal} ({}); what it said of that \
         stands above. A function that calls itself has it do so, and an array of more elements than \
         can be counted", signal_name(*signal)
    )]
    Ended { signal: i32 },
    #[error(
        "the program waits for its host ({operation}), which hetxl does not serve; take it out"
    )]
    WaitsForHost { operation: String },
    #[error("the program takes {}, got {got}{}", inputs(expected), filled(expected))]
    InputCount { expected: Vec<String>, got: usize },
    #[error("input {index}, {}: {source}", path.display())]
    InputFile { index: usize, path: PathBuf, source: NpyError },
    #[error("input {index}, {}: expected {expected}, got {got}", path.display())]
    Input { index: usize, path: PathBuf, expected: String, got: String },
    #[error("the module that the compiler made of {} cannot be read: {source}", path.display())]
    Optimized { path: PathBuf, source: crate::hlo_module::HloModuleError },
    #[error(
        "the temperature cannot be folded into the weights: {problem}; export without \
         --fold-temperature"
    )]
    Fold { problem: &'static str },
    #[error(
        "few-shot evaluation is for examples with one label each, and data.max_labels is set: they can \
         have several"
    )]
    FewShotLabels,
    #[error(
        "class {class}{} has {found} usable examples in the train split, fewer than the {shots} that are \
         to be fitted to; ask for fewer shots",
        name.as_ref().map_or(String::new(), |name| format!(", {name:?},"))
    )]
    FewShotExamples { class: usize, name: Option<String>, found: usize, shots: usize },
    #[error(
        "features of the {split} split are not finite: training has diverged; take an earlier checkpoint"
    )]
    FeaturesNotFinite { split: crate::data::Split },
    #[error(
        "no example of the {split} split that can be used has a label: there is nothing to evaluate on"
    )]
    NothingLabelled { split: crate::data::Split },
    #[error("the {split} split is empty: there is nothing to evaluate on")]
    EmptySplit { split: crate::data::Split },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

/// What isn't finite, where that is known.
fn number(what: &str, loss: f32) -> String {
    if what == THE_LOSS { format!("{loss:?}") } else { "not finite".to_owned() }
}

/// The loss, where it isn't what was told.
fn beside(what: &str, loss: f32) -> String {
    if what == THE_LOSS { String::new() } else { format!(", whose loss is {loss:?}") }
}

/// The command that brings a missing plugin, if it is one that can be installed.
fn remedy(error: &InstallError) -> String {
    match error {
        InstallError::Find(FindError::Missing { name, .. }) if Wheel::named(name).is_some() => {
            format!(", or install one with `hetxl plugin install {name}`")
        }
        _ => String::new(),
    }
}

fn no_run(path: &Path) -> &'static str {
    match (path.is_dir(), path.exists()) {
        (true, _) => "it has no config.toml that a run wrote",
        (false, true) => "it is no folder",
        (false, false) => "there is no such folder",
    }
}

fn no_checkpoint(damaged: usize) -> String {
    match damaged {
        0 => "no checkpoint yet".to_owned(),
        1 => "no intact checkpoint: its only one is damaged".to_owned(),
        count => format!("no intact checkpoint: all {count} are damaged"),
    }
}

fn list(differences: &[(String, String, String)]) -> String {
    if differences.is_empty() {
        return "its config.toml was changed since".to_owned();
    }
    let one = |(key, mine, theirs): &(String, String, String)| {
        format!("{key} is {theirs} there and {mine} here")
    };
    differences.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn gibibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 30)
}

fn signal_name(signal: i32) -> &'static str {
    match signal {
        6 => "abort",
        8 => "arithmetic",
        9 => "killed, as where memory is short",
        11 => "memory access",
        _ => "from outside",
    }
}

fn inputs(expected: &[String]) -> String {
    match expected {
        [] => "no input".to_owned(),
        [one] => format!("1 input, {one}"),
        several => format!("{} inputs, {}", several.len(), several.join(", ")),
    }
}

fn filled(expected: &[String]) -> &'static str {
    if expected.is_empty() {
        ""
    } else {
        "; give a .npy file for each by --input, in order, or have them made up by --random SEED or \
         --zeros"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(name: &str, damaged: Option<&str>) -> Error {
        let (name, damaged) = (name.to_owned(), damaged.map(PathBuf::from));
        InstallError::from(FindError::Missing { name, damaged }).into()
    }

    #[test]
    fn a_plugin_that_can_be_installed_is_named_with_the_command() {
        insta::assert_snapshot!(missing("tpu", None), @r#"there is no plugin for the platform "tpu" on this machine; set HETXL_PLUGIN to the path of one, or install one with `hetxl plugin install tpu`"#);
        insta::assert_snapshot!(missing("cpu", Some("/cache/plugin.so")), @r#"there is no plugin for the platform "cpu" on this machine; /cache/plugin.so is damaged; set HETXL_PLUGIN to the path of one, or install one with `hetxl plugin install cpu`"#);
        assert!(!missing("gpu", None).to_string().contains("hetxl"));
    }
}
