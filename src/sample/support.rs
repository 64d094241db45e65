//! `support/tickets`.

use arrow::array::ArrayRef;

use super::{
    calendar::{Day, Instant, MINUTE, at, weekday},
    chance::{Chance, Purpose, mix},
    ids::{System, spelled},
    parquet_out::{Column, flags, ints, moments, texts},
    table::Row,
    words::TICKET_CATEGORIES,
    world::World,
};
use crate::problem::Result;

#[derive(Clone)]
pub struct TicketRow {
    who: usize,
    opened: Instant,
    responded: Option<Instant>,
    resolved: Option<Instant>,
    severity: u8,
    category: u8,
    complaint: bool,
    reopened: u8,
    minutes: u32,
    csat: Option<u8>,
}

pub fn tickets(world: &World) -> Result<Vec<TicketRow>> {
    world.gather(|who, customer, out| {
        let mut chance = Chance::new(world.seed, Purpose::Tickets, u64::from(customer.index));
        let habit = (0.45 * chance.normal()).exp();
        for month in 0..world.calendar.months {
            let first = world.calendar.start(month);
            let mood = f64::from(customer.satisfaction[month]);
            let size = (f64::from(customer.users_on(first)) / 25.0).powf(0.35);
            // Beginners ask more.
            let young = if first - customer.start < 120 { 1.7 } else { 1.0 };
            for _ in 0..chance.poisson(0.42 * habit * size * young * (-0.40 * mood).exp()) {
                let ticket = ticket(&mut chance, who, first, mood);
                let day = super::calendar::day_of(ticket.opened);
                if customer.uses_on(day) && day < world.calendar.end {
                    out.push(ticket.known(world));
                }
            }
        }
    })
}

fn ticket(chance: &mut Chance, who: usize, month: Day, mood: f64) -> TicketRow {
    let day = month + chance.int(0, 29) as Day;
    // Weekends are quiet.
    let day = if weekday(day) > 4 && chance.yes(0.85) { day - 2 } else { day };
    let opened = at(day, chance.office_minute());
    let severity = 1 + chance.weighted(&[0.05, 0.17, 0.45, 0.33]) as u8;
    let pace = f64::from(severity) * (-0.15 * mood).exp();
    let response = (14.0 * pace * (0.9 * chance.normal()).exp()).clamp(2.0, 4000.0) as i64;
    let handling = (45.0 * (0.8 * chance.normal() - 0.1 * mood).exp()).clamp(5.0, 3000.0);
    let repair = (700.0 * pace * (1.0 * chance.normal()).exp()).clamp(handling, 60_000.0) as i64;
    let reopened = chance.poisson(0.12 * (-0.35 * mood).exp()).min(4) as u8;
    let rated = chance.yes(0.35);
    let csat = (4.0 + 0.5 * mood - 0.5 * f64::from(reopened) + 0.8 * chance.normal()).round().clamp(1.0, 5.0);
    let closed = !chance.yes(0.012);
    TicketRow {
        who,
        opened,
        responded: Some(opened + response * MINUTE),
        resolved: closed.then_some(opened + (response + repair) * MINUTE),
        severity,
        category: chance.weighted(&[3.0, 2.0, 0.8, 1.0, 0.9, 1.2, 0.5]) as u8,
        complaint: chance.yes(1.0 / (1.0 + (3.0 + 0.9 * mood).exp())),
        reopened,
        minutes: (handling / 5.0).round() as u32 * 5,
        csat: rated.then_some(csat as u8),
    }
}

impl TicketRow {
    /// What support knew of it at the end of the lake.
    fn known(mut self, world: &World) -> Self {
        self.responded = self.responded.and_then(|instant| world.calendar.known(instant));
        self.resolved = self.resolved.and_then(|instant| world.calendar.known(instant));
        self
    }
}

impl Row for TicketRow {
    const PATH: &'static str = "support/tickets";
    const MONTHLY: bool = true;
    const SYSTEM: System = System::Support;

    fn at(&self) -> Instant {
        self.opened
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.resolved = None;
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("ticket_id"),
            Column::text("support_org_id"),
            Column::moment("opened_at"),
            Column::moment("first_response_at").or_null(),
            Column::moment("resolved_at").or_null(),
            Column::int("severity"),
            Column::text("category"),
            Column::flag("is_complaint"),
            Column::int("reopened_count").or_null(),
            Column::int("handling_minutes").or_null(),
            Column::int("csat").or_null(),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let each = || rows.iter().map(|(_, row)| row);
        let org = |(number, row): &(usize, Self)| {
            let hash = mix(mix(world.seed, Purpose::Spelling as u64), *number as u64);
            Some(spelled(world.id(System::Support, row.who), hash, 0.03))
        };
        vec![
            texts(rows.iter().map(|(number, _)| Some(format!("TK{:08}", number + 1)))),
            texts(rows.iter().map(org)),
            moments(each().map(|row| Some(row.opened))),
            moments(each().map(|row| row.responded)),
            moments(each().map(|row| row.resolved)),
            ints(each().map(|row| Some(i32::from(row.severity)))),
            texts(each().map(|row| Some(TICKET_CATEGORIES[row.category as usize]))),
            flags(each().map(|row| Some(row.complaint))),
            ints(each().map(|row| row.resolved.map(|_| i32::from(row.reopened)))),
            ints(each().map(|row| row.resolved.map(|_| row.minutes as i32))),
            ints(each().map(|row| row.resolved.and(row.csat).map(i32::from))),
        ]
    }
}
