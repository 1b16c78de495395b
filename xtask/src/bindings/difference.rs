//! Where two sets of layout data differ.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::Layout;

/// A line for each fact that isn't the same in the data and upstream.
pub(crate) fn differences(data: &Layout, upstream: &Layout) -> Vec<String> {
    let (data, upstream) = (facts(data), facts(upstream));
    let names: BTreeSet<_> = data.keys().chain(upstream.keys()).collect();
    let lines = names.into_iter().filter_map(|name| match (data.get(name), upstream.get(name)) {
        (Some(ours), Some(theirs)) if ours == theirs => None,
        (Some(ours), Some(theirs)) => Some(format!("{name}: {theirs} upstream, {ours} here")),
        (Some(ours), None) => Some(format!("{name}: not upstream, {ours} here")),
        (None, Some(theirs)) => Some(format!("{name}: {theirs} upstream, not here")),
        (None, None) => None,
    });
    lines.collect()
}

/// What the data says, by the name of what it says it of.
fn facts(layout: &Layout) -> BTreeMap<String, String> {
    let version = format!("{}.{}", layout.version.major, layout.version.minor);
    let mut facts = BTreeMap::from([("version".to_owned(), version)]);
    for (name, body) in layout.all(|header| &header.structs) {
        let stated = body.struct_size.map(|size| format!(", states {size}")).unwrap_or_default();
        facts.insert(name.to_owned(), format!("{} bytes{stated}", body.sizeof));
        for field in &body.fields {
            let place = format!("{} at byte {}", field.c_type, field.offset);
            facts.insert(format!("{name}.{}", field.name), place);
        }
    }
    for (name, values) in layout.all(|header| &header.enums) {
        let values = values.iter();
        facts.extend(values.map(|(value, number)| (format!("{name}.{value}"), number.to_string())));
    }
    for (name, members) in layout.all(|header| &header.unions) {
        let members = members.iter();
        facts.extend(members.map(|(member, of)| (format!("{name}.{member}"), of.to_string())));
    }
    let pointers = [layout.all(|header| &header.callbacks), layout.all(|header| &header.functions)];
    let pointers = pointers.into_iter().flatten();
    facts.extend(pointers.map(|(name, c_type)| (name.to_owned(), c_type.to_string())));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_names_its_place_and_both_sides() {
        let with = |fields: &str, size: usize| {
            Layout::parse(&format!(
                r#"{{"version": {{"major": 0, "minor": {size}}}, "headers": {{"s.h": {{"structs": {{
                    "S": {{"sizeof": {size}, "struct_size": {size}, "fields": [{fields}]}}}}}}}}}}"#
            ))
            .unwrap()
        };
        let data = with(r#"["a", "size_t", 0, 8], ["b", "size_t", 8, 8]"#, 16);
        let upstream = with(r#"["a", "int64_t", 0, 8]"#, 8);
        assert_eq!(
            differences(&data, &upstream),
            [
                "S: 8 bytes, states 8 upstream, 16 bytes, states 16 here",
                "S.a: int64_t at byte 0 upstream, size_t at byte 0 here",
                "S.b: not upstream, size_t at byte 8 here",
                "version: 0.8 upstream, 0.16 here",
            ]
        );
        assert!(differences(&data, &data).is_empty());
    }
}
