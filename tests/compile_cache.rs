//! Compiled programs that are kept for the next start.

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use support::{Ended, Workplace, end};

const TRAIN: &str = "train small.toml --steps 25 --json";

/// A workplace with a cache of its own, and a plugin whose programs are kept unasked.
struct Place {
    work: Workplace,
    plugin: String,
}

impl Place {
    fn new() -> Self {
        let work = Workplace::quick();
        let installed = Command::new(env!("CARGO_BIN_EXE_hetxl"))
            .args(["plugin", "install", "cpu"])
            .output()
            .unwrap();
        let plugin = String::from_utf8(installed.stdout).unwrap().trim().to_owned();
        Self { work, plugin }
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = self.work.command(arguments);
        command.env("HETXL_CACHE", self.work.path("cache")).env("HETXL_PLUGIN", &self.plugin);
        command.env_remove("XLA_FLAGS");
        command
    }

    fn succeed(&self, arguments: &str) -> Ended {
        let ended = end(&mut self.command(arguments));
        assert_eq!(ended.code, Some(0), "{arguments}: {ended:#?}");
        ended
    }

    fn json(&self, arguments: &str) -> Value {
        serde_json::from_str(&self.succeed(arguments).stdout).unwrap()
    }

    /// How many programs a training compiled, and how many it loaded.
    fn train(&self, more: &str) -> (u64, u64) {
        counts(&self.json(&format!("{TRAIN} {more}")))
    }

    fn kept(&self) -> Vec<String> {
        let mut names = self.work.names("cache/compiled");
        // A hash of the plugin lies beside them.
        names.retain(|name| !name.starts_with(".plugin-"));
        names
    }
}

fn counts(report: &Value) -> (u64, u64) {
    let compile = &report["compile"];
    assert_eq!(compile["problem"], Value::Null);
    (compile["compiled"].as_u64().unwrap(), compile["cached"].as_u64().unwrap())
}

#[test]
fn the_second_start_loads_what_the_first_compiled_and_trains_to_the_same_bits() {
    let place = Place::new();
    let first = place.json(&format!("{TRAIN} --run-dir one"));
    assert_eq!(counts(&first), (3, 0));
    let ended = place.succeed(&format!("{TRAIN} --run-dir two"));
    let second: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(counts(&second), (0, 3));
    assert!(ended.stderr.contains("parameters, loaded from the compile cache in "), "{ended:#?}");
    assert_eq!((&first["test"], &first["validation"]), (&second["test"], &second["validation"]));
    for file in ["parameters.safetensors", "optimizer.safetensors"] {
        let of = |run| place.work.bytes(&format!("{run}/checkpoints/00000025/{file}"));
        assert!(of("one") == of("two"), "{file}");
    }
    // Evaluation is a program of training.
    assert_eq!(place.json("eval two --json")["metrics"], second["test"]);
    assert_eq!(place.kept().len(), 3);

    // What changes one program leaves the others.
    let ended = place.succeed(&format!("{TRAIN} -s eval.batch_size=50"));
    assert_eq!(counts(&serde_json::from_str(&ended.stdout).unwrap()), (1, 2));
    assert!(ended.stderr.contains(", 2 of 3 programs loaded from the compile cache"), "{ended:#?}");
}

#[test]
fn what_is_told_of_a_program_is_the_same_whether_it_was_compiled_or_loaded() {
    let place = Place::new();
    let program = place.work.path("step.mlir");
    place.succeed("export small.toml --function train-step -o out");
    fs::rename(place.work.path("out/train-step.mlir"), &program).unwrap();
    let told = |command: &str, cached: bool| {
        let mut report = place.json(&format!("{command} step.mlir --json"));
        // `inspect` tells of the compilation apart.
        let compiled = match report.get_mut("compiled") {
            Some(compiled) => compiled,
            None => &mut report,
        };
        let compiled = compiled.as_object_mut().unwrap();
        assert_eq!(compiled.remove("cached"), Some(json!(cached)));
        for name in ["seconds", "compile_seconds", "run_seconds"] {
            compiled.remove(name);
        }
        report
    };
    assert_eq!(told("inspect", false), told("inspect", true));
    place.succeed("cache clear");
    assert_eq!(told("run --random 3", false), told("run --random 3", true));
}

#[test]
fn without_the_cache_nothing_is_kept_and_results_are_the_same() {
    let place = Place::new();
    let without = place.json(&format!("{TRAIN} -s runtime.cache=false"));
    assert_eq!(counts(&without), (3, 0));
    assert!(place.kept().is_empty());
    place.train("");
    let with = place.json(TRAIN);
    assert_eq!(counts(&with), (0, 3));
    assert_eq!(with["test"], without["test"]);
    assert_eq!(place.train("-s runtime.cache=false"), (3, 0));
}

#[test]
fn flags_in_the_environment_have_every_program_compiled() {
    let place = Place::new();
    place.train("");
    let mut command = place.command(TRAIN);
    let ended = end(command.env("XLA_FLAGS", "--xla_cpu_prefer_vector_width=128"));
    assert_eq!(counts(&serde_json::from_str(&ended.stdout).unwrap()), (3, 0));
    assert_eq!(place.kept().len(), 3);
}

#[test]
fn a_plugin_that_warns_of_what_it_loads_has_to_be_told_to() {
    let mut place = Place::new();
    let installed = end(&mut place.work.command("plugin install cpu-zml"));
    place.plugin = installed.stdout.trim().to_owned();
    assert_eq!(place.train(""), (3, 0));
    assert!(place.kept().is_empty());
    assert_eq!(place.train("-s runtime.cache=true"), (3, 0));
    assert_eq!(place.train("-s runtime.cache=true"), (0, 3));
}

#[test]
fn damaged_programs_are_compiled_anew_and_mended() {
    let place = Place::new();
    place.train("");
    let [one, other, third] = place.kept().try_into().unwrap();
    let path = |name: &str| place.work.path("cache/compiled").join(name);
    let whole = fs::read(path(&one)).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    fs::write(path(&one), flipped).unwrap();
    fs::write(path(&other), &fs::read(path(&other)).unwrap()[..1000]).unwrap();
    fs::write(path(&third), &whole).unwrap();
    assert_eq!(place.train(""), (3, 0));
    assert_eq!(place.train(""), (0, 3));
}

#[test]
fn trainings_at_once_do_not_disturb_each_other() {
    let place = Place::new();
    let start = |number: usize| {
        let mut command = place.command(&format!("{TRAIN} --run-dir r{number}"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let reports = |children: Vec<Child>| {
        let end = |child: Child| {
            let output = child.wait_with_output().unwrap();
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        };
        children.into_iter().map(end).collect::<Vec<_>>()
    };
    let cold = reports((0..3).map(start).collect());
    let warm = reports((3..6).map(start).collect());
    assert!(warm.iter().all(|report| counts(report) == (0, 3)), "{warm:#?}");
    for report in cold.iter().chain(&warm) {
        let (compiled, cached) = counts(report);
        assert_eq!(compiled + cached, 3);
        assert_eq!(report["test"], cold[0]["test"]);
    }
    assert_eq!(place.kept().len(), 3);
}

#[test]
fn a_cache_that_cannot_be_used_is_told_of_once_and_stops_no_run() {
    let place = Place::new();
    // A file in the place of a folder stops everybody, the superuser among them.
    fs::write(place.work.path("cache"), "").unwrap();
    let ended = place.succeed("train small.toml --steps 25");
    let expected = "compiled without the compile cache: cannot read WORK/cache/compiled: Not a \
                    directory (os error 20)";
    let told = place.work.generic(&ended.stderr);
    assert_eq!(told.lines().filter(|line| *line == expected).count(), 1, "{told}");

    fs::remove_file(place.work.path("cache")).unwrap();
    fs::create_dir_all(place.work.path("cache/compiled")).unwrap();
    let folder = place.work.path("cache/compiled");
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    let ended = place.succeed("eval runs/small-1");
    assert!(ended.stderr.contains("others can write to it"), "{}", ended.stderr);
    assert!(place.kept().is_empty());

    // A disk without room.
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    let script = "trap '' XFSZ; ulimit -f 20; exec \"$0\" eval runs/small-1";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_hetxl")]).current_dir(place.work.path(""));
    command.env("HETXL_CACHE", place.work.path("cache")).env("HETXL_PLUGIN", &place.plugin);
    let ended = end(&mut command);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert!(ended.stderr.contains("File too large"), "{}", ended.stderr);
    assert!(place.kept().is_empty(), "{:?}", place.kept());
}

#[test]
fn the_list_tells_what_is_kept_and_clearing_removes_it() {
    let place = Place::new();
    let empty = place.json("cache list --json");
    assert_eq!((&empty["bytes"], &empty["programs"]), (&json!(0), &json!([])));
    place.train("");
    let list = place.json("cache list --json");
    let programs = list["programs"].as_array().unwrap();
    let mut names: Vec<_> = programs.iter().map(|it| it["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["eval_step", "init", "train_step"]);
    for program in programs {
        assert_eq!(program["platform"], "cpu");
        let file =
            place.work.bytes(&format!("cache/compiled/{}", program["key"].as_str().unwrap()));
        assert_eq!(program["bytes"], file.len());
    }
    let text = place.succeed("cache list").stdout;
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(text.contains("train_step  cpu"), "{text}");

    let cleared = place.json("cache clear --json");
    assert_eq!((&cleared["programs"], &cleared["bytes"]), (&json!(3), &list["bytes"]));
    assert!(place.kept().is_empty());
    assert_eq!(place.train(""), (3, 0));
    let text = place.succeed("cache clear").stdout;
    assert!(text.starts_with("removed 3 programs, "), "{text}");
}
