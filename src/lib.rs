//! Trains classifiers with very many classes as compiled XLA programs.
#![forbid(unsafe_code)]

pub mod checkpoint;
pub mod data;
pub mod metrics;
