//! What a table of a past day is made of, each part by name: two nights with the same parts have the same rows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    engine::{past::made_of, steps::Step},
    graph::Origin,
    lake::Lake,
    run::settings::Settings,
    warehouse::digest_of,
};

/// By name of the part what it is now: definitions, parameters, and files that hold rows known on the day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MadeOf(BTreeMap<String, String>);

/// This program, to the last line of its source: another one may make other rows of the same files.
pub const PROGRAM: &str = env!("LUOPAN_PROGRAM");
/// Files that are named where some have changed.
const NAMED: usize = 3;

impl MadeOf {
    /// None if the step is made of more than the lake.
    pub fn of(settings: &Settings, lake: &Lake, step: &Step) -> Option<Self> {
        let mut parts = BTreeMap::new();
        parts.insert("program".to_owned(), PROGRAM.to_owned());
        for step in made_of(&settings.graph, step)? {
            let as_of = settings.at(step.day);
            let table = settings.graph.get(&step.table)?;
            // The same name at two days is the same definition.
            let definition = || digest_of(table.definition().as_bytes());
            parts.entry(format!("table {}", table.name)).or_insert_with(definition);
            parts.insert(format!("day {}", step.day), as_of.micros.to_string());
            for (name, value) in table.parameters(&settings.graph) {
                parts.insert(format!("parameter {name}"), format!("{value:?}"));
            }
            if let Origin::Source(source) = &table.origin {
                for (path, content) in lake.opened(source)?.contents_known(as_of) {
                    parts.insert(format!("file {} {path}", step.day), content);
                }
            }
        }
        Some(Self(parts))
    }

    /// Stands for these parts and no others.
    pub fn digest(&self) -> String {
        digest_of(self.to_json().as_bytes())
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// What is otherwise than it was, for people.
    pub fn changes_since(&self, before: &Self) -> String {
        let names: BTreeSet<&String> = self.0.keys().chain(before.0.keys()).collect();
        let changed = names.into_iter().filter(|name| self.0.get(*name) != before.0.get(*name));
        let mut files = BTreeMap::new();
        let mut said = Vec::new();
        for name in changed {
            match name.split_once(' ') {
                Some(("file", rest)) => {
                    let path = rest.split_once(' ').map_or(rest, |(_, path)| path);
                    let what = match (before.0.contains_key(name), self.0.contains_key(name)) {
                        (false, _) => "is new",
                        (_, false) => "is gone",
                        _ => "has changed",
                    };
                    files.insert(path, what);
                }
                Some(("table", name)) => said.push(format!("`{name}` is defined otherwise")),
                Some(("parameter", name)) => said.push(format!("${name} has another value")),
                Some((_, day)) => said.push(format!("{day} begins at another time")),
                None => said.push("this is another version of luopan".to_owned()),
            }
        }
        let more = files.len().saturating_sub(NAMED);
        said.extend(files.into_iter().take(NAMED).map(|(path, what)| format!("{path} {what}")));
        said.extend((more > 0).then(|| format!("{more} more files are new, gone or changed")));
        said.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(parts: &[(&str, &str)]) -> MadeOf {
        MadeOf(parts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_change_is_told_by_what_changed() {
        let before = parts(&[
            ("program", "1"),
            ("table usage", "a"),
            ("file 2025-10-01 u/a.parquet", "3 bytes"),
            ("file 2025-12-30 u/a.parquet", "3 bytes"),
            ("file 2025-10-01 u/b.parquet", "3 bytes"),
        ]);
        let now = parts(&[
            ("program", "1"),
            ("table usage", "b"),
            ("file 2025-10-01 u/a.parquet", "4 bytes"),
            ("file 2025-12-30 u/a.parquet", "4 bytes"),
            ("file 2025-10-01 u/late one.parquet", "3 bytes"),
        ]);
        assert_eq!(
            now.changes_since(&before),
            "`usage` is defined otherwise, u/a.parquet has changed, u/b.parquet is gone, u/late one.parquet is new"
        );
        assert_eq!(now.changes_since(&now), "");
        assert_ne!(now.digest(), before.digest());
        let read: MadeOf = serde_json::from_str(&now.to_json()).unwrap();
        assert_eq!(read, now);
    }
}
