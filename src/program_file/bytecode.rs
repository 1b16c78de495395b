//! What a program in MLIR's bytecode says of itself.

use super::Facts;

/// Reads what a program says of itself.
pub(super) fn facts(bytes: &[u8]) -> Facts {
    let has = |name: &[u8]| bytes.windows(name.len()).any(|at| at == name);
    let shardy = has(b"sdy");
    Facts { shardy, marked: shardy || has(b"mhlo.sharding"), ..Facts::default() }
}
