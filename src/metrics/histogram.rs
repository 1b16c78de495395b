//! How numbers are spread.

/// How many intervals a histogram has, as many as TensorBoard shows.
pub const BUCKETS: usize = 30;

/// How many numbers lie in each of 30 intervals of equal width, from the lowest number to the highest.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The lowest number.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// How many lie in each interval; a number on a bound lies in the upper one.
    pub counts: [u64; BUCKETS],
}

impl Histogram {
    /// The histogram of `values`; `None` where there are none, or some that aren't finite.
    pub fn of(values: &[f64]) -> Option<Self> {
        let low = values.iter().copied().reduce(f64::min)?;
        let high = values.iter().copied().fold(low, f64::max);
        if !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let mut counts = [0; BUCKETS];
        for value in values {
            let part = (value - low) / (high - low) * BUCKETS as f64;
            // Where all are equal, the part is NaN and so becomes 0.
            counts[(part as usize).min(BUCKETS - 1)] += 1;
        }
        Some(Self { low, high, counts })
    }

    /// The intervals as TensorBoard takes them: left end, right end, count. Where all numbers are
    /// equal, it is one interval of the width 1 around them.
    pub(super) fn buckets(&self) -> Vec<[f64; 3]> {
        let width = (self.high - self.low) / BUCKETS as f64;
        if width == 0.0 {
            let count = self.counts.iter().sum::<u64>() as f64;
            return vec![[self.low - 0.5, self.low + 0.5, count]];
        }
        let left = |at: usize| if at == BUCKETS { self.high } else { self.low + width * at as f64 };
        let counts = self.counts.iter().enumerate();
        counts.map(|(at, &count)| [left(at), left(at + 1), count as f64]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_one_interval_and_the_ends_meet() {
        let values: Vec<_> = (0..=60).map(f64::from).collect();
        let histogram = Histogram::of(&values).unwrap();
        let buckets = histogram.buckets();
        assert_eq!((buckets[0], buckets[29]), ([0.0, 2.0, 2.0], [58.0, 60.0, 3.0]));
        assert!(buckets.windows(2).all(|pair| pair[0][1] == pair[1][0]));
        assert_eq!(buckets.iter().map(|bucket| bucket[2]).sum::<f64>(), 61.0);
    }

    #[test]
    fn equal_numbers_are_one_interval_around_them() {
        assert_eq!(Histogram::of(&[2.0; 7]).unwrap().buckets(), [[1.5, 2.5, 7.0]]);
    }

    #[test]
    fn what_is_not_finite_has_no_histogram() {
        for values in [&[][..], &[1.0, f64::NAN], &[f64::INFINITY, 0.0]] {
            assert_eq!(Histogram::of(values), None);
        }
    }
}
