//! Running compiled programs.

use std::ptr;

use xla_sys::bindings::{
    PJRT_Buffer, PJRT_Event, PJRT_ExecuteOptions, PJRT_LoadedExecutable_Execute_Args,
};

use crate::api::call;
use crate::error::{Error, Result};
use crate::{ArraySpec, Buffer, Client, Event, LoadedExecutable};

/// An argument of a program.
///
/// Donation is a move, so a donated buffer can't be used again:
///
/// ```compile_fail,E0382
/// # fn step(add: &pjrt::LoadedExecutable, x: pjrt::Buffer) -> pjrt::Result<()> {
/// let sum = add.run(vec![x.into()])?;
/// x.to_host()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub enum Input<'a> {
    /// A buffer that stays what it is.
    Borrowed(&'a Buffer),
    /// A buffer that is given up: a program that declares so writes its result in its place.
    Donated(Buffer),
}

impl<'a> From<&'a Buffer> for Input<'a> {
    fn from(buffer: &'a Buffer) -> Self {
        Self::Borrowed(buffer)
    }
}

impl From<Buffer> for Input<'_> {
    fn from(buffer: Buffer) -> Self {
        Self::Donated(buffer)
    }
}

impl Input<'_> {
    fn buffer(&self) -> &Buffer {
        match self {
            Self::Borrowed(buffer) => buffer,
            Self::Donated(buffer) => buffer,
        }
    }
}

impl LoadedExecutable {
    /// Runs a program that was compiled for one device.
    ///
    /// Returns as soon as the work is under way: a failure of the computation itself is reported by
    /// the results, when they are read. A program without results is waited for, and reports it
    /// here. Donated buffers are gone even if an error is returned, so what went wrong before, while
    /// an object was given up, is left for another call to report.
    ///
    /// # Errors
    /// If the arguments aren't what the program takes: plugins themselves don't notice an argument
    /// of another type with as many bytes. Otherwise, what the plugin reports.
    pub fn run(&self, inputs: Vec<Input<'_>>) -> Result<Vec<Buffer>> {
        if self.device_indices().len() != 1 {
            return Err(Error::ManyDevices { devices: self.device_indices().len() });
        }
        Ok(self.run_on_all(vec![inputs])?.swap_remove(0))
    }

    /// Runs a program on all of its devices at once, with a list of arguments for each, in the
    /// order of [`devices`](Self::devices); returns a list of results for each.
    ///
    /// An argument whose place in the list is donated on some devices and borrowed on others is
    /// taken over on none. Otherwise as [`run`](Self::run).
    ///
    /// ```no_run
    /// # use pjrt::{Buffer, HostArray, LoadedExecutable, Result};
    /// # fn step(program: &LoadedExecutable, array: &HostArray) -> Result<()> {
    /// let mut inputs = Vec::new();
    /// for device in program.devices() {
    ///     inputs.push(vec![program.client().buffer(array, &device)?.into()]);
    /// }
    /// let results: Vec<Vec<Buffer>> = program.run_on_all(inputs)?;
    /// assert_eq!(results.len(), program.devices().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::ArgumentLists`] for another number of lists than of devices; otherwise as
    /// [`run`](Self::run).
    #[allow(clippy::needless_pass_by_value)] // donation is a move
    pub fn run_on_all(&self, inputs: Vec<Vec<Input<'_>>>) -> Result<Vec<Vec<Buffer>>> {
        let devices = self.device_indices();
        if inputs.len() != devices.len() {
            return Err(Error::ArgumentLists { expected: devices.len(), got: inputs.len() });
        }
        for (inputs, &device) in inputs.iter().zip(devices) {
            self.check_inputs(inputs, device)?;
        }
        let is_borrowed =
            |index| inputs.iter().any(|inputs| matches!(inputs[index], Input::Borrowed(_)));
        let kept: Vec<i64> = self
            .donatable_inputs()
            .iter()
            .filter(|&&index| is_borrowed(index))
            .map(|&index| index as i64)
            .collect();
        let handles = |inputs: &Vec<Input<'_>>| {
            inputs.iter().map(|input| input.buffer().handle().as_ptr()).collect()
        };
        let arguments: Vec<Vec<*mut PJRT_Buffer>> = inputs.iter().map(handles).collect();
        self.launch(&arguments, &kept)
    }

    fn check_inputs(&self, inputs: &[Input<'_>], device: usize) -> Result<()> {
        if inputs.len() != self.inputs().len() {
            return Err(Error::ArgumentCount { expected: self.inputs().len(), got: inputs.len() });
        }
        for (index, (input, expected)) in inputs.iter().zip(self.inputs()).enumerate() {
            let buffer = input.buffer();
            if !self.client().owns(buffer.client()) {
                return Err(Error::ArgumentClient { index });
            }
            if buffer.spec() != expected {
                let (expected, got) = (expected.clone(), buffer.spec().clone());
                return Err(Error::Argument { index, expected, got });
            }
            if buffer.unusual_layout() != self.unusual_input_layout(index) {
                return Err(Error::ArgumentLayout {
                    index,
                    expected: self.input_layouts()[index].clone(),
                    got: buffer.unusual_layout().cloned(),
                });
            }
            if buffer.device_index() != device {
                let id = |index| self.client().device(index).id;
                let (expected, got) = (id(device), id(buffer.device_index()));
                return Err(Error::ArgumentDevice { index, expected, got });
            }
        }
        Ok(())
    }

    /// Starts the program with checked arguments, a list for each of its devices, and returns a
    /// list of results for each. The arguments in `kept` are not to be taken over.
    fn launch(
        &self,
        arguments: &[Vec<*mut PJRT_Buffer>],
        kept: &[i64],
    ) -> Result<Vec<Vec<Buffer>>> {
        let argument_lists: Vec<*const *mut PJRT_Buffer> =
            arguments.iter().map(Vec::as_ptr).collect();
        let mut results = vec![vec![ptr::null_mut(); self.outputs().len()]; arguments.len()];
        let output_lists: Vec<*mut *mut PJRT_Buffer> =
            results.iter_mut().map(Vec::as_mut_ptr).collect();
        // Results carry the outcome; a program without any can only report it by these.
        let observed = self.outputs().is_empty();
        let mut events = vec![ptr::null_mut(); if observed { arguments.len() } else { 0 }];
        let mut options = PJRT_ExecuteOptions {
            non_donatable_input_indices: kept.as_ptr(),
            num_non_donatable_input_indices: kept.len(),
            ..Default::default()
        };
        let mut args = PJRT_LoadedExecutable_Execute_Args {
            executable: self.handle().as_ptr(),
            options: &raw mut options,
            argument_lists: argument_lists.as_ptr(),
            num_devices: arguments.len(),
            num_args: self.inputs().len(),
            output_lists: output_lists.as_ptr(),
            device_complete_events: if observed { events.as_mut_ptr() } else { ptr::null_mut() },
            ..Default::default()
        };
        // SAFETY: every list is as long as the program's signature says and lives until the call
        // returns; the buffers are alive, and those that the program takes over and the caller
        // didn't donate are listed as kept.
        unsafe { call!(self.client().api(), PJRT_LoadedExecutable_Execute, &raw mut args) }?;
        let mut results =
            adopt(self.client(), &events, &results, self.outputs(), self.device_indices())?;
        for results in &mut results {
            for (result, layout) in results.iter_mut().zip(self.unusual_output_layouts()) {
                result.set_unusual_layout(layout.clone());
            }
        }
        Ok(results)
    }
}

/// Takes charge of all that an execution returned before it looks for what is missing or failed, so
/// that nothing is lost where one device of several falls short.
fn adopt(
    client: &Client,
    events: &[*mut PJRT_Event],
    results: &[Vec<*mut PJRT_Buffer>],
    specs: &[ArraySpec],
    devices: &[usize],
) -> Result<Vec<Vec<Buffer>>> {
    let (api, function) = (client.api(), "PJRT_LoadedExecutable_Execute");
    let event = |&event| Ok(Event::new(client.clone(), api.handle(function, event)?, ()));
    let events: Vec<Result<Event<()>>> = events.iter().map(event).collect();
    let buffer = |buffer, spec: &ArraySpec, device| {
        let handle = api.handle(function, buffer)?;
        Ok(Buffer::new(client.clone(), handle, spec.clone(), device))
    };
    let results: Vec<Vec<Result<Buffer>>> = results
        .iter()
        .zip(devices)
        .map(|(results, &device)| {
            results.iter().zip(specs).map(|(&result, spec)| buffer(result, spec, device)).collect()
        })
        .collect();
    // Every device is waited for, whichever failed.
    let outcomes: Vec<Result<()>> = events.into_iter().map(|event| event?.wait()).collect();
    outcomes.into_iter().collect::<Result<()>>()?;
    results.into_iter().map(|results| results.into_iter().collect()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Mutex;

    use xla_sys::bindings::{
        PJRT_Api, PJRT_Buffer_Destroy_Args, PJRT_Buffer_IsDeleted_Args,
        PJRT_Buffer_UnsafePointer_Args, PJRT_Error, PJRT_Event_Await_Args, PJRT_Event_Destroy_Args,
    };

    use super::*;
    use crate::DType;
    use crate::api::tests as fakes;
    use crate::client::tests::fake;
    use crate::support::{ADD_IN_PLACE, clients, compile, f32s};

    /// Where the buffer's elements lie.
    pub(crate) fn address(buffer: &Buffer) -> usize {
        let buffer_handle = buffer.handle().as_ptr();
        let mut args =
            PJRT_Buffer_UnsafePointer_Args { buffer: buffer_handle, ..Default::default() };
        // SAFETY: the buffer is alive.
        unsafe { call!(buffer.client().api(), PJRT_Buffer_UnsafePointer, &raw mut args) }.unwrap();
        args.buffer_pointer
    }

    fn is_deleted(buffer: &Buffer) -> bool {
        let buffer_handle = buffer.handle().as_ptr();
        let mut args = PJRT_Buffer_IsDeleted_Args { buffer: buffer_handle, ..Default::default() };
        // SAFETY: the buffer is alive.
        unsafe { call!(buffer.client().api(), PJRT_Buffer_IsDeleted, &raw mut args) }.unwrap();
        args.is_deleted
    }

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn a_result_takes_the_place_of_the_argument_that_was_donated_for_it() {
        for client in clients() {
            let add = compile(&client, ADD_IN_PLACE);
            let (x, y) = (f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[10.0, 20.0]));
            let place = address(&x);
            let results = add.run(vec![x.into(), (&y).into()]).unwrap();
            assert_eq!(address(&results[0]), place);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn an_error_from_before_costs_no_donated_buffer_and_is_reported_by_the_next_call() {
        for client in clients() {
            let add = compile(&client, ADD_IN_PLACE);
            let (x, y) = (f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[10.0, 20.0]));
            client.record(Err(Error::ArgumentClient { index: 7 }));
            let sum = add.run(vec![x.into(), (&y).into()]).unwrap().remove(0);
            let error = sum.to_host().unwrap_err();
            assert!(matches!(error, Error::Deferred(_)), "{error}");
            assert_eq!(sum.to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn a_borrowed_argument_is_copied_rather_than_taken_over() {
        for client in clients() {
            let add = compile(&client, ADD_IN_PLACE);
            let (x, y) = (f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[10.0, 20.0]));
            let results = add.run(vec![(&x).into(), (&y).into()]).unwrap();
            assert!(!is_deleted(&x));
            assert_ne!(address(&results[0]), address(&x));
        }
    }

    /// What a plugin was asked to do with which event or buffer.
    static DONE: Mutex<Vec<(&str, usize)>> = Mutex::new(Vec::new());

    unsafe extern "C-unwind" fn wait(args: *mut PJRT_Event_Await_Args) -> *mut PJRT_Error {
        // SAFETY: called with arguments of this type.
        let event = unsafe { (*args).event }.addr();
        DONE.lock().unwrap().push(("wait", event));
        if event == 1 { fakes::some_error() } else { ptr::null_mut() }
    }

    unsafe extern "C-unwind" fn destroy_event(
        args: *mut PJRT_Event_Destroy_Args,
    ) -> *mut PJRT_Error {
        // SAFETY: called with arguments of this type.
        DONE.lock().unwrap().push(("destroy event", unsafe { (*args).event }.addr()));
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn destroy_buffer(
        args: *mut PJRT_Buffer_Destroy_Args,
    ) -> *mut PJRT_Error {
        // SAFETY: called with arguments of this type.
        DONE.lock().unwrap().push(("destroy buffer", unsafe { (*args).buffer }.addr()));
        ptr::null_mut()
    }

    #[test]
    fn nothing_that_devices_returned_is_lost_where_one_of_them_falls_short() {
        let client = fake(fakes::fake(PJRT_Api {
            PJRT_Event_Await: Some(wait),
            PJRT_Event_Destroy: Some(destroy_event),
            PJRT_Buffer_Destroy: Some(destroy_buffer),
            ..fakes::table()
        }));
        let done = || std::mem::take(&mut *DONE.lock().unwrap());
        let spec = [ArraySpec::new(DType::F32, &[]), ArraySpec::new(DType::F32, &[2])];
        let buffer = ptr::without_provenance_mut;
        let results = [vec![buffer(1), ptr::null_mut()], vec![buffer(2), buffer(3)]];
        let error = adopt(&client, &[], &results, &spec, &[0, 1]).unwrap_err();
        assert!(matches!(error, Error::Contract { .. }), "{error}");
        let mut destroyed = done();
        destroyed.sort_unstable();
        assert_eq!(destroyed, [1, 2, 3].map(|buffer| ("destroy buffer", buffer)));

        let event = ptr::without_provenance_mut;
        let events = [event(1), event(2), ptr::null_mut(), event(3)];
        let error = adopt(&client, &events, &[], &[], &[]).unwrap_err();
        assert!(matches!(error, Error::Plugin { function: "PJRT_Event_Await", .. }), "{error}");
        let each = [1, 2, 3].map(|event| [("wait", event), ("destroy event", event)]);
        assert_eq!(done(), each.concat());
    }
}
