//! The readers of bytes that come from elsewhere: what each is given, and what real files look like.
//!
//! Both the fuzz targets and `tests/damage.rs` are made of these.
#![allow(dead_code)] // each uses a part

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use hetxl::checkpoint::{Checkpoint, Position, State, Tensors};
use hetxl::config::Config;
use hetxl::data::{DataConfig, Dataset, Fields, IdxData, ImageData, ImageSettings, Split};
use hetxl::hlo_module::HloModule;
use hetxl::metrics::MetricsFile;
use hetxl::program_file::ProgramFile;
use hetxl::{export, npy, values};
use pjrt::install::Environment;
use pjrt::{DType, HostArray};
use sha2::{Digest, Sha256};

/// A reader and files that it reads.
pub(crate) struct Reader {
    /// The name of the fuzz target.
    pub(crate) name: &'static str,
    /// Files that are as they should be.
    pub(crate) samples: fn() -> Vec<Vec<u8>>,
    /// Reads bytes and does with them what the program does. Whatever the bytes, it must return.
    pub(crate) read: fn(&[u8]),
}

/// Every reader that can be reached from outside of its crate.
pub(crate) const READERS: &[Reader] = &[
    Reader { name: "npy", samples: npy_samples, read: npy },
    Reader { name: "hlo_module", samples: hlo_module_samples, read: hlo_module },
    Reader { name: "program_file", samples: program_file_samples, read: program_file },
    Reader { name: "config", samples: config_samples, read: config },
    Reader { name: "idx", samples: idx_samples, read: idx },
    Reader { name: "webdataset", samples: webdataset_samples, read: webdataset },
    Reader { name: "tfrecord", samples: tfrecord_samples, read: tfrecord },
    Reader { name: "state", samples: state_samples, read: state },
    Reader { name: "tensors", samples: tensors_samples, read: tensors },
    Reader { name: "metrics", samples: metrics_samples, read: metrics },
    Reader { name: "manifest", samples: manifest_samples, read: manifest },
    Reader { name: "library_paths", samples: library_paths_samples, read: library_paths },
];

/// The reader that a fuzz target of this name is of.
pub(crate) fn named(name: &str) -> &'static Reader {
    READERS.iter().find(|reader| reader.name == name).expect("a reader has the target's name")
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join(path))
        .find(|path| path.exists())
        .expect("the file is part of the repository")
}

fn file(path: &str) -> Vec<u8> {
    fs::read(repository(path)).expect("the file can be read")
}

/// A folder for the readers of files, in memory where the system has such a place.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}

fn npy_samples() -> Vec<Vec<u8>> {
    let arrays = DType::ALL.iter().map(|&dtype| values::random(dtype, &[2, 3], 1, 0));
    let mut files: Vec<_> = arrays.map(|array| npy::encode(&array.expect("it is small"))).collect();
    let of = |header: &str, data: &[u8]| {
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        [&file, header.as_bytes(), data].concat()
    };
    files.push(of("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }\n", &[1; 16]));
    files.push(of("{'descr': '<V2', 'fortran_order': False, 'shape': (3L,), }\n", &[1; 6]));
    files.push(of("{'descr': '|b1', 'fortran_order': False, 'shape': (), }\n", &[1]));
    files
}

fn npy(bytes: &[u8]) {
    let Ok(array) = npy::decode(bytes) else { return };
    let elements: usize = array.dims().iter().product();
    assert!(elements <= bytes.len(), "{array}");
    for &dtype in DType::ALL {
        let Ok(array) = array.clone().into_array(dtype) else { continue };
        values::summary(&array);
        let again = npy::decode(&npy::encode(&array)).expect("what is written reads back");
        assert_eq!(again.into_array(dtype).expect("as the same type"), array);
    }
}

fn hlo_module_samples() -> Vec<Vec<u8>> {
    ["optimized", "multiply", "split"].map(|name| file(&format!("tests/data/{name}.pb"))).into()
}

fn hlo_module(bytes: &[u8]) {
    let plain = HloModule::decode(bytes).ok();
    let wrapped = HloModule::unwrap(bytes).map(|(_, module)| module);
    for module in plain.into_iter().chain(wrapped) {
        module.costs().total();
        module.buffers();
        module.parameters();
        module.results();
        module.loops();
        module.custom_calls();
        module.device_counts();
        module.is_marked();
        module.host_transfer();
        for sharding in [module.parameter_shardings(), module.result_shardings()] {
            // One that is not into tiles is an error.
            for sharding in sharding.unwrap_or_default() {
                sharding.tile(1, 2);
            }
        }
    }
}

fn program_file_samples() -> Vec<Vec<u8>> {
    let files = ["data/multiply.pb", "data/multiply.mlirbc", "data/programs/add-float32.mlir"];
    let mut files: Vec<_> = files.map(|path| file(&format!("tests/{path}"))).into();
    // Names that are words of the language, and letters of more than a byte.
    let named =
        "func.func @dense(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }";
    files.extend([named, "func.func @dense éaaaa"].map(|text| text.as_bytes().to_vec()));
    files
}

fn program_file(bytes: &[u8]) {
    let folder = folder();
    let path = folder.path().join("program");
    fs::write(&path, bytes).expect("the folder can be written");
    if let Ok(program) = ProgramFile::read(&path) {
        // A module that is compiled already is refused.
        let _ = program.code();
    }
}

fn config_samples() -> Vec<Vec<u8>> {
    let mut files: Vec<_> = ["examples/digits.toml", "examples/mnist.toml"].map(file).into();
    let whole = Config::read(&repository("examples/digits.toml"), &[]).expect("it is a config");
    files.push(whole.to_toml().into_bytes());
    files.push(b"model.trunk.kind = 'mlp'\nmodel.head.kind = 'det'\n\0model.head.samples=3".into());
    files
}

/// A config, and overrides behind a zero each.
fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\0').map(str::to_owned);
    let config = parts.next().unwrap_or_default();
    let overrides: Vec<_> = parts.collect();
    let Ok(config) = Config::parse(&config, &overrides) else { return };
    let again = Config::parse(&config.to_toml(), &[]).expect("what is written reads back");
    assert_eq!(again, config);
    assert_eq!(again.sha256(), config.sha256());
    assert!(again.differences(&config).is_empty());
}

fn idx_samples() -> Vec<Vec<u8>> {
    let labels = [&[0, 0, 8, 1, 0, 0, 0, 2][..], &[1, 3]].concat();
    let images = [&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2][..], &[9, 8, 7, 6]].concat();
    let pair = |labels: &[u8], images: &[u8]| {
        [&(labels.len() as u16).to_le_bytes()[..], labels, images].concat()
    };
    let compressed = file("data/digits/labels.idx1-ubyte.gz");
    vec![pair(&labels, &images), pair(&compressed, &images)]
}

/// A file of labels behind its length, and one of images.
fn idx(bytes: &[u8]) {
    let Some((len, rest)) = bytes.split_first_chunk::<2>() else { return };
    let (labels, images) = rest.split_at(rest.len().min(u16::from_le_bytes(*len).into()));
    let folder = folder();
    for part in ["train", "t10k"] {
        for (name, contents) in [("labels-idx1-ubyte", labels), ("images-idx3-ubyte", images)] {
            fs::write(folder.path().join(format!("{part}-{name}")), contents)
                .expect("the folder can be written");
        }
    }
    let (path, stack) = (folder.path().to_owned(), NonZeroUsize::MIN);
    let config = IdxData { path, classes: 4, validation: 1, stack, label_noise: None };
    if let Ok(data) = Dataset::idx(&config) {
        assert!(data.features() > 0);
        assert!(data.len(Split::Train) > 0);
    }
}

fn webdataset_samples() -> Vec<Vec<u8>> {
    let names = ["webdataset", "json", "ustar", "gnu", "pax"];
    names.map(|name| file(&format!("tests/data/shards/{name}.tar"))).into()
}

fn webdataset(bytes: &[u8]) {
    examples(bytes, DataConfig::Webdataset);
}

fn tfrecord_samples() -> Vec<Vec<u8>> {
    vec![file("tests/data/shards/some-train.tfrecord-00000-of-00001")]
}

fn tfrecord(bytes: &[u8]) {
    examples(bytes, DataConfig::Tfrecord);
}

/// A file of many examples, and all of them.
fn examples(bytes: &[u8], kind: fn(ImageData) -> DataConfig) {
    let folder = folder();
    let path = folder.path().join("shard");
    fs::write(&path, bytes).expect("the folder can be written");
    let data = ImageData {
        train: path.to_str().expect("the folder's name is of letters").to_owned(),
        validation: None,
        test: None,
        classes: 10,
        max_labels: None,
        fields: Fields::default(),
        image: ImageSettings::default(),
        max_skipped: 0,
        threads: Some(NonZeroUsize::MIN),
    };
    let Ok(set) = Dataset::open(&kind(data)) else { return };
    for index in 0..set.len(Split::Train) {
        // One that is damaged is an error.
        let _ = set.example(Split::Train, index);
        assert!(set.name(Split::Train, index).contains("shard"));
    }
}

fn checkpoint() -> (tempfile::TempDir, PathBuf) {
    let folder = folder();
    let dtypes = [DType::Pred, DType::S8, DType::U16, DType::F32, DType::Bf16, DType::F8E5M2];
    let arrays = dtypes.map(|dtype| {
        (format!("of/{dtype}"), values::random(dtype, &[2, 3], 1, 0).expect("it is small"))
    });
    let checkpoint = Checkpoint {
        state: State {
            step: 100,
            seed: 7,
            position: Position { epoch: 5, example: 0 },
            config_sha256: "9f86d081884c7d65".to_owned(),
            hash: None,
            hetxl: "0.1.0".to_owned(),
        },
        parameters: arrays.into(),
        optimizer: Tensors::from([("tau".to_owned(), HostArray::scalar(1.0f32))]),
    };
    let path = checkpoint.save(folder.path()).expect("the folder can be written");
    (folder, path)
}

fn state_samples() -> Vec<Vec<u8>> {
    let (_folder, path) = checkpoint();
    vec![fs::read(path.join("state.json")).expect("it was saved")]
}

/// The state of a checkpoint without arrays.
fn state(bytes: &[u8]) {
    let folder = folder();
    fs::write(folder.path().join("state.json"), bytes).expect("the folder can be written");
    assert!(Checkpoint::load(folder.path()).is_err());
}

fn tensors_samples() -> Vec<Vec<u8>> {
    let (_folder, path) = checkpoint();
    let read = |file| fs::read(path.join(file)).expect("it was saved");
    vec![read("parameters.safetensors"), read("optimizer.safetensors")]
}

/// The arrays of a checkpoint whose state is right.
fn tensors(bytes: &[u8]) {
    let digest = Sha256::digest(bytes);
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let record = serde_json::json!({ "bytes": bytes.len(), "sha256": sha256 });
    let state = serde_json::json!({
        "format": 1,
        "step": 1,
        "seed": 0,
        "position": { "epoch": 0, "batch": 1 },
        "config_sha256": "",
        "hetxl": "0.1.0",
        "files": { "parameters.safetensors": record, "optimizer.safetensors": record },
    });
    let folder = folder();
    for (file, contents) in [
        ("state.json", state.to_string().as_bytes()),
        ("parameters.safetensors", bytes),
        ("optimizer.safetensors", bytes),
    ] {
        fs::write(folder.path().join(file), contents).expect("the folder can be written");
    }
    if let Ok(loaded) = Checkpoint::load(folder.path()) {
        let arrays = loaded.parameters.values().map(|array| array.bytes().len());
        assert!(arrays.sum::<usize>() <= bytes.len());
    }
}

fn metrics_samples() -> Vec<Vec<u8>> {
    let lines = "{\"step\":1,\"split\":\"train\",\"loss\":0.5}\n{\"step\":2,\"split\":\"test\"}\n";
    vec![lines.into()]
}

fn metrics(bytes: &[u8]) {
    let folder = folder();
    let path = folder.path().join("metrics.jsonl");
    fs::write(&path, bytes).expect("the folder can be written");
    // A damaged line is an error.
    let _ = MetricsFile::resume(&path, |step, split| step <= 1 || split == "test");
}

fn manifest_samples() -> Vec<Vec<u8>> {
    let port = r#"{"name":"x","dtype":"f32","shape":[2,3],"donated_to":0,"sharding":"replicated"}"#;
    let entry = format!(
        r#"{{"function":"f","file":"f.mlir","format":"stablehlo","inputs":[{port}],"outputs":[{port}]}}"#
    );
    vec![format!(r#"{{"hetxl":"0.1.0","programs":[{entry}]}}"#).into()]
}

fn manifest(bytes: &[u8]) {
    let folder = folder();
    fs::write(folder.path().join("manifest.json"), bytes).expect("the folder can be written");
    // Where the manifest doesn't speak of the program, it has no names.
    let _ = export::names(&folder.path().join("f.mlir"));
}

fn library_paths_samples() -> Vec<Vec<u8>> {
    vec![b"cpu:/opt/a.so,other:/b:c.so".into(), b"tpu:,:,cuda:/dev/null".into()]
}

fn library_paths(bytes: &[u8]) {
    use std::os::unix::ffi::OsStringExt;
    let environment = Environment {
        plugin: None,
        names_and_library_paths: Some(std::ffi::OsString::from_vec(bytes.to_vec())),
        cache: None,
        python: "/nowhere/python3".into(),
        cuda_home: None,
    };
    // There is no such plugin, or the list is wrong.
    let _ = environment.find("other", None);
}
