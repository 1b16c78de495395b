//! Named arrays as a file in the safetensors format.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pjrt::{DType, HostArray};
use safetensors::{Dtype, SafeTensors, View, serialize};

/// Arrays by path, such as `head/loc/kernel`.
pub type Tensors = BTreeMap<String, HostArray>;

struct Entry<'a> {
    array: &'a HostArray,
    dtype: Dtype,
}

impl View for Entry<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        self.array.dims()
    }

    fn data(&self) -> Cow<'_, [u8]> {
        self.array.bytes().into()
    }

    fn data_len(&self) -> usize {
        self.array.bytes().len()
    }
}

/// The bytes of a file that holds `tensors`, or what is wrong with them.
pub(super) fn encode(tensors: &Tensors) -> Result<Vec<u8>, String> {
    let entries = tensors
        .iter()
        .map(|(name, array)| {
            let dtype = stored(array.dtype())
                .ok_or_else(|| format!("{name}: the format has no type for {}", array.dtype()))?;
            Ok((name, Entry { array, dtype }))
        })
        .collect::<Result<Vec<_>, String>>()?;
    serialize(entries, None).map_err(|error| error.to_string())
}

/// The arrays that a file holds, or what is wrong with it.
pub(super) fn decode(bytes: &[u8]) -> Result<Tensors, String> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    file.iter()
        .map(|(name, view)| {
            let dtype = loaded(view.dtype())
                .ok_or_else(|| format!("{name}: no array has the type {:?}", view.dtype()))?;
            let array = HostArray::from_bytes(dtype, view.shape(), view.data());
            Ok((name.to_owned(), array.map_err(|error| format!("{name}: {error}"))?))
        })
        .collect()
}

/// Both names of each type that the format knows.
const DTYPES: [(DType, Dtype); 19] = [
    (DType::Pred, Dtype::BOOL),
    (DType::S8, Dtype::I8),
    (DType::S16, Dtype::I16),
    (DType::S32, Dtype::I32),
    (DType::S64, Dtype::I64),
    (DType::U8, Dtype::U8),
    (DType::U16, Dtype::U16),
    (DType::U32, Dtype::U32),
    (DType::U64, Dtype::U64),
    (DType::F16, Dtype::F16),
    (DType::Bf16, Dtype::BF16),
    (DType::F32, Dtype::F32),
    (DType::F64, Dtype::F64),
    (DType::C64, Dtype::C64),
    (DType::F8E5M2, Dtype::F8_E5M2),
    // The format's `F8_E4M3` is the type without infinities.
    (DType::F8E4M3FN, Dtype::F8_E4M3),
    (DType::F8E5M2FNUZ, Dtype::F8_E5M2FNUZ),
    (DType::F8E4M3FNUZ, Dtype::F8_E4M3FNUZ),
    (DType::F8E8M0FNU, Dtype::F8_E8M0),
];

fn stored(dtype: DType) -> Option<Dtype> {
    DTYPES.iter().find(|it| it.0 == dtype).map(|it| it.1)
}

fn loaded(dtype: Dtype) -> Option<DType> {
    DTYPES.iter().find(|it| it.1 == dtype).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_every_type_come_back_bit_for_bit() {
        let mut tensors = Tensors::new();
        for (dtype, _) in DTYPES {
            let bytes =
                (0..6 * dtype.host_bytes()).map(|i| (i * 37 + 255) as u8).collect::<Vec<_>>();
            let array = HostArray::from_bytes(dtype, &[2, 3], &bytes).unwrap();
            tensors.insert(format!("of/{dtype}"), array);
        }
        tensors.insert("scalar".to_owned(), HostArray::scalar(f32::NAN));
        tensors.insert("empty".to_owned(), HostArray::zeros(DType::F32, &[0, 4]).unwrap());
        assert_eq!(decode(&encode(&tensors).unwrap()).unwrap(), tensors);
    }

    #[test]
    fn the_same_arrays_give_the_same_bytes() {
        let tensors = ["b", "a", "c"].map(|name| (name.to_owned(), HostArray::scalar(1i32)));
        let [forward, backward] =
            [Tensors::from(tensors.clone()), tensors.into_iter().rev().collect()];
        assert_eq!(encode(&forward).unwrap(), encode(&backward).unwrap());
    }

    #[test]
    fn a_type_that_the_format_lacks_is_refused_by_name() {
        let array = HostArray::zeros(DType::C128, &[]).unwrap();
        let error = encode(&Tensors::from([("w".to_owned(), array)])).unwrap_err();
        assert_eq!(error, "w: the format has no type for complex<f64>");
    }
}
