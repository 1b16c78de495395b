//! What a run tells of itself in numbers: their names, for machines and for people.

/// One of these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// In `metrics.jsonl`, in events and in what commands print with `--json`.
    pub name: &'static str,
    /// Wherever people read it.
    pub label: &'static str,
    /// Whether less of it is better.
    pub falls: bool,
    /// Whether it passes through orders of magnitude while a run goes on.
    pub is_logarithmic: bool,
}

/// All of them in the order in which they are shown: those of evaluation, then those of steps.
pub const METRICS: [Metric; 21] = [
    of("loss", "loss").falling().logarithmic(),
    of("accuracy", "accuracy"),
    of("precision_at_1", "precision@1"),
    of("precision_at_3", "precision@3"),
    of("precision_at_5", "precision@5"),
    of("recall_at_1", "recall@1"),
    of("recall_at_3", "recall@3"),
    of("recall_at_5", "recall@5"),
    of("psp_at_1", "PSP@1"),
    of("psp_at_3", "PSP@3"),
    of("psp_at_5", "PSP@5"),
    of("clean_accuracy", "clean accuracy"),
    of("top5", "top-5"),
    of("nll", "NLL").falling().logarithmic(),
    of("ece", "ECE").falling(),
    of("brier", "Brier").falling(),
    of("auroc", "AUROC"),
    of("gradient_norm", "gradient norm").logarithmic(),
    of("temperature", "temperature"),
    of("learning_rate", "learning rate"),
    of("steps_per_second", "steps per second"),
];

const fn of(name: &'static str, label: &'static str) -> Metric {
    Metric { name, label, falls: false, is_logarithmic: false }
}

impl Metric {
    const fn falling(self) -> Self {
        Self { falls: true, ..self }
    }

    const fn logarithmic(self) -> Self {
        Self { is_logarithmic: true, ..self }
    }

    /// The metric of this name; `None` if it is none of [`METRICS`].
    pub fn named(name: &str) -> Option<&'static Self> {
        METRICS.iter().find(|metric| metric.name == name)
    }
}

/// The name of a number for people, also of one that is none of [`METRICS`]: files may be those of
/// another version.
pub fn label(name: &str) -> String {
    Metric::named(name).map_or_else(|| name.replace('_', " "), |metric| metric.label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_in_the_documentation_under_both_names() {
        let text = include_str!("../../docs/config.md");
        for Metric { name, label, .. } in METRICS {
            let row = format!("| `{name}` | {label} |");
            assert!(text.contains(&row), "docs/config.md has no row that begins with {row}");
        }
    }

    #[test]
    fn a_number_of_another_name_is_called_by_its_words() {
        assert_eq!(label("words_per_hour"), "words per hour");
    }
}
