//! Random numbers against JAX's, and against their distributions.
//!
//! `data/jax_random.json` was drawn by JAX with the default `jax_threefry_partitionable`;
//! `data/jax_random.py` makes it again.

mod support;

use hlo::DType::{self, Bf16, Bool, F16, F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
use hlo::random::{Algorithm, Key, threefry2x32};
use hlo::{Scalar, Tensor, Trace};
use pjrt::HostArray;
use serde_json::Value;
use support::{array, evaluate, values};

fn drawn_by_jax() -> Value {
    serde_json::from_str(include_str!("data/jax_random.json")).unwrap()
}

fn words(value: &Value) -> Vec<u32> {
    let word = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    value.as_array().unwrap().iter().map(word).collect()
}

fn floats(value: &Value) -> Vec<f32> {
    words(value).into_iter().map(f32::from_bits).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// What `draw` makes of a key that is passed to the program.
fn with_key(key: &Value, draw: impl for<'t> Fn(Key<'t>) -> Vec<Tensor<'t>>) -> Vec<Vec<u32>> {
    let record = |t: &Trace| {
        // Many draws from one key: each alone is compared.
        let key = Key::from_tensor(t.input("key", U32, [2])).again();
        for (i, result) in draw(key).iter().enumerate() {
            let bits = if result.dtype() == F32 { result.bitcast(U32) } else { *result };
            t.output(&i.to_string(), bits);
        }
    };
    evaluate(record, &[array(&[2], &words(key))]).iter().map(values).collect()
}

/// How many `f32` lie between the two, at most, and the largest relative difference.
fn distance(got: &[f32], expected: &[f32]) -> (u32, f32) {
    assert_eq!(got.len(), expected.len());
    // Bits in the order of the numbers.
    let ordered = |x: f32| {
        let bits = x.to_bits() as i32;
        if bits < 0 { i32::MIN.wrapping_sub(bits) } else { bits }
    };
    got.iter().zip(expected).fold((0, 0.0f32), |(units, relative), (&got, &expected)| {
        let error = if got == expected { 0.0 } else { ((got - expected) / expected).abs() };
        (units.max(ordered(got).abs_diff(ordered(expected))), relative.max(error))
    })
}

#[test]
fn a_seed_makes_the_key_that_jax_makes() {
    for case in list(&drawn_by_jax()["seeds"]) {
        let seed = case["seed"].as_u64().unwrap();
        let key = evaluate(|t| t.output("key", Key::from_seed(t, seed).to_tensor()), &[]);
        assert_eq!(values::<u32>(&key[0]), words(&case["key"]), "seed {seed}");
    }
}

#[test]
fn a_key_splits_and_folds_numbers_in_as_in_jax() {
    for case in list(&drawn_by_jax()["keys"]) {
        let split = with_key(&case["key"], |key| key.split::<3>().map(Key::to_tensor).into());
        assert_eq!(split, list(&case["split"]).iter().map(words).collect::<Vec<_>>());
        for (number, expected) in case["fold_in"].as_object().unwrap() {
            let number: u32 = number.parse().unwrap();
            let folded = with_key(&case["key"], |key| vec![key.fold_in(number).to_tensor()]);
            assert_eq!(folded, [words(expected)]);
        }
    }
}

#[test]
fn bits_are_those_of_jax_for_every_shape() {
    for case in list(&drawn_by_jax()["keys"]) {
        let cases = list(&case["bits"]);
        let shape = |case: &Value| -> Vec<usize> {
            list(&case["shape"]).iter().map(|dim| dim.as_u64().unwrap() as usize).collect()
        };
        let drawn = with_key(&case["key"], |key| {
            cases.iter().map(|case| key.bits(U32, &shape(case))).collect()
        });
        let expected: Vec<_> = cases.iter().map(|case| words(&case["bits"])).collect();
        assert_eq!(drawn, expected);
    }
}

#[test]
fn the_host_s_generator_and_the_device_s_are_one() {
    for case in list(&drawn_by_jax()["keys"]) {
        let key: [u32; 2] = words(&case["key"]).try_into().unwrap();
        let bits: Vec<u32> = (0..129)
            .map(|position| {
                let [high, low] = threefry2x32(key, [0, position]);
                high ^ low
            })
            .collect();
        assert_eq!(words(&list(&case["bits"]).last().unwrap()["bits"]), bits);
    }
}

#[test]
fn uniform_numbers_are_those_of_jax_bit_for_bit() {
    for case in list(&drawn_by_jax()["keys"]) {
        let cases = list(&case["uniform"]);
        let bound = |case: &Value, name: &str| case[name].as_f64().unwrap();
        let drawn = with_key(&case["key"], |key| {
            let uniform = |case| key.uniform(F32, [64], bound(case, "low")..bound(case, "high"));
            cases.iter().map(uniform).collect()
        });
        let expected: Vec<_> = cases.iter().map(|case| words(&case["bits"])).collect();
        assert_eq!(drawn, expected);
    }
}

#[test]
fn normal_numbers_are_those_of_jax_to_a_few_units_in_the_last_place() {
    for name in ["normal", "truncated_normal"] {
        let mut worst = (0, 0.0f32);
        for case in list(&drawn_by_jax()["keys"]) {
            let drawn = with_key(&case["key"], |key| {
                vec![match name {
                    "normal" => key.normal(F32, [1000]),
                    _ => key.truncated_normal(F32, [1000], -2.0..2.0),
                }]
            });
            let drawn: Vec<f32> = drawn[0].iter().copied().map(f32::from_bits).collect();
            let (units, relative) = distance(&drawn, &floats(&case[name]));
            worst = (worst.0.max(units), worst.1.max(relative));
        }
        eprintln!("{name}: at most {} units in the last place, {:e} relative", worst.0, worst.1);
        assert!(worst.1 <= 2e-6, "{name}: {worst:?}");
    }
}

#[test]
fn the_inverse_error_function_is_as_exact_as_it_says() {
    let data = drawn_by_jax();
    let points: Vec<[f64; 2]> = list(&data["erf_inv"])
        .iter()
        .map(|pair| [0, 1].map(|i| pair[i].as_f64().unwrap()))
        .collect();
    let x = array(&[points.len()], &points.iter().map(|&[x, _]| x as f32).collect::<Vec<_>>());
    let record = |t: &Trace| t.output("y", t.input("x", F32, [points.len()]).erf_inv());
    for (got, [x, expected]) in values::<f32>(&evaluate(record, &[x])[0]).into_iter().zip(points) {
        let error = (f64::from(got) - expected).abs();
        let allowed = if x.abs() < 0.99 { 4e-7 } else { 6e-6 };
        assert!(error <= allowed * expected.abs(), "erf⁻¹({x}) is {got}, not {expected}");
    }
}

#[test]
fn truncated_normal_numbers_stay_within_two() {
    let record =
        |t: &Trace| t.output("x", Key::from_seed(t, 3).truncated_normal(F32, [100_000], -2.0..2.0));
    let drawn = values::<f32>(&evaluate(record, &[])[0]);
    assert!(drawn.iter().all(|x| x.abs() < 2.0));
    // The variance of the standard normal distribution cut off at ±2 is 1 − 4·φ(2)/erf(√2).
    assert_moments(&drawn, 0.773_741_3);
}

#[test]
fn normal_numbers_have_the_moments_of_their_distribution() {
    let record = |t: &Trace| t.output("x", Key::from_seed(t, 1).normal(F32, [100_000]));
    let drawn = values::<f32>(&evaluate(record, &[])[0]);
    assert_moments(&drawn, 1.0);
    let within = drawn.iter().filter(|x| x.abs() < 1.0).count() as f64 / drawn.len() as f64;
    assert!((within - 0.682_689).abs() < 4.0 * (0.6827 * 0.3173 / 1e5f64).sqrt(), "{within}");
}

/// Mean 0 and the variance given, each to four standard errors (that of the variance is below
/// that of a normal distribution, √2/√n of it).
fn assert_moments(drawn: &[f32], variance: f64) {
    let count = drawn.len() as f64;
    let mean = drawn.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    let square = drawn.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / count;
    assert!(mean.abs() < 4.0 * (variance / count).sqrt(), "mean {mean}");
    assert!((square - variance).abs() < 4.0 * variance * (2.0 / count).sqrt(), "variance {square}");
}

#[test]
fn a_draw_does_not_depend_on_what_else_is_drawn_or_when() {
    let alone = evaluate(|t| t.output("x", Key::from_seed(t, 5).fold_in(2).normal(F32, [9])), &[]);
    let among = evaluate(
        |t| {
            let key = Key::from_seed(t, 5);
            t.output("before", key.fold_in(0).normal(F32, [100]));
            let [first, _] = key.fold_in(1).split();
            t.output("split", first.uniform(F32, [3], 0.0..1.0));
            t.output("x", key.fold_in(2).normal(F32, [9]));
        },
        &[],
    );
    assert_eq!(alone[0], among[2]);
}

#[test]
fn the_numbers_of_an_example_are_found_again_from_its_position() {
    let record = |t: &Trace| {
        let key = Key::from_seed(t, 7).again();
        t.output("few", key.bits(U32, [2, 5]));
        t.output("many", key.bits(U32, [6, 5]));
        t.output("step", key.fold_in(t.constant(3, S32)).bits(U32, [4]));
        t.output("number", key.fold_in(3).bits(U32, [4]));
    };
    let drawn: Vec<Vec<u32>> = evaluate(record, &[]).iter().map(values).collect();
    assert_eq!(drawn[0], drawn[1][..10]);
    assert_eq!(drawn[2], drawn[3]);
}

#[test]
fn a_loop_draws_from_the_keys_of_a_stack() {
    let drawn = evaluate(
        |t| {
            let keys = Key::from_seed(t, 11).split_into(3);
            let zero = t.constant(0, U32);
            let ((), looped) = hlo::scan((), keys, |(), key| ((), key.bits(U32, [4])));
            t.output("looped", looped);
            let folded = |i| Key::from_seed(t, 11).again().fold_in(i).bits(U32, [4]);
            t.output("first", folded(0));
            t.output("last", folded(2) + zero);
        },
        &[],
    );
    let drawn: Vec<Vec<u32>> = drawn.iter().map(values).collect();
    assert_eq!(drawn[0][..4], drawn[1]);
    assert_eq!(drawn[0][8..], drawn[2]);
}

#[test]
fn each_branch_may_draw_from_the_same_key() {
    let record = |t: &Trace| {
        let key = Key::from_seed(t, 11);
        let pick = t.input("pick", Bool, []);
        let drawn = hlo::cond(pick, || key.bits(U32, [4]), || key.bits(U32, [4]) + 1);
        t.output("drawn", drawn);
    };
    let [yes, no] =
        [true, false].map(|pick| values::<u32>(&evaluate(record, &[array(&[], &[pick])])[0]));
    assert!(yes.iter().zip(&no).all(|(yes, no)| yes + 1 == *no));
}

#[test]
fn the_backend_s_generator_goes_on_from_its_state() {
    for algorithm in [Algorithm::Default, Algorithm::ThreeFry, Algorithm::Philox] {
        let record = |t: &Trace| {
            let state = t.input("state", U64, [2]);
            let [next, first] = state.rng_bit_generator(algorithm, U32, [64]);
            let [_, second] = next.rng_bit_generator(algorithm, U32, [64]);
            let [_, again] = state.rng_bit_generator(algorithm, U32, [64]);
            t.output("first", first);
            t.output("second", second);
            t.output("again", again);
        };
        let drawn = evaluate(record, &[array(&[2], &[7u64, 9])]);
        let [first, second, again] = [0, 1, 2].map(|i| values::<u32>(&drawn[i]));
        assert_eq!(first, again);
        assert!(first.iter().all(|word| !second.contains(word)), "{algorithm:?}");
    }
}

/// The elements of an array as integers without sign.
fn raw(array: &HostArray) -> Vec<u64> {
    let width = array.dtype().bytes();
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    array.bytes().chunks(width).map(word).collect()
}

fn dtype(name: &Value) -> DType {
    match name.as_str().unwrap() {
        "bool" => Bool,
        "bf16" => Bf16,
        "f16" => F16,
        "f32" => F32,
        "f64" => F64,
        "i8" => S8,
        "i16" => S16,
        "i32" => S32,
        "i64" => S64,
        "u8" => U8,
        "u16" => U16,
        "u32" => U32,
        _ => U64,
    }
}

/// What a case of the data draws.
fn drawn_as<'t>(t: &'t Trace, case: &Value) -> Tensor<'t> {
    let number = |name: &str| case[name].as_f64();
    let integer = |name: &str| {
        let value = &case[name];
        value.as_i64().map(Scalar::from).or(value.as_u64().map(Scalar::from)).unwrap()
    };
    let range = || number("low").unwrap_or(f64::NEG_INFINITY)..number("high").unwrap();
    let shape: Vec<_> = case["shape"].as_array().into_iter().flatten().collect();
    let shape: Vec<_> = shape.iter().map(|size| size.as_u64().unwrap() as usize).collect();
    let dtype = dtype(&case["dtype"]);
    if case["draw"] == "backend" {
        let key = Key::from_seed(t, case["seed"].as_u64().unwrap()).again();
        let [_, key, _] = key.backend(Algorithm::Default).split();
        return key.fold_in(4).bits(dtype, &shape);
    }
    let [high, low] = words(&case["key"])[..] else { panic!("a key has two words") };
    let key = Key::from_seed(t, u64::from(high) << 32 | u64::from(low)).again();
    let rows = || t.iota(F32, [30], 0).reshape([10, 3]);
    match case["draw"].as_str().unwrap() {
        "bits" => key.bits(dtype, &shape),
        "uniform" => key.uniform(dtype, &shape, range()),
        "normal" => key.normal(dtype, &shape),
        "truncated_normal" => key.truncated_normal(dtype, &shape, range()),
        "gumbel" => key.gumbel(dtype, &shape),
        "randint" => key.randint(dtype, &shape, integer("low")..integer("high")),
        "bernoulli" => key.bernoulli(&shape, number("p").unwrap()),
        "categorical" => {
            let row = |a: f64, b: f64, c: f64| {
                let numbers = [a, b, c].map(|x| t.full(x, F32, [1]));
                t.concatenate(&numbers, 0).reshape([1, 1, 3])
            };
            let logits = t.concatenate(&[row(0.0, 1.0, -1.0), row(f64::NEG_INFINITY, 0.0, 2.0)], 1);
            let logits = logits.broadcast_to([10, 2, 3]);
            key.categorical(logits, case["axis"].as_i64().unwrap() as i32)
        }
        name => panic!("the data has {name}"),
    }
}

#[test]
fn every_distribution_of_every_element_type_is_jax_s() {
    let data = drawn_by_jax();
    let cases: Vec<_> = list(&data["draws"])
        .iter()
        .filter(|case| {
            case["draw"] != "shuffle"
                && case["draw"] != "permutation"
                && !(case["dtype"] == "f64" && case["draw"].as_str().unwrap().contains("normal"))
        })
        .collect();
    let record = |t: &Trace| {
        for (i, case) in cases.iter().enumerate() {
            t.output(&i.to_string(), drawn_as(t, case));
        }
    };
    for (got, case) in evaluate(record, &[]).iter().map(raw).zip(&cases) {
        let expected: Vec<_> =
            list(&case["bits"]).iter().map(|bits| bits.as_u64().unwrap()).collect();
        if got != expected {
            let mut case = (*case).clone();
            case["bits"] = Value::Null;
            eprintln!("{case}: {:?} {:?}", &got[..5], &expected[..5]);
        }
    }
    panic!();
}
