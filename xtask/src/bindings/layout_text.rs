//! The layout data as the text of `c_api.json`: a line for each fact, sorted by name, so that
//! equal data has equal text.

use std::collections::BTreeMap;

use super::c_type::CType;
use super::layout::{Header, Layout, Struct};

/// The text of `c_api.json`.
pub(crate) fn text(layout: &Layout) -> String {
    let version = layout.version;
    let headers = entries(2, layout.headers.iter().map(|(file, body)| (file, header(body))));
    format!(
        "{{\n \"version\": {{\"major\": {}, \"minor\": {}}},\n \"headers\": {headers}\n}}\n",
        version.major, version.minor
    )
}

fn header(header: &Header) -> String {
    let c_types = |types: &BTreeMap<String, CType>| {
        entries(4, types.iter().map(|(name, c_type)| (name, format!("\"{c_type}\""))))
    };
    let enums = header.enums.iter().map(|(name, values)| {
        let mut values: Vec<_> = values.iter().collect();
        values.sort_by_key(|(_, value)| **value);
        (name, entries(5, values.into_iter().map(|(name, value)| (name, value.to_string()))))
    });
    let unions = header.unions.iter().map(|(name, members)| {
        (name, list(members.iter().map(|(name, c_type)| format!("[\"{name}\", \"{c_type}\"]"))))
    });
    let structs = header.structs.iter().map(|(name, body)| (name, structure(body)));
    let kinds = [
        ("enums", entries(4, enums)),
        ("callbacks", c_types(&header.callbacks)),
        ("functions", c_types(&header.functions)),
        ("unions", entries(4, unions)),
        ("structs", entries(4, structs)),
    ];
    entries(3, kinds.into_iter().filter(|(_, entries)| entries != "{}"))
}

fn structure(body: &Struct) -> String {
    let stated = body.struct_size.map_or("null".to_owned(), |size| size.to_string());
    let fields = body.fields.iter().map(|field| {
        format!("[\"{}\", \"{}\", {}, {}]", field.name, field.c_type, field.offset, field.size)
    });
    let sizes = format!("\"sizeof\": {}, \"struct_size\": {stated}", body.sizeof);
    format!("{{{sizes}, \"fields\": {}}}", list(fields))
}

/// An object with an entry on each line, at that depth.
fn entries<N: AsRef<str>>(depth: usize, entries: impl Iterator<Item = (N, String)>) -> String {
    let lines = entries.map(|(name, value)| format!("\"{}\": {value}", name.as_ref()));
    enclosed(depth, ('{', '}'), lines)
}

/// An array that belongs to an entry of a header's kinds, with an item on each line.
fn list(items: impl Iterator<Item = String>) -> String {
    enclosed(5, ('[', ']'), items)
}

fn enclosed(
    depth: usize,
    (open, close): (char, char),
    lines: impl Iterator<Item = String>,
) -> String {
    let indent = format!("\n{}", " ".repeat(depth));
    let lines: Vec<String> = lines.map(|line| format!("{indent}{line}")).collect();
    if lines.is_empty() {
        return format!("{open}{close}");
    }
    format!("{open}{}\n{}{close}", lines.join(","), " ".repeat(depth - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_data_is_written_as_it_is_read() {
        let committed = include_str!("../../../xla-sys/layout/c_api.json");
        let written = text(&Layout::parse(committed).unwrap());
        assert!(written == committed, "c_api.json isn't in the form that xtask writes");
    }
}
