//! Trains classifiers with very many classes as compiled XLA programs.
#![forbid(unsafe_code)]

pub mod checkpoint;
pub mod config;
pub mod data;
mod error;
pub mod evaluate;
pub mod export;
pub mod hlo_module;
pub mod metrics;
pub mod model;
pub mod npy;
pub mod optimizer;
pub mod program_file;
pub mod programs;
pub mod run_folder;
pub mod runtime;
pub mod state;
pub mod train;
pub mod values;

pub use error::{Error, Result};

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
