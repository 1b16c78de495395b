//! `--xla-flag`, of every command that compiles.

use std::collections::BTreeMap;

use clap::Args;
use pjrt::Flag;

/// Flags of XLA's compiler.
#[derive(Clone, Debug, Args)]
pub(super) struct XlaFlags {
    /// A flag for the compiler, such as `xla_backend_optimization_level=0`; may be given again
    #[arg(long = "xla-flag", value_name = "NAME=VALUE", value_parser = parse)]
    xla_flags: Vec<(String, Flag)>,
}

impl XlaFlags {
    /// The flags by name; of those with the same name the last.
    pub(super) fn by_name(&self) -> BTreeMap<String, Flag> {
        self.xla_flags.iter().cloned().collect()
    }
}

/// Plugins read numbers from strings, by the flag's own type, but differ in how they spell booleans.
fn parse(text: &str) -> Result<(String, Flag), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let value = match value {
        "true" => Flag::Bool(true),
        "false" => Flag::Bool(false),
        _ => Flag::String(value.to_owned()),
    };
    Ok((name.to_owned(), value))
}
