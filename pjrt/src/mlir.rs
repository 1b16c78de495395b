//! The pieces that a program in text consists of, for whoever wants to know what it says of itself
//! without understanding all of it.
//!
//! ```
//! use pjrt::mlir::{Token, tokens};
//!
//! let functions = tokens("func.func @main(%x: tensor<8x4xf32>) { // @none").collect::<Vec<_>>();
//! assert_eq!(functions[..3], [Token::Word("func.func"), Token::Sign(b'@'), Token::Word("main")]);
//! ```

/// A piece of text, other than comments, space and the elements of constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// An identifier, with its dots.
    Word(&'a str),
    /// What is between quotation marks.
    Quoted(&'a str),
    /// What starts with a digit, such as `8` and the `8x4xf32` of a type.
    Number(&'a str),
    /// `->`.
    Arrow,
    /// Any other character of ASCII.
    Sign(u8),
}

use Token::{Arrow, Number, Quoted, Sign, Word};

/// The pieces of `text` in order. None is too odd: what is no MLIR has some too.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    Tokens { text, at: 0 }
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
                [byte, ..] if is_part(*byte) => {
                    let word = self.while_(is_part);
                    if word == "dense" && self.text[self.at..].starts_with('<') {
                        // The elements of a constant may be millions.
                        self.while_(|byte| byte != b'>');
                    }
                    Word(word)
                }
                [byte, ..] => {
                    self.at += 1;
                    // Nor is a character cut here: those beyond ASCII have no part below 128.
                    if byte.is_ascii_graphic() { Sign(*byte) } else { continue }
                }
            });
        }
    }
}
