//! What the parser takes for a query and no table may be.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{self, Visit, Visitor};

/// Whether a query writes: `SELECT … INTO`, at any depth.
pub fn writes(query: &ast::Query) -> bool {
    query.visit(&mut Into).is_break()
}

struct Into;

impl Visitor for Into {
    type Break = ();

    fn pre_visit_select(&mut self, select: &ast::Select) -> ControlFlow<()> {
        match select.into {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }
}
