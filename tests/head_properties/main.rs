//! Heads in parts against the same heads as the paper writes them, on the real plugin.
//!
//! A failure prints the smallest case that was found to fail.

#[path = "../support/mod.rs"]
mod support;

mod agreement;
mod case;
mod device;
mod limits;
mod memory;
