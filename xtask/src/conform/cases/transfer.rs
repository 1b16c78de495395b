//! Arrays that a device reads in place, and arrays that arrive piece by piece.

use std::sync::Arc;

use pjrt::{ArraySpec, DType, HostArray};

use super::ADD;
use crate::conform::case::{Case, case, refused, same};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("lent by the host", |subject| {
            let array = Arc::new(HostArray::from_slice(&[2], &[1.0_f32, 2.0])?);
            let x = subject.client()?.lend(Arc::clone(&array), &subject.device()?)?;
            let sum = subject.load(ADD)?.run(vec![(&x).into(), (&x).into()])?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [2.0, 4.0])?;
            same("the array", array.as_slice::<f32>()?, [1.0, 2.0])
        }),
        case("lent by the host, and donated", |subject| {
            let array = Arc::new(HostArray::from_slice(&[2], &[1.0_f32, 2.0])?);
            let x = subject.client()?.lend(Arc::clone(&array), &subject.device()?)?;
            let y = subject.f32s(&[10.0, 20.0])?;
            let sum = subject.load(super::ADD_IN_PLACE)?.run(vec![x.into(), (&y).into()])?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [11.0, 22.0])?;
            same("the array", array.as_slice::<f32>()?, [1.0, 2.0])
        }),
        case("piece by piece, into a program that has started", |subject| {
            let specs = [ArraySpec::new(DType::F32, &[2])];
            let (mut transfer, buffers) = subject.client()?.transfer(&specs, &subject.device()?)?;
            let add = subject.load(ADD)?;
            let sum = add.run(vec![(&buffers[0]).into(), (&buffers[0]).into()])?;
            transfer.send(0, HostArray::scalar(1.0_f32))?;
            transfer.send(0, HostArray::scalar(2.0_f32))?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [2.0, 4.0])
        }),
        case("a transfer that is given up is an error of its buffers", |subject| {
            let specs = [ArraySpec::new(DType::F32, &[2])];
            let (transfer, buffers) = subject.client()?.transfer(&specs, &subject.device()?)?;
            drop(transfer);
            refused(buffers[0].to_host())
        }),
    ]
}
