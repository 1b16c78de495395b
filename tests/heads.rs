//! Heads on the real plugin, against reference values and a second implementation.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use hetxl::model::head::{ClassHash, DiagNoise, Draws, Het, Heteroscedastic, Noise, Temperature};
use hetxl::model::{Head, HeadConfig, Labels, Loss, Params};
use hlo::{DType, Tensor};
use pjrt::HostArray;
use serde_json::Value;

/// Names of the reference file and of the parameters here.
const NAMES: [(&str, &str); 9] = [
    ("W", "head/loc/kernel"),
    ("b", "head/loc/bias"),
    ("V", "head/factors/kernel"),
    ("c", "head/factors/bias"),
    ("Wv", "head/scale/kernel"),
    ("bv", "head/scale/bias"),
    ("Wd", "head/diag/kernel"),
    ("bd", "head/diag/bias"),
    ("t", "head/temperature"),
];

fn head(loss: Loss, factors: usize, samples: usize, diag_noise: DiagNoise) -> Heteroscedastic {
    let temperature = Temperature::Learned { low: 0.05, high: 5.0 };
    Heteroscedastic { loss, factors, samples, diag_noise, temperature, ..Default::default() }
}

/// An array of the reference file: its dimensions and its numbers, row-major.
fn array(value: &Value) -> (Vec<usize>, Vec<f64>) {
    match value {
        Value::Array(rows) => {
            let rows: Vec<_> = rows.iter().map(array).collect();
            let dims = [rows.len()].into_iter().chain(rows[0].0.iter().copied()).collect();
            (dims, rows.into_iter().flat_map(|(_, numbers)| numbers).collect())
        }
        number => (vec![], vec![number.as_f64().expect("a number")]),
    }
}

fn host(dtype: DType, dims: &[usize], numbers: &[f64]) -> HostArray {
    match dtype {
        DType::F64 => HostArray::from_slice(dims, numbers),
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

/// The largest difference, relative to the largest reference value of the array.
fn relative_error(got: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(got.len(), expected.len());
    let scale = expected.iter().fold(0f64, |scale, x| scale.max(x.abs()));
    let error = got.iter().zip(expected).fold(0f64, |error, (x, y)| error.max((x - y).abs()));
    error / scale
}

/// Runs loss, predictive probabilities, temperature and every gradient on the plugin, and returns
/// the largest relative error against the reference.
fn error_against_reference(loss: Loss, dtype: DType) -> f64 {
    let reference: Value = serde_json::from_str(include_str!("data/het_xl.json")).unwrap();
    let expected = &reference[if loss == Loss::Softmax { "softmax" } else { "sigmoid" }];
    let parameter = |name: &str| match name {
        "t" => &reference["t"],
        name => &reference["params"][name],
    };
    let head = head(loss, 2, 3, DiagNoise::Scalar);
    let mut inputs = Vec::new();
    let program = hlo::trace("het_xl", |t| {
        let mut input = |name: &str, value: &Value, dtype: DType| {
            let (dims, numbers) = array(value);
            inputs.push(match dtype {
                DType::S32 => {
                    let labels: Vec<_> = numbers.iter().map(|&n| n as i32).collect();
                    HostArray::from_slice(&dims, &labels).unwrap()
                }
                dtype => host(dtype, &dims, &numbers),
            });
            t.input(name, dtype, &dims)
        };
        let params: Params<'_> = NAMES
            .iter()
            .map(|&(name, path)| (path.to_owned(), input(path, parameter(name), dtype)))
            .collect();
        let phi = input("phi", &reference["phi"], dtype);
        let factors = input("eta", &reference["eta"], dtype);
        let diag = input("zeta", &reference["zeta"], dtype).expand_dims(-1);
        let labels = match loss {
            Loss::Softmax => Labels::Classes(input("y", &reference["y_single"], DType::S32)),
            Loss::Sigmoid => Labels::Targets(input("y", &reference["Y_multi"], dtype)),
        };
        let noise = Noise { factors, diag };
        let value = head.loss(&params, phi, labels, Draws::Given(noise));
        let wrt: Vec<_> = NAMES.iter().map(|(_, path)| params.get(path)).chain([phi]).collect();
        t.output("loss_mean", value);
        let predictive = head.predict(&params, phi, Draws::Given(noise));
        t.output("pbar", predictive.log_probabilities.exp());
        let names = NAMES.iter().map(|(name, _)| *name).chain(["phi"]);
        for (name, gradient) in names.zip(hlo::grad(value, wrt)) {
            t.output(name, gradient);
        }
    })
    .unwrap();
    let outputs = support::device::run(&program, &inputs);
    let mut worst = 0f64;
    for (port, output) in program.outputs().iter().zip(outputs) {
        let name = port.name();
        let value = expected.get(name).unwrap_or_else(|| &expected["grads"][name]);
        let error = relative_error(&numbers(&output), &array(value).1);
        println!("{loss:?} {dtype} {name}: relative error {error:.1e}");
        worst = worst.max(error);
    }
    worst
}

#[test]
fn softmax_loss_probabilities_and_gradients_agree_with_the_reference() {
    assert!(error_against_reference(Loss::Softmax, DType::F64) <= 1e-10);
    assert!(error_against_reference(Loss::Softmax, DType::F32) <= 1e-5);
}

#[test]
fn sigmoid_loss_probabilities_and_gradients_agree_with_the_reference() {
    assert!(error_against_reference(Loss::Sigmoid, DType::F64) <= 1e-10);
    assert!(error_against_reference(Loss::Sigmoid, DType::F32) <= 1e-5);
}

/// B, D, K, R, S of the cases below.
const SHAPE: [usize; 5] = [3, 4, 6, 2, 5];

/// The buckets of HET-H in the cases below, with signs.
const HASH: ClassHash = ClassHash { buckets: 3, seed: 7, signed: true };

/// Deterministic numbers around 0 that have no structure.
fn scattered(count: usize, seed: u32) -> Vec<f64> {
    (0..count as u32)
        .map(|i| {
            let [bits, _] = hlo::random::threefry2x32([seed, 0], [0, i]);
            f64::from(bits) / 2f64.powi(31) - 1.0
        })
        .collect()
}

/// Where the noise is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    PreLogits,
    Logits,
    Buckets,
}

/// The last step of MurmurHash3, for 32 bits.
fn mixed(mut x: u32) -> u32 {
    x = (x ^ x >> 16).wrapping_mul(0x85EB_CA6B);
    x = (x ^ x >> 13).wrapping_mul(0xC2B2_AE35);
    x ^ x >> 16
}

/// The bucket of a class by [`HASH`], and its sign.
fn bucket(class: usize) -> (usize, f64) {
    let bits = mixed(class as u32 ^ HASH.seed.wrapping_mul(0x9E37_79B9));
    ((bits % HASH.buckets) as usize, if bits >> 31 == 1 { -1.0 } else { 1.0 })
}

/// MurmurHash3 of no bytes is the last step of its seed; these two are among its published results.
#[test]
fn the_hash_of_these_tests_is_murmurs() {
    assert_eq!(mixed(1), 0x514E_28B7);
    assert_eq!(mixed(0xFFFF_FFFF), 0x81F1_6F39);
    // Each bucket and both signs are met by the six classes.
    let met: BTreeSet<_> = (0..SHAPE[2]).map(|class| bucket(class).0).collect();
    assert_eq!(met.len(), HASH.buckets as usize);
    let signs = (0..SHAPE[2]).map(|class| bucket(class).1);
    assert!(signs.clone().any(|sign| sign < 0.0) && signs.clone().any(|sign| sign > 0.0));
}

/// The head as the papers write it, one number after the other.
struct Plain<'a> {
    params: &'a BTreeMap<&'a str, Vec<f64>>,
    phi: &'a [f64],
    eta: &'a [f64],
    zeta: &'a [f64],
    place: Place,
    diag: DiagNoise,
    efficient: bool,
}

impl Plain<'_> {
    /// The width of the noise.
    fn noise_width(place: Place) -> usize {
        let [_, width, classes, ..] = SHAPE;
        match place {
            Place::PreLogits => width,
            Place::Logits => classes,
            Place::Buckets => HASH.buckets as usize,
        }
    }

    fn parameter(&self, name: &str, i: usize) -> f64 {
        self.params[name][i]
    }

    /// An output of a dense layer.
    fn dense(&self, name: &str, x: &[f64], j: usize, out: usize) -> f64 {
        let kernel = format!("{name}/kernel");
        let sum: f64 = (0..x.len()).map(|i| x[i] * self.parameter(&kernel, i * out + j)).sum();
        sum + self.parameter(&format!("{name}/bias"), j)
    }

    /// The noise of a sample.
    fn noise(&self, b: usize, s: usize) -> Vec<f64> {
        let [_, width, _, rank, samples] = SHAPE;
        let n = Self::noise_width(self.place);
        let phi = &self.phi[b * width..][..width];
        let eta = &self.eta[(b * samples + s) * rank..][..rank];
        let dimension = |j: usize| {
            let d = (1.0 + self.dense("head/diag", phi, j, n).exp()).ln() + 1e-3;
            let zeta = match self.diag {
                DiagNoise::Scalar => self.zeta[b * samples + s],
                DiagNoise::Independent => self.zeta[(b * samples + s) * n + j],
            };
            let factors = if self.efficient {
                self.dense("head/scale", phi, j, n) * self.dense("head/factors", eta, j, n)
            } else {
                let own = |r: usize| self.dense("head/scale", phi, j * rank + r, n * rank);
                (0..rank).map(|r| own(r) * eta[r]).sum()
            };
            factors + d * zeta
        };
        (0..n).map(dimension).collect()
    }

    /// Probabilities of every sample `p[b][s][k]`, softmax or sigmoid.
    fn probabilities(&self, loss: Loss) -> Vec<Vec<Vec<f64>>> {
        let [batch, width, classes, _, samples] = SHAPE;
        let t = self.parameter("head/temperature", 0);
        let tau = 0.05 + 4.95 / (1.0 + (-t).exp());
        let sample = |b: usize, s: usize| -> Vec<f64> {
            let phi = &self.phi[b * width..][..width];
            let noise = self.noise(b, s);
            let logit = |k: usize| match self.place {
                Place::PreLogits => {
                    let noisy: Vec<_> = phi.iter().zip(&noise).map(|(x, e)| x + e).collect();
                    self.dense("head/loc", &noisy, k, classes)
                }
                Place::Logits => self.dense("head/loc", phi, k, classes) + noise[k],
                Place::Buckets => {
                    let (bucket, sign) = bucket(k);
                    self.dense("head/loc", phi, k, classes) + sign * noise[bucket]
                }
            };
            let u: Vec<_> = (0..classes).map(|k| logit(k) / tau).collect();
            match loss {
                Loss::Softmax => {
                    let total: f64 = u.iter().map(|u| u.exp()).sum();
                    u.iter().map(|u| u.exp() / total).collect()
                }
                Loss::Sigmoid => u.iter().map(|u| 1.0 / (1.0 + (-u).exp())).collect(),
            }
        };
        (0..batch).map(|b| (0..samples).map(|s| sample(b, s)).collect()).collect()
    }

    /// The mean loss over the batch for one class per example.
    fn loss(&self, loss: Loss, labels: &[i32]) -> f64 {
        let [batch, _, classes, _, samples] = SHAPE;
        let p = self.probabilities(loss);
        let mean =
            |b: usize, k: usize| (0..samples).map(|s| p[b][s][k]).sum::<f64>() / samples as f64;
        let example = |b: usize| -> f64 {
            let label = labels[b] as usize;
            match loss {
                Loss::Softmax => -mean(b, label).ln(),
                Loss::Sigmoid => (0..classes)
                    .map(|k| if k == label { -mean(b, k).ln() } else { -(1.0 - mean(b, k)).ln() })
                    .sum(),
            }
        };
        (0..batch).map(example).sum::<f64>() / batch as f64
    }
}

/// The loss and its gradients on the plugin against the plain form and its central differences.
fn agrees_with_the_plain_form(place: Place, loss: Loss, diag: DiagNoise, efficient: bool) {
    let [batch, width, classes, rank, samples] = SHAPE;
    let settings = Heteroscedastic {
        parameter_efficient: efficient,
        hash: (place == Place::Buckets).then_some(HASH),
        ..head(loss, rank, samples, diag)
    };
    let config = match place {
        Place::PreLogits => HeadConfig::HetXl(settings),
        Place::Logits => HeadConfig::Het(Het(settings)),
        Place::Buckets => HeadConfig::HetH(Het(settings)),
    };
    let head = config.head();
    let specs = head.params(width, classes);
    let zeta_width = if diag == DiagNoise::Scalar { 1 } else { Plain::noise_width(place) };
    let labels = [5, 0, 2];
    let phi = scattered(batch * width, 100);
    let eta = scattered(batch * samples * rank, 101);
    let zeta = scattered(batch * samples * zeta_width, 102);
    let mut params = BTreeMap::new();
    for (i, spec) in specs.iter().enumerate() {
        params.insert(spec.name.as_str(), scattered(spec.elements(), i as u32));
    }
    let program = hlo::trace("head", |t| {
        let f64s = |name: &str, dims: &[usize]| t.input(name, DType::F64, dims);
        let inputs: Vec<Tensor<'_>> =
            specs.iter().map(|spec| f64s(&spec.name, &spec.shape)).collect();
        let named = specs.iter().map(|spec| spec.name.clone()).zip(inputs.iter().copied());
        let phi = f64s("phi", &[batch, width]);
        let noise = Noise {
            factors: f64s("eta", &[batch, samples, rank]),
            diag: f64s("zeta", &[batch, samples, zeta_width]),
        };
        let labels = Labels::Classes(t.input("labels", DType::S32, [batch]));
        let value = head.loss(&named.collect(), phi, labels, Draws::Given(noise));
        t.output("loss", value);
        for (spec, gradient) in specs.iter().zip(hlo::grad(value, inputs)) {
            t.output(&spec.name, gradient);
        }
    })
    .unwrap();
    let mut arrays: Vec<_> = specs
        .iter()
        .map(|spec| HostArray::from_slice(&spec.shape, &params[spec.name.as_str()]).unwrap())
        .collect();
    arrays.push(HostArray::from_slice(&[batch, width], &phi).unwrap());
    arrays.push(HostArray::from_slice(&[batch, samples, rank], &eta).unwrap());
    arrays.push(HostArray::from_slice(&[batch, samples, zeta_width], &zeta).unwrap());
    arrays.push(HostArray::from_slice(&[batch], &labels).unwrap());
    let outputs = support::device::run(&program, &arrays);

    let value = |params: &BTreeMap<&str, Vec<f64>>| {
        let plain = Plain { params, phi: &phi, eta: &eta, zeta: &zeta, place, diag, efficient };
        plain.loss(loss, &labels)
    };
    let expected = value(&params);
    let got = outputs[0].item::<f64>().unwrap();
    assert!((got - expected).abs() <= 1e-12 * expected, "loss {got}, expected {expected}");
    for (spec, gradient) in specs.iter().zip(&outputs[1..]) {
        let got = gradient.as_slice::<f64>().unwrap();
        let expected: Vec<_> = (0..spec.elements())
            .map(|i| {
                const STEP: f64 = 1e-5;
                let mut moved = params.clone();
                let mut at = |x: f64| {
                    moved.get_mut(spec.name.as_str()).unwrap()[i] = x;
                    value(&moved)
                };
                let x = params[spec.name.as_str()][i];
                (at(x + STEP) - at(x - STEP)) / (2.0 * STEP)
            })
            .collect();
        let error = relative_error(got, &expected);
        assert!(error <= 1e-7, "{place:?}: the gradient of {} is off by {error:.1e}", spec.name);
    }
}

const PLACES: [Place; 3] = [Place::PreLogits, Place::Logits, Place::Buckets];

#[test]
fn softmax_with_scalar_diagonal_noise_agrees_with_the_plain_form() {
    for place in PLACES {
        agrees_with_the_plain_form(place, Loss::Softmax, DiagNoise::Scalar, true);
    }
}

#[test]
fn softmax_with_independent_diagonal_noise_agrees_with_the_plain_form() {
    for place in PLACES {
        agrees_with_the_plain_form(place, Loss::Softmax, DiagNoise::Independent, true);
    }
}

#[test]
fn sigmoid_with_scalar_diagonal_noise_agrees_with_the_plain_form() {
    for place in PLACES {
        agrees_with_the_plain_form(place, Loss::Sigmoid, DiagNoise::Scalar, true);
    }
}

#[test]
fn sigmoid_with_independent_diagonal_noise_agrees_with_the_plain_form() {
    for place in PLACES {
        agrees_with_the_plain_form(place, Loss::Sigmoid, DiagNoise::Independent, true);
    }
}

#[test]
fn factors_of_each_example_agree_with_the_plain_form() {
    for place in PLACES {
        agrees_with_the_plain_form(place, Loss::Softmax, DiagNoise::Scalar, false);
        agrees_with_the_plain_form(place, Loss::Sigmoid, DiagNoise::Independent, false);
    }
}
