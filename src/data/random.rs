//! Random numbers that hang on a seed, an epoch and an example alone.

use hlo::random::threefry2x32;

/// The random numbers of one example in one epoch, whichever thread asks for them.
#[derive(Clone, Debug)]
pub struct Random {
    key: [u32; 2],
    drawn: u32,
}

impl Random {
    /// Those of the example at `index` in `epoch`, for a run with `seed`.
    pub fn new(seed: u64, epoch: u32, index: usize) -> Self {
        // One step aside from the numbers that `shuffle` sorts by, which the seed itself is key to.
        let run = threefry2x32([(seed >> 32) as u32, seed as u32], [u32::MAX, u32::MAX]);
        let epoch = threefry2x32(run, [0, epoch]);
        let index = index as u64;
        Self { key: threefry2x32(epoch, [(index >> 32) as u32, index as u32]), drawn: 0 }
    }

    /// The next number, uniform in `[0, 1)`, a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        let [high, low] = threefry2x32(self.key, [0, self.drawn]);
        self.drawn += 1;
        let bits = u64::from(high) << 32 | u64::from(low);
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }

    /// The next number, uniform in `[low, high)`.
    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_s_numbers_hang_on_nothing_else_and_fill_the_interval() {
        let draw = |index| {
            let mut random = Random::new(3, 1, index);
            std::array::from_fn::<f64, 4, _>(|_| random.uniform())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let all = (0..2500).flat_map(draw).collect::<Vec<_>>();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        // Its standard error is 1 / √(12 · 10,000) = 0.0029.
        assert!((mean - 0.5).abs() < 0.015, "{mean}");
        assert!(all.iter().all(|number| (0.0..1.0).contains(number)));
    }
}
