//! `product/usage_daily`, the one table that is too large to be held: made month by month, straight into columns.

use std::{mem, path::Path, sync::Arc};

use arrow::array::{ArrayRef, Date32Array, Int32Array};

use super::{
    TableSummary, UsageGrain,
    calendar::{Day, calendar_month, month_name, weekday},
    chance::{Purpose, mix, share},
    ids::{System, spelled},
    metering::{Used, usage},
    parallel::parallel,
    parquet_out::{CHUNK, Column, Sink, texts},
    table::{DOUBLED, LATE},
    words::MODULES,
    world::World,
};
use crate::problem::Result;

/// The newest month that a batch of usage can come late in, after its own.
const LATEST: i32 = 2;

/// A batch is what one tenant sends for one day or week: it comes late, or twice, as a whole.
struct Batch {
    on_time: i32,
    /// Months in which it is written; a second time when doubled.
    written: i32,
    again: Option<i32>,
    /// The first copy misses transactions that the second has.
    corrected: bool,
}

pub fn write(world: &World, grain: UsageGrain, out: &Path) -> Result<TableSummary> {
    let tenants = Tenants::of(world);
    let first = calendar_month(world.calendar.begin);
    let months: Vec<i32> = (first..=calendar_month(world.calendar.end - 1)).collect();
    let written = parallel(&months, |month| {
        let mut file = MonthFile::create(world, &tenants, grain, *month, out)?;
        file.fill()?;
        let counts = file.counts;
        Ok((file.rows.sink.rows, file.rows.sink.close()?, counts))
    })?;
    let mut summary = TableSummary { name: "product/usage_daily", ..TableSummary::default() };
    for (rows, bytes, counts) in written {
        summary.files += 1;
        summary.rows += rows;
        summary.bytes += bytes;
        summary.late += counts.late;
        summary.doubled += counts.doubled;
        summary.orphaned += counts.orphaned;
    }
    Ok(summary)
}

/// The customers in the order of their tenant ids, which is the order within a day.
struct Tenants {
    order: Vec<usize>,
    orphan: Vec<bool>,
    names: Vec<String>,
}

impl Tenants {
    fn of(world: &World) -> Self {
        let key = mix(world.seed, Purpose::Spelling as u64 + 1);
        let mut named: Vec<(String, usize)> =
            (0..world.customers.len()).map(|who| (world.id(System::Product, who), who)).collect();
        named.sort_unstable();
        let small = |(id, who): &(String, usize)| spelled(id.clone(), mix(key, *who as u64), 0.02);
        Tenants {
            names: named.iter().map(small).collect(),
            orphan: named.iter().map(|(_, who)| world.is_orphan(*who, System::Product)).collect(),
            order: named.into_iter().map(|(_, who)| who).collect(),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    late: u64,
    doubled: u64,
    orphaned: u64,
}

/// The columns of rows not yet written, and the file they go to.
struct Rows<'a> {
    tenants: &'a Tenants,
    tenant: Vec<u32>,
    module: Vec<u8>,
    day: Vec<Day>,
    users: Vec<i32>,
    logins: Vec<i32>,
    transactions: Vec<i32>,
    sink: Sink,
}

impl Rows<'_> {
    fn push(&mut self, tenant: usize, day: Day, used: &Used) {
        self.tenant.push(tenant as u32);
        self.module.push(used.module);
        self.day.push(day);
        self.users.push(used.users);
        self.logins.push(used.logins);
        self.transactions.push(used.transactions);
    }

    fn flush(&mut self) -> Result<()> {
        let ints = |column: &mut Vec<i32>| Arc::new(Int32Array::from(mem::take(column)));
        let names =
            mem::take(&mut self.tenant).into_iter().map(|tenant| &self.tenants.names[tenant as usize]);
        let arrays: Vec<ArrayRef> = vec![
            texts(names.map(Some)),
            Arc::new(Date32Array::from(mem::take(&mut self.day))),
            texts(mem::take(&mut self.module).into_iter().map(|module| Some(MODULES[module as usize].name))),
            ints(&mut self.users),
            ints(&mut self.logins),
            ints(&mut self.transactions),
        ];
        self.sink.write(arrays)
    }
}

struct MonthFile<'a> {
    world: &'a World,
    grain: UsageGrain,
    month: i32,
    last_month: i32,
    rows: Rows<'a>,
    counts: Counts,
}

impl<'a> MonthFile<'a> {
    fn create(
        world: &'a World,
        tenants: &'a Tenants,
        grain: UsageGrain,
        month: i32,
        out: &Path,
    ) -> Result<Self> {
        let columns = [
            Column::text("tenant_id"),
            Column::day("usage_date"),
            Column::text("module"),
            Column::int("active_users"),
            Column::int("logins"),
            Column::int("transactions"),
        ];
        let path = format!("product/usage_daily/month={}/part-00000.parquet", month_name(month));
        let rows = Rows {
            tenants,
            tenant: Vec::new(),
            module: Vec::new(),
            day: Vec::new(),
            users: Vec::new(),
            logins: Vec::new(),
            transactions: Vec::new(),
            sink: Sink::create(&out.join(path), &columns)?,
        };
        let last_month = calendar_month(world.calendar.end - 1);
        Ok(MonthFile { world, grain, month, last_month, rows, counts: Counts::default() })
    }

    /// What belongs to the month, and what should have come in one of the months before.
    fn fill(&mut self) -> Result<()> {
        let calendar = &self.world.calendar;
        let of_interest = (self.month - LATEST)..=self.month;
        let mut used = Vec::new();
        // A day's usage is written on the next one.
        for day in
            (calendar.begin..calendar.end - 1).filter(|day| of_interest.contains(&calendar_month(day + 1)))
        {
            if self.grain == UsageGrain::Weekly && weekday(day) != 6 {
                continue;
            }
            for (tenant, who) in self.rows.tenants.order.iter().enumerate() {
                let customer = &self.world.customers[*who];
                if !customer.uses_on(day) {
                    continue;
                }
                let batch = self.batch(customer.index, day);
                if batch.written != self.month && batch.again != Some(self.month) {
                    continue;
                }
                usage(self.world, customer, day, self.grain, &mut used);
                self.put(tenant, day, &batch, &used);
                if self.rows.day.len() >= CHUNK {
                    self.rows.flush()?;
                }
            }
        }
        self.rows.flush()
    }

    fn batch(&self, index: u32, day: Day) -> Batch {
        let hash =
            mix(mix(self.world.seed, Purpose::Dirt as u64), u64::from(index) << 32 | u64::from(day as u32));
        let on_time = calendar_month(day + 1);
        let late = on_time + 1 + (hash % LATEST as u64) as i32;
        let written = if share(mix(hash, 1)) < LATE && late <= self.last_month { late } else { on_time };
        let again = match hash & 8 {
            0 => written,
            _ => (written + 1).min((on_time + LATEST).min(self.last_month)).max(written),
        };
        let again = (share(mix(hash, 2)) < DOUBLED).then_some(again);
        let corrected = again.is_some_and(|month| month > written) && hash & 48 == 0;
        Batch { on_time, written, again, corrected }
    }

    fn put(&mut self, tenant: usize, day: Day, batch: &Batch, used: &[Used]) {
        let mut count = 0;
        if batch.written == self.month {
            for one in used {
                let missing = if batch.corrected { one.transactions / 8 } else { 0 };
                self.rows.push(tenant, day, &Used { transactions: one.transactions - missing, ..*one });
            }
            count += used.len() as u64;
            if batch.written > batch.on_time {
                self.counts.late += used.len() as u64;
            }
        }
        if batch.again == Some(self.month) {
            used.iter().for_each(|one| self.rows.push(tenant, day, one));
            count += used.len() as u64;
            self.counts.doubled += used.len() as u64;
        }
        if self.rows.tenants.orphan[tenant] {
            self.counts.orphaned += count;
        }
    }
}
