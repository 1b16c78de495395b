//! The hash that puts the classes of HET-H into buckets.

use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

/// Which of H buckets a class is in, and whether its noise has the other sign there.
///
/// Both come from 32 bits that the class k and the seed give, mixed as the last step of `MurmurHash3`
/// (Appleby, 2011, public domain) mixes: `x = mix(k ^ seed · 0x9E3779B9)`, in 32 bits. The bucket is
/// the remainder of x by H, and the sign is − where the highest bit of x is set.
///
/// So a config says all of it, programs need no table, and other programs can do the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassHash {
    /// H. As many as pre-logits are wide give as many parameters as HET-XL has.
    pub buckets: u32,
    /// Another seed, other buckets.
    #[serde(default)]
    pub seed: u32,
    /// Whether classes have signs.
    #[serde(default)]
    pub signed: bool,
}

impl ClassHash {
    /// The bits of classes, `u32` of their shape.
    fn bits(self, classes: Tensor<'_>) -> Tensor<'_> {
        let trace = classes.trace();
        let word = |word: u32| trace.constant(word, DType::U32);
        let mut x = classes.to(DType::U32) ^ word(self.seed.wrapping_mul(0x9E37_79B9));
        for (shift, factor) in [(16, 0x85EB_CA6B), (13, 0xC2B2_AE35)] {
            x = (x ^ (x >> shift)) * word(factor);
        }
        x ^ (x >> 16)
    }

    /// The buckets of classes, `s32` of their shape.
    pub(super) fn buckets(self, classes: Tensor<'_>) -> Tensor<'_> {
        let buckets = classes.trace().constant(self.buckets, DType::U32);
        (self.bits(classes) % buckets).to(DType::S32)
    }

    /// 1 or −1 for each class; `None` where no class has a sign.
    pub(super) fn signs(self, classes: Tensor<'_>, dtype: DType) -> Option<Tensor<'_>> {
        let highest = || self.bits(classes) >> 31;
        self.signed.then(|| 1.0 - 2.0 * highest().to(dtype))
    }
}
