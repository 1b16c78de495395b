//! A cell of the grid that `hetxl bench heads` measures.

use std::fmt;
use std::num::NonZero;

use hetxl::Result;
use hetxl::config::Config;
use hetxl::model::Model;
use hetxl::programs::Programs;
use serde::Serialize;

/// What is measured at once. The names are those of `bench/jax_peer.py`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Cell {
    pub head: String,
    pub loss: String,
    /// B.
    pub batch: NonZero<usize>,
    /// K.
    pub classes: NonZero<usize>,
    /// The numbers of an input.
    pub input: NonZero<usize>,
    /// D.
    pub dim: NonZero<usize>,
    /// `None` for a head without noise.
    #[serde(flatten)]
    pub noise: Option<Noise>,
}

/// What only heads with noise have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Noise {
    pub diag_noise: String,
    /// R.
    pub factors: usize,
    /// S.
    pub samples: usize,
    /// The head's own default where it isn't asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimator: Option<String>,
}

impl Cell {
    /// The config of such a run, its data aside. `settings` are `key=value` and win.
    ///
    /// # Errors
    /// If the config has no such head, key or value.
    pub(super) fn config(&self, settings: &[String]) -> Result<Config> {
        let (dim, batch) = (self.dim, self.batch);
        let mut keys = vec![
            format!("model.trunk={{kind=\"mlp\",hidden=[{dim},{dim}]}}"),
            format!("model.head.kind={}", self.head),
            format!("model.head.loss={}", self.loss),
            "data.kind=digits".to_owned(),
            format!("train.batch_size={batch}"),
            // What is measured is the compiler too.
            "runtime.cache=false".to_owned(),
        ];
        if let Some(Noise { diag_noise, factors, samples, estimator }) = &self.noise {
            keys.extend([
                format!("model.head.diag_noise={diag_noise}"),
                format!("model.head.factors={factors}"),
                format!("model.head.samples={samples}"),
            ]);
            keys.extend(estimator.iter().map(|name| format!("model.head.estimator={name}")));
        }
        keys.extend_from_slice(settings);
        Ok(Config::parse("", &keys)?)
    }

    /// The programs of such a run.
    pub(super) fn programs(&self, config: &Config) -> Programs {
        let model = Model {
            trunk: config.model.trunk.clone(),
            head: config.model.head.clone(),
            features: self.input.get(),
            classes: self.classes.get(),
        };
        Programs {
            optimizer: config.optimizer.clone(),
            precision: config.runtime.precision,
            ..Programs::new(model)
        }
    }

    /// The arguments by which `hetxl bench heads` measures this cell alone.
    pub(super) fn arguments(&self) -> Vec<String> {
        let Self { head, loss, batch, classes, input, dim, noise } = self;
        let mut arguments = vec![
            format!("--head={head}"),
            format!("--loss={loss}"),
            format!("--batch={batch}"),
            format!("--classes={classes}"),
            format!("--input={input}"),
            format!("--dim={dim}"),
        ];
        if let Some(Noise { diag_noise, factors, samples, estimator }) = noise {
            arguments.extend([
                format!("--diag-noise={diag_noise}"),
                format!("--factors={factors}"),
                format!("--samples={samples}"),
            ]);
            arguments.extend(estimator.iter().map(|name| format!("--estimator={name}")));
        }
        arguments
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, loss, batch, classes, dim, noise, .. } = self;
        write!(f, "{head} {loss} B {batch} K {classes} D {dim}")?;
        let Some(Noise { diag_noise, factors, samples, estimator }) = noise else { return Ok(()) };
        write!(f, " R {factors} S {samples} {diag_noise}")?;
        estimator.iter().try_for_each(|name| write!(f, " {name}"))
    }
}
