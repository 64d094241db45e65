//! What a run keeps for later ones: `_luopan/cache/FOLDER/MADE_OF-SHA256.ENDING`. Nothing is lost with it but time.
//!
//! A file's name says what it was made of, and what it holds: so one that is not wanted is never opened, and one that is
//! damaged is never believed.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{Warehouse, layout::CACHE};
use crate::problem::Result;

/// Digits of each of the two digests in a name.
const DIGITS: usize = 32;

/// One file of the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheFile {
    /// Below the cache: what it is of, such as `customer_features/2025-10-01`.
    pub folder: String,
    /// A digest of what it was made of.
    pub made_of: String,
    sha256: String,
    path: String,
}

impl CacheFile {
    fn at(path: String) -> Option<Self> {
        let (folder, name) = path.strip_prefix(CACHE)?.strip_prefix('/')?.rsplit_once('/')?;
        let (made_of, sha256) = name.split_once('.')?.0.split_once('-')?;
        let is_digest = |text: &str| text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit());
        let ours = is_digest(made_of) && is_digest(sha256);
        let (folder, made_of, sha256) = (folder.to_owned(), made_of.to_owned(), sha256.to_owned());
        ours.then_some(Self { folder, made_of, sha256, path })
    }
}

impl Warehouse {
    /// All that is kept, by path.
    pub async fn cached(&self) -> Result<Vec<CacheFile>> {
        Ok(self.list(CACHE).await?.into_iter().filter_map(CacheFile::at).collect())
    }

    /// The bytes of a file; none if it is gone, or no longer what it was.
    pub async fn read_cached(&self, file: &CacheFile) -> Result<Option<Bytes>> {
        let stored = self.get(&file.path).await?;
        Ok(stored.map(|stored| stored.bytes).filter(|bytes| digest_of(bytes) == file.sha256))
    }

    /// Keeps a file, and returns it.
    pub async fn keep_cached(
        &self,
        folder: &str,
        made_of: &str,
        ending: &str,
        bytes: Bytes,
    ) -> Result<CacheFile> {
        let (folder, made_of, sha256) = (folder.to_owned(), made_of.to_owned(), digest_of(&bytes));
        let path = format!("{CACHE}/{folder}/{made_of}-{sha256}.{ending}");
        self.put(&path, bytes).await?;
        Ok(CacheFile { folder, made_of, sha256, path })
    }

    pub async fn remove_cached(&self, files: Vec<CacheFile>) -> Result<()> {
        Self::each(files, |file| async move { self.delete(&file.path).await }).await
    }
}

/// As it stands in names.
pub fn digest_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_file_is_of_and_others_are_left_alone() {
        let digests = format!("{}-{}", "0".repeat(32), "f".repeat(32));
        let path = format!("_luopan/cache/customer_features/2025-10-01/{digests}.parquet");
        let found = CacheFile::at(path.clone()).unwrap();
        assert_eq!((found.folder.as_str(), found.path), ("customer_features/2025-10-01", path.clone()));
        for foreign in ["_luopan/cache/notes.txt", "_luopan/runs/a.json", &path.replace("0-", "-")] {
            assert_eq!(CacheFile::at(foreign.to_owned()), None, "{foreign}");
        }
    }
}
