//! What a program in text says of itself, found without understanding the rest of it: the devices
//! that it is for, and the arrays that its `main` takes and returns.

use pjrt::mlir::{Token, tokens};

use super::Facts;

use Token::{Arrow, Number, Quoted, Sign, Word};

/// Reads what a program says of itself.
pub(super) fn facts(text: &str) -> Facts {
    let mut facts = Facts::default();
    let tokens: Vec<_> = tokens(text).collect();
    let mut depth = 0;
    for (index, &token) in tokens.iter().enumerate() {
        match token {
            Sign(b'{') => depth += 1,
            Sign(b'}') => depth -= 1,
            // An operation in generic form is named in quotation marks.
            Word(name) | Quoted(name) if name.starts_with("sdy.") || name.contains(".sdy.") => {
                facts.shardy = true;
                facts.marked = true;
            }
            Word("mhlo.sharding") => facts.marked = true,
            // Attributes of the module itself are inside the first brace, those of what it holds
            // deeper.
            Word(name) if depth == 1 => {
                let count = match tokens.get(index + 1..index + 3) {
                    Some(&[Sign(b'='), Number(count)]) => count.parse().ok(),
                    _ => None,
                };
                match name {
                    "mhlo.num_replicas" => facts.replicas = count.or(facts.replicas),
                    "mhlo.num_partitions" => facts.partitions = count.or(facts.partitions),
                    _ => {}
                }
            }
            Word(_) | Quoted(_) | Number(_) | Arrow | Sign(_) => {}
        }
    }
    if let Some((inputs, outputs)) = main(&tokens) {
        facts.inputs = inputs;
        facts.outputs = outputs;
    }
    facts
}

type Dims = Option<Vec<usize>>;

/// The text with its only function called `main`, as compilers want it, if that has another name.
pub(super) fn with_main(text: &str) -> Option<String> {
    // What each at-sign is followed by, and where that is.
    let (mut functions, mut symbols, mut before) = (Vec::new(), Vec::new(), [None; 3]);
    for token in tokens(text) {
        if let ([.., Some(Sign(b'@'))], Word(name)) = (before, token) {
            let is_function = before.contains(&Some(Word("func.func")));
            functions.extend(is_function.then_some(name));
            symbols.push((name, name.as_ptr().addr() - text.as_ptr().addr()));
        }
        before = [before[1], before[2], Some(token)];
    }
    let [function] = functions[..] else { return None };
    if function == "main" {
        return None;
    }
    let mut renamed = text.to_owned();
    for (_, at) in symbols.into_iter().rev().filter(|(name, _)| *name == function) {
        renamed.replace_range(at..at + function.len(), "main");
    }
    Some(renamed)
}

/// The dimensions of the arrays that `main` takes and returns; none for those that vary.
fn main(tokens: &[Token<'_>]) -> Option<(Vec<Dims>, Vec<Dims>)> {
    let named =
        |it: &[Token<'_>]| matches!(it, [Sign(b'@'), Word("main") | Quoted("main"), Sign(b'(')]);
    // A call of it is no definition.
    let defined = |at: &usize| {
        tokens[..*at].iter().rev().take(2).any(|it| matches!(it, Word("func.func" | "func")))
    };
    let at = (0..tokens.len().saturating_sub(2))
        .filter(|&at| named(&tokens[at..at + 3]))
        .find(defined)?;
    let (inputs, rest) = types(&tokens[at + 2..]);
    let outputs = match rest {
        [Arrow, Sign(b'('), ..] => types(&rest[1..]).0,
        [Arrow, rest @ ..] => dims(rest).into_iter().collect(),
        _ => Vec::new(),
    };
    Some((inputs, outputs))
}

/// The arrays in a list of types that starts with a parenthesis, apart from what is in braces; and
/// what comes after the list.
fn types<'t, 'a>(tokens: &'t [Token<'a>]) -> (Vec<Dims>, &'t [Token<'a>]) {
    let (mut parentheses, mut braces, mut arrays) = (0, 0, Vec::new());
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Sign(b'(') => parentheses += 1,
            Sign(b')') => parentheses -= 1,
            Sign(b'{') => braces += 1,
            Sign(b'}') => braces -= 1,
            Word(_) if braces == 0 => arrays.extend(dims(&tokens[index..])),
            Word(_) | Quoted(_) | Number(_) | Arrow | Sign(_) => {}
        }
        if parentheses == 0 {
            return (arrays, &tokens[index + 1..]);
        }
    }
    (arrays, &[])
}

/// The dimensions of the type that comes next, if it is an array.
fn dims(tokens: &[Token<'_>]) -> Option<Dims> {
    match tokens {
        [Word("tensor"), Sign(b'<'), Word(_), ..] => Some(Some(Vec::new())),
        [Word("tensor"), Sign(b'<'), Number(_), Sign(b'?'), ..] => Some(None),
        [Word("tensor"), Sign(b'<'), Number(dims), ..] => {
            let dims = dims.split('x').map_while(|dim| dim.parse().ok());
            Some(Some(dims.collect()))
        }
        [Word("tensor"), ..] => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(text: &str) -> (Option<usize>, Option<usize>) {
        let facts = facts(text);
        (facts.replicas, facts.partitions)
    }

    #[test]
    fn counts_are_those_of_the_module_itself_in_either_form() {
        let stated = "#loc = loc(\"a{\")
            // module attributes {mhlo.num_partitions = 9 : i32}
            module @m attributes {jax.x = \"mhlo.num_partitions = 7 : i32\",
                mhlo.num_partitions = 8 : i32, mhlo.num_replicas = 2 : i32} {
              func.func @main() attributes {mhlo.num_partitions = 3 : i32} { return }
            }";
        assert_eq!(counts(stated), (Some(2), Some(8)));
        let generic = "\"builtin.module\"() ({
              \"func.func\"() ({}) {mhlo.num_partitions = 3 : i32} : () -> ()
            }) {mhlo.num_partitions = 8 : i32} : () -> ()";
        assert_eq!(counts(generic), (None, Some(8)));
        assert_eq!(counts("func.func @main() { return }"), (None, None));
        let negative = "module attributes {mhlo.num_partitions = -1 : i32} {}";
        assert_eq!(counts(negative), (None, None));
    }

    #[test]
    fn marks_are_found_outside_of_names_and_comments() {
        let marks = |text: &str| {
            let facts = facts(text);
            (facts.marked, facts.shardy)
        };
        let none = "// sdy.mesh\nfunc.func @sdy(%sdy: tensor<f32> {jax.name = \"mhlo.sharding\"})";
        assert_eq!(marks(none), (false, false));
        assert_eq!(
            marks("func.func @main(%x: tensor<2xf32> {mhlo.sharding = \"\"})"),
            (true, false)
        );
        assert_eq!(marks("sdy.mesh @mesh = <[\"x\"=2]>"), (true, true));
        assert_eq!(marks("\"sdy.mesh\"() {} : () -> ()"), (true, true));
        assert_eq!(marks("{mhlo.frontend_attributes = {xla.sdy.meshes = \"\"}}"), (true, true));
    }

    #[test]
    fn the_arrays_of_main_are_told_and_those_of_others_are_not() {
        let text = "func.func private @f(%x: tensor<9xf32>) -> tensor<9xf32> { dense<[{(1,2)]> }
            func.func public @main(%x: tensor<8x4xf32> {a = #b<tensor<1xi8>>} loc(\"tensor<2xi8>\"),
                %y: tensor<complex<f64>>, %z: tensor<?x3xbf16>, %w: tensor<0x2x!quant.uniform<i8:f32>>)
                -> (tensor<3xi1> {c = [tensor<5xi1>]}, tensor<f32>) attributes {d = tensor<7xi1>} {";
        let facts = facts(text);
        let dims = |dims: &[usize]| Some(dims.to_vec());
        assert_eq!(facts.inputs, [dims(&[8, 4]), dims(&[]), None, dims(&[0, 2])]);
        assert_eq!(facts.outputs, [dims(&[3]), dims(&[])]);
        let one = super::facts("func.func @main() -> tensor<2x3xf32> { call @f() : tensor<4xf32>");
        assert_eq!((one.inputs, one.outputs), (vec![], vec![dims(&[2, 3])]));
    }

    #[test]
    fn an_only_function_becomes_main_and_one_of_several_does_not() {
        let renamed =
            with_main("module @f { func.func public @f(%f: tensor<f32> {a = \"@f\"}) {} }");
        let expected = "module @main { func.func public @main(%f: tensor<f32> {a = \"@f\"}) {} }";
        assert_eq!(renamed.as_deref(), Some(expected));
        let dense = "func.func @dense(%x: tensor<f32>) { dense<\"@dense\"> }";
        assert_eq!(with_main(dense), Some(dense.replacen("@dense", "@main", 1)));
        assert_eq!(with_main("func.func @dense éaaaa").as_deref(), Some("func.func @main éaaaa"));
        assert_eq!(with_main("func.func @main() {}"), None);
        assert_eq!(with_main("func.func @f() {} func.func @g() {}"), None);
        assert_eq!(with_main("module {}"), None);
    }

    #[test]
    fn no_text_is_too_odd_to_be_read() {
        for text in [
            "",
            "\"",
            "\"\\",
            "\"\\ü",
            "{{{",
            "}}}",
            "@main(",
            "func.func @main(",
            "ü@ü\u{7f}-",
            "8x",
        ] {
            assert_eq!(facts(text).partitions, None);
            assert_eq!(with_main(text), None);
        }
    }
}
