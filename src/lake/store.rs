//! A folder or URL as a person typed it, resolved to an object store and a prefix in it.

use std::{
    fmt,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use object_store::{ObjectStore, local::LocalFileSystem, path::Path as StorePath};
use url::Url;

use super::bucket::Kind;
use crate::{
    problem::{Problem, Result},
    project::pipeline::StorageSettings,
};

const KNOWN: &str = "a folder, file:///folder, s3://bucket/prefix, gs://bucket/prefix, az://container/prefix or abfss://container@account.dfs.core.windows.net/prefix";

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
        let kind = Kind::of(url.scheme());
        // Azure writes its container where others write a user.
        let user = !url.username().is_empty() && kind != Some(Kind::Azure);
        if user || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            let variables = kind.unwrap_or(Kind::S3).variables();
            return Err(Problem::setup(format!(
                "a location that starts with `{scheme}://` has a user name, password, `?` or `#` in it"
            ))
            .help(format!("credentials come from the environment: {variables}")));
        }
        if url.scheme() == "file" {
            let folder = url.to_file_path().map_err(|()| {
                Problem::setup(format!("{url} is not a folder of this machine"))
                    .help("three slashes: file:///folder")
            })?;
            return Self::folder(&folder);
        }
        match kind {
            Some(kind) => Self::bucket(kind, &url, storage),
            None => Err(Problem::setup(format!("locations cannot start with `{scheme}://`"))
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

    fn bucket(kind: Kind, url: &Url, storage: &StorageSettings) -> Result<Self> {
        let authority = url[url::Position::BeforeUsername..url::Position::AfterPort].to_owned();
        if url.host_str().unwrap_or_default().is_empty() {
            return Err(Problem::setup(format!("{url} names no bucket")).help(format!("give {KNOWN}")));
        }
        let prefix = StorePath::from_url_path(url.path())
            .map_err(|e| Problem::setup(format!("{url} cannot be used: {e}")))?;
        Ok(Self {
            store: kind.open(url, storage)?,
            prefix,
            url: url.as_str().trim_end_matches('/').to_string(),
            object_store_url: parsed(&format!("{}://{authority}", url.scheme()))?,
            local: None,
        })
    }

    /// The environment's variables that open the store; nothing for a folder.
    pub fn credentials(&self) -> Option<&'static str> {
        Kind::of(self.object_store_url.scheme()).map(Kind::variables)
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
    fn every_store_is_opened_by_its_url() {
        let emulator = StorageSettings {
            endpoint: Some("http://127.0.0.1:1/account".into()),
            region: None,
            allow_http: true,
        };
        for (typed, prefix, key) in [
            ("s3://bucket/a", "a", "s3://bucket"),
            ("gs://bucket/a/b/", "a/b", "gs://bucket"),
            ("gcs://bucket", "", "gcs://bucket"),
            (
                "abfss://container@account.dfs.core.windows.net/a",
                "a",
                "abfss://container@account.dfs.core.windows.net",
            ),
        ] {
            let location = Location::resolve(typed, Path::new("/"), &emulator).unwrap();
            let found = (location.prefix.as_ref(), location.object_store_url.as_str());
            assert_eq!(found, (prefix, key));
            assert!(location.credentials().is_some() && location.local.is_none());
        }
    }

    #[test]
    fn what_cannot_be_used_says_what_can_and_shows_no_secret() {
        let unknown = resolve("ftp://bucket/a").unwrap_err().to_string();
        assert!(unknown.contains("`ftp://`") && unknown.contains("gs://bucket/prefix"), "{unknown}");
        for (typed, variable) in [
            ("s3://key:hunter2@bucket/a", "AWS_SECRET_ACCESS_KEY"),
            ("s3://bucket/a?secret=hunter2", "AWS_SECRET_ACCESS_KEY"),
            ("gs://key:hunter2@bucket/a", "GOOGLE_SERVICE_ACCOUNT"),
            ("az://container:hunter2@account/a", "AZURE_STORAGE_ACCOUNT_KEY"),
            ("az://container/a?sig=hunter2", "AZURE_STORAGE_ACCOUNT_KEY"),
        ] {
            let said = resolve(typed).unwrap_err().to_string();
            assert!(!said.contains("hunter2") && said.contains(variable), "{said}");
        }
        let nameless = resolve("az://container/a").unwrap_err().to_string();
        assert!(nameless.contains("AZURE_STORAGE_ACCOUNT_NAME"), "{nameless}");
        assert!(resolve("s3:///a").is_err() && resolve("gs:///a").is_err() && resolve("").is_err());
        let plain = StorageSettings { endpoint: Some("http://127.0.0.1:1".into()), ..Default::default() };
        for typed in ["s3://b/a", "gs://b/a", "az://b/a"] {
            let problem = Location::resolve(typed, Path::new("/"), &plain).unwrap_err().to_string();
            assert!(problem.contains("allow_http"), "{problem}");
        }
    }
}
