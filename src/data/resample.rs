//! Images of other sizes: each pixel a weighted sum of some of those that there were.

/// How the pixels along one side of an image become others.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// For each pixel that is made, the first of those that it is a sum of.
    first: Vec<usize>,
    /// How many it is a sum of.
    taps: usize,
    /// What each of them counts, `[made, taps]`.
    weights: Vec<f32>,
}

impl Axis {
    /// `made` pixels, evenly over the `length` pixels from `start` on, by linear interpolation
    /// between the centres of the two that are nearest.
    pub(super) fn linear(start: usize, length: usize, made: usize) -> Self {
        let taps = length.min(2);
        let last = (length - 1) as f64;
        let scale = length as f64 / made as f64;
        let mut axis = Self { first: vec![], taps, weights: vec![] };
        for pixel in 0..made {
            let place = ((pixel as f64 + 0.5) * scale - 0.5).clamp(0.0, last);
            let first = (place as usize).min(length - taps);
            let right = place - first as f64;
            axis.first.push(start + first);
            axis.weights.push((1.0 - right) as f32);
            if taps == 2 {
                axis.weights.push(right as f32);
            }
        }
        axis
    }

    /// Those of `resized` pixels, evenly over all `length`, that are `made` from `start` on: each the
    /// mean over what it covers.
    pub(super) fn area(length: usize, resized: usize, start: usize, made: usize) -> Self {
        let scale = length as f64 / resized as f64;
        // What begins inside of a pixel and is n long touches at most ⌈n⌉ + 1.
        let taps = (scale.ceil() as usize + 1).min(length);
        let mut axis = Self { first: vec![], taps, weights: vec![] };
        for pixel in start..start + made {
            let (begin, end) = (pixel as f64 * scale, (pixel + 1) as f64 * scale);
            let first = (begin as usize).min(length - taps);
            axis.first.push(first);
            axis.weights.extend((first..first + taps).map(|place| {
                let covered = end.min((place + 1) as f64) - begin.max(place as f64);
                (covered.max(0.0) / scale) as f32
            }));
        }
        axis
    }

    /// Turns the order of what is made.
    pub(super) fn reverse(&mut self) {
        self.first.reverse();
        self.weights.reverse();
        for weights in self.weights.chunks_mut(self.taps) {
            weights.reverse();
        }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.first.iter().copied().zip(self.weights.chunks(self.taps))
    }

    /// All pixels that it is made of.
    fn range(&self) -> std::ops::Range<usize> {
        let first = self.first.iter().min().expect("no side of an image is empty");
        let last = self.first.iter().max().expect("no side of an image is empty");
        *first..last + self.taps
    }
}

/// Makes an image of three channels from the pixels of another that is `width` wide, and of each
/// value `value · scale + offset`.
pub(super) fn resample(
    pixels: &[u8],
    width: usize,
    rows: &Axis,
    columns: &Axis,
    scale: [f32; 3],
    offset: [f32; 3],
    out: &mut [f32],
) {
    let range = columns.range();
    let mut row = vec![0.0; range.len() * 3];
    let length = columns.first.len() * 3;
    for (out, (first, weights)) in out.chunks_exact_mut(length).zip(rows.iter()) {
        let source = |tap: usize| {
            let start = ((first + tap) * width + range.start) * 3;
            &pixels[start..start + row.len()]
        };
        match *weights {
            [upper, lower] => {
                let (above, below) = (source(0), source(1));
                for ((value, &above), &below) in row.iter_mut().zip(above).zip(below) {
                    *value = upper * f32::from(above) + lower * f32::from(below);
                }
            }
            _ => {
                row.fill(0.0);
                for (tap, &weight) in weights.iter().enumerate() {
                    let start = ((first + tap) * width + range.start) * 3;
                    let source = &pixels[start..start + range.len() * 3];
                    for (value, &pixel) in row.iter_mut().zip(source) {
                        *value += weight * f32::from(pixel);
                    }
                }
            }
        }
        for (out, (first, weights)) in out.chunks_exact_mut(3).zip(columns.iter()) {
            let start = (first - range.start) * 3;
            let source = &row[start..start + 3 * weights.len()];
            for channel in 0..3 {
                let sum = match *weights {
                    [left, right] => left * source[channel] + right * source[channel + 3],
                    _ => weights
                        .iter()
                        .zip(source[channel..].iter().step_by(3))
                        .map(|(w, v)| w * v)
                        .sum(),
                };
                out[channel] = sum * scale[channel] + offset[channel];
            }
        }
    }
}
