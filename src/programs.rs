//! The programs of a model: initial state, training step, evaluation step, prediction.

use hlo::random::Key;
use hlo::{DType, GatherDimensions, Precision, Program, Tensor, Trace, TraceError};

use crate::model::{Draws, Head, Labels, Model, ParamSpec, Params, Predictive};
use crate::optimizer::{Adam, AdamInputs, Moments};

/// The noise of evaluation and prediction has a key of its own, the same for every example and every
/// run, so that a checkpoint has one set of metrics and an input one prediction.
const EVALUATION_SEED: u64 = 0x4845_542d_584c_2121;

/// Where Adam's moments of a parameter lie: its path below each of these, in this order.
const MOMENTS: [&str; 2] = ["adam/m", "adam/v"];

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
    /// How many devices share the examples of a training step. Each has the whole state.
    pub devices: usize,
}

impl Programs {
    /// Names of the state's arrays in the order in which programs take and return them, and
    /// checkpoints hold them: every parameter by its path, then every first moment as `adam/m/PATH`,
    /// then every second moment as `adam/v/PATH`.
    pub fn state_names(&self) -> Vec<String> {
        let params = self.model.params();
        let paths = params.iter().map(|spec| spec.name.clone());
        let moments = MOMENTS
            .into_iter()
            .flat_map(|moment| params.iter().map(move |spec| format!("{moment}/{}", spec.name)));
        paths.chain(moments).collect()
    }

    /// `init`: `seed: u32[2]` → the whole state.
    ///
    /// # Errors
    /// If the model's shapes contradict each other, as all programs here.
    pub fn init(&self) -> Result<Program, TraceError> {
        hlo::trace("init", |t| {
            let [key, _] = Key::from_tensor(t.input("seed", DType::U32, [2])).split();
            let params = self.model.params();
            for spec in &params {
                t.output(&spec.name, spec.initial(t, key));
            }
            for moment in MOMENTS {
                for spec in &params {
                    let zeros = t.full(0, DType::F32, &spec.shape);
                    t.output(&format!("{moment}/{}", spec.name), zeros);
                }
            }
        })
    }

    /// `train_step`: the state, donated, `inputs: f32[B, features]`, `labels: s32[B]` or, where
    /// examples have up to M classes, `s32[B, M]`, filled up with −1, `seed: u32[2]`, `step: u32`, `learning_rate: f32` and `decay: f32` → the new state,
    /// `loss: f32`, the mean over the batch, `gradient_norm: f32` before clipping, and what the
    /// head has worth watching, all from before the step.
    ///
    /// On several devices each takes its part of the batch, whose size they divide, along the axis
    /// `data` of the mesh; gradients are averaged over all, and every device updates the same state.
    /// It is the same step: an example's noise hangs on its place in the whole batch.
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
            let specs = self.model.params();
            let params = Params::inputs(t, &specs);
            let weights: Vec<_> = specs.iter().map(|spec| params.get(&spec.name)).collect();
            let moments = |prefix: &str| -> Vec<Tensor<'_>> {
                let input = |spec: &ParamSpec| {
                    t.input(&format!("{prefix}/{}", spec.name), DType::F32, &spec.shape)
                };
                specs.iter().map(input).collect()
            };
            let [first, second] = MOMENTS.map(moments);
            let inputs = t.input("inputs", DType::F32, [batch, self.model.features]);
            let labels = self.labels(t, batch);
            let [_, noise] = Key::from_tensor(t.input("seed", DType::U32, [2])).split();
            let step = t.input("step", DType::U32, []);
            let noise = noise.fold_in(step);
            let learning_rate = t.input("learning_rate", DType::F32, []);
            let decay = t.input("decay", DType::F32, []);

            let (loss, gradients) = if self.devices > 1 {
                let examples = (inputs.sharded(DATA), labels.sharded(DATA));
                self.on_all_devices(t, head, &weights, examples, noise)
            } else {
                self.loss(head, &weights, (inputs, labels), Draws::of_batch(noise, batch))
            };
            let (norm, gradients) = self.optimizer.clip(&gradients);

            let adam = AdamInputs { step, learning_rate, decay };
            let updated: Vec<_> = (0..specs.len())
                .map(|i| {
                    let moments = Moments { first: first[i], second: second[i] };
                    self.optimizer.update(adam, weights[i], gradients[i], moments)
                })
                .collect();
            for (i, new) in updated.iter().enumerate() {
                t.output_in_place(weights[i], new.param);
            }
            for (i, new) in updated.iter().enumerate() {
                t.output_in_place(first[i], new.moments.first);
            }
            for (i, new) in updated.iter().enumerate() {
                t.output_in_place(second[i], new.moments.second);
            }
            t.output("loss", loss);
            t.output("gradient_norm", norm);
            for (name, scalar) in head.watched(&params) {
                t.output(name, scalar);
            }
        })
    }

    /// The mean loss of examples, and its gradients by the weights.
    fn loss<'t>(
        &self,
        head: &dyn Head,
        weights: &[Tensor<'t>],
        (inputs, labels): (Tensor<'t>, Tensor<'t>),
        draws: Draws<'t>,
    ) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let names = self.model.params().into_iter().map(|spec| spec.name);
        let params: Params<'t> = names.zip(weights.iter().copied()).collect();
        let pre_logits = self.model.trunk.pre_logits(&params, inputs);
        let loss = head.loss(&params, pre_logits, self.head_labels(labels), draws);
        (loss, hlo::grad(loss, weights.to_vec()))
    }

    /// [`Programs::loss`] of a batch that is split among the devices. Gradients are averaged as they
    /// are: taken through the mean of the loss, every device would have that of all.
    fn on_all_devices<'t>(
        &self,
        t: &'t Trace,
        head: &dyn Head,
        weights: &[Tensor<'t>],
        examples: (Tensor<'t>, Tensor<'t>),
        key: Key<'t>,
    ) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let whole = vec![""; weights.len()];
        let shardings = [&whole[..], &[DATA, DATA, ""]].concat();
        let results = [&[""], &whole[..]].concat();
        let [batch] = examples.1.dims();
        let operands = (weights.to_vec(), examples, key);
        t.manual(.., operands, &shardings, &results, |(weights, examples, key)| {
            let first = t.axis_index(DATA) * (batch / self.devices) as i32;
            let draws = Draws::PerExample { key, batch, first };
            let (loss, gradients) = self.loss(head, &weights, examples, draws);
            (loss.pmean(DATA), gradients.into_iter().map(|it| it.pmean(DATA)).collect::<Vec<_>>())
        })
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

    /// `embed`: the parameters, `inputs: f32[B, features]` → the `pre_logits: f32[B, D]` that the head
    /// is given, without noise.
    ///
    /// # Errors
    /// See [`Programs::init`].
    pub fn embed(&self, batch: usize) -> Result<Program, TraceError> {
        hlo::trace("embed", |t| {
            let (_, pre_logits) = self.forward(t, batch);
            t.output("pre_logits", pre_logits.to(DType::F32));
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

    fn forward<'t>(&self, t: &'t Trace, batch: usize) -> (Params<'t>, Tensor<'t>) {
        t.set_precision(self.precision);
        let params = Params::inputs(t, &self.model.params());
        let inputs = t.input("inputs", DType::F32, [batch, self.model.features]);
        let pre_logits = self.model.trunk.pre_logits(&params, inputs);
        (params, pre_logits)
    }
}
