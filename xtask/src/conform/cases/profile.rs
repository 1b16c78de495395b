//! Recordings of what devices and the plugin's threads do.

use pjrt::{Code, CompileOptions, ProfileOptions};

use super::ADD;
use crate::conform::case::{Case, case, holds};

pub(super) fn cases() -> Vec<Case> {
    vec![case("of a compilation", |subject| {
        let profile = subject.plugin.profile(&ProfileOptions::default())?;
        subject.compile(Code::mlir(ADD), &CompileOptions::default())?;
        holds("something was recorded", !profile.stop()?.xspace().is_empty())
    })]
}
