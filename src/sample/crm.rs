//! `crm/engagements` and `crm/surveys`.

use arrow::array::ArrayRef;

use super::{
    calendar::{Day, Instant, at, weekday},
    chance::{Chance, Purpose},
    ids::System,
    parquet_out::{Column, ints, moments, texts},
    table::Row,
    world::World,
};
use crate::problem::Result;

#[derive(Clone)]
pub struct EngagementRow {
    who: usize,
    at: Instant,
    kind: &'static str,
    level: &'static str,
}

pub fn engagements(world: &World) -> Result<Vec<EngagementRow>> {
    world.gather(|who, customer, out| {
        let mut chance = Chance::new(world.seed, Purpose::Engagements, u64::from(customer.index));
        let size = (customer.profile.employees / 90.0).ln();
        let with_qbr = chance.yes((0.15 + 0.15 * size).clamp(0.03, 0.9));
        for month in 0..world.calendar.months {
            let (mood, drive) = (f64::from(customer.satisfaction[month]), f64::from(customer.growth[month]));
            let warmth = (0.30 * mood + 0.35 * drive).exp();
            let rates = [
                ("call", 0.16 * (0.2 * size).exp(), [0.1, 0.5, 0.4]),
                ("training", 0.045 * warmth, [0.02, 0.28, 0.7]),
                ("executive_visit", 0.018 * warmth * (0.35 * size).exp(), [0.75, 0.25, 0.0]),
                ("qbr", if with_qbr && month % 3 == who % 3 { 0.55 * warmth } else { 0.0 }, [0.3, 0.6, 0.1]),
            ];
            for (kind, rate, levels) in rates {
                for _ in 0..chance.poisson(f64::min(rate, 2.0)).min(4) {
                    let day = workday(world.calendar.start(month) + chance.int(0, 27) as Day);
                    let at = at(day, chance.office_minute() / 30 * 30);
                    let level = ["executive", "manager", "user"][chance.weighted(&levels)];
                    if customer.uses_on(day) && world.calendar.holds(at) {
                        out.push(EngagementRow { who, at, kind, level });
                    }
                }
            }
        }
    })
}

fn workday(day: Day) -> Day {
    day - (weekday(day) - 4).max(0)
}

#[derive(Clone)]
pub struct SurveyRow {
    who: usize,
    at: Instant,
    nps: i32,
    csat: Option<i32>,
}

pub fn surveys(world: &World) -> Result<Vec<SurveyRow>> {
    world.gather(|who, customer, out| {
        let mut chance = Chance::new(world.seed, Purpose::Surveys, u64::from(customer.index));
        let answering = chance.between(0.1, 0.75);
        let turn = chance.index(6);
        // Twice a year.
        for month in (turn..world.calendar.months).step_by(6) {
            let mood = f64::from(customer.satisfaction[month]);
            let day = workday(world.calendar.start(month) + chance.int(0, 27) as Day);
            let at = at(day, chance.office_minute());
            let nps = (7.2 + 1.25 * mood + 1.5 * chance.normal()).round().clamp(0.0, 10.0) as i32;
            let csat = (3.9 + 0.5 * mood + 0.6 * chance.normal()).round().clamp(1.0, 5.0) as i32;
            let with_csat = chance.yes(0.8);
            if chance.yes(answering) && customer.uses_on(day) && world.calendar.holds(at) {
                out.push(SurveyRow { who, at, nps, csat: with_csat.then_some(csat) });
            }
        }
    })
}

impl Row for EngagementRow {
    const PATH: &'static str = "crm/engagements";
    const MONTHLY: bool = false;
    const SYSTEM: System = System::Crm;

    fn at(&self) -> Instant {
        self.at
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.level = "user";
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("engagement_id"),
            Column::text("account_id"),
            Column::moment("held_at"),
            Column::text("kind"),
            Column::text("customer_level"),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let each = || rows.iter().map(|(_, row)| row);
        vec![
            texts(rows.iter().map(|(number, _)| Some(format!("EN{:07}", number + 1)))),
            texts(each().map(|row| Some(world.id(System::Crm, row.who)))),
            moments(each().map(|row| Some(row.at))),
            texts(each().map(|row| Some(row.kind))),
            texts(each().map(|row| Some(row.level))),
        ]
    }
}

impl Row for SurveyRow {
    const PATH: &'static str = "crm/surveys";
    const MONTHLY: bool = false;
    const SYSTEM: System = System::Crm;

    fn at(&self) -> Instant {
        self.at
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.csat = None;
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("survey_id"),
            Column::text("account_id"),
            Column::moment("responded_at"),
            Column::int("nps"),
            Column::int("csat").or_null(),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let each = || rows.iter().map(|(_, row)| row);
        vec![
            texts(rows.iter().map(|(number, _)| Some(format!("SV{:07}", number + 1)))),
            texts(each().map(|row| Some(world.id(System::Crm, row.who)))),
            moments(each().map(|row| Some(row.at))),
            ints(each().map(|row| Some(row.nps))),
            ints(each().map(|row| row.csat)),
        ]
    }
}
