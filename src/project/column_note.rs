//! What a header says of one column: `NAME = { type, null, description, …, unit, group, phrase, … }`.

use std::ops::Range;

use arrow::datatypes::DataType;
use serde::Deserialize;
use toml::Spanned;

use super::{
    types::{TYPES_HELP, parse_type},
    written::Written,
};
use crate::problem::Result;

/// A snapshot's notes are its published contract; those of features are what reasons speak with.
#[derive(Clone, Debug, Default)]
pub struct ColumnNote {
    pub data_type: Option<DataType>,
    pub nullable: bool,
    pub description: Option<String>,
    pub description_zh: Option<String>,
    /// How a value is worded.
    pub unit: Option<Unit>,
    /// Columns of one group are one reason.
    pub group: Option<String>,
    /// What reasons call the column instead of the description; what moved goes on in the sentence ("Logins" fell 62 %).
    pub phrase: Option<String>,
    pub phrase_zh: Option<String>,
}

/// What a value of a column is to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Counts, marks, ratios: the number itself.
    Number,
    /// A part of 1, or a rate: 0.34 is 34 %.
    Share,
    /// Against an earlier figure, as a part of it: -0.62 fell 62 %.
    Change,
    /// An earlier figure taken off a later one: -3 fell by 3.
    Difference,
    Hours,
    Days,
    Months,
    /// In the lake's currency.
    Money,
    /// Yes or no; a number other than 0 is yes.
    Flag,
    /// Shown as it stands.
    Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnToml {
    #[serde(rename = "type")]
    data_type: Option<Spanned<String>>,
    null: Option<bool>,
    description: Option<String>,
    description_zh: Option<String>,
    unit: Option<Unit>,
    group: Option<String>,
    phrase: Option<String>,
    phrase_zh: Option<String>,
}

impl ColumnToml {
    /// `header` is where the TOML that this was read from stands in `file`.
    pub(super) fn check(self, name: &str, file: &Written, header: &Range<usize>) -> Result<ColumnNote> {
        let data_type = match self.data_type {
            None => None,
            Some(written) => Some(parse_type(written.as_ref()).ok_or_else(|| {
                let span = header.start + written.span().start..header.start + written.span().end;
                file.problem(span, format!("unknown type `{}` of `{name}`", written.as_ref()))
                    .help(TYPES_HELP)
            })?),
        };
        Ok(ColumnNote {
            data_type,
            nullable: self.null.unwrap_or(true),
            description: self.description,
            description_zh: self.description_zh,
            unit: self.unit,
            group: self.group,
            phrase: self.phrase,
            phrase_zh: self.phrase_zh,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sql_file::{Layer, SqlFile, read_sql};

    fn read(column: &str) -> Result<SqlFile> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.sql");
        std::fs::write(&path, format!("/*---\n[columns]\n{column}\n---*/\nSELECT 1 AS x")).unwrap();
        read_sql(&path, Layer::Features)
    }

    #[test]
    fn a_note_says_how_a_column_is_worded() {
        let text = "x = { unit = 'change', group = 'use', phrase = 'Logins', phrase_zh = '登录次数' }";
        let note = read(text).unwrap().header.columns["x"].clone();
        assert_eq!(note.unit, Some(Unit::Change));
        let texts = [note.group, note.phrase, note.phrase_zh].map(Option::unwrap);
        assert_eq!(texts, ["use", "Logins", "登录次数"]);
        assert!(note.nullable && note.description.is_none() && note.data_type.is_none());
        assert_eq!(read("x = {}").unwrap().header.columns["x"].unit, None);
    }

    #[test]
    fn a_wrong_unit_key_or_type_is_shown_at_its_place() {
        let fault = |text| read(text).unwrap_err().to_string();
        let unit = fault("x = { description = '登录', unit = 'chagne' }");
        assert!(unit.contains("t.sql:3:34: unknown variant `chagne`"), "{unit}");
        assert!(unit.contains("did you mean `change`?"), "{unit}");
        let key = fault("x = { phrase_cn = '登录' }");
        assert!(key.contains("t.sql:3:7: ") && key.contains("did you mean `phrase_zh`?"), "{key}");
        let data_type = fault("x = { type = 'varchar' }");
        assert!(data_type.contains("t.sql:3:14: unknown type `varchar` of `x`"), "{data_type}");
    }
}
