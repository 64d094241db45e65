//! A folder or URL as a person typed it, resolved to an object store and a prefix in it.

use std::{
    fmt,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use object_store::{ObjectStore, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as StorePath};
use url::Url;

use crate::{
    problem::{Problem, Result},
    project::pipeline::StorageSettings,
};

const KNOWN: &str = "a folder, file:///folder or s3://bucket/prefix";

/// Where a lake or a warehouse is.
#[derive(Clone)]
pub struct Location {
    /// For a folder this is rooted at `/`, as DataFusion's own store for `file:///` is, so that both name a file alike.
    pub store: Arc<dyn ObjectStore>,
    /// The folder within `store`.
    pub prefix: StorePath,
    /// As shown to people: a path or a URL, with no slash at its end and no secret in it.
    pub url: String,
    /// Scheme and authority alone: the key under which DataFusion registers `store`.
    pub object_store_url: Url,
    /// The folder, if it is on this machine.
    pub local: Option<PathBuf>,
}

impl fmt::Debug for Location {
    /// The URL alone: a store's own form can hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({})", self.url)
    }
}

impl Location {
    /// `typed` is a folder (taken from `base` unless absolute) or a URL. Nothing is read or created yet.
    ///
    /// Fails (exit 2) on a scheme that is not known, a URL with a user name, query or fragment, and settings that a store refuses.
    pub fn resolve(typed: &str, base: &Path, storage: &StorageSettings) -> Result<Self> {
        if typed.trim().is_empty() {
            return Err(Problem::setup("a location is empty").help(format!("give {KNOWN}")));
        }
        let Some((scheme, _)) = typed.split_once("://") else {
            return Self::folder(&base.join(typed));
        };
        // The URL itself is not repeated in these errors: it may hold a password.
        let url = Url::parse(typed).map_err(|e| {
            Problem::setup(format!("a location that starts with `{scheme}://` is not a URL: {e}"))
                .help(format!("give {KNOWN}"))
        })?;
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(Problem::setup(format!(
                "a location that starts with `{scheme}://` has a user name, `?` or `#` in it"
            ))
            .help("credentials come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN"));
        }
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| {
                    Problem::setup(format!("{url} is not a folder of this machine"))
                        .help("three slashes: file:///folder")
                })?;
                Self::folder(&folder)
            }
            "s3" => Self::s3(&url, storage),
            other => Err(Problem::setup(format!("locations cannot start with `{other}://`"))
                .help(format!("use {KNOWN}"))),
        }
    }

    /// A file or folder below this one; `relative` has `/` between its parts.
    pub fn path(&self, relative: &str) -> StorePath {
        relative.split('/').filter(|part| !part.is_empty()).fold(self.prefix.clone(), StorePath::join)
    }

    /// How people write that file or folder.
    pub fn shown(&self, relative: &str) -> String {
        format!("{}/{relative}", self.url)
    }

    fn folder(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder)
            .map(|path| without_dots(&path))
            .map_err(|e| Problem::setup(format!("{} is not a folder: {e}", folder.display())))?;
        let shown = folder.display().to_string();
        let prefix = StorePath::from_absolute_path(&folder)
            .map_err(|e| Problem::setup(format!("{shown} cannot be used as a folder: {e}")))?;
        Ok(Self {
            store: Arc::new(LocalFileSystem::new()),
            prefix,
            url: shown,
            object_store_url: parsed("file:///")?,
            local: Some(folder),
        })
    }

    fn s3(url: &Url, storage: &StorageSettings) -> Result<Self> {
        let bucket = url.host_str().unwrap_or_default();
        if bucket.is_empty() {
            return Err(Problem::setup(format!("{url} names no bucket")).help("s3://bucket/prefix"));
        }
        let prefix = StorePath::from_url_path(url.path())
            .map_err(|e| Problem::setup(format!("{url} cannot be used: {e}")))?;
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        if let Some(region) = &storage.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &storage.endpoint {
            if endpoint.starts_with("http://") && !storage.allow_http {
                return Err(Problem::setup(
                    "[storage] endpoint is plain http://, which anyone on the way can read",
                )
                .help("use https://, or say allow_http = true for a store on a network that you trust"));
            }
            builder = builder.with_endpoint(endpoint);
        }
        if storage.allow_http {
            builder = builder.with_allow_http(true);
        }
        let store = builder
            .build()
            .map_err(|e| Problem::setup(format!("{url} cannot be used with these settings: {e}")))?;
        Ok(Self {
            store: Arc::new(store),
            prefix,
            url: url.as_str().trim_end_matches('/').to_string(),
            object_store_url: parsed(&format!("s3://{bucket}"))?,
            local: None,
        })
    }
}

fn parsed(url: &str) -> Result<Url> {
    Url::parse(url).map_err(|e| Problem::setup(format!("{url} is not a URL: {e}")))
}

/// `a/./b/../c` → `a/c`. By the letters alone: the folder need not be there yet.
fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::ObjectStoreExt;

    fn resolve(typed: &str) -> Result<Location> {
        Location::resolve(typed, Path::new("/project"), &StorageSettings::default())
    }

    #[test]
    fn folders_are_taken_from_the_base_and_need_not_exist() {
        for (typed, folder) in [
            ("warehouse", "/project/warehouse"),
            ("./a/../b/", "/project/b"),
            ("../lake", "/lake"),
            ("/elsewhere", "/elsewhere"),
            ("file:///el%20se", "/el se"),
            ("夜 间#1%", "/project/夜 间#1%"),
        ] {
            let location = resolve(typed).unwrap();
            assert_eq!(location.local.as_deref(), Some(Path::new(folder)), "{typed}");
            assert_eq!(location.prefix.as_ref(), &folder[1..]);
            assert_eq!(location.object_store_url.as_str(), "file:///");
        }
    }

    #[tokio::test]
    async fn a_folder_with_any_name_is_written_where_it_says() {
        let dir = tempfile::tempdir().unwrap();
        let location = Location::resolve("夜 间#1%41", dir.path(), &StorageSettings::default()).unwrap();
        location.store.put(&location.path("a/b.txt"), "x".into()).await.unwrap();
        assert_eq!(std::fs::read_to_string(dir.path().join("夜 间#1%41/a/b.txt")).unwrap(), "x");
    }

    #[test]
    fn buckets_keep_their_prefix_and_register_without_it() {
        let location = resolve("s3://bucket/a/b/").unwrap();
        assert_eq!((location.prefix.as_ref(), location.url.as_str()), ("a/b", "s3://bucket/a/b"));
        assert_eq!(location.object_store_url.as_str(), "s3://bucket");
        assert_eq!(location.path("t/x").as_ref(), "a/b/t/x");
    }

    #[test]
    fn what_cannot_be_used_says_what_can_and_shows_no_secret() {
        let unknown = resolve("gs://bucket/a").unwrap_err().to_string();
        assert!(unknown.contains("`gs://`") && unknown.contains("s3://bucket/prefix"), "{unknown}");
        let secret = resolve("s3://key:hunter2@bucket/a").unwrap_err().to_string();
        assert!(!secret.contains("hunter2"), "{secret}");
        assert!(resolve("s3:///a").is_err() && resolve("").is_err());
        let plain = StorageSettings { endpoint: Some("http://127.0.0.1:1".into()), ..Default::default() };
        let problem = Location::resolve("s3://b/a", Path::new("/"), &plain).unwrap_err().to_string();
        assert!(problem.contains("allow_http"), "{problem}");
    }
}
