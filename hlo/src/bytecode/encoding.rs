//! The primitives of MLIR's bytecode: numbers of variable length, and sections.

/// Bytes in the making.
#[derive(Debug, Default)]
pub(super) struct Encoder(Vec<u8>);

impl Encoder {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A number in one to nine bytes: as many zeros as bytes follow the first one, then a one, then
    /// the number itself, from the lowest bit up.
    pub(super) fn number(&mut self, number: u64) {
        let significant = u64::BITS - number.leading_zeros();
        match significant.div_ceil(7).max(1) {
            more @ ..=8 => {
                let word = (number << 1 | 1) << (more - 1);
                self.bytes(&word.to_le_bytes()[..more as usize]);
            }
            _ => {
                self.byte(0);
                self.bytes(&number.to_le_bytes());
            }
        }
    }

    /// A number that may be negative: its sign is the lowest bit.
    pub(super) fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63).cast_unsigned());
    }

    /// A length or the number of a table's entry.
    pub(super) fn index(&mut self, index: usize) {
        self.number(index as u64);
    }

    /// An index above a bit that says something of what it stands for.
    pub(super) fn flagged(&mut self, index: usize, flag: bool) {
        self.index(index << 1 | usize::from(flag));
    }

    /// How many there are, then each.
    pub(super) fn indices(&mut self, indices: &[usize]) {
        self.index(indices.len());
        indices.iter().for_each(|&index| self.index(index));
    }

    /// How many bytes there are, then each.
    pub(super) fn blob(&mut self, bytes: &[u8]) {
        self.index(bytes.len());
        self.bytes(bytes);
    }

    pub(super) fn section(&mut self, id: u8, content: &[u8]) {
        self.byte(id);
        self.blob(content);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encode: impl FnOnce(&mut Encoder)) -> Vec<u8> {
        let mut encoder = Encoder::default();
        encode(&mut encoder);
        encoder.finish()
    }

    /// The bytes are those of the examples in MLIR's document "MLIR Bytecode Format" and of its
    /// table of prefixes.
    #[test]
    fn numbers_take_one_to_nine_bytes() {
        let number = |number| encoded(|encoder| encoder.number(number));
        assert_eq!(number(0), [0b0000_0001]);
        assert_eq!(number(127), [0b1111_1111]);
        assert_eq!(number(128), [0b10, 0b10]);
        assert_eq!(number((1 << 14) - 1), [0b1111_1110, 0xff]);
        assert_eq!(number(1 << 14), [0b100, 0, 0b10]);
        assert_eq!(number((1 << 56) - 1), [0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(number(1 << 56), [0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(number(u64::MAX), [0, 255, 255, 255, 255, 255, 255, 255, 255]);
    }

    #[test]
    fn signs_are_the_lowest_bit() {
        let signed = |number| encoded(|encoder| encoder.signed(number));
        assert_eq!(signed(0), [0b1]);
        assert_eq!(signed(-1), [0b11]);
        assert_eq!(signed(1), [0b101]);
        assert_eq!(signed(-64), [0xff]);
        assert_eq!(signed(i64::MIN), [0, 255, 255, 255, 255, 255, 255, 255, 255]);
    }
}
