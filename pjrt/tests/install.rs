//! Installs the real CPU plugin with the machine's pip: about 63 MB when pip has no copy.
#![cfg(feature = "install")]

use std::process::Command;

use pjrt::install::{Environment, Progress, Source, Wheel};

#[test]
fn the_cpu_plugin_installs_itself_once() {
    let pip = Command::new("python3").args(["-m", "pip", "--version"]).output();
    if !pip.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 has no pip");
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let environment = Environment {
        plugin: None,
        names_and_library_paths: None,
        cuda_home: None,
        cache: Some(cache.path().to_owned()),
        python: "python3".into(),
    };
    let mut steps = Vec::new();
    let mut install = || environment.install("cpu", &mut |step| steps.push(step)).unwrap();

    let path = install();
    let wheel = Wheel::named("cpu").unwrap();
    assert_eq!(path.metadata().unwrap().len(), wheel.files[0].bytes);
    let head = std::fs::read(&path).unwrap()[..4].to_owned();
    assert_eq!(head, *b"\x7fELF");
    assert_eq!(install(), path);
    let wheel = *wheel;
    assert_eq!(steps, [Progress::Downloading { wheel }, Progress::Unpacking { wheel }]);

    assert_eq!(environment.find("cpu", None).unwrap().source, Source::Cache);
}
