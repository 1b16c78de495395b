//! What a program in text must not hold, since compilers end the process over it.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};
use crate::mlir::Token::{self, Arrow, Number, Sign, Word};
use crate::mlir::tokens;

/// Refuses what is known to end the process, for devices of `platform` that each copy of the program
/// is split among `partitions` of.
///
/// # Errors
/// [`Error::Program`].
pub(crate) fn check(text: &str, platform: &str, partitions: usize) -> Result<()> {
    let tokens: Vec<_> = tokens(text).collect();
    let refused = |reason| Err(Error::Program { reason });
    let starts = (0..tokens.len()).map(|start| &tokens[start..]);
    if let Some(shape) = starts.filter_map(dims).find(|dims| is_too_large(dims, platform)) {
        let shape = shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("x");
        return refused(format!("an array of {shape} elements is more than it can count"));
    }
    if platform == "tpu" && has_boundless_argument(&tokens) {
        return refused("an argument of a function varies without bound".to_owned());
    }
    if platform == "tpu"
        && let Some((name, devices)) = largest_mesh(&tokens).filter(|mesh| mesh.1 > partitions)
    {
        return refused(format!(
            "the mesh {name} has {devices} devices and `CompileOptions::partitions` is {partitions}"
        ));
    }
    match recursive_function(&tokens) {
        Some(name) => refused(format!("the function {name} calls itself")),
        None => Ok(()),
    }
}

/// A dimension of an array, or of any number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dim<'a> {
    Known(&'a str),
    Varying,
}

impl std::fmt::Display for Dim<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Known(digits) => digits,
            Self::Varying => "?",
        })
    }
}

/// The dimensions of the type of an array, if one begins here.
fn dims<'a>(tokens: &[Token<'a>]) -> Option<Vec<Dim<'a>>> {
    let [Word("tensor"), Sign(b'<'), parameters @ ..] = tokens else { return None };
    let mut dims = Vec::new();
    for &token in parameters {
        match token {
            Sign(b'?') => dims.push(Dim::Varying),
            // The element type ends the dimensions, and stands with the last of them.
            Number(text) | Word(text) => {
                let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
                let known = text.split('x').take_while(is_number).filter(|part| !part.is_empty());
                dims.extend(known.map(Dim::Known));
                if !text.ends_with('x') {
                    break;
                }
            }
            _ => break,
        }
    }
    Some(dims)
}

/// Whether no compiler can count the array: no byte of a larger one has a number of 64 bits, and no
/// CPU has memory for a million millions.
fn is_too_large(dims: &[Dim<'_>], platform: &str) -> bool {
    let most = if platform == "cpu" { 1 << 40 } else { 1 << 59 };
    let sizes = dims.iter().filter_map(|dim| match dim {
        Dim::Known(digits) => Some(digits.parse::<u64>().ok()),
        Dim::Varying => None,
    });
    let Some(sizes) = sizes.collect::<Option<Vec<_>>>() else { return true };
    let product = sizes.iter().try_fold(1_u64, |product, &size| product.checked_mul(size));
    !sizes.contains(&0) && product.is_none_or(|elements| elements >= most)
}

/// Whether a function takes an array that has a dimension of any size.
fn has_boundless_argument(tokens: &[Token<'_>]) -> bool {
    tokens.split(|token| *token == Word("func.func")).skip(1).any(|function| {
        // The list of arguments ends where the results or the body begin.
        let ends = |token: &Token<'_>| matches!(token, Arrow | Sign(b'{'));
        let arguments = &function[..function.iter().position(ends).unwrap_or(function.len())];
        let varies = (0..arguments.len())
            .filter_map(|start| dims(&arguments[start..]))
            .any(|dims| dims.contains(&Dim::Varying));
        varies && !arguments.contains(&Word("stablehlo.bounds"))
    })
}

/// The mesh of the most devices, such as `sdy.mesh @mesh = <["data"=4, "model"=2]>`, and how many.
fn largest_mesh<'a>(tokens: &[Token<'a>]) -> Option<(&'a str, usize)> {
    let mesh = |start: usize| {
        let [Word("sdy.mesh"), Sign(b'@'), Word(name), rest @ ..] = &tokens[start..] else {
            return None;
        };
        let axes = rest.iter().take_while(|token| **token != Sign(b']'));
        let sizes = axes.filter_map(|token| match token {
            Number(size) => size.parse::<usize>().ok(),
            _ => None,
        });
        Some((*name, sizes.fold(1, usize::saturating_mul)))
    };
    (0..tokens.len()).filter_map(mesh).max_by_key(|mesh| mesh.1)
}

/// A function that calls itself, by way of others or not.
fn recursive_function<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    let mut mentioned: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut function = None;
    for window in tokens.windows(3) {
        let &[before, Sign(b'@'), Word(name)] = window else { continue };
        match before {
            Word("func.func" | "private" | "public" | "nested") => {
                mentioned.entry(name).or_default();
                function = Some(name);
            }
            // What is called is no function of the program.
            Word("stablehlo.custom_call" | "mhlo.custom_call") => {}
            _ => {
                if let Some(function) = function {
                    mentioned.entry(function).or_default().insert(name);
                }
            }
        }
    }
    let functions: Vec<&str> = mentioned.keys().copied().collect();
    functions.into_iter().find(|&function| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![function]);
        while let Some(caller) = next.pop() {
            for &callee in mentioned.get(caller).into_iter().flatten() {
                if callee == function {
                    return true;
                }
                if seen.insert(callee) {
                    next.push(callee);
                }
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str, platform: &str) -> String {
        check(text, platform, 1).map_or_else(|error| error.to_string(), |()| "none".to_owned())
    }

    #[test]
    fn an_array_that_cannot_be_counted_is_refused() {
        for (elements, cpu, tpu) in [
            ("1099511627775", true, true),
            ("1099511627776", false, true),
            ("1048576x1048576", false, true),
            ("4294967296x4294967296", false, false),
            ("99999999999999999999", false, false),
            ("0x4294967296x4294967296", true, true),
            ("?x4", true, true),
        ] {
            let text = format!("func.func @main() {{ %x = stablehlo.iota : tensor<{elements}xf32>");
            for (platform, taken) in [("cpu", cpu), ("tpu", tpu)] {
                assert_eq!(check(&text, platform, 1).is_ok(), taken, "{elements} on {platform}");
            }
        }
        let beside = "// tensor<4294967296x4294967296xf32>\n\"tensor<4294967296x4294967296xf32>\"";
        assert_eq!(refusal(beside, "cpu"), "none");
        insta::assert_snapshot!(refusal("tensor<2x4611686018427387904xi8>", "cuda"), @"the program would end the compiler: an array of 2x4611686018427387904 elements is more than it can count");
    }

    #[test]
    fn a_function_that_calls_itself_is_refused() {
        let chain = |last: &str| {
            format!(
                "func.func public @main(%x: tensor<f32>) {{ %y = call @f(%x) : (tensor<f32>) }}
                 func.func private @f(%x: tensor<f32>) {{ func.call @g(%x) : () -> () }}
                 func.func private @g(%x: tensor<f32>) {{ {last} }}"
            )
        };
        assert_eq!(refusal(&chain("return"), "cpu"), "none");
        insta::assert_snapshot!(refusal(&chain("func.call @f(%x)"), "cpu"), @"the program would end the compiler: the function f calls itself");
        assert_eq!(refusal(&chain("stablehlo.custom_call @g(%x)"), "cpu"), "none");
        assert_eq!(refusal(&chain("\"\\\" @g @f\" // @g"), "cpu"), "none");
        let itself = "func.func @main() { call @main() : () -> () }";
        assert!(check(itself, "tpu", 1).is_err());
    }

    #[test]
    fn an_argument_without_bound_is_refused_for_tpus() {
        let with = |argument: &str| {
            let text = format!("func.func @main(%x: {argument}) -> tensor<?xf32> {{ tensor<?xi8>");
            (check(&text, "tpu", 1).is_ok(), check(&text, "cpu", 1).is_ok())
        };
        assert_eq!(with("tensor<?xf32>"), (false, true));
        assert_eq!(with("tensor<2x?xf32, #stablehlo.bounds<?, 4>>"), (true, true));
        assert_eq!(with("tensor<2xf32>"), (true, true));
    }

    #[test]
    fn a_mesh_of_more_devices_than_there_are_partitions_is_refused_for_tpus() {
        let text = "sdy.mesh @one = <[]> sdy.mesh @mesh = <[\"data\"=4, \"model\"=2]>";
        assert!(check(text, "tpu", 8).is_ok() && check(text, "cpu", 1).is_ok());
        insta::assert_snapshot!(refusal(text, "tpu"), @"the program would end the compiler: the mesh mesh has 8 devices and `CompileOptions::partitions` is 1");
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in
            ["", "\"", "\"\\", "tensor", "tensor<", "tensor<<é>", "@", "é@é-", "func.func @"]
        {
            assert_eq!(refusal(text, "tpu"), "none", "{text}");
        }
    }
}
