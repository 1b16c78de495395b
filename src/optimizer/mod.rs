//! The optimiser: Adam in the program, its rates on the host.

mod adam;
mod paths;
mod schedule;

pub use adam::{Adam, AdamInputs, Moments, Updated, running_mean};
pub use schedule::{Decay, Schedule};
