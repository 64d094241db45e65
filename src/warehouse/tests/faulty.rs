//! A store on which the n-th operation goes wrong, in one of the ways in which storage does.

use std::{
    fmt,
    future::Future,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use futures::{StreamExt, stream::BoxStream};
use object_store::{path::Path, *};

/// What goes wrong. (The tests of the program use more of it than those of the warehouse.)
#[allow(dead_code)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Not done, and said so.
    Once,
    /// From then on nothing is done.
    Dead,
    /// The disk is full for one write.
    Full,
    /// From then on the disk is full: nothing is written, reading and deleting go on.
    StaysFull,
    /// Half of the bytes are there under the name, and an error is returned.
    Short,
    /// Done, but an error is returned.
    Unconfirmed,
    /// A write on a condition that was done, and is told to have been refused (412).
    Refused,
    /// The same, told as `AlreadyExists` (409).
    Exists,
    /// The process dies before the write.
    Kill,
    /// The process dies with half of the bytes under the name.
    KillShort,
    /// The process dies after the write.
    KillAfter,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Read,
    Put,
    PutOnCondition,
    Part,
    Move,
    Delete,
}

impl Fault {
    fn concerns(self, operation: Operation) -> bool {
        use Operation::*;
        match self {
            Self::Once | Self::Dead => true,
            Self::Full | Self::StaysFull => !matches!(operation, Read | Delete),
            // No store shows half of what is written on a condition.
            Self::Short | Self::KillShort => operation == Put,
            Self::Refused | Self::Exists => operation == PutOnCondition,
            Self::Unconfirmed | Self::Kill | Self::KillAfter => operation != Read,
        }
    }

    fn lasts(self) -> bool {
        matches!(self, Self::Dead | Self::StaysFull)
    }

    fn is_done(self) -> bool {
        matches!(self, Self::Unconfirmed | Self::Refused | Self::Exists | Self::KillAfter)
    }

    /// The process ends here, as if somebody had pulled the plug, or the store says what went wrong.
    fn error<T>(self, at: &Path) -> Result<T> {
        let path = at.to_string();
        let generic = |source| Err(Error::Generic { store: "FaultyStore", source });
        match self {
            Self::Kill | Self::KillShort | Self::KillAfter => std::process::abort(),
            Self::Refused => Err(Error::Precondition { path, source: "told to have been refused".into() }),
            Self::Exists => Err(Error::AlreadyExists { path, source: "told to be there".into() }),
            Self::Full | Self::StaysFull => {
                generic(std::io::Error::from(std::io::ErrorKind::StorageFull).into())
            }
            Self::Once | Self::Dead | Self::Short => generic("the store failed".into()),
            Self::Unconfirmed => generic("the answer was lost".into()),
        }
    }
}

#[derive(Clone, Debug)]
pub struct FaultyStore {
    inner: Arc<dyn ObjectStore>,
    fault: Option<Fault>,
    /// The number of the operation that goes wrong, from 0, of those that the fault concerns.
    at: usize,
    count: Arc<AtomicUsize>,
    /// How much earlier than in truth everything was written, as seen from here.
    age: TimeDelta,
}

impl FaultyStore {
    pub fn new(inner: Arc<dyn ObjectStore>, fault: Fault, at: usize) -> Arc<Self> {
        Arc::new(Self { inner, fault: Some(fault), at, count: Arc::default(), age: TimeDelta::zero() })
    }

    /// A sound store, so many minutes later.
    pub fn later(inner: Arc<dyn ObjectStore>, minutes: i64) -> Arc<Self> {
        let age = TimeDelta::minutes(minutes);
        Arc::new(Self { inner, fault: None, at: 0, count: Arc::default(), age })
    }

    /// Whether anything went wrong.
    pub fn struck(&self) -> bool {
        self.fault.is_some() && self.count.load(Ordering::SeqCst) > self.at
    }

    fn strike(&self, operation: Operation) -> Option<Fault> {
        let fault = self.fault.filter(|fault| fault.concerns(operation))?;
        let n = self.count.fetch_add(1, Ordering::SeqCst);
        (n == self.at || (fault.lasts() && n > self.at)).then_some(fault)
    }

    async fn through<T>(
        &self,
        operation: Operation,
        at: &Path,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(fault) = self.strike(operation) else { return work.await };
        if fault.is_done() {
            work.await?;
        }
        fault.error(at)
    }
}

impl fmt::Display for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultyStore({})", self.inner)
    }
}

#[async_trait]
impl ObjectStore for FaultyStore {
    async fn put_opts(&self, at: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let on_condition = options.mode != PutMode::Overwrite;
        let Some(fault) = self.strike(if on_condition { Operation::PutOnCondition } else { Operation::Put })
        else {
            return self.inner.put_opts(at, payload, options).await;
        };
        if matches!(fault, Fault::Short | Fault::KillShort) {
            let whole = Bytes::from(payload);
            self.inner.put(at, whole.slice(..whole.len() / 2).into()).await?;
        } else if fault.is_done() {
            self.inner.put_opts(at, payload, options).await?;
        }
        fault.error(at)
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let begun = self.inner.put_multipart_opts(at, options);
        let upload = self.through(Operation::Part, at, begun).await?;
        Ok(Box::new(FaultyUpload { upload, store: self.clone(), at: at.clone() }))
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        let mut got = self.through(Operation::Read, at, self.inner.get_opts(at, options)).await?;
        got.meta.last_modified -= self.age;
        Ok(got)
    }

    async fn get_ranges(&self, at: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.through(Operation::Read, at, self.inner.get_ranges(at, ranges)).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let store = self.clone();
        let one = move |path: Result<Path>| {
            let store = store.clone();
            async move {
                let path = path?;
                store.through(Operation::Delete, &path, store.inner.delete(&path)).await?;
                Ok(path)
            }
        };
        paths.then(one).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.strike(Operation::Read) {
            Some(fault) => {
                let failed = fault.error(prefix.unwrap_or(&Path::default()));
                futures::stream::once(async { failed }).boxed()
            }
            None => self.inner.list(prefix),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let at = prefix.cloned().unwrap_or_default();
        self.through(Operation::Read, &at, self.inner.list_with_delimiter(prefix)).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.through(Operation::Move, to, self.inner.copy_opts(from, to, options)).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.through(Operation::Move, to, self.inner.rename_opts(from, to, options)).await
    }
}

#[derive(Debug)]
struct FaultyUpload {
    upload: Box<dyn MultipartUpload>,
    store: FaultyStore,
    at: Path,
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let (part, store, at) = (self.upload.put_part(data), self.store.clone(), self.at.clone());
        Box::pin(async move { store.through(Operation::Part, &at, part).await })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.store.through(Operation::Part, &self.at, self.upload.complete()).await
    }

    async fn abort(&mut self) -> Result<()> {
        self.upload.abort().await
    }
}
