//! The memory that queries share.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use datafusion::{
    error::{DataFusionError, Result as Answer},
    execution::memory_pool::{
        FairSpillPool, MemoryConsumer, MemoryLimit as PoolLimit, MemoryPool, MemoryReservation,
    },
};

use super::memory::{MemoryLimit, in_words};

/// Every query's fair share, beyond which it spills; but what deals rows out to partitions is not counted.
///
/// A `RepartitionExec` that is refused memory spills, and two inputs that do so at once wait for each other for ever in
/// DataFusion 55.2 (apache/datafusion#24883, mended for the version after it). It asks for far more than it holds, too: texts
/// that many batches share are counted with each. What it does hold is what its readers have not taken yet: little, unless one
/// of them falls far behind the others. The memory of the whole process is watched besides.
#[derive(Debug)]
pub(super) struct QueryPool {
    pool: FairSpillPool,
    limit: MemoryLimit,
    /// Who can spill: they share what the others leave.
    can_spill: AtomicUsize,
    /// What the others hold.
    unspillable: AtomicUsize,
}

impl QueryPool {
    pub(super) fn new(limit: MemoryLimit) -> Self {
        let pool = FairSpillPool::new(limit.of_queries());
        Self { pool, limit, can_spill: AtomicUsize::new(0), unspillable: AtomicUsize::new(0) }
    }

    fn grown(&self, reservation: &MemoryReservation, additional: usize) {
        if !reservation.consumer().can_spill() {
            self.unspillable.fetch_add(additional, Relaxed);
        }
    }

    /// Who wants how much: what a query is told, and people are if it cannot do with less. The limit that it names gives this
    /// one what it asked for; it may ask for more then.
    fn refusal(&self, reservation: &MemoryReservation, additional: usize) -> String {
        let own = reservation.size() + additional;
        let wants = match reservation.consumer().can_spill() {
            true => self.unspillable.load(Relaxed) + self.can_spill.load(Relaxed) * own,
            false => self.pool.reserved() + additional,
        };
        format!(
            "{} needs {} more than the {} that it holds, and queries hold {} of the {} that they share: it takes a \
             --memory-limit of {} or more",
            in_words_of_people(reservation.consumer().name()),
            in_words(additional),
            in_words(reservation.size()),
            in_words(self.pool.reserved()),
            in_words(self.limit.of_queries()),
            in_words(MemoryLimit::that_gives_queries(wants))
        )
    }
}

/// What an operator does.
fn in_words_of_people(operator: &str) -> &str {
    let known = [("Sort", "a sort"), ("Aggregate", "a grouping"), ("Join", "a join"), ("Window", "a window")];
    known.iter().find(|(part, _)| operator.contains(part)).map_or(operator, |(_, said)| said)
}

pub(super) fn is_counted(consumer: &MemoryConsumer) -> bool {
    !consumer.name().starts_with("RepartitionExec")
}

impl MemoryPool for QueryPool {
    fn name(&self) -> &str {
        self.pool.name()
    }

    fn register(&self, consumer: &MemoryConsumer) {
        if is_counted(consumer) {
            self.can_spill.fetch_add(usize::from(consumer.can_spill()), Relaxed);
            self.pool.register(consumer);
        }
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        if is_counted(consumer) {
            self.can_spill.fetch_sub(usize::from(consumer.can_spill()), Relaxed);
            self.pool.unregister(consumer);
        }
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        if is_counted(reservation.consumer()) {
            self.pool.grow(reservation, additional);
            self.grown(reservation, additional);
        }
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        if is_counted(reservation.consumer()) {
            self.pool.shrink(reservation, shrink);
            if !reservation.consumer().can_spill() {
                self.unspillable.fetch_sub(shrink, Relaxed);
            }
        }
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Answer<()> {
        if !is_counted(reservation.consumer()) {
            return Ok(());
        }
        let granted = self.pool.try_grow(reservation, additional);
        match granted {
            Ok(()) => {
                self.grown(reservation, additional);
                Ok(())
            }
            Err(_) => Err(DataFusionError::ResourcesExhausted(self.refusal(reservation, additional))),
        }
    }

    fn reserved(&self) -> usize {
        self.pool.reserved()
    }

    fn memory_limit(&self) -> PoolLimit {
        self.pool.memory_limit()
    }
}

impl std::fmt::Display for QueryPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.pool.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use datafusion::execution::memory_pool::MemoryConsumer;

    use super::*;
    use crate::engine::{Engine, parse_memory};

    #[test]
    fn who_is_refused_says_what_would_do_and_dealers_take_nothing_from_anybody() {
        let limit = MemoryLimit(1000 << 20);
        let pool: std::sync::Arc<dyn MemoryPool> = std::sync::Arc::new(QueryPool::new(limit));
        let spills = |name: String| MemoryConsumer::new(name).with_can_spill(true).register(&pool);
        let dealers: Vec<_> = (0..10).map(|i| spills(format!("RepartitionExec[{i}]"))).collect();
        dealers.iter().for_each(|dealer| dealer.try_grow(900 << 20).unwrap());
        let sort = spills("ExternalSorter[0]".into());
        sort.try_grow(limit.of_queries()).unwrap();
        let said = sort.try_grow((1 << 20) + 1).unwrap_err().to_string();
        assert!(said.contains("a sort needs 2 MB more than the 400 MB that it holds"), "{said}");
        let enough = said.split("--memory-limit of ").nth(1).unwrap().split(" or").next().unwrap();
        let enough = parse_memory(&enough.replace(' ', "")).unwrap();
        assert!(MemoryLimit(enough).of_queries() > limit.of_queries() + (1 << 20), "{said}");
    }

    /// With the pool of DataFusion alone it hung in one of the first dozen tries.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_query_that_is_short_of_memory_ends() {
        let engine = Engine::new(2, Some(MemoryLimit(6 << 20))).unwrap();
        let session = engine.session([]).unwrap();
        session.sql("SET datafusion.execution.batch_size = 1024").await.unwrap();
        let rows =
            "SELECT value % 13 AS k, repeat('x', 90) || (value % 5000) AS t FROM generate_series(1, 60000)";
        let sql = format!("SELECT k, COUNT(DISTINCT t) FROM ({rows} UNION ALL {rows}) GROUP BY k");
        for _ in 0..24 {
            let query = session.sql(&sql).await.unwrap();
            let ended = tokio::time::timeout(Duration::from_secs(60), query.collect()).await;
            let found: usize = ended.expect("it hangs").unwrap().iter().map(|batch| batch.num_rows()).sum();
            assert_eq!(found, 13);
        }
    }
}
