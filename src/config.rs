//! The config file: what a run is made from.
//!
//! TOML with the sections `[model.trunk]`, `[model.head]`, `[data]`, `[optimizer]`, `[schedule]`,
//! `[train]`, `[eval]` and `[runtime]`. A key that doesn't exist is refused, with the nearest one
//! that does.
//!
//! ```
//! use hetxl::config::Config;
//!
//! let text = r#"
//!     model.trunk = { kind = "mlp", hidden = [64] }
//!     model.head = { kind = "het-xl", factors = 4, sampels = 16 }
//!     data.kind = "digits"
//! "#;
//! let error = Config::parse(text, &[]).unwrap_err();
//! assert_eq!(error.to_string(), "model.head: there is no key `sampels`: did you mean `samples`?");
//! ```

mod mistake;
mod setting;

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{self, Path, PathBuf};

use hlo::Precision;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml::{Table, Value};

use crate::data::DataConfig;
use crate::digest;
use crate::metrics::Propensity;
use crate::model::{HeadConfig, Trunk};
use crate::optimizer::{Adam, Schedule};
use crate::programs::Compute;

/// A whole config with every default filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[model]`.
    pub model: ModelConfig,
    /// `[data]`.
    pub data: DataConfig,
    /// `[optimizer]`.
    #[serde(default)]
    pub optimizer: Adam,
    /// `[schedule]`.
    #[serde(default)]
    pub schedule: Schedule,
    /// `[train]`.
    #[serde(default)]
    pub train: TrainConfig,
    /// `[eval]`.
    #[serde(default)]
    pub eval: EvalConfig,
    /// `[runtime]`.
    #[serde(default)]
    pub runtime: RuntimeConfig,
}

/// What is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// From inputs to pre-logits.
    pub trunk: Trunk,
    /// From pre-logits to classes.
    pub head: HeadConfig,
}

/// How long and in what steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// The step at which training ends.
    pub steps: u64,
    /// B, the examples of a step.
    pub batch_size: usize,
    /// How many parts they are taken in, one after the other on each device.
    pub accumulate: NonZeroUsize,
    /// A run, or a checkpoint of one, whose trunk training starts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init_from: Option<PathBuf>,
    /// Decides initial values, noise, and the order of examples.
    pub seed: u64,
    /// Steps between lines of metrics.
    pub log_every: u64,
    /// Steps between evaluations on the validation split.
    pub eval_every: u64,
    /// Steps between histograms for TensorBoard; 0 for none.
    pub histogram_every: u64,
    /// Steps between checkpoints.
    pub checkpoint_every: u64,
    /// How many checkpoints are kept.
    pub keep: NonZeroUsize,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            steps: 1000,
            batch_size: 128,
            accumulate: NonZeroUsize::MIN,
            init_from: None,
            seed: 0,
            log_every: 100,
            eval_every: 500,
            histogram_every: 500,
            checkpoint_every: 500,
            keep: NonZeroUsize::new(3).expect("3 is not 0"),
        }
    }
}

/// How evaluation goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvalConfig {
    /// The examples of a call.
    pub batch_size: usize,
    /// How propensities of classes come about, by which the precision of examples with several labels
    /// is scored, where it is to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propensity: Option<Propensity>,
}

impl Default for EvalConfig {
    fn default() -> Self {
        Self { batch_size: 100, propensity: None }
    }
}

/// What computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuntimeConfig {
    /// `cpu`, `tpu`, `cuda12`, `cuda13`, or a name that `PJRT_NAMES_AND_LIBRARY_PATHS` gives.
    pub platform: String,
    /// How many devices share the examples of a training step.
    pub devices: NonZeroUsize,
    /// The path of the PJRT plugin, where it should not be searched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<PathBuf>,
    /// Whether compiled programs are kept in the user's cache folder and loaded from it; where it
    /// isn't said, on those CPU plugins that were seen to do so well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<bool>,
    /// The precision of products of matrices.
    #[serde(with = "PrecisionName")]
    pub precision: Precision,
    /// What the trunk computes with.
    pub compute: Compute,
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        let platform = "cpu".to_owned();
        let devices = NonZeroUsize::MIN;
        let (precision, compute) = (Precision::Highest, Compute::F32);
        Self { platform, devices, plugin: None, cache: None, precision, compute }
    }
}

/// The names of [`Precision`] in a config.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Precision", rename_all = "kebab-case")]
enum PrecisionName {
    Default,
    High,
    Highest,
}

/// A config is not usable.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ConfigError {
    #[error("cannot read the config {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}: {error}", path.display())]
    In { path: PathBuf, error: Box<ConfigError> },
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    #[error("{place}there is no key `{key}`{}", did_you_mean(nearest.as_deref()))]
    UnknownKey { place: String, key: String, nearest: Option<String> },
    #[error("{place}{problem}")]
    Value { place: String, problem: String },
    #[error("-s {item}: {error}")]
    Set { item: String, error: Box<ConfigError> },
    #[error("it is not of the form key=value")]
    NoValue,
    #[error("there is no such key")]
    NoSuchKey,
    #[error("`{parent}` is a value, not a section")]
    NoSection { parent: String },
    #[error("a whole number is at most {}", i64::MAX)]
    LargeNumber,
    #[error(
        "the value is no TOML; if a shell took quotes away, put all of it in quotes, as in \
         -s \"model.head={{kind='det'}}\", or set one key at a time, as in -s model.head.kind=det"
    )]
    NotToml,
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |nearest| format!(": did you mean `{nearest}`?"))
}

impl Config {
    /// Reads a config file. `overrides` are `key=value` with dotted keys, such as
    /// `model.head.samples=64`, and win over the file; another `kind` of a section begins it anew.
    /// Relative paths start from the current
    /// folder, and are absolute in the result.
    ///
    /// # Errors
    /// If the file can't be read or isn't a config.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let mut config = Self::parse(&text, overrides).map_err(|error| match error {
            ConfigError::Set { .. } => error,
            error => match setting::to_blame(&text, overrides, &error) {
                Some(item) => setting::blamed(item, error),
                None => ConfigError::In { path: path.to_owned(), error: Box::new(error) },
            },
        })?;
        config.make_paths_absolute();
        Ok(config)
    }

    fn make_paths_absolute(&mut self) {
        let others = self.train.init_from.iter_mut().chain(&mut self.runtime.plugin);
        for path in self.data.paths_mut().into_iter().chain(others) {
            // TOML has no words for a folder that isn't Unicode, and an empty path has no absolute
            // form; it stays, to be refused as what it is.
            if let Some(absolute) = path::absolute(&path).ok().filter(|it| it.to_str().is_some()) {
                *path = absolute;
            }
        }
        let local = |files: &&mut String| !files.contains("://");
        for files in self.data.patterns_mut().into_iter().filter(local) {
            let absolute = path::absolute(&files).ok();
            if let Some(absolute) = absolute.and_then(|it| it.into_os_string().into_string().ok()) {
                *files = absolute;
            }
        }
    }

    /// [`Config::read`] of a text.
    ///
    /// # Errors
    /// If the text isn't a config.
    pub fn parse(text: &str, overrides: &[String]) -> Result<Self, ConfigError> {
        let mut table: Table = text.parse()?;
        for item in overrides {
            setting::set(&mut table, item).map_err(|error| setting::blamed(item, error))?;
        }
        let config = mistake::deserialized(&table)?;
        config.check()?;
        Ok(config)
    }

    /// The config as TOML, with every default.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a config is made of what TOML has")
    }

    /// Every key, dotted, with its value as TOML.
    pub fn entries(&self) -> Vec<(String, String)> {
        flatten(&Table::try_from(self).expect("a config is made of what TOML has"))
    }

    /// The hash of all that decides what a run computes; its length, its output and its machine
    /// don't.
    pub fn sha256(&self) -> String {
        digest::sha256(toml::to_string(&self.identity()).expect("a table is TOML"))
    }

    /// The keys that decide what a run computes and have other values in `other`, with both values.
    pub fn differences(&self, other: &Self) -> Vec<(String, String, String)> {
        let (mine, theirs) = (flatten(&self.identity()), flatten(&other.identity()));
        let mut keys: Vec<_> = mine.iter().chain(&theirs).map(|(key, _)| key.clone()).collect();
        keys.sort();
        keys.dedup();
        let value = |of: &[(String, String)], key: &str| {
            let found = of.iter().find(|(name, _)| name == key);
            found.map_or("not set".to_owned(), |(_, value)| value.clone())
        };
        keys.into_iter()
            .map(|key| (value(&mine, &key), value(&theirs, &key), key))
            .filter(|(mine, theirs, _)| mine != theirs)
            .map(|(mine, theirs, key)| (key, mine, theirs))
            .collect()
    }

    fn identity(&self) -> Table {
        let mut table = Table::try_from(self).expect("a config is made of what TOML has");
        table.remove("eval");
        for (section, keys) in [
            (
                "train",
                &[
                    "steps",
                    "accumulate",
                    "log_every",
                    "eval_every",
                    "histogram_every",
                    "checkpoint_every",
                    "keep",
                ][..],
            ),
            ("runtime", &["platform", "devices", "plugin", "cache"]),
            ("data", &["path", "train", "threads", "max_skipped"]),
        ] {
            if let Some(Value::Table(section)) = table.get_mut(section) {
                section.retain(|key, _| !keys.contains(&key));
            }
        }
        // Where the files of a split are doesn't matter, as how many examples it takes does.
        if let Some(Value::Table(data)) = table.get_mut("data") {
            data.retain(|key, value| !["validation", "test"].contains(&key) || value.is_integer());
        }
        table
    }

    fn check(&self) -> Result<(), ConfigError> {
        let invalid = |place: &str, problem: &str| {
            let (place, problem) = (format!("{place}: "), problem.to_owned());
            Err(ConfigError::Value { place, problem })
        };
        self.model
            .trunk
            .check()
            .or_else(|(key, problem)| invalid(&format!("model.trunk.{key}"), &problem))?;
        self.data.check().or_else(|(key, problem)| invalid(&format!("data.{key}"), &problem))?;
        self.model
            .head
            .check()
            .or_else(|(key, problem)| invalid(&format!("model.head.{key}"), problem))?;
        for (key, value) in [
            ("train.steps", self.train.steps),
            ("train.log_every", self.train.log_every),
            ("train.eval_every", self.train.eval_every),
            ("train.checkpoint_every", self.train.checkpoint_every),
        ] {
            if value == 0 {
                return invalid(key, "must be at least 1");
            }
        }
        if self.train.batch_size == 0 {
            return invalid("train.batch_size", "must be at least 1");
        }
        let devices = self.runtime.devices.get();
        if !self.train.batch_size.is_multiple_of(devices) {
            let problem = format!("must be a multiple of runtime.devices = {devices}");
            return invalid("train.batch_size", &problem);
        }
        let of_device = self.train.batch_size / devices;
        if !of_device.is_multiple_of(self.train.accumulate.get()) {
            let problem =
                format!("must divide the {of_device} examples that a device takes of a step");
            return invalid("train.accumulate", &problem);
        }
        if self.eval.batch_size == 0 {
            return invalid("eval.batch_size", "must be at least 1");
        }
        if let Some(propensity) = &self.eval.propensity {
            propensity
                .check()
                .or_else(|(key, problem)| invalid(&format!("eval.propensity.{key}"), problem))?;
        }
        self.optimizer
            .check()
            .or_else(|(key, problem)| invalid(&format!("optimizer.{key}"), problem))?;
        self.schedule
            .check()
            .or_else(|(key, problem)| invalid(&format!("schedule.{key}"), problem))?;
        Ok(())
    }
}

/// The dotted keys of a table with their values as TOML.
fn flatten(table: &Table) -> Vec<(String, String)> {
    let entry = |(key, value): (&String, &Value)| match value {
        Value::Table(inner) => flatten(inner)
            .into_iter()
            .map(|(rest, value)| (format!("{key}.{rest}"), value))
            .collect(),
        value => vec![(key.clone(), value.to_string())],
    };
    table.iter().flat_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [model]
        trunk = { kind = "mlp", hidden = [8] }
        head = { kind = "het-xl", factors = 2, samples = 4 }
        [data]
        kind = "digits"
    "#;

    fn parse(overrides: &[&str]) -> Result<Config, ConfigError> {
        let overrides: Vec<_> = overrides.iter().map(ToString::to_string).collect();
        Config::parse(TEXT, &overrides)
    }

    #[test]
    fn defaults_are_those_of_the_paper() {
        let config = parse(&[]).unwrap();
        let (adam, schedule) = (&config.optimizer, &config.schedule);
        assert_eq!((adam.beta1, adam.beta2, adam.epsilon), (0.9, 0.999, 1e-8));
        assert_eq!(adam.weight_decay, 0.1);
        assert_eq!(
            (schedule.warmup_start, schedule.peak, schedule.warmup_steps),
            (1e-5, 6e-4, 10_000)
        );
    }

    #[test]
    fn a_resolved_config_reads_back_as_itself() {
        let config = parse(&["optimizer.clip_global_norm=1"]).unwrap();
        assert_eq!(Config::parse(&config.to_toml(), &[]).unwrap(), config);
    }

    #[test]
    fn overrides_win_and_may_be_words_without_quotes() {
        let config =
            parse(&["train.batch_size=7", "runtime.platform=tpu", "model.head.temperature=0.5"])
                .unwrap();
        assert_eq!(config.train.batch_size, 7);
        assert_eq!(config.runtime.platform, "tpu");
        let HeadConfig::HetXl(head) = &config.model.head else { panic!("the head is HET-XL") };
        assert_eq!(head.temperature, crate::model::head::Temperature::Fixed(0.5));
    }

    #[test]
    fn an_override_in_more_sections_than_there_are_is_no_key_and_not_the_end_of_the_stack() {
        let key = format!("{}x", "train.".repeat(50_000));
        let error = parse(&[&format!("{key}=1")]).unwrap_err();
        assert!(error.to_string().ends_with("train.x=1: there is no such key"));
    }

    #[test]
    fn another_kind_begins_its_section_anew() {
        let config = parse(&["model.head.kind=det", "model.head.bias_init=-10"]).unwrap();
        let HeadConfig::Det(head) = &config.model.head else { panic!("the head is DET") };
        assert_eq!(head.bias_init, -10.0);
    }

    #[test]
    fn a_bound_of_the_temperature_that_is_not_given_has_its_default() {
        let config = parse(&["model.head.temperature={low=0.1}"]).unwrap();
        let HeadConfig::HetXl(head) = &config.model.head else { panic!("the head is HET-XL") };
        let expected = crate::model::head::Temperature::Learned { low: 0.1, high: 5.0 };
        assert_eq!(head.temperature, expected);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let message = |item: &str| parse(&[item]).unwrap_err().to_string();
        insta::assert_snapshot!(message("trian.steps=5"), @"there is no key `trian`: did you mean `train`?");
        insta::assert_snapshot!(message("train.stesp=5"), @"train: there is no key `stesp`: did you mean `steps`?");
        insta::assert_snapshot!(message("train.steps=many"), @r#"train.steps: invalid type: string "many", expected a whole number of at least 0"#);
        insta::assert_snapshot!(message("train.keep=0"), @"train.keep: invalid value: integer `0`, expected a whole number of at least 1");
        insta::assert_snapshot!(message("train.steps=0"), @"train.steps: must be at least 1");
        insta::assert_snapshot!(message("train"), @"-s train: it is not of the form key=value");
        insta::assert_snapshot!(message("data.kind.x=1"), @"-s data.kind.x=1: `kind` is a value, not a section");
        insta::assert_snapshot!(message("model.head.kind=hetxl"), @"model.head.kind: unknown variant `hetxl`, expected one of `det`, `het`, `het-h`, `het-xl`");
        insta::assert_snapshot!(message("model.head.samples=0"), @"model.head.samples: at least one sample is needed");
        insta::assert_snapshot!(message("model.head.eval_samples=0"), @"model.head.eval_samples: at least one sample is needed");
        insta::assert_snapshot!(message("model.head.covariance_init_scale=0"), @"model.head.covariance_init_scale: must be greater than 0");
        insta::assert_snapshot!(message("model.head.eval_logits=locs2"), @"model.head.eval_logits: unknown variant `locs2`, expected one of `sampled`, `mean`, `locs`");
        insta::assert_snapshot!(message("model.head.hash={buckets=8}"), @"model.head.hash: only het-h puts classes into buckets");
        insta::assert_snapshot!(message("model.head.hash={buckets=-1}"), @"model.head.hash.buckets: invalid value: integer `-1`, expected a whole number of at least 0");
        insta::assert_snapshot!(message("model.head.kind=het-h"), @"model.head.hash: het-h needs one, such as { buckets = 1024 }");
        insta::assert_snapshot!(message("eval.propensity={b=0}"), @"eval.propensity.b: must be a number greater than 0");
        insta::assert_snapshot!(message("train.eval_every=0"), @"train.eval_every: must be at least 1");
        let plan = "model.head.plan={examples=0, classes=1, keep=true}";
        insta::assert_snapshot!(message(plan), @"model.head.plan: a part has at least one example and one class");
        insta::assert_snapshot!(message("model.head.temperature=warm"), @"model.head.temperature: the temperature is a number or { low = …, high = … }");
        insta::assert_snapshot!(message("optimizer.clip_global_norm=0"), @"optimizer.clip_global_norm: must be greater than 0");
        insta::assert_snapshot!(message("optimizer.ema=1"), @"optimizer.ema: must lie between 0 and 1");
        insta::assert_snapshot!(message("train.accumulate=3"), @"train.accumulate: must divide the 128 examples that a device takes of a step");
        insta::assert_snapshot!(message("train.accumulate=0"), @"train.accumulate: invalid value: integer `0`, expected a whole number of at least 1");
        insta::assert_snapshot!(message("runtime.compute=f16"), @"runtime.compute: unknown variant `f16`, expected `f32` or `bf16`");
        insta::assert_snapshot!(message("schedule.decay=cosine"), @"schedule.total_steps: is needed by a linear or cosine decay: where the rate reaches end");
        insta::assert_snapshot!(message("schedule={decay='rsqrt',total_steps=20000}"), @"schedule.total_steps: is of a linear or cosine decay: leave it out or name one of them");
        insta::assert_snapshot!(message("schedule={decay='rsqrt',warmup_steps=0}"), @"schedule.warmup_steps: must be at least 1: rsqrt takes them for its scale");
        insta::assert_snapshot!(message("schedule.total_steps=10"), @"schedule.total_steps: must be more than schedule.warmup_steps");
        insta::assert_snapshot!(message("runtime.cache=often"), @r#"runtime.cache: invalid type: string "often", expected true or false"#);
        insta::assert_snapshot!(message("optimizer.beta2=1"), @"optimizer.beta2: must lie between 0 and 1");
        insta::assert_snapshot!(message("runtime.devices=3"), @"train.batch_size: must be a multiple of runtime.devices = 3");
        insta::assert_snapshot!(message("runtime.devices=0"), @"runtime.devices: invalid value: integer `0`, expected a whole number of at least 1");
        insta::assert_snapshot!(message("data={kind='shapes',features=0,classes=3}"), @"data.features: must be at least 1");
        let one = "data.classes: must be at least 2: where every example has the same class there is nothing to learn";
        for data in [
            "kind='folders',train='x',classes=1",
            "kind='features',train={features='x',labels='y'},classes=1",
            "kind='idx',path='x',validation=1,classes=1",
            "kind='shapes',features=1,classes=1",
        ] {
            assert_eq!(message(&format!("data={{{data}}}")), one);
        }
        assert!(parse(&["data={kind='shapes',features=1,classes=1,max_labels=1}"]).is_ok());
        let vit = |settings: &str| message(&format!("model.trunk={{kind='vit',{settings}}}"));
        insta::assert_snapshot!(vit("image=8,patch=3,hidden=4,layers=1,heads=2,mlp=8"), @"model.trunk.patch: must divide the 8 pixels of model.trunk.image");
        insta::assert_snapshot!(vit("image=8,patch=4,hidden=4,layers=1,heads=3,mlp=8"), @"model.trunk.heads: must divide the 4 of model.trunk.hidden");
        insta::assert_snapshot!(vit("image=8,patch=4,hidden=4,layers=0,heads=2,mlp=8"), @"model.trunk.layers: must be at least 1");
        insta::assert_snapshot!(message("model.trunk={kind='mlp',hidden=[0]}"), @"model.trunk.hidden: a layer has at least one unit");
        insta::assert_snapshot!(message("model.trunk={kind='mlp',hidden=[4],dropout=1}"), @"model.trunk.dropout: must be at least 0 and less than 1");
        insta::assert_snapshot!(vit("image=8,patch=4,size='B',dropout=-0.1"), @"model.trunk.dropout: must be at least 0 and less than 1");
        insta::assert_snapshot!(vit("image=8,patch=4,size='XL'"), @"model.trunk.size: unknown variant `XL`, expected one of `Ti`, `S`, `B`, `L`, `H`");
        insta::assert_snapshot!(vit("image=8,patch=4,hidden=8"), @r#"model.trunk: the key `layers` is missing; a `size`, "Ti", "S", "B", "L" or "H", has it"#);
        insta::assert_snapshot!(vit("image=8,patch=4,size='B',layer=3"), @"model.trunk: there is no key `layer`: did you mean `layers`?");
        insta::assert_snapshot!(message("model.trunk={kind='resnet',depth=34,image=224}"), @"model.trunk.depth: the depth is 50, 101 or 152, not 34");
        insta::assert_snapshot!(message("model.trunk={kind='resnet',depth=50,image=224,width=0}"), @"model.trunk.width: must be at least 1");
    }

    #[test]
    fn mistakes_in_sections_with_a_kind_are_named_with_their_key() {
        let message = |item: &str| parse(&[item]).unwrap_err().to_string();
        let images = |settings: &str| {
            message(&format!("data={{kind='folders',train='x',classes=2,{settings}}}"))
        };
        insta::assert_snapshot!(images("image={mean=0.5}"), @"data.image.mean: invalid type: floating point `0.5`, expected an array of length 3");
        insta::assert_snapshot!(images("image={mean=0.5,std=0.5}"), @"data.image.mean: invalid type: floating point `0.5`, expected an array of length 3");
        insta::assert_snapshot!(images("image={sise=8}"), @"data.image: there is no key `sise`: did you mean `size`?");
        insta::assert_snapshot!(images("image=8"), @"data.image: invalid type: integer `8`, expected a section");
        insta::assert_snapshot!(images("test=true"), @"data.test: a split is files, or the number of the examples that it takes");
        insta::assert_snapshot!(images("max_labels=3"), @"data.max_labels: must be at most classes = 2");
        insta::assert_snapshot!(message("data={kind='shapes',features=1,classes=2147483648}"), @"data.classes: must be at most 2,147,483,647");
        insta::assert_snapshot!(images("clases=2"), @"data: there is no key `clases`: did you mean `classes`?");
        insta::assert_snapshot!(message("data={kind='features',classes=2,train={features='x.npy'}}"), @"data.train: the key `labels` is missing");
        insta::assert_snapshot!(message("data={kind='features',train={features='x.npy',labels='y.npy'}}"), @"data: the key `classes` is missing");
        insta::assert_snapshot!(message("data={kind='idx',path='x',classes=2,validation=1,label_noise={rate='many'}}"), @r#"data.label_noise.rate: invalid type: string "many", expected a number"#);
        insta::assert_snapshot!(message("model.trunk.hidden=16"), @"model.trunk.hidden: invalid type: integer `16`, expected a list");
        insta::assert_snapshot!(message("model.head=det"), @r#"model.head: invalid type: string "det", expected a section with a `kind`"#);
    }

    #[test]
    fn what_a_shell_or_an_integer_cannot_hold_is_told_with_what_to_do() {
        let message = |item: &str| parse(&[item]).unwrap_err().to_string();
        insta::assert_snapshot!(message("model.head={kind=det}"), @r#"-s model.head={kind=det}: the value is no TOML; if a shell took quotes away, put all of it in quotes, as in -s "model.head={kind='det'}", or set one key at a time, as in -s model.head.kind=det"#);
        insta::assert_snapshot!(message("optimizer.no_decay=[*/bias]"), @r#"-s optimizer.no_decay=[*/bias]: the value is no TOML; if a shell took quotes away, put all of it in quotes, as in -s "model.head={kind='det'}", or set one key at a time, as in -s model.head.kind=det"#);
        insta::assert_snapshot!(message("train.seed=18446744073709551615"), @"-s train.seed=18446744073709551615: a whole number is at most 9223372036854775807");
        let config = parse(&["train.seed=9223372036854775807"]).unwrap();
        assert_eq!(config.train.seed, i64::MAX as u64);
        let files = "data={kind='webdataset',train='x',classes=2}";
        let config = parse(&[files, "data.train={000..146}.tar"]).unwrap();
        let DataConfig::Webdataset(data) = config.data else { panic!("{:?}", config.data) };
        assert_eq!(data.train, "{000..146}.tar");
    }

    #[test]
    fn a_mistake_is_blamed_on_the_file_or_on_the_setting_that_made_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my config.toml");
        let message = |text: &str, items: &[&str]| {
            fs::write(&path, text).unwrap();
            let items: Vec<_> = items.iter().map(ToString::to_string).collect();
            let error = Config::read(&path, &items).unwrap_err();
            error.to_string().replace(path.to_str().unwrap(), "my config.toml")
        };
        let wrong = TEXT.replace("samples = 4", "samples = 0");
        let fits = "train.batch_size=6";
        insta::assert_snapshot!(message(&wrong, &[fits]), @"my config.toml: model.head.samples: at least one sample is needed");
        insta::assert_snapshot!(message(TEXT, &[fits, "model.head.samples=0"]), @"-s model.head.samples=0: at least one sample is needed");
        insta::assert_snapshot!(message(TEXT, &[fits, "runtime.devices=4", "train.seed=1"]), @"-s runtime.devices=4: train.batch_size: must be a multiple of runtime.devices = 4");
        insta::assert_snapshot!(message(TEXT, &[fits, "model.head={kind='det',samples=1}"]), @"-s model.head={kind='det',samples=1}: model.head: there is no key `samples`");
        insta::assert_snapshot!(message(TEXT, &[fits, "train"]), @"-s train: it is not of the form key=value");
    }

    #[test]
    fn a_size_stands_for_numbers_and_one_that_is_said_wins() {
        let vit = parse(&["model.trunk={kind='vit',image=32,patch=8,size='S',layers=3}"]).unwrap();
        let numbers = "model.trunk={kind='vit',image=32,patch=8,hidden=384,layers=3,heads=6,mlp=1536,representation=384}";
        assert_eq!(vit, parse(&[numbers]).unwrap());
        let printed = vit.to_toml();
        assert!(printed.contains("hidden = 384") && !printed.contains("\nsize"), "{printed}");
        assert_eq!(Config::parse(&printed, &[]).unwrap(), vit);
    }

    #[test]
    fn the_length_of_a_run_is_no_part_of_what_it_computes() {
        let base = parse(&[]).unwrap();
        assert_eq!(base.sha256(), parse(&["train.steps=9"]).unwrap().sha256());
        assert_eq!(base.sha256(), parse(&["runtime.cache=false"]).unwrap().sha256());
        let other = parse(&["model.head.samples=5"]).unwrap();
        assert_ne!(base.sha256(), other.sha256());
        assert_eq!(
            base.differences(&other),
            [("model.head.samples".to_owned(), "4".to_owned(), "5".to_owned())]
        );
    }

    #[test]
    fn every_key_is_in_the_documentation() {
        let page = include_str!("../docs/config.md");
        let idx = ["data.kind=idx", "data.path=x", "data.classes=2", "data.validation=1"];
        let set = [
            "optimizer.clip_global_norm=1",
            "optimizer.no_decay=['*/bias']",
            "optimizer.frozen=['trunk/*']",
            "optimizer.ema=0.999",
            "train.init_from=x",
            "schedule.decay=cosine",
            "schedule.total_steps=20000",
            "runtime.plugin=x",
            "runtime.cache=true",
            "eval.propensity={}",
            "model.head.kind=het-h",
            "model.head.hash={buckets=8}",
            "model.head.eval_samples=10",
            "model.head.covariance_init_scale=1",
            "model.head.plan={examples=1, classes=1, keep=true}",
        ];
        let vit = "model.trunk={kind='vit',image=8,patch=4,hidden=4,layers=1,heads=2,mlp=8}";
        let other = ["data={kind='shapes',features=64,classes=2}", vit];
        let images = "data={kind='tfrecord',train='x',validation=1,test=1,classes=2,max_labels=2,threads=1,\
             fields={image='x',label='y'}}";
        let files = "{features='x.npy',labels='y.npy'}";
        let features = format!("data={{kind='features',train={files},test={files},classes=2}}");
        let text = "data={kind='libsvm',train='x',validation=1,max_labels=2}";
        let first = [&idx[..], &set].concat();
        let resnet = "model.trunk={kind='resnet',depth=50,image=224}";
        let configs: [&[&str]; 6] = [&first, &other, &[images], &[&features], &[text], &[resnet]];
        let configs = configs.map(parse);
        let configs = configs.map(Result::unwrap);
        let tables = configs.map(|config| Table::try_from(&config).unwrap());
        for (key, _) in tables.iter().flat_map(flatten) {
            // The bounds of the temperature are shown where it is.
            let mut parts = key.rsplit('.').filter(|part| !["low", "high"].contains(part));
            let key = parts.next().unwrap();
            assert!(page.contains(&format!("`{key}`")), "docs/config.md doesn't tell of {key}");
        }
    }
}
