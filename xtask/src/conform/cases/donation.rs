//! Arguments that are given up for results.

use super::{ADD_IN_PLACE, DOUBLE_DONOR};
use crate::conform::case::{Case, case, same};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("a result in a named argument's place", |subject| {
            let add = subject.load(ADD_IN_PLACE)?;
            same("arguments that may be", add.donatable_inputs(), [0])?;
            let one = subject.f32s(&[1.0, 1.0])?;
            let mut sum = subject.f32s(&[0.0, 0.5])?;
            for _ in 0..100 {
                sum = add.run(vec![sum.into(), (&one).into()])?.remove(0);
            }
            same("sum", sum.to_host()?.as_slice::<f32>()?, [100.0, 100.5])
        }),
        case("an argument for whichever result", |subject| {
            let double = subject.load(DOUBLE_DONOR)?;
            same("arguments that may be", double.donatable_inputs(), [0])?;
            let mut x = subject.f32s(&[1.0, 3.0])?;
            for _ in 0..10 {
                x = double.run(vec![x.into()])?.remove(0);
            }
            same("values", x.to_host()?.as_slice::<f32>()?, [1024.0, 3072.0])
        }),
        case("a lent argument stays what it is", |subject| {
            let add = subject.load(ADD_IN_PLACE)?;
            let (x, y) = (subject.f32s(&[1.0, 2.0])?, subject.f32s(&[10.0, 20.0])?);
            for _ in 0..2 {
                let sum = add.run(vec![(&x).into(), (&y).into()])?;
                same("sum", sum[0].to_host()?.as_slice::<f32>()?, [11.0, 22.0])?;
            }
            same("the argument", x.to_host()?.as_slice::<f32>()?, [1.0, 2.0])
        }),
        case("one array lent for two arguments", |subject| {
            let add = subject.load(ADD_IN_PLACE)?;
            let x = subject.f32s(&[1.0, 2.0])?;
            let sum = add.run(vec![(&x).into(), (&x).into()])?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [2.0, 4.0])
        }),
    ]
}
