//! What a program in text says of itself, found without understanding the rest of it: the devices
//! that it is for, and the arrays that its `main` takes and returns.

use super::Facts;

/// A piece of text, other than comments and space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// An identifier, with its dots.
    Word(&'a str),
    /// What is between quotation marks.
    Quoted(&'a str),
    /// What starts with a digit, such as `8` and the `8x4xf32` of a type.
    Number(&'a str),
    Arrow,
    Sign(u8),
}

use Token::{Arrow, Number, Quoted, Sign, Word};

/// Reads what a program says of itself.
pub(super) fn facts(text: &str) -> Facts {
    let mut facts = Facts::default();
    let tokens: Vec<_> = Tokens { text, at: 0 }.collect();
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

struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The characters from here on that are as `is` says.
    fn while_(&mut self, is: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes()[start..].iter();
        self.at += rest.take_while(|&&byte| is(byte)).count();
        // Only ASCII is told apart, so that a character is never cut.
        &self.text[start..self.at]
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.');
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            return Some(match rest {
                [] => return None,
                [b'/', b'/', ..] => {
                    self.while_(|byte| byte != b'\n');
                    continue;
                }
                [b'"', ..] => {
                    self.at += 1;
                    let start = self.at;
                    let mut end = start;
                    let bytes = self.text.as_bytes();
                    while end < bytes.len() && bytes[end] != b'"' {
                        end += if bytes[end] == b'\\' { 2 } else { 1 };
                    }
                    let end = end.min(bytes.len());
                    self.at = (end + 1).min(bytes.len());
                    match self.text.get(start..end) {
                        Some(quoted) => Quoted(quoted),
                        None => continue,
                    }
                }
                [b'-', b'>', ..] => {
                    self.at += 2;
                    Arrow
                }
                [byte, ..] if byte.is_ascii_digit() => Number(self.while_(is_part)),
                [byte, ..] if is_part(*byte) => Word(self.while_(is_part)),
                [byte, ..] => {
                    self.at += 1;
                    // Nor is a character cut here: those beyond ASCII have no part below 128.
                    if byte.is_ascii_graphic() { Sign(*byte) } else { continue }
                }
            });
        }
    }
}
