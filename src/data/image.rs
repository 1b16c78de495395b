//! Images: from a file of a format to the numbers that a model takes.
//!
//! For training a window is drawn as `tf.image.sample_distorted_bounding_box` draws one: the ratio of
//! its sides uniformly from 3/4 to 4/3, then its height uniformly from those with which its area is
//! allowed and it lies inside the image, then its place. After ten draws without one that suits, as
//! can be for images many times as wide as high, the window is the whole image. It becomes a square by
//! linear interpolation between the centres of pixels, without a wider filter where it shrinks, as
//! `tf.image.resize` does by default, but to whole levels of brightness.
//!
//! For evaluation the image is made smaller, or larger, until its shorter side is as asked, each pixel
//! the mean over the area that it covers, and the centre is taken: no pixel outside of it is made.

use std::cell::RefCell;

use super::image_file::decode;
use super::random::Random;
use super::resample::{Linear, Window, area};
use super::settings::ImageSettings;

/// What a thread keeps of the memory that it decoded an image into.
const KEPT_BYTES: usize = 16 << 20;

/// How often a window for training is drawn before it is the whole image.
const DRAWS: usize = 10;

/// What a thread uses anew for every image.
#[derive(Default)]
struct Workspace {
    /// `[height, width, 3]`.
    pixels: Vec<u8>,
    linear: Linear,
}

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// How the inputs of a set of images are made.
#[derive(Clone, Debug)]
pub(super) struct Images {
    settings: ImageSettings,
    /// An input is a pixel's value times this plus [`Images::offset`]; `[size, 3]`, for a row.
    scale: Vec<f32>,
    offset: Vec<f32>,
}

impl Images {
    pub(super) fn new(settings: &ImageSettings) -> Self {
        let ImageSettings { size, mean, std, .. } = *settings;
        let scale = std.map(|std| (1.0 / (255.0 * std)) as f32);
        let offset = std::array::from_fn::<_, 3, _>(|of| (-mean[of] / std[of]) as f32);
        Self { settings: settings.clone(), scale: scale.repeat(size), offset: offset.repeat(size) }
    }

    /// What they are made by.
    pub(super) fn settings(&self) -> &ImageSettings {
        &self.settings
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
        WORKSPACE.with_borrow_mut(|workspace| {
            let decoded = decode(file, &mut workspace.pixels);
            let written = decoded.map(|dims| self.take(workspace, dims, random, out));
            if workspace.pixels.capacity() > KEPT_BYTES {
                workspace.pixels = Vec::new();
            }
            written
        })
    }

    fn take(
        &self,
        workspace: &mut Workspace,
        dims: [usize; 2],
        mut random: Option<Random>,
        out: &mut [f32],
    ) {
        let Workspace { pixels, linear } = workspace;
        let ImageSettings { size, resize, min_area, flip, .. } = self.settings;
        let turned = flip && random.as_mut().is_some_and(|random| random.uniform() < 0.5);
        match random {
            Some(mut random) if min_area < 1.0 => {
                let window = draw(dims, min_area, &mut random);
                let square = linear.resize(pixels, dims, window, size);
                for (row, pixels) in
                    out.chunks_exact_mut(size * 3).zip(square.chunks_exact(size * 3))
                {
                    for (value, &pixel) in row.iter_mut().zip(pixels) {
                        *value = pixel.into();
                    }
                    self.finish(row, turned);
                }
            }
            _ => {
                area(pixels, dims, resize, size, out);
                for row in out.chunks_exact_mut(size * 3) {
                    self.finish(row, turned);
                }
            }
        }
    }

    /// Makes the row of an input of one whose pixels are from 0 to 255.
    fn finish(&self, row: &mut [f32], turned: bool) {
        if turned {
            row.as_chunks_mut::<3>().0.reverse();
        }
        for ((value, scale), offset) in row.iter_mut().zip(&self.scale).zip(&self.offset) {
            *value = *value * scale + offset;
        }
    }
}

/// Draws the part of an image of these rows and columns that training takes.
fn draw(dims: [usize; 2], min_area: f64, random: &mut Random) -> Window {
    let [height, width] = dims;
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

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: usize = 20_000;

    fn windows(dims: [usize; 2], min_area: f64) -> impl Iterator<Item = Window> {
        (0..DRAWN).map(move |index| draw(dims, min_area, &mut Random::new(1, 0, index)))
    }

    #[test]
    fn windows_are_spread_as_tensorflow_spreads_them() {
        // Means of 4,000 draws of `tf.image.stateless_sample_distorted_bounding_box` (TensorFlow
        // 2.21) for 375x500 pixels with areas from 5 % on, and their standard errors.
        let theirs = [(233.7, 1.28), (242.6, 1.47), (68.8, 0.98), (129.6, 1.47)];
        let mut sums = [0.0; 4];
        for Window { top, left, height, width } in windows([375, 500], 0.05) {
            for (sum, side) in sums.iter_mut().zip([height, width, top, left]) {
                *sum += side as f64 / DRAWN as f64;
            }
        }
        for (mean, (theirs, error)) in sums.iter().zip(theirs) {
            // Ours have an error of less than half of theirs.
            assert!((mean - theirs).abs() < 3.0 * 1.1 * error, "{sums:?}");
        }
    }

    #[test]
    fn windows_lie_inside_with_the_area_and_the_sides_that_are_allowed() {
        for (dims, min_area) in [([375, 500], 0.05), ([3, 2], 0.5), ([40, 30], 0.9)] {
            let [rows, columns] = dims;
            let mut places = [usize::MAX, 0];
            for Window { top, left, height, width } in windows(dims, min_area) {
                assert!(top + height <= rows && left + width <= columns);
                assert!((height * width) as f64 >= min_area * (rows * columns) as f64);
                // To the next whole pixel.
                let ratio = width as f64 / height as f64;
                let slack = 0.5 / height as f64;
                let is_whole = [height, width] == dims;
                assert!(is_whole || (0.75 - slack..=4.0 / 3.0 + slack).contains(&ratio));
                places = [places[0].min(top + left), places[1].max(top + height)];
            }
            assert_eq!(places, [0, rows], "{dims:?}");
        }
    }

    #[test]
    fn an_image_without_a_window_that_suits_is_taken_as_a_whole() {
        for window in windows([10, 1000], 0.5) {
            assert_eq!(window, Window { top: 0, left: 0, height: 10, width: 1000 });
        }
    }
}
