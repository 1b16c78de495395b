//! Small images without a format, all of them in memory.

use std::sync::Arc;

use super::DataError;
use super::idx::Idx;
use super::source::{Example, RawInput, ReadError, Source};

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
    labels: Vec<u8>,
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
        Ok(Self { file: images.file, features, pixels: images.bytes, labels: labels.bytes })
    }

    /// The examples at `indices`, in that order.
    pub(super) fn select(&self, indices: &[u32]) -> Arc<Self> {
        let indices = indices.iter().map(|&index| index as usize);
        let image = |index: usize| &self.pixels[index * self.features..][..self.features];
        Arc::new(Self {
            file: self.file.clone(),
            features: self.features,
            pixels: indices.clone().flat_map(image).copied().collect(),
            labels: indices.map(|index| self.labels[index]).collect(),
        })
    }

    /// Those of the first `count` examples.
    pub(super) fn first(&self, count: usize) -> &[u8] {
        &self.pixels[..count * self.features]
    }
}

impl Source for Pixels {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let pixels = self.pixels[index * self.features..][..self.features].to_vec();
        Ok(Example { input: RawInput::Pixels(pixels), labels: vec![self.labels[index].into()] })
    }

    fn name(&self, index: usize) -> String {
        format!("{} at index {index}", self.file)
    }
}
