//! Small images without a format, all of them in memory.

use super::idx::Idx;
use super::settings::LabelNoise;
use super::source::{Example, RawInput, ReadError, Source};
use super::{DataError, Random, shuffle};

/// Images of bytes, all of one size, and their labels.
#[derive(Debug)]
pub(super) struct Pixels {
    /// Where they are from, for messages.
    file: String,
    /// Of an image.
    features: usize,
    /// Bytes `[N, features]`.
    pub pixels: Vec<u8>,
    /// `[N]`.
    labels: Vec<u32>,
    /// `[N]`: what the labels were before some were changed.
    clean: Option<Vec<u32>>,
}

impl Pixels {
    pub(super) fn new(images: Idx<3>, labels: Idx<1>, classes: usize) -> Result<Self, DataError> {
        let (image_count, label_count) = (images.dims[0], labels.dims[0]);
        if image_count != label_count {
            let (images, labels) = (images.file, labels.file);
            return Err(DataError::Count { images, image_count, labels, label_count });
        }
        if images.bytes.is_empty() {
            return Err(DataError::Empty { file: images.file });
        }
        let is_wrong = |&label: &u8| usize::from(label) >= classes;
        if let Some(index) = labels.bytes.iter().position(is_wrong) {
            let (offset, got) = (8 + index, labels.bytes[index]);
            return Err(DataError::Label { file: labels.file, index, offset, classes, got });
        }
        let features = images.dims[1] * images.dims[2];
        let labels = labels.bytes.into_iter().map(u32::from).collect();
        Ok(Self { file: images.file, features, pixels: images.bytes, labels, clean: None })
    }

    /// The examples at `indices`, in that order.
    pub(super) fn select(&self, indices: impl Iterator<Item = u32> + Clone) -> Self {
        let indices = indices.map(|index| index as usize);
        let all = |labels: &Vec<u32>| indices.clone().map(|index| labels[index]).collect();
        Self {
            file: self.file.clone(),
            features: self.features,
            pixels: indices.clone().flat_map(|index| self.image(index)).copied().collect(),
            labels: all(&self.labels),
            clean: self.clean.as_ref().map(all),
        }
    }

    fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * self.features..][..self.features]
    }

    /// Changes the labels of some examples to the class after theirs. The example that is the `r`-th
    /// of N when they are ordered by the sum of their pixels, from 0, has the chance
    /// `rate · r / (N − 1)`.
    pub(super) fn add_noise(&mut self, noise: LabelNoise, classes: usize) {
        let ink = |index: usize| self.image(index).iter().map(|&it| u64::from(it)).sum::<u64>();
        let mut order = (0..self.len()).collect::<Vec<_>>();
        order.sort_by_cached_key(|&index| (ink(index), index));
        let clean = self.labels.clone();
        let last = order.len().saturating_sub(1).max(1) as f64;
        for (rank, index) in order.into_iter().enumerate() {
            let chance = noise.rate * rank as f64 / last;
            if Random::new(noise.seed, 0, index).uniform() < chance {
                self.labels[index] = (self.labels[index] + 1) % classes as u32;
            }
        }
        self.clean = Some(clean);
    }

    /// Images of `dims` side by side, `count` of them: example `i` is image `i` and beside it, as often
    /// as needed, image `i` of another order of all. Its class has theirs as digits, the first of them
    /// the highest.
    pub(super) fn stacked(&self, dims: [usize; 2], count: usize, classes: usize) -> Self {
        let [rows, columns] = dims;
        let len = self.len() as u32;
        let orders = (1..count).map(|place| shuffle(0, place as u32, len));
        let orders = std::iter::once((0..len).collect()).chain(orders).collect::<Vec<Vec<_>>>();
        let mut pixels = Vec::with_capacity(self.pixels.len() * count);
        for index in 0..self.len() {
            for row in 0..rows {
                for order in &orders {
                    let image = self.image(order[index] as usize);
                    pixels.extend_from_slice(&image[row * columns..][..columns]);
                }
            }
        }
        let joined = |labels: &Vec<u32>| {
            let digit = |class: u32, label: u32| class * classes as u32 + label;
            let class = |index: usize| {
                orders.iter().map(|order| labels[order[index] as usize]).fold(0, digit)
            };
            (0..self.len()).map(class).collect::<Vec<_>>()
        };
        let (labels, clean) = (joined(&self.labels), self.clean.as_ref().map(joined));
        Self { file: self.file.clone(), features: self.features * count, pixels, labels, clean }
    }
}

impl Source for Pixels {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let input = RawInput::Pixels(self.image(index).to_vec());
        Ok(Example { input, labels: vec![self.labels[index]] })
    }

    fn clean_label(&self, index: usize) -> Option<u32> {
        self.clean.as_ref().map(|labels| labels[index])
    }

    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        Ok(vec![self.labels[index]])
    }

    fn name(&self, index: usize) -> String {
        format!("{} at index {index}", self.file)
    }
}
