//! What a customer decides in its life: to stay, to leave, to buy more; and the deals that the vendor makes of it.

use super::{
    calendar::{Day, Instant, at},
    contracts::{Kind, More, hundreds},
    life::{Deal, Leaving, Life},
    words::{MODULES, VERSIONS},
};

/// Chance of leaving in an ordinary month of a customer with middling satisfaction.
const LEAVING: f64 = 0.0036;
/// How much satisfaction tells about leaving.
const LEAVING_BY_SATISFACTION: f64 = 1.4;
/// The end of a term tempts like that many months.
const LEAVING_AT_TERM: f64 = 9.0;
/// Chance of an expansion in a month of a customer with middling growth.
const EXPANDING: f64 = 0.0098;
/// How much growth, crowded licences and a plan tell about it.
const EXPANDING_BY_GROWTH: f64 = 1.0;
const EXPANDING_BY_CROWDING: f64 = 1.5;
const EXPANDING_BY_PLAN: f64 = 0.8;
impl Life<'_> {
    pub(super) fn first_sale(&mut self) {
        let contract = &self.book.contracts[0];
        let (amount, closed) = (contract.amount, contract.signed);
        self.deal("new", None, amount, closed, true);
    }

    pub(super) fn decide(&mut self, month: usize) {
        let hazard = LEAVING * (-LEAVING_BY_SATISFACTION * self.mood).exp();
        let term_end = self.book.term_end();
        let at_term = (self.calendar.start(month + 2)..self.calendar.start(month + 3)).contains(&term_end);
        let weight = if at_term { LEAVING_AT_TERM } else { 1.0 };
        if !self.chance.yes(1.0 - (-hazard * weight).exp()) {
            return;
        }
        let on = if at_term {
            term_end
        } else {
            let later = month + self.chance.int(1, 4) as usize;
            (self.calendar.start(later) + self.chance.int(0, 27) as Day).min(term_end)
        };
        if on <= self.customer.start + 60 {
            return;
        }
        let fading = if self.chance.yes(0.30) { 0.0 } else { self.chance.between(0.1, 0.8) };
        self.leaving = Some(Leaving { decided: month, on, fading });
        if on == term_end {
            // The vendor sees the renewal in its pipeline all the same, and loses it.
            let years = f64::from(self.customer.profile.terms.months) / 12.0;
            let amount = hundreds(self.book.yearly() * years);
            let told = term_end - self.chance.int(0, 20) as Day;
            self.deal("renewal", None, amount, at(told, 480), false);
            self.lapse(term_end);
        } else {
            let minute = self.chance.office_minute();
            self.book.cancel(on, minute);
            self.customer.left = Some(on);
        }
    }

    /// Not renewed: most terms simply run out, some are cancelled in writing shortly before.
    fn lapse(&mut self, term_end: Day) {
        let notice = if self.chance.yes(0.35) { self.chance.int(1, 40) as Day } else { 0 };
        let minute = self.chance.office_minute();
        self.book.cancel(term_end - notice, if notice > 0 { minute } else { 0 });
        self.customer.left = Some(term_end - notice);
    }

    pub(super) fn renew_if_due(&mut self, month: usize) {
        if self.book.term_end() >= self.calendar.start(month + 2) {
            return;
        }
        let mood = 0.015 * self.drive.clamp(-2.0, 2.0)
            + if self.mood < -0.8 && self.chance.yes(0.3) { -0.12 } else { 0.0 };
        self.book.renew(&mut self.chance, &self.customer.profile.terms, self.licensed, mood);
        if let Some(contract) = self.book.contracts.last() {
            let (amount, closed) = (contract.amount, contract.signed);
            self.deal("renewal", None, amount, closed, true);
        }
    }

    pub(super) fn buy(&mut self, month: usize) {
        let day = self.calendar.start(month) + self.chance.int(0, 27) as Day;
        if day <= self.customer.start + 30 {
            return;
        }
        let crowding = self.activity(month) - 0.6;
        let planning = if self.now.plan > 0 { EXPANDING_BY_PLAN } else { 0.0 };
        let eager = (EXPANDING_BY_GROWTH * self.drive
            + 0.2 * self.mood
            + EXPANDING_BY_CROWDING * crowding
            + planning)
            .exp();
        if self.chance.yes((EXPANDING * eager).min(0.25)) {
            self.sell_more(day);
        } else if self.chance.yes(0.025) {
            let amount = hundreds(self.book.yearly() * self.chance.between(0.05, 0.5));
            let kind = if self.chance.yes(0.5) { "upsell" } else { "cross_sell" };
            let module = (kind == "cross_sell").then(|| self.chance.index(MODULES.len()) as u8);
            self.deal(kind, module, amount, at(day, 480), false);
        }
    }

    pub(super) fn sell_more(&mut self, day: Day) {
        let profile = &self.customer.profile;
        let missing: Vec<u8> = (0..MODULES.len() as u8)
            .filter(|module| self.customer.modules.iter().all(|(_, owned)| owned != module))
            .collect();
        let module_weight = if missing.is_empty() { 0.0 } else { 0.30 };
        let (yearly, users) = (self.book.yearly(), self.licensed);
        let more = match self.chance.weighted(&[0.42, module_weight, 0.12, 0.16]) {
            0 => {
                let more = ((f64::from(users) * self.chance.between(0.08, 0.45)) as u32).max(1);
                self.licensed += more;
                self.customer.users.push((day, self.licensed));
                More {
                    kind: Kind::Users,
                    module: None,
                    users: Some(more),
                    price: profile.users_price(more, users),
                }
            }
            1 => {
                let module = *self.chance.pick(&missing);
                self.customer.modules.push((day, module));
                More {
                    kind: Kind::Module,
                    module: Some(module),
                    users: None,
                    price: profile.module_price(module, users),
                }
            }
            2 => {
                self.now.product_version = (self.now.product_version + 1).min(VERSIONS.len() as u8 - 1);
                More {
                    kind: Kind::Upgrade,
                    module: None,
                    users: None,
                    price: yearly * self.chance.between(0.15, 0.4),
                }
            }
            _ => More {
                kind: Kind::Customization,
                module: None,
                users: None,
                price: yearly * self.chance.between(0.1, 0.6),
            },
        };
        let (kind, module) = (more.kind, more.module);
        let amount = self.book.expand(&mut self.chance, &self.customer.profile.terms, day, more);
        let kind = if kind == Kind::Module { "cross_sell" } else { "upsell" };
        self.deal(kind, module, amount, at(day, 480), true);
    }

    pub(super) fn deal(
        &mut self,
        kind: &'static str,
        module: Option<u8>,
        amount: i64,
        closed: Instant,
        won: bool,
    ) {
        let before = at(self.chance.int(15, 120) as Day, self.chance.int(0, 400));
        // What sales expects when it opens the deal, before anybody has signed anything.
        let expected = amount as f64 * (0.15 * self.chance.normal()).exp();
        let amount = hundreds(expected / 10.0) * 10;
        self.customer.deals.push(Deal { kind, module, amount, created: closed - before, closed, won });
    }
}
