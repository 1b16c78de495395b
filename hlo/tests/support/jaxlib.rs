//! jaxlib's own reader, from a virtual environment that the tests make for themselves.
#![allow(dead_code)] // each test file uses a part

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{fs, io};

use hlo::{Program, Version};

/// The interpreter of a virtual environment that has jaxlib, or why there is none.
fn python() -> &'static Result<PathBuf, String> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jaxlib-0.10.2");
        let (python, complete) = (folder.join("bin/python"), folder.join("complete"));
        if complete.is_file() {
            return Ok(python);
        }
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(Command::new(&python).args(pip).arg("jaxlib==0.10.2"))?;
        fs::write(complete, "").map_err(|error| error.to_string())?;
        Ok(python)
    })
}

/// What a command prints, or the last line of why it failed.
fn run(command: &mut Command) -> Result<String, String> {
    match command.output() {
        Err(error) => Err(format!("{command:?}: {error}")),
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Checks that jaxlib reads the bytecode of each program, written for each version, as the module
/// that it reads in the program's text. Without Python it says so and checks nothing.
pub(crate) fn reads_as_text(programs: impl Iterator<Item = (Program, Version)>) {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            // Not by a macro, whose output a test that passes doesn't show.
            let mut stderr = io::stderr();
            io::Write::write_fmt(&mut stderr, format_args!("skipped jaxlib: {reason}\n")).unwrap();
            return;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let mut written = 0_usize;
    for (program, version) in programs {
        let path = folder.path().join(format!("{written:06}.mlir"));
        // Every other one with the lines of the code that made it.
        let (text, bytecode) = if written.is_multiple_of(2) {
            (program.text(), program.bytecode(version))
        } else {
            (program.text_with_locations(), program.bytecode_with_locations(version))
        };
        let bytecode = bytecode.unwrap_or_else(|error| panic!("{error}"));
        fs::write(path.with_extension("mlirbc"), bytecode).unwrap();
        fs::write(path, text).unwrap();
        written += 1;
    }
    let script = ["-c", include_str!("deserialize.py")];
    let said = run(Command::new(python).args(script).arg(folder.path()));
    let compared = said.unwrap_or_else(|difference| panic!("{difference}"));
    assert_eq!(compared.trim(), written.to_string());
}
