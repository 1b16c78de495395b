//! The `hetxl` command.
#![forbid(unsafe_code)]
fn main() {}
