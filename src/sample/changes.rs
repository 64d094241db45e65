//! What changes at a customer, and is written to its account as a new version.

use super::{
    calendar::{Day, at},
    life::Life,
    words::{OWNERS_PER_REGION, PLAN_WEIGHTS},
};

impl Life<'_> {
    /// What the CRM hears of in a month.
    pub(super) fn change(&mut self, month: usize) {
        let before = self.now.clone();
        if self.chance.yes(0.07) {
            let factor = (0.01 + 0.06 * self.drive + 0.08 * self.chance.normal()).exp();
            self.now.employees = (self.now.employees * factor).max(3.0);
        }
        if self.now.sponsor && self.chance.yes(0.012) {
            self.now.sponsor = false;
            self.mood -= 0.9;
        } else if !self.now.sponsor && self.chance.yes(0.012 + 0.006 * self.mood.clamp(-1.5, 3.0)) {
            self.now.sponsor = true;
            self.mood += 0.4;
        }
        if self.now.plan == 0 && self.chance.yes(0.012 * (0.5 * self.drive).exp()) {
            self.now.plan = 1 + self.chance.weighted(&PLAN_WEIGHTS) as u8;
        } else if self.now.plan > 0 && self.chance.yes(0.07) {
            self.now.plan = 0;
        }
        if self.now.maturity < 5 && self.chance.yes(0.008) {
            self.now.maturity += 1;
        }
        if self.chance.yes(0.010) {
            self.now.owner = self.chance.index(OWNERS_PER_REGION) as u8;
        }
        let changed = before.employees != self.now.employees
            || before.sponsor != self.now.sponsor
            || before.maturity != self.now.maturity
            || (before.plan, before.owner) != (self.now.plan, self.now.owner)
            || self
                .customer
                .versions
                .last()
                .is_some_and(|last| last.product_version != self.now.product_version);
        if changed {
            let day = self.calendar.start(month) + self.chance.int(0, 27) as Day;
            self.write_version(day);
        }
    }

    pub(super) fn write_version(&mut self, day: Day) {
        self.now.from = at(day, self.chance.office_minute());
        if self.customer.versions.last().is_some_and(|last| last.from < self.now.from) {
            self.customer.versions.push(self.now.clone());
        }
    }
}
