//! Which columns have the images and the labels.

use ::parquet::basic::Type;
use ::parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, SchemaDescriptor};

use super::super::files::glance;
use super::ParquetProblem;

/// What the images or the labels of a file are to look like.
pub(super) struct Field {
    /// Of the config.
    key: &'static str,
    /// What the column may be called, where the config doesn't tell.
    usual: &'static [&'static str],
    expected: &'static str,
    /// Whether a column suits that has this path below the name.
    suits: fn(&str, &ColumnDescriptor) -> bool,
}

pub(super) const IMAGE: Field = Field {
    key: "image",
    usual: &["image", "img"],
    expected: "bytes, or of a structure with bytes",
    suits: |below, column| {
        let is_bytes = matches!(below, "" | ".bytes") && column.max_rep_level() == 0;
        is_bytes && column.physical_type() == Type::BYTE_ARRAY
    },
};

pub(super) const LABEL: Field = Field {
    key: "label",
    usual: &["label", "labels"],
    expected: "integers, or of lists of them",
    suits: |_, column| {
        let is_integers = matches!(column.physical_type(), Type::INT32 | Type::INT64);
        is_integers && column.max_rep_level() <= 1
    },
};

impl Field {
    /// The number of its column: the only one of those with its name, or within the structure or list
    /// of that name, that suits.
    pub(super) fn find(
        &self,
        schema: &SchemaDescriptor,
        given: Option<&str>,
    ) -> Result<usize, ParquetProblem> {
        let given = given.as_ref().map(std::slice::from_ref);
        let names = given.unwrap_or(self.usual);
        let path = |column: &ColumnDescPtr| column.path().string();
        let is_it = |column: &ColumnDescPtr| {
            let path = path(column);
            let mut below = names.iter().filter_map(|name| path.strip_prefix(name));
            below.any(|it| (it.is_empty() || it.starts_with('.')) && (self.suits)(it, column))
        };
        let columns = schema.columns();
        let found: Vec<_> = (0..columns.len()).filter(|&at| is_it(&columns[at])).collect();
        if let [one] = found[..] {
            return Ok(one);
        }
        let Self { key, expected, .. } = *self;
        let told = |columns: &mut dyn Iterator<Item = &ColumnDescPtr>| {
            let told = columns.map(|it| format!("{} ({})", path(it), it.physical_type()));
            glance(&told.collect::<Vec<_>>().join(", "))
        };
        if found.is_empty() {
            let name = format!("\"{}\"", names.join("\" or \""));
            let columns = told(&mut columns.iter());
            return Err(ParquetProblem::NoColumn { key, name, expected, columns });
        }
        let columns = told(&mut found.iter().map(|&at| &columns[at]));
        Err(ParquetProblem::SeveralColumns { key, columns })
    }
}
