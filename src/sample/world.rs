//! All customers of the vendor, and rows gathered from them.

use super::{
    SampleOptions,
    calendar::Calendar,
    ids::{System, linked_at, numbers},
    life::{Customer, live},
    parallel::parallel,
};
use crate::problem::Result;

/// Customers made by one piece of work.
const PIECE: usize = 1000;
/// Accounts without links, for each customer.
const ORPHAN_SHARE: f64 = 0.005;

pub struct World {
    pub seed: u64,
    pub calendar: Calendar,
    /// The customers in the order of their numbers, then the orphans.
    pub customers: Vec<Customer>,
}

impl World {
    pub fn make(options: &SampleOptions, calendar: Calendar) -> Result<Self> {
        let orphans = (options.customers as f64 * ORPHAN_SHARE).ceil() as usize;
        let numbers = numbers(options.customers, orphans);
        let pieces: Vec<&[u32]> = numbers.chunks(PIECE).collect();
        let made = parallel(&pieces, |piece| {
            Ok(piece.iter().map(|index| live(options.seed, *index, &calendar)).collect::<Vec<_>>())
        })?;
        let mut world =
            World { seed: options.seed, calendar, customers: made.into_iter().flatten().collect() };
        world.number_contracts();
        Ok(world)
    }

    fn number_contracts(&mut self) {
        let mut order: Vec<_> =
            self.contracts().map(|(who, nth, contract)| (contract.signed, who, nth)).collect();
        order.sort_unstable();
        for (number, (_, who, nth)) in order.into_iter().enumerate() {
            self.customers[who].contracts[nth].number = number as u32 + 1;
        }
    }

    /// Every contract with the places of its customer and of itself.
    pub fn contracts(&self) -> impl Iterator<Item = (usize, usize, &super::contracts::Contract)> {
        self.customers.iter().enumerate().flat_map(|(who, customer)| {
            customer.contracts.iter().enumerate().map(move |(nth, contract)| (who, nth, contract))
        })
    }

    /// The rows that `rows` makes of each customer, in the order of the customers.
    pub fn gather<R: Send>(&self, rows: impl Fn(usize, &Customer, &mut Vec<R>) + Sync) -> Result<Vec<R>> {
        let places: Vec<usize> = (0..self.customers.len()).collect();
        let pieces: Vec<&[usize]> = places.chunks(PIECE).collect();
        let made = parallel(&pieces, |piece| {
            let mut out = Vec::new();
            piece.iter().for_each(|who| rows(*who, &self.customers[*who], &mut out));
            Ok(out)
        })?;
        Ok(made.into_iter().flatten().collect())
    }

    /// Whether no link ties a customer's id in a system to it.
    pub fn is_orphan(&self, who: usize, system: System) -> bool {
        linked_at(self.seed, &self.customers[who], system, &self.calendar).is_none()
    }

    pub fn id(&self, system: System, who: usize) -> String {
        system.id(self.seed, self.customers[who].index)
    }
}
