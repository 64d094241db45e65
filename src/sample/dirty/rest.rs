//! Dirt in what support and the product deliver.

use std::path::Path;

use super::{
    Dirt, DirtKind,
    edit::{after, all, month_file},
    links::Links,
    rows::{Names, OddRows},
};
use crate::problem::Result;

const HOUR: i64 = 3_600_000_000;

pub fn tickets(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = month_file(lake, "support/tickets", 2)?;
    let names = Names { table: "support/tickets", id: "ticket_id", who: "support_org_id", system: "support" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00001.parquet")?;
    odd.odd(DirtKind::NegativeDuration, 3, |rows| {
        let solved = after(&rows, "resolved_at", "opened_at", -2 * HOUR)?;
        after(&solved, "first_response_at", "opened_at", -3 * HOUR)
    })?;
    odd.odd(DirtKind::Orphan, 4, |rows| all(&rows, "support_org_id", Some("S-NOBODY")))?;
    odd.odd(DirtKind::NegativeCount, 1, |rows| {
        // Known when the ticket is solved, so it must be.
        let solved = after(&rows, "resolved_at", "opened_at", HOUR)?;
        all(&solved, "handling_minutes", Some("-5"))
    })?;
    odd.odd(DirtKind::PastDate, 1, |rows| {
        let opened = all(&rows, "opened_at", Some("1970-01-01T00:00:00Z"))?;
        after(&opened, "resolved_at", "opened_at", HOUR)
    })?;
    odd.odd(DirtKind::FutureDate, 1, |rows| all(&rows, "opened_at", Some("2199-12-31T00:00:00Z")))?;
    odd.odd(DirtKind::Null, 2, |rows| all(&rows, "category", None))?;
    odd.write()
}

pub fn usage(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = month_file(lake, "product/usage_daily", 2)?;
    // Its key is the tenant, the day and the module: a module of its own is a row of its own.
    let names = Names { table: "product/usage_daily", id: "module", who: "tenant_id", system: "product" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00001.parquet")?;
    odd.odd(DirtKind::NegativeCount, 2, |rows| all(&rows, "logins", Some("-100")))?;
    odd.odd(DirtKind::Orphan, 3, |rows| all(&rows, "tenant_id", Some("T-NOBODY")))?;
    odd.write()
}
