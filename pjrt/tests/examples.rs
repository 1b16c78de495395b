//! Every numbered example runs, and is what the book's chapter shows. Slow where libtpu has yet to
//! be installed: about 138 MB.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use pjrt::Plugin;
use pjrt::install::Environment;

#[path = "../examples/01_add_two_arrays.rs"]
mod add_two_arrays;

#[path = "../examples/02_donation.rs"]
mod donation;

#[path = "../examples/03_eight_cpu_devices.rs"]
mod eight_cpu_devices;

#[path = "../examples/04_compile_for_tpu_v3.rs"]
mod compile_for_tpu_v3;

#[path = "../examples/05_serialize_and_load.rs"]
mod serialize_and_load;

#[path = "../examples/06_profile_a_compilation.rs"]
mod profile_a_compilation;

/// Whether there is libtpu. It is loaded before any other plugin has threads, since its loading
/// changes the environment: every test waits for this.
fn libtpu() -> bool {
    static LOADED: OnceLock<bool> = OnceLock::new();
    *LOADED.get_or_init(|| {
        let environment = Environment { plugin: None, ..Environment::from_process() };
        match environment.find_or_install("tpu", None, &mut |step| eprintln!("{step}")) {
            Ok(found) => Plugin::load(found.path).is_ok(),
            Err(reason) => {
                println!("skipped: no plugin for TPUs: {reason}");
                false
            }
        }
    })
}

#[test]
fn two_arrays_are_added() {
    libtpu();
    add_two_arrays::main().unwrap();
}

#[test]
fn a_state_is_updated_in_its_place() {
    libtpu();
    donation::main().unwrap();
}

#[test]
fn eight_devices_share_a_sum() {
    libtpu();
    eight_cpu_devices::main().unwrap();
}

#[test]
fn a_program_is_compiled_for_tpus_that_are_not_there() {
    if libtpu() {
        compile_for_tpu_v3::main().unwrap();
    }
}

#[test]
fn a_compiled_program_is_run_from_a_file() {
    libtpu();
    serialize_and_load::main().unwrap();
}

#[test]
fn a_compilation_is_recorded() {
    if libtpu() {
        profile_a_compilation::main().unwrap();
    }
}

/// The examples by name, with their lines that aren't blank.
fn examples() -> BTreeMap<String, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| {
            let text = fs::read_to_string(file.path()).unwrap();
            (file.file_name().into_string().unwrap(), lines(&text))
        })
        .collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn no_example_is_left_out() {
    let here = include_str!("examples.rs");
    let examples = examples();
    assert!(!examples.is_empty());
    for name in examples.keys() {
        assert!(here.contains(&format!("\"../examples/{name}\"")), "{name} is run by no test");
    }
}

/// A section of the chapter links an example's file and shows it in pieces, one after the other.
#[test]
fn the_book_shows_the_examples_line_by_line() {
    let chapter = include_str!("../../docs/book/pjrt-from-rust.md");
    let shown: BTreeMap<String, Vec<String>> = chapter
        .split("\n## ")
        .filter_map(|section| {
            let (_, link) = section.split_once("](../../pjrt/examples/")?;
            let (name, _) = link.split_once(')')?;
            let blocks = section.split("```rust\n").skip(1);
            let code: Vec<&str> = blocks.filter_map(|block| block.split("```").next()).collect();
            Some((name.to_owned(), lines(&code.concat())))
        })
        .collect();
    for (name, expected) in examples() {
        let got = shown.get(&name).unwrap_or_else(|| panic!("{name} is not in the book"));
        for (number, (got, expected)) in got.iter().zip(&expected).enumerate() {
            assert_eq!(got, expected, "line {number} of {name} that isn't blank");
        }
        assert_eq!(got.len(), expected.len(), "lines of {name} that aren't blank");
    }
}
