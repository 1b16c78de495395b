//! Where the examples of shards are is kept for the next start.

mod support;

use std::fs::{self, File};
use std::io::Cursor;
use std::ops::Range;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use support::{Workplace, end};

const CONFIG: &str = r#"
[model]
trunk = { kind = "mlp", hidden = [4] }
head = { kind = "det" }

[data]
kind = "webdataset"
train = "shards/"
validation = 10
classes = 3
image = { size = 2, resize = 2, min_area = 1, flip = false }

[train]
steps = 20
batch_size = 8
"#;

/// A workplace with two shards of 40 images, and a cache of its own.
struct Place {
    work: Workplace,
    plugin: String,
}

impl Place {
    fn new() -> Self {
        let work = Workplace::new();
        fs::write(work.path("images.toml"), CONFIG).unwrap();
        fs::create_dir(work.path("shards")).unwrap();
        let installed =
            Command::new(env!("CARGO_BIN_EXE_hetxl")).args(["plugin", "install", "cpu"]).output();
        let plugin = String::from_utf8(installed.unwrap().stdout).unwrap().trim().to_owned();
        let place = Self { work, plugin };
        place.write("0.tar", 0..40);
        place.write("1.tar", 40..80);
        place
    }

    /// Writes a shard: a picture for each number, whose class is the number modulo 3, and beside the
    /// first something large that nobody needs.
    fn write(&self, name: &str, numbers: Range<u8>) {
        let mut archive = tar::Builder::new(File::create(self.shard(name)).unwrap());
        let mut append = |name: String, contents: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_size(contents.len() as u64);
            archive.append_data(&mut header, name, contents).unwrap();
        };
        append(format!("{:03}.mp4", numbers.start), &vec![7; 1 << 20]);
        for number in numbers.clone() {
            let mut picture = Cursor::new(vec![]);
            let pixels = RgbImage::from_pixel(2, 2, Rgb([number, 2 * number, 90]));
            pixels.write_to(&mut picture, ImageFormat::Png).unwrap();
            append(format!("{number:03}.png"), &picture.into_inner());
            append(format!("{number:03}.cls"), (number % 3).to_string().as_bytes());
        }
        archive.into_inner().unwrap();
        // A clock may not have gone on since what was there was written.
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(numbers.start.into());
        File::options().append(true).open(self.shard(name)).unwrap().set_modified(time).unwrap();
    }

    fn shard(&self, name: &str) -> PathBuf {
        self.work.path("shards").join(name)
    }

    fn run(&self, arguments: &str) -> String {
        let mut command = self.work.command(arguments);
        command.env("HETXL_CACHE", self.work.path("cache")).env("HETXL_PLUGIN", &self.plugin);
        let ended = end(&mut command);
        assert_eq!(ended.code, Some(0), "{arguments}: {ended:#?}");
        ended.stdout
    }

    fn json(&self, arguments: &str) -> Value {
        serde_json::from_str(&self.run(arguments)).unwrap()
    }

    /// The parameters after a training from the beginning.
    fn train(&self) -> Vec<u8> {
        let _ = fs::remove_dir_all(self.work.path("runs"));
        self.run("train images.toml");
        self.work.bytes("runs/images-1/checkpoints/00000020/parameters.safetensors")
    }

    /// Removes the indexes, and leaves the programs that are kept beside them.
    fn forget(&self) {
        fs::remove_dir_all(self.work.path("cache/shards")).unwrap();
    }

    /// How many indexes are kept.
    fn kept(&self) -> usize {
        self.work.names("cache/shards").len()
    }
}

#[test]
fn a_run_is_the_same_to_the_bit_whether_its_shards_were_looked_into_before_or_not() {
    let place = Place::new();
    let first = place.train();
    assert_eq!(place.kept(), 2);
    assert!(place.train() == first);
    place.forget();
    assert!(place.train() == first);
    place.write("1.tar", 80..120);
    let second = place.train();
    assert!(second != first);
    place.forget();
    assert!(place.train() == second);
}

#[test]
fn the_cache_tells_of_its_indexes_and_removes_them() {
    let place = Place::new();
    let none = json!({ "folder": place.work.path("cache/shards"), "count": 0, "bytes": 0 });
    assert_eq!(place.json("cache list --json")["indexes"], none);
    assert_eq!(place.run("cache list").lines().count(), 1);
    place.train();
    let names = place.work.names("cache/shards");
    let bytes = names.iter().map(|name| place.work.bytes(&format!("cache/shards/{name}")).len());
    let bytes: usize = bytes.sum();
    // 80 examples take some 20 bytes each, beside what the shards are.
    assert!((80 * 19..80 * 19 + 1000).contains(&bytes), "{bytes}");
    let indexes = json!({ "folder": place.work.path("cache/shards"), "count": 2, "bytes": bytes });
    assert_eq!(place.json("cache list --json")["indexes"], indexes);
    let last = |text: String| place.work.generic(text.lines().last().unwrap());
    let told = last(place.run("cache list"));
    let of_shards = format!("2 indexes of shards, {:.2} kB,", bytes as f64 / 1e3);
    assert_eq!(told, format!("{of_shards} in WORK/cache/shards"));
    let told = last(place.run("cache clear"));
    assert_eq!(told, format!("removed {of_shards} from WORK/cache/shards"));
    assert!(place.work.names("cache/shards").is_empty());
    place.train();
    assert_eq!(place.json("cache clear --json")["indexes"], indexes);
    assert_eq!(place.json("cache list --json")["indexes"], none);
}
