//! Images: from a file of a format to the numbers that a model takes.
//!
//! JPEG and PNG are read; grey, palettes and CMYK become red, green and blue, transparency is left
//! out, and 16 bits become 8. The orientation that a camera noted in EXIF is ignored, as TensorFlow's
//! decoders do, with which the paper's models were trained.
//!
//! For training a window is drawn as `tf.image.sample_distorted_bounding_box` draws one: the ratio of
//! its sides uniformly from 3/4 to 4/3, then its height uniformly from those with which its area is
//! allowed and it lies inside the image, then its place. After ten draws without one that suits, as
//! can be for images many times as wide as high, the window is the whole image. It becomes a square by
//! linear interpolation between the centres of pixels, without a wider filter where it shrinks: as
//! `tf.image.resize` does by default.
//!
//! For evaluation the image is made smaller, or larger, until its shorter side is as asked, each pixel
//! the mean over the area that it covers, and the centre is taken: no pixel outside of it is made.

use std::cell::RefCell;
use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, Limits};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::random::Random;
use super::resample::{Axis, resample};
use super::settings::ImageSettings;

/// The most pixels that an image may have.
const MAX_PIXELS: u64 = 100_000_000;

/// The most bytes that a file of an image may have: that many pixels hardly compressed.
pub(super) const MAX_FILE_BYTES: u64 = 256 << 20;

/// What a thread keeps of the memory that it decoded an image into.
const KEPT_BYTES: usize = 16 << 20;

/// What a PNG may take for things that aren't pixels, such as profiles of colours.
const MAX_ANCILLARY_BYTES: u64 = 64 << 20;

/// How often a window for training is drawn before it is the whole image.
const DRAWS: usize = 10;

thread_local! {
    static PIXELS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// How the inputs of a set of images are made.
#[derive(Clone, Debug)]
pub(super) struct Images {
    settings: ImageSettings,
    /// An input is a pixel's value times this plus [`Images::offset`], for each channel.
    scale: [f32; 3],
    offset: [f32; 3],
}

impl Images {
    pub(super) fn new(settings: &ImageSettings) -> Self {
        let ImageSettings { mean, std, .. } = *settings;
        let scale = std.map(|std| (1.0 / (255.0 * std)) as f32);
        let offset = std::array::from_fn(|channel| (-mean[channel] / std[channel]) as f32);
        Self { settings: settings.clone(), scale, offset }
    }

    /// The numbers of an input.
    pub(super) fn features(&self) -> usize {
        self.settings.size * self.settings.size * 3
    }

    /// Writes what a model takes of the image in a file, `[size, size, 3]`. With `random` it is a
    /// part of it that training takes.
    ///
    /// # Errors
    /// Why the file can't be used.
    pub(super) fn write(
        &self,
        file: &[u8],
        random: Option<Random>,
        out: &mut [f32],
    ) -> Result<(), String> {
        PIXELS.with_borrow_mut(|pixels| {
            let written = decode(file, pixels).map(|[height, width]| {
                let (rows, columns) = self.axes(height, width, random);
                resample(pixels, width, &rows, &columns, self.scale, self.offset, out);
            });
            if pixels.capacity() > KEPT_BYTES {
                *pixels = Vec::new();
            }
            written
        })
    }

    /// Which pixels of an image of these sides become which of an input, along each side.
    fn axes(&self, height: usize, width: usize, random: Option<Random>) -> (Axis, Axis) {
        let ImageSettings { size, resize, min_area, flip, .. } = self.settings;
        let Some(mut random) = random else { return centre(height, width, resize, size) };
        let turned = flip && random.uniform() < 0.5;
        let (rows, mut columns) = if min_area < 1.0 {
            let window = draw(height, width, min_area, &mut random);
            let rows = Axis::linear(window.top, window.height, size);
            (rows, Axis::linear(window.left, window.width, size))
        } else {
            centre(height, width, resize, size)
        };
        if turned {
            columns.reverse();
        }
        (rows, columns)
    }
}

/// The centre of an image whose shorter side is made `resize` pixels long.
fn centre(height: usize, width: usize, resize: usize, size: usize) -> (Axis, Axis) {
    let ratio = resize as f64 / height.min(width) as f64;
    let axis = |length: usize| {
        let resized = (length as f64 * ratio).round() as usize;
        Axis::area(length, resized, (resized - size) / 2, size)
    };
    (axis(height), axis(width))
}

/// A part of an image, in pixels.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    top: usize,
    left: usize,
    height: usize,
    width: usize,
}

/// Draws the part of an image that training takes.
fn draw(height: usize, width: usize, min_area: f64, random: &mut Random) -> Window {
    let below = |end: usize, random: &mut Random| (random.uniform() * end as f64) as usize;
    let area = (height * width) as f64;
    for _ in 0..DRAWS {
        let aspect = random.within(3.0 / 4.0, 4.0 / 3.0);
        let least = (min_area * area / aspect).sqrt().round().max(1.0);
        let most = (area / aspect).sqrt().min(width as f64 / aspect).min(height as f64).floor();
        let drawn = least + below((most - least).max(0.0) as usize + 1, random) as f64;
        let (tall, wide) = (drawn as usize, (drawn * aspect).round() as usize);
        // Rounding takes a height out of the bounds now and then.
        let fits = (1..=height).contains(&tall) && (1..=width).contains(&wide);
        if fits && (tall * wide) as f64 >= min_area * area {
            let (top, left) = (below(height - tall + 1, random), below(width - wide + 1, random));
            return Window { top, left, height: tall, width: wide };
        }
    }
    Window { top: 0, left: 0, height, width }
}

/// Height and width of the image in a file, and its pixels, `[height, width, 3]`.
///
/// # Errors
/// Why the file can't be used.
pub(super) fn decoded(file: &[u8]) -> Result<([usize; 2], Vec<u8>), String> {
    let mut pixels = vec![];
    Ok((decode(file, &mut pixels)?, pixels))
}

/// Decodes a file to `pixels`, `[height, width, 3]`; the result is height and width.
fn decode(file: &[u8], pixels: &mut Vec<u8>) -> Result<[usize; 2], String> {
    if file.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("it has {} bytes, more than {MAX_FILE_BYTES}", file.len()));
    }
    match file {
        [0xff, 0xd8, ..] => decode_jpeg(file, pixels),
        [0x89, b'P', b'N', b'G', ..] => decode_png(file, pixels),
        [] => Err("it is empty".to_owned()),
        _ => {
            let start = &file[..file.len().min(4)];
            Err(format!("it is no JPEG and no PNG: it starts with {start:?}"))
        }
    }
}

fn decode_jpeg(file: &[u8], pixels: &mut Vec<u8>) -> Result<[usize; 2], String> {
    let malformed = |error: DecodeErrors| format!("it is a malformed JPEG: {error}");
    // The strict mode refuses what is damaged or ends too early, where otherwise grey is put.
    let options = DecoderOptions::new_fast()
        .set_strict_mode(true)
        .set_max_width(u16::MAX.into())
        .set_max_height(u16::MAX.into())
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(malformed)?;
    let (width, height) = decoder.dimensions().expect("the headers are decoded");
    check_dimensions(width as u64, height as u64)?;
    // The decoder doesn't miss the end of the last pixels.
    let end = file.windows(2).rfind(|it| matches!(it, [0xff, 0xd9 | 0xda]));
    if end.is_none_or(|marker| marker[1] == 0xda) {
        return Err("it is a truncated JPEG: nothing marks its end".to_owned());
    }
    // What is not written must not be left from another image.
    pixels.clear();
    pixels.resize(height * width * 3, 0);
    decoder.decode_into(pixels).map_err(malformed)?;
    Ok([height, width])
}

fn decode_png(file: &[u8], pixels: &mut Vec<u8>) -> Result<[usize; 2], String> {
    let malformed = |error| format!("it is a malformed PNG: {error}");
    if let Some([w0, w1, w2, w3, h0, h1, h2, h3]) = file.get(16..24) {
        let (width, height) = ([w0, w1, w2, w3], [h0, h1, h2, h3]);
        let number = |bytes: [&u8; 4]| u32::from_be_bytes(bytes.map(|byte| *byte)).into();
        check_dimensions(number(width), number(height))?;
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_ANCILLARY_BYTES);
    let decoder = PngDecoder::with_limits(Cursor::new(file), limits).map_err(malformed)?;
    let image = DynamicImage::from_decoder(decoder).map_err(malformed)?.into_rgb8();
    let (width, height) = image.dimensions();
    *pixels = image.into_raw();
    Ok([height as usize, width as usize])
}

fn check_dimensions(width: u64, height: u64) -> Result<(), String> {
    if width == 0 || height == 0 {
        return Err(format!("its header says {width} x {height} pixels: it has none"));
    }
    if width.saturating_mul(height) > MAX_PIXELS {
        let limit = MAX_PIXELS;
        return Err(format!("its header says {width} x {height} pixels, more than {limit}"));
    }
    Ok(())
}
