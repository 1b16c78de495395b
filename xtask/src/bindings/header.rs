//! What an upstream header declares differently from the layout data.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::layout::Layout;

/// Size of a struct, and the offsets of its fields.
#[derive(Debug, Default, PartialEq)]
struct Measured {
    size: Option<usize>,
    offsets: BTreeMap<String, usize>,
}

/// Lists the differences on standard output, and fails if there are any.
pub(crate) fn compare(layout: &Layout, header: &Path) -> Result<()> {
    let path = header.to_str().context("the path of the header is not UTF-8")?;
    let bindings = bindgen::Builder::default()
        .header(path)
        .allowlist_type("(PJRT|JAX)_.*")
        .derive_debug(false)
        .formatter(bindgen::Formatter::None)
        .generate()?;
    let measured = measure(&spaced(&bindings.to_string()))?;
    let differences = differences(layout, &measured);
    for difference in &differences {
        println!("{difference}");
    }
    if differences.is_empty() {
        println!("{} structs agree with the layout data", measured.len());
        return Ok(());
    }
    bail!("{} differences; adopt them in xla-sys/layout/c_api.json", differences.len())
}

/// Every struct with what bindgen asserts about it: `["Size of S"][size_of::<S>() - 24usize]`.
fn measure(text: &str) -> Result<BTreeMap<String, Measured>> {
    let mut structs: BTreeMap<String, Measured> = BTreeMap::new();
    for assertion in text.split("[\"").skip(1) {
        let Some((label, rest)) = assertion.split_once("\"]") else { continue };
        let number = || -> Result<usize> {
            let end = rest.find("usize]").with_context(|| format!("no number after {label}"))?;
            let digits = rest[..end].rsplit(|c: char| !c.is_ascii_digit()).next();
            digits.unwrap_or_default().parse().with_context(|| format!("in {label}"))
        };
        if let Some(name) = label.strip_prefix("Size of ") {
            structs.entry(name.to_owned()).or_default().size = Some(number()?);
        } else if let Some((name, field)) =
            label.strip_prefix("Offset of field: ").and_then(|place| place.split_once("::"))
        {
            // bindgen appends an underscore to names that are words of Rust.
            let field = if field == "type_" { "type" } else { field };
            let offsets = &mut structs.entry(name.to_owned()).or_default().offsets;
            offsets.insert(field.to_owned(), number()?);
        }
    }
    Ok(structs)
}

/// Without the blanks that unformatted output puts between tokens.
fn spaced(text: &str) -> String {
    text.replace("[ \"", "[\"").replace("\" ]", "\"]").replace("usize ]", "usize]")
}

fn differences(layout: &Layout, measured: &BTreeMap<String, Measured>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, upstream) in measured.iter().filter(|(name, _)| !name.contains("__bindgen_")) {
        let Some(ours) = layout.structs.get(name) else {
            found.push(format!("{name}: not in the layout data"));
            continue;
        };
        if upstream.size != Some(ours.sizeof) {
            let size = upstream.size.unwrap_or_default();
            found.push(format!("{name}: {size} bytes in the header, {} here", ours.sizeof));
        }
        let in_union = |field| layout.unions.iter().any(|u| &u.owner == name && u.field == field);
        for field in &ours.fields {
            match upstream.offsets.get(&field.name) {
                Some(&offset) if offset == field.offset => {}
                Some(offset) => found.push(format!(
                    "{name}.{}: at byte {offset} in the header, {} here",
                    field.name, field.offset
                )),
                // A union without a name upstream has the name that it is given here; its size
                // shows in what follows it.
                None if in_union(&*field.name) => {}
                None => found.push(format!("{name}.{}: not in the header", field.name)),
            }
        }
        for (field, offset) in upstream.offsets.iter().filter(|(field, _)| !field.starts_with("__"))
        {
            if !ours.fields.iter().any(|ours| ours.name == *field) {
                found.push(format!("{name}.{field}: at byte {offset}, not in the layout data"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_offsets_are_read_from_what_bindgen_asserts() {
        let text = r#"[ "Size of S" ] [ :: std :: mem :: size_of :: < S > () - 24usize ] ;
            [ "Offset of field: S::type_" ] [ :: std :: mem :: offset_of ! (S , type_) - 8usize ] ;"#;
        let expected =
            Measured { size: Some(24), offsets: BTreeMap::from([("type".to_owned(), 8)]) };
        assert_eq!(measure(&spaced(text)).unwrap()["S"], expected);
    }
}
