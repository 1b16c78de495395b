//! The programs of a model: initial state, training step, evaluation step, prediction.

use std::num::NonZeroUsize;

use hlo::random::Key;
use hlo::{DType, GatherDimensions, Precision, Program, Tensor, Trace, TraceError, Tree};
use serde::{Deserialize, Serialize};

use crate::model::{Draws, Dropout, Head, Labels, Model, ParamSpec, Params, Predictive};
use crate::optimizer::{Adam, AdamInputs, Moments, running_mean};

/// The noise of evaluation and prediction has a key of its own, the same for every example and every
/// run, so that a checkpoint has one set of metrics and an input one prediction.
const EVALUATION_SEED: u64 = 0x4845_542d_584c_2121;

/// Where Adam's moments of a parameter lie: its path below each of these, in this order.
const MOMENTS: [&str; 2] = ["adam/m", "adam/v"];

/// Where the running mean of a parameter lies.
const EMA: &str = "ema";

/// What messages call the loss.
pub(crate) const THE_LOSS: &str = "the loss";

/// What the key of a run's noise is folded with for the numbers that a trunk drops; no step has it.
const DROPOUT: u32 = u32::MAX;

/// The axis of the mesh along which the examples of a batch are split.
const DATA: &str = "data";

/// What the programs of a model are traced from.
#[derive(Clone, Debug)]
pub struct Programs {
    /// Trunk and head.
    pub model: Model,
    /// How many classes an example can have at most; `None` where each has one.
    pub max_labels: Option<usize>,
    /// The optimiser.
    pub optimizer: Adam,
    /// The precision of products of matrices.
    pub precision: Precision,
    /// What the trunk computes with.
    pub compute: Compute,
    /// How many devices share the examples of a training step. Each has the whole state.
    pub devices: usize,
    /// How many parts a device takes its examples in, one after the other. It divides their number.
    pub accumulate: NonZeroUsize,
}

/// What a trunk computes with. Parameters, the optimiser's state and the head's loss are `f32`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compute {
    /// `f32`.
    #[default]
    F32,
    /// `bf16`, to which the trunk's inputs and its weights are rounded where they are used.
    Bf16,
}

/// An array of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateArray {
    /// Its name in programs and checkpoints.
    pub name: String,
    /// The dimensions. All are `f32`.
    pub shape: Vec<usize>,
}

/// The path of the parameter that an array of the state has the running mean of, if it is one.
pub(crate) fn mean_of(array: &str) -> Option<&str> {
    array.strip_prefix(EMA)?.strip_prefix('/')
}

impl Programs {
    /// The programs of a model with the defaults of everything else.
    pub fn new(model: Model) -> Self {
        Self {
            model,
            max_labels: None,
            optimizer: Adam::default(),
            precision: Precision::Highest,
            compute: Compute::F32,
            devices: 1,
            accumulate: NonZeroUsize::MIN,
        }
    }

    /// The state's arrays in the order in which programs take and return them, and checkpoints hold
    /// them: every parameter by its path, then of those that are trained every first moment as
    /// `adam/m/PATH`, every second moment as `adam/v/PATH`, and, where the optimiser keeps running
    /// means, each of these as `ema/PATH`.
    pub fn state(&self) -> Vec<StateArray> {
        let below = |prefix: &str, spec: &ParamSpec| StateArray {
            name: format!("{prefix}/{}", spec.name),
            shape: spec.shape.clone(),
        };
        let params = self.model.params();
        let (trained, ema) = (self.trained(), self.optimizer.ema.map(|_| EMA));
        let whole = |spec: ParamSpec| StateArray { name: spec.name, shape: spec.shape };
        let rest = MOMENTS.into_iter().chain(ema);
        let rest = rest.flat_map(|prefix| trained.iter().map(move |spec| below(prefix, spec)));
        params.into_iter().map(whole).chain(rest).collect()
    }

    /// The names of [`Programs::state`].
    pub fn state_names(&self) -> Vec<String> {
        self.state().into_iter().map(|array| array.name).collect()
    }

    /// For each parameter, in order, the place in [`Programs::state`] of the array that evaluation
    /// and prediction take for it: its running mean, if there is one.
    pub fn predicting(&self) -> Vec<usize> {
        let names = self.state_names();
        let place = |name: &str| names.iter().position(|it| it == name);
        let params = self.model.params().into_iter();
        let params =
            params.map(|spec| place(&format!("{EMA}/{}", spec.name)).or_else(|| place(&spec.name)));
        params.map(|place| place.expect("every parameter is part of the state")).collect()
    }

    /// The parameters that training changes.
    pub fn trained(&self) -> Vec<ParamSpec> {
        let params = self.model.params().into_iter();
        params.filter(|spec| !self.optimizer.is_frozen(&spec.name)).collect()
    }

    /// What a step looks at for numbers that aren't finite, as messages name it, in the order of the
    /// output `not_finite`: the loss, then gradients in the order in which the reverse pass meets
    /// their parameters.
    pub fn watched_for_finiteness(&self) -> Vec<String> {
        let gradients = self.trained().into_iter().rev();
        let gradients = gradients.map(|spec| format!("the gradient of {}", spec.name));
        [THE_LOSS.to_owned()].into_iter().chain(gradients).collect()
    }

    /// `init`: `seed: u32[2]` → the whole state.
    ///
    /// # Errors
    /// If the model's shapes contradict each other, as all programs here.
    pub fn init(&self) -> Result<Program, TraceError> {
        hlo::trace("init", |t| {
            let [key, _] = Key::from_tensor(t.input("seed", DType::U32, [2])).split();
            let params = self.model.params();
            let initial: Vec<_> = params.iter().map(|spec| spec.initial(t, key)).collect();
            for array in self.state() {
                let of = |(spec, initial): (&ParamSpec, _)| {
                    (mean_of(&array.name).unwrap_or(&array.name) == spec.name).then_some(initial)
                };
                let value = params.iter().zip(initial.iter().copied()).find_map(of);
                let zeros = || t.full(0, DType::F32, &array.shape);
                t.output(&array.name, value.unwrap_or_else(zeros));
            }
        })
    }

    /// `train_step`: the state, donated, `inputs: f32[B, features]`, `labels: s32[B]` or, where
    /// examples have up to M classes, `s32[B, M]`, filled up with −1, `seed: u32[2]`, `step: u32`,
    /// `learning_rate: f32` and `decay: f32` → the new state, `loss: f32`, the mean over the batch,
    /// `gradient_norm: f32` before clipping, and what the head has worth watching, all from before
    /// the step, and `not_finite: s32`: the place in [`Programs::watched_for_finiteness`] of the
    /// first that isn't finite, −1 if all are; and `gradient_norms: f32[P]`, the norm of the gradient
    /// of each of [`Programs::trained`], before clipping.
    ///
    /// On several devices each takes its part of the batch, whose size they divide, along the axis
    /// `data` of the mesh; gradients are averaged over all, and every device updates the same state.
    /// A device takes its part in [`Programs::accumulate`] parts again, one after the other, so that
    /// only one of them needs memory at a time. It is the same step but for rounding: an example's noise
    /// hangs on its place in the whole batch.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn train_step(&self, batch: usize) -> Result<Program, TraceError> {
        self.train_step_by(batch, self.model.head.head())
    }

    /// [`Programs::train_step`] with the loss of another implementation of the model's head, one that
    /// has the same parameters: to compare orders of evaluation.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn train_step_by(&self, batch: usize, head: &dyn Head) -> Result<Program, TraceError> {
        hlo::trace("train_step", |t| {
            t.set_precision(self.precision);
            if self.devices > 1 {
                t.mesh(&[(DATA, self.devices)]);
            }
            let input = |array: &StateArray| t.input(&array.name, DType::F32, &array.shape);
            let state: Vec<_> = self.state().iter().map(input).collect();
            let specs = self.model.params();
            let params: Params<'_> =
                specs.iter().map(|spec| spec.name.clone()).zip(state.iter().copied()).collect();
            let inputs = t.input("inputs", DType::F32, [batch, self.model.features]);
            let labels = self.labels(t, batch);
            let [_, noise] = Key::from_tensor(t.input("seed", DType::U32, [2])).split();
            let step = t.input("step", DType::U32, []);
            let drops = self.model.trunk.dropout() > 0.0;
            let dropout = drops.then(|| noise.fold_in(DROPOUT).fold_in(step));
            let noise = noise.fold_in(step);
            let learning_rate = t.input("learning_rate", DType::F32, []);
            let decay = t.input("decay", DType::F32, []);

            let weights = &state[..specs.len()];
            let (loss, gradients) = if self.devices > 1 {
                let examples = (inputs.sharded(DATA), labels.sharded(DATA));
                self.on_all_devices(t, head, weights, examples, (noise, dropout))
            } else {
                let first = t.constant(0, DType::S32);
                self.in_parts(head, weights, (inputs, labels), (noise, dropout), (batch, first))
            };
            let squares: Vec<_> = gradients.iter().map(|&it| (it * it).sum(..)).collect();
            let (norm, gradients) = self.optimizer.clip(&gradients, &squares);
            let adam = AdamInputs { step, learning_rate, decay };
            for (old, new) in state.iter().zip(self.updated(adam, &state, &gradients)) {
                t.output_in_place(*old, new);
            }
            t.output("loss", loss);
            t.output("gradient_norm", norm);
            for (name, scalar) in head.watched(&params) {
                t.output(name, scalar);
            }
            t.output("not_finite", first_not_finite(loss, &squares));
            let norms: Vec<_> = squares.iter().map(|it| it.sqrt().reshape([1])).collect();
            t.output("gradient_norms", t.concatenate(&norms, 0));
        })
    }

    /// The state after a step, in its order, given gradients of the parameters that are trained.
    fn updated<'t>(
        &self,
        adam: AdamInputs<'t>,
        state: &[Tensor<'t>],
        gradients: &[Tensor<'t>],
    ) -> Vec<Tensor<'t>> {
        let specs = self.model.params();
        let (params, rest) = state.split_at(specs.len());
        let mut new = params.to_vec();
        let count = gradients.len();
        let (mut first, mut second, mut means) = (vec![], vec![], vec![]);
        let trained = (0..specs.len()).filter(|&at| !self.optimizer.is_frozen(&specs[at].name));
        for (i, at) in trained.enumerate() {
            let moments = Moments { first: rest[i], second: rest[count + i] };
            let updated =
                self.optimizer.update(&specs[at].name, adam, params[at], gradients[i], moments);
            new[at] = updated.param;
            first.push(updated.moments.first);
            second.push(updated.moments.second);
            means.extend(
                self.optimizer
                    .ema
                    .map(|ema| running_mean(ema, adam.step, rest[2 * count + i], updated.param)),
            );
        }
        [new, first, second, means].concat()
    }

    /// The mean loss of examples, and its gradients by the weights that are trained.
    fn loss<'t>(
        &self,
        head: &dyn Head,
        weights: &[Tensor<'t>],
        (inputs, labels): (Tensor<'t>, Tensor<'t>),
        draws: Draws<'t>,
        dropout: Option<Dropout<'t>>,
    ) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let specs = self.model.params();
        let paths = specs.iter().map(|spec| spec.name.clone());
        let params: Params<'t> = paths.zip(weights.iter().copied()).collect();
        let pre_logits = self.pre_logits(&params, inputs, dropout);
        let loss = head.loss(&params, pre_logits, self.head_labels(labels), draws);
        let trained = specs.iter().zip(weights);
        let trained = trained.filter(|(spec, _)| !self.optimizer.is_frozen(&spec.name));
        (loss, hlo::grad(loss, trained.map(|(_, &weight)| weight).collect::<Vec<_>>()))
    }

    /// [`Programs::loss`] of the examples of a device, part by part, which are some of a batch: how
    /// many that has, and the first of these.
    fn in_parts<'t>(
        &self,
        head: &dyn Head,
        weights: &[Tensor<'t>],
        (inputs, labels): (Tensor<'t>, Tensor<'t>),
        (noise, dropout): (Key<'t>, Option<Key<'t>>),
        (batch, first): (usize, Tensor<'t>),
    ) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let parts = self.accumulate.get();
        let t = inputs.trace();
        let one = |first: Tensor<'t>, examples| {
            let draws = Draws::PerExample { key: noise.again(), batch, first };
            let dropout = dropout.map(|key| Dropout { key: key.again(), batch, first });
            self.loss(head, weights, examples, draws, dropout)
        };
        if parts == 1 {
            return one(first, (inputs, labels));
        }
        let in_part = inputs.shape()[0] / parts;
        let split = |array: Tensor<'t>| {
            let dims = [&[parts, in_part], &array.shape()[1..]].concat();
            array.reshape(dims)
        };
        let firsts = first + t.iota(DType::S32, [parts], 0) * in_part as i32;
        let zeros = self.trained().iter().map(|it| t.full(0, DType::F32, &it.shape)).collect();
        let init: (Tensor<'t>, Vec<Tensor<'t>>) = (t.full(0, DType::F32, []), zeros);
        let examples = (firsts, split(inputs), split(labels));
        let (sums, ()) = hlo::scan(init, examples, |(loss, gradients), (first, inputs, labels)| {
            let (of_part, by_part) = one(first, (inputs, labels));
            let gradients = gradients.into_iter().zip(by_part).map(|(sum, it)| sum + it);
            ((loss + of_part, gradients.collect::<Vec<_>>()), ())
        });
        let mean = |sum: Tensor<'t>| sum / parts as f64;
        (mean(sums.0), sums.1.into_iter().map(mean).collect())
    }

    /// [`Programs::loss`] of a batch that is split among the devices. Gradients are averaged as they
    /// are: taken through the mean of the loss, every device would have that of all.
    fn on_all_devices<'t>(
        &self,
        t: &'t Trace,
        head: &dyn Head,
        weights: &[Tensor<'t>],
        examples: (Tensor<'t>, Tensor<'t>),
        keys: (Key<'t>, Option<Key<'t>>),
    ) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let whole = vec![""; weights.len()];
        let shardings = [&whole[..], &[DATA, DATA], &vec![""; keys.tensors().len()]].concat();
        let results = vec![""; 1 + self.trained().len()];
        let batch = examples.0.shape()[0];
        let operands = (weights.to_vec(), examples, keys);
        t.manual(.., operands, &shardings, &results, |(weights, examples, keys)| {
            let first = t.axis_index(DATA) * (batch / self.devices) as i32;
            let of = (batch, first);
            let (loss, gradients) = self.in_parts(head, &weights, examples, keys, of);
            (loss.pmean(DATA), gradients.into_iter().map(|it| it.pmean(DATA)).collect::<Vec<_>>())
        })
    }

    /// The standard deviation of the diagonal part of the noise, `[B, n]`, if the head has any.
    pub(crate) fn noise_scale<'t>(
        &self,
        params: &Params<'t>,
        inputs: Tensor<'t>,
    ) -> Option<Tensor<'t>> {
        let head = &self.model.head;
        let pre_logits = head.has_noise().then(|| self.pre_logits(params, inputs, None))?;
        head.noise_scale(params, pre_logits.to(DType::F32))
    }

    /// What the trunk makes of inputs. It computes with their type.
    fn pre_logits<'t>(
        &self,
        params: &Params<'t>,
        inputs: Tensor<'t>,
        dropout: Option<Dropout<'t>>,
    ) -> Tensor<'t> {
        self.model.trunk.pre_logits(params, self.computed(inputs), dropout)
    }

    /// Inputs in the type that the trunk computes with.
    fn computed<'t>(&self, inputs: Tensor<'t>) -> Tensor<'t> {
        match self.compute {
            Compute::F32 => inputs,
            Compute::Bf16 => inputs.to(DType::Bf16),
        }
    }

    /// `eval_step`: the parameters, `inputs: f32[B, features]`, `labels` as in
    /// [`Programs::train_step`] → for each example its `loss: f32[B]`, that of training; `classes:
    /// s32[B, k]`, the k = min(10, K) classes that come first, and their `probabilities: f32[B, k]`;
    /// the `confidence: f32[B]` of the first and the `entropy: f32[B]` in nats, both of the softmax of
    /// the logits; and `brier: f32[B]`, the sum over classes of (probability − target)². The labels of
    /// an example differ.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn eval_step(&self, batch: usize) -> Result<Program, TraceError> {
        hlo::trace("eval_step", |t| {
            let (params, pre_logits) = self.forward(t, batch);
            let labels = self.labels(t, batch);
            let predictive = self.predictive(&params, pre_logits);
            let (classes, log_probabilities) = predictive.top_k(self.ranked());
            t.output("loss", predictive.loss(labels));
            t.output("classes", classes);
            t.output("probabilities", log_probabilities.exp());
            t.output("confidence", predictive.confidence());
            t.output("entropy", predictive.entropy());
            t.output("brier", predictive.brier(labels));
        })
    }

    /// How many classes [`Programs::eval_step`] ranks, k.
    pub fn ranked(&self) -> usize {
        self.model.classes.min(10)
    }

    /// `predict`: the parameters, `inputs: f32[B, features]` → for each example its `class: s32[B]`,
    /// the `probabilities: f32[B, K]`, and the `entropy: f32[B]` of the softmax of the logits in
    /// nats.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn predict(&self, batch: usize) -> Result<Program, TraceError> {
        hlo::trace("predict", |t| {
            let (params, pre_logits) = self.forward(t, batch);
            let predictive = self.predictive(&params, pre_logits);
            t.output("class", predictive.logits().argmax(-1));
            t.output("probabilities", predictive.log_probabilities.exp());
            t.output("entropy", predictive.entropy());
        })
    }

    /// `predict_first`: the parameters, `inputs: f32[B, features]` → for each example the `classes:
    /// s32[B, count]` that come first, their `probabilities: f32[B, count]`, and the `entropy: f32[B]`
    /// as in [`Programs::predict`]. `count` is at most K.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn predict_first(&self, batch: usize, count: usize) -> Result<Program, TraceError> {
        hlo::trace("predict_first", |t| {
            let (params, pre_logits) = self.forward(t, batch);
            let predictive = self.predictive(&params, pre_logits);
            let (classes, log_probabilities) = predictive.top_k(count);
            t.output("classes", classes);
            t.output("probabilities", log_probabilities.exp());
            t.output("entropy", predictive.entropy());
        })
    }

    /// `embed`: the parameters, `inputs: f32[B, features]` → their `embedding: f32[B, D]`, see
    /// [`Trunk::embedding`](crate::model::Trunk::embedding).
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn embed(&self, batch: usize) -> Result<Program, TraceError> {
        hlo::trace("embed", |t| {
            let (params, inputs) = self.inputs(t, batch);
            let embedding = self.model.trunk.embedding(&params, self.computed(inputs));
            t.output("embedding", embedding.to(DType::F32));
        })
    }

    fn labels<'t>(&self, t: &'t Trace, batch: usize) -> Tensor<'t> {
        match self.max_labels {
            None => t.input("labels", DType::S32, [batch]),
            Some(max) => t.input("labels", DType::S32, [batch, max]),
        }
    }

    /// What a head takes: classes as they are, and lists of them `[B, M]` as a 1 for each class of an
    /// example, `[B, K]`.
    fn head_labels<'t>(&self, labels: Tensor<'t>) -> Labels<'t> {
        if self.max_labels.is_none() {
            return Labels::Classes(labels);
        }
        let [batch, max] = labels.dims();
        let dimensions = GatherDimensions {
            collapsed_slice_dims: vec![1],
            start_index_map: vec![1],
            operand_batching_dims: vec![0],
            start_indices_batching_dims: vec![0],
            index_vector_dim: 2,
            ..GatherDimensions::default()
        };
        let trace = labels.trace();
        let none = trace.full(0.0, DType::F32, [batch, self.model.classes]);
        // A −1 is outside, and so left out.
        let one = trace.full(1.0, DType::F32, [batch, max]);
        Labels::Targets(none.scatter(labels, one, dimensions))
    }

    fn predictive<'t>(&self, params: &Params<'t>, pre_logits: Tensor<'t>) -> Predictive<'t> {
        let draws = Draws::Shared(Key::from_seed(pre_logits.trace(), EVALUATION_SEED));
        self.model.head.head().predict(params, pre_logits, draws)
    }

    fn inputs<'t>(&self, t: &'t Trace, batch: usize) -> (Params<'t>, Tensor<'t>) {
        t.set_precision(self.precision);
        let params = Params::inputs(t, &self.model.params());
        (params, t.input("inputs", DType::F32, [batch, self.model.features]))
    }

    fn forward<'t>(&self, t: &'t Trace, batch: usize) -> (Params<'t>, Tensor<'t>) {
        let (params, inputs) = self.inputs(t, batch);
        let pre_logits = self.pre_logits(&params, inputs, None);
        (params, pre_logits)
    }
}

/// The place in the loss and, from the last to the first, the squared norms of gradients of the first
/// that isn't finite, an `s32`; −1 if all are.
fn first_not_finite<'t>(loss: Tensor<'t>, squares: &[Tensor<'t>]) -> Tensor<'t> {
    let t = loss.trace();
    let watched: Vec<_> = [loss].into_iter().chain(squares.iter().rev().copied()).collect();
    let none = t.constant(-1, DType::S32);
    watched.iter().enumerate().rev().fold(none, |found, (place, number)| {
        number.is_finite().select(found, t.constant(place as i32, DType::S32))
    })
}
