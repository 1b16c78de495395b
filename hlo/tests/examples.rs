//! Every example runs, and is what the book's chapter shows.

use std::fs;
use std::path::Path;

#[path = "../examples/sharding.rs"]
mod sharding;

#[test]
fn a_step_is_taken_on_eight_devices() {
    sharding::main().unwrap();
}

fn folder(path: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = files.filter(|file| file.file_type().unwrap().is_file());
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

/// A chapter links an example's file and shows it in pieces, one after the other.
#[test]
fn the_book_shows_the_examples_line_by_line() {
    let chapters = folder("../docs/book");
    for (name, code) in folder("examples") {
        let link = format!("](../../hlo/examples/{name})");
        let (_, chapter) = chapters.iter().find(|(_, text)| text.contains(&link)).unwrap();
        let shown =
            chapter.split("```rust\n").skip(1).filter_map(|block| block.split("```").next());
        let shown: String = shown.collect();
        assert_eq!(lines(&shown), lines(&code), "{name}");
    }
}
