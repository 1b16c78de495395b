//! Training: the loop that drives the compiled step.
//!
//! The host stays ahead of the device: what a step returns is read when the next one was launched,
//! and checkpoints are written while training goes on.

mod launched;
mod saver;
mod start;

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use pjrt::{Alias, Device, HostArray, Input};
use serde::Serialize;

use crate::checkpoint::{Checkpoint, CheckpointError, Position, State};
use crate::config::{Config, ConfigError, TrainConfig};
use crate::data::{DataConfig, Dataset, Order, PassedOver, Share, Skipped, Split};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::evaluate::Evaluator;
use crate::export;
use crate::histograms::{Histograms, Look};
use crate::metrics::{Evaluation, EventFile, Line, MetricsFile};
use crate::model::{Model, ParamSpec};
use crate::programs::Programs;
use crate::run_folder::{Place, RunFolder};
use crate::runtime::{Compilations, Runtime};
use crate::state::{TrainState, seed_array};

use launched::Launched;
use saver::{Saved, Saver};
use start::{Resumable, begin, resumable, resumed_metrics, trunk_of};

/// As many steps are launched at most before it is looked whether they are in order.
const MOST_UNREAD: usize = 1000;

/// What happens while a run goes on, for whoever shows it.
#[derive(Debug)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Event<'a> {
    /// A checkpoint is damaged and an older one is used.
    PassedOver { error: &'a CheckpointError },
    /// Folders of images have what is no example, or classes without any.
    Data { passed_over: &'a PassedOver },
    /// The programs are being compiled, which takes from seconds to minutes.
    Compiling,
    /// The compiler has the step copy arrays, here by name, that it was to update in place.
    Copied { names: &'a [&'a str] },
    /// The programs are compiled and training starts from `step`.
    Started { run: &'a Path, step: u64, steps: u64, parameters: usize, compile: &'a Compile },
    /// An example can't be used, and is passed over wherever it comes up; it is told once. So far
    /// `count` are known.
    Skipped { name: &'a str, problem: &'a str, count: usize },
    /// A step was launched.
    Stepped { step: u64 },
    /// Metrics of a training step were read.
    Logged { step: u64, values: &'a [(&'a str, f64)], steps_per_second: f64 },
    /// A split is being evaluated: `done` of its `examples` were read.
    Evaluating { split: Split, done: usize, examples: usize },
    /// A split was evaluated.
    Evaluated { step: u64, split: Split, evaluation: &'a Evaluation },
    /// A checkpoint was written.
    Saved { step: u64, folder: &'a Path },
}

/// What it took to have the programs of a run ready.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compile {
    /// Seconds for compiling or loading them, and for the first state.
    pub seconds: f64,
    /// Where they came from.
    #[serde(flatten)]
    pub programs: Compilations,
}

/// How a call of [`train`] ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The folder of the run.
    pub run: PathBuf,
    /// The newest checkpoint.
    pub checkpoint: PathBuf,
    /// The number of steps done since the run began.
    pub step: u64,
    /// How many of them were done by this call.
    pub steps: u64,
    /// How many numbers are trained.
    pub parameters: usize,
    /// What it took to have the programs ready.
    pub compile: Compile,
    /// Seconds from the first step to the last, evaluations and checkpoints among them.
    pub seconds: f64,
    /// Metrics of the validation and test splits at the end, and `None` where the split is empty
    /// or the run was stopped before.
    pub validation: Option<Evaluation>,
    /// See `validation`.
    pub test: Option<Evaluation>,
    /// Whether the run was stopped before it had trained and evaluated to its end.
    pub interrupted: bool,
}

/// The programs of a config for its data.
///
/// # Errors
/// If the trunk is not for such data.
pub fn programs(config: &Config, data: &Dataset) -> Result<Programs> {
    programs_for(config, data.features(), data.classes(), data.max_labels())
}

/// The programs of a config, and its data, where it has any and not only shapes.
///
/// # Errors
/// If the data can't be read, or the trunk is not for such.
pub fn programs_and_data(config: &Config) -> Result<(Programs, Option<Arc<Dataset>>)> {
    if let DataConfig::Shapes { features, classes, max_labels } = config.data {
        return Ok((programs_for(config, features, classes, max_labels)?, None));
    }
    let data = Dataset::open(&config.data)?;
    Ok((programs(config, &data)?, Some(Arc::new(data))))
}

fn programs_for(
    config: &Config,
    features: usize,
    classes: usize,
    max_labels: Option<usize>,
) -> Result<Programs> {
    let trunk = config.model.trunk.clone();
    trunk.check_features(features).map_err(|problem| {
        let place = "model.trunk: ".to_owned();
        ConfigError::Value { place, problem }
    })?;
    let model = Model { trunk, head: config.model.head.clone(), features, classes };
    config.optimizer.check_paths(&model.params()).map_err(|(key, problem)| {
        let place = format!("optimizer.{key}: ");
        ConfigError::Value { place, problem }
    })?;
    Ok(Programs {
        max_labels,
        optimizer: config.optimizer.clone(),
        precision: config.runtime.precision,
        compute: config.runtime.compute,
        devices: config.runtime.devices.get(),
        accumulate: config.train.accumulate,
        ..Programs::new(model)
    })
}

/// Trains to the config's last step. Where `stop` becomes true, the run is saved and left.
///
/// Nothing is written before the data is read and the programs are compiled. A run that is resumed
/// before its first checkpoint begins anew.
///
/// # Errors
/// If anything of the config can't be had, if the run can't be written, or if the loss is no longer
/// finite. A checkpoint that was written stays usable.
pub fn train(
    config: &Config,
    runtime: &Runtime,
    place: &Place,
    stop: &AtomicBool,
    observer: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome> {
    let mut session = Session::prepare(config, runtime, place, observer)?;
    let (began, from) = (Instant::now(), session.state.step);
    match session.advance(config.train.steps, stop, observer) {
        // What was trained so far is as good as before.
        Err(error @ Error::Data(_)) => {
            // Whatever comes of that, what is wrong with the data is what is to be told.
            let _ = session.save(observer).and_then(|()| session.saved(observer));
            return Err(error);
        }
        advanced => advanced?,
    }
    session.save(observer)?;
    session.saved(observer)?;
    let checkpoint = session.saved.clone().expect("it was saved").folder;
    let [mut validation, mut test] = [None, None];
    if session.state.step == config.train.steps {
        validation = session.evaluate(Split::Validation, stop, observer)?;
        test = session.evaluate(Split::Test, stop, observer)?;
    }
    let lacks = |split, of: &Option<_>| of.is_none() && session.data.len(split) > 0;
    let interrupted = session.state.step < config.train.steps
        || lacks(Split::Validation, &validation)
        || lacks(Split::Test, &test);
    Ok(Outcome {
        run: session.run.path().to_owned(),
        checkpoint,
        step: session.state.step,
        steps: session.state.step - from,
        parameters: session.parameters,
        compile: session.compile,
        seconds: began.elapsed().as_secs_f64(),
        validation,
        test,
        interrupted,
    })
}

/// A run under way.
struct Session<'a> {
    config: &'a Config,
    runtime: &'a Runtime,
    run: RunFolder,
    /// Keeps other processes from the run.
    _lock: File,
    programs: Programs,
    data: Arc<Dataset>,
    train_step: pjrt::LoadedExecutable,
    /// Those that the step runs on.
    devices: Vec<Device>,
    /// Names of what the step returns after the state, without `not_finite` and `gradient_norms`.
    scalars: Vec<String>,
    /// Steps whose results were not read yet, oldest first.
    unread: VecDeque<Launched>,
    /// When a step was logged last, and how many had been done then.
    logged: (Instant, u64),
    /// Names of examples that can't be used.
    skipped: BTreeSet<String>,
    evaluator: Evaluator,
    /// Whether the run was stopped while it evaluated the state that it goes on from.
    owes_evaluation: bool,
    /// `None` where no step is looked at.
    histograms: Option<Histograms>,
    state: TrainState,
    parameters: usize,
    compile: Compile,
    metrics: MetricsFile,
    events: EventFile,
    saver: Saver,
    /// The newest checkpoint.
    saved: Option<Saved>,
}

impl<'a> Session<'a> {
    fn prepare(
        config: &'a Config,
        runtime: &'a Runtime,
        place: &Place,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> Result<Self> {
        let data = Arc::new(Dataset::open(&config.data)?);
        for passed_over in data.passed_over() {
            observer(Event::Data { passed_over });
        }
        let from = match place {
            Place::Resume(path) => Some(resumable(config, path, &data, observer)?),
            Place::New(path) if RunFolder::open(path).is_ok() => {
                return Err(Error::RunExists { path: path.clone() });
            }
            Place::New(_) | Place::Next { .. } => None,
        };
        let resumes = from.is_some();
        let programs = programs(config, &data)?;
        let saved = from.as_ref().and_then(|it| it.saved.as_ref());
        let trunk = match &config.train.init_from {
            Some(path) if saved.is_none() => Some(trunk_of(path, &programs, observer)?),
            _ => None,
        };
        observer(Event::Compiling);
        let began = Instant::now();
        runtime.take_compilations();
        let program = programs.train_step(config.train.batch_size)?;
        let train_step = runtime.compile(&program)?;
        let names = copied(&program, train_step.aliases());
        if !names.is_empty() {
            observer(Event::Copied { names: &names });
        }
        let evaluator = Evaluator::new(runtime, &programs, &config.eval, Arc::clone(&data))?;
        let devices = train_step.devices();
        let every = config.train.histogram_every;
        let from_step = saved.map_or(0, |(_, checkpoint)| checkpoint.state.step);
        // Whether a multiple of `every` is still to come.
        let looks = every > 0 && config.train.steps / every > from_step / every;
        let histograms =
            looks.then(|| Histograms::new(runtime, &programs, config.train.batch_size));
        let histograms = histograms.transpose()?;
        let mut state = match saved {
            Some((folder, checkpoint)) => {
                TrainState::restore(runtime, &programs, checkpoint, folder)?
            }
            None => TrainState::init(runtime, &programs, config.train.seed)?,
        };
        if let Some(trunk) = trunk {
            state.replace(runtime, &programs, &trunk)?;
        }
        let state = state.on_all(&devices)?;
        let seconds = began.elapsed().as_secs_f64();
        let compile = Compile { seconds, programs: runtime.take_compilations() };

        let steps = config.train.steps;
        let (run, lock, (metrics, evaluated), saved) = match from {
            Some(Resumable { run, lock, saved }) => {
                run.update(config)?;
                run.describe(&data)?;
                let normalization = data.normalization();
                export::write(
                    &run.program(),
                    &program,
                    None,
                    normalization,
                    export::Form::Stablehlo,
                )?;
                let metrics = resumed_metrics(&run, state.step, steps)?;
                let step = state.step;
                (run, lock, metrics, saved.map(|(folder, _)| Saved { step, folder }))
            }
            None => {
                let (run, lock, metrics) = begin(config, place, &program, &data)?;
                (run, lock, (metrics, true), None)
            }
        };
        let is_due = state.step > 0 && state.step.is_multiple_of(config.train.eval_every);
        Environment::of(runtime).write(&run.environment_path())?;
        let mut events = EventFile::create(run.path(), resumes.then_some(state.step))?;
        let text = format!("```toml\n{}```\n", config.to_toml());
        events.append_text(state.step, "config", &text)?;
        let parameters = programs.model.params().iter().map(ParamSpec::elements).sum();
        observer(Event::Started {
            run: run.path(),
            step: state.step,
            steps,
            parameters,
            compile: &compile,
        });
        let outputs = program.outputs()[programs.state().len()..].split_last_chunk::<2>();
        let (outputs, _) = outputs.expect("a step returns what isn't finite");
        Ok(Self {
            config,
            runtime,
            _lock: lock,
            scalars: outputs.iter().map(|output| output.name().to_owned()).collect(),
            programs,
            data,
            train_step,
            devices,
            unread: VecDeque::new(),
            logged: (Instant::now(), state.step),
            skipped: BTreeSet::new(),
            evaluator,
            owes_evaluation: is_due && state.step < steps && !evaluated,
            histograms,
            state,
            parameters,
            compile,
            metrics,
            events,
            saver: Saver::new(run.checkpoints(), config.train.keep),
            saved,
            run,
        })
    }

    /// Steps until `steps` are done or `stop` is true.
    fn advance(
        &mut self,
        steps: u64,
        stop: &AtomicBool,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> Result<()> {
        let settings = &self.config.train;
        let (batch, seed, start) = (settings.batch_size, settings.seed, self.state.step);
        let mut batches = self.data.batches(Order { batch, seed, start, share: Share::ALL })?;
        let client = self.runtime.client();
        let seed = seed_array(settings.seed);
        let seeds = self.devices.iter().map(|device| client.buffer(&seed, device));
        let seeds = seeds.collect::<Result<Vec<_>, _>>()?;
        if self.owes_evaluation {
            self.validate(stop, observer)?;
        }
        self.logged = (Instant::now(), start);
        while self.state.step < steps && !stop.load(Ordering::Relaxed) {
            let batch = batches.next().expect("batches end only after an error")?;
            self.tell_skipped(&batch.skipped, observer);
            let learning_rate = self.config.schedule.learning_rate(self.state.step);
            let decay = self.config.optimizer.decay(learning_rate);
            let scalars = [
                // The step decides the noise, modulo the 32 bits of a counter.
                HostArray::scalar(batch.step as u32),
                HostArray::scalar(learning_rate as f32),
                HostArray::scalar(decay as f32),
            ];
            let examples = self.runtime.parts(&batch.inputs, &self.devices)?;
            let labels = self.runtime.parts(&batch.labels, &self.devices)?;
            let mut inputs = Vec::with_capacity(self.devices.len());
            for (((device, seed), examples), labels) in
                self.devices.iter().zip(&seeds).zip(examples).zip(labels)
            {
                let mut of_device: Vec<Input<'_>> =
                    vec![examples.into(), labels.into(), seed.into()];
                for scalar in &scalars {
                    of_device.push(client.buffer(scalar, device)?.into());
                }
                inputs.push(of_device);
            }
            let mut returned = self.state.advance(&self.train_step, inputs)?;
            let step = self.state.step;
            observer(Event::Stepped { step });
            let logged = step.is_multiple_of(settings.log_every) || step == steps;
            let norms = returned.pop().expect("a step returns the norms of gradients");
            let mut launched = Launched::new(step, learning_rate, logged, returned);
            if let Some(histograms) = &self.histograms
                && step.is_multiple_of(settings.histogram_every)
            {
                let (runtime, state) = (self.runtime, &self.state);
                let counting =
                    histograms.launch(runtime, state, &batch.inputs, &scalars, &norms)?;
                launched.counting = Some(counting);
            }
            batches.reuse(batch);
            let unread = &mut self.unread;
            unread.push_back(launched);
            // Now the device has this step to do, and those before it may be waited for.
            let before = unread.iter().rev().nth(1);
            let is_due = before.is_some_and(|it| it.logged || it.counting.is_some());
            if is_due || unread.len() > MOST_UNREAD {
                self.read(step - 1, observer)?;
            }
            if self.saver.is_done() {
                self.saved(observer)?;
            }
            if step.is_multiple_of(settings.eval_every) && step < steps {
                self.validate(stop, observer)?;
            }
            // Last, so that a run which goes on from here lacks no line of metrics.
            if step.is_multiple_of(settings.checkpoint_every) {
                self.save(observer)?;
            }
        }
        self.read(self.state.step, observer)
    }

    fn tell_skipped(&mut self, skipped: &[Skipped], observer: &mut dyn FnMut(Event<'_>)) {
        for Skipped { name, problem } in skipped {
            if self.skipped.insert(name.clone()) {
                observer(Event::Skipped { name, problem, count: self.skipped.len() });
            }
        }
    }

    /// Reads what the steps up to `last` returned, which waits for them, and logs those that are to
    /// be.
    fn read(&mut self, last: u64, observer: &mut dyn FnMut(Event<'_>)) -> Result<()> {
        while self.unread.front().is_some_and(|it| it.step <= last) {
            let launched = self.unread.pop_front().expect("there is one");
            if let Some(place) = launched.not_finite()? {
                return Err(self.diverged(&launched, place)?);
            }
            let Launched { step, learning_rate, logged, .. } = launched;
            if logged {
                self.log(step, learning_rate, &launched.numbers()?, observer)?;
            }
            if let Some(counting) = launched.counting {
                let Look { step, histograms, norms } = counting.read()?;
                self.events.append_histograms(step, &histograms, &norms)?;
            }
        }
        Ok(())
    }

    /// The error of a step that isn't finite at `place`.
    fn diverged(&self, launched: &Launched, place: usize) -> Result<Error> {
        let (step, loss) = (launched.step, launched.numbers()?[0]);
        let TrainConfig { batch_size: batch, seed, .. } = self.config.train;
        let order = Order { batch, seed, start: step - 1, share: Share::ALL };
        Ok(Error::Diverged {
            run: self.run.path().to_owned(),
            step,
            what: self.programs.watched_for_finiteness().swap_remove(place),
            loss,
            examples: self.data.names(order),
        })
    }

    /// Writes down what a step returned.
    fn log(
        &mut self,
        step: u64,
        learning_rate: f64,
        numbers: &[f32],
        observer: &mut dyn FnMut(Event<'_>),
    ) -> Result<()> {
        let names = self.scalars.iter().map(String::as_str);
        let mut values: Vec<_> = names.zip(numbers.iter().map(|&n| f64::from(n))).collect();
        values.push(("learning_rate", learning_rate));
        let (since, from) = std::mem::replace(&mut self.logged, (Instant::now(), step));
        let steps_per_second = (step - from) as f64 / since.elapsed().as_secs_f64();
        let time = [("steps_per_second", steps_per_second)];
        let line = Line { step, split: Split::Train, values: &values, time: &time };
        self.metrics.append(&line)?;
        self.events.append(&line)?;
        observer(Event::Logged { step, values: &values, steps_per_second });
        Ok(())
    }

    /// Evaluates the validation split on the way.
    fn validate(&mut self, stop: &AtomicBool, observer: &mut dyn FnMut(Event<'_>)) -> Result<()> {
        let (step, split) = (self.state.step, Split::Validation);
        if let Some(evaluation) = self.evaluate(split, stop, observer)? {
            observer(Event::Evaluated { step, split, evaluation: &evaluation });
        }
        Ok(())
    }

    /// Evaluates a split and writes its metrics down; `None` where it is empty, or `stop` becomes true.
    fn evaluate(
        &mut self,
        split: Split,
        stop: &AtomicBool,
        observer: &mut dyn FnMut(Event<'_>),
    ) -> Result<Option<Evaluation>> {
        let examples = self.data.len(split);
        if examples == 0 {
            return Ok(None);
        }
        self.read(self.state.step, observer)?;
        let mut go_on = |done| {
            observer(Event::Evaluating { split, done, examples });
            !stop.load(Ordering::Relaxed)
        };
        let (runtime, state) = (self.runtime, &self.state);
        let evaluator = &self.evaluator;
        let evaluation =
            evaluator.for_each_while(runtime, state, split, &mut |_| {}, &mut go_on)?;
        let Some(evaluation) = evaluation else { return Ok(None) };
        self.tell_skipped(&evaluation.skipped, observer);
        let step = self.state.step;
        let line = Line { step, split, values: &evaluation.values(), time: &[] };
        self.metrics.append(&line)?;
        self.events.append(&line)?;
        Ok(Some(evaluation))
    }

    /// Starts to write a checkpoint of the state, unless there is one. There is none of a state that
    /// isn't finite.
    fn save(&mut self, observer: &mut dyn FnMut(Event<'_>)) -> Result<()> {
        let step = self.state.step;
        self.saved(observer)?;
        self.read(step, observer)?;
        if self.saved.as_ref().is_some_and(|saved| saved.step == step) {
            return Ok(());
        }
        let settings = &self.config.train;
        let (seen, len) = (step * settings.batch_size as u64, self.data.len(Split::Train) as u64);
        let (parameters, optimizer) = self.state.to_host(&self.programs)?;
        let state = State {
            step,
            seed: settings.seed,
            position: Position { epoch: seen / len, example: seen % len },
            config_sha256: self.config.sha256(),
            hash: self.config.model.head.hash(),
            hetxl: env!("CARGO_PKG_VERSION").to_owned(),
        };
        self.saver.start(Checkpoint { state, parameters, optimizer });
        Ok(())
    }

    /// Waits for the checkpoint that is being written, if one is.
    fn saved(&mut self, observer: &mut dyn FnMut(Event<'_>)) -> Result<()> {
        if let Some(saved) = self.saver.wait()? {
            observer(Event::Saved { step: saved.step, folder: &saved.folder });
            self.saved = Some(saved);
        }
        Ok(())
    }
}

/// Names of the inputs whose memory a program gives to an output and its compiled form doesn't.
fn copied<'a>(program: &'a hlo::Program, aliases: &[Alias]) -> Vec<&'a str> {
    let taken = |input, output| aliases.iter().any(|it| (it.input, it.output) == (input, output));
    let inputs = program.inputs().iter().enumerate();
    let copied = inputs.filter(|(at, input)| input.donated_to().is_some_and(|to| !taken(*at, to)));
    copied.map(|(_, input)| input.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_whose_update_the_compiler_puts_elsewhere_is_told_by_name() {
        let program = hlo::trace("swap", |t| {
            let [x, y] = ["x", "y"].map(|name| t.input(name, hlo::DType::F32, [2]));
            t.input("z", hlo::DType::F32, [2]);
            t.output_in_place(x, y);
            t.output_in_place(y, x);
        });
        let program = program.unwrap();
        let alias = |input, output| Alias { input, output, must: false };
        assert!(copied(&program, &[alias(0, 0), alias(1, 1)]).is_empty());
        assert_eq!(copied(&program, &[alias(0, 0), alias(2, 1)]), ["y"]);
        assert_eq!(copied(&program, &[alias(0, 1)]), ["x", "y"]);
    }
}
