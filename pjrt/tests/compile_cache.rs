//! The cache of compiled programs.

mod support;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use pjrt::{
    CacheError, Client, ClientOptions, Code, CompileCache, CompileOptions, Flag, LoadedExecutable,
};
use support::{ADD, ADD_IN_PLACE, client, clients, f32s, plugins};
use tempfile::TempDir;

/// A product, a sum and a donation, so that there is a fusion, a library call and an alias.
const STEP: &str = "module @step { func.func public @main(
    %w: tensor<64x64xf32> {tf.aliasing_output = 0 : i32}, %x: tensor<64x64xf32>)
    -> (tensor<64x64xf32>, tensor<f32>) {
  %p = stablehlo.dot_general %w, %x, contracting_dims = [1] x [0]
      : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
  %t = stablehlo.tanh %p : tensor<64x64xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %s = stablehlo.reduce(%t init: %zero) applies stablehlo.add across dimensions = [0, 1]
      : (tensor<64x64xf32>, tensor<f32>) -> tensor<f32>
  %r = stablehlo.add %w, %t : tensor<64x64xf32>
  return %r, %s : tensor<64x64xf32>, tensor<f32>
} }";

struct Cache {
    folder: TempDir,
    cache: CompileCache,
}

impl Cache {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = CompileCache::new(folder.path().join("compiled"));
        Self { folder, cache }
    }

    /// A program from the cache or the compiler, whose use of the cache must go well.
    fn compile(&self, client: &Client, code: &str) -> (LoadedExecutable, bool) {
        let compiled = self.cache.compile(client, Code::mlir(code), &CompileOptions::default());
        let compiled = compiled.unwrap();
        assert!(compiled.problem.is_none(), "{:?}", compiled.problem);
        (compiled.executable, compiled.cached)
    }

    /// The file of the only program.
    fn file(&self) -> PathBuf {
        let programs = self.cache.programs().unwrap();
        assert_eq!(programs.len(), 1);
        self.cache.folder().join(&programs[0].key)
    }
}

/// What two steps on the same start return.
fn two_steps(client: &Client, step: &LoadedExecutable) -> (Vec<f32>, Vec<f32>) {
    let numbers = |scale: f32| (0..64 * 64).map(move |i| scale * ((i * 37 % 101) as f32 - 50.0));
    let x = f32s(client, &[64, 64], &numbers(0.01).collect::<Vec<_>>());
    let mut w = f32s(client, &[64, 64], &numbers(0.003).collect::<Vec<_>>());
    let mut sums = Vec::new();
    for _ in 0..2 {
        let mut results = step.run(vec![w.into(), (&x).into()]).unwrap();
        sums.push(results.pop().unwrap().to_host().unwrap().item::<f32>().unwrap());
        w = results.pop().unwrap();
    }
    (w.to_host().unwrap().as_slice::<f32>().unwrap().to_vec(), sums)
}

#[test]
fn a_program_that_was_loaded_is_the_one_that_was_compiled() {
    for plugin in plugins() {
        let cache = Cache::new();
        let client = || plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
        let (one, other) = (client(), client());
        let (compiled, cached) = cache.compile(&one, STEP);
        assert!(!cached);
        let (loaded, cached) = cache.compile(&other, STEP);
        assert!(cached);
        assert_eq!(two_steps(&one, &compiled), two_steps(&other, &loaded));
        assert_eq!(loaded.name(), "step");
        assert_eq!(loaded.donatable_inputs(), [0]);
        assert_eq!(loaded.inputs(), compiled.inputs());
        assert_eq!(loaded.outputs(), compiled.outputs());
        assert_eq!(loaded.memory_stats().unwrap(), compiled.memory_stats().unwrap());
        assert_eq!(loaded.cost().is_ok(), compiled.cost().is_ok());
    }
}

#[test]
fn a_program_of_eight_devices_is_loaded_onto_eight_and_not_onto_four() {
    let sum = "func.func public @main(%x: tensor<f32>) -> tensor<f32> {
      %y = \"stablehlo.all_reduce\"(%x) ({
        ^bb0(%a: tensor<f32>, %b: tensor<f32>):
          %c = stablehlo.add %a, %b : tensor<f32>
          stablehlo.return %c : tensor<f32>
      }) {replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>} : (tensor<f32>) -> tensor<f32>
      return %y : tensor<f32>
    }";
    let options = CompileOptions { replicas: 4, ..Default::default() };
    for plugin in plugins() {
        let cache = Cache::new();
        for (devices, cached) in [(8, false), (8, true), (4, false), (4, true)] {
            let client = plugin.client(&ClientOptions::new().cpu_devices(devices)).unwrap();
            let compiled = cache.cache.compile(&client, Code::mlir(sum), &options).unwrap();
            assert_eq!(compiled.cached, cached, "{devices}");
            let program = compiled.executable;
            let arguments = program.devices().into_iter().enumerate().map(|(i, device)| {
                let array = pjrt::HostArray::scalar(i as f32);
                vec![client.buffer(&array, &device).unwrap().into()]
            });
            let results = program.run_on_all(arguments.collect()).unwrap();
            let sums = results.iter().map(|it| it[0].to_host().unwrap().item::<f32>().unwrap());
            assert_eq!(sums.collect::<Vec<_>>(), [6.0; 4]);
        }
    }
}

#[test]
fn other_programs_options_and_plugins_are_compiled_anew() {
    let cache = Cache::new();
    let fast = CompileOptions { optimization_level: Some(9), ..Default::default() };
    let plugins = clients();
    for client in &plugins {
        for (code, options) in [
            (ADD, &CompileOptions::default()),
            (ADD_IN_PLACE, &CompileOptions::default()),
            (ADD, &fast),
        ] {
            for cached in [false, true] {
                let compiled = cache.cache.compile(client, Code::mlir(code), options).unwrap();
                assert_eq!(compiled.cached, cached);
            }
        }
    }
    assert_eq!(cache.cache.programs().unwrap().len(), 3 * plugins.len());
}

#[test]
fn another_build_of_a_plugin_shares_nothing_and_the_same_build_elsewhere_shares_all() {
    let cache = Cache::new();
    let path = support::plugin_paths().remove(0);
    let copy = cache.folder.path().join("copy.so");
    let other = cache.folder.path().join("other.so");
    fs::copy(&path, &copy).unwrap();
    fs::copy(&path, &other).unwrap();
    // A byte behind all that is loaded makes another file of the same plugin.
    let len = fs::metadata(&other).unwrap().len();
    File::options().append(true).open(&other).unwrap().set_len(len + 1).unwrap();
    for (path, cached) in [(&path, false), (&copy, true), (&other, false)] {
        let plugin = pjrt::Plugin::load(path).unwrap();
        let client = plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
        assert_eq!(cache.compile(&client, ADD).1, cached, "{path:?}");
    }
    // The file at the path of a plugin that is loaded need not be that plugin any more.
    fs::rename(&other, &copy).unwrap();
    let plugin = pjrt::Plugin::load(cache.folder.path().join("copy.so")).unwrap();
    let client = plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
    let compiled = cache.cache.compile(&client, Code::mlir(ADD), &CompileOptions::default());
    let compiled = compiled.unwrap();
    assert!(!compiled.cached);
    let problem = compiled.problem.unwrap().to_string();
    assert!(problem.ends_with("it was replaced since it was loaded"), "{problem}");
}

#[test]
fn a_damaged_or_foreign_file_is_compiled_anew_and_replaced() {
    for client in clients() {
        let cache = Cache::new();
        cache.compile(&client, ADD);
        let file = cache.file();
        let whole = fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        *flipped.last_mut().unwrap() ^= 1;
        let elsewhere = Cache::new();
        elsewhere.compile(&client, STEP);
        let foreign = fs::read(elsewhere.file()).unwrap();
        for damage in [&flipped[..], &whole[..whole.len() / 2], b"", b"something else", &foreign] {
            fs::write(&file, damage).unwrap();
            let (add, cached) = cache.compile(&client, ADD);
            assert!(!cached);
            let x = f32s(&client, &[2], &[1.0, 2.0]);
            let sum = add.run(vec![(&x).into(), (&x).into()]).unwrap()[0].to_host().unwrap();
            assert_eq!(sum.as_slice::<f32>().unwrap(), [2.0, 4.0]);
            assert!(cache.compile(&client, ADD).1, "what was damaged was not replaced");
        }
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_told_of_and_stops_nobody() {
    let client = client();
    // A file in the place of a folder stops everybody, the superuser among them.
    let file = tempfile::NamedTempFile::new().unwrap();
    let cache = CompileCache::new(file.path().join("compiled"));
    let compiled = cache.compile(&client, Code::mlir(ADD), &CompileOptions::default()).unwrap();
    assert!(!compiled.cached);
    assert!(matches!(compiled.problem, Some(CacheError::Io { .. })), "{:?}", compiled.problem);
    let x = f32s(&client, &[2], &[1.0, 2.0]);
    assert!(compiled.executable.run(vec![(&x).into(), (&x).into()]).is_ok());
}

#[test]
fn a_folder_that_others_can_write_to_is_not_used() {
    let client = client();
    let cache = Cache::new();
    cache.compile(&client, ADD);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(cache.cache.folder()), 0o700);
    assert_eq!(mode(&cache.file()), 0o600);
    fs::set_permissions(cache.cache.folder(), Permissions::from_mode(0o777)).unwrap();
    let compiled = cache.cache.compile(&client, Code::mlir(ADD), &CompileOptions::default());
    let compiled = compiled.unwrap();
    assert!(!compiled.cached);
    assert!(matches!(compiled.problem, Some(CacheError::Untrusted { .. })));
}

#[test]
fn a_program_that_others_can_write_to_is_not_loaded_but_replaced() {
    let client = client();
    let cache = Cache::new();
    cache.compile(&client, ADD);
    for mode in [0o620, 0o602] {
        fs::set_permissions(cache.file(), Permissions::from_mode(mode)).unwrap();
        assert!(!cache.compile(&client, ADD).1, "{mode:o}");
        assert!(cache.compile(&client, ADD).1, "what others can write to was not replaced");
    }
}

#[test]
fn a_compilation_that_dumps_its_work_is_done_each_time() {
    let client = client();
    let cache = Cache::new();
    let dump = cache.folder.path().join("dump").display().to_string();
    let flag = ("xla_dump_to".to_owned(), Flag::String(dump));
    let options = CompileOptions { flags: [flag].into(), ..Default::default() };
    for _ in 0..2 {
        let compiled = cache.cache.compile(&client, Code::mlir(ADD), &options).unwrap();
        assert!(!compiled.cached && compiled.problem.is_none());
    }
    assert!(cache.cache.programs().unwrap().is_empty());
}

#[test]
fn the_list_is_of_what_was_compiled_last_used_first() {
    let client = client();
    let cache = Cache::new();
    for (name, code) in [("first", ADD), ("second", ADD_IN_PLACE)] {
        cache.compile(&client, &format!("module @{name} {{ {code} }}"));
    }
    let names = || {
        let programs = cache.cache.programs().unwrap();
        assert!(programs.iter().all(|program| program.platform == "cpu"));
        programs.into_iter().map(|program| program.name).collect::<Vec<_>>()
    };
    assert_eq!(names(), ["second", "first"]);
    assert!(cache.compile(&client, &format!("module @first {{ {ADD} }}")).1);
    assert_eq!(names(), ["first", "second"]);
    let bytes: u64 = cache.cache.programs().unwrap().iter().map(|program| program.bytes).sum();
    assert_eq!(cache.cache.clear().unwrap(), (2, bytes));
    assert!(names().is_empty());
}
