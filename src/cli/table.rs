//! Tables with aligned columns, and numbers for people.

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Prints rows under a head. A column in which nothing stands is left out.
pub(crate) fn print(columns: &[(&str, Align)], rows: &[Vec<String>]) {
    let used = (0..columns.len()).filter(|&column| rows.iter().any(|row| !row[column].is_empty()));
    let used: Vec<_> = used.collect();
    let head = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let of_used = |row: &Vec<String>| used.iter().map(|&column| row[column].clone()).collect();
    let lines: Vec<_> = std::iter::once(&head).chain(rows).map(of_used).collect();
    let aligned: Vec<_> = used.iter().map(|&column| columns[column].1).collect();
    print_rows(&aligned, &lines);
}

/// Prints rows without a head.
pub(crate) fn print_rows(columns: &[Align], rows: &[Vec<String>]) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..columns.len()).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells =
            row.iter().zip(&widths).zip(columns).map(|((cell, &width), align)| match align {
                Align::Left => format!("{cell:width$}"),
                Align::Right => format!("{cell:>width$}"),
            });
        super::say(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

/// A count with three digits and a prefix of the SI, such as `16.8 M`.
pub(crate) fn count(count: u64) -> String {
    scaled(count, &["", "k", "M", "G", "T", "P", "E"])
}

/// A number of bytes, such as `65.5 kB`.
pub(crate) fn bytes(bytes: u64) -> String {
    scaled(bytes, &["B", "kB", "MB", "GB", "TB", "PB", "EB"])
}

fn scaled(number: u64, units: &[&str]) -> String {
    let (mut value, mut unit) = (number as f64, 0);
    // What would be rounded to 1000 is the next unit's 1.
    while value >= 999.5 {
        value /= 1000.0;
        unit += 1;
    }
    let decimals = match value {
        _ if unit == 0 || value >= 99.95 => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {}", units[unit]).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_a_unit() {
        let shown = [0, 7, 999, 1000, 65_536, 999_499, 999_500, 16_777_216, u64::MAX].map(count);
        assert_eq!(
            shown,
            ["0", "7", "999", "1.00 k", "65.5 k", "999 k", "1.00 M", "16.8 M", "18.4 E"]
        );
        assert_eq!(bytes(4), "4 B");
        assert_eq!(bytes(65_536), "65.5 kB");
    }
}
