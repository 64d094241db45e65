//! `erp/contracts`.

use arrow::array::ArrayRef;

use super::{
    calendar::Instant,
    contracts::{Contract, Kind},
    ids::System,
    parquet_out::{Column, days, ints, moments, money, texts},
    table::Row,
    words::MODULES,
    world::World,
};

#[derive(Clone)]
pub struct ContractRow {
    who: usize,
    nth: usize,
    signed: Instant,
    number: u32,
    uncosted: bool,
}

/// All contracts in the order of their numbers.
pub fn rows(world: &World) -> Vec<ContractRow> {
    let row = |(who, nth, contract): (usize, usize, &Contract)| ContractRow {
        who,
        nth,
        signed: contract.signed,
        number: contract.number,
        uncosted: false,
    };
    let mut rows: Vec<ContractRow> = world.contracts().map(row).collect();
    rows.sort_unstable_by_key(|row| row.number);
    rows
}

pub fn contract_id(number: u32) -> String {
    format!("K{number:07}")
}

impl Row for ContractRow {
    const PATH: &'static str = "erp/contracts";
    const MONTHLY: bool = false;
    const SYSTEM: System = System::Erp;

    fn at(&self) -> Instant {
        self.signed
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.uncosted = true;
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("contract_id"),
            Column::text("erp_customer_id"),
            Column::text("contract_type"),
            Column::text("module").or_null(),
            Column::int("licensed_users").or_null(),
            Column::money("amount"),
            Column::money("implementation_cost"),
            Column::moment("signed_at"),
            Column::day("starts_on"),
            Column::day("ends_on").or_null(),
            Column::moment("cancelled_at").or_null(),
            Column::text("renews_contract_id").or_null(),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let all: Vec<&Contract> =
            rows.iter().map(|(_, row)| &world.customers[row.who].contracts[row.nth]).collect();
        let each = || all.iter();
        vec![
            texts(each().map(|c| Some(contract_id(c.number)))),
            texts(rows.iter().map(|(_, row)| Some(world.id(System::Erp, row.who)))),
            texts(each().map(|c| Some(c.kind.name()))),
            texts(
                each().map(|c| c.module.filter(|_| c.kind == Kind::Module).map(|m| MODULES[m as usize].name)),
            ),
            ints(each().map(|c| c.users.map(|users| users as i32))),
            money(each().map(|c| Some(c.amount * 100))),
            money(
                rows.iter()
                    .zip(each())
                    .map(|((_, row), c)| Some(if row.uncosted { 0 } else { c.implementation * 100 })),
            ),
            moments(each().map(|c| Some(c.signed))),
            days(each().map(|c| Some(c.starts))),
            days(each().map(|c| c.ends)),
            moments(each().map(|c| c.cancelled)),
            texts(rows.iter().zip(each()).map(|((_, row), c)| {
                c.renews.map(|nth| contract_id(world.customers[row.who].contracts[nth].number))
            })),
        ]
    }
}
