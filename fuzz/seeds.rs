//! Writes whole files for each target to start from, into `fuzz/corpus`.

use std::fs;
use std::path::Path;

mod readers;

fn main() -> std::io::Result<()> {
    for reader in readers::READERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(reader.name);
        fs::create_dir_all(&folder)?;
        for (index, sample) in (reader.samples)().into_iter().enumerate() {
            fs::write(folder.join(index.to_string()), sample)?;
        }
    }
    // The two that are private to their crates.
    for (name, sample) in [
        ("signature", (readers::named("hlo_module").samples)().swap_remove(0)),
        ("library", fs::read(std::env::current_exe()?)?[..4096].to_vec()),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("0"), sample)?;
    }
    Ok(())
}
