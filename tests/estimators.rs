//! Estimators on the real plugin: what each sample is, what they are unbiased in, and that they are
//! evaluated as their samples say.

mod support;

use hetxl::config::Config;
use hetxl::model::head::{
    Backward, DiagNoise, Draws, Estimator, Heteroscedastic, Plan, Temperature,
};
use hetxl::model::{Head, Labels, Loss, Params};
use hetxl::runtime::Runtime;
use hlo::DType::{self, F32, F64, S32, U32};
use hlo::random::Key;
use hlo::{Program, Tensor, Trace};
use pjrt::{HostArray, LoadedExecutable};
use support::device;

const FACTOR_EXACT: Estimator = Estimator::FactorExact { diag_rows: 2 };

/// A difference of so many standard errors is one of the means, too.
const SIGMAS: f64 = 5.0;

/// A head with the shapes of a batch.
#[derive(Clone)]
struct Case {
    head: Heteroscedastic,
    batch: usize,
    width: usize,
    classes: usize,
}

/// A compiled program with its inputs.
struct Run {
    runtime: Runtime,
    executable: LoadedExecutable,
    inputs: Vec<HostArray>,
}

impl Case {
    fn new(estimator: Estimator, diag_noise: DiagNoise, samples: usize) -> Self {
        let temperature = Temperature::Learned { low: 0.05, high: 2.0 };
        let head = Heteroscedastic {
            factors: 3,
            samples,
            diag_noise,
            estimator,
            temperature,
            ..Default::default()
        };
        Self { head, batch: 5, width: 4, classes: 7 }
    }

    fn loss(mut self, loss: Loss) -> Self {
        self.head.loss = loss;
        self
    }

    fn of(mut self, batch: usize) -> Self {
        self.batch = batch;
        self
    }

    /// Every parameter's numbers: without structure, of a spread that makes probabilities differ
    /// between samples.
    fn params(&self) -> Vec<(Vec<usize>, Vec<f64>)> {
        let specs = Head::params(&self.head, self.width, self.classes);
        let numbers = specs.iter().enumerate().map(|(i, spec)| {
            let scale = if spec.name == "head/loc/kernel" { 1.5 } else { 0.8 };
            let numbers = scattered(spec.elements(), i as u32).into_iter().map(|x| scale * x);
            (spec.shape.clone(), numbers.collect())
        });
        numbers.collect()
    }

    /// Compiles what is recorded of parameters, pre-logits and a key, for pre-logits that are all the
    /// same if there are many of them.
    fn compile(
        &self,
        dtype: DType,
        record: impl for<'t> FnOnce(&'t Trace, &Params<'t>, Tensor<'t>, Key<'t>),
    ) -> Run {
        let specs = Head::params(&self.head, self.width, self.classes);
        let program = hlo::trace("estimator", |t| {
            let params: Params<'_> = specs
                .iter()
                .map(|spec| (spec.name.clone(), t.input(&spec.name, dtype, &spec.shape)))
                .collect();
            let alike = self.batch > 100;
            let rows = if alike { 1 } else { self.batch };
            let phi = t.input("phi", dtype, [rows, self.width]);
            let key = Key::from_tensor(t.input("key", U32, [2]));
            record(t, &params, phi.broadcast_to([self.batch, self.width]), key);
        });
        let program: Program = program.unwrap();
        let runtime = device::runtime();
        let executable = runtime.compile(&program).unwrap();
        let mut inputs: Vec<_> =
            self.params().iter().map(|(dims, numbers)| host(dtype, dims, numbers)).collect();
        let phi = program.inputs()[specs.len()].shape();
        inputs.push(host(dtype, &phi, &scattered(phi.elements(), 100)));
        inputs.push(HostArray::from_slice(&[2], &[0u32, 7]).unwrap());
        Run { runtime, executable, inputs }
    }
}

impl Run {
    fn run(&self) -> Vec<Vec<f64>> {
        let inputs: Vec<_> = self.inputs.iter().collect();
        let outputs = self.runtime.run(&self.executable, [], &inputs).unwrap();
        outputs.iter().map(|output| numbers(&output.to_host().unwrap())).collect()
    }

    fn with_key(&mut self, key: u32) -> &Self {
        *self.inputs.last_mut().unwrap() = HostArray::from_slice(&[2], &[1u32, key]).unwrap();
        self
    }
}

fn host(dtype: DType, dims: &[usize], numbers: &[f64]) -> HostArray {
    match dtype {
        F64 => HostArray::from_slice(dims, numbers),
        _ => HostArray::from_slice(dims, &numbers.iter().map(|&n| n as f32).collect::<Vec<_>>()),
    }
    .unwrap()
}

fn numbers(array: &HostArray) -> Vec<f64> {
    match array.dtype() {
        pjrt::DType::F64 => array.as_slice().unwrap().to_vec(),
        _ => array.as_slice::<f32>().unwrap().iter().map(|&n| f64::from(n)).collect(),
    }
}

/// Deterministic numbers around 0 that have no structure.
fn scattered(count: usize, seed: u32) -> Vec<f64> {
    (0..count as u32)
        .map(|i| {
            let [bits, _] = hlo::random::threefry2x32([seed, 1], [0, i]);
            f64::from(bits) / 2f64.powi(31) - 1.0
        })
        .collect()
}

/// The largest difference, relative to the largest expected value of the array.
fn relative_error(got: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(got.len(), expected.len());
    let scale = expected.iter().fold(1e-12f64, |scale, x| scale.max(x.abs()));
    let error = got.iter().zip(expected).map(|(x, y)| (x - y).abs());
    error.fold(0f64, |worst, error| if error.is_nan() { f64::NAN } else { worst.max(error) })
        / scale
}

/// The mean and its squared standard error.
fn mean_of(numbers: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = numbers.clone().count() as f64;
    let mean = numbers.clone().sum::<f64>() / count;
    let variance = numbers.map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance / count)
}

/// Every estimator that has samples, with the diagonal noise that it is for.
fn sampling() -> Vec<(Estimator, DiagNoise)> {
    use DiagNoise::{Independent, Scalar};
    vec![
        (Estimator::Iid, Scalar),
        (Estimator::Iid, Independent),
        (Estimator::Antithetic, Scalar),
        (Estimator::Antithetic, Independent),
        (Estimator::Orthogonal, Scalar),
        (Estimator::Orthogonal, Independent),
        (FACTOR_EXACT, Independent),
    ]
}

/// The numbers behind the samples of many examples, `[example][sample][dimension]`: those of η and
/// then those of ζ.
fn normals(case: &Case) -> Vec<Vec<Vec<f64>>> {
    let run = case.compile(F32, |t, _, phi, key| {
        let noise = case.head.noise(phi, Draws::of_batch(key, case.batch));
        t.output("noise", t.concatenate(&[noise.factors, noise.diag], 2));
    });
    let flat = &run.run()[0];
    let samples = case.head.samples;
    let size = flat.len() / case.batch / samples;
    flat.chunks(size * samples).map(|it| it.chunks(size).map(<[f64]>::to_vec).collect()).collect()
}

#[test]
fn every_sample_is_made_of_independent_standard_normal_numbers() {
    for (estimator, diag_noise) in sampling() {
        // More pairs than dimensions, so that there is more than one group at right angles.
        let case = Case::new(estimator, diag_noise, 12).of(20_000);
        let normals = normals(&case);
        let size = normals[0][0].len();
        let check =
            |what: String, expected: f64, variance: f64, got: &dyn Fn(&Vec<Vec<f64>>) -> f64| {
                let mean = normals.iter().map(got).sum::<f64>() / normals.len() as f64;
                let z = (mean - expected) / (variance / normals.len() as f64).sqrt();
                assert!(
                    z.abs() < SIGMAS,
                    "{estimator:?} {diag_noise:?}: {what} is {mean}, {z:.1} sigma"
                );
            };
        for s in 0..case.head.samples {
            for i in 0..size {
                let place = format!("of number {i} of sample {s}");
                check(format!("the mean {place}"), 0.0, 1.0, &|it| it[s][i]);
                check(format!("the variance {place}"), 1.0, 2.0, &|it| it[s][i].powi(2));
                check(format!("the kurtosis {place}"), 3.0, 96.0, &|it| it[s][i].powi(4));
                for j in 0..i {
                    let place = format!("of numbers {i} and {j} of sample {s}");
                    check(format!("the covariance {place}"), 0.0, 1.0, &|it| it[s][i] * it[s][j]);
                    let squares = |it: &Vec<Vec<f64>>| (it[s][i] * it[s][j]).powi(2);
                    check(format!("the covariance of squares {place}"), 1.0, 8.0, &squares);
                }
            }
        }
    }
}

#[test]
fn samples_come_in_pairs_whose_vectors_are_at_right_angles() {
    for (estimator, diag_noise) in sampling() {
        let case = Case::new(estimator, diag_noise, 12);
        let pairs = case.head.samples / 2;
        let paired = estimator != Estimator::Iid;
        let right_angles =
            matches!(estimator, Estimator::Orthogonal | Estimator::FactorExact { .. });
        // Of η alone where the diagonal noise has dimensions of its own.
        let width = if diag_noise == DiagNoise::Scalar { 4 } else { 3 };
        for samples in normals(&case) {
            for i in 0..pairs {
                let opposite = samples[i].iter().zip(&samples[pairs + i]).all(|(a, b)| *a == -b);
                assert_eq!(opposite, paired, "{estimator:?}");
                for j in (i / width * width)..i {
                    let [a, b] = [&samples[i][..width], &samples[j][..width]];
                    let dot =
                        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                    let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
                    assert_eq!(cosine.abs() < 1e-4, right_angles, "{estimator:?}: cosine {cosine}");
                }
            }
        }
    }
}

/// Loss, predictions and all gradients.
fn record<'t>(t: &'t Trace, case: &Case, params: &Params<'t>, phi: Tensor<'t>, loss: Tensor<'t>) {
    t.output("loss", loss);
    let specs = Head::params(&case.head, case.width, case.classes);
    let wrt: Vec<_> = specs.iter().map(|spec| params.get(&spec.name)).chain([phi]).collect();
    for (i, gradient) in hlo::grad(loss, wrt).into_iter().enumerate() {
        t.output(&format!("gradient{i}"), gradient);
    }
}

/// One class for each of a few examples.
fn labels<'t>(t: &'t Trace, case: &Case) -> Labels<'t> {
    let labels: Vec<_> = (0..case.batch).map(|b| (b * 5 % case.classes) as i32).collect();
    Labels::Classes(t.constant_array(&labels, S32, [case.batch]))
}

fn agrees_with_the_naive_form(case: &Case) {
    let head = &case.head;
    let streamed = case.compile(F64, |t, params, phi, key| {
        let loss = head.loss(params, phi, labels(t, case), Draws::of_batch(key, case.batch));
        record(t, case, params, phi, loss);
        let draws = Draws::Shared(key.again());
        t.output("predictive", head.predict(params, phi, draws).log_probabilities);
    });
    let naive = case.compile(F64, |t, params, phi, key| {
        let logits = |draws| head.naive_logits(params, phi, head.noise(phi, draws));
        let loss = head
            .loss
            .of_samples(logits(Draws::of_batch(key, case.batch)), labels(t, case))
            .mean(..);
        record(t, case, params, phi, loss);
        let predictive = head.loss.predictive(logits(Draws::Shared(key.again())));
        t.output("predictive", predictive.log_probabilities);
    });
    for (i, (got, expected)) in streamed.run().iter().zip(naive.run()).enumerate() {
        let error = relative_error(got, &expected);
        assert!(error <= 1e-10, "output {i} is off by {error:.1e}: {head:?}");
    }
}

#[test]
fn losses_gradients_and_predictions_are_those_of_the_samples() {
    for (estimator, diag_noise) in sampling() {
        // With and without fewer directions than samples.
        for (loss, samples) in [(Loss::Softmax, 4), (Loss::Sigmoid, 12)] {
            let mut case = Case::new(estimator, diag_noise, samples).loss(loss);
            case.head.plan = Some(Plan { examples: 2, classes: 3, keep: samples == 4 });
            case.head.parameter_efficient = loss == Loss::Sigmoid;
            agrees_with_the_naive_form(&case);
        }
    }
}

#[test]
fn gradients_agree_with_central_differences_for_the_same_numbers() {
    let quadratures =
        [DiagNoise::Scalar, DiagNoise::Independent].map(|it| (Estimator::Quadrature, it));
    let cases = sampling().into_iter().map(|it| (it, Loss::Softmax));
    for ((estimator, diag_noise), loss) in cases.chain(quadratures.map(|it| (it, Loss::Sigmoid))) {
        let case = Case::new(estimator, diag_noise, 8).loss(loss).of(2);
        let head = &case.head;
        let gradients = case.compile(F64, |t, params, phi, key| {
            let loss = head.loss(params, phi, labels(t, &case), Draws::of_batch(key, case.batch));
            record(t, &case, params, phi, loss);
        });
        let gradients = gradients.run().split_off(1);
        let mut value = case.compile(F64, |t, params, phi, key| {
            t.output(
                "loss",
                head.loss(params, phi, labels(t, &case), Draws::of_batch(key, case.batch)),
            );
        });
        for (i, got) in gradients.iter().enumerate() {
            const STEP: f64 = 1e-5;
            let dims = value.inputs[i].dims().to_vec();
            let numbers = numbers(&value.inputs[i]);
            let expected: Vec<_> = (0..numbers.len())
                .map(|at| {
                    let [above, below] = [STEP, -STEP].map(|step| {
                        let mut moved = numbers.clone();
                        moved[at] += step;
                        value.inputs[i] = host(F64, &dims, &moved);
                        value.run()[0][0]
                    });
                    (above - below) / (2.0 * STEP)
                })
                .collect();
            value.inputs[i] = host(F64, &dims, &numbers);
            let error = relative_error(got, &expected);
            assert!(error <= 1e-7, "{estimator:?}: gradient {i} is off by {error:.1e}");
        }
    }
}

/// Of many examples that are alike but for their noise: the mean of each class's probability and of
/// the gradient of the label's probability with respect to the pre-logits, with squared standard
/// errors.
fn expectations(case: &Case) -> Vec<(f64, f64)> {
    let (head, classes, width) = (&case.head, case.classes, case.width);
    let run = case.compile(F32, |t, params, phi, key| {
        let p = head.predict(params, phi, Draws::of_batch(key, case.batch)).log_probabilities.exp();
        let label = t.full(2, S32, [case.batch]);
        let loss = head.loss(
            params,
            phi,
            Labels::Classes(label),
            Draws::of_batch(key.again(), case.batch),
        );
        // The gradient of the mean of −ln p, times p.
        let gradient = hlo::grad(loss, phi) * case.batch as f64 * p.slice(1, 2..3);
        t.output("p", p);
        t.output("gradient", gradient);
    });
    let outputs = run.run();
    let columns = |numbers: &[f64], width: usize| -> Vec<_> {
        (0..width).map(|i| mean_of(numbers.iter().skip(i).step_by(width).copied())).collect()
    };
    [columns(&outputs[0], classes), columns(&outputs[1], width)].concat()
}

fn assert_alike(got: &[(f64, f64)], expected: &[(f64, f64)], what: &str) {
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let z = (got.0 - expected.0) / (got.1 + expected.1).sqrt();
        assert!(z.abs() < SIGMAS, "{what}, {i}: {} for {}, {z:.1} sigma", got.0, expected.0);
    }
}

#[test]
fn mean_probabilities_and_their_gradients_are_unbiased() {
    for diag_noise in [DiagNoise::Scalar, DiagNoise::Independent] {
        let reference = expectations(&Case::new(Estimator::Iid, diag_noise, 500).of(1000));
        for (estimator, its) in sampling() {
            if its == diag_noise {
                let case = Case::new(estimator, diag_noise, 8).of(20_000);
                assert_alike(&expectations(&case), &reference, &format!("{estimator:?} {its:?}"));
            }
        }
    }
}

#[test]
fn what_is_linear_in_the_noise_cancels_in_pairs() {
    let spread = |estimator| {
        let case = Case::new(estimator, DiagNoise::Independent, 8).of(1000);
        let run = case.compile(F64, |t, params, phi, key| {
            let noise = case.head.noise(phi, Draws::of_batch(key, case.batch));
            // So little noise that probabilities are almost linear in it.
            let noise = hetxl::model::head::Noise {
                factors: noise.factors * 1e-4,
                diag: noise.diag * 1e-4,
            };
            let logits = case.head.naive_logits(params, phi, noise);
            t.output("p", case.head.loss.predictive(logits).log_probabilities.exp());
        });
        let p = run.run().remove(0);
        mean_of(p.iter().step_by(case.classes).copied()).1.sqrt()
    };
    let (independent, pairs) = (spread(Estimator::Iid), spread(Estimator::Antithetic));
    assert!(pairs < 1e-3 * independent, "{pairs:.1e} for {independent:.1e}");
}

#[test]
fn the_sampled_backward_pass_is_the_exact_one_in_the_mean() {
    const KEYS: u32 = 400;
    for (estimator, diag_noise) in sampling() {
        for count in [1, 3] {
            let mut case = Case::new(estimator, diag_noise, 12);
            case.head.plan = Some(Plan { examples: 3, classes: 3, keep: count == 1 });
            let exact = case.head.clone();
            let sampled = Heteroscedastic { backward: Backward::Sampled(count), ..exact.clone() };
            let mut run = case.compile(F64, |t, params, phi, key| {
                let specs = Head::params(&exact, case.width, case.classes);
                let wrt: Vec<_> =
                    specs.iter().map(|spec| params.get(&spec.name)).chain([phi]).collect();
                let of = |head: &Heteroscedastic| {
                    let draws = Draws::of_batch(key.again(), case.batch);
                    let loss = head.loss(params, phi, labels(t, &case), draws);
                    (loss, hlo::grad(loss, wrt.clone()))
                };
                let ((loss, exact), (same, sampled)) = (of(&exact), of(&sampled));
                let differences = sampled
                    .into_iter()
                    .zip(exact)
                    .map(|(sampled, exact)| (sampled - exact).reshape([exact.shape().elements()]));
                let differences: Vec<_> = differences.collect();
                t.output("difference", t.concatenate(&differences, 0));
                t.output("loss", same - loss);
            });
            let draws: Vec<_> = (0..KEYS).map(|key| run.with_key(key).run()).collect();
            assert!(draws.iter().all(|it| it[1][0].abs() < 1e-14), "the loss is of all samples");
            let differences = 0..draws[0][0].len();
            let means: Vec<_> =
                differences.map(|i| mean_of(draws.iter().map(move |it| it[0][i]))).collect();
            assert!(means.iter().any(|(_, variance)| *variance > 1e-8), "nothing was sampled");
            let none = vec![(0.0, 1e-28); means.len()];
            assert_alike(&means, &none, &format!("{estimator:?} {diag_noise:?} {count}"));
        }
    }
}

#[test]
fn the_quadrature_is_the_limit_of_many_samples() {
    for diag_noise in [DiagNoise::Scalar, DiagNoise::Independent] {
        let mut case = Case::new(Estimator::Iid, diag_noise, 1000).loss(Loss::Sigmoid).of(400);
        let sampled = expectations(&case);
        case.head.estimator = Estimator::Quadrature;
        let quadrature: Vec<_> =
            expectations(&case).into_iter().map(|(mean, _)| (mean, 1e-14)).collect();
        assert_alike(&quadrature[..case.classes], &sampled, &format!("{diag_noise:?}"));
    }
}

/// The mean of a function of a standard normal number, by the trapezoidal rule with 20,000 steps.
fn integral(function: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1e-3;
    let at = |i: i32| f64::from(i) * STEP;
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    (-10_000..=10_000).map(|i| function(at(i)) * density(at(i)) * STEP).sum()
}

/// The logit's mean and standard deviation of each class of a head with independent diagonal noise,
/// as the formulas have them.
fn moments(case: &Case, phi: &[f64]) -> Vec<(f64, f64)> {
    let (width, classes, rank) = (case.width, case.classes, case.head.factors);
    let specs = Head::params(&case.head, width, classes);
    let params = case.params();
    let get = |name: &str| &params[specs.iter().position(|spec| spec.name == name).unwrap()].1;
    let dense = |name: &str, j: usize| {
        let (kernel, bias) = (get(&format!("{name}/kernel")), get(&format!("{name}/bias")));
        (0..width).map(|i| phi[i] * kernel[i * width + j]).sum::<f64>() + bias[j]
    };
    let tau = 0.05 + 1.95 / (1.0 + (-get("head/temperature")[0]).exp());
    let (w, b) = (get("head/loc/kernel"), get("head/loc/bias"));
    let (factors, c) = (get("head/factors/kernel"), get("head/factors/bias"));
    let d: Vec<_> = (0..width).map(|j| dense("head/diag", j).exp().ln_1p() + 1e-3).collect();
    let v: Vec<_> = (0..width).map(|j| dense("head/scale", j)).collect();
    let of_class = |k: usize| {
        let project = |of: &dyn Fn(usize) -> f64| -> f64 {
            (0..width).map(|j| of(j) * w[j * classes + k]).sum()
        };
        let mean = project(&|j| phi[j] + v[j] * c[j]) + b[k];
        let of_factors: f64 =
            (0..rank).map(|r| project(&|j| v[j] * factors[r * width + j]).powi(2)).sum();
        let of_diag: f64 = (0..width).map(|j| (d[j] * w[j * classes + k]).powi(2)).sum();
        (mean / tau, (of_factors + of_diag).sqrt() / tau)
    };
    (0..classes).map(of_class).collect()
}

#[test]
fn the_quadrature_agrees_with_the_integral_of_each_class() {
    let case =
        Case::new(Estimator::Quadrature, DiagNoise::Independent, 2).loss(Loss::Sigmoid).of(1);
    let run = case.compile(F64, |t, params, phi, key| {
        let predictive = case.head.predict(params, phi, Draws::Shared(key));
        t.output("log_p", predictive.log_probabilities);
        t.output("log_not_p", predictive.log_complements.unwrap());
    });
    let got = run.run();
    for (k, (mean, deviation)) in
        moments(&case, &scattered(case.width, 100)).into_iter().enumerate()
    {
        assert!((0.5..5.0).contains(&deviation), "no case to test: {deviation}");
        let sigmoid = |u: f64| 1.0 / (1.0 + (-u).exp());
        let p = integral(|x| sigmoid(mean + deviation * x)).ln();
        let not_p = integral(|x| sigmoid(-mean - deviation * x)).ln();
        // What the book states for deviations of up to 4.
        let error = (got[0][k] - p).abs().max((got[1][k] - not_p).abs());
        assert!(error <= 1e-6, "class {k}, {mean} ± {deviation}: off by {error:.1e}");
    }
}

#[test]
fn the_quadrature_has_gradients_where_there_is_no_noise() {
    let mut case = Case::new(Estimator::Quadrature, DiagNoise::Scalar, 2).loss(Loss::Sigmoid);
    case.head.temperature = Temperature::Fixed(0.5);
    for dtype in [F32, F64] {
        let mut run = case.compile(dtype, |t, params, phi, key| {
            let loss =
                case.head.loss(params, phi, labels(t, &case), Draws::of_batch(key, case.batch));
            record(t, &case, params, phi, loss);
        });
        // The kernel and the bias of the logits.
        let zeros = [case.width * case.classes, case.classes].map(|count| vec![0.0; count]);
        run.inputs[0] = host(dtype, &[case.width, case.classes], &zeros[0]);
        run.inputs[1] = host(dtype, &[case.classes], &zeros[1]);
        let outputs = run.run();
        let expected = case.classes as f64 * 2f64.ln();
        assert!((outputs[0][0] - expected).abs() < 1e-5, "{} for {expected}", outputs[0][0]);
        assert!(outputs.iter().flatten().all(|it| it.is_finite()));
        // Of the bias: σ(0) less the target, over the temperature, in the mean of the examples.
        let labels: Vec<_> = (0..case.batch).map(|b| b * 5 % case.classes).collect();
        for (k, got) in outputs[2].iter().enumerate() {
            let share = labels.iter().filter(|label| **label == k).count() as f64 / 5.0;
            assert!((got - (0.5 - share) / 0.5).abs() < 1e-5, "class {k}: {got}");
        }
    }
}

#[test]
fn settings_that_do_not_go_together_are_refused() {
    let message = |samples: usize, factors: usize, settings: &str| {
        let text = format!(
            "data.kind = \"digits\"\nmodel.trunk = {{ kind = \"mlp\", hidden = [4] }}\n\
             [model.head]\nkind = \"het-xl\"\nfactors = {factors}\nsamples = {samples}\n\
             {settings}"
        );
        Config::parse(&text, &[]).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    };
    for settings in [
        "estimator = \"iid\"",
        "estimator = \"antithetic\"",
        "estimator = \"orthogonal\"",
        "diag_noise = \"independent\"\nestimator = { factor-exact = {} }",
        "loss = \"sigmoid\"\nestimator = \"quadrature\"",
        "backward = \"exact\"",
        "backward = { sampled = 2 }",
    ] {
        assert_eq!(message(8, 3, settings), "accepted", "{settings}");
    }
    let independent = |estimator: &str| {
        format!("diag_noise = \"independent\"\nestimator = {{ factor-exact = {estimator} }}")
    };
    let refused = [
        message(8, 3, "estimator = \"quadrature\""),
        message(5, 3, "estimator = \"antithetic\""),
        message(8, 0, "estimator = \"orthogonal\""),
        message(8, 3, "estimator = \"sobol\""),
        message(8, 3, "estimator = { factor-exact = { diag_rows = 2 } }"),
        message(8, 3, &independent("{ diag_rows = 5 }")),
        message(8, 3, &independent("{ rows = 2 }")),
        message(8, 0, &independent("{ diag_rows = 2 }")),
        message(8, 3, "loss = \"sigmoid\"\nbackward = { sampled = 2 }"),
        message(8, 3, "backward = { sampled = 8 }"),
        message(8, 3, "backward = { sampled = 0 }"),
    ];
    insta::assert_snapshot!(refused.join("\n"));
}
