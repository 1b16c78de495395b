//! Histograms of parameters, of what steps add to them, and of noise, counted on the device.
//!
//! Only counts and norms leave the device, a few hundred bytes for each array, so that large models
//! can be watched too.

use hlo::{DType, Program, Tensor, TraceError};
use pjrt::{Buffer, Event, HostArray, LoadedExecutable};

use crate::error::Result;
use crate::metrics::{BUCKETS, Histogram};
use crate::model::{ParamSpec, Params};
use crate::optimizer::{AdamInputs, Moments};
use crate::programs::{Programs, StateArray};
use crate::runtime::Runtime;
use crate::state::TrainState;

/// At most so many examples of a batch are looked at for the scale of the noise.
const EXAMPLES: usize = 64;

/// The program of a model's histograms, and the names of those.
#[derive(Debug)]
pub struct Histograms {
    executable: LoadedExecutable,
    names: Vec<String>,
    /// The parameters that are trained, in the order of their gradients' norms.
    trained: Vec<String>,
    examples: usize,
}

/// Histograms that the device may still be counting.
#[derive(Debug)]
pub(crate) struct Counting {
    /// The number of steps done.
    step: u64,
    names: Vec<String>,
    trained: Vec<String>,
    /// What the program returns, then the norms of gradients.
    results: [Event<HostArray>; 4],
}

/// What a model looked like after a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The number of steps done.
    pub step: u64,
    /// Histograms by name.
    pub histograms: Vec<(String, Histogram)>,
    /// Norms by name.
    pub norms: Vec<(String, f64)>,
}

impl Programs {
    /// `histograms`: the state, `inputs: f32[n, features]`, and `step`, `learning_rate` and `decay` of
    /// the step that made the state → for each of [`Programs::looked_at`] its `bounds: f32[A, 2]`, the
    /// lowest and the highest number; `below: s32[A, 30]`, how many numbers lie below the upper end of
    /// each of 30 intervals of equal width, the last of which has it for its own; and its
    /// `norms: f32[A]`.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn histograms(&self, examples: usize) -> Result<Program, TraceError> {
        hlo::trace("histograms", |t| {
            t.set_precision(self.precision);
            let arrays = self.state();
            let input = |array: &StateArray| t.input(&array.name, DType::F32, &array.shape);
            let state: Vec<_> = arrays.iter().map(input).collect();
            let inputs = t.input("inputs", DType::F32, [examples, self.model.features]);
            let adam = AdamInputs {
                step: t.input("step", DType::U32, []),
                learning_rate: t.input("learning_rate", DType::F32, []),
                decay: t.input("decay", DType::F32, []),
            };
            let specs = self.model.params();
            let paths = specs.iter().map(|spec| spec.name.clone());
            let params: Params<'_> = paths.zip(state.iter().copied()).collect();
            let trained = self.trained();
            let (first, second) = (specs.len(), specs.len() + trained.len());
            let change = |(at, spec): (usize, &ParamSpec)| {
                let moments = Moments { first: state[first + at], second: state[second + at] };
                self.optimizer.change(&spec.name, adam, params.get(&spec.name), moments)
            };
            let changes = trained.iter().enumerate().map(change);
            let noise = self.noise_scale(&params, inputs);
            let watched = state[..specs.len()].iter().copied().chain(changes).chain(noise);
            let looks: Vec<_> = watched.map(Looked::at).collect();
            let bounds: Vec<_> = looks.iter().map(|it| it.bounds).collect();
            let below: Vec<_> = looks.iter().map(|it| it.below).collect();
            let norms: Vec<_> = looks.iter().map(|it| it.norm).collect();
            t.output("bounds", t.concatenate(&bounds, 0));
            t.output("below", t.concatenate(&below, 0));
            t.output("norms", t.concatenate(&norms, 0));
        })
    }

    /// What [`Programs::histograms`] looks at, in order: every parameter as `parameters/PATH`, what the
    /// step added to each that is trained as `updates/PATH`, and `noise_scale`, the standard deviation
    /// d(x) of the diagonal part of the noise, where the head has any.
    pub fn looked_at(&self) -> Vec<String> {
        let below = |prefix: &'static str| move |path: String| format!("{prefix}/{path}");
        let paths = |specs: Vec<ParamSpec>| specs.into_iter().map(|spec| spec.name);
        let parameters = paths(self.model.params()).map(below("parameters"));
        let updates = paths(self.trained()).map(below("updates"));
        let noise = self.model.head.has_noise().then(|| "noise_scale".to_owned());
        parameters.chain(updates).chain(noise).collect()
    }
}

/// What is told of an array.
struct Looked<'t> {
    /// `[1, 2]`.
    bounds: Tensor<'t>,
    /// `[1, 30]`.
    below: Tensor<'t>,
    /// `[1]`.
    norm: Tensor<'t>,
}

impl<'t> Looked<'t> {
    fn at(array: Tensor<'t>) -> Self {
        let t = array.trace();
        let (low, high) = (array.min(..), array.max(..));
        let inner = BUCKETS - 1;
        let part = (t.iota(DType::F32, [inner], 0) + 1.0) / BUCKETS as f64;
        let thresholds = low + part * (high - low);
        // One threshold after the other: all at once the comparisons would lie in memory.
        let ((), below) = hlo::scan((), thresholds, |(), threshold| {
            ((), array.less(threshold).to(DType::S32).sum(..))
        });
        let below = below.reshape([1, inner]);
        let elements = array.shape().iter().product::<usize>();
        let all = t.full(elements as i32, DType::S32, [1, 1]);
        let below = t.concatenate(&[below, all], 1);
        let bounds = t.concatenate(&[low.reshape([1, 1]), high.reshape([1, 1])], 1);
        Self { bounds, below, norm: (array * array).sum(..).sqrt().reshape([1]) }
    }
}

impl Histograms {
    /// Compiles the histograms of a model, of which at most `examples` inputs are looked at.
    ///
    /// # Errors
    /// If the model can't be traced or compiled.
    pub fn new(runtime: &Runtime, programs: &Programs, examples: usize) -> Result<Self> {
        let examples = examples.min(EXAMPLES);
        let executable = runtime.compile(&programs.histograms(examples)?)?;
        let trained = programs.trained().into_iter().map(|spec| spec.name).collect();
        Ok(Self { executable, names: programs.looked_at(), trained, examples })
    }

    /// Launches the program on the state, the inputs of the step that made it, what that took, and the
    /// norms of its gradients.
    ///
    /// # Errors
    /// What the plugin reports.
    pub(crate) fn launch(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        inputs: &HostArray,
        scalars: &[HostArray; 3],
        gradient_norms: &Buffer,
    ) -> Result<Counting> {
        let features = inputs.dims()[1];
        let row = inputs.bytes().len() / inputs.dims()[0];
        let first = &inputs.bytes()[..row * self.examples];
        let inputs = HostArray::from_bytes(inputs.dtype(), &[self.examples, features], first);
        let inputs = inputs.map_err(pjrt::Error::from)?;
        let [step, learning_rate, decay] = scalars;
        let arrays = [&inputs, step, learning_rate, decay];
        let results = runtime.run(&self.executable, state.arrays(), &arrays)?;
        let [bounds, below, norms] = &results[..] else {
            unreachable!("the program has three outputs")
        };
        let copy = Buffer::copy_to_host;
        Ok(Counting {
            step: state.step,
            names: self.names.clone(),
            trained: self.trained.clone(),
            results: [copy(bounds)?, copy(below)?, copy(norms)?, copy(gradient_norms)?],
        })
    }
}

impl Counting {
    /// Waits for the histograms.
    ///
    /// # Errors
    /// What the plugin reports.
    pub(crate) fn read(self) -> Result<Look> {
        let [bounds, below, norms, gradients] = self.results;
        let (bounds, below, norms) = (bounds.wait()?, below.wait()?, norms.wait()?);
        let gradients = gradients.wait()?;
        let floats = |array: &HostArray| -> Result<Vec<f64>> {
            let numbers = array.as_slice::<f32>().map_err(pjrt::Error::from)?;
            Ok(numbers.iter().map(|&number| f64::from(number)).collect())
        };
        let (bounds, norms, gradients) = (floats(&bounds)?, floats(&norms)?, floats(&gradients)?);
        let below = below.as_slice::<i32>().map_err(pjrt::Error::from)?;
        let mut histograms = vec![];
        let rows = bounds.chunks_exact(2).zip(below.chunks_exact(BUCKETS));
        for (name, (bounds, below)) in self.names.iter().zip(rows) {
            // There is none of numbers that aren't finite.
            if bounds.iter().all(|bound| bound.is_finite()) {
                let before = |at: usize| if at == 0 { 0 } else { below[at - 1] };
                let counts = std::array::from_fn(|at| (below[at] - before(at)) as u64);
                let (low, high) = (bounds[0], bounds[1]);
                histograms.push((name.clone(), Histogram { low, high, counts }));
            }
        }
        let gradients = self.trained.iter().map(|path| format!("gradients/{path}")).zip(gradients);
        let measured = self.names.into_iter().zip(norms);
        let mut norms: Vec<_> = measured.filter(|(name, _)| name.contains('/')).collect();
        norms.extend(gradients);
        for of in ["parameters", "updates", "gradients"] {
            let is_of = |name: &str| name.split('/').next() == Some(of);
            let values = norms.iter().filter(|(name, _)| is_of(name)).map(|(_, norm)| *norm);
            let histogram = Histogram::of(&values.collect::<Vec<_>>());
            histograms.extend(histogram.map(|it| (format!("norms/{of}"), it)));
        }
        for (name, _) in &mut norms {
            *name = format!("norm_of_{name}");
        }
        Ok(Look { step: self.step, histograms, norms })
    }
}
