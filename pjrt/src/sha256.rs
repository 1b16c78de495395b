//! Hashes of files, and how they are written.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub(crate) type Digest = [u8; 32];

/// The hash of all that is left to read.
pub(crate) fn of(contents: &mut impl Read) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 18];
    loop {
        match contents.read(&mut block)? {
            0 => return Ok(hasher.finalize().into()),
            count => hasher.update(&block[..count]),
        }
    }
}

/// The hash in hexadecimal, as the pins of wheels are written.
pub(crate) fn hex(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
