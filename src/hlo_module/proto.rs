//! The fields of `xla/service/hlo.proto` and `xla/xla_data.proto` that are read here.
//!
//! Decoding skips every other field, so that a module of a later XLA is read as far as it is known.

/// `xla.HloModuleProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Module {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(message, repeated, tag = "3")]
    pub(super) computations: Vec<Computation>,
    #[prost(message, optional, tag = "4")]
    pub(super) host_program_shape: Option<ProgramShape>,
    #[prost(int64, tag = "6")]
    pub(super) entry_computation_id: i64,
    #[prost(message, optional, tag = "7")]
    pub(super) schedule: Option<Schedule>,
    #[prost(message, optional, tag = "8")]
    pub(super) input_output_alias: Option<InputOutputAlias>,
    #[prost(message, optional, tag = "12")]
    pub(super) spmd_output_sharding: Option<OpSharding>,
    #[prost(message, repeated, tag = "14")]
    pub(super) spmd_parameters_shardings: Vec<OpSharding>,
    #[prost(message, optional, tag = "15")]
    pub(super) device_assignment: Option<DeviceAssignment>,
    #[prost(message, optional, tag = "18")]
    pub(super) buffer_donor: Option<BufferDonor>,
}

/// `xla.DeviceAssignmentProto`, the fields that are read here.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct DeviceAssignment {
    #[prost(int32, tag = "1")]
    pub(super) replica_count: i32,
    #[prost(int32, tag = "2")]
    pub(super) computation_count: i32,
}

/// `xla.OpSharding`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct OpSharding {
    #[prost(int32, tag = "1")]
    pub(super) kind: i32,
    #[prost(int64, repeated, tag = "3")]
    pub(super) tile_assignment_dimensions: Vec<i64>,
    #[prost(int64, repeated, tag = "4")]
    pub(super) tile_assignment_devices: Vec<i64>,
    #[prost(message, repeated, tag = "5")]
    pub(super) tuple_shardings: Vec<OpSharding>,
    #[prost(bool, tag = "6")]
    pub(super) replicate_on_last_tile_dim: bool,
    #[prost(int32, repeated, tag = "8")]
    pub(super) last_tile_dims: Vec<i32>,
    #[prost(int64, repeated, tag = "9")]
    pub(super) iota_reshape_dims: Vec<i64>,
    #[prost(int32, repeated, tag = "10")]
    pub(super) iota_transpose_perm: Vec<i32>,
}

/// `xla.ProgramShapeProto`, of which it only counts that it is there.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ProgramShape {}

/// `xla.HloScheduleProto`, of which it only counts that it is there.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Schedule {}

/// `xla.HloInputOutputAliasProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct InputOutputAlias {
    #[prost(message, repeated, tag = "1")]
    pub(super) entries: Vec<AliasEntry>,
}

/// `xla.HloInputOutputAliasProto.AliasEntryProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct AliasEntry {
    #[prost(int64, repeated, tag = "1")]
    pub(super) output_shape_index: Vec<i64>,
    #[prost(int64, tag = "2")]
    pub(super) parameter_number: i64,
}

/// `xla.HloBufferDonorProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct BufferDonor {
    #[prost(message, repeated, tag = "1")]
    pub(super) entries: Vec<DonorEntry>,
}

/// `xla.HloBufferDonorProto.BufferDonorEntryProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct DonorEntry {
    #[prost(int64, tag = "1")]
    pub(super) parameter_number: i64,
}

/// `xla.HloComputationProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Computation {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(super) instructions: Vec<Instruction>,
    #[prost(int64, tag = "5")]
    pub(super) id: i64,
    #[prost(int64, tag = "6")]
    pub(super) root_id: i64,
}

/// `xla.HloInstructionProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Instruction {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) opcode: String,
    #[prost(message, optional, tag = "3")]
    pub(super) shape: Option<Shape>,
    #[prost(message, optional, tag = "7")]
    pub(super) metadata: Option<Metadata>,
    #[prost(int64, tag = "9")]
    pub(super) parameter_number: i64,
    #[prost(message, optional, tag = "15")]
    pub(super) window: Option<Window>,
    #[prost(message, optional, tag = "16")]
    pub(super) convolution: Option<ConvolutionDimensionNumbers>,
    #[prost(string, tag = "28")]
    pub(super) custom_call_target: String,
    #[prost(message, optional, tag = "30")]
    pub(super) dot: Option<DotDimensionNumbers>,
    #[prost(int64, repeated, tag = "32")]
    pub(super) fft_length: Vec<i64>,
    #[prost(int64, tag = "35")]
    pub(super) id: i64,
    #[prost(int64, repeated, tag = "36")]
    pub(super) operand_ids: Vec<i64>,
    #[prost(int64, repeated, tag = "38")]
    pub(super) called_computation_ids: Vec<i64>,
    #[prost(message, optional, tag = "40")]
    pub(super) sharding: Option<OpSharding>,
    #[prost(bytes = "vec", tag = "43")]
    pub(super) backend_config: Vec<u8>,
    #[prost(int64, tag = "50")]
    pub(super) feature_group_count: i64,
    #[prost(int64, tag = "58")]
    pub(super) batch_group_count: i64,
}

/// `xla.OpMetadata`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Metadata {
    #[prost(string, tag = "2")]
    pub(super) op_name: String,
}

/// `xla.ShapeProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Shape {
    #[prost(int32, tag = "2")]
    pub(super) element_type: i32,
    #[prost(int64, repeated, tag = "3")]
    pub(super) dimensions: Vec<i64>,
    #[prost(message, repeated, tag = "4")]
    pub(super) tuple_shapes: Vec<Shape>,
    #[prost(message, optional, tag = "5")]
    pub(super) layout: Option<Layout>,
}

/// `xla.LayoutProto`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Layout {
    #[prost(int64, tag = "7")]
    pub(super) element_size_in_bits: i64,
}

/// `xla.Window`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Window {
    #[prost(message, repeated, tag = "1")]
    pub(super) dimensions: Vec<WindowDimension>,
}

/// `xla.WindowDimension`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct WindowDimension {
    #[prost(int64, tag = "1")]
    pub(super) size: i64,
    #[prost(int64, tag = "2")]
    pub(super) stride: i64,
    #[prost(int64, tag = "3")]
    pub(super) padding_low: i64,
    #[prost(int64, tag = "5")]
    pub(super) window_dilation: i64,
    #[prost(int64, tag = "6")]
    pub(super) base_dilation: i64,
}

/// `xla.ConvolutionDimensionNumbers`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ConvolutionDimensionNumbers {
    #[prost(int64, tag = "7")]
    pub(super) input_batch_dimension: i64,
    #[prost(int64, tag = "8")]
    pub(super) input_feature_dimension: i64,
    #[prost(int64, repeated, tag = "11")]
    pub(super) input_spatial_dimensions: Vec<i64>,
    #[prost(int64, repeated, tag = "6")]
    pub(super) kernel_spatial_dimensions: Vec<i64>,
    #[prost(int64, tag = "10")]
    pub(super) output_feature_dimension: i64,
    #[prost(int64, repeated, tag = "12")]
    pub(super) output_spatial_dimensions: Vec<i64>,
}

/// `xla.DotDimensionNumbers`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct DotDimensionNumbers {
    #[prost(int64, repeated, tag = "1")]
    pub(super) lhs_contracting_dimensions: Vec<i64>,
}

/// `xla.HloModuleProtoWithConfig` and `xla.HloProto`, which both hold the module as field 1.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Wrapped {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) module: Vec<u8>,
}
