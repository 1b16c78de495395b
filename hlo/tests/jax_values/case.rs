//! A case of the data: what JAX computed.

use std::fs;
use std::path::Path;

use pjrt::{DType, HostArray};
use serde_json::{Map, Value};

use super::number;

/// An operation applied by JAX.
pub(crate) struct Case {
    /// Its family and its line in the file.
    pub(crate) place: String,
    pub(crate) op: String,
    pub(crate) attributes: Attributes,
    pub(crate) inputs: Vec<HostArray>,
    pub(crate) outputs: Vec<HostArray>,
    /// Of the weighted sum of the outputs, with respect to each input of floats.
    pub(crate) gradients: Vec<HostArray>,
    /// Of the weighted sum of the gradients of the weighted sum of y² + y of the outputs y.
    pub(crate) second: Vec<HostArray>,
}

/// The attributes of a case.
pub(crate) struct Attributes(Map<String, Value>);

impl Attributes {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn value(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or_else(|| panic!("the case has no `{name}`: {:?}", self.0))
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.value(name).as_str().expect("text")
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.value(name).as_bool().expect("a flag")
    }

    pub(crate) fn float(&self, name: &str) -> f64 {
        self.value(name).as_f64().expect("a number")
    }

    pub(crate) fn int<T: TryFrom<i64>>(&self, name: &str) -> T {
        int(self.value(name))
    }

    pub(crate) fn ints<T: TryFrom<i64>>(&self, name: &str) -> Vec<T> {
        list(self.value(name)).iter().map(int).collect()
    }

    /// The integers, or none where the case doesn't say.
    pub(crate) fn ints_or_none<T: TryFrom<i64>>(&self, name: &str) -> Vec<T> {
        if self.0.contains_key(name) { self.ints(name) } else { vec![] }
    }

    /// The flags, or none where the case doesn't say.
    pub(crate) fn flags_or_none(&self, name: &str) -> Vec<bool> {
        let flags = self.0.get(name).map_or(&[][..], list);
        flags.iter().map(|flag| flag.as_bool().expect("a flag")).collect()
    }

    /// Pairs of integers, where the case says them.
    pub(crate) fn pairs(&self, name: &str) -> Option<Vec<(i64, i64)>> {
        let pair = |pair: &Value| (int(&pair[0]), int(&pair[1]));
        self.0.get(name).map(|pairs| list(pairs).iter().map(pair).collect())
    }

    /// Lists of integers.
    pub(crate) fn groups(&self, name: &str) -> Vec<Vec<usize>> {
        list(self.value(name)).iter().map(|group| list(group).iter().map(int).collect()).collect()
    }

    pub(crate) fn dtype(&self) -> hlo::DType {
        crate::support::dtype(self.text("dtype"))
    }
}

fn int<T: TryFrom<i64>>(value: &Value) -> T {
    let number = value.as_i64().expect("an integer");
    T::try_from(number).ok().expect("an integer of the type asked for")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// The cases of a family.
pub(crate) fn read(family: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/jax_values");
    let text = fs::read_to_string(folder.join(format!("{family}.json"))).expect("the file");
    let data: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    // The first line is a bracket.
    let places = (2..).map(|line| format!("{family}.json:{line}"));
    data.iter().zip(places).map(|(value, place)| Case::new(value, place)).collect()
}

impl Case {
    fn new(value: &Value, place: String) -> Self {
        let arrays = |name: &str| {
            value.get(name).map_or(vec![], |arrays| list(arrays).iter().map(array).collect())
        };
        Self {
            place,
            op: value["op"].as_str().expect("a name").to_owned(),
            attributes: Attributes(value["attributes"].as_object().expect("an object").clone()),
            inputs: arrays("inputs"),
            outputs: arrays("outputs"),
            gradients: arrays("gradients"),
            second: arrays("second"),
        }
    }
}

impl Case {
    /// The order of the derivatives that the data has.
    pub(crate) fn orders(&self) -> usize {
        usize::from(!self.gradients.is_empty()) + usize::from(!self.second.is_empty())
    }

    /// Whether there is something to differentiate, and by something.
    pub(crate) fn has_floats(&self) -> bool {
        let is_float = |array: &HostArray| number::is_float(array.dtype());
        self.inputs.iter().any(is_float) && self.outputs.iter().any(is_float)
    }
}

/// `["f32", [2, 1], "0.5 inf"]`.
fn array(value: &Value) -> HostArray {
    let name = value[0].as_str().expect("the name of a type");
    let dtype = DType::ALL.iter().find(|dtype| dtype.name() == name).expect("a type");
    let dims: Vec<usize> = list(&value[1]).iter().map(int).collect();
    let elements = value[2].as_str().expect("elements").split_whitespace();
    let bytes: Vec<u8> = elements.flat_map(|decimal| number::encode(*dtype, decimal)).collect();
    HostArray::from_bytes(*dtype, &dims, &bytes).expect("as many elements as the dimensions take")
}
