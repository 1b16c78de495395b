//! Operations on random shapes, axes and attributes, against loops over elements written out here.
//!
//! A failure prints the numbers from which the smallest example that fails was drawn, and that
//! example in words.

#[path = "../support/mod.rs"]
mod support;

mod array;
mod broadcasting;
mod case;
mod draw;
mod elements;
mod folds;
mod indexing;
mod loops;
mod movement;
mod products;
mod windows;
