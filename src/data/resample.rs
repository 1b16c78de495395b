//! Images of other sizes.

use fast_image_resize::images::{TypedCroppedImage, TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

/// A part of an image, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub top: usize,
    pub left: usize,
    pub height: usize,
    pub width: usize,
}

/// Resizes by linear interpolation between the centres of pixels.
pub(super) struct Linear {
    resizer: Resizer,
    /// `[size, size, 3]`.
    square: Vec<u8>,
}

impl Default for Linear {
    fn default() -> Self {
        Self { resizer: Resizer::new(), square: vec![] }
    }
}

impl Linear {
    /// Makes a square of a window of an image, whose pixels are `dims` and three channels, as if
    /// there were nothing around the window: `[size, size, 3]`.
    pub(super) fn resize(
        &mut self,
        pixels: &[u8],
        dims: [usize; 2],
        window: Window,
        size: usize,
    ) -> &mut [u8] {
        const SOUND: &str = "the window lies inside of the image";
        let [height, width] = dims.map(|side| side as u32);
        let [top, left, tall, wide] =
            [window.top, window.left, window.height, window.width].map(|side| side as u32);
        let image = TypedImageRef::<U8x3>::from_buffer(width, height, pixels).expect(SOUND);
        let part = TypedCroppedImage::from_ref(&image, left, top, wide, tall).expect(SOUND);
        let side = size as u32;
        self.square.resize(size * size * 3, 0);
        let mut square =
            TypedImage::<U8x3>::from_buffer(side, side, &mut self.square).expect(SOUND);
        let linear = ResizeAlg::Interpolation(FilterType::Bilinear);
        let options = ResizeOptions::new().resize_alg(linear);
        self.resizer.resize_typed(&part, &mut square, &options).expect(SOUND);
        &mut self.square
    }
}

/// Makes an image, whose pixels are `dims` and three channels, smaller or larger until its shorter
/// side has `resize` pixels, each the mean over what it covers, and takes the square in its centre:
/// `[size, size, 3]`, from 0 to 255.
pub(super) fn area(pixels: &[u8], dims: [usize; 2], resize: usize, size: usize, out: &mut [f32]) {
    let ratio = resize as f64 / dims[0].min(dims[1]) as f64;
    let [rows, columns] = dims.map(|length| {
        let resized = (length as f64 * ratio).round() as usize;
        Means::new(length, resized, (resized - size) / 2, size)
    });
    let (start, end) = columns.range();
    let mut row = vec![0.0; (end - start) * 3];
    for (out, (first, weights)) in out.chunks_exact_mut(size * 3).zip(rows.iter()) {
        row.fill(0.0);
        for (tap, weight) in weights.iter().enumerate() {
            let source = &pixels[((first + tap) * dims[1] + start) * 3..][..row.len()];
            for (value, &pixel) in row.iter_mut().zip(source) {
                *value += weight * f32::from(pixel);
            }
        }
        for (out, (first, weights)) in out.as_chunks_mut::<3>().0.iter_mut().zip(columns.iter()) {
            *out = [0.0; 3];
            let (source, _) = row[(first - start) * 3..].as_chunks::<3>();
            for (weight, pixel) in weights.iter().zip(source) {
                for (out, value) in out.iter_mut().zip(pixel) {
                    *out += weight * value;
                }
            }
        }
    }
}

/// How the pixels along one side of an image become others: each the mean over what it covers.
struct Means {
    /// For each pixel that is made, the first of those that it covers.
    first: Vec<usize>,
    /// How many it may cover.
    taps: usize,
    /// What part of it each of them is, `[made, taps]`.
    weights: Vec<f32>,
}

impl Means {
    /// Of `resized` pixels that are evenly over all `length`, those that are `made` from `start` on.
    fn new(length: usize, resized: usize, start: usize, made: usize) -> Self {
        let scale = length as f64 / resized as f64;
        // What is n long touches at most ⌈n⌉ + 1.
        let taps = (scale.ceil() as usize + 1).min(length);
        let mut means = Self { first: vec![], taps, weights: vec![] };
        for pixel in start..start + made {
            let (begin, end) = (pixel as f64 * scale, (pixel + 1) as f64 * scale);
            let first = (begin as usize).min(length - taps);
            means.first.push(first);
            means.weights.extend((first..first + taps).map(|place| {
                let covered = end.min((place + 1) as f64) - begin.max(place as f64);
                (covered.max(0.0) / scale) as f32
            }));
        }
        means
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.first.iter().copied().zip(self.weights.chunks(self.taps))
    }

    /// The first of all pixels that are covered, and the one after the last.
    fn range(&self) -> (usize, usize) {
        let [first, last] = [self.first.first(), self.first.last()];
        (first.copied().unwrap_or(0), last.copied().unwrap_or(0) + self.taps)
    }
}
