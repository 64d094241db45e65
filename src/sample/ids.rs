//! Each system's own ids, and the links between them.

use std::ops::Range;

use super::{
    calendar::{Calendar, DAY, Instant, at},
    chance::{Purpose, mix, share, shuffled},
    life::Customer,
};

/// These numbers are of accounts that the systems know and no link does.
const ORPHANS: Range<u32> = 950_000..1_000_000;
/// No customer has these: lakes of up to 900,000 stay as they were when that was the most.
const LEFT_OUT: Range<u32> = 900_000..1_000_000;
/// More would not fit into memory: all are imagined before the first is written.
pub const MOST_CUSTOMERS: usize = 5_000_000;

/// Of customers, then of orphans.
pub fn numbers(customers: usize, orphans: usize) -> Vec<u32> {
    let known = (0..).filter(|number| !LEFT_OUT.contains(number)).take(customers);
    known.chain(ORPHANS.take(orphans)).collect()
}

pub fn is_orphan(number: u32) -> bool {
    ORPHANS.contains(&number)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum System {
    Crm,
    Erp,
    Support,
    Product,
}

impl System {
    pub const ALL: [System; 4] = [System::Crm, System::Erp, System::Support, System::Product];

    pub fn name(self) -> &'static str {
        match self {
            System::Crm => "crm",
            System::Erp => "erp",
            System::Support => "support",
            System::Product => "product",
        }
    }

    /// The id that the system gave a customer; no system's id tells another's.
    pub fn id(self, seed: u64, index: u32) -> String {
        let number = shuffled(mix(seed, 1000 + self as u64), index);
        match self {
            System::Crm => format!("A-{number:06}"),
            System::Erp => format!("E{number:06}"),
            System::Support => format!("S{number:06}"),
            System::Product => format!("T{number:06}"),
        }
    }
}

pub fn customer_id(index: u32) -> String {
    format!("C{:06}", index + 1)
}

/// When a customer's id in a system was tied to it: at the start for most, later for some; none when not by the end.
pub fn linked_at(seed: u64, customer: &Customer, system: System, calendar: &Calendar) -> Option<Instant> {
    if is_orphan(customer.index) {
        return None;
    }
    let hash = mix(mix(seed, Purpose::Links as u64), u64::from(customer.index) * 4 + system as u64);
    let luck = share(hash);
    let from = match system {
        System::Crm => at(customer.registered, 0),
        System::Erp => customer.contracts.first().map_or(at(customer.start, 0), |contract| contract.signed),
        System::Support | System::Product => at(customer.start, 0),
    };
    let wait = match luck {
        _ if system != System::Crm && luck < 0.002 => return None,
        _ if luck < 0.03 => 20 + (hash % 250) as Instant,
        _ => 0,
    };
    // Dated to the midnight before, so that a link is never younger than the rows it ties.
    let night = from.div_euclid(DAY) * DAY + wait * DAY;
    calendar.known(night)
}

/// Some people and jobs write ids in small letters.
pub fn spelled(id: String, hash: u64, share_of_small: f64) -> String {
    if share(hash) < share_of_small { id.to_lowercase() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_leave_the_orphans_numbers_out() {
        assert_eq!(numbers(3, 1), [0, 1, 2, 950_000]);
        let many = numbers(900_002, 2);
        assert_eq!(many[899_999..], [899_999, 1_000_000, 1_000_001, 950_000, 950_001]);
        assert_eq!(many.iter().filter(|number| is_orphan(**number)).count(), 2);
    }
}
