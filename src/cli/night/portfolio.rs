//! How the portfolio stands, and what moved.

use super::{
    super::show::{count, money},
    customers, listed,
};
use crate::run::summary::{Estimate, Group, Moves, Summary};

/// What the line is about, and customers by quadrant, with the share of the revenue that they bring where it is known.
pub fn quadrants(summary: &Summary) -> (&'static str, Vec<String>) {
    let whole = summary.portfolio.as_ref().and_then(|p| p.revenue_12m).filter(|all| *all > 0.0);
    let placed = summary.quadrants.iter().filter_map(|line| Some((line.quadrant.as_deref()?, line)));
    let told = placed.map(|(quadrant, line)| {
        let plural = if line.customers == 1 { "" } else { "s" };
        let share =
            line.revenue_12m.zip(whole).map(|(part, whole)| format!(" {:.0} %", 100.0 * part / whole));
        format!(
            "{} {}{plural}{}",
            count(line.customers),
            quadrant.replace('_', " "),
            share.unwrap_or_default()
        )
    });
    let others = summary.quadrants.iter().filter(|line| line.quadrant.is_none());
    let others = others.map(|line| format!("{} not placed", count(line.customers)));
    let about = if whole.is_some() { "Revenue of" } else { "Quadrants" };
    (about, listed(told.chain(others).collect()))
}

/// Who is a customer since the last set, and who is none any more, in brackets.
pub fn came_and_left(summary: &Summary) -> String {
    let Some(moves) = &summary.moves else { return String::new() };
    let some = |group: &Option<Group>| group.clone().filter(|group| group.customers > 0);
    let came = some(&moves.came).map(|group| format!("{} came", count(group.customers)));
    let left = some(&moves.left).map(|group| {
        let revenue =
            group.revenue_12m.map_or_else(String::new, |revenue| format!(" with {}", money(revenue)));
        format!("{} left{revenue}", count(group.customers))
    });
    let told: Vec<String> = came.into_iter().chain(left).collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}

/// What is expected to be lost and won.
pub fn expected(summary: &Summary) -> Vec<String> {
    let Some(expected) = &summary.expected else { return Vec::new() };
    let within = |e: &Estimate| e.days.map_or_else(String::new, |days| format!(" in {days} days"));
    let loss = expected.loss.as_ref().map(|loss| {
        // risk_summary counts yearly margin; what value_at_risk is of elsewhere, only its project knows.
        let lost = if expected.leavers.is_some() { "yearly margin lost" } else { "at risk" };
        let range = loss.low.zip(loss.high);
        let range =
            range.map_or_else(String::new, |(low, high)| format!(" ({} to {})", money(low), money(high)));
        match loss.value {
            None => "loss unknown".to_owned(),
            Some(value) => format!("{} {lost}{}{range}", money(value), within(loss)),
        }
    });
    let growth = expected.growth.as_ref().map(|growth| match growth.value {
        None => "growth unknown".to_owned(),
        Some(value) => format!("{} growth{}", money(value), within(growth)),
    });
    listed(loss.into_iter().chain(growth).collect())
}

/// Who changed quadrant, with their revenue, and by what most of them did.
pub fn moved(summary: &Summary) -> Vec<String> {
    let Some(moves) = &summary.moves else {
        // After the first night, a project without quadrants or a last set without them has nothing to say here.
        return match (summary.previous, summary.quadrants.is_empty()) {
            (None, false) => vec!["nothing to compare with: this is the first set".into()],
            _ => Vec::new(),
        };
    };
    let since = summary.previous.map_or_else(String::new, |day| format!(" since {day}"));
    if moves.all.customers == 0 {
        return vec![format!("nobody{since}")];
    }
    let all = with(&moves.all, &customers(moves.all.customers));
    let up = with(&moves.up, &format!("{} up", count(moves.up.customers)));
    let down = with(&moves.down, &format!("{} down", count(moves.down.customers)));
    match cause(moves) {
        Some(cause) => vec![format!("{all}{since}:"), up + ",", down + ";", cause],
        None => vec![format!("{all}{since}:"), up + ",", down],
    }
}

/// What moved the most.
fn cause(moves: &Moves) -> Option<String> {
    let (cause, moved) = moves.causes.first()?;
    let by = match cause.as_str() {
        "data" => "own figures",
        "late_data" => "late data",
        "cuts" => "moved cuts",
        "stay" => "the end of a minimum stay",
        "rule" => "a rule",
        "settings" => "changed settings",
        "model" => "another model",
        other => other,
    };
    Some(format!("{} by {by}", count(*moved)))
}

/// These words for a group, and its revenue.
fn with(group: &Group, words: &str) -> String {
    match group.revenue_12m {
        Some(amount) if group.customers > 0 => format!("{words} ({})", money(amount)),
        _ => words.to_owned(),
    }
}
