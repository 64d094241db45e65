//! All tables at one as-of, and the sessions that see them.

use std::sync::Arc;

use datafusion::{
    catalog::{MemorySchemaProvider, SchemaProvider, TableProvider},
    common::{ParamValues, ScalarValue},
    prelude::SessionContext,
};

use super::{Engine, fault};
use crate::{graph::references::Time, lake::as_of::AsOf, problem::Result};

/// Tables as they are at one as-of; a clone is the same moment.
#[derive(Clone)]
pub struct Moment {
    pub as_of: AsOf,
    /// Made tables, and sources as they were known.
    pub tables: Arc<MemorySchemaProvider>,
    /// The files of sources, before rows and columns of later days are taken out.
    files: Arc<MemorySchemaProvider>,
}

/// Schemas that are the same at every as-of of a run.
#[derive(Clone, Default)]
pub struct Shared {
    pub previous: Arc<MemorySchemaProvider>,
    pub history: Arc<MemorySchemaProvider>,
    pub engine: Arc<MemorySchemaProvider>,
}

impl Moment {
    pub fn new(as_of: AsOf) -> Self {
        Self { as_of, tables: Arc::default(), files: Arc::default() }
    }

    /// Makes a table known to this moment, in place of one of that name.
    pub fn set(&self, name: &str, table: Arc<dyn TableProvider>) -> Result<()> {
        put(&self.tables, name, table)
    }

    pub async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.tables.table(name).await.map_err(|e| fault(e, None))
    }

    pub fn set_files(&self, name: &str, table: Arc<dyn TableProvider>) -> Result<()> {
        put(&self.files, name, table)
    }

    /// Lets go of a table that nothing reads any more.
    pub fn forget(&self, name: &str) -> Result<()> {
        self.tables.deregister_table(name).map(|_| ()).map_err(|e| fault(e, None))
    }

    /// A session in which bare names are tables of this moment, and `future.` those of another.
    pub fn session(
        &self,
        engine: &Engine,
        shared: &Shared,
        future: Option<&Moment>,
    ) -> Result<SessionContext> {
        let mut schemas = vec![("public", Arc::clone(&self.tables)), ("files", Arc::clone(&self.files))];
        for time in [Time::Future, Time::Previous, Time::History, Time::Engine] {
            let tables = match time {
                Time::Future => future.map(|f| Arc::clone(&f.tables)),
                Time::Previous => Some(Arc::clone(&shared.previous)),
                Time::History => Some(Arc::clone(&shared.history)),
                Time::Engine => Some(Arc::clone(&shared.engine)),
                Time::Now => None,
            };
            schemas.extend(time.schema().zip(tables));
        }
        engine.session(schemas)
    }

    /// The project's own parameters, `$as_of`, `$as_of_date`, and for labels `$horizon_days`.
    pub fn parameters(&self, own: &[(String, ScalarValue)], horizon_days: Option<u32>) -> ParamValues {
        let mut values = own.to_vec();
        values.push(("as_of".to_owned(), self.as_of.timestamp()));
        values.push(("as_of_date".to_owned(), self.as_of.date()));
        if let Some(days) = horizon_days {
            values.push(("horizon_days".to_owned(), ScalarValue::Int64(Some(days.into()))));
        }
        ParamValues::from(values)
    }
}

/// Registers or replaces.
pub fn put(schema: &MemorySchemaProvider, name: &str, table: Arc<dyn TableProvider>) -> Result<()> {
    schema.deregister_table(name).map_err(|e| fault(e, None))?;
    schema.register_table(name.to_owned(), table).map(|_| ()).map_err(|e| fault(e, None))
}
