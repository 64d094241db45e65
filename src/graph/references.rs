//! What a query reads, from its parsed SQL.

use std::{collections::BTreeMap, ops::ControlFlow, ops::Range};

use datafusion::{
    common::TableReference,
    sql::{
        parser::{DFParser, Statement},
        resolve::resolve_table_references,
        sqlparser::ast::{self, Spanned as _, visit_relations},
    },
};

use super::{nesting::check_nesting, shape::writes};
use crate::{
    problem::{Problem, Result, offset_of},
    project::written::Written,
};

/// At what time a table is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Time {
    /// At the reader's own as-of.
    Now,
    /// At as-of + horizon: `future.NAME`.
    Future,
    /// From the last set published before: `previous.NAME`.
    Previous,
    /// From the sets of the months before: `history.NAME`.
    History,
    /// Made by the engine: `luopan.NAME`.
    Engine,
}

impl Time {
    const SCHEMAS: [(Time, &'static str); 4] = [
        (Time::Future, "future"),
        (Time::Previous, "previous"),
        (Time::History, "history"),
        (Time::Engine, "luopan"),
    ];

    /// The schema under which SQL names tables of this time.
    pub fn schema(self) -> Option<&'static str> {
        Self::SCHEMAS.iter().find(|(time, _)| *time == self).map(|(_, name)| *name)
    }
}

/// One table that a query reads, and where it names it first.
#[derive(Clone, Debug)]
pub struct Reference {
    pub table: String,
    pub time: Time,
    pub span: Range<usize>,
}

/// Reads the tables of one SELECT. Anything but one query is a problem.
pub fn read_references(file: &Written, functions: &dyn Fn(&str) -> bool) -> Result<Vec<Reference>> {
    let text = &file.text;
    check_nesting(file)?;
    let mut statements = DFParser::parse_sql(text).map_err(|e| parse_problem(file, &e.to_string()))?;
    let whole = 0..text.find('\n').unwrap_or(text.len());
    let (Some(statement), None) = (statements.pop_front(), statements.pop_front()) else {
        return Err(file
            .problem(whole, "a file holds exactly one SELECT")
            .help("split it into one file per table"));
    };
    let Statement::Statement(inner) = &statement else {
        return Err(only_select(file, whole));
    };
    let ast::Statement::Query(query) = inner.as_ref() else {
        return Err(only_select(file, whole));
    };
    if !matches!(
        query.body.as_ref(),
        ast::SetExpr::Select(_)
            | ast::SetExpr::SetOperation { .. }
            | ast::SetExpr::Query(_)
            | ast::SetExpr::Values(_)
    ) {
        return Err(only_select(file, whole));
    }
    if writes(query) {
        return Err(only_select(file, whole));
    }
    let (tables, _) = resolve_table_references(&statement, true)
        .map_err(|e| file.problem(whole.clone(), format!("cannot read the query's tables: {e}")))?;
    let places = places(inner, text);
    let mut references = Vec::new();
    for table in tables {
        let span = places.get(&table.to_string()).cloned().unwrap_or(whole.clone());
        let (schema, name) = match &table {
            TableReference::Bare { table } => (None, table.to_string()),
            TableReference::Partial { schema, table } => (Some(schema.to_string()), table.to_string()),
            TableReference::Full { .. } => {
                return Err(file.problem(span, format!("`{table}` has too many parts")).help(SCHEMAS_HELP));
            }
        };
        let time = match schema.as_deref() {
            None if functions(&name) => continue,
            None => Time::Now,
            Some(schema) => match Time::SCHEMAS.iter().find(|(_, name)| *name == schema) {
                Some((time, _)) => *time,
                None => {
                    return Err(file.problem(span, format!("unknown schema `{schema}`")).help(SCHEMAS_HELP));
                }
            },
        };
        references.push(Reference { table: name, time, span });
    }
    Ok(references)
}

const SCHEMAS_HELP: &str =
    "tables are NAME, future.NAME (labels), previous.NAME and history.NAME (snapshots) or luopan.NAME";

fn only_select(file: &Written, span: Range<usize>) -> Problem {
    file.problem(span, "a table is made by a SELECT, and by nothing else")
        .help("writing, creating and settings are the engine's: see pipelines/ and the file's header")
}

/// Where each table is named first, by its resolved name.
fn places(statement: &ast::Statement, text: &str) -> BTreeMap<String, Range<usize>> {
    let mut found = BTreeMap::new();
    let _ = visit_relations(statement, |name| {
        let span = name.span();
        let start = offset_of(text, span.start.line as usize, span.start.column as usize);
        let end = offset_of(text, span.end.line as usize, span.end.column as usize);
        let parts: Vec<String> = name
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .map(|i| if i.quote_style.is_some() { i.value.clone() } else { i.value.to_ascii_lowercase() })
            .collect();
        found.entry(parts.join(".")).or_insert(start..end.max(start));
        ControlFlow::<()>::Continue(())
    });
    found
}

/// The parser says "… at Line: 3, Column: 7" in words.
pub fn parse_problem(file: &Written, message: &str) -> Problem {
    let number = |after: &str| -> Option<usize> {
        let rest = &message[message.rfind(after)? + after.len()..];
        rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
    };
    let clean = message
        .replace("SQL error: ParserError(\"", "")
        .replace("sql parser error: ", "")
        .trim_end_matches("\")")
        .to_owned();
    match number("Line: ").zip(number("Column: ")) {
        Some((line, column)) => {
            let start = offset_of(&file.text, line, column);
            let rest = &file.text[start..];
            let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = word.max(rest.chars().next().map_or(0, char::len_utf8));
            let what = clean.split(" at Line:").next().unwrap_or(&clean).to_owned();
            file.problem(start..(start + length).min(file.text.len()), what)
        }
        None => file
            .problem(file.text.len().saturating_sub(1)..file.text.len(), clean)
            .help("the query ends before it is whole"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Time)>> {
        let file = Written { path: "t.sql".into(), text: text.into() };
        let found = read_references(&file, &|name| name == "generate_series")?;
        Ok(found.into_iter().map(|r| (r.table, r.time)).collect())
    }

    #[test]
    fn common_table_expressions_are_not_tables() {
        let found = read(
            "WITH a AS (SELECT * FROM b) SELECT * FROM a JOIN future.c USING (x), generate_series(1, 3)",
        )
        .unwrap();
        assert_eq!(found, [("b".into(), Time::Now), ("c".into(), Time::Future)]);
    }

    #[test]
    fn only_one_select_is_taken() {
        for wrong in [
            "DROP TABLE x",
            "SELECT 1; SELECT 2",
            "",
            "COPY x TO 'y.parquet'",
            "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/etc'",
            "INSERT INTO x SELECT 1",
            "SET datafusion.execution.batch_size = 1",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_query_beyond_measure_is_refused_and_harms_nobody() {
        let long = |count: usize| {
            [
                format!("SELECT 1{}", "+1".repeat(count)),
                format!("SELECT 1 AS a{}", " UNION ALL SELECT 1".repeat(count)),
                format!("SELECT 1{}", "::int".repeat(count)),
                format!("SELECT 1 WHERE TRUE{}", " AND TRUE".repeat(count)),
            ]
        };
        assert!(long(400).iter().all(|query| read(query).is_ok()));
        for query in long(5_000).iter().chain(&long(100_000)) {
            assert!(read(query).is_err(), "{}…", &query[..40]);
        }
        for query in ["SELECT * FROM (SELECT * INTO t FROM b)", "WITH t AS (SELECT 1 INTO u) SELECT * FROM t"]
        {
            assert!(read(query).unwrap_err().to_string().contains("by nothing else"), "{query}");
        }
    }

    #[test]
    fn a_typo_is_shown_where_it_stands() {
        let file = Written { path: "t.sql".into(), text: "SELECT a\nFORM b\nWHERE".into() };
        let problem = read_references(&file, &|_| false).unwrap_err();
        assert!(problem.to_string().starts_with("t.sql:"), "{problem}");
    }
}
