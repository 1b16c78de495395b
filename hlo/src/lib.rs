//! Traces Rust functions into StableHLO programs.
#![forbid(unsafe_code)]
