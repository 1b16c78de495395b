//! Devices that programs are compiled for, whether or not they are there.

use std::collections::BTreeMap;
use std::sync::Arc;

use xla_sys::bindings::{
    PJRT_Client_TopologyDescription_Args, PJRT_DeviceDescription, PJRT_TopologyDescription,
    PJRT_TopologyDescription_Attributes_Args, PJRT_TopologyDescription_Create_Args,
    PJRT_TopologyDescription_Deserialize_Args, PJRT_TopologyDescription_Destroy_Args,
    PJRT_TopologyDescription_GetDeviceDescriptions_Args,
    PJRT_TopologyDescription_PlatformName_Args, PJRT_TopologyDescription_PlatformVersion_Args,
    PJRT_TopologyDescription_Serialize_Args,
};

use crate::api::{Api, Handle, call, slice, text};
use crate::error::Result;
use crate::owner::Owner;
use crate::{
    ArraySpec, AttributeValue, Client, DeviceDescription, Layout, Plugin, attribute,
    device_description, layout, topology_request,
};

/// Devices and how they are connected: what a program is compiled for ahead of time.
///
/// Clones are the same topology.
#[derive(Clone, Debug)]
pub struct Topology {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// A client keeps its own topology; others are given up here.
    owner: Owner,
    handle: Handle<PJRT_TopologyDescription>,
    platform: String,
    platform_version: String,
    device_ids: Vec<i32>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if matches!(self.owner, Owner::Client(_)) {
            return;
        }
        let topology = self.handle.as_ptr();
        let mut args = PJRT_TopologyDescription_Destroy_Args { topology, ..Default::default() };
        // SAFETY: the handle is this value's own and is gone with it.
        let destroyed =
            unsafe { call!(self.owner.api(), PJRT_TopologyDescription_Destroy, &raw mut args) };
        self.owner.record(destroyed);
    }
}

impl Topology {
    pub(crate) fn create(
        plugin: &Plugin,
        name: &str,
        options: &BTreeMap<String, AttributeValue>,
    ) -> Result<Self> {
        topology_request::check(name, options, &plugin.extensions()?)?;
        let api = plugin.api();
        let named = attribute::write(options);
        let mut args = PJRT_TopologyDescription_Create_Args {
            topology_name: name.as_ptr().cast(),
            topology_name_size: name.len(),
            create_options: named.as_ptr(),
            num_options: named.len(),
            ..Default::default()
        };
        // SAFETY: name and options live until the call returns, and the plugin copies them.
        unsafe { call!(api, PJRT_TopologyDescription_Create, &raw mut args) }?;
        let handle = api.handle("PJRT_TopologyDescription_Create", args.topology)?;
        Self::new(Owner::Plugin(plugin.clone()), handle)
    }

    pub(crate) fn deserialize(plugin: &Plugin, serialized: &[u8]) -> Result<Self> {
        let api = plugin.api();
        let mut args = PJRT_TopologyDescription_Deserialize_Args {
            serialized_topology: serialized.as_ptr().cast(),
            serialized_topology_size: serialized.len(),
            ..Default::default()
        };
        // SAFETY: the bytes live until the call returns.
        unsafe { call!(api, PJRT_TopologyDescription_Deserialize, &raw mut args) }?;
        let handle = api.handle("PJRT_TopologyDescription_Deserialize", args.topology)?;
        Self::new(Owner::Plugin(plugin.clone()), handle)
    }

    pub(crate) fn of_client(client: &Client) -> Result<Self> {
        let api = client.api();
        let mut args = PJRT_Client_TopologyDescription_Args {
            client: client.handle().as_ptr(),
            ..Default::default()
        };
        // SAFETY: the client is alive, and keeps the topology.
        unsafe { call!(api, PJRT_Client_TopologyDescription, &raw mut args) }?;
        let handle = api.handle("PJRT_Client_TopologyDescription", args.topology)?;
        Self::new(Owner::Client(client.clone()), handle)
    }

    fn new(owner: Owner, handle: Handle<PJRT_TopologyDescription>) -> Result<Self> {
        // Owned from here on, so that a failure below gives the topology up.
        let mut inner = Inner {
            owner,
            handle,
            platform: String::new(),
            platform_version: String::new(),
            device_ids: Vec::new(),
        };
        let api = inner.owner.api();
        let platform = platform(api, handle)?;
        let platform_version = platform_version(api, handle)?;
        let id = |&description: &_| device_description::id(api, description);
        let device_ids = inner.descriptions()?.iter().map(id).collect::<Result<_>>()?;
        inner.platform = platform;
        inner.platform_version = platform_version;
        inner.device_ids = device_ids;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The plugin that the topology belongs to.
    pub fn plugin(&self) -> &Plugin {
        self.inner.owner.plugin()
    }

    /// The platform, such as `cpu`, `cuda` or `tpu`.
    pub fn platform_name(&self) -> &str {
        &self.inner.platform
    }

    /// What the plugin says about the platform's version, in its own words.
    pub fn platform_version(&self) -> &str {
        &self.inner.platform_version
    }

    /// The devices, in the plugin's order.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn devices(&self) -> Result<Vec<DeviceDescription>> {
        let api = self.inner.owner.api();
        let read = |&description: &_| DeviceDescription::read(api, description);
        self.inner.descriptions()?.iter().map(read).collect()
    }

    /// What the plugin tells about the topology as a whole.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn attributes(&self) -> Result<BTreeMap<String, AttributeValue>> {
        let api = self.inner.owner.api();
        let topology = self.inner.handle.as_ptr();
        let mut args = PJRT_TopologyDescription_Attributes_Args { topology, ..Default::default() };
        // SAFETY: the topology is alive; the attributes are its own and are copied.
        unsafe {
            call!(api, PJRT_TopologyDescription_Attributes, &raw mut args)?;
            let function = "PJRT_TopologyDescription_Attributes";
            attribute::read(api, function, args.attributes, args.num_attributes)
        }
    }

    /// How the devices keep such an array in memory, unless a program asks for something else.
    ///
    /// # Errors
    /// [`Error::HostArray`](crate::Error::HostArray) for an array that no host could hold, or what
    /// the plugin reports, such as that it [doesn't tell](crate::Error::is_unsupported).
    pub fn default_layout(&self, spec: &ArraySpec) -> Result<Layout> {
        layout::default_of_topology(self.inner.owner.api(), self.inner.handle, spec)
    }

    /// The topology as bytes, which [`Plugin::deserialize_topology`] reads.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn serialize(&self) -> Result<Vec<u8>> {
        let api = self.inner.owner.api();
        let topology = self.inner.handle.as_ptr();
        let mut args = PJRT_TopologyDescription_Serialize_Args { topology, ..Default::default() };
        // SAFETY: the topology is alive; the bytes are copied before they are given up, once.
        unsafe {
            call!(api, PJRT_TopologyDescription_Serialize, &raw mut args)?;
            let bytes = slice(args.serialized_bytes.cast::<u8>(), args.serialized_bytes_size);
            let copy = bytes.to_vec();
            if let Some(delete) = args.serialized_topology_deleter {
                delete(args.serialized_topology);
            }
            Ok(copy)
        }
    }

    pub(crate) fn owner(&self) -> &Owner {
        &self.inner.owner
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_TopologyDescription> {
        self.inner.handle
    }

    pub(crate) fn device_ids(&self) -> &[i32] {
        &self.inner.device_ids
    }
}

impl Inner {
    fn descriptions(&self) -> Result<Vec<Handle<PJRT_DeviceDescription>>> {
        let api = self.owner.api();
        let topology = self.handle.as_ptr();
        let mut args =
            PJRT_TopologyDescription_GetDeviceDescriptions_Args { topology, ..Default::default() };
        let function = "PJRT_TopologyDescription_GetDeviceDescriptions";
        // SAFETY: the topology is alive, and owns the list and the descriptions in it.
        let descriptions = unsafe {
            call!(api, PJRT_TopologyDescription_GetDeviceDescriptions, &raw mut args)?;
            slice(args.descriptions, args.num_descriptions)
        };
        descriptions.iter().map(|&description| api.handle(function, description)).collect()
    }
}

fn platform(api: &Api, handle: Handle<PJRT_TopologyDescription>) -> Result<String> {
    let topology = handle.as_ptr();
    let mut args = PJRT_TopologyDescription_PlatformName_Args { topology, ..Default::default() };
    // SAFETY: the topology is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_TopologyDescription_PlatformName, &raw mut args)?;
        Ok(text(args.platform_name, args.platform_name_size))
    }
}

fn platform_version(api: &Api, handle: Handle<PJRT_TopologyDescription>) -> Result<String> {
    let topology = handle.as_ptr();
    let mut args = PJRT_TopologyDescription_PlatformVersion_Args { topology, ..Default::default() };
    // SAFETY: the topology is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_TopologyDescription_PlatformVersion, &raw mut args)?;
        Ok(text(args.platform_version, args.platform_version_size))
    }
}
