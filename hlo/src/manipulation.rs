//! Tensors taken apart, put together, turned and repeated.

use crate::shape::resolve_axis;
use crate::{Rule, Tensor, Trace, Type};

impl Trace {
    /// Tensors of one shape one behind the other along a new axis, which is `axis` of the result.
    #[track_caller]
    pub fn stack<'t>(&'t self, tensors: &[Tensor<'t>], axis: i32) -> Tensor<'t> {
        let types: Vec<_> = tensors.iter().map(Tensor::ty).collect();
        if let (Err(rule), false) = (check_stack(&types, axis), self.has_error()) {
            return self.refuse("stack", &types, rule);
        }
        let mut parts = Vec::new();
        for tensor in tensors {
            parts.push(tensor.expand_dims(axis));
        }
        self.concatenate(&parts, axis)
    }
}

fn check_stack(types: &[Type], axis: i32) -> Result<(), Rule> {
    let first = *types.first().ok_or(Rule::NoOperands)?;
    for other in types {
        if other.shape != first.shape {
            return Err(Rule::Shapes { first: first.shape, other: other.shape });
        }
        if other.dtype != first.dtype {
            return Err(Rule::DTypes { lhs: first.dtype, rhs: other.dtype });
        }
    }
    resolve_axis(axis, first.shape.len() + 1).map(drop)
}

/// How an axis is multiplied.
#[derive(Clone, Copy)]
enum Copies {
    /// Of each element, behind it.
    Elements,
    /// Of the axis, behind it.
    Axis,
}

impl<'t> Tensor<'t> {
    /// `N` parts of one size, one behind the other along `axis`.
    ///
    /// ```
    /// # hlo::trace("example", |t| {
    /// # let x = t.input("x", hlo::DType::F32, [8, 12]);
    /// let [query, key, value] = x.split(-1);
    /// # assert_eq!(query.dims(), [8, 4]);
    /// # t.output("q", query + key + value);
    /// # }).unwrap();
    /// ```
    #[track_caller]
    pub fn split<const N: usize>(self, axis: i32) -> [Self; N] {
        let mut parts = [self; N];
        if self.is_poison() {
            return parts;
        }
        let size = match resolve_axis(axis, self.shape().len()) {
            Ok(axis) if N == 0 || !self.shape()[axis].is_multiple_of(N) => {
                Err(Rule::Parts { axis, size: self.shape()[axis], parts: N })
            }
            Ok(axis) => Ok(self.shape()[axis] / N),
            Err(rule) => Err(rule),
        };
        match size {
            Ok(size) => {
                for (i, part) in parts.iter_mut().enumerate() {
                    *part = self.slice(axis, i * size..(i + 1) * size);
                }
                parts
            }
            Err(rule) => [self.trace().refuse("split", &[self.ty()], rule); N],
        }
    }

    /// The tensor without `axis`, whose size is 1.
    #[track_caller]
    pub fn squeeze(self, axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        match resolve_axis(axis, self.shape().len()) {
            Ok(axis) if self.shape()[axis] == 1 => self.reshape(self.shape().without(&[axis])),
            Ok(axis) => {
                let rule = Rule::Squeeze { axis, size: self.shape()[axis] };
                self.trace().refuse("squeeze", &[self.ty()], rule)
            }
            Err(rule) => self.trace().refuse("squeeze", &[self.ty()], rule),
        }
    }

    /// The elements along `axis` moved by `shift` places towards the end; those that leave it come
    /// in at the beginning.
    #[track_caller]
    pub fn roll(self, shift: i64, axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        match resolve_axis(axis, self.shape().len()) {
            Ok(resolved) => {
                let size = self.shape()[resolved];
                // Modulo `size`, which a shape rule keeps below 2⁶³.
                let first = (-i128::from(shift)).rem_euclid(size.max(1) as i128) as usize;
                let (end, beginning) = (self.slice(axis, first..size), self.slice(axis, 0..first));
                if first == 0 { self } else { self.trace().concatenate(&[end, beginning], axis) }
            }
            Err(rule) => self.trace().refuse("roll", &[self.ty()], rule),
        }
    }

    /// Each element `count` times, one behind the other along `axis`.
    #[track_caller]
    pub fn repeat(self, count: usize, axis: i32) -> Self {
        self.multiplied("repeat", Copies::Elements, count, axis)
    }

    /// All of `axis` `count` times, one behind the other.
    #[track_caller]
    pub fn tile(self, count: usize, axis: i32) -> Self {
        self.multiplied("tile", Copies::Axis, count, axis)
    }

    #[track_caller]
    fn multiplied(self, name: &'static str, copies: Copies, count: usize, axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        let shape = self.shape();
        let mut dims = shape;
        let resolved = resolve_axis(axis, shape.len()).and_then(|axis| {
            dims = shape.with(axis, shape[axis].saturating_mul(count));
            dims.check(self.dtype()).map(|()| axis)
        });
        let axis = match resolved {
            Ok(axis) => axis,
            Err(rule) => return self.trace().refuse(name, &[self.ty()], rule),
        };
        let outer: usize = shape[..axis].iter().product();
        let inner: usize = shape[axis + 1..].iter().product();
        let parts = self.reshape([outer, shape[axis], inner]);
        let parts = match copies {
            Copies::Elements => {
                parts.broadcast_in_dim([outer, shape[axis], count, inner], [0, 1, 3])
            }
            Copies::Axis => parts.broadcast_in_dim([outer, count, shape[axis], inner], [0, 2, 3]),
        };
        parts.reshape(dims)
    }
}
