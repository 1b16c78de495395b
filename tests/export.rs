//! Exported programs: what the manifest says of them, and whether others can run them.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use hetxl::checkpoint::Checkpoint;
use hetxl::config::Config;
use hetxl::data::{Order, Share, Split};
use hetxl::export;
use hetxl::run_folder::RunFolder;
use hetxl::runtime::Runtime;
use hetxl::state::{TrainState, seed_array};
use pjrt::{ArraySpec, Code, CompileOptions, DType, HostArray};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};
use support::Workplace;

const FUNCTIONS: [&str; 4] = ["init", "train-step", "eval-step", "predict"];

fn manifest(work: &Workplace, folder: &str) -> Vec<Value> {
    let manifest: Value =
        serde_json::from_str(&work.read(&format!("{folder}/manifest.json"))).unwrap();
    assert_eq!(manifest["hetxl"], env!("CARGO_PKG_VERSION"));
    manifest["programs"].as_array().unwrap().clone()
}

fn names(program: &Value, ports: &str) -> Vec<String> {
    let ports = program[ports].as_array().unwrap();
    ports.iter().map(|port| port["name"].as_str().unwrap().to_owned()).collect()
}

fn runtime() -> Runtime {
    let config = Config::parse(support::SMALL, &[]).unwrap();
    Runtime::open(&config.runtime, &mut |step| eprintln!("{step}")).unwrap()
}

#[test]
fn every_program_compiles_and_is_what_its_manifest_says() {
    let work = Workplace::new();
    for function in FUNCTIONS {
        let ended = work.succeed(&format!("export small.toml --function {function} -o out"));
        let said = format!("out/{function}.mlir: ");
        assert!(ended.stdout.starts_with(&said), "{ended:#?}");
        // Once more, to replace it.
        work.succeed(&format!("export small.toml --function {function} -o out"));
    }
    assert_eq!(
        work.names("out"),
        ["eval-step.mlir", "init.mlir", "manifest.json", "predict.mlir", "train-step.mlir"]
    );
    let programs = manifest(&work, "out");
    let functions: Vec<_> = programs.iter().map(|program| &program["function"]).collect();
    assert_eq!(functions, FUNCTIONS);

    let runtime = runtime();
    for program in &programs {
        let code = work.read(&format!("out/{}", program["file"].as_str().unwrap()));
        let options = CompileOptions::default();
        let executable = runtime.client().compile(Code::mlir(&code), &options).unwrap();
        let specs = |ports: &str| {
            let ports = program[ports].as_array().unwrap().iter();
            ports.map(spec).collect::<Vec<_>>()
        };
        assert_eq!(executable.inputs(), specs("inputs"), "{}", program["function"]);
        assert_eq!(executable.outputs(), specs("outputs"), "{}", program["function"]);
        let inputs = program["inputs"].as_array().unwrap().iter().enumerate();
        let donated = inputs.filter(|(_, port)| !port["donated_to"].is_null());
        let donated = donated.map(|(index, _)| index).collect::<Vec<_>>();
        assert_eq!(executable.donatable_inputs(), donated, "{}", program["function"]);
    }

    let [init, train_step, eval_step, predict] = &programs[..] else { panic!("four programs") };
    assert_eq!(names(init, "inputs"), ["seed"]);
    let state = names(init, "outputs");
    let params = &state[..state.len() / 3];
    assert_eq!(names(train_step, "inputs")[..state.len()], state);
    assert_eq!(
        names(train_step, "inputs")[state.len()..],
        ["inputs", "labels", "seed", "step", "learning_rate", "decay"]
    );
    assert_eq!(names(train_step, "outputs")[..state.len()], state);
    assert_eq!(
        names(train_step, "outputs")[state.len()..],
        ["loss", "gradient_norm", "temperature", "not_finite", "gradient_norms"]
    );
    for (index, port) in train_step["inputs"].as_array().unwrap().iter().enumerate() {
        let donated = (index < state.len()).then_some(index);
        assert_eq!(port["donated_to"], json!(donated), "{port}");
    }
    assert_eq!(names(eval_step, "inputs"), [params, &["inputs".into(), "labels".into()]].concat());
    assert_eq!(
        names(eval_step, "outputs"),
        ["loss", "classes", "probabilities", "confidence", "entropy", "brier"]
    );
    assert_eq!(names(predict, "inputs"), [params, &["inputs".into()]].concat());
    assert_eq!(names(predict, "outputs"), ["class", "probabilities", "entropy"]);
}

#[test]
fn a_run_and_a_checkpoint_of_it_export_what_the_run_was_made_with() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r --steps 25 -s train.batch_size=48");
    for (source, out) in [("r", "a"), ("r/checkpoints/00000025", "b")] {
        work.succeed(&format!("export {source} --function train-step -o {out}"));
        for file in ["train-step.mlir", "manifest.json"] {
            assert_eq!(
                work.read(&format!("{out}/{file}")),
                work.read(&format!("r/program/{file}"))
            );
        }
    }
    let program = &manifest(&work, "a")[0];
    let inputs = program["inputs"].as_array().unwrap();
    let images = inputs.iter().find(|port| port["name"] == "inputs").unwrap();
    assert_eq!(images["shape"], json!([48, 64]));
}

#[test]
fn an_optimized_program_is_an_hlo_module_of_the_same_name() {
    /// The fields of `HloModuleProto` in `xla/service/hlo.proto` that are asked about here.
    #[derive(prost::Message)]
    struct HloModuleProto {
        #[prost(string, tag = "1")]
        name: String,
        #[prost(string, tag = "2")]
        entry_computation_name: String,
        #[prost(bytes = "vec", repeated, tag = "3")]
        computations: Vec<Vec<u8>>,
    }
    let work = Workplace::new();
    work.succeed("export small.toml --function predict --format optimized -o out");
    assert_eq!(work.names("out"), ["manifest.json", "predict.hlo.pb"]);
    let program = &manifest(&work, "out")[0];
    assert_eq!(
        (&program["format"], &program["file"]),
        (&json!("optimized"), &json!("predict.hlo.pb"))
    );
    let module: HloModuleProto =
        prost::Message::decode(&work.bytes("out/predict.hlo.pb")[..]).unwrap();
    assert_eq!(module.name, "predict");
    assert!(module.entry_computation_name.starts_with("main"), "{}", module.entry_computation_name);
    assert!(!module.computations.is_empty());
}

/// The first run makes a virtual environment with jaxlib below `target`, which takes a minute.
#[test]
fn jaxlib_takes_every_program_and_computes_the_same_step() {
    let python = match python_with_jax() {
        Ok(python) => python,
        Err(reason) => {
            // Not by a macro, whose output a test that passes doesn't show.
            writeln!(io::stderr(), "skipped the comparison with jaxlib: {reason}").unwrap();
            return;
        }
    };
    let work = Workplace::new();
    work.succeed("train small.toml --run-dir r --steps 30");
    for function in FUNCTIONS {
        work.succeed(&format!("export r --function {function} -o out"));
    }

    // The step after the run's last, on the batch and with the numbers that the run would take.
    let config = RunFolder::open(&work.path("r")).unwrap().config().unwrap();
    let data = hetxl::data::Dataset::open(&config.data).unwrap();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    let runtime = runtime();
    let folder = work.path("r/checkpoints/00000030");
    let checkpoint = Checkpoint::load(&folder).unwrap();
    let mut state = TrainState::restore(&runtime, &programs, &checkpoint, &folder).unwrap();
    let (batch, seed) = (config.train.batch_size, config.train.seed);
    let order = Order { batch, seed, start: 30, share: Share::ALL };
    let batch = Arc::new(data).batches(order).unwrap().next();
    let batch = batch.unwrap().unwrap();
    let learning_rate = config.schedule.learning_rate(30);
    let given = [
        ("inputs", batch.inputs),
        ("labels", batch.labels),
        ("seed", seed_array(config.train.seed)),
        ("step", HostArray::scalar(30u32)),
        ("learning_rate", HostArray::scalar(learning_rate as f32)),
        ("decay", HostArray::scalar(config.optimizer.decay(learning_rate) as f32)),
    ];
    let mut inputs: BTreeMap<_, _> =
        given.iter().map(|(name, array)| ((*name).to_owned(), array.clone())).collect();
    inputs.extend(checkpoint.parameters.clone());
    inputs.extend(checkpoint.optimizer.clone());
    let views = inputs.iter().map(|(name, array)| (name, view(array)));
    fs::write(work.path("inputs"), safetensors::serialize(views, None).unwrap()).unwrap();

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jaxlib_train_step.py");
    let output = Command::new(&python)
        .arg(script)
        .args(["out", "inputs", "outputs"].map(|name| work.path(name)))
        .env("JAX_PLATFORMS", "cpu")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for function in FUNCTIONS {
        assert!(said.contains(&format!("compiled {function}\n")), "{said}");
    }

    let train_step =
        runtime.compile(&programs.train_step(config.train.batch_size).unwrap()).unwrap();
    let given = given.iter().map(|(_, array)| runtime.buffer(array).unwrap().into());
    let rest = state.advance(&train_step, [given.collect()]).unwrap();
    let (parameters, optimizer) = state.to_host(&programs).unwrap();
    let contents = work.bytes("outputs");
    let theirs = SafeTensors::deserialize(&contents).unwrap();
    let theirs = |name: &str| -> Vec<f32> {
        let bytes = theirs.tensor(name).unwrap().data();
        bytes.chunks_exact(4).map(|it| f32::from_le_bytes(it.try_into().unwrap())).collect()
    };

    for (name, ours) in ["loss", "gradient_norm", "temperature"].iter().zip(&rest) {
        let (ours, theirs) = (ours.to_host().unwrap().item::<f32>().unwrap(), theirs(name)[0]);
        assert!((ours - theirs).abs() <= 1e-5 * theirs.abs(), "{name}: {ours} and {theirs}");
    }
    let (mut moved, mut worst) = (0.0f32, 0.0f32);
    for (name, array) in parameters.into_iter().chain(optimizer) {
        let (ours, theirs) = (array.as_slice::<f32>().unwrap(), theirs(&name));
        let before = inputs[&name].as_slice::<f32>().unwrap();
        let scale = theirs.iter().fold(0.0f32, |most, it| most.max(it.abs()));
        for ((ours, theirs), before) in ours.iter().zip(&theirs).zip(before) {
            worst = worst.max((ours - theirs).abs() / scale);
            moved = moved.max((theirs - before).abs() / scale);
        }
    }
    assert!(worst <= 1e-5, "relative to the largest of each array they differ by {worst}");
    assert!(moved >= 1e-2, "the step moved nothing by more than {moved}");
}

#[test]
fn a_manifest_tells_how_inputs_are_made_from_pixels() {
    let work = Workplace::new();
    for function in ["predict", "init"] {
        work.succeed(&format!("export small.toml --function {function} -o out"));
    }
    let programs = manifest(&work, "out");
    // Mean and standard deviation of the train split, computed with NumPy from the same split.
    let normalization = &programs[0]["normalization"];
    let (mean, std) = (normalization["mean"].as_f64(), normalization["std"].as_f64());
    assert!((mean.unwrap() - 4.892_383_866_615_266).abs() < 1e-9, "{normalization}");
    assert!((std.unwrap() - 6.015_201_830_238_625).abs() < 1e-9, "{normalization}");
    assert!(programs[1].get("normalization").is_none());
}

#[test]
fn bytecode_is_written_for_the_version_that_is_asked_for_and_computes_as_text_does() {
    let work = Workplace::new();
    for (arguments, version) in [("", "1.13.3"), ("--stablehlo-version 0.9.0", "0.9.0")] {
        let export = "export small.toml --function predict --format bytecode -o out";
        let ended = work.succeed(&format!("{export} {arguments}"));
        assert!(ended.stdout.starts_with("out/predict.mlirbc: "), "{}", ended.stdout);
        let bytecode = work.bytes("out/predict.mlirbc");
        let producer = format!("StableHLO_v{version}\0");
        let head = &bytecode[..32.min(bytecode.len())];
        assert!(head.windows(producer.len()).any(|at| at == producer.as_bytes()), "{head:?}");
        assert_eq!(manifest(&work, "out")[0]["format"], "bytecode");
    }
    work.succeed("export small.toml --function predict -o out");
    for form in ["mlir", "mlirbc"] {
        work.succeed(&format!("run out/predict.{form} --random 0 --out {form}"));
    }
    assert_eq!(work.bytes("mlir/0.npy"), work.bytes("mlirbc/0.npy"));
}

#[test]
fn a_version_of_stablehlo_that_does_not_fit_is_refused() {
    let work = Workplace::new();
    let export = "export small.toml --function predict -o out";
    for (arguments, code, problem) in [
        ("--stablehlo-version 1.0.0", 2, "--stablehlo-version is of --format bytecode"),
        ("--format bytecode --stablehlo-version 1.0", 2, "is no version of StableHLO"),
        ("--format bytecode --stablehlo-version 0.8.0", 1, "versions 0.9.0 to "),
    ] {
        let ended = work.hetxl(&format!("{export} {arguments}"));
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stderr.contains(problem), "{}", ended.stderr);
        assert!(!work.path("out").exists());
    }
}

/// The interpreter of a virtual environment that has jax, or why there is none.
fn python_with_jax() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jax-0.10.2");
    let (python, complete) = (folder.join("bin/python"), folder.join("complete"));
    if complete.is_file() {
        return Ok(python);
    }
    let run = |command: &mut Command| match command.output() {
        Err(error) => Err(format!("{command:?}: {error}")),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(format!("{command:?}: {}", said.lines().last().unwrap_or("it failed")))
        }
    };
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(pip).args(["jax==0.10.2", "safetensors"]))?;
    fs::write(complete, "").map_err(|error| error.to_string())?;
    Ok(python)
}

/// What the manifest says of an input or output.
fn spec(port: &Value) -> ArraySpec {
    let dtype = match port["dtype"].as_str().unwrap() {
        "f32" => DType::F32,
        "i32" => DType::S32,
        "ui32" => DType::U32,
        other => panic!("no program here has the type {other}"),
    };
    let dims = port["shape"].as_array().unwrap().iter();
    ArraySpec::new(dtype, &dims.map(|dim| dim.as_u64().unwrap() as usize).collect::<Vec<_>>())
}

fn view(array: &HostArray) -> TensorView<'_> {
    let dtype = match array.dtype() {
        DType::F32 => Dtype::F32,
        DType::S32 => Dtype::I32,
        DType::U32 => Dtype::U32,
        other => panic!("no input here has the type {other}"),
    };
    TensorView::new(dtype, array.dims().to_vec(), array.bytes()).unwrap()
}

#[test]
fn a_manifest_says_how_arrays_are_split_among_devices() {
    let program = hlo::trace("product", |t| {
        t.mesh(&[("data", 4), ("model", 2)]);
        let x = t.input("x", hlo::DType::F32, [8, 6]).sharded("data");
        let w = t.input("w", hlo::DType::F32, [6, 4]).sharded("_, model");
        t.output("y", x.matmul(w).sharded("data+model"));
        t.output("sum", w.sum(0));
    });
    let work = Workplace::new();
    let form = export::Form::Stablehlo;
    export::write(&work.path("out"), &program.unwrap(), None, None, form).unwrap();
    let programs = manifest(&work, "out");
    assert_eq!(programs[0]["mesh"], json!([["data", 4], ["model", 2]]));
    let shardings = |ports: &str| -> Vec<Value> {
        let ports = programs[0][ports].as_array().unwrap();
        ports.iter().map(|port| port["sharding"].clone()).collect()
    };
    assert_eq!(shardings("inputs"), ["data, _", "_, model"]);
    assert_eq!(shardings("outputs"), ["data+model, _", "replicated"]);
}

#[test]
fn a_picture_is_written_for_graphviz() {
    let work = Workplace::new();
    work.succeed("export small.toml --function predict --format dot -o out");
    assert!(work.bytes("out/predict.dot").starts_with(b"digraph \"predict\" {\n"));
    assert_eq!(manifest(&work, "out")[0]["format"], "dot");
}

#[test]
fn parameters_with_the_temperature_in_them_predict_what_the_run_does() {
    let work = Workplace::new();
    work.succeed("train small.toml --run-dir r --steps 25");
    work.succeed("export r --function predict --fold-temperature -o out");
    assert_eq!(work.names("out"), ["manifest.json", "parameters.safetensors", "predict.mlir"]);
    let program = &manifest(&work, "out")[0];
    assert_eq!(program["parameters"], "parameters.safetensors");

    let runtime = runtime();
    let config = RunFolder::open(&work.path("r")).unwrap().config().unwrap();
    let data = hetxl::data::Dataset::open(&config.data).unwrap();
    let programs = hetxl::train::programs(&config, &data).unwrap();
    let checkpoint = Checkpoint::load(&work.path("r/checkpoints/00000025")).unwrap();
    let batch = data.sequential(Split::Test, config.eval.batch_size).unwrap().next();
    let inputs = batch.unwrap().unwrap().inputs;

    let of_run = runtime.compile(&programs.predict(config.eval.batch_size).unwrap()).unwrap();
    let params = programs.model.params();
    let mut arrays: Vec<_> = params.iter().map(|spec| &checkpoint.parameters[&spec.name]).collect();
    arrays.push(&inputs);
    let expected = runtime.run(&of_run, [], &arrays).unwrap()[1].to_host().unwrap();

    let contents = work.bytes("out/parameters.safetensors");
    let file = SafeTensors::deserialize(&contents).unwrap();
    let names = names(program, "inputs");
    assert!(!names.contains(&"head/temperature".to_owned()));
    assert_eq!(file.len(), names.len() - 1);
    let mut arrays: Vec<_> = names[..names.len() - 1]
        .iter()
        .map(|name| {
            let tensor = file.tensor(name).unwrap();
            HostArray::from_bytes(DType::F32, tensor.shape(), tensor.data()).unwrap()
        })
        .collect();
    arrays.push(inputs);
    let code = work.read("out/predict.mlir");
    let folded = runtime.client().compile(Code::mlir(&code), &CompileOptions::default()).unwrap();
    let got = runtime.run(&folded, [], &arrays.iter().collect::<Vec<_>>()).unwrap();
    let got = got[1].to_host().unwrap();
    let (got, expected) = (got.as_slice::<f32>().unwrap(), expected.as_slice::<f32>().unwrap());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= 1e-5, "{got}, expected {expected}");
    }
    // The temperature is not 1, and the probabilities are not all the same.
    let t = checkpoint.parameters["head/temperature"].item::<f32>().unwrap();
    assert!((0.05 + 4.95 / (1.0 + (-t).exp()) - 1.0).abs() > 0.5);
    assert!(expected.iter().any(|p| (p - 0.1).abs() > 0.05));
}

#[test]
fn a_temperature_that_cannot_go_into_the_weights_is_refused() {
    let work = Workplace::quick();
    let fold = "--function predict --fold-temperature -o out";
    for (source, code, problem) in [
        (format!("small.toml {fold}"), 2, "a config has no parameters"),
        (
            "small.toml --function init --fold-temperature -o out".to_owned(),
            2,
            "predict and eval-step",
        ),
    ] {
        let ended = work.hetxl(&format!("export {source}"));
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stderr.contains(problem), "{}", ended.stderr);
    }
    for (run, head, problem) in [
        ("det", "-s model.head.kind=det", "det has none"),
        (
            "het",
            "-s model.head.kind=het -s model.head.factors=2 -s model.head.samples=4",
            "a floor of 0.001",
        ),
    ] {
        work.succeed(&format!("train small.toml --run-dir {run} --steps 2 {head}"));
        let ended = work.hetxl(&format!("export {run} {fold}"));
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains(problem), "{}", ended.stderr);
    }
    assert!(!work.path("out").exists());
}
