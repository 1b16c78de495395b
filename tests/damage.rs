//! Files that are damaged: whatever the bytes, a reader returns.
//!
//! The readers and the files are those of the fuzz targets; `fuzz/README.md` tells how to run them
//! for longer.

#[path = "../fuzz/readers.rs"]
mod readers;

use readers::READERS;

/// Damaged files that each reader is given.
const FILES: u64 = 600;

/// Numbers that look random and are the same each time, by the generator `SplitMix64`.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ bits >> 31) % end.max(1) as u64) as usize
    }
}

/// Changes a file in one place: a bit, a byte, a number, a part, or the end.
fn damage(file: &mut Vec<u8>, numbers: &mut Numbers) {
    if file.is_empty() {
        return;
    }
    let at = numbers.below(file.len());
    match numbers.below(7) {
        0 => file[at] ^= 1 << numbers.below(8),
        1 => file[at] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'9', b'-'][numbers.below(8)],
        2 => file.truncate(at),
        3 => drop(file.drain(at..(at + numbers.below(16)).min(file.len()))),
        4 => {
            let part = file[at..(at + numbers.below(64)).min(file.len())].to_vec();
            let to = numbers.below(file.len());
            file.splice(to..to, part);
        }
        5 => {
            let number = [0, 1, i64::MAX, i64::MIN, -1, 1 << 32][numbers.below(6)].to_le_bytes();
            for (byte, new) in file[at..].iter_mut().zip(number) {
                *byte = new;
            }
        }
        _ => {
            let digits: &[u8] = [&b"18446744073709551615"[..], b"-1", b"1e999"][numbers.below(3)];
            file.splice(at..at, digits.iter().copied());
        }
    }
}

#[test]
fn no_damage_to_a_file_does_worse_than_an_error() {
    for reader in READERS {
        let samples = (reader.samples)();
        for seed in 0..FILES {
            let mut numbers = Numbers(seed);
            let mut file = samples[seed as usize % samples.len()].clone();
            for _ in 0..numbers.below(4) {
                damage(&mut file, &mut numbers);
            }
            println!("{} {seed}", reader.name);
            (reader.read)(&file);
        }
    }
}

#[test]
fn the_files_that_are_damaged_are_read_when_they_are_whole() {
    for reader in READERS {
        for sample in (reader.samples)() {
            (reader.read)(&sample);
        }
    }
}
