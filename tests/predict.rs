//! `hetxl predict`, and the predictions behind it.

mod support;

use std::fs;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use hetxl::config::Config;
use hetxl::data::{
    Dataset, Example, Given, ImageData, RawInput, ReadError, Skipped, Source, Split,
};
use hetxl::evaluate::{Evaluator, Predicted};
use hetxl::predict::{Prediction, Predictor};
use hetxl::state::TrainState;
use image::{Rgb, RgbImage};
use pjrt::HostArray;
use serde_json::Value;
use support::{Ended, Workplace, device, end};

/// The 1,797 images and labels that come with the program, as they are stored.
fn digits(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/digits/{part}.gz"))
}

fn contents(path: &Path) -> Vec<u8> {
    let mut bytes = vec![];
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The pixels of the first `count` digits.
fn pixels(count: usize) -> Vec<u8> {
    contents(&digits("images.idx3-ubyte"))[16..][..64 * count].to_vec()
}

fn trained() -> Workplace {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r --steps 100");
    work
}

fn predict(work: &Workplace, arguments: &str) -> Ended {
    end(&mut work.command(&format!("predict r {arguments}")))
}

/// `[[class, probability], …]` and the entropy of each input.
fn predictions(json: &Value) -> Vec<(Vec<(u64, f64)>, f64)> {
    let class = |it: &Value| (it["class"].as_u64().unwrap(), it["probability"].as_f64().unwrap());
    let one = |it: &Value| {
        let classes = it["classes"].as_array().unwrap().iter().map(class).collect();
        (classes, it["entropy"].as_f64().unwrap())
    };
    json["predictions"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn as_many_predictions_are_right_as_evaluation_says() {
    let work = trained();
    let all = work.json(&format!("predict r {} --json", digits("images.idx3-ubyte").display()));
    let labels = contents(&digits("labels.idx1-ubyte"));
    let predictions = predictions(&all);
    assert_eq!(predictions.len(), 1797);
    let right = predictions.iter().zip(&labels[8..]);
    let right = right.filter(|((classes, _), label)| classes[0].0 == u64::from(**label)).count();
    let evaluated = ["train", "validation", "test"].map(|split| {
        let metrics = work.json(&format!("eval r --split {split} --json"))["metrics"].clone();
        metrics["accuracy"].as_f64().unwrap() * metrics["examples"].as_f64().unwrap()
    });
    assert_eq!(right as f64, evaluated.iter().sum::<f64>().round());
    assert!(right > 1500, "{right} are right, so that it is no matter of chance");
}

#[test]
fn probabilities_of_all_classes_sum_to_1_and_make_the_entropy() {
    let work = trained();
    let array = HostArray::from_slice(&[20, 64], &pixels(20)).unwrap();
    fs::write(work.path("x.npy"), hetxl::npy::encode(&array)).unwrap();
    // There are ten classes.
    for (classes, entropy) in predictions(&work.json("predict r x.npy --json --top 99")) {
        assert_eq!(classes.len(), 10);
        assert!(classes.is_sorted_by(|a, b| a.1 >= b.1));
        let probabilities = classes.iter().map(|(_, probability)| *probability);
        assert!((probabilities.clone().sum::<f64>() - 1.0).abs() < 1e-5);
        let expected = -probabilities.filter(|p| *p > 0.0).map(|p| p * p.ln()).sum::<f64>();
        assert!((entropy - expected).abs() < 1e-5, "{entropy}, {expected}");
    }
}

#[test]
fn pixels_are_the_same_input_as_bytes_and_as_floats_and_in_any_batch() {
    let work = trained();
    let bytes = pixels(250);
    let floats = bytes.iter().map(|&pixel| f64::from(pixel)).collect::<Vec<_>>();
    let bytes = HostArray::from_slice(&[250, 64], &bytes).unwrap();
    let floats = HostArray::from_slice(&[250, 8, 8], &floats).unwrap();
    fs::write(work.path("bytes.npy"), hetxl::npy::encode(&bytes)).unwrap();
    fs::write(work.path("floats.npy"), hetxl::npy::encode(&floats)).unwrap();
    let of = |file: &str| predictions(&work.json(&format!("predict r {file} --json")));
    let (bytes, floats, idx) =
        (of("bytes.npy"), of("floats.npy"), of(digits("images.idx3-ubyte").to_str().unwrap()));
    for other in [floats, idx] {
        for ((one, _), (other, _)) in bytes.iter().zip(&other) {
            for (one, other) in one.iter().zip(other) {
                assert!((one.1 - other.1).abs() < 1e-5, "{one:?}, {other:?}");
            }
        }
    }
}

#[test]
fn an_input_is_a_line() {
    let work = trained();
    let array = HostArray::from_slice(&[2, 64], &pixels(2)).unwrap();
    fs::write(work.path("x.npy"), hetxl::npy::encode(&array)).unwrap();
    let ended = predict(&work, "x.npy x.npy --top 3");
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let lines = ended.stdout.lines().collect::<Vec<_>>();
    let starts = lines.iter().map(|line| line.split_whitespace().next().unwrap());
    assert_eq!(starts.collect::<Vec<_>>(), ["x.npy[0]", "x.npy[1]", "x.npy[0]", "x.npy[1]"]);
    assert_eq!(lines[0], lines[2]);
    // The name, three classes with a probability each, and the entropy with its name.
    assert!(lines.iter().all(|line| line.split_whitespace().count() == 1 + 6 + 2), "{lines:?}");
    // The first digit of the set is a 0, the second a 1.
    assert!(lines[0].starts_with("x.npy[0]  0 0."), "{}", lines[0]);
    assert!(lines[1].starts_with("x.npy[1]  1 0."), "{}", lines[1]);
}

#[test]
fn what_cannot_be_used_is_told_and_the_rest_is_predicted() {
    let work = trained();
    let write = |name: &str, array: &HostArray| {
        fs::write(work.path(name), hetxl::npy::encode(array)).unwrap();
    };
    write("good.npy", &HostArray::from_slice(&[1, 64], &pixels(1)).unwrap());
    let mut rows = vec![1f32; 128];
    rows[64 + 7] = f32::NAN;
    write("nan.npy", &HostArray::from_slice(&[2, 64], &rows).unwrap());
    write("narrow.npy", &HostArray::from_slice(&[2, 63], &[0f32; 126]).unwrap());
    write("flat.npy", &HostArray::from_slice(&[64], &[0f32; 64]).unwrap());
    let cut = fs::read(work.path("good.npy")).unwrap();
    fs::write(work.path("cut.npy"), &cut[..cut.len() - 1]).unwrap();
    fs::write(work.path("text"), "hello").unwrap();
    let small = [&[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6][..]].concat();
    fs::write(work.path("small-idx3-ubyte"), &small).unwrap();
    fs::write(work.path("short-idx3-ubyte"), &small[..17]).unwrap();
    fs::create_dir(work.path("empty")).unwrap();
    let ended = predict(
        &work,
        "none.npy narrow.npy flat.npy cut.npy text small-idx3-ubyte short-idx3-ubyte empty /dev/zero nan.npy \
         good.npy --top 1",
    );
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    insta::assert_snapshot!(ended.stderr, @r"
    error: none.npy: it cannot be read: No such file or directory (os error 2)
    error: narrow.npy: it holds f32[2, 63], expected [N, 64], so many numbers a row
    error: flat.npy: it holds f32[64], expected [N, 64], so many numbers a row
    error: cut.npy: an array of ui8[1, 64] takes 64 bytes, got 63
    error: text: it is neither a .npy file nor images in the format IDX
    error: small-idx3-ubyte: its images are of [2, 1] pixels, expected [8, 8]
    error: short-idx3-ubyte: it is truncated: it has 17 bytes, expected 18
    error: empty: the folder holds none of *.npy and *idx3-ubyte*
    error: /dev/zero: it is neither a file nor a folder
    error: nan.npy[1]: its number 7 is NaN
    ");
    let names = ended.stdout.lines().map(|line| line.split_whitespace().next().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["nan.npy[0]", "good.npy[0]"]);

    let json: Value = serde_json::from_str(&predict(&work, "text good.npy --json").stdout).unwrap();
    assert_eq!(json["predictions"][0]["input"], "good.npy[0]");
    assert_eq!(json["unusable"][0]["name"], "text");
}

#[test]
fn without_any_usable_input_nothing_is_compiled_and_the_exit_says_so() {
    let work = trained();
    let message = work.fail("predict r none.npy");
    assert_eq!(
        message,
        "error: none.npy: it cannot be read: No such file or directory (os error 2)"
    );
    let ended = work.hetxl("predict r");
    assert_eq!(ended.code, Some(2), "{ended:#?}");
}

/// Images in memory, as a source.
#[derive(Debug)]
struct Png(Vec<(Vec<u8>, u32)>);

impl Source for Png {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let (file, label) = self.0[index].clone();
        Ok(Example { input: RawInput::Image(file), labels: vec![label] })
    }

    fn name(&self, index: usize) -> String {
        index.to_string()
    }
}

#[test]
fn images_in_folders_are_predicted_as_evaluation_takes_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = vec![];
    for (index, name) in ["a/1.png", "a/b/2.PNG", "c.png"].into_iter().enumerate() {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let pixel = |x, y| Rgb([x as u8 * 20, y as u8 * 20, index as u8 * 100]);
        RgbImage::from_fn(12, 9 + index as u32, pixel)
            .save_with_format(&path, image::ImageFormat::Png)
            .unwrap();
        files.push((fs::read(path).unwrap(), index as u32));
    }
    for name in ["a/.hidden.png", "a/readme.txt"] {
        fs::write(folder.path().join(name), "no image").unwrap();
    }
    fs::write(folder.path().join("b.jpg"), [0xff, 0xd8, 0xff, 0]).unwrap();

    let config = "train = ''\nclasses = 3\nimage = { size = 8, resize = 8 }";
    let config: ImageData = toml::from_str(config).unwrap();
    let sources: [Arc<dyn Source>; 3] =
        [Arc::new(Png(files.clone())), Arc::new(Png(vec![])), Arc::new(Png(files))];
    let data = Arc::new(Dataset::images(sources, &config).unwrap());
    let config = Config::parse(support::SMALL, &[]).unwrap();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    let runtime = device::runtime();
    let state = TrainState::init(&runtime, &programs, 0).unwrap();

    let mut expected = vec![];
    let evaluator = Evaluator::new(&runtime, &programs, &config.eval, data.clone()).unwrap();
    let mut visit =
        |it: &Predicted<'_>| expected.push((it.classes.to_vec(), it.probabilities.to_vec()));
    evaluator.for_each(&runtime, &state, Split::Test, &mut visit).unwrap();

    let mut unusable = vec![];
    let paths = [folder.path().to_owned()];
    let given = Arc::new(Given::open(&data, &paths, &mut |it| unusable.push(it)));
    assert_eq!(unusable, []);
    let [two, five] = [2, 5].map(|count| NonZeroUsize::new(count).unwrap());
    let predictor = Predictor::new(&runtime, &programs, two, five, data).unwrap();
    let mut got = vec![];
    let mut visit = |it: Prediction<'_>| {
        got.push((given.name(it.index), it.classes.to_vec(), it.probabilities.to_vec()));
    };
    let skipped = predictor.for_each(&runtime, &state, given.clone(), &mut visit).unwrap();
    let [Skipped { name, .. }] = &skipped[..] else { panic!("{skipped:?}") };
    assert!(name.ends_with("/b.jpg"), "{name}");
    for ((name, classes, probabilities), (end, expected)) in
        got.iter().zip(["a/1.png", "a/b/2.PNG", "c.png"].into_iter().zip(expected))
    {
        assert!(name.ends_with(end), "{name}");
        assert_eq!(*classes, expected.0);
        for (one, other) in probabilities.iter().zip(&expected.1) {
            assert!((one - other).abs() < 1e-5, "{one}, {other}");
        }
    }
    assert_eq!(got.len(), 3);
}

/// Writes ten images of 10×8 pixels of each of two classes, one red and one blue.
fn write_images(folder: &Path) {
    for (class, color) in [("blue", [0, 0, 200]), ("red", [200, 0, 0])] {
        fs::create_dir_all(folder.join(class)).unwrap();
        for index in 0..10u8 {
            let pixel = |x, y| Rgb(color.map(|it: u8| it + index + x as u8 * y as u8 / 10));
            RgbImage::from_fn(10, 8, pixel)
                .save(folder.join(format!("{class}/{index}.png")))
                .unwrap();
        }
    }
}

#[test]
fn classes_have_their_names_also_where_the_data_is_gone() {
    let work = Workplace::quick();
    write_images(&work.path("images"));
    fs::create_dir(work.path("new")).unwrap();
    fs::copy(work.path("images/red/3.png"), work.path("new/a.png")).unwrap();
    fs::copy(work.path("images/blue/3.png"), work.path("new/b.png")).unwrap();
    fs::write(work.path("new/c.png"), "no image").unwrap();
    let config = work.read("small.toml").replace(
        "kind = \"digits\"",
        "kind = \"folders\"\ntrain = \"images\"\nclasses = 2\nimage = { size = 8, resize = 8 }",
    );
    fs::write(work.path("images.toml"), config).unwrap();
    work.succeed("train images.toml --run-dir r --steps 50 -s train.batch_size=16");

    let ended = predict(&work, "new --top 1");
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    assert!(ended.stderr.ends_with('\n') && ended.stderr.starts_with("error: new/c.png: "));
    let lines = ended.stdout.lines().collect::<Vec<_>>();
    assert!(lines[0].starts_with("new/a.png  red "), "{lines:?}");
    assert!(lines[1].starts_with("new/b.png  blue "), "{lines:?}");
    let json = work.json("predict r new/a.png --json");
    assert_eq!(json["predictions"][0]["classes"][0]["name"], "red");

    // What the run is told anew is heeded.
    let whole = predict(&work, "new/a.png new/b.png --top 1");
    let other = predict(&work, "new/a.png new/b.png --top 1 -s data.image.mean=[0.1,0.9,0.1]");
    assert_eq!((whole.code, other.code), (Some(0), Some(0)), "{other:#?}");
    assert_ne!(other.stdout, whole.stdout);

    // What a class is called decides its number.
    fs::rename(work.path("images/red"), work.path("images/azure")).unwrap();
    assert_eq!(
        work.fail("eval r"),
        "error: the data of the run in r is not what it was: class 0 was \"blue\" and is \"azure\"; bring \
         it back, or start a new run"
    );
    let ended_report = work.succeed("report r");
    assert!(
        ended_report.stderr.starts_with("r is not evaluated: the data of the run"),
        "{ended_report:?}"
    );
    fs::remove_dir_all(work.path("images")).unwrap();
    assert_eq!(predict(&work, "new --top 1").stdout, ended.stdout);
    let message = work.fail("eval r");
    assert!(message.ends_with("WORK/images: No such file or directory (os error 2)"), "{message}");
}

#[test]
fn pixels_are_normalised_as_in_training_also_where_the_data_is_gone() {
    let work = Workplace::quick();
    support::write_idx_data(&work.path("images"));
    fs::copy(work.path("images/t10k-images-idx3-ubyte"), work.path("new-idx3-ubyte")).unwrap();
    work.succeed(&format!("train small.toml --run-dir r --steps 20 {}", support::IDX));
    let before = work.json("predict r new-idx3-ubyte --json");
    assert_eq!(predictions(&before).len(), 20);
    fs::remove_dir_all(work.path("images")).unwrap();
    assert_eq!(work.json("predict r new-idx3-ubyte --json"), before);
    work.succeed("export r --function predict -o program");
    let manifest = |folder: &str| -> Value {
        serde_json::from_str(&work.read(&format!("{folder}/manifest.json"))).unwrap()
    };
    let normalization = manifest("program")["programs"][0]["normalization"].clone();
    assert!(normalization["mean"].is_f64(), "{normalization}");
    assert_eq!(normalization, manifest("r/program")["programs"][0]["normalization"]);

    // What tells of the data is damaged, or says what can't be.
    let whole = work.read("r/data.json");
    let no_classes = whole.replace("\"classes\": 4", "\"classes\": 0");
    let large = whole.replace("\"kind\": \"pixels\"", "\"kind\": \"images\", \"size\": 4294967296");
    assert!(no_classes != whole && large != whole, "{whole}");
    for damage in ["", "{}", &no_classes, &large] {
        fs::write(work.path("r/data.json"), damage).unwrap();
        let message = work.fail("predict r new-idx3-ubyte");
        assert!(message.starts_with("error: cannot read r/data.json: "), "{message}");
    }
    // It is gone as well: the data itself is asked for.
    fs::remove_file(work.path("r/data.json")).unwrap();
    let message = work.fail("predict r new-idx3-ubyte");
    assert_eq!(message, "error: cannot read WORK/images: No such file or directory (os error 2)");
}

#[test]
fn rows_of_numbers_are_taken_as_they_are() {
    let work = Workplace::quick();
    let write = |name: &str, array: &HostArray| {
        fs::write(work.path(name), hetxl::npy::encode(array)).unwrap();
    };
    // Class 1 where the first number is positive.
    let numbers = (0..80).map(|at| ((at * 37 % 80) as f32 - 39.5) / 40.0).collect::<Vec<_>>();
    let labels = numbers.chunks(2).map(|row| i32::from(row[0] > 0.0)).collect::<Vec<_>>();
    write("x.npy", &HostArray::from_slice(&[40, 2], &numbers).unwrap());
    write("y.npy", &HostArray::from_slice(&[40], &labels).unwrap());
    let files = "{ features = \"x.npy\", labels = \"y.npy\" }";
    let config = work.read("small.toml").replace(
        "kind = \"digits\"",
        &format!("kind = \"features\"\nclasses = 2\ntrain = {files}\ntest = {files}"),
    );
    fs::write(work.path("rows.toml"), config).unwrap();
    work.succeed("train rows.toml --run-dir r --steps 100 -s train.batch_size=20");
    let predicted = predictions(&work.json("predict r x.npy --json"));
    let right = predicted.iter().zip(&labels);
    let right = right.filter(|((classes, _), label)| classes[0].0 == **label as u64).count();
    let accuracy = work.json("eval r --json")["metrics"]["accuracy"].as_f64().unwrap();
    assert_eq!((predicted.len(), right as f64 / 40.0), (40, accuracy));
    assert!(accuracy > 0.9, "{accuracy}");
    fs::remove_file(work.path("y.npy")).unwrap();
    assert_eq!(predictions(&work.json("predict r x.npy --json")), predicted);
    assert_eq!(
        work.fail(&format!("predict r {}", digits("images.idx3-ubyte").display()))
            .replace(env!("CARGO_MANIFEST_DIR"), "HETXL"),
        "error: HETXL/data/digits/images.idx3-ubyte.gz: it is no .npy file; write one with numpy.save"
    );
}
