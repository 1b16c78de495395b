//! What each estimator's noise is worth: how many independent samples vary as much.
//!
//!     cargo bench --bench estimators
//!
//! A HET-XL head with K = 1000, D = 512, R = 15 is trained briefly on made-up pre-logits: classes in
//! pairs that are near each other, where one label in five is that of the other class. Then the noise
//! of its loss and of the loss's gradients is drawn anew many times for the same examples, and the
//! variances, summed over examples and elements, are compared with those of independent samples,
//! between whose counts they are interpolated.

use hetxl::config::RuntimeConfig;
use hetxl::model::head::{Backward, DiagNoise, Draws, Estimator, Heteroscedastic, Temperature};
use hetxl::model::{Head, HeadConfig, Labels, Mlp, Model, Params, Trunk};
use hetxl::programs::Programs;
use hetxl::runtime::Runtime;
use hetxl::state::{TrainState, seed_array};
use hlo::DType::{F32, S32, U32};
use hlo::random::{Key, threefry2x32};
use pjrt::HostArray;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const CLASSES: usize = 1000;
const WIDTH: usize = 512;
const FACTORS: usize = 15;

/// Of training.
const STEPS: u32 = 200;
const BATCH: usize = 128;

/// Examples whose loss is looked at.
const EXAMPLES: usize = 8;

/// How often the noise is drawn.
const DRAWS: u32 = 400;

/// The independent samples that others are compared with.
const REFERENCE: [usize; 4] = [4, 16, 64, 256];

/// What varies: the loss, and its gradients by the pre-logits, by the kernel and by the bias of the
/// diagonal noise's scale.
type Variances = [f64; 4];

fn main() -> Result<()> {
    let runtime = Runtime::open(&RuntimeConfig::default(), &mut |step| eprintln!("{step}"))?;
    for diag_noise in [DiagNoise::Independent, DiagNoise::Scalar] {
        let head = Heteroscedastic {
            factors: FACTORS,
            samples: 16,
            diag_noise,
            temperature: Temperature::Fixed(1.0),
            ..Default::default()
        };
        let (state, loss) = train(&runtime, &head)?;
        println!(
            "\n{diag_noise:?} diagonal noise; loss of the last of {STEPS} training steps {loss:.2}:\n"
        );
        println!(
            "| estimator | rows | samples | loss | dφ | dW | dd |\n|---|---|---|---|---|---|---|"
        );
        let temperatures = [1.0, 0.2].map(Temperature::Fixed);
        let of = |head: &Heteroscedastic| -> Result<Vec<Variances>> {
            let of = |temperature| {
                variances(&runtime, &Heteroscedastic { temperature, ..head.clone() }, &state)
            };
            temperatures.into_iter().map(of).collect()
        };
        let mut reference = Vec::new();
        for samples in REFERENCE {
            reference.push((samples, of(&Heteroscedastic { samples, ..head.clone() })?));
        }
        for (name, rows, changed) in estimators(&head) {
            let got = of(&changed)?;
            let columns = (0..4).map(|i| {
                let equal = |t: usize| {
                    let curve: Vec<_> = reference.iter().map(|(s, it)| (*s, it[t][i])).collect();
                    equal_samples(&curve, got[t][i])
                };
                format!("{:.0} / {:.0}", equal(0), equal(1))
            });
            let columns: Vec<_> = columns.collect();
            println!("| {name} | {rows} | {} | {} |", changed.samples, columns.join(" | "));
        }
    }
    Ok(())
}

/// What is compared: a name, and the rows multiplied by the kernel forward and, if others, backward.
fn estimators(head: &Heteroscedastic) -> Vec<(&'static str, String, Heteroscedastic)> {
    let of = |name, estimator, samples, rows: usize| {
        (name, rows.to_string(), Heteroscedastic { estimator, samples, ..head.clone() })
    };
    let sampled = |samples, rows: usize, count| {
        let backward = Backward::Sampled(count);
        let head = Heteroscedastic { backward, samples, ..head.clone() };
        ("iid, sampled backward", format!("{rows}, {count} backward"), head)
    };
    let (iid, antithetic, orthogonal) =
        (Estimator::Iid, Estimator::Antithetic, Estimator::Orthogonal);
    if head.diag_noise == DiagNoise::Scalar {
        let directions = FACTORS + 2;
        return vec![
            of("iid", iid, 64, directions),
            of("antithetic", antithetic, 64, directions),
            of("orthogonal", orthogonal, 64, directions),
            of("iid", iid, 256, directions),
            of("antithetic", antithetic, 256, directions),
            of("orthogonal", orthogonal, 256, directions),
            sampled(256, directions, 2),
        ];
    }
    let exact = |diag_rows, samples| {
        let estimator = Estimator::FactorExact { diag_rows };
        of("factor-exact", estimator, samples, FACTORS + 1 + diag_rows)
    };
    vec![
        of("iid", iid, 16, 16),
        of("iid", iid, 64, 64),
        of("antithetic", antithetic, 16, 9),
        of("antithetic", antithetic, 32, 17),
        of("orthogonal", orthogonal, 16, 9),
        of("orthogonal", orthogonal, 32, 17),
        exact(1, 64),
        exact(4, 256),
        sampled(16, 16, 1),
        sampled(64, 64, 2),
    ]
}

/// Pre-logits and classes of `count` examples from the `first` on.
fn examples(first: u32, count: usize) -> Result<[HostArray; 2]> {
    let number = |seed: u32, place: u32| {
        f64::from(threefry2x32([seed, 0], [0, place])[0]) / 2f64.powi(31) - 1.0
    };
    let (mut inputs, mut labels) = (Vec::new(), Vec::new());
    for example in first..first + count as u32 {
        let [bits, other] = threefry2x32([0, 0], [0, example]);
        let class = bits % CLASSES as u32;
        labels.push(if other % 5 == 0 { class ^ 1 } else { class } as i32);
        inputs.extend((0..WIDTH as u32).map(|i| {
            let at = |row: u32| row * WIDTH as u32 + i;
            let center = number(1, at(class / 2)) + 0.5 * number(2, at(class));
            (center + number(3, at(example))) as f32
        }));
    }
    let inputs = HostArray::from_slice(&[count, WIDTH], &inputs)?;
    Ok([inputs, HostArray::from_slice(&[count], &labels)?])
}

/// Trains the head and tells the last loss.
fn train(runtime: &Runtime, head: &Heteroscedastic) -> Result<(TrainState, f32)> {
    let model = Model {
        trunk: Trunk::Mlp(Mlp { hidden: vec![], dropout: 0.0 }),
        head: HeadConfig::HetXl(head.clone()),
        features: WIDTH,
        classes: CLASSES,
    };
    let programs = Programs::new(model);
    let step = runtime.compile(&programs.train_step(BATCH)?)?;
    let mut state = TrainState::init(runtime, &programs, 0)?;
    let mut loss = 0.0;
    for i in 0..STEPS {
        let [inputs, labels] = examples(1000 + i * BATCH as u32, BATCH)?;
        let [rate, decay] = [1e-3f32, 0.0].map(HostArray::scalar);
        let arrays = [inputs, labels, seed_array(0), HostArray::scalar(i), rate, decay];
        let buffers: Vec<_> =
            arrays.iter().map(|array| runtime.buffer(array)).collect::<Result<_, _>>()?;
        let rest = state.advance(&step, [buffers.into_iter().map(Into::into).collect()])?;
        loss = rest[0].to_host()?.item::<f32>()?;
    }
    Ok((state, loss))
}

/// The variances over draws of the noise, summed over examples and elements.
fn variances(runtime: &Runtime, head: &Heteroscedastic, state: &TrainState) -> Result<Variances> {
    let program = hlo::trace("noise", |t| {
        let params = Params::inputs(t, &Head::params(head, WIDTH, CLASSES));
        let phi = t.input("phi", F32, [EXAMPLES, WIDTH]);
        let labels = t.input("labels", S32, [EXAMPLES]);
        let key = Key::from_tensor(t.input("key", U32, [2]));
        let losses = head.predict(&params, phi, Draws::of_batch(key, EXAMPLES)).loss(labels);
        let draws = Draws::of_batch(key.again(), EXAMPLES);
        let loss = head.loss(&params, phi, Labels::Classes(labels), draws);
        let wrt = [phi, params.get("head/loc/kernel"), params.get("head/diag/bias")];
        t.output("losses", losses);
        for (i, gradient) in hlo::grad(loss, wrt).into_iter().enumerate() {
            t.output(&format!("gradient{i}"), gradient);
        }
    })?;
    let executable = runtime.compile(&program)?;
    let [phi, labels] = examples(0, EXAMPLES)?;
    let mut sums: [Vec<[f64; 2]>; 4] = Default::default();
    for draw in 0..DRAWS {
        let key = HostArray::from_slice(&[2], &[1, draw])?;
        let outputs = runtime.run(&executable, state.params(), &[&phi, &labels, &key])?;
        for (sums, output) in sums.iter_mut().zip(&outputs) {
            let output = output.to_host()?;
            let numbers = output.as_slice::<f32>()?;
            sums.resize(numbers.len(), [0.0; 2]);
            for (sums, number) in sums.iter_mut().zip(numbers.iter().map(|&it| f64::from(it))) {
                *sums = [sums[0] + number, sums[1] + number * number];
            }
        }
    }
    let draws = f64::from(DRAWS);
    let variance = |[sum, squares]: [f64; 2]| (squares - sum * sum / draws) / (draws - 1.0);
    Ok(sums.map(|sums| sums.into_iter().map(variance).sum()))
}

/// The number of independent samples whose variance is `variance`: on a curve of (samples, variance)
/// in logarithms, and as 1/S beyond it.
fn equal_samples(curve: &[(usize, f64)], variance: f64) -> f64 {
    let logarithms = |&(samples, variance): &(usize, f64)| ((samples as f64).ln(), variance.ln());
    let points: Vec<_> = curve.iter().map(logarithms).collect();
    let at = variance.ln();
    let first = points[0];
    if at > first.1 {
        return (first.0 + first.1 - at).exp();
    }
    let between = points.windows(2).find(|pair| (pair[1].1..=pair[0].1).contains(&at));
    let log_samples = match between {
        Some(pair) => {
            let part = (pair[0].1 - at) / (pair[0].1 - pair[1].1);
            pair[0].0 + part * (pair[1].0 - pair[0].0)
        }
        None => points[points.len() - 1].0 + points[points.len() - 1].1 - at,
    };
    log_samples.exp()
}
