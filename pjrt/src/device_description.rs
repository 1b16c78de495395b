//! What a device is, apart from whether it is there.

use std::collections::BTreeMap;

use xla_sys::bindings::{
    PJRT_DeviceDescription, PJRT_DeviceDescription_Attributes_Args,
    PJRT_DeviceDescription_DebugString_Args, PJRT_DeviceDescription_Id_Args,
    PJRT_DeviceDescription_Kind_Args, PJRT_DeviceDescription_ProcessIndex_Args,
};

use crate::api::{Api, Handle, call, text};
use crate::error::Result;
use crate::{AttributeValue, attribute};

/// What a device of a [`Topology`](crate::Topology) is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeviceDescription {
    /// The number that names the device among all of its platform, on every host.
    pub id: i32,
    /// What the device is, in the vendor's words.
    pub kind: String,
    /// The process, mostly one a host, that the device belongs to.
    pub process_index: i32,
    /// What the plugin tells about the device, such as `coords` and `core_on_chip` of a TPU's core.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The device in the plugin's words, for people to read.
    pub debug_string: String,
}

impl DeviceDescription {
    pub(crate) fn read(api: &Api, handle: Handle<PJRT_DeviceDescription>) -> Result<Self> {
        Ok(Self {
            id: id(api, handle)?,
            kind: kind(api, handle)?,
            process_index: process_index(api, handle)?,
            attributes: attributes(api, handle)?,
            debug_string: debug_string(api, handle)?,
        })
    }
}

pub(crate) fn id(api: &Api, handle: Handle<PJRT_DeviceDescription>) -> Result<i32> {
    let device_description = handle.as_ptr();
    let mut args = PJRT_DeviceDescription_Id_Args { device_description, ..Default::default() };
    // SAFETY: the description is alive.
    unsafe { call!(api, PJRT_DeviceDescription_Id, &raw mut args) }?;
    Ok(args.id)
}

pub(crate) fn kind(api: &Api, handle: Handle<PJRT_DeviceDescription>) -> Result<String> {
    let device_description = handle.as_ptr();
    let mut args = PJRT_DeviceDescription_Kind_Args { device_description, ..Default::default() };
    // SAFETY: the description is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_DeviceDescription_Kind, &raw mut args)?;
        Ok(text(args.device_kind, args.device_kind_size))
    }
}

pub(crate) fn process_index(api: &Api, handle: Handle<PJRT_DeviceDescription>) -> Result<i32> {
    let device_description = handle.as_ptr();
    let mut args =
        PJRT_DeviceDescription_ProcessIndex_Args { device_description, ..Default::default() };
    // SAFETY: the description is alive.
    unsafe { call!(api, PJRT_DeviceDescription_ProcessIndex, &raw mut args) }?;
    Ok(args.process_index)
}

pub(crate) fn attributes(
    api: &Api,
    handle: Handle<PJRT_DeviceDescription>,
) -> Result<BTreeMap<String, AttributeValue>> {
    let device_description = handle.as_ptr();
    let mut args =
        PJRT_DeviceDescription_Attributes_Args { device_description, ..Default::default() };
    let function = "PJRT_DeviceDescription_Attributes";
    // SAFETY: the description is alive; the attributes are its own and are copied.
    unsafe {
        call!(api, PJRT_DeviceDescription_Attributes, &raw mut args)?;
        attribute::read(api, function, args.attributes, args.num_attributes)
    }
}

fn debug_string(api: &Api, handle: Handle<PJRT_DeviceDescription>) -> Result<String> {
    let device_description = handle.as_ptr();
    let mut args =
        PJRT_DeviceDescription_DebugString_Args { device_description, ..Default::default() };
    // SAFETY: the description is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_DeviceDescription_DebugString, &raw mut args)?;
        Ok(text(args.debug_string, args.debug_string_size))
    }
}
