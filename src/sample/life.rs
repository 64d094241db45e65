//! A customer's life, month by month: how it feels and grows, what it signs, and when it leaves.
//!
//! Two hidden moods drift: satisfaction and growth. All that the lake shows (usage, tickets, surveys, payments, deals)
//! follows them with noise of its own, so that a model can learn from it, and no model can know everything.

use super::{
    calendar::{Calendar, Day, Instant, at, months_later},
    chance::{Chance, Purpose},
    contracts::{Book, Contract},
    profile::Profile,
    words::{OWNERS_PER_REGION, PLAN_WEIGHTS},
};

/// Share of the customers that came while the lake was being filled.
const NEWCOMERS: f64 = 0.27;

pub struct Customer {
    pub index: u32,
    pub profile: Profile,
    pub registered: Day,
    /// First day of the first contract.
    pub start: Day,
    /// First day without the product; may come after the end of the lake, which then knows nothing of it.
    pub left: Option<Day>,
    /// For each simulated month, in standard deviations.
    pub satisfaction: Vec<f32>,
    pub growth: Vec<f32>,
    /// For each simulated month: the share of licensed users that come.
    pub activity: Vec<f32>,
    /// Licensed users from a day on.
    pub users: Vec<(Day, u32)>,
    /// Modules, each from a day on.
    pub modules: Vec<(Day, u8)>,
    pub contracts: Vec<Contract>,
    pub versions: Vec<Version>,
    pub deals: Vec<Deal>,
}

/// What the CRM wrote about an account from a moment on.
#[derive(Clone)]
pub struct Version {
    pub from: Instant,
    pub employees: f64,
    pub maturity: u8,
    pub sponsor: bool,
    pub plan: u8,
    pub owner: u8,
    pub product_version: u8,
}

/// Something that the vendor tried to sell; may close after the end of the lake.
pub struct Deal {
    pub kind: &'static str,
    pub module: Option<u8>,
    pub amount: i64,
    pub created: Instant,
    pub closed: Instant,
    pub won: bool,
}

pub(super) struct Leaving {
    pub(super) decided: usize,
    pub(super) on: Day,
    /// Share of the usage that is gone by the day of leaving.
    pub(super) fading: f64,
}

pub(super) struct Life<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) chance: Chance,
    pub(super) book: Book,
    pub(super) now: Version,
    pub(super) mood: f64,
    pub(super) drive: f64,
    /// Slow change of adoption, as log-odds.
    drift: f64,
    /// A passing slump: months left and share of usage missing.
    slump: (u32, f64),
    pub(super) leaving: Option<Leaving>,
    pub(super) licensed: u32,
    pub(super) customer: Customer,
}

/// The customer of a number: depends on the seed and the number only.
pub fn live(seed: u64, index: u32, calendar: &Calendar) -> Customer {
    let mut chance = Chance::new(seed, Purpose::Life, u64::from(index));
    let profile = Profile::draw(seed, &mut chance);
    let opening = calendar.opening();
    let start = if chance.yes(NEWCOMERS) {
        opening + chance.int(0, i64::from(calendar.end - opening) - 1) as Day
    } else {
        opening - 20 - (chance.unit().powf(1.5) * 11.0 * 365.0) as Day
    };
    let mut life = Life::begin(chance, profile, index, start, calendar);
    life.before_the_lake();
    let first = if start < opening { 0 } else { calendar.month_of(start) };
    // Some months beyond the end, for what is under way there: open deals, notices to come, terms signed early.
    for month in first..calendar.months + 4 {
        life.month(month);
    }
    life.finish()
}

impl<'a> Life<'a> {
    fn begin(mut chance: Chance, profile: Profile, index: u32, start: Day, calendar: &'a Calendar) -> Self {
        let years = (f64::from(calendar.opening() - start) / 365.0).max(0.0);
        let book = Book::open(&mut chance, &profile.terms, start, profile.users, profile.yearly_price());
        let registered = start - chance.int(45, 240) as Day;
        let size = (profile.employees / 90.0).ln();
        let now = Version {
            from: at(registered, chance.office_minute()),
            employees: profile.employees * (-0.04 * years).exp(),
            maturity: (2.6 + 0.4 * size + 0.8 * chance.normal()).clamp(1.0, 5.0) as u8,
            sponsor: chance.yes(0.40 + 0.1 * profile.temper.clamp(-2.0, 2.0)),
            plan: if chance.yes(0.12) { 1 + chance.weighted(&PLAN_WEIGHTS) as u8 } else { 0 },
            owner: chance.index(OWNERS_PER_REGION) as u8,
            product_version: (4.0 - years * 0.6).max(0.0) as u8,
        };
        let customer = Customer {
            index,
            registered,
            start,
            left: None,
            satisfaction: vec![0.0; calendar.months],
            growth: vec![0.0; calendar.months],
            activity: vec![0.0; calendar.months],
            users: vec![(start, profile.users)],
            modules: profile.modules.iter().map(|module| (start, *module)).collect(),
            contracts: Vec::new(),
            versions: vec![now.clone()],
            deals: Vec::new(),
            profile,
        };
        let (temper, vigour, licensed) =
            (customer.profile.temper, customer.profile.vigour, customer.profile.users);
        let mood = temper + 0.5 * chance.normal();
        let drive = vigour + 0.4 * chance.normal();
        let mut life = Life {
            calendar,
            chance,
            book,
            now,
            mood,
            drive,
            // Where drift comes to rest, for those that have been there long.
            drift: if years > 0.0 { 0.7 * drive } else { 0.0 },
            slump: (0, 0.0),
            leaving: None,
            licensed,
            customer,
        };
        life.first_sale();
        life
    }

    /// The years of which only contracts and accounts tell: it stayed, renewed, and bought now and then.
    fn before_the_lake(&mut self) {
        let opening = self.calendar.opening();
        while self.book.term_end() < opening + 40 {
            let term_end = self.book.term_end();
            if self.chance.yes(0.22) {
                self.sell_more(months_later(term_end, 1));
            }
            let mood = 0.01 * self.drive;
            self.book.renew(&mut self.chance, &self.customer.profile.terms, self.licensed, mood);
        }
        if self.customer.start < opening - 200 {
            self.now.employees = self.customer.profile.employees;
            let day = opening - self.chance.int(5, 180) as Day;
            self.write_version(day);
        }
    }

    fn month(&mut self, month: usize) {
        self.feel();
        if self.leaving.is_none() {
            self.decide(month);
        }
        if self.leaving.is_none() {
            self.renew_if_due(month);
            self.buy(month);
        }
        self.change(month);
        if month < self.calendar.months {
            self.customer.satisfaction[month] = self.mood as f32;
            self.customer.growth[month] = self.drive as f32;
            self.customer.activity[month] = self.activity(month) as f32;
        }
    }

    fn feel(&mut self) {
        let profile = &self.customer.profile;
        let planning = if self.now.plan > 0 { 0.7 } else { 0.0 };
        let home = profile.vigour + planning + 0.15 * (f64::from(self.now.maturity) - 3.0);
        self.mood = profile.temper + 0.86 * (self.mood - profile.temper) + 0.28 * self.chance.normal();
        self.drive = home + 0.90 * (self.drive - home) + 0.20 * self.chance.normal();
        self.drift += 0.035 * self.drive + 0.03 * self.chance.normal() - 0.05 * self.drift;
        if self.chance.yes(0.010) {
            self.mood -= 1.3; // a release that went wrong, a failed project
        }
        self.slump = match self.slump {
            (0 | 1, _) if self.chance.yes(0.022) => {
                (self.chance.int(1, 4) as u32, self.chance.between(0.15, 0.7))
            }
            (0 | 1, _) => (0, 0.0),
            (left, depth) => (left - 1, depth),
        };
    }

    /// The share of licensed users that come.
    pub(super) fn activity(&self, month: usize) -> f64 {
        let odds = self.customer.profile.adoption + 0.6 * self.mood + self.drift;
        let settled = 1.0 / (1.0 + (-odds).exp());
        let fading = self.leaving.as_ref().map_or(0.0, |leaving| {
            let left = self.calendar.month_of(leaving.on).max(leaving.decided);
            leaving.fading
                * ((month - leaving.decided + 1) as f64 / (left - leaving.decided + 1) as f64).min(1.0)
        });
        // A new customer takes three months to get going.
        let tenure = f64::from(self.calendar.start(month + 1) - self.customer.start) / 90.0;
        settled * (1.0 - self.slump.1) * (1.0 - fading) * tenure.clamp(0.2, 1.0)
    }

    /// Keeps what has happened before the end of the lake.
    fn finish(self) -> Customer {
        let (calendar, mut customer) = (self.calendar, self.customer);
        let end = calendar.end_at();
        customer.contracts = self.book.until(calendar);
        customer.versions.retain(|version| version.from < end);
        customer.deals.retain(|deal| deal.created < end && deal.created >= at(calendar.begin, 0));
        customer
    }
}

impl Customer {
    /// Whether it has the product on a day.
    pub fn uses_on(&self, day: Day) -> bool {
        day >= self.start && self.left.is_none_or(|left| day < left)
    }

    pub fn users_on(&self, day: Day) -> u32 {
        self.users.iter().rev().find(|(from, _)| *from <= day).map_or(self.profile.users, |(_, users)| *users)
    }
}
