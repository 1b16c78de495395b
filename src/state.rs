//! What training changes: parameters and Adam's moments, on the devices.

use std::path::Path;

use pjrt::{Buffer, Device, HostArray, Input, LoadedExecutable};

use crate::checkpoint::Tensors;
use crate::error::{Error, Result};
use crate::programs::{Programs, StateArray, mean_of};
use crate::runtime::Runtime;

/// Parameters and Adam's moments on devices, and how many steps made them.
#[derive(Debug)]
pub struct TrainState {
    /// The number of steps done.
    pub step: u64,
    /// For each device all arrays, in the order of [`Programs::state`].
    devices: Vec<Vec<Buffer>>,
    /// See [`Programs::predicting`].
    predicting: Vec<usize>,
}

impl TrainState {
    /// The state before the first step, on the first device.
    ///
    /// # Errors
    /// If the model can't be traced or compiled, or doesn't fit into memory.
    pub fn init(runtime: &Runtime, programs: &Programs, seed: u64) -> Result<Self> {
        let init = runtime.compile(&programs.init()?)?;
        let arrays = runtime.run(&init, [], &[&seed_array(seed)])?;
        Ok(Self { step: 0, devices: vec![arrays], predicting: programs.predicting() })
    }

    /// A state of zeros, on the first device: as large as any.
    ///
    /// # Errors
    /// If it doesn't fit into memory.
    pub fn zeros(runtime: &Runtime, programs: &Programs) -> Result<Self> {
        let zeros = |array: StateArray| {
            let zeros = HostArray::zeros(pjrt::DType::F32, &array.shape);
            runtime.buffer(&zeros.map_err(pjrt::Error::from)?)
        };
        let arrays = programs.state().into_iter().map(zeros).collect::<Result<_>>()?;
        Ok(Self { step: 0, devices: vec![arrays], predicting: programs.predicting() })
    }

    /// The state of a checkpoint, read from `folder`, on the first device.
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
        let array = |array: StateArray| {
            let StateArray { name, shape } = array;
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
        let arrays = programs.state().into_iter().map(array).collect::<Result<_>>()?;
        let step = checkpoint.state.step;
        Ok(Self { step, devices: vec![arrays], predicting: programs.predicting() })
    }

    /// Puts values in the place of parameters, and of their running means, by path.
    ///
    /// # Errors
    /// What the plugin reports, such as too little memory.
    pub fn replace(
        &mut self,
        runtime: &Runtime,
        programs: &Programs,
        values: &Tensors,
    ) -> Result<()> {
        for device in &mut self.devices {
            for (array, name) in device.iter_mut().zip(programs.state_names()) {
                if let Some(value) = values.get(mean_of(&name).unwrap_or(&name)) {
                    *array = runtime.client().buffer(value, &array.device())?;
                }
            }
        }
        Ok(())
    }

    /// The state on each of `devices`, of which the first has it.
    ///
    /// # Errors
    /// What the plugin reports, such as too little memory.
    pub fn on_all(mut self, devices: &[Device]) -> Result<Self> {
        for device in &devices[1..] {
            let copy = |array: &Buffer| array.copy_to_device(device);
            let copies = self.devices[0].iter().map(copy).collect::<Result<_, _>>()?;
            self.devices.push(copies);
        }
        Ok(self)
    }

    /// Copies parameters and optimiser's state to the host, each by path.
    ///
    /// # Errors
    /// What the plugin reports, also of the steps that made the state.
    pub fn to_host(&self, programs: &Programs) -> Result<(Tensors, Tensors)> {
        let names = programs.state_names().into_iter();
        let copies = self.devices[0].iter().map(Buffer::copy_to_host);
        // All are started before the first is waited for.
        let copies = copies.collect::<Result<Vec<_>, _>>()?;
        let host = names.zip(copies).map(|(name, copy)| Ok((name, copy.wait()?)));
        let mut host = host.collect::<Result<Vec<_>>>()?.into_iter();
        let parameters: Tensors = host.by_ref().take(self.predicting.len()).collect();
        Ok((parameters, host.collect()))
    }

    /// The parameters on the first device with which evaluation and prediction go, to be passed to a
    /// program that leaves them as they are: their running means, where the optimiser keeps any.
    pub fn params(&self) -> impl Iterator<Item = Input<'_>> {
        self.predicting.iter().map(|&at| Input::from(&self.devices[0][at]))
    }

    /// All arrays on the first device, in the order of [`Programs::state`], to be passed to a program
    /// that leaves them as they are.
    pub fn arrays(&self) -> impl Iterator<Item = Input<'_>> {
        self.devices[0].iter().map(Input::from)
    }

    /// Runs one step, which gives up the old state for the new, on `inputs` after the state, a list
    /// for each device, and returns what else the step returns on the first. It may still be under
    /// way when this returns, unless it is of several devices of a CPU.
    ///
    /// # Errors
    /// What the plugin reports. The state is lost then.
    pub fn advance<'a>(
        &mut self,
        train_step: &LoadedExecutable,
        inputs: impl IntoIterator<Item = Vec<Input<'a>>>,
    ) -> Result<Vec<Buffer>> {
        let count = self.devices[0].len();
        let states = std::mem::take(&mut self.devices).into_iter();
        let all = |(state, inputs): (Vec<Buffer>, Vec<Input<'a>>)| {
            state.into_iter().map(Input::from).chain(inputs).collect()
        };
        self.devices = train_step.run_on_all(states.zip(inputs).map(all).collect())?;
        let rest = self.devices.iter_mut().map(|outputs| outputs.split_off(count));
        let mut rest = rest.collect::<Vec<_>>();
        if rest.len() > 1 && train_step.client().platform_name() == "cpu" {
            // The devices of a CPU share its threads. With steps ahead of each other, one may take
            // the last thread and wait for another that gets none.
            for array in rest.iter().flatten() {
                array.ready()?.wait()?;
            }
        }
        self.step += 1;
        Ok(rest.swap_remove(0))
    }
}

/// A seed as the programs take it: `u32[2]`, the high word first.
pub fn seed_array(seed: u64) -> HostArray {
    let words = [(seed >> 32) as u32, seed as u32];
    HostArray::from_slice(&[2], &words).expect("two words are two elements")
}
