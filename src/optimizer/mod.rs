//! The optimiser: Adam in the program, its rates on the host.

mod adam;
mod schedule;

pub use adam::{Adam, AdamInputs, Moments, Updated};
pub use schedule::Schedule;
