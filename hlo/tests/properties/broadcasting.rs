//! NumPy's rule for shapes that meet.

use super::array::Array;
use super::draw::Draw;

/// Two shapes of at most `rank` axes that broadcast against each other, and the shape that they take
/// together.
pub(crate) fn shapes(draw: &mut Draw<'_>, rank: usize) -> [Vec<usize>; 3] {
    let common = draw.dims(0..=rank);
    let mut operand = || -> Vec<_> {
        let dims = common.iter().map(|&dim| if draw.below(3) == 2 { 1 } else { dim });
        let dims: Vec<_> = dims.collect();
        let dropped = draw.below(dims.len() + 1);
        dims[if draw.flag() { dropped } else { 0 }..].to_vec()
    };
    let (lhs, rhs) = (operand(), operand());
    let at = |dims: &[usize], axis: usize| {
        (axis + dims.len()).checked_sub(common.len()).map_or(1, |axis| dims[axis])
    };
    let together = |axis| match (at(&lhs, axis), at(&rhs, axis)) {
        (1, dim) | (dim, _) => dim,
    };
    let rank = lhs.len().max(rhs.len());
    let result = (common.len() - rank..common.len()).map(together).collect();
    [lhs, rhs, result]
}

/// The element of an operand that goes to `place` of what it broadcasts to.
pub(crate) fn broadcast(x: &Array, place: &[usize]) -> f64 {
    let place = &place[place.len() - x.dims.len()..];
    let at = place.iter().zip(&x.dims).map(|(&at, &dim)| if dim == 1 { 0 } else { at });
    x.at(&at.collect::<Vec<_>>())
}
