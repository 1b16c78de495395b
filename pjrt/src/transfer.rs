//! Arrays on their way to a device.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;
use std::sync::Arc;

use xla_sys::bindings::{
    PJRT_AsyncHostToDeviceTransferManager, PJRT_AsyncHostToDeviceTransferManager_Destroy_Args,
    PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args,
    PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args,
    PJRT_AsyncHostToDeviceTransferManager_TransferData_Args,
    PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, PJRT_Buffer_MemoryLayout,
    PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, PJRT_Error_Code_CANCELLED, PJRT_ShapeSpec,
};

use crate::api::{Handle, call, slot};
use crate::error::{Error, Result};
use crate::{ArraySpec, Buffer, Client, Device, Event, HostArray, Layout, host_array, layout};

/// Arrays on their way to a device, piece by piece, whose buffers are there from the start: programs
/// that take them are started before the arrays have arrived, and wait for them.
///
/// [`Client::transfer`] makes one. Dropped before all is sent, it makes those buffers that are still
/// incomplete fail, and what is computed from them, so that nothing waits for ever.
///
/// ```no_run
/// # use pjrt::{ArraySpec, Client, DType, Device, HostArray, LoadedExecutable, Result};
/// # fn load(client: &Client, device: &Device, program: &LoadedExecutable) -> Result<()> {
/// let spec = ArraySpec::new(DType::F32, &[1000, 4]);
/// let (mut transfer, buffers) = client.transfer(&[spec], device)?;
/// let results = program.run(vec![(&buffers[0]).into()])?;
/// for first in (0..1000).step_by(100) {
///     let rows: Vec<f32> = (4 * first..4 * (first + 100)).map(|at| at as f32).collect();
///     transfer.send(0, HostArray::from_slice(&[100, 4], &rows)?)?;
/// }
/// println!("{:?}", results[0].to_host()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Transfer {
    client: Client,
    handle: Handle<PJRT_AsyncHostToDeviceTransferManager>,
    arrays: Vec<Arriving>,
    /// What the plugin may still read.
    pieces: Vec<Event<Arc<HostArray>>>,
}

/// One of the arrays.
#[derive(Debug)]
struct Arriving {
    spec: ArraySpec,
    route: Route,
    /// Elements in all, and those that were sent.
    count: usize,
    sent: usize,
    /// Whether there is nothing more to tell the plugin.
    is_complete: bool,
    /// Pieces of an array that the plugin takes whole.
    gathered: Option<HostArray>,
}

/// How an array gets into the device's memory.
#[derive(Debug)]
enum Route {
    /// It lies there as on the host: pieces go as they come.
    Pieces,
    /// Its dimensions are in another order there, into which it is put here.
    Reordered(Vec<usize>),
    /// Its elements are tiled or packed there, which the plugin does.
    Literal,
}

impl Route {
    fn of(spec: &ArraySpec, layout: &Layout) -> Self {
        if layout.is_tiled() || spec.dtype.is_packed() {
            Self::Literal
        } else if layout.is_row_major() {
            Self::Pieces
        } else {
            Self::Reordered(layout.major_to_minor())
        }
    }
}

impl Client {
    /// Buffers on `device` for arrays that are still to be sent, and the [`Transfer`] that sends
    /// them.
    ///
    /// A program that borrows such a buffer is started at once. One that it is donated to may keep
    /// [`run`](crate::LoadedExecutable::run) from returning until the array is there (interface
    /// 0.81), and so for ever if the same thread was to send it.
    ///
    /// # Errors
    /// As [`buffer`](Self::buffer); [`Error::Unsupported`] if the plugin can't do this, such as for
    /// elements of fewer than eight bits (interface 0.81).
    pub fn transfer(
        &self,
        specs: &[ArraySpec],
        device: &Device,
    ) -> Result<(Transfer, Vec<Buffer>)> {
        let route = |spec| match layout::default_of_client(self, spec) {
            Err(error) if error.is_unsupported() => Ok(Route::Literal),
            layout => Ok(Route::of(spec, &layout?)),
        };
        let routes: Vec<Route> = specs.iter().map(route).collect::<Result<_>>()?;
        Transfer::new(self, specs, routes, None, device)
    }
}

/// Copies an array to a device in a layout that isn't the default.
pub(crate) fn copy_in_layout(
    client: &Client,
    array: &HostArray,
    layout: &Arc<Layout>,
    device: &Device,
) -> Result<Buffer> {
    let specs = [ArraySpec::of(array)];
    let routes = vec![Route::of(&specs[0], layout)];
    let (mut transfer, mut buffers) = Transfer::new(client, &specs, routes, Some(layout), device)?;
    transfer.send(0, array.clone())?;
    transfer.finish_pieces()?;
    let mut buffer = buffers.swap_remove(0);
    buffer.set_unusual_layout(Some(Arc::clone(layout)));
    Ok(buffer)
}

impl Transfer {
    /// Starts a transfer of arrays that are all in the same layout or all in the default one.
    fn new(
        client: &Client,
        specs: &[ArraySpec],
        routes: Vec<Route>,
        layout: Option<&Layout>,
        device: &Device,
    ) -> Result<(Self, Vec<Buffer>)> {
        client.check()?;
        client.check_device(device)?;
        let api = client.api();
        // Nothing is begun that couldn't be ended.
        slot!(api, PJRT_AsyncHostToDeviceTransferManager_SetBufferError)?;
        slot!(api, PJRT_AsyncHostToDeviceTransferManager_TransferData)?;
        if routes.iter().any(|route| matches!(route, Route::Literal)) {
            slot!(api, PJRT_AsyncHostToDeviceTransferManager_TransferLiteral)?;
        }
        let handle = create(client, specs, layout, device)?;
        let arriving = |(spec, route): (&ArraySpec, _)| Arriving {
            spec: spec.clone(),
            route,
            count: spec.dims.iter().product(),
            sent: 0,
            is_complete: false,
            gathered: None,
        };
        let arrays: Vec<Arriving> = specs.iter().zip(routes).map(arriving).collect();
        let mut transfer = Self { client: client.clone(), handle, arrays, pieces: Vec::new() };
        let buffers = (0..specs.len()).map(|index| transfer.buffer(index, device));
        let buffers = buffers.collect::<Result<_>>()?;
        for (index, spec) in specs.iter().enumerate() {
            // Nothing is to come, and the plugin still has to be told that it has come.
            if transfer.arrays[index].count == 0 {
                let empty = HostArray::zeros(spec.dtype, &spec.dims)?;
                transfer.deliver(index, Arc::new(empty))?;
            }
        }
        Ok((transfer, buffers))
    }

    /// Sends the next elements of array `index`, in row-major order; the dimensions of the piece are
    /// of no account.
    ///
    /// Returns before the plugin has read the piece, which is kept until then. Where a device keeps
    /// an array in another form than the host, the pieces are put together on the host first, and
    /// sent with the last of them.
    ///
    /// # Errors
    /// [`Error::PieceIndex`] if there is no such array, [`Error::Piece`] if the piece is of another
    /// type or larger than what is left of the array, or what the plugin reports: the piece has not
    /// been sent then. What goes wrong after this has returned is reported by the buffer.
    pub fn send(&mut self, index: usize, piece: impl Into<Arc<HostArray>>) -> Result<()> {
        self.client.check()?;
        let piece = piece.into();
        let arrays = self.arrays.len();
        let array = self.arrays.get_mut(index).ok_or(Error::PieceIndex { index, arrays })?;
        let (dtype, left) = (array.spec.dtype, array.count - array.sent);
        if piece.dtype() != dtype || piece.count() > left {
            let got = ArraySpec::of(&piece);
            return Err(Error::Piece { index, left, dtype, got });
        }
        if piece.count() == 0 {
            return Ok(());
        }
        self.pieces.retain(|piece| !piece.is_ready().unwrap_or(true));
        if matches!(array.route, Route::Pieces) || piece.dims() == array.spec.dims {
            return self.deliver(index, piece);
        }
        let gathered = match &mut array.gathered {
            Some(gathered) => gathered,
            none => none.insert(HostArray::zeros(dtype, &array.spec.dims)?),
        };
        let start = array.sent * dtype.host_bytes();
        gathered.bytes_mut()[start..start + piece.bytes().len()].copy_from_slice(piece.bytes());
        if piece.count() < left {
            array.sent += piece.count();
            return Ok(());
        }
        let whole = Arc::new(array.gathered.take().expect("the pieces were gathered there"));
        let delivered = self.deliver(index, Arc::clone(&whole));
        if delivered.is_err() {
            // The last piece may be sent again, and the others are still to go with it.
            self.arrays[index].gathered = Arc::into_inner(whole);
        }
        delivered
    }

    /// Makes the buffers that are still incomplete fail, for a reason that whoever reads them, or
    /// what is computed from them, is told.
    pub fn fail(mut self, reason: &str) {
        self.end(reason);
    }

    /// Hands the plugin the next elements of an array: all of them, unless it takes pieces.
    fn deliver(&mut self, index: usize, piece: Arc<HostArray>) -> Result<()> {
        let array = &self.arrays[index];
        let count = array.count;
        let (offset, after) = match array.route {
            Route::Pieces => {
                (array.sent * array.spec.dtype.host_bytes(), array.sent + piece.count())
            }
            _ => (0, count),
        };
        let event = match &array.route {
            Route::Pieces => self.transfer_data(index, piece, offset, after == count)?,
            Route::Reordered(axes) => {
                self.transfer_data(index, Arc::new(piece.transposed(axes)?), 0, true)?
            }
            Route::Literal => self.transfer_literal(index, piece)?,
        };
        self.arrays[index].sent = after;
        self.arrays[index].is_complete = after == count;
        self.pieces.push(event);
        Ok(())
    }

    /// Waits until the plugin has read all that was sent.
    fn finish_pieces(&mut self) -> Result<()> {
        self.pieces.drain(..).try_for_each(|piece| piece.wait().map(drop))
    }

    fn end(&mut self, reason: &str) {
        // A buffer can't be made to fail while it is being written.
        self.pieces.clear();
        for index in 0..self.arrays.len() {
            if !std::mem::replace(&mut self.arrays[index].is_complete, true) {
                self.client.record(self.set_error(index, reason));
            }
        }
    }

    fn buffer(&self, index: usize, device: &Device) -> Result<Buffer> {
        let mut args = PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args {
            transfer_manager: self.handle.as_ptr(),
            buffer_index: index as c_int,
            ..Default::default()
        };
        let (api, function) =
            (self.client.api(), "PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer");
        // SAFETY: the transfer is alive and has an array of this index, whose buffer is asked for
        // once and is the caller's.
        unsafe {
            call!(api, PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer, &raw mut args)?;
        }
        let handle = api.handle(function, args.buffer_out)?;
        let spec = self.arrays[index].spec.clone();
        Ok(Buffer::new(self.client.clone(), handle, spec, device.index()))
    }

    /// Starts to write to array `index` from the byte at `offset` on.
    fn transfer_data(
        &self,
        index: usize,
        piece: Arc<HostArray>,
        offset: usize,
        is_last_transfer: bool,
    ) -> Result<Event<Arc<HostArray>>> {
        let mut args = PJRT_AsyncHostToDeviceTransferManager_TransferData_Args {
            transfer_manager: self.handle.as_ptr(),
            buffer_index: index as c_int,
            data: piece.bytes().as_ptr().cast::<c_void>(),
            offset: offset as i64,
            transfer_size: piece.bytes().len() as i64,
            is_last_transfer,
            ..Default::default()
        };
        let (api, function) =
            (self.client.api(), "PJRT_AsyncHostToDeviceTransferManager_TransferData");
        // SAFETY: the transfer is alive, has an array of this index and hasn't had its last bytes;
        // these are within it, and the event keeps them alive and unchanged until they are read.
        unsafe { call!(api, PJRT_AsyncHostToDeviceTransferManager_TransferData, &raw mut args) }?;
        let event = api.handle(function, args.done_with_h2d_transfer)?;
        Ok(Event::new(self.client.clone(), event, piece))
    }

    /// Starts to write all of array `index`, which the plugin puts into the form of the device.
    fn transfer_literal(
        &self,
        index: usize,
        array: Arc<HostArray>,
    ) -> Result<Event<Arc<HostArray>>> {
        let dims = host_array::raw_dims(array.dims());
        let row_major = Layout::row_major(dims.len());
        let mut layout = row_major.raw();
        let mut args = PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args {
            transfer_manager: self.handle.as_ptr(),
            buffer_index: index as c_int,
            data: array.bytes().as_ptr().cast::<c_void>(),
            shape_dims: dims.as_ptr(),
            shape_num_dims: dims.len(),
            shape_element_type: array.dtype().code(self.client.api())?,
            shape_layout: &raw mut layout,
            ..Default::default()
        };
        let (api, function) =
            (self.client.api(), "PJRT_AsyncHostToDeviceTransferManager_TransferLiteral");
        // SAFETY: the transfer is alive, has an array of this index and hasn't had its bytes;
        // dimensions and layout live until the call returns, and the event keeps the array alive
        // and unchanged until it is read.
        unsafe {
            call!(api, PJRT_AsyncHostToDeviceTransferManager_TransferLiteral, &raw mut args)?;
        }
        let event = api.handle(function, args.done_with_h2d_transfer)?;
        Ok(Event::new(self.client.clone(), event, array))
    }

    fn set_error(&self, index: usize, reason: &str) -> Result<()> {
        let mut args = PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args {
            transfer_manager: self.handle.as_ptr(),
            buffer_index: index as c_int,
            error_code: PJRT_Error_Code_CANCELLED,
            error_message: reason.as_ptr().cast::<c_char>(),
            error_message_size: reason.len(),
            ..Default::default()
        };
        let api = self.client.api();
        // SAFETY: the transfer is alive, has an array of this index and hasn't had its last bytes;
        // the message is copied.
        unsafe { call!(api, PJRT_AsyncHostToDeviceTransferManager_SetBufferError, &raw mut args) }
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.end("the transfer was given up before all of the array was sent");
        let transfer_manager = self.handle.as_ptr();
        let mut args = PJRT_AsyncHostToDeviceTransferManager_Destroy_Args {
            transfer_manager,
            ..Default::default()
        };
        let api = self.client.api();
        // SAFETY: the handle is this value's own and is gone with it.
        let destroyed =
            unsafe { call!(api, PJRT_AsyncHostToDeviceTransferManager_Destroy, &raw mut args) };
        self.client.record(destroyed);
    }
}

/// Has the plugin make the buffers.
fn create(
    client: &Client,
    specs: &[ArraySpec],
    layout: Option<&Layout>,
    device: &Device,
) -> Result<Handle<PJRT_AsyncHostToDeviceTransferManager>> {
    let dims: Vec<Vec<i64>> = specs.iter().map(ArraySpec::raw_dims).collect::<Result<_>>()?;
    let shape = |(spec, dims): (&ArraySpec, &Vec<i64>)| {
        Ok(PJRT_ShapeSpec {
            dims: dims.as_ptr(),
            num_dims: dims.len(),
            element_type: spec.dtype.code(client.api())?,
            ..Default::default()
        })
    };
    let mut shapes: Vec<PJRT_ShapeSpec> =
        specs.iter().zip(&dims).map(shape).collect::<Result<_>>()?;
    let mut raw_layout = layout.map(Layout::raw);
    let mut layouts: Vec<*mut PJRT_Buffer_MemoryLayout> = match &mut raw_layout {
        None => Vec::new(),
        Some(layout) => vec![&raw mut *layout; specs.len()],
    };
    let mut args = PJRT_Client_CreateBuffersForAsyncHostToDevice_Args {
        client: client.handle().as_ptr(),
        shape_specs: shapes.as_mut_ptr(),
        num_shape_specs: shapes.len(),
        device_layouts: if layouts.is_empty() { ptr::null_mut() } else { layouts.as_mut_ptr() },
        num_device_layouts: layouts.len(),
        memory: device.default_memory_handle()?.as_ptr(),
        ..Default::default()
    };
    let (api, function) = (client.api(), "PJRT_Client_CreateBuffersForAsyncHostToDevice");
    // SAFETY: client and memory are alive, and shapes and layouts until the call returns; the types
    // are ones that the interface declares.
    unsafe { call!(api, PJRT_Client_CreateBuffersForAsyncHostToDevice, &raw mut args) }?;
    api.handle(function, args.transfer_manager)
}
