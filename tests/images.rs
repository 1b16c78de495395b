//! Files of images, and what a model takes of them.
//!
//! What TensorFlow makes of the files in `tests/data/images` was written by `tests/data/images.py`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hetxl::data::{
    Dataset, Example, Fields, ImageData, ImageSettings, Order, Random, RawInput, ReadError, Share,
    Source, Split,
};
use hetxl::npy;
use pjrt::DType;

/// Files that are held in memory, all of class 0.
#[derive(Debug)]
struct Held(Vec<Vec<u8>>);

impl Source for Held {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        Ok(Example { input: RawInput::Image(self.0[index].clone()), labels: vec![0] })
    }

    fn name(&self, index: usize) -> String {
        format!("image {index}")
    }
}

fn set(files: Vec<Vec<u8>>, image: ImageSettings) -> Arc<Dataset> {
    let config = ImageData {
        train: String::new(),
        validation: None,
        test: None,
        classes: 1,
        max_labels: None,
        fields: Fields::default(),
        image,
        max_skipped: usize::MAX,
        threads: None,
    };
    let source: Arc<dyn Source> = Arc::new(Held(files));
    Arc::new(Dataset::images([source.clone(), source.clone(), source], &config).unwrap())
}

fn settings() -> ImageSettings {
    ImageSettings { size: 8, resize: 12, flip: false, ..Default::default() }
}

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/images").join(name)).unwrap()
}

fn numbers(name: &str) -> Vec<f32> {
    let array = npy::decode(&file(name)).unwrap().into_array(DType::F32).unwrap();
    array.as_slice().unwrap().to_vec()
}

/// What evaluation takes of a file.
fn evaluated(file: Vec<u8>, settings: ImageSettings) -> Vec<f32> {
    let set = set(vec![file], settings);
    let batch = set.sequential(Split::Test, 1).unwrap().next().unwrap().unwrap();
    assert_eq!(batch.skipped, []);
    batch.inputs.as_slice().unwrap().to_vec()
}

/// What training takes of a file in its first epochs.
fn trained(file: Vec<u8>, settings: ImageSettings, epochs: usize) -> Vec<Vec<f32>> {
    let order = Order { batch: 1, seed: 5, start: 0, share: Share::ALL };
    let batches = set(vec![file], settings).batches(order).unwrap();
    batches.take(epochs).map(|it| it.unwrap().inputs.as_slice().unwrap().to_vec()).collect()
}

/// Why a file can't be used.
fn problem(file: &[u8]) -> Option<String> {
    let set = set(vec![file.to_vec()], settings());
    let batch = set.sequential(Split::Test, 1).unwrap().next().unwrap().unwrap();
    batch.skipped.first().map(|skipped| skipped.problem.clone())
}

/// The mean and the largest difference, in levels of 255.
fn differences(left: &[f32], right: &[f32]) -> (f32, f32) {
    assert_eq!(left.len(), right.len());
    let all = left.iter().zip(right).map(|(left, right)| (left - right).abs() * 127.5);
    let all = all.collect::<Vec<_>>();
    (all.iter().sum::<f32>() / all.len() as f32, all.into_iter().fold(0.0, f32::max))
}

const FILES: [&str; 11] = [
    "subsampled.jpg",
    "progressive.jpg",
    "tall.jpg",
    "tiny.jpg",
    "grey.jpg",
    "cmyk.jpg",
    "turned.jpg",
    "rgb.png",
    "transparent.png",
    "palette.png",
    "deep.png",
];

fn stem(name: &str) -> &str {
    name.split_once('.').unwrap().0
}

#[test]
fn evaluation_takes_what_tensorflow_makes_of_a_file() {
    for name in FILES {
        let taken = evaluated(file(name), settings());
        let (mean, most) = differences(&taken, &numbers(&format!("{}-eval.npy", stem(name))));
        println!("{name}: {mean} {most}");
        // Decoders of JPEG differ by a level or two.
        let (mean_bound, bound) = if name.ends_with("png") { (0.01, 0.02) } else { (0.5, 2.0) };
        assert!(mean < mean_bound && most < bound, "{name}: {mean} {most}");
    }
}

#[test]
fn training_interpolates_as_tensorflow_does() {
    // With so large a part nothing but the whole image is left.
    let settings = ImageSettings { min_area: 0.9999, ..settings() };
    for name in FILES {
        let taken = trained(file(name), settings.clone(), 1).remove(0);
        let (mean, most) = differences(&taken, &numbers(&format!("{}-whole.npy", stem(name))));
        println!("{name}: {mean} {most}");
        let (mean_bound, bound) = if name.ends_with("png") { (0.5, 1.0) } else { (0.8, 3.0) };
        assert!(mean < mean_bound && most < bound, "{name}: {mean} {most}");
    }
}

#[test]
fn half_of_the_images_are_turned_left_to_right() {
    let settings = ImageSettings { min_area: 0.9999, flip: true, ..settings() };
    let whole = numbers("rgb-whole.npy");
    let turned = whole.chunks(24).flat_map(|row| row.chunks(3).rev().flatten().copied());
    let turned = turned.collect::<Vec<_>>();
    let mut counts = [0i32; 2];
    for taken in trained(file("rgb.png"), settings, 200) {
        let near = |to: &[f32]| differences(&taken, to).1 < 1.0;
        let is_turned = near(&turned);
        assert!(is_turned != near(&whole));
        counts[usize::from(is_turned)] += 1;
    }
    // Three standard deviations of 200 throws are 21.
    assert!((counts[0] - 100).abs() <= 21, "{counts:?}");
}

#[test]
fn the_whole_area_takes_the_centre_as_evaluation_does() {
    let settings = ImageSettings { min_area: 1.0, ..settings() };
    let taken = trained(file("subsampled.jpg"), settings.clone(), 1).remove(0);
    assert_eq!(taken, evaluated(file("subsampled.jpg"), settings));
}

#[test]
fn an_epoch_takes_parts_of_its_own_and_the_same_in_every_run() {
    let first = trained(file("rgb.png"), settings(), 8);
    assert_eq!(first, trained(file("rgb.png"), settings(), 8));
    let again = first.iter().enumerate().any(|(at, taken)| first[..at].contains(taken));
    assert!(!again);
}

#[test]
fn each_channel_has_a_mean_and_a_deviation_of_its_own() {
    let (mean, std) = ([0.1, 0.2, 0.3], [0.5, 0.25, 2.0]);
    let taken = evaluated(file("rgb.png"), ImageSettings { mean, std, ..settings() });
    let plain = numbers("rgb-eval.npy");
    for (at, (taken, plain)) in taken.iter().zip(plain).enumerate() {
        let value = f64::from(plain) * 0.5 + 0.5;
        let expected = (value - mean[at % 3]) / std[at % 3];
        assert!((f64::from(*taken) - expected).abs() < 1e-3, "{at}: {taken} {expected}");
    }
}

/// A PNG that says of itself that it has so many pixels, and holds none.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut png = file("rgb.png")[..33].to_vec();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    png
}

/// A JPEG that says of itself that it has so many pixels, and holds others.
fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = file("subsampled.jpg");
    let frame = jpeg.windows(2).position(|it| it == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// A JPEG whose scan begins anew before its last row of blocks.
fn begun_twice() -> Vec<u8> {
    let jpeg = file("subsampled.jpg");
    let scan = jpeg.windows(2).position(|it| it == [0xff, 0xda]).unwrap();
    let data = scan + 2 + usize::from(u16::from_be_bytes([jpeg[scan + 2], jpeg[scan + 3]]));
    let within = data + (jpeg.len() - data) / 3;
    [&jpeg[..within], &jpeg[scan..]].concat()
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let jpeg = file("subsampled.jpg");
    let end = jpeg.len();
    let mut wrong_crc = file("rgb.png");
    wrong_crc[60] ^= 1;
    // A chunk of text that looks like the header of a small image stands before that of a large one.
    let large = png_header(1_000_000, 10_000_000);
    let text = [&[0, 0, 0, 8][..], b"teXt", &[0, 0, 0, 8, 0, 0, 0, 8], b"sum "].concat();
    let hidden = [&large[..8], &text, &large[8..]].concat();
    let cases: [(&str, Vec<u8>); 14] = [
        ("a large PNG behind a small one", hidden),
        ("a large PNG", png_header(100_000, 100_000)),
        ("a PNG without pixels", png_header(0, 7)),
        ("a PNG that ends after its header", png_header(40, 30)),
        ("a PNG with a wrong sum", wrong_crc),
        ("a large JPEG", jpeg_of(65535, 65535)),
        ("a JPEG without pixels", jpeg_of(0, 30)),
        ("a JPEG of other pixels", jpeg_of(4000, 3000)),
        ("a JPEG that begins twice", begun_twice()),
        ("half a JPEG", jpeg[..end / 2].to_vec()),
        ("a JPEG without its end", jpeg[..end - 2].to_vec()),
        ("the start of a JPEG", jpeg[..2].to_vec()),
        ("nothing", vec![]),
        ("a GIF", b"GIF89a\x01\0\x01\0".to_vec()),
    ];
    let told = cases.map(|(name, file)| {
        format!("{name}: {}", problem(&file).unwrap_or_else(|| "usable".to_owned()))
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn no_beginning_of_a_file_is_taken_for_an_image() {
    for name in ["subsampled.jpg", "progressive.jpg", "grey.jpg", "rgb.png", "palette.png"] {
        let file = file(name);
        let starts = (0..file.len() - 1).map(|end| file[..end].to_vec());
        let count = starts.len();
        let set = set(starts.collect(), settings());
        let mut used = vec![];
        for batch in set.sequential(Split::Test, 64).unwrap() {
            used.extend(batch.unwrap().indices);
        }
        // A PNG is complete without the chunk that ends it.
        let complete = if name.ends_with("png") { count - 12 } else { count };
        assert!(used.iter().all(|&end| end >= complete), "{name}: {used:?} of {count}");
    }
}

#[test]
fn what_stands_behind_the_end_of_a_jpeg_is_no_part_of_it() {
    for name in ["subsampled.jpg", "progressive.jpg"] {
        let file = file(name);
        let image = evaluated(file.clone(), settings());
        let mut random = Random::new(0, 0, 0);
        let film = (0..100_000).map(|_| random.within(0.0, 256.0) as u8).collect::<Vec<_>>();
        // Markers of scans without an end, and the start of another image.
        for behind in [&film[..], &[0xff, 0xda, 0, 8], &file[..file.len() - 2]] {
            assert_eq!(evaluated([&file[..], behind].concat(), settings()), image, "{name}");
        }
    }
}

#[test]
fn an_end_inside_of_a_comment_is_none_of_the_image() {
    let file = file("progressive.jpg");
    let scan = file.windows(2).rposition(|it| it == [0xff, 0xda]).unwrap();
    let comment = [0xff, 0xfe, 0, 4, 0xff, 0xd9];
    let commented = [&file[..scan], &comment, &file[scan..]].concat();
    assert_eq!(evaluated(commented.clone(), settings()), evaluated(file, settings()));
    for end in scan + comment.len()..commented.len() - 1 {
        assert!(problem(&commented[..end]).is_some(), "{end} of {} bytes", commented.len());
    }
}

#[test]
fn a_file_with_a_wrong_byte_is_used_or_refused() {
    for name in ["subsampled.jpg", "progressive.jpg", "cmyk.jpg", "palette.png"] {
        let file = file(name);
        let damaged = (0..file.len()).map(|at| {
            let mut damaged = file.clone();
            damaged[at] ^= [0xff, 0x01, 0x80, 0x10][at % 4];
            damaged
        });
        let set = set(damaged.collect(), settings());
        for batch in set.sequential(Split::Test, 64).unwrap() {
            let batch = batch.unwrap();
            let inputs = batch.inputs.as_slice::<f32>().unwrap();
            assert!(inputs.iter().all(|number| (-1.001..=1.001).contains(number)));
        }
    }
}
