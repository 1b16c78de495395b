//! Losses, their gradients and predictions without the logits of all samples and classes ever being
//! in memory at once.
//!
//! Two loops: over chunks of examples and, within a chunk, over tiles of classes. The softmax needs a
//! first sweep over the tiles for the normaliser of each sample, an online log-sum-exp, and a second
//! one that makes the logits again, and their gradient. The sigmoid needs one. Gradients are made
//! together with the loss, by the closed form with respect to logits and from there by the tracer,
//! part by part of the [`Form`].

use hlo::{DType, Tensor, Trace};

use super::bernoulli::Bernoulli;
use super::form::{Arrays, Chunk, Form, OfClasses, Prepared, Tile};
use super::plan::{Plan, Shapes};
use super::pre_logit_noise::Rows;
use super::{Draws, Labels, Loss, Predictive, log_mean_exp};

/// Takes the place of the logits of classes that an earlier tile had.
const NOTHING: f64 = -1e30;

/// A form, the arrays that it is of, and the sizes of the loops.
pub(super) struct Streaming<'t, 'f> {
    form: &'f dyn Form<'t>,
    inputs: Arrays<'t>,
    /// The inputs, cut off from what they were made of.
    arrays: Arrays<'t>,
    loss: Loss,
    /// K.
    classes: usize,
    plan: Plan,
    /// The samples that the gradient goes through, if not all.
    chosen: Option<Chosen<'t, 'f>>,
}

/// Few of the samples of rows, drawn by their share in the label's probability.
#[derive(Clone, Copy)]
pub(super) struct Chosen<'t, 'f> {
    pub of: &'f Rows<'t>,
    /// How many of each example.
    pub count: usize,
    pub draws: Draws<'t>,
}

/// A chunk of examples with what was made of it.
struct Ready<'t, 'f> {
    form: &'f dyn Form<'t>,
    /// As it was made.
    made: Prepared<'t>,
    /// The same cut off from each other and from the chunk, as partial gradients are taken.
    prepared: Prepared<'t>,
    /// What was projected, of all classes, where it is kept.
    projected: Option<OfClasses<'t>>,
}

/// Logits of a tile and what they are made of.
struct TileLogits<'t> {
    kernels: Vec<Tensor<'t>>,
    vectors: Vec<Tensor<'t>>,
    projected: Tensor<'t>,
    logits: Tensor<'t>,
}

/// Gradients that grow from tile to tile, in the order of the arrays that they are of.
type Sums<'t> = Vec<Tensor<'t>>;

impl<'t, 'f> Streaming<'t, 'f> {
    /// With the sizes that are given, or else chosen.
    pub(super) fn new(
        form: &'f dyn Form<'t>,
        arrays: Arrays<'t>,
        loss: Loss,
        plan: Option<Plan>,
    ) -> Self {
        let OfClasses { tensor, axis } = arrays.vectors[0];
        let example = arrays.examples[0];
        let shapes = Shapes {
            batch: example.shape()[0],
            classes: tensor.shape()[axis],
            columns: form.columns(),
            samples: form.samples(),
            bytes: wide(example.dtype()).bits() as usize / 8,
        };
        let plan = plan.unwrap_or_else(|| Plan::choose(shapes));
        let Plan { examples, classes, .. } = plan;
        let plan = Plan {
            examples: examples.clamp(1, shapes.batch),
            classes: classes.clamp(1, shapes.classes),
            ..plan
        };
        // What a user sees of the choice.
        example.trace().note(format!("head: {plan}"));
        let inputs = arrays.clone();
        // Partial gradients are taken: of each array, whatever the others were made of.
        let arrays = arrays.map(Tensor::stop_gradient);
        Self { form, inputs, arrays, loss, classes: shapes.classes, plan, chosen: None }
    }

    /// With the gradient of the softmax's loss against classes through some samples alone.
    pub(super) fn through(self, chosen: Chosen<'t, 'f>) -> Self {
        Self { chosen: Some(chosen), ..self }
    }

    /// The mean of the losses of the examples, in nats.
    pub(super) fn loss(&self, labels: Labels<'t>) -> Tensor<'t> {
        let Arrays { examples, shared, .. } = &self.arrays;
        let batch = examples[0].shape()[0];
        let dtype = wide(examples[0].dtype());
        let trace = examples[0].trace();
        let size = self.plan.examples;
        let (weight, zero) = (1.0 / batch as f64, trace.constant(0.0, dtype));
        let (labels, of_classes) = match labels {
            Labels::Classes(labels) => (labels, true),
            Labels::Targets(targets) => (targets, false),
        };
        let labels_of =
            |tensor| if of_classes { Labels::Classes(tensor) } else { Labels::Targets(tensor) };
        let (loss, of_examples, of_whole) = if size == batch {
            let weights = trace.full(weight, dtype, [batch]);
            self.chunk(&self.arrays.all(), labels_of(labels), weights)
        } else {
            let chunks = Chunks { batch, size };
            let inputs = (
                examples.iter().map(|&tensor| chunks.split(tensor)).collect::<Vec<_>>(),
                chunks.split(labels),
                chunks.split(trace.full(weight, dtype, [batch])),
                chunks.firsts(trace),
            );
            let whole = &self.arrays.tensors()[examples.len()..];
            let zeros: Vec<_> = whole.iter().map(|tensor| tensor.zeros_like()).collect();
            let ((loss, sums), of_examples) = hlo::scan(
                (zero, zeros),
                inputs,
                |(loss, sums), (examples, labels, weights, first)| {
                    let chunk = Chunk { examples, shared: shared.clone(), first };
                    let (part, of_examples, of_whole) =
                        self.chunk(&chunk, labels_of(labels), weights);
                    let sums: Vec<_> =
                        sums.iter().zip(of_whole).map(|(&sum, part)| sum + part).collect();
                    ((loss + part, sums), of_examples)
                },
            );
            (loss, of_examples.into_iter().map(|it| chunks.join(it)).collect(), sums)
        };
        let inputs = self.inputs.tensors();
        let gradients: Vec<_> =
            inputs.into_iter().zip(of_examples.into_iter().chain(of_whole)).collect();
        loss.with_gradients(&gradients)
    }

    /// The predictive distribution of every example.
    pub(super) fn predict(&self) -> Predictive<'t> {
        let examples = &self.arrays.examples;
        let batch = examples[0].shape()[0];
        let trace = examples[0].trace();
        let size = self.plan.examples;
        if size == batch {
            return self.predict_chunk(&self.arrays.all());
        }
        let chunks = Chunks { batch, size };
        let split: Vec<_> = examples.iter().map(|&tensor| chunks.split(tensor)).collect();
        let inputs = (split, chunks.firsts(trace));
        let ((), (log_p, log_not_p)) = hlo::scan((), inputs, |(), (examples, first)| {
            let chunk = Chunk { examples, shared: self.arrays.shared.clone(), first };
            let predictive = self.predict_chunk(&chunk);
            (
                (),
                (
                    predictive.log_probabilities,
                    predictive.log_complements.into_iter().collect::<Vec<_>>(),
                ),
            )
        });
        Predictive {
            log_probabilities: chunks.join(log_p),
            log_complements: log_not_p.first().map(|&it| chunks.join(it)),
        }
    }

    /// The sum of the weighted losses of a chunk, its gradients with respect to the chunk's examples,
    /// and those with respect to all else.
    fn chunk(
        &self,
        chunk: &Chunk<'t>,
        labels: Labels<'t>,
        weights: Tensor<'t>,
    ) -> (Tensor<'t>, Vec<Tensor<'t>>, Vec<Tensor<'t>>) {
        let mut ready = self.ready(chunk);
        let (loss, gradients) = match (self.loss, labels) {
            (Loss::Softmax, Labels::Classes(labels)) => {
                let (mut normalizers, of_label) = self.normalizers(&ready, labels);
                let log_p = of_label - normalizers;
                let log_sum = log_p.logsumexp(-1);
                let log_mean = log_sum - (log_p.shape()[1] as f64).ln();
                // The logarithm of each sample's share in the label's probability.
                let mut share = log_p - log_sum.expand_dims(-1);
                if let Some(chosen) = self.chosen {
                    let is_chosen = self.choose(chosen, chunk.first, share.exp());
                    ready = self.ready_of(&Rows::Plain, chosen.of.choose(&ready.made, is_chosen));
                    normalizers = (is_chosen * normalizers.expand_dims(1)).sum(-1);
                    let alike = 1.0 / chosen.count as f64;
                    share =
                        normalizers.trace().full(alike.ln(), share.dtype(), normalizers.shape());
                }
                let share = share + weights.log().expand_dims(-1);
                let gradients = self.gradients(&ready, |tile, logits| {
                    let size = logits.shape();
                    let p = (logits - (normalizers - share).expand_dims(-1)).exp();
                    let is_label = tile.classes().equal(labels.expand_dims(-1)).expand_dims(1);
                    let share = share.exp().expand_dims(-1).broadcast_to(size);
                    p - is_label.broadcast_to(size).select(share, share.zeros_like())
                });
                (-(weights * log_mean).sum(..), gradients)
            }
            (Loss::Softmax, Labels::Targets(targets)) => {
                self.soft_targets(&ready, targets, weights)
            }
            (Loss::Sigmoid, labels) => self.sigmoid(&ready, labels, weights),
        };
        let Gradients { rows, kernels, vectors } = gradients;
        let inputs = [&chunk.examples[..], &chunk.shared].concat();
        let mut of_inputs = pull_back(&ready.made.rows, &rows, &inputs);
        let mut of_whole = of_inputs.split_off(chunk.examples.len());
        of_whole.extend(kernels.into_iter().chain(vectors));
        (loss, of_inputs, of_whole)
    }

    fn ready(&self, chunk: &Chunk<'t>) -> Ready<'t, 'f> {
        self.ready_of(self.form, self.form.prepare(chunk))
    }

    fn ready_of(&self, form: &'f dyn Form<'t>, made: Prepared<'t>) -> Ready<'t, 'f> {
        let rows = made.rows.iter().map(|row| row.stop_gradient()).collect();
        let prepared = Prepared { rows, noise: made.noise.clone() };
        let projected = self
            .plan
            .keep
            .then(|| OfClasses { tensor: form.project(&prepared, &self.kernels()), axis: 2 });
        Ready { form, made, prepared, projected }
    }

    /// The kernels of all classes.
    fn kernels(&self) -> Vec<Tensor<'t>> {
        self.arrays.kernels.iter().map(|array| array.tensor).collect()
    }

    /// Which samples are chosen, `[b, m, S]`, 1 or 0, given their shares `[b, S]`, which sum to 1.
    /// One number of each example chooses them at even steps through the shares: each of them is a
    /// sample with the probability that is its share, and together they repeat as few as can be.
    fn choose(&self, chosen: Chosen<'t, 'f>, first: Tensor<'t>, shares: Tensor<'t>) -> Tensor<'t> {
        let [count, samples] = shares.dims();
        let dtype = shares.dtype();
        let batch = self.arrays.examples[0].shape()[0];
        let number = chosen.draws.choice(batch, first, count).to(dtype);
        let steps = shares.trace().iota(dtype, [chosen.count], 0);
        let at = (number + steps) / chosen.count as f64;
        let below = shares.cumsum(-1).expand_dims(1).less_equal(at.expand_dims(-1));
        // Rounding may leave the sum of all below the last step.
        let index = below.to(DType::S32).sum(-1).minimum(samples as i32 - 1);
        index.one_hot(samples, dtype)
    }

    /// The logits of a tile.
    fn tile(&self, ready: &Ready<'t, '_>, tile: &Tile<'t>) -> TileLogits<'t> {
        let of_tile = |arrays: &[OfClasses<'t>]| -> Vec<_> {
            arrays.iter().map(|array| array.tile(tile)).collect()
        };
        let vectors = of_tile(&self.arrays.vectors);
        let (kernels, projected) = match ready.projected {
            // Cut off, or else the rows' gradient would be that through these, too.
            Some(kept) => {
                (vec![], OfClasses { tensor: kept.tensor.stop_gradient(), ..kept }.tile(tile))
            }
            None => {
                let kernels = of_tile(&self.arrays.kernels);
                let projected = ready.form.project(&ready.prepared, &kernels);
                (kernels, projected)
            }
        };
        let mut logits = ready.form.logits(&ready.prepared, projected, &vectors, tile);
        if let Some(new) = tile.unseen() {
            let nothing = logits.trace().full(NOTHING, logits.dtype(), logits.shape());
            logits = new.broadcast_to(logits.shape()).select(logits, nothing);
        }
        TileLogits { kernels, vectors, projected, logits }
    }

    /// Goes over the tiles of classes.
    fn sweep<C: hlo::Tree<'t>>(
        &self,
        like: Tensor<'t>,
        init: C,
        body: impl FnOnce(C, &Tile<'t>) -> C,
    ) -> C {
        let (trace, classes, size) = (like.trace(), self.classes, self.plan.classes);
        if size == classes {
            return body(init, &Tile::all(classes, like));
        }
        let tiles = classes.div_ceil(size);
        let starts = trace.iota(DType::S32, [tiles], 0) * size as i32;
        hlo::scan(init, starts, |carry, start| {
            // The last tile begins early, so that it is as large as the others.
            let first = start.minimum((classes - size) as i32);
            let from = (classes % size != 0).then_some(start);
            (body(carry, &Tile { first, size, from }), ())
        })
        .0
    }

    /// The log-sum-exp of the logits of each sample, and the label's logit: `[b, S]` each.
    fn normalizers(&self, ready: &Ready<'t, '_>, labels: Tensor<'t>) -> (Tensor<'t>, Tensor<'t>) {
        let like = ready.prepared.rows[0];
        let (trace, dtype) = (like.trace(), wide(like.dtype()));
        let shape = [like.shape()[0], ready.form.samples()];
        let lowest = trace.full(f64::NEG_INFINITY, dtype, shape);
        let zero = trace.full(0.0, dtype, shape);
        let (max, sum, of_label) =
            self.sweep(like, (lowest, zero, zero), |(max, sum, of_label), tile| {
                let logits = self.tile(ready, tile).logits;
                let next = max.maximum(logits.max(-1));
                let part = (logits - next.expand_dims(-1)).exp().sum(-1);
                let at = labels - tile.first;
                let inside = at.less(tile.size as i32)
                    & labels.greater_equal(tile.from.unwrap_or(tile.first));
                let inside = inside.expand_dims(-1).broadcast_to(shape);
                let at = at.clamp(0, tile.size as i32 - 1).expand_dims(-1);
                let picked = inside.select(pick(logits, at.broadcast_to(shape)), zero);
                (next, sum * (max - next).exp() + part, of_label + picked)
            });
        (max + sum.log(), of_label)
    }

    /// The gradients, given that of the loss with respect to the logits of a tile.
    fn gradients(
        &self,
        ready: &Ready<'t, '_>,
        of_logits: impl FnOnce(&Tile<'t>, Tensor<'t>) -> Tensor<'t>,
    ) -> Gradients<'t> {
        self.gradients_and((), ready, |(), tile, logits| ((), of_logits(tile, logits))).1
    }

    /// [`Self::gradients`], with something carried along.
    fn gradients_and<C: hlo::Tree<'t>>(
        &self,
        init: C,
        ready: &Ready<'t, '_>,
        of_logits: impl FnOnce(C, &Tile<'t>, Tensor<'t>) -> (C, Tensor<'t>),
    ) -> (C, Gradients<'t>) {
        let zeros = |tensors: &mut dyn Iterator<Item = Tensor<'t>>| -> Sums<'t> {
            tensors.map(Tensor::zeros_like).collect()
        };
        let rows = &ready.prepared.rows;
        let whole = |arrays: &[OfClasses<'t>]| zeros(&mut arrays.iter().map(|array| array.tensor));
        // What is summed over the tiles: of the rows, of the vectors, and of the projected columns or
        // of the kernels that make them.
        let projected = match ready.projected {
            Some(kept) => vec![kept],
            None => self.arrays.kernels.clone(),
        };
        let init = (
            init,
            // Of few bits, as rows may be, a sum over many tiles would lose what they add.
            zeros(&mut rows.iter().map(|row| row.to(wide(row.dtype())))),
            whole(&self.arrays.vectors),
            whole(&projected),
        );
        let (carry, mut of_rows, of_vectors, of_projected) =
            self.sweep(rows[0], init, |(carry, of_rows, of_vectors, of_projected), tile| {
                let made = self.tile(ready, tile);
                let (carry, cotangent) = of_logits(carry, tile, made.logits);
                let last =
                    if made.kernels.is_empty() { vec![made.projected] } else { made.kernels };
                let wanted = [&rows[..], &made.vectors, &last].concat();
                let parts = pull_back(&[made.logits], &[cotangent], &wanted);
                let (parts_of_rows, rest) = parts.split_at(rows.len());
                let (parts_of_vectors, parts_of_last) = rest.split_at(made.vectors.len());
                let of_rows = of_rows
                    .iter()
                    .zip(parts_of_rows)
                    .map(|(&sum, &part)| sum + part.to(sum.dtype()));
                let add = |sums: &[Tensor<'t>], arrays: &[OfClasses<'t>], parts: &[Tensor<'t>]| {
                    let sums =
                        sums.iter().zip(arrays).zip(parts).map(|((&tensor, array), &part)| {
                            OfClasses { tensor, axis: array.axis }.add(tile, part).tensor
                        });
                    sums.collect::<Sums<'t>>()
                };
                let of_vectors = add(&of_vectors, &self.arrays.vectors, parts_of_vectors);
                let of_projected = add(&of_projected, &projected, parts_of_last);
                (carry, of_rows.collect(), of_vectors, of_projected)
            });
        let kernels = match ready.projected {
            None => of_projected,
            Some(kept) => {
                let wanted = [&rows[..], &self.kernels()].concat();
                let parts = pull_back(&[kept.tensor], &of_projected, &wanted);
                for (sum, part) in of_rows.iter_mut().zip(&parts) {
                    *sum = *sum + part.to(sum.dtype());
                }
                parts[rows.len()..].to_vec()
            }
        };
        (carry, Gradients { rows: of_rows, kernels, vectors: of_vectors })
    }

    /// Softmax against a weight for every class: `−Σ t ln p`.
    fn soft_targets(
        &self,
        ready: &Ready<'t, '_>,
        targets: Tensor<'t>,
        weights: Tensor<'t>,
    ) -> (Tensor<'t>, Gradients<'t>) {
        let like = ready.prepared.rows[0];
        let (trace, dtype) = (like.trace(), wide(like.dtype()));
        let [batch, _] = targets.dims();
        let shape = [batch, ready.form.samples()];
        let none = trace.full(-1, DType::S32, [batch]);
        let (normalizers, _) = self.normalizers(ready, none);
        let targets = OfClasses { tensor: targets, axis: 1 };
        let weighted = |tile: &Tile<'t>| {
            let targets = targets.tile(tile).to(dtype) * weights.expand_dims(-1);
            tile.only_unseen(targets)
        };
        // The share of each sample in each class's probability, `[b, S, classes]`, times the target.
        let shares = |tile: &Tile<'t>, log_p: Tensor<'t>| {
            (log_p - log_p.logsumexp(1).expand_dims(1)).exp() * weighted(tile).expand_dims(1)
        };
        let log_p = |logits: Tensor<'t>| logits - normalizers.expand_dims(-1);
        let samples = (shape[1] as f64).ln();
        let (loss, total) = (trace.constant(0.0, dtype), trace.full(0.0, dtype, shape));
        let (loss, total) = self.sweep(like, (loss, total), |(loss, total), tile| {
            let log_p = log_p(self.tile(ready, tile).logits);
            let log_mean = log_p.logsumexp(1) - samples;
            (loss - (weighted(tile) * log_mean).sum(..), total + shares(tile, log_p).sum(-1))
        });
        let gradients = self.gradients(ready, |tile, logits| {
            let log_p = log_p(logits);
            log_p.exp() * total.expand_dims(-1) - shares(tile, log_p)
        });
        (loss, gradients)
    }

    /// Sigmoid and binary cross-entropy, summed over classes, in one sweep.
    fn sigmoid(
        &self,
        ready: &Ready<'t, '_>,
        labels: Labels<'t>,
        weights: Tensor<'t>,
    ) -> (Tensor<'t>, Gradients<'t>) {
        let like = ready.prepared.rows[0];
        let dtype = wide(like.dtype());
        let zero = like.trace().constant(0.0, dtype);
        self.gradients_and(zero, ready, |loss, tile, logits| {
            let targets = match labels {
                Labels::Classes(labels) => tile.classes().equal(labels.expand_dims(-1)).to(dtype),
                Labels::Targets(tensor) => OfClasses { tensor, axis: 1 }.tile(tile).to(dtype),
            };
            let counted = weights.expand_dims(-1).broadcast_to(targets.shape());
            let counted = tile.only_unseen(counted);
            let p = Bernoulli::of(logits, ready.form.weights());
            let (of_log_p, of_log_not_p) = (-counted * targets, -counted * (1.0 - targets));
            let part = of_log_p * p.log_p + of_log_not_p * p.log_not_p;
            (loss + part.sum(..), p.pull_back(of_log_p, of_log_not_p))
        })
    }

    fn predict_chunk(&self, chunk: &Chunk<'t>) -> Predictive<'t> {
        let ready = self.ready(chunk);
        let like = ready.prepared.rows[0];
        let (trace, dtype) = (like.trace(), wide(like.dtype()));
        let batch = like.shape()[0];
        let zeros = || trace.full(0.0, dtype, [batch, self.classes]);
        let of_classes = |tensor| OfClasses { tensor, axis: 1 };
        match self.loss {
            Loss::Softmax => {
                let none = trace.full(-1, DType::S32, [batch]);
                let (normalizers, _) = self.normalizers(&ready, none);
                let log_probabilities = self.sweep(like, zeros(), |log_p, tile| {
                    // Without the mask: the classes that an earlier tile had are the same once more.
                    let logits = self.tile(&ready, &Tile { from: None, ..*tile }).logits;
                    let part = log_mean_exp(logits - normalizers.expand_dims(-1));
                    of_classes(log_p).set(tile, part).tensor
                });
                Predictive { log_probabilities, log_complements: None }
            }
            Loss::Sigmoid => {
                let [log_p, log_not_p] =
                    self.sweep(like, [zeros(), zeros()], |[log_p, log_not_p], tile| {
                        let logits = self.tile(&ready, &Tile { from: None, ..*tile }).logits;
                        let made = Bernoulli::of(logits, ready.form.weights());
                        let log_p = of_classes(log_p).set(tile, made.log_p);
                        [log_p, of_classes(log_not_p).set(tile, made.log_not_p)].map(|it| it.tensor)
                    });
                Predictive { log_probabilities: log_p, log_complements: Some(log_not_p) }
            }
        }
    }
}

/// The batch in chunks of one size. The last is filled up with examples of zeros, which are to count
/// for nothing.
#[derive(Clone, Copy)]
struct Chunks {
    batch: usize,
    size: usize,
}

impl Chunks {
    fn count(self) -> usize {
        self.batch.div_ceil(self.size)
    }

    /// `[B, …]` → `[chunks, size, …]`.
    fn split<'t>(self, tensor: Tensor<'t>) -> Tensor<'t> {
        let shape = tensor.shape();
        let (none, mut high) = (vec![0; shape.len()], vec![0; shape.len()]);
        high[0] = (self.count() * self.size - self.batch) as i64;
        let filled = tensor.pad(
            tensor.trace().constant(0, tensor.dtype()),
            none,
            high,
            vec![0; shape.len()],
        );
        filled.reshape([&[self.count(), self.size], &shape[1..]].concat())
    }

    /// `[chunks, size, …]` → `[B, …]`.
    fn join<'t>(self, tensor: Tensor<'t>) -> Tensor<'t> {
        let shape = [&[self.count() * self.size], &tensor.shape()[2..]].concat();
        tensor.reshape(&shape).slice(0, 0..self.batch)
    }

    /// The number of each chunk's first example.
    fn firsts(self, trace: &Trace) -> Tensor<'_> {
        trace.iota(DType::S32, [self.count()], 0) * self.size as i32
    }
}

/// Gradients of a chunk.
struct Gradients<'t> {
    rows: Vec<Tensor<'t>>,
    kernels: Vec<Tensor<'t>>,
    vectors: Vec<Tensor<'t>>,
}

/// The gradients of `wanted`, given the cotangents of what was made of them.
fn pull_back<'t>(
    made: &[Tensor<'t>],
    cotangents: &[Tensor<'t>],
    wanted: &[Tensor<'t>],
) -> Vec<Tensor<'t>> {
    let products = made
        .iter()
        .zip(cotangents)
        .map(|(&made, cotangent)| (made.to(cotangent.dtype()) * cotangent.stop_gradient()).sum(..));
    let sum = products.reduce(|sum, product| sum + product).expect("something was made");
    hlo::grad(sum, wanted.to_vec())
}

/// The element of the last axis of `[b, S, classes]` that `at` `[b, S]` names, where all are inside.
/// A gather with batch axes would do, but for versions of StableHLO below 1.1.0.
fn pick<'t>(logits: Tensor<'t>, at: Tensor<'t>) -> Tensor<'t> {
    let [batch, samples, classes] = logits.dims();
    let elements = batch * samples * classes;
    let index = if i32::try_from(elements).is_ok() { DType::S32 } else { DType::S64 };
    let row = logits.trace().iota(index, [batch * samples], 0).reshape([batch, samples]);
    logits.reshape([elements]).take(row * classes as i32 + at.to(index), 0)
}

/// The type of logits and losses: `f32` for narrower ones.
pub(super) fn wide(dtype: DType) -> DType {
    if dtype == DType::F64 { DType::F64 } else { DType::F32 }
}
