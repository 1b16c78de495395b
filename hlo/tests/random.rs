//! Random numbers against their distributions, and keys. `jax_values` compares them with JAX's.

mod support;

use hlo::DType::{Bool, F8E4M3FN, F32, F64, S32, U32, U64};
use hlo::Trace;
use hlo::random::{Algorithm, Key, threefry2x32};
use support::{array, evaluate, values};

#[test]
fn the_host_s_generator_and_the_device_s_are_one() {
    for key in [[0, 0], [0, 42], [u32::MAX, u32::MAX - 1]] {
        let record = |t: &Trace| {
            let key = Key::from_tensor(t.input("key", U32, [2]));
            t.output("bits", key.bits(U32, [3, 43]));
        };
        let expected: Vec<u32> = (0..129)
            .map(|position| {
                let [high, low] = threefry2x32(key, [0, position]);
                high ^ low
            })
            .collect();
        assert_eq!(values::<u32>(&evaluate(record, &[array(&[2], &key)])[0]), expected);
    }
}

#[test]
fn the_inverse_error_function_is_as_exact_as_it_says() {
    // Points of f32, and Newton's method on the error function in f64.
    let points: [(f64, f64); 13] = [
        (1.0000000031710769e-30, 8.862269282630517e-31),
        (9.999999974752427e-07, 8.86226923215482e-07),
        (0.009999999776482582, 0.008862501082847885),
        (0.10000000149011612, 0.08885599182530649),
        (0.30000001192092896, 0.2724627261055238),
        (0.5, 0.4769362762044698),
        (0.75, 0.8134198475976148),
        (0.9375, 1.3171503349861262),
        (0.9921875, 1.8809517454731324),
        (0.9990234375, 2.331467773621948),
        (0.999969482421875, 2.9483307431675216),
        (0.9999990463256836, 3.465505025803331),
        (0.9999999403953552, 3.832506856900711),
    ];
    let x = array(&[13], &points.map(|(x, _)| x as f32));
    let record = |t: &Trace| {
        let x = t.input("x", F32, [13]);
        t.output("positive", x.erf_inv());
        t.output("negative", (-x).erf_inv());
    };
    let [positive, negative] =
        [0, 1].map(|i| values::<f32>(&evaluate(record, std::slice::from_ref(&x))[i]));
    for (i, (x, expected)) in points.into_iter().enumerate() {
        let error = (f64::from(positive[i]) - expected).abs();
        let allowed = if x < 0.99 { 4e-7 } else { 6e-6 };
        assert!(error <= allowed * expected, "erf⁻¹({x}) is {}, not {expected}", positive[i]);
        assert_eq!(negative[i], -positive[i]);
    }
}

#[test]
fn truncated_normal_numbers_stay_within_their_range() {
    let record = |t: &Trace| {
        let key = Key::from_seed(t, 3);
        t.output("two", key.fold_in(0).truncated_normal(F32, [100_000], -2.0..2.0));
        t.output("tail", key.fold_in(1).truncated_normal(F64, [10_000], 3.0..f64::INFINITY));
        t.output("sliver", key.fold_in(2).truncated_normal(F32, [1000], 1.0..1.0001));
    };
    let drawn = evaluate(record, &[]);
    let [two, sliver] = [0, 2].map(|i| values::<f32>(&drawn[i]));
    let tail = values::<f64>(&drawn[1]);
    assert!(two.iter().all(|x| x.abs() < 2.0));
    // The variance of the standard normal distribution cut off at ±2 is 1 − 4·φ(2)/erf(√2).
    assert_moments(&two, 0.773_741_3);
    assert!(tail.iter().all(|&x| x > 3.0 && x.is_finite()));
    // Its mean above 3 is φ(3)/(1 − Φ(3)), and its standard deviation 0.2663.
    let mean = tail.iter().sum::<f64>() / 1e4;
    assert!((mean - 3.283_098_65).abs() < 4.0 * 0.2663 / 1e2, "{mean}");
    assert!(sliver.iter().all(|&x| x > 1.0 && x < 1.0001));
}

#[test]
fn numbers_of_eight_bits_go_through_functions() {
    let record = |t: &Trace| {
        let key = Key::from_tensor(t.input("key", U32, [2]));
        t.output("gumbel", key.gumbel(F8E4M3FN, [7]).to(F32));
    };
    // What JAX draws for `jax.random.gumbel(jax.random.wrap_key_data([3, 77]), 7, "float8_e4m3fn")`.
    let expected = [1.25, -0.3125, -0.0, 1.25, -0.0, 2.0, -0.0];
    let drawn = evaluate(record, &[array(&[2], &[3u32, 77])]);
    assert_eq!(values::<f32>(&drawn[0]), expected);
    // A type without infinity has tails too.
    let traced = hlo::trace("tail", |t| {
        let tail = Key::from_seed(t, 1).truncated_normal(F8E4M3FN, [7], 0.5..f64::INFINITY);
        t.output("tail", tail);
    });
    assert!(traced.is_ok(), "{traced:?}");
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
fn the_backend_s_bits_make_every_distribution() {
    for algorithm in [Algorithm::Default, Algorithm::ThreeFry, Algorithm::Philox] {
        let record = |t: &Trace| {
            let [normal, whole] = Key::from_seed(t, 2).backend(algorithm).split();
            t.output("normal", normal.normal(F32, [100_000]));
            t.output("whole", whole.randint(S32, [60_000], 0..6));
        };
        let drawn = evaluate(record, &[]);
        assert_moments(&values::<f32>(&drawn[0]), 1.0);
        let dice = values::<i32>(&drawn[1]);
        for face in 0..6 {
            let count = dice.iter().filter(|&&die| die == face).count() as f64;
            let deviation = (6e4 * 5.0 / 36.0f64).sqrt();
            assert!((count - 1e4).abs() < 4.0 * deviation, "{algorithm:?}: {count} times {face}");
        }
    }
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
        let key = Key::from_seed(t, 7);
        t.output("few", key.bits(U32, [2, 5]));
        t.output("many", key.again().bits(U32, [6, 5]));
    };
    let drawn: Vec<Vec<u32>> = evaluate(record, &[]).iter().map(values).collect();
    assert_eq!(drawn[0], drawn[1][..10]);
}

#[test]
fn a_loop_draws_from_the_keys_of_a_stack_which_are_those_of_fold_in() {
    let record = |t: &Trace| {
        let keys = Key::from_seed(t, 11).split_into(3);
        let ((), bits) = hlo::scan((), keys, |(), key| ((), key.bits(U32, [4])));
        t.output("stack", bits);
        let turns = t.iota(S32, [3], 0);
        let key = Key::from_seed(t, 11).again();
        let ((), bits) = hlo::scan((), turns, |(), turn| ((), key.fold_in(turn).bits(U32, [4])));
        t.output("turns", bits);
        t.output("last", Key::from_seed(t, 11).again().fold_in(2).bits(U32, [4]));
    };
    let drawn: Vec<Vec<u32>> = evaluate(record, &[]).iter().map(values).collect();
    assert_eq!(drawn[0], drawn[1]);
    assert_eq!(drawn[0][8..], drawn[2]);
}

#[test]
fn each_branch_may_draw_from_the_same_key() {
    let record = |t: &Trace| {
        let key = Key::from_seed(t, 11);
        let pick = t.input("pick", Bool, []);
        t.output("drawn", hlo::cond(pick, || key.bits(U32, [4]), || key.bits(U32, [4]) + 1));
    };
    let drawn = [true, false].map(|pick| evaluate(record, &[array(&[], &[pick])]));
    let [yes, no] = drawn.map(|drawn| values::<u32>(&drawn[0]));
    assert!(yes.iter().zip(&no).all(|(yes, no)| yes.wrapping_add(1) == *no));
}

/// Row-major positions, in an array of shape `whole`, of a part of shape `size` at `start`.
fn positions<const N: usize>(whole: [u64; N], start: [u64; N], size: [u64; N]) -> Vec<u64> {
    let place = |part: u64| {
        let (mut rest, mut position, mut stride) = (part, 0, 1);
        for axis in (0..N).rev() {
            position += (rest % size[axis] + start[axis]) * stride;
            rest /= size[axis];
            stride *= whole[axis];
        }
        position
    };
    (0..size.iter().product()).map(place).collect()
}

#[test]
fn a_part_of_a_draw_is_that_slice_of_the_whole() {
    let (whole, start, size) = ([5, 4, 6], [2, 0, 3], [2, 3, 2]);
    let record = |t: &Trace| {
        let key = Key::from_tensor(t.input("key", U32, [2])).again();
        let starts = ["i", "j", "k"].map(|name| t.input(name, S32, []));
        let part = key.within(whole, &starts);
        t.output("words of the whole", key.bits(U32, whole));
        t.output("words", part.bits(U32, size));
        t.output("uniform of the whole", key.uniform(F32, whole, -2.0..3.0));
        t.output("uniform", part.uniform(F32, size, -2.0..3.0));
        t.output("normal of the whole", key.normal(F64, whole));
        t.output("normal", part.normal(F64, size));
    };
    let mut inputs = vec![array(&[2], &[3u32, 4])];
    inputs.extend(start.map(|at| array(&[], &[at])));
    let drawn = evaluate(record, &inputs);
    let positions = positions(
        whole.map(|size| size as u64),
        start.map(|at| at as u64),
        size.map(|size| size as u64),
    );
    fn at<T: pjrt::Element>(positions: &[u64], whole: &pjrt::HostArray) -> Vec<T> {
        let whole = values::<T>(whole);
        positions.iter().map(|&position| whole[position as usize]).collect()
    }
    assert_eq!(values::<u32>(&drawn[1]), at::<u32>(&positions, &drawn[0]));
    assert_eq!(values::<f32>(&drawn[3]), at::<f32>(&positions, &drawn[2]));
    assert_eq!(values::<f64>(&drawn[5]), at::<f64>(&positions, &drawn[4]));
}

#[test]
fn a_part_beyond_2_to_the_32_elements_has_the_numbers_of_their_positions() {
    let key = [17, 4];
    // The first part lies on both sides of 2³² elements, the second all beyond.
    for (whole, start, size) in [
        ([4_000_000_000, 3], [1_431_655_764, 1], [2, 2]),
        ([1 << 20, 1 << 20], [1_000_000, 9], [3, 5]),
    ] {
        let record = |t: &Trace| {
            let starts = ["i", "j"].map(|name| t.input(name, S32, []));
            let key = Key::from_tensor(t.input("key", U32, [2]));
            t.output("bits", key.within(whole, &starts).bits(U32, size));
        };
        let at = start.map(|at| array(&[], &[at as i32]));
        let [i, j] = at;
        // The inputs are declared in this order.
        let drawn = values::<u32>(&evaluate(record, &[i, j, array(&[2], &key)])[0]);
        let [whole, size] = [whole, size].map(|dims| dims.map(|size| size as u64));
        let positions = positions(whole, start, size);
        assert!(positions.iter().any(|&position| position > u64::from(u32::MAX)));
        let expected: Vec<u32> = positions
            .into_iter()
            .map(|position| {
                let [high, low] = threefry2x32(key, [(position >> 32) as u32, position as u32]);
                high ^ low
            })
            .collect();
        assert_eq!(drawn, expected);
    }
}

#[test]
fn a_part_that_goes_past_the_whole_goes_on_counting() {
    let key = [1, 2];
    let record = |t: &Trace| {
        let starts = ["i", "j"].map(|name| t.input(name, S32, []));
        let key = Key::from_tensor(t.input("key", U32, [2]));
        t.output("bits", key.within([3, 4], &starts).bits(U32, [2, 3]));
    };
    let inputs = [array(&[], &[2]), array(&[], &[2]), array(&[2], &key)];
    let expected: Vec<u32> = [10, 11, 12, 14, 15, 16]
        .map(|position| {
            let [high, low] = threefry2x32(key, [0, position]);
            high ^ low
        })
        .into();
    assert_eq!(values::<u32>(&evaluate(record, &inputs)[0]), expected);
}

#[test]
fn the_part_of_a_scalar_is_the_scalar() {
    let record = |t: &Trace| {
        let key = Key::from_seed(t, 6).again();
        t.output("whole", key.bits(U32, []));
        t.output("part", key.within([], &[]).bits(U32, []));
    };
    let drawn = evaluate(record, &[]);
    assert_eq!(drawn[0], drawn[1]);
}

#[test]
fn a_loop_draws_an_array_part_by_part() {
    let record = |t: &Trace| {
        let key = Key::from_seed(t, 12).again();
        let zero = t.constant(0, S32);
        let starts = t.iota(S32, [3], 0) * 2;
        let ((), parts) = hlo::scan((), starts, |(), start| {
            ((), key.within([6, 5], &[start, zero]).normal(F32, [2, 5]))
        });
        t.output("parts", parts);
        t.output("whole", key.normal(F32, [6, 5]));
    };
    let drawn: Vec<Vec<f32>> = evaluate(record, &[]).iter().map(values).collect();
    assert_eq!(drawn[0], drawn[1]);
}
