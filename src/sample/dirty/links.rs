//! Whose an id is: dirt is put on rows of customers that are known, so that each kind is counted once.

use std::{collections::BTreeMap, path::Path};

use super::edit::{read, texts};
use crate::problem::Result;

/// Customer by system and id.
pub struct Links(BTreeMap<(String, String), String>);

impl Links {
    pub fn read(lake: &Path) -> Result<Self> {
        let mut found = BTreeMap::new();
        for file in super::edit::months(lake, "identity/links")? {
            let rows = read(&file)?;
            let systems = texts(&rows, "source_system")?;
            let ids = texts(&rows, "source_id")?;
            for ((system, id), customer) in systems.into_iter().zip(ids).zip(texts(&rows, "customer_id")?) {
                found.insert((system.to_lowercase(), id.to_lowercase()), customer);
            }
        }
        Ok(Self(found))
    }

    pub fn customer(&self, system: &str, id: &str) -> Option<&String> {
        self.0.get(&(system.to_owned(), id.to_lowercase()))
    }
}
