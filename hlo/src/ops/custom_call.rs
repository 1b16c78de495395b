//! A function of the plugin's, called by its name.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::attribute::Attribute;
use crate::shape::is_permutation;
use crate::version::Version;
use crate::{Rule, Tensor, Trace, Type};

/// A call of a function that a plugin has under a name.
///
/// ```
/// use hlo::DType::{F32, S32};
/// use hlo::{CustomCall, Type};
///
/// hlo::trace("largest", |t| {
///     let x = t.input("x", F32, [100]);
///     let results = [Type { dtype: F32, shape: [3].into() }, Type { dtype: S32, shape: [3].into() }];
///     let top = t.custom_call(&CustomCall::new("TopK"), &[x], &results);
///     t.output("values", top[0]);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CustomCall {
    /// The name of the function.
    pub target: String,
    /// What it is told beside its operands.
    pub config: CallConfig,
    /// Whether it is called even where nobody needs its results.
    pub has_side_effect: bool,
    /// How operands and results lie in memory, where the function takes them in certain ways.
    pub layouts: Option<CallLayouts>,
}

/// How the operands and results of a call lie in memory: for each, its axes, the one whose elements
/// are next to each other first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLayouts {
    /// One for each operand.
    pub operands: Vec<Vec<usize>>,
    /// One for each result.
    pub results: Vec<Vec<usize>>,
}

/// What a function is told beside its operands, and by that, in what way it is called.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallConfig {
    /// Text in the function's own terms, for one of the interface before XLA's FFI (2).
    Text(String),
    /// Named values, for a function of XLA's FFI (interface 4).
    Values(Vec<(String, CallValue)>),
}

/// A value in a configuration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum CallValue {
    Bool(bool),
    I32(i32),
    I64(i64),
    Text(String),
}

impl CustomCall {
    /// A call of the function `target` with an empty text for its configuration.
    pub fn new(target: &str) -> Self {
        Self {
            target: target.to_owned(),
            config: CallConfig::Text(String::new()),
            has_side_effect: false,
            layouts: None,
        }
    }
}

/// What portable bytecode says where text says nothing.
const UNSAID: &[(&str, Attribute)] = &[
    ("backend_config", Attribute::Text(String::new())),
    ("called_computations", Attribute::Array(vec![])),
    ("has_side_effect", Attribute::Bool(false)),
    ("operand_layouts", Attribute::Array(vec![])),
    ("output_operand_aliases", Attribute::Array(vec![])),
    ("result_layouts", Attribute::Array(vec![])),
];

#[derive(Clone, Debug)]
struct Call {
    call: CustomCall,
    results: Vec<Type>,
}

impl Trace {
    /// Calls a function of the plugin, whose results have the types that are given. What the function
    /// takes and returns is not checked: the plugin's documentation has to say. It has no gradient;
    /// [`custom_vjp`](crate::custom_vjp) gives it one.
    #[track_caller]
    pub fn custom_call<'t>(
        &'t self,
        call: &CustomCall,
        operands: &[Tensor<'t>],
        results: &[Type],
    ) -> Vec<Tensor<'t>> {
        let call = Call { call: call.clone(), results: results.to_vec() };
        self.apply_regions(call, operands, vec![], results.len())
    }
}

impl Op for Call {
    fn name(&self) -> &'static str {
        "custom_call"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        if self.results.is_empty() {
            return Err(Rule::NoResults);
        }
        if let Some(layouts) = &self.call.layouts {
            check_layouts("operands", &layouts.operands, operands)?;
            check_layouts("results", &layouts.results, &self.results)?;
        }
        Ok(self.results.clone())
    }

    fn form(&self) -> Form {
        let CustomCall { target, config, has_side_effect, layouts } = &self.call;
        let (version, config) = match config {
            CallConfig::Text(text) => (2, Attribute::Text(text.clone())),
            CallConfig::Values(values) => {
                let value = |(name, value): &(String, CallValue)| (name.clone(), value.into());
                (4, Attribute::Dictionary(values.iter().map(value).collect()))
            }
        };
        let mut attributes = vec![
            ("call_target_name", Attribute::Text(target.clone())),
            ("api_version", Attribute::I32(version)),
        ];
        if *has_side_effect {
            attributes.push(("has_side_effect", Attribute::Bool(true)));
        }
        if config != Attribute::Text(String::new()) {
            attributes.push(("backend_config", config));
        }
        if let Some(CallLayouts { operands, results }) = layouts {
            let list = |layouts: &[Vec<usize>]| {
                Attribute::Array(layouts.iter().cloned().map(Attribute::Layout).collect())
            };
            attributes.push(("operand_layouts", list(operands)));
            attributes.push(("result_layouts", list(results)));
        }
        let text = const { &[Spelling::first("custom_call_v1").with(UNSAID)] };
        let values =
            const { &[Spelling::since(Version::new(1, 3, 0), "custom_call_v1").with(UNSAID)] };
        Form::Operation { attributes, spellings: if version == 2 { text } else { values } }
    }

    fn has_side_effect(&self) -> bool {
        self.call.has_side_effect
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Err(NoGradient("what the plugin's function computes is not known"))
    }
}

/// That there is a layout for each type, with each of its axes once.
fn check_layouts(of: &'static str, layouts: &[Vec<usize>], types: &[Type]) -> Result<(), Rule> {
    if layouts.len() != types.len() {
        let (expected, got) = (types.len(), layouts.len());
        return Err(Rule::OneEach { what: "layout", of, expected, got });
    }
    for (layout, ty) in layouts.iter().zip(types) {
        if !is_permutation(layout, ty.shape.len()) {
            return Err(Rule::Permutation { permutation: layout.clone(), shape: ty.shape });
        }
    }
    Ok(())
}

impl From<&CallValue> for Attribute {
    fn from(value: &CallValue) -> Self {
        match value {
            &CallValue::Bool(value) => Self::Bool(value),
            &CallValue::I32(value) => Self::I32(value),
            &CallValue::I64(value) => Self::I64(value),
            CallValue::Text(text) => Self::Text(text.clone()),
        }
    }
}
