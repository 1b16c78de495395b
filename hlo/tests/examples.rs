//! Every example runs, and is what the book's chapter shows.

use std::fs;
use std::path::Path;

#[path = "../examples/control_flow.rs"]
mod control_flow;

#[path = "../examples/gradients.rs"]
mod gradients;

#[path = "../examples/programs.rs"]
mod programs;

#[path = "../examples/randomness.rs"]
mod randomness;

#[path = "../examples/shapes.rs"]
mod shapes;

#[path = "../examples/sharding.rs"]
mod sharding;

#[path = "../examples/tracing.rs"]
mod tracing;

#[test]
fn loops_and_branches_are_part_of_a_program() {
    control_flow::main().unwrap();
}

#[test]
fn gradients_are_taken() {
    gradients::main().unwrap();
}

#[test]
fn a_program_tells_what_it_takes() {
    programs::main().unwrap();
}

#[test]
fn keys_are_used_once() {
    randomness::main().unwrap();
}

#[test]
fn shapes_broadcast_and_mistakes_explain_themselves() {
    shapes::main().unwrap();
}

#[test]
fn a_step_of_training_is_run() {
    tracing::main().unwrap();
}

#[test]
fn a_step_is_taken_on_eight_devices() {
    sharding::main().unwrap();
}

fn folder(path: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let is_text = |file: &fs::DirEntry| file.path().extension() != Some("png".as_ref());
    let files = files.filter(|file| file.file_type().unwrap().is_file() && is_text(file));
    let read = |file: fs::DirEntry| {
        (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())
    };
    files.map(read).collect()
}

#[test]
fn no_example_is_left_out() {
    let here = include_str!("examples.rs");
    for (name, _) in folder("examples") {
        assert!(here.contains(&format!("\"../examples/{name}\"")), "{name} is run by no test");
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// The code that a chapter shows.
fn shown(chapter: &str) -> String {
    chapter.split("```rust\n").skip(1).filter_map(|block| block.split("```").next()).collect()
}

/// A chapter links an example's file and shows it in pieces, one after the other.
#[test]
fn the_book_shows_the_examples_line_by_line() {
    let chapters = folder("../docs/book");
    for (name, code) in folder("examples") {
        let link = format!("](../../hlo/examples/{name})");
        let (_, chapter) = chapters.iter().find(|(_, text)| text.contains(&link)).unwrap();
        assert_eq!(lines(&shown(chapter)), lines(&code), "{name}");
    }
}

#[test]
fn the_chapter_on_adding_an_op_shows_one_line_by_line() {
    let chapter = include_str!("../../docs/book/adding-an-op.md");
    assert_eq!(lines(&shown(chapter)), lines(include_str!("../src/ops/reverse.rs")));
}
