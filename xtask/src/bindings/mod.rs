//! Declarations of the PJRT C API, made from layout data rather than typed by a person.

mod c_type;
#[cfg(feature = "bindgen")]
mod declarations;
#[cfg(feature = "bindgen")]
mod difference;
#[cfg(feature = "bindgen")]
mod header;
mod layout;
#[cfg(any(test, feature = "bindgen"))]
mod layout_text;
mod render;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use layout::Layout;

/// What to do with the declarations.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Writes nothing; lists what would change, and fails if something would
    #[arg(long)]
    check: bool,
    /// An upstream header, whose part of the layout data is made from it before anything else.
    /// May be given several times. Needs libclang
    #[cfg(feature = "bindgen")]
    #[arg(long = "header", value_name = "PATH")]
    headers: Vec<std::path::PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xla-sys");
    let data = crate_dir.join("layout/c_api.json");
    let path = crate_dir.join("src/bindings.rs");
    let layout = Layout::read(&data)?;
    #[cfg(feature = "bindgen")]
    if !arguments.headers.is_empty() {
        let upstream = header::regenerated(&layout, &arguments.headers)?;
        if arguments.check {
            return compare(&layout, &upstream);
        }
        let made = render::render(&upstream)?;
        write(&data, &layout_text::text(&upstream))?;
        return write(&path, &made);
    }
    let made = render::render(&layout)?;
    if !arguments.check {
        return write(&path, &made);
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

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Lists what the headers declare differently, and fails if there is anything.
#[cfg(feature = "bindgen")]
fn compare(layout: &Layout, upstream: &Layout) -> Result<()> {
    let differences = difference::differences(layout, upstream);
    for difference in &differences {
        println!("{difference}");
    }
    if differences.is_empty() {
        println!("the headers declare what the layout data says");
        return Ok(());
    }
    bail!("{} differences; without --check, the data is made from the headers", differences.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_declarations_are_those_of_the_layout_data() {
        let arguments = Arguments {
            check: true,
            #[cfg(feature = "bindgen")]
            headers: Vec::new(),
        };
        run(&arguments).unwrap();
    }
}
