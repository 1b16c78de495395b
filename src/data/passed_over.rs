//! What is in a folder of images and is no example of it.

use std::fmt::{self, Display, Formatter};

/// How many names are told.
const SHOWN: usize = 8;

/// What was passed over in a folder of images, and classes that have none. As a text it is a warning.
///
/// ```
/// use hetxl::data::{Found, PassedOver};
///
/// let passed_over = PassedOver {
///     folder: "photos".to_owned(),
///     classes: 3,
///     empty: vec!["bee".to_owned()],
///     files: Found { count: 2, first: Some("bee/0.webp".to_owned()) },
///     ..PassedOver::default()
/// };
/// assert_eq!(
///     passed_over.to_string(),
///     "photos: 1 of 3 classes has no images: bee; passed over: 2 files that are not .jpg, .jpeg or \
///      .png, such as bee/0.webp"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// The folder.
    pub folder: String,
    /// How many classes it has.
    pub classes: usize,
    /// Those without an image. Of a split that isn't trained on they are not told.
    pub empty: Vec<String>,
    /// Files in the folders of classes that are not taken for images, by their names.
    pub files: Found,
    /// Folders in those of classes.
    pub folders: Found,
    /// Images beside the folders of classes.
    pub outside: Found,
}

/// Files, or folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many.
    pub count: usize,
    /// One of them, its path from the folder on.
    pub first: Option<String>,
}

impl Found {
    /// Both together, with the first of the two.
    pub(super) fn and(self, other: Self) -> Self {
        Self { count: self.count + other.count, first: self.first.or(other.first) }
    }

    fn told(&self, one: &str, several: &str) -> Option<String> {
        let first = self.first.as_ref()?;
        Some(match self.count {
            1 => format!("1 {one}, {first}"),
            count => format!("{count} {several}, such as {first}"),
        })
    }
}

impl PassedOver {
    /// Whether there is nothing to tell.
    pub(super) fn is_nothing(&self) -> bool {
        let found = [&self.files, &self.folders, &self.outside];
        self.empty.is_empty() && found.iter().all(|found| found.count == 0)
    }
}

impl Display for PassedOver {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.folder)?;
        let count = self.empty.len();
        if count > 0 {
            let shown = self.empty[..count.min(SHOWN)].join(", ");
            let (have, classes) = (if count == 1 { "has" } else { "have" }, self.classes);
            write!(f, "{count} of {classes} classes {have} no images: {shown}")?;
            if count > SHOWN {
                write!(f, " and {} more", count - SHOWN)?;
            }
        }
        let found = [
            self.files.told(
                "file that is not .jpg, .jpeg or .png",
                "files that are not .jpg, .jpeg or .png",
            ),
            self.folders.told("folder in that of a class", "folders in those of classes"),
            self.outside.told("image in no folder of a class", "images in no folder of a class"),
        ];
        let found = found.into_iter().flatten().collect::<Vec<_>>();
        if found.is_empty() {
            return Ok(());
        }
        let between = if count > 0 { "; " } else { "" };
        write!(f, "{between}passed over: {}", found.join(", "))
    }
}
