//! A head with numbers to evaluate it on.

use hetxl::model::head::{DiagNoise, Draws, Heteroscedastic, Noise, Plan, Predictive, Temperature};
use hetxl::model::{Head, Labels, Loss, ParamSpec, Params};
use hlo::{DType, Tensor};

use crate::device::{Outputs, Recorder};

/// What a head is told to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub loss: Loss,
    pub target: Target,
    pub factors: Factors,
    pub diag_noise: DiagNoise,
    /// Whether the temperature is learned.
    pub learned: bool,
    /// Whether all examples have the same noise.
    pub shared: bool,
}

/// What an example is labelled with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Class,
    MultiHot,
    Soft,
    /// Every class.
    All,
    /// No class.
    Nothing,
}

/// The form of the noise that has a low rank.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Factors {
    /// R = 0.
    None,
    Full,
    Efficient,
    EfficientWithBias,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// B.
    pub batch: usize,
    /// D.
    pub width: usize,
    /// K.
    pub classes: usize,
    /// R, where there are factors.
    pub rank: usize,
    /// S.
    pub samples: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub kind: Kind,
    pub shape: Shape,
    pub plan: Plan,
    /// Of what is computed in parts; the reference is always computed in `f64`.
    pub dtype: DType,
    /// How large the numbers of the last layer are.
    pub scale: f64,
    /// What its bias has beside.
    pub shift: f64,
    /// What the numbers are drawn from.
    pub seed: u32,
}

/// The inputs of a case in a trace.
#[derive(Clone)]
pub(crate) struct Inputs<'t> {
    pub params: Vec<(String, Tensor<'t>)>,
    pub pre_logits: Tensor<'t>,
    pub labels: Labels<'t>,
    pub noise: Noise<'t>,
}

impl<'t> Inputs<'t> {
    /// The same numbers in another type.
    pub(crate) fn to(&self, dtype: DType) -> Self {
        let param = |(name, tensor): &(String, Tensor<'t>)| (name.clone(), tensor.to(dtype));
        Self {
            params: self.params.iter().map(param).collect(),
            pre_logits: self.pre_logits.to(dtype),
            labels: match self.labels {
                Labels::Classes(labels) => Labels::Classes(labels),
                Labels::Targets(targets) => Labels::Targets(targets.to(dtype)),
            },
            noise: Noise { factors: self.noise.factors.to(dtype), diag: self.noise.diag.to(dtype) },
        }
    }

    pub(crate) fn params(&self) -> Params<'t> {
        self.params.iter().cloned().collect()
    }
}

impl Case {
    pub(crate) fn head(&self) -> Heteroscedastic {
        let Kind { loss, factors, diag_noise, learned, shared, .. } = self.kind;
        Heteroscedastic {
            loss,
            factors: self.rank(),
            samples: self.shape.samples,
            diag_noise,
            parameter_efficient: !matches!(factors, Factors::Full),
            factor_bias: matches!(factors, Factors::EfficientWithBias),
            share_samples: shared,
            temperature: match learned {
                true => Temperature::Learned { low: 0.05, high: 5.0 },
                false => Temperature::Fixed(0.7),
            },
            plan: Some(self.plan),
            ..Default::default()
        }
    }

    fn rank(&self) -> usize {
        if matches!(self.kind.factors, Factors::None) { 0 } else { self.shape.rank }
    }

    /// The dimensions of the noise: of ζ, and of η.
    pub(crate) fn noise_dims(&self) -> [[usize; 3]; 2] {
        let Shape { batch, width, samples, .. } = self.shape;
        let examples = if self.kind.shared { 1 } else { batch };
        let width = if self.kind.diag_noise == DiagNoise::Scalar { 1 } else { width };
        [[examples, samples, width], [examples, samples, self.rank()]]
    }

    /// Declares the inputs, with random numbers between −1 and 1.
    pub(crate) fn inputs<'t>(&self, recorder: &mut Recorder<'_, 't>) -> Inputs<'t> {
        let Shape { batch, width, classes, .. } = self.shape;
        let mut drawn = 0;
        let mut random = |dims: &[usize], dtype: DType, of: &dyn Fn(f64) -> f64| {
            drawn += 1;
            let numbers = scattered(dims.iter().product(), [self.seed, drawn]);
            recorder.input(dtype, dims, &numbers.into_iter().map(of).collect::<Vec<_>>())
        };
        let specs: Vec<ParamSpec> = Head::params(&self.head(), width, classes);
        let param = |spec: ParamSpec| {
            let of = |x| match spec.name.as_str() {
                "head/loc/kernel" => x * self.scale,
                "head/loc/bias" => x * self.scale + self.shift,
                _ => x,
            };
            (spec.name.clone(), random(&spec.shape, self.dtype, &of))
        };
        let params = specs.into_iter().map(param).collect();
        let pre_logits = random(&[batch, width], self.dtype, &|x| x);
        let targets: &dyn Fn(f64) -> f64 = match self.kind.target {
            Target::Class => &|x| ((x + 1.0) / 2.0 * classes as f64).floor(),
            Target::MultiHot => &|x| f64::from(x > 0.0),
            Target::Soft => &|x| (x + 1.0) / 2.0,
            Target::All => &|_| 1.0,
            Target::Nothing => &|_| 0.0,
        };
        let labels = match self.kind.target {
            Target::Class => Labels::Classes(random(&[batch], DType::S32, targets)),
            _ => Labels::Targets(random(&[batch, classes], self.dtype, targets)),
        };
        let [diag, factors] = self.noise_dims().map(|dims| random(&dims, self.dtype, &|x| 2.0 * x));
        Inputs { params, pre_logits, labels, noise: Noise { factors, diag } }
    }
}

/// Puts out loss, gradients and predictive distribution of a head in parts, each name after `what`.
pub(crate) fn streamed<'t>(
    recorder: &Recorder<'_, 't>,
    what: &str,
    head: &dyn Head,
    inputs: &Inputs<'t>,
    draws: Draws<'t>,
) {
    let params = inputs.params();
    let loss = head.loss(&params, inputs.pre_logits, inputs.labels, draws);
    let predictive = head.predict(&params, inputs.pre_logits, draws);
    put_out(recorder, what, inputs, loss, predictive);
}

/// The same of the head's naive form.
pub(crate) fn naive<'t>(
    recorder: &Recorder<'_, 't>,
    what: &str,
    head: &Heteroscedastic,
    inputs: &Inputs<'t>,
) {
    let logits = head.naive_logits(&inputs.params(), inputs.pre_logits, inputs.noise);
    let loss = head.loss.of_samples(logits, inputs.labels).mean(..);
    put_out(recorder, what, inputs, loss, head.loss.predictive(logits));
}

/// Puts out these and the gradients of the loss, each name after `what`.
pub(crate) fn put_out<'t>(
    recorder: &Recorder<'_, 't>,
    what: &str,
    inputs: &Inputs<'t>,
    loss: Tensor<'t>,
    predictive: Predictive<'t>,
) {
    let output = |name: &str, tensor: Tensor<'t>| {
        recorder.trace.output(&format!("{what}/{name}"), tensor.to(DType::F64));
    };
    output("loss", loss);
    output("ln p", predictive.log_probabilities);
    if let Some(log_not_p) = predictive.log_complements {
        output("ln(1 - p)", log_not_p);
    }
    let (mut names, mut wanted): (Vec<_>, Vec<_>) = inputs.params.iter().cloned().unzip();
    names.push("pre_logits".to_owned());
    wanted.push(inputs.pre_logits);
    for (name, gradient) in names.iter().zip(hlo::grad(loss, wanted)) {
        output(&format!("gradient of {name}"), gradient);
    }
}

/// How far one evaluation is from another at most, and in what: each array's largest difference,
/// relative to its largest number. A logarithm's is relative to no less than 1, since it is the
/// relative one of what it is of; a gradient's, whose numbers may all but cancel, to no less than a
/// hundredth of 1 or of the largest gradient.
pub(crate) fn difference(outputs: &Outputs, got: &str, expected: &str) -> (f64, String) {
    let largest = |numbers: &[f64]| numbers.iter().fold(0f64, |most, x| most.max(x.abs()));
    let of = |what: &str| {
        let start = format!("{what}/");
        let named = outputs.iter().filter_map(move |(name, numbers)| {
            Some((name.strip_prefix(&start)?.to_owned(), numbers.as_slice()))
        });
        named.collect::<Vec<_>>()
    };
    let (got, expected) = (of(got), of(expected));
    assert!(!got.is_empty() && got.len() == expected.len());
    let is_gradient = |name: &str| name.starts_with("gradient of ");
    let gradients = expected.iter().filter(|(name, _)| is_gradient(name));
    let steepest = gradients.fold(1f64, |most, (_, x)| most.max(largest(x)));
    let mut worst = (0.0, "nothing".to_owned());
    for ((name, got), (same, expected)) in got.into_iter().zip(expected) {
        assert_eq!((&name, got.len()), (&same, expected.len()));
        let apart = |(x, y): (&f64, &f64)| if x.is_nan() { f64::INFINITY } else { x - y };
        let apart: Vec<_> = got.iter().zip(expected).map(apart).collect();
        let least = if is_gradient(&name) { steepest / 100.0 } else { 1.0 };
        let error = largest(&apart) / largest(expected).max(least);
        if error > worst.0 {
            worst = (error, name);
        }
    }
    worst
}

/// Numbers between −1 and 1 that have no structure.
pub(crate) fn scattered(count: usize, seed: [u32; 2]) -> Vec<f64> {
    (0..count as u32)
        .map(|i| {
            let [bits, _] = hlo::random::threefry2x32(seed, [0, i]);
            f64::from(bits) / 2f64.powi(31) - 1.0
        })
        .collect()
}
