//! The events of a run, as TensorBoard itself reads them.

#[path = "support/installed.rs"]
mod installed;
mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::Workplace;

/// What TensorBoard and NumPy read of the run in `runs/small-1` at a step.
fn read(work: &Workplace, step: u64) -> Value {
    let packages = ["tensorboard==2.21.0", "numpy>=2", "protobuf>=6,<8", "absl-py", "packaging"];
    let site = installed::once("tensorboard-2.21.0", |folder| installed::pip(folder, &packages));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_events.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(work.path("runs/small-1")).arg(step.to_string());
    serde_json::from_str(&installed::said(command.env("PYTHONPATH", site))).unwrap()
}

fn close(got: f64, expected: f64, tolerance: f64) -> bool {
    (got - expected).abs() <= tolerance * expected.abs().max(1e-6)
}

#[test]
fn tensorboard_reads_scalars_histograms_norms_and_the_config() {
    let work = Workplace::new();
    let settings = "-s train.histogram_every=40 -s train.checkpoint_every=1 -s train.keep=2 \
                    -s train.log_every=1 -s optimizer.weight_decay=0.5";
    work.succeed(&format!("train small.toml --steps 40 {settings}"));
    let read = read(&work, 40);

    let lines = work.read("runs/small-1/metrics.jsonl");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for name in ["loss", "gradient_norm", "temperature", "learning_rate"] {
        let told = read["scalars"][format!("train/{name}")].as_array().unwrap();
        let of_train = lines.iter().filter(|line| line["split"] == "train");
        let expected: Vec<_> = of_train.map(|line| (&line["step"], &line[name])).collect();
        assert_eq!(told.len(), expected.len(), "{name}");
        for (told, (step, value)) in told.iter().zip(expected) {
            assert_eq!(&told[0], step);
            assert!(close(told[1].as_f64().unwrap(), value.as_f64().unwrap(), 1e-6), "{name}");
        }
    }

    let scalars = read["scalars"].as_object().unwrap();
    let of_gradients = scalars.iter().filter(|(name, _)| name.starts_with("norm_of_gradients/"));
    let norms: Vec<_> = of_gradients.map(|(_, values)| values[0][1].as_f64().unwrap()).collect();
    let all = lines.iter().find(|line| line["step"] == 40 && line["split"] == "train").unwrap();
    let squares = norms.iter().map(|norm| norm * norm).sum::<f64>();
    assert!(close(squares.sqrt(), all["gradient_norm"].as_f64().unwrap(), 1e-5), "{norms:?}");

    // Without the line that says whose file it is.
    let config = work.read("runs/small-1/config.toml");
    let config = format!("```toml\n{}```\n", config.split_once('\n').unwrap().1);
    assert_eq!((&read["plugin"]["config"], &read["config"]), (&"text".into(), &config.into()));

    let names = |of: &str| read[of].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut expected: Vec<_> = ["parameters", "updates"]
        .iter()
        .flat_map(|of| names(of).into_iter().map(move |name| format!("{of}/{name}")))
        .chain(["noise_scale".to_owned()])
        .chain(["parameters", "updates", "gradients"].map(|of| format!("norms/{of}")))
        .collect();
    expected.sort();
    let mut told = names("histograms");
    told.sort();
    assert_eq!(told, expected);
}

#[test]
fn without_histograms_nothing_is_compiled_for_them() {
    let work = Workplace::quick();
    let programs = |arguments: &str| {
        let report = work.json(&format!("train small.toml --json --steps 4 {arguments}"));
        let number = |key: &str| report["compile"][key].as_u64().unwrap();
        number("compiled") + number("cached")
    };
    // The default is more steps than these.
    let none = programs("");
    assert_eq!(programs("-s train.histogram_every=0"), none);
    assert_eq!(programs("-s train.histogram_every=4"), none + 1);
}

#[test]
fn histograms_are_those_of_the_checkpoints_and_of_what_lies_between_them() {
    let work = Workplace::new();
    let settings = "-s train.histogram_every=30 -s train.checkpoint_every=1 -s train.keep=2 \
                    -s schedule.peak=0.1 -s optimizer.weight_decay=0.5";
    work.succeed(&format!("train small.toml --steps 30 {settings}"));
    let read = read(&work, 30);
    for of in ["parameters", "updates"] {
        for (name, expected) in read[of].as_object().unwrap() {
            let told = &read["histograms"][format!("{of}/{name}")];
            let number = |of: &Value, key: &str| of[key].as_f64().unwrap();
            let counts = |of: &Value| -> Vec<f64> {
                of["counts"].as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect()
            };
            // An update is a difference of rounded numbers in the checkpoints.
            let range = number(expected, "high") - number(expected, "low");
            let tolerance = if of == "updates" { 1e-3 * range.max(1e-3) } else { 1e-9 };
            if counts(expected).len() == counts(told).len() {
                for key in ["low", "high"] {
                    let apart = (number(told, key) - number(expected, key)).abs();
                    assert!(apart <= tolerance, "{key} of {of}/{name}: {told} {expected}");
                }
            }
            let total = |of: &Value| counts(of).iter().sum::<f64>();
            assert_eq!(total(told), total(expected), "{name}");
            // A number beside a bound may fall on either side of it.
            let pairs = counts(told).into_iter().zip(counts(expected));
            let moved: f64 = pairs.map(|(told, expected)| (told - expected).abs()).sum();
            assert!(moved <= (total(expected) * 0.02).max(4.0), "{of}/{name}: {told} {expected}");
            let norm = read["scalars"][format!("norm_of_{of}/{name}")][0][1].as_f64().unwrap();
            assert!(close(norm, number(expected, "norm"), 2e-3), "{of}/{name}: {norm} {expected}");
        }
    }
}
