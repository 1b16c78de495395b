//! Element by element.

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("abs", |_, _, x| vec![x[0].abs()]),
    ("cbrt", |_, _, x| vec![x[0].cbrt()]),
    ("ceil", |_, _, x| vec![x[0].ceil()]),
    ("cosine", |_, _, x| vec![x[0].cos()]),
    ("count_leading_zeros", |_, _, x| vec![x[0].leading_zeros()]),
    ("exponential", |_, _, x| vec![x[0].exp()]),
    ("exponential_minus_one", |_, _, x| vec![x[0].expm1()]),
    ("floor", |_, _, x| vec![x[0].floor()]),
    ("is_finite", |_, _, x| vec![x[0].is_finite()]),
    ("log", |_, _, x| vec![x[0].log()]),
    ("log_plus_one", |_, _, x| vec![x[0].log1p()]),
    ("logistic", |_, _, x| vec![x[0].logistic()]),
    ("negate", |_, _, x| vec![-x[0]]),
    ("not", |_, _, x| vec![!x[0]]),
    ("popcnt", |_, _, x| vec![x[0].count_ones()]),
    ("reduce_precision", |_, attributes, x| {
        let (exponent, mantissa) =
            (attributes.int("exponent_bits"), attributes.int("mantissa_bits"));
        vec![x[0].reduce_precision(exponent, mantissa)]
    }),
    ("round_nearest_afz", |_, _, x| vec![x[0].round_ties_away()]),
    ("round_nearest_even", |_, _, x| vec![x[0].round_ties_even()]),
    ("rsqrt", |_, _, x| vec![x[0].rsqrt()]),
    ("sign", |_, _, x| vec![x[0].sign()]),
    ("sine", |_, _, x| vec![x[0].sin()]),
    ("sqrt", |_, _, x| vec![x[0].sqrt()]),
    ("tan", |_, _, x| vec![x[0].tan()]),
    ("tanh", |_, _, x| vec![x[0].tanh()]),
    ("add", |_, _, x| vec![x[0] + x[1]]),
    ("and", |_, _, x| vec![x[0] & x[1]]),
    ("atan2", |_, _, x| vec![x[0].atan2(x[1])]),
    ("divide", |_, _, x| vec![x[0] / x[1]]),
    ("maximum", |_, _, x| vec![x[0].maximum(x[1])]),
    ("minimum", |_, _, x| vec![x[0].minimum(x[1])]),
    ("multiply", |_, _, x| vec![x[0] * x[1]]),
    ("or", |_, _, x| vec![x[0] | x[1]]),
    ("power", |_, _, x| vec![x[0].pow(x[1])]),
    ("remainder", |_, _, x| vec![x[0] % x[1]]),
    ("shift_left", |_, _, x| vec![x[0] << x[1]]),
    ("shift_right_arithmetic", |_, _, x| vec![x[0] >> x[1]]),
    ("shift_right_logical", |_, _, x| vec![x[0] >> x[1]]),
    ("subtract", |_, _, x| vec![x[0] - x[1]]),
    ("xor", |_, _, x| vec![x[0] ^ x[1]]),
    ("compare", |_, attributes, x| {
        vec![match attributes.text("comparison_direction") {
            "EQ" => x[0].equal(x[1]),
            "NE" => x[0].not_equal(x[1]),
            "GE" => x[0].greater_equal(x[1]),
            "GT" => x[0].greater(x[1]),
            "LE" => x[0].less_equal(x[1]),
            "LT" => x[0].less(x[1]),
            direction => panic!("no direction {direction}"),
        }]
    }),
    ("select", |_, _, x| vec![x[0].select(x[1], x[2])]),
    ("clamp", |_, _, x| vec![x[1].clamp(x[0], x[2])]),
    ("convert", |_, attributes, x| vec![x[0].to(attributes.dtype())]),
    ("bitcast_convert", |_, attributes, x| vec![x[0].bitcast(attributes.dtype())]),
];
