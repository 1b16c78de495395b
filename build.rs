//! Stamps the version and, in a checkout, the revision.

use std::path::Path;
use std::process::Command;

fn main() {
    let version = std::env::var("CARGO_PKG_VERSION").expect("cargo sets the version");
    let revision = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
    let revision = revision.ok().filter(|output| output.status.success());
    let revision = revision.and_then(|output| String::from_utf8(output.stdout).ok());
    let stamp = match revision {
        Some(revision) => format!("{version} ({})", revision.trim()),
        None => version,
    };
    println!("cargo::rustc-env=HETXL_VERSION={stamp}");
    println!("cargo::rerun-if-changed=build.rs");
    // Without a checkout there is no such file, and cargo would run this at every build.
    for file in [".git/HEAD", ".git/logs/HEAD"] {
        if Path::new(file).exists() {
            println!("cargo::rerun-if-changed={file}");
        }
    }
}
