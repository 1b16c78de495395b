//! What is said about a cost, so that it is taken for what it is.

use hetxl::hlo_module::Loop;

/// Prints how loops count, which is as often as they run only by a count that is `by_trips`, and
/// the calls that don't count at all.
pub(crate) fn print_notes(loops: &[Loop], by_trips: bool, custom_calls: &[String]) {
    for Loop { name, trips } in loops {
        let runs = trips.map_or("an unknown number of".to_owned(), |trips| trips.to_string());
        let counts = if by_trips && trips.is_some() { "as often" } else { "once" };
        super::say(&format!("loop {name}: runs {runs} times, and counts {counts}"));
    }
    if !custom_calls.is_empty() {
        let targets = custom_calls.join(", ");
        super::say(&format!("custom calls, whose cost nobody knows: {targets}"));
    }
}
