//! A safe runtime over the PJRT C API.

mod dtype;
mod host_array;
#[cfg(feature = "install")]
pub mod install;

pub use dtype::{DType, Element};
pub use host_array::{HostArray, HostArrayError};
