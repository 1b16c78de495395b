//! Shards in object stores: a small one runs in the test and answers as the large ones do.
#![cfg(feature = "cloud")]

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use hetxl::data::{DataConfig, Dataset, Fields, ImageData, ImageSettings, RawInput, Split};

/// The objects of a bucket that is called `bucket`.
struct Store {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    /// How many requests are still to fail, as they now and then do.
    failures: AtomicUsize,
    /// How many bytes of objects were given out.
    given: AtomicUsize,
}

impl Store {
    /// Starts a store at an address of its own.
    fn start(objects: BTreeMap<String, Vec<u8>>) -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let objects = Mutex::new(objects);
        let [failures, given] = [1, 0].map(AtomicUsize::new);
        let store = Arc::new(Self { objects, failures, given });
        let shared = store.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (store, stream) = (shared.clone(), stream.unwrap());
                thread::spawn(move || store.serve(&stream));
            }
        });
        (store, address)
    }

    fn serve(&self, mut stream: &TcpStream) {
        let mut lines = BufReader::new(stream).lines();
        while let Some(Ok(request)) = lines.next() {
            let headers: Vec<_> =
                lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let range = headers.iter().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("range").then(|| value.strip_prefix("bytes="))?
            });
            let mut words = request.split(' ');
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            let target = decoded(target);
            let (head, body) = self.answer(method, &target, range);
            let body_if_any = if method == "HEAD" { &[][..] } else { &body };
            self.given.fetch_add(body_if_any.len(), Ordering::SeqCst);
            let head = format!(
                "HTTP/1.1 {head}\r\nContent-Length: {}\r\nETag: \"{:x}\"\r\n\
                 Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\n",
                body.len(),
                self.objects.lock().unwrap().get(key(&target)).map_or(0, |it| crc32c::crc32c(it)),
            );
            if stream.write_all(&[head.as_bytes(), body_if_any].concat()).is_err() {
                return;
            }
        }
    }

    /// The status, with headers of its own, and the body.
    fn answer(&self, method: &str, target: &str, range: Option<&str>) -> (String, Vec<u8>) {
        let fails = |left: usize| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails).is_ok() {
            return ("503 Slow Down".to_owned(), vec![]);
        }
        let (_, query) = target.split_once('?').unwrap_or((target, ""));
        let key = key(target);
        if query.contains("list-type=2") {
            assert!(query.contains("delimiter=/"), "{query}");
            let prefix = query.split('&').find_map(|item| item.strip_prefix("prefix="));
            return ("200 OK".to_owned(), self.list(prefix.unwrap_or_default()).into());
        }
        let objects = self.objects.lock().unwrap();
        let Some(object) = objects.get(key) else {
            return ("404 Not Found".to_owned(), vec![]);
        };
        match range {
            Some(range) => {
                let (first, last) = range.split_once('-').unwrap();
                let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
                let last = last.min(object.len() - 1);
                let len = object.len();
                let status = format!("206 Partial\r\nContent-Range: bytes {first}-{last}/{len}");
                (status, object[first..=last].to_vec())
            }
            None => {
                assert!(method == "HEAD" || !key.ends_with(".tar"), "all of {key} was asked for");
                ("200 OK".to_owned(), object.clone())
            }
        }
    }

    /// The objects of a folder, and the folders in it, as both stores list them.
    fn list(&self, prefix: &str) -> String {
        let (mut objects, mut folders) = (String::new(), vec![]);
        for (key, object) in &*self.objects.lock().unwrap() {
            let Some(rest) = key.strip_prefix(prefix) else { continue };
            match rest.split_once('/') {
                Some((folder, _)) => folders.push(format!("{prefix}{folder}/")),
                None => write!(
                    objects,
                    "<Contents><Key>{key}</Key><Size>{}</Size><ETag>\"1\"</ETag>\
                     <LastModified>2015-10-21T07:28:00.000Z</LastModified></Contents>",
                    object.len()
                )
                .unwrap(),
            }
        }
        folders.dedup();
        for folder in folders {
            write!(objects, "<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>").unwrap();
        }
        format!("<?xml version=\"1.0\"?><ListBucketResult>{objects}</ListBucketResult>")
    }
}

/// The name of the object that a request is for.
fn key(target: &str) -> &str {
    let (path, _) = target.split_once('?').unwrap_or((target, ""));
    path.strip_prefix("/bucket").unwrap().trim_start_matches('/')
}

/// A target of a request without the percent signs that stand for other letters.
fn decoded(target: &str) -> String {
    let mut parts = target.split('%');
    let mut decoded = parts.next().unwrap().to_owned();
    for part in parts {
        decoded.push(u8::from_str_radix(&part[..2], 16).unwrap().into());
        decoded.push_str(&part[2..]);
    }
    decoded
}

/// A shard with one example, whose image is its name.
fn shard(name: &str, label: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(vec![]);
    for (extension, contents) in [("jpg", name), ("cls", label)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        let path = format!("{name}.{extension}");
        archive.append_data(&mut header, path, contents.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap()
}

fn data(train: &str) -> ImageData {
    ImageData {
        train: train.to_owned(),
        validation: None,
        test: None,
        classes: 2,
        max_labels: None,
        fields: Fields::default(),
        image: ImageSettings::default(),
        max_skipped: 0,
        threads: None,
    }
}

/// The images of a set and their classes, or why there is none.
fn told(config: &DataConfig) -> String {
    let set = match Dataset::open(config) {
        Ok(set) => set,
        Err(error) => return error.to_string(),
    };
    let example = |index| {
        let example = set.example(Split::Train, index).unwrap();
        let RawInput::Image(bytes) = example.input else { panic!("it is an image") };
        let (image, name) = (String::from_utf8(bytes).unwrap(), set.name(Split::Train, index));
        format!("{name} = {image} {:?}", example.labels)
    };
    (0..set.len(Split::Train)).map(example).collect::<Vec<_>>().join("; ")
}

/// What a process with these variables tells of sets in a store, line by line.
fn tell(variables: &[(&str, &str)], sets: &str) -> String {
    let mut child = Command::new(env::current_exe().unwrap());
    // Not by way of the proxy that this machine may have.
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        child.env_remove(name).env_remove(name.to_uppercase());
    }
    let cache = tempfile::tempdir().unwrap();
    let run = child
        .env("HETXL_CACHE", cache.path())
        .args(["--ignored", "--exact", "tell_of_the_sets_that_another_test_names", "--nocapture"])
        .envs(variables.iter().copied())
        .env("SETS", sets)
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{out}{}", String::from_utf8_lossy(&run.stderr));
    let lines = out.lines().filter_map(|line| line.split_once("told: "));
    lines.map(|(_, told)| format!("{told}\n")).collect()
}

#[test]
#[ignore = "the other tests run it in processes of its own, as variables say where a store is"]
fn tell_of_the_sets_that_another_test_names() {
    for set in env::var("SETS").unwrap().lines() {
        let (kind, files) = set.split_once(' ').unwrap();
        let config = match kind {
            "folders" => DataConfig::Folders(data(files)),
            _ => DataConfig::Webdataset(data(files)),
        };
        println!("\ntold: {}", told(&config));
    }
}

fn objects() -> BTreeMap<String, Vec<u8>> {
    let objects = [
        ("set/x-000.tar", shard("a", "0")),
        ("set/x-001.tar", shard("b", "1")),
        ("set/other.txt", vec![]),
        ("set/y~1#%41.tar", shard("y", "0")),
        ("set/deeper/x-002.tar", shard("c", "1")),
        ("broken/x.tar", shard("a", "0")[..1500].to_vec()),
        ("images/cat/1.jpg", b"tabby".to_vec()),
        ("images/dog/1.jpg", b"spaniel".to_vec()),
    ];
    objects.map(|(key, object)| (key.to_owned(), object)).into()
}

const SETS: &str = "\
webdataset S://bucket/set/x-{000..001}.tar
webdataset S://bucket/set/y*
webdataset S://bucket/*/x-*1.tar
webdataset S://bucket/set/x-{000..002}.tar
webdataset S://bucket/broken/
folders S://bucket/images";

const TOLD: &str = "\
S://bucket/set/x-000.tar: a.jpg = a [0]; S://bucket/set/x-001.tar: b.jpg = b [1]
S://bucket/set/y~1#%41.tar: y.jpg = y [0]
S://bucket/set/x-001.tar: b.jpg = b [1]
";

/// Checks what is told of the sets.
fn check(told: &str, scheme: &str) {
    let (expected, lines) = (TOLD.replace('S', scheme), told.lines().collect::<Vec<_>>());
    assert_eq!(lines[..3], expected.lines().collect::<Vec<_>>());
    let bucket = format!("{scheme}://bucket");
    assert!(lines[3].starts_with(&format!("cannot read {bucket}/set/x-002.tar: ")), "{told}");
    let broken = format!("{bucket}/broken/x.tar, at offset 1024: it is cut off within a header");
    assert_eq!(lines[4], broken);
    let images =
        format!("{bucket}/images/cat/1.jpg = tabby [0]; {bucket}/images/dog/1.jpg = spaniel [1]");
    assert_eq!(lines[5], images);
}

#[test]
fn shards_and_folders_in_s3_are_found_and_read_in_parts() {
    let (store, address) = Store::start(objects());
    let variables = [
        ("AWS_ENDPOINT", &address[..]),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "here"),
    ];
    check(&tell(&variables, &SETS.replace('S', "s3")), "s3");
    // The first request failed, and was made again.
    assert_eq!(store.failures.load(Ordering::SeqCst), 0);
}

/// A shard with one example and beside it something large that nobody needs.
fn large_shard(name: &str, label: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(vec![]);
    let video = vec![7; LARGE];
    for (extension, contents) in
        [("mp4", &video[..]), ("jpg", name.as_bytes()), ("cls", label.as_bytes())]
    {
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        archive.append_data(&mut header, format!("{name}.{extension}"), contents).unwrap();
    }
    archive.into_inner().unwrap()
}

const LARGE: usize = 300_000;

#[test]
fn headers_of_shards_are_fetched_once_unless_a_shard_changes() {
    let name = |number: usize| format!("x-00{number}.tar");
    let shards = ["a", "b", "c"].map(|it| large_shard(it, "0"));
    let named = shards.into_iter().enumerate().map(|(number, shard)| (name(number), shard));
    let (store, address) = Store::start(named.collect());
    let cache = tempfile::tempdir().unwrap();
    let open = |cache: &Path| {
        let variables = [
            ("GOOGLE_BASE_URL", &address[..]),
            ("GOOGLE_SKIP_SIGNATURE", "true"),
            ("HETXL_CACHE", cache.to_str().unwrap()),
        ];
        store.given.store(0, Ordering::SeqCst);
        let told = tell(&variables, "webdataset gs://bucket/");
        (told, store.given.load(Ordering::SeqCst))
    };
    let example = |number, image: &str, label: &str| {
        format!("gs://bucket/{}: {image}.jpg = {image} [{label}]", name(number))
    };
    let examples = [example(0, "a", "0"), example(1, "b", "0"), example(2, "c", "0")];
    let (first, all) = open(cache.path());
    assert_eq!(first, examples.join("; ") + "\n");
    assert!(all > 3 * LARGE, "{all}");
    let (second, few) = open(cache.path());
    assert_eq!(second, first);
    assert!(few < 20_000, "{few}");
    let changed = large_shard("d", "1");
    store.objects.lock().unwrap().insert(name(1), changed);
    let (third, one) = open(cache.path());
    let examples = [example(0, "a", "0"), example(1, "d", "1"), example(2, "c", "0")];
    assert_eq!(third, examples.join("; ") + "\n");
    assert!((LARGE..LARGE + 20_000).contains(&one), "{one}");
    // Where nothing can be kept everything is as it is elsewhere.
    let (fourth, all) = open(Path::new("/dev/null"));
    assert_eq!(fourth, third);
    assert!(all > 3 * LARGE, "{all}");
}

#[test]
fn shards_and_folders_in_google_cloud_storage_are_found_and_read_in_parts() {
    let (_store, address) = Store::start(objects());
    let variables = [("GOOGLE_BASE_URL", &address[..]), ("GOOGLE_SKIP_SIGNATURE", "true")];
    check(&tell(&variables, &SETS.replace('S', "gs")), "gs");
}
