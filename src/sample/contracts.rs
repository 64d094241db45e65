//! What a customer has signed: terms that renew one another, and expansions on top of them.

use super::{
    calendar::{Calendar, Day, Instant, at, months_later},
    chance::Chance,
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    License,
    Subscription,
    ServiceFee,
    Module,
    Users,
    Upgrade,
    Customization,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::License => "license",
            Kind::Subscription => "subscription",
            Kind::ServiceFee => "service_fee",
            Kind::Module => "module",
            Kind::Users => "users",
            Kind::Upgrade => "upgrade",
            Kind::Customization => "customization",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Contract {
    pub kind: Kind,
    pub module: Option<u8>,
    pub users: Option<u32>,
    /// Yuan, for the whole term.
    pub amount: i64,
    pub implementation: i64,
    pub signed: Instant,
    pub starts: Day,
    /// The day on which a renewal starts; none when perpetual.
    pub ends: Option<Day>,
    pub cancelled: Option<Instant>,
    /// Place in the customer's book of the contract that this one renews.
    pub renews: Option<usize>,
    /// Its number among all contracts of the vendor, in order of signing.
    pub number: u32,
}

/// How a customer buys.
pub struct Terms {
    pub cloud: bool,
    pub months: u32,
    /// What it pays over the list price.
    pub price_level: f64,
}

/// A customer's contracts in the order in which they were signed, and what they add up to today.
pub struct Book {
    pub contracts: Vec<Contract>,
    /// Yearly price, in yuan, of everything that is renewed: the subscription, or the service on the licences.
    yearly: f64,
    /// The contract that renews next.
    term: usize,
    /// Expansions that the next renewal will take in.
    folded: f64,
}

impl Book {
    /// The first sale. `value` is a year's list price at the customer's size, in yuan.
    pub fn open(chance: &mut Chance, terms: &Terms, start: Day, users: u32, value: f64) -> Self {
        let signed = at(start - chance.int(3, 40) as Day, 60 + chance.int(0, 500));
        let mut book = Book { contracts: Vec::new(), yearly: value, term: 0, folded: 0.0 };
        let implementation = hundreds(value * chance.between(0.10, 0.45));
        if terms.cloud {
            let years = f64::from(terms.months) / 12.0;
            book.push(
                Kind::Subscription,
                hundreds(value * years),
                signed,
                start,
                Some(months_later(start, terms.months)),
            );
        } else {
            // A licence costs about three years of subscription, and its service a fifth of it each year.
            let licence = hundreds(value * 3.2);
            book.yearly = licence as f64 * 0.2;
            book.push(Kind::License, licence, signed, start, None);
            book.push(Kind::ServiceFee, hundreds(book.yearly), signed, start, Some(months_later(start, 12)));
            book.term = 1;
        }
        book.contracts[0].users = Some(users);
        book.contracts[0].implementation = implementation;
        book
    }

    fn push(&mut self, kind: Kind, amount: i64, signed: Instant, starts: Day, ends: Option<Day>) {
        self.contracts.push(Contract {
            kind,
            module: None,
            users: None,
            amount,
            implementation: 0,
            signed,
            starts,
            ends,
            cancelled: None,
            renews: None,
            number: 0,
        });
    }

    /// When the term that renews next is over.
    pub fn term_end(&self) -> Day {
        self.contracts[self.term].ends.unwrap_or(Day::MAX)
    }

    pub fn yearly(&self) -> f64 {
        self.yearly
    }

    /// Signs the next term. `mood` is what the customer would pay over last time's price, as a share.
    pub fn renew(&mut self, chance: &mut Chance, terms: &Terms, users: u32, mood: f64) {
        let starts = self.term_end();
        // Paperwork is usually early and now and then late.
        let early = if chance.yes(0.03) { -chance.int(1, 12) } else { chance.int(4, 50) };
        let signed = at(starts - early as Day, 60 + chance.int(0, 500));
        self.yearly = (self.yearly + self.folded) * (1.02 + mood);
        self.folded = 0.0;
        let (kind, months) = match terms.cloud {
            true => (Kind::Subscription, terms.months),
            false => (Kind::ServiceFee, 12),
        };
        let amount = hundreds(self.yearly * f64::from(months) / 12.0);
        let renewed = self.term;
        self.term = self.contracts.len();
        self.push(kind, amount, signed, starts, Some(months_later(starts, months)));
        self.contracts[self.term].renews = Some(renewed);
        self.contracts[self.term].users = terms.cloud.then_some(users);
    }

    /// Sells more to a customer, and says for how many yuan.
    pub fn expand(&mut self, chance: &mut Chance, terms: &Terms, signed_on: Day, more: More) -> i64 {
        let starts = signed_on + chance.int(0, 30) as Day;
        let term_end = self.term_end();
        let lasting = matches!(more.kind, Kind::Module | Kind::Users);
        // In the cloud an expansion ends with the term, and its price is then part of the renewal.
        let ends = match more.kind {
            Kind::Module | Kind::Users => terms.cloud.then_some(term_end.max(starts + 30)),
            // Projects are delivered within half a year.
            Kind::Customization => Some(starts + 180),
            _ => None,
        };
        let years = match (lasting, ends) {
            (false, _) => 1.0,
            (true, Some(end)) => (f64::from(end - starts) / 365.0).max(0.1),
            (true, None) => 3.0,
        };
        let amount = hundreds(more.price * years);
        if lasting {
            self.folded += if terms.cloud { more.price } else { amount as f64 * 0.2 };
        }
        self.push(more.kind, amount, at(signed_on, 60 + chance.int(0, 500)), starts, ends);
        let share =
            if matches!(more.kind, Kind::Module | Kind::Upgrade) { chance.between(0.05, 0.30) } else { 0.0 };
        if let Some(contract) = self.contracts.last_mut() {
            contract.module = more.module;
            contract.users = more.users;
            contract.implementation = if share > 0.0 { hundreds(amount as f64 * share) } else { 0 };
        }
        amount
    }

    /// Ends everything still running on a day. What was to begin later is cancelled too.
    pub fn cancel(&mut self, on: Day, minute: i64) {
        for contract in &mut self.contracts {
            if contract.ends.is_none_or(|ends| ends > on) {
                contract.cancelled = Some(at(on, minute).max(contract.signed));
            }
        }
    }

    /// Forgets what has not happened by the end of the lake.
    pub fn until(mut self, calendar: &Calendar) -> Vec<Contract> {
        let places: Vec<Option<usize>> = self
            .contracts
            .iter()
            .scan(0, |kept, contract| {
                let place = calendar.known(contract.signed).map(|_| *kept);
                *kept += usize::from(place.is_some());
                Some(place)
            })
            .collect();
        self.contracts.retain(|contract| calendar.known(contract.signed).is_some());
        for contract in &mut self.contracts {
            contract.cancelled = contract.cancelled.and_then(|instant| calendar.known(instant));
            contract.renews = contract.renews.and_then(|place| places[place]);
        }
        self.contracts
    }
}

/// What an expansion adds.
pub struct More {
    pub kind: Kind,
    pub module: Option<u8>,
    pub users: Option<u32>,
    /// Yuan: a year's for modules and users, the whole for upgrades and projects.
    pub price: f64,
}

/// Prices are agreed in hundreds of yuan.
pub fn hundreds(yuan: f64) -> i64 {
    ((yuan / 100.0).round() as i64).max(1) * 100
}
