//! Runs that are stopped, or that something stops, and how they go on.

mod support;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use hetxl::config::Config;
use hetxl::data::Split;
use hetxl::run_folder::Place;
use hetxl::train::{Event, Outcome};
use image::{GrayImage, Luma};
use pjrt::HostArray;
use serde_json::json;
use support::{Running, Workplace, device};

/// Trains in this process; `stop_at` says of an evaluation whether it is where the run is stopped.
fn train(work: &Workplace, place: &Place, stop_at: impl Fn(Split, u64) -> bool) -> Outcome {
    let config = Config::read(&work.path("small.toml"), &[]).unwrap();
    let (stop, mut at) = (AtomicBool::new(false), 0);
    let mut observer = |event: Event<'_>| match event {
        Event::Stepped { step } => at = step,
        Event::Evaluating { split, .. } if stop_at(split, at) => {
            stop.store(true, Ordering::Relaxed);
        }
        _ => {}
    };
    hetxl::train::train(&config, &device::runtime(), place, &stop, &mut observer).unwrap()
}

#[test]
fn a_signal_saves_and_the_printed_command_goes_on() {
    let work = Workplace::quick();
    let mut command = work.command("train small.toml --steps 100000000 -s");
    // A value that a shell would take apart.
    command.arg("model.trunk.hidden=[16, 8]");
    let mut running = Running::start(&mut command);
    running.wait_for("step 75 ").signal("INT");
    let (code, stderr) = running.end();
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("\nstopping after this step and saving; "), "{stderr}");
    let last = stderr.lines().last().unwrap();
    let (stopped, go_on) = last.split_once("; go on with: ").unwrap();
    let step = stopped.strip_prefix("error: stopped at step ").unwrap();
    let step: u64 = step.strip_suffix(" of 100000000").unwrap().parse().unwrap();
    let saved = format!("runs/small-1/checkpoints/{step:08}");
    assert!(work.path(&saved).join("state.json").is_file(), "{saved}");

    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("exec {go_on}")]).current_dir(work.path(""));
    let mut running = Running::start(&mut shell);
    running.wait_for("runs/small-1: ");
    let from = format!("training from step {step} to 100000000");
    assert!(running.heard.contains(&from), "{}", running.heard);
    running.wait_for("step ").signal("TERM");
    let (code, stderr) = running.end();
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("\nerror: stopped at step "), "{stderr}");
    let newest = work.names("runs/small-1/checkpoints").pop().unwrap();
    assert!(newest.parse::<u64>().unwrap() > step);
    let evaluated = work.json("eval runs/small-1 --json");
    assert_eq!(evaluated["step"], newest.parse::<u64>().unwrap());
}

#[test]
fn an_evaluation_ends_when_the_run_is_stopped_and_is_made_when_it_goes_on() {
    let work = Workplace::quick();
    let [whole, run] = ["whole", "r"].map(|name| work.path(name));
    let outcome = train(&work, &Place::New(whole), |_, _| false);
    assert!(!outcome.interrupted);

    let outcome = train(&work, &Place::New(run.clone()), |_, step| step == 50);
    assert!(outcome.interrupted);
    assert_eq!((outcome.step, outcome.checkpoint), (50, run.join("checkpoints/00000050")));
    assert!(work.metrics("r").iter().all(|line| line["split"] == "train"));

    let outcome = train(&work, &Place::Resume(run.clone()), |split, _| split == Split::Test);
    assert!(outcome.interrupted);
    assert_eq!(outcome.step, 100);
    assert!(outcome.validation.is_some() && outcome.test.is_none());

    let outcome = train(&work, &Place::Resume(run), |_, _| false);
    assert!(!outcome.interrupted && outcome.test.is_some());
    assert_eq!(work.metrics("r"), work.metrics("whole"));
}

/// Six images of each of two classes, and a config that trains on them.
fn write_images(work: &Workplace) {
    for (class, shade) in [("dark", 20), ("light", 230)] {
        fs::create_dir_all(work.path("images").join(class)).unwrap();
        for at in 0..6u8 {
            write_image(&work.path(&format!("images/{class}/{at}.png")), shade + at);
        }
    }
    let data = "kind = \"folders\"\ntrain = \"images\"\ntest = \"images\"\nclasses = 2\n\
                max_skipped = 0\nimage = { size = 8, resize = 8 }";
    let config = work.read("small.toml").replace("kind = \"digits\"", data);
    fs::write(work.path("images.toml"), config.replace("batch_size = 64", "batch_size = 4"))
        .unwrap();
}

fn write_image(path: &Path, shade: u8) {
    GrayImage::from_pixel(8, 8, Luma([shade])).save(path).unwrap();
}

#[test]
fn what_was_trained_before_the_data_failed_is_saved() {
    let work = Workplace::quick();
    write_images(&work);
    let path = work.path("images").display().to_string();
    let settings = [format!("data.train={path}"), "data.test=0".to_owned()];
    let config = Config::read(&work.path("images.toml"), &settings).unwrap();
    let (place, stop) = (Place::New(work.path("r")), AtomicBool::new(false));
    let mut observer = |event: Event<'_>| {
        if let Event::Stepped { step: 20 } = event {
            fs::remove_file(work.path("images/dark/3.png")).unwrap();
        }
    };
    let outcome = hetxl::train::train(&config, &device::runtime(), &place, &stop, &mut observer);
    let error = outcome.unwrap_err().to_string();
    assert!(error.starts_with("1 examples could not be used, more than data.max_skipped = 0; "));
    assert!(error.contains("dark/3.png") && error.contains("no longer there"), "{error}");
    let [saved] = &work.names("r/checkpoints")[..] else { panic!("one checkpoint") };
    let step: u64 = saved.parse().unwrap();
    // An epoch has three batches, and a few are made ahead.
    assert!((20..30).contains(&step), "{saved}");
}

#[test]
fn a_run_goes_on_with_the_data_that_it_began_with_alone() {
    let work = Workplace::quick();
    write_images(&work);
    work.succeed("train images.toml --run-dir r --steps 50");
    let resume = "train images.toml --run-dir r --resume";

    let (name, other) = (work.path("images/light"), work.path("images/bright"));
    fs::rename(&name, &other).unwrap();
    insta::assert_snapshot!(work.fail(resume), @r#"error: the data of the run in r is not what it was: class 0 was "dark" and is "bright"; bring it back, or start a new run"#);
    insta::assert_snapshot!(work.fail("eval r"), @r#"error: the data of the run in r is not what it was: class 0 was "dark" and is "bright"; bring it back, or start a new run"#);
    let told = work.succeed("report r -o page.html").stderr;
    assert!(told.starts_with("r is not evaluated: ") && told.contains("class 0 was "), "{told}");
    // Nor are their names taken from other data, or data.json passed over that can't be read.
    let image = other.join("0.png").display().to_string();
    let predict = format!("predict r {image}");
    assert!(work.succeed(&predict).stdout.contains("light"), "the run's own names");
    let renamed = work.fail(&format!("{predict} -s data.max_skipped=1"));
    assert!(renamed.contains("class 0 was "), "{renamed}");
    let described = work.read("r/data.json");
    fs::write(work.path("r/data.json"), "{").unwrap();
    for command in [resume, "eval r", &predict] {
        assert!(work.fail(command).contains("cannot read r/data.json: "), "{command}");
    }
    fs::write(work.path("r/data.json"), described).unwrap();
    fs::rename(&other, &name).unwrap();

    write_image(&work.path("images/dark/6.png"), 40);
    insta::assert_snapshot!(work.fail(resume), @"error: the data of the run in r is not what it was: there were 12 examples to train on and are 13; bring it back, or start a new run");
    // Another test set is not another run.
    work.succeed("eval r");
    fs::remove_file(work.path("images/dark/6.png")).unwrap();
    work.succeed(resume);
}

#[test]
fn what_is_of_no_run_is_neither_taken_for_one_nor_removed() {
    let work = Workplace::quick();
    let files = ["metrics.jsonl", "environment.json", "program/main.c", "checkpoints/00000500/x"];
    for file in files {
        let path = work.path("mine").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    insta::assert_snapshot!(work.fail("train small.toml --run-dir mine"), @"error: mine/environment.json is there already, and mine has no run: name another folder with --run-dir");
    for file in files {
        assert_eq!(work.read(&format!("mine/{file}")), "mine");
    }
    assert!(!work.path("mine/config.toml").exists());
    // A config that somebody wrote is not a run's.
    fs::create_dir(work.path("project")).unwrap();
    fs::copy(work.path("small.toml"), work.path("project/config.toml")).unwrap();
    let train = "train project/config.toml --run-dir project";
    insta::assert_snapshot!(work.fail(train), @"error: project/config.toml is there already, and project has no run: name another folder with --run-dir");
    insta::assert_snapshot!(work.fail(&format!("{train} --resume")), @"error: there is no run in project: it has no config.toml that a run wrote");
    // Also where something lies beside it that is called as a part of a run.
    fs::create_dir(work.path("project/program")).unwrap();
    let told = work.fail(&format!("{train} --resume"));
    assert!(told.starts_with("error: there is no run in project"), "{told}");
    assert_eq!(work.read("project/config.toml"), work.read("small.toml"));
    // What has another name is no hindrance.
    fs::create_dir(work.path("notes")).unwrap();
    fs::write(work.path("notes/log.txt"), "mine").unwrap();
    work.succeed("train small.toml --run-dir notes --steps 25");
}

#[test]
fn a_run_is_looked_at_with_other_values_for_keys_of_its_config() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r --steps 25");
    // As one that was trained elsewhere.
    let config = work.read("r/config.toml");
    let elsewhere = config.replace("platform = \"cpu\"", "platform = \"nowhere\"");
    assert_ne!(config, elsewhere);
    fs::write(work.path("r/config.toml"), elsewhere).unwrap();
    let rows = HostArray::from_slice(&[1, 64], &[0.0f32; 64]).unwrap();
    fs::write(work.path("x.npy"), hetxl::npy::encode(&rows)).unwrap();
    for command in ["eval r", "predict r x.npy", "report r"] {
        assert!(work.hetxl(command).stderr.contains("nowhere"), "{command}");
        let given = work.succeed(&format!("{command} -s runtime.platform=cpu"));
        assert_eq!(given.stderr, "", "{command}");
    }
    let told = work.json("eval r --json -s runtime.platform=cpu");
    assert_eq!(told["settings"], json!(["runtime.platform=cpu"]));
    let page = work.read("report.html");
    assert!(page.contains("evaluated with <code>runtime.platform = &quot;cpu&quot;</code>"));
}
