//! Objects of Google's and Amazon's stores, or stores like theirs.
//!
//! Who asks and where is told by the variables that the stores' own tools read, such as
//! `GOOGLE_APPLICATION_CREDENTIALS`, `AWS_ACCESS_KEY_ID`, `AWS_REGION` and `AWS_ENDPOINT`.

use std::fmt;
use std::io;
use std::sync::Arc;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use tokio::runtime::{Builder, Runtime};

use super::DataError;
use super::files::{Found, Names};

/// An object, or a folder of objects.
#[derive(Clone)]
pub(super) struct Object {
    bucket: Arc<Bucket>,
    path: Path,
}

struct Bucket {
    /// Such as `gs://name`.
    url: String,
    /// Where the store is, if the variables tell of another than the usual one.
    endpoint: Option<String>,
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
        let (endpoint, store) = match scheme {
            "gs" => {
                let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(name);
                let endpoint = builder.get_config_value(&GoogleConfigKey::BaseUrl);
                (endpoint, builder.build().map(|store| Box::new(store) as Box<dyn ObjectStore>))
            }
            _ => {
                let builder = AmazonS3Builder::from_env().with_bucket_name(name);
                let endpoint = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint];
                let endpoint = endpoint.iter().find_map(|key| builder.get_config_value(key));
                (endpoint, builder.build().map(|store| Box::new(store) as Box<dyn ObjectStore>))
            }
        };
        let store = store.map_err(|error| unusable(error.into()))?;
        let runtime = Builder::new_multi_thread().thread_name("store").enable_all().build();
        let runtime = runtime.map_err(unusable)?;
        let bucket = Arc::new(Bucket { url, endpoint, store, runtime });
        Ok(Self { bucket, path: Path::default() })
    }

    pub(super) fn join(&self, name: &str) -> Self {
        // The name as it is, where it can be one: `Path::join` writes letters such as `~` otherwise.
        let path = Path::parse(format!("{}/{name}", self.path));
        let path = path.unwrap_or_else(|_| self.path.clone().join(name));
        Self { bucket: self.bucket.clone(), path }
    }

    /// What there is to know of the object.
    pub(super) fn find(&self) -> io::Result<Found> {
        let Bucket { store, runtime, .. } = &*self.bucket;
        let found = runtime.block_on(store.head(&self.path))?;
        let ObjectMeta { size, last_modified, e_tag, version, .. } = found;
        let named = [("etag", e_tag), ("version", version)]
            .map(|(name, value)| value.map_or(String::new(), |value| format!(", {name} {value}")));
        let written = last_modified.timestamp_millis();
        Ok(Found { size, version: Some(format!("written {written}{}", named.concat())) })
    }

    /// The object and its store, as there may be several with the same buckets.
    pub(super) fn address(&self) -> String {
        match &self.bucket.endpoint {
            Some(endpoint) => format!("{self} at {endpoint}"),
            None => self.to_string(),
        }
    }

    /// All of the object, or `None` where that is more than `limit` bytes.
    pub(super) fn read(&self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Bucket { store, runtime, .. } = &*self.bucket;
        runtime.block_on(async {
            let answer = store.get(&self.path).await?;
            if answer.meta.size > limit {
                return Ok(None);
            }
            Ok(Some(answer.bytes().await?.into()))
        })
    }

    /// The bytes of ranges, each an offset and a length, by as few requests as is quick.
    pub(super) fn read_ranges(&self, ranges: &[(u64, u64)]) -> io::Result<Vec<Vec<u8>>> {
        let Bucket { store, runtime, .. } = &*self.bucket;
        // There is no request for nothing.
        let some = ranges.iter().filter(|(_, len)| *len > 0);
        let some: Vec<_> = some.map(|&(offset, len)| offset..offset + len).collect();
        let read = match &some[..] {
            [] => vec![],
            some => runtime.block_on(store.get_ranges(&self.path, some))?,
        };
        let mut read = read.into_iter();
        let bytes = |&(_, len): &(u64, u64)| {
            let bytes = if len > 0 { read.next() } else { None }.unwrap_or_default();
            if (bytes.len() as u64) < len {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Ok(bytes.into())
        };
        ranges.iter().map(bytes).collect()
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
