//! Windows, convolutions, and folds of all that comes before.

use hlo::DType::{self, F32, F64, S32, S64};
use hlo::{Convolution, ConvolutionDimensions, Padding, Tensor, Window};

use super::array::{Array, places, within};
use super::case::{Case, check};
use super::draw::Draw;

/// A window along one axis, as the loops walk it.
#[derive(Clone, Copy, Debug)]
struct Walk {
    /// Elements of the axis.
    size: usize,
    /// Elements of the window.
    window: usize,
    stride: usize,
    low: i64,
    high: i64,
    base_dilation: usize,
    window_dilation: usize,
}

impl Walk {
    fn draw(draw: &mut Draw<'_>, dilated: bool) -> Self {
        let mut dilation = || if dilated { draw.within(1..=3) } else { 1 };
        let (base_dilation, window_dilation) = (dilation(), dilation());
        let mut walk = Self {
            size: draw.within(1..=5),
            window: draw.within(1..=3),
            stride: draw.within(1..=3),
            low: draw.offset(2),
            high: draw.offset(2),
            base_dilation,
            window_dilation,
        };
        // The window fits once at least.
        walk.high += (walk.extent() - walk.padded()).max(0);
        walk
    }

    fn extent(&self) -> i64 {
        ((self.window - 1) * self.window_dilation + 1) as i64
    }

    fn spread(&self) -> i64 {
        ((self.size - 1) * self.base_dilation + 1) as i64
    }

    fn padded(&self) -> i64 {
        self.spread() + self.low + self.high
    }

    /// As much padding as gives a window for each stride.
    fn same(&mut self) {
        let count = (self.spread() as f64 / self.stride as f64).ceil() as i64;
        let total = ((count - 1) * self.stride as i64 + self.extent() - self.spread()).max(0);
        self.low = total / 2;
        self.high = total - self.low;
    }

    /// How many windows there are.
    fn count(&self) -> usize {
        ((self.padded() - self.extent()) / self.stride as i64 + 1) as usize
    }

    /// The element, which may lie outside, that the element `of_window` of the window `number`
    /// meets; nothing between elements.
    fn met(&self, number: usize, of_window: usize) -> Option<i64> {
        let at = (number * self.stride + of_window * self.window_dilation) as i64 - self.low;
        let step = self.base_dilation as i64;
        (at.rem_euclid(step) == 0).then(|| at.div_euclid(step))
    }
}

fn of(walks: &[Walk], what: impl Fn(&Walk) -> usize) -> Vec<usize> {
    walks.iter().map(what).collect()
}

/// Where the element `of_window` of the window `number` stands, if there is an element.
fn met(walks: &[Walk], number: &[usize], of_window: &[usize]) -> Option<Vec<usize>> {
    let at = (0..walks.len()).map(|axis| walks[axis].met(number[axis], of_window[axis]));
    within(&at.collect::<Option<Vec<_>>>()?, &of(walks, |walk| walk.size))
}

/// Draws the padding anew in the two ways that have a name, or leaves it.
fn padding(draw: &mut Draw<'_>, walks: &mut [Walk]) -> Padding {
    if draw.below(3) == 2 {
        walks.iter_mut().for_each(Walk::same);
        return Padding::Same;
    }
    if draw.flag() && walks.iter().all(|walk| walk.spread() >= walk.extent()) {
        for walk in walks {
            (walk.low, walk.high) = (0, 0);
        }
        return Padding::Valid;
    }
    Padding::Explicit(walks.iter().map(|walk| (walk.low, walk.high)).collect())
}

fn window(draw: &mut Draw<'_>, walks: &mut [Walk]) -> Window {
    let padding = padding(draw, walks);
    Window {
        dimensions: of(walks, |walk| walk.window),
        strides: of(walks, |walk| walk.stride),
        padding,
        base_dilations: of(walks, |walk| walk.base_dilation),
        window_dilations: of(walks, |walk| walk.window_dilation),
    }
}

/// Each window folded.
fn folded(x: &Array, walks: &[Walk], fold: impl Fn(&[f64]) -> f64) -> Array {
    let window = places(&of(walks, |walk| walk.window));
    x.like(of(walks, Walk::count), |number| {
        let elements = window.iter().filter_map(|of_window| met(walks, number, of_window));
        fold(&elements.map(|place| x.at(&place)).collect::<Vec<_>>())
    })
}

#[test]
fn a_convolution_is_a_sum_over_kernel_and_features() {
    check(|draw| {
        let spatial = draw.within(0..=2);
        let mut walks: Vec<_> = (0..spatial).map(|_| Walk::draw(draw, true)).collect();
        let padding = padding(draw, &mut walks);
        let groups = draw.within(1..=3);
        let (feature_groups, batch_groups) = if draw.flag() { (groups, 1) } else { (1, groups) };
        let batch = draw.within(1..=2) * batch_groups;
        let taken = draw.within(1..=2);
        let features = draw.within(1..=2) * groups;
        let mut put = |first: usize, second: usize, rest: Vec<usize>| {
            let axes = draw.permutation(spatial + 2);
            let mut dims = vec![0; spatial + 2];
            for (&axis, &size) in axes.iter().zip(&[&[first, second], &rest[..]].concat()) {
                dims[axis] = size;
            }
            (dims, axes)
        };
        let (input, of_input) = put(batch, taken * feature_groups, of(&walks, |walk| walk.size));
        let (kernel, of_kernel) = put(taken, features, of(&walks, |walk| walk.window));
        let (output, of_output) = put(batch / batch_groups, features, of(&walks, Walk::count));
        let reversed: Vec<_> = walks.iter().map(|_| draw.flag()).collect();
        let convolution = Convolution {
            strides: of(&walks, |walk| walk.stride),
            padding,
            lhs_dilation: of(&walks, |walk| walk.base_dilation),
            rhs_dilation: of(&walks, |walk| walk.window_dilation),
            window_reversal: reversed.clone(),
            dimension_numbers: Some(ConvolutionDimensions {
                input_batch: of_input[0],
                input_feature: of_input[1],
                input_spatial: of_input[2..].to_vec(),
                kernel_input_feature: of_kernel[0],
                kernel_output_feature: of_kernel[1],
                kernel_spatial: of_kernel[2..].to_vec(),
                output_batch: of_output[0],
                output_feature: of_output[1],
                output_spatial: of_output[2..].to_vec(),
            }),
            feature_group_count: feature_groups,
            batch_group_count: batch_groups,
        };
        let dtype = draw.of(&[F64, F32, S32]);
        let what = format!("{dtype}{input:?} by {kernel:?}: {convolution:?}");
        let inputs = [draw.numbers(dtype, &input), draw.numbers(dtype, &kernel)];
        Case::new(
            what,
            inputs,
            move |_, x| vec![x[0].conv(x[1], &convolution)],
            move |x| {
                let place = |axes: &[usize], first: usize, second: usize, rest: &[usize]| {
                    let mut place = vec![0; axes.len()];
                    for (&axis, &at) in axes.iter().zip(&[&[first, second], rest].concat()) {
                        place[axis] = at;
                    }
                    place
                };
                let window = places(&of(&walks, |walk| walk.window));
                vec![x[0].like(&output[..], |at| {
                    let at: Vec<_> = of_output.iter().map(|&axis| at[axis]).collect();
                    let (example, feature) = (at[0], at[1]);
                    let group = feature / (features / groups);
                    let example = if batch_groups > 1 {
                        group * (batch / batch_groups) + example
                    } else {
                        example
                    };
                    let first = if feature_groups > 1 { group * taken } else { 0 };
                    let mut sum = 0.0;
                    for of_window in &window {
                        let Some(met) = met(&walks, &at[2..], of_window) else { continue };
                        let turned = (0..spatial).map(|axis| match reversed[axis] {
                            true => walks[axis].window - 1 - of_window[axis],
                            false => of_window[axis],
                        });
                        let turned: Vec<_> = turned.collect();
                        for c in 0..taken {
                            sum += x[0].at(&place(&of_input, example, first + c, &met))
                                * x[1].at(&place(&of_kernel, c, feature, &turned));
                        }
                    }
                    sum
                })]
            },
        )
    });
}

#[test]
fn windows_are_folded_one_by_one() {
    type Body = for<'t> fn(Tensor<'t>, Tensor<'t>) -> Tensor<'t>;
    type Fold = (&'static str, i32, Body, fn(&[f64]) -> f64);
    // Below all that is drawn.
    const LOWEST: i32 = -1000;
    let folds: [Fold; 4] = [
        ("a + b", 0, |a, b| a + b, |list| list.iter().sum()),
        (
            "a + b + a·b",
            0,
            |a, b| a + b + a * b,
            |list| list.iter().map(|x| 1.0 + x).product::<f64>() - 1.0,
        ),
        (
            "max(a, b)",
            LOWEST,
            |a, b| a.maximum(b),
            |list| list.iter().fold(LOWEST.into(), |most, &x| most.max(x)),
        ),
        (
            "min(a, b)",
            -LOWEST,
            |a, b| a.minimum(b),
            |list| list.iter().fold((-LOWEST).into(), |least, &x| least.min(x)),
        ),
    ];
    check(|draw| {
        let (body, init, fold, of_list) = draw.of(&folds);
        let dilated = draw.flag();
        let mut walks: Vec<_> =
            (0..draw.within(1..=3)).map(|_| Walk::draw(draw, dilated)).collect();
        let window = window(draw, &mut walks);
        let dims = of(&walks, |walk| walk.size);
        let dtype = draw.of(&[F64, F64, S64]);
        let x = if init == 0 {
            draw.numbers_up_to(2, dtype, &dims)
        } else {
            draw.distinct(1.0, dtype, &dims)
        };
        Case::new(
            format!("{body} over windows of {dtype}{dims:?}: {window:?}"),
            [x],
            move |t, x| {
                vec![hlo::reduce_window(x[0], t.constant(init, x[0].dtype()), &window, fold)]
            },
            move |x| vec![folded(&x[0], &walks, of_list)],
        )
    });
}

/// An image of some axes, and the window that goes over the spatial ones, between one of 1 for the
/// batch and one for the features.
fn images(draw: &mut Draw<'_>) -> (Vec<usize>, Window, Vec<Walk>) {
    let mut walks: Vec<_> = (0..draw.within(1..=2)).map(|_| Walk::draw(draw, false)).collect();
    for walk in &mut walks {
        // Every window has an element.
        (walk.low, walk.high) = (walk.low.clamp(0, walk.window as i64 - 1), 0);
        walk.high = (walk.extent() - walk.padded()).max(0);
    }
    let window = window(draw, &mut walks);
    let whole = |size| Walk {
        size,
        window: 1,
        stride: 1,
        low: 0,
        high: 0,
        base_dilation: 1,
        window_dilation: 1,
    };
    walks.insert(0, whole(draw.within(1..=2)));
    walks.push(whole(draw.within(1..=2)));
    (of(&walks, |walk| walk.size), window, walks)
}

#[test]
fn pooling_takes_the_largest_or_the_mean_of_each_window() {
    check(|draw| {
        let (dims, window, walks) = images(draw);
        Case::new(
            format!("{dims:?} pooled: {window:?}"),
            [draw.distinct(1.0, F64, &dims)],
            move |_, x| {
                vec![
                    x[0].max_pool(&window),
                    x[0].avg_pool(&window, true),
                    x[0].avg_pool(&window, false),
                ]
            },
            move |x| {
                let size: usize = walks.iter().map(|walk| walk.window).product();
                let sum = |list: &[f64]| list.iter().sum::<f64>();
                vec![
                    folded(&x[0], &walks, |list| list.iter().fold(f64::MIN, |m, &x| m.max(x))),
                    folded(&x[0], &walks, |list| sum(list) / size as f64),
                    folded(&x[0], &walks, |list| sum(list) / list.len() as f64),
                ]
            },
        )
    });
}

#[test]
fn what_windows_choose_is_where_their_source_goes() {
    check(|draw| {
        let (dims, window, walks) = images(draw);
        let mut full = window.clone();
        full.dimensions = of(&walks, |walk| walk.window);
        full.strides = of(&walks, |walk| walk.stride);
        full.padding = Padding::Explicit(walks.iter().map(|walk| (walk.low, walk.high)).collect());
        (full.base_dilations, full.window_dilations) = (vec![], vec![]);
        let source = draw.numbers(F64, &of(&walks, Walk::count));
        // The choice has no gradient: the numbers that are chosen from are whole.
        let x = Array { dtype: S64, ..draw.distinct(1.0, F64, &dims) };
        Case::new(
            format!("the places of the largest in {dims:?}: {full:?}"),
            [x, source, draw.numbers(F64, &[])],
            move |_, x| {
                let largest = x[0].to(F64);
                vec![largest.select_and_scatter(
                    x[1],
                    x[2],
                    &full,
                    |a, b| a.greater_equal(b),
                    |a, b| a + b,
                )]
            },
            move |x| {
                let mut sums = x[1].like(&x[0].dims[..], |_| x[2].values[0]);
                let window = places(&of(&walks, |walk| walk.window));
                for number in places(&x[1].dims) {
                    let met = window.iter().filter_map(|of_window| met(&walks, &number, of_window));
                    let chosen = met.max_by(|a, b| x[0].at(a).total_cmp(&x[0].at(b)));
                    *sums.at_mut(&chosen.expect("an element")) += x[1].at(&number);
                }
                vec![sums]
            },
        )
    });
}

#[test]
fn a_cumulative_fold_has_all_that_comes_before() {
    type Fold = (&'static str, for<'t> fn(Tensor<'t>, i32) -> Tensor<'t>, fn(f64, f64) -> f64);
    let folds: [Fold; 4] = [
        ("cumsum", |x, axis| x.cumsum(axis), |a, b| a + b),
        ("cumprod", |x, axis| x.cumprod(axis), |a, b| a * b),
        ("cummax", |x, axis| x.cummax(axis), f64::max),
        ("cummin", |x, axis| x.cummin(axis), f64::min),
    ];
    check(|draw| {
        let (name, fold, of_two) = draw.of(&folds);
        let mut dims = draw.sizes(0..=2);
        let axis = draw.below(dims.len() + 1);
        dims.insert(axis, draw.below(9));
        let named = draw.written(axis, dims.len());
        let dtype: DType = draw.of(&[F64, S64]);
        let x = draw.distinct(1.0, dtype, &dims);
        let x = if name == "cumprod" { x.map(|x| x.rem_euclid(4.0) - 1.0) } else { x };
        Case::new(
            format!("{name} of {dims:?} along {named}"),
            [x],
            move |_, x| vec![fold(x[0], named)],
            move |x| {
                vec![x[0].map_rows(axis, |row| {
                    let mut so_far = None;
                    row.iter()
                        .map(|&x| *so_far.insert(so_far.map_or(x, |so_far| of_two(so_far, x))))
                        .collect()
                })]
            },
        )
    });
}

#[test]
fn turning_axes_around_reads_them_from_their_ends() {
    check(|draw| {
        let dims = draw.dims(0..=4);
        let axes = draw.some_of(dims.len());
        let named: Vec<_> = axes.iter().map(|&axis| draw.written(axis, dims.len())).collect();
        let dtype = draw.dtype();
        Case::new(
            format!("{dims:?} turned around {named:?}"),
            [draw.numbers(dtype, &dims)],
            move |_, x| vec![x[0].flip(&named[..])],
            move |x| {
                vec![x[0].like(&dims[..], |place| {
                    let from = |axis: usize| match axes.contains(&axis) {
                        true => dims[axis] - 1 - place[axis],
                        false => place[axis],
                    };
                    x[0].at(&(0..dims.len()).map(from).collect::<Vec<_>>())
                })]
            },
        )
    });
}
