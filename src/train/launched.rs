//! Steps that were launched, and what they return, which is on its way to the host.

use pjrt::{Buffer, Event, HostArray};

use crate::histograms::Counting;

/// A step that may still be under way. What it returns is copied to the host as soon as it is done.
pub(super) struct Launched {
    /// The number of steps done with this one.
    pub step: u64,
    pub learning_rate: f64,
    /// Whether it gets a line of metrics.
    pub logged: bool,
    /// Of a step that isn't logged the first alone.
    numbers: Vec<Event<HostArray>>,
    not_finite: Event<HostArray>,
    /// The histograms of the state that it made, if it is to have any.
    pub counting: Option<Counting>,
}

/// What a step returned.
pub(super) struct Returned {
    /// The loss, and the rest of a step that is logged.
    pub numbers: Vec<f32>,
    /// The place of what isn't finite, in the order that the programs tell.
    pub not_finite: Option<usize>,
}

impl Launched {
    /// A step that returns `scalars`: the loss, others, and at last what isn't finite and the norms
    /// of gradients.
    pub(super) fn new(
        step: u64,
        learning_rate: f64,
        logged: bool,
        scalars: &[Buffer],
    ) -> pjrt::Result<Self> {
        let (numbers, last) = scalars.split_last_chunk().expect("a step returns its loss");
        let [not_finite, _gradient_norms] = last;
        let numbers = if logged { numbers } else { &numbers[..1] };
        let numbers = numbers.iter().map(Buffer::copy_to_host).collect::<Result<_, _>>()?;
        let not_finite = not_finite.copy_to_host()?;
        Ok(Self { step, learning_rate, logged, numbers, not_finite, counting: None })
    }

    /// Waits for the step.
    ///
    /// # Errors
    /// What the plugin reports of the step.
    pub(super) fn read(self) -> pjrt::Result<Returned> {
        let number = |it: Event<HostArray>| Ok(it.wait()?.item::<f32>()?);
        let numbers = self.numbers.into_iter().map(number).collect::<pjrt::Result<_>>()?;
        let not_finite = self.not_finite.wait()?.item::<i32>()?;
        Ok(Returned { numbers, not_finite: usize::try_from(not_finite).ok() })
    }
}
