//! What a plugin tells about itself.

use crate::conform::case::{Case, Finding, case, holds};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("loads, and tells its interface's version", |subject| {
            holds("the major version is 0", subject.plugin.api_version().major == 0)
        }),
        case("attributes", |subject| {
            holds("there is at least one", !subject.plugin.attributes()?.is_empty())
        }),
        case("the version of StableHLO", |subject| {
            let version = subject.plugin.stablehlo_version()?;
            version.map(|_| ()).ok_or_else(|| Finding::unsupported("no attribute tells it"))
        }),
        case("extensions", |subject| {
            holds("there is at least one", !subject.plugin.extensions()?.is_empty())
        }),
    ]
}
