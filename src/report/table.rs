//! A figure with its rows, as they are read: text for people, and the raw values that charts are drawn from.

use datafusion::common::ScalarValue;

use super::{
    figure::{As, Column, Figure},
    format::{UNKNOWN, shown},
    set::PublishedSet,
    value::{Value, columns_of},
    words::Names,
};
use crate::{
    problem::{Problem, Result},
    project::language::Language,
};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub text: String,
    pub value: Value,
}

/// A figure's rows in one language.
pub struct Table {
    pub figure: Figure,
    /// Row by row, in the order of the figure's columns.
    pub rows: Vec<Vec<Cell>>,
}

/// What a page is made for.
pub struct Reader<'a> {
    pub set: &'a PublishedSet,
    pub names: &'a Names,
    pub language: Language,
    /// Of a customer's page.
    pub customer: Option<&'a str>,
}

impl Reader<'_> {
    /// The figure's rows; the table that the set does not have instead, if it needs one.
    ///
    /// Fails where the SELECT's columns are not those of the header.
    pub async fn read(&self, figure: &Figure) -> Result<std::result::Result<Table, String>> {
        let mut values = vec![("lang", ScalarValue::from(self.language.code()))];
        values.extend(self.customer.map(|id| ("customer", ScalarValue::from(id))));
        let rows = match self.set.answer(&figure.file, &values).await? {
            Ok(rows) => rows,
            Err(table) => return Ok(Err(table)),
        };
        let selected: Vec<&str> = rows.schema.fields().iter().map(|field| field.name().as_str()).collect();
        let declared: Vec<&str> = figure.columns.keys().map(String::as_str).collect();
        if selected != declared {
            let message = format!("{} selects {selected:?} and declares {declared:?}", figure.id);
            return Err(Problem::setup(message));
        }
        let columns = columns_of(&rows.batches, declared.len())
            .map_err(|e| Problem::failed(format!("{} cannot be read: {e}", figure.id)))?;
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        let mut rows = Vec::new();
        loop {
            let values: Vec<Value> = columns.iter_mut().filter_map(Iterator::next).collect();
            if values.is_empty() {
                break;
            }
            // A row of another project's table of this name, which has none of these columns.
            if values.iter().all(|value| *value == Value::Unknown) {
                continue;
            }
            let cells = figure.columns.iter().zip(values);
            rows.push(cells.map(|((name, column), value)| self.cell(name, column, value)).collect());
        }
        Ok(Ok(Table { figure: figure.clone(), rows }))
    }

    fn cell(&self, name: &str, column: &Column, value: Value) -> Cell {
        let text = match (&value, column.shown) {
            (Value::Text(code), As::Word) => {
                let group = column.words.as_deref().unwrap_or(name);
                self.names.name(group, code, self.language)
            }
            (Value::Text(text), As::Text) if column.words.is_some() => {
                self.names.named_within(column.words.as_deref().unwrap_or_default(), text, self.language)
            }
            _ => shown(&value, column.shown, self.language),
        };
        Cell { text, value }
    }
}

impl Table {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.figure.columns.get_index_of(name)
    }

    pub fn cell(&self, row: usize, name: &str) -> Option<&Cell> {
        self.rows.get(row)?.get(self.column(name)?)
    }

    /// The columns that people see, with their places. An id stands beside the customer's name.
    pub fn seen(&self) -> impl Iterator<Item = (usize, &String, &Column)> {
        let has_names = self.figure.columns.values().any(|column| column.shown == As::Customer);
        let is_seen = move |name: &str, column: &Column| {
            let is_beside = has_names && name == "customer_id";
            !column.hidden && !is_beside
        };
        let columns = self.figure.columns.iter().enumerate();
        columns
            .filter(move |(_, (name, column))| is_seen(name, column))
            .map(|(i, (name, column))| (i, name, column))
    }

    /// How many rows a page shows at first.
    pub fn shown_rows(&self) -> usize {
        self.figure.rows.unwrap_or(usize::MAX).min(self.rows.len())
    }

    /// Of a lead: its sentences about its one row.
    pub fn said(&self, language: Language) -> Vec<String> {
        let Some(row) = self.rows.first() else { return Vec::new() };
        let cell = |name: &str| self.column(name).and_then(|i| row.get(i));
        let is_so = |name: &String| cell(name).is_some_and(|cell| cell.value == Value::Flag(true));
        let wanted = self.figure.sentences.iter().filter(|s| s.only_if.as_ref().is_none_or(is_so));
        wanted.filter_map(|sentence| filled(sentence.text().in_language(language), &cell)).collect()
    }
}

/// Puts cells in place of their names in braces; `None` where one is unknown.
fn filled<'a>(template: &str, cell: &impl Fn(&str) -> Option<&'a Cell>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let text = &cell(name)?.text;
        if text == UNKNOWN {
            return None;
        }
        out.push_str(before);
        out.push_str(text);
        rest = after;
    }
    Some(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_with_its_figures_or_not_at_all() {
        let known = Cell { text: "40".into(), value: Value::Number(40.0) };
        let unknown = Cell { text: UNKNOWN.into(), value: Value::Unknown };
        let cell = |name: &str| match name {
            "n" => Some(&known),
            "m" => Some(&unknown),
            _ => None,
        };
        assert_eq!(filled("{n} of {n} leave.", &cell).as_deref(), Some("40 of 40 leave."));
        assert_eq!(filled("Nobody leaves.", &cell).as_deref(), Some("Nobody leaves."));
        assert_eq!(filled("{n}, with {m}.", &cell), None);
        assert_eq!(filled("{other}", &cell), None);
    }
}
