//! Tensors in tuples, arrays and vectors.

use crate::Tensor;

/// A tensor, or tensors in a tuple, an array or a vector, to any depth: what goes into a gradient, a
/// loop or a branch and comes out in the same arrangement.
///
/// ```
/// use hlo::DType::F32;
///
/// hlo::trace("gradients", |t| {
///     let (w, b) = (t.input("w", F32, [4]), t.input("b", F32, []));
///     let loss = (w * w).sum(..) * b;
///     let (dw, db) = hlo::grad(loss, (w, b));
///     t.output("dw", dw);
///     t.output("db", db);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
pub trait Tree<'t>: Clone {
    /// The same arrangement with `change` of every tensor, from the first to the last.
    #[must_use]
    fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self;

    /// Every tensor, from the first to the last.
    fn tensors(&self) -> Vec<Tensor<'t>> {
        let mut tensors = vec![];
        let _ = self.map(&mut |tensor| {
            tensors.push(tensor);
            tensor
        });
        tensors
    }

    /// The same arrangement with other tensors, of which there are as many.
    #[must_use]
    fn with(&self, tensors: &[Tensor<'t>]) -> Self {
        let mut next = tensors.iter();
        let tree = self.map(&mut |_| *next.next().expect("a tensor for each of the tree's"));
        assert!(next.next().is_none(), "a place in the tree for each tensor");
        tree
    }
}

impl<'t> Tree<'t> for Tensor<'t> {
    fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {
        change(*self)
    }
}

impl<'t, T: Tree<'t>, const N: usize> Tree<'t> for [T; N] {
    fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {
        std::array::from_fn(|i| self[i].map(change))
    }
}

impl<'t, T: Tree<'t>> Tree<'t> for Vec<T> {
    fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {
        self.iter().map(|tree| tree.map(change)).collect()
    }
}

impl<'t, T: Tree<'t>> Tree<'t> for Option<T> {
    fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {
        self.as_ref().map(|tree| tree.map(change))
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt)*;)*) => {$(
        impl<'t, $($name: Tree<'t>),*> Tree<'t> for ($($name,)*) {
            fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {
                ($(self.$index.map(change),)*)
            }
        }
    )*};
}

impl<'t> Tree<'t> for () {
    fn map(&self, _: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {}
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
}
