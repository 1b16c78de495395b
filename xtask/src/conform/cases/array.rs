//! Arrays on their way to devices, between them, and back.

use pjrt::{DType, HostArray};

use crate::conform::case::{Case, Finding, Verdict, case, same};
use crate::conform::subject::Subject;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("to a device and back", |subject| {
            let values: Vec<f32> = (0..6).map(|i| i as f32).collect();
            there_and_back(subject, &HostArray::from_slice(&[2, 3], &values)?)
        }),
        case("without dimensions", |subject| there_and_back(subject, &HostArray::scalar(7_u32))),
        case("without elements", |subject| {
            there_and_back(subject, &HostArray::zeros(DType::F32, &[0])?)?;
            there_and_back(subject, &HostArray::zeros(DType::F32, &[3, 0, 2])?)
        }),
        case("of 16 MB", |subject| {
            let values: Vec<i32> = (0..1 << 22).collect();
            there_and_back(subject, &HostArray::from_slice(&[1 << 11, 1 << 11], &values)?)
        }),
        case("of eight dimensions", |subject| {
            let values: Vec<u8> = (0..=255).collect();
            there_and_back(subject, &HostArray::from_slice(&[2; 8], &values)?)
        }),
        case("the memory that holds one", |subject| {
            let array = subject.f32s(&[1.0])?;
            same("its id", array.memory()?.id(), subject.device()?.default_memory()?.id())
        }),
        case("to the host while the program goes on", |subject| {
            let array = subject.f32s(&[1.0, 2.0])?;
            let copies = [array.copy_to_host()?, array.copy_to_host()?];
            drop(array);
            for copy in copies {
                same("values", copy.wait()?.as_slice::<f32>()?, [1.0, 2.0])?;
            }
            Ok(())
        }),
        case("from device to device", |subject| {
            let devices = subject.client()?.devices();
            let [_, other, ..] = devices.as_slice() else {
                return Err(Finding::not_run("one device"));
            };
            let copy = subject.f32s(&[1.0, 2.0])?.copy_to_device(other)?;
            same("device", copy.device().id(), other.id())?;
            same("values", copy.to_host()?.as_slice::<f32>()?, [1.0, 2.0])
        }),
    ]
}

fn there_and_back(subject: &Subject, array: &HostArray) -> Verdict {
    let buffer = subject.on_device(array)?;
    same("dimensions", buffer.dims(), array.dims())?;
    if buffer.to_host()? == *array {
        return Ok(());
    }
    Err(Finding::failed("other bytes came back"))
}
