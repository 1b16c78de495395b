//! Progress of a run on standard error: a bar on a terminal, plain lines elsewhere.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hetxl::data::Split;
use hetxl::metrics::{Evaluation, label};
use hetxl::train::{Compile, Event};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// How often it is told how far an evaluation is, where there is no bar.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// Shows the events of a run.
#[derive(Clone)]
pub(crate) struct Progress {
    /// `None` where standard error is no terminal.
    bar: Option<ProgressBar>,
    /// When it was told last how far an evaluation is, where there is no bar.
    told: Arc<Mutex<Instant>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| ProgressBar::new(0));
        Self { bar, told: Arc::new(Mutex::new(Instant::now())) }
    }

    pub(crate) fn show(&self, event: &Event<'_>) {
        match *event {
            Event::PassedOver { error } => self.line(&format!("passed over a checkpoint: {error}")),
            Event::Data { passed_over } => self.line(&format!("warning: {passed_over}")),
            Event::Compiling => self.wait("compiling"),
            Event::Copied { names } => self.line(&format!(
                "warning: the compiler copies {} arrays that were to be updated in place, which \
                 takes as much memory again: {}",
                names.len(),
                names.join(", ")
            )),
            Event::Started { run, step, steps, parameters, compile } => {
                if let Some(problem) = &compile.programs.problem {
                    self.line(&super::without_cache(problem));
                }
                self.line(&format!(
                    "{}: {parameters} parameters, {}, training from step {step} to {steps}",
                    run.display(),
                    ready(compile)
                ));
                self.start(step, steps);
            }
            Event::Skipped { name, problem, count } => {
                self.line(&format!("skipped {name}: {problem} ({count} so far)"));
            }
            Event::Stepped { step } => {
                if let Some(bar) = &self.bar {
                    bar.set_position(step);
                }
            }
            Event::Logged { step, values, steps_per_second } => {
                // What a narrow terminal must not cut off comes first.
                let (first, rest): (Vec<_>, Vec<_>) = values
                    .iter()
                    .copied()
                    .partition(|(name, _)| ["loss", "learning_rate"].contains(name));
                let values = first.into_iter().chain(rest);
                let values =
                    values.map(|(name, value)| format!("{} {}", label(name), short(value)));
                let values = values.collect::<Vec<_>>().join("  ");
                match &self.bar {
                    Some(bar) => bar.set_message(values),
                    None => {
                        let text = format!("step {step}  {values}  {steps_per_second:.0} steps/s");
                        super::tell(&text);
                    }
                }
            }
            Event::Evaluating { split, done, examples } => self.evaluating(split, done, examples),
            Event::Evaluated { step, split, evaluation } => {
                self.line(&format!("step {step}  {split} {}", describe(evaluation)));
            }
            Event::Saved { folder, .. } => self.line(&format!("saved {}", folder.display())),
            _ => {}
        }
    }

    /// Leaves the terminal as it was.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Shows how far an evaluation is.
    pub(crate) fn evaluating(&self, split: Split, done: usize, examples: usize) {
        let text = || format!("evaluating: {done} of {examples} {split} examples");
        if let Some(bar) = &self.bar {
            bar.set_message(text());
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if done == 0 {
            *told = Instant::now();
        } else if told.elapsed() > TOLD_EVERY {
            *told = Instant::now();
            super::tell(&text());
        }
    }

    /// Shows that something is under way of which no end is known.
    pub(crate) fn wait(&self, what: &'static str) {
        let Some(bar) = &self.bar else { return };
        let style = ProgressStyle::with_template("{spinner} {msg}  {elapsed}");
        bar.set_style(style.expect("the template is valid"));
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
    }

    fn start(&self, step: u64, steps: u64) {
        let Some(bar) = &self.bar else { return };
        bar.disable_steady_tick();
        bar.set_message("");
        let style = "{bar:20} {pos}/{len} steps  {rate}  {eta} left  {wide_msg}";
        let style = ProgressStyle::with_template(style).expect("the template is valid");
        let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = write!(out, "{:.0} steps/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
        bar.set_length(steps);
        bar.set_position(step);
        bar.reset_eta();
    }

    /// Prints a line above the bar.
    pub(crate) fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| super::tell(text)),
            None => super::tell(text),
        }
    }
}

/// Where the programs came from, and in what time.
fn ready(Compile { seconds, programs }: &Compile) -> String {
    match (programs.compiled, programs.cached) {
        (_, 0) => format!("compiled in {seconds:.1} s"),
        (0, _) => format!("loaded from the compile cache in {seconds:.1} s"),
        (compiled, cached) => format!(
            "compiled in {seconds:.1} s, {cached} of {} programs loaded from the compile cache",
            compiled + cached
        ),
    }
}

/// The first metrics in a line.
pub(crate) fn describe(evaluation: &Evaluation) -> String {
    const SHOWN: [&str; 8] = [
        "accuracy",
        "clean_accuracy",
        "top5",
        "precision_at_1",
        "precision_at_3",
        "precision_at_5",
        "nll",
        "ece",
    ];
    let values = evaluation.values().into_iter().filter(|(name, _)| SHOWN.contains(name));
    let shown = |(name, value): (&str, f64)| format!("{} {}  ", label(name), digits(value));
    let values = values.map(shown).collect::<String>();
    let skipped = match evaluation.skipped.len() {
        0 => String::new(),
        count => format!(", {count} skipped"),
    };
    format!("{values}({} examples{skipped})", evaluation.examples)
}

/// Four digits behind the point, with an exponent where the number is large.
pub(crate) fn digits(value: f64) -> String {
    if value.abs() < 1e5 { format!("{value:.4}") } else { short(value) }
}

/// Four digits, with an exponent where the number is small or large.
fn short(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-2..1e5).contains(&value.abs());
    if plain { format!("{value:.4}") } else { format!("{value:.2e}") }
}
