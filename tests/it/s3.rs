//! Lake and warehouse in a bucket, with the program itself, a real server, and a line between them that fails.

use std::collections::BTreeMap;

use luopan::project::pipeline::StorageSettings;
use object_store::{Error, ObjectStoreExt, PutMode, PutOptions, UpdateVersion};

use super::{
    bucket::Bucket,
    killed::run_killed_after,
    moto::{self, Moto, SECRETS},
    program::luopan_with,
    proxy::Trouble,
    published,
    shop::{self, EARLY, LATE},
};

#[test]
fn a_bucket_holds_what_a_folder_would_and_no_secret() {
    let Some(bucket) = Bucket::new() else { return };
    let project = &bucket.project;
    let folder = project.warehouse();
    project.luopan(&["run", "--as-of", EARLY]).done();
    project.luopan(&["run", "--as-of", LATE]).done();
    let local: BTreeMap<_, _> = ["visit_list", "visit_totals"]
        .map(|table| (table, published::tables(&folder, LATE)[table].clone()))
        .into();
    let remote = |table: &str| {
        let set = &shop::sets(&bucket.after)[LATE];
        bucket.after[&format!("{table}/as_of={LATE}/part-00000-{set}.parquet")].clone()
    };
    assert!(local.iter().all(|(table, bytes)| remote(table) == *bytes));
    assert_eq!(published::set(&folder, LATE).as_ref(), shop::sets(&bucket.after).get(LATE));

    // Records, manifests, pointer, lock: all that lies there.
    let everything: Vec<_> = bucket.block_on(async {
        use futures::TryStreamExt;
        let location = bucket.moto.location("first");
        let list: Vec<_> = location.store.list(Some(&location.prefix)).try_collect().await.unwrap();
        let mut all = Vec::new();
        for meta in list {
            all.push((
                meta.location.to_string(),
                location.store.get(&meta.location).await.unwrap().bytes().await.unwrap(),
            ));
        }
        all
    });
    assert!(everything.iter().any(|(path, bytes)| path.ends_with("lock.json") && bytes == "{}\n"));
    assert!(everything.iter().filter(|(path, _)| path.contains("/runs/")).count() >= 3);
    for (path, bytes) in &everything {
        let text = String::from_utf8_lossy(bytes);
        assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "{path}");
    }
    for more in [&["--log-format", "json"][..], &["--color", "always", "-v"]] {
        bucket.luopan("first", "run", &[&["--as-of", LATE], more].concat()).done();
    }
    bucket.luopan("first", "runs", &["--lake", "s3://acme/lake"]).done();
    bucket.luopan("first", "repair", &[]).done();
    // A store that refuses everything, and one that is not there.
    bucket.proxy.plan(Some((Trouble::Status(403), 0, true)));
    bucket.run("first", LATE).with(1).says(&["AWS_SECRET_ACCESS_KEY", "s3://acme/first"]);
    bucket.luopan("first", "run", &["--as-of", LATE, "--log-format", "json"]).with(1);
    bucket.proxy.plan(None);
    luopan_with(project.root(), &["run", "--warehouse", "s3://nobody/x"], &moto::variables()).with(1);
    let settings = StorageSettings { endpoint: None, region: None, allow_http: false };
    let location = luopan::lake::store::Location::resolve("s3://acme/x", project.root(), &settings).unwrap();
    assert_eq!(format!("{location:?}"), "Location(s3://acme/x)");
}

/// The lock and the pointer rest on this.
#[test]
fn the_server_writes_on_a_condition() {
    let Some(moto) = Moto::start() else { return };
    let location = moto.location("conditions");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let at = location.path("x");
        let put = async |mode: PutMode, text: &'static str| {
            location.store.put_opts(&at, text.into(), PutOptions { mode, ..Default::default() }).await
        };
        let first = UpdateVersion::from(put(PutMode::Create, "1").await.unwrap());
        assert!(matches!(put(PutMode::Create, "2").await, Err(Error::AlreadyExists { .. })));
        put(PutMode::Update(first.clone()), "3").await.unwrap();
        assert!(matches!(put(PutMode::Update(first), "4").await, Err(Error::Precondition { .. })));
        assert_eq!(location.store.get(&at).await.unwrap().bytes().await.unwrap(), "3");
    });
}

/// Of the requests of a run every few, or with LUOPAN_EVERY_REQUEST every one.
#[test]
fn whatever_request_goes_wrong_readers_see_a_whole_set_and_the_next_run_mends_it() {
    let Some(bucket) = Bucket::new() else { return };
    bucket.begin("counted");
    bucket.run("counted", LATE).done();
    let requests = bucket.proxy.requests();
    let step = if std::env::var_os("LUOPAN_EVERY_REQUEST").is_some() { 1 } else { requests.div_ceil(3) };
    println!("\n| trouble | requests tried, survived | run ended well | readers had the new set |");
    println!("| --- | --- | --- | --- |");
    let troubles = [
        Trouble::Dropped,
        Trouble::Status(500),
        Trouble::Status(503),
        Trouble::Status(429),
        Trouble::Cut,
        Trouble::Late,
        Trouble::Unconfirmed,
    ];
    for (phase, trouble) in troubles.into_iter().enumerate() {
        let (mut tried, mut ended_well, mut new) = (0, 0, 0);
        for at in (phase % step..requests).step_by(step) {
            let warehouse = format!("{trouble:?}-{at}").replace(['(', ')'], "");
            bucket.begin(&warehouse);
            bucket.proxy.plan(Some((trouble, at, false)));
            let ended = bucket.run(&warehouse, LATE);
            let told = format!("{trouble:?} of request {at}: {}", ended.err);
            // What the store can repeat without harm is repeated.
            let harmless = matches!(trouble, Trouble::Status(_) | Trouble::Late);
            assert!(ended.status == 0 || !harmless, "{told}");
            tried += 1;
            ended_well += usize::from(ended.status == 0);
            new += usize::from(bucket.check(&warehouse, &told));
        }
        println!("| {trouble:?} | {tried} of {requests} | {ended_well} | {new} |");
    }
}

#[test]
#[cfg(unix)]
fn killed_at_any_moment_the_next_run_takes_the_lock_over_and_ends_the_work() {
    let Some(bucket) = Bucket::new() else { return };
    let kills = std::env::var("LUOPAN_S3_KILLS").map_or(8, |n| n.parse().expect("a number"));
    bucket.begin("timed");
    let begun = std::time::Instant::now();
    bucket.run("timed", LATE).done();
    let whole = begun.elapsed();
    let (mut killed, mut new, mut taken_over) = (0, 0, 0);
    for n in 0..kills {
        let warehouse = format!("killed-{n}");
        bucket.begin(&warehouse);
        let args = Bucket::args(&warehouse, "run");
        let args: Vec<&str> = args.iter().map(String::as_str).chain(["--as-of", LATE]).collect();
        let delay = whole.mul_f64(0.3 + 0.7 * f64::from(n) / f64::from(kills));
        let died = run_killed_after(bucket.project.root(), &args, &moto::variables(), delay);
        killed += usize::from(died);
        let (sees_new, next) = bucket.check_and_hear(&warehouse, &format!("killed after {delay:?}"));
        new += usize::from(sees_new);
        taken_over += usize::from(next.err.contains("that process runs no longer"));
    }
    println!(
        "killed {killed} of {kills} within {whole:?}; readers had the new set {new} times; a lock was taken over {taken_over} times"
    );
    assert!(taken_over > 0);
}

#[test]
fn of_two_runs_at_once_one_publishes_and_the_other_says_who() {
    let Some(bucket) = Bucket::new() else { return };
    for n in 0..3 {
        let warehouse = format!("both-{n}");
        bucket.begin(&warehouse);
        let ended = std::thread::scope(|scope| {
            let runs = [LATE, if n == 2 { EARLY } else { LATE }]
                .map(|day| scope.spawn(|| bucket.run(&warehouse, day)));
            runs.map(|run| run.join().unwrap())
        });
        let won = ended.iter().filter(|ended| ended.status == 0).count();
        assert!(won >= 1, "{}", ended[0].err);
        for ended in ended.into_iter().filter(|ended| ended.status != 0) {
            ended.with(1).says(&["another run is publishing", "nightly as of"]);
        }
        bucket.check(&warehouse, "two at once");
    }
}
