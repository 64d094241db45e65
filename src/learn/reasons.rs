//! Why customers have their scores: what contributes most, in words, and as a table whose rows add up to the score.

mod output;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use ndarray::Array2;

use super::{
    column::Values, contributions::Contributions, encode::Encoding, figures::Language, phrase::Phrase,
    typical::Typical,
};
use crate::{
    problem::{Problem, Result},
    project::column_note::ColumnNote,
};
pub use output::{Texts, reasons_schema};

/// Reasons that are named for each direction; the others are added up.
const NAMED: usize = 3;
/// What would be shown as 0.00 is no reason.
const LEAST: f64 = 0.005;

/// Contributions of some customers, with all that it takes to speak of them.
///
/// Columns of one group (`group` of their notes) are one reason, for alike columns share what they tell in a way that
/// means nothing: the group's contribution is the sum of theirs, and the one that did most in that direction is named.
pub struct Reasons<'a> {
    contributions: &'a Contributions,
    columns: Vec<Spoken>,
    groups: Vec<Group>,
    /// Customers × groups, in log-odds.
    sums: Array2<f64>,
}

/// A column: its words, and the customers' values.
struct Spoken {
    phrase: Phrase,
    values: Values,
}

/// Groups stand in the order of their first columns.
struct Group {
    /// As the notes write it; of a column without a group its own name.
    name: String,
    columns: Vec<usize>,
}

/// A group's contribution to one customer's log-odds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reason {
    group: usize,
    contribution: f64,
}

/// One customer's reasons; the strongest first, of equals the one whose group comes first.
#[derive(Default)]
struct RowReasons {
    raising: Vec<Reason>,
    lowering: Vec<Reason>,
    /// Sum of all that are not among them.
    others: f64,
}

impl<'a> Reasons<'a> {
    /// `features`: the rows that contributed, in their order. `notes`: what the headers say of the columns.
    ///
    /// Fails when a column that contributed is not there or is of another kind than in training.
    pub fn new(
        contributions: &'a Contributions,
        encoding: &Encoding,
        typical: &Typical,
        notes: &BTreeMap<String, ColumnNote>,
        features: &RecordBatch,
    ) -> Result<Self> {
        let mut groups: Vec<Group> = Vec::new();
        let mut columns = Vec::new();
        for (place, name) in contributions.columns.iter().enumerate() {
            let column = encoding.columns.iter().find(|column| column.name == *name).ok_or_else(|| {
                Problem::failed(format!("`{name}` contributes to the score, and is no column of the model"))
            })?;
            let note = notes.get(name);
            let called = note.and_then(|note| note.group.as_ref()).unwrap_or(name);
            let group = groups.iter().position(|group| group.name == *called).unwrap_or(groups.len());
            if group == groups.len() {
                groups.push(Group { name: called.clone(), columns: Vec::new() });
            }
            groups[group].columns.push(place);
            let phrase = Phrase::new(column, note, typical.of(name));
            columns.push(Spoken { phrase, values: column.read(features)? });
        }
        // Column by column, as the contributions lie in memory: a customer's would be far from each other.
        let mut sums = Array2::zeros((contributions.values.nrows(), groups.len()));
        for (mut sum, group) in sums.columns_mut().into_iter().zip(&groups) {
            group.columns.iter().for_each(|column| sum += &contributions.values.column(*column));
        }
        Ok(Self { contributions, columns, groups, sums })
    }

    /// Finds a row's reasons; `found` is used again for many.
    fn find(&self, row: usize, found: &mut RowReasons) {
        found.raising.clear();
        found.lowering.clear();
        found.others = 0.0;
        for (group, contribution) in self.sums.row(row).iter().copied().enumerate() {
            let reason = Reason { group, contribution };
            found.others += if contribution >= LEAST {
                keep_strongest(&mut found.raising, reason)
            } else if contribution <= -LEAST {
                keep_strongest(&mut found.lowering, reason)
            } else {
                contribution
            };
        }
    }

    /// The column that did most in the direction of a reason; of equals the first.
    fn strongest_column(&self, row: usize, reason: Reason) -> usize {
        let columns = &self.groups[reason.group].columns;
        let towards = |column: usize| self.contributions.values[[row, column]] * reason.contribution.signum();
        // A group has at least the column that it was made for.
        columns[1..].iter().fold(
            columns[0],
            |best, other| {
                if towards(*other) > towards(best) { *other } else { best }
            },
        )
    }

    /// Puts a column's value and text for a row in place of what the two strings held.
    fn word(&self, row: usize, column: usize, language: Language, value: &mut String, text: &mut String) {
        let Spoken { phrase, values, .. } = &self.columns[column];
        value.clear();
        text.clear();
        phrase.push_value(value, values, row, language);
        phrase.push_text(text, value, values.is_known(row), language);
    }
}

impl RowReasons {
    /// Both directions, the strongest first; of equals the one whose group comes first.
    fn ranked(&self) -> impl Iterator<Item = Reason> {
        let (mut raising, mut lowering) = (self.raising.iter().peekable(), self.lowering.iter().peekable());
        std::iter::from_fn(move || {
            let raises = match (raising.peek(), lowering.peek()) {
                (Some(up), Some(down)) => {
                    is_stronger(up, down) || (!is_stronger(down, up) && up.group < down.group)
                }
                (up, _) => up.is_some(),
            };
            if raises { raising.next() } else { lowering.next() }.copied()
        })
    }
}

fn is_stronger(a: &Reason, b: &Reason) -> bool {
    a.contribution.abs() > b.contribution.abs()
}

/// `strongest` is sorted, and stays so. Gives what is not, or no longer, among them.
fn keep_strongest(strongest: &mut Vec<Reason>, reason: Reason) -> f64 {
    let place = strongest.iter().position(|other| is_stronger(&reason, other)).unwrap_or(strongest.len());
    if place == NAMED {
        return reason.contribution;
    }
    let last = if strongest.len() == NAMED { strongest.pop() } else { None };
    strongest.insert(place, reason);
    last.map_or(0.0, |last| last.contribution)
}
