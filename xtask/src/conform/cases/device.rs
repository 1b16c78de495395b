//! Devices and memories of a client.

use std::collections::BTreeSet;

use crate::conform::case::{Case, case, holds, same};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("ids, kinds and processes", |subject| {
            let devices = subject.client()?.devices();
            let ids: BTreeSet<i32> = devices.iter().map(pjrt::Device::id).collect();
            same("distinct ids", ids.len(), devices.len())?;
            holds("each has a kind", devices.iter().all(|device| !device.kind().is_empty()))?;
            let process = devices[0].process_index();
            holds("one process", devices.iter().all(|device| device.process_index() == process))
        }),
        case("devices of all processes", |subject| {
            let client = subject.client()?;
            let all = client.all_devices();
            let own = |device: &pjrt::Device| device.is_addressable();
            same(
                "those of this one",
                all.into_iter().filter(own).collect::<Vec<_>>(),
                client.devices(),
            )
        }),
        case("attributes", |subject| Ok(subject.device()?.attributes().map(|_| ())?)),
        case("the hardware's own number", |subject| {
            Ok(subject.device()?.local_hardware_id().map(|_| ())?)
        }),
        case("memories", |subject| {
            let memories = subject.device()?.memories()?;
            holds("each has a kind", memories.iter().all(|memory| !memory.kind().is_empty()))?;
            holds("there is one", !memories.is_empty())
        }),
        case("the default memory", |subject| {
            let device = subject.device()?;
            let memory = device.default_memory()?;
            holds("it is one of the device's", device.memories()?.contains(&memory))
        }),
        case("bytes of memory in use", |subject| {
            let device = subject.device()?;
            let _array = subject.f32s(&[1.0; 1024])?;
            holds("an array counts", device.memory_stats()?.bytes_in_use >= 4096)
        }),
    ]
}
