//! Scorecards, quadrants, rules, alerts and capacities: specs in TOML → SQL that a person can read.

pub mod alerts;
pub mod backtest;
pub mod capacity;
pub mod contract_lifetime;
pub mod cut;
pub mod evidence;
pub mod flips;
pub mod quadrant;
pub mod rules;
pub mod scorecard;

/// A figure as SQL reads it back to the same f64.
fn number(value: f64) -> String {
    if value == value.trunc() && value.abs() < 1e15 { format!("{value:.1}") } else { format!("{value}") }
}

/// A text as an SQL literal.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Points and scores: 0-100 with four places, so that sums are exact.
const POINTS: &str = "DECIMAL(9,4)";
