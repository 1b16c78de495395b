//! Loaded plugins.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use xla_sys::bindings::{PJRT_Plugin_Attributes_Args, PJRT_Plugin_Initialize_Args};
use xla_sys::{ApiVersion, Library};

use crate::api::{Api, call, slot};
use crate::error::{Deferred, Error, Result};
use crate::{
    AttributeValue, Client, ClientOptions, Code, CompileOptions, Executable, Extension, Profile,
    ProfileOptions, Topology, attribute, extension, plugin_variables,
};

/// The oldest interface that is accepted: that of the oldest plugin the tests run with.
const MINIMUM: ApiVersion = ApiVersion { major: 0, minor: 81 };

/// Every plugin that this process has loaded, by canonical path.
static LOADED: Mutex<BTreeMap<PathBuf, Plugin>> = Mutex::new(BTreeMap::new());

/// A backend, loaded into this process for the rest of its life.
///
/// A plugin reads `XLA_FLAGS` from the environment, and libtpu `LIBTPU_INIT_ARGS`; a flag that it
/// doesn't know ends the process. Flags given per compilation ([`CompileOptions::flags`](crate::CompileOptions::flags)) are
/// checked instead.
///
/// ```no_run
/// let plugin = pjrt::Plugin::load("/opt/plugins/libpjrt_cpu.so")?;
/// println!("PJRT {}, StableHLO {:?}", plugin.api_version(), plugin.stablehlo_version()?);
/// let client = plugin.client(&pjrt::ClientOptions::new().cpu_devices(1))?;
/// # Ok::<(), pjrt::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plugin {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    api: Api,
    deferred: Deferred,
}

impl Plugin {
    /// Loads the plugin at `path`, or finds it loaded already.
    ///
    /// # Environment
    ///
    /// Before a plugin is loaded, variables that it reads are set, each unless it is set already:
    /// `TF_CPP_MIN_LOG_LEVEL` to 1 for every plugin, and for a file with `libtpu` in its name, on
    /// a machine without [TPU chips](crate::tpu_chips), `TPU_SKIP_MDS_QUERY`,
    /// `ALLOW_MULTIPLE_LIBTPU_LOAD`, `TPU_LOG_DIR`, `TPU_ACCELERATOR_TYPE`, `TPU_WORKER_HOSTNAMES`
    /// and `TPU_WORKER_ID`. So the first load of any plugin, and of libtpu, must come before there
    /// are threads that read the environment through C, such as in `getaddrinfo` or in another
    /// plugin: load libtpu first. A variable that is set beforehand is left alone.
    ///
    /// # Trust
    ///
    /// Loading runs code of the library, and everything after relies on it to keep to the
    /// interface. A library that doesn't can break what Rust promises of safe code: the one
    /// exception to this crate's being sound, which is made so that programs without `unsafe` can
    /// load a plugin. The file has to be one that is trusted as much as the program itself.
    ///
    /// # Errors
    /// [`Error::Load`] if the file is no plugin, [`Error::Version`] if it is one that this crate
    /// doesn't understand, or what the plugin reports from its initialisation.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        // A path that can't be resolved is reported by the attempt to open it.
        let given = path.as_ref();
        let path = given.canonicalize().unwrap_or_else(|_| given.to_owned());
        // Held while loading, so that two threads don't initialise the same plugin.
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plugin) = loaded.get(&path) {
            return Ok(plugin.clone());
        }
        plugin_variables::prepare(&path);
        // SAFETY: what a plugin needs to be sound can't be checked; this function's documentation
        // asks it of the caller.
        let library = unsafe { Library::open(&path) }?;
        negotiate(&path, library.version())?;
        let api = Api::new(library);
        // Memory can't be given up safely without a way to wait for the work on it.
        slot!(&api, PJRT_Event_Await)?;
        let mut args = PJRT_Plugin_Initialize_Args::default();
        // SAFETY: the arguments are those of the function, and no other was called before.
        unsafe { call!(&api, PJRT_Plugin_Initialize, &raw mut args) }?;
        let plugin = Self::new(api);
        loaded.insert(path, plugin.clone());
        Ok(plugin)
    }

    pub(crate) fn new(api: Api) -> Self {
        Self { inner: Arc::new(Inner { api, deferred: Deferred::default() }) }
    }

    /// The canonical path that the plugin was loaded from.
    pub fn path(&self) -> &Path {
        self.api().path()
    }

    /// The version of the PJRT interface that the plugin speaks.
    pub fn api_version(&self) -> ApiVersion {
        self.api().version()
    }

    /// What the plugin tells about itself, such as `xla_version`.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn attributes(&self) -> Result<BTreeMap<String, AttributeValue>> {
        let mut args = PJRT_Plugin_Attributes_Args::default();
        // SAFETY: the arguments are those of the function; the list lives as long as the plugin.
        unsafe {
            call!(self.api(), PJRT_Plugin_Attributes, &raw mut args)?;
            let (values, len) = (args.attributes, args.num_attributes);
            attribute::read(self.api(), "PJRT_Plugin_Attributes", values, len)
        }
    }

    /// The version of StableHLO that the plugin was built with, if it tells.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn stablehlo_version(&self) -> Result<Option<[i64; 3]>> {
        Ok(match self.attributes()?.get("stablehlo_current_version") {
            Some(AttributeValue::Ints(version)) => version.as_slice().try_into().ok(),
            _ => None,
        })
    }

    /// What the plugin offers beyond the interface's functions, in its own order.
    ///
    /// # Errors
    /// [`Error::Contract`] if the plugin's list of them is broken.
    pub fn extensions(&self) -> Result<Vec<Extension>> {
        Ok(extension::read(self.api())?.into_iter().map(|link| link.extension).collect())
    }

    /// Starts a client, which owns devices and what lies on them.
    ///
    /// # Errors
    /// [`Error::Option`] for an option that would end the process, [`Error::Deferred`] for what
    /// went wrong while an earlier client was given up, or what the plugin reports, such as an
    /// unknown option or the absence of hardware.
    pub fn client(&self, options: &ClientOptions) -> Result<Client> {
        self.deferred().take()?;
        Client::create(self, options)
    }

    /// The topology of this name, such as `v3:2x2` for the eight cores of a TPU v3-8: devices that
    /// needn't be there.
    ///
    /// A CUDA plugin takes no name and two options instead: `target_config`, a GPU's description as
    /// XLA's `GpuTargetConfigProto` in text, and `topology`, such as `1x1x8` for eight of them in
    /// one machine. A CPU plugin has only the topologies of its [clients](Client::topology).
    ///
    /// # Errors
    /// [`Error::Option`] for a name or an option that would end the process, or what the plugin
    /// reports, such as that it [has no topologies](Error::is_unsupported).
    pub fn topology(
        &self,
        name: &str,
        options: &BTreeMap<String, AttributeValue>,
    ) -> Result<Topology> {
        self.deferred().take()?;
        Topology::create(self, name, options)
    }

    /// The topology that [`Topology::serialize`] wrote.
    ///
    /// Plugins hardly check the bytes: they must come from a source that is trusted as much as the
    /// program itself, and have arrived whole.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn deserialize_topology(&self, serialized: &[u8]) -> Result<Topology> {
        self.deferred().take()?;
        Topology::deserialize(self, serialized)
    }

    /// Compiles a program ahead of time, for devices that needn't be there.
    ///
    /// Programs come from a trusted source, as for [`Client::compile`].
    ///
    /// # Errors
    /// [`Error::ForeignPlugin`] for another plugin's topology, [`Error::Option`] for options without
    /// meaning, such as more replicas and partitions than the topology has devices, otherwise as
    /// [`Client::compile`]: the compiler reports among others that the program takes more memory
    /// than a device has.
    pub fn compile(
        &self,
        topology: &Topology,
        code: Code<'_>,
        options: &CompileOptions,
    ) -> Result<Executable> {
        topology.owner().check()?;
        if !self.is(topology.plugin()) {
            return Err(Error::ForeignPlugin { what: "topology" });
        }
        Executable::compile(topology, code, options)
    }

    /// Starts to record what the plugin's devices and threads do.
    ///
    /// # Errors
    /// [`Error::NoExtension`] if the plugin can't, as those of CPUs, or what it reports.
    pub fn profile(&self, options: &ProfileOptions) -> Result<Profile> {
        self.deferred().take()?;
        Profile::start(self, options)
    }

    /// Whether `other` is a clone of this plugin.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    pub(crate) fn api(&self) -> &Api {
        &self.inner.api
    }

    /// Errors from giving up clients, and the last objects of each.
    pub(crate) fn deferred(&self) -> &Deferred {
        &self.inner.deferred
    }
}

fn negotiate(path: &Path, got: ApiVersion) -> Result<()> {
    if got.major == MINIMUM.major && got.minor >= MINIMUM.minor {
        return Ok(());
    }
    Err(Error::Version { path: path.to_owned(), minimum: MINIMUM, got })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::plugin_paths;

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn a_plugin_is_loaded_once_whatever_its_path_is_called() {
        for path in plugin_paths() {
            let folder = tempfile::tempdir().unwrap();
            let link = folder.path().join("plugin.so");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            let (one, other) = (Plugin::load(&path).unwrap(), Plugin::load(link).unwrap());
            assert!(Arc::ptr_eq(&one.inner, &other.inner));
            assert_eq!(other.path(), path.canonicalize().unwrap());
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn threads_that_load_at_once_get_the_same_plugin() {
        // A file of its own, so that no other test has loaded it.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plugin.so");
        std::fs::copy(&plugin_paths()[0], &path).unwrap();
        let plugins: Vec<Plugin> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| Plugin::load(&path).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(plugins.iter().all(|plugin| Arc::ptr_eq(&plugin.inner, &plugins[0].inner)));
    }

    #[test]
    fn versions_that_are_too_old_or_of_another_major_are_refused() {
        let path = Path::new("/p.so");
        for (major, minor, accepted) in
            [(0, 80, false), (0, 81, true), (0, 999, true), (1, 0, false)]
        {
            assert_eq!(negotiate(path, ApiVersion { major, minor }).is_ok(), accepted);
        }
        let error = negotiate(path, ApiVersion { major: 0, minor: 54 }).unwrap_err();
        insta::assert_snapshot!(error, @"expected PJRT 0.81 or later with the same major version, got 0.54 from /p.so; use another build of the plugin");
    }
}
