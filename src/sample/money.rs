//! `erp/invoices` and `erp/payments`: instalments, credit notes, and when they were paid.

use arrow::array::ArrayRef;

use super::{
    calendar::{Day, Instant, MINUTE, at, day_of, months_later},
    chance::{Chance, Purpose},
    contract_rows::contract_id,
    contracts::{Contract, Kind},
    ids::System,
    life::Customer,
    parquet_out::{Column, days, moments, money, texts},
    table::Row,
    world::World,
};
use crate::problem::Result;

#[derive(Clone)]
pub struct InvoiceRow {
    who: usize,
    /// Place of the contract in the customer's book.
    nth: usize,
    at: Instant,
    due: Day,
    /// Hundredths; negative in a credit note.
    amount: i64,
    cost: i64,
    /// What a later credit note takes back.
    credited: i64,
}

#[derive(Clone)]
pub struct PaymentRow {
    who: usize,
    invoice: usize,
    at: Instant,
    amount: i64,
}

pub fn invoices(world: &World) -> Result<Vec<InvoiceRow>> {
    world.gather(|who, customer, out| {
        let mut chance = Chance::new(world.seed, Purpose::Invoices, u64::from(customer.index));
        let terms = *chance.pick(&[30, 30, 30, 45, 60]);
        for (nth, contract) in customer.contracts.iter().enumerate() {
            for (day, amount) in instalments(contract, customer) {
                let day = (day + chance.int(-3, 6) as Day).max(day_of(contract.signed) + 1);
                let at = at(day, chance.office_minute());
                let cost =
                    amount as f64 * cost_rate(contract.kind, customer) * (0.15 * chance.normal()).exp();
                let mut invoice = InvoiceRow {
                    who,
                    nth,
                    at,
                    due: day + terms,
                    amount,
                    cost: cost as i64 / 1000 * 1000,
                    credited: 0,
                };
                let note = credit_note(&mut chance, &invoice, contract);
                invoice.credited = note.as_ref().map_or(0, |note| -note.amount);
                out.extend(
                    [Some(invoice), note].into_iter().flatten().filter(|row| world.calendar.holds(row.at)),
                );
            }
        }
    })
}

/// Days and hundredths of yuan, until the contract is cancelled.
fn instalments(contract: &Contract, customer: &Customer) -> Vec<(Day, i64)> {
    let cents = contract.amount * 100;
    let (parts, months_between): (i64, u32) = match contract.kind {
        Kind::Subscription => {
            let months = customer.profile.terms.months;
            if customer.profile.quarterly { (i64::from(months / 3), 3) } else { (i64::from(months / 12), 12) }
        }
        Kind::License if contract.amount > 80_000 => (3, 2),
        Kind::Customization => (2, 4),
        _ => (1, 12),
    };
    let part = cents / parts;
    (0..parts)
        .map(|nth| {
            let last = nth == parts - 1;
            (
                months_later(contract.starts, nth as u32 * months_between),
                if last { cents - part * (parts - 1) } else { part },
            )
        })
        .filter(|(day, _)| contract.cancelled.is_none_or(|cancelled| at(*day, 0) < cancelled))
        .collect()
}

fn cost_rate(kind: Kind, customer: &Customer) -> f64 {
    let usual = customer.profile.cost_rate;
    match kind {
        Kind::License => 0.5 * usual,
        Kind::Subscription => usual,
        Kind::ServiceFee => 1.2 * usual,
        Kind::Customization => (0.45 + usual).min(1.1),
        Kind::Module | Kind::Users | Kind::Upgrade => 0.8 * usual,
    }
}

/// Part of an invoice taken back: after a dispute, or when the rest of a paid term is given up.
fn credit_note(chance: &mut Chance, invoice: &InvoiceRow, contract: &Contract) -> Option<InvoiceRow> {
    let disputed = chance.yes(0.02);
    let share = chance.between(0.05, 0.4);
    let days = chance.int(8, 60) as Day;
    let generous = chance.yes(0.4);
    let ended = contract.cancelled.filter(|cancelled| {
        let unused = day_of(*cancelled) - day_of(invoice.at);
        generous
            && contract.kind == Kind::Subscription
            && (0..180).contains(&unused)
            && contract.amount > 20_000
    });
    let at = match ended {
        Some(cancelled) => cancelled + i64::from(days / 4 + 1) * 24 * 60 * MINUTE,
        None if disputed => invoice.at + i64::from(days) * 24 * 60 * MINUTE,
        None => return None,
    };
    let amount = -((invoice.amount as f64 * share) as i64 / 10_000 * 10_000);
    (amount < 0).then(|| InvoiceRow { at, due: day_of(at), amount, cost: 0, credited: 0, ..invoice.clone() })
}

/// The payments of invoices, which must be in the order of their numbers.
pub fn payments(invoices: &[InvoiceRow], world: &World) -> Vec<PaymentRow> {
    let mut out = Vec::with_capacity(invoices.len());
    for (number, invoice) in invoices.iter().enumerate().filter(|(_, invoice)| invoice.amount > 0) {
        let customer = &world.customers[invoice.who];
        let stream = u64::from(customer.index) << 32
            | u64::from(day_of(invoice.at) as u32) ^ (invoice.nth as u64) << 20;
        let mut chance = Chance::new(world.seed, Purpose::Payments, stream);
        let mood = f64::from(customer.satisfaction[world.calendar.month_of(day_of(invoice.at))]);
        let going = customer.left.is_some_and(|left| (-30..100).contains(&(left - day_of(invoice.at))));
        if chance.yes(if going { 0.16 } else { 0.012 }) {
            continue;
        }
        let slow = 7.0 * ((0.9 * chance.normal()).exp() - 1.0);
        let late = customer.profile.tardiness - 6.0 * mood + slow + if going { 8.0 } else { 0.0 };
        let day = (invoice.due + late as Day).max(day_of(invoice.at) + 2);
        // A note that came first is netted; one that comes later is settled outside of this table.
        let owed = invoice.amount - invoice.credited;
        let first = if chance.yes(0.06) { owed * chance.int(3, 7) / 10 } else { owed };
        let mut pay = |day: Day, amount: i64, chance: &mut Chance| {
            let at = at(day, chance.office_minute());
            if amount > 0 && at < world.calendar.end_at() {
                out.push(PaymentRow { who: invoice.who, invoice: number, at, amount });
            }
        };
        pay(day, first, &mut chance);
        if first < owed && chance.yes(0.9) {
            let later = day + chance.int(15, 75) as Day;
            pay(later, owed - first, &mut chance);
        }
    }
    out
}

fn invoice_id(number: usize) -> String {
    format!("INV{:08}", number + 1)
}

impl Row for InvoiceRow {
    const PATH: &'static str = "erp/invoices";
    const MONTHLY: bool = true;
    const SYSTEM: System = System::Erp;

    fn at(&self) -> Instant {
        self.at
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.cost = 0;
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("invoice_id"),
            Column::text("contract_id"),
            Column::text("erp_customer_id"),
            Column::moment("invoiced_at"),
            Column::day("due_on"),
            Column::money("amount"),
            Column::money("cost"),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let each = || rows.iter().map(|(_, row)| row);
        vec![
            texts(rows.iter().map(|(number, _)| Some(invoice_id(*number)))),
            texts(each().map(|row| Some(contract_id(world.customers[row.who].contracts[row.nth].number)))),
            texts(each().map(|row| Some(world.id(System::Erp, row.who)))),
            moments(each().map(|row| Some(row.at))),
            days(each().map(|row| Some(row.due))),
            money(each().map(|row| Some(row.amount))),
            money(each().map(|row| Some(row.cost))),
        ]
    }
}

impl Row for PaymentRow {
    const PATH: &'static str = "erp/payments";
    const MONTHLY: bool = true;
    const SYSTEM: System = System::Erp;

    fn at(&self) -> Instant {
        self.at
    }
    fn who(&self) -> usize {
        self.who
    }
    fn stale(&mut self) {
        self.amount = (self.amount / 10).max(1);
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::counted("payment_id"),
            Column::text("invoice_id"),
            Column::text("erp_customer_id"),
            Column::moment("paid_at"),
            Column::money("amount"),
        ]
    }

    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef> {
        let each = || rows.iter().map(|(_, row)| row);
        vec![
            texts(rows.iter().map(|(number, _)| Some(format!("PAY{:08}", number + 1)))),
            texts(each().map(|row| Some(invoice_id(row.invoice)))),
            texts(each().map(|row| Some(world.id(System::Erp, row.who)))),
            moments(each().map(|row| Some(row.at))),
            money(each().map(|row| Some(row.amount))),
        ]
    }
}
