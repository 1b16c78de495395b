//! Floats of 8 bits and fewer.

use pjrt::DType;

/// How a float lies in the lower bits of a byte: the sign, if it has one, then exponent, then
/// mantissa. The other bits mean nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct SmallFloat {
    bits: u32,
    mantissa_bits: u32,
    bias: i32,
    specials: Specials,
}

/// Which patterns are no finite numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Specials {
    /// An exponent of ones: infinite without mantissa, NaN with one.
    Ieee,
    /// All ones but for the sign: NaN.
    Finite,
    /// What would be negative zero: NaN.
    FiniteUnsignedZero,
    /// All ones: NaN. There is no sign, no mantissa and no zero.
    Unsigned,
    /// None.
    Nothing,
}

impl SmallFloat {
    /// The format of a type; none if it is another than these.
    pub(super) fn of(dtype: DType) -> Option<Self> {
        let (bits, mantissa_bits, bias, specials) = match dtype {
            DType::F8E5M2 => (8, 2, 15, Specials::Ieee),
            DType::F8E4M3 => (8, 3, 7, Specials::Ieee),
            DType::F8E3M4 => (8, 4, 3, Specials::Ieee),
            DType::F8E4M3FN => (8, 3, 7, Specials::Finite),
            DType::F8E4M3B11FNUZ => (8, 3, 11, Specials::FiniteUnsignedZero),
            DType::F8E4M3FNUZ => (8, 3, 8, Specials::FiniteUnsignedZero),
            DType::F8E5M2FNUZ => (8, 2, 16, Specials::FiniteUnsignedZero),
            DType::F8E8M0FNU => (8, 0, 127, Specials::Unsigned),
            DType::F6E2M3FN => (6, 3, 1, Specials::Nothing),
            DType::F6E3M2FN => (6, 2, 3, Specials::Nothing),
            DType::F4E2M1FN => (4, 1, 1, Specials::Nothing),
            _ => return None,
        };
        Some(Self { bits, mantissa_bits, bias, specials })
    }

    pub(super) fn decode(self, byte: u8) -> f32 {
        if self.specials == Specials::Unsigned {
            return if byte == 0xff { f32::NAN } else { power_of_2(i32::from(byte) - self.bias) };
        }
        let sign_bit = 1 << (self.bits - 1);
        let sign = if byte & sign_bit == 0 { 1.0 } else { -1.0 };
        let magnitude = byte & (sign_bit - 1);
        let mantissa = magnitude & ((1 << self.mantissa_bits) - 1);
        let exponent = magnitude >> self.mantissa_bits;
        match self.specials {
            Specials::Ieee if exponent == 0x7f >> self.mantissa_bits => {
                return if mantissa == 0 { sign * f32::INFINITY } else { f32::NAN };
            }
            Specials::Finite if magnitude == 0x7f => return f32::NAN,
            Specials::FiniteUnsignedZero if byte == 0x80 => return f32::NAN,
            _ => {}
        }
        // Below the least exponent the leading one is not there.
        let (one, exponent) =
            if exponent == 0 { (0, 1) } else { (1 << self.mantissa_bits, exponent) };
        let exponent = i32::from(exponent) - self.bias - self.mantissa_bits as i32;
        sign * f32::from(one + mantissa) * power_of_2(exponent)
    }

    /// The value of every byte.
    pub(super) fn table(self) -> [f32; 256] {
        std::array::from_fn(|byte| self.decode(byte as u8))
    }

    /// The byte in the format's table whose value is nearest to `value`, or to its magnitude where
    /// there is no sign.
    pub(super) fn nearest(self, table: &[f32; 256], value: f32) -> u8 {
        let value = if self.specials == Specials::Unsigned { value.abs() } else { value };
        let finite = (0..=255).filter(|&byte| table[usize::from(byte)].is_finite());
        let distance = |byte: u8| (table[usize::from(byte)] - value).abs();
        finite.min_by(|&a, &b| distance(a).total_cmp(&distance(b))).expect("some are finite")
    }
}

/// Exact from the least subnormal `f32` to the greatest power of 2.
fn power_of_2(exponent: i32) -> f32 {
    2f64.powi(exponent) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(dtype: DType, byte: u8) -> f32 {
        SmallFloat::of(dtype).unwrap().decode(byte)
    }

    /// The extremes that the papers and the OCP specifications of these formats tabulate.
    #[test]
    fn each_format_has_the_extremes_of_its_specification() {
        assert_eq!(decode(DType::F8E5M2, 0x7b), 57344.0);
        assert_eq!(decode(DType::F8E5M2, 0x01), 2f32.powi(-16));
        assert_eq!(decode(DType::F8E5M2, 0xfc), f32::NEG_INFINITY);
        assert_eq!(decode(DType::F8E4M3FN, 0x7e), 448.0);
        assert_eq!(decode(DType::F8E4M3FN, 0x01), 2f32.powi(-9));
        assert!(decode(DType::F8E4M3FN, 0xff).is_nan());
        assert_eq!(decode(DType::F8E4M3, 0x77), 240.0);
        assert_eq!(decode(DType::F8E3M4, 0x6f), 15.5);
        assert_eq!(decode(DType::F8E4M3FNUZ, 0x7f), 240.0);
        assert!(decode(DType::F8E4M3FNUZ, 0x80).is_nan());
        assert_eq!(decode(DType::F8E5M2FNUZ, 0xff), -57344.0);
        assert_eq!(decode(DType::F8E4M3B11FNUZ, 0x7f), 30.0);
        assert_eq!(decode(DType::F8E8M0FNU, 0), 2f32.powi(-127));
        assert_eq!(decode(DType::F8E8M0FNU, 127), 1.0);
        assert!(decode(DType::F8E8M0FNU, 255).is_nan());
        assert_eq!(decode(DType::F6E2M3FN, 0x1f), 7.5);
        assert_eq!(decode(DType::F6E2M3FN, 0x21), -0.125);
        assert_eq!(decode(DType::F6E3M2FN, 0x1f), 28.0);
        assert_eq!(decode(DType::F6E3M2FN, 0x01), 2f32.powi(-4));
        assert_eq!(decode(DType::F4E2M1FN, 0x07), 6.0);
        assert_eq!(decode(DType::F4E2M1FN, 0x09), -0.5);
    }

    #[test]
    fn the_nearest_to_a_value_of_the_format_is_itself() {
        let format = SmallFloat::of(DType::F8E4M3FN).unwrap();
        let table = format.table();
        for byte in (1..=255).filter(|byte| byte & 0x7f != 0x7f && *byte != 0x80) {
            assert_eq!(format.nearest(&table, table[usize::from(byte)]), byte);
        }
        assert_eq!(format.nearest(&table, 1e9), 0x7e);
    }
}
