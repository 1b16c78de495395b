//! Trains classifiers with very many classes as compiled XLA programs.
//!
//! The command `hetxl` is a thin layer over this library:
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use hetxl::config::Config;
//! use hetxl::run_folder::Place;
//! use hetxl::runtime::Runtime;
//!
//! # let folder = tempfile::tempdir()?;
//! # let run = folder.path().join("run");
//! let config = Config::parse(
//!     r#"
//!     model.trunk = { kind = "mlp", hidden = [32] }
//!     model.head = { kind = "het-xl", factors = 4, samples = 8 }
//!     data.kind = "digits"
//!     train.steps = 20
//!     "#,
//!     &[],
//! )?;
//! let runtime = Runtime::open(&config.runtime, &mut |step| eprintln!("{step}"))?;
//! let stop = AtomicBool::new(false);
//! let outcome = hetxl::train::train(&config, &runtime, &Place::New(run), &stop, &mut |_| {})?;
//! assert_eq!(outcome.step, 20);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | see |
//! |---|---|
//! | describe a run | [`config`] |
//! | trace a model: trunks, heads, their parameters | [`model`] |
//! | trace whole programs: initial state, training step, evaluation, prediction | [`programs`] |
//! | compile and run them | [`runtime`], [`state`], [`train`], [`dry_run`], [`evaluate`], [`few_shot`], [`predict`] |
//! | run programs from files, on one device or several | [`program_file`], [`placement`] |
//! | compile for devices that aren't there | [`ahead_of_time`] |
//! | read data, keep results | [`data`], [`metrics`], [`checkpoint`], [`run_folder`], [`export`], [`environment`] |
//! | show runs to people | [`report`] |
#![forbid(unsafe_code)]

pub mod ahead_of_time;
pub mod checkpoint;
pub mod config;
pub mod data;
mod digest;
pub mod dry_run;
pub mod environment;
mod error;
pub mod evaluate;
pub mod export;
pub mod few_shot;
pub mod folded;
pub mod histograms;
pub mod hlo_module;
pub mod machine;
pub mod metrics;
pub mod model;
pub mod npy;
pub mod optimizer;
pub mod placement;
pub mod predict;
pub mod program_file;
pub mod programs;
pub mod report;
pub mod run_folder;
pub mod runtime;
pub mod state;
pub mod train;
pub mod values;
mod whole_file;

pub use error::{Error, Result};

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
