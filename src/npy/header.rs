//! The header of a `.npy` file: a magic number, a length, and a dictionary in Python's syntax.

use super::NpyError;

pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";
/// Data starts at a multiple of this.
const ALIGNMENT: usize = 64;
/// The most dimensions that an array of NumPy has.
const MAX_RANK: usize = 64;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) descr: String,
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<usize>,
}

/// The header of a file, and the data after it.
pub(super) fn split(file: &[u8]) -> Result<(Header, &[u8]), NpyError> {
    let Some(rest) = file.strip_prefix(MAGIC) else { return Err(NpyError::Magic) };
    let truncated = |expected| NpyError::TruncatedHeader { expected, got: file.len() };
    let &[major, minor, ref rest @ ..] = rest else { return Err(truncated(10)) };
    let (length, rest) = match (major, minor) {
        (1, 0) => {
            rest.split_first_chunk::<2>().map(|(n, rest)| (u16::from_le_bytes(*n).into(), rest))
        }
        (2 | 3, 0) => rest.split_first_chunk::<4>().map(|(n, rest)| (u32::from_le_bytes(*n), rest)),
        _ => return Err(NpyError::Version { major, minor }),
    }
    .ok_or_else(|| truncated(12))?;
    let length = length as usize;
    let start = file.len() - rest.len();
    let (header, data) = rest.split_at_checked(length).ok_or_else(|| truncated(start + length))?;
    let header = Parser { text: header, at: 0, start }.header()?;
    Ok((header, data))
}

/// A header as `numpy.save` writes it.
pub(super) fn encode(descr: &str, dims: &[usize]) -> Vec<u8> {
    let shape: Vec<_> = dims.iter().map(ToString::to_string).collect();
    let comma = if dims.len() == 1 { "," } else { "" };
    let shape = shape.join(", ");
    let dictionary =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}{comma}), }}");
    // Magic number, version, length, and the line's end.
    let fixed = MAGIC.len() + 2 + 2 + 1;
    let padding = (fixed + dictionary.len()).next_multiple_of(ALIGNMENT) - fixed - dictionary.len();
    let length = u16::try_from(dictionary.len() + padding + 1);
    let length = length.expect("64 dimensions take some hundred characters");
    let mut header = MAGIC.to_vec();
    header.extend([1, 0]);
    header.extend(length.to_le_bytes());
    header.extend(dictionary.into_bytes());
    header.extend(std::iter::repeat_n(b' ', padding));
    header.push(b'\n');
    header
}

/// Reads the dictionary and nothing else of Python.
struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the text starts in the file, for messages.
    start: usize,
}

impl Parser<'_> {
    fn header(mut self) -> Result<Header, NpyError> {
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        self.expect(b'{', "a dictionary")?;
        while !self.skip(b'}') {
            let key = self.string()?;
            self.expect(b':', "a colon")?;
            match key.as_str() {
                "descr" if self.next() == Some(b'[') => {
                    return Err(NpyError::Descr { descr: "of records".to_owned() });
                }
                "descr" => descr = Some(self.string()?),
                "fortran_order" => fortran_order = Some(self.boolean()?),
                "shape" => shape = Some(self.shape()?),
                _ => return Err(self.error("the keys descr, fortran_order and shape")),
            }
            if !self.skip(b',') {
                self.expect(b'}', "the dictionary's end")?;
                break;
            }
        }
        if self.next().is_some() {
            return Err(self.error("nothing after the dictionary"));
        }
        match (descr, fortran_order, shape) {
            (Some(descr), Some(fortran_order), Some(shape)) => {
                Ok(Header { descr, fortran_order, shape })
            }
            _ => Err(self.error("the keys descr, fortran_order and shape")),
        }
    }

    fn shape(&mut self) -> Result<Vec<usize>, NpyError> {
        let mut dims = Vec::new();
        self.expect(b'(', "a tuple")?;
        while !self.skip(b')') {
            dims.push(self.integer()?);
            if dims.len() > MAX_RANK {
                return Err(self.error("at most 64 dimensions"));
            }
            if !self.skip(b',') {
                self.expect(b')', "the tuple's end")?;
                break;
            }
        }
        Ok(dims)
    }

    fn integer(&mut self) -> Result<usize, NpyError> {
        self.next();
        let rest = &self.text[self.at..];
        let digits = &rest[..rest.iter().take_while(|byte| byte.is_ascii_digit()).count()];
        let number = str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        let number = number.ok_or_else(|| self.error("a dimension"))?;
        self.at += digits.len();
        // As Python 2 wrote long integers.
        self.skip(b'L');
        Ok(number)
    }

    fn boolean(&mut self) -> Result<bool, NpyError> {
        self.next();
        for (word, value) in [("True", true), ("False", false)] {
            if self.text[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.error("True or False"))
    }

    /// A string without escapes.
    fn string(&mut self) -> Result<String, NpyError> {
        let quote = self.next().filter(|byte| matches!(byte, b'\'' | b'"'));
        let quote = quote.ok_or_else(|| self.error("a string"))?;
        let rest = &self.text[self.at + 1..];
        let length = rest.iter().position(|&byte| byte == quote);
        let length = length.ok_or_else(|| self.error("a string that ends"))?;
        let string =
            str::from_utf8(&rest[..length]).map_err(|_| self.error("a string in UTF-8"))?;
        let string = string.to_owned();
        self.at += length + 2;
        Ok(string)
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), NpyError> {
        if self.skip(byte) { Ok(()) } else { Err(self.error(expected)) }
    }

    fn error(&self, expected: &'static str) -> NpyError {
        NpyError::Header { at: self.start + self.at, expected }
    }
}
