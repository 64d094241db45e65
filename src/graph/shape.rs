//! The shape of a query: what the parser takes and no table may be.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{self, Visit, Visitor};

/// How deep expressions may be nested, and how long chains of one operator or of UNIONs may be. The planner's time grows with
/// the square of it, and its stack with it.
const DEEPEST: usize = 500;
/// Of text: what is longer was not written by a person.
pub const LONGEST: usize = 256 * 1024;

/// Why a query is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misshapen {
    /// `SELECT … INTO`, at any depth.
    Writes,
    TooDeep,
}

/// Looks at all parts of a query; goes no deeper than [`DEEPEST`], so that nobody runs out of stack here.
pub fn misshapen(query: &ast::Query) -> Option<Misshapen> {
    match query.visit(&mut Shape { depth: 0 }) {
        ControlFlow::Break(why) => Some(why),
        ControlFlow::Continue(()) => None,
    }
}

struct Shape {
    depth: usize,
}

impl Shape {
    fn down(&mut self) -> ControlFlow<Misshapen> {
        self.depth += 1;
        match self.depth > DEEPEST {
            true => ControlFlow::Break(Misshapen::TooDeep),
            false => ControlFlow::Continue(()),
        }
    }

    fn up(&mut self) -> ControlFlow<Misshapen> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

impl Visitor for Shape {
    type Break = Misshapen;

    fn pre_visit_query(&mut self, query: &ast::Query) -> ControlFlow<Misshapen> {
        // A chain of UNIONs grows to its left, and is walked at once: it must not be entered if it is too long.
        let (mut body, mut chain) = (query.body.as_ref(), 0);
        while let ast::SetExpr::SetOperation { left, .. } = body {
            (body, chain) = (left.as_ref(), chain + 1);
        }
        if chain > DEEPEST {
            return ControlFlow::Break(Misshapen::TooDeep);
        }
        self.down()
    }

    fn post_visit_query(&mut self, _: &ast::Query) -> ControlFlow<Misshapen> {
        self.up()
    }

    fn pre_visit_select(&mut self, select: &ast::Select) -> ControlFlow<Misshapen> {
        match select.into {
            Some(_) => ControlFlow::Break(Misshapen::Writes),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_expr(&mut self, _: &ast::Expr) -> ControlFlow<Misshapen> {
        self.down()
    }

    fn post_visit_expr(&mut self, _: &ast::Expr) -> ControlFlow<Misshapen> {
        self.up()
    }
}
