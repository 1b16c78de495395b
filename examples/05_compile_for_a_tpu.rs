//! Compile a training step for TPUs that aren't here, twice: with the head evaluated as the papers'
//! code does it, all samples and classes at once, and as hetxl does, part by part.
//!
//!     cargo run --release --example 05_compile_for_a_tpu recipes/vit-l32-jft4b-het.toml tpu:v3:8x8
//!
//! Further arguments are keys of the config, such as `model.head.loss=softmax`.

use std::error::Error;
use std::path::Path;

use hetxl::ahead_of_time::{self, Report, Target};
use hetxl::config::Config;
use hetxl::model::head::{DiagNoise, Het, Heteroscedastic, Noise};
use hetxl::model::{Draws, Head, HeadConfig, Labels, ParamSpec, Params, Predictive};
use hetxl::runtime::options_of;
use hlo::DType::F32;
use hlo::Tensor;
use hlo::random::Key;
use pjrt::Code;

/// A head with the logits of all samples and classes in memory, and their gradient by autodiff.
struct AllAtOnce<'a>(&'a HeadConfig);

impl AllAtOnce<'_> {
    fn settings(&self) -> &Heteroscedastic {
        match self.0 {
            HeadConfig::Het(Het(settings))
            | HeadConfig::HetH(Het(settings))
            | HeadConfig::HetXl(settings) => settings,
            HeadConfig::Det(_) => unreachable!("the head has noise"),
        }
    }

    /// Logits over the temperature, `[B, S, K]`.
    fn logits<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t> {
        let noise = self.noise(draws, pre_logits.shape()[0], params.get("head/diag/bias"));
        match self.0 {
            HeadConfig::Het(head) | HeadConfig::HetH(head) => {
                head.naive_logits(params, pre_logits, noise)
            }
            _ => self.settings().naive_logits(params, pre_logits, noise),
        }
    }

    /// The numbers that the head's own order draws part by part.
    fn noise<'t>(&self, draws: Draws<'t>, batch: usize, like: Tensor<'t>) -> Noise<'t> {
        let Draws::PerExample { key, batch: all, first } = draws else {
            unreachable!("training gives each example noise of its own")
        };
        let zero = first.zeros_like();
        let &Heteroscedastic { samples, factors: rank, diag_noise, .. } = self.settings();
        let [diag, factors] = key.split();
        let normals = |key: Key<'t>, width| {
            let key = key.within([all, samples, width], &[first, zero, zero]);
            key.normal(F32, [batch, samples, width])
        };
        let width = if diag_noise == DiagNoise::Scalar { 1 } else { like.shape()[0] };
        Noise { diag: normals(diag, width), factors: normals(factors, rank) }
    }
}

impl Head for AllAtOnce<'_> {
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec> {
        self.0.head().params(width, classes)
    }

    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t> {
        let logits = self.logits(params, pre_logits, draws);
        self.settings().loss.of_samples(logits, labels).mean(..)
    }

    fn watched<'t>(&self, params: &Params<'t>) -> Vec<(&'static str, Tensor<'t>)> {
        self.0.head().watched(params)
    }

    fn predict<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
    ) -> Predictive<'t> {
        self.settings().loss.predictive(self.logits(params, pre_logits, draws))
    }
}

/// The step of a config in both orders.
pub(crate) fn steps(config: &Config) -> Result<[hlo::Program; 2], Box<dyn Error>> {
    let (programs, _) = hetxl::train::programs_and_data(config)?;
    let (head, batch) = (&config.model.head, config.train.batch_size);
    Ok([programs.train_step_by(batch, &AllAtOnce(head))?, programs.train_step(batch)?])
}

fn compile(step: &hlo::Program, target: &Target) -> Result<Report, hetxl::Error> {
    let (text, options) = (step.text(), options_of(step));
    let mut progress = |step: pjrt::install::Progress| eprintln!("{step}");
    Ok(ahead_of_time::compile(target, Code::mlir(&text), &options, &mut progress)?.0)
}

/// Compiles the step of a config in both orders, and prints what the compiler says of each.
pub(crate) fn compare(config: &Config, target: &Target) -> Result<(), Box<dyn Error>> {
    for (order, step) in ["all at once", "part by part"].into_iter().zip(steps(config)?) {
        let report = compile(&step, target)?;
        println!("{order}: {}", if report.fits == Some(true) { "fits" } else { "does not fit" });
        if let Some(memory) = report.memory {
            let [arguments, temporaries, total] =
                [memory.arguments, memory.temporaries, memory.total]
                    .map(|bytes| bytes as f64 / f64::from(1 << 30));
            println!(
                "  {arguments:.2} GiB of arguments, {temporaries:.2} of temporaries, {total:.2} in all"
            );
        }
        if let Some(flops) = report.flops {
            println!("  {flops:.3e} floating-point operations, the body of a loop counted once");
        }
        if let Some(verdict) = report.verdict {
            println!("  {}", verdict.lines().next().unwrap_or_default());
        }
    }
    Ok(())
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(config), Some(target)) = (arguments.next(), arguments.next()) else {
        return Err("expected a config and a target".into());
    };
    let overrides: Vec<_> = arguments.collect();
    compare(&Config::read(Path::new(&config), &overrides)?, &target.parse()?)
}
