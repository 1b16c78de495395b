//! Lists that stand one after the other.

/// Where each of several lists begins in all of them together.
#[derive(Debug)]
pub(super) struct Joined {
    starts: Vec<usize>,
    len: usize,
}

impl Joined {
    /// Lists of these lengths.
    pub(super) fn of(lengths: impl Iterator<Item = usize>) -> Self {
        let mut len = 0;
        let start = |length| {
            let start = len;
            len += length;
            start
        };
        Self { starts: lengths.map(start).collect(), len }
    }

    /// How many items there are in all.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The list that has the item at `index`, which is less than the length, and its place there.
    pub(super) fn locate(&self, index: usize) -> (usize, usize) {
        // Of several lists that start here all but the last are empty.
        let list = self.starts.partition_point(|&start| start <= index) - 1;
        (list, index - self.starts[list])
    }
}
