//! What the customers do in the product, day by day or week by week.

use super::{
    UsageGrain,
    calendar::{Day, month_and_day, weekday},
    chance::{Chance, Purpose, mix, share},
    life::Customer,
    words::MODULES,
    world::World,
};

/// What one tenant did in one module in a day or week.
pub struct Used {
    pub module: u8,
    pub users: i32,
    pub logins: i32,
    pub transactions: i32,
}

/// Modules that nobody used leave no row.
pub fn usage(world: &World, customer: &Customer, day: Day, grain: UsageGrain, out: &mut Vec<Used>) {
    out.clear();
    let stream = u64::from(customer.index) << 32 | u64::from(day as u32);
    let mut chance = Chance::new(world.seed, Purpose::Usage, stream);
    let licensed = f64::from(customer.users_on(day));
    let habits = mix(world.seed, u64::from(customer.index));
    let (come, work) = match grain {
        UsageGrain::Weekly => (1.0, 1.0),
        UsageGrain::Daily if weekday(day) > 4 => (0.06, 0.1),
        UsageGrain::Daily => (0.7, 0.27),
    };
    let activity = f64::from(customer.activity[world.calendar.month_of(day)]);
    let noise = (0.13 * chance.normal()).exp();
    let present = licensed * activity * noise * come * season(day);
    // Logins of an active user in a week, and how busy they are.
    let often = 2.0 + 5.0 * share(mix(habits, 1));
    let busy = (1.6 * (share(mix(habits, 2)) - 0.5)).exp();
    for (_, module) in customer.modules.iter().filter(|(from, _)| *from <= day) {
        let known = &MODULES[*module as usize];
        let taste = (1.8 * (share(mix(habits, 100 + u64::from(*module))) - 0.5)).exp();
        let expected = (present * known.reach * taste * 1.5 + 0.5 * activity * come).min(licensed);
        let users = (expected + chance.unit()).floor();
        if users < 1.0 {
            continue;
        }
        let jitter = chance.between(0.8, 1.2);
        let logins = (users * often * work / come * jitter).round().max(users);
        let transactions = users * known.transactions * busy * work / come * chance.between(0.75, 1.25);
        out.push(Used {
            module: *module,
            users: users as i32,
            logins: logins as i32,
            transactions: transactions.round() as i32,
        });
    }
}

/// Spring festival and the national holiday.
fn season(day: Day) -> f64 {
    match month_and_day(day) {
        (1, 27..) | (2, ..=14) => 0.65,
        (10, ..=8) => 0.75,
        _ => 1.0,
    }
}
