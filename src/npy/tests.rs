use super::*;

/// A file with this header and data, as `numpy.lib.format.write_array` lays it out.
fn file(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((dictionary.len() as u16).to_le_bytes());
    file.extend(dictionary.as_bytes());
    file.extend(data);
    file
}

fn message(file: &[u8]) -> String {
    decode(file).unwrap_err().to_string()
}

#[test]
fn a_file_has_the_bytes_that_numpy_saves() {
    // From `numpy.save` of NumPy 2.4.6: a scalar, an array of rank 1, one of rank 2 without
    // elements, and one of `ml_dtypes.bfloat16`.
    let header = |start: &str, length: usize| {
        let mut header = format!("\u{93}NUMPY\u{1}\u{0}v\u{0}{start}")
            .chars()
            .map(|c| c as u8)
            .collect::<Vec<_>>();
        header.resize(127, b' ');
        header.push(b'\n');
        assert_eq!(header.len(), length);
        header
    };
    let scalar = HostArray::scalar(3.0f32);
    let expected = header("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 128);
    assert_eq!(encode(&scalar), [&expected[..], &[0, 0, 0x40, 0x40]].concat());
    let vector = HostArray::from_slice(&[2], &[true, false]).unwrap();
    let expected = header("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", 128);
    assert_eq!(encode(&vector), [&expected[..], &[1, 0]].concat());
    let empty = HostArray::zeros(DType::F64, &[0, 3]).unwrap();
    assert_eq!(
        encode(&empty),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", 128)
    );
    let bf16 = HostArray::from_bytes(DType::Bf16, &[1, 1], &[0x80, 0x3f]).unwrap();
    let expected = header("{'descr': '<V2', 'fortran_order': False, 'shape': (1, 1), }", 128);
    assert_eq!(encode(&bf16), [&expected[..], &[0x80, 0x3f]].concat());
}

#[test]
fn every_type_comes_back_as_it_was_written() {
    for &dtype in DType::ALL {
        for dims in [&[][..], &[3], &[2, 0, 5], &[2, 3, 4]] {
            let mut array = HostArray::zeros(dtype, dims).unwrap();
            array.bytes_mut().iter_mut().enumerate().for_each(|(i, byte)| *byte = i as u8 & 1);
            assert_eq!(
                decode(&encode(&array)).unwrap().into_array(dtype).unwrap(),
                array,
                "{array:?}"
            );
        }
    }
}

#[test]
fn an_array_in_the_order_of_fortran_is_transposed() {
    let data: Vec<u8> = [1i32, 4, 2, 5, 3, 6].iter().flat_map(|it| it.to_le_bytes()).collect();
    let file = file("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }", &data);
    let array = decode(&file).unwrap().into_array(DType::S32).unwrap();
    assert_eq!(array.as_slice::<i32>().unwrap(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn big_endian_numbers_are_swapped_and_complex_ones_by_their_parts() {
    let file_of = |descr: &str, data: &[u8]| {
        file(&format!("{{'shape': (1,), 'descr': '{descr}', 'fortran_order': False}}\n"), data)
    };
    let array = decode(&file_of(">i4", &[0, 0, 1, 2])).unwrap().into_array(DType::S32).unwrap();
    assert_eq!(array.item::<i32>().unwrap(), 258);
    let data = [1.5f32.to_be_bytes(), (-2.0f32).to_be_bytes()].concat();
    let array = decode(&file_of(">c8", &data)).unwrap().into_array(DType::C64).unwrap();
    let expected = [1.5f32.to_ne_bytes(), (-2.0f32).to_ne_bytes()].concat();
    assert_eq!(array.bytes(), expected);
}

#[test]
fn bytes_without_a_name_are_what_the_program_takes_if_numpy_has_no_name_for_it() {
    let void = |width| {
        let header = format!("{{'descr': '|V{width}', 'fortran_order': False, 'shape': (1,), }}");
        decode(&file(&header, &vec![0; width])).unwrap()
    };
    assert_eq!(void(2).into_array(DType::Bf16).unwrap().dtype(), DType::Bf16);
    assert_eq!(void(1).into_array(DType::F8E4M3FN).unwrap().dtype(), DType::F8E4M3FN);
    insta::assert_snapshot!(void(2).into_array(DType::F16).unwrap_err(), @"it holds V2[1], which cannot be read as elements of f16");
    insta::assert_snapshot!(void(1).into_array(DType::U8).unwrap_err(), @"it holds V1[1], which cannot be read as elements of ui8");
    // What `numpy.save` calls `ml_dtypes.float8_e5m2`.
    let file = file("{'descr': '<f1', 'fortran_order': False, 'shape': (1,), }", &[0x3c]);
    assert_eq!(decode(&file).unwrap().into_array(DType::F8E5M2).unwrap().bytes(), [0x3c]);
}

#[test]
fn a_file_that_is_no_array_is_refused_with_the_reason() {
    let shaped =
        |shape: &str| format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    insta::assert_snapshot!(message(b""), @"it does not start as a .npy file does; write one with numpy.save");
    insta::assert_snapshot!(message(b"PK\x03\x04"), @"it does not start as a .npy file does; write one with numpy.save");
    insta::assert_snapshot!(message(b"\x93NUMPY\x01"), @"it is truncated: its header takes 10 bytes, got 7");
    insta::assert_snapshot!(message(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"), @"it is truncated: its header takes 4294967307 bytes, got 12");
    insta::assert_snapshot!(message(b"\x93NUMPY\x09\x00\x00\x00"), @"it is a .npy file of version 9.0; expected 1.0, 2.0 or 3.0");
    insta::assert_snapshot!(message(&file("{'descr': '<f4'", &[])), @"its header cannot be read at byte 25: expected the dictionary's end");
    insta::assert_snapshot!(message(&file("{'descr': '<f4', }", &[])), @"its header cannot be read at byte 28: expected the keys descr, fortran_order and shape");
    insta::assert_snapshot!(message(&file("{'descr': __import__('os')}", &[])), @"its header cannot be read at byte 20: expected a string");
    insta::assert_snapshot!(message(&file(&shaped("(-1,)"), &[])), @"its header cannot be read at byte 61: expected a dimension");
    insta::assert_snapshot!(message(&file(&shaped("(99999999999999999999,)"), &[])), @"its header cannot be read at byte 61: expected a dimension");
    insta::assert_snapshot!(message(&file(&shaped("(4294967296, 4294967296)"), &[])), @"the size of an array of f32[4294967296, 4294967296] overflows the address space");
    insta::assert_snapshot!(message(&file(&shaped("(1000000000000,)"), &[0; 4])), @"an array of f32[1000000000000] takes 4000000000000 bytes, got 4");
    insta::assert_snapshot!(message(&file(&shaped("(2,)"), &[0; 7])), @"an array of f32[2] takes 8 bytes, got 7");
    insta::assert_snapshot!(message(&file(&shaped("(2,)").replace("<f4", "|O"), &[0; 16])), @"its elements are of NumPy's type |O, which no program takes");
    insta::assert_snapshot!(message(&file(&shaped("(2,)").replace("'<f4'", "[('a', '<f4')]"), &[0; 8])), @"its elements are of NumPy's type of records, which no program takes");
    insta::assert_snapshot!(message(&file(&shaped("(1,)").replace("<f4", "|b1"), &[2])), @"it holds a boolean that is neither 0 nor 1");
}

/// Every file that is one byte away from a good one, or a part of it, is read or refused; none
/// ends the process.
#[test]
fn no_damage_to_a_file_does_worse_than_an_error() {
    let array = HostArray::from_slice(&[2, 3], &[1i16, 2, 3, 4, 5, 6]).unwrap();
    let whole = encode(&array);
    for end in 0..whole.len() {
        assert!(decode(&whole[..end]).is_err(), "{end} bytes");
    }
    for at in 0..whole.len() {
        for byte in 0..=255 {
            let mut damaged = whole.clone();
            damaged[at] = byte;
            if let Ok(array) = decode(&damaged) {
                assert_eq!(array.bytes.len(), 12);
            }
        }
    }
}
