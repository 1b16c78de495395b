//! The order of the examples, which must stay the same for ever for a given seed.

use hlo::random::threefry2x32;

/// A permutation of `0..n` for an epoch of a run with `seed`.
///
/// Counter-based: the permutation sorts the indices by the 64 bits that threefry2x32 makes of the
/// key `seed` and the counter `(epoch, index)`, so it depends on no state and on no library's
/// choice of a shuffle.
///
/// ```
/// let order = hetxl::data::shuffle(7, 0, 5);
/// let mut sorted = order.clone();
/// sorted.sort_unstable();
/// assert_eq!(sorted, [0, 1, 2, 3, 4]);
/// assert_eq!(order, hetxl::data::shuffle(7, 0, 5));
/// ```
pub fn shuffle(seed: u64, epoch: u32, n: u32) -> Vec<u32> {
    let key = [(seed >> 32) as u32, seed as u32];
    let mut keyed = (0..n)
        .map(|index| {
            let [high, low] = threefry2x32(key, [epoch, index]);
            (u64::from(high) << 32 | u64::from(low), index)
        })
        .collect::<Vec<_>>();
    // The index breaks ties, so the order is one whatever the sort.
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_one_that_jax_s_threefry_gives() {
        // From `jax.extend.random.threefry_2x32` (JAX 0.10.2) and a stable sort by NumPy.
        assert_eq!(shuffle(7, 3, 12), [7, 6, 11, 3, 2, 9, 4, 10, 5, 1, 0, 8]);
        assert_eq!(shuffle(5 << 32 | 7, 3, 12), [0, 8, 11, 7, 3, 1, 2, 6, 5, 4, 9, 10]);
    }

    #[test]
    fn every_epoch_and_every_seed_has_an_order_of_its_own() {
        let order = shuffle(1, 0, 100);
        assert_ne!(order, shuffle(1, 1, 100));
        assert_ne!(order, shuffle(2, 0, 100));
        assert_ne!(order, shuffle(1 << 32 | 1, 0, 100));
    }
}
