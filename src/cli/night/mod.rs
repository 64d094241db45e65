//! What a run says at its end: about ten lines for somebody who has ten seconds.

mod details;
mod lines;
mod models;
mod portfolio;
#[cfg(test)]
mod tests;
mod work;

use super::show::{bytes, count, money, seconds};
use crate::run::summary::Summary;
use lines::{add, line};

pub use details::details;
pub use lines::{clean, clean_lines};

/// How the portfolio stands, what moved, what to do, and whether it can be relied on. What the project does not publish
/// has no line.
pub fn summary(summary: &Summary) -> String {
    let mut out = head(summary);
    let (about, quadrants) = portfolio::quadrants(summary);
    add(&mut out, about, &quadrants);
    add(&mut out, "Expected", &portfolio::expected(summary));
    add(&mut out, "Moved", &portfolio::moved(summary));
    add(&mut out, "Calls", &work::calls(summary));
    line(&mut out, " ", &work::first_calls(summary));
    add(&mut out, "Alerts", &work::alerts(summary));
    if summary.portfolio.is_none() {
        add(&mut out, "Tables", &tables(summary));
    }
    add(&mut out, "Models", &models::models(&summary.models));
    line(&mut out, "Data", &work::data(summary));
    out.push('\n');
    out.push_str(&last(summary));
    out
}

fn head(summary: &Summary) -> String {
    let mut text = format!("As of {}", summary.as_of);
    if let Some(portfolio) = &summary.portfolio {
        text += &format!(": {}{}", customers(portfolio.customers), portfolio::came_and_left(summary));
        if let Some(revenue) = portfolio.revenue_12m {
            text += &format!(", {} revenue in 12 months", money(revenue));
        }
    }
    text + "\n\n"
}

fn tables(summary: &Summary) -> Vec<String> {
    listed(summary.tables.iter().map(|t| format!("{} {} rows", t.table, count(t.rows as i64))).collect())
}

/// What stands where, and where to look.
fn last(summary: &Summary) -> String {
    let state = if summary.changed { "published" } else { "unchanged: the same set stood there" };
    let next = match (summary.reports.as_slice(), &summary.portfolio, summary.tables.first()) {
        ([], None, Some(first)) => format!("Next: luopan query {}", first.table),
        ([], ..) => "Next: luopan report".to_owned(),
        (written, ..) => format!("Report: {}", written.join(" ")),
    };
    let tables = if summary.tables.len() == 1 { "table" } else { "tables" };
    let pieces = [
        format!("Set {} of {} ({state}):", summary.set, summary.as_of),
        format!("{} {tables}, {}", summary.tables.len(), bytes(summary.bytes)),
        format!("in {}, {}.", summary.warehouse, seconds(summary.seconds)),
        next,
    ];
    let mut out = String::new();
    add(&mut out, "", &pieces);
    out
}

fn customers(number: i64) -> String {
    if number == 1 { "1 customer".into() } else { format!("{} customers", count(number)) }
}

/// Pieces of a line, each but the last with a comma.
fn listed(mut pieces: Vec<String>) -> Vec<String> {
    let last = pieces.len().saturating_sub(1);
    pieces[..last].iter_mut().for_each(|piece| piece.push(','));
    pieces
}
