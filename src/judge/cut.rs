//! Where high begins on an axis, as SQL: for all customers, or for each group of them.

use super::{POINTS, number};
use crate::{
    lake::as_of::quote,
    project::model::{Axis, Cut},
};

/// A group with fewer customers than these has too few for a cut of its own, and shares that of all.
const ENOUGH_FOR_A_CUT: u32 = 30;

/// Further columns of `axes` that the cut of axis `name` needs: the money of a Pareto cut, the group.
pub fn inputs_sql(name: &str, axis: &Axis) -> String {
    let money = match &axis.cut {
        Cut::Pareto { of, .. } => format!(",\n        placed.{} AS {name}_money", quote(of)),
        Cut::Fixed(_) | Cut::Quantile(_) => String::new(),
    };
    let group = axis.per.as_ref().map(|per| format!(",\n        placed.{} AS {name}_group", quote(per)));
    money + &group.unwrap_or_default()
}

/// The tables from which [`overall_sql`] and [`join_sql`] take the cuts of an axis; each ends in a comma.
pub fn tables_sql(name: &str, axis: &Axis) -> String {
    let mut sql = held_sql(name, &axis.cut, "held", "");
    if axis.per.is_none() {
        return sql;
    }
    sql += &held_sql(name, &axis.cut, "group_held", &format!("PARTITION BY {name}_group "));
    let cut = match &axis.cut {
        Cut::Pareto { share, .. } => format!(
            "min({name}) FILTER (WHERE CAST(held_before AS DOUBLE) < {} * CAST(all_money AS DOUBLE)) AS cut\n    FROM {name}_group_held",
            number(*share)
        ),
        Cut::Quantile(share) => format!("{} AS cut\n    FROM axes", quantile_sql(name, *share)),
        Cut::Fixed(value) => format!("{} AS cut\n    FROM axes", number(*value)),
    };
    sql + &format!(
        "{name}_groups AS (\n    -- a group of fewer than {ENOUGH_FOR_A_CUT} shares the cut of all\n    \
         SELECT {name}_group, {cut}\n    GROUP BY {name}_group\n    HAVING count({name}) >= {ENOUGH_FOR_A_CUT}\n),\n"
    )
}

/// The cut of all customers.
pub fn overall_sql(name: &str, cut: &Cut) -> String {
    match cut {
        Cut::Fixed(value) => number(*value),
        Cut::Quantile(share) => format!("(SELECT {} FROM axes)", quantile_sql(name, *share)),
        Cut::Pareto { share, .. } => format!(
            "coalesce((SELECT min({name}) FROM {name}_held\n            WHERE CAST(held_before AS DOUBLE) < {} * CAST(all_money AS DOUBLE)),\n            \
             -- nobody holds any: only the best score is high\n            (SELECT max({name}) FROM axes))",
            number(*share)
        ),
    }
}

/// The cut that counts for a customer of `axes`, beside the one row of `cuts`.
pub fn own_sql(name: &str, axis: &Axis) -> String {
    match axis.per {
        Some(_) => format!("CAST(coalesce({name}_groups.cut, cuts.{name}_cut) AS {POINTS}) AS {name}_cut"),
        None => format!("cuts.{name}_cut"),
    }
}

pub fn join_sql(name: &str, axis: &Axis) -> String {
    match axis.per {
        Some(_) => format!("\n    LEFT JOIN {name}_groups ON {name}_groups.{name}_group = axes.{name}_group"),
        None => String::new(),
    }
}

fn quantile_sql(name: &str, share: f64) -> String {
    format!("percentile_cont({}) WITHIN GROUP (ORDER BY CAST({name} AS DOUBLE))", number(share))
}

/// What the customers before each one, from the best score down, hold of the money that is above zero.
fn held_sql(name: &str, cut: &Cut, table: &str, partition: &str) -> String {
    let Cut::Pareto { .. } = cut else { return String::new() };
    let group = if partition.is_empty() { String::new() } else { format!("{name}_group, ") };
    format!(
        "{name}_{table} AS (\n    SELECT {group}{name},\n        \
         sum(greatest({name}_money, 0)) OVER ({partition}) AS all_money,\n        \
         sum(greatest({name}_money, 0)) OVER ({partition}ORDER BY {name} DESC, customer_id\n            \
         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - greatest({name}_money, 0) AS held_before\n    \
         FROM axes WHERE {name} IS NOT NULL AND {name}_money IS NOT NULL\n),\n"
    )
}
