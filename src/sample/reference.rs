//! `identity/links` and the two small tables that never change.

use std::path::Path;

use super::{
    TableSummary,
    calendar::Instant,
    chance::{Purpose, mix},
    ids::{System, customer_id, is_orphan, linked_at, spelled},
    parquet_out::{CHUNK, Column, Sink, doubles, flags, moments, money, texts},
    words::{INDUSTRIES, MODULES},
    world::World,
};
use crate::problem::Result;

/// Share of the ids that the links write in small letters.
const SMALL_LETTERS: f64 = 0.06;

/// One file, in the order in which the links were made.
pub fn links(world: &World, out: &Path) -> Result<TableSummary> {
    let mut rows: Vec<(Instant, u32, System)> = Vec::with_capacity(world.customers.len() * 4);
    for customer in world.customers.iter().filter(|customer| !is_orphan(customer.index)) {
        for system in System::ALL {
            let at = linked_at(world.seed, customer, system, &world.calendar);
            rows.extend(at.map(|at| (at, customer.index, system)));
        }
    }
    rows.sort_unstable_by_key(|(at, index, system)| (*at, *index, *system as u8));
    let columns = [
        Column::text("customer_id"),
        Column::text("source_system"),
        Column::text("source_id"),
        Column::moment("linked_at"),
    ];
    let mut sink = Sink::create(&out.join("identity/links/part-00000.parquet"), &columns)?;
    let key = mix(world.seed, Purpose::Spelling as u64);
    for chunk in rows.chunks(CHUNK) {
        let source_id = |(_, index, system): &(Instant, u32, System)| {
            let hash = mix(key, u64::from(*index) * 4 + *system as u64);
            Some(spelled(system.id(world.seed, *index), hash, SMALL_LETTERS))
        };
        sink.write(vec![
            texts(chunk.iter().map(|(_, index, _)| Some(customer_id(*index)))),
            texts(chunk.iter().map(|(_, _, system)| Some(system.name()))),
            texts(chunk.iter().map(source_id)),
            moments(chunk.iter().map(|(at, ..)| Some(*at))),
        ])?;
    }
    single("identity/links", sink)
}

pub fn industries(out: &Path) -> Result<TableSummary> {
    let columns =
        [Column::text("industry"), Column::double("outlook_growth"), Column::flag("policy_support")];
    let mut sink = Sink::create(&out.join("reference/industries.parquet"), &columns)?;
    sink.write(vec![
        texts(INDUSTRIES.iter().map(|industry| Some(industry.name))),
        doubles(INDUSTRIES.iter().map(|industry| Some(industry.outlook))),
        flags(INDUSTRIES.iter().map(|industry| Some(industry.policy_support))),
    ])?;
    single("reference/industries", sink)
}

pub fn modules(out: &Path) -> Result<TableSummary> {
    let columns = [
        Column::text("module"),
        Column::flag("is_core"),
        Column::text("category"),
        Column::money("list_price"),
    ];
    let mut sink = Sink::create(&out.join("reference/modules.parquet"), &columns)?;
    sink.write(vec![
        texts(MODULES.iter().map(|module| Some(module.name))),
        flags(MODULES.iter().map(|module| Some(module.is_core))),
        texts(MODULES.iter().map(|module| Some(module.category))),
        money(MODULES.iter().map(|module| Some(module.list_price * 100))),
    ])?;
    single("reference/modules", sink)
}

fn single(name: &'static str, sink: Sink) -> Result<TableSummary> {
    let rows = sink.rows;
    Ok(TableSummary { name, files: 1, rows, bytes: sink.close()?, late: 0, doubled: 0, orphaned: 0 })
}
