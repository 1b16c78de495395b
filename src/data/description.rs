//! What a model must know of a set without its examples: `data.json` of a run's folder, so that a run
//! predicts where its data is not, and doesn't go on with other data as if nothing had been.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::image::Images;
use super::inputs::{Inputs, Normalization};
use super::settings::{ImageSettings, check_classes};
use super::source::Part;
use super::{DataError, Dataset, Given, Split};
use crate::whole_file;

/// How inputs of a set are made, and what its classes are.
///
/// ```
/// use hetxl::data::Dataset;
///
/// let described = Dataset::described(Dataset::digits()?.describe())?;
/// assert_eq!((described.features(), described.classes()), (64, 10));
/// # Ok::<(), hetxl::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// How many classes there are.
    pub classes: usize,
    /// How many of them an example can have at most; `None` where each has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_labels: Option<usize>,
    /// What an input is.
    pub inputs: InputKind,
    /// How many examples there are to train on.
    pub examples: usize,
    /// What the classes are called, where the data tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_names: Option<Vec<String>>,
}

/// What an input is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum InputKind {
    /// Numbers that a model takes as they are.
    Numbers {
        /// How many.
        features: usize,
    },
    /// An image without a format.
    Pixels {
        /// Its rows and columns.
        dims: [usize; 2],
        /// What becomes of a pixel.
        normalization: Normalization,
    },
    /// A file of a format of images.
    Images(ImageSettings),
}

impl Description {
    /// Writes it to a file.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let json = serde_json::to_vec_pretty(self).expect("texts and numbers are JSON");
        whole_file::write(path, &[&json[..], b"\n"].concat())
    }

    /// Reads it from a file; `None` where there is none.
    ///
    /// # Errors
    /// If the file can't be read, or describes nothing.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        let contents = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            contents => contents?,
        };
        let description: Self = serde_json::from_slice(&contents)?;
        let classes = check_classes(description.classes, description.max_labels);
        let is_sound = match &description.inputs {
            InputKind::Numbers { features } => *features > 0,
            InputKind::Pixels { dims: [rows, columns], .. } => rows.checked_mul(*columns).is_some(),
            InputKind::Images(settings) => settings.check().is_ok(),
        };
        if !is_sound || classes.is_err() {
            return Err(io::Error::other("it describes no data"));
        }
        Ok(Some(description))
    }

    /// What the classes of a set that is there `now` are called otherwise, if any is.
    pub(crate) fn other_names(&self, now: &Dataset) -> Option<String> {
        let (then, now) = (self.class_names.as_ref()?, now.class_names()?);
        let class = then.iter().zip(now).position(|(then, now)| then != now)?;
        Some(format!("class {class} was {:?} and is {:?}", then[class], now[class]))
    }

    /// Why training can't go on with the set that is there `now`, if that is so.
    pub(crate) fn other_order(&self, now: &Dataset) -> Option<String> {
        let (then, now) = (self.examples, now.len(Split::Train));
        let problem = format!("there were {then} examples to train on and are {now}");
        (then != now).then_some(problem)
    }
}

impl Dataset {
    /// What a model must know of this set without its examples.
    pub fn describe(&self) -> Description {
        let inputs = match &self.inputs {
            &Inputs::Numbers { features } => InputKind::Numbers { features },
            &Inputs::Pixels { dims, normalization, .. } => {
                InputKind::Pixels { dims, normalization }
            }
            Inputs::Images(images) => InputKind::Images(images.settings().clone()),
        };
        Description {
            classes: self.classes,
            max_labels: self.max_labels,
            inputs,
            examples: self.len(Split::Train),
            class_names: self.class_names().map(<[_]>::to_vec),
        }
    }

    /// A set that makes inputs as the one that was described, without examples of its own.
    ///
    /// # Errors
    /// If there are no threads to read inputs.
    pub fn described(description: Description) -> Result<Self, DataError> {
        let Description { classes, max_labels, inputs, class_names, .. } = description;
        let inputs = match inputs {
            InputKind::Numbers { features } => Inputs::Numbers { features },
            InputKind::Pixels { dims, normalization } => Inputs::pixels(dims, normalization),
            InputKind::Images(settings) => Inputs::Images(Box::new(Images::new(&settings))),
        };
        let none = [(); 3].map(|()| Part::whole(Arc::new(Given::default())));
        let class_names = class_names.map(Arc::from);
        Ok(Self { max_labels, class_names, ..Self::new(classes, inputs, none, None)? })
    }
}
