//! `kind = "alerts"`: what somebody should look at, and how good such alarms were.

use std::ops::Range;

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    model::{About, ModelSpec},
    ordered::ordered,
    written::Written,
};
use crate::problem::{Result, did_you_mean};

#[derive(Clone, Debug)]
pub struct AlertsSpec {
    /// A published table with one row per customer: its past sets are what alerts look back at.
    pub from: (String, Range<usize>),
    pub alerts: Vec<Alert>,
}

#[derive(Clone, Debug)]
pub struct Alert {
    pub name: String,
    pub description: String,
    pub description_zh: Option<String>,
    /// SQL over `from`, with its place in the file.
    pub when: (String, Range<usize>),
    /// Months in a row that it must hold, today included.
    pub months: u32,
    pub severity: Severity,
    /// SQL for another severity, the first that holds.
    pub severity_when: Vec<(Severity, String, Range<usize>)>,
    pub owner_role: Option<String>,
    pub next_step: Option<String>,
    pub next_step_zh: Option<String>,
    /// Columns of `from` whose figures are shown.
    pub evidence: Vec<(String, Range<usize>)>,
    pub foretells: Option<Foretells>,
    /// Whether it is raised; if not, only the backtest has it.
    pub enabled: bool,
}

/// What a true alarm is followed by.
#[derive(Clone, Debug)]
pub struct Foretells {
    /// Table with `customer_id` and `happened_on`, with its place in the file.
    pub event: (String, Range<usize>),
    pub within_days: u32,
    /// SQL over `from`: customers that those of the alert are compared with; without it all.
    pub among: Option<(String, Range<usize>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    High,
    Medium,
    Low,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::High, Self::Medium, Self::Low].into_iter().find(|s| s.name() == name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertsToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    description_zh: Option<String>,
    from: Spanned<String>,
    alert: Spanned<Vec<AlertToml>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertToml {
    name: Spanned<String>,
    description: String,
    description_zh: Option<String>,
    when: Spanned<String>,
    months: Option<Spanned<u32>>,
    severity: Severity,
    #[serde(default, deserialize_with = "ordered")]
    severity_when: IndexMap<String, Spanned<String>>,
    owner_role: Option<String>,
    next_step: Option<String>,
    next_step_zh: Option<String>,
    #[serde(default)]
    evidence: Vec<Spanned<String>>,
    foretells: Option<ForetellsToml>,
    enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForetellsToml {
    event: Spanned<String>,
    within_days: Spanned<u32>,
    among: Option<Spanned<String>>,
}

/// Sets of so many months are looked back at.
pub const MONTHS_OF_HISTORY: u32 = 12;

pub fn read_alerts(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: AlertsToml = file.toml()?;
    let span = raw.alert.span();
    let mut alerts: Vec<Alert> = Vec::new();
    for alert in raw.alert.into_inner() {
        let name = alert.name.clone();
        if name.as_ref().trim().is_empty() || name.as_ref().contains(':') {
            return Err(file.problem(name.span(), "an alert needs a name, without `:`"));
        }
        if alerts.iter().any(|a| a.name == *name.as_ref()) {
            return Err(file.problem(name.span(), format!("two alerts are named `{}`", name.as_ref())));
        }
        alerts.push(check(file, alert)?);
    }
    if alerts.is_empty() {
        return Err(file
            .problem(span, "there is no alert")
            .help("write [[alert]] with name, description, when and severity"));
    }
    let from = raw.from.span();
    let spec = AlertsSpec { from: (raw.from.into_inner(), from), alerts };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::Alerts(spec)))
}

fn placed(written: Spanned<String>) -> (String, Range<usize>) {
    let span = written.span();
    (written.into_inner(), span)
}

fn check(file: &Written, raw: AlertToml) -> Result<Alert> {
    let mut severity_when = Vec::new();
    for (name, sql) in raw.severity_when {
        let (sql, span) = placed(sql);
        let Some(severity) = Severity::named(&name) else {
            let near = did_you_mean(&name, ["high", "medium", "low"]);
            return Err(file
                .problem(span, format!("unknown severity `{name}`"))
                .help(near.unwrap_or_else(|| "severities are high, medium and low".into())));
        };
        severity_when.push((severity, sql, span));
    }
    let months = raw.months.map_or(Ok(1), |months| match *months.as_ref() {
        n @ 1..=MONTHS_OF_HISTORY => Ok(n),
        n => {
            Err(file
                .problem(months.span(), format!("{n} months in a row: 1 to {MONTHS_OF_HISTORY} can be told")))
        }
    })?;
    let foretells = raw.foretells.map(|raw| match *raw.within_days.as_ref() {
        days @ 1..=365 => {
            Ok(Foretells { event: placed(raw.event), within_days: days, among: raw.among.map(placed) })
        }
        days => Err(file
            .problem(raw.within_days.span(), format!("within {days} days: 1 to 365 can be told"))
            .help("only alarms of the last year are looked at, and whose days are over")),
    });
    Ok(Alert {
        name: raw.name.into_inner(),
        description: raw.description,
        description_zh: raw.description_zh,
        when: placed(raw.when),
        months,
        severity: raw.severity,
        severity_when,
        owner_role: raw.owner_role,
        next_step: raw.next_step,
        next_step_zh: raw.next_step_zh,
        evidence: raw.evidence.into_iter().map(placed).collect(),
        foretells: foretells.transpose()?,
        enabled: raw.enabled.unwrap_or(true),
    })
}
