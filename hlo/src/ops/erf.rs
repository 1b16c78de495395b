//! The error function, its complement and its inverse, made of other operations: StableHLO has none
//! of them.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::{Application, Cotangents, Expansion, Form, NoGradient, Op};
use crate::{DType, Rule, Tensor, Trace, Type};

#[derive(Clone, Copy, Debug)]
enum Erf {
    /// `erf x = 2/√π ∫₀ˣ e^−t² dt`.
    Function,
    /// `1 − erf x`.
    Complement,
    Inverse,
}

impl<'t> Tensor<'t> {
    /// The error function, `2/√π ∫₀ˣ e^−t² dt`, to a few units in the last place.
    #[track_caller]
    pub fn erf(self) -> Self {
        self.trace().apply(Erf::Function, &[self])
    }

    /// `1 − erf x`, to a few units in the last place however small it is.
    #[track_caller]
    pub fn erfc(self) -> Self {
        self.trace().apply(Erf::Complement, &[self])
    }

    /// The inverse of the error function: infinite at ±1, not a number beyond.
    ///
    /// In `f64` the relative error is a few units in the last place; in `f32` it is below 4·10⁻⁷ to
    /// ±0.99, and below 6·10⁻⁶ beyond, where the rounding of 1 − x² tells.
    #[track_caller]
    pub fn erf_inv(self) -> Self {
        self.trace().apply(Erf::Inverse, &[self])
    }
}

impl Op for Erf {
    fn name(&self) -> &'static str {
        match self {
            Self::Function => "erf",
            Self::Complement => "erfc",
            Self::Inverse => "erf_inv",
        }
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        operands[0].dtype.check_float()?;
        Ok(vec![operands[0]])
    }

    fn form(&self) -> Form {
        Form::Composite
    }

    fn expand<'t>(&self, _: &'t Trace, at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        let given = at.operands[0];
        // Narrower types have no coefficients of their own.
        let x = if given.dtype() == DType::F64 { given } else { given.to(DType::F32) };
        let y = match self {
            Self::Function => erf(x),
            Self::Complement => erfc(x),
            Self::Inverse => erf_inv(x),
        };
        vec![y.to(given.dtype())]
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, y, dy) = (at.operands[0], at.result(), at.cotangent());
        Ok(vec![Some(match self {
            Self::Function => dy * (-(x * x)).exp() * FRAC_2_SQRT_PI,
            Self::Complement => dy * (-(x * x)).exp() * -FRAC_2_SQRT_PI,
            Self::Inverse => dy * (y * y).exp() / FRAC_2_SQRT_PI,
        })])
    }
}

// The rational functions were fitted with weights after Lawson to 60 digits, so that their relative
// error is near the smallest possible; coefficients begin with that of the highest power.

/// erf(√u)/√u up to √u = 3.95 is P(u)/Q(u), in `f32`: error 2.4·10⁻⁹.
const ERF_32: [&[f64]; 2] = [
    &[
        6.658_309_3e-6,
        4.076_453_6e-4,
        4.205_975_7e-3,
        5.564_125_6e-2,
        1.926_155_2e-1,
        FRAC_2_SQRT_PI,
    ],
    &[
        2.529_655_2e-7,
        7.160_914_5e-5,
        1.412_324e-3,
        1.624_227_7e-2,
        1.173_216_8e-1,
        5.040_345e-1,
        1.0,
    ],
];

/// erf(√u)/√u up to u = 1, in `f64`: error 8·10⁻¹⁸.
const ERF_64: &[f64] = &[
    -7.779_461_829_205_331e-10,
    1.371_097_662_008_396_2e-8,
    -1.620_631_283_137_907_7e-7,
    1.644_713_144_245_452_5e-6,
    -1.492_471_229_087_045e-5,
    1.205_529_357_628_034_2e-4,
    -8.548_325_929_292_246e-4,
    5.223_977_606_117_975e-3,
    -2.686_617_064_311_140_3e-2,
    1.128_379_167_094_418_5e-1,
    -3.761_263_890_318_352e-1,
    FRAC_2_SQRT_PI,
];

/// e^x² erfc x from 0.45 to 10.2 is P(x)/Q(x), in `f32`: error 10⁻⁹.
const TAIL_32: [&[f64]; 2] = [
    &[4.265_479e-2, 2.695_923_4e-1, 8.107_317e-1, 1.307_835_1, 1.000_007_3],
    &[7.560_334e-2, 4.778_526_7e-1, 1.474_555_3, 2.559_444_2, 2.436_288_6, 1.0],
];

/// e^x² erfc x from 0.45 to 27.4 is P(x)/Q(x), in `f64`: error 5·10⁻¹⁸.
const TAIL_64: [&[f64]; 2] = [
    &[
        9.245_759_095_338_853e-5,
        1.625_897_346_479_563_9e-3,
        1.427_353_606_117_910_2e-2,
        8.020_776_169_445_624e-2,
        3.144_123_525_928_484_4e-1,
        8.866_991_074_935_839e-1,
        1.796_649_646_981_542,
        2.529_284_356_225_867,
        2.263_721_642_477_671,
        9.999_999_999_818_786e-1,
    ],
    &[
        1.638_768_131_308_686_8e-4,
        2.881_828_012_930_974_8e-3,
        2.538_112_236_521_964_5e-2,
        1.436_054_700_522_898e-1,
        5.698_490_399_275_171e-1,
        1.641_274_585_540_383_4,
        3.450_674_954_481_631_3,
        5.201_371_105_368_615,
        5.356_860_244_417_835,
        3.392_100_809_273_602,
        1.0,
    ],
];

/// Horner's scheme.
fn polynomial<'t>(x: Tensor<'t>, coefficients: &[f64]) -> Tensor<'t> {
    let (first, rest) = coefficients.split_first().expect("a polynomial has coefficients");
    rest.iter().fold(x.scalar(*first), |sum, &coefficient| sum * x + coefficient)
}

fn rational<'t>(x: Tensor<'t>, [p, q]: [&[f64]; 2]) -> Tensor<'t> {
    polynomial(x, p) / polynomial(x, q)
}

fn erf(x: Tensor<'_>) -> Tensor<'_> {
    if x.dtype() == DType::F64 {
        let magnitude = x.abs();
        let tail = (-(x * x)).exp() * rational(magnitude.minimum(30.0), TAIL_64);
        return magnitude.less(1.0).select(small_erf(x), x.sign() * (1.0 - tail));
    }
    // From here on the result is ±1.
    let x = x.maximum(-3.95).minimum(3.95);
    small_erf(x).maximum(-1.0).minimum(1.0)
}

/// erf, of `f64` up to 1 only.
fn small_erf(x: Tensor<'_>) -> Tensor<'_> {
    let square = x * x;
    x * match x.dtype() {
        DType::F64 => polynomial(square, ERF_64),
        _ => rational(square, ERF_32),
    }
}

fn erfc(x: Tensor<'_>) -> Tensor<'_> {
    // Beyond, the result is 0 or 2; infinity would make 0 · ∞ of the tail.
    let (end, coefficients) = match x.dtype() {
        DType::F64 => (28.0, TAIL_64),
        _ => (10.5, TAIL_32),
    };
    let magnitude = x.abs().minimum(end);
    // e^−x² without the rounding of x², which the exponential would magnify: with the next lower
    // multiple c of 1/256, whose square is exact, x² = c² + (x − c)(x + c). Not as a product of two
    // exponentials: XLA makes one of them, of the rounded sum.
    let coarse = (magnitude * 256.0).floor() / 256.0;
    let rest = (magnitude - coarse) * (magnitude + coarse);
    let leading = (-(coarse * coarse)).exp();
    let exponential = leading + leading * (-rest).expm1();
    let tail = exponential * rational(magnitude, coefficients);
    let tail = x.less(0.0).select(2.0 - tail, tail);
    magnitude.less(0.5).select(1.0 - small_erf(x), tail)
}

// M. Giles, "Approximating the erfinv function" (2010), with its coefficients: by the size of
// w = −ln(1 − x²), in `f32` below 5 and above, in `f64` below 6.25, below 16 and above.

const CENTRAL_32: [f64; 9] = [
    2.81022636e-08,
    3.43273939e-07,
    -3.5233877e-06,
    -4.39150654e-06,
    0.00021858087,
    -0.00125372503,
    -0.00417768164,
    0.246640727,
    1.50140941,
];

const OUTER_32: [f64; 9] = [
    -0.000200214257,
    0.000100950558,
    0.00134934322,
    -0.00367342844,
    0.00573950773,
    -0.0076224613,
    0.00943887047,
    1.00167406,
    2.83297682,
];

const CENTRAL_64: [f64; 23] = [
    -3.64441206401782e-21,
    -1.6850591381820166e-19,
    1.28584807152564e-18,
    1.1157877678025181e-17,
    -1.333171662854621e-16,
    2.0972767875968562e-17,
    6.637638134358324e-15,
    -4.054566272975207e-14,
    -8.151934197605472e-14,
    2.6335093153082323e-12,
    -1.2975133253453532e-11,
    -5.415412054294628e-11,
    1.0512122733215323e-09,
    -4.112633980346984e-09,
    -2.9070369957882005e-08,
    4.2347877827932404e-07,
    -1.3654692000834679e-06,
    -1.3882523362786469e-05,
    0.00018673420803405714,
    -0.000740702534166267,
    -0.006033670871430149,
    0.24015818242558962,
    1.6536545626831027,
];

const OUTER_64: [f64; 19] = [
    2.2137376921775787e-09,
    9.075656193888539e-08,
    -2.7517406297064545e-07,
    1.8239629214389228e-08,
    1.5027403968909828e-06,
    -4.013867526981546e-06,
    2.9234449089955446e-06,
    1.2475304481671779e-05,
    -4.7318229009055734e-05,
    6.828485145957318e-05,
    2.4031110387097894e-05,
    -0.0003550375203628475,
    0.0009532893797373805,
    -0.0016882755560235047,
    0.002491442096107851,
    -0.003751208507569241,
    0.005370914553590064,
    1.0052589676941592,
    3.0838856104922208,
];

const EXTREME_64: [f64; 17] = [
    -2.7109920616438573e-11,
    -2.555641816996525e-10,
    1.5076572693500548e-09,
    -3.789465440126737e-09,
    7.61570120807834e-09,
    -1.496002662714924e-08,
    2.914795345090108e-08,
    -6.771199775845234e-08,
    2.2900482228026655e-07,
    -9.9298272942317e-07,
    4.526062597223154e-06,
    -1.968177810553167e-05,
    7.599527703001776e-05,
    -0.00021503011930044477,
    -0.00013871931833623122,
    1.0103004648645344,
    4.849906401408584,
];

fn erf_inv(x: Tensor<'_>) -> Tensor<'_> {
    let w = -(-(x * x)).log1p();
    let polynomial = if x.dtype() == DType::F64 {
        let central = polynomial(w - 3.125, &CENTRAL_64);
        let outer = polynomial(w.sqrt() - 3.25, &OUTER_64);
        let extreme = polynomial(w.sqrt() - 5.0, &EXTREME_64);
        w.less(6.25).select(central, w.less(16.0).select(outer, extreme))
    } else {
        // One scheme with the coefficients of each element's range.
        let central = w.less(5.0);
        let argument = central.select(w - 2.5, w.sqrt() - 3.0);
        let coefficient = |(&a, &b)| central.select(x.scalar(a), x.scalar(b));
        let coefficients = CENTRAL_32.iter().zip(&OUTER_32).map(coefficient);
        let scheme = coefficients.reduce(|sum, coefficient| sum * argument + coefficient);
        scheme.expect("a polynomial has coefficients")
    };
    // At ±1 the polynomial of an infinity is none.
    let infinite = x.abs().equal(1.0);
    infinite.select(x.scalar(f64::INFINITY), polynomial) * x
}
