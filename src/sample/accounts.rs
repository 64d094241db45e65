//! `crm/accounts`: what the CRM wrote about each account, version by version.

use arrow::array::ArrayRef;

use super::{
    calendar::Instant,
    ids::System,
    life::{Customer, Version},
    parquet_out::{Column, days, flags, ints, moments, money, texts},
    table::Row,
    words::{INDUSTRIES, PLANS, REGIONS, SERIES, VERSIONS, owner},
    world::World,
};

#[derive(Clone)]
pub struct AccountRow {
    who: usize,
    nth: usize,
    from: Instant,
    /// Written before the next version came.
    open: bool,
}

pub fn rows(world: &World) -> crate::problem::Result<Vec<AccountRow>> {
    world.gather(|who, customer, out| {
        let versions = customer.versions.iter().enumerate();
        out.extend(versions.map(|(nth, version)| AccountRow { who, nth, from: version.from, open: false }));
    })
}

impl Row for AccountRow {
    const PATH: &'static str = "crm/accounts";
    const MONTHLY: bool = false;
    const SYSTEM: System = System::Crm;

    fn at(&self) -> Instant {
        self.from
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.open = true;
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("account_id"),
            Column::text("customer_name"),
            Column::text("industry").or_null(),
            Column::text("region"),
            Column::int("employees").or_null(),
            Column::money("annual_revenue").or_null(),
            Column::day("registered_on").or_null(),
            Column::text("channel_partner_id").or_null(),
            Column::text("owner"),
            Column::text("product_series"),
            Column::text("product_version"),
            Column::int("digital_maturity").or_null(),
            Column::flag("executive_sponsor"),
            Column::text("expansion_plan"),
            Column::flag("industry_benchmark"),
            Column::int("brand_rank"),
            Column::flag("ecosystem_partner"),
            Column::flag("co_creation"),
            Column::moment("valid_from"),
            Column::moment("valid_to").or_null(),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let of = |row: &Self| {
            let customer: &Customer = &world.customers[row.who];
            (customer, &customer.versions[row.nth])
        };
        let all: Vec<(&Customer, &Version)> = rows.iter().map(|(_, row)| of(row)).collect();
        let profiles = || all.iter().map(|(customer, _)| &customer.profile);
        let versions = || all.iter().map(|(_, version)| version);
        vec![
            texts(rows.iter().map(|(_, row)| Some(world.id(System::Crm, row.who)))),
            texts(profiles().map(|p| Some(&p.name))),
            texts(profiles().map(|p| (!p.unknown.industry).then_some(INDUSTRIES[p.industry].name))),
            texts(profiles().map(|p| Some(REGIONS[p.region]))),
            ints(all.iter().map(|(c, v)| (!c.profile.unknown.employees).then_some(v.employees as i32))),
            money(all.iter().map(|(c, v)| (!c.profile.unknown.revenue).then_some(annual_revenue(c, v)))),
            days(all.iter().map(|(c, _)| (!c.profile.unknown.registered).then_some(c.registered))),
            texts(profiles().map(|p| p.partner.map(|partner| format!("P-{:03}", partner + 1)))),
            texts(all.iter().map(|(c, v)| Some(owner(c.profile.region, v.owner as usize)))),
            texts(profiles().map(|p| Some(SERIES[p.series]))),
            texts(versions().map(|v| Some(VERSIONS[v.product_version as usize]))),
            ints(all.iter().map(|(c, v)| (!c.profile.unknown.maturity).then_some(i32::from(v.maturity)))),
            flags(versions().map(|v| Some(v.sponsor))),
            texts(versions().map(|v| Some(PLANS[v.plan as usize]))),
            flags(profiles().map(|p| Some(p.benchmark))),
            ints(profiles().map(|p| Some(i32::from(p.brand_rank)))),
            flags(profiles().map(|p| Some(p.ecosystem))),
            flags(profiles().map(|p| Some(p.co_creation))),
            moments(versions().map(|v| Some(v.from))),
            moments(rows.iter().map(|(_, row)| {
                let next = world.customers[row.who].versions.get(row.nth + 1);
                next.filter(|_| !row.open).map(|version| version.from)
            })),
        ]
    }
}

/// In hundredths; people round it to ten thousand yuan.
fn annual_revenue(customer: &Customer, version: &Version) -> i64 {
    (version.employees * customer.profile.revenue_per_head / 10.0).round() as i64 * 1_000_000
}
