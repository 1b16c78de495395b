//! Evaluation: what the program gives, and the metrics of it, against scikit-learn and NumPy.

mod support;

use std::fs;
use std::io::Cursor;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use hetxl::config::{Config, EvalConfig};
use hetxl::data::{Dataset, Split, shuffle};
use hetxl::evaluate::{Evaluator, Predicted};
use hetxl::few_shot::{Features, FewShotEvaluator, Ridge};
use hetxl::metrics::{Accumulator, Evaluation, METRICS, Propensity};
use hetxl::model::{Model, Params};
use hetxl::programs::Programs;
use hetxl::run_folder;
use hetxl::state::TrainState;
use image::{Rgb, RgbImage};
use pjrt::HostArray;
use serde_json::Value;
use support::{Workplace, device};

const CLASSES: usize = 12;
const EXAMPLES: usize = 60;

/// What `data/metrics.py` prints.
fn reference() -> Value {
    serde_json::from_str(include_str!("data/metrics.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

/// The labels of each example: one, or any number.
fn labels(value: &Value) -> Vec<Vec<u32>> {
    let integer = |value: &Value| value.as_u64().unwrap() as u32;
    let of_example = |value: &Value| match value {
        Value::Array(several) => several.iter().map(integer).collect(),
        one => vec![integer(one)],
    };
    value.as_array().unwrap().iter().map(of_example).collect()
}

/// The programs of a model whose logits are its inputs.
fn programs(loss: &str, max_labels: Option<usize>) -> Programs {
    let config = format!(
        "model.trunk = {{ kind = 'mlp', hidden = [] }}
         model.head = {{ kind = 'det', loss = '{loss}' }}
         data = {{ kind = 'shapes', features = {CLASSES}, classes = {CLASSES} }}"
    );
    let config = Config::parse(&config, &[]).unwrap();
    let (programs, _) = hetxl::train::programs_and_data(&config).unwrap();
    Programs { max_labels, ..programs }
}

/// Runs `eval_step` with the reference's logits as inputs: its six outputs.
fn outputs(programs: &Programs, labels: &[Vec<u32>]) -> Vec<HostArray> {
    let identity = (0..CLASSES * CLASSES).map(|at| f32::from(at % (CLASSES + 1) == 0));
    let kernel = identity.collect::<Vec<_>>();
    let mut numbers = vec![];
    for of_example in labels {
        let filled = of_example.iter().map(|&label| label as i32).chain(std::iter::repeat(-1));
        numbers.extend(filled.take(programs.max_labels.unwrap_or(1)));
    }
    let dims = [EXAMPLES, programs.max_labels.unwrap_or(1)];
    let dims = if programs.max_labels.is_some() { &dims[..] } else { &dims[..1] };
    let inputs = [
        HostArray::from_slice(&[CLASSES, CLASSES], &kernel).unwrap(),
        HostArray::from_slice(&[CLASSES], &[0f32; CLASSES]).unwrap(),
        HostArray::from_slice(&[EXAMPLES, CLASSES], &floats(&reference()["logits"])).unwrap(),
        HostArray::from_slice(dims, &numbers).unwrap(),
    ];
    device::run(&programs.eval_step(EXAMPLES).unwrap(), &inputs)
}

fn evaluation(mut sums: Accumulator, labels: &[Vec<u32>], outputs: &[HostArray]) -> Evaluation {
    let [loss, probabilities, confidence, entropy, brier] =
        [0, 2, 3, 4, 5].map(|at: usize| outputs[at].as_slice::<f32>().unwrap());
    let classes = outputs[1].as_slice::<i32>().unwrap();
    let classes = classes.iter().map(|&class| class as u32).collect::<Vec<_>>();
    for (index, labels) in labels.iter().enumerate() {
        sums.add(&Predicted {
            index,
            labels,
            clean_label: None,
            classes: &classes[index * 10..][..10],
            probabilities: &probabilities[index * 10..][..10],
            loss: loss[index],
            confidence: confidence[index],
            entropy: entropy[index],
            brier: brier[index],
        });
    }
    sums.finish(vec![]).unwrap()
}

#[track_caller]
fn close(name: &str, got: f64, expected: f64) {
    assert!((got - expected).abs() <= 2e-6 * expected.abs().max(1.0), "{name}: {got}, {expected}");
}

/// Every metric that either has.
#[track_caller]
fn same(evaluation: &Evaluation, expected: &Value) {
    let values = evaluation.values();
    assert_eq!(values.len(), expected.as_object().unwrap().len(), "{values:?}");
    let place = |name: &str| METRICS.iter().position(|metric| metric.name == name);
    assert!(values.is_sorted_by_key(|(name, _)| place(name).unwrap()), "{values:?}");
    for (name, value) in values {
        close(name, value, expected[name].as_f64().unwrap());
    }
}

#[test]
fn metrics_of_one_label_are_those_of_scikit_learn() {
    let reference = reference();
    let labels = labels(&reference["one"]);
    for loss in ["softmax", "sigmoid"] {
        let outputs = outputs(&programs(loss, None), &labels);
        let evaluation = evaluation(Accumulator::one_label(), &labels, &outputs);
        same(&evaluation, &reference[loss]["one"]);
        let expected = floats(&reference["entropy"]);
        for (&got, expected) in outputs[4].as_slice::<f32>().unwrap().iter().zip(expected) {
            close("entropy", f64::from(got), f64::from(expected));
        }
    }
}

#[test]
fn metrics_of_several_labels_are_those_of_scikit_learn() {
    let reference = reference();
    let labels = labels(&reference["several"]);
    let counts = reference["counts"].as_array().unwrap().iter();
    let counts = counts.map(|count| count.as_u64().unwrap()).collect::<Vec<_>>();
    let train = reference["train"].as_u64().unwrap() as usize;
    for loss in ["softmax", "sigmoid"] {
        let outputs = outputs(&programs(loss, Some(4)), &labels);
        let sums = Accumulator::several_labels(Some(Propensity::default().inverse(&counts, train)));
        let evaluation = evaluation(sums, &labels, &outputs);
        same(&evaluation, &reference[loss]["several"]);
        let without = labels.iter().filter(|labels| labels.is_empty()).count() as u64;
        assert_eq!((evaluation.examples, evaluation.unlabelled), (60 - without, without));
    }
}

#[test]
fn the_classes_that_come_first_have_the_largest_probabilities_in_order() {
    let reference = reference();
    let outputs = outputs(&programs("softmax", None), &labels(&reference["one"]));
    let logits = floats(&reference["logits"]);
    for row in 0..EXAMPLES {
        let logits = &logits[row * CLASSES..][..CLASSES];
        let mut ranked = (0..CLASSES).collect::<Vec<_>>();
        // Of equal logits the smaller class is first: the sort is stable.
        ranked.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
        let sum = logits.iter().map(|&logit| f64::from(logit).exp()).sum::<f64>();
        let classes = &outputs[1].as_slice::<i32>().unwrap()[row * 10..][..10];
        let probabilities = &outputs[2].as_slice::<f32>().unwrap()[row * 10..][..10];
        for ((&class, &probability), expected) in classes.iter().zip(probabilities).zip(ranked) {
            assert_eq!(class as usize, expected, "row {row}");
            close("probability", probability.into(), f64::from(logits[expected]).exp() / sum);
        }
    }
}

#[test]
fn every_example_of_a_split_is_visited_once_in_order_with_its_own_labels() {
    let config = Config::parse(support::SMALL, &["model.head={kind='det'}".to_owned()]).unwrap();
    let data = Arc::new(Dataset::open(&config.data).unwrap());
    let runtime = device::runtime();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    // The last batch is not full.
    let config = EvalConfig { batch_size: 77, ..EvalConfig::default() };
    let evaluator = Evaluator::new(&runtime, &programs, &config, data.clone()).unwrap();
    let state = TrainState::init(&runtime, &programs, 0).unwrap();
    let mut visited = vec![];
    let mut visit = |it: &Predicted<'_>| visited.push((it.index, it.labels.to_vec()));
    evaluator.for_each(&runtime, &state, Split::Validation, &mut visit).unwrap();
    let all = data.sequential(Split::Validation, 200).unwrap().next().unwrap().unwrap();
    let labels = all.labels.as_slice::<i32>().unwrap().iter();
    let expected = labels.map(|&label| vec![label as u32]).enumerate().collect::<Vec<_>>();
    assert_eq!(visited, expected);
}

#[test]
fn a_model_that_knows_nothing_has_the_metrics_of_chance() {
    // A head of zeros gives every class the same probability, and the first one wins every tie.
    let config = Config::parse(support::SMALL, &["model.head={kind='det'}".to_owned()]).unwrap();
    let data = Arc::new(Dataset::open(&config.data).unwrap());
    let runtime = device::runtime();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    let evaluator = Evaluator::new(&runtime, &programs, &config.eval, data.clone()).unwrap();
    let state = TrainState::init(&runtime, &programs, 0).unwrap();
    let mut in_order = |it: &Predicted<'_>| assert_eq!(it.classes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let evaluation = evaluator.for_each(&runtime, &state, Split::Test, &mut in_order).unwrap();
    let zeros = data.label_counts(Split::Test).unwrap()[0] as f64 / 300.0;
    close("accuracy", evaluation.accuracy, zeros);
    close("nll", evaluation.nll, 10f64.ln());
    close("brier", evaluation.brier, 0.9);
    close("ece", evaluation.calibration.error(), (zeros - 0.1).abs());
    assert_eq!(evaluation.auroc, Some(0.5));
}

#[test]
fn no_examples_and_none_with_a_label_have_no_metrics() {
    assert_eq!(Accumulator::one_label().finish(vec![]), None);
    let mut sums = Accumulator::several_labels(None);
    let (classes, probabilities) = (&[0][..], &[1.0][..]);
    let (loss, confidence, entropy, brier) = (0.0, 1.0, 0.0, 0.0);
    let labels = &[][..];
    let index = 0;
    sums.add(&Predicted {
        index,
        labels,
        clean_label: None,
        classes,
        probabilities,
        loss,
        confidence,
        entropy,
        brier,
    });
    assert_eq!(sums.finish(vec![]), None);
}

#[test]
fn metrics_are_shown_one_below_the_other() {
    let work = Workplace::quick();
    work.succeed("train small.toml --steps 50 --run-dir r");
    let shown = work.succeed("eval r").stdout;
    let names = shown.lines().skip(1).map(|line| line.split_whitespace().next().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["accuracy", "top-5", "NLL", "ECE", "Brier", "AUROC"]);
    let json = work.json("eval r --json");
    for line in shown.lines().skip(1) {
        let words = line.split_whitespace().collect::<Vec<_>>();
        let name = words[0].to_lowercase().replace("top-5", "top5");
        close(&name, words[1].parse().unwrap(), {
            let value = json["metrics"][&name].as_f64().unwrap();
            (value * 1e4).round() / 1e4
        });
    }
    assert!(shown.starts_with("r/checkpoints/00000050, test split: 300 examples\n"), "{shown}");
}

fn features(value: &Value) -> Features {
    let labels = labels(&value["labels"]).concat();
    let numbers = floats(&value["features"]);
    Features { width: numbers.len() / labels.len(), numbers, labels }
}

#[test]
fn few_shot_classifiers_are_those_of_numpy() {
    let reference: Value = serde_json::from_str(include_str!("data/few_shot.json")).unwrap();
    let [validation, test] = ["validation", "test"].map(|split| features(&reference[split]));
    // One shot is fewer examples than features, five are more.
    for expected in reference["results"].as_array().unwrap() {
        let ridge = Ridge::new(&features(expected), 3);
        let fits = ridge.fits(&validation);
        assert_eq!(fits.len(), 30);
        let lambda = 2f64.powi(expected["power"].as_i64().unwrap() as i32);
        let best = fits.iter().find(|fit| fit.lambda == lambda).unwrap();
        assert!(fits.iter().all(|fit| fit.accuracy <= best.accuracy));
        let number = |name: &str| expected[name].as_f64().unwrap();
        close("validation", best.accuracy, number("validation"));
        close("test", ridge.accuracy(&test, lambda), number("test"));
        let scores = expected["scores"].as_array().unwrap().iter();
        let scores = scores.flat_map(|row| row.as_array().unwrap());
        for (got, expected) in ridge.scores(&test, lambda).into_iter().zip(scores) {
            close("score", got, expected.as_f64().unwrap());
        }
    }
}

#[test]
fn a_ridge_over_two_hundred_thousand_classes_needs_no_target_for_each_example_and_class() {
    // One example of each class, its feature the class itself. So x has the mean (K - 1) / 2 and the
    // variance (K² - 1) / 12, Xᵀ X is diagonal, and the score of class k for x is a sum of two terms.
    const K: usize = 200_000;
    let lambda = 8.0;
    let (labels, numbers) = (0..K as u32).map(|class| (class, class as f32)).unzip();
    let ridge = Ridge::new(&Features { width: 1, numbers, labels }, K);
    let asked = [3.0, 150_000.0];
    let scores = ridge
        .scores(&Features { width: 1, numbers: asked.to_vec(), labels: vec![3, 150_000] }, lambda);
    let (count, mean) = (K as f64, (K as f64 - 1.0) / 2.0);
    let variance = (count * count - 1.0) / 12.0;
    let standardised = |x: f64| (x - mean) / (variance.sqrt() + 1e-5);
    let squares = count * variance / (variance.sqrt() + 1e-5).powi(2);
    for (scores, x) in scores.chunks(K).zip(asked) {
        for (class, score) in scores.iter().enumerate() {
            let slope = 2.0 * standardised(class as f64) / (squares + lambda);
            let bias = 100.0 * (2.0 - count) / (count * 100.0 * 100.0 + lambda);
            let expected = standardised(x.into()) * slope + 100.0 * bias;
            assert!((score - expected).abs() < 1e-9, "class {class} at {x}: {score} {expected}");
        }
    }
}

#[test]
fn few_shot_accuracy_of_a_run_is_told_for_each_number_of_shots() {
    let work = Workplace::quick();
    work.succeed("train small.toml --steps 100 --run-dir r");
    let json = work.json("eval r --few-shot 1,25 --json");
    let results = json["few_shot"].as_array().unwrap();
    assert_eq!(
        results.iter().map(|it| it["shots"].as_u64()).collect::<Vec<_>>(),
        [Some(1), Some(25)]
    );
    let accuracy = |at: usize| results[at]["accuracy"].as_f64().unwrap();
    // Chance is 0.1; the features of a network that was trained on these classes tell them apart.
    assert!(0.4 < accuracy(0) && accuracy(0) < accuracy(1) && accuracy(1) > 0.85, "{json}");
    let shown = work.succeed("eval r --few-shot 25").stdout;
    let row = shown.lines().last().unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(row[..2], ["25", &format!("{:.4}", accuracy(1))]);
    assert_eq!(
        work.fail("eval r --few-shot 200"),
        "error: class 0 has 135 usable examples in the train split, fewer than the 200 that are to be \
         fitted to; ask for fewer shots"
    );
    assert_eq!(work.hetxl("eval r --few-shot 0").code, Some(2));
}

/// A shard of tar with an image and its classes for each of `examples`; `None` is no image.
fn write_shard(path: &Path, examples: &[(Option<u8>, &str)]) {
    let mut archive = tar::Builder::new(fs::File::create(path).unwrap());
    let mut add = |name: String, contents: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.set_size(contents.len() as u64);
        archive.append_data(&mut header, name, contents).unwrap();
    };
    for (index, (color, classes)) in examples.iter().enumerate() {
        let mut file = Cursor::new(b"no image".to_vec());
        if let Some(color) = *color {
            let image = RgbImage::from_pixel(8, 8, Rgb([color, 0, 255 - color]));
            image.write_to(&mut file, image::ImageFormat::Png).unwrap();
        }
        add(format!("{index}.png"), file.get_ref());
        add(format!("{index}.cls"), classes.as_bytes());
    }
    archive.finish().unwrap();
}

#[test]
fn a_run_on_examples_with_several_labels_has_the_metrics_of_rankings() {
    let work = Workplace::quick();
    // A colour decides the classes 0 and 1, and every example has class 2.
    let train = (0..40).map(|at| match at % 2 {
        0 => (Some(at), "0 2"),
        _ => (Some(255 - at), "1 2"),
    });
    write_shard(&work.path("train.tar"), &train.collect::<Vec<_>>());
    let test =
        [(Some(5), "0 2"), (Some(250), "1,2"), (None, "1"), (Some(6), "2 0"), (Some(7), "3")];
    write_shard(&work.path("test.tar"), &test);
    let config =
        work.read("small.toml").replace("kind = \"det\"", "kind = \"det\"\nloss = \"sigmoid\"");
    let config = config.replace(
        "kind = \"digits\"",
        "kind = \"webdataset\"\ntrain = \"train.tar\"\ntest = \"test.tar\"\nclasses = 4
         max_labels = 3\nimage = { size = 8, resize = 8 }",
    );
    fs::write(work.path("several.toml"), format!("{config}\n[eval.propensity]\n")).unwrap();
    work.succeed("train several.toml --run-dir r --steps 100 -s train.batch_size=20");

    let ended = work.succeed("eval r --json");
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    let metrics = &json["metrics"];
    let metric = |name: &str| metrics[name].as_f64().unwrap();
    assert_eq!(metrics["examples"], 4);
    // The first two classes are those of three of the four examples; of the last one it is none.
    close("precision_at_1", metric("precision_at_1"), 0.75);
    close("recall_at_1", metric("recall_at_1"), 3.0 * 0.5 / 4.0);
    close("recall_at_5", metric("recall_at_5"), 1.0);
    // Four classes are all of the first five.
    close("psp_at_5", metric("psp_at_5"), 1.0);
    assert!(metrics.get("accuracy").is_none() && metrics.get("top5").is_none(), "{metrics}");
    let skipped = &metrics["skipped"][0];
    assert!(skipped["name"].as_str().unwrap().contains("test.tar"), "{skipped}");
    assert_eq!(metrics["skipped"].as_array().unwrap().len(), 1);
    assert_eq!(ended.stderr.matches("skipped ").count(), 1, "{}", ended.stderr);

    assert_eq!(
        work.fail("eval r --few-shot 1"),
        "error: few-shot evaluation is for examples with one label each, and data.max_labels is set: \
         they can have several"
    );
    let message = work.fail("eval r --split validation");
    assert_eq!(message, "error: the validation split is empty: there is nothing to evaluate on");
    write_shard(&work.path("test.tar"), &[(Some(5), ""), (Some(9), " ")]);
    assert_eq!(
        work.fail("eval r"),
        "error: no example of the test split that can be used has a label: there is nothing to evaluate \
         on"
    );
}

#[test]
fn few_shots_are_of_examples_that_can_be_used_and_the_others_are_named() {
    let work = Workplace::quick();
    // Red is class 0 and blue is class 1; of the train split three are damaged, of the test split one.
    let example = |at: u8| match at % 2 {
        0 => (Some(at), "0"),
        _ => (Some(255 - at), "1"),
    };
    let good = (0..10).map(example).collect::<Vec<_>>();
    write_shard(
        &work.path("train.tar"),
        &[&good[..], &[(None, "0"), (None, "1"), (None, "1")]].concat(),
    );
    write_shard(&work.path("validation.tar"), &good);
    write_shard(&work.path("test.tar"), &[&good[..], &[(None, "0")]].concat());
    let config = work.read("small.toml").replace(
        "kind = \"digits\"",
        "kind = \"webdataset\"\ntrain = \"train.tar\"\nvalidation = \"validation.tar\"\n\
         test = \"test.tar\"\nclasses = 2\nmax_skipped = 3\nimage = { size = 8, resize = 8 }",
    );
    fs::write(work.path("damaged.toml"), config).unwrap();
    work.succeed("train damaged.toml --run-dir r --steps 1 -s train.batch_size=8");

    // All that can be used are needed, and met are those that can't and come before the last of their
    // class.
    let ended = work.succeed("eval r --few-shot 5 --json");
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(json["few_shot"][0]["accuracy"], 1.0);
    let skipped = json["skipped"].as_array().unwrap();
    let mut names = skipped.iter().map(|it| it["name"].as_str().unwrap()).collect::<Vec<_>>();
    names.sort_unstable();
    let order = shuffle(0, 0, 13);
    let class = |place: u32| if place < 10 { place % 2 } else { u32::from(place > 10) };
    let at = |place: u32| order.iter().position(|&it| it == place);
    let is_met = |bad: u32| {
        let mut good = (0..10).filter(|&good| class(good) == class(bad));
        good.any(|good| at(good) > at(bad))
    };
    let met = (10..13).filter(|&bad| is_met(bad)).map(|bad| format!("train.tar: {bad}.png"));
    let mut expected = met.collect::<Vec<_>>();
    let of_train = expected.len();
    expected.insert(0, "test.tar: 10.png".to_owned());
    assert_eq!(names.len(), expected.len(), "{names:?}");
    assert!(names.iter().zip(&expected).all(|(got, end)| got.ends_with(end)), "{names:?}");
    assert_eq!(ended.stderr.matches("skipped ").count(), expected.len(), "{}", ended.stderr);

    let message = work.fail("eval r --few-shot 6");
    assert!(
        message.starts_with("error: class 0 has 5 usable examples in the train split"),
        "{message}"
    );
    let config = work.read("r/config.toml").replace("max_skipped = 3", "max_skipped = 1");
    fs::write(work.path("r/config.toml"), config).unwrap();
    let message = work.fail("eval r --few-shot 5");
    assert!(
        message.starts_with(&format!(
            "error: {of_train} examples could not be used, more than data.max_skipped = 1"
        )),
        "{message}"
    );
}

#[test]
fn a_class_with_too_few_shots_is_named_as_its_folder_is() {
    let work = Workplace::quick();
    for (file, color) in [("ant/0", 0), ("ant/1", 1), ("ant/2", 2), ("bee/0", 250), ("bee/1", 251)]
    {
        let file = work.path(&format!("photos/{file}.png"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        RgbImage::from_pixel(8, 8, Rgb([color, 0, 255 - color])).save(file).unwrap();
    }
    let config = work.read("small.toml").replace(
        "kind = \"digits\"",
        "kind = \"folders\"\ntrain = \"photos\"\nvalidation = \"photos\"\ntest = \"photos\"\n\
         classes = 2\nimage = { size = 8, resize = 8 }",
    );
    fs::write(work.path("photos.toml"), config).unwrap();
    fs::write(work.path("photos/bee/2.webp"), b"").unwrap();
    let warning = "warning: WORK/photos: passed over: 1 file that is not .jpg, .jpeg or .png, \
                   bee/2.webp\n";
    for arguments in ["--dry-run", "--run-dir r"] {
        let command = format!("train photos.toml {arguments} --steps 1 -s train.batch_size=4");
        let told = work.generic(&work.succeed(&command).stderr);
        assert_eq!(told.matches("warning: ").count(), 1, "{told}");
        assert!(told.contains(warning), "{told}");
    }
    assert_eq!(
        work.fail("eval r --few-shot 3").strip_prefix(warning),
        Some(
            "error: class 1, \"bee\", has 2 usable examples in the train split, fewer than the 3 that \
             are to be fitted to; ask for fewer shots"
        )
    );
}

#[test]
fn features_of_a_vision_transformer_are_its_pre_logits_before_their_tanh() {
    let vit = "{kind='vit',image=8,patch=4,hidden=8,layers=1,heads=2,mlp=8}";
    let config = Config::parse(support::SMALL, &[format!("model.trunk={vit}")]).unwrap();
    let data = Dataset::digits().unwrap();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    let runtime = device::runtime();
    let state = TrainState::init(&runtime, &programs, 0).unwrap();
    let inputs = data.sequential(Split::Test, 3).unwrap().next().unwrap().unwrap().inputs;
    let pre_logits = hlo::trace("pre_logits", |t| {
        let params = Params::inputs(t, &programs.model.params());
        let inputs = t.input("inputs", hlo::DType::F32, [3, 64]);
        t.output("pre_logits", programs.model.trunk.pre_logits(&params, inputs, None));
    });
    let of = |program: hlo::Program| {
        let executable = runtime.compile(&program).unwrap();
        let results = runtime.run(&executable, state.params(), &[&inputs]).unwrap();
        results[0].to_host().unwrap().as_slice::<f32>().unwrap().to_vec()
    };
    let (embedding, pre_logits) = (of(programs.embed(3).unwrap()), of(pre_logits.unwrap()));
    assert_eq!(embedding.len(), 3 * 8);
    for (embedding, pre_logits) in embedding.into_iter().zip(pre_logits) {
        close("pre-logit", f64::from(pre_logits), f64::from(embedding).tanh());
    }
}

#[test]
fn a_model_that_gives_no_numbers_shows_it() {
    let mut sums = Accumulator::one_label();
    for labels in [[0], [1]] {
        sums.add(&Predicted {
            index: 0,
            labels: &labels,
            clean_label: None,
            classes: &[0, 1],
            probabilities: &[f32::NAN; 2],
            loss: f32::NAN,
            confidence: f32::NAN,
            entropy: f32::NAN,
            brier: f32::NAN,
        });
    }
    let evaluation = sums.finish(vec![]).unwrap();
    let Evaluation { nll, brier, auroc, .. } = evaluation;
    let ece = evaluation.calibration.error();
    assert!([nll, ece, brier, auroc.unwrap()].iter().all(|it| it.is_nan()), "{evaluation:?}");
}

#[test]
fn many_labels_of_many_classes_take_no_array_of_all_of_them_together() {
    let programs = programs("sigmoid", Some(50));
    let model = Model { classes: 100_000, ..programs.model.clone() };
    let text = Programs { model, ..programs }.eval_step(64).unwrap().text();
    assert!(text.contains("tensor<64x100000xf32>") && text.contains("tensor<64x50xi32>"));
    assert!(!text.contains("x50x100000x") && !text.contains("x100000x50x"));
}

#[test]
fn features_that_are_no_numbers_are_refused() {
    let work = Workplace::quick();
    work.succeed("train small.toml --steps 25 --run-dir r");
    let (run, folder, mut checkpoint) = run_folder::resolve(&work.path("r"), &mut |_| {}).unwrap();
    let kernel = checkpoint.parameters.get_mut("trunk/dense_0/kernel").unwrap();
    *kernel = HostArray::from_slice(&[64, 32], &[f32::NAN; 64 * 32]).unwrap();
    let data = Arc::new(Dataset::digits().unwrap());
    let config = run.config().unwrap();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    let runtime = device::runtime();
    let evaluator = FewShotEvaluator::new(&runtime, &programs, &config.eval, data).unwrap();
    let state = TrainState::restore(&runtime, &programs, &checkpoint, &folder).unwrap();
    let shots = [NonZeroUsize::MIN];
    let error = evaluator.evaluate(&runtime, &state, Split::Test, &shots).unwrap_err();
    assert_eq!(
        error.to_string(),
        "features of the train split are not finite: training has diverged; take an earlier checkpoint"
    );
}
