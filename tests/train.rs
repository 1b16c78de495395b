//! Training, resuming and evaluating, as a user does it.

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::AtomicBool;

use hetxl::config::Config;
use hetxl::run_folder::Place;
use hetxl::train::Event;
use serde_json::{Value, json};
use support::{IDX, Running, Workplace, end, names, write_idx_data};

const TENSORS: [&str; 2] = ["parameters.safetensors", "optimizer.safetensors"];

/// The last line of a split.
fn last(work: &Workplace, run: &str, split: &str) -> Value {
    work.metrics(run).into_iter().rfind(|line| line["split"] == split).unwrap()
}

fn same_file(work: &Workplace, one: &str, other: &str, file: &str) -> bool {
    work.bytes(&format!("{one}/{file}")) == work.bytes(&format!("{other}/{file}"))
}

fn truncate(path: &Path) {
    truncate_to(path, 100);
}

fn truncate_to(path: &Path, length: u64) {
    File::options().write(true).open(path).unwrap().set_len(length).unwrap();
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_seed_another_one() {
    let work = Workplace::new();
    for seed in [5, 5, 6] {
        work.succeed(&format!("train small.toml --steps 60 -s train.seed={seed}"));
    }
    let [one, same, other] = ["runs/small-1", "runs/small-2", "runs/small-3"];
    assert_eq!(work.names("runs"), ["small-1", "small-2", "small-3"]);

    let steps = work.metrics(one);
    let steps = steps.iter().map(|line| (line["step"].as_u64().unwrap(), &line["split"]));
    let expected = json!(["train", "train", "validation", "train", "validation", "test"]);
    let expected = [25, 50, 50, 60, 60, 60].into_iter().zip(expected.as_array().unwrap());
    assert!(steps.eq(expected), "{:#?}", work.metrics(one));

    assert_eq!(work.metrics(one), work.metrics(same));
    assert_ne!(work.metrics(one), work.metrics(other));
    for file in TENSORS {
        let file = format!("checkpoints/00000060/{file}");
        assert!(same_file(&work, one, same, &file));
        assert!(!same_file(&work, one, other, &file));
    }
    for file in ["program/train-step.mlir", "program/manifest.json", "config.toml"] {
        assert!(same_file(&work, one, same, file), "{file}");
    }
}

#[test]
fn a_run_that_was_resumed_equals_one_in_one_go_bit_for_bit() {
    let work = Workplace::new();
    work.succeed("train small.toml --steps 200");
    work.succeed("train small.toml --steps 100");
    // The newest run is taken.
    let resumed = work.succeed("train small.toml --steps 200 --resume");
    let [whole, parts] = ["runs/small-1", "runs/small-2"];
    assert_eq!(work.names("runs"), ["small-1", "small-2"]);
    assert!(resumed.stderr.contains("training from step 100 to 200"), "{}", resumed.stderr);
    for file in TENSORS {
        assert!(same_file(&work, whole, parts, &format!("checkpoints/00000200/{file}")), "{file}");
    }
    // What the shorter run has more is its evaluation at its own end.
    let of_parts = work
        .metrics(parts)
        .into_iter()
        .filter(|line| line["step"] != 100 || line["split"] == "train");
    let of_whole = work
        .metrics(whole)
        .into_iter()
        .filter(|line| line["step"] != 100 || line["split"] == "train");
    assert_eq!(of_parts.collect::<Vec<_>>(), of_whole.collect::<Vec<_>>());

    // A run that is done can be resumed, as a job does that is started again: nothing changes.
    let before = work.metrics(parts);
    let again = work.json("train small.toml --steps 200 --resume --json");
    assert_eq!((&again["step"], &again["interrupted"]), (&json!(200), &json!(false)));
    assert_eq!(work.metrics(parts), before);
}

#[test]
fn a_run_leaves_a_folder_and_one_report_and_evaluates_to_the_same_numbers() {
    let work = Workplace::new();
    let report = work.json("train small.toml --steps 300 --run-dir mine --json");
    let report = report.as_object().unwrap();
    let mut keys: Vec<_> = report.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "checkpoint",
            "compile",
            "interrupted",
            "parameters",
            "run",
            "seconds",
            "step",
            "steps",
            "test",
            "validation"
        ]
    );
    assert_eq!(report["run"], "mine");
    assert_eq!(report["checkpoint"], "mine/checkpoints/00000300");
    assert_eq!(report["step"], 300);
    let accuracy = report["test"]["accuracy"].as_f64().unwrap();
    assert!(accuracy >= 0.95, "the test accuracy is {accuracy}");

    let mut inside = work.names("mine");
    inside.retain(|name| !name.starts_with("events.out.tfevents."));
    assert_eq!(
        inside,
        ["checkpoints", "config.toml", "data.json", "environment.json", "metrics.jsonl", "program"]
    );
    assert_eq!(work.names("mine").len(), 7, "one file of events");
    assert_eq!(work.names("mine/program"), ["manifest.json", "train-step.mlir"]);
    assert_eq!(work.names("mine/checkpoints"), ["00000200", "00000250", "00000300"]);
    assert_eq!(
        work.names("mine/checkpoints/00000300"),
        ["optimizer.safetensors", "parameters.safetensors", "state.json"]
    );

    for split in ["validation", "test"] {
        let line = last(&work, "mine", split);
        for of in ["mine", "mine/checkpoints/00000300"] {
            let evaluated = work.json(&format!("eval {of} --split {split} --json"));
            assert_eq!((&evaluated["step"], &evaluated["split"]), (&json!(300), &json!(split)));
            for name in ["accuracy", "top5", "nll", "ece"] {
                assert_eq!(evaluated["metrics"][name], line[name], "{name} of {split}");
                assert_eq!(report[split][name], line[name], "{name} of {split}");
            }
        }
    }
    let earlier = work.json("eval mine/checkpoints/00000200 --split validation --json");
    let line = work
        .metrics("mine")
        .into_iter()
        .find(|line| line["step"] == 200 && line["split"] == "validation");
    assert_eq!(earlier["metrics"]["nll"], line.unwrap()["nll"]);

    // The resolved config makes the same run again, and progress never goes to standard output.
    let again = work.succeed("train mine/config.toml --run-dir again");
    assert_eq!(work.metrics("again"), work.metrics("mine"));
    assert!(again.stdout.starts_with("run again, step 300, 300 steps in "), "{}", again.stdout);
    assert_eq!(again.stdout.lines().count(), 3, "{}", again.stdout);
    let progress = again.stderr.lines().collect::<Vec<_>>();
    assert!(progress[0].starts_with("again: 4683 parameters, "), "{}", again.stderr);
    assert!(progress[0].ends_with(" s, training from step 0 to 300"), "{}", again.stderr);
    assert!(progress[1].starts_with("step 25  loss "), "{}", again.stderr);
}

#[test]
fn a_damaged_checkpoint_is_reported_and_the_one_before_it_is_used() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r");
    truncate(&work.path("r/checkpoints/00000100/parameters.safetensors"));
    let reported = "passed over a checkpoint: r/checkpoints/00000100/parameters.safetensors has \
                    100 bytes, expected ";

    let evaluated = work.succeed("eval r --split validation");
    assert!(evaluated.stderr.starts_with(reported), "{}", evaluated.stderr);
    assert!(
        evaluated.stdout.starts_with("r/checkpoints/00000050, validation split: 200 examples\n")
    );
    let message = work.fail("eval r/checkpoints/00000100");
    assert!(message.starts_with("error: r/checkpoints/00000100/parameters.safetensors has 100"));

    let before = work.metrics("r");
    let resumed = work.succeed("train small.toml --run-dir r --resume");
    assert!(resumed.stderr.starts_with(reported), "{}", resumed.stderr);
    assert!(resumed.stderr.contains("training from step 50 to 100"), "{}", resumed.stderr);
    assert_eq!(work.metrics("r"), before);
    assert_eq!(work.names("r/checkpoints"), ["00000050", "00000100"]);
    work.succeed("eval r/checkpoints/00000100");

    for step in ["00000050", "00000100"] {
        truncate(&work.path(&format!("r/checkpoints/{step}/optimizer.safetensors")));
    }
    for command in ["train small.toml --run-dir r --resume", "eval r"] {
        let message = work.fail(command);
        assert_eq!(message.lines().count(), 3, "{message}");
        let last = message.lines().last().unwrap();
        assert_eq!(last, "error: r has no intact checkpoint: all 2 are damaged");
    }
}

#[test]
fn a_run_is_not_written_over_nor_resumed_as_what_it_is_not() {
    let work = Workplace::new();
    work.succeed("train small.toml --run-dir r --steps 30");
    let before = (work.names("r"), work.bytes("r/metrics.jsonl"));
    insta::assert_snapshot!(work.fail("train small.toml --run-dir r"), @"error: r holds a run already; go on with it by --resume or name another folder with --run-dir");
    insta::assert_snapshot!(work.fail("train small.toml --run-dir r --resume -s train.batch_size=32 -s model.head.samples=4"), @"error: the run in r was made with another config: model.head.samples is 8 there and 4 here, train.batch_size is 64 there and 32 here; resume with the config that it was made with, or start a new run");
    insta::assert_snapshot!(work.fail("train small.toml --run-dir r --resume --steps 20"), @"error: the run in r has done 30 steps already, more than train.steps = 20; go on with a larger --steps");
    insta::assert_snapshot!(work.fail("train small.toml --run-dir other --resume"), @"error: there is no run in other: there is no such folder");
    insta::assert_snapshot!(work.fail("train small.toml --resume"), @"error: there is no run to resume: no folder runs/small-1");
    assert_eq!((work.names("r"), work.bytes("r/metrics.jsonl")), before);
    assert!(!work.path("other").exists() && !work.path("runs").exists());
}

#[test]
fn one_process_trains_a_run_and_a_killed_one_is_begun_anew() {
    let work = Workplace::quick();
    let endless =
        "train small.toml --run-dir r --steps 100000000 -s train.checkpoint_every=100000000";
    let mut running = Running::start(&mut work.command(endless));
    running.wait_for("step 25 ");
    insta::assert_snapshot!(work.fail("train small.toml --run-dir r --resume"), @"error: another process trains the run in r; wait for it or stop it first");
    insta::assert_snapshot!(work.fail("eval r"), @"error: r has no checkpoint yet");
    running.signal("KILL");
    assert_eq!(running.end().0, None);

    let resumed = work.succeed("train small.toml --run-dir r --resume");
    assert!(resumed.stderr.contains("training from step 0 to 100"), "{}", resumed.stderr);
    work.succeed("train small.toml --run-dir whole");
    assert_eq!(work.metrics("r"), work.metrics("whole"));
}

#[test]
fn a_step_is_read_when_the_next_one_is_under_way() {
    let work = Workplace::quick();
    let settings = ["train.steps=10", "train.log_every=4", "train.eval_every=6"];
    let config = Config::read(&work.path("small.toml"), &settings.map(str::to_owned)).unwrap();
    let runtime = support::device::runtime();
    let (place, stop) = (Place::New(work.path("r")), AtomicBool::new(false));
    let mut events = vec![];
    let mut observer = |event: Event<'_>| match event {
        Event::Stepped { step } => events.push(step.to_string()),
        Event::Logged { step, .. } => events.push(format!("read {step}")),
        Event::Evaluated { step, .. } => events.push(format!("evaluated {step}")),
        Event::Saved { step, .. } => events.push(format!("saved {step}")),
        _ => {}
    };
    hetxl::train::train(&config, &runtime, &place, &stop, &mut observer).unwrap();
    assert_eq!(
        events.join(", "),
        "1, 2, 3, 4, 5, read 4, 6, evaluated 6, 7, 8, 9, read 8, 10, read 10, saved 10"
    );
}

#[test]
fn an_image_that_cannot_be_used_is_told_and_counted_once_in_all_epochs() {
    let work = Workplace::quick();
    for (class, shade) in [("dark", 20), ("light", 230)] {
        fs::create_dir_all(work.path("images").join(class)).unwrap();
        for at in 0..4u8 {
            let path = work.path("images").join(class).join(format!("{at}.png"));
            image::GrayImage::from_pixel(8, 8, image::Luma([shade + at])).save(path).unwrap();
        }
    }
    truncate_to(&work.path("images/dark/2.png"), 40);
    // However often it comes up it is one.
    let data = "{kind='folders',train='images',classes=2,image={size=8,resize=8},max_skipped=1}";
    let ended =
        work.succeed(&format!("train small.toml --steps 12 -s train.batch_size=4 -s data={data}"));
    let told: Vec<_> = ended.stderr.lines().filter(|line| line.starts_with("skipped ")).collect();
    let [one] = told[..] else { panic!("{}", ended.stderr) };
    assert!(one.contains("images/dark/2.png: ") && one.ends_with(" (1 so far)"), "{one}");
}

#[test]
fn a_run_killed_before_it_had_written_its_config_is_begun_anew() {
    let work = Workplace::quick();
    fs::create_dir(work.path("r")).unwrap();
    File::create(work.path("r/config.toml")).unwrap();
    work.succeed("train small.toml --run-dir r --resume --steps 25");
    work.succeed("train small.toml --run-dir whole --steps 25");
    assert_eq!(work.metrics("r"), work.metrics("whole"));
    assert_eq!(work.read("r/config.toml"), work.read("whole/config.toml"));
}

#[test]
fn a_run_starts_from_the_trunk_of_another_one() {
    let work = Workplace::quick();
    let with_means = "-s optimizer.ema=0.9";
    work.succeed(&format!("train small.toml --run-dir a {with_means} -s train.seed=1"));
    let load = |folder: &str| hetxl::checkpoint::Checkpoint::load(&work.path(folder)).unwrap();
    let theirs = load("a/checkpoints/00000100").predicting();
    // At a rate of 0 parameters stay as they are at first.
    let still = "-s schedule.peak=0 -s schedule.warmup_start=0 --steps 1";
    work.succeed(&format!("train small.toml --run-dir b {still}"));
    let fresh = load("b/checkpoints/00000001").parameters;
    for (from, run) in [("a", "c"), ("a/checkpoints/00000100", "d")] {
        let from = format!("-s train.init_from={from}");
        work.succeed(&format!("train small.toml --run-dir {run} {from} {still} {with_means}"));
        let checkpoint = load(&format!("{run}/checkpoints/00000001"));
        for (name, array) in &checkpoint.parameters {
            let expected = if name.starts_with("trunk/") { &theirs } else { &fresh };
            assert!(*array == expected[name], "{name}");
        }
        assert!(checkpoint.clone().predicting() == checkpoint.parameters);
    }
    assert!(theirs["trunk/dense_0/kernel"] != fresh["trunk/dense_0/kernel"]);

    // Where the run goes on, it is on its own.
    let from = "-s train.init_from=a";
    work.succeed(&format!("train small.toml --run-dir e {from} --steps 60"));
    work.succeed(&format!("train small.toml --run-dir f {from} --steps 30"));
    fs::remove_dir_all(work.path("a")).unwrap();
    work.succeed(&format!("train small.toml --run-dir f {from} --steps 60 --resume"));
    assert!(same_file(&work, "e", "f", "checkpoints/00000060/parameters.safetensors"));

    let refused = |more: &str| work.fail(&format!("train small.toml --run-dir g {more}"));
    insta::assert_snapshot!(refused(from), @"error: there is no run in WORK/a: there is no such folder");
    insta::assert_snapshot!(refused("-s train.init_from=b -s model.trunk.hidden=[16]"), @"error: the trunk of WORK/b/checkpoints/00000001 does not fit model.trunk: trunk/dense_0/kernel is [64, 32] there and [64, 16] here; name a run with the same trunk in train.init_from");
    insta::assert_snapshot!(refused("-s train.init_from=b -s model.trunk.hidden=[32,8]"), @"error: the trunk of WORK/b/checkpoints/00000001 does not fit model.trunk: there is no trunk/dense_1/kernel; name a run with the same trunk in train.init_from");
    assert!(!work.path("g").exists());
}

#[test]
fn a_dry_run_tells_what_a_run_takes_and_writes_nothing() {
    let work = Workplace::new();
    let before = work.names("");
    let told = work.json(
        "train small.toml --dry-run --json -s optimizer.frozen=['trunk/*'] -s optimizer.ema=0.9",
    );
    assert_eq!(work.names(""), before);
    // A layer from 64 to 32, and HET-XL's of methods A10 with D = 32, K = 10 and R = 4.
    let (trunk, head) = (64 * 32 + 32, 33 * 10 + 32 * (2 * 33 + 4 + 1) + 1);
    let (total, trained) = (trunk + head, head);
    assert_eq!(
        told["parameters"],
        json!({ "trunk": trunk, "head": head, "total": total, "trained": trained })
    );
    // Two moments and a mean of what is trained.
    assert_eq!(told["state_bytes"], 4 * (total + 3 * trained));
    assert_eq!((&told["examples"], &told["steps"]), (&json!(1297), &json!(100)));
    assert_eq!(told["steps_per_epoch"], json!(1297.0 / 64.0));
    assert_eq!(told["epochs"], json!(6400.0 / 1297.0));
    // The products of the two layers without noise alone, forward.
    let least = 2 * 64 * (64 * 32 + 32 * 10);
    assert!(told["flops"].as_u64().unwrap() > least, "{told}");
    let memory = |name: &str| told["memory"][name].as_u64().unwrap();
    assert!(memory("arguments") > told["state_bytes"].as_u64().unwrap(), "{told}");
    assert!(memory("temporaries") > 0, "{told}");
    let (step, all) = (told["step_seconds"].as_f64().unwrap(), told["seconds"].as_f64().unwrap());
    assert!(step > 0.0 && (all - 100.0 * step).abs() < 1e-9, "{told}");

    let shown = work.succeed("train small.toml --dry-run").stdout;
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<_> = shown.lines().map(words).collect();
    for line in ["1 of cpu", &format!("parameters {total}"), "steps of an epoch 20.3"] {
        assert!(lines.contains(&words(line)), "{line} in {shown}");
    }
    // Shapes alone have no examples.
    let shapes = "-s data.kind=shapes -s data.features=64 -s data.classes=10";
    let told = work.json(&format!("train small.toml --dry-run --json {shapes}"));
    assert_eq!((&told["parameters"]["total"], &told["epochs"]), (&json!(total), &Value::Null));
}

#[test]
fn runs_that_start_at_once_have_folders_of_their_own() {
    let work = Workplace::quick();
    let start = |seed| {
        let arguments = format!("train small.toml --steps 25 -s train.seed={seed}");
        Running::start(&mut work.command(&arguments))
    };
    let runs = [0, 1, 2].map(start);
    for (code, stderr) in runs.map(Running::end) {
        assert_eq!(code, Some(0), "{stderr}");
    }
    assert_eq!(work.names("runs"), ["small-1", "small-2", "small-3"]);
}

#[test]
fn training_goes_on_where_nobody_reads_what_it_says() {
    let work = Workplace::quick();
    let mut command = work.command("train small.toml --run-dir r --steps 50");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert!(child.wait().unwrap().success());
    assert_eq!(work.names("r/checkpoints"), ["00000050"]);
}

/// Noise hangs on the place in the whole batch: by the place in a device's part the loss would be off
/// by a thousandth.
#[test]
fn eight_devices_take_the_same_steps_as_one() {
    let work = Workplace::new();
    let steps = "train small.toml -s train.log_every=1 -s optimizer.clip_global_norm=0.1";
    work.succeed(&format!("{steps} --steps 3 --run-dir one"));
    work.succeed(&format!("{steps} --steps 2 --run-dir eight -s runtime.devices=8"));
    let resumed = "--steps 3 --run-dir eight --resume -s runtime.devices=8";
    work.succeed(&format!("{steps} {resumed}"));
    let manifest: Value = serde_json::from_str(&work.read("eight/program/manifest.json")).unwrap();
    assert_eq!(manifest["programs"][0]["mesh"], json!([["data", 8]]));

    let near = |one: f64, eight: f64, error: f64| {
        assert!((one - eight).abs() <= error, "{one} and {eight}");
    };
    let lines = |run: &str| -> Vec<_> {
        work.metrics(run).into_iter().filter(|line| line["split"] == "train").collect()
    };
    let (one, eight) = (lines("one"), lines("eight"));
    assert_eq!((one.len(), eight.len()), (3, 3));
    for (one, eight) in one.iter().zip(&eight) {
        for name in ["loss", "gradient_norm", "temperature"] {
            let [one, eight] = [one, eight].map(|line| line[name].as_f64().unwrap());
            near(one, eight, 1e-5 * one);
        }
    }
    let parameters = |run: &str| {
        let folder = work.path(&format!("{run}/checkpoints/00000003"));
        hetxl::checkpoint::Checkpoint::load(&folder).unwrap().parameters
    };
    for (one, eight) in parameters("one").values().zip(parameters("eight").values()) {
        let (one, eight) = (one.as_slice::<f32>().unwrap(), eight.as_slice::<f32>().unwrap());
        assert_eq!(one.len(), eight.len());
        one.iter().zip(eight).for_each(|(&one, &eight)| near(one.into(), eight.into(), 1e-5));
    }
}

#[test]
fn devices_of_one_processor_come_to_the_end_of_many_steps() {
    let work = Workplace::quick();
    let report = work.json("train small.toml --steps 300 -s runtime.devices=4 --json");
    assert_eq!((&report["step"], &report["interrupted"]), (&json!(300), &json!(false)));
    assert!(report["test"]["accuracy"].as_f64().unwrap() >= 0.9, "{report}");
}

#[test]
fn what_devices_cannot_share_and_data_without_examples_are_refused() {
    let work = Workplace::quick();
    insta::assert_snapshot!(work.fail("train small.toml -s runtime.devices=3"), @"error: -s runtime.devices=3: train.batch_size: must be a multiple of runtime.devices = 3");
    let shapes = "-s data.kind=shapes -s data.features=64 -s data.classes=10";
    insta::assert_snapshot!(work.fail(&format!("train small.toml {shapes}")), @r#"error: data.kind = "shapes" has no examples: it is for `hetxl compile` and `export`; name a set that has some"#);
    assert_eq!(work.names(""), ["small.toml"]);
}

#[test]
fn a_run_finds_its_images_from_any_folder() {
    let work = Workplace::quick();
    write_idx_data(&work.path("images"));
    work.succeed(&format!("train small.toml --run-dir r --steps 100 -s train.batch_size=16 {IDX}"));
    let mut command = work.command("eval");
    let command = command.arg(work.path("r")).args(["--json"]).current_dir("/");
    let ended = end(command);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let evaluated: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(evaluated["metrics"]["accuracy"], 1.0);
    assert_eq!(evaluated["metrics"]["examples"], 20);
}

/// The README's first command as it stands. It takes about 15 seconds: 1,500 steps.
#[test]
fn metrics_of_a_checkpoint_do_not_hang_on_how_many_examples_a_call_takes() {
    let work = Workplace::new();
    work.succeed("train small.toml --steps 50 --run-dir r");
    let metrics = |batch: &str| {
        let config = work.read("r/config.toml");
        let [before, after] = config.split("[eval]\n").collect::<Vec<_>>()[..] else {
            panic!("{config}");
        };
        let rest = after.split_once('\n').unwrap().1;
        fs::write(work.path("r/config.toml"), format!("{before}[eval]\n{batch}\n{rest}")).unwrap();
        let metrics = work.json("eval r --json")["metrics"].clone();
        ["accuracy", "top5", "nll", "ece"].map(|name| metrics[name].as_f64().unwrap())
    };
    let (one, other) = (metrics("batch_size = 100"), metrics("batch_size = 77"));
    for (one, other) in one.iter().zip(other) {
        assert!((one - other).abs() < 1e-5, "{one} and {other}");
    }
}

#[test]
fn a_run_that_goes_on_longer_says_so_in_its_config() {
    let work = Workplace::new();
    work.succeed("train small.toml --steps 25 --run-dir r");
    assert!(work.read("r/config.toml").contains("\nsteps = 25\n"));
    work.succeed("train small.toml --steps 30 --run-dir r --resume");
    assert!(work.read("r/config.toml").contains("\nsteps = 30\n"));
}

#[test]
fn the_digits_example_reaches_an_accuracy_of_97_percent() {
    let work = Workplace::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/digits.toml");
    let report = work.json(&format!("train {} --json", example.display()));
    let accuracy = report["test"]["accuracy"].as_f64().unwrap();
    assert!(accuracy >= 0.97, "the test accuracy is {accuracy}");
    let learned = last(&work, "runs/digits-1", "train")["temperature"].as_f64().unwrap();
    assert!((0.05..5.0).contains(&learned), "the temperature is {learned}");
    let lines = fs::read_to_string(work.path("runs/digits-1/metrics.jsonl")).unwrap();
    assert!(!lines.contains("null"), "{lines}");
    assert_eq!(names(&work.path("runs/digits-1/checkpoints")).len(), 3);
}
