//! Rows of numbers: arrays of features, and the text of the extreme-classification repository.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use half::f16;
use hetxl::data::{
    DataConfig, DataError, Dataset, FeatureData, FeatureFiles, LibsvmData, Order, Share, Split,
    Taken,
};
use hetxl::npy;
use pjrt::HostArray;
use safetensors::tensor::{Dtype, TensorView};

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn write(folder: &Path, name: &str, array: &HostArray) {
    fs::write(folder.join(name), npy::encode(array)).unwrap();
}

fn files(folder: &Path, features: &str, labels: &str) -> FeatureFiles {
    FeatureFiles { features: path(folder, features), labels: path(folder, labels) }
}

fn data(train: FeatureFiles, classes: usize) -> FeatureData {
    let (validation, test) = (None, None);
    FeatureData { train, validation, test, classes, max_labels: None, max_skipped: 0 }
}

/// Features 10 i and 10 i + 1, and labels i % 3, of `count` examples.
fn write_plain(folder: &Path, count: usize) -> FeatureFiles {
    let numbers = (0..count).flat_map(|i| [10.0 * i as f32, 10.0 * i as f32 + 1.0]);
    let numbers = numbers.collect::<Vec<_>>();
    write(folder, "x.npy", &HostArray::from_slice(&[count, 2], &numbers).unwrap());
    let labels = (0..count).map(|i| (i % 3) as i64).collect::<Vec<_>>();
    write(folder, "y.npy", &HostArray::from_slice(&[count], &labels).unwrap());
    files(folder, "x.npy", "y.npy")
}

/// All inputs and labels of a split.
fn all(set: &Dataset, split: Split) -> (Vec<f32>, Vec<i32>) {
    let batch = set.sequential(split, set.len(split)).unwrap().next().unwrap().unwrap();
    (batch.inputs.as_slice().unwrap().to_vec(), batch.labels.as_slice().unwrap().to_vec())
}

/// What is wrong, with the folder's name left out.
fn error(folder: &Path, config: &DataConfig) -> String {
    let said = Dataset::open(config).and_then(|set| {
        let set = Arc::new(set);
        let order = Order { batch: set.len(Split::Train), seed: 0, start: 0, share: Share::ALL };
        let batch = set.batches(order)?.next().expect("a batch or an error");
        batch.map(|batch| format!("usable, but for {:?}", batch.skipped))
    });
    let said = said.unwrap_or_else(|error: DataError| error.to_string());
    said.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn rows_of_arrays_are_examples() {
    let folder = tempfile::tempdir().unwrap();
    let train = write_plain(folder.path(), 5);
    let set = Dataset::open(&DataConfig::Features(data(train, 3))).unwrap();
    assert_eq!((set.features(), set.classes(), set.len(Split::Train)), (2, 3, 5));
    let (inputs, labels) = all(&set, Split::Train);
    assert_eq!(inputs, [0.0, 1.0, 10.0, 11.0, 20.0, 21.0, 30.0, 31.0, 40.0, 41.0]);
    assert_eq!(labels, [0, 1, 2, 0, 1]);
}

#[test]
fn a_split_is_files_of_its_own_or_the_first_examples() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = data(write_plain(folder.path(), 6), 3);
    data.test = Some(Taken::First(2));
    data.validation = Some(Taken::First(1));
    let set = Dataset::open(&DataConfig::Features(data.clone())).unwrap();
    assert_eq!(all(&set, Split::Test).0, [0.0, 1.0, 10.0, 11.0]);
    assert_eq!(all(&set, Split::Validation).0, [20.0, 21.0]);
    assert_eq!(all(&set, Split::Train).1, [0, 1, 2]);

    let other = HostArray::from_slice(&[1, 2], &[7.0f32, 8.0]).unwrap();
    write(folder.path(), "x2.npy", &other);
    write(folder.path(), "y2.npy", &HostArray::from_slice(&[1], &[2u8]).unwrap());
    data.test = Some(Taken::Files(files(folder.path(), "x2.npy", "y2.npy")));
    let set = Dataset::open(&DataConfig::Features(data)).unwrap();
    assert_eq!(all(&set, Split::Test), (vec![7.0, 8.0], vec![2]));
    assert_eq!(all(&set, Split::Validation).0, [0.0, 1.0]);
}

#[test]
fn several_labels_are_filled_up_with_minus_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = data(write_plain(folder.path(), 3), 9);
    let labels = [4i32, -1, -1, 8, 0, -1, -1, -1, -1];
    write(folder.path(), "y.npy", &HostArray::from_slice(&[3, 3], &labels).unwrap());
    data.max_labels = Some(2);
    let set = Dataset::open(&DataConfig::Features(data)).unwrap();
    assert_eq!(all(&set, Split::Train).1, [4, -1, 8, 0, -1, -1]);
}

#[test]
fn both_arrays_may_be_in_a_file_of_safetensors() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = [1.5f32, -2.0, 0.25, 3.0].map(f16::from_f32).map(f16::to_le_bytes).concat();
    let labels = [1u16, 0].map(u16::to_le_bytes).concat();
    let view = |dtype, dims: &[usize], bytes| TensorView::new(dtype, dims.to_vec(), bytes).unwrap();
    let features = view(Dtype::F16, &[2, 2], &numbers);
    let labels = view(Dtype::U16, &[2], &labels);
    let arrays = [("labels", labels), ("features", features)];
    let file = safetensors::serialize(arrays, None).unwrap();
    fs::write(folder.path().join("a.safetensors"), file).unwrap();
    let files = files(folder.path(), "a.safetensors", "a.safetensors");
    let set = Dataset::open(&DataConfig::Features(data(files, 2))).unwrap();
    assert_eq!(all(&set, Split::Train), (vec![1.5, -2.0, 0.25, 3.0], vec![1, 0]));
}

#[test]
fn an_example_with_a_number_that_is_not_finite_is_skipped_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = data(write_plain(folder.path(), 3), 3);
    let numbers = [0.0f64, 1.0, 2.0, f64::NAN, 4.0, 1e300];
    write(folder.path(), "x.npy", &HostArray::from_slice(&[3, 2], &numbers).unwrap());
    let config = |data| DataConfig::Features(data);
    let said = error(folder.path(), &config(data.clone()));
    assert!(
        said.starts_with("2 examples could not be used, more than data.max_skipped = 0"),
        "{said}"
    );
    data.max_skipped = 2;
    let set = Dataset::open(&config(data)).unwrap();
    let batch = set.sequential(Split::Train, 3).unwrap().next().unwrap().unwrap();
    assert_eq!(batch.indices, [0]);
    let problems = batch.skipped.iter().map(|it| it.problem.as_str()).collect::<Vec<_>>();
    assert_eq!(problems, ["its number 1 is NaN", "its number 1 is inf"]);
    assert!(batch.skipped[0].name.ends_with("x.npy at row 1"));
}

#[test]
fn what_is_wrong_with_arrays_is_said() {
    let mut told = vec![];
    let mut tell = |name: &str, change: &dyn Fn(&Path, &mut FeatureData)| {
        let folder = tempfile::tempdir().unwrap();
        let mut data = data(write_plain(folder.path(), 3), 3);
        change(folder.path(), &mut data);
        told.push(format!("{name}: {}", error(folder.path(), &DataConfig::Features(data))));
    };
    let put =
        |folder: &Path, name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let cut = |folder: &Path, name: &str, len: usize| {
        let file = fs::read(folder.join(name)).unwrap();
        put(folder, name, &file[..len]);
    };
    let array =
        |dims: &[usize]| HostArray::from_slice(dims, &vec![1.0f32; dims.iter().product()]).unwrap();
    let labels = |folder: &Path, labels: &[i64]| {
        write(folder, "y.npy", &HostArray::from_slice(&[labels.len()], labels).unwrap());
    };
    tell("no file", &|folder, data| data.train.features = path(folder, "z.npy"));
    tell("an empty file", &|folder, _| put(folder, "x.npy", b""));
    tell("a text", &|folder, _| put(folder, "x.npy", b"1.0, 2.0, 3.0\n"));
    tell("a header cut off", &|folder, _| cut(folder, "x.npy", 50));
    tell("numbers cut off", &|folder, _| cut(folder, "x.npy", 128 + 23));
    tell("more than memory", &|folder, _| {
        let head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000000, 9000000), }";
        let start = [b"\x93NUMPY\x01\0", &(head.len() as u16).to_le_bytes()[..], head].concat();
        put(folder, "x.npy", &start);
    });
    tell("Fortran's order", &|folder, _| {
        let head = b"{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }";
        let start = [b"\x93NUMPY\x01\0", &(head.len() as u16).to_le_bytes()[..], head].concat();
        put(folder, "x.npy", &[start, vec![0; 4]].concat());
    });
    tell("one dimension", &|folder, _| write(folder, "x.npy", &array(&[6])));
    tell("no width", &|folder, _| write(folder, "x.npy", &array(&[3, 0])));
    tell("integers as features", &|_, data| data.train.features = data.train.labels.clone());
    tell("numbers as labels", &|folder, _| write(folder, "y.npy", &array(&[3])));
    tell("labels of other examples", &|folder, _| labels(folder, &[0, 1]));
    tell("a label too large", &|folder, _| labels(folder, &[0, 3, 1]));
    tell("a negative label", &|folder, _| labels(folder, &[0, -2, 1]));
    tell("no label", &|folder, _| labels(folder, &[0, -1, 1]));
    tell("a label that is no number of 32 bits", &|folder, _| labels(folder, &[0, 1 << 40, 1]));
    tell("a label twice", &|folder, data| {
        let twice = HostArray::from_slice(&[3, 2], &[0i64, -1, 2, 2, 1, -1]).unwrap();
        write(folder, "y.npy", &twice);
        data.max_labels = Some(2);
    });
    tell("a header of safetensors that lies", &|folder, _| {
        put(folder, "x.npy", &[&u64::MAX.to_le_bytes()[..], b"{}"].concat());
    });
    tell("safetensors of another size", &|folder, _| {
        let head = br#"{"features":{"dtype":"F32","shape":[3,2],"data_offsets":[0,8]}}"#;
        put(folder, "x.npy", &[&(head.len() as u64).to_le_bytes()[..], head].concat());
    });
    tell("safetensors without the array", &|folder, _| {
        let head = br#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},
            "b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#;
        put(folder, "x.npy", &[&(head.len() as u64).to_le_bytes()[..], head].concat());
    });
    tell("another width for testing", &|folder, data| {
        write(folder, "x2.npy", &array(&[3, 4]));
        data.test = Some(Taken::Files(files(folder, "x2.npy", "y.npy")));
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_wrong_label_of_any_split_is_met_before_training() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = data(write_plain(folder.path(), 3), 3);
    // More labels than are read at a time; the last one is wrong.
    let count = 530_000;
    let labels = (0..count).map(|at| if at == count - 1 { 3i64 } else { 2 }).collect::<Vec<_>>();
    write(folder.path(), "y2.npy", &HostArray::from_slice(&[count], &labels).unwrap());
    write(
        folder.path(),
        "x2.npy",
        &HostArray::from_slice(&[count, 2], &vec![0f32; 2 * count]).unwrap(),
    );
    data.test = Some(Taken::Files(files(folder.path(), "x2.npy", "y2.npy")));
    let opened = |data: &FeatureData| Dataset::open(&DataConfig::Features(data.clone()));
    let said = opened(&data).unwrap_err().to_string();
    let name = format!("{}/x2.npy at row 529999", folder.path().display());
    assert_eq!(
        said,
        format!("{name} has the label 3, expected less than 3, the number of classes")
    );
    data.classes = 4;
    assert_eq!(opened(&data).unwrap().len(Split::Test), count);

    let mut data = text(folder.path(), "3 5 9\n1 1:1\n4,5,6 1:1\n7,8 2:1\n");
    data.max_labels = Some(2);
    let said = Dataset::open(&DataConfig::Libsvm(data)).unwrap_err().to_string();
    assert!(
        said.ends_with("train.txt, line 3 has 3 labels, more than data.max_labels = 2"),
        "{said}"
    );
}

fn text(folder: &Path, text: &str) -> LibsvmData {
    fs::write(folder.join("train.txt"), text).unwrap();
    let train = path(folder, "train.txt");
    LibsvmData { train, validation: None, test: None, max_labels: None, max_skipped: 0 }
}

#[test]
fn lines_of_text_are_examples_with_any_number_of_labels() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path(), "4 5 9\n8,1 0:0.5 4:-2e-1\r\n 2:1\n0:1 1:2\n3 \n");
    let set = Dataset::open(&DataConfig::Libsvm(data)).unwrap();
    assert_eq!((set.features(), set.classes(), set.max_labels()), (5, 9, Some(2)));
    let (inputs, labels) = all(&set, Split::Train);
    assert_eq!(
        inputs.chunks(5).collect::<Vec<_>>(),
        [
            [0.5, 0.0, 0.0, 0.0, -0.2],
            [0.0, 0.0, 1.0, 0.0, 0.0],
            [1.0, 2.0, 0.0, 0.0, 0.0],
            [0.0; 5]
        ]
    );
    assert_eq!(labels, [8, 1, -1, -1, -1, -1, 3, -1]);
}

#[test]
fn lines_that_are_longer_than_what_is_read_at_once_are_examples() {
    let folder = tempfile::tempdir().unwrap();
    // 600,000 features of 9 or more bytes in the second line, where 4 MiB are read at a time.
    let long = (0..600_000).map(|place| format!("{place}:{}.5", place % 7)).collect::<Vec<_>>();
    let data = text(folder.path(), &format!("3 600000 2\n0 1:1\n1 {}\n0 2:3", long.join(" ")));
    let set = Dataset::open(&DataConfig::Libsvm(data)).unwrap();
    let (inputs, labels) = all(&set, Split::Train);
    assert_eq!(labels, [0, 1, 0]);
    assert_eq!(inputs[600_000..600_003], [0.5, 1.5, 2.5]);
    assert_eq!(inputs[1_199_999], (599_999 % 7) as f32 + 0.5);
    assert_eq!(inputs[1_200_002], 3.0);
}

#[test]
fn what_is_wrong_with_a_text_is_said_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("nothing", ""),
        ("no header", "1,2 3:0.5\n"),
        ("a header of two numbers", "1 5\n0 1:1\n"),
        ("a negative header", "1 -5 3\n0 1:1\n"),
        ("a header without classes", "1 5 0\n0 1:1\n"),
        ("fewer lines", "3 5 9\n0 1:1\n0 1:1\n"),
        ("more lines", "1 5 9\n0 1:1\n0 1:1\n"),
        ("an empty line", "3 5 9\n0 1:1\n\n0 1:1\n"),
        ("no examples", "0 5 9\n"),
        ("a label too large", "2 5 9\n0 1:1\n3,9 1:1\n"),
        ("a label that is none", "2 5 9\n0 1:1\n3,x 1:1\n"),
        ("a negative label", "2 5 9\n-1 1:1\n3 1:1\n"),
        ("a comma too many", "2 5 9\n1,,2 1:1\n3 1:1\n"),
        ("a label twice", "2 5 9\n1,2,1 1:1\n3 1:1\n"),
        ("a feature too large", "1 5 9\n1 5:1\n"),
        ("a feature twice", "1 5 9\n1 3:1 2:1 3:1\n"),
        ("a feature without a number", "1 5 9\n1 3: \n"),
        ("a feature cut off", "1 5 9\n1 2:1 3"),
        ("a number that is none", "1 5 9\n1 3:0.5.5\n"),
        ("NaN", "1 5 9\n1 3:nan\n"),
        ("more than a number can be", "1 5 9\n1 3:1e99\n"),
    ];
    let told = cases.map(|(name, lines)| {
        format!("{name}: {}", error(folder.path(), &DataConfig::Libsvm(text(folder.path(), lines))))
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path(), "");
    fs::write(folder.path().join("train.txt"), b"2 5 9\n0 1:1\n\xff\xfe 1:1\n").unwrap();
    let said = error(folder.path(), &DataConfig::Libsvm(data));
    assert_eq!(said, "train.txt, line 3: it is no text");
}

#[test]
fn a_test_text_has_the_dimensions_of_the_train_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = text(folder.path(), "1 5 9\n0 1:1\n");
    fs::write(folder.path().join("test.txt"), "1 6 9\n0 1:1\n").unwrap();
    data.test = Some(Taken::Files(path(folder.path(), "test.txt")));
    assert_eq!(
        error(folder.path(), &DataConfig::Libsvm(data)),
        "test.txt has 6 features and 9 classes, expected 5 and 9 as in the train split"
    );
}
