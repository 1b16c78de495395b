//! What the machine has, what is missing, and the commands that mend it.

mod support;

use std::env;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt, symlink};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use support::{Ended, Workplace, end};

/// A command that looks for plugins where they are without the variables that name one.
fn command(work: &Workplace, arguments: &str) -> Command {
    let mut command = work.command(arguments);
    command.env_remove("HETXL_PLUGIN").env_remove("PJRT_NAMES_AND_LIBRARY_PATHS");
    command
}

fn parse(ended: &Ended) -> Value {
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:#?}");
    serde_json::from_str(&ended.stdout).unwrap()
}

/// What `hetxl doctor --json` reports, and its exit code.
fn doctor(command: &mut Command) -> (Value, i32) {
    let ended = end(command);
    assert_eq!(ended.stderr, "", "{ended:#?}");
    (parse(&ended), ended.code.unwrap())
}

fn platform<'a>(report: &'a Value, name: &str) -> &'a Value {
    let platforms = report["platforms"].as_array().unwrap();
    platforms.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name}: {report}"))
}

fn install(work: &Workplace, name: &str) -> String {
    let ended = end(&mut command(work, &format!("plugin install {name}")));
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    ended.stdout.trim().to_owned()
}

/// A copy of an installed plugin in a cache of its own, and the copy's path.
fn copy_of_cache(work: &Workplace, name: &str) -> String {
    let path = install(work, name);
    let path = Path::new(&path);
    let folder = path.parent().unwrap().file_name().unwrap();
    let copy = work.path("cache/plugins").join(folder).join(path.file_name().unwrap());
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(path, &copy).unwrap();
    copy.display().to_string()
}

#[test]
fn cpu_plugins_of_three_interface_versions_are_told_apart() {
    let work = Workplace::new();
    let names = ["cpu", "cpu-zml", "cpu-openxla"];
    let paths = names.map(|name| install(&work, name));
    let (report, code) = doctor(&mut command(&work, "doctor --json"));
    assert_eq!((code, &report["trains"]), (0, &json!(true)));
    let versions = [("0.115", "1.20.0"), ("0.106", "1.16.1"), ("0.81", "1.13.3")];
    for ((name, path), (interface, stablehlo)) in names.iter().zip(&paths).zip(versions) {
        let it = platform(&report, name);
        assert_eq!((&it["state"], &it["missing"]), (&json!("ready"), &json!([])));
        let plugin = &it["plugin"];
        let facts =
            [&plugin["path"], &plugin["interface"], &plugin["stablehlo"], &plugin["problem"]];
        assert_eq!(json!(facts), json!([path, interface, stablehlo, null]));
    }
    let text = end(&mut command(&work, "doctor")).stdout;
    for line in [
        "cpu: ready",
        &format!("  {} (the cache)", paths[0]),
        "  PJRT interface 0.115, StableHLO 1.20.0",
        "  PJRT interface 0.106, StableHLO 1.16.1",
        "`hetxl train` can work here",
    ] {
        assert!(text.lines().any(|it| it == line), "no line {line:?} in:\n{text}");
    }
}

#[test]
fn a_machine_without_plugins_is_told_how_to_get_each_and_gets_none() {
    let work = Workplace::new();
    let empty = work.path("cache");
    let (report, code) = doctor(command(&work, "doctor --json").env("HETXL_CACHE", &empty));
    // The first training brings the plugin itself.
    assert_eq!(code, 0);
    for name in ["cpu", "cpu-zml", "cpu-openxla", "tpu", "cuda12", "cuda13"] {
        let it = platform(&report, name);
        assert_eq!(it["state"], "not-installed");
        let remedy = format!("hetxl plugin install {name}");
        assert_eq!(it["missing"][0], json!({ "what": "there is no plugin", "remedy": remedy }));
    }
    assert!(!empty.exists());

    // Nothing brings it where there is no Python.
    let mut bare = command(&work, "doctor --json");
    let (report, code) = doctor(bare.env("HETXL_CACHE", &empty).env("PATH", work.path("")));
    assert_eq!((code, &report["trains"], &report["pip"]), (1, &json!(false), &Value::Null));
    assert_eq!(report["missing"][0]["what"], "there is no python3");
}

#[test]
fn a_platform_whose_hardware_is_not_here_compiles_only() {
    let work = Workplace::new();
    let names = ["tpu", "cuda12"];
    for name in names {
        install(&work, name);
    }
    let (report, _) = doctor(&mut command(&work, "doctor --json"));
    for name in names {
        let it = platform(&report, name);
        if it["hardware"]["present"] == true {
            println!("skipped: {name}: {it}");
            continue;
        }
        assert_eq!(
            (&it["state"], &it["plugin"]["problem"]),
            (&json!("compiles-only"), &Value::Null)
        );
        let what = it["missing"][0]["what"].as_str().unwrap();
        assert!(what.ends_with("on this machine's PCI bus"), "{what}");
    }
}

#[test]
fn a_variable_that_names_no_plugin_is_told_with_its_remedy_and_the_rest_all_the_same() {
    let work = Workplace::new();
    let cpu = install(&work, "cpu");
    let libc = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/usr/lib/libc.so.6"];
    let libc = libc.iter().find(|path| fs::exists(path).unwrap()).expect("a C library");
    symlink(libc, work.path("libc.so")).unwrap();
    // Long enough to begin as a library, and cut off where the loader looks for more.
    let mut cut = File::open(&cpu).unwrap();
    let mut start = std::io::Read::take(&mut cut, 50_000_000);
    std::io::copy(&mut start, &mut File::create(work.path("cut.so")).unwrap()).unwrap();
    for (path, problem) in [
        ("small.toml", "expected a shared library at "),
        ("libc.so", "expected a PJRT plugin at "),
        ("cut.so", ""),
        ("none", "HETXL_PLUGIN names "),
    ] {
        let mut command = command(&work, "doctor --json");
        let (report, code) = doctor(command.env("HETXL_PLUGIN", work.path(path)));
        assert_eq!((code, &report["trains"]), (1, &json!(false)), "{path}");
        let missing = &report["missing"][0];
        assert!(missing["what"].as_str().unwrap().starts_with(problem), "{path}: {missing}");
        assert_eq!(missing["remedy"], "unset HETXL_PLUGIN");
        assert_eq!(platform(&report, "cpu")["plugin"]["interface"], "0.115");
    }

    let value = format!("mine:{cpu},cuda:{},other:/nowhere", work.path("cut.so").display());
    let mut named = command(&work, "doctor --json");
    let (report, code) = doctor(named.env("PJRT_NAMES_AND_LIBRARY_PATHS", value));
    assert_eq!(code, 0);
    assert_eq!(platform(&report, "mine")["state"], "ready");
    assert_eq!(platform(&report, "cuda12")["state"], "broken");
    let remedy = "unset PJRT_NAMES_AND_LIBRARY_PATHS";
    assert_eq!(platform(&report, "cuda12")["missing"][0]["remedy"], remedy);
    assert_eq!(report["missing"][0]["remedy"], remedy);

    let mut named = command(&work, "doctor --json");
    let (report, code) = doctor(named.env("PJRT_NAMES_AND_LIBRARY_PATHS", "cpu"));
    assert_eq!((code, &platform(&report, "cpu")["state"]), (1, &json!("broken")));
}

#[test]
fn a_damaged_installation_is_mended_by_the_command_that_is_told() {
    let work = Workplace::new();
    let copy = copy_of_cache(&work, "cpu");
    let cache = work.path("cache");
    // Of the right size, so that nothing but loading it shows what it is.
    let file = File::options().write(true).open(&copy).unwrap();
    file.write_all_at(&[0xff; 64], 0).unwrap();
    let (report, code) = doctor(command(&work, "doctor --json").env("HETXL_CACHE", &cache));
    let cpu = platform(&report, "cpu");
    assert_eq!((code, &cpu["state"]), (1, &json!("broken")));

    let remedy = cpu["missing"][0]["remedy"].as_str().unwrap();
    let hetxl = Path::new(env!("CARGO_BIN_EXE_hetxl")).parent().unwrap();
    let mut path = vec![hetxl.to_owned()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap()));
    let mut shell = Command::new("sh");
    shell.args(["-c", remedy]).env("PATH", env::join_paths(path).unwrap());
    let ended = end(shell.env("HETXL_CACHE", &cache).current_dir(work.path("")));
    assert_eq!(ended.code, Some(0), "{remedy}: {ended:#?}");
    let (report, code) = doctor(command(&work, "doctor --json").env("HETXL_CACHE", &cache));
    assert_eq!((code, &platform(&report, "cpu")["state"]), (0, &json!("ready")));

    // One that was cut is not even loaded.
    File::options().write(true).open(&copy).unwrap().set_len(1000).unwrap();
    let (report, code) = doctor(command(&work, "doctor --json").env("HETXL_CACHE", &cache));
    let missing = &platform(&report, "cpu")["missing"][0];
    assert_eq!((code, &missing["remedy"]), (1, &json!("hetxl plugin install cpu")));
    assert!(missing["what"].as_str().unwrap().ends_with("is damaged"), "{missing}");
}

#[test]
fn devices_are_those_of_every_platform_that_is_here_and_a_cpu_is_one_with_the_machine_s_memory() {
    let work = Workplace::new();
    let path = install(&work, "cpu");
    install(&work, "cpu-zml");
    let ended = end(&mut command(&work, "devices --json"));
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let report = parse(&ended);
    let cpu = platform(&report, "cpu");
    assert_eq!(cpu["plugin"], path.as_str());
    let [device] = &cpu["devices"].as_array().unwrap()[..] else { panic!("{cpu}") };
    assert_eq!((&device["id"], &device["device"]), (&json!(0), &json!("cpu:0")));
    let free = Command::new("free").arg("-b").output();
    if let Ok(free) = free {
        let text = String::from_utf8(free.stdout).unwrap();
        let total = text.lines().nth(1).unwrap().split_whitespace().nth(1).unwrap();
        assert_eq!(device["memory"].to_string(), total);
    }
    assert_eq!(platform(&report, "cpu-zml")["devices"].as_array().unwrap().len(), 1);

    let one = parse(&end(&mut command(&work, "devices --platform cpu-zml --json")));
    assert_eq!(one["platforms"].as_array().unwrap().len(), 1);
    let text = end(&mut command(&work, "devices --platform cpu")).stdout;
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn listing_devices_installs_nothing() {
    let work = Workplace::new();
    for (arguments, name) in [("devices --platform tpu", "tpu"), ("devices", "cpu")] {
        let mut command = command(&work, arguments);
        let message = work.message(command.env("HETXL_CACHE", work.path("cache")));
        let remedy = format!("install one with `hetxl plugin install {name}`");
        assert!(message.contains(&remedy), "{message}");
        assert!(!work.path("cache").exists());
    }
}

#[test]
fn a_cache_folder_that_cannot_be_made_is_told_of() {
    let work = Workplace::new();
    fs::write(work.path("file"), "").unwrap();
    let mut command = work.command("doctor");
    command.env("HETXL_CACHE", work.path("file/cache")).env_remove("HETXL_PLUGIN");
    command.env_remove("PJRT_NAMES_AND_LIBRARY_PATHS");
    let ended = end(&mut command);
    let what = format!("missing: the cache folder {} cannot be", work.path("file/cache").display());
    assert!(ended.stdout.contains(&what), "{ended:#?}");
}

#[test]
fn a_plugin_without_its_hardware_in_the_place_of_all_others_is_told_of() {
    let work = Workplace::new();
    let path = install(&work, "tpu");
    if !pjrt::tpu_chips().is_empty() {
        println!("skipped: there are TPUs here");
        return;
    }
    let ended = end(work.command("doctor").env("HETXL_PLUGIN", path));
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    let told = "missing: there is no TPU on this machine's PCI bus\n  mend by: unset HETXL_PLUGIN";
    assert!(ended.stdout.contains(told), "{ended:#?}");
}
