//! Sets of images in folders, tar shards and files of `TFRecord`, through the public interface.

use std::collections::HashSet;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use hetxl::config::Config;
use hetxl::data::{
    Batch, DataConfig, Dataset, Fields, ImageData, ImageSettings, Order, RawInput, ReadError,
    Share, Split, Taken,
};
use image::{ImageFormat, Rgb, RgbImage};
use tar::{EntryType, Header};

/// Small shards as other programs write them, by `tests/data/shards.py`.
const SHARDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/shards");

type Kind = fn(ImageData) -> DataConfig;

/// All examples for training, of images that are one pixel as it is.
fn data(train: &str, classes: usize) -> ImageData {
    let image = ImageSettings {
        size: 1,
        resize: 1,
        min_area: 1.0,
        flip: false,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    ImageData {
        train: train.to_owned(),
        validation: None,
        test: None,
        classes,
        max_labels: None,
        fields: Fields::default(),
        image,
        max_skipped: 0,
        threads: None,
    }
}

fn open(kind: Kind, data: ImageData) -> Result<Arc<Dataset>, String> {
    Dataset::open(&kind(data)).map(Arc::new).map_err(|error| error.to_string())
}

/// The bytes of the images of a split, and their labels.
fn examples(set: &Dataset, split: Split) -> Vec<(String, Vec<u32>)> {
    let read = |index| {
        let example = set.example(split, index).unwrap();
        let RawInput::Image(bytes) = example.input else { panic!("it is an image") };
        (String::from_utf8(bytes).unwrap(), example.labels)
    };
    (0..set.len(split)).map(read).collect()
}

fn image(index: u32, labels: &[u32]) -> (String, Vec<u32>) {
    (format!("image {index}"), labels.to_vec())
}

/// An archive of these members.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(vec![]);
    for (name, contents) in members {
        archive
            .append(&header(name, EntryType::Regular, contents.len() as u64), *contents)
            .unwrap();
    }
    archive.into_inner().unwrap()
}

fn header(name: &str, kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    // Without the checks of what may be a path.
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_cksum();
    header
}

/// A picture of one pixel, whose colour is a number.
fn picture(number: u32) -> Vec<u8> {
    let [_, red, green, blue] = number.to_be_bytes();
    let mut file = Cursor::new(vec![]);
    let pixels = RgbImage::from_pixel(1, 1, Rgb([red, green, blue]));
    pixels.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The numbers that are the colours of a batch.
fn numbers(batch: &Batch) -> Vec<u32> {
    let inputs = batch.inputs.as_slice::<f32>().unwrap();
    let byte = |value: f32| (value * 255.0).round() as u32;
    inputs.chunks(3).map(|it| byte(it[0]) << 16 | byte(it[1]) << 8 | byte(it[2])).collect()
}

fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (name, contents) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
}

/// What opening says, or reading the first example, of a file in a folder that is called `…`.
fn message(kind: Kind, name: &str, contents: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[(name, contents)]);
    let path = folder.path().join(name);
    let told = match open(kind, data(path.to_str().unwrap(), 10)) {
        Err(error) => error,
        Ok(set) => match set.example(Split::Train, 0) {
            Err(ReadError::Unusable(problem)) => format!("unusable: {problem}"),
            Err(ReadError::Failed(error)) => format!("failed: {error}"),
            Ok(example) => format!("labels {:?}", example.labels),
        },
    };
    told.replace(folder.path().to_str().unwrap(), "…")
}

/// 50 examples in three shards, the number of each its picture, and its class the number modulo 7.
fn write_shards(folder: &Path) {
    let mut next = 0;
    for (shard, count) in [23, 17, 10].into_iter().enumerate() {
        let (mut members, first) = (vec![], next);
        for number in first..first + count {
            members.push((format!("{:06}.png", number - first), picture(number)));
            members.push((format!("{:06}.cls", number - first), (number % 7).to_string().into()));
        }
        let members: Vec<_> = members.iter().map(|(name, it)| (&name[..], &it[..])).collect();
        write(folder, &[(&format!("{shard}.tar"), &archive(&members))]);
        next += count;
    }
}

#[test]
fn an_epoch_of_shuffled_shards_has_each_example_once_also_resumed_and_shared_by_hosts() {
    let folder = tempfile::tempdir().unwrap();
    write_shards(folder.path());
    let set = open(DataConfig::Webdataset, data(folder.path().to_str().unwrap(), 7)).unwrap();
    let take = |start, share, count| {
        let order = Order { batch: 8, seed: 5, start, share };
        let batches = set.batches(order).unwrap().take(count).map(Result::unwrap);
        batches.collect::<Vec<_>>()
    };
    // 200 places are 25 batches and 4 epochs.
    let whole = take(0, Share::ALL, 25);
    let seen: Vec<_> = whole.iter().flat_map(numbers).collect();
    for epoch in seen.chunks(50) {
        assert_eq!(epoch.iter().copied().collect::<HashSet<_>>(), (0..50).collect());
    }
    assert_ne!(seen[..50], seen[50..100]);
    for batch in &whole {
        let labels = batch.labels.as_slice::<i32>().unwrap();
        assert!(
            numbers(batch).iter().zip(labels).all(|(&number, &label)| number as i32 % 7 == label)
        );
    }
    // From the middle of the second epoch, by two hosts.
    let hosts = [0, 1].map(|host| take(9, Share { host, hosts: 2 }, 16));
    let [first, second] = hosts.map(|batches| batches.iter().map(numbers).collect::<Vec<_>>());
    let shared: Vec<_> = first.into_iter().zip(second).flat_map(|(a, b)| [a, b].concat()).collect();
    assert_eq!(shared, seen[9 * 8..]);
}

#[test]
fn archives_of_every_format_are_read_with_their_long_names() {
    for (format, length) in [("ustar", 60), ("gnu", 150), ("pax", 150)] {
        let path = format!("{SHARDS}/{format}.tar");
        let set = open(DataConfig::Webdataset, data(&path, 10)).unwrap();
        assert_eq!(examples(&set, Split::Train), [image(0, &[0]), image(1, &[3])]);
        let name = format!("{path}: folder/{}/{}.jpeg", "n".repeat(length), "1".repeat(length));
        assert_eq!(set.name(Split::Train, 1), name);
    }
}

#[test]
fn shards_that_webdataset_wrote_have_their_classes_from_cls_or_json() {
    let set = open(DataConfig::Webdataset, data(&format!("{SHARDS}/webdataset.tar"), 10)).unwrap();
    let expected = [image(0, &[0]), image(1, &[3]), image(2, &[6])];
    assert_eq!(examples(&set, Split::Train), expected);
    assert!(set.name(Split::Train, 2).ends_with("webdataset.tar: train/000002.jpg"));
    let set = open(DataConfig::Webdataset, data(&format!("{SHARDS}/json.tar"), 10)).unwrap();
    let expected = [image(0, &[0]), image(1, &[3, 4]), image(2, &[6])];
    assert_eq!(examples(&set, Split::Train), expected);
}

#[test]
fn files_of_the_layout_of_tensorflow_datasets_have_one_or_several_classes() {
    let set = open(DataConfig::Tfrecord, data(SHARDS, 11)).unwrap();
    let expected = [image(0, &[0]), image(1, &[3]), image(2, &[6]), image(3, &[9, 10])];
    assert_eq!(examples(&set, Split::Train), expected);
    let name = format!("{SHARDS}/some-train.tfrecord-00000-of-00001: the record at offset 80");
    assert_eq!(set.name(Split::Train, 1), name);
}

#[test]
fn features_of_records_are_those_that_the_config_names() {
    let path = format!("{SHARDS}/train-00000-of-00001");
    let with = |image: Option<&str>, label: Option<&str>| {
        let fields = Fields { image: image.map(str::to_owned), label: label.map(str::to_owned) };
        open(DataConfig::Tfrecord, ImageData { fields, ..data(&path, 1001) }).unwrap()
    };
    let set = with(Some("image/encoded"), Some("image/class/label"));
    assert_eq!(examples(&set, Split::Train), [image(0, &[1]), image(1, &[2])]);
    let refused = [
        with(None, Some("image/class/label")),
        with(Some("image/encoded"), None),
        with(Some("image/height"), Some("image/class/label")),
        with(Some("image/encoded"), Some("image/class/text")),
    ];
    let refused = refused.map(|set| match set.example(Split::Train, 0) {
        Err(ReadError::Unusable(problem)) => problem + "\n",
        other => panic!("{other:?}"),
    });
    insta::assert_snapshot!(refused.concat());
}

#[test]
fn what_is_wrong_with_an_archive_is_said_with_its_place() {
    let good = archive(&[("a/0.jpg", b"image"), ("a/0.cls", b"1")]);
    let of = |kind, size: u64| {
        let special = header("a/1.jpg", kind, size);
        [&good[..2048], special.as_bytes(), &good[2048..]].concat()
    };
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    // A size of base 256 that would be negative.
    let mut negative = header("a/0.jpg", EntryType::Regular, 0);
    negative.as_old_mut().size = [0xff; 12];
    negative.set_cksum();
    let mut no_number = header("a/0.jpg", EntryType::Regular, 0);
    no_number.as_old_mut().size = *b"many bytes\0\0";
    no_number.set_cksum();
    let long = |kind, size, text: &[u8]| {
        let mut block = text.to_vec();
        block.resize(512, 0);
        [header("long", kind, size).as_bytes(), &block[..], &good].concat()
    };
    let members = archive;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a text", b"<html>".repeat(200)),
        ("a compressed archive", [&[0x1f, 0x8b, 8, 0], &good[..]].concat()),
        ("a few compressed bytes", vec![0x1f, 0x8b, 8, 0]),
        ("no members", vec![0; 1024]),
        ("no examples", members(&[("README.md", b"hello")])),
        ("cut in a header", good[..700].to_vec()),
        ("cut in data", good[..514].to_vec()),
        ("cut between members", good[..1024].to_vec()),
        ("no end", good[..2048].to_vec()),
        ("joined archives", [&good[..], &good].concat()),
        ("a damaged header", with(1024, b"x")),
        ("a negative size", [negative.as_bytes(), &good[512..]].concat()),
        ("a size in words", [no_number.as_bytes(), &good[512..]].concat()),
        ("a huge size", of(EntryType::Regular, u64::MAX >> 1)),
        ("a long name that is too long", long(EntryType::GNULongName, 1 << 30, b"")),
        ("a long name of nothing", long(EntryType::GNULongName, 3, b"")[..1024].to_vec()),
        ("a pax header of a wrong length", long(EntryType::XHeader, 9, b"99 path=x")),
        ("a pax header without numbers", long(EntryType::XHeader, 9, b"x path=x\n")),
        (
            "a pax header with a size",
            long(EntryType::XHeader, 29, b"29 size=18446744073709551615\n"),
        ),
        ("holes", of(EntryType::GNUSparse, 0)),
        ("holes in pax", long(EntryType::XHeader, 22, b"22 GNU.sparse.major=1\n")),
        ("a link", of(EntryType::Symlink, 0)),
        ("a device", of(EntryType::Char, 0)),
        ("an image alone", members(&[("0.jpg", b"x"), ("1.cls", b"1"), ("1.jpg", b"x")])),
        ("a label alone", members(&[("0.cls", b"1"), ("1.cls", b"1"), ("1.jpg", b"x")])),
        ("a name twice", [&good[..2048], &good].concat()),
        ("a name twice, apart", {
            let parts: [(&str, &[u8]); 3] = [("0", b"1"), ("1", b"1"), ("0", b"1")];
            let parts = parts
                .map(|(key, label)| [(format!("{key}.jpg"), label), (format!("{key}.cls"), label)]);
            members(&parts.concat().iter().map(|(name, it)| (&name[..], *it)).collect::<Vec<_>>())
        }),
        ("two images", members(&[("0.jpg", b"x"), ("0.png", b"x"), ("0.cls", b"1")])),
        ("two labels", members(&[("0.cls", b"2"), ("0.cls", b"x"), ("0.jpg", b"1")])),
        ("a name for a terminal", members(&[("\u{1b}[2J.jpg", b"x")])),
        ("a name that leads out", members(&[("../../x.jpg", b"x"), ("../../x.cls", b"1")])),
        ("a hidden file", members(&[("._0.jpg", b"x"), ("0.jpg", b"x"), ("0.cls", b"2")])),
        ("a class in words", members(&[("0.jpg", b"x"), ("0.cls", b"cat")])),
        ("a negative class", members(&[("0.jpg", b"x"), ("0.cls", b"-1")])),
        ("no class", members(&[("0.jpg", b"x"), ("0.cls", b"\n")])),
        ("classes", members(&[("0.jpg", b"x"), ("0.cls", b" 3,5\n8 ")])),
        ("a class of JSON", members(&[("0.jpg", b"x"), ("0.json", b"4")])),
        ("no JSON", members(&[("0.jpg", b"x"), ("0.json", b"{label: 1}")])),
        ("JSON without a class", members(&[("0.jpg", b"x"), ("0.json", b"{\"class\": 1}")])),
        ("JSON with half a class", members(&[("0.jpg", b"x"), ("0.json", b"{\"label\": 0.5}")])),
        ("a label like a book", members(&[("0.jpg", b"x"), ("0.cls", &[b'1'; 1 << 21])])),
        ("cls beside JSON", members(&[("0.json", b"{}"), ("0.cls", b"2"), ("0.jpg", b"x")])),
    ];
    let told = cases.iter().map(|(what, bytes)| {
        format!("{what}: {}\n", message(DataConfig::Webdataset, "x.tar", bytes))
    });
    insta::assert_snapshot!(told.collect::<String>());
}

/// The checksum of a file of records, by the crate `crc32c`.
fn checksum(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

/// A record as it is written.
fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length, &checksum(&length)[..], data, &checksum(data)].concat()
}

/// A field of a message of protocol buffers that is itself bytes, fewer than 128.
fn field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    [&[tag << 3 | 2, bytes.len() as u8], bytes].concat()
}

/// `tf.train.Example` of these features.
fn features(features: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries = features.iter().flat_map(|(name, feature)| {
        field(1, &[field(1, name.as_bytes()), field(2, feature)].concat())
    });
    field(1, &entries.collect::<Vec<_>>())
}

#[test]
fn what_is_wrong_with_a_file_of_records_is_said_with_its_place() {
    let bytes = |bytes: &[u8]| field(1, &field(1, bytes));
    let integers = |numbers: &[u8]| field(3, &field(1, numbers));
    let good = record(&features(&[("image", bytes(b"image")), ("label", integers(&[1]))]));
    let of = |all: &[(&str, Vec<u8>)]| record(&features(all));
    let with = |at: usize| {
        let mut changed = good.clone();
        changed[at] ^= 1;
        changed
    };
    let huge = {
        let length = (u64::MAX - 4).to_le_bytes();
        [&length, &checksum(&length)[..], &good].concat()
    };
    let negative = integers(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a text", b"<html>".repeat(20)),
        ("a compressed file", [&[0x1f, 0x8b, 8, 0], &good[..]].concat()),
        ("cut in a length", good[..7].to_vec()),
        ("cut in a checksum", good[..10].to_vec()),
        ("cut in data", good[..good.len() - 9].to_vec()),
        ("cut in the last checksum", good[..good.len() - 1].to_vec()),
        ("a second record that is cut", [&good[..], &good[..20]].concat()),
        ("a damaged length", with(0)),
        ("a damaged checksum of the length", with(8)),
        ("damaged data", with(20)),
        ("a huge length", huge),
        ("no message", record(b"\xff\xff\xff")),
        ("an empty message", record(b"")),
        (
            "other names",
            of(&[("image/encoded", bytes(b"x")), ("image/class/label", integers(&[1]))]),
        ),
        ("no label", of(&[("image", bytes(b"x"))])),
        ("no image", of(&[("label", integers(&[1]))])),
        (
            "two images",
            of(&[
                ("image", field(1, &[field(1, b"x"), field(1, b"y")].concat())),
                ("label", integers(&[1])),
            ]),
        ),
        ("an image of integers", of(&[("image", integers(&[1])), ("label", integers(&[1]))])),
        ("a label of bytes", of(&[("image", bytes(b"x")), ("label", bytes(b"1"))])),
        ("a negative label", of(&[("image", bytes(b"x")), ("label", negative)])),
        ("several labels", of(&[("image", bytes(b"x")), ("label", integers(&[1, 5]))])),
    ];
    let told = cases.iter().map(|(what, bytes)| {
        format!("{what}: {}\n", message(DataConfig::Tfrecord, "x.tfrecord", bytes))
    });
    insta::assert_snapshot!(told.collect::<String>());
}

/// A set of folders: two classes with three images and one.
fn write_folders(folder: &Path) {
    write(
        folder,
        &[
            ("dog/b.JPEG", b"dog b"),
            ("dog/a.jpg", b"dog a"),
            ("dog/c.png", b"dog c"),
            ("dog/.hidden.jpg", b""),
            ("dog/notes.txt", b""),
            ("dog/more/d.jpg", b""),
            ("cat/z.jpeg", b"cat z"),
            (".cache/x.jpg", b""),
            ("README.md", b""),
        ],
    );
}

#[test]
fn the_classes_of_folders_are_their_names_in_order() {
    let folder = tempfile::tempdir().unwrap();
    write_folders(folder.path());
    let path = folder.path().to_str().unwrap();
    // Classes without images are classes, too.
    for class in ["ant", "bee", "cow"] {
        fs::create_dir(folder.path().join(class)).unwrap();
    }
    let set = open(DataConfig::Folders, data(path, 5)).unwrap();
    assert_eq!(set.class_names().unwrap(), ["ant", "bee", "cat", "cow", "dog"]);
    let expected = [("cat z", 2), ("dog a", 4), ("dog b", 4), ("dog c", 4)];
    let expected = expected.map(|(bytes, class)| (bytes.to_owned(), vec![class]));
    assert_eq!(examples(&set, Split::Train), expected);
    assert_eq!(set.name(Split::Train, 2), format!("{path}/dog/b.JPEG"));
}

#[test]
fn what_is_passed_over_in_folders_and_classes_without_images_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = ["train", "test"].map(|split| folder.path().join(split));
    write_folders(&train);
    write(&train, &[("x.png", b""), ("y.webp", b""), ("ant/0.webp", b""), ("ant/1.WEBP", b"")]);
    fs::create_dir(train.join("bee")).unwrap();
    write(&test, &[("ant/0.jpg", b""), ("dog/0.jpg", b"")]);
    for class in ["bee", "cat"] {
        fs::create_dir(test.join(class)).unwrap();
    }
    let mut data = data(train.to_str().unwrap(), 4);
    data.test = Some(Taken::Files(test.to_str().unwrap().to_owned()));
    let set = Dataset::open(&DataConfig::Folders(data)).unwrap();
    // For testing a class may have none, and the test split has nothing else to tell of.
    let told = set.passed_over().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        told,
        [format!(
            "{}: 2 of 4 classes have no images: ant, bee; passed over: 3 files that are not .jpg, \
             .jpeg or .png, such as ant/0.webp, 1 folder in that of a class, dog/more, 1 image in no \
             folder of a class, x.png",
            train.display()
        )]
    );
}

#[test]
fn labels_of_folders_are_counted_without_a_look_into_the_images() {
    let folder = tempfile::tempdir().unwrap();
    write_folders(folder.path());
    let set = open(DataConfig::Folders, data(folder.path().to_str().unwrap(), 2)).unwrap();
    fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(set.label_counts(Split::Train).unwrap(), [1, 3]);
}

#[test]
fn what_is_taken_of_folders_is_of_every_class_and_leaves_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..100 {
        let name = format!("{}/{number:03}.jpg", if number < 50 { "a" } else { "b" });
        write(folder.path(), &[(&name, number.to_string().as_bytes())]);
    }
    let taken = ImageData {
        test: Some(Taken::First(20)),
        validation: Some(Taken::First(30)),
        ..data(folder.path().to_str().unwrap(), 2)
    };
    let set = open(DataConfig::Folders, taken).unwrap();
    let splits = [Split::Train, Split::Validation, Split::Test].map(|split| examples(&set, split));
    assert_eq!([50, 30, 20], [0, 1, 2].map(|split: usize| splits[split].len()));
    for split in &splits {
        assert!([0, 1].iter().all(|&class| split.iter().any(|(_, labels)| labels == &[class])));
    }
    let all: HashSet<_> = splits.concat().into_iter().map(|(image, _)| image).collect();
    assert_eq!(all.len(), 100);
}

#[test]
fn the_first_examples_of_files_are_for_testing_and_the_next_for_validation() {
    let folder = tempfile::tempdir().unwrap();
    write_shards(folder.path());
    let taken = |test, validation| ImageData {
        test: Some(Taken::First(test)),
        validation: Some(Taken::First(validation)),
        ..data(folder.path().to_str().unwrap(), 7)
    };
    let set = open(DataConfig::Webdataset, taken(24, 5)).unwrap();
    let lengths = [Split::Train, Split::Validation, Split::Test].map(|split| set.len(split));
    assert_eq!(lengths, [21, 5, 24]);
    let name = |split, index| set.name(split, index).rsplit_once('/').unwrap().1.to_owned();
    assert_eq!(name(Split::Test, 0), "0.tar: 000000.png");
    assert_eq!(name(Split::Test, 23), "1.tar: 000000.png");
    assert_eq!(name(Split::Validation, 0), "1.tar: 000001.png");
    assert_eq!(name(Split::Train, 0), "1.tar: 000006.png");
    for (test, validation) in [(50, 0), (0, 50), (45, 5), (usize::MAX, 2)] {
        assert_eq!(
            open(DataConfig::Webdataset, taken(test, validation)).unwrap_err(),
            format!(
                "data.test = {test} and data.validation = {validation} leave nothing of the 50 \
                 examples of data.train to train on"
            )
        );
    }
}

#[test]
fn splits_in_files_of_their_own_have_the_classes_of_the_train_split() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("train/cat/0.jpg", b"0"),
            ("train/dog/1.jpg", b"1"),
            ("val/cat/2.jpg", b"2"),
            ("val/dog/3.txt", b""),
            ("other/cow/4.jpg", b"4"),
            ("other/dog/5.jpg", b"5"),
            ("none/x.jpg", b"6"),
        ],
    );
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let with = |train: &str, validation: &str, classes| {
        let validation = Some(Taken::Files(path(validation)));
        let set =
            open(DataConfig::Folders, ImageData { validation, ..data(&path(train), classes) });
        set.map_err(|error| error.replace(folder.path().to_str().unwrap(), "…"))
    };
    let set = with("train", "val", 2).unwrap();
    assert_eq!(examples(&set, Split::Validation), [("2".to_owned(), vec![0])]);
    let told = [
        with("train", "other", 2),
        with("train", "val", 3),
        with("train", "none", 2),
        with("gone", "val", 2),
    ];
    let told = told.map(|set| set.unwrap_err() + "\n");
    insta::assert_snapshot!(told.concat());
}

#[test]
fn patterns_say_which_files_and_in_which_order() {
    let folder = tempfile::tempdir().unwrap();
    let shard = archive(&[("0.jpg", b"x"), ("0.cls", b"1")]);
    for name in ["a-00.tar", "a-01.tar", "a-10.tar", "b.tar", ".c.tar", "sub/d.tar", "note.txt"] {
        write(folder.path(), &[(name, &shard)]);
    }
    for name in ["n-train.tar-00000-of-00003", "n-train.tar-00002-of-00003"] {
        write(folder.path(), &[(&format!("part/{name}"), &shard)]);
    }
    for name in ["s-test.tar-00000-of-00001.tar", "s-train.tar-00000-of-00001.tar"] {
        write(folder.path(), &[(&format!("sets/{name}"), &shard)]);
    }
    fs::create_dir(folder.path().join("empty")).unwrap();
    let place = format!("{}/", folder.path().display());
    let found = |pattern: &str| {
        let pattern = match pattern.contains("://") {
            true => pattern.to_owned(),
            false => format!("{place}{pattern}"),
        };
        let told = open(DataConfig::Webdataset, data(&pattern, 2)).map(|set| {
            let name = |index| set.name(Split::Train, index).replace(": 0.jpg", "");
            (0..set.len(Split::Train)).map(name).collect::<Vec<_>>().join(" ")
        });
        told.unwrap_or_else(|error| format!("error: {error}")).replace(&place, "")
    };
    let patterns = [
        "b.tar",
        "",
        "./",
        "a-*.tar",
        "?.tar",
        "*/d.tar",
        "sub",
        "a-{00..01}.tar",
        "a-{10,00}.tar",
        "{a-0{0,1},b}.tar",
        "{b,.c}.tar",
        "a-{00..02}.tar",
        "a-{1..0}.tar",
        "{*,b}.tar",
        "b.{tar",
        "{0..9999999}.tar",
        "{0..99999999999999999999999}",
        "{a,b}{{{{{{{{{{{{{{{{{{{{{{",
        "**.tar",
        "gone.tar",
        "gone/",
        "gone*.tar",
        "empty",
        "part/*",
        "part/n-train.tar-{00000,00002}-of-00003",
        "sets",
        "sets/s-train*",
        "https://example.com/a.tar",
    ];
    let told = patterns.map(|pattern| format!("{pattern:?}: {}\n", found(pattern)));
    insta::assert_snapshot!(told.concat());
}

#[test]
fn shards_whose_numbers_have_no_zeros_in_front_come_by_number_and_are_all_there() {
    let folder = tempfile::tempdir().unwrap();
    let shard = archive(&[("0.jpg", b"x"), ("0.cls", b"1")]);
    let names = (0..12).map(|number| format!("s-{number}-of-12.tar")).collect::<Vec<_>>();
    for name in &names {
        write(folder.path(), &[(name, &shard)]);
    }
    let place = format!("{}/", folder.path().display());
    let open = |pattern: &str| open(DataConfig::Webdataset, data(&format!("{place}{pattern}"), 2));
    for pattern in ["", "s-*", "s-{0..11}-of-12.tar"] {
        let set = open(pattern).unwrap();
        let found = (0..set.len(Split::Train)).map(|index| set.name(Split::Train, index));
        let expected = names.iter().map(|name| format!("{place}{name}: 0.jpg"));
        assert!(found.eq(expected), "{pattern}");
    }
    fs::remove_file(folder.path().join("s-7-of-12.tar")).unwrap();
    assert!(open("").unwrap_err().contains("number 7 of 12 (from 0 on) is missing"));
}

#[cfg(not(feature = "cloud"))]
#[test]
fn a_url_of_a_build_without_object_stores_says_how_to_build_one() {
    assert_eq!(
        open(DataConfig::Webdataset, data("gs://bucket/x-{000..146}.tar", 2)).unwrap_err(),
        "gs://bucket/x-{000..146}.tar is in an object store, which this hetxl is built without: \
         build it with the feature `cloud`, as by `cargo install --features cloud`"
    );
}

#[test]
fn images_that_cannot_be_used_are_named_and_skipped_up_to_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let good = picture(70);
    let members: [(&str, &[u8]); 6] = [
        ("0.png", &good),
        ("0.cls", b"1"),
        ("1.png", &good[..30]),
        ("1.cls", b"0"),
        ("2.png", &good),
        ("2.cls", b"one"),
    ];
    write(folder.path(), &[("x.tar", &archive(&members))]);
    let take = |max_skipped| {
        let path = folder.path().to_str().unwrap();
        let set = open(DataConfig::Webdataset, ImageData { max_skipped, ..data(path, 2) }).unwrap();
        let order = Order { batch: 3, seed: 0, start: 0, share: Share::ALL };
        set.batches(order).unwrap().next().unwrap()
    };
    let batch = take(2).unwrap();
    assert_eq!((numbers(&batch), batch.labels.as_slice().unwrap()), (vec![70; 3], &[1; 3][..]));
    let mut names: Vec<_> =
        batch.skipped.iter().map(|it| it.name.rsplit_once('/').unwrap().1).collect();
    names.sort_unstable();
    assert_eq!(names, ["x.tar: 1.png", "x.tar: 2.png"]);
    let error = take(1).unwrap_err().to_string();
    assert!(
        error.starts_with("2 examples could not be used, more than data.max_skipped = 1"),
        "{error}"
    );
}

#[test]
fn a_shard_that_becomes_shorter_during_a_run_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    write_shards(folder.path());
    let set = open(DataConfig::Webdataset, data(folder.path().to_str().unwrap(), 7)).unwrap();
    let path = folder.path().join("1.tar");
    fs::File::options().write(true).open(&path).unwrap().set_len(4000).unwrap();
    let Err(ReadError::Failed(error)) = set.example(Split::Train, 30) else { panic!("it is gone") };
    let expected = "it is shorter than it was when it was opened first";
    assert_eq!(error.to_string(), format!("cannot read {}: {expected}", path.display()));
    assert_eq!(set.name(Split::Train, 30), format!("{} at offset {}", path.display(), 14 * 1024));
}

#[test]
fn labels_that_are_no_classes_of_the_set_stop_it_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let picture = picture(1);
    write(folder.path(), &[("x.tar", &archive(&[("0.png", &picture), ("0.cls", b"3 5")]))]);
    let path = folder.path().join("x.tar");
    let first = |max_labels, classes| {
        let data = ImageData { max_labels, ..data(path.to_str().unwrap(), classes) };
        let set = open(DataConfig::Webdataset, data).unwrap();
        let first = set.sequential(Split::Train, 1).unwrap().next().unwrap();
        first.map_err(|error| error.to_string().replace(path.to_str().unwrap(), "x.tar"))
    };
    let batch = first(Some(3), 6).unwrap();
    assert_eq!(batch.labels.dims(), [1, 3]);
    assert_eq!(batch.labels.as_slice::<i32>().unwrap(), [3, 5, -1]);
    let told = [first(Some(3), 5), first(Some(1), 6), first(None, 6)];
    let told = told.map(|batch| batch.unwrap_err() + "\n");
    insta::assert_snapshot!(told.concat());
}

#[test]
fn files_in_a_config_are_absolute_and_are_no_part_of_what_a_run_computes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let text = "model.trunk = { kind = 'mlp', hidden = [8] }\n\
                model.head.kind = 'det'\n\
                data = { kind = 'webdataset', train = 'x/{0..9}.tar', test = 'gs://b/t.tar', \
                validation = 5, classes = 3 }\n";
    fs::write(&path, text).unwrap();
    let read = |overrides: &[&str]| {
        let overrides: Vec<_> = overrides.iter().map(ToString::to_string).collect();
        Config::read(&path, &overrides)
            .map_err(|error| error.to_string().replace(&format!("{}: ", path.display()), ""))
    };
    let config = read(&[]).unwrap();
    let DataConfig::Webdataset(data) = &config.data else { panic!("it is webdataset") };
    let here = std::env::current_dir().unwrap();
    assert_eq!(data.train, here.join("x/{0..9}.tar").to_str().unwrap());
    assert_eq!(data.test, Some(Taken::Files("gs://b/t.tar".to_owned())));
    assert_eq!(data.validation, Some(Taken::First(5)));
    let moved = read(&["data.train=y/{0..9}.tar", "data.test=t.tar", "data.threads=3"]).unwrap();
    assert_eq!(moved.sha256(), config.sha256());
    assert_ne!(read(&["data.validation=6"]).unwrap().sha256(), config.sha256());
    let told = [
        "data.train=",
        "data.validation=-1",
        "data.classes=0",
        "data.image.size=0",
        "data.fields={image='x'}",
        "data.fields.lable=x",
        "data.trian=x",
    ];
    let told = told.map(|with| read(&[with]).unwrap_err() + "\n");
    insta::assert_snapshot!(told.concat());
}
