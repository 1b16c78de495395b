//! Folders of images, one for each class.

use std::io::ErrorKind;

use rayon::prelude::*;

use super::files::{Names, Place, shown};
use super::image_file::is_image;
use super::joined::Joined;
use super::passed_over::{Found, PassedOver};
use super::shards::MAX_BYTES;
use super::shuffle::shuffle;
use super::source::{Example, RawInput, ReadError, Source};
use super::{DataError, FilesError};

/// The images of `FOLDER/CLASS/NAME.jpg`. The classes are the names of the folders, in their order.
#[derive(Debug)]
pub(super) struct Folders {
    folder: Place,
    classes: Vec<Class>,
    joined: Joined,
    passed_over: PassedOver,
    /// The order of the images, if it is not that of their names.
    mixed: Option<Vec<u32>>,
}

/// The images of a class. There are millions in all, so a name is nothing but its letters.
#[derive(Debug)]
struct Class {
    name: Vec<u8>,
    /// The names of the images, one after the other.
    names: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Folders {
    /// Lists the images below a folder.
    ///
    /// # Errors
    /// If it can't be listed, or has no image.
    pub(super) fn open(path: &str) -> Result<Self, DataError> {
        let folder = place(path)?;
        let class = |name: Vec<u8>| {
            let Names { mut files, folders } = folder.join(&name).names()?;
            let images = files.extract_if(.., |file| is_image(file)).collect::<Vec<_>>();
            let [files, folders] = [files, folders].map(|others| found(&others, Some(&name)));
            let (mut names, mut ends) = (vec![], Vec::with_capacity(images.len()));
            for image in images {
                names.extend(image);
                ends.push(names.len());
            }
            Ok((Class { name, names, ends }, files, folders))
        };
        let Names { mut files, folders } = folder.names()?;
        let listed = folders.into_par_iter().map(class).collect::<Result<Vec<_>, DataError>>()?;
        files.retain(|file| is_image(file));
        let mut passed_over = PassedOver {
            folder: folder.to_string(),
            classes: listed.len(),
            outside: found(&files, None),
            ..PassedOver::default()
        };
        let mut classes = vec![];
        for (class, files, folders) in listed {
            passed_over.files = passed_over.files.and(files);
            passed_over.folders = passed_over.folders.and(folders);
            if class.ends.is_empty() {
                passed_over.empty.push(shown(&class.name));
            }
            classes.push(class);
        }
        let joined = Joined::of(classes.iter().map(|class| class.ends.len()));
        if joined.len() == 0 {
            return Err(FilesError::NoImages { folder: folder.to_string() }.into());
        }
        Ok(Self { folder, classes, joined, passed_over, mixed: None })
    }

    /// What is in the folder beside images, and classes without any.
    pub(super) fn passed_over(&self) -> &PassedOver {
        &self.passed_over
    }

    /// Puts the images into another order, always the same, so that any part of it has some of most
    /// classes.
    pub(super) fn mix(&mut self) {
        // More than can be indexed are refused where the set is made.
        self.mixed = u32::try_from(self.joined.len()).ok().map(|len| shuffle(0, 0, len));
    }

    /// The names of the classes.
    pub(super) fn class_names(&self) -> Vec<String> {
        self.classes.iter().map(|class| shown(&class.name)).collect()
    }

    /// The number of a class, and the name of an image in it.
    fn locate(&self, index: usize) -> (usize, &[u8]) {
        let index = self.mixed.as_ref().map_or(index, |order| order[index] as usize);
        let (class, at) = self.joined.locate(index);
        let Class { names, ends, .. } = &self.classes[class];
        let start = at.checked_sub(1).map_or(0, |before| ends[before]);
        (class, &names[start..ends[at]])
    }

    fn place(&self, class: usize, name: &[u8]) -> Place {
        self.folder.join(&self.classes[class].name).join(name)
    }
}

/// These names, in the folder of a class or beside those.
fn found(names: &[Vec<u8>], class: Option<&[u8]>) -> Found {
    let first = names.first().map(|name| match class {
        Some(class) => shown(&[class, b"/", name].concat()),
        None => shown(name),
    });
    Found { count: names.len(), first }
}

fn place(path: &str) -> Result<Place, DataError> {
    let (root, rest) = Place::root(path)?;
    let names = rest.split('/').filter(|name| !name.is_empty());
    Ok(names.fold(root, |place, name| place.join(name.as_bytes())))
}

impl Source for Folders {
    fn len(&self) -> usize {
        self.joined.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let (class, name) = self.locate(index);
        match self.place(class, name).read(MAX_BYTES) {
            Ok(Some(bytes)) => {
                Ok(Example { input: RawInput::Image(bytes), labels: vec![class as u32] })
            }
            Ok(None) => Err(ReadError::Unusable(format!("it has more than {MAX_BYTES} bytes"))),
            Err(DataError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {
                Err(ReadError::Unusable("it is no longer there".to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        Ok(vec![self.locate(index).0 as u32])
    }

    fn name(&self, index: usize) -> String {
        let (class, name) = self.locate(index);
        shown(self.place(class, name).to_string().as_bytes())
    }
}
