//! The memory that queries share.

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
/// that many batches share are counted with each. What it does hold is what its readers have not taken yet, and the memory
/// of the whole process is watched besides.
#[derive(Debug)]
pub(super) struct QueryPool {
    pool: FairSpillPool,
    limit: MemoryLimit,
}

impl QueryPool {
    pub(super) fn new(limit: MemoryLimit) -> Self {
        Self { pool: FairSpillPool::new(limit.of_queries()), limit }
    }

    /// Who wants how much: what a query is told, and people are if it cannot do with less.
    fn refusal(&self, reservation: &MemoryReservation, additional: usize) -> String {
        let (wants, most) = (self.pool.reserved() + additional, self.limit.of_queries());
        let mut said = format!(
            "{} needs {} more than the {} that it holds, and queries may hold {} at once",
            reservation.consumer().name(),
            in_words(additional),
            in_words(reservation.size()),
            in_words(most)
        );
        if wants > most {
            let enough = in_words(MemoryLimit::that_gives_queries(wants));
            said += &format!(": it takes a --memory-limit of {enough} or more");
        }
        said
    }
}

fn is_counted(consumer: &MemoryConsumer) -> bool {
    !consumer.name().starts_with("RepartitionExec")
}

impl MemoryPool for QueryPool {
    fn name(&self) -> &str {
        self.pool.name()
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.pool.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.pool.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        if is_counted(reservation.consumer()) {
            self.pool.grow(reservation, additional);
        }
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        if is_counted(reservation.consumer()) {
            self.pool.shrink(reservation, shrink);
        }
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Answer<()> {
        if !is_counted(reservation.consumer()) {
            return Ok(());
        }
        let refused = self.pool.try_grow(reservation, additional);
        refused.map_err(|_| DataFusionError::ResourcesExhausted(self.refusal(reservation, additional)))
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

    use crate::engine::{Engine, MemoryLimit};

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
