#![no_main]

// What the reader takes from its own crate.
mod error {
    pub(crate) use pjrt::{Error, Result};
}
use pjrt::{DType, HostArray};

#[path = "../../pjrt/src/signature.rs"]
mod signature;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for platform in ["cpu", "tpu"] {
        if let Ok(read) = signature::Signature::decode(bytes, platform) {
            assert!(read.donatable.iter().all(|&input| input < read.inputs.len()));
            read.outputs.iter().for_each(|output| drop(output.to_string()));
        }
    }
});
