//! Patterns for the paths of parameters.

/// Whether `path` is `pattern`, in which `*` stands for any characters, also none.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().expect("splitting gives at least one part");
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // The earliest place of each part leaves the most for those after it.
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The paths that are most like a pattern, at most three, the most alike first.
pub(super) fn nearest<'a>(pattern: &str, paths: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut paths: Vec<_> = paths.map(|path| (strsim::osa_distance(pattern, path), path)).collect();
    paths.sort();
    paths.into_iter().take(3).map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        let path = "trunk/layers/norm_1/bias";
        for pattern in
            [path, "*", "trunk/*", "*/bias", "trunk*bias", "*norm*", "*/layers/*_1*/bias*"]
        {
            assert!(matches(pattern, path), "{pattern}");
        }
        for pattern in ["", "trunk", "bias", "*/bia", "trunk/*/scale", "*norm*norm*", "head/*"] {
            assert!(!matches(pattern, path), "{pattern}");
        }
        // No character counts for two parts.
        assert!(!matches("a*a", "a") && matches("a*a", "aa") && matches("a*ab*b", "aabab"));
    }
}
