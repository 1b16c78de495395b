//! What a function of tensors should have at arrays, and the check that it has.

use hlo::{DType, Tensor, Trace};
use pjrt::HostArray;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::array::Array;
use super::draw::Draw;
use super::support;

/// How many random numbers a case is drawn from.
const NUMBERS: usize = 64;
/// How many cases share a program at most: compiling is what takes the time.
const SHARED: usize = 12;

type Record = Box<dyn for<'t> Fn(&'t Trace, &[Tensor<'t>]) -> Vec<Tensor<'t>>>;
type Loops = Box<dyn Fn(&[Array]) -> Vec<Array>>;

/// A function of tensors, the loops that compute the same, and what both are applied to.
pub(crate) struct Case {
    what: String,
    inputs: Vec<Array>,
    record: Record,
    loops: Loops,
    slope: Slope,
}

/// How the loops give the gradient.
#[derive(Clone, Copy)]
enum Slope {
    /// They are affine in each number as far as a quarter from it.
    Straight,
    Smooth,
    None,
}

impl Case {
    /// `what` describes the case where it fails. The function must be affine in each number of each
    /// input of floats up to a quarter away: its gradient is compared with the difference.
    pub(crate) fn new(
        what: String,
        inputs: impl Into<Vec<Array>>,
        record: impl for<'t> Fn(&'t Trace, &[Tensor<'t>]) -> Vec<Tensor<'t>> + 'static,
        loops: impl Fn(&[Array]) -> Vec<Array> + 'static,
    ) -> Self {
        Self {
            what,
            inputs: inputs.into(),
            record: Box::new(record),
            loops: Box::new(loops),
            slope: Slope::Straight,
        }
    }

    /// The function is smooth and no more.
    pub(crate) fn smooth(self) -> Self {
        Self { slope: Slope::Smooth, ..self }
    }

    pub(crate) fn without_gradient(self) -> Self {
        Self { slope: Slope::None, ..self }
    }

    /// The inputs whose gradient is checked.
    fn differentiated(&self) -> Vec<usize> {
        let is_float = |&i: &usize| self.inputs[i].dtype.is_float();
        match self.slope {
            Slope::None => vec![],
            _ => (0..self.inputs.len()).filter(is_float).collect(),
        }
    }

    /// What the loops give, then the gradient of its sum weighted with [`weight`] with respect to
    /// the inputs that are differentiated.
    fn expected(&self) -> Vec<Vec<f64>> {
        let values: Vec<_> = (self.loops)(&self.inputs).into_iter().map(|y| y.values).collect();
        let step = if let Slope::Smooth = self.slope { 1.0 / 4096.0 } else { 0.25 };
        let gradients = self.differentiated().into_iter().map(|i| {
            let gradient = |element: usize| {
                let moved = |by: f64| {
                    let mut inputs = self.inputs.clone();
                    inputs[i].values[element] += by;
                    let results = (self.loops)(&inputs);
                    let elements = results.iter().filter(|y| y.dtype.is_float());
                    let elements = elements.flat_map(|y| y.values.iter().enumerate());
                    elements.map(|(j, y)| weight(j) * y).sum::<f64>()
                };
                let slope = |step: f64| (moved(step) - moved(-step)) / (2.0 * step);
                match self.slope {
                    // Without the error of the step's square.
                    Slope::Smooth => (4.0 * slope(step) - slope(2.0 * step)) / 3.0,
                    _ => slope(step),
                }
            };
            (0..self.inputs[i].values.len()).map(gradient).collect()
        });
        values.iter().cloned().chain(gradients).collect()
    }

    /// Declares the inputs, and the outputs that [`Case::expected`] has.
    fn trace(&self, t: &Trace, number: usize) {
        let declared =
            |(i, x): (usize, &Array)| t.input(&format!("case{number}_x{i}"), DType::F64, &x.dims);
        let wide: Vec<_> = self.inputs.iter().enumerate().map(declared).collect();
        let inputs: Vec<_> =
            wide.iter().zip(&self.inputs).map(|(wide, x)| wide.to(x.dtype)).collect();
        let results = (self.record)(t, &inputs);
        for (i, y) in results.iter().enumerate() {
            t.output(&format!("case{number}_y{i}"), y.to(DType::F64));
        }
        let wanted: Vec<_> = self.differentiated().into_iter().map(|i| wide[i]).collect();
        let weighted = results.iter().filter(|y| y.dtype().is_float()).map(|y| {
            // The weights repeat.
            let place = t.iota(DType::S32, [y.shape().elements()], 0);
            let place = place.reshape(y.shape());
            let weights = (place * 7 + 3) % 11 - 5;
            (weights.to(DType::F64) * y.to(DType::F64)).sum(..)
        });
        if let Some(loss) = weighted.reduce(|lhs, rhs| lhs + rhs)
            && !wanted.is_empty()
        {
            for (i, gradient) in hlo::grad(loss, wanted).into_iter().enumerate() {
                t.output(&format!("case{number}_dx{i}"), gradient);
            }
        }
    }

    fn compare(&self, got: &mut dyn Iterator<Item = Vec<f64>>) -> Result<(), TestCaseError> {
        let tolerance = if let Slope::Smooth = self.slope { 2e-6 } else { 1e-9 };
        let results = (self.loops)(&self.inputs).len();
        for (i, expected) in self.expected().into_iter().enumerate() {
            let got = got.next().expect("an output for each array expected");
            let near = |(got, expected): (&f64, &f64)| {
                got == expected || (got - expected).abs() <= tolerance * (1.0 + expected.abs())
            };
            if got.len() != expected.len() || !got.iter().zip(&expected).all(near) {
                let which = match i.checked_sub(results) {
                    None => format!("result {i}"),
                    Some(i) => format!("the gradient of input {}", self.differentiated()[i]),
                };
                return Err(TestCaseError::fail(format!(
                    "{which} of {}\n at {:?}\n is {got:?}\n not {expected:?}",
                    self.what, self.inputs
                )));
            }
        }
        Ok(())
    }
}

/// What the element at `place` of a result counts in the sum that is differentiated.
fn weight(place: usize) -> f64 {
    ((place * 7 + 3) % 11) as f64 - 5.0
}

/// Runs programs of random cases that `draw` makes, and shrinks one that fails.
pub(crate) fn check(draw: impl Fn(&mut Draw<'_>) -> Case) {
    let config =
        Config { cases: 3, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let numbers = vec(vec(any::<u8>(), NUMBERS), 1..=SHARED);
    let outcome = TestRunner::new(config).run(&numbers, |numbers| {
        let cases: Vec<_> = numbers.iter().map(|list| draw(&mut Draw::new(list))).collect();
        let record = |t: &Trace| {
            for (number, case) in cases.iter().enumerate() {
                case.trace(t, number);
            }
        };
        let described =
            || cases.iter().map(|case| format!("\n  {}", case.what)).collect::<String>();
        let program = hlo::trace("cases", record)
            .map_err(|error| TestCaseError::fail(format!("{error}{}", described())))?;
        let inputs: Vec<_> = cases.iter().flat_map(|case| &case.inputs).map(host).collect();
        let results = support::run(&support::compile(&program), &inputs);
        let mut results = results.iter().map(support::values::<f64>);
        cases.iter().try_for_each(|case| case.compare(&mut results))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn host(array: &Array) -> HostArray {
    support::array(&array.dims, &array.values)
}
