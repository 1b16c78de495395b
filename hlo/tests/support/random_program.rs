//! Programs made by throwing dice: any operations on any types that fit.

use hlo::DType::{self, *};
use hlo::{
    Convolution, ConvolutionDimensions, DotDimensions, GatherDimensions, Padding, Program, Shape,
    Tensor, Trace, Window,
};

const DTYPES: [DType; 15] =
    [Bool, S8, S16, S32, S64, U8, U16, U32, U64, F8E4M3FN, F8E5M2, F16, Bf16, F32, F64];

/// The program that `seed` stands for.
pub(crate) fn random_program(seed: u64) -> Program {
    hlo::trace(&format!("random_{seed}"), |t| {
        let mut dice = Dice(seed);
        let mut pool = vec![];
        for i in 0..dice.below(4) {
            let (dtype, shape) = (dice.dtype(), dice.shape());
            let odd = dice.pick(&["x", "a/b", "é\"\\", "\n\t", "\0"]);
            pool.push(t.input(&format!("{odd}{i}"), dtype, shape));
        }
        grow(t, &mut dice, &mut pool, 0);
        // What no output needs is not written: most of what was made should be.
        let outputs = 1 + dice.below(pool.len().div_ceil(2));
        for (i, &output) in pool.iter().rev().take(outputs).enumerate() {
            t.output(&format!("y{i}"), output);
        }
    })
    .unwrap_or_else(|error| panic!("seed {seed}: {error}"))
}

/// Adds the results of operations to the tensors in sight; fewer, the more regions are around.
fn grow<'t>(t: &'t Trace, dice: &mut Dice, pool: &mut Vec<Tensor<'t>>, depth: u32) {
    pool.push(t.iota(F32, [3, 2], 0));
    for _ in 0..dice.below(100 >> (3 * depth)) {
        match dice.below(12) {
            0 if depth < 2 => pool.extend(with_regions(t, dice, pool, depth)),
            _ => pool.extend(step(t, dice, pool)),
        }
    }
}

/// An operation with regions, of which most use tensors from outside.
fn with_regions<'t>(
    t: &'t Trace,
    dice: &mut Dice,
    pool: &[Tensor<'t>],
    depth: u32,
) -> Vec<Tensor<'t>> {
    let (x, y) = (*dice.pick(pool), *dice.pick(pool));
    let seen = |parameters: &[Tensor<'t>]| [pool, parameters].concat();
    match dice.below(7) {
        0 => {
            let predicate = pool.iter().find(|x| x.dtype() == Bool && x.shape().is_empty());
            let predicate = predicate.copied().unwrap_or_else(|| t.constant(true, Bool));
            let dice = std::cell::RefCell::new(dice);
            let branch = || {
                let dice = &mut *dice.borrow_mut();
                grown(t, dice, seen(&[]), &[x, y], depth)
            };
            hlo::cond(predicate, branch, branch)
        }
        1 => {
            let index = t.constant(dice.below(3) as u32, S32);
            let count = 1 + dice.below(3);
            let dice = std::cell::RefCell::new(dice);
            let branch = || {
                let dice = &mut *dice.borrow_mut();
                grown(t, dice, seen(&[]), &[x], depth)
            };
            hlo::switch(index, &vec![&branch as &dyn Fn() -> Vec<Tensor<'t>>; count])
        }
        2 => {
            let init = (t.constant(0, S64), vec![x, y]);
            let body = |(i, carry): (Tensor<'t>, Vec<Tensor<'t>>)| {
                (i + 1, grown(t, dice, seen(&carry), &carry, depth))
            };
            hlo::while_loop(init, |(i, _)| i.less(3), body).1
        }
        3 => {
            let Some(&input) = pool.iter().find(|x| !x.shape().is_empty()) else { return vec![] };
            let backwards = dice.below(2) == 0;
            let body = |carry: Vec<Tensor<'t>>, input: Vec<Tensor<'t>>| {
                let parameters = [&carry[..], &input].concat();
                let carry = grown(t, dice, seen(&parameters), &carry, depth);
                let outputs = grown(t, dice, seen(&parameters), &input, depth);
                (carry, outputs)
            };
            let (init, inputs) = (vec![x, y], vec![input]);
            let (carry, outputs) = match backwards {
                true => hlo::scan_reverse(init, inputs, body),
                false => hlo::scan(init, inputs, body),
            };
            [carry, outputs].concat()
        }
        4 => hlo::checkpoint(vec![x], |x| grown(t, dice, seen(&x), &x, depth)),
        5 => {
            let name = format!("f{}", dice.below(3));
            let body = |at: Vec<Tensor<'t>>| grown(t, dice, at.clone(), &at, depth);
            let function = t.function(&name, vec![x, y], body);
            let once = function.call(vec![x, y]);
            function.call(once)
        }
        _ => hlo::optimization_barrier(vec![x, y]),
    }
}

/// Tensors of the types of those in `like`, most of them newly made.
fn grown<'t>(
    t: &'t Trace,
    dice: &mut Dice,
    mut pool: Vec<Tensor<'t>>,
    like: &[Tensor<'t>],
    depth: u32,
) -> Vec<Tensor<'t>> {
    grow(t, dice, &mut pool, depth + 1);
    let of_type = |like: &Tensor<'t>| {
        let same_shape = pool.iter().rev().find(|x| x.shape() == like.shape());
        same_shape.map_or(*like, |x| x.to(like.dtype()))
    };
    like.iter().map(of_type).collect()
}

/// One operation, if those in sight take it.
fn step<'t>(t: &'t Trace, dice: &mut Dice, pool: &[Tensor<'t>]) -> Option<Tensor<'t>> {
    let x = if pool.is_empty() { fresh(t, dice) } else { *dice.pick(pool) };
    let rank = x.shape().len();
    Some(match dice.below(28) {
        0 | 1 => unary(x, dice)?,
        2 | 3 => binary(x, beside(x, pool, dice), dice)?,
        4 => compare(x, beside(x, pool, dice), dice),
        5 => {
            let predicate = pool.iter().find(|y| y.dtype() == Bool && fits(**y, x));
            predicate?.select(x, beside(x, pool, dice))
        }
        6 => x.to(dice.dtype()),
        7 => {
            let dtype = *dice.pick(&DTYPES);
            let same = dtype.bits() == x.dtype().bits();
            (same && dtype != Bool && x.dtype() != Bool).then(|| x.bitcast(dtype))?
        }
        8 if rank > 0 => t.concatenate(&[x, x, x][..1 + dice.below(3)], dice.axis(rank)),
        9 if x.dtype() != Bool => {
            let mut widths = || (0..rank).map(|_| dice.below(3)).collect::<Vec<_>>();
            let (low, high, interior) = (widths(), widths(), widths());
            let signed =
                |edge: Vec<usize>| edge.into_iter().map(|by| by as i64).collect::<Vec<_>>();
            let padded = x.pad(t.constant(1, x.dtype()), signed(low), signed(high), interior);
            (padded.shape().elements() < 4096).then_some(padded)?
        }
        10 => {
            let mut dims: Vec<_> = x.shape().to_vec();
            dims.insert(dice.below(rank + 1), 1);
            if rank > 4 { x.reshape([x.shape().elements()]) } else { x.reshape(&dims) }
        }
        11 if rank > 0 => {
            let ranges: Vec<_> = x.shape().iter().map(|&dim| dice.below(dim + 1)..dim).collect();
            x.slice_strided(ranges, (0..rank).map(|_| 1 + dice.below(3)).collect::<Vec<_>>())
        }
        12 => x.transpose(dice.permutation(rank)),
        13 if rank < 4 => {
            let at = dice.below(rank + 1);
            let mut dims = x.shape().to_vec();
            dims.insert(at, 1 + dice.below(3));
            x.broadcast_in_dim(&dims, (0..=rank).filter(|&axis| axis != at).collect::<Vec<_>>())
        }
        14 if rank > 0 && x.shape().elements() > 0 => reduce(x, dice),
        15 => product(x, dice)?,
        16 if x.dtype() != Bool => x.clamp(beside(x, pool, dice), beside(x, pool, dice)),
        17 if rank > 0 => {
            let starts: Vec<_> = (0..rank).map(|_| t.constant(dice.below(4) as u32, S32)).collect();
            let sizes: Vec<_> = x.shape().iter().map(|&dim| dice.below(dim + 1)).collect();
            let slice = x.dynamic_slice(&starts, &sizes);
            if dice.below(2) == 0 { slice } else { x.dynamic_update_slice(slice, &starts) }
        }
        18 | 19 if rank > 0 && x.shape()[0] > 0 => rows(x, pool, dice)?,
        20 | 21 if rank > 0 && x.dtype() != Bool => windows(x, dice)?,
        22 if rank > 0 => x.flip(dice.axis(rank)),
        23 if rank > 0 => {
            let axis = dice.axis(rank);
            let same: Vec<_> = pool.iter().copied().filter(|y| y.shape() == x.shape()).collect();
            let others = &same[..same.len().min(dice.below(3))];
            let before = |a: Vec<Tensor<'t>>, b: Vec<Tensor<'t>>| a[0].less(b[0]);
            *hlo::sort([&[x], others].concat(), axis, before).last()?
        }
        24 if x.dtype().is_float() => convolution(t, x.dtype(), dice),
        25 if x.dtype().is_float() => x.reduce_precision(1 + dice.below(8) as u32, 3),
        _ => fresh(t, dice),
    })
}

fn fresh<'t>(t: &'t Trace, dice: &mut Dice) -> Tensor<'t> {
    let dtype = dice.dtype();
    match dice.below(3) {
        0 if dtype == Bool => t.constant(dice.below(2) == 1, dtype),
        0 => t.constant(dice.below(100) as u32, dtype),
        1 if dtype != Bool => {
            let shape: Vec<_> = (0..1 + dice.below(3)).map(|_| 1 + dice.below(3)).collect();
            t.iota(dtype, &shape, dice.axis(shape.len()))
        }
        _ if dtype == Bool => t.full(true, dtype, dice.shape()),
        _ => t.full(dice.below(100) as f64 / 4.0, F32, dice.shape()),
    }
}

fn fits(lhs: Tensor<'_>, rhs: Tensor<'_>) -> bool {
    lhs.shape() == rhs.shape() || lhs.shape().is_empty()
}

/// A tensor that broadcasts against `x`.
fn beside<'t>(x: Tensor<'t>, pool: &[Tensor<'t>], dice: &mut Dice) -> Tensor<'t> {
    let fitting: Vec<_> =
        pool.iter().copied().filter(|&y| y.dtype() == x.dtype() && fits(y, x)).collect();
    if fitting.is_empty() { x } else { *dice.pick(&fitting) }
}

fn unary<'t>(x: Tensor<'t>, dice: &mut Dice) -> Option<Tensor<'t>> {
    let dtype = x.dtype();
    let any: [fn(Tensor<'t>) -> Tensor<'t>; 17] = [
        |x| x.ceil(),
        |x| x.cos(),
        |x| x.exp(),
        |x| x.expm1(),
        |x| x.floor(),
        |x| x.log(),
        |x| x.log1p(),
        |x| x.logistic(),
        |x| x.rsqrt(),
        |x| x.sin(),
        |x| x.sqrt(),
        |x| x.tanh(),
        |x| x.sign(),
        |x| x.cbrt(),
        |x| x.is_finite(),
        |x| x.round_ties_even(),
        |x| x.round_ties_away(),
    ];
    match dice.below(4) {
        0 if dtype.is_float() || dtype.is_signed() => Some(-x.abs()),
        1 if dtype.is_float() => None,
        1 if dtype == Bool || dice.below(2) == 0 => Some(!x),
        1 => Some(x.count_ones() + x.leading_zeros()),
        _ if dtype.is_float() => Some(dice.pick(&any)(x)),
        _ => None,
    }
}

fn binary<'t>(x: Tensor<'t>, y: Tensor<'t>, dice: &mut Dice) -> Option<Tensor<'t>> {
    Some(match dice.below(11) {
        0 if x.dtype() != Bool => x + y,
        1 if x.dtype() != Bool => x - y,
        2 if x.dtype() != Bool => x * y,
        3 if x.dtype() != Bool => x / y,
        4 if x.dtype() != Bool => x.maximum(y),
        5 if x.dtype() != Bool => x.minimum(y),
        6 if x.dtype() != Bool => x.pow(y),
        7 if x.dtype() != Bool => x % y,
        8 if !x.dtype().is_float() => x & y,
        9 if !x.dtype().is_float() => x | y,
        10 if !x.dtype().is_float() => x ^ y,
        _ => return None,
    })
}

fn compare<'t>(x: Tensor<'t>, y: Tensor<'t>, dice: &mut Dice) -> Tensor<'t> {
    match dice.below(6) {
        0 => x.equal(y),
        1 => x.not_equal(y),
        2 => x.less(y),
        3 => x.less_equal(y),
        4 => x.greater(y),
        _ => x.greater_equal(y),
    }
}

fn reduce<'t>(x: Tensor<'t>, dice: &mut Dice) -> Tensor<'t> {
    let axis = dice.axis(x.shape().len());
    match (x.dtype(), dice.below(3)) {
        (Bool, 0) => x.all(axis),
        (Bool, _) => x.any(axis),
        (_, 0) => x.sum(axis),
        (_, 1) => x.max(axis),
        _ => x.min(axis),
    }
}

/// Rows of a tensor named by indices, read or written; or for each row an element of it.
fn rows<'t>(x: Tensor<'t>, pool: &[Tensor<'t>], dice: &mut Dice) -> Option<Tensor<'t>> {
    let is_index = |y: &&Tensor<'t>| y.dtype().is_signed() || y.dtype().is_unsigned();
    let indices: Vec<_> = pool.iter().filter(is_index).filter(|y| y.shape().len() < 3).collect();
    if indices.is_empty() {
        return None;
    }
    let indices = **dice.pick(&indices);
    let (rank, along) = (x.shape().len(), indices.shape().len());
    let has_pairs =
        rank > 1 && x.shape()[1] > 0 && along == 1 && indices.shape()[0] == x.shape()[0];
    let batched = has_pairs && dice.below(2) == 0;
    let axis = usize::from(batched);
    let mut sizes = x.shape().to_vec();
    sizes[..=axis].fill(1);
    let dimensions = GatherDimensions {
        offset_dims: (along..along + rank - 1 - axis).collect(),
        collapsed_slice_dims: vec![axis],
        operand_batching_dims: (0..axis).collect(),
        start_indices_batching_dims: (0..axis).collect(),
        start_index_map: vec![axis],
        index_vector_dim: along,
        indices_are_sorted: dice.below(4) == 0,
        ..GatherDimensions::default()
    };
    let slices = x.gather(indices, dimensions.clone(), &sizes);
    Some(match dice.below(3) {
        0 => slices,
        1 => x.scatter(indices, slices, dimensions),
        _ if x.dtype() == Bool => return None,
        _ => x.scatter_add(indices, slices, dimensions),
    })
}

/// A convolution with channels first or last, strides, dilations and groups.
fn convolution<'t>(t: &'t Trace, dtype: DType, dice: &mut Dice) -> Tensor<'t> {
    let spatial = 1 + dice.below(2);
    let mut each = |end| (0..spatial).map(|_| 1 + dice.below(end)).collect::<Vec<_>>();
    let (sizes, window) = (each(4), each(3));
    let mut convolution = Convolution {
        strides: each(3),
        lhs_dilation: each(2),
        rhs_dilation: each(2),
        padding: Padding::Explicit(each(2).iter().map(|&end| (4, end as i64)).collect()),
        window_reversal: each(2).iter().map(|&it| it == 1).collect(),
        ..Convolution::default()
    };
    match dice.below(3) {
        0 => convolution.feature_group_count = 2,
        1 => convolution.batch_group_count = 2,
        _ => {}
    }
    let features = 4 / convolution.feature_group_count;
    let (input, kernel) = if dice.below(2) == 0 {
        ([&[2], &sizes[..], &[4]].concat(), [&window[..], &[features, 6]].concat())
    } else {
        let numbers = ConvolutionDimensions::channels_first(spatial);
        convolution.dimension_numbers = Some(numbers);
        ([&[2, 4], &sizes[..]].concat(), [&[6, features], &window[..]].concat())
    };
    t.iota(dtype, &input, 0).conv(t.iota(dtype, &kernel, 1), &convolution)
}

/// A fold of the windows of a tensor, or a choice in each of them.
fn windows<'t>(x: Tensor<'t>, dice: &mut Dice) -> Option<Tensor<'t>> {
    let mut each = |end| x.shape().iter().map(|_| 1 + dice.below(end)).collect::<Vec<_>>();
    let mut window = Window::of(each(3));
    window.strides = each(3);
    let dilations = [each(2), each(2)];
    // So much that the largest window fits.
    let pad = each(2).iter().map(|&end| (4, end as i64)).collect();
    window.padding = Padding::Explicit(pad);
    let one = x.trace().constant(1, x.dtype());
    if dice.below(2) == 0 {
        let source = hlo::reduce_window(x, one, &window, |a, b| a.maximum(b));
        return Some(x.select_and_scatter(source, one, &window, |a, b| a.less(b), |a, b| a + b));
    }
    [window.base_dilations, window.window_dilations] = dilations;
    Some(hlo::reduce_window(x, one, &window, |a, b| a * b))
}

/// A product of a tensor with itself over some axes, some of them kept.
fn product<'t>(x: Tensor<'t>, dice: &mut Dice) -> Option<Tensor<'t>> {
    let rank = x.shape().len();
    if x.dtype() == Bool || x.dtype().bits() < 16 || rank > 3 {
        return None;
    }
    let axes = dice.permutation(rank);
    let (batch, contracting) = axes.split_at(dice.below(rank + 1));
    let contracting = &contracting[..dice.below(contracting.len() + 1)];
    let dimensions = DotDimensions {
        lhs_contracting: contracting.to_vec(),
        rhs_contracting: contracting.to_vec(),
        lhs_batch: batch.to_vec(),
        rhs_batch: batch.to_vec(),
    };
    let product = x.dot_general(x, dimensions);
    (product.shape().len() < 5).then_some(product)
}

/// Throws of dice, the same for the same seed.
struct Dice(u64);

impl Dice {
    /// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// Mostly one that many operations take.
    fn dtype(&mut self) -> DType {
        if self.below(2) == 0 { F32 } else { *self.pick(&DTYPES) }
    }

    fn shape(&mut self) -> Shape {
        // Now and then an axis without elements.
        let dim = |dice: &mut Self| if dice.below(16) == 0 { 0 } else { 1 + dice.below(4) };
        (0..self.below(4)).map(|_| dim(self)).collect()
    }

    /// An axis, counted from either end.
    fn axis(&mut self, rank: usize) -> i32 {
        self.below(2 * rank) as i32 - rank as i32
    }

    fn permutation(&mut self, len: usize) -> Vec<usize> {
        let mut all: Vec<_> = (0..len).collect();
        for i in (1..len).rev() {
            all.swap(i, self.below(i + 1));
        }
        all
    }
}
