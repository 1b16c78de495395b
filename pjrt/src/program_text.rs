//! What a program in text must not hold, since compilers end the process over it.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};

/// Refuses what is known to end the process, for devices of `platform`.
///
/// # Errors
/// [`Error::Program`].
pub(crate) fn check(text: &str, platform: &str) -> Result<()> {
    let words = Words { rest: text }.collect::<Vec<_>>();
    let refused = |reason| Err(Error::Program { reason });
    if let Some(shape) = words.iter().copied().find_map(|word| too_large(word, platform)) {
        return refused(format!("an array of {shape} elements is more than it can count"));
    }
    if platform == "tpu"
        && let Some(argument) = boundless_argument(&words)
    {
        let reason = format!("the argument tensor{argument} varies without bound");
        return refused(reason);
    }
    match recursive_function(&words) {
        Some(name) => refused(format!("the function {name} calls itself")),
        None => Ok(()),
    }
}

/// The dimensions of an array type's parameters, such as `<2x3xf32>`.
fn dims(parameters: &str) -> impl Iterator<Item = &str> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let is_dim = move |part: &&str| *part == "?" || is_number(part);
    parameters.trim_start_matches('<').split('x').take_while(is_dim)
}

/// The dimensions of an array that no compiler can count, if this is its type. No byte of a larger
/// one has a number of 64 bits, and no CPU has memory for a million millions.
fn too_large(word: Word<'_>, platform: &str) -> Option<String> {
    let Word::Array(parameters) = word else { return None };
    let most = if platform == "cpu" { 1 << 40 } else { 1 << 59 };
    let known: Vec<&str> = dims(parameters).filter(|&dim| dim != "?").collect();
    let sizes: Option<Vec<u64>> = known.iter().map(|dim| dim.parse().ok()).collect();
    let elements = match sizes {
        Some(sizes) if sizes.contains(&0) => Some(0),
        Some(sizes) => sizes.iter().try_fold(1_u64, |product, &size| product.checked_mul(size)),
        None => None,
    };
    elements.is_none_or(|elements| elements >= most).then(|| known.join("x"))
}

/// The first argument of a function that has a dimension of any size.
fn boundless_argument<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    let functions = words.split(|word| *word == Word::Name("func.func")).skip(1);
    // The list of arguments ends where the results or the body begin.
    let arguments =
        functions.flat_map(|words| words.iter().take_while(|word| !matches!(word, Word::Body)));
    arguments.copied().find_map(|word| match word {
        Word::Array(it) if dims(it).any(|dim| dim == "?") && !it.contains("bounds") => Some(it),
        _ => None,
    })
}

/// A function that calls itself, by way of others or not.
fn recursive_function<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    let mut mentioned: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut function = None;
    for before_and_word in words.windows(2) {
        match *before_and_word {
            [Word::Name("func.func" | "private" | "public" | "nested"), Word::Symbol(name)] => {
                mentioned.entry(name).or_default();
                function = Some(name);
            }
            // What is called is no function of the program.
            [Word::Name("stablehlo.custom_call" | "mhlo.custom_call"), Word::Symbol(_)] => {}
            [_, Word::Symbol(name)] => {
                if let Some(function) = function {
                    mentioned.entry(function).or_default().insert(name);
                }
            }
            _ => {}
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

/// What is told apart in a text, other than comments and strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word<'a> {
    /// An identifier, with its dots.
    Name(&'a str),
    /// `@name`.
    Symbol(&'a str),
    /// What follows `tensor`, up to where its brackets close.
    Array(&'a str),
    /// An arrow or a brace, which ends a list of arguments.
    Body,
    Other,
}

struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// The next `len` bytes.
    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !is(c)).unwrap_or(self.rest.len()))
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '-');
        loop {
            let first = self.rest.chars().next()?;
            return Some(match first {
                '/' if self.rest.starts_with("//") => {
                    self.take_while(|c| c != '\n');
                    continue;
                }
                '"' => {
                    let mut escaped = true;
                    let is_inside = |c: char| {
                        let inside = escaped || c != '"';
                        escaped = c == '\\' && !escaped;
                        inside
                    };
                    let end =
                        self.rest.find(negate(is_inside)).map_or(self.rest.len(), |at| at + 1);
                    self.take(end);
                    Word::Other
                }
                '@' => {
                    self.take(1);
                    Word::Symbol(self.take_while(is_part))
                }
                '-' if self.rest.starts_with("->") => {
                    self.take(2);
                    Word::Body
                }
                '{' => {
                    self.take(1);
                    Word::Body
                }
                c if c.is_ascii_alphabetic() || c == '_' => match self.take_while(is_part) {
                    "tensor" => Word::Array(self.brackets()),
                    name => Word::Name(name),
                },
                c if c.is_whitespace() => {
                    self.take_while(char::is_whitespace);
                    continue;
                }
                c => {
                    self.take(c.len_utf8());
                    Word::Other
                }
            });
        }
    }
}

impl<'a> Words<'a> {
    /// What is in angle brackets from here on, if they begin here.
    fn brackets(&mut self) -> &'a str {
        let mut depth = 0;
        let end = self.rest.char_indices().find_map(|(at, c)| {
            depth += match c {
                '<' => 1,
                '>' => -1,
                _ => 0,
            };
            (depth <= 0).then_some(if depth == 0 && c == '>' { at + 1 } else { at })
        });
        self.take(end.unwrap_or(self.rest.len()))
    }
}

fn negate(mut is: impl FnMut(char) -> bool) -> impl FnMut(char) -> bool {
    move |c| !is(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str, platform: &str) -> String {
        check(text, platform).map_or_else(|error| error.to_string(), |()| "none".to_owned())
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
                assert_eq!(check(&text, platform).is_ok(), taken, "{elements} on {platform}");
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
        assert!(check(itself, "tpu").is_err());
    }

    #[test]
    fn an_argument_without_bound_is_refused_for_tpus() {
        let with = |argument: &str| {
            let text = format!("func.func @main(%x: {argument}) -> tensor<?xf32> {{ tensor<?xi8>");
            (check(&text, "tpu").is_ok(), check(&text, "cpu").is_ok())
        };
        assert_eq!(with("tensor<?xf32>"), (false, true));
        assert_eq!(with("tensor<2x?xf32, #stablehlo.bounds<?, 4>>"), (true, true));
        assert_eq!(with("tensor<2xf32>"), (true, true));
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
