//! `hetxl predict`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use hetxl::Result;
use hetxl::data::{Dataset, Description, Given, Skipped, Source};
use hetxl::predict::{Prediction, Predictor};
use hetxl::run_folder;
use hetxl::state::TrainState;
use serde_json::{Value, json};

/// Predict the classes of files: the most probable ones, and how uncertain that is.
#[derive(Debug, Args)]
#[command(after_help = "\
A line has the input's name, classes with their probabilities, and the entropy in nats, 0 where one
class is certain.

Examples:
  hetxl predict runs/birds-1 photo.jpg more-photos/
  hetxl predict runs/digits-1 digits.npy --top 3
  hetxl predict runs/mnist-1 t10k-images-idx3-ubyte.gz --json")]
pub(crate) struct Predict {
    /// A run folder, whose newest intact checkpoint is taken, or a checkpoint in one
    run: PathBuf,
    /// Images (JPEG, PNG) or folders of them; for a run on rows of numbers or pixels .npy files of
    /// rows, and for one on pixels files in the format IDX
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// How many classes are told of each input
    #[arg(long, default_value = "5", value_name = "COUNT")]
    top: NonZeroUsize,
    /// Change a key of the run's config for this command, such as `runtime.platform=cpu`
    #[arg(short, long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

impl Predict {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let (run, folder, checkpoint) = run_folder::resolve(&self.run, &mut |error| {
            super::tell(&format!("passed over a checkpoint: {error}"));
        })?;
        let config = run.config_with(&self.set)?;
        let described = Description::read(&run.description_path());
        let data = described.map_or_else(|| Dataset::open(&config.data), Dataset::described)?;
        let data = Arc::new(data);
        let programs = hetxl::train::programs(&config, &data)?;
        let mut unusable = vec![];
        let given = Given::open(&data, &self.inputs, &mut |input| {
            tell(&input);
            unusable.push(input);
        });
        let mut predictions = vec![];
        if !given.is_empty() {
            let given = Arc::new(given);
            let runtime = super::open(&config.runtime)?;
            // Few sizes, so that the compile cache has the program at the next call.
            let batch = given.len().next_power_of_two().min(config.eval.batch_size);
            let batch = NonZeroUsize::new(batch).expect("neither is 0");
            let names = Names(data.class_names());
            let predictor = Predictor::new(&runtime, &programs, batch, self.top, data.clone())?;
            super::was_cached(&runtime);
            let state = TrainState::restore(&runtime, &programs, &checkpoint, &folder)?;
            let mut show = |it: Prediction<'_>| {
                let name = given.name(it.index);
                if self.json {
                    predictions.push(names.as_json(&name, &it));
                } else {
                    super::say(&names.line(&name, &it));
                }
            };
            let skipped = predictor.for_each(&runtime, &state, given.clone(), &mut show)?;
            skipped.iter().for_each(tell);
            unusable.extend(skipped);
        }
        if self.json {
            super::say_json(&json!({
                "checkpoint": folder,
                "step": checkpoint.state.step,
                "predictions": predictions,
                "unusable": unusable,
            }));
        }
        Ok(if unusable.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn tell(unusable: &Skipped) {
    super::tell(&format!("error: {}: {}", unusable.name, unusable.problem));
}

/// What the classes are called, if that is known.
struct Names<'a>(Option<&'a [String]>);

impl Names<'_> {
    fn of(&self, class: u32) -> Option<&str> {
        self.0?.get(class as usize).map(String::as_str)
    }

    fn line(&self, name: &str, prediction: &Prediction<'_>) -> String {
        let classes = prediction.classes.iter().zip(prediction.probabilities);
        let class = |(&class, probability): (&u32, &f32)| {
            let name = self.of(class).map_or_else(|| class.to_string(), str::to_owned);
            format!("{name} {probability:.4}")
        };
        let classes = classes.map(class).collect::<Vec<_>>().join("  ");
        format!("{name}  {classes}  entropy {:.4}", prediction.entropy)
    }

    fn as_json(&self, name: &str, prediction: &Prediction<'_>) -> Value {
        let classes = prediction.classes.iter().zip(prediction.probabilities);
        let class = |(&class, probability): (&u32, &f32)| match self.of(class) {
            Some(name) => json!({ "class": class, "name": name, "probability": probability }),
            None => json!({ "class": class, "probability": probability }),
        };
        let classes = classes.map(class).collect::<Vec<_>>();
        json!({ "input": name, "classes": classes, "entropy": prediction.entropy })
    }
}
