//! `crm/opportunities`.

use arrow::array::ArrayRef;

use super::{
    calendar::{Day, Instant, day_of},
    chance::{Chance, Purpose},
    ids::System,
    life::{Customer, Deal},
    parquet_out::{Column, flags, moments, money, texts},
    table::Row,
    words::{COMPETITORS, MODULES},
    world::World,
};
use crate::problem::Result;

#[derive(Clone)]
pub struct OpportunityRow {
    who: usize,
    nth: usize,
    created: Instant,
    competitor: Option<&'static str>,
    referred_by: Option<usize>,
    guessed: bool,
}

pub fn rows(world: &World) -> Result<Vec<OpportunityRow>> {
    world.gather(|who, customer, out| {
        let mut chance = Chance::new(world.seed, Purpose::Opportunities, u64::from(customer.index));
        for (nth, deal) in customer.deals.iter().enumerate() {
            let contested = chance.yes(if deal.won { 0.15 } else { 0.55 });
            let competitor = *chance.pick(&COMPETITORS);
            let rate = if deal.kind == "new" { 0.25 } else { 0.01 };
            let referred_by =
                chance.yes(rate).then(|| referrer(&mut chance, world, who, day_of(deal.created))).flatten();
            out.push(OpportunityRow {
                who,
                nth,
                created: deal.created,
                competitor: contested.then_some(competitor),
                referred_by,
                guessed: false,
            });
        }
    })
}

/// Somebody content who was a customer already; the best of a few with lower numbers.
fn referrer(chance: &mut Chance, world: &World, who: usize, day: Day) -> Option<usize> {
    let candidates: Vec<usize> = (0..4).map(|_| chance.index(who.max(1))).collect();
    let known = |other: &usize| *other != who && world.customers[*other].uses_on(day);
    let mood = |other: &usize| world.customers[*other].profile.temper;
    candidates.into_iter().filter(known).max_by(|a, b| mood(a).total_cmp(&mood(b)).then(a.cmp(b)))
}

impl Row for OpportunityRow {
    const PATH: &'static str = "crm/opportunities";
    const MONTHLY: bool = false;
    const SYSTEM: System = System::Crm;

    fn at(&self) -> Instant {
        self.created
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.guessed = true;
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("opportunity_id"),
            Column::text("account_id"),
            Column::text("kind"),
            Column::text("module").or_null(),
            Column::money("amount"),
            Column::moment("created_at"),
            Column::moment("closed_at").or_null(),
            Column::flag("won").or_null(),
            Column::text("competitor").or_null(),
            Column::text("referred_by_account_id").or_null(),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let all: Vec<(&Self, &Deal, Option<Instant>)> = rows
            .iter()
            .map(|(_, row)| {
                let customer: &Customer = &world.customers[row.who];
                let deal = &customer.deals[row.nth];
                (row, deal, world.calendar.known(deal.closed))
            })
            .collect();
        let each = || all.iter();
        vec![
            texts(rows.iter().map(|(number, _)| Some(format!("OP{:07}", number + 1)))),
            texts(each().map(|(row, ..)| Some(world.id(System::Crm, row.who)))),
            texts(each().map(|(_, deal, _)| Some(deal.kind))),
            texts(each().map(|(_, deal, _)| deal.module.map(|module| MODULES[module as usize].name))),
            money(each().map(|(row, deal, _)| Some(rounded(deal.amount, row.guessed) * 100))),
            moments(each().map(|(_, deal, _)| Some(deal.created))),
            moments(each().map(|(.., closed)| *closed)),
            flags(each().map(|(_, deal, closed)| closed.map(|_| deal.won))),
            texts(each().map(|(row, _, closed)| closed.and(row.competitor))),
            texts(each().map(|(row, ..)| row.referred_by.map(|other| world.id(System::Crm, other)))),
        ]
    }
}

/// A first guess is a round number.
fn rounded(yuan: i64, guessed: bool) -> i64 {
    if guessed { (yuan + 9_999) / 10_000 * 10_000 } else { yuan }
}
