//! What a customer is: its trade, size, temper and taste. Most of it stays for life.

use super::{
    chance::{Chance, Purpose, mix, share},
    contracts::Terms,
    words::{CORE_MODULES, INDUSTRIES, MODULES, REGION_WEIGHTS, REGIONS},
};

pub const PARTNERS: u16 = 48;

pub struct Profile {
    pub name: String,
    pub industry: usize,
    pub region: usize,
    pub partner: Option<u16>,
    pub employees: f64,
    pub revenue_per_head: f64,
    pub terms: Terms,
    pub series: usize,
    /// Licensed at the first sale.
    pub users: u32,
    pub modules: Vec<u8>,
    /// Where satisfaction and growth come to rest, in standard deviations.
    pub temper: f64,
    pub vigour: f64,
    /// Days by which its accounts department tends to miss the due date.
    pub tardiness: f64,
    /// Share of revenue that serving it takes.
    pub cost_rate: f64,
    /// How many of the licensed users come at all, as log-odds.
    pub adoption: f64,
    pub quarterly: bool,
    pub benchmark: bool,
    pub brand_rank: u8,
    pub ecosystem: bool,
    pub co_creation: bool,
    /// Columns that nobody filled in.
    pub unknown: Unknown,
}

pub struct Unknown {
    pub industry: bool,
    pub employees: bool,
    pub revenue: bool,
    pub registered: bool,
    pub maturity: bool,
}

impl Profile {
    pub fn draw(seed: u64, chance: &mut Chance) -> Self {
        let region = chance.weighted(&REGION_WEIGHTS);
        let industry = chance.weighted(&INDUSTRIES.map(|industry| industry.weight));
        // Heavy-tailed: a median of 90 employees, one in a hundred above 3,000.
        let employees = (90.0 * (1.45 * chance.normal()).exp()).clamp(6.0, 80_000.0);
        let users = ((employees * chance.between(0.12, 0.5)).powf(0.93) as u32).max(3);
        let (partner, partner_effect) = partner(seed, chance, region, employees);
        let big = (employees / 400.0).min(4.0);
        let cloud = chance.yes(if employees > 800.0 { 0.45 } else { 0.68 });
        let terms = Terms {
            cloud,
            months: if cloud { [12, 24, 36][chance.weighted(&[0.78, 0.14, 0.08])] } else { 12 },
            price_level: (0.22 * chance.normal()).exp(),
        };
        let temper = 0.75 * chance.normal() + partner_effect;
        Profile {
            name: super::words::company(chance, region, industry),
            industry,
            region,
            partner,
            employees,
            revenue_per_head: INDUSTRIES[industry].revenue_per_head * (0.5 * chance.normal()).exp(),
            series: if cloud { 3 } else { usize::from(employees > 60.0) + usize::from(employees > 500.0) },
            terms,
            users,
            modules: modules(chance, employees),
            temper,
            vigour: 0.7 * chance.normal() + 5.0 * (INDUSTRIES[industry].outlook - 0.05) + 0.2 * temper,
            tardiness: (6.0 * chance.normal() - 2.0).clamp(-12.0, 30.0),
            cost_rate: (0.38 + 0.10 * chance.normal() - 0.02 * big).clamp(0.15, 0.85),
            adoption: 0.6 + 0.6 * chance.normal(),
            quarterly: chance.yes(0.42 + 0.08 * big),
            benchmark: chance.yes(0.03 + 0.03 * big),
            brand_rank: brand_rank(chance, employees),
            ecosystem: chance.yes(0.03 + 0.01 * big),
            co_creation: chance.yes(0.02 + 0.02 * big),
            unknown: Unknown {
                industry: chance.yes(0.02),
                employees: chance.yes(0.05),
                revenue: chance.yes(0.14),
                registered: chance.yes(0.03),
                maturity: chance.yes(0.15),
            },
        }
    }

    /// What a year of all its modules and users costs at the first sale, in yuan.
    pub fn yearly_price(&self) -> f64 {
        let modules: f64 = self.modules.iter().map(|module| self.module_price(*module, self.users)).sum();
        0.7 * modules + self.users_price(self.users, self.users)
    }

    /// A year of a module, in yuan, for a customer with so many users.
    pub fn module_price(&self, module: u8, users: u32) -> f64 {
        let size = (f64::from(users) / 25.0).powf(0.45);
        0.6 * MODULES[module as usize].list_price as f64 * size * self.terms.price_level
    }

    /// A year of `more` users, in yuan, for a customer with `users` of them: the more, the cheaper each.
    pub fn users_price(&self, more: u32, users: u32) -> f64 {
        900.0 * f64::from(more) * f64::from(users.max(1)).powf(-0.08) * self.terms.price_level
    }
}

/// The partner that sold it, if any, and what its service does to satisfaction.
fn partner(seed: u64, chance: &mut Chance, region: usize, employees: f64) -> (Option<u16>, f64) {
    if !chance.yes(if employees > 500.0 { 0.30 } else { 0.50 }) {
        return (None, 0.05);
    }
    let near = PARTNERS / REGIONS.len() as u16;
    // The first partner of a region sells most.
    let nth = chance.weighted(&[4.0, 2.5, 1.5, 1.0, 0.7, 0.4]) as u16 % near;
    let partner = region as u16 * near + nth;
    let quality = share(mix(mix(seed, Purpose::Partners as u64), u64::from(partner)));
    (Some(partner), 0.9 * (quality - 0.55))
}

/// All core modules but now and then one, and more of the others the larger the customer.
fn modules(chance: &mut Chance, employees: f64) -> Vec<u8> {
    let size = (employees / 90.0).ln();
    (0..MODULES.len())
        .filter(|&module| {
            let odds = MODULES[module].popularity;
            let odds = if module < CORE_MODULES { 0.97 } else { odds * (1.05 + 0.22 * size) };
            chance.yes(odds.clamp(0.08, 0.97))
        })
        .map(|module| module as u8)
        .collect()
}

fn brand_rank(chance: &mut Chance, employees: f64) -> u8 {
    let fame = (employees / 250.0).ln() + chance.normal();
    (fame * 1.3).clamp(0.0, 5.0) as u8
}
