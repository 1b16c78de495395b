//! Declarations of the PJRT C API, made from layout data rather than typed by a person.

mod c_type;
mod layout;
#[cfg(test)]
mod layout_text;
mod render;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use layout::Layout;

/// What to do with the declarations.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Compares with the committed file instead of writing it
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xla-sys");
    let layout = Layout::read(&crate_dir.join("layout/c_api.json"))?;
    let made = render::render(&layout)?;
    let path = crate_dir.join("src/bindings.rs");
    if !arguments.check {
        return fs::write(&path, made).with_context(|| format!("writing {}", path.display()));
    }
    let committed =
        fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    if committed == made {
        return Ok(());
    }
    let line = committed.lines().zip(made.lines()).take_while(|(old, new)| old == new).count();
    bail!(
        "xla-sys/src/bindings.rs differs from the layout data, first at line {}\n  \
         committed: {}\n  generated: {}\nrun `cargo run -p xtask -- bindings` and commit the result",
        line + 1,
        committed.lines().nth(line).unwrap_or("(end of file)"),
        made.lines().nth(line).unwrap_or("(end of file)"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_declarations_are_those_of_the_layout_data() {
        run(&Arguments { check: true }).unwrap();
    }
}
