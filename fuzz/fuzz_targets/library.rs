#![no_main]

use std::io::Cursor;

#[path = "../../xla-sys/src/elf.rs"]
mod elf;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // A header that ends too soon is an error.
    let _ = elf::loaded_len(&mut Cursor::new(bytes));
});
