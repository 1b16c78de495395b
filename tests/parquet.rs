//! Files of Parquet, which `tests/data/parquet.py` wrote.
#![cfg(feature = "parquet")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use hetxl::data::{
    DataConfig, Dataset, Example, Fields, ImageData, ImageSettings, RawInput, ReadError, Split,
};
use support::Workplace;

const ROWS: usize = 23;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/parquet").join(name)
}

fn config(path: &Path, max_labels: Option<usize>) -> DataConfig {
    with_fields(path, max_labels, Fields::default())
}

fn with_fields(path: &Path, max_labels: Option<usize>, fields: Fields) -> DataConfig {
    DataConfig::Parquet(ImageData {
        train: path.to_str().unwrap().to_owned(),
        validation: None,
        test: None,
        classes: 7,
        max_labels,
        fields,
        image: ImageSettings::default(),
        max_skipped: 0,
        threads: None,
    })
}

/// The bytes of the image in a row.
fn image(row: usize) -> Vec<u8> {
    format!("image {row} ").repeat(3 + row % 5).into_bytes()
}

/// All places from 0 on, in an order that goes to and fro.
fn to_and_fro(count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |place| place * 9 % count)
}

fn read(name: &str, max_labels: Option<usize>) -> Vec<(usize, Result<Example, String>)> {
    let set = Dataset::open(&config(&file(name), max_labels)).unwrap();
    assert_eq!(set.len(Split::Train), ROWS);
    let read = to_and_fro(ROWS).chain(0..ROWS).map(|row| match set.example(Split::Train, row) {
        Ok(example) => (row, Ok(example)),
        Err(ReadError::Unusable(problem)) => (row, Err(problem)),
        Err(ReadError::Failed(error)) => panic!("{error}"),
    });
    read.collect()
}

#[test]
fn rows_of_hugging_face_s_layout_are_examples_in_any_order() {
    for name in ["structure.parquet", "indexed.parquet"] {
        for (row, example) in read(name, None) {
            let input = RawInput::Image(image(row));
            assert_eq!(example, Ok(Example { input, labels: vec![row as u32 % 7] }), "{name}");
        }
    }
}

#[test]
fn lists_of_labels_and_images_that_are_missing_are_told() {
    for (row, example) in read("lists.parquet", Some(3)) {
        match example {
            Ok(example) => {
                assert_eq!(example.input, RawInput::Image(image(row)));
                assert_eq!(example.labels, (0..row as u32 % 4).collect::<Vec<_>>());
            }
            Err(problem) => assert_eq!((row, problem.as_str()), (5, "it has no image")),
        }
    }
}

#[test]
fn pages_are_read_that_are_compressed_in_one_of_the_usual_ways() {
    for name in ["none", "snappy", "gzip", "lz4", "zstd"] {
        let set = Dataset::open(&config(&file(&format!("{name}.parquet")), None)).unwrap();
        let examples = [0, 1].map(|row| set.example(Split::Train, row).unwrap());
        let expected = [0, 1]
            .map(|row| Example { input: RawInput::Image(image(row)), labels: vec![row as u32] });
        assert_eq!(examples, expected, "{name}");
    }
}

#[test]
fn columns_are_those_that_the_config_names() {
    let open = |image: Option<&str>, label: Option<&str>| {
        let [image, label] = [image, label].map(|name| name.map(str::to_owned));
        let config = with_fields(&file("named.parquet"), None, Fields { image, label });
        Dataset::open(&config)
            .map_err(|error| error.to_string().rsplit_once('/').unwrap().1.to_owned())
    };
    for image in ["picture", "picture.bytes"] {
        let set = open(Some(image), Some("class.fine")).unwrap();
        let example = set.example(Split::Train, 1).unwrap();
        assert_eq!(example, Example { input: RawInput::Image(self::image(1)), labels: vec![1] });
    }
    let refused = [
        open(None, Some("class.fine")),
        open(Some("picture"), None),
        open(Some("picture"), Some("class")),
        open(Some("picture"), Some("note")),
        open(Some("pic"), Some("class.fine")),
    ];
    insta::assert_snapshot!(refused.map(|set| set.err().unwrap()).join("\n"));
}

#[test]
fn several_files_are_one_set() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..3 {
        let name = format!("train-0000{number}-of-00003.parquet");
        fs::copy(file("structure.parquet"), folder.path().join(name)).unwrap();
    }
    let set = Dataset::open(&config(folder.path(), None)).unwrap();
    assert_eq!(set.len(Split::Train), 3 * ROWS);
    let example = set.example(Split::Train, 2 * ROWS + 4).unwrap();
    assert_eq!(example.input, RawInput::Image(image(4)));
    let name = set.name(Split::Train, 2 * ROWS + 4);
    assert!(name.ends_with("train-00002-of-00003.parquet at row 4"), "{name}");
}

/// What is wrong with a file, when it is opened or of its first row.
fn problem(path: &Path) -> String {
    let said = match Dataset::open(&config(path, None)) {
        Err(error) => error.to_string(),
        Ok(set) => match set.example(Split::Train, 0) {
            Ok(example) => format!("usable, with labels {:?}", example.labels),
            Err(ReadError::Unusable(problem)) => problem,
            Err(ReadError::Failed(error)) => error.to_string(),
        },
    };
    said.replace(&format!("{}/", path.parent().unwrap().display()), "")
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).unwrap();
        folder.path().join(name)
    };
    let whole = fs::read(file("structure.parquet")).unwrap();
    let cases = [
        ("nothing", put("empty.parquet", b"")),
        ("a text", put("text.parquet", b"image,label\n")),
        ("half a file", put("half.parquet", &whole[..whole.len() / 2])),
        ("a file without its beginning", put("end.parquet", &whole[whole.len() / 2..])),
        ("another compression", file("brotli.parquet")),
        ("another name", file("named.parquet")),
        ("a negative label", file("negative.parquet")),
    ];
    let told = cases.map(|(name, path)| format!("{name}: {}", problem(&path)));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_file_with_a_wrong_byte_is_read_or_refused() {
    let whole = fs::read(file("structure.parquet")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.parquet");
    for at in (0..whole.len()).step_by(3) {
        let mut damaged = whole.clone();
        damaged[at] ^= [0xff, 0x01, 0x80, 0x10][at % 4];
        fs::write(&path, damaged).unwrap();
        if let Ok(set) = Dataset::open(&config(&path, None)) {
            for row in 0..set.len(Split::Train).min(ROWS) {
                // Whatever is read, it must come back.
                let _ = set.example(Split::Train, row);
            }
        }
    }
}

#[test]
fn the_command_says_one_thing_of_a_file_that_the_crate_for_it_panics_at() {
    let work = Workplace::new();
    let mut damaged = fs::read(file("lists.parquet")).unwrap();
    // Of the levels of a page of labels.
    damaged[1082] ^= 0x20;
    fs::write(work.path("x.parquet"), damaged).unwrap();
    let set = "-s data={kind='parquet',train='x.parquet',classes=7,max_labels=4}";
    insta::assert_snapshot!(work.fail(&format!("train small.toml {set}")));
}
