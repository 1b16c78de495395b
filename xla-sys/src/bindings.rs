//! Declarations of the PJRT C API. Made by `cargo run -p xtask -- bindings` from
//! `layout/c_api.json`; not to be edited.

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::mem::offset_of;

#[cfg(not(all(target_pointer_width = "64", target_endian = "little")))]
compile_error!("the layout of the PJRT C API is known for 64-bit little-endian machines only");

macro_rules! sized {
    ($name:ident, $size:literal) => {
        impl $name {
            /// The value of `struct_size` that the interface gives this version of the struct.
            pub const STRUCT_SIZE: usize = $size;
        }

        impl Default for $name {
            /// All zero and null, apart from `struct_size`.
            fn default() -> Self {
                // SAFETY: every field is a number, a raw pointer, an optional function pointer, or
                // made of those; all zero bits are a value of each.
                let mut zeroed: Self = unsafe { std::mem::zeroed() };
                zeroed.struct_size = Self::STRUCT_SIZE;
                zeroed
            }
        }
    };
}

macro_rules! opaque {
    ($($name:ident)*) => {$(
        /// Known to the plugin alone; handled by pointer.
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            _data: [u8; 0],
            _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
        }
    )*};
}

/// The version of the interface declared here.
pub const PJRT_API_MAJOR: c_int = 0;
/// The version of the interface declared here.
pub const PJRT_API_MINOR: c_int = 114;

pub type PJRT_Buffer_MemoryLayout_Type = c_uint;
pub const PJRT_Buffer_MemoryLayout_Type_Tiled: PJRT_Buffer_MemoryLayout_Type = 0;
pub const PJRT_Buffer_MemoryLayout_Type_Strides: PJRT_Buffer_MemoryLayout_Type = 1;

pub type PJRT_Buffer_Type = c_uint;
pub const PJRT_Buffer_Type_INVALID: PJRT_Buffer_Type = 0;
pub const PJRT_Buffer_Type_PRED: PJRT_Buffer_Type = 1;
pub const PJRT_Buffer_Type_S8: PJRT_Buffer_Type = 2;
pub const PJRT_Buffer_Type_S16: PJRT_Buffer_Type = 3;
pub const PJRT_Buffer_Type_S32: PJRT_Buffer_Type = 4;
pub const PJRT_Buffer_Type_S64: PJRT_Buffer_Type = 5;
pub const PJRT_Buffer_Type_U8: PJRT_Buffer_Type = 6;
pub const PJRT_Buffer_Type_U16: PJRT_Buffer_Type = 7;
pub const PJRT_Buffer_Type_U32: PJRT_Buffer_Type = 8;
pub const PJRT_Buffer_Type_U64: PJRT_Buffer_Type = 9;
pub const PJRT_Buffer_Type_F16: PJRT_Buffer_Type = 10;
pub const PJRT_Buffer_Type_F32: PJRT_Buffer_Type = 11;
pub const PJRT_Buffer_Type_F64: PJRT_Buffer_Type = 12;
pub const PJRT_Buffer_Type_BF16: PJRT_Buffer_Type = 13;
pub const PJRT_Buffer_Type_C64: PJRT_Buffer_Type = 14;
pub const PJRT_Buffer_Type_C128: PJRT_Buffer_Type = 15;
pub const PJRT_Buffer_Type_F8E5M2: PJRT_Buffer_Type = 16;
pub const PJRT_Buffer_Type_F8E4M3FN: PJRT_Buffer_Type = 17;
pub const PJRT_Buffer_Type_F8E4M3B11FNUZ: PJRT_Buffer_Type = 18;
pub const PJRT_Buffer_Type_F8E5M2FNUZ: PJRT_Buffer_Type = 19;
pub const PJRT_Buffer_Type_F8E4M3FNUZ: PJRT_Buffer_Type = 20;
pub const PJRT_Buffer_Type_S4: PJRT_Buffer_Type = 21;
pub const PJRT_Buffer_Type_U4: PJRT_Buffer_Type = 22;
pub const PJRT_Buffer_Type_TOKEN: PJRT_Buffer_Type = 23;
pub const PJRT_Buffer_Type_S2: PJRT_Buffer_Type = 24;
pub const PJRT_Buffer_Type_U2: PJRT_Buffer_Type = 25;
pub const PJRT_Buffer_Type_F8E4M3: PJRT_Buffer_Type = 26;
pub const PJRT_Buffer_Type_F8E3M4: PJRT_Buffer_Type = 27;
pub const PJRT_Buffer_Type_F8E8M0FNU: PJRT_Buffer_Type = 28;
pub const PJRT_Buffer_Type_F4E2M1FN: PJRT_Buffer_Type = 29;
pub const PJRT_Buffer_Type_S1: PJRT_Buffer_Type = 30;
pub const PJRT_Buffer_Type_U1: PJRT_Buffer_Type = 31;
pub const PJRT_Buffer_Type_F6E2M3FN: PJRT_Buffer_Type = 32;
pub const PJRT_Buffer_Type_F6E3M2FN: PJRT_Buffer_Type = 33;

pub type PJRT_Callback_Tpu_SliceFailureType = c_uint;
pub const SLICE_FAILURE_UNKNOWN: PJRT_Callback_Tpu_SliceFailureType = 0;
pub const SLICE_FAILURE_INIT_ERROR: PJRT_Callback_Tpu_SliceFailureType = 1;
pub const SLICE_FAILURE_WORKER_UNAVAILABLE: PJRT_Callback_Tpu_SliceFailureType = 2;
pub const SLICE_FAILURE_FLAPPING_TASK_ERROR: PJRT_Callback_Tpu_SliceFailureType = 3;
pub const SLICE_FAILURE_SW_INJECT_ERROR: PJRT_Callback_Tpu_SliceFailureType = 4;
pub const SLICE_FAILURE_CHIP_DRIVER_ERROR: PJRT_Callback_Tpu_SliceFailureType = 5;

pub type PJRT_Callback_Type = c_uint;
pub const PJRT_Callback_Type_Unknown: PJRT_Callback_Type = 0;
pub const PJRT_Callback_Type_Tpu_SliceBuilder: PJRT_Callback_Type = 1;
pub const PJRT_Callback_Type_Prefatal: PJRT_Callback_Type = 2;

pub type PJRT_Collectives_CollectiveOpKind = c_uint;
pub const PJRT_COLLECTIVES_COLLECTIVE_OP_KIND_CROSS_MODULE: PJRT_Collectives_CollectiveOpKind = 0;
pub const PJRT_COLLECTIVES_COLLECTIVE_OP_KIND_CROSS_REPLICA: PJRT_Collectives_CollectiveOpKind = 1;

pub type PJRT_Collectives_ReductionKind = c_uint;
pub const PJRT_COLLECTIVES_REDUCTION_SUM: PJRT_Collectives_ReductionKind = 0;
pub const PJRT_COLLECTIVES_REDUCTION_PRODUCT: PJRT_Collectives_ReductionKind = 1;
pub const PJRT_COLLECTIVES_REDUCTION_MIN: PJRT_Collectives_ReductionKind = 2;
pub const PJRT_COLLECTIVES_REDUCTION_MAX: PJRT_Collectives_ReductionKind = 3;

pub type PJRT_DeviceEvent_State = c_uint;
pub const PJRT_DeviceEvent_State_Unavailable: PJRT_DeviceEvent_State = 0;
pub const PJRT_DeviceEvent_State_Ready: PJRT_DeviceEvent_State = 1;
pub const PJRT_DeviceEvent_State_Error: PJRT_DeviceEvent_State = 2;

pub type PJRT_Error_Code = c_uint;
pub const PJRT_Error_Code_OK: PJRT_Error_Code = 0;
pub const PJRT_Error_Code_CANCELLED: PJRT_Error_Code = 1;
pub const PJRT_Error_Code_UNKNOWN: PJRT_Error_Code = 2;
pub const PJRT_Error_Code_INVALID_ARGUMENT: PJRT_Error_Code = 3;
pub const PJRT_Error_Code_DEADLINE_EXCEEDED: PJRT_Error_Code = 4;
pub const PJRT_Error_Code_NOT_FOUND: PJRT_Error_Code = 5;
pub const PJRT_Error_Code_ALREADY_EXISTS: PJRT_Error_Code = 6;
pub const PJRT_Error_Code_PERMISSION_DENIED: PJRT_Error_Code = 7;
pub const PJRT_Error_Code_RESOURCE_EXHAUSTED: PJRT_Error_Code = 8;
pub const PJRT_Error_Code_FAILED_PRECONDITION: PJRT_Error_Code = 9;
pub const PJRT_Error_Code_ABORTED: PJRT_Error_Code = 10;
pub const PJRT_Error_Code_OUT_OF_RANGE: PJRT_Error_Code = 11;
pub const PJRT_Error_Code_UNIMPLEMENTED: PJRT_Error_Code = 12;
pub const PJRT_Error_Code_INTERNAL: PJRT_Error_Code = 13;
pub const PJRT_Error_Code_UNAVAILABLE: PJRT_Error_Code = 14;
pub const PJRT_Error_Code_DATA_LOSS: PJRT_Error_Code = 15;
pub const PJRT_Error_Code_UNAUTHENTICATED: PJRT_Error_Code = 16;

pub type PJRT_Extension_Type = c_uint;
pub const PJRT_Extension_Type_Gpu_Custom_Call: PJRT_Extension_Type = 0;
pub const PJRT_Extension_Type_Profiler: PJRT_Extension_Type = 1;
pub const PJRT_Extension_Type_Custom_Partitioner: PJRT_Extension_Type = 2;
pub const PJRT_Extension_Type_Stream: PJRT_Extension_Type = 3;
pub const PJRT_Extension_Type_Layouts: PJRT_Extension_Type = 4;
pub const PJRT_Extension_Type_FFI: PJRT_Extension_Type = 5;
pub const PJRT_Extension_Type_MemoryDescriptions: PJRT_Extension_Type = 6;
pub const PJRT_Extension_Type_Triton: PJRT_Extension_Type = 7;
pub const PJRT_Extension_Type_RawBuffer: PJRT_Extension_Type = 8;
pub const PJRT_Extension_Type_PhaseCompile: PJRT_Extension_Type = 9;
pub const PJRT_Extension_Type_Example: PJRT_Extension_Type = 10;
pub const PJRT_Extension_Type_Unknown: PJRT_Extension_Type = 11;
pub const PJRT_Extension_Type_CrossHostTransfers: PJRT_Extension_Type = 12;
pub const PJRT_Extension_Type_ExecutableMetadata: PJRT_Extension_Type = 13;
pub const PJRT_Extension_Type_Callback: PJRT_Extension_Type = 14;
pub const PJRT_Extension_Type_HostAllocator: PJRT_Extension_Type = 15;
pub const PJRT_Extension_Type_TpuTopology: PJRT_Extension_Type = 16;
pub const PJRT_Extension_Type_TpuExecutable: PJRT_Extension_Type = 17;
pub const PJRT_Extension_Type_Megascale: PJRT_Extension_Type = 18;
pub const PJRT_Extension_Type_Shardings: PJRT_Extension_Type = 19;
pub const PJRT_Extension_Type_AbiVersion: PJRT_Extension_Type = 20;
pub const PJRT_Extension_Type_Collectives: PJRT_Extension_Type = 21;
pub const PJRT_Extension_Type_MultiSlice: PJRT_Extension_Type = 22;
pub const PJRT_Extension_Type_HostMemoryAllocator: PJRT_Extension_Type = 23;
pub const PJRT_Extension_Type_XlaTransform: PJRT_Extension_Type = 24;

pub type PJRT_FFI_Handler_TraitsBits = c_uint;
pub const PJRT_FFI_HANDLER_TRAITS_COMMAND_BUFFER_COMPATIBLE: PJRT_FFI_Handler_TraitsBits = 1;

pub type PJRT_HostBufferSemantics = c_uint;
pub const PJRT_HostBufferSemantics_kImmutableOnlyDuringCall: PJRT_HostBufferSemantics = 0;
pub const PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes: PJRT_HostBufferSemantics = 1;
pub const PJRT_HostBufferSemantics_kImmutableZeroCopy: PJRT_HostBufferSemantics = 2;
pub const PJRT_HostBufferSemantics_kMutableZeroCopy: PJRT_HostBufferSemantics = 3;

pub type PJRT_NamedValue_Type = c_uint;
pub const PJRT_NamedValue_kString: PJRT_NamedValue_Type = 0;
pub const PJRT_NamedValue_kInt64: PJRT_NamedValue_Type = 1;
pub const PJRT_NamedValue_kInt64List: PJRT_NamedValue_Type = 2;
pub const PJRT_NamedValue_kFloat: PJRT_NamedValue_Type = 3;
pub const PJRT_NamedValue_kBool: PJRT_NamedValue_Type = 4;

pub type PJRT_ProcessState = c_uint;
pub const PJRT_ProcessState_kUnspecified: PJRT_ProcessState = 0;
pub const PJRT_ProcessState_kUninitialized: PJRT_ProcessState = 1;
pub const PJRT_ProcessState_kDisconnected: PJRT_ProcessState = 2;
pub const PJRT_ProcessState_kConnected: PJRT_ProcessState = 3;
pub const PJRT_ProcessState_kError: PJRT_ProcessState = 4;

pub type PJRT_CallbackError =
    Option<unsafe extern "C" fn(PJRT_Error_Code, *const c_char, usize) -> *mut PJRT_Error>;
pub type PJRT_Callback_Function = Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>;
pub type PJRT_DeviceEvent_AndThen = Option<unsafe extern "C" fn(*mut c_void)>;
pub type PJRT_Error_PayloadVisitor =
    Option<unsafe extern "C" fn(*const c_char, usize, *const c_char, usize, *mut c_void)>;
pub type PJRT_Event_OnReadyCallback = Option<unsafe extern "C" fn(*mut PJRT_Error, *mut c_void)>;
pub type PJRT_HloOutputCallback = Option<
    unsafe extern "C" fn(
        i64,
        i64,
        *const c_void,
        *const i64,
        usize,
        PJRT_Buffer_Type,
        i64,
        *mut c_void,
    ),
>;
pub type PJRT_KeyValueGetCallback =
    Option<unsafe extern "C" fn(*mut PJRT_KeyValueGetCallback_Args) -> *mut PJRT_Error>;
pub type PJRT_KeyValueGetCallback_ValueDeleter = Option<unsafe extern "C" fn(*mut c_char)>;
pub type PJRT_KeyValuePutCallback =
    Option<unsafe extern "C" fn(*mut PJRT_KeyValuePutCallback_Args) -> *mut PJRT_Error>;
pub type PJRT_KeyValueTryGetCallback =
    Option<unsafe extern "C" fn(*mut PJRT_KeyValueTryGetCallback_Args) -> *mut PJRT_Error>;
pub type PJRT_KeyValueTryGetCallback_ValueDeleter = Option<unsafe extern "C" fn(*mut c_char)>;
pub type PJRT_RecvCallback =
    Option<unsafe extern "C" fn(*mut PJRT_CopyToDeviceStream, *mut c_void)>;
pub type PJRT_SendCallback = Option<
    unsafe extern "C" fn(
        *mut PJRT_Chunk,
        *mut PJRT_CallbackError,
        usize,
        bool,
        *mut c_void,
    ) -> *mut PJRT_Error,
>;

pub type PJRT_AsyncHostToDeviceTransferManager_AddMetadata = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_BufferCount = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_BufferSize = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_Destroy = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_Destroy_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_Device = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_Device_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_SetBufferError = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_TransferData = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_TransferData_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncHostToDeviceTransferManager_TransferLiteral = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_AsyncTrackingEvent_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_AsyncTrackingEvent_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_Bitcast =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_Bitcast_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_CopyRawToHost =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_CopyRawToHost_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_CopyRawToHostFuture = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Buffer_CopyRawToHostFuture_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_CopyToDevice =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_CopyToDevice_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_CopyToMemory =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_CopyToMemory_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_DecreaseExternalReferenceCount = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Buffer_DecreaseExternalReferenceCount_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_Delete =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_Delete_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_Device =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_Device_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_Dimensions =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_Dimensions_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_DonateWithControlDependency = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Buffer_DonateWithControlDependency_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_DynamicDimensionIndices = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Buffer_DynamicDimensionIndices_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_ElementType =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_ElementType_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_GetMemoryLayout =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_GetMemoryLayout_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_IncreaseExternalReferenceCount = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Buffer_IncreaseExternalReferenceCount_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_IsDeleted =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_IsDeleted_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_IsOnCpu =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_IsOnCpu_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_Memory =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_Memory_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_OnDeviceSizeInBytes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Buffer_OnDeviceSizeInBytes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_OpaqueDeviceMemoryDataPointer = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_ReadyEvent =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_ReadyEvent_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_ToHostBuffer =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_ToHostBuffer_Args) -> *mut PJRT_Error>;
pub type PJRT_Buffer_UnpaddedDimensions = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Buffer_UnpaddedDimensions_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Buffer_UnsafePointer =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Buffer_UnsafePointer_Args) -> *mut PJRT_Error>;
pub type PJRT_Callback_InvokeCallback =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Callback_InvokeCallback_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_AddressableDevices = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_AddressableDevices_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_AddressableMemories = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_AddressableMemories_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_BufferFromHostBuffer = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_BufferFromHostBuffer_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_Compile =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_Compile_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_Create =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_Create_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_CreateAliasBuffer =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_CreateAliasBuffer_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_CreateBuffersForAsyncHostToDevice = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Client_CreateBuffersForAsyncHostToDevice_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Client_CreateErrorBuffer =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_CreateErrorBuffer_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_CreateUninitializedBuffer = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_CreateUninitializedBuffer_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_CreateViewOfDeviceBuffer = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_CreateViewOfDeviceBuffer_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_DefaultDeviceAssignment = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_DefaultDeviceAssignment_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_Devices =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_Devices_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_DmaMap =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_DmaMap_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_DmaUnmap =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_DmaUnmap_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_FulfillAliasBuffer = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_FulfillAliasBuffer_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_Load =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_Load_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_LookupAddressableDevice = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_LookupAddressableDevice_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_LookupDevice =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_LookupDevice_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_PlatformName =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_PlatformName_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_PlatformVersion =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_PlatformVersion_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_ProcessIndex =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_ProcessIndex_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_RuntimeAbiVersion =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Client_RuntimeAbiVersion_Args) -> *mut PJRT_Error>;
pub type PJRT_Client_TopologyDescription = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_TopologyDescription_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Client_UpdateGlobalProcessInfo = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Client_UpdateGlobalProcessInfo_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_AllGather = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Collectives_Communicator_AllGather_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_AllReduce = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Collectives_Communicator_AllReduce_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_AllToAll = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Collectives_Communicator_AllToAll_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_CollectivePermute = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Collectives_Communicator_CollectivePermute_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Collectives_Communicator_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_ReduceScatter = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Collectives_Communicator_ReduceScatter_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Communicator_ToString = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Collectives_Communicator_ToString_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_CreateCommunicators = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Collectives_CreateCommunicators_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Collectives_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Collectives_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_Compile =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Compile_Args) -> *mut PJRT_Error>;
pub type PJRT_CopyToDeviceStream_AddChunk = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_CopyToDeviceStream_AddChunk_Args) -> *mut PJRT_Error,
>;
pub type PJRT_CopyToDeviceStream_CurrentBytes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_CopyToDeviceStream_CurrentBytes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_CopyToDeviceStream_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_CopyToDeviceStream_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_CopyToDeviceStream_GranuleSize = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_CopyToDeviceStream_GranuleSize_Args) -> *mut PJRT_Error,
>;
pub type PJRT_CopyToDeviceStream_TotalBytes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_CopyToDeviceStream_TotalBytes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_DeviceDescription_Attributes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_DeviceDescription_Attributes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_DeviceDescription_DebugString = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_DeviceDescription_DebugString_Args) -> *mut PJRT_Error,
>;
pub type PJRT_DeviceDescription_Id =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_DeviceDescription_Id_Args) -> *mut PJRT_Error>;
pub type PJRT_DeviceDescription_Kind =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_DeviceDescription_Kind_Args) -> *mut PJRT_Error>;
pub type PJRT_DeviceDescription_MemoryDescriptions = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_DeviceDescription_MemoryDescriptions_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_DeviceDescription_ProcessIndex = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_DeviceDescription_ProcessIndex_Args) -> *mut PJRT_Error,
>;
pub type PJRT_DeviceDescription_ToString = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_DeviceDescription_ToString_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Device_AddressableMemories = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Device_AddressableMemories_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Device_ClearMemoryStats =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_ClearMemoryStats_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_CreateAsyncTrackingEvent = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Device_CreateAsyncTrackingEvent_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Device_DefaultMemory =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_DefaultMemory_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_GetAttributes =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_GetAttributes_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_GetDescription =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_GetDescription_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_IsAddressable =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_IsAddressable_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_LocalHardwareId =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_LocalHardwareId_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_MemoryStats =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_MemoryStats_Args) -> *mut PJRT_Error>;
pub type PJRT_Device_PoisonExecution =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Device_PoisonExecution_Args) -> *mut PJRT_Error>;
pub type PJRT_Error_Destroy = Option<unsafe extern "C-unwind" fn(*mut PJRT_Error_Destroy_Args)>;
pub type PJRT_Error_ForEachPayload =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Error_ForEachPayload_Args) -> *mut PJRT_Error>;
pub type PJRT_Error_GetCode =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Error_GetCode_Args) -> *mut PJRT_Error>;
pub type PJRT_Error_Message = Option<unsafe extern "C-unwind" fn(*mut PJRT_Error_Message_Args)>;
pub type PJRT_Event_Await =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_Await_Args) -> *mut PJRT_Error>;
pub type PJRT_Event_Create =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_Create_Args) -> *mut PJRT_Error>;
pub type PJRT_Event_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_Event_Error =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_Error_Args) -> *mut PJRT_Error>;
pub type PJRT_Event_IsReady =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_IsReady_Args) -> *mut PJRT_Error>;
pub type PJRT_Event_OnReady =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_OnReady_Args) -> *mut PJRT_Error>;
pub type PJRT_Event_Set =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Event_Set_Args) -> *mut PJRT_Error>;
pub type PJRT_ExecutableAbiVersion_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_ExecutableAbiVersion_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_ExecutableAbiVersion_FromProto = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_ExecutableAbiVersion_FromProto_Args) -> *mut PJRT_Error,
>;
pub type PJRT_ExecutableAbiVersion_PlatformId = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_ExecutableAbiVersion_PlatformId_Args) -> *mut PJRT_Error,
>;
pub type PJRT_ExecutableAbiVersion_ToProto = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_ExecutableAbiVersion_ToProto_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_DeserializeAndLoad = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_DeserializeAndLoad_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_Fingerprint =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_Fingerprint_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_GetAbiVersion =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_GetAbiVersion_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_GetCompileOptions = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_GetCompileOptions_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_GetCompiledMemoryStats = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Executable_GetCompiledMemoryStats_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_GetCostAnalysis = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_GetCostAnalysis_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_Name =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_Name_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_NumOutputs =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_NumOutputs_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_NumPartitions =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_NumPartitions_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_NumReplicas =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_NumReplicas_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_OptimizedProgram = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_OptimizedProgram_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_OutputDimensions = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_OutputDimensions_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_OutputElementTypes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_OutputElementTypes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_OutputMemoryKinds = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_OutputMemoryKinds_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_ParameterMemoryKinds = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Executable_ParameterMemoryKinds_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Executable_Serialize =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Executable_Serialize_Args) -> *mut PJRT_Error>;
pub type PJRT_Executable_SizeOfGeneratedCodeInBytes = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Executable_SizeOfGeneratedCodeInBytes_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_ExecuteContext_Create =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_ExecuteContext_Create_Args) -> *mut PJRT_Error>;
pub type PJRT_ExecuteContext_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_ExecuteContext_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_FFI_Register_Handler =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_FFI_Register_Handler_Args) -> *mut PJRT_Error>;
pub type PJRT_FFI_Type_Register =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_FFI_Type_Register_Args) -> *mut PJRT_Error>;
pub type PJRT_FFI_UserData_Add =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_FFI_UserData_Add_Args) -> *mut PJRT_Error>;
pub type PJRT_Get_Stream_For_External_Ready_Events = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Get_Stream_For_External_Ready_Events_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Gpu_Register_Custom_Call =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Gpu_Register_Custom_Call_Args) -> *mut PJRT_Error>;
pub type PJRT_Layouts_MemoryLayout_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Layouts_MemoryLayout_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Layouts_MemoryLayout_Serialize = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Layouts_MemoryLayout_Serialize_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Layouts_PJRT_Buffer_MemoryLayout = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Layouts_PJRT_Client_GetDefaultLayout = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Layouts_PJRT_Executable_GetOutputLayouts = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Layouts_PJRT_Executable_GetParameterLayouts = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Layouts_PJRT_Topology_GetDefaultLayout = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_LoadedExecutable_AddressableDeviceLogicalIds = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_LoadedExecutable_AddressableDevices = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_LoadedExecutable_AddressableDevices_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_LoadedExecutable_Delete =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_LoadedExecutable_Delete_Args) -> *mut PJRT_Error>;
pub type PJRT_LoadedExecutable_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_LoadedExecutable_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_LoadedExecutable_Execute =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_LoadedExecutable_Execute_Args) -> *mut PJRT_Error>;
pub type PJRT_LoadedExecutable_Fingerprint = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_LoadedExecutable_Fingerprint_Args) -> *mut PJRT_Error,
>;
pub type PJRT_LoadedExecutable_GetDeviceAssignment = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_LoadedExecutable_GetDeviceAssignment_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_LoadedExecutable_GetExecutable = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_LoadedExecutable_GetExecutable_Args) -> *mut PJRT_Error,
>;
pub type PJRT_LoadedExecutable_IsDeleted = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_LoadedExecutable_IsDeleted_Args) -> *mut PJRT_Error,
>;
pub type PJRT_MemoryDescription_Kind =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_MemoryDescription_Kind_Args) -> *mut PJRT_Error>;
pub type PJRT_Memory_AddressableByDevices = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Memory_AddressableByDevices_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Memory_DebugString =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Memory_DebugString_Args) -> *mut PJRT_Error>;
pub type PJRT_Memory_Id =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Memory_Id_Args) -> *mut PJRT_Error>;
pub type PJRT_Memory_Kind =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Memory_Kind_Args) -> *mut PJRT_Error>;
pub type PJRT_Memory_Kind_Id =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Memory_Kind_Id_Args) -> *mut PJRT_Error>;
pub type PJRT_Memory_ToString =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Memory_ToString_Args) -> *mut PJRT_Error>;
pub type PJRT_MultiSlice_Config_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_MultiSlice_Config_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_MultiSlice_Config_NumDevicesPerSlice = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_MultiSlice_Config_NumDevicesPerSlice_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_MultiSlice_Config_NumSlices = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_MultiSlice_Config_NumSlices_Args) -> *mut PJRT_Error,
>;
pub type PJRT_MultiSlice_Config_Serialize = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_MultiSlice_Config_Serialize_Args) -> *mut PJRT_Error,
>;
pub type PJRT_MultiSlice_Config_SliceId = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_MultiSlice_Config_SliceId_Args) -> *mut PJRT_Error,
>;
pub type PJRT_PhaseCompile_C_Buffers_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_PhaseCompile_C_Buffers_Destroy_Args)>;
pub type PJRT_PhaseCompile_Destroy_Compiler =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_PhaseCompile_Destroy_Compiler_Args)>;
pub type PJRT_PhaseCompile_Get_Compiler = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_PhaseCompile_Get_Compiler_Args) -> *mut PJRT_Error,
>;
pub type PJRT_PhaseCompile_Get_PhaseNames = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_PhaseCompile_Get_PhaseNames_Args) -> *mut PJRT_Error,
>;
pub type PJRT_PhaseCompile_Run_Phase =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_PhaseCompile_Run_Phase_Args) -> *mut PJRT_Error>;
pub type PJRT_Plugin_Attributes =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Plugin_Attributes_Args) -> *mut PJRT_Error>;
pub type PJRT_Plugin_Initialize =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_Plugin_Initialize_Args) -> *mut PJRT_Error>;
pub type PJRT_RawBuffer_CopyRawDeviceToHost = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_CopyRawDeviceToHost_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RawBuffer_CopyRawHostToDevice = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_CopyRawHostToDevice_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RawBuffer_CreateRawAliasOfBuffer = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_CreateRawAliasOfBuffer_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RawBuffer_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_Destroy_Args) -> *mut PJRT_Error>;
pub type PJRT_RawBuffer_GetHostPointer =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_GetHostPointer_Args) -> *mut PJRT_Error>;
pub type PJRT_RawBuffer_GetMemorySpace =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_GetMemorySpace_Args) -> *mut PJRT_Error>;
pub type PJRT_RawBuffer_GetOnDeviceSizeInBytes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Register_Batch_Partitionable = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Register_Batch_Partitionable_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Register_Callback = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Callback_RegisterCallback_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Register_Custom_Partitioner = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_Register_Custom_Partitioner_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RuntimeAbiVersion_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RuntimeAbiVersion_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RuntimeAbiVersion_FromProto = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RuntimeAbiVersion_FromProto_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_RuntimeAbiVersion_PlatformId = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RuntimeAbiVersion_PlatformId_Args) -> *mut PJRT_Error,
>;
pub type PJRT_RuntimeAbiVersion_ToProto = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_RuntimeAbiVersion_ToProto_Args) -> *mut PJRT_Error,
>;
pub type PJRT_Shardings_PJRT_Executable_OutputShardings = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Shardings_PJRT_Executable_OutputShardings_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Shardings_PJRT_Executable_ParameterShardings = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Shardings_PJRT_Executable_ParameterShardings_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_Attributes = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_Attributes_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_Create = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_Create_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_Deserialize = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_Deserialize_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_Destroy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_Fingerprint = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_Fingerprint_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_GetDeviceDescriptions = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TopologyDescription_GetDeviceDescriptions_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_GetMemorySpaceKindIds = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TopologyDescription_GetMemorySpaceKindIds_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_PlatformName = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_PlatformName_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_PlatformVersion = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TopologyDescription_PlatformVersion_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TopologyDescription_Serialize = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TopologyDescription_Serialize_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ChipBounds =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ChipBounds_Args) -> *mut PJRT_Error>;
pub type PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ChipCount =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ChipCount_Args) -> *mut PJRT_Error>;
pub type PJRT_TpuTopology_ChipIdFromCoord = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ChipIdFromCoord_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ChipsPerProcess = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ChipsPerProcess_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ChipsPerProcessBounds = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_ChipsPerProcessBounds_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_CoreCount =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_CoreCount_Args) -> *mut PJRT_Error>;
pub type PJRT_TpuTopology_CoreCountPerChip = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_CoreCountPerChip_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_CoreCountPerProcess = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_CoreCountPerProcess_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_GetDefaultPlatformConfig = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_GetDefaultPlatformConfig_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_GetRoutingStrategy = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_GetRoutingStrategy_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_GetSliceConfig = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_GetSliceConfig_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_GetSliceConfigs = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_GetSliceConfigs_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_HasLimitedIciConnectivity = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_HasLimitedIciConnectivity_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_IsEnhancedBarrierEnabled = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_IsReachableOverLimitedIci = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_IsReachableOverLimitedIci_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_IsSubsliceTopology = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_IsSubsliceTopology_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_LogiDeviceCount = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_LogiDeviceCount_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_LogiDeviceCountPerChip = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_LogiDeviceCountPerChip_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_LogiDeviceCountPerProcess = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_LogiDeviceCountPerProcess_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_LogiDeviceIdsOnProcess = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ProcIdAndIdxOnProcForChip = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ProcessBounds = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ProcessBounds_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ProcessCoordFromId = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ProcessCoordFromId_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_ProcessCount =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ProcessCount_Args) -> *mut PJRT_Error>;
pub type PJRT_TpuTopology_ProcessIds =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ProcessIds_Args) -> *mut PJRT_Error>;
pub type PJRT_TpuTopology_ReplaceHostBounds = Option<
    unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_ReplaceHostBounds_Args) -> *mut PJRT_Error,
>;
pub type PJRT_TpuTopology_Subslice =
    Option<unsafe extern "C-unwind" fn(*mut PJRT_TpuTopology_Subslice_Args) -> *mut PJRT_Error>;
pub type PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args,
    ) -> *mut PJRT_Error,
>;
pub type PJRT_Wait_Until_Buffer_Ready_On_Stream = Option<
    unsafe extern "C-unwind" fn(
        *mut PJRT_Wait_Until_Buffer_Ready_On_Stream_Args,
    ) -> *mut PJRT_Error,
>;
pub type PLUGIN_Profiler_CollectData = Option<
    unsafe extern "C-unwind" fn(
        *mut PLUGIN_Profiler_CollectData_Args,
    ) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_Consume = Option<
    unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Consume_Args) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_ConsumeResult_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_ConsumeResult_Destroy_Args)>;
pub type PLUGIN_Profiler_Create = Option<
    unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Create_Args) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_Destroy = Option<
    unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Destroy_Args) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_Error_Destroy =
    Option<unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Error_Destroy_Args)>;
pub type PLUGIN_Profiler_Error_GetCode = Option<
    unsafe extern "C-unwind" fn(
        *mut PLUGIN_Profiler_Error_GetCode_Args,
    ) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_Error_Message =
    Option<unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Error_Message_Args)>;
pub type PLUGIN_Profiler_Serialize = Option<
    unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Serialize_Args) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_Start = Option<
    unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Start_Args) -> *mut PLUGIN_Profiler_Error,
>;
pub type PLUGIN_Profiler_Stop = Option<
    unsafe extern "C-unwind" fn(*mut PLUGIN_Profiler_Stop_Args) -> *mut PLUGIN_Profiler_Error,
>;

opaque! { PJRT_AsyncHostToDeviceTransferManager
PJRT_AsyncTrackingEvent
PJRT_Buffer
PJRT_Client
PJRT_Collectives
PJRT_Collectives_Communicator
PJRT_Collectives_Communicators
PJRT_Collectives_ToString_Holder
PJRT_CopyToDeviceStream
PJRT_Device
PJRT_DeviceAssignmentSerialized
PJRT_DeviceDescription
PJRT_Device_Attributes
PJRT_Event
PJRT_Executable
PJRT_ExecutableAbiVersion
PJRT_ExecuteContext
PJRT_FulfillAliasBufferCallback
PJRT_Layouts_MemoryLayout
PJRT_Layouts_SerializedLayout
PJRT_LoadedExecutable
PJRT_MemoryDescription
PJRT_MultiSlice_Config
PJRT_MultiSlice_NumDevicesPerSlice
PJRT_MultiSlice_SerializedConfig
PJRT_PhaseCompiler
PJRT_RuntimeAbiVersion
PJRT_SerializedCompileOptions
PJRT_SerializedExecutable
PJRT_SerializedProto
PJRT_SerializedTopology
PJRT_TopologyDescription
PLUGIN_Profiler
PLUGIN_Profiler_ConsumeResult
PLUGIN_Profiler_Error }

/// A union without a name upstream.
#[repr(C)]
#[derive(Clone, Copy)]
pub union PJRT_Buffer_MemoryLayout_Value {
    pub tiled: PJRT_Buffer_MemoryLayout_Tiled,
    pub strides: PJRT_Buffer_MemoryLayout_Strides,
}

const _: () = assert!(size_of::<PJRT_Buffer_MemoryLayout_Value>() == 56);
/// A union without a name upstream.
#[repr(C)]
#[derive(Clone, Copy)]
pub union PJRT_NamedValue_Value {
    pub string_value: *const c_char,
    pub int64_value: i64,
    pub int64_array_value: *const i64,
    pub float_value: f32,
    pub bool_value: bool,
}

const _: () = assert!(size_of::<PJRT_NamedValue_Value>() == 8);

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_Callbacks {
    pub version: i64,
    pub private_data: *mut c_void,
    pub dtor: Option<unsafe extern "C" fn(*mut JAX_CustomCallPartitioner_Callbacks)>,
    pub partition: Option<
        unsafe extern "C" fn(
            *mut JAX_CustomCallPartitioner_Callbacks,
            *mut JAX_CustomCallPartitioner_Partition_Args,
        ),
    >,
    pub infer_sharding: Option<
        unsafe extern "C" fn(
            *mut JAX_CustomCallPartitioner_Callbacks,
            *mut JAX_CustomCallPartitioner_InferShardingFromOperands_Args,
        ),
    >,
    pub propagate_user_sharding: Option<
        unsafe extern "C" fn(
            *mut JAX_CustomCallPartitioner_Callbacks,
            *mut JAX_CustomCallPartitioner_PropagateUserSharding_Args,
        ),
    >,
    pub can_side_effecting_have_replicated_sharding: bool,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_Callbacks>() == 56);
    assert!(offset_of!(JAX_CustomCallPartitioner_Callbacks, version) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_Callbacks, private_data) == 8);
    assert!(offset_of!(JAX_CustomCallPartitioner_Callbacks, dtor) == 16);
    assert!(offset_of!(JAX_CustomCallPartitioner_Callbacks, partition) == 24);
    assert!(offset_of!(JAX_CustomCallPartitioner_Callbacks, infer_sharding) == 32);
    assert!(offset_of!(JAX_CustomCallPartitioner_Callbacks, propagate_user_sharding) == 40);
    assert!(
        offset_of!(
            JAX_CustomCallPartitioner_Callbacks,
            can_side_effecting_have_replicated_sharding
        ) == 48
    );
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_InferShardingFromOperands_Args {
    pub header: JAX_CustomCallPartitioner_version_and_error,
    pub num_args: usize,
    pub op_args: *mut JAX_CustomCallPartitioner_aval,
    pub result_shape: JAX_CustomCallPartitioner_string,
    pub backend_config: JAX_CustomCallPartitioner_string,
    pub has_result_sharding: bool,
    pub result_sharding: JAX_CustomCallPartitioner_string,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_InferShardingFromOperands_Args>() == 120);
    assert!(offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, header) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, num_args) == 48);
    assert!(offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, op_args) == 56);
    assert!(
        offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, result_shape) == 64
    );
    assert!(
        offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, backend_config) == 80
    );
    assert!(
        offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, has_result_sharding)
            == 96
    );
    assert!(
        offset_of!(JAX_CustomCallPartitioner_InferShardingFromOperands_Args, result_sharding)
            == 104
    );
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_Partition_Args {
    pub header: JAX_CustomCallPartitioner_version_and_error,
    pub num_args: usize,
    pub op_args: *mut JAX_CustomCallPartitioner_aval,
    pub op_result: JAX_CustomCallPartitioner_aval,
    pub backend_config: JAX_CustomCallPartitioner_string,
    pub mlir_module: JAX_CustomCallPartitioner_string,
    pub args_sharding: *mut JAX_CustomCallPartitioner_string,
    pub result_sharding: JAX_CustomCallPartitioner_string,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_Partition_Args>() == 160);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, header) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, num_args) == 48);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, op_args) == 56);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, op_result) == 64);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, backend_config) == 104);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, mlir_module) == 120);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, args_sharding) == 136);
    assert!(offset_of!(JAX_CustomCallPartitioner_Partition_Args, result_sharding) == 144);
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_PropagateUserSharding_Args {
    pub header: JAX_CustomCallPartitioner_version_and_error,
    pub backend_config: JAX_CustomCallPartitioner_string,
    pub result_shape: JAX_CustomCallPartitioner_string,
    pub result_sharding: JAX_CustomCallPartitioner_string,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_PropagateUserSharding_Args>() == 96);
    assert!(offset_of!(JAX_CustomCallPartitioner_PropagateUserSharding_Args, header) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_PropagateUserSharding_Args, backend_config) == 48);
    assert!(offset_of!(JAX_CustomCallPartitioner_PropagateUserSharding_Args, result_shape) == 64);
    assert!(
        offset_of!(JAX_CustomCallPartitioner_PropagateUserSharding_Args, result_sharding) == 80
    );
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_aval {
    pub shape: JAX_CustomCallPartitioner_string,
    pub has_sharding: bool,
    pub sharding: JAX_CustomCallPartitioner_string,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_aval>() == 40);
    assert!(offset_of!(JAX_CustomCallPartitioner_aval, shape) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_aval, has_sharding) == 16);
    assert!(offset_of!(JAX_CustomCallPartitioner_aval, sharding) == 24);
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_string {
    pub data: *const c_char,
    pub size: usize,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_string>() == 16);
    assert!(offset_of!(JAX_CustomCallPartitioner_string, data) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_string, size) == 8);
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct JAX_CustomCallPartitioner_version_and_error {
    pub api_version: i64,
    pub data: *mut c_void,
    pub cleanup_fn: Option<unsafe extern "C" fn(*mut c_void)>,
    pub has_error: bool,
    pub code: PJRT_Error_Code,
    pub error_msg: JAX_CustomCallPartitioner_string,
}

const _: () = {
    assert!(size_of::<JAX_CustomCallPartitioner_version_and_error>() == 48);
    assert!(offset_of!(JAX_CustomCallPartitioner_version_and_error, api_version) == 0);
    assert!(offset_of!(JAX_CustomCallPartitioner_version_and_error, data) == 8);
    assert!(offset_of!(JAX_CustomCallPartitioner_version_and_error, cleanup_fn) == 16);
    assert!(offset_of!(JAX_CustomCallPartitioner_version_and_error, has_error) == 24);
    assert!(offset_of!(JAX_CustomCallPartitioner_version_and_error, code) == 28);
    assert!(offset_of!(JAX_CustomCallPartitioner_version_and_error, error_msg) == 32);
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AbiVersion_Extension {
    pub base: PJRT_Extension_Base,
    pub client_runtime_abi_version: PJRT_Client_RuntimeAbiVersion,
    pub executable_get_abi_version: PJRT_Executable_GetAbiVersion,
    pub runtime_abi_version_destroy: PJRT_RuntimeAbiVersion_Destroy,
    pub runtime_abi_version_is_compatible_with_runtime:
        PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime,
    pub runtime_abi_version_is_compatible_with_executable:
        PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable,
    pub runtime_abi_version_to_proto: PJRT_RuntimeAbiVersion_ToProto,
    pub runtime_abi_version_platform_id: PJRT_RuntimeAbiVersion_PlatformId,
    pub executable_abi_version_destroy: PJRT_ExecutableAbiVersion_Destroy,
    pub executable_abi_version_to_proto: PJRT_ExecutableAbiVersion_ToProto,
    pub executable_abi_version_platform_id: PJRT_ExecutableAbiVersion_PlatformId,
    pub runtime_abi_version_from_proto: PJRT_RuntimeAbiVersion_FromProto,
    pub executable_abi_version_from_proto: PJRT_ExecutableAbiVersion_FromProto,
}

const _: () = {
    assert!(size_of::<PJRT_AbiVersion_Extension>() == 120);
    assert!(offset_of!(PJRT_AbiVersion_Extension, base) == 0);
    assert!(offset_of!(PJRT_AbiVersion_Extension, client_runtime_abi_version) == 24);
    assert!(offset_of!(PJRT_AbiVersion_Extension, executable_get_abi_version) == 32);
    assert!(offset_of!(PJRT_AbiVersion_Extension, runtime_abi_version_destroy) == 40);
    assert!(
        offset_of!(PJRT_AbiVersion_Extension, runtime_abi_version_is_compatible_with_runtime) == 48
    );
    assert!(
        offset_of!(PJRT_AbiVersion_Extension, runtime_abi_version_is_compatible_with_executable)
            == 56
    );
    assert!(offset_of!(PJRT_AbiVersion_Extension, runtime_abi_version_to_proto) == 64);
    assert!(offset_of!(PJRT_AbiVersion_Extension, runtime_abi_version_platform_id) == 72);
    assert!(offset_of!(PJRT_AbiVersion_Extension, executable_abi_version_destroy) == 80);
    assert!(offset_of!(PJRT_AbiVersion_Extension, executable_abi_version_to_proto) == 88);
    assert!(offset_of!(PJRT_AbiVersion_Extension, executable_abi_version_platform_id) == 96);
    assert!(offset_of!(PJRT_AbiVersion_Extension, runtime_abi_version_from_proto) == 104);
    assert!(offset_of!(PJRT_AbiVersion_Extension, executable_abi_version_from_proto) == 112);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Api {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub pjrt_api_version: PJRT_Api_Version,
    pub PJRT_Error_Destroy: PJRT_Error_Destroy,
    pub PJRT_Error_Message: PJRT_Error_Message,
    pub PJRT_Error_GetCode: PJRT_Error_GetCode,
    pub PJRT_Plugin_Initialize: PJRT_Plugin_Initialize,
    pub PJRT_Plugin_Attributes: PJRT_Plugin_Attributes,
    pub PJRT_Event_Destroy: PJRT_Event_Destroy,
    pub PJRT_Event_IsReady: PJRT_Event_IsReady,
    pub PJRT_Event_Error: PJRT_Event_Error,
    pub PJRT_Event_Await: PJRT_Event_Await,
    pub PJRT_Event_OnReady: PJRT_Event_OnReady,
    pub PJRT_Client_Create: PJRT_Client_Create,
    pub PJRT_Client_Destroy: PJRT_Client_Destroy,
    pub PJRT_Client_PlatformName: PJRT_Client_PlatformName,
    pub PJRT_Client_ProcessIndex: PJRT_Client_ProcessIndex,
    pub PJRT_Client_PlatformVersion: PJRT_Client_PlatformVersion,
    pub PJRT_Client_Devices: PJRT_Client_Devices,
    pub PJRT_Client_AddressableDevices: PJRT_Client_AddressableDevices,
    pub PJRT_Client_LookupDevice: PJRT_Client_LookupDevice,
    pub PJRT_Client_LookupAddressableDevice: PJRT_Client_LookupAddressableDevice,
    pub PJRT_Client_AddressableMemories: PJRT_Client_AddressableMemories,
    pub PJRT_Client_Compile: PJRT_Client_Compile,
    pub PJRT_Client_DefaultDeviceAssignment: PJRT_Client_DefaultDeviceAssignment,
    pub PJRT_Client_BufferFromHostBuffer: PJRT_Client_BufferFromHostBuffer,
    pub PJRT_DeviceDescription_Id: PJRT_DeviceDescription_Id,
    pub PJRT_DeviceDescription_ProcessIndex: PJRT_DeviceDescription_ProcessIndex,
    pub PJRT_DeviceDescription_Attributes: PJRT_DeviceDescription_Attributes,
    pub PJRT_DeviceDescription_Kind: PJRT_DeviceDescription_Kind,
    pub PJRT_DeviceDescription_DebugString: PJRT_DeviceDescription_DebugString,
    pub PJRT_DeviceDescription_ToString: PJRT_DeviceDescription_ToString,
    pub PJRT_Device_GetDescription: PJRT_Device_GetDescription,
    pub PJRT_Device_IsAddressable: PJRT_Device_IsAddressable,
    pub PJRT_Device_LocalHardwareId: PJRT_Device_LocalHardwareId,
    pub PJRT_Device_AddressableMemories: PJRT_Device_AddressableMemories,
    pub PJRT_Device_DefaultMemory: PJRT_Device_DefaultMemory,
    pub PJRT_Device_MemoryStats: PJRT_Device_MemoryStats,
    pub PJRT_Memory_Id: PJRT_Memory_Id,
    pub PJRT_Memory_Kind: PJRT_Memory_Kind,
    pub PJRT_Memory_DebugString: PJRT_Memory_DebugString,
    pub PJRT_Memory_ToString: PJRT_Memory_ToString,
    pub PJRT_Memory_AddressableByDevices: PJRT_Memory_AddressableByDevices,
    pub PJRT_Executable_Destroy: PJRT_Executable_Destroy,
    pub PJRT_Executable_Name: PJRT_Executable_Name,
    pub PJRT_Executable_NumReplicas: PJRT_Executable_NumReplicas,
    pub PJRT_Executable_NumPartitions: PJRT_Executable_NumPartitions,
    pub PJRT_Executable_NumOutputs: PJRT_Executable_NumOutputs,
    pub PJRT_Executable_SizeOfGeneratedCodeInBytes: PJRT_Executable_SizeOfGeneratedCodeInBytes,
    pub PJRT_Executable_GetCostAnalysis: PJRT_Executable_GetCostAnalysis,
    pub PJRT_Executable_OutputMemoryKinds: PJRT_Executable_OutputMemoryKinds,
    pub PJRT_Executable_OptimizedProgram: PJRT_Executable_OptimizedProgram,
    pub PJRT_Executable_Serialize: PJRT_Executable_Serialize,
    pub PJRT_LoadedExecutable_Destroy: PJRT_LoadedExecutable_Destroy,
    pub PJRT_LoadedExecutable_GetExecutable: PJRT_LoadedExecutable_GetExecutable,
    pub PJRT_LoadedExecutable_AddressableDevices: PJRT_LoadedExecutable_AddressableDevices,
    pub PJRT_LoadedExecutable_Delete: PJRT_LoadedExecutable_Delete,
    pub PJRT_LoadedExecutable_IsDeleted: PJRT_LoadedExecutable_IsDeleted,
    pub PJRT_LoadedExecutable_Execute: PJRT_LoadedExecutable_Execute,
    pub PJRT_Executable_DeserializeAndLoad: PJRT_Executable_DeserializeAndLoad,
    pub PJRT_LoadedExecutable_Fingerprint: PJRT_LoadedExecutable_Fingerprint,
    pub PJRT_Buffer_Destroy: PJRT_Buffer_Destroy,
    pub PJRT_Buffer_ElementType: PJRT_Buffer_ElementType,
    pub PJRT_Buffer_Dimensions: PJRT_Buffer_Dimensions,
    pub PJRT_Buffer_UnpaddedDimensions: PJRT_Buffer_UnpaddedDimensions,
    pub PJRT_Buffer_DynamicDimensionIndices: PJRT_Buffer_DynamicDimensionIndices,
    pub PJRT_Buffer_GetMemoryLayout: PJRT_Buffer_GetMemoryLayout,
    pub PJRT_Buffer_OnDeviceSizeInBytes: PJRT_Buffer_OnDeviceSizeInBytes,
    pub PJRT_Buffer_Device: PJRT_Buffer_Device,
    pub PJRT_Buffer_Memory: PJRT_Buffer_Memory,
    pub PJRT_Buffer_Delete: PJRT_Buffer_Delete,
    pub PJRT_Buffer_IsDeleted: PJRT_Buffer_IsDeleted,
    pub PJRT_Buffer_CopyToDevice: PJRT_Buffer_CopyToDevice,
    pub PJRT_Buffer_ToHostBuffer: PJRT_Buffer_ToHostBuffer,
    pub PJRT_Buffer_IsOnCpu: PJRT_Buffer_IsOnCpu,
    pub PJRT_Buffer_ReadyEvent: PJRT_Buffer_ReadyEvent,
    pub PJRT_Buffer_UnsafePointer: PJRT_Buffer_UnsafePointer,
    pub PJRT_Buffer_IncreaseExternalReferenceCount: PJRT_Buffer_IncreaseExternalReferenceCount,
    pub PJRT_Buffer_DecreaseExternalReferenceCount: PJRT_Buffer_DecreaseExternalReferenceCount,
    pub PJRT_Buffer_OpaqueDeviceMemoryDataPointer: PJRT_Buffer_OpaqueDeviceMemoryDataPointer,
    pub PJRT_CopyToDeviceStream_Destroy: PJRT_CopyToDeviceStream_Destroy,
    pub PJRT_CopyToDeviceStream_AddChunk: PJRT_CopyToDeviceStream_AddChunk,
    pub PJRT_CopyToDeviceStream_TotalBytes: PJRT_CopyToDeviceStream_TotalBytes,
    pub PJRT_CopyToDeviceStream_GranuleSize: PJRT_CopyToDeviceStream_GranuleSize,
    pub PJRT_CopyToDeviceStream_CurrentBytes: PJRT_CopyToDeviceStream_CurrentBytes,
    pub PJRT_TopologyDescription_Create: PJRT_TopologyDescription_Create,
    pub PJRT_TopologyDescription_Destroy: PJRT_TopologyDescription_Destroy,
    pub PJRT_TopologyDescription_PlatformName: PJRT_TopologyDescription_PlatformName,
    pub PJRT_TopologyDescription_PlatformVersion: PJRT_TopologyDescription_PlatformVersion,
    pub PJRT_TopologyDescription_GetDeviceDescriptions:
        PJRT_TopologyDescription_GetDeviceDescriptions,
    pub PJRT_TopologyDescription_Serialize: PJRT_TopologyDescription_Serialize,
    pub PJRT_TopologyDescription_Attributes: PJRT_TopologyDescription_Attributes,
    pub PJRT_Compile: PJRT_Compile,
    pub PJRT_Executable_OutputElementTypes: PJRT_Executable_OutputElementTypes,
    pub PJRT_Executable_OutputDimensions: PJRT_Executable_OutputDimensions,
    pub PJRT_Buffer_CopyToMemory: PJRT_Buffer_CopyToMemory,
    pub PJRT_Client_CreateViewOfDeviceBuffer: PJRT_Client_CreateViewOfDeviceBuffer,
    pub PJRT_Executable_Fingerprint: PJRT_Executable_Fingerprint,
    pub PJRT_Client_TopologyDescription: PJRT_Client_TopologyDescription,
    pub PJRT_Executable_GetCompiledMemoryStats: PJRT_Executable_GetCompiledMemoryStats,
    pub PJRT_Memory_Kind_Id: PJRT_Memory_Kind_Id,
    pub PJRT_ExecuteContext_Create: PJRT_ExecuteContext_Create,
    pub PJRT_ExecuteContext_Destroy: PJRT_ExecuteContext_Destroy,
    pub PJRT_Buffer_CopyRawToHost: PJRT_Buffer_CopyRawToHost,
    pub PJRT_AsyncHostToDeviceTransferManager_Destroy:
        PJRT_AsyncHostToDeviceTransferManager_Destroy,
    pub PJRT_AsyncHostToDeviceTransferManager_TransferData:
        PJRT_AsyncHostToDeviceTransferManager_TransferData,
    pub PJRT_Client_CreateBuffersForAsyncHostToDevice:
        PJRT_Client_CreateBuffersForAsyncHostToDevice,
    pub PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer:
        PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer,
    pub PJRT_AsyncHostToDeviceTransferManager_Device: PJRT_AsyncHostToDeviceTransferManager_Device,
    pub PJRT_AsyncHostToDeviceTransferManager_BufferCount:
        PJRT_AsyncHostToDeviceTransferManager_BufferCount,
    pub PJRT_AsyncHostToDeviceTransferManager_BufferSize:
        PJRT_AsyncHostToDeviceTransferManager_BufferSize,
    pub PJRT_AsyncHostToDeviceTransferManager_SetBufferError:
        PJRT_AsyncHostToDeviceTransferManager_SetBufferError,
    pub PJRT_AsyncHostToDeviceTransferManager_AddMetadata:
        PJRT_AsyncHostToDeviceTransferManager_AddMetadata,
    pub PJRT_Client_DmaMap: PJRT_Client_DmaMap,
    pub PJRT_Client_DmaUnmap: PJRT_Client_DmaUnmap,
    pub PJRT_Client_CreateUninitializedBuffer: PJRT_Client_CreateUninitializedBuffer,
    pub PJRT_Client_UpdateGlobalProcessInfo: PJRT_Client_UpdateGlobalProcessInfo,
    pub PJRT_TopologyDescription_Deserialize: PJRT_TopologyDescription_Deserialize,
    pub PJRT_Client_CreateAliasBuffer: PJRT_Client_CreateAliasBuffer,
    pub PJRT_Client_FulfillAliasBuffer: PJRT_Client_FulfillAliasBuffer,
    pub PJRT_LoadedExecutable_GetDeviceAssignment: PJRT_LoadedExecutable_GetDeviceAssignment,
    pub PJRT_Client_CreateErrorBuffer: PJRT_Client_CreateErrorBuffer,
    pub PJRT_AsyncHostToDeviceTransferManager_TransferLiteral:
        PJRT_AsyncHostToDeviceTransferManager_TransferLiteral,
    pub PJRT_Buffer_CopyRawToHostFuture: PJRT_Buffer_CopyRawToHostFuture,
    pub PJRT_Device_PoisonExecution: PJRT_Device_PoisonExecution,
    pub PJRT_Device_CreateAsyncTrackingEvent: PJRT_Device_CreateAsyncTrackingEvent,
    pub PJRT_AsyncTrackingEvent_Destroy: PJRT_AsyncTrackingEvent_Destroy,
    pub PJRT_Executable_GetCompileOptions: PJRT_Executable_GetCompileOptions,
    pub PJRT_Buffer_DonateWithControlDependency: PJRT_Buffer_DonateWithControlDependency,
    pub PJRT_Event_Create: PJRT_Event_Create,
    pub PJRT_Event_Set: PJRT_Event_Set,
    pub PJRT_Device_GetAttributes: PJRT_Device_GetAttributes,
    pub PJRT_Client_Load: PJRT_Client_Load,
    pub PJRT_LoadedExecutable_AddressableDeviceLogicalIds:
        PJRT_LoadedExecutable_AddressableDeviceLogicalIds,
    pub PJRT_Buffer_Bitcast: PJRT_Buffer_Bitcast,
    pub PJRT_Error_ForEachPayload: PJRT_Error_ForEachPayload,
    pub PJRT_TopologyDescription_Fingerprint: PJRT_TopologyDescription_Fingerprint,
    pub PJRT_Executable_ParameterMemoryKinds: PJRT_Executable_ParameterMemoryKinds,
    pub PJRT_Device_ClearMemoryStats: PJRT_Device_ClearMemoryStats,
    pub PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace:
        PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace,
    pub PJRT_TopologyDescription_GetMemorySpaceKindIds:
        PJRT_TopologyDescription_GetMemorySpaceKindIds,
}

sized!(PJRT_Api, 1144);

const _: () = {
    assert!(size_of::<PJRT_Api>() == 1144);
    assert!(offset_of!(PJRT_Api, struct_size) == 0);
    assert!(offset_of!(PJRT_Api, extension_start) == 8);
    assert!(offset_of!(PJRT_Api, pjrt_api_version) == 16);
    assert!(offset_of!(PJRT_Api, PJRT_Error_Destroy) == 40);
    assert!(offset_of!(PJRT_Api, PJRT_Error_Message) == 48);
    assert!(offset_of!(PJRT_Api, PJRT_Error_GetCode) == 56);
    assert!(offset_of!(PJRT_Api, PJRT_Plugin_Initialize) == 64);
    assert!(offset_of!(PJRT_Api, PJRT_Plugin_Attributes) == 72);
    assert!(offset_of!(PJRT_Api, PJRT_Event_Destroy) == 80);
    assert!(offset_of!(PJRT_Api, PJRT_Event_IsReady) == 88);
    assert!(offset_of!(PJRT_Api, PJRT_Event_Error) == 96);
    assert!(offset_of!(PJRT_Api, PJRT_Event_Await) == 104);
    assert!(offset_of!(PJRT_Api, PJRT_Event_OnReady) == 112);
    assert!(offset_of!(PJRT_Api, PJRT_Client_Create) == 120);
    assert!(offset_of!(PJRT_Api, PJRT_Client_Destroy) == 128);
    assert!(offset_of!(PJRT_Api, PJRT_Client_PlatformName) == 136);
    assert!(offset_of!(PJRT_Api, PJRT_Client_ProcessIndex) == 144);
    assert!(offset_of!(PJRT_Api, PJRT_Client_PlatformVersion) == 152);
    assert!(offset_of!(PJRT_Api, PJRT_Client_Devices) == 160);
    assert!(offset_of!(PJRT_Api, PJRT_Client_AddressableDevices) == 168);
    assert!(offset_of!(PJRT_Api, PJRT_Client_LookupDevice) == 176);
    assert!(offset_of!(PJRT_Api, PJRT_Client_LookupAddressableDevice) == 184);
    assert!(offset_of!(PJRT_Api, PJRT_Client_AddressableMemories) == 192);
    assert!(offset_of!(PJRT_Api, PJRT_Client_Compile) == 200);
    assert!(offset_of!(PJRT_Api, PJRT_Client_DefaultDeviceAssignment) == 208);
    assert!(offset_of!(PJRT_Api, PJRT_Client_BufferFromHostBuffer) == 216);
    assert!(offset_of!(PJRT_Api, PJRT_DeviceDescription_Id) == 224);
    assert!(offset_of!(PJRT_Api, PJRT_DeviceDescription_ProcessIndex) == 232);
    assert!(offset_of!(PJRT_Api, PJRT_DeviceDescription_Attributes) == 240);
    assert!(offset_of!(PJRT_Api, PJRT_DeviceDescription_Kind) == 248);
    assert!(offset_of!(PJRT_Api, PJRT_DeviceDescription_DebugString) == 256);
    assert!(offset_of!(PJRT_Api, PJRT_DeviceDescription_ToString) == 264);
    assert!(offset_of!(PJRT_Api, PJRT_Device_GetDescription) == 272);
    assert!(offset_of!(PJRT_Api, PJRT_Device_IsAddressable) == 280);
    assert!(offset_of!(PJRT_Api, PJRT_Device_LocalHardwareId) == 288);
    assert!(offset_of!(PJRT_Api, PJRT_Device_AddressableMemories) == 296);
    assert!(offset_of!(PJRT_Api, PJRT_Device_DefaultMemory) == 304);
    assert!(offset_of!(PJRT_Api, PJRT_Device_MemoryStats) == 312);
    assert!(offset_of!(PJRT_Api, PJRT_Memory_Id) == 320);
    assert!(offset_of!(PJRT_Api, PJRT_Memory_Kind) == 328);
    assert!(offset_of!(PJRT_Api, PJRT_Memory_DebugString) == 336);
    assert!(offset_of!(PJRT_Api, PJRT_Memory_ToString) == 344);
    assert!(offset_of!(PJRT_Api, PJRT_Memory_AddressableByDevices) == 352);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_Destroy) == 360);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_Name) == 368);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_NumReplicas) == 376);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_NumPartitions) == 384);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_NumOutputs) == 392);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_SizeOfGeneratedCodeInBytes) == 400);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_GetCostAnalysis) == 408);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_OutputMemoryKinds) == 416);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_OptimizedProgram) == 424);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_Serialize) == 432);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_Destroy) == 440);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_GetExecutable) == 448);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_AddressableDevices) == 456);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_Delete) == 464);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_IsDeleted) == 472);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_Execute) == 480);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_DeserializeAndLoad) == 488);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_Fingerprint) == 496);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_Destroy) == 504);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_ElementType) == 512);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_Dimensions) == 520);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_UnpaddedDimensions) == 528);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_DynamicDimensionIndices) == 536);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_GetMemoryLayout) == 544);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_OnDeviceSizeInBytes) == 552);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_Device) == 560);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_Memory) == 568);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_Delete) == 576);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_IsDeleted) == 584);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_CopyToDevice) == 592);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_ToHostBuffer) == 600);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_IsOnCpu) == 608);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_ReadyEvent) == 616);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_UnsafePointer) == 624);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_IncreaseExternalReferenceCount) == 632);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_DecreaseExternalReferenceCount) == 640);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_OpaqueDeviceMemoryDataPointer) == 648);
    assert!(offset_of!(PJRT_Api, PJRT_CopyToDeviceStream_Destroy) == 656);
    assert!(offset_of!(PJRT_Api, PJRT_CopyToDeviceStream_AddChunk) == 664);
    assert!(offset_of!(PJRT_Api, PJRT_CopyToDeviceStream_TotalBytes) == 672);
    assert!(offset_of!(PJRT_Api, PJRT_CopyToDeviceStream_GranuleSize) == 680);
    assert!(offset_of!(PJRT_Api, PJRT_CopyToDeviceStream_CurrentBytes) == 688);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_Create) == 696);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_Destroy) == 704);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_PlatformName) == 712);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_PlatformVersion) == 720);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_GetDeviceDescriptions) == 728);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_Serialize) == 736);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_Attributes) == 744);
    assert!(offset_of!(PJRT_Api, PJRT_Compile) == 752);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_OutputElementTypes) == 760);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_OutputDimensions) == 768);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_CopyToMemory) == 776);
    assert!(offset_of!(PJRT_Api, PJRT_Client_CreateViewOfDeviceBuffer) == 784);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_Fingerprint) == 792);
    assert!(offset_of!(PJRT_Api, PJRT_Client_TopologyDescription) == 800);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_GetCompiledMemoryStats) == 808);
    assert!(offset_of!(PJRT_Api, PJRT_Memory_Kind_Id) == 816);
    assert!(offset_of!(PJRT_Api, PJRT_ExecuteContext_Create) == 824);
    assert!(offset_of!(PJRT_Api, PJRT_ExecuteContext_Destroy) == 832);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_CopyRawToHost) == 840);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_Destroy) == 848);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_TransferData) == 856);
    assert!(offset_of!(PJRT_Api, PJRT_Client_CreateBuffersForAsyncHostToDevice) == 864);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer) == 872);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_Device) == 880);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_BufferCount) == 888);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_BufferSize) == 896);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_SetBufferError) == 904);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_AddMetadata) == 912);
    assert!(offset_of!(PJRT_Api, PJRT_Client_DmaMap) == 920);
    assert!(offset_of!(PJRT_Api, PJRT_Client_DmaUnmap) == 928);
    assert!(offset_of!(PJRT_Api, PJRT_Client_CreateUninitializedBuffer) == 936);
    assert!(offset_of!(PJRT_Api, PJRT_Client_UpdateGlobalProcessInfo) == 944);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_Deserialize) == 952);
    assert!(offset_of!(PJRT_Api, PJRT_Client_CreateAliasBuffer) == 960);
    assert!(offset_of!(PJRT_Api, PJRT_Client_FulfillAliasBuffer) == 968);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_GetDeviceAssignment) == 976);
    assert!(offset_of!(PJRT_Api, PJRT_Client_CreateErrorBuffer) == 984);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncHostToDeviceTransferManager_TransferLiteral) == 992);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_CopyRawToHostFuture) == 1000);
    assert!(offset_of!(PJRT_Api, PJRT_Device_PoisonExecution) == 1008);
    assert!(offset_of!(PJRT_Api, PJRT_Device_CreateAsyncTrackingEvent) == 1016);
    assert!(offset_of!(PJRT_Api, PJRT_AsyncTrackingEvent_Destroy) == 1024);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_GetCompileOptions) == 1032);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_DonateWithControlDependency) == 1040);
    assert!(offset_of!(PJRT_Api, PJRT_Event_Create) == 1048);
    assert!(offset_of!(PJRT_Api, PJRT_Event_Set) == 1056);
    assert!(offset_of!(PJRT_Api, PJRT_Device_GetAttributes) == 1064);
    assert!(offset_of!(PJRT_Api, PJRT_Client_Load) == 1072);
    assert!(offset_of!(PJRT_Api, PJRT_LoadedExecutable_AddressableDeviceLogicalIds) == 1080);
    assert!(offset_of!(PJRT_Api, PJRT_Buffer_Bitcast) == 1088);
    assert!(offset_of!(PJRT_Api, PJRT_Error_ForEachPayload) == 1096);
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_Fingerprint) == 1104);
    assert!(offset_of!(PJRT_Api, PJRT_Executable_ParameterMemoryKinds) == 1112);
    assert!(offset_of!(PJRT_Api, PJRT_Device_ClearMemoryStats) == 1120);
    assert!(
        offset_of!(PJRT_Api, PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace) == 1128
    );
    assert!(offset_of!(PJRT_Api, PJRT_TopologyDescription_GetMemorySpaceKindIds) == 1136);
    assert!(
        offset_of!(PJRT_Api, PJRT_TopologyDescription_GetMemorySpaceKindIds)
            + size_of::<PJRT_TopologyDescription_GetMemorySpaceKindIds>()
            == 1144
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Api_Version {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub major_version: c_int,
    pub minor_version: c_int,
}

sized!(PJRT_Api_Version, 24);

const _: () = {
    assert!(size_of::<PJRT_Api_Version>() == 24);
    assert!(offset_of!(PJRT_Api_Version, struct_size) == 0);
    assert!(offset_of!(PJRT_Api_Version, extension_start) == 8);
    assert!(offset_of!(PJRT_Api_Version, major_version) == 16);
    assert!(offset_of!(PJRT_Api_Version, minor_version) == 20);
    assert!(offset_of!(PJRT_Api_Version, minor_version) + size_of::<c_int>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub transfer_metadata: *const PJRT_NamedValue,
    pub num_metadata: usize,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args>() == 40);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, extension_start) == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, transfer_manager) == 16
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, transfer_metadata) == 24
    );
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, num_metadata) == 32);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args, num_metadata)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub buffer_count: usize,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args>() == 32);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args, extension_start) == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args, transfer_manager) == 16
    );
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args, buffer_count) == 24);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args, buffer_count)
            + size_of::<usize>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub buffer_index: c_int,
    pub buffer_size: usize,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args>() == 40);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, extension_start) == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, transfer_manager) == 16
    );
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, buffer_index) == 24);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, buffer_size) == 32);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args, buffer_size)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args, transfer_manager) == 16);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args, transfer_manager)
            + size_of::<*mut PJRT_AsyncHostToDeviceTransferManager>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_Device_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub device_out: *mut PJRT_Device,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_Device_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_Device_Args>() == 32);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Device_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Device_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Device_Args, transfer_manager) == 16);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_Device_Args, device_out) == 24);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_Device_Args, device_out)
            + size_of::<*mut PJRT_Device>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub buffer_index: c_int,
    pub buffer_out: *mut PJRT_Buffer,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args>() == 40);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, struct_size) == 0
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, extension_start) == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, transfer_manager)
            == 16
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, buffer_index) == 24
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, buffer_out) == 32
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args, buffer_out)
            + size_of::<*mut PJRT_Buffer>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub buffer_index: c_int,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args>() == 48);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, struct_size) == 0
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, extension_start) == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, transfer_manager)
            == 16
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, buffer_index) == 24
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, error_code) == 28
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, error_message) == 32
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, error_message_size)
            == 40
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args, error_message_size)
            + size_of::<usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_TransferData_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub buffer_index: c_int,
    pub data: *const c_void,
    pub offset: i64,
    pub transfer_size: i64,
    pub is_last_transfer: bool,
    pub done_with_h2d_transfer: *mut PJRT_Event,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, 72);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_TransferData_Args>() == 72);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, extension_start) == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, transfer_manager) == 16
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, buffer_index) == 24
    );
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, data) == 32);
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, offset) == 40);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, transfer_size) == 48
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, is_last_transfer) == 56
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, done_with_h2d_transfer)
            == 64
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args, done_with_h2d_transfer)
            + size_of::<*mut PJRT_Event>()
            == 72
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
    pub buffer_index: c_int,
    pub data: *const c_void,
    pub shape_dims: *const i64,
    pub shape_num_dims: usize,
    pub shape_element_type: PJRT_Buffer_Type,
    pub shape_layout: *mut PJRT_Buffer_MemoryLayout,
    pub done_with_h2d_transfer: *mut PJRT_Event,
}

sized!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, 80);

const _: () = {
    assert!(size_of::<PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args>() == 80);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, struct_size) == 0
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, extension_start)
            == 8
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, transfer_manager)
            == 16
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, buffer_index) == 24
    );
    assert!(offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, data) == 32);
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, shape_dims) == 40
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, shape_num_dims)
            == 48
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, shape_element_type)
            == 56
    );
    assert!(
        offset_of!(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args, shape_layout) == 64
    );
    assert!(
        offset_of!(
            PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args,
            done_with_h2d_transfer
        ) == 72
    );
    assert!(
        offset_of!(
            PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args,
            done_with_h2d_transfer
        ) + size_of::<*mut PJRT_Event>()
            == 80
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_AsyncTrackingEvent_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_AsyncTrackingEvent,
}

sized!(PJRT_AsyncTrackingEvent_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_AsyncTrackingEvent_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_AsyncTrackingEvent_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_AsyncTrackingEvent_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_AsyncTrackingEvent_Destroy_Args, event) == 16);
    assert!(
        offset_of!(PJRT_AsyncTrackingEvent_Destroy_Args, event)
            + size_of::<*mut PJRT_AsyncTrackingEvent>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_Bitcast_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub element_type: PJRT_Buffer_Type,
    pub dims: *const i64,
    pub num_dims: usize,
    pub device_layout: *mut PJRT_Buffer_MemoryLayout,
    pub out_buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_Bitcast_Args, 64);

const _: () = {
    assert!(size_of::<PJRT_Buffer_Bitcast_Args>() == 64);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, element_type) == 24);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, dims) == 32);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, num_dims) == 40);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, device_layout) == 48);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, out_buffer) == 56);
    assert!(offset_of!(PJRT_Buffer_Bitcast_Args, out_buffer) + size_of::<*mut PJRT_Buffer>() == 64);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_CopyRawToHostFuture_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub offset: i64,
    pub transfer_size: i64,
    pub event: *mut PJRT_Event,
    pub callback_data: *mut c_void,
    pub future_ready_callback:
        Option<unsafe extern "C" fn(*mut PJRT_Buffer_CopyRawToHostFuture_Callback_Args)>,
}

sized!(PJRT_Buffer_CopyRawToHostFuture_Args, 64);

const _: () = {
    assert!(size_of::<PJRT_Buffer_CopyRawToHostFuture_Args>() == 64);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, offset) == 24);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, transfer_size) == 32);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, event) == 40);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, callback_data) == 48);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, future_ready_callback) == 56);
    assert!(
        offset_of!(PJRT_Buffer_CopyRawToHostFuture_Args, future_ready_callback)
            + size_of::<
                Option<unsafe extern "C" fn(*mut PJRT_Buffer_CopyRawToHostFuture_Callback_Args)>,
            >()
            == 64
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_CopyRawToHostFuture_Callback_Args {
    pub struct_size: usize,
    pub callback_data: *mut c_void,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
    pub dst: *mut c_void,
}

sized!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Buffer_CopyRawToHostFuture_Callback_Args>() == 48);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, callback_data) == 8);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, error_code) == 16);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, error_message) == 24);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, error_message_size) == 32);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, dst) == 40);
    assert!(
        offset_of!(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, dst) + size_of::<*mut c_void>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_CopyRawToHost_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub dst: *mut c_void,
    pub offset: i64,
    pub transfer_size: i64,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Buffer_CopyRawToHost_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Buffer_CopyRawToHost_Args>() == 56);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, dst) == 24);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, offset) == 32);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, transfer_size) == 40);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, event) == 48);
    assert!(offset_of!(PJRT_Buffer_CopyRawToHost_Args, event) + size_of::<*mut PJRT_Event>() == 56);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_CopyToDevice_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub dst_device: *mut PJRT_Device,
    pub dst_buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_CopyToDevice_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Buffer_CopyToDevice_Args>() == 40);
    assert!(offset_of!(PJRT_Buffer_CopyToDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_CopyToDevice_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_CopyToDevice_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_CopyToDevice_Args, dst_device) == 24);
    assert!(offset_of!(PJRT_Buffer_CopyToDevice_Args, dst_buffer) == 32);
    assert!(
        offset_of!(PJRT_Buffer_CopyToDevice_Args, dst_buffer) + size_of::<*mut PJRT_Buffer>() == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_CopyToMemory_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub dst_memory: *mut PJRT_Memory,
    pub dst_buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_CopyToMemory_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Buffer_CopyToMemory_Args>() == 40);
    assert!(offset_of!(PJRT_Buffer_CopyToMemory_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_CopyToMemory_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_CopyToMemory_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_CopyToMemory_Args, dst_memory) == 24);
    assert!(offset_of!(PJRT_Buffer_CopyToMemory_Args, dst_buffer) == 32);
    assert!(
        offset_of!(PJRT_Buffer_CopyToMemory_Args, dst_buffer) + size_of::<*mut PJRT_Buffer>() == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_DecreaseExternalReferenceCount_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_DecreaseExternalReferenceCount_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Buffer_DecreaseExternalReferenceCount_Args>() == 24);
    assert!(offset_of!(PJRT_Buffer_DecreaseExternalReferenceCount_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_DecreaseExternalReferenceCount_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_DecreaseExternalReferenceCount_Args, buffer) == 16);
    assert!(
        offset_of!(PJRT_Buffer_DecreaseExternalReferenceCount_Args, buffer)
            + size_of::<*mut PJRT_Buffer>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_Delete_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_Delete_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Buffer_Delete_Args>() == 24);
    assert!(offset_of!(PJRT_Buffer_Delete_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_Delete_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_Delete_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_Delete_Args, buffer) + size_of::<*mut PJRT_Buffer>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Buffer_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_Buffer_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_Destroy_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_Destroy_Args, buffer) + size_of::<*mut PJRT_Buffer>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_Device_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub device: *mut PJRT_Device,
}

sized!(PJRT_Buffer_Device_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_Device_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_Device_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_Device_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_Device_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_Device_Args, device) == 24);
    assert!(offset_of!(PJRT_Buffer_Device_Args, device) + size_of::<*mut PJRT_Device>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_Dimensions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub dims: *const i64,
    pub num_dims: usize,
}

sized!(PJRT_Buffer_Dimensions_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Buffer_Dimensions_Args>() == 40);
    assert!(offset_of!(PJRT_Buffer_Dimensions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_Dimensions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_Dimensions_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_Dimensions_Args, dims) == 24);
    assert!(offset_of!(PJRT_Buffer_Dimensions_Args, num_dims) == 32);
    assert!(offset_of!(PJRT_Buffer_Dimensions_Args, num_dims) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_DonateWithControlDependency_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub callback_data: *mut c_void,
    pub dependency_ready_callback:
        Option<unsafe extern "C" fn(*mut PJRT_Buffer_DonateWithControlDependency_Callback_Args)>,
    pub out_buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_DonateWithControlDependency_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Buffer_DonateWithControlDependency_Args>() == 48);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, callback_data) == 24);
    assert!(
        offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, dependency_ready_callback) == 32
    );
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, out_buffer) == 40);
    assert!(
        offset_of!(PJRT_Buffer_DonateWithControlDependency_Args, out_buffer)
            + size_of::<*mut PJRT_Buffer>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_DonateWithControlDependency_Callback_Args {
    pub struct_size: usize,
    pub callback_data: *mut c_void,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
}

sized!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Buffer_DonateWithControlDependency_Callback_Args>() == 40);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, callback_data) == 8);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, error_code) == 16);
    assert!(offset_of!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, error_message) == 24);
    assert!(
        offset_of!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, error_message_size) == 32
    );
    assert!(
        offset_of!(PJRT_Buffer_DonateWithControlDependency_Callback_Args, error_message_size)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_DynamicDimensionIndices_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub dynamic_dim_indices: *const usize,
    pub num_dynamic_dims: usize,
}

sized!(PJRT_Buffer_DynamicDimensionIndices_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Buffer_DynamicDimensionIndices_Args>() == 40);
    assert!(offset_of!(PJRT_Buffer_DynamicDimensionIndices_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_DynamicDimensionIndices_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_DynamicDimensionIndices_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_DynamicDimensionIndices_Args, dynamic_dim_indices) == 24);
    assert!(offset_of!(PJRT_Buffer_DynamicDimensionIndices_Args, num_dynamic_dims) == 32);
    assert!(
        offset_of!(PJRT_Buffer_DynamicDimensionIndices_Args, num_dynamic_dims) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_ElementType_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub r#type: PJRT_Buffer_Type,
}

sized!(PJRT_Buffer_ElementType_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_Buffer_ElementType_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_ElementType_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_ElementType_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_ElementType_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_ElementType_Args, r#type) == 24);
    assert!(offset_of!(PJRT_Buffer_ElementType_Args, r#type) + size_of::<PJRT_Buffer_Type>() == 28);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_GetMemoryLayout_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub layout: PJRT_Buffer_MemoryLayout,
}

sized!(PJRT_Buffer_GetMemoryLayout_Args, 104);

const _: () = {
    assert!(size_of::<PJRT_Buffer_GetMemoryLayout_Args>() == 104);
    assert!(offset_of!(PJRT_Buffer_GetMemoryLayout_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_GetMemoryLayout_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_GetMemoryLayout_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_GetMemoryLayout_Args, layout) == 24);
    assert!(
        offset_of!(PJRT_Buffer_GetMemoryLayout_Args, layout)
            + size_of::<PJRT_Buffer_MemoryLayout>()
            == 104
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_IncreaseExternalReferenceCount_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Buffer_IncreaseExternalReferenceCount_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Buffer_IncreaseExternalReferenceCount_Args>() == 24);
    assert!(offset_of!(PJRT_Buffer_IncreaseExternalReferenceCount_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_IncreaseExternalReferenceCount_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_IncreaseExternalReferenceCount_Args, buffer) == 16);
    assert!(
        offset_of!(PJRT_Buffer_IncreaseExternalReferenceCount_Args, buffer)
            + size_of::<*mut PJRT_Buffer>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_IsDeleted_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub is_deleted: bool,
}

sized!(PJRT_Buffer_IsDeleted_Args, 25);

const _: () = {
    assert!(size_of::<PJRT_Buffer_IsDeleted_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_IsDeleted_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_IsDeleted_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_IsDeleted_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_IsDeleted_Args, is_deleted) == 24);
    assert!(offset_of!(PJRT_Buffer_IsDeleted_Args, is_deleted) + size_of::<bool>() == 25);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_IsOnCpu_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub is_on_cpu: bool,
}

sized!(PJRT_Buffer_IsOnCpu_Args, 25);

const _: () = {
    assert!(size_of::<PJRT_Buffer_IsOnCpu_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_IsOnCpu_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_IsOnCpu_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_IsOnCpu_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_IsOnCpu_Args, is_on_cpu) == 24);
    assert!(offset_of!(PJRT_Buffer_IsOnCpu_Args, is_on_cpu) + size_of::<bool>() == 25);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_MemoryLayout {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub layout: PJRT_Buffer_MemoryLayout_Value,
    pub r#type: PJRT_Buffer_MemoryLayout_Type,
}

sized!(PJRT_Buffer_MemoryLayout, 76);

const _: () = {
    assert!(size_of::<PJRT_Buffer_MemoryLayout>() == 80);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout, layout) == 16);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout, r#type) == 72);
    assert!(
        offset_of!(PJRT_Buffer_MemoryLayout, r#type) + size_of::<PJRT_Buffer_MemoryLayout_Type>()
            == 76
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_MemoryLayout_Strides {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub byte_strides: *const i64,
    pub num_byte_strides: usize,
}

sized!(PJRT_Buffer_MemoryLayout_Strides, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_MemoryLayout_Strides>() == 32);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Strides, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Strides, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Strides, byte_strides) == 16);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Strides, num_byte_strides) == 24);
    assert!(
        offset_of!(PJRT_Buffer_MemoryLayout_Strides, num_byte_strides) + size_of::<usize>() == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_MemoryLayout_Tiled {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub minor_to_major: *const i64,
    pub minor_to_major_size: usize,
    pub tile_dims: *const i64,
    pub tile_dim_sizes: *const usize,
    pub num_tiles: usize,
}

sized!(PJRT_Buffer_MemoryLayout_Tiled, 56);

const _: () = {
    assert!(size_of::<PJRT_Buffer_MemoryLayout_Tiled>() == 56);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, minor_to_major) == 16);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, minor_to_major_size) == 24);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, tile_dims) == 32);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, tile_dim_sizes) == 40);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, num_tiles) == 48);
    assert!(offset_of!(PJRT_Buffer_MemoryLayout_Tiled, num_tiles) + size_of::<usize>() == 56);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_Memory_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub memory: *mut PJRT_Memory,
}

sized!(PJRT_Buffer_Memory_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_Memory_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_Memory_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_Memory_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_Memory_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_Memory_Args, memory) == 24);
    assert!(offset_of!(PJRT_Buffer_Memory_Args, memory) + size_of::<*mut PJRT_Memory>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_OnDeviceSizeInBytes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub on_device_size_in_bytes: usize,
}

sized!(PJRT_Buffer_OnDeviceSizeInBytes_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_OnDeviceSizeInBytes_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_OnDeviceSizeInBytes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_OnDeviceSizeInBytes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_OnDeviceSizeInBytes_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_OnDeviceSizeInBytes_Args, on_device_size_in_bytes) == 24);
    assert!(
        offset_of!(PJRT_Buffer_OnDeviceSizeInBytes_Args, on_device_size_in_bytes)
            + size_of::<usize>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub device_memory_ptr: *mut c_void,
}

sized!(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args, device_memory_ptr) == 24);
    assert!(
        offset_of!(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args, device_memory_ptr)
            + size_of::<*mut c_void>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_ReadyEvent_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Buffer_ReadyEvent_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_ReadyEvent_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_ReadyEvent_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_ReadyEvent_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_ReadyEvent_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_ReadyEvent_Args, event) == 24);
    assert!(offset_of!(PJRT_Buffer_ReadyEvent_Args, event) + size_of::<*mut PJRT_Event>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_ToHostBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub src: *mut PJRT_Buffer,
    pub host_layout: *mut PJRT_Buffer_MemoryLayout,
    pub dst: *mut c_void,
    pub dst_size: usize,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Buffer_ToHostBuffer_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Buffer_ToHostBuffer_Args>() == 56);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, src) == 16);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, host_layout) == 24);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, dst) == 32);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, dst_size) == 40);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, event) == 48);
    assert!(offset_of!(PJRT_Buffer_ToHostBuffer_Args, event) + size_of::<*mut PJRT_Event>() == 56);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_UnpaddedDimensions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub unpadded_dims: *const i64,
    pub num_dims: usize,
}

sized!(PJRT_Buffer_UnpaddedDimensions_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Buffer_UnpaddedDimensions_Args>() == 40);
    assert!(offset_of!(PJRT_Buffer_UnpaddedDimensions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_UnpaddedDimensions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_UnpaddedDimensions_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_UnpaddedDimensions_Args, unpadded_dims) == 24);
    assert!(offset_of!(PJRT_Buffer_UnpaddedDimensions_Args, num_dims) == 32);
    assert!(offset_of!(PJRT_Buffer_UnpaddedDimensions_Args, num_dims) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Buffer_UnsafePointer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub buffer_pointer: usize,
}

sized!(PJRT_Buffer_UnsafePointer_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Buffer_UnsafePointer_Args>() == 32);
    assert!(offset_of!(PJRT_Buffer_UnsafePointer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Buffer_UnsafePointer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Buffer_UnsafePointer_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Buffer_UnsafePointer_Args, buffer_pointer) == 24);
    assert!(offset_of!(PJRT_Buffer_UnsafePointer_Args, buffer_pointer) + size_of::<usize>() == 32);
};

/// Declared in `pjrt_c_api_callback_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Callback_Extension {
    pub base: PJRT_Extension_Base,
    pub register_callback: PJRT_Register_Callback,
    pub invoke_callback: PJRT_Callback_InvokeCallback,
}

const _: () = {
    assert!(size_of::<PJRT_Callback_Extension>() == 40);
    assert!(offset_of!(PJRT_Callback_Extension, base) == 0);
    assert!(offset_of!(PJRT_Callback_Extension, register_callback) == 24);
    assert!(offset_of!(PJRT_Callback_Extension, invoke_callback) == 32);
};

/// Declared in `pjrt_c_api_callback_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Callback_InvokeCallback_Args {
    pub struct_size: usize,
    pub client: *mut PJRT_Client,
    pub r#type: PJRT_Callback_Type,
    pub args: *mut c_void,
}

sized!(PJRT_Callback_InvokeCallback_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Callback_InvokeCallback_Args>() == 32);
    assert!(offset_of!(PJRT_Callback_InvokeCallback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Callback_InvokeCallback_Args, client) == 8);
    assert!(offset_of!(PJRT_Callback_InvokeCallback_Args, r#type) == 16);
    assert!(offset_of!(PJRT_Callback_InvokeCallback_Args, args) == 24);
    assert!(offset_of!(PJRT_Callback_InvokeCallback_Args, args) + size_of::<*mut c_void>() == 32);
};

/// Declared in `pjrt_c_api_callback_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Callback_PrefatalArgs {
    pub struct_size: usize,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
}

sized!(PJRT_Callback_PrefatalArgs, 32);

const _: () = {
    assert!(size_of::<PJRT_Callback_PrefatalArgs>() == 32);
    assert!(offset_of!(PJRT_Callback_PrefatalArgs, struct_size) == 0);
    assert!(offset_of!(PJRT_Callback_PrefatalArgs, error_code) == 8);
    assert!(offset_of!(PJRT_Callback_PrefatalArgs, error_message) == 16);
    assert!(offset_of!(PJRT_Callback_PrefatalArgs, error_message_size) == 24);
    assert!(offset_of!(PJRT_Callback_PrefatalArgs, error_message_size) + size_of::<usize>() == 32);
};

/// Declared in `pjrt_c_api_callback_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Callback_RegisterCallback_Args {
    pub struct_size: usize,
    pub client: *mut PJRT_Client,
    pub r#type: PJRT_Callback_Type,
    pub callback: PJRT_Callback_Function,
    pub user_arg: *mut c_void,
}

sized!(PJRT_Callback_RegisterCallback_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Callback_RegisterCallback_Args>() == 40);
    assert!(offset_of!(PJRT_Callback_RegisterCallback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Callback_RegisterCallback_Args, client) == 8);
    assert!(offset_of!(PJRT_Callback_RegisterCallback_Args, r#type) == 16);
    assert!(offset_of!(PJRT_Callback_RegisterCallback_Args, callback) == 24);
    assert!(offset_of!(PJRT_Callback_RegisterCallback_Args, user_arg) == 32);
    assert!(
        offset_of!(PJRT_Callback_RegisterCallback_Args, user_arg) + size_of::<*mut c_void>() == 40
    );
};

/// Declared in `pjrt_c_api_callback_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Callback_Tpu_SliceBuilderArgs {
    pub struct_size: usize,
    pub failure_type: PJRT_Callback_Tpu_SliceFailureType,
}

sized!(PJRT_Callback_Tpu_SliceBuilderArgs, 12);

const _: () = {
    assert!(size_of::<PJRT_Callback_Tpu_SliceBuilderArgs>() == 16);
    assert!(offset_of!(PJRT_Callback_Tpu_SliceBuilderArgs, struct_size) == 0);
    assert!(offset_of!(PJRT_Callback_Tpu_SliceBuilderArgs, failure_type) == 8);
    assert!(
        offset_of!(PJRT_Callback_Tpu_SliceBuilderArgs, failure_type)
            + size_of::<PJRT_Callback_Tpu_SliceFailureType>()
            == 12
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Chunk {
    pub data: *mut c_void,
    pub size: usize,
    pub deleter: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
    pub deleter_arg: *mut c_void,
}

const _: () = {
    assert!(size_of::<PJRT_Chunk>() == 32);
    assert!(offset_of!(PJRT_Chunk, data) == 0);
    assert!(offset_of!(PJRT_Chunk, size) == 8);
    assert!(offset_of!(PJRT_Chunk, deleter) == 16);
    assert!(offset_of!(PJRT_Chunk, deleter_arg) == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_AddressableDevices_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub addressable_devices: *const *mut PJRT_Device,
    pub num_addressable_devices: usize,
}

sized!(PJRT_Client_AddressableDevices_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_AddressableDevices_Args>() == 40);
    assert!(offset_of!(PJRT_Client_AddressableDevices_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_AddressableDevices_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_AddressableDevices_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_AddressableDevices_Args, addressable_devices) == 24);
    assert!(offset_of!(PJRT_Client_AddressableDevices_Args, num_addressable_devices) == 32);
    assert!(
        offset_of!(PJRT_Client_AddressableDevices_Args, num_addressable_devices)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_AddressableMemories_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub addressable_memories: *const *mut PJRT_Memory,
    pub num_addressable_memories: usize,
}

sized!(PJRT_Client_AddressableMemories_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_AddressableMemories_Args>() == 40);
    assert!(offset_of!(PJRT_Client_AddressableMemories_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_AddressableMemories_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_AddressableMemories_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_AddressableMemories_Args, addressable_memories) == 24);
    assert!(offset_of!(PJRT_Client_AddressableMemories_Args, num_addressable_memories) == 32);
    assert!(
        offset_of!(PJRT_Client_AddressableMemories_Args, num_addressable_memories)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_BufferFromHostBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub data: *const c_void,
    pub r#type: PJRT_Buffer_Type,
    pub dims: *const i64,
    pub num_dims: usize,
    pub byte_strides: *const i64,
    pub num_byte_strides: usize,
    pub host_buffer_semantics: PJRT_HostBufferSemantics,
    pub device: *mut PJRT_Device,
    pub memory: *mut PJRT_Memory,
    pub device_layout: *mut PJRT_Buffer_MemoryLayout,
    pub done_with_host_buffer: *mut PJRT_Event,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Client_BufferFromHostBuffer_Args, 120);

const _: () = {
    assert!(size_of::<PJRT_Client_BufferFromHostBuffer_Args>() == 120);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, data) == 24);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, r#type) == 32);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, dims) == 40);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, num_dims) == 48);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, byte_strides) == 56);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, num_byte_strides) == 64);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, host_buffer_semantics) == 72);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, device) == 80);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, memory) == 88);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, device_layout) == 96);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, done_with_host_buffer) == 104);
    assert!(offset_of!(PJRT_Client_BufferFromHostBuffer_Args, buffer) == 112);
    assert!(
        offset_of!(PJRT_Client_BufferFromHostBuffer_Args, buffer) + size_of::<*mut PJRT_Buffer>()
            == 120
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_Compile_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub program: *const PJRT_Program,
    pub compile_options: *const c_char,
    pub compile_options_size: usize,
    pub executable: *mut PJRT_LoadedExecutable,
}

sized!(PJRT_Client_Compile_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Client_Compile_Args>() == 56);
    assert!(offset_of!(PJRT_Client_Compile_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_Compile_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_Compile_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_Compile_Args, program) == 24);
    assert!(offset_of!(PJRT_Client_Compile_Args, compile_options) == 32);
    assert!(offset_of!(PJRT_Client_Compile_Args, compile_options_size) == 40);
    assert!(offset_of!(PJRT_Client_Compile_Args, executable) == 48);
    assert!(
        offset_of!(PJRT_Client_Compile_Args, executable) + size_of::<*mut PJRT_LoadedExecutable>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_CreateAliasBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub memory: *mut PJRT_Memory,
    pub shape_dims: *const i64,
    pub shape_num_dims: usize,
    pub shape_element_type: PJRT_Buffer_Type,
    pub shape_layout: *mut PJRT_Buffer_MemoryLayout,
    pub alias_buffer: *mut PJRT_Buffer,
    pub fulfill_alias_buffer_cb: *mut PJRT_FulfillAliasBufferCallback,
}

sized!(PJRT_Client_CreateAliasBuffer_Args, 80);

const _: () = {
    assert!(size_of::<PJRT_Client_CreateAliasBuffer_Args>() == 80);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, memory) == 24);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, shape_dims) == 32);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, shape_num_dims) == 40);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, shape_element_type) == 48);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, shape_layout) == 56);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, alias_buffer) == 64);
    assert!(offset_of!(PJRT_Client_CreateAliasBuffer_Args, fulfill_alias_buffer_cb) == 72);
    assert!(
        offset_of!(PJRT_Client_CreateAliasBuffer_Args, fulfill_alias_buffer_cb)
            + size_of::<*mut PJRT_FulfillAliasBufferCallback>()
            == 80
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_CreateBuffersForAsyncHostToDevice_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub shape_specs: *mut PJRT_ShapeSpec,
    pub num_shape_specs: usize,
    pub device_layouts: *mut *mut PJRT_Buffer_MemoryLayout,
    pub num_device_layouts: usize,
    pub memory: *mut PJRT_Memory,
    pub transfer_manager: *mut PJRT_AsyncHostToDeviceTransferManager,
}

sized!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, 72);

const _: () = {
    assert!(size_of::<PJRT_Client_CreateBuffersForAsyncHostToDevice_Args>() == 72);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, shape_specs) == 24);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, num_shape_specs) == 32);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, device_layouts) == 40);
    assert!(
        offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, num_device_layouts) == 48
    );
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, memory) == 56);
    assert!(offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, transfer_manager) == 64);
    assert!(
        offset_of!(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args, transfer_manager)
            + size_of::<*mut PJRT_AsyncHostToDeviceTransferManager>()
            == 72
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_CreateErrorBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
    pub shape_dims: *const i64,
    pub shape_num_dims: usize,
    pub shape_element_type: PJRT_Buffer_Type,
    pub shape_layout: *mut PJRT_Buffer_MemoryLayout,
    pub memory: *mut PJRT_Memory,
    pub buffer: *mut PJRT_Buffer,
    pub payload: *const PJRT_NamedValue,
    pub num_payload: usize,
}

sized!(PJRT_Client_CreateErrorBuffer_Args, 112);

const _: () = {
    assert!(size_of::<PJRT_Client_CreateErrorBuffer_Args>() == 112);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, error_code) == 24);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, error_message) == 32);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, error_message_size) == 40);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, shape_dims) == 48);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, shape_num_dims) == 56);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, shape_element_type) == 64);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, shape_layout) == 72);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, memory) == 80);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, buffer) == 88);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, payload) == 96);
    assert!(offset_of!(PJRT_Client_CreateErrorBuffer_Args, num_payload) == 104);
    assert!(
        offset_of!(PJRT_Client_CreateErrorBuffer_Args, num_payload) + size_of::<usize>() == 112
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_CreateUninitializedBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub shape_dims: *const i64,
    pub shape_num_dims: usize,
    pub shape_element_type: PJRT_Buffer_Type,
    pub shape_layout: *mut PJRT_Buffer_MemoryLayout,
    pub device: *mut PJRT_Device,
    pub memory: *mut PJRT_Memory,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Client_CreateUninitializedBuffer_Args, 80);

const _: () = {
    assert!(size_of::<PJRT_Client_CreateUninitializedBuffer_Args>() == 80);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, shape_dims) == 24);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, shape_num_dims) == 32);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, shape_element_type) == 40);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, shape_layout) == 48);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, device) == 56);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, memory) == 64);
    assert!(offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, buffer) == 72);
    assert!(
        offset_of!(PJRT_Client_CreateUninitializedBuffer_Args, buffer)
            + size_of::<*mut PJRT_Buffer>()
            == 80
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_CreateViewOfDeviceBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub device_buffer_ptr: *mut c_void,
    pub dims: *const i64,
    pub num_dims: usize,
    pub element_type: PJRT_Buffer_Type,
    pub layout: *mut PJRT_Buffer_MemoryLayout,
    pub device: *mut PJRT_Device,
    pub on_delete_callback: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
    pub on_delete_callback_arg: *mut c_void,
    pub stream: isize,
    pub buffer: *mut PJRT_Buffer,
    pub memory: *mut PJRT_Memory,
}

sized!(PJRT_Client_CreateViewOfDeviceBuffer_Args, 112);

const _: () = {
    assert!(size_of::<PJRT_Client_CreateViewOfDeviceBuffer_Args>() == 112);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, device_buffer_ptr) == 24);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, dims) == 32);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, num_dims) == 40);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, element_type) == 48);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, layout) == 56);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, device) == 64);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, on_delete_callback) == 72);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, on_delete_callback_arg) == 80);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, stream) == 88);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, buffer) == 96);
    assert!(offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, memory) == 104);
    assert!(
        offset_of!(PJRT_Client_CreateViewOfDeviceBuffer_Args, memory)
            + size_of::<*mut PJRT_Memory>()
            == 112
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_Create_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub create_options: *const PJRT_NamedValue,
    pub num_options: usize,
    pub kv_get_callback: PJRT_KeyValueGetCallback,
    pub kv_get_user_arg: *mut c_void,
    pub kv_put_callback: PJRT_KeyValuePutCallback,
    pub kv_put_user_arg: *mut c_void,
    pub client: *mut PJRT_Client,
    pub kv_try_get_callback: PJRT_KeyValueTryGetCallback,
    pub kv_try_get_user_arg: *mut c_void,
}

sized!(PJRT_Client_Create_Args, 88);

const _: () = {
    assert!(size_of::<PJRT_Client_Create_Args>() == 88);
    assert!(offset_of!(PJRT_Client_Create_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_Create_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_Create_Args, create_options) == 16);
    assert!(offset_of!(PJRT_Client_Create_Args, num_options) == 24);
    assert!(offset_of!(PJRT_Client_Create_Args, kv_get_callback) == 32);
    assert!(offset_of!(PJRT_Client_Create_Args, kv_get_user_arg) == 40);
    assert!(offset_of!(PJRT_Client_Create_Args, kv_put_callback) == 48);
    assert!(offset_of!(PJRT_Client_Create_Args, kv_put_user_arg) == 56);
    assert!(offset_of!(PJRT_Client_Create_Args, client) == 64);
    assert!(offset_of!(PJRT_Client_Create_Args, kv_try_get_callback) == 72);
    assert!(offset_of!(PJRT_Client_Create_Args, kv_try_get_user_arg) == 80);
    assert!(
        offset_of!(PJRT_Client_Create_Args, kv_try_get_user_arg) + size_of::<*mut c_void>() == 88
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_DefaultDeviceAssignment_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub num_replicas: c_int,
    pub num_partitions: c_int,
    pub default_assignment_size: usize,
    pub default_assignment: *mut c_int,
}

sized!(PJRT_Client_DefaultDeviceAssignment_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Client_DefaultDeviceAssignment_Args>() == 48);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, num_replicas) == 24);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, num_partitions) == 28);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, default_assignment_size) == 32);
    assert!(offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, default_assignment) == 40);
    assert!(
        offset_of!(PJRT_Client_DefaultDeviceAssignment_Args, default_assignment)
            + size_of::<*mut c_int>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
}

sized!(PJRT_Client_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Client_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_Client_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_Destroy_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_Destroy_Args, client) + size_of::<*mut PJRT_Client>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_Devices_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub devices: *const *mut PJRT_Device,
    pub num_devices: usize,
}

sized!(PJRT_Client_Devices_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_Devices_Args>() == 40);
    assert!(offset_of!(PJRT_Client_Devices_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_Devices_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_Devices_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_Devices_Args, devices) == 24);
    assert!(offset_of!(PJRT_Client_Devices_Args, num_devices) == 32);
    assert!(offset_of!(PJRT_Client_Devices_Args, num_devices) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_DmaMap_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub data: *mut c_void,
    pub size: usize,
}

sized!(PJRT_Client_DmaMap_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_DmaMap_Args>() == 40);
    assert!(offset_of!(PJRT_Client_DmaMap_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_DmaMap_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_DmaMap_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_DmaMap_Args, data) == 24);
    assert!(offset_of!(PJRT_Client_DmaMap_Args, size) == 32);
    assert!(offset_of!(PJRT_Client_DmaMap_Args, size) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_DmaUnmap_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub data: *mut c_void,
}

sized!(PJRT_Client_DmaUnmap_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Client_DmaUnmap_Args>() == 32);
    assert!(offset_of!(PJRT_Client_DmaUnmap_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_DmaUnmap_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_DmaUnmap_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_DmaUnmap_Args, data) == 24);
    assert!(offset_of!(PJRT_Client_DmaUnmap_Args, data) + size_of::<*mut c_void>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_FulfillAliasBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub buffer: *mut PJRT_Buffer,
    pub status_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
    pub fulfill_alias_buffer_cb: *mut PJRT_FulfillAliasBufferCallback,
}

sized!(PJRT_Client_FulfillAliasBuffer_Args, 64);

const _: () = {
    assert!(size_of::<PJRT_Client_FulfillAliasBuffer_Args>() == 64);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, buffer) == 24);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, status_code) == 32);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, error_message) == 40);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, error_message_size) == 48);
    assert!(offset_of!(PJRT_Client_FulfillAliasBuffer_Args, fulfill_alias_buffer_cb) == 56);
    assert!(
        offset_of!(PJRT_Client_FulfillAliasBuffer_Args, fulfill_alias_buffer_cb)
            + size_of::<*mut PJRT_FulfillAliasBufferCallback>()
            == 64
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_Load_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub executable: *mut PJRT_Executable,
    pub compile_options: *const c_char,
    pub compile_options_size: usize,
    pub loaded_executable: *mut PJRT_LoadedExecutable,
}

sized!(PJRT_Client_Load_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Client_Load_Args>() == 56);
    assert!(offset_of!(PJRT_Client_Load_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_Load_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_Load_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_Load_Args, executable) == 24);
    assert!(offset_of!(PJRT_Client_Load_Args, compile_options) == 32);
    assert!(offset_of!(PJRT_Client_Load_Args, compile_options_size) == 40);
    assert!(offset_of!(PJRT_Client_Load_Args, loaded_executable) == 48);
    assert!(
        offset_of!(PJRT_Client_Load_Args, loaded_executable)
            + size_of::<*mut PJRT_LoadedExecutable>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_LookupAddressableDevice_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub local_hardware_id: c_int,
    pub addressable_device: *mut PJRT_Device,
}

sized!(PJRT_Client_LookupAddressableDevice_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_LookupAddressableDevice_Args>() == 40);
    assert!(offset_of!(PJRT_Client_LookupAddressableDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_LookupAddressableDevice_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_LookupAddressableDevice_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_LookupAddressableDevice_Args, local_hardware_id) == 24);
    assert!(offset_of!(PJRT_Client_LookupAddressableDevice_Args, addressable_device) == 32);
    assert!(
        offset_of!(PJRT_Client_LookupAddressableDevice_Args, addressable_device)
            + size_of::<*mut PJRT_Device>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_LookupDevice_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub id: c_int,
    pub device: *mut PJRT_Device,
}

sized!(PJRT_Client_LookupDevice_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_LookupDevice_Args>() == 40);
    assert!(offset_of!(PJRT_Client_LookupDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_LookupDevice_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_LookupDevice_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_LookupDevice_Args, id) == 24);
    assert!(offset_of!(PJRT_Client_LookupDevice_Args, device) == 32);
    assert!(
        offset_of!(PJRT_Client_LookupDevice_Args, device) + size_of::<*mut PJRT_Device>() == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_PlatformName_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub platform_name: *const c_char,
    pub platform_name_size: usize,
}

sized!(PJRT_Client_PlatformName_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_PlatformName_Args>() == 40);
    assert!(offset_of!(PJRT_Client_PlatformName_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_PlatformName_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_PlatformName_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_PlatformName_Args, platform_name) == 24);
    assert!(offset_of!(PJRT_Client_PlatformName_Args, platform_name_size) == 32);
    assert!(
        offset_of!(PJRT_Client_PlatformName_Args, platform_name_size) + size_of::<usize>() == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_PlatformVersion_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub platform_version: *const c_char,
    pub platform_version_size: usize,
}

sized!(PJRT_Client_PlatformVersion_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_PlatformVersion_Args>() == 40);
    assert!(offset_of!(PJRT_Client_PlatformVersion_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_PlatformVersion_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_PlatformVersion_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_PlatformVersion_Args, platform_version) == 24);
    assert!(offset_of!(PJRT_Client_PlatformVersion_Args, platform_version_size) == 32);
    assert!(
        offset_of!(PJRT_Client_PlatformVersion_Args, platform_version_size) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_ProcessIndex_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub process_index: c_int,
}

sized!(PJRT_Client_ProcessIndex_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_Client_ProcessIndex_Args>() == 32);
    assert!(offset_of!(PJRT_Client_ProcessIndex_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_ProcessIndex_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_ProcessIndex_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_ProcessIndex_Args, process_index) == 24);
    assert!(offset_of!(PJRT_Client_ProcessIndex_Args, process_index) + size_of::<c_int>() == 28);
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_RuntimeAbiVersion_Args {
    pub struct_size: usize,
    pub client: *mut PJRT_Client,
    pub abi_version: *mut PJRT_RuntimeAbiVersion,
}

sized!(PJRT_Client_RuntimeAbiVersion_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Client_RuntimeAbiVersion_Args>() == 24);
    assert!(offset_of!(PJRT_Client_RuntimeAbiVersion_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_RuntimeAbiVersion_Args, client) == 8);
    assert!(offset_of!(PJRT_Client_RuntimeAbiVersion_Args, abi_version) == 16);
    assert!(
        offset_of!(PJRT_Client_RuntimeAbiVersion_Args, abi_version)
            + size_of::<*mut PJRT_RuntimeAbiVersion>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_TopologyDescription_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub topology: *mut PJRT_TopologyDescription,
}

sized!(PJRT_Client_TopologyDescription_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Client_TopologyDescription_Args>() == 32);
    assert!(offset_of!(PJRT_Client_TopologyDescription_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_TopologyDescription_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_TopologyDescription_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_TopologyDescription_Args, topology) == 24);
    assert!(
        offset_of!(PJRT_Client_TopologyDescription_Args, topology)
            + size_of::<*mut PJRT_TopologyDescription>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Client_UpdateGlobalProcessInfo_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub process_infos: *mut PJRT_ProcessInfo,
    pub num_process_infos: usize,
}

sized!(PJRT_Client_UpdateGlobalProcessInfo_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Client_UpdateGlobalProcessInfo_Args>() == 40);
    assert!(offset_of!(PJRT_Client_UpdateGlobalProcessInfo_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Client_UpdateGlobalProcessInfo_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Client_UpdateGlobalProcessInfo_Args, client) == 16);
    assert!(offset_of!(PJRT_Client_UpdateGlobalProcessInfo_Args, process_infos) == 24);
    assert!(offset_of!(PJRT_Client_UpdateGlobalProcessInfo_Args, num_process_infos) == 32);
    assert!(
        offset_of!(PJRT_Client_UpdateGlobalProcessInfo_Args, num_process_infos)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_AllGather_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
    pub send_buffer_ptr: *mut c_void,
    pub send_buffer_size: usize,
    pub recv_buffer_ptr: *mut c_void,
    pub recv_buffer_size: usize,
    pub primitive_type: PJRT_Buffer_Type,
    pub count: usize,
    pub cpu_executor: *mut PJRT_Collectives_CpuExecutor,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Collectives_Communicator_AllGather_Args, 80);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_AllGather_Args>() == 80);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, communicator) == 8);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, send_buffer_ptr) == 16);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, send_buffer_size) == 24);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, recv_buffer_ptr) == 32);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, recv_buffer_size) == 40);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, primitive_type) == 48);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, count) == 56);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, cpu_executor) == 64);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllGather_Args, event) == 72);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_AllGather_Args, event)
            + size_of::<*mut PJRT_Event>()
            == 80
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_AllReduce_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
    pub send_buffer_ptr: *mut c_void,
    pub send_buffer_size: usize,
    pub recv_buffer_ptr: *mut c_void,
    pub recv_buffer_size: usize,
    pub primitive_type: PJRT_Buffer_Type,
    pub count: usize,
    pub reduction_kind: PJRT_Collectives_ReductionKind,
    pub cpu_executor: *mut PJRT_Collectives_CpuExecutor,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Collectives_Communicator_AllReduce_Args, 88);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_AllReduce_Args>() == 88);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, communicator) == 8);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, send_buffer_ptr) == 16);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, send_buffer_size) == 24);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, recv_buffer_ptr) == 32);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, recv_buffer_size) == 40);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, primitive_type) == 48);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, count) == 56);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, reduction_kind) == 64);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, cpu_executor) == 72);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, event) == 80);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_AllReduce_Args, event)
            + size_of::<*mut PJRT_Event>()
            == 88
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_AllToAll_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
    pub send_buffers_ptrs: *mut *mut c_void,
    pub send_buffers_sizes: *const usize,
    pub num_send_buffers: usize,
    pub recv_buffers_ptrs: *mut *mut c_void,
    pub recv_buffers_sizes: *const usize,
    pub num_recv_buffers: usize,
    pub primitive_type: PJRT_Buffer_Type,
    pub count: usize,
    pub cpu_executor: *mut PJRT_Collectives_CpuExecutor,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Collectives_Communicator_AllToAll_Args, 96);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_AllToAll_Args>() == 96);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, communicator) == 8);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, send_buffers_ptrs) == 16);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, send_buffers_sizes) == 24);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, num_send_buffers) == 32);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, recv_buffers_ptrs) == 40);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, recv_buffers_sizes) == 48);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, num_recv_buffers) == 56);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, primitive_type) == 64);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, count) == 72);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, cpu_executor) == 80);
    assert!(offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, event) == 88);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_AllToAll_Args, event)
            + size_of::<*mut PJRT_Event>()
            == 96
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_CollectivePermute_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
    pub send_buffer_ptr: *mut c_void,
    pub send_buffer_size: usize,
    pub recv_buffer_ptr: *mut c_void,
    pub recv_buffer_size: usize,
    pub primitive_type: PJRT_Buffer_Type,
    pub count: usize,
    pub has_source_rank: bool,
    pub source_rank: i64,
    pub target_ranks: *mut i64,
    pub num_target_ranks: usize,
    pub cpu_executor: *mut PJRT_Collectives_CpuExecutor,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Collectives_Communicator_CollectivePermute_Args, 112);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_CollectivePermute_Args>() == 112);
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, communicator) == 8);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, send_buffer_ptr) == 16
    );
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, send_buffer_size) == 24
    );
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, recv_buffer_ptr) == 32
    );
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, recv_buffer_size) == 40
    );
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, primitive_type) == 48);
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, count) == 56);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, has_source_rank) == 64
    );
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, source_rank) == 72);
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, target_ranks) == 80);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, num_target_ranks) == 88
    );
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, cpu_executor) == 96);
    assert!(offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, event) == 104);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_CollectivePermute_Args, event)
            + size_of::<*mut PJRT_Event>()
            == 112
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_Destroy_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
}

sized!(PJRT_Collectives_Communicator_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_Destroy_Args>() == 16);
    assert!(offset_of!(PJRT_Collectives_Communicator_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_Destroy_Args, communicator) == 8);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_Destroy_Args, communicator)
            + size_of::<*mut PJRT_Collectives_Communicator>()
            == 16
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_ReduceScatter_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
    pub send_buffer_ptr: *mut c_void,
    pub send_buffer_size: usize,
    pub recv_buffer_ptr: *mut c_void,
    pub recv_buffer_size: usize,
    pub primitive_type: PJRT_Buffer_Type,
    pub count: usize,
    pub reduction_kind: PJRT_Collectives_ReductionKind,
    pub cpu_executor: *mut PJRT_Collectives_CpuExecutor,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Collectives_Communicator_ReduceScatter_Args, 88);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_ReduceScatter_Args>() == 88);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, communicator) == 8);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, send_buffer_ptr) == 16);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, send_buffer_size) == 24);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, recv_buffer_ptr) == 32);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, recv_buffer_size) == 40);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, primitive_type) == 48);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, count) == 56);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, reduction_kind) == 64);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, cpu_executor) == 72);
    assert!(offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, event) == 80);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_ReduceScatter_Args, event)
            + size_of::<*mut PJRT_Event>()
            == 88
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Communicator_ToString_Args {
    pub struct_size: usize,
    pub communicator: *mut PJRT_Collectives_Communicator,
    pub str: *const c_char,
    pub str_size: usize,
    pub str_holder: *mut PJRT_Collectives_ToString_Holder,
    pub str_holder_deleter: Option<unsafe extern "C" fn(*mut PJRT_Collectives_ToString_Holder)>,
}

sized!(PJRT_Collectives_Communicator_ToString_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Communicator_ToString_Args>() == 48);
    assert!(offset_of!(PJRT_Collectives_Communicator_ToString_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Communicator_ToString_Args, communicator) == 8);
    assert!(offset_of!(PJRT_Collectives_Communicator_ToString_Args, str) == 16);
    assert!(offset_of!(PJRT_Collectives_Communicator_ToString_Args, str_size) == 24);
    assert!(offset_of!(PJRT_Collectives_Communicator_ToString_Args, str_holder) == 32);
    assert!(offset_of!(PJRT_Collectives_Communicator_ToString_Args, str_holder_deleter) == 40);
    assert!(
        offset_of!(PJRT_Collectives_Communicator_ToString_Args, str_holder_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_Collectives_ToString_Holder)>>()
            == 48
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_CpuExecutor {
    pub run_id: i64,
    pub global_device_ids: *mut i64,
    pub num_global_device_ids: usize,
    pub num_local_participants: i32,
    pub collective_op_kind: PJRT_Collectives_CollectiveOpKind,
    pub op_id: i64,
    pub timeout_in_ns: i64,
}

const _: () = {
    assert!(size_of::<PJRT_Collectives_CpuExecutor>() == 48);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, run_id) == 0);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, global_device_ids) == 8);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, num_global_device_ids) == 16);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, num_local_participants) == 24);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, collective_op_kind) == 28);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, op_id) == 32);
    assert!(offset_of!(PJRT_Collectives_CpuExecutor, timeout_in_ns) == 40);
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_CreateCommunicators_Args {
    pub struct_size: usize,
    pub collectives: *mut PJRT_Collectives,
    pub device_ids: *const i64,
    pub num_device_ids: usize,
    pub clique_ids: *mut *const c_char,
    pub clique_id_sizes: *const usize,
    pub num_clique_ids: usize,
    pub rank_ids: *mut i64,
    pub num_device_ranks: usize,
    pub communicators: *mut *mut PJRT_Collectives_Communicator,
    pub num_communicators: usize,
    pub communicators_holder: *mut PJRT_Collectives_Communicators,
    pub communicators_holder_deleter:
        Option<unsafe extern "C" fn(*mut PJRT_Collectives_Communicators)>,
}

sized!(PJRT_Collectives_CreateCommunicators_Args, 104);

const _: () = {
    assert!(size_of::<PJRT_Collectives_CreateCommunicators_Args>() == 104);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, collectives) == 8);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, device_ids) == 16);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, num_device_ids) == 24);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, clique_ids) == 32);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, clique_id_sizes) == 40);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, num_clique_ids) == 48);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, rank_ids) == 56);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, num_device_ranks) == 64);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, communicators) == 72);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, num_communicators) == 80);
    assert!(offset_of!(PJRT_Collectives_CreateCommunicators_Args, communicators_holder) == 88);
    assert!(
        offset_of!(PJRT_Collectives_CreateCommunicators_Args, communicators_holder_deleter) == 96
    );
    assert!(
        offset_of!(PJRT_Collectives_CreateCommunicators_Args, communicators_holder_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_Collectives_Communicators)>>()
            == 104
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Destroy_Args {
    pub struct_size: usize,
    pub collectives: *mut PJRT_Collectives,
}

sized!(PJRT_Collectives_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PJRT_Collectives_Destroy_Args>() == 16);
    assert!(offset_of!(PJRT_Collectives_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Collectives_Destroy_Args, collectives) == 8);
    assert!(
        offset_of!(PJRT_Collectives_Destroy_Args, collectives) + size_of::<*mut PJRT_Collectives>()
            == 16
    );
};

/// Declared in `pjrt_c_api_collectives_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Collectives_Extension {
    pub base: PJRT_Extension_Base,
    pub collectives_destroy: PJRT_Collectives_Destroy,
    pub collectives_create_communicators: PJRT_Collectives_CreateCommunicators,
    pub communicator_destroy: PJRT_Collectives_Communicator_Destroy,
    pub communicator_all_reduce: PJRT_Collectives_Communicator_AllReduce,
    pub communicator_reduce_scatter: PJRT_Collectives_Communicator_ReduceScatter,
    pub communicator_all_gather: PJRT_Collectives_Communicator_AllGather,
    pub communicator_collective_permute: PJRT_Collectives_Communicator_CollectivePermute,
    pub communicator_all_to_all: PJRT_Collectives_Communicator_AllToAll,
    pub communicator_to_string: PJRT_Collectives_Communicator_ToString,
}

const _: () = {
    assert!(size_of::<PJRT_Collectives_Extension>() == 96);
    assert!(offset_of!(PJRT_Collectives_Extension, base) == 0);
    assert!(offset_of!(PJRT_Collectives_Extension, collectives_destroy) == 24);
    assert!(offset_of!(PJRT_Collectives_Extension, collectives_create_communicators) == 32);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_destroy) == 40);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_all_reduce) == 48);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_reduce_scatter) == 56);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_all_gather) == 64);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_collective_permute) == 72);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_all_to_all) == 80);
    assert!(offset_of!(PJRT_Collectives_Extension, communicator_to_string) == 88);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Compile_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *const PJRT_TopologyDescription,
    pub program: *const PJRT_Program,
    pub compile_options: *const c_char,
    pub compile_options_size: usize,
    pub client: *mut PJRT_Client,
    pub executable: *mut PJRT_Executable,
}

sized!(PJRT_Compile_Args, 64);

const _: () = {
    assert!(size_of::<PJRT_Compile_Args>() == 64);
    assert!(offset_of!(PJRT_Compile_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Compile_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Compile_Args, topology) == 16);
    assert!(offset_of!(PJRT_Compile_Args, program) == 24);
    assert!(offset_of!(PJRT_Compile_Args, compile_options) == 32);
    assert!(offset_of!(PJRT_Compile_Args, compile_options_size) == 40);
    assert!(offset_of!(PJRT_Compile_Args, client) == 48);
    assert!(offset_of!(PJRT_Compile_Args, executable) == 56);
    assert!(offset_of!(PJRT_Compile_Args, executable) + size_of::<*mut PJRT_Executable>() == 64);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_CopyToDeviceStream_AddChunk_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub stream: *mut PJRT_CopyToDeviceStream,
    pub chunk: *mut PJRT_Chunk,
    pub transfer_complete: *mut PJRT_Event,
}

sized!(PJRT_CopyToDeviceStream_AddChunk_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_CopyToDeviceStream_AddChunk_Args>() == 40);
    assert!(offset_of!(PJRT_CopyToDeviceStream_AddChunk_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_CopyToDeviceStream_AddChunk_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_CopyToDeviceStream_AddChunk_Args, stream) == 16);
    assert!(offset_of!(PJRT_CopyToDeviceStream_AddChunk_Args, chunk) == 24);
    assert!(offset_of!(PJRT_CopyToDeviceStream_AddChunk_Args, transfer_complete) == 32);
    assert!(
        offset_of!(PJRT_CopyToDeviceStream_AddChunk_Args, transfer_complete)
            + size_of::<*mut PJRT_Event>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_CopyToDeviceStream_CurrentBytes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub stream: *mut PJRT_CopyToDeviceStream,
    pub current_bytes: i64,
}

sized!(PJRT_CopyToDeviceStream_CurrentBytes_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_CopyToDeviceStream_CurrentBytes_Args>() == 32);
    assert!(offset_of!(PJRT_CopyToDeviceStream_CurrentBytes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_CopyToDeviceStream_CurrentBytes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_CopyToDeviceStream_CurrentBytes_Args, stream) == 16);
    assert!(offset_of!(PJRT_CopyToDeviceStream_CurrentBytes_Args, current_bytes) == 24);
    assert!(
        offset_of!(PJRT_CopyToDeviceStream_CurrentBytes_Args, current_bytes) + size_of::<i64>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_CopyToDeviceStream_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub stream: *mut PJRT_CopyToDeviceStream,
}

sized!(PJRT_CopyToDeviceStream_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_CopyToDeviceStream_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_CopyToDeviceStream_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_CopyToDeviceStream_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_CopyToDeviceStream_Destroy_Args, stream) == 16);
    assert!(
        offset_of!(PJRT_CopyToDeviceStream_Destroy_Args, stream)
            + size_of::<*mut PJRT_CopyToDeviceStream>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_CopyToDeviceStream_GranuleSize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub stream: *mut PJRT_CopyToDeviceStream,
    pub granule_size_in_bytes: i64,
}

sized!(PJRT_CopyToDeviceStream_GranuleSize_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_CopyToDeviceStream_GranuleSize_Args>() == 32);
    assert!(offset_of!(PJRT_CopyToDeviceStream_GranuleSize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_CopyToDeviceStream_GranuleSize_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_CopyToDeviceStream_GranuleSize_Args, stream) == 16);
    assert!(offset_of!(PJRT_CopyToDeviceStream_GranuleSize_Args, granule_size_in_bytes) == 24);
    assert!(
        offset_of!(PJRT_CopyToDeviceStream_GranuleSize_Args, granule_size_in_bytes)
            + size_of::<i64>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_CopyToDeviceStream_TotalBytes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub stream: *mut PJRT_CopyToDeviceStream,
    pub total_bytes: i64,
}

sized!(PJRT_CopyToDeviceStream_TotalBytes_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_CopyToDeviceStream_TotalBytes_Args>() == 32);
    assert!(offset_of!(PJRT_CopyToDeviceStream_TotalBytes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_CopyToDeviceStream_TotalBytes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_CopyToDeviceStream_TotalBytes_Args, stream) == 16);
    assert!(offset_of!(PJRT_CopyToDeviceStream_TotalBytes_Args, total_bytes) == 24);
    assert!(
        offset_of!(PJRT_CopyToDeviceStream_TotalBytes_Args, total_bytes) + size_of::<i64>() == 32
    );
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Custom_Partitioner_Extension {
    pub base: PJRT_Extension_Base,
    pub register_custom_partitioner: PJRT_Register_Custom_Partitioner,
    pub register_batch_partitionable: PJRT_Register_Batch_Partitionable,
}

const _: () = {
    assert!(size_of::<PJRT_Custom_Partitioner_Extension>() == 40);
    assert!(offset_of!(PJRT_Custom_Partitioner_Extension, base) == 0);
    assert!(offset_of!(PJRT_Custom_Partitioner_Extension, register_custom_partitioner) == 24);
    assert!(offset_of!(PJRT_Custom_Partitioner_Extension, register_batch_partitionable) == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_Attributes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub num_attributes: usize,
    pub attributes: *const PJRT_NamedValue,
}

sized!(PJRT_DeviceDescription_Attributes_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_Attributes_Args>() == 40);
    assert!(offset_of!(PJRT_DeviceDescription_Attributes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_Attributes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_Attributes_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_Attributes_Args, num_attributes) == 24);
    assert!(offset_of!(PJRT_DeviceDescription_Attributes_Args, attributes) == 32);
    assert!(
        offset_of!(PJRT_DeviceDescription_Attributes_Args, attributes)
            + size_of::<*const PJRT_NamedValue>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_DebugString_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub debug_string: *const c_char,
    pub debug_string_size: usize,
}

sized!(PJRT_DeviceDescription_DebugString_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_DebugString_Args>() == 40);
    assert!(offset_of!(PJRT_DeviceDescription_DebugString_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_DebugString_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_DebugString_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_DebugString_Args, debug_string) == 24);
    assert!(offset_of!(PJRT_DeviceDescription_DebugString_Args, debug_string_size) == 32);
    assert!(
        offset_of!(PJRT_DeviceDescription_DebugString_Args, debug_string_size) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_Id_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub id: c_int,
}

sized!(PJRT_DeviceDescription_Id_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_Id_Args>() == 32);
    assert!(offset_of!(PJRT_DeviceDescription_Id_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_Id_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_Id_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_Id_Args, id) == 24);
    assert!(offset_of!(PJRT_DeviceDescription_Id_Args, id) + size_of::<c_int>() == 28);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_Kind_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub device_kind: *const c_char,
    pub device_kind_size: usize,
}

sized!(PJRT_DeviceDescription_Kind_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_Kind_Args>() == 40);
    assert!(offset_of!(PJRT_DeviceDescription_Kind_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_Kind_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_Kind_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_Kind_Args, device_kind) == 24);
    assert!(offset_of!(PJRT_DeviceDescription_Kind_Args, device_kind_size) == 32);
    assert!(
        offset_of!(PJRT_DeviceDescription_Kind_Args, device_kind_size) + size_of::<usize>() == 40
    );
};

/// Declared in `pjrt_c_api_memory_descriptions_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_MemoryDescriptions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub memory_descriptions: *const *const PJRT_MemoryDescription,
    pub num_memory_descriptions: usize,
    pub default_memory_index: usize,
}

sized!(PJRT_DeviceDescription_MemoryDescriptions_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_MemoryDescriptions_Args>() == 48);
    assert!(offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, memory_descriptions) == 24);
    assert!(
        offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, num_memory_descriptions) == 32
    );
    assert!(offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, default_memory_index) == 40);
    assert!(
        offset_of!(PJRT_DeviceDescription_MemoryDescriptions_Args, default_memory_index)
            + size_of::<usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_ProcessIndex_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub process_index: c_int,
}

sized!(PJRT_DeviceDescription_ProcessIndex_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_ProcessIndex_Args>() == 32);
    assert!(offset_of!(PJRT_DeviceDescription_ProcessIndex_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_ProcessIndex_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_ProcessIndex_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_ProcessIndex_Args, process_index) == 24);
    assert!(
        offset_of!(PJRT_DeviceDescription_ProcessIndex_Args, process_index) + size_of::<c_int>()
            == 28
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceDescription_ToString_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device_description: *mut PJRT_DeviceDescription,
    pub to_string: *const c_char,
    pub to_string_size: usize,
}

sized!(PJRT_DeviceDescription_ToString_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_DeviceDescription_ToString_Args>() == 40);
    assert!(offset_of!(PJRT_DeviceDescription_ToString_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceDescription_ToString_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceDescription_ToString_Args, device_description) == 16);
    assert!(offset_of!(PJRT_DeviceDescription_ToString_Args, to_string) == 24);
    assert!(offset_of!(PJRT_DeviceDescription_ToString_Args, to_string_size) == 32);
    assert!(
        offset_of!(PJRT_DeviceDescription_ToString_Args, to_string_size) + size_of::<usize>() == 40
    );
};

/// Declared in `pjrt_c_api_device_event.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceEvent {
    pub vtable: *const PJRT_DeviceEvent_FunctionTable,
    pub device_event: *mut c_void,
}

const _: () = {
    assert!(size_of::<PJRT_DeviceEvent>() == 16);
    assert!(offset_of!(PJRT_DeviceEvent, vtable) == 0);
    assert!(offset_of!(PJRT_DeviceEvent, device_event) == 8);
};

/// Declared in `pjrt_c_api_device_event.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceEventPromise {
    pub vtable: *const PJRT_DeviceEventPromise_FunctionTable,
}

const _: () = {
    assert!(size_of::<PJRT_DeviceEventPromise>() == 8);
    assert!(offset_of!(PJRT_DeviceEventPromise, vtable) == 0);
};

/// Declared in `pjrt_c_api_device_event.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceEventPromise_FunctionTable {
    pub struct_size: usize,
    pub instance_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub inc_ref: Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise)>,
    pub dec_ref: Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise)>,
    pub event: Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise) -> PJRT_DeviceEvent>,
    pub set: Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise, PJRT_DeviceEvent)>,
    pub set_error: Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise, *mut PJRT_Error)>,
    pub set_ready: Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise)>,
}

sized!(PJRT_DeviceEventPromise_FunctionTable, 72);

const _: () = {
    assert!(size_of::<PJRT_DeviceEventPromise_FunctionTable>() == 72);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, instance_size) == 8);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, extension_start) == 16);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, inc_ref) == 24);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, dec_ref) == 32);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, event) == 40);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, set) == 48);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, set_error) == 56);
    assert!(offset_of!(PJRT_DeviceEventPromise_FunctionTable, set_ready) == 64);
    assert!(
        offset_of!(PJRT_DeviceEventPromise_FunctionTable, set_ready)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_DeviceEventPromise)>>()
            == 72
    );
};

/// Declared in `pjrt_c_api_device_event.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceEventVector {
    pub data: *mut PJRT_DeviceEvent,
    pub size: usize,
    pub capacity: usize,
    pub destroy: Option<unsafe extern "C" fn(*mut PJRT_DeviceEvent)>,
}

const _: () = {
    assert!(size_of::<PJRT_DeviceEventVector>() == 32);
    assert!(offset_of!(PJRT_DeviceEventVector, data) == 0);
    assert!(offset_of!(PJRT_DeviceEventVector, size) == 8);
    assert!(offset_of!(PJRT_DeviceEventVector, capacity) == 16);
    assert!(offset_of!(PJRT_DeviceEventVector, destroy) == 24);
};

/// Declared in `pjrt_c_api_device_event.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_DeviceEvent_FunctionTable {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub inc_ref: Option<unsafe extern "C" fn(*mut c_void)>,
    pub dec_ref: Option<unsafe extern "C" fn(*mut c_void)>,
    pub and_then: Option<unsafe extern "C" fn(*mut c_void, PJRT_DeviceEvent_AndThen, *mut c_void)>,
    pub get_error_if_present: Option<
        unsafe extern "C" fn(
            *mut c_void,
            *mut PJRT_Error_Code,
            *mut *const c_char,
            *mut usize,
        ) -> c_int,
    >,
    pub parent: *const PJRT_DeviceEvent_FunctionTable,
    pub get_state: Option<unsafe extern "C" fn(*mut c_void) -> PJRT_DeviceEvent_State>,
    pub get_definition_stream: Option<unsafe extern "C" fn(*mut c_void, *mut u64) -> isize>,
}

sized!(PJRT_DeviceEvent_FunctionTable, 72);

const _: () = {
    assert!(size_of::<PJRT_DeviceEvent_FunctionTable>() == 72);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, struct_size) == 0);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, extension_start) == 8);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, inc_ref) == 16);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, dec_ref) == 24);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, and_then) == 32);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, get_error_if_present) == 40);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, parent) == 48);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, get_state) == 56);
    assert!(offset_of!(PJRT_DeviceEvent_FunctionTable, get_definition_stream) == 64);
    assert!(
        offset_of!(PJRT_DeviceEvent_FunctionTable, get_definition_stream)
            + size_of::<Option<unsafe extern "C" fn(*mut c_void, *mut u64) -> isize>>()
            == 72
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_AddressableMemories_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub memories: *const *mut PJRT_Memory,
    pub num_memories: usize,
}

sized!(PJRT_Device_AddressableMemories_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Device_AddressableMemories_Args>() == 40);
    assert!(offset_of!(PJRT_Device_AddressableMemories_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_AddressableMemories_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_AddressableMemories_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_AddressableMemories_Args, memories) == 24);
    assert!(offset_of!(PJRT_Device_AddressableMemories_Args, num_memories) == 32);
    assert!(
        offset_of!(PJRT_Device_AddressableMemories_Args, num_memories) + size_of::<usize>() == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_ClearMemoryStats_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
}

sized!(PJRT_Device_ClearMemoryStats_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Device_ClearMemoryStats_Args>() == 24);
    assert!(offset_of!(PJRT_Device_ClearMemoryStats_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_ClearMemoryStats_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_ClearMemoryStats_Args, device) == 16);
    assert!(
        offset_of!(PJRT_Device_ClearMemoryStats_Args, device) + size_of::<*mut PJRT_Device>() == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_CreateAsyncTrackingEvent_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub description: *const c_char,
    pub description_size: usize,
    pub event: *mut PJRT_AsyncTrackingEvent,
}

sized!(PJRT_Device_CreateAsyncTrackingEvent_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Device_CreateAsyncTrackingEvent_Args>() == 48);
    assert!(offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, description) == 24);
    assert!(offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, description_size) == 32);
    assert!(offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, event) == 40);
    assert!(
        offset_of!(PJRT_Device_CreateAsyncTrackingEvent_Args, event)
            + size_of::<*mut PJRT_AsyncTrackingEvent>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_DefaultMemory_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub memory: *mut PJRT_Memory,
}

sized!(PJRT_Device_DefaultMemory_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Device_DefaultMemory_Args>() == 32);
    assert!(offset_of!(PJRT_Device_DefaultMemory_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_DefaultMemory_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_DefaultMemory_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_DefaultMemory_Args, memory) == 24);
    assert!(
        offset_of!(PJRT_Device_DefaultMemory_Args, memory) + size_of::<*mut PJRT_Memory>() == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_GetAttributes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub attributes: *const PJRT_NamedValue,
    pub num_attributes: usize,
    pub device_attributes: *mut PJRT_Device_Attributes,
    pub attributes_deleter: Option<unsafe extern "C" fn(*mut PJRT_Device_Attributes)>,
}

sized!(PJRT_Device_GetAttributes_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Device_GetAttributes_Args>() == 56);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, attributes) == 24);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, num_attributes) == 32);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, device_attributes) == 40);
    assert!(offset_of!(PJRT_Device_GetAttributes_Args, attributes_deleter) == 48);
    assert!(
        offset_of!(PJRT_Device_GetAttributes_Args, attributes_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_Device_Attributes)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_GetDescription_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub device_description: *mut PJRT_DeviceDescription,
}

sized!(PJRT_Device_GetDescription_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Device_GetDescription_Args>() == 32);
    assert!(offset_of!(PJRT_Device_GetDescription_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_GetDescription_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_GetDescription_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_GetDescription_Args, device_description) == 24);
    assert!(
        offset_of!(PJRT_Device_GetDescription_Args, device_description)
            + size_of::<*mut PJRT_DeviceDescription>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_IsAddressable_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub is_addressable: bool,
}

sized!(PJRT_Device_IsAddressable_Args, 25);

const _: () = {
    assert!(size_of::<PJRT_Device_IsAddressable_Args>() == 32);
    assert!(offset_of!(PJRT_Device_IsAddressable_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_IsAddressable_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_IsAddressable_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_IsAddressable_Args, is_addressable) == 24);
    assert!(offset_of!(PJRT_Device_IsAddressable_Args, is_addressable) + size_of::<bool>() == 25);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_LocalHardwareId_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub local_hardware_id: c_int,
}

sized!(PJRT_Device_LocalHardwareId_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_Device_LocalHardwareId_Args>() == 32);
    assert!(offset_of!(PJRT_Device_LocalHardwareId_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_LocalHardwareId_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_LocalHardwareId_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_LocalHardwareId_Args, local_hardware_id) == 24);
    assert!(
        offset_of!(PJRT_Device_LocalHardwareId_Args, local_hardware_id) + size_of::<c_int>() == 28
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_MemoryStats_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub bytes_in_use: i64,
    pub peak_bytes_in_use: i64,
    pub peak_bytes_in_use_is_set: bool,
    pub num_allocs: i64,
    pub num_allocs_is_set: bool,
    pub largest_alloc_size: i64,
    pub largest_alloc_size_is_set: bool,
    pub bytes_limit: i64,
    pub bytes_limit_is_set: bool,
    pub bytes_reserved: i64,
    pub bytes_reserved_is_set: bool,
    pub peak_bytes_reserved: i64,
    pub peak_bytes_reserved_is_set: bool,
    pub bytes_reservable_limit: i64,
    pub bytes_reservable_limit_is_set: bool,
    pub largest_free_block_bytes: i64,
    pub largest_free_block_bytes_is_set: bool,
    pub pool_bytes: i64,
    pub pool_bytes_is_set: bool,
    pub peak_pool_bytes: i64,
    pub peak_pool_bytes_is_set: bool,
    pub peak_allocated_bytes: i64,
    pub peak_allocated_bytes_is_set: bool,
}

sized!(PJRT_Device_MemoryStats_Args, 201);

const _: () = {
    assert!(size_of::<PJRT_Device_MemoryStats_Args>() == 208);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_in_use) == 24);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_bytes_in_use) == 32);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_bytes_in_use_is_set) == 40);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, num_allocs) == 48);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, num_allocs_is_set) == 56);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, largest_alloc_size) == 64);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, largest_alloc_size_is_set) == 72);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_limit) == 80);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_limit_is_set) == 88);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_reserved) == 96);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_reserved_is_set) == 104);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_bytes_reserved) == 112);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_bytes_reserved_is_set) == 120);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_reservable_limit) == 128);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, bytes_reservable_limit_is_set) == 136);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, largest_free_block_bytes) == 144);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, largest_free_block_bytes_is_set) == 152);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, pool_bytes) == 160);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, pool_bytes_is_set) == 168);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_pool_bytes) == 176);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_pool_bytes_is_set) == 184);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_allocated_bytes) == 192);
    assert!(offset_of!(PJRT_Device_MemoryStats_Args, peak_allocated_bytes_is_set) == 200);
    assert!(
        offset_of!(PJRT_Device_MemoryStats_Args, peak_allocated_bytes_is_set) + size_of::<bool>()
            == 201
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Device_PoisonExecution_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub device: *mut PJRT_Device,
    pub launch_id: i32,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
    pub poisoned: bool,
    pub payload: *const PJRT_NamedValue,
    pub num_payload: usize,
}

sized!(PJRT_Device_PoisonExecution_Args, 72);

const _: () = {
    assert!(size_of::<PJRT_Device_PoisonExecution_Args>() == 72);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, device) == 16);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, launch_id) == 24);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, error_code) == 28);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, error_message) == 32);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, error_message_size) == 40);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, poisoned) == 48);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, payload) == 56);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, num_payload) == 64);
    assert!(offset_of!(PJRT_Device_PoisonExecution_Args, num_payload) + size_of::<usize>() == 72);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Error {
    pub vtable: *const PJRT_Error_FunctionTable,
}

const _: () = {
    assert!(size_of::<PJRT_Error>() == 8);
    assert!(offset_of!(PJRT_Error, vtable) == 0);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Error_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub error: *mut PJRT_Error,
}

sized!(PJRT_Error_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Error_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_Error_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Error_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Error_Destroy_Args, error) == 16);
    assert!(offset_of!(PJRT_Error_Destroy_Args, error) + size_of::<*mut PJRT_Error>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Error_ForEachPayload_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub error: *const PJRT_Error,
    pub visitor: PJRT_Error_PayloadVisitor,
    pub user_arg: *mut c_void,
}

sized!(PJRT_Error_ForEachPayload_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Error_ForEachPayload_Args>() == 40);
    assert!(offset_of!(PJRT_Error_ForEachPayload_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Error_ForEachPayload_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Error_ForEachPayload_Args, error) == 16);
    assert!(offset_of!(PJRT_Error_ForEachPayload_Args, visitor) == 24);
    assert!(offset_of!(PJRT_Error_ForEachPayload_Args, user_arg) == 32);
    assert!(offset_of!(PJRT_Error_ForEachPayload_Args, user_arg) + size_of::<*mut c_void>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Error_FunctionTable {
    pub struct_size: usize,
    pub instance_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub destroy: Option<unsafe extern "C" fn(*mut PJRT_Error)>,
    pub message: Option<unsafe extern "C" fn(*const PJRT_Error, *mut *const c_char, *mut usize)>,
    pub get_code: Option<unsafe extern "C" fn(*const PJRT_Error) -> PJRT_Error_Code>,
    pub for_each_payload:
        Option<unsafe extern "C" fn(*const PJRT_Error, PJRT_Error_PayloadVisitor, *mut c_void)>,
}

sized!(PJRT_Error_FunctionTable, 56);

const _: () = {
    assert!(size_of::<PJRT_Error_FunctionTable>() == 56);
    assert!(offset_of!(PJRT_Error_FunctionTable, struct_size) == 0);
    assert!(offset_of!(PJRT_Error_FunctionTable, instance_size) == 8);
    assert!(offset_of!(PJRT_Error_FunctionTable, extension_start) == 16);
    assert!(offset_of!(PJRT_Error_FunctionTable, destroy) == 24);
    assert!(offset_of!(PJRT_Error_FunctionTable, message) == 32);
    assert!(offset_of!(PJRT_Error_FunctionTable, get_code) == 40);
    assert!(offset_of!(PJRT_Error_FunctionTable, for_each_payload) == 48);
    assert!(
        offset_of!(PJRT_Error_FunctionTable, for_each_payload)
            + size_of::<
                Option<
                    unsafe extern "C" fn(*const PJRT_Error, PJRT_Error_PayloadVisitor, *mut c_void),
                >,
            >()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Error_GetCode_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub error: *const PJRT_Error,
    pub code: PJRT_Error_Code,
}

sized!(PJRT_Error_GetCode_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_Error_GetCode_Args>() == 32);
    assert!(offset_of!(PJRT_Error_GetCode_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Error_GetCode_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Error_GetCode_Args, error) == 16);
    assert!(offset_of!(PJRT_Error_GetCode_Args, code) == 24);
    assert!(offset_of!(PJRT_Error_GetCode_Args, code) + size_of::<PJRT_Error_Code>() == 28);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Error_Message_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub error: *const PJRT_Error,
    pub message: *const c_char,
    pub message_size: usize,
}

sized!(PJRT_Error_Message_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Error_Message_Args>() == 40);
    assert!(offset_of!(PJRT_Error_Message_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Error_Message_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Error_Message_Args, error) == 16);
    assert!(offset_of!(PJRT_Error_Message_Args, message) == 24);
    assert!(offset_of!(PJRT_Error_Message_Args, message_size) == 32);
    assert!(offset_of!(PJRT_Error_Message_Args, message_size) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_Await_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Event_Await_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Event_Await_Args>() == 24);
    assert!(offset_of!(PJRT_Event_Await_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_Await_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_Await_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_Await_Args, event) + size_of::<*mut PJRT_Event>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_Create_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Event_Create_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Event_Create_Args>() == 24);
    assert!(offset_of!(PJRT_Event_Create_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_Create_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_Create_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_Create_Args, event) + size_of::<*mut PJRT_Event>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Event_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Event_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_Event_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_Destroy_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_Destroy_Args, event) + size_of::<*mut PJRT_Event>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_Error_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_Event_Error_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Event_Error_Args>() == 24);
    assert!(offset_of!(PJRT_Event_Error_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_Error_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_Error_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_Error_Args, event) + size_of::<*mut PJRT_Event>() == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_IsReady_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
    pub is_ready: bool,
}

sized!(PJRT_Event_IsReady_Args, 25);

const _: () = {
    assert!(size_of::<PJRT_Event_IsReady_Args>() == 32);
    assert!(offset_of!(PJRT_Event_IsReady_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_IsReady_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_IsReady_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_IsReady_Args, is_ready) == 24);
    assert!(offset_of!(PJRT_Event_IsReady_Args, is_ready) + size_of::<bool>() == 25);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_OnReady_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
    pub callback: PJRT_Event_OnReadyCallback,
    pub user_arg: *mut c_void,
}

sized!(PJRT_Event_OnReady_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Event_OnReady_Args>() == 40);
    assert!(offset_of!(PJRT_Event_OnReady_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_OnReady_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_OnReady_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_OnReady_Args, callback) == 24);
    assert!(offset_of!(PJRT_Event_OnReady_Args, user_arg) == 32);
    assert!(offset_of!(PJRT_Event_OnReady_Args, user_arg) + size_of::<*mut c_void>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Event_Set_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub event: *mut PJRT_Event,
    pub error_code: PJRT_Error_Code,
    pub error_message: *const c_char,
    pub error_message_size: usize,
}

sized!(PJRT_Event_Set_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Event_Set_Args>() == 48);
    assert!(offset_of!(PJRT_Event_Set_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Event_Set_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Event_Set_Args, event) == 16);
    assert!(offset_of!(PJRT_Event_Set_Args, error_code) == 24);
    assert!(offset_of!(PJRT_Event_Set_Args, error_message) == 32);
    assert!(offset_of!(PJRT_Event_Set_Args, error_message_size) == 40);
    assert!(offset_of!(PJRT_Event_Set_Args, error_message_size) + size_of::<usize>() == 48);
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecutableAbiVersion_Destroy_Args {
    pub struct_size: usize,
    pub abi_version: *mut PJRT_ExecutableAbiVersion,
}

sized!(PJRT_ExecutableAbiVersion_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PJRT_ExecutableAbiVersion_Destroy_Args>() == 16);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_Destroy_Args, abi_version) == 8);
    assert!(
        offset_of!(PJRT_ExecutableAbiVersion_Destroy_Args, abi_version)
            + size_of::<*mut PJRT_ExecutableAbiVersion>()
            == 16
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecutableAbiVersion_FromProto_Args {
    pub struct_size: usize,
    pub serialized_proto: *const c_char,
    pub serialized_proto_size: usize,
    pub abi_version: *mut PJRT_ExecutableAbiVersion,
}

sized!(PJRT_ExecutableAbiVersion_FromProto_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_ExecutableAbiVersion_FromProto_Args>() == 32);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_FromProto_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_FromProto_Args, serialized_proto) == 8);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_FromProto_Args, serialized_proto_size) == 16);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_FromProto_Args, abi_version) == 24);
    assert!(
        offset_of!(PJRT_ExecutableAbiVersion_FromProto_Args, abi_version)
            + size_of::<*mut PJRT_ExecutableAbiVersion>()
            == 32
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecutableAbiVersion_PlatformId_Args {
    pub struct_size: usize,
    pub abi_version: *const PJRT_ExecutableAbiVersion,
    pub platform_id: u64,
}

sized!(PJRT_ExecutableAbiVersion_PlatformId_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_ExecutableAbiVersion_PlatformId_Args>() == 24);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_PlatformId_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_PlatformId_Args, abi_version) == 8);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_PlatformId_Args, platform_id) == 16);
    assert!(
        offset_of!(PJRT_ExecutableAbiVersion_PlatformId_Args, platform_id) + size_of::<u64>() == 24
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecutableAbiVersion_ToProto_Args {
    pub struct_size: usize,
    pub abi_version: *const PJRT_ExecutableAbiVersion,
    pub serialized_proto: *const c_char,
    pub serialized_proto_size: usize,
    pub serialized_proto_holder: *mut PJRT_SerializedProto,
    pub serialized_proto_deleter: Option<unsafe extern "C" fn(*mut PJRT_SerializedProto)>,
}

sized!(PJRT_ExecutableAbiVersion_ToProto_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_ExecutableAbiVersion_ToProto_Args>() == 48);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, abi_version) == 8);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, serialized_proto) == 16);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, serialized_proto_size) == 24);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, serialized_proto_holder) == 32);
    assert!(offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, serialized_proto_deleter) == 40);
    assert!(
        offset_of!(PJRT_ExecutableAbiVersion_ToProto_Args, serialized_proto_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_SerializedProto)>>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_DeserializeAndLoad_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub serialized_executable: *const c_char,
    pub serialized_executable_size: usize,
    pub loaded_executable: *mut PJRT_LoadedExecutable,
    pub overridden_serialized_compile_options: *const c_char,
    pub overridden_serialized_compile_options_size: usize,
    pub load_options: *mut PJRT_LoadOptions,
}

sized!(PJRT_Executable_DeserializeAndLoad_Args, 72);

const _: () = {
    assert!(size_of::<PJRT_Executable_DeserializeAndLoad_Args>() == 72);
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, client) == 16);
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, serialized_executable) == 24);
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, serialized_executable_size) == 32);
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, loaded_executable) == 40);
    assert!(
        offset_of!(PJRT_Executable_DeserializeAndLoad_Args, overridden_serialized_compile_options)
            == 48
    );
    assert!(
        offset_of!(
            PJRT_Executable_DeserializeAndLoad_Args,
            overridden_serialized_compile_options_size
        ) == 56
    );
    assert!(offset_of!(PJRT_Executable_DeserializeAndLoad_Args, load_options) == 64);
    assert!(
        offset_of!(PJRT_Executable_DeserializeAndLoad_Args, load_options)
            + size_of::<*mut PJRT_LoadOptions>()
            == 72
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
}

sized!(PJRT_Executable_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Executable_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_Executable_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_Destroy_Args, executable) == 16);
    assert!(
        offset_of!(PJRT_Executable_Destroy_Args, executable) + size_of::<*mut PJRT_Executable>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_Fingerprint_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub executable_fingerprint: *const c_char,
    pub executable_fingerprint_size: usize,
}

sized!(PJRT_Executable_Fingerprint_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Executable_Fingerprint_Args>() == 40);
    assert!(offset_of!(PJRT_Executable_Fingerprint_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_Fingerprint_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_Fingerprint_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_Fingerprint_Args, executable_fingerprint) == 24);
    assert!(offset_of!(PJRT_Executable_Fingerprint_Args, executable_fingerprint_size) == 32);
    assert!(
        offset_of!(PJRT_Executable_Fingerprint_Args, executable_fingerprint_size)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_GetAbiVersion_Args {
    pub struct_size: usize,
    pub executable: *mut PJRT_Executable,
    pub abi_version: *mut PJRT_ExecutableAbiVersion,
}

sized!(PJRT_Executable_GetAbiVersion_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Executable_GetAbiVersion_Args>() == 24);
    assert!(offset_of!(PJRT_Executable_GetAbiVersion_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_GetAbiVersion_Args, executable) == 8);
    assert!(offset_of!(PJRT_Executable_GetAbiVersion_Args, abi_version) == 16);
    assert!(
        offset_of!(PJRT_Executable_GetAbiVersion_Args, abi_version)
            + size_of::<*mut PJRT_ExecutableAbiVersion>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_GetCompileOptions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub serialized_bytes: *const c_char,
    pub serialized_bytes_size: usize,
    pub serialized_compile_options: *mut PJRT_SerializedCompileOptions,
    pub serialized_compile_options_deleter:
        Option<unsafe extern "C" fn(*mut PJRT_SerializedCompileOptions)>,
}

sized!(PJRT_Executable_GetCompileOptions_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Executable_GetCompileOptions_Args>() == 56);
    assert!(offset_of!(PJRT_Executable_GetCompileOptions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_GetCompileOptions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_GetCompileOptions_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_GetCompileOptions_Args, serialized_bytes) == 24);
    assert!(offset_of!(PJRT_Executable_GetCompileOptions_Args, serialized_bytes_size) == 32);
    assert!(offset_of!(PJRT_Executable_GetCompileOptions_Args, serialized_compile_options) == 40);
    assert!(
        offset_of!(PJRT_Executable_GetCompileOptions_Args, serialized_compile_options_deleter)
            == 48
    );
    assert!(
        offset_of!(PJRT_Executable_GetCompileOptions_Args, serialized_compile_options_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_SerializedCompileOptions)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_GetCompiledMemoryStats_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub generated_code_size_in_bytes: i64,
    pub argument_size_in_bytes: i64,
    pub output_size_in_bytes: i64,
    pub alias_size_in_bytes: i64,
    pub temp_size_in_bytes: i64,
    pub host_generated_code_size_in_bytes: i64,
    pub host_argument_size_in_bytes: i64,
    pub host_output_size_in_bytes: i64,
    pub host_alias_size_in_bytes: i64,
    pub host_temp_size_in_bytes: i64,
    pub peak_memory_in_bytes: i64,
    pub total_size_in_bytes: i64,
    pub total_allocation_bytes: i64,
    pub indefinite_allocations: i64,
    pub peak_unpadded_heap_bytes: i64,
}

sized!(PJRT_Executable_GetCompiledMemoryStats_Args, 144);

const _: () = {
    assert!(size_of::<PJRT_Executable_GetCompiledMemoryStats_Args>() == 144);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, executable) == 16);
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, generated_code_size_in_bytes) == 24
    );
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, argument_size_in_bytes) == 32);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, output_size_in_bytes) == 40);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, alias_size_in_bytes) == 48);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, temp_size_in_bytes) == 56);
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, host_generated_code_size_in_bytes)
            == 64
    );
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, host_argument_size_in_bytes) == 72
    );
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, host_output_size_in_bytes) == 80
    );
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, host_alias_size_in_bytes) == 88
    );
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, host_temp_size_in_bytes) == 96);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, peak_memory_in_bytes) == 104);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, total_size_in_bytes) == 112);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, total_allocation_bytes) == 120);
    assert!(offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, indefinite_allocations) == 128);
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, peak_unpadded_heap_bytes) == 136
    );
    assert!(
        offset_of!(PJRT_Executable_GetCompiledMemoryStats_Args, peak_unpadded_heap_bytes)
            + size_of::<i64>()
            == 144
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_GetCostAnalysis_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_properties: usize,
    pub properties: *const PJRT_NamedValue,
}

sized!(PJRT_Executable_GetCostAnalysis_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Executable_GetCostAnalysis_Args>() == 40);
    assert!(offset_of!(PJRT_Executable_GetCostAnalysis_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_GetCostAnalysis_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_GetCostAnalysis_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_GetCostAnalysis_Args, num_properties) == 24);
    assert!(offset_of!(PJRT_Executable_GetCostAnalysis_Args, properties) == 32);
    assert!(
        offset_of!(PJRT_Executable_GetCostAnalysis_Args, properties)
            + size_of::<*const PJRT_NamedValue>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_Name_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub executable_name: *const c_char,
    pub executable_name_size: usize,
}

sized!(PJRT_Executable_Name_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Executable_Name_Args>() == 40);
    assert!(offset_of!(PJRT_Executable_Name_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_Name_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_Name_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_Name_Args, executable_name) == 24);
    assert!(offset_of!(PJRT_Executable_Name_Args, executable_name_size) == 32);
    assert!(offset_of!(PJRT_Executable_Name_Args, executable_name_size) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_NumOutputs_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_outputs: usize,
}

sized!(PJRT_Executable_NumOutputs_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Executable_NumOutputs_Args>() == 32);
    assert!(offset_of!(PJRT_Executable_NumOutputs_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_NumOutputs_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_NumOutputs_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_NumOutputs_Args, num_outputs) == 24);
    assert!(offset_of!(PJRT_Executable_NumOutputs_Args, num_outputs) + size_of::<usize>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_NumPartitions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_partitions: usize,
}

sized!(PJRT_Executable_NumPartitions_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Executable_NumPartitions_Args>() == 32);
    assert!(offset_of!(PJRT_Executable_NumPartitions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_NumPartitions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_NumPartitions_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_NumPartitions_Args, num_partitions) == 24);
    assert!(
        offset_of!(PJRT_Executable_NumPartitions_Args, num_partitions) + size_of::<usize>() == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_NumReplicas_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_replicas: usize,
}

sized!(PJRT_Executable_NumReplicas_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Executable_NumReplicas_Args>() == 32);
    assert!(offset_of!(PJRT_Executable_NumReplicas_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_NumReplicas_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_NumReplicas_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_NumReplicas_Args, num_replicas) == 24);
    assert!(offset_of!(PJRT_Executable_NumReplicas_Args, num_replicas) + size_of::<usize>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_OptimizedProgram_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub program: *mut PJRT_Program,
}

sized!(PJRT_Executable_OptimizedProgram_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Executable_OptimizedProgram_Args>() == 32);
    assert!(offset_of!(PJRT_Executable_OptimizedProgram_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_OptimizedProgram_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_OptimizedProgram_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_OptimizedProgram_Args, program) == 24);
    assert!(
        offset_of!(PJRT_Executable_OptimizedProgram_Args, program) + size_of::<*mut PJRT_Program>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_OutputDimensions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_outputs: usize,
    pub dims: *const i64,
    pub dim_sizes: *const usize,
}

sized!(PJRT_Executable_OutputDimensions_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Executable_OutputDimensions_Args>() == 48);
    assert!(offset_of!(PJRT_Executable_OutputDimensions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_OutputDimensions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_OutputDimensions_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_OutputDimensions_Args, num_outputs) == 24);
    assert!(offset_of!(PJRT_Executable_OutputDimensions_Args, dims) == 32);
    assert!(offset_of!(PJRT_Executable_OutputDimensions_Args, dim_sizes) == 40);
    assert!(
        offset_of!(PJRT_Executable_OutputDimensions_Args, dim_sizes) + size_of::<*const usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_OutputElementTypes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub output_types: *mut PJRT_Buffer_Type,
    pub num_output_types: usize,
}

sized!(PJRT_Executable_OutputElementTypes_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Executable_OutputElementTypes_Args>() == 40);
    assert!(offset_of!(PJRT_Executable_OutputElementTypes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_OutputElementTypes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_OutputElementTypes_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_OutputElementTypes_Args, output_types) == 24);
    assert!(offset_of!(PJRT_Executable_OutputElementTypes_Args, num_output_types) == 32);
    assert!(
        offset_of!(PJRT_Executable_OutputElementTypes_Args, num_output_types) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_OutputMemoryKinds_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_outputs: usize,
    pub memory_kinds: *const *const c_char,
    pub memory_kind_sizes: *const usize,
}

sized!(PJRT_Executable_OutputMemoryKinds_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Executable_OutputMemoryKinds_Args>() == 48);
    assert!(offset_of!(PJRT_Executable_OutputMemoryKinds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_OutputMemoryKinds_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_OutputMemoryKinds_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_OutputMemoryKinds_Args, num_outputs) == 24);
    assert!(offset_of!(PJRT_Executable_OutputMemoryKinds_Args, memory_kinds) == 32);
    assert!(offset_of!(PJRT_Executable_OutputMemoryKinds_Args, memory_kind_sizes) == 40);
    assert!(
        offset_of!(PJRT_Executable_OutputMemoryKinds_Args, memory_kind_sizes)
            + size_of::<*const usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_ParameterMemoryKinds_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_parameters: usize,
    pub memory_kinds: *const *const c_char,
    pub memory_kind_sizes: *const usize,
}

sized!(PJRT_Executable_ParameterMemoryKinds_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Executable_ParameterMemoryKinds_Args>() == 48);
    assert!(offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, num_parameters) == 24);
    assert!(offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, memory_kinds) == 32);
    assert!(offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, memory_kind_sizes) == 40);
    assert!(
        offset_of!(PJRT_Executable_ParameterMemoryKinds_Args, memory_kind_sizes)
            + size_of::<*const usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_Serialize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *const PJRT_Executable,
    pub serialized_bytes: *const c_char,
    pub serialized_bytes_size: usize,
    pub serialized_executable: *mut PJRT_SerializedExecutable,
    pub serialized_executable_deleter: Option<unsafe extern "C" fn(*mut PJRT_SerializedExecutable)>,
}

sized!(PJRT_Executable_Serialize_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Executable_Serialize_Args>() == 56);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, serialized_bytes) == 24);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, serialized_bytes_size) == 32);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, serialized_executable) == 40);
    assert!(offset_of!(PJRT_Executable_Serialize_Args, serialized_executable_deleter) == 48);
    assert!(
        offset_of!(PJRT_Executable_Serialize_Args, serialized_executable_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_SerializedExecutable)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Executable_SizeOfGeneratedCodeInBytes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub size_in_bytes: i64,
}

sized!(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Executable_SizeOfGeneratedCodeInBytes_Args>() == 32);
    assert!(offset_of!(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args, executable) == 16);
    assert!(offset_of!(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args, size_in_bytes) == 24);
    assert!(
        offset_of!(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args, size_in_bytes)
            + size_of::<i64>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecuteContext_Create_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub context: *mut PJRT_ExecuteContext,
}

sized!(PJRT_ExecuteContext_Create_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_ExecuteContext_Create_Args>() == 24);
    assert!(offset_of!(PJRT_ExecuteContext_Create_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecuteContext_Create_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_ExecuteContext_Create_Args, context) == 16);
    assert!(
        offset_of!(PJRT_ExecuteContext_Create_Args, context)
            + size_of::<*mut PJRT_ExecuteContext>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecuteContext_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub context: *mut PJRT_ExecuteContext,
}

sized!(PJRT_ExecuteContext_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_ExecuteContext_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_ExecuteContext_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecuteContext_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_ExecuteContext_Destroy_Args, context) == 16);
    assert!(
        offset_of!(PJRT_ExecuteContext_Destroy_Args, context)
            + size_of::<*mut PJRT_ExecuteContext>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ExecuteOptions {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub send_callbacks: *mut *mut PJRT_SendCallbackInfo,
    pub recv_callbacks: *mut *mut PJRT_RecvCallbackInfo,
    pub num_send_ops: usize,
    pub num_recv_ops: usize,
    pub launch_id: c_int,
    pub non_donatable_input_indices: *const i64,
    pub num_non_donatable_input_indices: usize,
    pub context: *mut PJRT_ExecuteContext,
    pub call_location: *const c_char,
    pub num_tasks: usize,
    pub task_ids: *mut c_int,
    pub incarnation_ids: *mut i64,
    pub multi_slice_config: *mut PJRT_MultiSlice_Config,
    pub use_major_to_minor_data_layout_for_callbacks: bool,
    pub hlo_output_callbacks: *mut PJRT_HloOutputCallbackInfo,
    pub num_hlo_output_callbacks: usize,
}

sized!(PJRT_ExecuteOptions, 144);

const _: () = {
    assert!(size_of::<PJRT_ExecuteOptions>() == 144);
    assert!(offset_of!(PJRT_ExecuteOptions, struct_size) == 0);
    assert!(offset_of!(PJRT_ExecuteOptions, extension_start) == 8);
    assert!(offset_of!(PJRT_ExecuteOptions, send_callbacks) == 16);
    assert!(offset_of!(PJRT_ExecuteOptions, recv_callbacks) == 24);
    assert!(offset_of!(PJRT_ExecuteOptions, num_send_ops) == 32);
    assert!(offset_of!(PJRT_ExecuteOptions, num_recv_ops) == 40);
    assert!(offset_of!(PJRT_ExecuteOptions, launch_id) == 48);
    assert!(offset_of!(PJRT_ExecuteOptions, non_donatable_input_indices) == 56);
    assert!(offset_of!(PJRT_ExecuteOptions, num_non_donatable_input_indices) == 64);
    assert!(offset_of!(PJRT_ExecuteOptions, context) == 72);
    assert!(offset_of!(PJRT_ExecuteOptions, call_location) == 80);
    assert!(offset_of!(PJRT_ExecuteOptions, num_tasks) == 88);
    assert!(offset_of!(PJRT_ExecuteOptions, task_ids) == 96);
    assert!(offset_of!(PJRT_ExecuteOptions, incarnation_ids) == 104);
    assert!(offset_of!(PJRT_ExecuteOptions, multi_slice_config) == 112);
    assert!(offset_of!(PJRT_ExecuteOptions, use_major_to_minor_data_layout_for_callbacks) == 120);
    assert!(offset_of!(PJRT_ExecuteOptions, hlo_output_callbacks) == 128);
    assert!(offset_of!(PJRT_ExecuteOptions, num_hlo_output_callbacks) == 136);
    assert!(offset_of!(PJRT_ExecuteOptions, num_hlo_output_callbacks) + size_of::<usize>() == 144);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Extension_Base {
    pub struct_size: usize,
    pub r#type: PJRT_Extension_Type,
    pub next: *mut PJRT_Extension_Base,
}

sized!(PJRT_Extension_Base, 24);

const _: () = {
    assert!(size_of::<PJRT_Extension_Base>() == 24);
    assert!(offset_of!(PJRT_Extension_Base, struct_size) == 0);
    assert!(offset_of!(PJRT_Extension_Base, r#type) == 8);
    assert!(offset_of!(PJRT_Extension_Base, next) == 16);
    assert!(offset_of!(PJRT_Extension_Base, next) + size_of::<*mut PJRT_Extension_Base>() == 24);
};

/// Declared in `pjrt_c_api_ffi_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_FFI_Extension {
    pub base: PJRT_Extension_Base,
    pub type_register: PJRT_FFI_Type_Register,
    pub user_data_add: PJRT_FFI_UserData_Add,
    pub register_handler: PJRT_FFI_Register_Handler,
}

const _: () = {
    assert!(size_of::<PJRT_FFI_Extension>() == 48);
    assert!(offset_of!(PJRT_FFI_Extension, base) == 0);
    assert!(offset_of!(PJRT_FFI_Extension, type_register) == 24);
    assert!(offset_of!(PJRT_FFI_Extension, user_data_add) == 32);
    assert!(offset_of!(PJRT_FFI_Extension, register_handler) == 40);
};

/// Declared in `pjrt_c_api_ffi_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_FFI_Register_Handler_Args {
    pub struct_size: usize,
    pub target_name: *const c_char,
    pub target_name_size: usize,
    pub handler: *mut c_void,
    pub platform_name: *const c_char,
    pub platform_name_size: usize,
    pub traits: PJRT_FFI_Handler_TraitsBits,
}

sized!(PJRT_FFI_Register_Handler_Args, 52);

const _: () = {
    assert!(size_of::<PJRT_FFI_Register_Handler_Args>() == 56);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, target_name) == 8);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, target_name_size) == 16);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, handler) == 24);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, platform_name) == 32);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, platform_name_size) == 40);
    assert!(offset_of!(PJRT_FFI_Register_Handler_Args, traits) == 48);
    assert!(
        offset_of!(PJRT_FFI_Register_Handler_Args, traits)
            + size_of::<PJRT_FFI_Handler_TraitsBits>()
            == 52
    );
};

/// Declared in `pjrt_c_api_ffi_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_FFI_Type_Info {
    pub deleter: Option<unsafe extern "C" fn(*mut c_void)>,
    pub serialize: Option<unsafe extern "C" fn()>,
    pub deserialize: Option<unsafe extern "C" fn()>,
}

const _: () = {
    assert!(size_of::<PJRT_FFI_Type_Info>() == 24);
    assert!(offset_of!(PJRT_FFI_Type_Info, deleter) == 0);
    assert!(offset_of!(PJRT_FFI_Type_Info, serialize) == 8);
    assert!(offset_of!(PJRT_FFI_Type_Info, deserialize) == 16);
};

/// Declared in `pjrt_c_api_ffi_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_FFI_Type_Register_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub type_name: *const c_char,
    pub type_name_size: usize,
    pub type_id: i64,
    pub type_info: *mut PJRT_FFI_Type_Info,
}

sized!(PJRT_FFI_Type_Register_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_FFI_Type_Register_Args>() == 48);
    assert!(offset_of!(PJRT_FFI_Type_Register_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_FFI_Type_Register_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_FFI_Type_Register_Args, type_name) == 16);
    assert!(offset_of!(PJRT_FFI_Type_Register_Args, type_name_size) == 24);
    assert!(offset_of!(PJRT_FFI_Type_Register_Args, type_id) == 32);
    assert!(offset_of!(PJRT_FFI_Type_Register_Args, type_info) == 40);
    assert!(
        offset_of!(PJRT_FFI_Type_Register_Args, type_info) + size_of::<*mut PJRT_FFI_Type_Info>()
            == 48
    );
};

/// Declared in `pjrt_c_api_ffi_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_FFI_UserData {
    pub type_id: i64,
    pub data: *mut c_void,
}

const _: () = {
    assert!(size_of::<PJRT_FFI_UserData>() == 16);
    assert!(offset_of!(PJRT_FFI_UserData, type_id) == 0);
    assert!(offset_of!(PJRT_FFI_UserData, data) == 8);
};

/// Declared in `pjrt_c_api_ffi_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_FFI_UserData_Add_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub context: *mut PJRT_ExecuteContext,
    pub user_data: PJRT_FFI_UserData,
}

sized!(PJRT_FFI_UserData_Add_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_FFI_UserData_Add_Args>() == 40);
    assert!(offset_of!(PJRT_FFI_UserData_Add_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_FFI_UserData_Add_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_FFI_UserData_Add_Args, context) == 16);
    assert!(offset_of!(PJRT_FFI_UserData_Add_Args, user_data) == 24);
    assert!(
        offset_of!(PJRT_FFI_UserData_Add_Args, user_data) + size_of::<PJRT_FFI_UserData>() == 40
    );
};

/// Declared in `pjrt_c_api_stream_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Get_Stream_For_External_Ready_Events_Args {
    pub struct_size: usize,
    pub device: *mut PJRT_Device,
    pub stream: isize,
}

sized!(PJRT_Get_Stream_For_External_Ready_Events_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Get_Stream_For_External_Ready_Events_Args>() == 24);
    assert!(offset_of!(PJRT_Get_Stream_For_External_Ready_Events_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Get_Stream_For_External_Ready_Events_Args, device) == 8);
    assert!(offset_of!(PJRT_Get_Stream_For_External_Ready_Events_Args, stream) == 16);
    assert!(
        offset_of!(PJRT_Get_Stream_For_External_Ready_Events_Args, stream) + size_of::<isize>()
            == 24
    );
};

/// Declared in `pjrt_c_api_gpu_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Gpu_Custom_Call {
    pub base: PJRT_Extension_Base,
    pub custom_call: PJRT_Gpu_Register_Custom_Call,
    pub custom_call_handles_traits: bool,
}

const _: () = {
    assert!(size_of::<PJRT_Gpu_Custom_Call>() == 40);
    assert!(offset_of!(PJRT_Gpu_Custom_Call, base) == 0);
    assert!(offset_of!(PJRT_Gpu_Custom_Call, custom_call) == 24);
    assert!(offset_of!(PJRT_Gpu_Custom_Call, custom_call_handles_traits) == 32);
};

/// Declared in `pjrt_c_api_gpu_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Gpu_Register_Custom_Call_Args {
    pub struct_size: usize,
    pub function_name: *const c_char,
    pub function_name_size: usize,
    pub api_version: c_int,
    pub handler_instantiate: *mut c_void,
    pub handler_prepare: *mut c_void,
    pub handler_initialize: *mut c_void,
    pub handler_execute: *mut c_void,
    pub traits: u32,
}

sized!(PJRT_Gpu_Register_Custom_Call_Args, 68);

const _: () = {
    assert!(size_of::<PJRT_Gpu_Register_Custom_Call_Args>() == 72);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, function_name) == 8);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, function_name_size) == 16);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, api_version) == 24);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, handler_instantiate) == 32);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, handler_prepare) == 40);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, handler_initialize) == 48);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, handler_execute) == 56);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, traits) == 64);
    assert!(offset_of!(PJRT_Gpu_Register_Custom_Call_Args, traits) + size_of::<u32>() == 68);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_HloOutputCallbackInfo {
    pub user_arg: *mut c_void,
    pub callback: PJRT_HloOutputCallback,
    pub callback_id: i64,
    pub num_operands: usize,
}

const _: () = {
    assert!(size_of::<PJRT_HloOutputCallbackInfo>() == 32);
    assert!(offset_of!(PJRT_HloOutputCallbackInfo, user_arg) == 0);
    assert!(offset_of!(PJRT_HloOutputCallbackInfo, callback) == 8);
    assert!(offset_of!(PJRT_HloOutputCallbackInfo, callback_id) == 16);
    assert!(offset_of!(PJRT_HloOutputCallbackInfo, num_operands) == 24);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_KeyValueGetCallback_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub key: *const c_char,
    pub key_size: usize,
    pub timeout_in_ms: c_int,
    pub callback_error: *mut PJRT_CallbackError,
    pub user_arg: *mut c_void,
    pub value: *mut c_char,
    pub value_size: usize,
    pub value_deleter_callback: PJRT_KeyValueGetCallback_ValueDeleter,
}

sized!(PJRT_KeyValueGetCallback_Args, 80);

const _: () = {
    assert!(size_of::<PJRT_KeyValueGetCallback_Args>() == 80);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, key) == 16);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, key_size) == 24);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, timeout_in_ms) == 32);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, callback_error) == 40);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, user_arg) == 48);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, value) == 56);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, value_size) == 64);
    assert!(offset_of!(PJRT_KeyValueGetCallback_Args, value_deleter_callback) == 72);
    assert!(
        offset_of!(PJRT_KeyValueGetCallback_Args, value_deleter_callback)
            + size_of::<PJRT_KeyValueGetCallback_ValueDeleter>()
            == 80
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_KeyValuePutCallback_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub key: *const c_char,
    pub key_size: usize,
    pub value: *const c_char,
    pub value_size: usize,
    pub callback_error: *mut PJRT_CallbackError,
    pub user_arg: *mut c_void,
}

sized!(PJRT_KeyValuePutCallback_Args, 64);

const _: () = {
    assert!(size_of::<PJRT_KeyValuePutCallback_Args>() == 64);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, key) == 16);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, key_size) == 24);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, value) == 32);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, value_size) == 40);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, callback_error) == 48);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, user_arg) == 56);
    assert!(offset_of!(PJRT_KeyValuePutCallback_Args, user_arg) + size_of::<*mut c_void>() == 64);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_KeyValueTryGetCallback_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub key: *const c_char,
    pub key_size: usize,
    pub callback_error: *mut PJRT_CallbackError,
    pub user_arg: *mut c_void,
    pub value: *mut c_char,
    pub value_size: usize,
    pub value_deleter_callback: PJRT_KeyValueTryGetCallback_ValueDeleter,
}

sized!(PJRT_KeyValueTryGetCallback_Args, 72);

const _: () = {
    assert!(size_of::<PJRT_KeyValueTryGetCallback_Args>() == 72);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, key) == 16);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, key_size) == 24);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, callback_error) == 32);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, user_arg) == 40);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, value) == 48);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, value_size) == 56);
    assert!(offset_of!(PJRT_KeyValueTryGetCallback_Args, value_deleter_callback) == 64);
    assert!(
        offset_of!(PJRT_KeyValueTryGetCallback_Args, value_deleter_callback)
            + size_of::<PJRT_KeyValueTryGetCallback_ValueDeleter>()
            == 72
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_Extension {
    pub base: PJRT_Extension_Base,
    pub PJRT_Layouts_MemoryLayout_Destroy: PJRT_Layouts_MemoryLayout_Destroy,
    pub PJRT_Layouts_MemoryLayout_Serialize: PJRT_Layouts_MemoryLayout_Serialize,
    pub PJRT_Layouts_PJRT_Client_GetDefaultLayout: PJRT_Layouts_PJRT_Client_GetDefaultLayout,
    pub PJRT_Layouts_PJRT_Buffer_MemoryLayout: PJRT_Layouts_PJRT_Buffer_MemoryLayout,
    pub PJRT_Layouts_PJRT_Topology_GetDefaultLayout: PJRT_Layouts_PJRT_Topology_GetDefaultLayout,
    pub PJRT_Layouts_PJRT_Executable_GetOutputLayouts:
        PJRT_Layouts_PJRT_Executable_GetOutputLayouts,
    pub PJRT_Layouts_PJRT_Executable_GetParameterLayouts:
        PJRT_Layouts_PJRT_Executable_GetParameterLayouts,
}

const _: () = {
    assert!(size_of::<PJRT_Layouts_Extension>() == 80);
    assert!(offset_of!(PJRT_Layouts_Extension, base) == 0);
    assert!(offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_MemoryLayout_Destroy) == 24);
    assert!(offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_MemoryLayout_Serialize) == 32);
    assert!(offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_PJRT_Client_GetDefaultLayout) == 40);
    assert!(offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_PJRT_Buffer_MemoryLayout) == 48);
    assert!(offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_PJRT_Topology_GetDefaultLayout) == 56);
    assert!(
        offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_PJRT_Executable_GetOutputLayouts) == 64
    );
    assert!(
        offset_of!(PJRT_Layouts_Extension, PJRT_Layouts_PJRT_Executable_GetParameterLayouts) == 72
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_MemoryLayout_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub layout: *mut PJRT_Layouts_MemoryLayout,
}

sized!(PJRT_Layouts_MemoryLayout_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Layouts_MemoryLayout_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Destroy_Args, layout) == 16);
    assert!(
        offset_of!(PJRT_Layouts_MemoryLayout_Destroy_Args, layout)
            + size_of::<*mut PJRT_Layouts_MemoryLayout>()
            == 24
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_MemoryLayout_Serialize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub layout: *mut PJRT_Layouts_MemoryLayout,
    pub serialized_bytes: *const c_char,
    pub serialized_bytes_size: usize,
    pub serialized_layout: *mut PJRT_Layouts_SerializedLayout,
    pub serialized_layout_deleter: Option<unsafe extern "C" fn(*mut PJRT_Layouts_SerializedLayout)>,
}

sized!(PJRT_Layouts_MemoryLayout_Serialize_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Layouts_MemoryLayout_Serialize_Args>() == 56);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, layout) == 16);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, serialized_bytes) == 24);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, serialized_bytes_size) == 32);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, serialized_layout) == 40);
    assert!(offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, serialized_layout_deleter) == 48);
    assert!(
        offset_of!(PJRT_Layouts_MemoryLayout_Serialize_Args, serialized_layout_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_Layouts_SerializedLayout)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub layout: *mut PJRT_Layouts_MemoryLayout,
}

sized!(PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args>() == 32);
    assert!(offset_of!(PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args, buffer) == 16);
    assert!(offset_of!(PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args, layout) == 24);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Buffer_MemoryLayout_Args, layout)
            + size_of::<*mut PJRT_Layouts_MemoryLayout>()
            == 32
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub client: *mut PJRT_Client,
    pub r#type: PJRT_Buffer_Type,
    pub dims: *const i64,
    pub num_dims: usize,
    pub layout: *mut PJRT_Layouts_MemoryLayout,
}

sized!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args>() == 56);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, client) == 16);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, r#type) == 24);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, dims) == 32);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, num_dims) == 40);
    assert!(offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, layout) == 48);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Client_GetDefaultLayout_Args, layout)
            + size_of::<*mut PJRT_Layouts_MemoryLayout>()
            == 56
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_outputs: usize,
    pub layouts: *mut *mut PJRT_Layouts_MemoryLayout,
}

sized!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args>() == 40);
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, executable) == 16);
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, num_outputs) == 24);
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, layouts) == 32);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Executable_GetOutputLayouts_Args, layouts)
            + size_of::<*mut *mut PJRT_Layouts_MemoryLayout>()
            == 40
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_parameters: usize,
    pub layouts: *mut *mut PJRT_Layouts_MemoryLayout,
}

sized!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args>() == 40);
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, extension_start) == 8
    );
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, executable) == 16);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, num_parameters) == 24
    );
    assert!(offset_of!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, layouts) == 32);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Executable_GetParameterLayouts_Args, layouts)
            + size_of::<*mut *mut PJRT_Layouts_MemoryLayout>()
            == 40
    );
};

/// Declared in `pjrt_c_api_layouts_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology_description: *mut PJRT_TopologyDescription,
    pub r#type: PJRT_Buffer_Type,
    pub dims: *const i64,
    pub num_dims: usize,
    pub layout: *mut PJRT_Layouts_MemoryLayout,
}

sized!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args>() == 56);
    assert!(offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, extension_start) == 8);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, topology_description) == 16
    );
    assert!(offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, r#type) == 24);
    assert!(offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, dims) == 32);
    assert!(offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, num_dims) == 40);
    assert!(offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, layout) == 48);
    assert!(
        offset_of!(PJRT_Layouts_PJRT_Topology_GetDefaultLayout_Args, layout)
            + size_of::<*mut PJRT_Layouts_MemoryLayout>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadOptions {
    pub struct_size: usize,
    pub computation_origin: *const i32,
    pub computation_origin_size: usize,
    pub multi_slice_config: *mut PJRT_MultiSlice_Config,
}

sized!(PJRT_LoadOptions, 32);

const _: () = {
    assert!(size_of::<PJRT_LoadOptions>() == 32);
    assert!(offset_of!(PJRT_LoadOptions, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadOptions, computation_origin) == 8);
    assert!(offset_of!(PJRT_LoadOptions, computation_origin_size) == 16);
    assert!(offset_of!(PJRT_LoadOptions, multi_slice_config) == 24);
    assert!(
        offset_of!(PJRT_LoadOptions, multi_slice_config) + size_of::<*mut PJRT_MultiSlice_Config>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
    pub addressable_device_logical_ids: *mut PJRT_LogicalDeviceIds,
    pub num_addressable_device_logical_ids: usize,
}

sized!(PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args>() == 40);
    assert!(offset_of!(PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args, extension_start) == 8
    );
    assert!(offset_of!(PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args, executable) == 16);
    assert!(
        offset_of!(
            PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args,
            addressable_device_logical_ids
        ) == 24
    );
    assert!(
        offset_of!(
            PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args,
            num_addressable_device_logical_ids
        ) == 32
    );
    assert!(
        offset_of!(
            PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args,
            num_addressable_device_logical_ids
        ) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_AddressableDevices_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
    pub addressable_devices: *const *mut PJRT_Device,
    pub num_addressable_devices: usize,
}

sized!(PJRT_LoadedExecutable_AddressableDevices_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_AddressableDevices_Args>() == 40);
    assert!(offset_of!(PJRT_LoadedExecutable_AddressableDevices_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_AddressableDevices_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_AddressableDevices_Args, executable) == 16);
    assert!(offset_of!(PJRT_LoadedExecutable_AddressableDevices_Args, addressable_devices) == 24);
    assert!(
        offset_of!(PJRT_LoadedExecutable_AddressableDevices_Args, num_addressable_devices) == 32
    );
    assert!(
        offset_of!(PJRT_LoadedExecutable_AddressableDevices_Args, num_addressable_devices)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_Delete_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
}

sized!(PJRT_LoadedExecutable_Delete_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_Delete_Args>() == 24);
    assert!(offset_of!(PJRT_LoadedExecutable_Delete_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_Delete_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_Delete_Args, executable) == 16);
    assert!(
        offset_of!(PJRT_LoadedExecutable_Delete_Args, executable)
            + size_of::<*mut PJRT_LoadedExecutable>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
}

sized!(PJRT_LoadedExecutable_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_LoadedExecutable_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_Destroy_Args, executable) == 16);
    assert!(
        offset_of!(PJRT_LoadedExecutable_Destroy_Args, executable)
            + size_of::<*mut PJRT_LoadedExecutable>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_Execute_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
    pub options: *mut PJRT_ExecuteOptions,
    pub argument_lists: *const *const *mut PJRT_Buffer,
    pub num_devices: usize,
    pub num_args: usize,
    pub output_lists: *const *mut *mut PJRT_Buffer,
    pub device_complete_events: *mut *mut PJRT_Event,
    pub execute_device: *mut PJRT_Device,
}

sized!(PJRT_LoadedExecutable_Execute_Args, 80);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_Execute_Args>() == 80);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, executable) == 16);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, options) == 24);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, argument_lists) == 32);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, num_devices) == 40);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, num_args) == 48);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, output_lists) == 56);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, device_complete_events) == 64);
    assert!(offset_of!(PJRT_LoadedExecutable_Execute_Args, execute_device) == 72);
    assert!(
        offset_of!(PJRT_LoadedExecutable_Execute_Args, execute_device)
            + size_of::<*mut PJRT_Device>()
            == 80
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_Fingerprint_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
    pub executable_fingerprint: *const c_char,
    pub executable_fingerprint_size: usize,
}

sized!(PJRT_LoadedExecutable_Fingerprint_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_Fingerprint_Args>() == 40);
    assert!(offset_of!(PJRT_LoadedExecutable_Fingerprint_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_Fingerprint_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_Fingerprint_Args, executable) == 16);
    assert!(offset_of!(PJRT_LoadedExecutable_Fingerprint_Args, executable_fingerprint) == 24);
    assert!(offset_of!(PJRT_LoadedExecutable_Fingerprint_Args, executable_fingerprint_size) == 32);
    assert!(
        offset_of!(PJRT_LoadedExecutable_Fingerprint_Args, executable_fingerprint_size)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_GetDeviceAssignment_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
    pub serialized_bytes: *const c_char,
    pub serialized_bytes_size: usize,
    pub serialized_device_assignment: *mut PJRT_DeviceAssignmentSerialized,
    pub serialized_device_assignment_deleter:
        Option<unsafe extern "C" fn(*mut PJRT_DeviceAssignmentSerialized)>,
}

sized!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_GetDeviceAssignment_Args>() == 56);
    assert!(offset_of!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, executable) == 16);
    assert!(offset_of!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, serialized_bytes) == 24);
    assert!(
        offset_of!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, serialized_bytes_size) == 32
    );
    assert!(
        offset_of!(PJRT_LoadedExecutable_GetDeviceAssignment_Args, serialized_device_assignment)
            == 40
    );
    assert!(
        offset_of!(
            PJRT_LoadedExecutable_GetDeviceAssignment_Args,
            serialized_device_assignment_deleter
        ) == 48
    );
    assert!(
        offset_of!(
            PJRT_LoadedExecutable_GetDeviceAssignment_Args,
            serialized_device_assignment_deleter
        ) + size_of::<Option<unsafe extern "C" fn(*mut PJRT_DeviceAssignmentSerialized)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_GetExecutable_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub loaded_executable: *mut PJRT_LoadedExecutable,
    pub executable: *mut PJRT_Executable,
}

sized!(PJRT_LoadedExecutable_GetExecutable_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_GetExecutable_Args>() == 32);
    assert!(offset_of!(PJRT_LoadedExecutable_GetExecutable_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_GetExecutable_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_GetExecutable_Args, loaded_executable) == 16);
    assert!(offset_of!(PJRT_LoadedExecutable_GetExecutable_Args, executable) == 24);
    assert!(
        offset_of!(PJRT_LoadedExecutable_GetExecutable_Args, executable)
            + size_of::<*mut PJRT_Executable>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LoadedExecutable_IsDeleted_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_LoadedExecutable,
    pub is_deleted: bool,
}

sized!(PJRT_LoadedExecutable_IsDeleted_Args, 25);

const _: () = {
    assert!(size_of::<PJRT_LoadedExecutable_IsDeleted_Args>() == 32);
    assert!(offset_of!(PJRT_LoadedExecutable_IsDeleted_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_LoadedExecutable_IsDeleted_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_LoadedExecutable_IsDeleted_Args, executable) == 16);
    assert!(offset_of!(PJRT_LoadedExecutable_IsDeleted_Args, is_deleted) == 24);
    assert!(offset_of!(PJRT_LoadedExecutable_IsDeleted_Args, is_deleted) + size_of::<bool>() == 25);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_LogicalDeviceIds {
    pub replica: c_int,
    pub partition: c_int,
}

const _: () = {
    assert!(size_of::<PJRT_LogicalDeviceIds>() == 8);
    assert!(offset_of!(PJRT_LogicalDeviceIds, replica) == 0);
    assert!(offset_of!(PJRT_LogicalDeviceIds, partition) == 4);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory {
    pub vtable: *const PJRT_Memory_FunctionTable,
}

const _: () = {
    assert!(size_of::<PJRT_Memory>() == 8);
    assert!(offset_of!(PJRT_Memory, vtable) == 0);
};

/// Declared in `pjrt_c_api_memory_descriptions_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MemoryDescription_Kind_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory_description: *const PJRT_MemoryDescription,
    pub kind: *const c_char,
    pub kind_size: usize,
    pub kind_id: c_int,
}

sized!(PJRT_MemoryDescription_Kind_Args, 44);

const _: () = {
    assert!(size_of::<PJRT_MemoryDescription_Kind_Args>() == 48);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, memory_description) == 16);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, kind) == 24);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, kind_size) == 32);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, kind_id) == 40);
    assert!(offset_of!(PJRT_MemoryDescription_Kind_Args, kind_id) + size_of::<c_int>() == 44);
};

/// Declared in `pjrt_c_api_memory_descriptions_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MemoryDescriptions_Extension {
    pub base: PJRT_Extension_Base,
    pub PJRT_DeviceDescription_MemoryDescriptions: PJRT_DeviceDescription_MemoryDescriptions,
    pub PJRT_MemoryDescription_Kind: PJRT_MemoryDescription_Kind,
}

const _: () = {
    assert!(size_of::<PJRT_MemoryDescriptions_Extension>() == 40);
    assert!(offset_of!(PJRT_MemoryDescriptions_Extension, base) == 0);
    assert!(
        offset_of!(PJRT_MemoryDescriptions_Extension, PJRT_DeviceDescription_MemoryDescriptions)
            == 24
    );
    assert!(offset_of!(PJRT_MemoryDescriptions_Extension, PJRT_MemoryDescription_Kind) == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_AddressableByDevices_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory: *mut PJRT_Memory,
    pub devices: *const *mut PJRT_Device,
    pub num_devices: usize,
}

sized!(PJRT_Memory_AddressableByDevices_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Memory_AddressableByDevices_Args>() == 40);
    assert!(offset_of!(PJRT_Memory_AddressableByDevices_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_AddressableByDevices_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_AddressableByDevices_Args, memory) == 16);
    assert!(offset_of!(PJRT_Memory_AddressableByDevices_Args, devices) == 24);
    assert!(offset_of!(PJRT_Memory_AddressableByDevices_Args, num_devices) == 32);
    assert!(
        offset_of!(PJRT_Memory_AddressableByDevices_Args, num_devices) + size_of::<usize>() == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_DebugString_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory: *mut PJRT_Memory,
    pub debug_string: *const c_char,
    pub debug_string_size: usize,
}

sized!(PJRT_Memory_DebugString_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Memory_DebugString_Args>() == 40);
    assert!(offset_of!(PJRT_Memory_DebugString_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_DebugString_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_DebugString_Args, memory) == 16);
    assert!(offset_of!(PJRT_Memory_DebugString_Args, debug_string) == 24);
    assert!(offset_of!(PJRT_Memory_DebugString_Args, debug_string_size) == 32);
    assert!(offset_of!(PJRT_Memory_DebugString_Args, debug_string_size) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_FunctionTable {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub instance_struct_size: usize,
    pub get_user_data: Option<unsafe extern "C" fn(*mut PJRT_Memory, *const c_void) -> *mut c_void>,
    pub set_user_data: Option<
        unsafe extern "C" fn(
            *mut PJRT_Memory,
            *const c_void,
            *mut c_void,
            Option<unsafe extern "C" fn(*mut c_void)>,
        ),
    >,
}

sized!(PJRT_Memory_FunctionTable, 40);

const _: () = {
    assert!(size_of::<PJRT_Memory_FunctionTable>() == 40);
    assert!(offset_of!(PJRT_Memory_FunctionTable, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_FunctionTable, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_FunctionTable, instance_struct_size) == 16);
    assert!(offset_of!(PJRT_Memory_FunctionTable, get_user_data) == 24);
    assert!(offset_of!(PJRT_Memory_FunctionTable, set_user_data) == 32);
    assert!(
        offset_of!(PJRT_Memory_FunctionTable, set_user_data)
            + size_of::<
                Option<
                    unsafe extern "C" fn(
                        *mut PJRT_Memory,
                        *const c_void,
                        *mut c_void,
                        Option<unsafe extern "C" fn(*mut c_void)>,
                    ),
                >,
            >()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_Id_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory: *mut PJRT_Memory,
    pub id: c_int,
}

sized!(PJRT_Memory_Id_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_Memory_Id_Args>() == 32);
    assert!(offset_of!(PJRT_Memory_Id_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_Id_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_Id_Args, memory) == 16);
    assert!(offset_of!(PJRT_Memory_Id_Args, id) == 24);
    assert!(offset_of!(PJRT_Memory_Id_Args, id) + size_of::<c_int>() == 28);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_Kind_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory: *mut PJRT_Memory,
    pub kind: *const c_char,
    pub kind_size: usize,
}

sized!(PJRT_Memory_Kind_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Memory_Kind_Args>() == 40);
    assert!(offset_of!(PJRT_Memory_Kind_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_Kind_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_Kind_Args, memory) == 16);
    assert!(offset_of!(PJRT_Memory_Kind_Args, kind) == 24);
    assert!(offset_of!(PJRT_Memory_Kind_Args, kind_size) == 32);
    assert!(offset_of!(PJRT_Memory_Kind_Args, kind_size) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_Kind_Id_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory: *mut PJRT_Memory,
    pub kind_id: c_int,
}

sized!(PJRT_Memory_Kind_Id_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_Memory_Kind_Id_Args>() == 32);
    assert!(offset_of!(PJRT_Memory_Kind_Id_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_Kind_Id_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_Kind_Id_Args, memory) == 16);
    assert!(offset_of!(PJRT_Memory_Kind_Id_Args, kind_id) == 24);
    assert!(offset_of!(PJRT_Memory_Kind_Id_Args, kind_id) + size_of::<c_int>() == 28);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Memory_ToString_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub memory: *mut PJRT_Memory,
    pub to_string: *const c_char,
    pub to_string_size: usize,
}

sized!(PJRT_Memory_ToString_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_Memory_ToString_Args>() == 40);
    assert!(offset_of!(PJRT_Memory_ToString_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Memory_ToString_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Memory_ToString_Args, memory) == 16);
    assert!(offset_of!(PJRT_Memory_ToString_Args, to_string) == 24);
    assert!(offset_of!(PJRT_Memory_ToString_Args, to_string_size) == 32);
    assert!(offset_of!(PJRT_Memory_ToString_Args, to_string_size) + size_of::<usize>() == 40);
};

/// Declared in `pjrt_c_api_multi_slice_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MultiSlice_Config_Destroy_Args {
    pub struct_size: usize,
    pub config: *mut PJRT_MultiSlice_Config,
}

sized!(PJRT_MultiSlice_Config_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PJRT_MultiSlice_Config_Destroy_Args>() == 16);
    assert!(offset_of!(PJRT_MultiSlice_Config_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_MultiSlice_Config_Destroy_Args, config) == 8);
    assert!(
        offset_of!(PJRT_MultiSlice_Config_Destroy_Args, config)
            + size_of::<*mut PJRT_MultiSlice_Config>()
            == 16
    );
};

/// Declared in `pjrt_c_api_multi_slice_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MultiSlice_Config_NumDevicesPerSlice_Args {
    pub struct_size: usize,
    pub config: *mut PJRT_MultiSlice_Config,
    pub num_devices_per_slice_map: usize,
    pub slice_ids: *const i32,
    pub num_devices: *const i32,
    pub devices_per_slice_map: *mut PJRT_MultiSlice_NumDevicesPerSlice,
    pub devices_per_slice_map_deleter:
        Option<unsafe extern "C" fn(*mut PJRT_MultiSlice_NumDevicesPerSlice)>,
}

sized!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_MultiSlice_Config_NumDevicesPerSlice_Args>() == 56);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, config) == 8);
    assert!(
        offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, num_devices_per_slice_map) == 16
    );
    assert!(offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, slice_ids) == 24);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, num_devices) == 32);
    assert!(
        offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, devices_per_slice_map) == 40
    );
    assert!(
        offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, devices_per_slice_map_deleter)
            == 48
    );
    assert!(
        offset_of!(PJRT_MultiSlice_Config_NumDevicesPerSlice_Args, devices_per_slice_map_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_MultiSlice_NumDevicesPerSlice)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api_multi_slice_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MultiSlice_Config_NumSlices_Args {
    pub struct_size: usize,
    pub config: *mut PJRT_MultiSlice_Config,
    pub num_slices: i32,
}

sized!(PJRT_MultiSlice_Config_NumSlices_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_MultiSlice_Config_NumSlices_Args>() == 24);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumSlices_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumSlices_Args, config) == 8);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumSlices_Args, num_slices) == 16);
    assert!(offset_of!(PJRT_MultiSlice_Config_NumSlices_Args, num_slices) + size_of::<i32>() == 20);
};

/// Declared in `pjrt_c_api_multi_slice_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MultiSlice_Config_Serialize_Args {
    pub struct_size: usize,
    pub config: *mut PJRT_MultiSlice_Config,
    pub serialized: *const c_char,
    pub size: usize,
    pub serialized_config: *mut PJRT_MultiSlice_SerializedConfig,
    pub serialized_config_deleter:
        Option<unsafe extern "C" fn(*mut PJRT_MultiSlice_SerializedConfig)>,
}

sized!(PJRT_MultiSlice_Config_Serialize_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_MultiSlice_Config_Serialize_Args>() == 48);
    assert!(offset_of!(PJRT_MultiSlice_Config_Serialize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_MultiSlice_Config_Serialize_Args, config) == 8);
    assert!(offset_of!(PJRT_MultiSlice_Config_Serialize_Args, serialized) == 16);
    assert!(offset_of!(PJRT_MultiSlice_Config_Serialize_Args, size) == 24);
    assert!(offset_of!(PJRT_MultiSlice_Config_Serialize_Args, serialized_config) == 32);
    assert!(offset_of!(PJRT_MultiSlice_Config_Serialize_Args, serialized_config_deleter) == 40);
    assert!(
        offset_of!(PJRT_MultiSlice_Config_Serialize_Args, serialized_config_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_MultiSlice_SerializedConfig)>>()
            == 48
    );
};

/// Declared in `pjrt_c_api_multi_slice_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MultiSlice_Config_SliceId_Args {
    pub struct_size: usize,
    pub config: *mut PJRT_MultiSlice_Config,
    pub slice_id: i32,
}

sized!(PJRT_MultiSlice_Config_SliceId_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_MultiSlice_Config_SliceId_Args>() == 24);
    assert!(offset_of!(PJRT_MultiSlice_Config_SliceId_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_MultiSlice_Config_SliceId_Args, config) == 8);
    assert!(offset_of!(PJRT_MultiSlice_Config_SliceId_Args, slice_id) == 16);
    assert!(offset_of!(PJRT_MultiSlice_Config_SliceId_Args, slice_id) + size_of::<i32>() == 20);
};

/// Declared in `pjrt_c_api_multi_slice_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_MultiSlice_Extension {
    pub base: PJRT_Extension_Base,
    pub config_destroy: PJRT_MultiSlice_Config_Destroy,
    pub config_num_slices: PJRT_MultiSlice_Config_NumSlices,
    pub config_slice_id: PJRT_MultiSlice_Config_SliceId,
    pub config_num_devices_per_slice: PJRT_MultiSlice_Config_NumDevicesPerSlice,
    pub config_serialize: PJRT_MultiSlice_Config_Serialize,
}

const _: () = {
    assert!(size_of::<PJRT_MultiSlice_Extension>() == 64);
    assert!(offset_of!(PJRT_MultiSlice_Extension, base) == 0);
    assert!(offset_of!(PJRT_MultiSlice_Extension, config_destroy) == 24);
    assert!(offset_of!(PJRT_MultiSlice_Extension, config_num_slices) == 32);
    assert!(offset_of!(PJRT_MultiSlice_Extension, config_slice_id) == 40);
    assert!(offset_of!(PJRT_MultiSlice_Extension, config_num_devices_per_slice) == 48);
    assert!(offset_of!(PJRT_MultiSlice_Extension, config_serialize) == 56);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_NamedValue {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub name: *const c_char,
    pub name_size: usize,
    pub r#type: PJRT_NamedValue_Type,
    pub value: PJRT_NamedValue_Value,
    pub value_size: usize,
}

sized!(PJRT_NamedValue, 56);

const _: () = {
    assert!(size_of::<PJRT_NamedValue>() == 56);
    assert!(offset_of!(PJRT_NamedValue, struct_size) == 0);
    assert!(offset_of!(PJRT_NamedValue, extension_start) == 8);
    assert!(offset_of!(PJRT_NamedValue, name) == 16);
    assert!(offset_of!(PJRT_NamedValue, name_size) == 24);
    assert!(offset_of!(PJRT_NamedValue, r#type) == 32);
    assert!(offset_of!(PJRT_NamedValue, value) == 40);
    assert!(offset_of!(PJRT_NamedValue, value_size) == 48);
    assert!(offset_of!(PJRT_NamedValue, value_size) + size_of::<usize>() == 56);
};

/// Declared in `pjrt_c_api_phase_compile_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_PhaseCompile_C_Buffers_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub char_buffers: *mut *const c_char,
    pub char_buffer_sizes: *const usize,
    pub num_char_buffers: usize,
}

sized!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_PhaseCompile_C_Buffers_Destroy_Args>() == 40);
    assert!(offset_of!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, char_buffers) == 16);
    assert!(offset_of!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, char_buffer_sizes) == 24);
    assert!(offset_of!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, num_char_buffers) == 32);
    assert!(
        offset_of!(PJRT_PhaseCompile_C_Buffers_Destroy_Args, num_char_buffers) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_phase_compile_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_PhaseCompile_Destroy_Compiler_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub phase_compiler: *const PJRT_PhaseCompiler,
}

sized!(PJRT_PhaseCompile_Destroy_Compiler_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_PhaseCompile_Destroy_Compiler_Args>() == 24);
    assert!(offset_of!(PJRT_PhaseCompile_Destroy_Compiler_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_PhaseCompile_Destroy_Compiler_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_PhaseCompile_Destroy_Compiler_Args, phase_compiler) == 16);
    assert!(
        offset_of!(PJRT_PhaseCompile_Destroy_Compiler_Args, phase_compiler)
            + size_of::<*const PJRT_PhaseCompiler>()
            == 24
    );
};

/// Declared in `pjrt_c_api_phase_compile_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_PhaseCompile_Extension {
    pub base: PJRT_Extension_Base,
    pub phase_compile_get_compiler: PJRT_PhaseCompile_Get_Compiler,
    pub phase_compile_destroy_compiler: PJRT_PhaseCompile_Destroy_Compiler,
    pub phase_compile_run_phases: PJRT_PhaseCompile_Run_Phase,
    pub phase_compile_get_phase_names: PJRT_PhaseCompile_Get_PhaseNames,
    pub phase_compile_c_buffers_destroy: PJRT_PhaseCompile_C_Buffers_Destroy,
}

const _: () = {
    assert!(size_of::<PJRT_PhaseCompile_Extension>() == 64);
    assert!(offset_of!(PJRT_PhaseCompile_Extension, base) == 0);
    assert!(offset_of!(PJRT_PhaseCompile_Extension, phase_compile_get_compiler) == 24);
    assert!(offset_of!(PJRT_PhaseCompile_Extension, phase_compile_destroy_compiler) == 32);
    assert!(offset_of!(PJRT_PhaseCompile_Extension, phase_compile_run_phases) == 40);
    assert!(offset_of!(PJRT_PhaseCompile_Extension, phase_compile_get_phase_names) == 48);
    assert!(offset_of!(PJRT_PhaseCompile_Extension, phase_compile_c_buffers_destroy) == 56);
};

/// Declared in `pjrt_c_api_phase_compile_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_PhaseCompile_Get_Compiler_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub phase_compiler: *const PJRT_PhaseCompiler,
}

sized!(PJRT_PhaseCompile_Get_Compiler_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_PhaseCompile_Get_Compiler_Args>() == 24);
    assert!(offset_of!(PJRT_PhaseCompile_Get_Compiler_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_PhaseCompile_Get_Compiler_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_PhaseCompile_Get_Compiler_Args, phase_compiler) == 16);
    assert!(
        offset_of!(PJRT_PhaseCompile_Get_Compiler_Args, phase_compiler)
            + size_of::<*const PJRT_PhaseCompiler>()
            == 24
    );
};

/// Declared in `pjrt_c_api_phase_compile_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_PhaseCompile_Get_PhaseNames_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub phase_compiler: *const PJRT_PhaseCompiler,
    pub phase_names: *mut *const c_char,
    pub phase_names_sizes: *const usize,
    pub num_phase_names: usize,
}

sized!(PJRT_PhaseCompile_Get_PhaseNames_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_PhaseCompile_Get_PhaseNames_Args>() == 48);
    assert!(offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, phase_compiler) == 16);
    assert!(offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, phase_names) == 24);
    assert!(offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, phase_names_sizes) == 32);
    assert!(offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, num_phase_names) == 40);
    assert!(
        offset_of!(PJRT_PhaseCompile_Get_PhaseNames_Args, num_phase_names) + size_of::<usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api_phase_compile_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_PhaseCompile_Run_Phase_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub phase_compiler: *const PJRT_PhaseCompiler,
    pub input_programs: *mut *const c_char,
    pub input_programs_sizes: *const usize,
    pub num_input_programs: usize,
    pub phases_to_run: *mut *const c_char,
    pub phases_to_run_sizes: *const usize,
    pub num_phases_to_run: usize,
    pub compile_options: *const c_char,
    pub compile_options_size: usize,
    pub topology: *mut PJRT_TopologyDescription,
    pub output_programs: *mut *const c_char,
    pub output_programs_sizes: *const usize,
    pub num_output_programs: usize,
}

sized!(PJRT_PhaseCompile_Run_Phase_Args, 120);

const _: () = {
    assert!(size_of::<PJRT_PhaseCompile_Run_Phase_Args>() == 120);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, phase_compiler) == 16);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, input_programs) == 24);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, input_programs_sizes) == 32);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, num_input_programs) == 40);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, phases_to_run) == 48);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, phases_to_run_sizes) == 56);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, num_phases_to_run) == 64);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, compile_options) == 72);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, compile_options_size) == 80);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, topology) == 88);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, output_programs) == 96);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, output_programs_sizes) == 104);
    assert!(offset_of!(PJRT_PhaseCompile_Run_Phase_Args, num_output_programs) == 112);
    assert!(
        offset_of!(PJRT_PhaseCompile_Run_Phase_Args, num_output_programs) + size_of::<usize>()
            == 120
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Plugin_Attributes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub attributes: *const PJRT_NamedValue,
    pub num_attributes: usize,
}

sized!(PJRT_Plugin_Attributes_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Plugin_Attributes_Args>() == 32);
    assert!(offset_of!(PJRT_Plugin_Attributes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Plugin_Attributes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Plugin_Attributes_Args, attributes) == 16);
    assert!(offset_of!(PJRT_Plugin_Attributes_Args, num_attributes) == 24);
    assert!(offset_of!(PJRT_Plugin_Attributes_Args, num_attributes) + size_of::<usize>() == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Plugin_Initialize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
}

sized!(PJRT_Plugin_Initialize_Args, 16);

const _: () = {
    assert!(size_of::<PJRT_Plugin_Initialize_Args>() == 16);
    assert!(offset_of!(PJRT_Plugin_Initialize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Plugin_Initialize_Args, extension_start) == 8);
    assert!(
        offset_of!(PJRT_Plugin_Initialize_Args, extension_start)
            + size_of::<*mut PJRT_Extension_Base>()
            == 16
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ProcessInfo {
    pub struct_size: usize,
    pub task_id: c_int,
    pub incarnation_id: u64,
    pub state: PJRT_ProcessState,
    pub error_code: c_int,
    pub error_message: *const c_char,
    pub error_message_size: usize,
}

sized!(PJRT_ProcessInfo, 48);

const _: () = {
    assert!(size_of::<PJRT_ProcessInfo>() == 48);
    assert!(offset_of!(PJRT_ProcessInfo, struct_size) == 0);
    assert!(offset_of!(PJRT_ProcessInfo, task_id) == 8);
    assert!(offset_of!(PJRT_ProcessInfo, incarnation_id) == 16);
    assert!(offset_of!(PJRT_ProcessInfo, state) == 24);
    assert!(offset_of!(PJRT_ProcessInfo, error_code) == 28);
    assert!(offset_of!(PJRT_ProcessInfo, error_message) == 32);
    assert!(offset_of!(PJRT_ProcessInfo, error_message_size) == 40);
    assert!(offset_of!(PJRT_ProcessInfo, error_message_size) + size_of::<usize>() == 48);
};

/// Declared in `pjrt_c_api_profiler_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Profiler_Extension {
    pub base: PJRT_Extension_Base,
    pub profiler_api: *mut PLUGIN_Profiler_Api,
    pub traceme_context_id: i64,
}

const _: () = {
    assert!(size_of::<PJRT_Profiler_Extension>() == 40);
    assert!(offset_of!(PJRT_Profiler_Extension, base) == 0);
    assert!(offset_of!(PJRT_Profiler_Extension, profiler_api) == 24);
    assert!(offset_of!(PJRT_Profiler_Extension, traceme_context_id) == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Program {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub code: *mut c_char,
    pub code_size: usize,
    pub format: *const c_char,
    pub format_size: usize,
}

sized!(PJRT_Program, 48);

const _: () = {
    assert!(size_of::<PJRT_Program>() == 48);
    assert!(offset_of!(PJRT_Program, struct_size) == 0);
    assert!(offset_of!(PJRT_Program, extension_start) == 8);
    assert!(offset_of!(PJRT_Program, code) == 16);
    assert!(offset_of!(PJRT_Program, code_size) == 24);
    assert!(offset_of!(PJRT_Program, format) == 32);
    assert!(offset_of!(PJRT_Program, format_size) == 40);
    assert!(offset_of!(PJRT_Program, format_size) + size_of::<usize>() == 48);
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer {
    pub vtable: *const PJRT_RawBuffer_FunctionTable,
}

const _: () = {
    assert!(size_of::<PJRT_RawBuffer>() == 8);
    assert!(offset_of!(PJRT_RawBuffer, vtable) == 0);
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_CopyRawDeviceToHost_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_RawBuffer,
    pub dst: *mut c_void,
    pub offset: i64,
    pub transfer_size: i64,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_CopyRawDeviceToHost_Args>() == 56);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, buffer) == 16);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, dst) == 24);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, offset) == 32);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, transfer_size) == 40);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, event) == 48);
    assert!(
        offset_of!(PJRT_RawBuffer_CopyRawDeviceToHost_Args, event) + size_of::<*mut PJRT_Event>()
            == 56
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_CopyRawHostToDevice_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_RawBuffer,
    pub src: *const c_void,
    pub offset: i64,
    pub transfer_size: i64,
    pub event: *mut PJRT_Event,
}

sized!(PJRT_RawBuffer_CopyRawHostToDevice_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_CopyRawHostToDevice_Args>() == 56);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, buffer) == 16);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, src) == 24);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, offset) == 32);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, transfer_size) == 40);
    assert!(offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, event) == 48);
    assert!(
        offset_of!(PJRT_RawBuffer_CopyRawHostToDevice_Args, event) + size_of::<*mut PJRT_Event>()
            == 56
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_CreateRawAliasOfBuffer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_Buffer,
    pub raw_buffer: *mut PJRT_RawBuffer,
}

sized!(PJRT_RawBuffer_CreateRawAliasOfBuffer_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_CreateRawAliasOfBuffer_Args>() == 32);
    assert!(offset_of!(PJRT_RawBuffer_CreateRawAliasOfBuffer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_CreateRawAliasOfBuffer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_CreateRawAliasOfBuffer_Args, buffer) == 16);
    assert!(offset_of!(PJRT_RawBuffer_CreateRawAliasOfBuffer_Args, raw_buffer) == 24);
    assert!(
        offset_of!(PJRT_RawBuffer_CreateRawAliasOfBuffer_Args, raw_buffer)
            + size_of::<*mut PJRT_RawBuffer>()
            == 32
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_RawBuffer,
}

sized!(PJRT_RawBuffer_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_RawBuffer_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_Destroy_Args, buffer) == 16);
    assert!(
        offset_of!(PJRT_RawBuffer_Destroy_Args, buffer) + size_of::<*mut PJRT_RawBuffer>() == 24
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_Extension {
    pub base: PJRT_Extension_Base,
    pub PJRT_RawBuffer_CreateRawAliasOfBuffer: PJRT_RawBuffer_CreateRawAliasOfBuffer,
    pub PJRT_RawBuffer_Destroy: PJRT_RawBuffer_Destroy,
    pub PJRT_RawBuffer_GetOnDeviceSizeInBytes: PJRT_RawBuffer_GetOnDeviceSizeInBytes,
    pub PJRT_RawBuffer_GetMemorySpace: PJRT_RawBuffer_GetMemorySpace,
    pub PJRT_RawBuffer_CopyRawHostToDevice: PJRT_RawBuffer_CopyRawHostToDevice,
    pub PJRT_RawBuffer_CopyRawDeviceToHost: PJRT_RawBuffer_CopyRawDeviceToHost,
    pub PJRT_RawBuffer_GetHostPointer: PJRT_RawBuffer_GetHostPointer,
}

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_Extension>() == 80);
    assert!(offset_of!(PJRT_RawBuffer_Extension, base) == 0);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_CreateRawAliasOfBuffer) == 24);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_Destroy) == 32);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_GetOnDeviceSizeInBytes) == 40);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_GetMemorySpace) == 48);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_CopyRawHostToDevice) == 56);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_CopyRawDeviceToHost) == 64);
    assert!(offset_of!(PJRT_RawBuffer_Extension, PJRT_RawBuffer_GetHostPointer) == 72);
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_FunctionTable {
    pub struct_size: usize,
    pub instance_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub inc_ref: Option<unsafe extern "C" fn(*mut PJRT_RawBuffer)>,
    pub dec_ref: Option<unsafe extern "C" fn(*mut PJRT_RawBuffer)>,
    pub get_on_device_size_in_bytes: Option<unsafe extern "C" fn(*const PJRT_RawBuffer) -> usize>,
    pub get_memory_space: Option<unsafe extern "C" fn(*const PJRT_RawBuffer) -> *mut PJRT_Memory>,
    pub get_host_pointer: Option<unsafe extern "C" fn(*const PJRT_RawBuffer) -> *mut c_void>,
    pub copy_raw_host_to_device_and_return_event: Option<
        unsafe extern "C" fn(
            *mut PJRT_RawBuffer,
            *const c_void,
            i64,
            i64,
            *mut PJRT_DeviceEventVector,
            *mut PJRT_DeviceEvent,
        ) -> *mut PJRT_Error,
    >,
    pub copy_raw_device_to_host_and_return_event: Option<
        unsafe extern "C" fn(
            *mut PJRT_RawBuffer,
            *mut c_void,
            i64,
            i64,
            *mut PJRT_DeviceEventVector,
            *mut PJRT_DeviceEvent,
        ) -> *mut PJRT_Error,
    >,
    pub opaque_device_memory_data_pointer:
        Option<unsafe extern "C" fn(*const PJRT_RawBuffer) -> *mut c_void>,
    pub make_allocation_ready_event:
        Option<unsafe extern "C" fn(*mut PJRT_RawBuffer, *mut PJRT_DeviceEvent) -> *mut PJRT_Error>,
    pub get_raw_buffer_async_value:
        Option<unsafe extern "C" fn(*mut PJRT_RawBuffer, *mut PJRT_DeviceEvent) -> *mut PJRT_Error>,
    pub is_mutable: Option<unsafe extern "C" fn(*const PJRT_RawBuffer) -> bool>,
    pub slice: Option<
        unsafe extern "C" fn(
            *mut PJRT_RawBuffer,
            i64,
            i64,
            *mut *mut PJRT_RawBuffer,
        ) -> *mut PJRT_Error,
    >,
    pub schedule_copy_to: Option<
        unsafe extern "C" fn(
            *mut PJRT_RawBuffer,
            *mut PJRT_DeviceEventVector,
            *mut PJRT_RawBuffer,
            *mut PJRT_DeviceEventPromise,
            *mut PJRT_DeviceEventPromise,
            Option<unsafe extern "C" fn(*mut PJRT_Error, *mut c_void)>,
            *mut c_void,
        ),
    >,
}

sized!(PJRT_RawBuffer_FunctionTable, 128);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_FunctionTable>() == 128);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, instance_size) == 8);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, extension_start) == 16);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, inc_ref) == 24);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, dec_ref) == 32);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, get_on_device_size_in_bytes) == 40);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, get_memory_space) == 48);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, get_host_pointer) == 56);
    assert!(
        offset_of!(PJRT_RawBuffer_FunctionTable, copy_raw_host_to_device_and_return_event) == 64
    );
    assert!(
        offset_of!(PJRT_RawBuffer_FunctionTable, copy_raw_device_to_host_and_return_event) == 72
    );
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, opaque_device_memory_data_pointer) == 80);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, make_allocation_ready_event) == 88);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, get_raw_buffer_async_value) == 96);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, is_mutable) == 104);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, slice) == 112);
    assert!(offset_of!(PJRT_RawBuffer_FunctionTable, schedule_copy_to) == 120);
    assert!(
        offset_of!(PJRT_RawBuffer_FunctionTable, schedule_copy_to)
            + size_of::<
                Option<
                    unsafe extern "C" fn(
                        *mut PJRT_RawBuffer,
                        *mut PJRT_DeviceEventVector,
                        *mut PJRT_RawBuffer,
                        *mut PJRT_DeviceEventPromise,
                        *mut PJRT_DeviceEventPromise,
                        Option<unsafe extern "C" fn(*mut PJRT_Error, *mut c_void)>,
                        *mut c_void,
                    ),
                >,
            >()
            == 128
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_GetHostPointer_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_RawBuffer,
    pub host_pointer: *mut c_void,
}

sized!(PJRT_RawBuffer_GetHostPointer_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_GetHostPointer_Args>() == 32);
    assert!(offset_of!(PJRT_RawBuffer_GetHostPointer_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_GetHostPointer_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_GetHostPointer_Args, buffer) == 16);
    assert!(offset_of!(PJRT_RawBuffer_GetHostPointer_Args, host_pointer) == 24);
    assert!(
        offset_of!(PJRT_RawBuffer_GetHostPointer_Args, host_pointer) + size_of::<*mut c_void>()
            == 32
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_GetMemorySpace_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_RawBuffer,
    pub memory_space: *mut PJRT_Memory,
}

sized!(PJRT_RawBuffer_GetMemorySpace_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_GetMemorySpace_Args>() == 32);
    assert!(offset_of!(PJRT_RawBuffer_GetMemorySpace_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_GetMemorySpace_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_GetMemorySpace_Args, buffer) == 16);
    assert!(offset_of!(PJRT_RawBuffer_GetMemorySpace_Args, memory_space) == 24);
    assert!(
        offset_of!(PJRT_RawBuffer_GetMemorySpace_Args, memory_space)
            + size_of::<*mut PJRT_Memory>()
            == 32
    );
};

/// Declared in `pjrt_c_api_raw_buffer_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub buffer: *mut PJRT_RawBuffer,
    pub on_device_size_in_bytes: usize,
}

sized!(PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args>() == 32);
    assert!(offset_of!(PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args, buffer) == 16);
    assert!(offset_of!(PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args, on_device_size_in_bytes) == 24);
    assert!(
        offset_of!(PJRT_RawBuffer_GetOnDeviceSizeInBytes_Args, on_device_size_in_bytes)
            + size_of::<usize>()
            == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RecvCallbackInfo {
    pub channel_id: i64,
    pub user_arg: *mut c_void,
    pub recv_callback: PJRT_RecvCallback,
}

const _: () = {
    assert!(size_of::<PJRT_RecvCallbackInfo>() == 24);
    assert!(offset_of!(PJRT_RecvCallbackInfo, channel_id) == 0);
    assert!(offset_of!(PJRT_RecvCallbackInfo, user_arg) == 8);
    assert!(offset_of!(PJRT_RecvCallbackInfo, recv_callback) == 16);
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Register_Batch_Partitionable_Args {
    pub struct_size: usize,
    pub name: *const c_char,
    pub name_size: usize,
}

sized!(PJRT_Register_Batch_Partitionable_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Register_Batch_Partitionable_Args>() == 24);
    assert!(offset_of!(PJRT_Register_Batch_Partitionable_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Register_Batch_Partitionable_Args, name) == 8);
    assert!(offset_of!(PJRT_Register_Batch_Partitionable_Args, name_size) == 16);
    assert!(
        offset_of!(PJRT_Register_Batch_Partitionable_Args, name_size) + size_of::<usize>() == 24
    );
};

/// Declared in `pjrt_c_api_custom_partitioner_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Register_Custom_Partitioner_Args {
    pub struct_size: usize,
    pub name: *const c_char,
    pub name_size: usize,
    pub callbacks: *mut JAX_CustomCallPartitioner_Callbacks,
}

sized!(PJRT_Register_Custom_Partitioner_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_Register_Custom_Partitioner_Args>() == 32);
    assert!(offset_of!(PJRT_Register_Custom_Partitioner_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Register_Custom_Partitioner_Args, name) == 8);
    assert!(offset_of!(PJRT_Register_Custom_Partitioner_Args, name_size) == 16);
    assert!(offset_of!(PJRT_Register_Custom_Partitioner_Args, callbacks) == 24);
    assert!(
        offset_of!(PJRT_Register_Custom_Partitioner_Args, callbacks)
            + size_of::<*mut JAX_CustomCallPartitioner_Callbacks>()
            == 32
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RuntimeAbiVersion_Destroy_Args {
    pub struct_size: usize,
    pub abi_version: *mut PJRT_RuntimeAbiVersion,
}

sized!(PJRT_RuntimeAbiVersion_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PJRT_RuntimeAbiVersion_Destroy_Args>() == 16);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_Destroy_Args, abi_version) == 8);
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_Destroy_Args, abi_version)
            + size_of::<*mut PJRT_RuntimeAbiVersion>()
            == 16
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RuntimeAbiVersion_FromProto_Args {
    pub struct_size: usize,
    pub serialized_proto: *const c_char,
    pub serialized_proto_size: usize,
    pub abi_version: *mut PJRT_RuntimeAbiVersion,
}

sized!(PJRT_RuntimeAbiVersion_FromProto_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_RuntimeAbiVersion_FromProto_Args>() == 32);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_FromProto_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_FromProto_Args, serialized_proto) == 8);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_FromProto_Args, serialized_proto_size) == 16);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_FromProto_Args, abi_version) == 24);
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_FromProto_Args, abi_version)
            + size_of::<*mut PJRT_RuntimeAbiVersion>()
            == 32
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args {
    pub struct_size: usize,
    pub abi_version: *const PJRT_RuntimeAbiVersion,
    pub executable_abi_version: *const PJRT_ExecutableAbiVersion,
}

sized!(PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args>() == 24);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args, abi_version) == 8);
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args, executable_abi_version)
            == 16
    );
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithExecutable_Args, executable_abi_version)
            + size_of::<*const PJRT_ExecutableAbiVersion>()
            == 24
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args {
    pub struct_size: usize,
    pub abi_version: *const PJRT_RuntimeAbiVersion,
    pub other_abi_version: *const PJRT_RuntimeAbiVersion,
}

sized!(PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args>() == 24);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args, abi_version) == 8);
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args, other_abi_version) == 16
    );
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_IsCompatibleWithRuntime_Args, other_abi_version)
            + size_of::<*const PJRT_RuntimeAbiVersion>()
            == 24
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RuntimeAbiVersion_PlatformId_Args {
    pub struct_size: usize,
    pub abi_version: *const PJRT_RuntimeAbiVersion,
    pub platform_id: u64,
}

sized!(PJRT_RuntimeAbiVersion_PlatformId_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_RuntimeAbiVersion_PlatformId_Args>() == 24);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_PlatformId_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_PlatformId_Args, abi_version) == 8);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_PlatformId_Args, platform_id) == 16);
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_PlatformId_Args, platform_id) + size_of::<u64>() == 24
    );
};

/// Declared in `pjrt_c_api_abi_version_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_RuntimeAbiVersion_ToProto_Args {
    pub struct_size: usize,
    pub abi_version: *const PJRT_RuntimeAbiVersion,
    pub serialized_proto: *const c_char,
    pub serialized_proto_size: usize,
    pub serialized_proto_holder: *mut PJRT_SerializedProto,
    pub serialized_proto_deleter: Option<unsafe extern "C" fn(*mut PJRT_SerializedProto)>,
}

sized!(PJRT_RuntimeAbiVersion_ToProto_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_RuntimeAbiVersion_ToProto_Args>() == 48);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, abi_version) == 8);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, serialized_proto) == 16);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, serialized_proto_size) == 24);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, serialized_proto_holder) == 32);
    assert!(offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, serialized_proto_deleter) == 40);
    assert!(
        offset_of!(PJRT_RuntimeAbiVersion_ToProto_Args, serialized_proto_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_SerializedProto)>>()
            == 48
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_SendCallbackInfo {
    pub channel_id: i64,
    pub user_arg: *mut c_void,
    pub send_callback: PJRT_SendCallback,
}

const _: () = {
    assert!(size_of::<PJRT_SendCallbackInfo>() == 24);
    assert!(offset_of!(PJRT_SendCallbackInfo, channel_id) == 0);
    assert!(offset_of!(PJRT_SendCallbackInfo, user_arg) == 8);
    assert!(offset_of!(PJRT_SendCallbackInfo, send_callback) == 16);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_ShapeSpec {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub dims: *const i64,
    pub num_dims: usize,
    pub element_type: PJRT_Buffer_Type,
}

sized!(PJRT_ShapeSpec, 36);

const _: () = {
    assert!(size_of::<PJRT_ShapeSpec>() == 40);
    assert!(offset_of!(PJRT_ShapeSpec, struct_size) == 0);
    assert!(offset_of!(PJRT_ShapeSpec, extension_start) == 8);
    assert!(offset_of!(PJRT_ShapeSpec, dims) == 16);
    assert!(offset_of!(PJRT_ShapeSpec, num_dims) == 24);
    assert!(offset_of!(PJRT_ShapeSpec, element_type) == 32);
    assert!(offset_of!(PJRT_ShapeSpec, element_type) + size_of::<PJRT_Buffer_Type>() == 36);
};

/// Declared in `pjrt_c_api_shardings_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Shardings_Extension {
    pub base: PJRT_Extension_Base,
    pub PJRT_Shardings_PJRT_Executable_ParameterShardings:
        PJRT_Shardings_PJRT_Executable_ParameterShardings,
    pub PJRT_Shardings_PJRT_Executable_OutputShardings:
        PJRT_Shardings_PJRT_Executable_OutputShardings,
}

const _: () = {
    assert!(size_of::<PJRT_Shardings_Extension>() == 40);
    assert!(offset_of!(PJRT_Shardings_Extension, base) == 0);
    assert!(
        offset_of!(PJRT_Shardings_Extension, PJRT_Shardings_PJRT_Executable_ParameterShardings)
            == 24
    );
    assert!(
        offset_of!(PJRT_Shardings_Extension, PJRT_Shardings_PJRT_Executable_OutputShardings) == 32
    );
};

/// Declared in `pjrt_c_api_shardings_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Shardings_PJRT_Executable_OutputShardings_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_outputs: usize,
    pub shardings: *const *const c_char,
    pub sharding_sizes: *const usize,
}

sized!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Shardings_PJRT_Executable_OutputShardings_Args>() == 48);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, executable) == 16);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, num_outputs) == 24);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, shardings) == 32);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, sharding_sizes) == 40);
    assert!(
        offset_of!(PJRT_Shardings_PJRT_Executable_OutputShardings_Args, sharding_sizes)
            + size_of::<*const usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api_shardings_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Shardings_PJRT_Executable_ParameterShardings_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub executable: *mut PJRT_Executable,
    pub num_parameters: usize,
    pub shardings: *const *const c_char,
    pub sharding_sizes: *const usize,
}

sized!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_Shardings_PJRT_Executable_ParameterShardings_Args>() == 48);
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, extension_start) == 8
    );
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, executable) == 16);
    assert!(
        offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, num_parameters) == 24
    );
    assert!(offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, shardings) == 32);
    assert!(
        offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, sharding_sizes) == 40
    );
    assert!(
        offset_of!(PJRT_Shardings_PJRT_Executable_ParameterShardings_Args, sharding_sizes)
            + size_of::<*const usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api_stream_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Stream_Extension {
    pub base: PJRT_Extension_Base,
    pub get_stream: PJRT_Get_Stream_For_External_Ready_Events,
    pub wait_stream: PJRT_Wait_Until_Buffer_Ready_On_Stream,
}

const _: () = {
    assert!(size_of::<PJRT_Stream_Extension>() == 40);
    assert!(offset_of!(PJRT_Stream_Extension, base) == 0);
    assert!(offset_of!(PJRT_Stream_Extension, get_stream) == 24);
    assert!(offset_of!(PJRT_Stream_Extension, wait_stream) == 32);
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_Attributes_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *mut PJRT_TopologyDescription,
    pub attributes: *const PJRT_NamedValue,
    pub num_attributes: usize,
}

sized!(PJRT_TopologyDescription_Attributes_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_Attributes_Args>() == 40);
    assert!(offset_of!(PJRT_TopologyDescription_Attributes_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_Attributes_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_Attributes_Args, topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_Attributes_Args, attributes) == 24);
    assert!(offset_of!(PJRT_TopologyDescription_Attributes_Args, num_attributes) == 32);
    assert!(
        offset_of!(PJRT_TopologyDescription_Attributes_Args, num_attributes) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_Create_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology_name: *const c_char,
    pub topology_name_size: usize,
    pub create_options: *const PJRT_NamedValue,
    pub num_options: usize,
    pub topology: *mut PJRT_TopologyDescription,
}

sized!(PJRT_TopologyDescription_Create_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_Create_Args>() == 56);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, topology_name) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, topology_name_size) == 24);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, create_options) == 32);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, num_options) == 40);
    assert!(offset_of!(PJRT_TopologyDescription_Create_Args, topology) == 48);
    assert!(
        offset_of!(PJRT_TopologyDescription_Create_Args, topology)
            + size_of::<*mut PJRT_TopologyDescription>()
            == 56
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_Deserialize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub serialized_topology: *const c_char,
    pub serialized_topology_size: usize,
    pub topology: *mut PJRT_TopologyDescription,
}

sized!(PJRT_TopologyDescription_Deserialize_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_Deserialize_Args>() == 40);
    assert!(offset_of!(PJRT_TopologyDescription_Deserialize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_Deserialize_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_Deserialize_Args, serialized_topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_Deserialize_Args, serialized_topology_size) == 24);
    assert!(offset_of!(PJRT_TopologyDescription_Deserialize_Args, topology) == 32);
    assert!(
        offset_of!(PJRT_TopologyDescription_Deserialize_Args, topology)
            + size_of::<*mut PJRT_TopologyDescription>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_Destroy_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *mut PJRT_TopologyDescription,
}

sized!(PJRT_TopologyDescription_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_Destroy_Args>() == 24);
    assert!(offset_of!(PJRT_TopologyDescription_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_Destroy_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_Destroy_Args, topology) == 16);
    assert!(
        offset_of!(PJRT_TopologyDescription_Destroy_Args, topology)
            + size_of::<*mut PJRT_TopologyDescription>()
            == 24
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_Fingerprint_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *const PJRT_TopologyDescription,
    pub fingerprint: u64,
}

sized!(PJRT_TopologyDescription_Fingerprint_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_Fingerprint_Args>() == 32);
    assert!(offset_of!(PJRT_TopologyDescription_Fingerprint_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_Fingerprint_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_Fingerprint_Args, topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_Fingerprint_Args, fingerprint) == 24);
    assert!(
        offset_of!(PJRT_TopologyDescription_Fingerprint_Args, fingerprint) + size_of::<u64>() == 32
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_GetDeviceDescriptions_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *const PJRT_TopologyDescription,
    pub descriptions: *const *mut PJRT_DeviceDescription,
    pub num_descriptions: usize,
}

sized!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_GetDeviceDescriptions_Args>() == 40);
    assert!(offset_of!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, descriptions) == 24);
    assert!(
        offset_of!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, num_descriptions) == 32
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_GetDeviceDescriptions_Args, num_descriptions)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_GetMemorySpaceKindIds_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *const PJRT_TopologyDescription,
    pub memory_space_kind_ids: *const c_int,
    pub num_memory_space_kind_ids: usize,
}

sized!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_GetMemorySpaceKindIds_Args>() == 40);
    assert!(offset_of!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, topology) == 16);
    assert!(
        offset_of!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, memory_space_kind_ids)
            == 24
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, num_memory_space_kind_ids)
            == 32
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args, num_memory_space_kind_ids)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *const PJRT_TopologyDescription,
    pub memory_space_kind_id: c_int,
    pub dims: *const i64,
    pub num_dims: usize,
    pub element_type: PJRT_Buffer_Type,
    pub layout: *const PJRT_Buffer_MemoryLayout,
    pub serialized_shape: *const c_char,
    pub serialized_shape_size: usize,
    pub serialized_shape_deleter: Option<unsafe extern "C" fn(*const c_char)>,
}

sized!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, 88);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args>() == 88);
    assert!(
        offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, struct_size)
            == 0
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, extension_start)
            == 8
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, topology) == 16
    );
    assert!(
        offset_of!(
            PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args,
            memory_space_kind_id
        ) == 24
    );
    assert!(offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, dims) == 32);
    assert!(
        offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, num_dims) == 40
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, element_type)
            == 48
    );
    assert!(
        offset_of!(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args, layout) == 56
    );
    assert!(
        offset_of!(
            PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args,
            serialized_shape
        ) == 64
    );
    assert!(
        offset_of!(
            PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args,
            serialized_shape_size
        ) == 72
    );
    assert!(
        offset_of!(
            PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args,
            serialized_shape_deleter
        ) == 80
    );
    assert!(
        offset_of!(
            PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args,
            serialized_shape_deleter
        ) + size_of::<Option<unsafe extern "C" fn(*const c_char)>>()
            == 88
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_PlatformName_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *const PJRT_TopologyDescription,
    pub platform_name: *const c_char,
    pub platform_name_size: usize,
}

sized!(PJRT_TopologyDescription_PlatformName_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_PlatformName_Args>() == 40);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformName_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformName_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformName_Args, topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformName_Args, platform_name) == 24);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformName_Args, platform_name_size) == 32);
    assert!(
        offset_of!(PJRT_TopologyDescription_PlatformName_Args, platform_name_size)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_PlatformVersion_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *mut PJRT_TopologyDescription,
    pub platform_version: *const c_char,
    pub platform_version_size: usize,
}

sized!(PJRT_TopologyDescription_PlatformVersion_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_PlatformVersion_Args>() == 40);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformVersion_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformVersion_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformVersion_Args, topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformVersion_Args, platform_version) == 24);
    assert!(offset_of!(PJRT_TopologyDescription_PlatformVersion_Args, platform_version_size) == 32);
    assert!(
        offset_of!(PJRT_TopologyDescription_PlatformVersion_Args, platform_version_size)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TopologyDescription_Serialize_Args {
    pub struct_size: usize,
    pub extension_start: *mut PJRT_Extension_Base,
    pub topology: *mut PJRT_TopologyDescription,
    pub serialized_bytes: *const c_char,
    pub serialized_bytes_size: usize,
    pub serialized_topology: *mut PJRT_SerializedTopology,
    pub serialized_topology_deleter: Option<unsafe extern "C" fn(*mut PJRT_SerializedTopology)>,
}

sized!(PJRT_TopologyDescription_Serialize_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_TopologyDescription_Serialize_Args>() == 56);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, extension_start) == 8);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, topology) == 16);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, serialized_bytes) == 24);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, serialized_bytes_size) == 32);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, serialized_topology) == 40);
    assert!(offset_of!(PJRT_TopologyDescription_Serialize_Args, serialized_topology_deleter) == 48);
    assert!(
        offset_of!(PJRT_TopologyDescription_Serialize_Args, serialized_topology_deleter)
            + size_of::<Option<unsafe extern "C" fn(*mut PJRT_SerializedTopology)>>()
            == 56
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ChipBounds_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chip_bounds_max_dims: usize,
    pub chip_bounds: *mut i32,
    pub chip_bounds_num_dims: usize,
}

sized!(PJRT_TpuTopology_ChipBounds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ChipBounds_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_ChipBounds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ChipBounds_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ChipBounds_Args, chip_bounds_max_dims) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ChipBounds_Args, chip_bounds) == 24);
    assert!(offset_of!(PJRT_TpuTopology_ChipBounds_Args, chip_bounds_num_dims) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_ChipBounds_Args, chip_bounds_num_dims) + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub device_id: i32,
    pub chip_coords_max_dims: usize,
    pub chip_coords: *mut i32,
    pub chip_coords_num_dims: usize,
    pub device_index_on_chip: i32,
}

sized!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, 52);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args>() == 56);
    assert!(offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, device_id) == 16);
    assert!(
        offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, chip_coords_max_dims) == 24
    );
    assert!(offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, chip_coords) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, chip_coords_num_dims) == 40
    );
    assert!(
        offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, device_index_on_chip) == 48
    );
    assert!(
        offset_of!(PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice_Args, device_index_on_chip)
            + size_of::<i32>()
            == 52
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ChipCount_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chip_count: i32,
}

sized!(PJRT_TpuTopology_ChipCount_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ChipCount_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_ChipCount_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ChipCount_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ChipCount_Args, chip_count) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ChipCount_Args, chip_count) + size_of::<i32>() == 20);
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ChipIdFromCoord_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub coords: *const i32,
    pub coords_num_dims: usize,
    pub chip_id: i32,
}

sized!(PJRT_TpuTopology_ChipIdFromCoord_Args, 36);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ChipIdFromCoord_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_ChipIdFromCoord_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ChipIdFromCoord_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ChipIdFromCoord_Args, coords) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ChipIdFromCoord_Args, coords_num_dims) == 24);
    assert!(offset_of!(PJRT_TpuTopology_ChipIdFromCoord_Args, chip_id) == 32);
    assert!(offset_of!(PJRT_TpuTopology_ChipIdFromCoord_Args, chip_id) + size_of::<i32>() == 36);
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ChipsPerProcessBounds_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chip_per_process_bounds_max_dims: usize,
    pub chip_per_process_bounds: *mut i32,
    pub chip_per_process_bounds_num_dims: usize,
}

sized!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ChipsPerProcessBounds_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, topology) == 8);
    assert!(
        offset_of!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, chip_per_process_bounds_max_dims)
            == 16
    );
    assert!(offset_of!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, chip_per_process_bounds) == 24);
    assert!(
        offset_of!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, chip_per_process_bounds_num_dims)
            == 32
    );
    assert!(
        offset_of!(PJRT_TpuTopology_ChipsPerProcessBounds_Args, chip_per_process_bounds_num_dims)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ChipsPerProcess_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chips_per_process: i32,
}

sized!(PJRT_TpuTopology_ChipsPerProcess_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ChipsPerProcess_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_ChipsPerProcess_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ChipsPerProcess_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ChipsPerProcess_Args, chips_per_process) == 16);
    assert!(
        offset_of!(PJRT_TpuTopology_ChipsPerProcess_Args, chips_per_process) + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_CoreCountPerChip_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub core_count_of_default_type_per_chip: i32,
}

sized!(PJRT_TpuTopology_CoreCountPerChip_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_CoreCountPerChip_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_CoreCountPerChip_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_CoreCountPerChip_Args, topology) == 8);
    assert!(
        offset_of!(PJRT_TpuTopology_CoreCountPerChip_Args, core_count_of_default_type_per_chip)
            == 16
    );
    assert!(
        offset_of!(PJRT_TpuTopology_CoreCountPerChip_Args, core_count_of_default_type_per_chip)
            + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_CoreCountPerProcess_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub core_count_of_default_type_per_process: i32,
}

sized!(PJRT_TpuTopology_CoreCountPerProcess_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_CoreCountPerProcess_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_CoreCountPerProcess_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_CoreCountPerProcess_Args, topology) == 8);
    assert!(
        offset_of!(
            PJRT_TpuTopology_CoreCountPerProcess_Args,
            core_count_of_default_type_per_process
        ) == 16
    );
    assert!(
        offset_of!(
            PJRT_TpuTopology_CoreCountPerProcess_Args,
            core_count_of_default_type_per_process
        ) + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_CoreCount_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub core_count_of_default_type: i32,
}

sized!(PJRT_TpuTopology_CoreCount_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_CoreCount_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_CoreCount_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_CoreCount_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_CoreCount_Args, core_count_of_default_type) == 16);
    assert!(
        offset_of!(PJRT_TpuTopology_CoreCount_Args, core_count_of_default_type) + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_Extension {
    pub base: PJRT_Extension_Base,
    pub subslice: PJRT_TpuTopology_Subslice,
    pub is_subslice_topology: PJRT_TpuTopology_IsSubsliceTopology,
    pub subslice_device_id_from_full_device_id: PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId,
    pub replace_host_bounds: PJRT_TpuTopology_ReplaceHostBounds,
    pub is_enhanced_barrier_enabled: PJRT_TpuTopology_IsEnhancedBarrierEnabled,
    pub has_limited_ici_connectivity: PJRT_TpuTopology_HasLimitedIciConnectivity,
    pub is_reachable_over_limited_ici: PJRT_TpuTopology_IsReachableOverLimitedIci,
    pub process_count: PJRT_TpuTopology_ProcessCount,
    pub chips_per_process: PJRT_TpuTopology_ChipsPerProcess,
    pub core_count_per_chip: PJRT_TpuTopology_CoreCountPerChip,
    pub chip_count: PJRT_TpuTopology_ChipCount,
    pub core_count: PJRT_TpuTopology_CoreCount,
    pub logical_device_count_per_process: PJRT_TpuTopology_LogiDeviceCountPerProcess,
    pub logical_device_count: PJRT_TpuTopology_LogiDeviceCount,
    pub logical_device_count_per_chip: PJRT_TpuTopology_LogiDeviceCountPerChip,
    pub core_count_per_process: PJRT_TpuTopology_CoreCountPerProcess,
    pub process_ids: PJRT_TpuTopology_ProcessIds,
    pub logical_device_ids_on_process: PJRT_TpuTopology_LogiDeviceIdsOnProcess,
    pub proc_id_and_idx_on_proc_for_chip: PJRT_TpuTopology_ProcIdAndIdxOnProcForChip,
    pub proc_id_and_idx_on_proc_for_logi_device: PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice,
    pub process_coord_from_id: PJRT_TpuTopology_ProcessCoordFromId,
    pub chip_id_from_coord: PJRT_TpuTopology_ChipIdFromCoord,
    pub logical_device_id_from_chip_coord_and_idx: PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx,
    pub chip_coord_and_idx_for_logi_device: PJRT_TpuTopology_ChipCoordAndIdxForLogiDevice,
    pub chips_per_process_bounds: PJRT_TpuTopology_ChipsPerProcessBounds,
    pub chip_bounds: PJRT_TpuTopology_ChipBounds,
    pub process_bounds: PJRT_TpuTopology_ProcessBounds,
    pub get_routing_strategy: PJRT_TpuTopology_GetRoutingStrategy,
    pub get_slice_config: PJRT_TpuTopology_GetSliceConfig,
    pub get_slice_configs: PJRT_TpuTopology_GetSliceConfigs,
    pub get_default_platform_config: PJRT_TpuTopology_GetDefaultPlatformConfig,
}

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_Extension>() == 272);
    assert!(offset_of!(PJRT_TpuTopology_Extension, base) == 0);
    assert!(offset_of!(PJRT_TpuTopology_Extension, subslice) == 24);
    assert!(offset_of!(PJRT_TpuTopology_Extension, is_subslice_topology) == 32);
    assert!(offset_of!(PJRT_TpuTopology_Extension, subslice_device_id_from_full_device_id) == 40);
    assert!(offset_of!(PJRT_TpuTopology_Extension, replace_host_bounds) == 48);
    assert!(offset_of!(PJRT_TpuTopology_Extension, is_enhanced_barrier_enabled) == 56);
    assert!(offset_of!(PJRT_TpuTopology_Extension, has_limited_ici_connectivity) == 64);
    assert!(offset_of!(PJRT_TpuTopology_Extension, is_reachable_over_limited_ici) == 72);
    assert!(offset_of!(PJRT_TpuTopology_Extension, process_count) == 80);
    assert!(offset_of!(PJRT_TpuTopology_Extension, chips_per_process) == 88);
    assert!(offset_of!(PJRT_TpuTopology_Extension, core_count_per_chip) == 96);
    assert!(offset_of!(PJRT_TpuTopology_Extension, chip_count) == 104);
    assert!(offset_of!(PJRT_TpuTopology_Extension, core_count) == 112);
    assert!(offset_of!(PJRT_TpuTopology_Extension, logical_device_count_per_process) == 120);
    assert!(offset_of!(PJRT_TpuTopology_Extension, logical_device_count) == 128);
    assert!(offset_of!(PJRT_TpuTopology_Extension, logical_device_count_per_chip) == 136);
    assert!(offset_of!(PJRT_TpuTopology_Extension, core_count_per_process) == 144);
    assert!(offset_of!(PJRT_TpuTopology_Extension, process_ids) == 152);
    assert!(offset_of!(PJRT_TpuTopology_Extension, logical_device_ids_on_process) == 160);
    assert!(offset_of!(PJRT_TpuTopology_Extension, proc_id_and_idx_on_proc_for_chip) == 168);
    assert!(offset_of!(PJRT_TpuTopology_Extension, proc_id_and_idx_on_proc_for_logi_device) == 176);
    assert!(offset_of!(PJRT_TpuTopology_Extension, process_coord_from_id) == 184);
    assert!(offset_of!(PJRT_TpuTopology_Extension, chip_id_from_coord) == 192);
    assert!(
        offset_of!(PJRT_TpuTopology_Extension, logical_device_id_from_chip_coord_and_idx) == 200
    );
    assert!(offset_of!(PJRT_TpuTopology_Extension, chip_coord_and_idx_for_logi_device) == 208);
    assert!(offset_of!(PJRT_TpuTopology_Extension, chips_per_process_bounds) == 216);
    assert!(offset_of!(PJRT_TpuTopology_Extension, chip_bounds) == 224);
    assert!(offset_of!(PJRT_TpuTopology_Extension, process_bounds) == 232);
    assert!(offset_of!(PJRT_TpuTopology_Extension, get_routing_strategy) == 240);
    assert!(offset_of!(PJRT_TpuTopology_Extension, get_slice_config) == 248);
    assert!(offset_of!(PJRT_TpuTopology_Extension, get_slice_configs) == 256);
    assert!(offset_of!(PJRT_TpuTopology_Extension, get_default_platform_config) == 264);
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_GetDefaultPlatformConfig_Args {
    pub struct_size: usize,
    pub platform_type_name: *const c_char,
    pub platform_type_name_len: usize,
    pub num_chips_per_tray: i64,
    pub num_trays: i64,
}

sized!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_GetDefaultPlatformConfig_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, platform_type_name) == 8);
    assert!(
        offset_of!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, platform_type_name_len) == 16
    );
    assert!(offset_of!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, num_chips_per_tray) == 24);
    assert!(offset_of!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, num_trays) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_GetDefaultPlatformConfig_Args, num_trays) + size_of::<i64>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_GetRoutingStrategy_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub routing_strategy: *mut c_char,
    pub routing_strategy_len: usize,
}

sized!(PJRT_TpuTopology_GetRoutingStrategy_Args, 32);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_GetRoutingStrategy_Args>() == 32);
    assert!(offset_of!(PJRT_TpuTopology_GetRoutingStrategy_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_GetRoutingStrategy_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_GetRoutingStrategy_Args, routing_strategy) == 16);
    assert!(offset_of!(PJRT_TpuTopology_GetRoutingStrategy_Args, routing_strategy_len) == 24);
    assert!(
        offset_of!(PJRT_TpuTopology_GetRoutingStrategy_Args, routing_strategy_len)
            + size_of::<usize>()
            == 32
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_GetSliceConfig_Args {
    pub struct_size: usize,
    pub platform_type_name: *const c_char,
    pub platform_type_name_len: usize,
    pub slice_name: *const c_char,
    pub slice_name_len: usize,
    pub slice_config: *mut PJRT_TpuTopology_SliceConfig,
}

sized!(PJRT_TpuTopology_GetSliceConfig_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_GetSliceConfig_Args>() == 48);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, platform_type_name) == 8);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, platform_type_name_len) == 16);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, slice_name) == 24);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, slice_name_len) == 32);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, slice_config) == 40);
    assert!(
        offset_of!(PJRT_TpuTopology_GetSliceConfig_Args, slice_config)
            + size_of::<*mut PJRT_TpuTopology_SliceConfig>()
            == 48
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_GetSliceConfigs_Args {
    pub struct_size: usize,
    pub platform_type_name: *const c_char,
    pub platform_type_name_len: usize,
    pub slice_configs: *mut PJRT_TpuTopology_SliceConfig,
    pub max_slice_configs: usize,
    pub num_slice_configs: usize,
}

sized!(PJRT_TpuTopology_GetSliceConfigs_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_GetSliceConfigs_Args>() == 48);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, platform_type_name) == 8);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, platform_type_name_len) == 16);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, slice_configs) == 24);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, max_slice_configs) == 32);
    assert!(offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, num_slice_configs) == 40);
    assert!(
        offset_of!(PJRT_TpuTopology_GetSliceConfigs_Args, num_slice_configs) + size_of::<usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_HasLimitedIciConnectivity_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub has_limited_ici_connectivity: bool,
}

sized!(PJRT_TpuTopology_HasLimitedIciConnectivity_Args, 17);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_HasLimitedIciConnectivity_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_HasLimitedIciConnectivity_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_HasLimitedIciConnectivity_Args, topology) == 8);
    assert!(
        offset_of!(PJRT_TpuTopology_HasLimitedIciConnectivity_Args, has_limited_ici_connectivity)
            == 16
    );
    assert!(
        offset_of!(PJRT_TpuTopology_HasLimitedIciConnectivity_Args, has_limited_ici_connectivity)
            + size_of::<bool>()
            == 17
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub is_enhanced_barrier_enabled: bool,
}

sized!(PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args, 17);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args, topology) == 8);
    assert!(
        offset_of!(PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args, is_enhanced_barrier_enabled)
            == 16
    );
    assert!(
        offset_of!(PJRT_TpuTopology_IsEnhancedBarrierEnabled_Args, is_enhanced_barrier_enabled)
            + size_of::<bool>()
            == 17
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_IsReachableOverLimitedIci_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub source_chip_id: i32,
    pub dest_chip_id: i32,
    pub is_reachable_over_limited_ici: bool,
}

sized!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, 25);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_IsReachableOverLimitedIci_Args>() == 32);
    assert!(offset_of!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, source_chip_id) == 16);
    assert!(offset_of!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, dest_chip_id) == 20);
    assert!(
        offset_of!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, is_reachable_over_limited_ici)
            == 24
    );
    assert!(
        offset_of!(PJRT_TpuTopology_IsReachableOverLimitedIci_Args, is_reachable_over_limited_ici)
            + size_of::<bool>()
            == 25
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_IsSubsliceTopology_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub is_subslice_topology: bool,
}

sized!(PJRT_TpuTopology_IsSubsliceTopology_Args, 17);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_IsSubsliceTopology_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_IsSubsliceTopology_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_IsSubsliceTopology_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_IsSubsliceTopology_Args, is_subslice_topology) == 16);
    assert!(
        offset_of!(PJRT_TpuTopology_IsSubsliceTopology_Args, is_subslice_topology)
            + size_of::<bool>()
            == 17
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_LogiDeviceCountPerChip_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub logical_device_count_of_default_type_per_chip: i32,
}

sized!(PJRT_TpuTopology_LogiDeviceCountPerChip_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_LogiDeviceCountPerChip_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceCountPerChip_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceCountPerChip_Args, topology) == 8);
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceCountPerChip_Args,
            logical_device_count_of_default_type_per_chip
        ) == 16
    );
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceCountPerChip_Args,
            logical_device_count_of_default_type_per_chip
        ) + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_LogiDeviceCountPerProcess_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub logical_device_count_of_default_type_per_process: i32,
}

sized!(PJRT_TpuTopology_LogiDeviceCountPerProcess_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_LogiDeviceCountPerProcess_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceCountPerProcess_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceCountPerProcess_Args, topology) == 8);
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceCountPerProcess_Args,
            logical_device_count_of_default_type_per_process
        ) == 16
    );
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceCountPerProcess_Args,
            logical_device_count_of_default_type_per_process
        ) + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_LogiDeviceCount_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub logical_device_count_of_default_type: i32,
}

sized!(PJRT_TpuTopology_LogiDeviceCount_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_LogiDeviceCount_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceCount_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceCount_Args, topology) == 8);
    assert!(
        offset_of!(PJRT_TpuTopology_LogiDeviceCount_Args, logical_device_count_of_default_type)
            == 16
    );
    assert!(
        offset_of!(PJRT_TpuTopology_LogiDeviceCount_Args, logical_device_count_of_default_type)
            + size_of::<i32>()
            == 20
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chip_coords: *const i32,
    pub chip_coords_num_dims: usize,
    pub logical_device_index_on_chip: i32,
    pub logical_device_of_default_type_id: i32,
}

sized!(PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args, chip_coords) == 16);
    assert!(
        offset_of!(PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args, chip_coords_num_dims)
            == 24
    );
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args,
            logical_device_index_on_chip
        ) == 32
    );
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args,
            logical_device_of_default_type_id
        ) == 36
    );
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceIdFromChipCoordAndIdx_Args,
            logical_device_of_default_type_id
        ) + size_of::<i32>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub process_id: i32,
    pub max_logical_device_ids: i32,
    pub logical_device_of_default_type_ids: *mut i32,
    pub num_logical_device_ids: usize,
}

sized!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, process_id) == 16);
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, max_logical_device_ids) == 20);
    assert!(
        offset_of!(
            PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args,
            logical_device_of_default_type_ids
        ) == 24
    );
    assert!(offset_of!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, num_logical_device_ids) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_LogiDeviceIdsOnProcess_Args, num_logical_device_ids)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chip_id: i32,
    pub process_id: i32,
    pub index_on_process: i32,
}

sized!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args>() == 32);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, chip_id) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, process_id) == 20);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, index_on_process) == 24);
    assert!(
        offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForChip_Args, index_on_process)
            + size_of::<i32>()
            == 28
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub device_id: i32,
    pub process_id: i32,
    pub index_on_process: i32,
}

sized!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, 28);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args>() == 32);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, device_id) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, process_id) == 20);
    assert!(
        offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, index_on_process) == 24
    );
    assert!(
        offset_of!(PJRT_TpuTopology_ProcIdAndIdxOnProcForLogiDevice_Args, index_on_process)
            + size_of::<i32>()
            == 28
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ProcessBounds_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub process_bounds_max_dims: usize,
    pub process_bounds: *mut i32,
    pub process_bounds_num_dims: usize,
}

sized!(PJRT_TpuTopology_ProcessBounds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ProcessBounds_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_ProcessBounds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ProcessBounds_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ProcessBounds_Args, process_bounds_max_dims) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ProcessBounds_Args, process_bounds) == 24);
    assert!(offset_of!(PJRT_TpuTopology_ProcessBounds_Args, process_bounds_num_dims) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_ProcessBounds_Args, process_bounds_num_dims)
            + size_of::<usize>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ProcessCoordFromId_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub process_id: i32,
    pub coords_max_dims: usize,
    pub coords: *mut i32,
    pub coords_num_dims: usize,
}

sized!(PJRT_TpuTopology_ProcessCoordFromId_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ProcessCoordFromId_Args>() == 48);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, process_id) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, coords_max_dims) == 24);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, coords) == 32);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, coords_num_dims) == 40);
    assert!(
        offset_of!(PJRT_TpuTopology_ProcessCoordFromId_Args, coords_num_dims) + size_of::<usize>()
            == 48
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ProcessCount_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub process_count: i32,
}

sized!(PJRT_TpuTopology_ProcessCount_Args, 20);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ProcessCount_Args>() == 24);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCount_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCount_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCount_Args, process_count) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ProcessCount_Args, process_count) + size_of::<i32>() == 20);
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ProcessIds_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub max_process_ids: i32,
    pub process_ids: *mut i32,
    pub num_process_ids: usize,
}

sized!(PJRT_TpuTopology_ProcessIds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ProcessIds_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_ProcessIds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ProcessIds_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ProcessIds_Args, max_process_ids) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ProcessIds_Args, process_ids) == 24);
    assert!(offset_of!(PJRT_TpuTopology_ProcessIds_Args, num_process_ids) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_ProcessIds_Args, num_process_ids) + size_of::<usize>() == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_ReplaceHostBounds_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub host_bounds: *const i32,
    pub host_bounds_dim_num: usize,
    pub new_topology: *mut PJRT_TopologyDescription,
}

sized!(PJRT_TpuTopology_ReplaceHostBounds_Args, 40);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_ReplaceHostBounds_Args>() == 40);
    assert!(offset_of!(PJRT_TpuTopology_ReplaceHostBounds_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_ReplaceHostBounds_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_ReplaceHostBounds_Args, host_bounds) == 16);
    assert!(offset_of!(PJRT_TpuTopology_ReplaceHostBounds_Args, host_bounds_dim_num) == 24);
    assert!(offset_of!(PJRT_TpuTopology_ReplaceHostBounds_Args, new_topology) == 32);
    assert!(
        offset_of!(PJRT_TpuTopology_ReplaceHostBounds_Args, new_topology)
            + size_of::<*mut PJRT_TopologyDescription>()
            == 40
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_SliceConfig {
    pub dim_size: usize,
    pub dimensions: [i32; 4],
    pub wrap: [bool; 4],
    pub twist: bool,
}

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_SliceConfig>() == 32);
    assert!(offset_of!(PJRT_TpuTopology_SliceConfig, dim_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_SliceConfig, dimensions) == 8);
    assert!(offset_of!(PJRT_TpuTopology_SliceConfig, wrap) == 24);
    assert!(offset_of!(PJRT_TpuTopology_SliceConfig, twist) == 28);
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args {
    pub struct_size: usize,
    pub client_topology: *const PJRT_TopologyDescription,
    pub subslice_topology: *const PJRT_TopologyDescription,
    pub subslice_origin: *const i32,
    pub subslice_origin_dim_num: usize,
    pub full_device_id: i32,
    pub subslice_device_id: i32,
}

sized!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, 48);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args>() == 48);
    assert!(offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, struct_size) == 0);
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, client_topology) == 8
    );
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, subslice_topology) == 16
    );
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, subslice_origin) == 24
    );
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, subslice_origin_dim_num)
            == 32
    );
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, full_device_id) == 40
    );
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, subslice_device_id)
            == 44
    );
    assert!(
        offset_of!(PJRT_TpuTopology_SubsliceDeviceIdFromFullDeviceId_Args, subslice_device_id)
            + size_of::<i32>()
            == 48
    );
};

/// Declared in `pjrt_c_api_tpu_topology_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_TpuTopology_Subslice_Args {
    pub struct_size: usize,
    pub topology: *const PJRT_TopologyDescription,
    pub chips_per_host_bounds: *const i32,
    pub chips_per_host_bounds_num_dims: usize,
    pub host_bounds: *const i32,
    pub host_bounds_num_dims: usize,
    pub subslice_topology: *mut PJRT_TopologyDescription,
}

sized!(PJRT_TpuTopology_Subslice_Args, 56);

const _: () = {
    assert!(size_of::<PJRT_TpuTopology_Subslice_Args>() == 56);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, topology) == 8);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, chips_per_host_bounds) == 16);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, chips_per_host_bounds_num_dims) == 24);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, host_bounds) == 32);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, host_bounds_num_dims) == 40);
    assert!(offset_of!(PJRT_TpuTopology_Subslice_Args, subslice_topology) == 48);
    assert!(
        offset_of!(PJRT_TpuTopology_Subslice_Args, subslice_topology)
            + size_of::<*mut PJRT_TopologyDescription>()
            == 56
    );
};

/// Declared in `pjrt_c_api_stream_extension.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PJRT_Wait_Until_Buffer_Ready_On_Stream_Args {
    pub struct_size: usize,
    pub stream: isize,
    pub buffer: *mut PJRT_Buffer,
}

sized!(PJRT_Wait_Until_Buffer_Ready_On_Stream_Args, 24);

const _: () = {
    assert!(size_of::<PJRT_Wait_Until_Buffer_Ready_On_Stream_Args>() == 24);
    assert!(offset_of!(PJRT_Wait_Until_Buffer_Ready_On_Stream_Args, struct_size) == 0);
    assert!(offset_of!(PJRT_Wait_Until_Buffer_Ready_On_Stream_Args, stream) == 8);
    assert!(offset_of!(PJRT_Wait_Until_Buffer_Ready_On_Stream_Args, buffer) == 16);
    assert!(
        offset_of!(PJRT_Wait_Until_Buffer_Ready_On_Stream_Args, buffer)
            + size_of::<*mut PJRT_Buffer>()
            == 24
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Api {
    pub struct_size: usize,
    pub r#priv: *mut c_void,
    pub error_destroy: PLUGIN_Profiler_Error_Destroy,
    pub error_message: PLUGIN_Profiler_Error_Message,
    pub error_get_code: PLUGIN_Profiler_Error_GetCode,
    pub create: PLUGIN_Profiler_Create,
    pub destroy: PLUGIN_Profiler_Destroy,
    pub start: PLUGIN_Profiler_Start,
    pub stop: PLUGIN_Profiler_Stop,
    pub collect_data: PLUGIN_Profiler_CollectData,
    pub consume: PLUGIN_Profiler_Consume,
    pub consume_result_destroy: PLUGIN_Profiler_ConsumeResult_Destroy,
    pub serialize: PLUGIN_Profiler_Serialize,
}

sized!(PLUGIN_Profiler_Api, 104);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Api>() == 104);
    assert!(offset_of!(PLUGIN_Profiler_Api, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Api, r#priv) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Api, error_destroy) == 16);
    assert!(offset_of!(PLUGIN_Profiler_Api, error_message) == 24);
    assert!(offset_of!(PLUGIN_Profiler_Api, error_get_code) == 32);
    assert!(offset_of!(PLUGIN_Profiler_Api, create) == 40);
    assert!(offset_of!(PLUGIN_Profiler_Api, destroy) == 48);
    assert!(offset_of!(PLUGIN_Profiler_Api, start) == 56);
    assert!(offset_of!(PLUGIN_Profiler_Api, stop) == 64);
    assert!(offset_of!(PLUGIN_Profiler_Api, collect_data) == 72);
    assert!(offset_of!(PLUGIN_Profiler_Api, consume) == 80);
    assert!(offset_of!(PLUGIN_Profiler_Api, consume_result_destroy) == 88);
    assert!(offset_of!(PLUGIN_Profiler_Api, serialize) == 96);
    assert!(
        offset_of!(PLUGIN_Profiler_Api, serialize) + size_of::<PLUGIN_Profiler_Serialize>() == 104
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_CollectData_Args {
    pub struct_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
    pub buffer: *mut u8,
    pub buffer_size_in_bytes: usize,
}

sized!(PLUGIN_Profiler_CollectData_Args, 32);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_CollectData_Args>() == 32);
    assert!(offset_of!(PLUGIN_Profiler_CollectData_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_CollectData_Args, profiler) == 8);
    assert!(offset_of!(PLUGIN_Profiler_CollectData_Args, buffer) == 16);
    assert!(offset_of!(PLUGIN_Profiler_CollectData_Args, buffer_size_in_bytes) == 24);
    assert!(
        offset_of!(PLUGIN_Profiler_CollectData_Args, buffer_size_in_bytes) + size_of::<usize>()
            == 32
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_ConsumeResult_Destroy_Args {
    pub struct_size: usize,
    pub consume_result: *mut PLUGIN_Profiler_ConsumeResult,
}

sized!(PLUGIN_Profiler_ConsumeResult_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_ConsumeResult_Destroy_Args>() == 16);
    assert!(offset_of!(PLUGIN_Profiler_ConsumeResult_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_ConsumeResult_Destroy_Args, consume_result) == 8);
    assert!(
        offset_of!(PLUGIN_Profiler_ConsumeResult_Destroy_Args, consume_result)
            + size_of::<*mut PLUGIN_Profiler_ConsumeResult>()
            == 16
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Consume_Args {
    pub struct_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
    pub result: *mut PLUGIN_Profiler_ConsumeResult,
}

sized!(PLUGIN_Profiler_Consume_Args, 24);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Consume_Args>() == 24);
    assert!(offset_of!(PLUGIN_Profiler_Consume_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Consume_Args, profiler) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Consume_Args, result) == 16);
    assert!(
        offset_of!(PLUGIN_Profiler_Consume_Args, result)
            + size_of::<*mut PLUGIN_Profiler_ConsumeResult>()
            == 24
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Create_Args {
    pub struct_size: usize,
    pub options: *const c_char,
    pub options_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
}

sized!(PLUGIN_Profiler_Create_Args, 32);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Create_Args>() == 32);
    assert!(offset_of!(PLUGIN_Profiler_Create_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Create_Args, options) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Create_Args, options_size) == 16);
    assert!(offset_of!(PLUGIN_Profiler_Create_Args, profiler) == 24);
    assert!(
        offset_of!(PLUGIN_Profiler_Create_Args, profiler) + size_of::<*mut PLUGIN_Profiler>() == 32
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Destroy_Args {
    pub struct_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
}

sized!(PLUGIN_Profiler_Destroy_Args, 16);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Destroy_Args>() == 16);
    assert!(offset_of!(PLUGIN_Profiler_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Destroy_Args, profiler) == 8);
    assert!(
        offset_of!(PLUGIN_Profiler_Destroy_Args, profiler) + size_of::<*mut PLUGIN_Profiler>()
            == 16
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Error_Destroy_Args {
    pub struct_size: usize,
    pub r#priv: *mut c_void,
    pub error: *mut PLUGIN_Profiler_Error,
}

sized!(PLUGIN_Profiler_Error_Destroy_Args, 24);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Error_Destroy_Args>() == 24);
    assert!(offset_of!(PLUGIN_Profiler_Error_Destroy_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Error_Destroy_Args, r#priv) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Error_Destroy_Args, error) == 16);
    assert!(
        offset_of!(PLUGIN_Profiler_Error_Destroy_Args, error)
            + size_of::<*mut PLUGIN_Profiler_Error>()
            == 24
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Error_GetCode_Args {
    pub struct_size: usize,
    pub r#priv: *mut c_void,
    pub error: *const PLUGIN_Profiler_Error,
    pub code: c_int,
}

sized!(PLUGIN_Profiler_Error_GetCode_Args, 28);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Error_GetCode_Args>() == 32);
    assert!(offset_of!(PLUGIN_Profiler_Error_GetCode_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Error_GetCode_Args, r#priv) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Error_GetCode_Args, error) == 16);
    assert!(offset_of!(PLUGIN_Profiler_Error_GetCode_Args, code) == 24);
    assert!(offset_of!(PLUGIN_Profiler_Error_GetCode_Args, code) + size_of::<c_int>() == 28);
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Error_Message_Args {
    pub struct_size: usize,
    pub r#priv: *mut c_void,
    pub error: *const PLUGIN_Profiler_Error,
    pub message: *const c_char,
    pub message_size: usize,
}

sized!(PLUGIN_Profiler_Error_Message_Args, 40);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Error_Message_Args>() == 40);
    assert!(offset_of!(PLUGIN_Profiler_Error_Message_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Error_Message_Args, r#priv) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Error_Message_Args, error) == 16);
    assert!(offset_of!(PLUGIN_Profiler_Error_Message_Args, message) == 24);
    assert!(offset_of!(PLUGIN_Profiler_Error_Message_Args, message_size) == 32);
    assert!(
        offset_of!(PLUGIN_Profiler_Error_Message_Args, message_size) + size_of::<usize>() == 40
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Serialize_Args {
    pub struct_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
    pub consume_result: *mut PLUGIN_Profiler_ConsumeResult,
    pub serialized_bytes: *const u8,
    pub serialized_size: usize,
}

sized!(PLUGIN_Profiler_Serialize_Args, 40);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Serialize_Args>() == 40);
    assert!(offset_of!(PLUGIN_Profiler_Serialize_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Serialize_Args, profiler) == 8);
    assert!(offset_of!(PLUGIN_Profiler_Serialize_Args, consume_result) == 16);
    assert!(offset_of!(PLUGIN_Profiler_Serialize_Args, serialized_bytes) == 24);
    assert!(offset_of!(PLUGIN_Profiler_Serialize_Args, serialized_size) == 32);
    assert!(offset_of!(PLUGIN_Profiler_Serialize_Args, serialized_size) + size_of::<usize>() == 40);
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Start_Args {
    pub struct_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
}

sized!(PLUGIN_Profiler_Start_Args, 16);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Start_Args>() == 16);
    assert!(offset_of!(PLUGIN_Profiler_Start_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Start_Args, profiler) == 8);
    assert!(
        offset_of!(PLUGIN_Profiler_Start_Args, profiler) + size_of::<*mut PLUGIN_Profiler>() == 16
    );
};

/// Declared in `profiler_c_api.h`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PLUGIN_Profiler_Stop_Args {
    pub struct_size: usize,
    pub profiler: *mut PLUGIN_Profiler,
}

sized!(PLUGIN_Profiler_Stop_Args, 16);

const _: () = {
    assert!(size_of::<PLUGIN_Profiler_Stop_Args>() == 16);
    assert!(offset_of!(PLUGIN_Profiler_Stop_Args, struct_size) == 0);
    assert!(offset_of!(PLUGIN_Profiler_Stop_Args, profiler) == 8);
    assert!(
        offset_of!(PLUGIN_Profiler_Stop_Args, profiler) + size_of::<*mut PLUGIN_Profiler>() == 16
    );
};
