//! Heads with noise on the real plugin: streamed against naive, what the noise is like, what
//! evaluation is made from, and how many parameters there are.

mod support;

use std::cell::RefCell;

use hetxl::model::head::{
    ClassHash, Det, DiagNoise, Draws, EvalLogits, Het, Heteroscedastic, Noise, Plan, Temperature,
};
use hetxl::model::{Head, HeadConfig, Init, Labels, Loss, ParamSpec, Params, Predictive};
use hlo::random::Key;
use hlo::{DType, Program, Tensor, Trace};
use pjrt::HostArray;

/// B, D and K of the cases here; K is a prime.
const SHAPE: [usize; 3] = [3, 4, 11];

const HASH: ClassHash = ClassHash { buckets: 5, seed: 3, signed: true };

/// The kinds of heads with noise, by the names of the config.
const KINDS: [&str; 3] = ["het", "het-h", "het-xl"];

/// A head of a kind and the width of its noise.
fn head(kind: &str, settings: &Heteroscedastic) -> (HeadConfig, usize) {
    let [_, width, classes] = SHAPE;
    let settings = settings.clone();
    match kind {
        "het" => (HeadConfig::Het(Het(settings)), classes),
        "het-h" => {
            let settings = Heteroscedastic { hash: Some(HASH), ..settings };
            (HeadConfig::HetH(Het(settings)), HASH.buckets as usize)
        }
        _ => (HeadConfig::HetXl(settings), width),
    }
}

fn naive_logits<'t>(
    head: &HeadConfig,
    params: &Params<'t>,
    phi: Tensor<'t>,
    noise: Noise<'t>,
) -> Tensor<'t> {
    match head {
        HeadConfig::Det(_) => panic!("DET has no noise"),
        HeadConfig::Het(head) | HeadConfig::HetH(head) => head.naive_logits(params, phi, noise),
        HeadConfig::HetXl(head) => head.naive_logits(params, phi, noise),
    }
}

/// Numbers around 0 that have no structure, as inputs of a program: made in it they would take longer
/// to compile than all else.
#[derive(Default)]
struct Inputs(RefCell<Vec<HostArray>>);

impl Inputs {
    fn numbers<'t>(&self, t: &'t Trace, dims: &[usize]) -> Tensor<'t> {
        let mut arrays = self.0.borrow_mut();
        let seed = arrays.len() as u32;
        let number = |i| {
            let [bits, _] = hlo::random::threefry2x32([seed, 0], [0, i]);
            (f64::from(bits) / 2f64.powi(31) - 1.0) * 1.5
        };
        let numbers: Vec<_> = (0..dims.iter().product::<usize>() as u32).map(number).collect();
        arrays.push(HostArray::from_slice(dims, &numbers).unwrap());
        t.input(&format!("{seed}"), DType::F64, dims)
    }

    /// Parameters, and φ.
    fn model<'t>(&self, t: &'t Trace, specs: &[ParamSpec]) -> (Params<'t>, Tensor<'t>) {
        let [batch, width, _] = SHAPE;
        let phi = self.numbers(t, &[batch, width]);
        let params = specs.iter().map(|spec| (spec.name.clone(), self.numbers(t, &spec.shape)));
        (params.collect(), phi)
    }

    fn run(&self, program: &Program) -> Vec<HostArray> {
        support::device::run(program, &self.0.borrow())
    }
}

/// The largest difference, relative to the largest expected value.
fn relative_error(got: &HostArray, expected: &HostArray) -> f64 {
    let (got, expected) = (got.as_slice::<f64>().unwrap(), expected.as_slice::<f64>().unwrap());
    assert_eq!(got.len(), expected.len());
    let scale = expected.iter().fold(1e-300, |scale: f64, x| scale.max(x.abs()));
    got.iter().zip(expected).fold(0.0, |error: f64, (x, y)| error.max((x - y).abs())) / scale
}

/// The loss, its gradients with respect to φ and the parameters, and the predictive distribution.
fn outputs<'t>(
    loss: Tensor<'t>,
    predictive: Predictive<'t>,
    params: &Params<'t>,
    specs: &[ParamSpec],
    phi: Tensor<'t>,
) -> Vec<(String, Tensor<'t>)> {
    let wanted: Vec<_> = specs.iter().map(|spec| params.get(&spec.name)).chain([phi]).collect();
    let names = specs.iter().map(|spec| spec.name.clone()).chain(["phi".to_owned()]);
    let mut all: Vec<_> = names.zip(hlo::grad(loss, wanted)).collect();
    all.push(("loss".to_owned(), loss));
    all.push(("ln p".to_owned(), predictive.log_probabilities));
    all.extend(predictive.log_complements.map(|it| ("ln (1 - p)".to_owned(), it)));
    all
}

/// Whether examples share the noise, how many samples there are, and the plan.
type Variant = (bool, usize, Option<Plan>);

/// What all of this is tried with.
fn variants() -> [Variant; 5] {
    let plan = |examples, classes, keep| Some(Plan { examples, classes, keep });
    [
        (false, 6, plan(2, 4, false)),
        (true, 6, plan(1, 4, true)),
        (false, 2, plan(2, 5, true)),
        (false, 6, None),
        (true, 6, plan(3, 3, false)),
    ]
}

/// Streamed against naive with noise that is given, in f64.
fn streamed_is_naive(kind: &str, settings: &Heteroscedastic, shared: bool, one_class: bool) {
    let [batch, width, classes] = SHAPE;
    let (head, n) = head(kind, settings);
    let specs = head.head().params(width, classes);
    let inputs = Inputs::default();
    let program = hlo::trace("forms", |t| {
        let (params, phi) = inputs.model(t, &specs);
        let first = if shared { 1 } else { batch };
        let n = if settings.diag_noise == DiagNoise::Scalar { 1 } else { n };
        let normals = |n| inputs.numbers(t, &[first, settings.samples, n]);
        let noise = Noise { factors: normals(settings.factors), diag: normals(n) };
        let labels = if one_class {
            Labels::Classes(t.constant_array(&[10, 0, 7], DType::S32, [batch]))
        } else {
            Labels::Targets(inputs.numbers(t, &[batch, classes]).logistic())
        };
        let draws = Draws::Given(noise);
        let streamed = outputs(
            head.head().loss(&params, phi, labels, draws),
            head.head().predict(&params, phi, draws),
            &params,
            &specs,
            phi,
        );
        let logits = naive_logits(&head, &params, phi, noise);
        let loss = settings.loss.of_samples(logits, labels).mean(..);
        let predictive = settings.loss.predictive(logits);
        let naive = outputs(loss, predictive, &params, &specs, phi);
        for ((name, streamed), (_, naive)) in streamed.into_iter().zip(naive) {
            t.output(&name, streamed);
            t.output(&format!("{name}, naive"), naive);
        }
    })
    .unwrap();
    let outputs = inputs.run(&program);
    let names = program.outputs().iter().step_by(2).map(hlo::Output::name);
    for (name, pair) in names.zip(outputs.chunks(2)) {
        let error = relative_error(&pair[0], &pair[1]);
        assert!(error <= 1e-10, "{kind}, {settings:?}, {name}: off by {error:.1e}");
    }
}

/// Both losses, the factors efficient with and without their bias, full, and none, each with one of
/// the [`variants`], from one on, and with labels of one kind and the other by turns.
fn all_factors(kind: &str, diag_noise: DiagNoise, from: usize) {
    let mut variants =
        variants().into_iter().cycle().skip(from).zip([true, false].into_iter().cycle());
    for (factors, parameter_efficient, factor_bias) in
        [(2, true, true), (2, true, false), (2, false, true), (0, true, true)]
    {
        for loss in [Loss::Softmax, Loss::Sigmoid] {
            let ((shared, samples, plan), one_class) = variants.next().expect("there is no end");
            let settings = Heteroscedastic {
                loss,
                factors,
                samples,
                diag_noise,
                parameter_efficient,
                factor_bias,
                plan,
                ..Heteroscedastic::default()
            };
            streamed_is_naive(kind, &settings, shared, one_class);
        }
    }
}

#[test]
fn streamed_het_is_the_naive_one() {
    all_factors("het", DiagNoise::Scalar, 0);
    all_factors("het", DiagNoise::Independent, 3);
}

#[test]
fn streamed_het_h_is_the_naive_one() {
    all_factors("het-h", DiagNoise::Scalar, 0);
    all_factors("het-h", DiagNoise::Independent, 3);
}

/// The numbers that a key gives for the whole of a batch are those that the tiles draw.
#[test]
fn the_sizes_of_tiles_do_not_change_the_noise() {
    let [batch, width, classes] = SHAPE;
    for kind in KINDS {
        let inputs = Inputs::default();
        let program = hlo::trace("draws", |t| {
            let diag_noise = DiagNoise::Independent;
            for shared in [false, true] {
                let (samples, plan) = (6, Some(Plan { examples: 2, classes: 4, keep: false }));
                let base = Heteroscedastic::default();
                let settings = Heteroscedastic { factors: 2, samples, diag_noise, plan, ..base };
                let (head, n) = head(kind, &settings);
                let specs = head.head().params(width, classes);
                let (params, phi) = inputs.model(t, &specs);
                let key = Key::from_seed(t, 2 + u64::from(shared));
                let draws = if shared { Draws::Shared(key) } else { Draws::of_batch(key, batch) };
                let streamed = head.head().predict(&params, phi, draws);
                let [diag, factors] = key.again().split();
                let first = if shared { 1 } else { batch };
                let [factors, diag] = [(factors, 2), (diag, n)]
                    .map(|(key, n)| key.normal(DType::F32, [first, samples, n]).to(DType::F64));
                let noise = Noise { factors, diag };
                let logits = naive_logits(&head, &params, phi, noise);
                t.output(&format!("streamed {shared}"), streamed.log_probabilities);
                let naive = settings.loss.predictive(logits);
                t.output(&format!("naive {shared}"), naive.log_probabilities);
            }
        });
        for pair in inputs.run(&program.unwrap()).chunks(2) {
            let error = relative_error(&pair[0], &pair[1]);
            assert!(error <= 1e-10, "{kind}: off by {error:.1e}");
        }
    }
}

/// [`SHAPE`]'s batch as one example, whose d, v or V(x), V and c are read, with the mean and the
/// covariance of very many logits beside what the formulas make of them.
fn noise_has_its_moments(kind: &str, diag_noise: DiagNoise, parameter_efficient: bool) {
    const SAMPLES: usize = 1 << 16;
    let [_, width, classes] = SHAPE;
    let settings = Heteroscedastic {
        factors: 2,
        diag_noise,
        parameter_efficient,
        temperature: Temperature::Fixed(0.5),
        ..Heteroscedastic::default()
    };
    let (head, n) = head(kind, &settings);
    let specs = head.head().params(width, classes);
    let inputs = Inputs::default();
    let program = hlo::trace("moments", |t| {
        let (params, phi) = inputs.model(t, &specs);
        let phi = phi.slice(0, 0..1);
        let [eta, zeta] = Key::from_seed(t, 2).split();
        let columns = if diag_noise == DiagNoise::Scalar { 1 } else { n };
        let noise = Noise {
            factors: eta.normal(DType::F64, [1, SAMPLES, 2]),
            diag: zeta.normal(DType::F64, [1, SAMPLES, columns]),
        };
        let logits = naive_logits(&head, &params, phi, noise).squeeze(0);
        let mean = logits.mean(0);
        let centered = logits - mean;
        t.output("mean", mean);
        t.output("covariance", centered.transpose([1, 0]).matmul(centered) / SAMPLES as f64);

        // Σ = V(x)·V(x)ᵀ + d·dᵀ or diag(d²), and the mean v∘c, of n dimensions.
        let d = (params.dense("head/diag", phi).softplus() + 1e-3).squeeze(0);
        let scale = params.dense("head/scale", phi);
        let (matrix, shift) = if parameter_efficient {
            let scale = scale.squeeze(0);
            let matrix = params.get("head/factors/kernel").transpose([1, 0]) * scale.expand_dims(1);
            (matrix, scale * params.get("head/factors/bias"))
        } else {
            (scale.reshape([n, 2]), d.zeros_like())
        };
        let outer = d.expand_dims(1) * d;
        let is_diagonal = t.iota(DType::S32, [n, n], 0).equal(t.iota(DType::S32, [n, n], 1));
        let of_diag = match diag_noise {
            DiagNoise::Scalar => outer,
            DiagNoise::Independent => is_diagonal.select(outer, outer.zeros_like()),
        };
        let sigma = matrix.matmul(matrix.transpose([1, 0])) + of_diag;
        // How a class depends on the dimensions of the noise, `[n, K]`.
        let loc = params.get("head/loc/kernel");
        let onto = match kind {
            "het" => is_diagonal.to(DType::F64),
            "het-h" => t.constant_array(&signs_by_bucket(), DType::F64, [n, classes]),
            _ => loc,
        };
        let tau = 0.5;
        t.output("expected mean", {
            let of_class = phi.matmul(loc).squeeze(0) + params.get("head/loc/bias");
            (of_class + shift.expand_dims(0).matmul(onto).squeeze(0)) / tau
        });
        let covariance = onto.transpose([1, 0]).matmul(sigma).matmul(onto);
        t.output("expected covariance", covariance / (tau * tau));
    })
    .unwrap();
    let got = inputs.run(&program);
    let covariance = got[3].as_slice::<f64>().unwrap();
    let variance = |k: usize| covariance[k * classes + k];
    let means = got[0].as_slice::<f64>().unwrap().iter().zip(got[2].as_slice::<f64>().unwrap());
    for (k, (mean, expected)) in means.enumerate() {
        let error = (mean - expected).abs() / (variance(k) / SAMPLES as f64).sqrt();
        assert!(error < 5.0, "{kind}: the mean of class {k} is off by {error} standard errors");
    }
    for (i, estimate) in got[1].as_slice::<f64>().unwrap().iter().enumerate() {
        let (a, b) = (i / classes, i % classes);
        // Of normal variables (Isserlis, 1918).
        let variance = variance(a) * variance(b) + covariance[i].powi(2);
        let error = (estimate - covariance[i]).abs() / (variance / SAMPLES as f64).sqrt();
        assert!(error < 5.0, "{kind}: the covariance {a}, {b} is off by {error} standard errors");
    }
}

/// ±1 where a class is in a bucket, `[H, K]`.
fn signs_by_bucket() -> Vec<f64> {
    let classes = SHAPE[2];
    let mut signs = vec![0.0; HASH.buckets as usize * classes];
    for class in 0..classes {
        let mut x = class as u32 ^ HASH.seed.wrapping_mul(0x9E37_79B9);
        x = (x ^ x >> 16).wrapping_mul(0x85EB_CA6B);
        x = (x ^ x >> 13).wrapping_mul(0xC2B2_AE35);
        x ^= x >> 16;
        let sign = if x >> 31 == 1 { -1.0 } else { 1.0 };
        signs[(x % HASH.buckets) as usize * classes + class] = sign;
    }
    signs
}

#[test]
fn the_noise_has_the_mean_and_the_covariance_of_the_formulas() {
    for kind in KINDS {
        noise_has_its_moments(kind, DiagNoise::Scalar, true);
        noise_has_its_moments(kind, DiagNoise::Independent, true);
        noise_has_its_moments(kind, DiagNoise::Independent, false);
    }
}

#[test]
fn without_factors_and_with_noise_of_zero_a_head_is_det() {
    let [batch, width, classes] = SHAPE;
    let inputs = Inputs::default();
    let program = hlo::trace("det", |t| {
        for loss in [Loss::Softmax, Loss::Sigmoid] {
            let det = Det { loss, ..Det::default() };
            let settings = Heteroscedastic {
                loss,
                factors: 0,
                samples: 1,
                temperature: Temperature::Fixed(1.0),
                ..Heteroscedastic::default()
            };
            for kind in KINDS {
                let (head, _) = head(kind, &settings);
                let (params, phi) = inputs.model(t, &head.head().params(width, classes));
                let zeros = |n| t.full(0.0, DType::F64, [batch, 1, n]);
                let draws = Draws::Given(Noise { factors: zeros(0), diag: zeros(1) });
                let labels = Labels::Classes(t.constant_array(&[10, 0, 7], DType::S32, [batch]));
                for (which, head) in [("noise", head.head()), ("det", &det)] {
                    let value = head.loss(&params, phi, labels, draws);
                    t.output(&format!("{kind} {loss:?} {which}"), value);
                    let [phi] = hlo::grad(value, [phi]);
                    t.output(&format!("{kind} {loss:?} {which} phi"), phi);
                }
            }
        }
    });
    for four in inputs.run(&program.unwrap()).chunks(4) {
        // The compiler may sum in another order.
        assert!(relative_error(&four[0], &four[2]) < 1e-14);
        assert!(relative_error(&four[1], &four[3]) < 1e-14);
    }
}

#[test]
fn evaluation_is_made_from_what_the_config_says() {
    let [_, width, classes] = SHAPE;
    for kind in KINDS {
        let inputs = Inputs::default();
        let program = hlo::trace("eval", |t| {
            let base = Heteroscedastic { factors: 2, samples: 3, ..Heteroscedastic::default() };
            let diag_noise = DiagNoise::Independent;
            let key = Key::from_seed(t, 9);
            let (params, phi) = inputs.model(t, &head(kind, &base).0.head().params(width, classes));
            let predict = |settings: Heteroscedastic| {
                let draws = Draws::Shared(key.again());
                let (head, _) = head(kind, &settings);
                head.head().predict(&params, phi, draws).log_probabilities
            };
            t.output("more", predict(Heteroscedastic { eval_samples: Some(8), ..base.clone() }));
            t.output("more expected", predict(Heteroscedastic { samples: 8, ..base.clone() }));

            let eval_logits = EvalLogits::Mean;
            t.output("mean", predict(Heteroscedastic { eval_logits, diag_noise, ..base.clone() }));
            let zeros = |n| t.full(0.0, DType::F64, [1, 1, n]);
            let noise = Noise { factors: zeros(2), diag: zeros(1) };
            let logits = naive_logits(&head(kind, &base).0, &params, phi, noise);
            t.output("mean expected", base.loss.predictive(logits).log_probabilities);

            let eval_logits = EvalLogits::Locs;
            t.output("locs", predict(Heteroscedastic { eval_logits, ..base.clone() }));
            t.output("locs expected", params.dense("head/loc", phi).log_softmax(-1));
        });
        for pair in inputs.run(&program.unwrap()).chunks(2) {
            let error = relative_error(&pair[0], &pair[1]);
            assert!(error < 1e-12, "{kind}: off by {error:.1e}");
        }
    }
}

#[test]
fn the_top_classes_are_those_with_the_largest_probabilities() {
    let logits = [[0.5, 2.0, 2.0, -1.0], [3.0, 1.0, 0.0, 4.0]];
    let program = hlo::trace("top", |t| {
        let logits = t.constant_array(&logits.concat(), DType::F64, [2, 1, 4]);
        for (name, loss) in [("softmax", Loss::Softmax), ("sigmoid", Loss::Sigmoid)] {
            let (classes, log_p) = loss.predictive(logits).top_k(3);
            t.output(&format!("{name} classes"), classes);
            t.output(&format!("{name} ln p"), log_p);
        }
    });
    let got = support::device::run(&program.unwrap(), &[]);
    let order = [[1, 2, 0], [3, 0, 1]];
    for (i, pair) in got.chunks(2).enumerate() {
        assert_eq!(pair[0].as_slice::<i32>().unwrap(), order.concat());
        let expected = order.iter().zip(&logits).flat_map(|(order, row)| {
            let total: f64 = row.iter().map(|x: &f64| x.exp()).sum();
            order.map(|k| match i {
                0 => row[k as usize] - total.ln(),
                _ => -(1.0 + (-row[k as usize]).exp()).ln(),
            })
        });
        for (got, expected) in pair[1].as_slice::<f64>().unwrap().iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got}, expected {expected}");
        }
    }
}

/// The initial values of the authors' code.
#[test]
fn initial_values_are_as_the_settings_say() {
    let base = Heteroscedastic { factors: 2, bias_init: -10.0, ..Heteroscedastic::default() };
    let inits = |kind: &str, settings: &Heteroscedastic| {
        let specs = head(kind, settings).0.head().params(256, 11);
        specs.into_iter().map(|spec| (spec.name, spec.init)).collect::<Vec<_>>()
    };
    for kind in KINDS {
        let fine_tuned = Heteroscedastic { fine_tune: true, ..base.clone() };
        for (name, init) in inits(kind, &fine_tuned) {
            let expected = if name == "head/loc/bias" { -10.0 } else { 0.0 };
            assert_eq!(init, Init::Constant(expected), "{kind}: {name}");
        }
        for efficient in [true, false] {
            let scaled = Heteroscedastic {
                covariance_init_scale: Some(0.25),
                parameter_efficient: efficient,
                ..base.clone()
            };
            for (name, init) in inits(kind, &scaled) {
                let expected = match name.as_str() {
                    "head/diag/kernel" | "head/scale/kernel" => 0.25,
                    "head/loc/kernel" | "head/factors/kernel" => 1.0,
                    _ => continue,
                };
                assert_eq!(init, Init::VarianceScaling { scale: expected }, "{kind}: {name}");
            }
        }
    }
    let program = hlo::trace("init", |t| {
        let [scaled, usual] =
            [Init::VarianceScaling { scale: 0.25 }, Init::LecunNormal].map(|init| {
                let spec = ParamSpec { name: "kernel".to_owned(), shape: vec![256, 256], init };
                spec.initial(t, Key::from_seed(t, 5).again())
            });
        t.output("variance", (scaled * scaled).mean(..));
        t.output("ratio", (usual - scaled * 2.0).max(..));
    });
    let got = support::device::run(&program.unwrap(), &[]);
    let variance = got[0].item::<f32>().unwrap();
    // 2¹⁶ numbers: four standard errors are about 2 %.
    assert!((variance * 256.0 / 0.25 - 1.0).abs() < 0.02, "{variance}");
    assert_eq!(got[1].item::<f32>().unwrap(), 0.0);
}

fn count(head: &dyn Head, width: usize, classes: usize) -> usize {
    head.params(width, classes).iter().map(ParamSpec::elements).sum()
}

/// The papers' architectures: the trunk's parameters, which are those of the layers' definitions, and
/// for each data set K and the numbers that follow from the authors' code with R = 50.
#[test]
fn parameters_are_as_many_as_the_papers_code_has() {
    // K, DET in all, HET beyond DET, HET in all, HET-XL beyond DET, HET-XL in all.
    const VIT_L32: [[usize; 6]; 3] = [
        [18_291, 325_308_275, 38_429_391, 363_737_666, 2_151_425, 327_459_700],
        [21_843, 328_949_075, 45_892_143, 374_841_218, 2_151_425, 331_100_500],
        [29_593, 336_892_825, 62_174_893, 399_067_718, 2_151_425, 339_044_250],
    ];
    const RESNET152: [[usize; 6]; 3] = [
        [18_291, 95_622_067, 75_889_359, 171_511_426, 8_497_153, 104_119_220],
        [21_843, 102_900_115, 90_626_607, 193_526_722, 8_497_153, 111_397_268],
        [29_593, 118_779_865, 122_781_357, 241_561_222, 8_497_153, 127_277_018],
    ];
    // The table counts HET with a temperature that is tuned, HET-XL with one that is learned.
    let learned = Heteroscedastic::default();
    let tuned = Heteroscedastic { temperature: Temperature::Fixed(0.9), ..learned.clone() };
    for (trunk, width, rows) in [(306_560_000, 1024, VIT_L32), (58_143_808, 2048, RESNET152)] {
        for [classes, det, het_extra, het, xl_extra, xl] in rows {
            let of = |head: &dyn Head| trunk + count(head, width, classes);
            assert_eq!(of(&Det::default()), det);
            assert_eq!(of(&Het(tuned.clone())), het);
            assert_eq!(het - det, het_extra);
            assert_eq!(of(&learned), xl);
            assert_eq!(xl - det, xl_extra);
            // As many buckets as pre-logits are wide: as many parameters as HET-XL.
            let hash = ClassHash { buckets: width as u32, seed: 0, signed: true };
            let het_h = Heteroscedastic { hash: Some(hash), ..learned.clone() };
            assert_eq!(of(&Het(het_h)), xl);
        }
    }
}

/// The same where each example has factors of its own: millions for HET, to the digit for HET-XL.
#[test]
fn parameters_of_full_factors_are_as_many_as_the_papers_code_has() {
    let full = Heteroscedastic { parameter_efficient: false, ..Heteroscedastic::default() };
    let fixed = Heteroscedastic { temperature: Temperature::Fixed(0.9), ..full.clone() };
    for (width, xl_extra, het_extras) in [
        (1024, 53_529_601, [(18_291, 956.2), (21_843, 1141.8), (29_593, 1547.0)]),
        (2048, 214_013_953, [(18_291, 1911.4), (21_843, 2282.6), (29_593, 3092.4)]),
    ] {
        for (classes, millions) in het_extras {
            let det = count(&Det::default(), width, classes);
            assert_eq!(count(&full, width, classes) - det, xl_extra);
            let het_extra = count(&Het(fixed.clone()), width, classes) - det;
            assert_eq!(het_extra, classes * 51 * (width + 1));
            assert!((het_extra as f64 / 1e6 - millions).abs() <= 0.05, "{het_extra}");
        }
    }
}

/// H·(2(D + 1) + R + 1) beyond DET, and one for a learned temperature.
#[test]
fn het_h_has_parameters_for_each_bucket_and_none_for_each_class() {
    let hash = Some(ClassHash { buckets: 300, seed: 0, signed: false });
    let settings = Heteroscedastic { factors: 10, hash, ..Heteroscedastic::default() };
    for classes in [1000, 2000] {
        let det = count(&Det::default(), 64, classes);
        assert_eq!(count(&Het(settings.clone()), 64, classes) - det, 300 * (2 * 65 + 11) + 1);
    }
}

#[test]
fn a_checkpoint_says_how_its_classes_are_hashed_and_fits_no_other_hash() {
    let work = support::Workplace::quick();
    work.succeed(
        "train small.toml --run-dir r --steps 2 -s model.head.kind=het-h -s model.head.factors=2 \
         -s model.head.samples=4 -s model.head.hash={buckets=3,signed=true}",
    );
    let state: serde_json::Value =
        serde_json::from_str(&work.read("r/checkpoints/00000002/state.json")).unwrap();
    assert_eq!(state["hash"], serde_json::json!({"buckets": 3, "seed": 0, "signed": true}));
    work.succeed("eval r");
    let config = work.read("r/config.toml");
    let other = config.replace("signed = true", "signed = false");
    assert_ne!(config, other);
    std::fs::write(work.path("r/config.toml"), other).unwrap();
    let ended = work.hetxl("eval r");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("its classes are in buckets by"), "{}", ended.stderr);
}
