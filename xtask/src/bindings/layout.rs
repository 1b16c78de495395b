//! The layout data: what the C API declares, as facts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::c_type::{self, CType};

/// Everything that `c_api.json` holds.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    pub(crate) version: Version,
    pub(crate) headers: BTreeMap<String, Header>,
}

#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Version {
    pub(crate) major: i32,
    pub(crate) minor: i32,
}

/// What one header declares.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) enums: BTreeMap<String, BTreeMap<String, i64>>,
    pub(crate) callbacks: BTreeMap<String, CType>,
    /// Functions that don't follow the rule `PJRT_Error *NAME(NAME_Args *)`, as pointers to them.
    pub(crate) functions: BTreeMap<String, CType>,
    /// Members of the unions. They have no name upstream.
    pub(crate) unions: BTreeMap<String, Vec<(String, CType)>>,
    pub(crate) structs: BTreeMap<String, Struct>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Struct {
    pub(crate) sizeof: usize,
    /// The size that the interface itself states: where the last field ends.
    pub(crate) struct_size: Option<usize>,
    pub(crate) fields: Vec<Field>,
}

#[derive(Clone, Deserialize)]
#[serde(from = "(String, CType, usize, usize)")]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) c_type: CType,
    pub(crate) offset: usize,
    pub(crate) size: usize,
}

impl From<(String, CType, usize, usize)> for Field {
    fn from((name, c_type, offset, size): (String, CType, usize, usize)) -> Self {
        Self { name, c_type, offset, size }
    }
}

/// Size and alignment in bytes.
pub(crate) struct Extent {
    pub(crate) size: usize,
    pub(crate) align: usize,
}

impl Layout {
    /// Reads the data, and refuses what it can't explain.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let layout: Self = serde_json::from_str(text)?;
        let mut declared = BTreeMap::new();
        for (file, header) in &layout.headers {
            for name in header.names() {
                if let Some(other) = declared.insert(name, file) {
                    bail!("both {other} and {file} declare {name}; take the older one out");
                }
            }
        }
        for (name, body) in layout.all(|header| &header.structs) {
            layout.verify(body).with_context(|| format!("struct {name}"))?;
        }
        Ok(layout)
    }

    /// The declarations of one kind in all headers, by name.
    pub(crate) fn all<T>(
        &self,
        kind: impl Fn(&Header) -> &BTreeMap<String, T>,
    ) -> BTreeMap<&str, &T> {
        self.headers.values().flat_map(kind).map(|(name, body)| (name.as_str(), body)).collect()
    }

    fn find<T>(&self, kind: impl Fn(&Header) -> &BTreeMap<String, T>, name: &str) -> Option<&T> {
        self.headers.values().find_map(|header| kind(header).get(name))
    }

    pub(crate) fn structure(&self, name: &str) -> Option<&Struct> {
        self.find(|header| &header.structs, name)
    }

    /// The type of a function that doesn't follow the rule.
    pub(crate) fn function(&self, name: &str) -> Option<&CType> {
        self.find(|header| &header.functions, name)
    }

    pub(crate) fn is_callback(&self, name: &str) -> bool {
        self.find(|header| &header.callbacks, name).is_some()
    }

    /// Whether `name` is a pointed-to function rather than a type.
    pub(crate) fn is_function(&self, name: &str) -> bool {
        self.function(name).is_some()
            || (!self.declares(name) && self.structure(&format!("{name}_Args")).is_some())
    }

    /// Whether the data says what the type `name` is.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.headers.values().any(|header| {
            header.structs.contains_key(name)
                || header.enums.contains_key(name)
                || header.callbacks.contains_key(name)
                || header.unions.contains_key(name)
        })
    }

    /// Lays the fields out as C does and compares with the data: a field missing from it shows
    /// as a gap that alignment doesn't account for.
    fn verify(&self, body: &Struct) -> Result<()> {
        let (mut end, mut align) = (0_usize, 1);
        for field in &body.fields {
            let extent = self.extent(&field.c_type)?;
            ensure!(
                extent.size == field.size,
                "field {} is {} bytes in the data, but its type takes {}",
                field.name,
                field.size,
                extent.size
            );
            let natural = end.next_multiple_of(extent.align);
            if natural != field.offset {
                bail!(
                    "field {} is at byte {}, but would follow the one before it at byte {natural}: \
                     a field or union is missing from the data",
                    field.name,
                    field.offset
                );
            }
            end = field.offset + field.size;
            align = align.max(extent.align);
        }
        let size = end.next_multiple_of(align);
        ensure!(size == body.sizeof, "takes {size} bytes, but {} in the data", body.sizeof);
        if let Some(stated) = body.struct_size {
            ensure!(stated == end, "states size {stated}, but its last field ends at {end}");
        }
        Ok(())
    }

    /// What a value of the type takes in memory.
    pub(crate) fn extent(&self, c_type: &CType) -> Result<Extent> {
        let scalar = |size| Ok(Extent { size, align: size });
        match c_type {
            CType::Pointer { .. } | CType::Function { .. } => scalar(8),
            CType::Array { element, len } => {
                let Extent { size, align } = self.extent(element)?;
                Ok(Extent { size: size * len, align })
            }
            CType::Named(name) => match c_type::scalar_size(name) {
                Some(size) => scalar(size),
                None if self.find(|header| &header.enums, name).is_some() => scalar(4),
                None if self.is_callback(name) => scalar(8),
                None => self.aggregate(name),
            },
        }
    }

    fn aggregate(&self, name: &str) -> Result<Extent> {
        let body = self.structure(name);
        let members: Vec<&CType> = match (body, self.find(|header| &header.unions, name)) {
            (Some(body), _) => body.fields.iter().map(|field| &field.c_type).collect(),
            (None, Some(members)) => members.iter().map(|(_, c_type)| c_type).collect(),
            (None, None) => bail!("type {name} is held by value, but the data doesn't declare it"),
        };
        let (mut size, mut align) = (0, 1);
        for member in members {
            let extent = self.extent(member)?;
            size = size.max(extent.size);
            align = align.max(extent.align);
        }
        // A struct's size is the one in the data, which `verify` checks for each.
        let size = body.map_or(size.next_multiple_of(align), |body| body.sizeof);
        Ok(Extent { size, align })
    }
}

impl Header {
    fn names(&self) -> impl Iterator<Item = &String> {
        let types = self.enums.keys().chain(self.unions.keys()).chain(self.structs.keys());
        types.chain(self.callbacks.keys()).chain(self.functions.keys())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout_with(fields: &str) -> Result<Layout> {
        Layout::parse(&format!(
            r#"{{"version": {{"major": 0, "minor": 1}}, "headers": {{"s.h": {{"structs": {{
                "S": {{"sizeof": 24, "struct_size": 24, "fields": {fields}}}}}}}}}}}"#
        ))
    }

    #[test]
    fn padding_that_alignment_explains_is_accepted() {
        let fields =
            r#"[["a", "size_t", 0, 8], ["b", "bool", 8, 1], ["c", "const char *", 16, 8]]"#;
        assert!(layout_with(fields).is_ok());
    }

    #[test]
    fn a_gap_that_alignment_does_not_explain_is_refused() {
        let error = layout_with(r#"[["a", "size_t", 0, 8], ["c", "size_t", 16, 8]]"#).err();
        let text = format!("{:#}", error.expect("a field is missing"));
        assert!(text.contains("field c is at byte 16"), "{text}");
    }

    #[test]
    fn a_field_whose_size_contradicts_its_type_is_refused() {
        let error = layout_with(r#"[["a", "int", 0, 8], ["b", "size_t", 8, 8]]"#).err();
        let text = format!("{:#}", error.expect("an int takes 4 bytes"));
        assert!(text.contains("its type takes 4"), "{text}");
    }
}
