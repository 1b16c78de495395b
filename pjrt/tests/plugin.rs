//! Loading plugins.

mod support;

use std::io::Read as _;
use std::path::Path;

use pjrt::{AttributeValue, Error, Extension, LoadError, Plugin, ProfileOptions};
use support::{plugin_paths, plugins};

fn refusal(path: &Path) -> LoadError {
    match Plugin::load(path) {
        Err(Error::Load(error)) => error,
        other => panic!("expected a load error, got {other:?}"),
    }
}

#[test]
fn a_plugin_tells_its_versions() {
    for plugin in plugins() {
        let version = plugin.api_version();
        assert!(version.major == 0 && version.minor >= 81, "{version}");
        let [major, ..] = plugin.stablehlo_version().unwrap().expect("CPU plugins tell");
        assert_eq!(major, 1);
        let attributes = plugin.attributes().unwrap();
        assert!(matches!(attributes["xla_version"], AttributeValue::Int(_)), "{attributes:?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = refusal(Path::new("/nowhere/libpjrt.so"));
    insta::assert_snapshot!(error, @"no plugin at /nowhere/libpjrt.so: No such file or directory (os error 2); check the path");
}

#[test]
fn a_directory_is_refused() {
    let error = refusal(Path::new("/"));
    insta::assert_snapshot!(error, @"expected a shared library at /, got a directory; give the path of the plugin's .so file");
}

#[test]
fn a_text_file_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let error = refusal(&path);
    assert!(matches!(error, LoadError::NotALibrary { got: "another file", .. }), "{error}");
}

#[test]
fn a_library_that_is_no_plugin_is_refused() {
    let libc = std::fs::read_to_string("/proc/self/maps").unwrap();
    let libc = libc.lines().find_map(|line| {
        line.find("/").map(|at| &line[at..]).filter(|path| path.contains("libc.so"))
    });
    let error = refusal(Path::new(libc.expect("tests are linked to libc")));
    assert!(matches!(error, LoadError::NoEntry { entry: "GetPjrtApi", .. }), "{error}");
}

#[test]
fn a_library_that_is_cut_short_or_corrupt_is_refused_for_the_reason_that_the_loader_gives() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |content: &[u8]| {
        let path = folder.path().join("plugin.so");
        std::fs::write(&path, content).unwrap();
        refusal(&path).to_string().replace(folder.path().to_str().unwrap(), "FOLDER")
    };
    insta::assert_snapshot!(refusal(b"\x7fELF and no more"), @"the system refuses to load FOLDER/plugin.so: file too short; check that it is whole, that it is built for this machine and that the libraries it needs are installed (`ldd` lists them)");
    insta::assert_snapshot!(refusal(&[b"\x7fELF\x02\x01\x01", &[0; 1000][..]].concat()), @"the system refuses to load FOLDER/plugin.so: ELF file version does not match current one; check that it is whole, that it is built for this machine and that the libraries it needs are installed (`ldd` lists them)");
}

#[test]
fn a_plugin_whose_end_is_missing_is_refused_where_the_loader_would_end_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plugin.so");
    for len in [1000, 100_000, 50_000_000] {
        let whole = std::fs::File::open(&plugin_paths()[0]).unwrap();
        std::io::copy(&mut whole.take(len), &mut std::fs::File::create(&path).unwrap()).unwrap();
        let error = refusal(&path);
        assert!(matches!(error, LoadError::Cut { got, .. } if got == len), "{error}");
    }
}

#[test]
fn a_plugin_tells_its_extensions() {
    for plugin in plugins() {
        let extensions = plugin.extensions().unwrap();
        assert!(extensions.contains(&Extension::FFI), "{extensions:?}");
        assert!(extensions.contains(&Extension::LAYOUTS), "{extensions:?}");
        assert!(!extensions.contains(&Extension::TPU_TOPOLOGY), "{extensions:?}");
    }
}

#[test]
fn a_plugin_that_cannot_record_says_what_it_has_instead() {
    for plugin in plugins() {
        let error = plugin.profile(&ProfileOptions::default()).unwrap_err();
        assert!(error.is_unsupported());
        let Error::NoExtension { extension, has, .. } = &error else { panic!("{error}") };
        assert_eq!(*extension, Extension::PROFILER);
        assert_eq!(*has, plugin.extensions().unwrap());
        assert!(error.to_string().contains("has no extension Profiler; it has "), "{error}");
    }
}
