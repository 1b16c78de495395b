//! C types as written in declarations, and their spelling in Rust.

use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// Types that C has of itself: their names in C and in Rust, and their size in bytes.
const SCALARS: [(&str, &str, usize); 16] = [
    ("bool", "bool", 1),
    ("char", "c_char", 1),
    ("int", "c_int", 4),
    ("float", "f32", 4),
    ("double", "f64", 8),
    ("int8_t", "i8", 1),
    ("int16_t", "i16", 2),
    ("int32_t", "i32", 4),
    ("int64_t", "i64", 8),
    ("uint8_t", "u8", 1),
    ("uint16_t", "u16", 2),
    ("uint32_t", "u32", 4),
    ("uint64_t", "u64", 8),
    ("intptr_t", "isize", 8),
    ("uintptr_t", "usize", 8),
    ("size_t", "usize", 8),
];

/// A C type. Its text is a declaration without the declared name, `const char *`; the text of
/// what was read from such a text is the same again if that was written as [`fmt::Display`] does.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum CType {
    Named(String),
    Pointer { constant: bool, target: Box<CType> },
    Function { parameters: Vec<CType>, returns: Box<CType> },
    Array { element: Box<CType>, len: usize },
}

impl TryFrom<String> for CType {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        let mut parser = Parser { tokens: tokens(&text), at: 0 };
        let parsed = parser.declaration().with_context(|| format!("reading C type `{text}`"))?;
        ensure!(parser.peek().is_none(), "C type `{text}` goes on after its end");
        Ok(parsed)
    }
}

impl CType {
    pub(crate) fn named(name: &str) -> Self {
        Self::Named(name.to_owned())
    }

    /// Every name that the type is made of, in order of appearance.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Named(name) => vec![name],
            Self::Pointer { target: inner, .. } | Self::Array { element: inner, .. } => {
                inner.names()
            }
            Self::Function { parameters, returns } => {
                returns.names().into_iter().chain(parameters.iter().flat_map(Self::names)).collect()
            }
        }
    }

    pub(crate) fn pointer_to(target: Self) -> Self {
        Self::Pointer { constant: false, target: Box::new(target) }
    }

    /// A pointer to the function `PJRT_Error *NAME(NAME_Args *)`, as most functions are.
    pub(crate) fn function_by_rule(name: &str) -> Self {
        let args = Self::pointer_to(Self::Named(format!("{name}_Args")));
        let returns = Box::new(Self::pointer_to(Self::named("PJRT_Error")));
        Self::Function { parameters: vec![args], returns }
    }

    /// The type in C, around the `*`s and brackets of the type that it is part of.
    fn declaration(&self, inner: &str) -> String {
        match self {
            Self::Named(name) if inner.starts_with(['*', '(']) => format!("{name} {inner}"),
            Self::Named(name) => format!("{name}{inner}"),
            Self::Pointer { constant, target } => match target.as_ref() {
                Self::Named(name) if *constant => format!("const {name} *{inner}"),
                target if *constant => target.declaration(&format!("const *{inner}")),
                target => target.declaration(&format!("*{inner}")),
            },
            Self::Function { parameters, returns } => {
                let parameters: Vec<String> = parameters.iter().map(Self::to_string).collect();
                returns.declaration(&format!("(*{inner})({})", parameters.join(", ")))
            }
            Self::Array { element, len } => element.declaration(&format!("{inner}[{len}]")),
        }
    }

    /// The same type in Rust.
    pub(crate) fn rust(&self) -> String {
        match self {
            Self::Named(name) => scalar(name).map_or(name.as_str(), |(_, rust, _)| rust).to_owned(),
            Self::Pointer { constant, target } => {
                let qualifier = if *constant { "const" } else { "mut" };
                let target = match target.as_ref() {
                    Self::Named(name) if name == "void" => "c_void".to_owned(),
                    target => target.rust(),
                };
                format!("*{qualifier} {target}")
            }
            Self::Function { parameters, returns } => {
                let parameters: Vec<String> = parameters.iter().map(Self::rust).collect();
                let returns = match returns.as_ref() {
                    Self::Named(name) if name == "void" => String::new(),
                    returns => format!(" -> {}", returns.rust()),
                };
                format!("Option<unsafe extern \"C\" fn({}){returns}>", parameters.join(", "))
            }
            Self::Array { element, len } => format!("[{}; {len}]", element.rust()),
        }
    }
}

impl fmt::Display for CType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.declaration(""))
    }
}

fn scalar(name: &str) -> Option<(&'static str, &'static str, usize)> {
    SCALARS.into_iter().find(|(c, _, _)| *c == name)
}

/// The name in C of a type that Rust names so; `usize`, for bindgen, is no `size_t`.
#[cfg(feature = "bindgen")]
pub(crate) fn scalar_from_rust(name: &str) -> Option<&'static str> {
    SCALARS.into_iter().find(|(_, rust, _)| *rust == name).map(|(c, _, _)| c)
}

/// The size of a type that C has of itself, which is also its alignment.
pub(crate) fn scalar_size(name: &str) -> Option<usize> {
    scalar(name).map(|(_, _, size)| size)
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for character in text.chars() {
        let word = character.is_ascii_alphanumeric() || character == '_';
        match tokens.last_mut() {
            Some(last) if word && in_word => last.push(character),
            _ if !character.is_whitespace() => tokens.push(character.to_string()),
            _ => {}
        }
        in_word = word;
    }
    tokens
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn accept(&mut self, token: &str) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self) -> Result<String> {
        let word = self.peek().context("the type ends early")?.to_owned();
        ensure!(word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'), "`{word}`");
        self.at += 1;
        Ok(word)
    }

    /// A base type, its pointers, and the parameters or length that may follow.
    fn declaration(&mut self) -> Result<CType> {
        let mut constant = self.accept("const");
        let name = self.word()?;
        let mut parsed = CType::Named(name);
        loop {
            if self.accept("*") {
                parsed = CType::Pointer { constant, target: Box::new(parsed) };
                constant = false;
            } else if self.accept("const") {
                constant = true;
            } else {
                break;
            }
        }
        if self.accept("(") {
            return self.function(parsed);
        }
        if self.accept("[") {
            let len = self.peek().context("an array without length")?.parse()?;
            self.at += 1;
            ensure!(self.accept("]"), "an array's length is not closed");
            return Ok(CType::Array { element: Box::new(parsed), len });
        }
        Ok(parsed)
    }

    /// What follows the `(` of `RETURNS (*)(PARAMETERS)`; each further `*` is a pointer to it.
    fn function(&mut self, returns: CType) -> Result<CType> {
        let mut stars = 0;
        while self.accept("*") {
            stars += 1;
        }
        if stars == 0 || !self.accept(")") || !self.accept("(") {
            bail!("a function that is no pointer");
        }
        let mut parameters = Vec::new();
        while !self.accept(")") {
            parameters.push(self.declaration()?);
            ensure!(self.accept(",") || self.peek() == Some(")"), "parameters are not closed");
        }
        let mut parsed = CType::Function { parameters, returns: Box::new(returns) };
        for _ in 1..stars {
            parsed = CType::pointer_to(parsed);
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::CType;

    fn rust(text: &str) -> String {
        CType::try_from(text.to_owned()).expect("a C type").rust()
    }

    #[test]
    fn const_belongs_to_the_pointer_that_follows_it() {
        assert_eq!(rust("const char *const *"), "*const *const c_char");
        assert_eq!(rust("PJRT_Buffer **const *"), "*const *mut *mut PJRT_Buffer");
        assert_eq!(rust("const void *"), "*const c_void");
    }

    #[test]
    fn pointers_to_functions_may_be_null() {
        assert_eq!(
            rust("int (*)(void *, const char **)"),
            "Option<unsafe extern \"C\" fn(*mut c_void, *mut *const c_char) -> c_int>"
        );
        assert_eq!(rust("void (*)()"), "Option<unsafe extern \"C\" fn()>");
    }

    #[test]
    fn a_pointer_to_a_pointer_to_a_function_keeps_both_levels() {
        assert_eq!(rust("void (**)(int)"), "*mut Option<unsafe extern \"C\" fn(c_int)>");
    }

    #[test]
    fn arrays_keep_their_length() {
        assert_eq!(rust("int32_t[4]"), "[i32; 4]");
    }

    #[test]
    fn the_text_of_a_type_is_what_it_was_read_from() {
        for text in [
            "int32_t[4]",
            "const char *const *",
            "PJRT_Buffer **const *",
            "void *(*)(const S *, void (*)(PJRT_Error *, void *))",
            "PJRT_Error *(**)(size_t)",
            "int (*)()",
        ] {
            assert_eq!(CType::try_from(text.to_owned()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_type_that_is_cut_short_is_refused() {
        assert!(CType::try_from("void (*)(int".to_owned()).is_err());
    }
}
