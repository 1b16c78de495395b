//! A plugin made in Rust, so that Miri sees both sides of the interface: two devices, one program,
//! copies that go on after the call on threads of its own, and an array that is taken whole.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::thread::{self, JoinHandle};

use xla_sys::bindings::*;

use crate::api::tests::{fake, some_error};
use crate::support::block_on;
use crate::{ArraySpec, ClientOptions, Code, CompileOptions, DType, HostArray, Plugin};

/// How many objects the plugin has handed out and not got back.
static OBJECTS: AtomicIsize = AtomicIsize::new(0);

/// Tests count what is handed out, and so take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Whether the next array that is to be taken whole is refused.
static REFUSES: AtomicBool = AtomicBool::new(false);

/// The arguments that the last execution was to leave alone.
static KEPT: Mutex<Vec<i64>> = Mutex::new(Vec::new());

/// `f32[2], f32[2] -> f32[2]`, which takes over its first argument, as an `HloModuleProto`.
const MODULE: &[u8] = &[
    0x22, 21, 0x0a, 5, 0x10, 11, 0x1a, 1, 2, 0x0a, 5, 0x10, 11, 0x1a, 1, 2, 0x12, 5, 0x10, 11,
    0x1a, 1, 2, 0x92, 0x01, 2, 0x0a, 0,
];

/// What the devices are: their numbers.
static IDS: [i32; 2] = [0, 1];

/// The list of devices.
type Devices = Vec<*mut PJRT_Device>;

fn devices() -> Devices {
    IDS.iter().map(|id| ptr::from_ref(id).cast_mut().cast()).collect()
}

/// The elements of an array.
type Array = Vec<u8>;

/// The thread that does the work, until somebody waits for it.
type Event = Mutex<Option<JoinHandle<()>>>;

/// A pointer that the interface lets another thread use.
struct Sent<T>(*mut T);

// SAFETY: what it points to is that thread's alone until an event has happened.
unsafe impl<T> Send for Sent<T> {}

impl<T> Sent<T> {
    fn get(&self) -> *mut T {
        self.0
    }
}

fn hand_out<T, P>(object: T) -> *mut P {
    OBJECTS.fetch_add(1, Ordering::SeqCst);
    Box::into_raw(Box::new(object)).cast()
}

/// # Safety
/// `object` is one that was handed out as a `T`, and isn't used again.
unsafe fn take_back<T, P>(object: *mut P) {
    OBJECTS.fetch_sub(1, Ordering::SeqCst);
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(object.cast::<T>()) });
}

fn work(work: impl FnOnce() + Send + 'static) -> *mut PJRT_Event {
    hand_out::<Event, _>(Mutex::new(Some(thread::spawn(work))))
}

fn constant(text: &'static CStr) -> (*const std::ffi::c_char, usize) {
    (text.as_ptr(), text.count_bytes())
}

/// Functions of the interface, which succeed unless they return an error, and a table of them.
macro_rules! plugin {
    ($($function:ident($args:ident: $type:ty) $body:block)*) => {
        $(
            #[allow(non_snake_case, unreachable_code)] // some are there and not to be called
            unsafe extern "C-unwind" fn $function($args: *mut $type) -> *mut PJRT_Error {
                // SAFETY: called with arguments of this type, whose handles are alive and of the
                // kind that the interface says.
                unsafe {
                    let $args = &mut *$args;
                    $body
                }
                ptr::null_mut()
            }
        )*

        fn plugin() -> Plugin {
            Plugin::new(fake(PJRT_Api {
                $($function: Some($function),)*
                ..crate::api::tests::table()
            }))
        }
    };
}

plugin! {
    PJRT_Client_Create(args: PJRT_Client_Create_Args) {
        args.client = hand_out(devices());
    }
    PJRT_Client_Destroy(args: PJRT_Client_Destroy_Args) {
        take_back::<Devices, _>(args.client);
    }
    PJRT_Client_PlatformName(args: PJRT_Client_PlatformName_Args) {
        (args.platform_name, args.platform_name_size) = constant(c"rust");
    }
    PJRT_Client_PlatformVersion(args: PJRT_Client_PlatformVersion_Args) {
        (args.platform_version, args.platform_version_size) = constant(c"0");
    }
    PJRT_Client_Devices(args: PJRT_Client_Devices_Args) {
        let list = &*args.client.cast::<Devices>();
        (args.devices, args.num_devices) = (list.as_ptr(), list.len());
    }
    PJRT_Client_AddressableDevices(args: PJRT_Client_AddressableDevices_Args) {
        let list = &*args.client.cast::<Devices>();
        (args.addressable_devices, args.num_addressable_devices) = (list.as_ptr(), list.len());
    }
    PJRT_Device_GetDescription(args: PJRT_Device_GetDescription_Args) {
        args.device_description = args.device.cast();
    }
    PJRT_Device_IsAddressable(args: PJRT_Device_IsAddressable_Args) {
        args.is_addressable = true;
    }
    PJRT_DeviceDescription_Id(args: PJRT_DeviceDescription_Id_Args) {
        args.id = *args.device_description.cast::<i32>();
    }
    PJRT_DeviceDescription_Kind(args: PJRT_DeviceDescription_Kind_Args) {
        (args.device_kind, args.device_kind_size) = constant(c"thread");
    }
    PJRT_DeviceDescription_ProcessIndex(args: PJRT_DeviceDescription_ProcessIndex_Args) {
        args.process_index = 0;
    }
    PJRT_Client_BufferFromHostBuffer(args: PJRT_Client_BufferFromHostBuffer_Args) {
        let dims = std::slice::from_raw_parts(args.dims, args.num_dims);
        let len = 4 * dims.iter().product::<i64>() as usize;
        let bytes = std::slice::from_raw_parts(args.data.cast::<u8>(), len);
        args.buffer = hand_out::<Array, _>(bytes.to_vec());
        // The bytes are read before the call returns: there is nothing to wait for.
        args.done_with_host_buffer = hand_out::<Event, _>(Mutex::new(None));
    }
    PJRT_Buffer_ToHostBuffer(args: PJRT_Buffer_ToHostBuffer_Args) {
        let elements = (*args.src.cast::<Array>()).clone();
        assert_eq!(elements.len(), args.dst_size);
        let destination = Sent(args.dst.cast::<u8>());
        args.event = work(move || {
            ptr::copy_nonoverlapping(elements.as_ptr(), destination.get(), elements.len());
        });
    }
    PJRT_Buffer_Destroy(args: PJRT_Buffer_Destroy_Args) {
        take_back::<Array, _>(args.buffer);
    }
    PJRT_Event_Await(args: PJRT_Event_Await_Args) {
        let thread = (*args.event.cast::<Event>()).lock().unwrap().take();
        if let Some(thread) = thread {
            thread.join().unwrap();
        }
    }
    PJRT_Event_OnReady(args: PJRT_Event_OnReady_Args) {
        let mut waiting = (*args.event.cast::<Event>()).lock().unwrap();
        let (before, callback) = (waiting.take(), args.callback.unwrap());
        let user_arg = Sent::<c_void>(args.user_arg);
        *waiting = Some(thread::spawn(move || {
            before.into_iter().for_each(|thread| thread.join().unwrap());
            callback(ptr::null_mut(), user_arg.get());
        }));
    }
    PJRT_Event_Destroy(args: PJRT_Event_Destroy_Args) {
        // What it works on is about to be freed.
        let waited_for = (*args.event.cast::<Event>()).lock().unwrap().is_none();
        assert!(waited_for, "an event is given up before its work is done");
        take_back::<Event, _>(args.event);
    }
    PJRT_Device_DefaultMemory(args: PJRT_Device_DefaultMemory_Args) {
        args.memory = args.device.cast();
    }
    PJRT_Client_CreateBuffersForAsyncHostToDevice(
        args: PJRT_Client_CreateBuffersForAsyncHostToDevice_Args
    ) {
        args.transfer_manager = hand_out::<*mut Array, _>(ptr::null_mut());
    }
    PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer(
        args: PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args
    ) {
        args.buffer_out = hand_out(Array::new());
        *args.transfer_manager.cast::<*mut Array>() = args.buffer_out.cast();
    }
    PJRT_AsyncHostToDeviceTransferManager_TransferLiteral(
        args: PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args
    ) {
        if REFUSES.swap(false, Ordering::SeqCst) {
            return some_error();
        }
        let dims = std::slice::from_raw_parts(args.shape_dims, args.shape_num_dims);
        let len = 4 * dims.iter().product::<i64>() as usize;
        let bytes = std::slice::from_raw_parts(args.data.cast::<u8>(), len);
        **args.transfer_manager.cast::<*mut Array>() = bytes.to_vec();
        args.done_with_h2d_transfer = hand_out::<Event, _>(Mutex::new(None));
    }
    PJRT_AsyncHostToDeviceTransferManager_TransferData(
        _args: PJRT_AsyncHostToDeviceTransferManager_TransferData_Args
    ) {
        unreachable!("arrays are taken whole");
    }
    PJRT_AsyncHostToDeviceTransferManager_SetBufferError(
        _args: PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args
    ) {
        unreachable!("arrays arrive");
    }
    PJRT_AsyncHostToDeviceTransferManager_Destroy(
        args: PJRT_AsyncHostToDeviceTransferManager_Destroy_Args
    ) {
        take_back::<*mut Array, _>(args.transfer_manager);
    }
    PJRT_Client_Compile(args: PJRT_Client_Compile_Args) {
        let program = &*args.program;
        let code = std::slice::from_raw_parts(program.code.cast::<u8>(), program.code_size);
        assert_eq!(code, b"add");
        args.executable = hand_out(devices());
    }
    PJRT_LoadedExecutable_AddressableDevices(
        args: PJRT_LoadedExecutable_AddressableDevices_Args
    ) {
        let list = &*args.executable.cast::<Devices>();
        (args.addressable_devices, args.num_addressable_devices) = (list.as_ptr(), list.len());
    }
    PJRT_LoadedExecutable_GetExecutable(args: PJRT_LoadedExecutable_GetExecutable_Args) {
        args.executable = hand_out(());
    }
    PJRT_LoadedExecutable_Destroy(args: PJRT_LoadedExecutable_Destroy_Args) {
        take_back::<Devices, _>(args.executable);
    }
    PJRT_Executable_Destroy(args: PJRT_Executable_Destroy_Args) {
        take_back::<(), _>(args.executable);
    }
    PJRT_Executable_Name(args: PJRT_Executable_Name_Args) {
        (args.executable_name, args.executable_name_size) = constant(c"add");
    }
    PJRT_Executable_NumOutputs(args: PJRT_Executable_NumOutputs_Args) {
        args.num_outputs = 1;
    }
    PJRT_Executable_NumReplicas(args: PJRT_Executable_NumReplicas_Args) {
        args.num_replicas = 2;
    }
    PJRT_Executable_NumPartitions(args: PJRT_Executable_NumPartitions_Args) {
        args.num_partitions = 1;
    }
    PJRT_Executable_OptimizedProgram(args: PJRT_Executable_OptimizedProgram_Args) {
        let program = &mut *args.program;
        (program.format, program.format_size) = constant(c"hlo");
        if !program.code.is_null() {
            ptr::copy_nonoverlapping(MODULE.as_ptr(), program.code.cast(), program.code_size);
        }
        program.code_size = MODULE.len();
    }
    PJRT_LoadedExecutable_Execute(args: PJRT_LoadedExecutable_Execute_Args) {
        let options = &*args.options;
        let (kept, len) =
            (options.non_donatable_input_indices, options.num_non_donatable_input_indices);
        *KEPT.lock().unwrap() = std::slice::from_raw_parts(kept, len).to_vec();
        for device in 0..args.num_devices {
            let arguments = *args.argument_lists.add(device);
            let arguments = std::slice::from_raw_parts(arguments, args.num_args);
            let [x, y] = [0, 1].map(|index| &*arguments[index].cast::<Array>());
            let number = |bytes: &[u8]| f32::from_ne_bytes(bytes.try_into().unwrap());
            let sums = x.chunks(4).zip(y.chunks(4)).map(|(x, y)| number(x) + number(y));
            let sums: Array = sums.flat_map(f32::to_ne_bytes).collect();
            *(*args.output_lists.add(device)) = hand_out(sums);
        }
    }
}

#[test]
fn a_program_on_two_devices_gives_back_all_that_it_was_handed_and_touches_nothing_else() {
    let _turn = TURN.lock().unwrap();
    let client = plugin().client(&ClientOptions::new()).unwrap();
    let options = CompileOptions { replicas: 2, ..CompileOptions::default() };
    let add = client.compile(Code::mlir("add"), &options).unwrap();
    assert_eq!(add.donatable_inputs(), [0]);
    let buffer = |index: usize, values: [f32; 2]| {
        let array = HostArray::from_slice(&[2], &values).unwrap();
        client.buffer(&array, &client.devices()[index]).unwrap()
    };
    let y = [buffer(0, [10.0, 20.0]), buffer(1, [30.0, 40.0])];
    let x = [buffer(0, [1.0, 2.0]), buffer(1, [3.0, 4.0])];
    let inputs = x.iter().zip(&y).map(|(x, y)| vec![x.into(), y.into()]).collect();
    drop(add.run_on_all(inputs).unwrap());
    assert_eq!(*KEPT.lock().unwrap(), [0]);
    let inputs = x.into_iter().zip(&y).map(|(x, y)| vec![x.into(), y.into()]).collect();
    let mut results: Vec<_> = add.run_on_all(inputs).unwrap().into_iter().flatten().collect();
    assert!(KEPT.lock().unwrap().is_empty());
    drop((client, add, y));

    let second = results.pop().unwrap().copy_to_host().unwrap();
    let first = results.pop().unwrap();
    // Begun and given up, awaited on another thread, and waited for.
    drop(first.copy_to_host().unwrap());
    let second = thread::spawn(|| block_on(second).unwrap()).join().unwrap();
    assert_eq!(second.as_slice::<f32>().unwrap(), [33.0, 44.0]);
    assert_eq!(first.to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
    let mut abandoned = first.copy_to_host().unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let _ = std::pin::Pin::new(&mut abandoned).poll(&mut context);
    drop(first);
    drop(abandoned);
    assert_eq!(OBJECTS.load(Ordering::SeqCst), 0);
}

#[test]
fn pieces_of_an_array_that_the_plugin_refused_are_still_there_when_the_last_is_sent_again() {
    let _turn = TURN.lock().unwrap();
    let client = plugin().client(&ClientOptions::new()).unwrap();
    let spec = ArraySpec::new(DType::F32, &[2]);
    let (mut transfer, buffers) = client.transfer(&[spec], &client.devices()[0]).unwrap();
    transfer.send(0, HostArray::scalar(1.0f32)).unwrap();
    REFUSES.store(true, Ordering::SeqCst);
    let error = transfer.send(0, HostArray::scalar(2.0f32)).unwrap_err();
    assert!(error.to_string().starts_with("ABORTED: no more"), "{error}");
    transfer.send(0, HostArray::scalar(2.0f32)).unwrap();
    assert_eq!(buffers[0].to_host().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0]);
    drop((client, transfer, buffers));
    assert_eq!(OBJECTS.load(Ordering::SeqCst), 0);
}
