//! What training changes: parameters and Adam's moments, on the device.

use std::path::Path;

use pjrt::{Buffer, HostArray, Input, LoadedExecutable};

use crate::checkpoint::Tensors;
use crate::error::{Error, Result};
use crate::programs::Programs;
use crate::runtime::Runtime;

/// Parameters and Adam's moments on the device, and how many steps made them.
#[derive(Debug)]
pub struct TrainState {
    /// The number of steps done.
    pub step: u64,
    /// In the order of [`Programs::state_names`].
    arrays: Vec<Buffer>,
}

impl TrainState {
    /// The state before the first step.
    ///
    /// # Errors
    /// If the model can't be traced or compiled, or doesn't fit into memory.
    pub fn init(runtime: &Runtime, programs: &Programs, seed: u64) -> Result<Self> {
        let init = runtime.compile(&programs.init()?)?;
        let arrays = runtime.run(&init, [], &[&seed_array(seed)])?;
        Ok(Self { step: 0, arrays })
    }

    /// The state of a checkpoint, read from `folder`.
    ///
    /// # Errors
    /// If an array is missing or has another type than the model's.
    pub fn restore(
        runtime: &Runtime,
        programs: &Programs,
        checkpoint: &crate::checkpoint::Checkpoint,
        folder: &Path,
    ) -> Result<Self> {
        let (hash, made_with) = (programs.model.head.hash(), checkpoint.state.hash);
        if hash != made_with {
            let problem = format!("its classes are in buckets by {made_with:?}, here by {hash:?}");
            return Err(Error::CheckpointShape { path: folder.to_owned(), problem });
        }
        let shapes = programs.model.params().into_iter().map(|spec| spec.shape);
        let shapes: Vec<_> = shapes.collect();
        let arrays = programs.state_names().into_iter().zip(shapes.iter().cycle());
        let array = |(name, shape): (String, &Vec<usize>)| {
            let misfit =
                |problem: String| Error::CheckpointShape { path: folder.to_owned(), problem };
            let stored = checkpoint.parameters.get(&name).or(checkpoint.optimizer.get(&name));
            let stored = stored.ok_or_else(|| misfit(format!("it has no {name}")))?;
            if stored.dtype() != pjrt::DType::F32 || stored.dims() != &shape[..] {
                let (dtype, dims) = (stored.dtype(), stored.dims());
                return Err(misfit(format!("{name} is {dtype}{dims:?} and must be f32{shape:?}")));
            }
            runtime.buffer(stored)
        };
        let arrays = arrays.map(array).collect::<Result<_>>()?;
        Ok(Self { step: checkpoint.state.step, arrays })
    }

    /// Copies parameters and optimiser's state to the host, each by path.
    ///
    /// # Errors
    /// What the plugin reports, also of the steps that made the state.
    pub fn to_host(&self, programs: &Programs) -> Result<(Tensors, Tensors)> {
        let arrays = programs.state_names().into_iter().zip(&self.arrays);
        let host = arrays.map(|(name, array)| Ok((name, array.to_host()?)));
        let mut host = host.collect::<Result<Vec<_>>>()?.into_iter();
        let parameters: Tensors = host.by_ref().take(self.params().count()).collect();
        Ok((parameters, host.collect()))
    }

    /// The parameters, to be passed to a program that leaves them as they are.
    pub fn params(&self) -> impl Iterator<Item = Input<'_>> {
        self.arrays[..self.arrays.len() / 3].iter().map(Input::from)
    }

    /// Runs one step, which gives up the old state for the new, on `inputs` after the state, and
    /// returns what else the step returns. It may still be under way when this returns.
    ///
    /// # Errors
    /// What the plugin reports. The state is lost then.
    pub fn advance<'a>(
        &mut self,
        train_step: &LoadedExecutable,
        inputs: impl IntoIterator<Item = Input<'a>>,
    ) -> Result<Vec<Buffer>> {
        let count = self.arrays.len();
        let state = std::mem::take(&mut self.arrays).into_iter().map(Input::from);
        let mut outputs = train_step.run(state.chain(inputs).collect())?;
        let rest = outputs.split_off(count);
        self.arrays = outputs;
        self.step += 1;
        Ok(rest)
    }
}

/// A seed as the programs take it: `u32[2]`, the high word first.
pub fn seed_array(seed: u64) -> HostArray {
    let words = [(seed >> 32) as u32, seed as u32];
    HostArray::from_slice(&[2], &words).expect("two words are two elements")
}
