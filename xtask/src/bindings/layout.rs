//! The layout data: what the C API declares, as facts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::c_type::CType;

/// Everything that `c_api.json` holds.
#[derive(Deserialize)]
pub(crate) struct Layout {
    pub(crate) version: Version,
    pub(crate) structs: BTreeMap<String, Struct>,
    pub(crate) enums: BTreeMap<String, BTreeMap<String, i64>>,
    pub(crate) callbacks: BTreeMap<String, CType>,
    pub(crate) unions: Vec<Union>,
    /// Functions that don't follow the rule `PJRT_Error *NAME(NAME_Args *)`.
    pub(crate) functions: BTreeMap<String, Function>,
}

#[derive(Deserialize)]
pub(crate) struct Version {
    pub(crate) major: i32,
    pub(crate) minor: i32,
}

#[derive(Deserialize)]
pub(crate) struct Struct {
    pub(crate) header: String,
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

/// A union without a name upstream, and the field that it is the type of.
#[derive(Deserialize)]
pub(crate) struct Union {
    pub(crate) name: String,
    #[serde(rename = "struct")]
    pub(crate) owner: String,
    pub(crate) field: String,
    pub(crate) offset: usize,
    pub(crate) size: usize,
    pub(crate) members: Vec<(String, CType)>,
}

#[derive(Deserialize)]
pub(crate) struct Function {
    pub(crate) args: String,
    pub(crate) returns: CType,
}

/// Size and alignment in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    size: usize,
    align: usize,
}

impl Layout {
    /// Reads the data, puts the unions where they belong, and refuses what it can't explain.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut layout: Self = serde_json::from_str(text)?;
        for union in &layout.unions {
            let owner = layout
                .structs
                .get_mut(&union.owner)
                .with_context(|| format!("union {} names no struct", union.name))?;
            let place = owner.fields.partition_point(|field| field.offset < union.offset);
            let c_type = CType::named(&union.name);
            let field =
                Field { name: union.field.clone(), c_type, offset: union.offset, size: union.size };
            owner.fields.insert(place, field);
        }
        for (name, body) in &layout.structs {
            layout.verify(body).with_context(|| format!("struct {name}"))?;
        }
        for union in &layout.unions {
            let extent = layout.extent(&CType::named(&union.name))?;
            ensure!(extent.size == union.size, "union {} takes {extent:?}", union.name);
        }
        Ok(layout)
    }

    /// Whether `name` is a pointed-to function rather than a type.
    pub(crate) fn is_function(&self, name: &str) -> bool {
        self.functions.contains_key(name)
            || (!self.declares(name) && self.structs.contains_key(&format!("{name}_Args")))
    }

    /// Whether the data says what `name` is.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.structs.contains_key(name)
            || self.enums.contains_key(name)
            || self.callbacks.contains_key(name)
            || self.unions.iter().any(|union| union.name == name)
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

    fn extent(&self, c_type: &CType) -> Result<Extent> {
        let scalar = |size| Ok(Extent { size, align: size });
        match c_type {
            CType::Pointer { .. } | CType::Function { .. } => scalar(8),
            CType::Array { element, len } => {
                let Extent { size, align } = self.extent(element)?;
                Ok(Extent { size: size * len, align })
            }
            CType::Named(name) => match name.as_str() {
                "bool" | "char" => scalar(1),
                "int" | "int32_t" | "uint32_t" | "float" => scalar(4),
                "size_t" | "int64_t" | "uint64_t" | "intptr_t" | "uintptr_t" => scalar(8),
                name if self.enums.contains_key(name) => scalar(4),
                name if self.callbacks.contains_key(name) => scalar(8),
                name => self.aggregate(name),
            },
        }
    }

    fn aggregate(&self, name: &str) -> Result<Extent> {
        let members: Vec<&CType> =
            if let Some(union) = self.unions.iter().find(|union| union.name == name) {
                union.members.iter().map(|(_, c_type)| c_type).collect()
            } else if let Some(body) = self.structs.get(name) {
                body.fields.iter().map(|field| &field.c_type).collect()
            } else {
                bail!("type {name} is held by value, but the data doesn't declare it");
            };
        let mut largest = Extent { size: 0, align: 1 };
        for member in members {
            let extent = self.extent(member)?;
            largest.align = largest.align.max(extent.align);
            largest.size = largest.size.max(extent.size);
        }
        // A struct's size is the one in the data, which `verify` checks for each.
        let size = self.structs.get(name).map_or(largest.size, |body| body.sizeof);
        Ok(Extent { size, ..largest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout_with(fields: &str) -> Result<Layout> {
        Layout::parse(&format!(
            r#"{{"version": {{"major": 0, "minor": 1}}, "enums": {{}}, "callbacks": {{}},
                "unions": [], "functions": {{}},
                "structs": {{"S": {{"header": "h", "sizeof": 24, "struct_size": 24,
                             "fields": {fields}}}}}}}"#
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
