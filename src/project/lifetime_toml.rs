//! Lifetime models as written in TOML → checked specs.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{
    model::{About, ModelSpec},
    written::Written,
};
use crate::problem::Result;

/// How long customers without contracts stay, how often they will buy, and what that is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifetimeSpec {
    /// Table with one row per customer who has ever bought (of those who still buy alone it could only be learned that
    /// nobody leaves): customer_id, repeats, last_days, age_days, mean_value.
    pub purchases: String,
    /// How far ahead purchases and their value are counted.
    pub horizon_days: u32,
    /// What a year takes from a unit of money: 0.10 makes 110 in a year worth 100 today.
    pub yearly_discount: f64,
    /// Share of a purchase's value that is earned.
    pub margin: f64,
    /// Table in `sql/labels/` with a column of the same name: the purchases within its horizon.
    pub future: String,
    /// With fewer customers who have bought more than once the model refuses.
    pub min_events: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LifetimeToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    description_zh: Option<String>,
    purchases: String,
    horizon_days: Spanned<u32>,
    yearly_discount: Spanned<f64>,
    margin: Spanned<f64>,
    future: String,
    min_events: Option<Spanned<usize>>,
}

pub fn read_lifetime(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: LifetimeToml = file.toml()?;
    if !(1..=36_500).contains(raw.horizon_days.as_ref()) {
        return Err(file
            .problem(raw.horizon_days.span(), "horizon_days must be from 1 to 36500")
            .help("one to five years is usual: further ahead purchases are guesswork"));
    }
    if !(0.0..1.0).contains(raw.yearly_discount.as_ref()) {
        return Err(file
            .problem(raw.yearly_discount.span(), "yearly_discount must be at least 0 and below 1")
            .help("it is a share: 10 % a year is 0.10"));
    }
    if !(*raw.margin.as_ref() > 0.0 && *raw.margin.as_ref() <= 1.0) {
        return Err(file
            .problem(raw.margin.span(), "margin must be above 0 and at most 1")
            .help("it is the share of a purchase's value that is earned: 30 % is 0.3"));
    }
    if let Some(events) = raw.min_events.as_ref().filter(|e| *e.as_ref() < 10) {
        return Err(file
            .problem(events.span(), "min_events must be at least 10")
            .help("a model from fewer customers would only repeat chance"));
    }
    let spec = LifetimeSpec {
        purchases: raw.purchases,
        horizon_days: raw.horizon_days.into_inner(),
        yearly_discount: raw.yearly_discount.into_inner(),
        margin: raw.margin.into_inner(),
        future: raw.future,
        min_events: raw.min_events.map_or(50, Spanned::into_inner),
    };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::Lifetime(spec)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
kind = "lifetime"
description = "What customers will buy in a year."
purchases = "customer_purchases"
horizon_days = 365
yearly_discount = 0.10
margin = 0.3
future = "future_purchases"
"#;

    fn read(text: &str) -> Result<LifetimeSpec> {
        let file = Written { path: "models/lifetime.toml".into(), text: text.into() };
        match read_lifetime(&file)? {
            (_, ModelSpec::Lifetime(spec)) => Ok(spec),
            (_, other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_whole_is_read() {
        let spec = read(WHOLE).unwrap();
        assert_eq!(
            (spec.purchases.as_str(), spec.future.as_str()),
            ("customer_purchases", "future_purchases")
        );
        assert_eq!((spec.horizon_days, spec.yearly_discount, spec.margin), (365, 0.10, 0.3));
        assert_eq!(spec.min_events, 50);
    }

    #[test]
    fn faults_are_shown_at_their_line() {
        for (line, instead, place, says) in [
            ("margin = 0.3", "margin = 30", "7:10", "share of a purchase's value"),
            ("margin = 0.3", "margin = 0.0", "7:10", "margin must be above 0"),
            ("margin = 0.3", "", "1:1", "missing field `margin`"),
            ("margin = 0.3", "margn = 0.3", "7:1", "did you mean `margin`?"),
            ("yearly_discount = 0.10", "yearly_discount = 10.0", "6:19", "10 % a year is 0.10"),
            ("yearly_discount = 0.10", "yearly_discount = nan", "6:19", "yearly_discount must be"),
            ("horizon_days = 365", "horizon_days = 0", "5:16", "from 1 to 36500"),
            ("horizon_days = 365", "horizon_days = -3", "5:16", "invalid value"),
            ("horizon_days = 365", "horizon_days = 365\nmin_events = 5", "6:14", "at least 10"),
        ] {
            let shown = read(&WHOLE.replace(line, instead)).unwrap_err().to_string();
            assert!(shown.starts_with(&format!("models/lifetime.toml:{place}: ")), "{shown}");
            assert!(shown.contains(says), "{shown}");
        }
    }
}
