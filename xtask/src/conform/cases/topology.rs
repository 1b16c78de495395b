//! Topologies: by name, of a client, as bytes.

use pjrt::ErrorCode;

use crate::conform::case::{Case, Finding, case, holds, same};
use crate::conform::subject::Subject;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("of a client", |subject| {
            let client = subject.client()?;
            let topology = client.topology()?;
            same("platform", topology.platform_name(), client.platform_name())?;
            let ids: Vec<i32> = topology.devices()?.iter().map(|device| device.id).collect();
            let expected: Vec<i32> = client.all_devices().iter().map(pjrt::Device::id).collect();
            same("devices", ids, expected)
        }),
        case("by name or description, without the devices", |subject| {
            let topology = subject.described()?;
            if !subject.is_for_tpus() && !subject.is_for_gpus() {
                return Ok(());
            }
            same("devices", topology.devices()?.len(), 8)
        }),
        case("attributes", |subject| Ok(any(subject)?.attributes().map(|_| ())?)),
        case("written as bytes", |subject| {
            holds("there are some", !any(subject)?.serialize()?.is_empty())
        }),
        case("read from bytes", |subject| {
            let topology = any(subject)?;
            match subject.plugin.deserialize_topology(&topology.serialize()?) {
                Ok(again) => same("devices", again.devices()?, topology.devices()?),
                Err(error @ pjrt::Error::Plugin { code: ErrorCode::NOT_FOUND, .. }) => {
                    Err(Finding::unsupported(error.to_string()))
                }
                Err(error) => Err(error.into()),
            }
        }),
    ]
}

/// The client's topology, or one without a client where the devices aren't here.
fn any(subject: &Subject) -> Result<pjrt::Topology, Finding> {
    match subject.absent_hardware() {
        Some(_) => subject.topology().cloned(),
        None => Ok(subject.client()?.topology()?),
    }
}
