//! Trains classifiers with very many classes as compiled XLA programs.
#![forbid(unsafe_code)]

pub mod checkpoint;
pub mod config;
pub mod data;
pub mod metrics;
pub mod model;
pub mod optimizer;
pub mod programs;
