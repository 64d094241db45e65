//! A small pipeline whose lake and warehouse are in a bucket of a real S3 server, behind a line that can fail.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    moto::{self, BUCKET, Moto, SECRETS},
    program::{Ended, luopan_with},
    proxy::Proxy,
    published,
    shop::{self, EARLY, LATE, State},
    tiny::{Project, pipeline},
};

/// A project whose lake is in a bucket, before and after a late delivery, and the states of its warehouse.
pub struct Bucket {
    pub moto: Moto,
    pub proxy: Proxy,
    pub project: Project,
    /// Both days, of the first delivery.
    pub before: State,
    /// After the later day was run again on both deliveries.
    pub after: State,
}

impl Bucket {
    pub fn new() -> Option<Self> {
        let moto = Moto::start()?;
        let proxy = Proxy::before(moto.at);
        let project = shop::project();
        let pipeline = pipeline(&["visit_list", "visit_totals"], &moto::storage(proxy.at));
        project.file("pipelines/nightly.toml", &pipeline);
        let mut bucket = Self { moto, proxy, project, before: State::new(), after: State::new() };
        bucket.upload_lake();
        bucket.run("first", EARLY).done();
        bucket.run("first", LATE).done();
        bucket.before = bucket.standing("first");
        shop::deliver_late(&bucket.project);
        bucket.upload_lake();
        bucket.run("first", LATE).done();
        bucket.after = bucket.standing("first");
        Some(bucket)
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    fn upload_lake(&self) {
        let files = published::files(&self.project.lake()).into_iter();
        let files: BTreeMap<String, Bytes> =
            files.map(|(path, (bytes, _))| (path.to_str().unwrap().to_owned(), bytes.into())).collect();
        self.block_on(self.moto.put("lake", &files));
    }

    pub fn args(warehouse: &str, command: &str) -> Vec<String> {
        let mut args = vec![command.to_owned(), "--warehouse".into(), format!("s3://{BUCKET}/{warehouse}")];
        if command == "run" {
            args.extend(["--lake".into(), format!("s3://{BUCKET}/lake")]);
        }
        args
    }

    /// Runs a command; nothing that it says holds a secret.
    pub fn luopan(&self, warehouse: &str, command: &str, more: &[&str]) -> Ended {
        let args = Self::args(warehouse, command);
        let args: Vec<&str> = args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let ended = luopan_with(self.project.root(), &args, &moto::variables());
        for secret in SECRETS {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{}{}", ended.out, ended.err);
        }
        ended
    }

    pub fn run(&self, warehouse: &str, day: &str) -> Ended {
        self.luopan(warehouse, "run", &["--as-of", day])
    }

    fn standing(&self, warehouse: &str) -> State {
        self.block_on(shop::standing(&self.moto.location(warehouse)))
    }

    /// A warehouse in which both days stand, and the later is to be replaced.
    pub fn begin(&self, warehouse: &str) {
        self.proxy.plan(None);
        self.block_on(self.moto.put(warehouse, &self.before));
    }

    /// Readers see the old set or the new one; the next run, undisturbed, leaves what it should.
    #[track_caller]
    pub fn check(&self, warehouse: &str, told: &str) -> bool {
        self.check_and_hear(warehouse, told).0
    }

    /// As [`Self::check`], with what the next run said.
    #[track_caller]
    pub fn check_and_hear(&self, warehouse: &str, told: &str) -> (bool, Ended) {
        self.proxy.plan(None);
        let seen = shop::read_by_pointer(&self.standing(warehouse));
        let new = seen == shop::sets(&self.after);
        assert!(new || seen == shop::sets(&self.before), "{told}: {seen:?}");
        let next = self.run(warehouse, LATE).done();
        let found = shop::without_fence(self.standing(warehouse));
        let wanted = shop::without_fence(self.after.clone());
        assert!(found == wanted, "{told}: {:?} and {:?}", found.keys(), self.after.keys());
        (new, next)
    }
}
