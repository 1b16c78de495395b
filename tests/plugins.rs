//! Plugins: which there are, and where they lie.

mod support;

use serde_json::Value;
use support::{Ended, Workplace, end};

/// Runs a command that succeeds and looks for plugins where they are without the variables that
/// name one.
fn succeed(work: &Workplace, arguments: &str) -> Ended {
    let mut command = work.command(arguments);
    let command = command.env_remove("HETXL_PLUGIN").env_remove("PJRT_NAMES_AND_LIBRARY_PATHS");
    let ended = end(command);
    assert_eq!(ended.code, Some(0), "{arguments}: {ended:#?}");
    ended
}

fn json(work: &Workplace, arguments: &str) -> Value {
    let ended = succeed(work, arguments);
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:#?}");
    serde_json::from_str(&ended.stdout).unwrap()
}

fn install(work: &Workplace, name: &str) -> String {
    let installed = json(work, &format!("plugin install {name} --json"));
    assert_eq!(installed["name"], name);
    installed["path"].as_str().unwrap().to_owned()
}

#[test]
fn the_list_and_the_path_agree_on_where_a_plugin_lies() {
    let work = Workplace::new();
    let path = install(&work, "cpu");
    let list = json(&work, "plugin list --json");
    let plugins = list["plugins"].as_array().unwrap();
    let names: Vec<_> = plugins.iter().map(|plugin| plugin["name"].as_str().unwrap()).collect();
    let all = ["cpu", "cpu-zml", "cpu-openxla", "tpu", "cuda12", "cuda13", "cuda12-nvcc"];
    assert_eq!(names, all);
    assert_eq!(plugins[0]["path"], path.as_str());
    assert_eq!(succeed(&work, "plugin path cpu").stdout, format!("{path}\n"));
    let text = succeed(&work, "plugin list").stdout;
    assert!(text.contains(&format!("{path} (the cache)")), "{text}");

    // A variable wins over the cache.
    let mut command = work.command("plugin path cpu");
    let given = end(command.env("HETXL_PLUGIN", work.path("small.toml"))).stdout;
    assert_eq!(work.generic(&given), "WORK/small.toml\n");
}

#[test]
fn a_run_is_trained_and_evaluated_alike_by_both_cpu_plugins() {
    let work = Workplace::new();
    let accuracy = ["cpu", "cpu-zml"].map(|name| {
        install(&work, name);
        let train = format!("train small.toml --run-dir {name} -s runtime.platform={name} --json");
        let trained = json(&work, &train);
        let evaluated = json(&work, &format!("eval {name} --json"));
        assert_eq!(evaluated["metrics"], trained["test"]);
        evaluated["metrics"]["nll"].as_f64().unwrap()
    });
    // The same noise and the same mathematics; sums may be taken in another order.
    assert!((accuracy[0] / accuracy[1] - 1.0).abs() < 1e-2, "{accuracy:?}");
}

#[test]
fn one_path_for_every_platform_is_not_taken_for_all_of_them() {
    let work = Workplace::new();
    let mut command = work.command("plugin list --json");
    command.env("HETXL_PLUGIN", "/nowhere.so").env("HETXL_CACHE", work.path("cache"));
    command.env_remove("PJRT_NAMES_AND_LIBRARY_PATHS");
    let report: Value = serde_json::from_str(&end(&mut command).stdout).unwrap();
    assert_eq!(report["HETXL_PLUGIN"], "/nowhere.so");
    let cpu = report["plugins"].as_array().unwrap().iter().find(|it| it["name"] == "cpu").unwrap();
    assert_eq!(cpu["path"], Value::Null);
}

#[test]
fn a_toolkit_of_the_machine_s_own_is_used_if_it_is_whole() {
    let work = Workplace::new();
    let path = || {
        let mut command = work.command("plugin path cuda12-nvcc");
        command.env("CUDA_HOME", work.path("cuda")).env("HETXL_CACHE", work.path("cache"));
        work.generic(&end(&mut command).stdout)
    };
    std::fs::create_dir_all(work.path("cuda/bin")).unwrap();
    std::fs::create_dir_all(work.path("cuda/nvvm/libdevice")).unwrap();
    std::fs::write(work.path("cuda/bin/ptxas"), "").unwrap();
    assert_ne!(path(), "WORK/cuda\n");
    std::fs::write(work.path("cuda/nvvm/libdevice/libdevice.10.bc"), "").unwrap();
    assert_eq!(path(), "WORK/cuda\n");
}
