//! Which keys have been used, so that none gives the same numbers twice unnoticed.

use std::collections::HashMap;
use std::panic::Location;

use crate::graph::{BlockId, Graph, ValueId};
use crate::{Rule, Tensor, Trace};

/// What has become of the keys of a trace.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The uses of the keys, by their words.
    uses: HashMap<ValueId, Vec<Claim>>,
    /// The words that a block has for what they are made of: the same key is the same value.
    made: HashMap<(BlockId, Origin), ValueId>,
}

/// A use of a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) purpose: Purpose,
    pub(super) block: BlockId,
    pub(super) location: &'static Location<'static>,
}

/// What a key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Draw,
    Split,
    Fold,
}

/// What the words of a key are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    Seed(u64),
    /// A key and a number.
    Folded(ValueId, ValueId),
}

impl Claims {
    /// Notes a use of the key whose words are `key`, unless it takes numbers that another one takes.
    pub(super) fn add(&mut self, graph: &Graph, key: ValueId, claim: Claim) -> Result<(), Rule> {
        let folds = |claim: &Claim| claim.purpose == Purpose::Fold;
        if let (false, Some(region)) = (folds(&claim), graph.loop_around(claim.block, key)) {
            return Err(Rule::KeyInLoop { region });
        }
        let uses = self.uses.entry(key).or_default();
        // Of two branches only one is taken.
        let meets = |earlier: &&Claim| {
            graph.is_within(claim.block, earlier.block)
                || graph.is_within(earlier.block, claim.block)
        };
        match uses.iter().find(meets) {
            Some(earlier) if folds(earlier) && folds(&claim) => {}
            Some(&Claim { purpose, location, .. }) => {
                let how = match purpose {
                    Purpose::Draw => "drawn from",
                    Purpose::Split => "split",
                    Purpose::Fold => "folded",
                };
                return Err(Rule::KeyUsed { how, location });
            }
            None => uses.push(claim),
        }
        Ok(())
    }
}

/// The words that are made of `origin` where operations are recorded now, if they are there already.
pub(super) fn known(trace: &Trace, origin: Origin) -> Option<Tensor<'_>> {
    let id = trace.claims().borrow().made.get(&(trace.block(), origin)).copied();
    id.map(|id| trace.tensor(id))
}

/// Notes that `words` are made of `origin`.
pub(super) fn note(origin: Origin, words: Tensor<'_>) {
    if !words.is_poison() {
        let trace = words.trace();
        trace.claims().borrow_mut().made.insert((trace.block(), origin), words.id());
    }
}
