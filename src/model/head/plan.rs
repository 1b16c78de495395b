//! How large the parts are that a head evaluates its logits in.

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

/// What the samples of a tile may take, for elementwise work on them to stay in a processor's cache.
const CACHE: usize = 8 << 20;

/// What a chunk's projections and their gradient may take.
const MEMORY: usize = 192 << 20;

/// What the samples of a chunk may take in the narrowest tile.
const SAMPLES: usize = 24 << 20;

/// A tile has at least so many classes, for its products to be worth their while.
const NARROWEST: usize = 256;

impl Plan {
    /// The sizes for shapes.
    pub(super) fn choose(shapes: Shapes) -> Self {
        let Shapes { batch, classes, columns, samples, bytes } = shapes;
        let even = |whole: usize, most: usize| {
            let most = most.clamp(1, whole.max(1));
            whole.div_ceil(whole.div_ceil(most))
        };
        let mixes = columns != samples;
        // Projections and their gradient.
        let of_example = 2 * columns * classes * bytes;
        let keep = of_example <= MEMORY;
        if keep {
            let narrowest = samples * classes.min(NARROWEST) * bytes;
            // Where few columns make many samples, as those of HET, these are what is large.
            let most = if mixes { SAMPLES / narrowest } else { batch };
            let examples = even(batch, (MEMORY / of_example).min(most));
            let of_class = examples * samples * bytes;
            let tile =
                if mixes { even(classes, (CACHE / of_class).max(NARROWEST)) } else { classes };
            return Self { examples, classes: tile, keep };
        }
        let widest = columns.max(samples);
        let of_class = 2 * widest * bytes;
        let tile = even(classes, (MEMORY / of_class).max(NARROWEST));
        let examples = even(batch, MEMORY / (of_class * tile));
        Self { examples, classes: tile, keep }
    }
}
