//! Trunks on the real plugin, against a second implementation.

mod support;

use std::collections::BTreeMap;
use std::ops::Range;

use hetxl::model::{Depth, Dropout, Mlp, Model, ParamSpec, Params, Resnet, Trunk, Vit};
use hlo::DType;
use hlo::random::Key;
use pjrt::HostArray;
use serde_json::Value;

const BATCH: usize = 2;
const CHANNELS: usize = 3;

fn small(checkpoint: bool) -> Vit {
    Vit {
        image: 4,
        patch: 2,
        hidden: 4,
        layers: 3,
        heads: 2,
        mlp: 6,
        representation: 5,
        dropout: 0.0,
        checkpoint,
    }
}

/// Deterministic numbers around 0 that have no structure.
fn scattered(count: usize, seed: u32) -> Vec<f64> {
    let number = |i| f64::from(hlo::random::threefry2x32([seed, 0], [0, i])[0]);
    (0..count as u32).map(|i| number(i) / 2f64.powi(31) - 1.0).collect()
}

/// A vision transformer as the paper writes it, token after token.
struct Plain<'a> {
    vit: &'a Vit,
    params: &'a BTreeMap<String, Vec<f64>>,
}

impl Plain<'_> {
    /// A dense layer of the parameters called `name`; those of layer `at` where they are stacked.
    fn dense(&self, name: &str, at: usize, x: &[f64], width: usize) -> Vec<f64> {
        let kernel = &self.params[&format!("trunk/{name}/kernel")][at * x.len() * width..];
        let bias = &self.params[&format!("trunk/{name}/bias")][at * width..];
        let sum = |j: usize| (0..x.len()).map(|i| x[i] * kernel[i * width + j]).sum::<f64>();
        (0..width).map(|j| sum(j) + bias[j]).collect()
    }

    fn norm(&self, name: &str, at: usize, x: &[f64]) -> Vec<f64> {
        let count = x.len() as f64;
        let mean = x.iter().sum::<f64>() / count;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        let of =
            |part: &str, i: usize| self.params[&format!("trunk/{name}/{part}")][at * x.len() + i];
        let one = |(i, x): (usize, &f64)| {
            (x - mean) / (variance + 1e-6).sqrt() * of("scale", i) + of("bias", i)
        };
        x.iter().enumerate().map(one).collect()
    }

    /// What each token takes from all, `[T, H]`.
    fn attention(&self, at: usize, tokens: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let Vit { hidden, heads, .. } = *self.vit;
        let width = hidden / heads;
        let project = |name: &str| -> Vec<_> {
            tokens.iter().map(|x| self.dense(&format!("layers/{name}"), at, x, hidden)).collect()
        };
        let (q, k, v) = (project("query"), project("key"), project("value"));
        let mix = |q: &Vec<f64>| -> Vec<f64> {
            let mut mixed = vec![0.0; hidden];
            for head in 0..heads {
                let of = head * width..(head + 1) * width;
                let score = |k: &Vec<f64>| -> f64 {
                    let product: f64 = of.clone().map(|i| q[i] * k[i]).sum();
                    (product / (width as f64).sqrt()).exp()
                };
                let scores: Vec<_> = k.iter().map(score).collect();
                let total: f64 = scores.iter().sum();
                for i in of {
                    mixed[i] = (0..v.len()).map(|t| scores[t] / total * v[t][i]).sum();
                }
            }
            self.dense("layers/out", at, &mixed, hidden)
        };
        q.iter().map(mix).collect()
    }

    fn pre_logits(&self, image: &[f64]) -> Vec<f64> {
        let Vit { image: side, patch, hidden, layers, mlp, representation, .. } = *self.vit;
        let mut tokens = vec![self.params["trunk/class_token"].clone()];
        for row in (0..side).step_by(patch) {
            for column in (0..side).step_by(patch) {
                let pixel = |i: usize| {
                    let (y, x) = (i / (patch * CHANNELS), i / CHANNELS % patch);
                    image[((row + y) * side + column + x) * CHANNELS + i % CHANNELS]
                };
                let pixels: Vec<_> = (0..patch * patch * CHANNELS).map(pixel).collect();
                tokens.push(self.dense("embedding", 0, &pixels, hidden));
            }
        }
        let add = |x: &mut [f64], y: &[f64]| x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
        for (token, position) in
            tokens.iter_mut().zip(self.params["trunk/positions"].chunks(hidden))
        {
            add(token, position);
        }
        for at in 0..layers {
            let normed: Vec<_> = tokens.iter().map(|x| self.norm("layers/norm_1", at, x)).collect();
            let mixed = self.attention(at, &normed);
            for (token, mixed) in tokens.iter_mut().zip(mixed) {
                add(token, &mixed);
                let up = self.dense("layers/up", at, &self.norm("layers/norm_2", at, token), mlp);
                let slope = (2.0 / std::f64::consts::PI).sqrt();
                let gelu = |x: f64| 0.5 * x * (1.0 + (slope * (x + 0.044_715 * x.powi(3))).tanh());
                let up: Vec<_> = up.into_iter().map(gelu).collect();
                add(token, &self.dense("layers/down", at, &up, hidden));
            }
        }
        let class = self.norm("norm", 0, &tokens[0]);
        self.dense("pre_logits", 0, &class, representation).into_iter().map(f64::tanh).collect()
    }
}

/// A weighted sum of the pre-logits and its gradients agree with the plain form and its central
/// differences.
fn agrees_with_the_plain_form(vit: &Vit) {
    let features = vit.image * vit.image * CHANNELS;
    let trunk = Trunk::Vit(vit.clone());
    let specs = trunk.params(features);
    let mut params = BTreeMap::new();
    for (i, spec) in specs.iter().enumerate() {
        params.insert(spec.name.clone(), scattered(spec.elements(), i as u32));
    }
    let images = scattered(BATCH * features, 100);
    let weights = scattered(BATCH * vit.representation, 101);
    let program = hlo::trace("vit", |t| {
        let input = |spec: &ParamSpec| t.input(&spec.name, DType::F64, &spec.shape);
        let inputs: Vec<_> = specs.iter().map(input).collect();
        let names = specs.iter().map(|spec| spec.name.clone());
        let params: Params<'_> = names.zip(inputs.iter().copied()).collect();
        let images = t.input("images", DType::F64, [BATCH, features]);
        let pre_logits = trunk.pre_logits(&params, images, None);
        let weights = t.constant_array(&weights, DType::F64, [BATCH, vit.representation]);
        t.output("pre_logits", pre_logits);
        for (spec, gradient) in specs.iter().zip(hlo::grad((pre_logits * weights).sum(..), inputs))
        {
            t.output(&spec.name, gradient);
        }
    });
    let arrays = specs.iter().map(|spec| (spec.shape.clone(), &params[&spec.name]));
    let arrays = arrays.chain([(vec![BATCH, features], &images)]);
    let arrays: Vec<_> =
        arrays.map(|(shape, numbers)| HostArray::from_slice(&shape, numbers).unwrap()).collect();
    let outputs = support::device::run(&program.unwrap(), &arrays);

    let plain = |params: &BTreeMap<String, Vec<f64>>| -> Vec<f64> {
        let plain = Plain { vit, params };
        images.chunks(features).flat_map(|image| plain.pre_logits(image)).collect()
    };
    let near = |got: &[f64], expected: &[f64], error: f64| {
        got.len() == expected.len()
            && got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() <= error)
    };
    let expected = plain(&params);
    assert!(expected.iter().all(|x| x.abs() > 1e-3 && x.abs() < 0.999), "{expected:?}");
    assert!(near(outputs[0].as_slice().unwrap(), &expected, 1e-12));
    for (spec, gradient) in specs.iter().zip(&outputs[1..]) {
        const STEP: f64 = 1e-5;
        let difference = |i: usize| {
            let mut moved = params.clone();
            let mut at = |x: f64| -> f64 {
                moved.get_mut(&spec.name).unwrap()[i] = x;
                plain(&moved).iter().zip(&weights).map(|(x, weight)| x * weight).sum()
            };
            let x = params[&spec.name][i];
            (at(x + STEP) - at(x - STEP)) / (2.0 * STEP)
        };
        let expected: Vec<_> = (0..spec.elements()).map(difference).collect();
        assert!(near(gradient.as_slice().unwrap(), &expected, 1e-8), "{}", spec.name);
    }
}

#[test]
fn a_vision_transformer_and_its_gradients_agree_with_the_plain_form() {
    agrees_with_the_plain_form(&small(false));
}

#[test]
fn computing_layers_again_in_the_reverse_pass_changes_no_gradient() {
    agrees_with_the_plain_form(&small(true));
}

/// Traces pre-logits of `count` examples from a batch of [`BATCH`], beginning at `first`, in the
/// element types of inputs and parameters, with gradients of their sum, and what to run it on.
struct Traced {
    program: hlo::Program,
    arrays: Vec<HostArray>,
}

fn traced(trunk: &Trunk, part: Range<usize>, [of_inputs, of_params]: [DType; 2]) -> Traced {
    let features = 4 * 4 * CHANNELS;
    let specs = trunk.params(features);
    let program = hlo::trace("trunk", |t| {
        let input = |spec: &ParamSpec| t.input(&spec.name, DType::F64, &spec.shape).to(of_params);
        let inputs: Vec<_> = specs.iter().map(input).collect();
        let names = specs.iter().map(|spec| spec.name.clone());
        let params: Params<'_> = names.zip(inputs.iter().copied()).collect();
        let images = t.input("images", DType::F64, [part.len(), features]).to(of_inputs);
        let first = t.constant(part.start as i64, DType::S32);
        let dropout = Dropout { key: Key::from_seed(t, 7), batch: BATCH, first };
        let pre_logits = trunk.pre_logits(&params, images, Some(dropout));
        assert_eq!(pre_logits.dtype(), of_inputs);
        t.output("pre_logits", pre_logits.to(DType::F64));
        for (spec, gradient) in specs.iter().zip(hlo::grad(pre_logits.sum(..), inputs)) {
            t.output(&spec.name, gradient.to(DType::F64));
        }
    });
    let shape = |spec: &ParamSpec| (spec.shape.clone(), scattered(spec.elements(), 3));
    let images =
        scattered(BATCH * features, 100)[part.start * features..part.end * features].to_vec();
    let arrays = specs.iter().map(shape).chain([(vec![part.len(), features], images)]);
    let arrays = arrays.map(|(shape, numbers)| HostArray::from_slice(&shape, &numbers).unwrap());
    Traced { program: program.unwrap(), arrays: arrays.collect() }
}

impl Traced {
    fn run(&self) -> Vec<Vec<f64>> {
        let outputs = support::device::run(&self.program, &self.arrays);
        outputs.iter().map(|output| output.as_slice().unwrap().to_vec()).collect()
    }
}

/// The largest difference between numbers.
fn difference(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let (a, b) = (a.iter().flatten(), b.iter().flatten());
    a.zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn a_share_of_a_layers_numbers_is_dropped_and_the_others_make_up_for_it() {
    const WIDTH: usize = 5000;
    let trunk = Trunk::Mlp(Mlp { hidden: vec![WIDTH], dropout: 0.2 });
    let program = hlo::trace("dropout", |t| {
        let params: Params<'_> = [
            ("trunk/dense_0/kernel".to_owned(), t.full(0.0, DType::F32, [1, WIDTH])),
            ("trunk/dense_0/bias".to_owned(), t.full(1.0, DType::F32, [WIDTH])),
        ]
        .into_iter()
        .collect();
        let inputs = t.full(0.0, DType::F32, [2, 1]);
        for (name, seed) in [("one", 1), ("two", 2)] {
            let dropout = Dropout::of_batch(Key::from_seed(t, seed), 2);
            t.output(name, trunk.pre_logits(&params, inputs, Some(dropout)));
        }
        t.output("none", trunk.pre_logits(&params, inputs, None));
    });
    let outputs = support::device::run(&program.unwrap(), &[]);
    let [one, two, none] = [0, 1, 2].map(|at| outputs[at].as_slice::<f32>().unwrap());
    assert!(none.iter().all(|&x| x == 1.0));
    for kept in [one, two] {
        assert!(kept.iter().all(|&x| x == 0.0 || x == 1.25));
        let dropped = kept.iter().filter(|&&x| x == 0.0).count() as f64 / kept.len() as f64;
        // The standard deviation is √(0.2 · 0.8 / 10,000) = 0.004.
        assert!((dropped - 0.2).abs() < 0.02, "{dropped}");
    }
    assert!(one != two && one[..WIDTH] != one[WIDTH..]);
}

#[test]
fn a_vision_transformer_drops_the_same_in_parts_of_a_batch_and_when_layers_are_computed_again() {
    let f64s = [DType::F64; 2];
    let trunk = |dropout, checkpoint| Trunk::Vit(Vit { dropout, ..small(checkpoint) });
    let whole = traced(&trunk(0.5, false), 0..BATCH, f64s).run();
    let again = traced(&trunk(0.5, true), 0..BATCH, f64s).run();
    assert!(difference(&whole, &again) < 1e-12);
    let plain = traced(&trunk(0.0, false), 0..BATCH, f64s).run();
    assert!(difference(&whole, &plain) > 0.1);
    let parts = [0, 1].map(|i| traced(&trunk(0.5, false), i..i + 1, f64s).run());
    let pre_logits = [&parts[0][0][..], &parts[1][0]].concat();
    assert!(difference(&whole[..1], &[pre_logits]) < 1e-12);
    for (at, gradient) in whole.iter().enumerate().skip(1) {
        let sum: Vec<_> = parts[0][at].iter().zip(&parts[1][at]).map(|(a, b)| a + b).collect();
        assert!(difference(std::slice::from_ref(gradient), &[sum]) < 1e-12);
    }
}

#[test]
fn bfloat16_stays_close_to_f64_with_parameters_of_either_type() {
    let mlp = Trunk::Mlp(Mlp { hidden: vec![8, 4], dropout: 0.0 });
    for trunk in [Trunk::Vit(small(false)), mlp] {
        let exact = traced(&trunk, 0..BATCH, [DType::F64; 2]).run();
        for params in [DType::Bf16, DType::F32] {
            let rounded = traced(&trunk, 0..BATCH, [DType::Bf16, params]).run();
            let largest = exact.iter().flatten().fold(0.0, |a: f64, b| a.max(b.abs()));
            // A step of bfloat16 is 1/128 of a number.
            let difference = difference(&exact, &rounded);
            assert!(difference > 0.0 && difference < 0.05 * largest, "{difference} of {largest}");
        }
    }
}

/// Means, variances and sums of exponentials lose what they count in 8 bits.
#[test]
fn statistics_of_a_trunk_in_bfloat16_are_of_f32() {
    let resnet = Resnet { depth: Depth::D50, width: 1, image: 4, checkpoint: false };
    for trunk in [Trunk::Vit(small(false)), Trunk::Resnet(resnet)] {
        let text = traced(&trunk, 0..BATCH, [DType::Bf16; 2]).program.text();
        let of = |name: &str| {
            let lines = text.lines().filter(|line| line.contains(&format!("stablehlo.{name}")));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert!(text.contains("bf16") && of("rsqrt").len() >= 2);
        for name in ["rsqrt", "exponential", "reduce("] {
            let lost = of(name).into_iter().find(|line| line.contains("bf16"));
            assert_eq!(lost, None);
        }
    }
}

/// The first of the numbers in [−1, 1) that `tests/data/resnet.py` makes, too: the last step of
/// `MurmurHash3` for odd multiples.
fn hashed(count: usize) -> Vec<f64> {
    let number = |i: u32| {
        let h = i.wrapping_mul(0x9E37_79B1);
        let h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
        let h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
        f64::from(h ^ (h >> 16)) / 2f64.powi(31) - 1.0
    };
    (0..count as u32).map(number).collect()
}

/// Slow: its compilation takes 20 seconds of a processor.
#[test]
fn a_residual_network_and_its_gradients_agree_with_jax() {
    const SIDE: usize = 40;
    let found: Value = serde_json::from_str(include_str!("data/resnet.json")).unwrap();
    let trunk: Trunk =
        toml::from_str(&format!("kind = \"resnet\"\ndepth = 50\nimage = {SIDE}")).unwrap();
    let features = SIDE * SIDE * CHANNELS;
    let mut specs = trunk.params(features);
    specs.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(specs.len(), found["gradients"].as_object().unwrap().len());
    let sizes = specs.iter().map(ParamSpec::elements);
    let sizes: Vec<_> = sizes.chain([BATCH * features, BATCH * 2048]).collect();
    let numbers = hashed(sizes.iter().sum());
    let program = hlo::trace("resnet", |t| {
        let all = t.input("numbers", DType::F64, [numbers.len()]);
        let mut end = 0;
        let mut parts = sizes.iter().map(|size| {
            end += size;
            all.slice(0, end - size..end)
        });
        let own: Vec<_> = parts.by_ref().take(specs.len()).collect();
        let initial = |at: usize| {
            let (spec, part) = (&specs[at], own[at].reshape(&specs[at].shape));
            match spec.name.rsplit('/').next().unwrap() {
                "kernel" => part * 0.01,
                "scale" => part * 0.5 + 1.0,
                _ => part * 0.5,
            }
        };
        let values: Vec<_> = (0..specs.len()).map(initial).collect();
        let names = specs.iter().map(|spec| spec.name.clone());
        let params: Params<'_> = names.zip(values.iter().copied()).collect();
        let images = parts.next().unwrap().reshape([BATCH, features]);
        let weights = parts.next().unwrap().reshape([BATCH, 2048]);
        let pre_logits = trunk.pre_logits(&params, images, None);
        t.output("pre_logits", pre_logits.slice(1, 0..8));
        let gradients = hlo::grad((pre_logits * weights).sum(..), values);
        for ((spec, own), gradient) in specs.iter().zip(own).zip(gradients) {
            t.output(&spec.name, (gradient.reshape(own.shape()) * own.flip([0])).sum(..));
        }
    });
    let numbers = HostArray::from_slice(&[numbers.len()], &numbers).unwrap();
    let outputs = support::device::run(&program.unwrap(), &[numbers]);
    let near = |got: f64, expected: &Value| {
        let expected = expected.as_f64().unwrap();
        (got - expected).abs() <= 1e-9 * expected.abs().max(1.0)
    };
    let pre_logits: &[f64] = outputs[0].as_slice().unwrap();
    for (i, &got) in pre_logits.iter().enumerate() {
        let expected = &found["pre_logits"][i / 8][i % 8];
        assert!(near(got, expected), "{got} and {expected}");
    }
    for (spec, got) in specs.iter().zip(&outputs[1..]) {
        let (got, expected) = (got.item().unwrap(), &found["gradients"][&spec.name]);
        assert!(near(got, expected), "{}: {got} and {expected}", spec.name);
    }
}

/// A trunk for coloured images of 224×224 pixels and a head, as a config has them.
fn count(trunk: &str, head: &str, classes: usize) -> usize {
    let (trunk, head) = (toml::from_str(trunk).unwrap(), toml::from_str(head).unwrap());
    let model = Model { trunk, head, features: 224 * 224 * 3, classes };
    model.params().iter().map(ParamSpec::elements).sum()
}

/// Of a vision transformer without the dense layer before the head, and of a residual network,
/// torchvision's documentation has the numbers; those of Ti and S are in Touvron et al. (2021) as
/// 5 and 22 million, and exactly those of the weights that they published.
#[test]
fn trunks_with_1000_classes_have_the_published_numbers_of_parameters() {
    let vit = |size: &str, patch: usize| {
        let trunk = format!(
            "kind = \"vit\"\nimage = 224\npatch = {patch}\nsize = \"{size}\"\nrepresentation = 0"
        );
        count(&trunk, "kind = \"det\"", 1000)
    };
    assert_eq!(vit("Ti", 16), 5_717_416);
    assert_eq!(vit("S", 16), 22_050_664);
    assert_eq!(vit("B", 16), 86_567_656);
    assert_eq!(vit("B", 32), 88_224_232);
    assert_eq!(vit("L", 16), 304_326_632);
    assert_eq!(vit("L", 32), 306_535_400);
    assert_eq!(vit("H", 14), 632_045_800);
    let resnet = |depth: usize| {
        let trunk = format!("kind = \"resnet\"\ndepth = {depth}\nimage = 224");
        count(&trunk, "kind = \"det\"", 1000)
    };
    assert_eq!(resnet(50), 25_557_032);
    assert_eq!(resnet(101), 44_549_160);
    assert_eq!(resnet(152), 60_192_808);
}

/// Worked out from the layers of the authors' code, uncertainty-baselines, and not by this crate: the
/// trunks have 306,560,000 and 58,143,808 parameters. HET has a fixed temperature, HET-XL learns it.
#[test]
fn the_papers_models_have_as_many_parameters_as_its_code() {
    let vit = "kind = \"vit\"\nimage = 224\npatch = 32\nsize = \"L\"";
    let resnet = "kind = \"resnet\"\ndepth = 152\nimage = 224";
    let heads = ["kind = \"det\"", "kind = \"het\"\ntemperature = 1.0", "kind = \"het-xl\""];
    for (trunk, classes, expected) in [
        (vit, 18_291, [325_308_275, 363_737_666, 327_459_700]),
        (vit, 21_843, [328_949_075, 374_841_218, 331_100_500]),
        (vit, 29_593, [336_892_825, 399_067_718, 339_044_250]),
        (resnet, 18_291, [95_622_067, 171_511_426, 104_119_220]),
        (resnet, 21_843, [102_900_115, 193_526_722, 111_397_268]),
        (resnet, 29_593, [118_779_865, 241_561_222, 127_277_018]),
    ] {
        let counts = heads.map(|head| count(trunk, head, classes));
        assert_eq!(counts, expected, "{trunk} and {classes} classes");
    }
}
