//! From an input as it is stored to the numbers that a model takes.

use serde::{Deserialize, Serialize};

use super::image::Images;
use super::random::Random;
use super::source::RawInput;

/// How inputs are made from pixels: `(pixel − mean) / std`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalization {
    /// The mean of all pixels of the train split.
    pub mean: f64,
    /// Their standard deviation; the largest value that the format allows where all are equal.
    pub std: f64,
}

impl Normalization {
    pub(super) fn of(pixels: &[u8], max: u8) -> Self {
        // Sums of integers are exact, so the result does not hang on the order of summation.
        let (mut sum, mut squares) = (0u64, 0u64);
        for &pixel in pixels {
            sum += u64::from(pixel);
            squares += u64::from(pixel) * u64::from(pixel);
        }
        let count = pixels.len() as f64;
        let mean = sum as f64 / count;
        let variance = squares as f64 / count - mean * mean;
        let std = if variance > 0.0 { variance.sqrt() } else { f64::from(max) };
        Self { mean, std }
    }

    /// The input that a pixel is to a model.
    pub fn input(self, pixel: u8) -> f32 {
        ((f64::from(pixel) - self.mean) / self.std) as f32
    }
}

/// How the inputs of a set are made.
#[derive(Clone, Debug)]
pub(super) enum Inputs {
    /// From the numbers themselves, so many of them.
    Numbers { features: usize },
    /// From the pixels of images of these rows and columns.
    Pixels { dims: [usize; 2], of_pixel: Box<[f32; 256]>, normalization: Normalization },
    /// From files of images.
    Images(Box<Images>),
}

impl Inputs {
    pub(super) fn pixels(dims: [usize; 2], normalization: Normalization) -> Self {
        let of_pixel = Box::new(std::array::from_fn(|pixel| normalization.input(pixel as u8)));
        Self::Pixels { dims, of_pixel, normalization }
    }

    /// The numbers of an input.
    pub(super) fn features(&self) -> usize {
        match self {
            Self::Numbers { features } => *features,
            Self::Pixels { dims, .. } => dims.iter().product(),
            Self::Images(images) => images.features(),
        }
    }

    /// Writes an input to `out`. `random` decides how it is changed for training, if it is.
    ///
    /// # Errors
    /// Why the input can't be used.
    pub(super) fn write(
        &self,
        input: &RawInput,
        random: Option<Random>,
        out: &mut [f32],
    ) -> Result<(), String> {
        match (self, input) {
            (Self::Pixels { of_pixel, .. }, RawInput::Pixels(pixels)) => {
                for (out, &pixel) in out.iter_mut().zip(pixels) {
                    *out = of_pixel[usize::from(pixel)];
                }
            }
            // Pixels that aren't bytes.
            (Self::Pixels { normalization, .. }, RawInput::Numbers(numbers)) => {
                check_finite(numbers.iter().copied())?;
                for (out, &pixel) in out.iter_mut().zip(numbers) {
                    *out = ((f64::from(pixel) - normalization.mean) / normalization.std) as f32;
                }
            }
            (Self::Numbers { .. }, RawInput::Numbers(numbers)) => {
                check_finite(numbers.iter().copied())?;
                out.copy_from_slice(numbers);
            }
            (Self::Numbers { .. }, RawInput::Sparse(numbers)) => {
                check_finite(numbers.iter().map(|&(_, number)| number))?;
                out.fill(0.0);
                for &(place, number) in numbers {
                    out[place as usize] = number;
                }
            }
            (Self::Images(images), RawInput::Image(file)) => images.write(file, random, out)?,
            (_, _) => unreachable!("a set's source and its inputs are chosen together"),
        }
        Ok(())
    }
}

fn check_finite(numbers: impl Iterator<Item = f32>) -> Result<(), String> {
    match numbers.enumerate().find(|(_, number)| !number.is_finite()) {
        Some((place, number)) => Err(format!("its number {place} is {number}")),
        None => Ok(()),
    }
}
