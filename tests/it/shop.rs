//! A small pipeline that looks back at its last set, and the states that its warehouse may be in: what the tests of crashes
//! and of concurrency run.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use bytes::Bytes;
use chrono::{NaiveDate, Utc};
use futures::TryStreamExt;
use luopan::{
    lake::store::Location,
    problem::Problem,
    run::{
        nightly,
        progress::Progress,
        settings::{Asked, Settings},
        summary::Summary,
    },
    warehouse::Step,
};
use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory, path::Path as StorePath};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::tiny::{Project, VISITS, pipeline};

const TOTALS: &str = r#"/*---
description = "Visits of each customer, and how many the set before counted."
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false }
visits = { type = "int" }
before = { type = "int" }
---*/
SELECT now.customer_id, COUNT(*) AS visits, MAX(last.visits) AS before
FROM shop_visits AS now LEFT JOIN previous.visit_totals AS last ON last.customer_id = now.customer_id
GROUP BY now.customer_id
"#;

/// The two days that the tests publish.
pub const EARLY: &str = "2026-03-30";
pub const LATE: &str = "2026-04-01";

/// Visits listed and counted; the lake has five of the last days before [`LATE`].
pub fn project() -> Project {
    let project = Project::of_visits(VISITS);
    project.file("sql/snapshots/visit_totals.sql", TOTALS);
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list", "visit_totals"], ""));
    let visit = |n: u32| json!({ "visit_id": format!("v{n}"), "customer_id": format!("c{}", n % 2), "seen_at": format!("2026-03-{}T12:00:00Z", 26 + n) });
    project.rows("shop_visits", "visits/a.parquet", &(1..=5).map(visit).collect());
    project
}

/// One visit more, delivered late: [`LATE`] comes out otherwise, [`EARLY`] does not.
pub fn deliver_late(project: &Project) {
    let row = json!([{ "visit_id": "v6", "customer_id": "c1", "seen_at": "2026-03-31T00:00:00Z" }]);
    project.rows("shop_visits", "visits/b.parquet", &row);
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &str, _: Option<usize>) {}
    fn started(&self, _: &str, _: NaiveDate) {}
    fn finished(&self, _: &Step) {}
    fn warning(&self, _: &str) {}
    fn note(&self, _: &str) {}
}

/// The whole pipeline, as `luopan run` runs it, into any store.
pub async fn run(project: &Path, as_of: &str, warehouse: Location) -> Result<Summary, Problem> {
    let asked = Asked {
        project: project.to_owned(),
        pipeline: "nightly".into(),
        as_of: Some(day(as_of)),
        threads: Some(2),
        ..Asked::default()
    };
    let settings = Settings { warehouse, ..Settings::resolve(&asked)? };
    nightly::run_as_set(&settings, Utc::now(), &Silent, std::future::pending()).await
}

pub fn in_folder(folder: &Path) -> Location {
    Location::resolve(folder.to_str().expect("UTF-8"), Path::new("/"), &Default::default()).expect("a folder")
}

pub fn in_memory(store: Arc<dyn ObjectStore>) -> Location {
    Location {
        store,
        prefix: "wh".into(),
        url: "memory://wh".into(),
        object_store_url: "memory://".parse().expect("a URL"),
        local: None,
    }
}

/// Every file of a warehouse, by its path from the root.
pub type State = BTreeMap<String, Bytes>;

/// A fresh warehouse that holds `state`: in `folder` if there is one, else in memory.
pub async fn holding(state: &State, folder: Option<&Path>) -> Location {
    let location = folder.map_or_else(|| in_memory(Arc::new(InMemory::new())), in_folder);
    for (path, bytes) in state {
        location.store.put(&location.path(path), bytes.clone().into()).await.expect("a sound store");
    }
    location
}

/// All that stands: no records of runs and no lock, which say who came and not what stands.
pub async fn standing(location: &Location) -> State {
    let listed: Vec<_> =
        location.store.list(Some(&location.prefix)).try_collect().await.expect("a sound store");
    let mut state = State::new();
    for meta in listed {
        let path: Vec<String> = meta
            .location
            .prefix_match(&location.prefix)
            .expect("below the root")
            .map(|part| part.as_ref().to_owned())
            .collect();
        let path = path.join("/");
        if !path.starts_with("_luopan/runs/") && !path.starts_with("_luopan/lock") {
            state.insert(path, read(location, &meta.location).await);
        }
    }
    state
}

async fn read(location: &Location, at: &StorePath) -> Bytes {
    location.store.get(at).await.expect("a file of the list").bytes().await.expect("its bytes")
}

/// Which set the pointer names for each day.
pub type Sets = BTreeMap<String, String>;

pub fn sets(state: &State) -> Sets {
    let Some(pointer) = state.get("_luopan/current.json") else { return Sets::new() };
    let pointer: Value = serde_json::from_slice(pointer).expect("the pointer is whole JSON");
    let sets = pointer["sets"].as_object().expect("sets by day");
    sets.iter().map(|(day, set)| (day.clone(), set.as_str().expect("a name").to_owned())).collect()
}

/// What a careful reader does: pointer, manifests, files, with their SHA-256. Gives the sets that it saw, whole.
#[track_caller]
pub fn read_by_pointer(state: &State) -> Sets {
    let sets = sets(state);
    for (day, set) in &sets {
        let at = format!("_luopan/sets/{day}/{set}.json");
        let manifest = state.get(&at).unwrap_or_else(|| panic!("{at} is there: {:?}", state.keys()));
        let manifest: Value = serde_json::from_slice(manifest).expect("a whole manifest");
        let tables = manifest["tables"].as_array().expect("tables");
        assert_eq!(tables.len(), 2, "{at}");
        for file in tables.iter().flat_map(|table| table["files"].as_array().expect("files")) {
            let path = file["path"].as_str().expect("a path");
            let bytes = state.get(path).unwrap_or_else(|| panic!("{path} of {day} is there"));
            let sha256 = format!("{:x}", Sha256::digest(bytes));
            assert_eq!(file["sha256"], sha256.as_str(), "{path}");
        }
    }
    sets
}

/// What a glob over tables sees: paths of all Parquet files.
pub fn glob(state: &State) -> Vec<&String> {
    state.keys().filter(|path| path.ends_with(".parquet")).collect()
}

/// The same, without the time that a lock was taken over, which no two runs share, nor the seal over it.
pub fn without_fence(mut state: State) -> State {
    if let Some(bytes) = state.get_mut("_luopan/current.json") {
        let mut pointer: Value = serde_json::from_slice(bytes).expect("a pointer");
        for own in ["fenced_at", "seal"] {
            pointer.as_object_mut().expect("an object").shift_remove(own);
        }
        *bytes = pointer.to_string().into();
    }
    state
}
