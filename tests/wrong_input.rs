//! Mistakes of every kind: each gives one message and an exit code, and leaves nothing half-written.

mod support;

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;

use support::{IDX, Workplace, end, idx, write_idx_data};

/// The message of `hetxl train` with these arguments, which leaves no folder of a run.
fn refused(work: &Workplace, arguments: &str) -> String {
    let before = work.names("");
    let message = work.fail(&format!("train {arguments}"));
    assert_eq!(work.names(""), before, "{message}");
    message
}

/// [`refused`] with settings of `small.toml`.
fn setting(work: &Workplace, settings: &str) -> String {
    refused(work, &format!("small.toml {settings}"))
}

#[test]
fn wrong_usage_has_the_exit_code_2() {
    let work = Workplace::new();
    for (arguments, said) in [
        ("", "Usage: hetxl <COMMAND>"),
        ("trian small.toml", "error: unrecognized subcommand 'trian'"),
        ("train", "error: the following required arguments were not provided"),
        ("train small.toml --runs x", "error: unexpected argument '--runs' found"),
        ("train small.toml --steps many", "error: invalid value 'many' for '--steps <N>'"),
        ("train small.toml --steps 0", "error: invalid value '0' for '--steps <N>'"),
        ("eval r --split tset", "error: invalid value 'tset' for '--split <NAME>'"),
        ("export small.toml --function step -o x", "error: invalid value 'step'"),
        ("export small.toml --function predict", "error: the following required arguments"),
        ("run p.mlir --xla-flag xla_dump_to", "'--xla-flag <NAME=VALUE>': expected NAME=VALUE"),
    ] {
        let ended = work.hetxl(arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{arguments}: {ended:#?}");
        assert!(ended.stderr.contains(said), "{arguments}: {}", ended.stderr);
    }
    assert_eq!(work.names(""), ["small.toml"]);
}

#[test]
fn a_config_that_is_none_is_refused_with_its_place() {
    let work = Workplace::new();
    insta::assert_snapshot!(refused(&work, "nowhere.toml"), @"error: cannot read the config nowhere.toml: No such file or directory (os error 2)");
    fs::create_dir(work.path("folder")).unwrap();
    insta::assert_snapshot!(refused(&work, "folder"), @"error: cannot read the config folder: Is a directory (os error 21)");
    fs::write(work.path("bytes.toml"), [0xff, 0xfe]).unwrap();
    insta::assert_snapshot!(refused(&work, "bytes.toml"), @"error: cannot read the config bytes.toml: stream did not contain valid UTF-8");
    fs::write(work.path("syntax.toml"), "[model\n").unwrap();
    insta::assert_snapshot!(refused(&work, "syntax.toml"), @r"
error: syntax.toml: TOML parse error at line 1, column 7
  |
1 | [model
  |       ^
unclosed table, expected `]`
");
    fs::write(work.path("empty.toml"), "").unwrap();
    insta::assert_snapshot!(refused(&work, "empty.toml"), @"error: empty.toml: the key `model` is missing");
    fs::write(work.path("slip.toml"), work.read("small.toml").replace("samples", "sampels"))
        .unwrap();
    insta::assert_snapshot!(refused(&work, "slip.toml"), @"error: slip.toml: model.head: there is no key `sampels`: did you mean `samples`?");
}

#[test]
fn a_setting_that_cannot_be_is_refused_by_its_key() {
    let work = Workplace::new();
    let setting = |settings: &str| setting(&work, settings);
    insta::assert_snapshot!(setting("-s train.stesp=5"), @"error: -s train.stesp=5: train: there is no key `stesp`: did you mean `steps`?");
    insta::assert_snapshot!(setting("-s trian.steps=5"), @"error: -s trian.steps=5: there is no key `trian`: did you mean `train`?");
    insta::assert_snapshot!(setting("-s train.frobnicate=5"), @"error: -s train.frobnicate=5: train: there is no key `frobnicate`");
    insta::assert_snapshot!(setting("-s train.steps"), @"error: -s train.steps: it is not of the form key=value");
    insta::assert_snapshot!(setting("-s train.steps=many"), @r#"error: -s train.steps=many: invalid type: string "many", expected a whole number of at least 0"#);
    insta::assert_snapshot!(setting("-s train.steps=-1"), @"error: -s train.steps=-1: invalid value: integer `-1`, expected a whole number of at least 0");
    insta::assert_snapshot!(setting("-s train=5"), @"error: -s train=5: invalid type: integer `5`, expected a section");
    insta::assert_snapshot!(setting("-s train.keep=0"), @"error: -s train.keep=0: invalid value: integer `0`, expected a whole number of at least 1");
    insta::assert_snapshot!(setting("-s schedule.peak=high"), @r#"error: -s schedule.peak=high: invalid type: string "high", expected a number"#);
    insta::assert_snapshot!(setting("-s schedule.peak=-1"), @"error: -s schedule.peak=-1: must be a number that is not negative");
    insta::assert_snapshot!(setting("-s model.head.kind=mhe"), @"error: -s model.head.kind=mhe: unknown variant `mhe`, expected one of `det`, `het`, `het-h`, `het-xl`");
    insta::assert_snapshot!(setting("-s model.head.samples=0"), @"error: -s model.head.samples=0: at least one sample is needed");
    insta::assert_snapshot!(setting("-s model.trunk.hidden=[8,0]"), @"error: -s model.trunk.hidden=[8,0]: a layer has at least one unit");
    insta::assert_snapshot!(setting("-s data.kind=imagenet"), @"error: -s data.kind=imagenet: unknown variant `imagenet`, expected one of `digits`, `idx`, `folders`, `webdataset`, `tfrecord`, `parquet`, `features`, `libsvm`, `shapes`");
    insta::assert_snapshot!(setting("-s data.kind=idx"), @"error: -s data.kind=idx: data: the key `path` is missing");
    insta::assert_snapshot!(setting("-s train.batch_size=0"), @"error: -s train.batch_size=0: must be at least 1");
    insta::assert_snapshot!(setting("-s eval.batch_size=0"), @"error: -s eval.batch_size=0: must be at least 1");
}

#[test]
fn images_that_contradict_themselves_are_refused_by_file() {
    let work = Workplace::new();
    let data = |write: &dyn Fn()| {
        write_idx_data(&work.path("images"));
        write();
        setting(&work, &format!("{IDX} -s train.batch_size=16"))
    };
    let write = |name: &str, contents: &[u8]| {
        fs::write(work.path("images").join(name), contents).unwrap();
    };
    let mut labels: Vec<u8> = (0..80).map(|i| i % 4).collect();
    labels[70] = 9;

    insta::assert_snapshot!(setting(&work, IDX), @"error: cannot read WORK/images: No such file or directory (os error 2)");
    insta::assert_snapshot!(data(&|| write("train-labels-idx1-ubyte", &idx(&[80], &labels))), @"error: WORK/images/train-labels-idx1-ubyte holds the label 9 at index 70 (offset 78), expected less than 4, the number of classes");
    insta::assert_snapshot!(data(&|| write("t10k-images-idx3-ubyte", &idx(&[20, 2, 2], &[0; 79]))), @"error: WORK/images/t10k-images-idx3-ubyte is truncated: it has 95 bytes, expected 96");
    insta::assert_snapshot!(data(&|| write("t10k-labels-idx1-ubyte", &idx(&[19], &[0; 19]))), @"error: WORK/images/t10k-images-idx3-ubyte holds 20 images and WORK/images/t10k-labels-idx1-ubyte holds 19 labels");
    insta::assert_snapshot!(data(&|| write("train-images-idx3-ubyte", b"GIF89a")), @"error: WORK/images/train-images-idx3-ubyte starts with [71, 73, 70, 56], expected [0, 0, 8, 3]: IDX of unsigned bytes with 3 dimensions");
    insta::assert_snapshot!(data(&|| fs::remove_file(work.path("images/t10k-labels-idx1-ubyte")).unwrap()), @"error: WORK/images holds neither t10k-labels-idx1-ubyte nor t10k-labels.idx1-ubyte, with or without .gz");
    insta::assert_snapshot!(data(&|| write("t10k-images-idx3-ubyte", &idx(&[20, 1, 4], &[0; 80]))), @"error: WORK/images/t10k-images-idx3-ubyte holds images of [1, 4] pixels, expected [2, 2] as in the train split");
    write_idx_data(&work.path("images"));
    insta::assert_snapshot!(setting(&work, &format!("{IDX} -s data.validation=80")), @"error: a validation split of 80 leaves nothing of the 80 examples to train on");
}

#[test]
fn a_plugin_that_is_no_plugin_is_refused_by_its_path() {
    let work = Workplace::new();
    fs::write(work.path("text.so"), "not a library").unwrap();
    fs::create_dir(work.path("folder.so")).unwrap();
    let libc = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/usr/lib/libc.so.6"];
    let libc = libc.iter().find(|path| fs::exists(path).unwrap()).expect("a C library");
    let libc = fs::canonicalize(libc).unwrap();
    symlink(&libc, work.path("libc.so")).unwrap();

    let explicit = |name: &str| {
        let message = setting(&work, &format!("-s runtime.plugin={name}"));
        message.replace(libc.to_str().unwrap(), "LIBC")
    };
    insta::assert_snapshot!(explicit("text.so"), @"error: expected a shared library at WORK/text.so, got another file; give the path of the plugin's .so file");
    insta::assert_snapshot!(explicit("libc.so"), @"error: expected a PJRT plugin at LIBC, got a library without the function GetPjrtApi; give the path of a plugin");
    insta::assert_snapshot!(explicit("folder.so"), @r#"error: the path given names the plugin "WORK/folder.so" and there is no such file"#);
    insta::assert_snapshot!(explicit("nowhere.so"), @r#"error: the path given names the plugin "WORK/nowhere.so" and there is no such file"#);

    let variable = |name: &str, arguments: &str| {
        let mut command = work.command(arguments);
        let message = work.message(command.env("HETXL_PLUGIN", work.path(name)));
        assert!(!work.path("runs").exists());
        message.replace(libc.to_str().unwrap(), "LIBC")
    };
    insta::assert_snapshot!(variable("text.so", "train small.toml"), @"error: expected a shared library at WORK/text.so, got another file; give the path of the plugin's .so file");
    insta::assert_snapshot!(variable("libc.so", "train small.toml"), @"error: expected a PJRT plugin at LIBC, got a library without the function GetPjrtApi; give the path of a plugin");
    insta::assert_snapshot!(variable("nowhere.so", "train small.toml"), @r#"error: HETXL_PLUGIN names the plugin "WORK/nowhere.so" and there is no such file"#);
    insta::assert_snapshot!(variable("nowhere.so", "devices"), @r#"error: HETXL_PLUGIN names the plugin "WORK/nowhere.so" and there is no such file"#);

    let unset = |arguments: &str| work.message(work.command(arguments).env_remove("HETXL_PLUGIN"));
    insta::assert_snapshot!(unset("train small.toml -s runtime.platform=gpu"), @r#"error: there is no plugin for the platform "gpu" on this machine; known platforms are: cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, or set HETXL_PLUGIN to the path of one"#);
    insta::assert_snapshot!(unset("devices --platform gpu"), @r#"error: there is no plugin for the platform "gpu" on this machine; known platforms are: cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, or set HETXL_PLUGIN to the path of one"#);
    insta::assert_snapshot!(unset("plugin path gpu"), @r#"error: there is no plugin for the platform "gpu" on this machine; known platforms are: cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, or set HETXL_PLUGIN to the path of one"#);
    insta::assert_snapshot!(unset("plugin install gpu"), @r#"error: there is no plugin "gpu" to install; there are: cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, and cuda12-nvcc"#);
}

#[test]
fn a_folder_that_is_no_run_is_refused() {
    let work = Workplace::new();
    fs::create_dir(work.path("empty")).unwrap();
    insta::assert_snapshot!(work.fail("eval empty"), @"error: there is no run in empty: it has no config.toml that a run wrote");
    insta::assert_snapshot!(work.fail("eval nowhere"), @"error: there is no run in nowhere: there is no such folder");
    insta::assert_snapshot!(work.fail("eval small.toml"), @"error: there is no run in small.toml: it is no folder");
    insta::assert_snapshot!(work.fail("export empty --function predict -o out"), @"error: there is no run in empty: it has no config.toml that a run wrote");
    assert!(!work.path("out").exists());
}

#[test]
fn a_state_that_is_damaged_is_refused_by_name() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r --steps 25");
    let state = "r/checkpoints/00000025/state.json";
    let whole = work.read(state);
    fs::write(work.path(state), &whole[..40]).unwrap();
    insta::assert_snapshot!(work.fail("eval r/checkpoints/00000025"), @"error: r/checkpoints/00000025/state.json is not readable as the state of a checkpoint: EOF while parsing a value at line 4 column 9");
    insta::assert_snapshot!(work.fail("eval r"), @r"
passed over a checkpoint: r/checkpoints/00000025/state.json is not readable as the state of a checkpoint: EOF while parsing a value at line 4 column 9
error: r has no intact checkpoint: its only one is damaged
");
    insta::assert_snapshot!(work.fail("train small.toml --run-dir r --resume"), @r"
passed over a checkpoint: r/checkpoints/00000025/state.json is not readable as the state of a checkpoint: EOF while parsing a value at line 4 column 9
error: r has no intact checkpoint: its only one is damaged
");

    fs::write(work.path(state), &whole).unwrap();
    let config = work.read("r/config.toml");
    fs::write(work.path("r/config.toml"), config.replace("[32]", "[16]")).unwrap();
    insta::assert_snapshot!(work.fail("eval r"), @"error: the checkpoint r/checkpoints/00000025 does not fit the config: trunk/dense_0/kernel is f32[64, 32] and must be f32[64, 16]");
    insta::assert_snapshot!(work.fail("train r/config.toml --run-dir r --resume"), @"error: the run in r was made with another config: its config.toml was changed since; resume with the config that it was made with, or start a new run");
}

#[test]
fn a_run_that_cannot_be_written_is_refused() {
    let work = Workplace::quick();
    // A file in the place of a folder stops everybody, the superuser among them.
    insta::assert_snapshot!(setting(&work, "--run-dir small.toml/r"), @"error: cannot create small.toml/r: Not a directory (os error 20)");
    insta::assert_snapshot!(setting(&work, "--run-dir small.toml"), @"error: cannot create small.toml: File exists (os error 17)");
    insta::assert_snapshot!(work.fail("export small.toml --function predict -o small.toml"), @"error: cannot create small.toml: File exists (os error 17)");
    insta::assert_snapshot!(work.fail("export small.toml --function predict -o small.toml/x"), @"error: cannot create small.toml/x: Not a directory (os error 20)");
    // Programs are larger than the disk has room for: the folder goes, but not what else is in it.
    fs::create_dir(work.path("used")).unwrap();
    File::create(work.path("used/notes.txt")).unwrap();
    for run in ["new", "used"] {
        let message = on_a_full_disk(&work, 8, &format!("train small.toml --run-dir {run}"));
        let expected = format!(
            "error: cannot write {run}/program/train-step.mlir: File too large (os error 27)"
        );
        assert_eq!(message, expected);
    }
    assert_eq!(work.names(""), ["small.toml", "used"]);
    assert_eq!(work.names("used"), ["notes.txt"]);
}

#[test]
fn a_disk_that_fills_up_costs_the_checkpoint_that_did_not_fit_and_no_other() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r --steps 50 -s model.trunk.hidden=[200]");
    let arguments = "train small.toml --run-dir r --resume -s model.trunk.hidden=[200]";
    // The program fits, and the optimiser's state, twice the size of the parameters, doesn't.
    let parameters = work.bytes("r/checkpoints/00000050/parameters.safetensors").len();
    let program = work.bytes("r/program/train-step.mlir").len();
    let limit = parameters.max(program).div_ceil(512) + 1;
    let message = on_a_full_disk(&work, limit, arguments);
    let last = message.lines().last().unwrap();
    insta::assert_snapshot!(last, @"error: cannot write r/checkpoints/00000100/optimizer.safetensors: File too large (os error 27)");
    assert_eq!(work.names("r/checkpoints"), ["00000050"]);

    let resumed = work.succeed(arguments);
    assert!(resumed.stderr.contains("training from step 50 to 100"), "{}", resumed.stderr);
}

/// The message of a command where no file can grow beyond `blocks` of 512 bytes. A write fails
/// halfway in the same manner as on a disk without room, and any user can set such a limit.
fn on_a_full_disk(work: &Workplace, blocks: usize, arguments: &str) -> String {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {arguments}");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_hetxl")]);
    let message = work.message(command.current_dir(work.path("")));
    message.lines().filter(|line| !line.starts_with("step ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_loss_that_diverges_ends_the_run_with_advice_and_saves_nothing() {
    let work = Workplace::quick();
    // Wherever the next line of metrics is, the step is the same, and nothing after it is saved.
    for log_every in [2, 100] {
        let arguments = "train small.toml --run-dir r -s schedule.peak=1e30";
        let every = format!("-s train.log_every={log_every} -s train.checkpoint_every=1");
        let message = work.fail(&format!("{arguments} {every}"));
        let last = message.lines().last().unwrap();
        assert!(last.starts_with("error: the loss is NaN in step 3: training has "), "{message}");
        let advice =
            "; a new run with a lower schedule.peak or optimizer.clip_global_norm = 1.0 may help";
        assert!(last.ends_with(advice), "{message}");
        assert_eq!(work.names("r/checkpoints"), ["00000001", "00000002"]);
        fs::remove_dir_all(work.path("r")).unwrap();
    }
}

#[test]
fn parameters_that_one_step_has_carried_away_are_not_saved() {
    let work = Workplace::quick();
    // The rate is infinite as an `f32`, and the first loss is none the worse for it.
    let rate = "-s schedule.warmup_steps=0 -s schedule.peak=1e300 -s train.checkpoint_every=1";
    let message = work.fail(&format!("train small.toml --run-dir r {rate}"));
    let last = message.lines().last().unwrap();
    assert!(last.starts_with("error: parameters after step 1 are not finite: "), "{message}");
    assert_eq!(work.names("r/checkpoints"), [""; 0]);
}

#[test]
fn the_command_that_is_told_when_training_diverges_goes_there_again() {
    let work = Workplace::quick();
    // From step 60 on the rate climbs to 1e30.
    let schedule = "-s schedule.warmup_steps=60 -s schedule.total_steps=61 -s schedule.end=1e30";
    let message = work.fail(&format!("train small.toml --run-dir r {schedule}"));
    let lines: Vec<_> = message.lines().collect();
    let [.., examples, command, error] = &lines[..] else { panic!("{message}") };
    let (step, first) =
        examples.strip_prefix("the examples of step ").unwrap().split_once(": ").unwrap();
    let step: u64 = step.parse().unwrap();
    assert!((61..=65).contains(&step), "{message}");
    assert!(first.contains(" at index ") && first.ends_with(" and 56 more"), "{message}");
    assert!(error.contains(&format!(" is NaN in step {step}: ")), "{message}");
    let command = command.strip_prefix("to go there again: ").unwrap();
    let mut shell = Command::new("sh");
    let again = work.message(shell.args(["-c", command]).current_dir(work.path("")));
    assert!(again.contains(&format!("training from step 50 to {step}\n")), "{again}");
    assert_eq!(again.lines().last(), Some(*error));
}

#[test]
fn help_and_version_are_no_mistakes() {
    let work = Workplace::new();
    let commands = "train,eval,export,compile,run,inspect,plugin,plugin install,cache,cache list,\
                    cache clear,devices,doctor";
    for command in std::iter::once("").chain(commands.split(',')) {
        let ended = end(&mut work.command(&format!("{command} --help")));
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{command}: {ended:#?}");
        assert!(ended.stdout.contains(&format!("Usage: hetxl {command}")), "{}", ended.stdout);
    }
    assert!(work.succeed("--version").stdout.starts_with("hetxl 0.1.0"));
}
