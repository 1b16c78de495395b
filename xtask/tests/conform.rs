//! `cargo run -p xtask -- conform` as it is run. It installs the CPU plugin where there is none.
#![cfg(feature = "conform")]

use std::process::{Command, Output};

use serde_json::Value;

fn conform(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("conform").args(arguments).output().unwrap()
}

#[test]
fn nothing_that_the_cpu_plugin_offers_is_wrong() {
    let output = conform(&["cpu", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["plugin"], "cpu");
    assert_eq!(report["pjrt"], "0.115");
    let cases = report["cases"].as_array().unwrap();
    let outcome = |area: &str, name: &str| {
        let case = cases.iter().find(|case| case["area"] == area && case["name"] == name);
        case.unwrap_or_else(|| panic!("{area}: {name}"))["outcome"].clone()
    };
    assert_eq!(outcome("Running", "a result feeds the next run"), "supported");
    assert_eq!(outcome("Many devices", "all-reduce"), "supported");
    assert_eq!(outcome("Compiled programs", "FLOPs and bytes accessed"), "unsupported");
    assert_eq!(outcome("Clients", "absent hardware is an error"), "not_run");
    assert!(cases.iter().all(|case| case["outcome"] != "failed"), "{report:#}");
    assert!(output.status.success());
}

#[test]
fn a_library_that_is_no_plugin_is_an_error() {
    let output = conform(&[env!("CARGO_BIN_EXE_xtask")]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("the plugin can't be loaded"), "{words}");
}

#[test]
fn a_plugin_that_does_not_exist_is_an_error_that_names_it() {
    let output = conform(&["nosuch"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("nosuch is neither a file nor a plugin that"), "{words}");
}
