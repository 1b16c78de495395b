//! The vision transformer (Dosovitskiy et al., "An image is worth 16×16 words", ICLR 2021), as the
//! HET-XL paper's code has it: pre-logits are `tanh` of a dense layer on the class token.
//!
//! ```text
//! x = [class token; patches · E + b] + positions       [B, T, H], T = 1 + (image / patch)²
//! x = x + attention(norm(x));  x = x + mlp(norm(x))    of each layer
//! φ = tanh(norm(x)₀ · P + b)                           [B, D]
//! ```
//!
//! Training drops numbers of x before the first layer, of what attention and perceptron make, and of
//! the perceptron's inner ones, as that code does.

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::channels;
use super::dropout::{self, Dropout};
use crate::model::{Init, ParamSpec, Params};

/// Added to the variance in a layer norm.
const EPSILON: f64 = 1e-6;

/// Settings of a vision transformer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Settings")]
pub struct Vit {
    /// Pixels along each side of an image. Its numbers are in the order `[row, column, channel]`.
    pub image: usize,
    /// Pixels along each side of a patch.
    pub patch: usize,
    /// The width H of a token.
    pub hidden: usize,
    /// How many layers there are.
    pub layers: usize,
    /// The heads of attention, each of `hidden / heads` numbers.
    pub heads: usize,
    /// The width of each layer's perceptron.
    pub mlp: usize,
    /// The width D of the pre-logits; 0 leaves the last layer out, and they are the class token.
    pub representation: usize,
    /// The probability with which training drops a number.
    pub dropout: f64,
    /// Whether the reverse pass keeps what goes into each layer alone, and computes the rest again.
    pub checkpoint: bool,
}

/// The same as a config has it: some numbers may stay unsaid.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    image: usize,
    patch: usize,
    size: Option<Size>,
    hidden: Option<usize>,
    layers: Option<usize>,
    heads: Option<usize>,
    mlp: Option<usize>,
    representation: Option<usize>,
    #[serde(default)]
    dropout: f64,
    #[serde(default)]
    checkpoint: bool,
}

/// The sizes that have names: Dosovitskiy et al., table 1; Touvron et al., "Training data-efficient
/// image transformers" (2021), table 1.
#[derive(Clone, Copy, Deserialize)]
enum Size {
    Ti,
    S,
    B,
    L,
    H,
}

impl Size {
    /// Hidden, layers, heads, perceptron.
    fn numbers(self) -> [usize; 4] {
        match self {
            Self::Ti => [192, 12, 3, 768],
            Self::S => [384, 12, 6, 1536],
            Self::B => [768, 12, 12, 3072],
            Self::L => [1024, 24, 16, 4096],
            Self::H => [1280, 32, 16, 5120],
        }
    }
}

impl TryFrom<Settings> for Vit {
    type Error = String;

    /// What is said wins over what a size says.
    fn try_from(settings: Settings) -> Result<Self, String> {
        let Settings { image, patch, representation, dropout, checkpoint, .. } = settings;
        let named = settings.size.map(Size::numbers);
        let number = |at: usize, key: &str, said: Option<usize>| {
            said.or(named.map(|numbers| numbers[at])).ok_or_else(|| {
                format!("the key `{key}` is missing; a `size`, \"Ti\", \"S\", \"B\", \"L\" or \"H\", has it")
            })
        };
        let hidden = number(0, "hidden", settings.hidden)?;
        Ok(Self {
            image,
            patch,
            hidden,
            layers: number(1, "layers", settings.layers)?,
            heads: number(2, "heads", settings.heads)?,
            mlp: number(3, "mlp", settings.mlp)?,
            representation: representation.unwrap_or(hidden),
            dropout,
            checkpoint,
        })
    }
}

impl Vit {
    /// The numbers of a patch. The channels are what is left of an image's numbers.
    fn patch_features(&self, features: usize) -> usize {
        self.patch * self.patch * channels(self.image, features)
    }

    /// The width D of the pre-logits.
    pub(super) fn width(&self) -> usize {
        if self.representation == 0 { self.hidden } else { self.representation }
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
        if self.representation > 0 {
            let width = self.representation;
            params.extend(ParamSpec::dense("trunk/pre_logits", hidden, width, normal, zero));
        }
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

    pub(super) fn pre_logits<'t>(
        &self,
        params: &Params<'t>,
        inputs: Tensor<'t>,
        dropout: Option<Dropout<'t>>,
    ) -> Tensor<'t> {
        let embedding = self.embedding(params, inputs, dropout);
        if self.representation == 0 { embedding } else { embedding.tanh() }
    }

    /// The pre-logits before their `tanh`, if they have one.
    pub(super) fn embedding<'t>(
        &self,
        params: &Params<'t>,
        inputs: Tensor<'t>,
        dropout: Option<Dropout<'t>>,
    ) -> Tensor<'t> {
        let dtype = inputs.dtype();
        let get = |name: &str| params.get(&format!("trunk/{name}"));
        let [batch, features] = inputs.dims();
        let (side, patch) = (self.patches(), self.patch);
        let patches = inputs
            .reshape([batch, side, patch, side, patch, channels(self.image, features)])
            .transpose([0, 1, 3, 2, 4, 5])
            .reshape([batch, side * side, self.patch_features(features)]);
        let patches = params.dense("trunk/embedding", patches);
        let class = get("class_token").to(dtype).broadcast_to([batch, 1, self.hidden]);
        let x = inputs.trace().concatenate(&[class, patches], 1) + get("positions").to(dtype);
        let x = dropout.map_or(x, |dropout| dropout.apply(0, x, self.dropout));

        let layers: Vec<_> =
            self.layer_params().iter().map(|spec| params.get(&spec.name)).collect();
        let keys = dropout.map(|dropout| dropout.key.fold_in(1).split_into(self.layers));
        // One layer is recorded, whatever their number.
        let (x, ()) = hlo::scan(x, (layers, keys), |x, (params, key)| {
            let layer = |(x, params, key): (_, Vec<_>, Option<_>)| {
                let dropout = dropout.zip(key).map(|(dropout, key)| dropout.with(key));
                self.layer(x, &params, dropout)
            };
            let x = if self.checkpoint {
                hlo::checkpoint((x, params, key), layer)
            } else {
                layer((x, params, key))
            };
            (x, ())
        });
        // A norm is of each token alone.
        let class = x.slice(1, 0..1).squeeze(1);
        let class = class.layer_norm(get("norm/scale"), get("norm/bias"), EPSILON);
        if self.representation == 0 {
            return class;
        }
        params.dense("trunk/pre_logits", class)
    }

    /// Attention to all tokens and a perceptron, each added to what it was given, `[B, T, H]`. The
    /// parameters are in the order of [`Vit::layer_params`].
    fn layer<'t>(
        &self,
        x: Tensor<'t>,
        params: &[Tensor<'t>],
        dropout: Option<Dropout<'t>>,
    ) -> Tensor<'t> {
        let [norm_1, query, key, value, out, norm_2, up, down] =
            std::array::from_fn(|i| [params[2 * i], params[2 * i + 1]]);
        let t = x.trace();
        let [batch, tokens, hidden] = x.dims();
        let width = hidden / self.heads;
        let norm =
            |x: Tensor<'t>, [scale, bias]: [Tensor<'t>; 2]| x.layer_norm(scale, bias, EPSILON);
        let dense = |x: Tensor<'t>, of: [Tensor<'t>; 2]| {
            let [kernel, bias] = of.map(|param| param.to(x.dtype()));
            x.matmul(kernel) + bias
        };
        let dropped = |place, x: Tensor<'t>| {
            dropout.map_or(x, |dropout| dropout.apply(place, x, self.dropout))
        };

        let normed = norm(x, norm_1);
        let [q, k, v] = [query, key, value]
            .map(|of| dense(normed, of).reshape([batch, tokens, self.heads, width]));
        let scores = t.einsum("bqhw,bkhw->bhqk", &[q, k]) / (width as f64).sqrt();
        let mixed = t.einsum("bhqk,bkhw->bqhw", &[scores.softmax(-1), v]);
        let x = x + dropped(0, dense(mixed.reshape([batch, tokens, hidden]), out));
        let inner = dropped(1, dense(norm(x, norm_2), up).gelu_tanh());
        x + dropped(2, dense(inner, down))
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
        dropout::check(self.dropout)
    }
}
