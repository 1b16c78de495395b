//! Inputs without labels, from files that a user names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batches::Skipped;
use super::idx::Idx;
use super::image_file::is_image;
use super::inputs::Inputs;
use super::shards::MAX_BYTES;
use super::source::{Example, RawInput, ReadError, Source};
use super::{DataError, Dataset};
use crate::npy;

/// No folder is looked into that is in more folders than these: links may go round in a circle.
const DEEPEST: usize = 64;

/// Inputs of files, in the order in which those were named: each image by itself, and each row of an
/// array.
#[derive(Debug, Default)]
pub struct Given {
    items: Vec<Item>,
}

#[derive(Debug)]
enum Item {
    Image(PathBuf),
    /// One row of a file's.
    Row {
        rows: Arc<Rows>,
        row: usize,
    },
}

/// The rows of a file.
#[derive(Debug)]
struct Rows {
    path: PathBuf,
    features: usize,
    numbers: Numbers,
}

#[derive(Debug)]
enum Numbers {
    Bytes(Vec<u8>),
    Floats(Vec<f32>),
}

impl Given {
    /// The inputs for models of `data` in files and folders: images, or where the examples of `data`
    /// are rows of numbers or pixels `.npy` files of rows, and for pixels files in the format IDX.
    /// What is in a folder is taken in the order of its names, and `unusable` is told of what can't
    /// be.
    pub fn open(data: &Dataset, paths: &[PathBuf], unusable: &mut dyn FnMut(Skipped)) -> Self {
        let mut given = Self::default();
        for path in paths {
            let added = if path.is_dir() {
                given.add_folder(&data.inputs, path, unusable)
            } else {
                given.add_file(&data.inputs, path)
            };
            if let Err(problem) = added {
                unusable(Skipped { name: path.display().to_string(), problem });
            }
        }
        given
    }

    fn add_folder(
        &mut self,
        inputs: &Inputs,
        folder: &Path,
        unusable: &mut dyn FnMut(Skipped),
    ) -> Result<(), String> {
        let mut files = vec![];
        list(folder, 0, &mut files).map_err(|error| in_words(&error))?;
        files.retain(|file| inputs.suits(file));
        if files.is_empty() {
            return Err(format!("the folder holds none of {}", inputs.wanted()));
        }
        for file in files {
            if let Err(problem) = self.add_file(inputs, &file) {
                unusable(Skipped { name: file.display().to_string(), problem });
            }
        }
        Ok(())
    }

    fn add_file(&mut self, inputs: &Inputs, path: &Path) -> Result<(), String> {
        let metadata = fs::metadata(path).map_err(|error| in_words(&error))?;
        if !metadata.is_file() {
            return Err("it is neither a file nor a folder".to_owned());
        }
        if let Inputs::Images(_) = inputs {
            if metadata.len() > MAX_BYTES {
                return Err(format!("it has more than {MAX_BYTES} bytes"));
            }
            self.items.push(Item::Image(path.to_owned()));
            return Ok(());
        }
        let contents = fs::read(path).map_err(|error| in_words(&error))?;
        let numbers = if contents.starts_with(npy::MAGIC) {
            array(&contents, inputs.features())?
        } else {
            pixels(&contents, inputs)?
        };
        let features = inputs.features();
        let rows = Arc::new(Rows { path: path.to_owned(), features, numbers });
        self.items.extend((0..rows.len()).map(|row| Item::Row { rows: Arc::clone(&rows), row }));
        Ok(())
    }
}

impl Inputs {
    /// Whether a file in a folder is one of inputs, by its name.
    fn suits(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
        let is_array = name.ends_with(b".npy");
        match self {
            Self::Images(_) => is_image(&name),
            Self::Pixels { .. } => is_array || name.windows(10).any(|it| it == b"idx3-ubyte"),
            Self::Numbers { .. } => is_array,
        }
    }

    /// What files of inputs are.
    fn wanted(&self) -> &'static str {
        match self {
            Self::Images(_) => "*.jpg, *.jpeg and *.png",
            Self::Pixels { .. } => "*.npy and *idx3-ubyte*",
            Self::Numbers { .. } => "*.npy",
        }
    }
}

impl Rows {
    fn len(&self) -> usize {
        match &self.numbers {
            Numbers::Bytes(bytes) => bytes.len() / self.features,
            Numbers::Floats(floats) => floats.len() / self.features,
        }
    }
}

impl Source for Given {
    fn len(&self) -> usize {
        self.items.len()
    }

    /// Without labels.
    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let input = match &self.items[index] {
            Item::Image(path) => {
                let contents = fs::read(path);
                RawInput::Image(contents.map_err(|error| ReadError::Unusable(in_words(&error)))?)
            }
            Item::Row { rows, row } => {
                let row = row * rows.features..(row + 1) * rows.features;
                match &rows.numbers {
                    Numbers::Bytes(bytes) => RawInput::Pixels(bytes[row].to_vec()),
                    Numbers::Floats(floats) => RawInput::Numbers(floats[row].to_vec()),
                }
            }
        };
        Ok(Example { input, labels: vec![] })
    }

    fn name(&self, index: usize) -> String {
        match &self.items[index] {
            Item::Image(path) => path.display().to_string(),
            Item::Row { rows, row } => format!("{}[{row}]", rows.path.display()),
        }
    }
}

/// The files below a folder, sorted, but for hidden ones.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if depth > DEEPEST {
        return Err(io::Error::other(format!("{} is in too many folders", folder.display())));
    }
    let mut entries =
        fs::read_dir(folder)?.map(|it| Ok(it?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden {
            continue;
        }
        if path.is_dir() {
            list(&path, depth + 1, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The rows of a `.npy` file of `[N, …]`, each of `features` numbers.
fn array(contents: &[u8], features: usize) -> Result<Numbers, String> {
    let array = npy::decode(contents).map_err(|error| error.to_string())?;
    let dims = array.dims();
    if dims.len() < 2 || dims[1..].iter().product::<usize>() != features {
        return Err(format!("it holds {array}, expected [N, {features}], so many numbers a row"));
    }
    Ok(Numbers::Floats(array.to_f32().map_err(|error| error.to_string())?))
}

/// The images of a file in the format IDX.
fn pixels(contents: &[u8], inputs: &Inputs) -> Result<Numbers, String> {
    let Inputs::Pixels { dims, .. } = inputs else {
        return Err("it is no .npy file; write one with numpy.save".to_owned());
    };
    let wrong = |error: DataError| match error {
        DataError::Magic { .. } => {
            "it is neither a .npy file nor images in the format IDX".to_owned()
        }
        error => error.to_string(),
    };
    let images = Idx::<3>::parse("it", contents).map_err(wrong)?;
    if images.dims[1..] != dims[..] {
        return Err(format!("its images are of {:?} pixels, expected {dims:?}", &images.dims[1..]));
    }
    Ok(Numbers::Bytes(images.bytes))
}

fn in_words(error: &io::Error) -> String {
    format!("it cannot be read: {error}")
}
