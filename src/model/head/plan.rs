//! How large the parts are that a head evaluates its logits in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The sizes of the loops over examples and classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The examples of a chunk.
    pub examples: usize,
    /// The classes of a tile.
    pub classes: usize,
    /// Whether the products with the kernels of all classes are made at once and kept while a chunk is
    /// worked on, or made for each tile, and for each sweep anew.
    pub keep: bool,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { examples, classes, keep } = self;
        let projections = if *keep { "kept" } else { "made anew" };
        write!(
            f,
            "chunks of {examples} examples, tiles of {classes} classes, projections {projections}"
        )
    }
}

/// What a [`Plan`] is chosen from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shapes {
    /// B.
    pub batch: usize,
    /// K.
    pub classes: usize,
    /// Columns projected for an example and class.
    pub columns: usize,
    /// S.
    pub samples: usize,
    /// Bytes of a number.
    pub bytes: usize,
}

/// What the logits of a tile may take, for elementwise work on them to stay in a processor's cache.
const CACHE: usize = 16 << 20;

/// What a chunk's projections and their gradient may take. Little of any device's memory, so that the
/// same program is traced for all.
const MEMORY: usize = 192 << 20;

/// With each chunk the sums of all classes go through memory: a chunk that has fewer rows than these is
/// not worth it for the cache's sake.
const FEWEST_ROWS: usize = 512;

/// A tile has at least so many classes, for its products to be worth their while.
const NARROWEST: usize = 256;

/// A chunk whose projections are made anew has no more rows, nor an example of it fewer than it needs:
/// they are as wide as the pre-logits, and more don't make a product faster.
const MOST_ROWS: usize = 4096;

/// A tile whose projections are made anew has about as many, and else more examples at once: with
/// each chunk the sums of all classes go through memory.
const NARROW: usize = 1024;

impl Plan {
    /// The sizes for shapes.
    pub(super) fn choose(shapes: Shapes) -> Self {
        let Shapes { batch, classes, columns, samples, bytes } = shapes;
        // Equal parts of a whole, of as many as `most`.
        let even = |whole: usize, most: usize| {
            let most = most.clamp(1, whole.max(1));
            whole.div_ceil(whole.div_ceil(most))
        };
        let mixes = columns != samples;
        // Where samples are mixed, a chunk has no more examples than leave room for a tile, but as
        // many rows to be projected as make the sums of all classes worth their while.
        let logits = samples * bytes;
        let in_cache = CACHE / (logits * NARROWEST);
        let worthwhile = (FEWEST_ROWS / columns).min(4 * CACHE / (logits * NARROWEST));
        let room = if mixes { in_cache.max(worthwhile).max(1) } else { batch };
        let widest_tile = |examples: usize| {
            if mixes { (CACHE / (examples * logits)).max(NARROWEST) } else { classes }
        };
        // Projections and their gradient.
        let of_example = 2 * columns * classes * bytes;
        let keep = of_example <= MEMORY;
        if keep {
            let examples = even(batch, room.min(MEMORY / of_example));
            return Self { examples, classes: even(classes, widest_tile(examples)), keep };
        }
        let of_class = 2 * columns.max(samples) * bytes;
        let room = room.min(MOST_ROWS / columns).min(MEMORY / (of_class * NARROW.min(classes)));
        let examples = even(batch, room);
        let tile = (MEMORY / (of_class * examples)).max(NARROWEST).min(widest_tile(examples));
        Self { examples, classes: even(classes, tile), keep }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shapes of HET-XL: `columns` is S where samples are rows of their own.
    fn shapes(batch: usize, classes: usize, columns: usize, samples: usize) -> Shapes {
        Shapes { batch, classes, columns, samples, bytes: 4 }
    }

    #[test]
    fn parts_stay_within_what_they_may_take_unless_one_example_and_the_narrowest_tile_do_not() {
        for batch in [1, 2, 7, 128, 4096] {
            for classes in [1, 2, 1009, 21_843, 1_000_000] {
                for (columns, samples) in [(1, 1), (16, 16), (1000, 1000), (52, 64), (52, 100_000)]
                {
                    let shapes = shapes(batch, classes, columns, samples);
                    let Plan { examples, classes: tile, keep } = Plan::choose(shapes);
                    assert!((1..=batch).contains(&examples), "{shapes:?}");
                    assert!((1..=classes).contains(&tile), "{shapes:?}");
                    let held = if keep { classes } else { tile };
                    let smallest = examples == 1 && tile <= NARROWEST;
                    let projections = 2 * 4 * examples * columns * held;
                    assert!(projections <= MEMORY || smallest, "{shapes:?}: {projections}");
                    let logits = 4 * examples * samples * tile;
                    assert!(logits <= MEMORY || smallest, "{shapes:?}: {logits}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_cut_up_that_is_small() {
        let whole = Plan { examples: 32, classes: 1000, keep: true };
        assert_eq!(Plan::choose(shapes(32, 1000, 1, 1)), whole);
        assert_eq!(Plan::choose(shapes(32, 1000, 16, 16)), whole);
    }

    #[test]
    fn many_classes_are_gone_over_for_all_examples_at_once() {
        let Plan { examples, keep, .. } = Plan::choose(shapes(32, 1_000_000, 52, 64));
        assert_eq!((examples, keep), (32, false));
    }
}
