//! Whether two arrays agree.

use pjrt::{DType, HostArray};

use super::number;

/// What the error of an element is measured by.
///
/// Both sides are computed by XLA, of different ages and from different programs: a function of the
/// standard library may differ in the last digits, and a sum in its order. In `f64` and `f32` 32
/// units in the last place are allowed; in the types of fewer digits, which are computed in `f32`
/// and rounded, two. A derivative, which is in `f64`, comes from other formulas than JAX's and from
/// many more steps: 1024 units, which are 2·10⁻¹³.
#[derive(Clone, Copy)]
pub(crate) enum Tolerance {
    /// Its own magnitude.
    Element,
    /// The largest magnitude of the tensor, as in a sum whose parts cancel.
    Tensor,
    /// The same, of a derivative.
    Derivative,
}

/// The worst of what differs. Integers and booleans agree in every bit; NaN agrees with NaN, and so
/// do zeros of either sign.
pub(crate) fn differences(
    got: &HostArray,
    expected: &HostArray,
    tolerance: Tolerance,
) -> Option<String> {
    let (dtype, dims) = (expected.dtype(), expected.dims());
    if (got.dtype(), got.dims()) != (dtype, dims) {
        let got = (got.dtype(), got.dims());
        return Some(format!("got {}{:?}, expected {dtype}{dims:?}", got.0, got.1));
    }
    if !number::is_float(dtype) {
        let agree = got.bytes() == expected.bytes();
        return (!agree).then(|| format!("got {got:?}, expected {expected:?}"));
    }
    let units = match (tolerance, dtype) {
        (Tolerance::Derivative, _) => 1024.0,
        (_, DType::F64 | DType::F32) => 32.0,
        _ => 2.0,
    };
    let expected = number::decode(dtype, expected.bytes());
    let finite = expected.iter().filter(|value| value.is_finite());
    let largest = finite.fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let error = |&(got, expected): &(f64, f64)| {
        if got == expected || (got.is_nan() && expected.is_nan()) {
            return 0.0;
        }
        let scale = match tolerance {
            Tolerance::Element => expected.abs(),
            Tolerance::Tensor | Tolerance::Derivative => largest,
        };
        let error = (got - expected).abs() / scale / number::epsilon(dtype);
        if error.is_nan() { f64::INFINITY } else { error }
    };
    let pairs = number::decode(dtype, got.bytes()).into_iter().zip(expected).enumerate();
    let (i, (got, expected)) = pairs.max_by(|(_, a), (_, b)| error(a).total_cmp(&error(b)))?;
    let worst = error(&(got, expected));
    (worst > units).then(|| {
        format!("element {i} of {dtype}{dims:?} is {got:e}, not {expected:e}: {worst:.1} units off")
    })
}
