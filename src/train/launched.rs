//! Steps that were launched, and what they return, which stays on the device until it is looked at.

use pjrt::Buffer;

use crate::histograms::Counting;

/// A step that may still be under way.
pub(super) struct Launched {
    /// The number of steps done with this one.
    pub step: u64,
    pub learning_rate: f64,
    /// Whether it gets a line of metrics.
    pub logged: bool,
    /// The loss, and the rest of a step that is logged.
    numbers: Vec<Buffer>,
    not_finite: Buffer,
    /// The histograms of the state that it made, if it is to have any.
    pub counting: Option<Counting>,
}

impl Launched {
    /// A step that returns `scalars`: the loss, others, and at last what isn't finite.
    pub(super) fn new(
        step: u64,
        learning_rate: f64,
        logged: bool,
        mut scalars: Vec<Buffer>,
    ) -> Self {
        let not_finite = scalars.pop().expect("a step returns its loss and more");
        if !logged {
            scalars.truncate(1);
        }
        Self { step, learning_rate, logged, numbers: scalars, not_finite, counting: None }
    }

    /// The loss, and the rest of a step that is logged.
    ///
    /// # Errors
    /// What the plugin reports of the step.
    pub(super) fn numbers(&self) -> pjrt::Result<Vec<f32>> {
        let number = |it: &Buffer| Ok(it.to_host()?.item::<f32>()?);
        self.numbers.iter().map(number).collect()
    }

    /// The place of what isn't finite, in the order that the programs tell; waits for the step.
    ///
    /// # Errors
    /// What the plugin reports of the step.
    pub(super) fn not_finite(&self) -> pjrt::Result<Option<usize>> {
        Ok(usize::try_from(self.not_finite.to_host()?.item::<i32>()?).ok())
    }
}
