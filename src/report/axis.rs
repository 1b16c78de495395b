//! Axes: where a value lies, and the round values that are marked.

use super::text::number;

/// What an axis goes from and to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Axis {
    /// An axis for these values, which are finite. Where it is logarithmic they are positive.
    pub(super) fn of(values: impl Iterator<Item = f64> + Clone, logarithmic: bool) -> Self {
        let scaled = values.map(|value| if logarithmic { value.log10() } else { value });
        let low = scaled.clone().fold(f64::INFINITY, f64::min);
        let high = scaled.fold(f64::NEG_INFINITY, f64::max);
        let room = match high - low {
            // A single value stands in the middle.
            0.0 if low == 0.0 => 1.0,
            0.0 => low.abs() * 0.1,
            length => length * 0.03,
        };
        Self { low: low - room, high: high + room, logarithmic }
    }

    /// An axis from `low` to `high`.
    pub(super) fn between(low: f64, high: f64) -> Self {
        Self { low, high, logarithmic: false }
    }

    /// Where a value lies: 0 at the beginning, 1 at the end.
    pub(super) fn place(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.log10() } else { value };
        (value - self.low) / (self.high - self.low)
    }

    /// The values that are marked, and their names.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let values = if self.logarithmic { self.powers() } else { self.multiples() };
        values.into_iter().map(|value| (value, number(value))).collect()
    }

    /// Multiples of 1, 2 or 5 times a power of ten: at most seven.
    fn multiples(&self) -> Vec<f64> {
        let least = (self.high - self.low) / 6.0;
        let power = 10f64.powf(least.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|it| it * power).into_iter().find(|it| *it >= least);
        let step = step.unwrap_or(10.0 * power);
        let (first, last) = ((self.low / step).ceil() as i64, (self.high / step).floor() as i64);
        // Rounded, so that 3 · 0.1 is 0.3.
        let exact = |value: f64| format!("{value:.12e}").parse().unwrap_or(value);
        (first..=last).map(|at| exact(at as f64 * step)).collect()
    }

    /// Powers of ten, and where there are few of them also 2 and 5 times one.
    fn powers(&self) -> Vec<f64> {
        let (first, last) = (self.low.floor() as i32, self.high.ceil() as i32);
        let decades = self.high - self.low;
        let factors: &[f64] = match decades {
            ..1.0 => &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0],
            ..3.0 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let every = ((decades / 6.0).ceil() as i32).max(1);
        let powers = (first..=last).filter(|power| power.rem_euclid(every) == 0);
        let values = powers.flat_map(|power| factors.iter().map(move |it| it * 10f64.powi(power)));
        values.filter(|value| (0.0..=1.0).contains(&self.place(*value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(axis: Axis) -> String {
        axis.ticks().into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn marked_values_are_round() {
        assert_eq!(names(Axis::between(0.0, 1.0)), "0 0.2 0.4 0.6 0.8 1");
        assert_eq!(names(Axis::between(-0.31, 0.31)), "-0.2 0 0.2");
        assert_eq!(names(Axis::between(0.0, 1000.0)), "0 200 400 600 800 1000");
        assert_eq!(
            names(Axis::of([0.01, 2.0].into_iter(), true)),
            "0.01 0.02 0.05 0.1 0.2 0.5 1 2"
        );
        assert_eq!(names(Axis::of([1e-6, 1e3].into_iter(), true)), "1e-6 1e-4 0.01 1 100");
    }

    #[test]
    fn equal_powers_are_equally_far_apart_on_a_logarithmic_axis() {
        let axis = Axis::of([0.01, 100.0].into_iter(), true);
        let [a, b, c] = [0.1, 1.0, 10.0].map(|value| axis.place(value));
        assert!((b - a - (c - b)).abs() < 1e-12 && (b - 0.5).abs() < 1e-12);
    }

    #[test]
    fn one_value_has_an_axis_with_it_in_the_middle() {
        for value in [0.0, 5.0, -3.0] {
            let axis = Axis::of([value].into_iter(), false);
            assert!((axis.place(value) - 0.5).abs() < 1e-6, "{axis:?}");
            assert!(axis.ticks().len() < 10);
        }
    }
}
