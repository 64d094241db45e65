//! `sql/words.toml`: what the lake's codes are called, in English and Chinese.

use indexmap::IndexMap;

use super::{
    language::Said,
    ordered::{Ordered, ordered},
    written::Written,
};
use crate::problem::Result;

/// Names of codes, by group: `industry` → `new_energy` → New energy, 新能源.
#[derive(Clone, Debug, Default)]
pub struct Words(IndexMap<String, IndexMap<String, Said>>);

#[derive(serde::Deserialize)]
struct Group(#[serde(deserialize_with = "ordered")] IndexMap<String, Said>);

/// Reads a file of `[GROUP]` tables with lines `CODE = { en = "…", zh = "…" }`.
pub fn words_of(file: &Written) -> Result<Words> {
    let raw: Ordered<Group> = file.toml()?;
    Ok(Words(raw.0.into_iter().map(|(group, words)| (group, words.0)).collect()))
}

impl Words {
    pub fn get(&self, group: &str, code: &str) -> Option<&Said> {
        self.0.get(group)?.get(code)
    }

    pub fn put(&mut self, group: &str, code: &str, said: Said) {
        self.0.entry(group.to_owned()).or_default().insert(code.to_owned(), said);
    }

    /// Takes over all of `other`, which decides where both have a name.
    pub fn extend(&mut self, other: &Self) {
        for (group, words) in &other.0 {
            words.iter().for_each(|(code, said)| self.put(group, code, said.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Words> {
        words_of(&Written { path: "sql/words.toml".into(), text: text.into() })
    }

    #[test]
    fn a_code_has_a_name_in_both_languages_and_later_words_decide() {
        let mut words =
            read("[region]\neast = { en = 'East', zh = '华东' }\nwest = { en = 'West', zh = '西部' }")
                .unwrap();
        words.extend(&read("[region]\neast = { en = 'The East', zh = '东部' }").unwrap());
        assert_eq!(words.get("region", "east"), Some(&Said::new("The East", "东部")));
        assert_eq!(words.get("region", "west"), Some(&Said::new("West", "西部")));
        assert_eq!((words.get("region", "north"), words.get("industry", "east")), (None, None));
    }

    #[test]
    fn a_name_in_one_language_only_is_shown_at_its_place() {
        let fault = read("[region]\neast = { en = 'East' }").unwrap_err().to_string();
        assert!(fault.starts_with("sql/words.toml:2:8: missing field `zh`"), "{fault}");
        let fault = read("[region]\neast = { en = 'East', zn = '东' }").unwrap_err().to_string();
        assert!(fault.contains("sql/words.toml:2:23: unknown field `zn`"), "{fault}");
    }
}
