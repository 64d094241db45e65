//! Files that machines write: a flipped bit is refused, or changes nothing that is read.

use std::{fs, path::PathBuf};

use luopan::{
    lake::store::Location,
    learn::Artifact,
    project::pipeline::StorageSettings,
    warehouse::{Manifest, Pointer, Warehouse},
};
use serde_json::json;

use super::super::{
    published,
    tiny::{DAY, Project, VISITS},
    vendor,
};

fn artifact() -> String {
    let models = vendor::night().warehouse.join("_luopan/models/churn_risk");
    let mut open: Vec<PathBuf> = vec![models];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path)
            && Artifact::from_json(&text).is_ok()
        {
            return text;
        }
    }
    panic!("the night fitted a model")
}

#[test]
fn a_flipped_bit_of_an_artifact_is_refused_or_says_the_same() {
    let text = artifact();
    let whole = Artifact::from_json(&text).unwrap();
    // Some thousand places of a long file, one bit of each.
    let step = (text.len() / 700).max(1);
    for place in (0..text.len()).step_by(step) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1 << (place % 7);
        let Ok(damaged) = String::from_utf8(bytes) else { continue };
        if let Ok(read) = Artifact::from_json(&damaged) {
            assert!(
                read == whole,
                "byte {place} says something else: {:?}",
                &damaged[place.saturating_sub(20)..place + 1]
            );
        }
    }
}

/// A warehouse with one day, its pointer and its manifest.
struct Small {
    project: Project,
    runtime: tokio::runtime::Runtime,
}

impl Small {
    fn new() -> Self {
        let project = Project::of_visits(VISITS);
        project.rows(
            "shop_visits",
            "visits/a.parquet",
            &json!([{ "visit_id": "v", "seen_at": "2026-03-01T00:00:00Z" }]),
        );
        project.run().done();
        Self { project, runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap() }
    }

    fn warehouse(&self) -> Warehouse {
        let location = Location::resolve("warehouse", self.project.root(), &StorageSettings::default());
        Warehouse::open(location.unwrap())
    }

    fn manifest(&self) -> Option<Manifest> {
        self.runtime.block_on(self.warehouse().manifest(DAY.parse().unwrap())).ok().flatten()
    }

    fn pointer(&self) -> Option<Pointer> {
        self.runtime.block_on(self.warehouse().pointer()).ok()
    }
}

/// Flips one bit and another of every byte of a file, and gives the places where `unnoticed` then holds.
fn flip_all(path: &std::path::Path, unnoticed: impl Fn() -> bool) -> Vec<usize> {
    let whole = fs::read(path).unwrap();
    let mut found = Vec::new();
    for place in 0..whole.len() {
        for bit in [0, place % 7 + 1] {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << bit;
            fs::write(path, bytes).unwrap();
            if unnoticed() {
                found.push(place);
                break;
            }
        }
    }
    fs::write(path, whole).unwrap();
    found
}

#[test]
fn a_flipped_bit_of_a_manifest_is_refused_or_says_the_same() {
    let small = Small::new();
    let set = published::set(&small.project.warehouse(), DAY).unwrap();
    let path = small.project.warehouse().join(format!("_luopan/sets/{DAY}/{set}.json"));
    let whole = small.manifest().unwrap();
    let found = flip_all(&path, || small.manifest().is_some_and(|read| read != whole));
    let text = fs::read_to_string(&path).unwrap();
    assert!(found.is_empty(), "{} of {} bytes can be other ones unseen: {found:?}", found.len(), text.len());
    // One that an older program wrote has no seal, and is read.
    let (unsealed, _) = text.split_once(",\n  \"seal\"").unwrap();
    fs::write(&path, format!("{unsealed}\n}}\n")).unwrap();
    assert!(small.manifest().is_some_and(|read| read == whole));
    let found = flip_all(&path, || small.manifest().is_some_and(|read| read != whole));
    println!("without its seal {} of {} bytes can be other ones unseen", found.len(), unsealed.len() + 3);
    assert!(!found.is_empty(), "the seal is what notices");
}

#[test]
fn a_flipped_bit_of_the_pointer_is_refused_or_says_the_same() {
    let small = Small::new();
    let path = small.project.warehouse().join("_luopan/current.json");
    let whole = small.pointer().unwrap();
    // It may name another set: then there is no manifest of that name, and that is told.
    let day = DAY.parse().unwrap();
    let set = &whole.sets[&day];
    let shown = || small.runtime.block_on(small.warehouse().manifest(day));
    let found =
        flip_all(&path, || shown().is_ok_and(|read| read.is_none_or(|manifest| manifest.set != *set)));
    assert!(found.is_empty(), "{} bytes can be other ones unseen: {found:?}", found.len());
    assert_eq!(small.pointer().unwrap(), whole);
}
