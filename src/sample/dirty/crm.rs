//! Dirt in what the CRM delivers.

use std::path::Path;

use super::{
    Dirt, DirtKind,
    edit::{after, all, with_money},
    links::Links,
    rows::{Names, OddRows},
};
use crate::problem::Result;

const DAY: i64 = 86_400_000_000;

pub fn opportunities(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = lake.join("crm/opportunities/part-00002.parquet");
    let names = Names { table: "crm/opportunities", id: "opportunity_id", who: "account_id", system: "crm" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00003.parquet")?;
    odd.odd(DirtKind::NegativeDuration, 2, |rows| after(&rows, "closed_at", "created_at", -5 * DAY))?;
    odd.odd(DirtKind::HugeAmount, 1, |rows| with_money(&rows, "amount", |_| 100_000_000_000_000))?;
    odd.odd(DirtKind::NegativeAmount, 1, |rows| with_money(&rows, "amount", |cents| -cents.abs()))?;
    odd.write()
}

pub fn engagements(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = lake.join("crm/engagements/part-00002.parquet");
    let names = Names { table: "crm/engagements", id: "engagement_id", who: "account_id", system: "crm" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00003.parquet")?;
    odd.odd(DirtKind::NoTime, 2, |rows| all(&rows, "held_at", None))?;
    odd.odd(DirtKind::PastDate, 1, |rows| all(&rows, "held_at", Some("1900-01-01T00:00:00Z")))?;
    odd.odd(DirtKind::FutureDate, 1, |rows| all(&rows, "held_at", Some("2199-12-31T00:00:00Z")))?;
    odd.write()
}

/// A version from before anything else that was over before it began.
pub fn accounts(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = lake.join("crm/accounts/part-00002.parquet");
    let names = Names { table: "crm/accounts", id: "account_id", who: "account_id", system: "crm" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00003.parquet")?;
    odd.again(DirtKind::NegativeDuration, 1, |rows| {
        let early = all(&rows, "valid_from", Some("2001-01-01T00:00:00Z"))?;
        after(&early, "valid_to", "valid_from", -DAY)
    })?;
    odd.write()
}
