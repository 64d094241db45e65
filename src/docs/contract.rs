//! A published table: what a row is, and its columns.

use super::{
    Language,
    markdown::{code, paragraph, table},
};
use crate::project::{column_note::ColumnNote, sql_file::SqlFile, types::type_name};

pub fn section(sql: &SqlFile, language: Language) -> String {
    let header = &sql.header;
    let grain: Vec<String> = header.grain.iter().map(|g| code(g)).collect();
    let grain = match grain.is_empty() {
        true => String::new(),
        false => {
            format!(" {}{}", language.say("Grain: ", "粒度："), grain.join(", ") + language.say(".", "。"))
        }
    };
    let description = language.described(&header.description, &header.description_zh);
    let heads =
        [language.say("column", "列"), language.say("type", "类型"), language.say("null", "可空"), ""];
    let rows = header.columns.iter().map(|(name, note)| {
        let null = if note.nullable { language.say("null", "可空") } else { "" };
        let about = language.described(&note.description, &note.description_zh);
        [code(name), kind(note), null.to_owned(), about.to_owned()]
    });
    format!("\n### {}\n{}{}", sql.name, paragraph(&format!("{description}{grain}")), table(heads, rows))
}

/// The type, and the unit where one is given.
fn kind(note: &ColumnNote) -> String {
    let data_type = note.data_type.as_ref().map(type_name);
    let unit = note.unit.map(|unit| format!("{unit:?}").to_lowercase());
    data_type.into_iter().chain(unit).collect::<Vec<_>>().join(", ")
}
