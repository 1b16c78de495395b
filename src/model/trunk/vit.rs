//! The vision transformer (Dosovitskiy et al., "An image is worth 16×16 words", ICLR 2021), as the
//! HET-XL paper's code has it: pre-logits are `tanh` of a dense layer on the class token.
//!
//! ```text
//! x = [class token; patches · E + b] + positions       [B, T, H], T = 1 + (image / patch)²
//! x = x + attention(norm(x));  x = x + mlp(norm(x))    of each layer
//! φ = tanh(norm(x)₀ · P + b)                           [B, H]
//! ```

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use crate::model::{Init, ParamSpec, Params};

/// Added to the variance in a layer norm.
const EPSILON: f64 = 1e-6;

/// Settings of a vision transformer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vit {
    /// Pixels along each side of an image. Its numbers are in the order `[row, column, channel]`.
    pub image: usize,
    /// Pixels along each side of a patch.
    pub patch: usize,
    /// The width H of a token, and D of the pre-logits.
    pub hidden: usize,
    /// How many layers there are.
    pub layers: usize,
    /// The heads of attention, each of `hidden / heads` numbers.
    pub heads: usize,
    /// The width of each layer's perceptron.
    pub mlp: usize,
    /// Whether the reverse pass keeps what goes into each layer alone, and computes the rest again.
    #[serde(default)]
    pub checkpoint: bool,
}

impl Vit {
    /// The numbers of a patch. The channels are what is left of an image's numbers.
    fn patch_features(&self, features: usize) -> usize {
        self.patch * self.patch * self.channels(features)
    }

    fn channels(&self, features: usize) -> usize {
        features / (self.image * self.image)
    }

    /// The patches along each side.
    fn patches(&self) -> usize {
        self.image / self.patch
    }

    pub(super) fn params(&self, features: usize) -> Vec<ParamSpec> {
        let Self { hidden, .. } = *self;
        let (normal, zero) = (Init::LecunNormal, Init::Constant(0.0));
        let tokens = 1 + self.patches() * self.patches();
        let one = |name: &str, shape: &[usize], init| ParamSpec {
            name: format!("trunk/{name}"),
            shape: shape.to_vec(),
            init,
        };
        let mut params = Vec::from(ParamSpec::dense(
            "trunk/embedding",
            self.patch_features(features),
            hidden,
            normal,
            zero,
        ));
        params.push(one("class_token", &[hidden], zero));
        params.push(one("positions", &[tokens, hidden], Init::Normal { stddev: 0.02 }));
        params.extend(self.layer_params());
        params.push(one("norm/scale", &[hidden], Init::Constant(1.0)));
        params.push(one("norm/bias", &[hidden], zero));
        params.extend(ParamSpec::dense("trunk/pre_logits", hidden, hidden, normal, zero));
        params
    }

    /// Those of all layers, stacked along the first axis. Those of a layer's attention are matrices,
    /// since a TPU fills the last axis of an array up to 128.
    fn layer_params(&self) -> Vec<ParamSpec> {
        let Self { hidden, mlp, .. } = *self;
        let zero = Init::Constant(0.0);
        let norm = |name: &str| {
            [("scale", 1.0), ("bias", 0.0)].map(|(part, value)| {
                (format!("{name}/{part}"), vec![hidden], Init::Constant(value))
            })
        };
        let dense = |name: &str, fan_in, fan_out, bias| {
            let kernel = (format!("{name}/kernel"), vec![fan_in, fan_out], Init::GlorotUniform);
            [kernel, (format!("{name}/bias"), vec![fan_out], bias)]
        };
        // So small a bias is the reference code's.
        let small = Init::Normal { stddev: 1e-6 };
        let of_a_layer = [
            norm("norm_1"),
            dense("query", hidden, hidden, zero),
            dense("key", hidden, hidden, zero),
            dense("value", hidden, hidden, zero),
            dense("out", hidden, hidden, zero),
            norm("norm_2"),
            dense("up", hidden, mlp, small),
            dense("down", mlp, hidden, small),
        ];
        let stacked = |(name, shape, init): (String, Vec<usize>, Init)| ParamSpec {
            name: format!("trunk/layers/{name}"),
            shape: [&[self.layers], &shape[..]].concat(),
            init,
        };
        of_a_layer.into_iter().flatten().map(stacked).collect()
    }

    pub(super) fn pre_logits<'t>(&self, params: &Params<'t>, inputs: Tensor<'t>) -> Tensor<'t> {
        let get = |name: &str| params.get(&format!("trunk/{name}"));
        let [batch, features] = inputs.dims();
        let (side, patch, channels) = (self.patches(), self.patch, self.channels(features));
        let patches = inputs
            .reshape([batch, side, patch, side, patch, channels])
            .transpose([0, 1, 3, 2, 4, 5])
            .reshape([batch, side * side, self.patch_features(features)]);
        let patches = params.dense("trunk/embedding", patches);
        let class = get("class_token").broadcast_to([batch, 1, self.hidden]);
        let x = inputs.trace().concatenate(&[class, patches], 1) + get("positions");

        let layers: Vec<_> =
            self.layer_params().iter().map(|spec| params.get(&spec.name)).collect();
        // One layer is recorded, whatever their number.
        let (x, ()) = hlo::scan(x, layers, |x, params| {
            let layer = |(x, params): (_, Vec<_>)| self.layer(x, &params);
            let x = if self.checkpoint {
                hlo::checkpoint((x, params), layer)
            } else {
                layer((x, params))
            };
            (x, ())
        });
        // A norm is of each token alone.
        let class = x.slice(1, 0..1).squeeze(1);
        let class = class.layer_norm(get("norm/scale"), get("norm/bias"), EPSILON);
        params.dense("trunk/pre_logits", class).tanh()
    }

    /// Attention to all tokens and a perceptron, each added to what it was given, `[B, T, H]`. The
    /// parameters are in the order of [`Vit::layer_params`].
    fn layer<'t>(&self, x: Tensor<'t>, params: &[Tensor<'t>]) -> Tensor<'t> {
        let [norm_1, query, key, value, out, norm_2, up, down] =
            std::array::from_fn(|i| [params[2 * i], params[2 * i + 1]]);
        let t = x.trace();
        let [batch, tokens, hidden] = x.dims();
        let width = hidden / self.heads;
        let norm =
            |x: Tensor<'t>, [scale, bias]: [Tensor<'t>; 2]| x.layer_norm(scale, bias, EPSILON);
        let dense = |x: Tensor<'t>, [kernel, bias]: [Tensor<'t>; 2]| x.matmul(kernel) + bias;

        let normed = norm(x, norm_1);
        let [q, k, v] = [query, key, value]
            .map(|of| dense(normed, of).reshape([batch, tokens, self.heads, width]));
        let scores = t.einsum("bqhw,bkhw->bhqk", &[q, k]) / (width as f64).sqrt();
        let mixed = t.einsum("bhqk,bkhw->bqhw", &[scores.softmax(-1), v]);
        let x = x + dense(mixed.reshape([batch, tokens, hidden]), out);
        x + dense(dense(norm(x, norm_2), up).gelu_tanh(), down)
    }

    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        let Self { image, patch, hidden, layers, heads, mlp, .. } = *self;
        for (key, value) in [
            ("image", image),
            ("patch", patch),
            ("hidden", hidden),
            ("layers", layers),
            ("heads", heads),
            ("mlp", mlp),
        ] {
            if value == 0 {
                return Err((key, "must be at least 1".to_owned()));
            }
        }
        if image % patch != 0 {
            return Err(("patch", format!("must divide the {image} pixels of model.trunk.image")));
        }
        if hidden % heads != 0 {
            return Err(("heads", format!("must divide the {hidden} of model.trunk.hidden")));
        }
        Ok(())
    }

    pub(super) fn check_features(&self, features: usize) -> Result<(), String> {
        let pixels = self.image.saturating_mul(self.image);
        if features == 0 || !features.is_multiple_of(pixels) {
            return Err(format!(
                "an image of {0}×{0} pixels has a multiple of {pixels} numbers, and the data has \
                 {features}",
                self.image
            ));
        }
        Ok(())
    }
}
