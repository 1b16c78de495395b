//! Arrays as the loops see them.

use hlo::DType;

/// Numbers in row-major order, all of them numbers that the element type has.
#[derive(Clone, Debug)]
pub(crate) struct Array {
    pub(crate) dtype: DType,
    pub(crate) dims: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

impl Array {
    /// What `value` is at each place.
    pub(crate) fn new(
        dtype: DType,
        dims: impl Into<Vec<usize>>,
        value: impl FnMut(&[usize]) -> f64,
    ) -> Self {
        let (dims, mut value) = (dims.into(), value);
        let values = places(&dims).iter().map(|place| value(place)).collect();
        Self { dtype, dims, values }
    }

    /// An array of the same element type.
    pub(crate) fn like(
        &self,
        dims: impl Into<Vec<usize>>,
        value: impl FnMut(&[usize]) -> f64,
    ) -> Self {
        Self::new(self.dtype, dims, value)
    }

    /// An array of the same shape.
    pub(crate) fn map(&self, value: impl Fn(f64) -> f64) -> Self {
        let values = self.values.iter().map(|&x| value(x)).collect();
        Self { values, ..self.clone() }
    }

    pub(crate) fn at(&self, place: &[usize]) -> f64 {
        self.values[self.position(place)]
    }

    pub(crate) fn at_mut(&mut self, place: &[usize]) -> &mut f64 {
        let position = self.position(place);
        &mut self.values[position]
    }

    /// The element at a place that may lie outside.
    pub(crate) fn get(&self, place: &[i64]) -> Option<f64> {
        let place = within(place, &self.dims)?;
        Some(self.at(&place))
    }

    fn position(&self, place: &[usize]) -> usize {
        assert_eq!(place.len(), self.dims.len());
        place.iter().zip(&self.dims).fold(0, |position, (&at, &dim)| {
            assert!(at < dim, "{place:?} in {:?}", self.dims);
            position * dim + at
        })
    }

    /// The rows along `axis`: for each place of the other axes, in order, the elements of that axis.
    pub(crate) fn rows(&self, axis: usize) -> Vec<Vec<f64>> {
        let row = |place: &Vec<usize>| {
            let at = |i| self.at(&with(place, axis, i));
            (0..self.dims[axis]).map(at).collect()
        };
        places(&without(&self.dims, &[axis]))
            .iter()
            .map(|rest| row(&inserted(rest, axis)))
            .collect()
    }

    /// The array with `change` of each row along `axis`; all of them come back as long as each other.
    pub(crate) fn map_rows(&self, axis: usize, change: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let rows: Vec<_> = self.rows(axis).iter().map(|row| change(row)).collect();
        let mut dims = self.dims.clone();
        // Without rows nothing says how long they are.
        dims[axis] = rows.first().map_or_else(|| change(&vec![0.0; dims[axis]]).len(), Vec::len);
        let rest = without(&dims, &[axis]);
        let number = |place: &[usize]| {
            let place = without(place, &[axis]);
            place.iter().zip(&rest).fold(0, |number, (&at, &dim)| number * dim + at)
        };
        self.like(dims, |place| rows[number(place)][place[axis]])
    }
}

/// Every place of a shape in row-major order.
pub(crate) fn places(dims: &[usize]) -> Vec<Vec<usize>> {
    dims.iter().fold(vec![vec![]], |places, &dim| {
        let longer = |place: &Vec<usize>| {
            let place = place.clone();
            (0..dim).map(move |at| [&place[..], &[at]].concat())
        };
        places.iter().flat_map(longer).collect()
    })
}

/// A place, if it lies within.
pub(crate) fn within(place: &[i64], dims: &[usize]) -> Option<Vec<usize>> {
    let at = |(&at, &dim): (&i64, &usize)| usize::try_from(at).ok().filter(|&at| at < dim);
    place.iter().zip(dims).map(at).collect()
}

/// The list without the entries of `axes`.
pub(crate) fn without(list: &[usize], axes: &[usize]) -> Vec<usize> {
    let kept = (0..list.len()).filter(|axis| !axes.contains(axis));
    kept.map(|axis| list[axis]).collect()
}

/// The list with a new entry, 0, at `axis`.
fn inserted(list: &[usize], axis: usize) -> Vec<usize> {
    [&list[..axis], &[0], &list[axis..]].concat()
}

/// The list with the entry `value` at `axis`.
pub(crate) fn with(list: &[usize], axis: usize, value: usize) -> Vec<usize> {
    let mut list = list.to_vec();
    list[axis] = value;
    list
}
