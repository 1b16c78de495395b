//! Examples as pictures, for people to look at.

use std::io::Cursor;

use image::imageops::{FilterType, resize};
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};

use super::image_file::decode;
use super::inputs::Inputs;
use super::source::{RawInput, ReadError};
use super::{DataError, Dataset, Split};

/// A picture as the bytes of a PNG file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub png: Vec<u8>,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Dataset {
    /// The example at `index` of a split as a picture of at most `side` pixels along each side;
    /// `None` if it is no image, or can't be used. What has no format is grey, its brightest pixel
    /// white.
    ///
    /// # Errors
    /// If the data as a whole can't be read.
    pub fn picture(
        &self,
        split: Split,
        index: usize,
        side: u32,
    ) -> Result<Option<Picture>, DataError> {
        let example = match self.example(split, index) {
            Ok(example) => example,
            Err(ReadError::Unusable(_)) => return Ok(None),
            Err(ReadError::Failed(error)) => return Err(error),
        };
        let image = match (&self.inputs, &example.input) {
            (Inputs::Pixels { dims, .. }, RawInput::Pixels(pixels)) => grey(*dims, pixels),
            (Inputs::Images(_), RawInput::Image(file)) => {
                let mut pixels = vec![];
                decode(file, &mut pixels).ok().and_then(|[height, width]| {
                    RgbImage::from_raw(width as u32, height as u32, pixels).map(DynamicImage::from)
                })
            }
            (_, _) => None,
        };
        Ok(image.map(|image| encode(&within(image, side))))
    }
}

fn grey([rows, columns]: [usize; 2], pixels: &[u8]) -> Option<DynamicImage> {
    let brightest = pixels.iter().copied().max().filter(|&it| it > 0).unwrap_or(1);
    let scaled = |&pixel: &u8| (u32::from(pixel) * 255 / u32::from(brightest)) as u8;
    let pixels = pixels.iter().map(scaled).collect();
    GrayImage::from_raw(columns as u32, rows as u32, pixels).map(DynamicImage::from)
}

/// The image, made smaller where a side is longer than `side`.
fn within(image: DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let longer = width.max(height);
    if longer <= side {
        return image;
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(side) / u64::from(longer);
        u32::try_from(exact).unwrap_or(side).max(1)
    };
    // A mean over blocks first keeps the cost of the filter to the size of the result.
    let image = image.thumbnail_exact(scaled(width) * 2, scaled(height) * 2);
    resize(&image.into_rgb8(), scaled(width), scaled(height), FilterType::Triangle).into()
}

fn encode(image: &DynamicImage) -> Picture {
    let mut png = Cursor::new(vec![]);
    image.write_to(&mut png, ImageFormat::Png).expect("pixels in memory have a PNG");
    Picture { png: png.into_inner(), width: image.width(), height: image.height() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_a_grey_png_whose_brightest_pixel_is_white() {
        let digits = Dataset::digits().unwrap();
        let picture = digits.picture(Split::Test, 0, 96).unwrap().unwrap();
        assert_eq!((picture.width, picture.height), (8, 8));
        let image = image::load_from_memory_with_format(&picture.png, ImageFormat::Png).unwrap();
        let RawInput::Pixels(stored) = digits.example(Split::Test, 0).unwrap().input else {
            panic!("digits are pixels")
        };
        let brightest = stored.iter().position(|&it| it == *stored.iter().max().unwrap()).unwrap();
        let shown = image.into_luma8().into_raw();
        assert_eq!(shown[brightest], 255);
        assert_eq!(stored.iter().position(|&it| it == 0), shown.iter().position(|&it| it == 0));
    }

    #[test]
    fn a_large_image_is_made_smaller_in_proportion() {
        let image = DynamicImage::from(RgbImage::new(400, 100));
        let small = within(image, 96);
        assert_eq!((small.width(), small.height()), (96, 24));
    }
}
