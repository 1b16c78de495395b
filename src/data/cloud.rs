//! Objects of Google's and Amazon's stores, or stores like theirs.
//!
//! Who asks and where is told by the variables that the stores' own tools read, such as
//! `GOOGLE_APPLICATION_CREDENTIALS`, `AWS_ACCESS_KEY_ID`, `AWS_REGION` and `AWS_ENDPOINT`.

use std::fmt;
use std::io;
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::runtime::{Builder, Runtime};

use super::DataError;
use super::files::Names;

/// An object, or a folder of objects.
#[derive(Clone)]
pub(super) struct Object {
    bucket: Arc<Bucket>,
    path: Path,
}

struct Bucket {
    /// Such as `gs://name`.
    url: String,
    store: Box<dyn ObjectStore>,
    /// Any thread may wait for an answer.
    runtime: Runtime,
}

impl Object {
    /// All of a bucket.
    ///
    /// # Errors
    /// If the variables that tell of the store are no good.
    pub(super) fn bucket(scheme: &str, name: &str) -> Result<Self, DataError> {
        let url = format!("{scheme}://{name}");
        let unusable = |source| DataError::Read { file: url.clone(), source };
        let store = match scheme {
            "gs" => {
                let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(name);
                builder.build().map(|store| Box::new(store) as Box<dyn ObjectStore>)
            }
            _ => {
                let builder = AmazonS3Builder::from_env().with_bucket_name(name);
                builder.build().map(|store| Box::new(store) as Box<dyn ObjectStore>)
            }
        };
        let store = store.map_err(|error| unusable(error.into()))?;
        let runtime = Builder::new_multi_thread().thread_name("store").enable_all().build();
        let runtime = runtime.map_err(unusable)?;
        Ok(Self { bucket: Arc::new(Bucket { url, store, runtime }), path: Path::default() })
    }

    pub(super) fn join(&self, name: &str) -> Self {
        Self { bucket: self.bucket.clone(), path: self.path.clone().join(name) }
    }

    /// The bytes of the object.
    pub(super) fn size(&self) -> io::Result<u64> {
        let Bucket { store, runtime, .. } = &*self.bucket;
        Ok(runtime.block_on(store.head(&self.path))?.size)
    }

    /// The `len` bytes at `offset`.
    pub(super) fn read_at(&self, offset: u64, len: u64) -> io::Result<Vec<u8>> {
        if len == 0 {
            return Ok(vec![]);
        }
        let Bucket { store, runtime, .. } = &*self.bucket;
        let bytes = runtime.block_on(store.get_range(&self.path, offset..offset + len))?;
        if (bytes.len() as u64) < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes.into())
    }

    /// What the folder holds.
    pub(super) fn names(&self) -> io::Result<Names> {
        let Bucket { store, runtime, .. } = &*self.bucket;
        let prefix = Some(&self.path).filter(|path| !path.as_ref().is_empty());
        let found = runtime.block_on(store.list_with_delimiter(prefix))?;
        let name = |path: &Path| path.filename().map(|name| name.as_bytes().to_vec());
        Ok(Names {
            folders: found.common_prefixes.iter().filter_map(name).collect(),
            files: found.objects.iter().filter_map(|object| name(&object.location)).collect(),
        })
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bucket.url, self.path)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
