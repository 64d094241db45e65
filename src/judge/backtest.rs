//! How good alerts would have been, as SQL: each condition at the published sets of the past year, against what came.

use std::collections::BTreeSet;

use super::text;
use crate::{
    lake::as_of::quote,
    project::alerts_toml::{Alert, AlertsSpec, Foretells},
};

/// One row per alert, raised or not yet: how often it would have been raised, how often what it foretells came, how that
/// compares with any customer, how many of the events it warned of, and how long before.
///
/// An alert is raised at the set in which it holds and did not a month before. Only alarms whose days are over are judged.
/// The interval of the precision is Wilson's, 95 % (E. Wilson, "Probable inference", JASA 22 (1927)). Sets are a month
/// apart, so lead times are from the first set that had the alarm.
pub fn backtest_sql(name: &str, spec: &AlertsSpec) -> String {
    let from = quote(&spec.from.0);
    let fires: Vec<String> = spec.alerts.iter().map(|alert| fires_sql(alert, &from)).collect();
    let settings: Vec<String> = spec.alerts.iter().map(settings_sql).collect();
    let events: Vec<String> =
        events(spec).into_iter().map(|(event, days)| event_sql(event, days, &from)).collect();
    let events = match events.is_empty() {
        true => format!(
            "SELECT 'none' AS event, 0 AS within_days, customer_id, as_of, as_of AS happened_on FROM history.{from} WHERE FALSE"
        ),
        false => events.join("\n    UNION ALL\n    "),
    };
    format!(
        "-- {name}: every alert at the sets of the past year, against what came, from models/{name}.toml\n\
         WITH settings AS (\n    {settings}\n),\n\
         days AS (\n    SELECT DISTINCT as_of, months_ago FROM history.{from}\n),\n\
         sets AS (\n    SELECT count(*) AS sets, min(as_of) AS first_set FROM days\n),\n\
         fires AS (\n    {fires}\n),\n\
         starts AS (\n    SELECT fires.*,\n        coalesce(lead(months_ago) OVER (PARTITION BY alert, customer_id ORDER BY months_ago) = months_ago + 1, FALSE) AS goes_on\n    FROM fires\n),\n\
         raised AS (\n    -- what the first set that can tell has may have begun before it\n    SELECT starts.alert, starts.customer_id, starts.as_of\n    FROM starts\n    \
         JOIN settings ON settings.alert = starts.alert\n    \
         JOIN days ON days.months_ago = starts.months_ago + settings.months\n    WHERE NOT goes_on\n),\n\
         came AS (\n    {events}\n),\n\
         first_came AS (\n    SELECT event, within_days, customer_id, as_of, min(happened_on) AS happened_on\n    FROM came\n    GROUP BY event, within_days, customer_id, as_of\n),\n\
         {judged}{usual}{warned}\
         SELECT settings.*, sets.sets, sets.first_set,\n    \
         coalesce(fired.fired, 0) AS fired,\n    coalesce(judged.raised, 0) AS raised,\n    \
         CASE WHEN sets.sets > settings.months\n        THEN CAST(coalesce(judged.raised, 0) AS DOUBLE) / (sets.sets - settings.months) END AS raised_per_month,\n    \
         coalesce(judged.judged, 0) AS judged,\n    \
         CASE WHEN settings.event IS NOT NULL THEN coalesce(judged.came_true, 0) END AS came_true,\n    \
         judged.hits AS \"precision\", {low} AS precision_low, {high} AS precision_high,\n    \
         usual.rate AS base_rate, judged.hits / NULLIF(usual.rate, 0) AS lift,\n    \
         happened.events AS events,\n    CASE WHEN happened.events > 0 THEN coalesce(warned.warned, 0) END AS events_warned,\n    \
         CAST(coalesce(warned.warned, 0) AS DOUBLE) / NULLIF(happened.events, 0) AS recall,\n    judged.median_lead_days\n\
         FROM settings CROSS JOIN sets\n\
         LEFT JOIN (SELECT alert, count(*) AS fired FROM fires GROUP BY alert) AS fired ON fired.alert = settings.alert\n\
         LEFT JOIN judged ON judged.alert = settings.alert\n\
         LEFT JOIN usual ON usual.event = settings.event AND usual.within_days = settings.within_days\n    AND usual.among = settings.among\n\
         LEFT JOIN happened ON happened.event = settings.event AND happened.within_days = settings.within_days\n\
         LEFT JOIN warned ON warned.alert = settings.alert\n",
        settings = settings.join("\n    UNION ALL\n    "),
        fires = fires.join("\n    UNION ALL\n    "),
        judged = JUDGED,
        usual = usual_sql(spec, &from),
        warned = WARNED,
        low = wilson("-"),
        high = wilson("+"),
    )
}

/// Events that alerts foretell, each with its span of days, once.
fn events(spec: &AlertsSpec) -> BTreeSet<(&str, u32)> {
    spec.alerts
        .iter()
        .filter_map(|a| a.foretells.as_ref())
        .map(|f| (f.event.0.as_str(), f.within_days))
        .collect()
}

fn settings_sql(alert: &Alert) -> String {
    let (event, days) = match &alert.foretells {
        Some(f) => (text(&f.event.0), f.within_days.to_string()),
        None => ("CAST(NULL AS VARCHAR)".into(), "CAST(NULL AS BIGINT)".into()),
    };
    let among = alert.foretells.as_ref().map_or_else(|| "CAST(NULL AS VARCHAR)".into(), |f| text(&among(f)));
    format!(
        "SELECT {} AS alert, {} AS enabled, {} AS months, {event} AS event, CAST({days} AS BIGINT) AS within_days, {among} AS among",
        text(&alert.name),
        if alert.enabled { "TRUE" } else { "FALSE" },
        alert.months
    )
}

/// The sets in which an alert holds, so many months in a row.
fn fires_sql(alert: &Alert, from: &str) -> String {
    let before = alert.months - 1;
    format!(
        "SELECT {name} AS alert, customer_id, as_of, months_ago\n    FROM (\n        SELECT customer_id, as_of, months_ago,\n            \
         lead(months_ago, {before}) OVER (PARTITION BY customer_id ORDER BY months_ago) AS first_month\n        \
         FROM history.{from}\n        WHERE ({when})\n    ) AS held\n    WHERE first_month = months_ago + {before}",
        name = text(&alert.name),
        when = alert.when.0,
    )
}

/// Each event of a customer that came within the days after a set.
fn event_sql(event: &str, days: u32, from: &str) -> String {
    format!(
        "SELECT {label} AS event, CAST({days} AS BIGINT) AS within_days, seen.customer_id, seen.as_of, event.happened_on\n    \
         FROM (SELECT customer_id, as_of FROM history.{from}) AS seen\n    \
         JOIN {table} AS event ON event.customer_id = seen.customer_id\n    \
         WHERE event.happened_on > seen.as_of AND event.happened_on <= seen.as_of + {days}",
        label = text(event),
        table = quote(event),
    )
}

const JUDGED: &str = "judged AS (
    SELECT *, CAST(came_true AS DOUBLE) / NULLIF(judged, 0) AS hits
    FROM (
        SELECT raised.alert,
            count(*) AS raised,
            count(*) FILTER (WHERE is_over) AS judged,
            count(happened_on) FILTER (WHERE is_over) AS came_true,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_days) AS median_lead_days
        FROM (
            SELECT raised.alert, first_came.happened_on,
                raised.as_of + settings.within_days <= $as_of_date AS is_over,
                CASE WHEN raised.as_of + settings.within_days <= $as_of_date
                     THEN CAST(first_came.happened_on - raised.as_of AS DOUBLE) END AS lead_days
            FROM raised
            JOIN settings ON settings.alert = raised.alert
            LEFT JOIN first_came ON first_came.event = settings.event AND first_came.within_days = settings.within_days
                AND first_came.customer_id = raised.customer_id AND first_came.as_of = raised.as_of
        ) AS raised
        GROUP BY raised.alert
    ) AS counted
),
";

/// How often the event comes within the same days to any customer of any set, or to those among whom the alert is compared.
fn usual_sql(spec: &AlertsSpec, from: &str) -> String {
    let mut asked: Vec<&Foretells> = spec.alerts.iter().filter_map(|a| a.foretells.as_ref()).collect();
    asked.sort_by_key(|f| (&f.event.0, f.within_days, among(f)));
    asked.dedup_by_key(|f| (f.event.0.clone(), f.within_days, among(f)));
    let one = |f: &&Foretells| {
        let (event, days) = (text(&f.event.0), f.within_days);
        format!(
            "SELECT {event} AS event, CAST({days} AS BIGINT) AS within_days, {label} AS among,
        CAST(count(first_came.happened_on) AS DOUBLE) / NULLIF(count(*), 0) AS rate
    FROM (SELECT customer_id, as_of FROM history.{from} WHERE {among}) AS seen
    LEFT JOIN first_came ON first_came.event = {event} AND first_came.within_days = {days}
        AND first_came.customer_id = seen.customer_id AND first_came.as_of = seen.as_of
    WHERE seen.as_of + {days} <= $as_of_date",
            label = text(&among(f)),
            among = among(f),
        )
    };
    let rates: Vec<String> = asked.iter().map(one).collect();
    let none = || {
        let text = "CAST(NULL AS VARCHAR)";
        format!(
            "SELECT {text} AS event, CAST(NULL AS BIGINT) AS within_days, {text} AS among, CAST(NULL AS DOUBLE) AS rate WHERE FALSE"
        )
    };
    let rates = if rates.is_empty() { none() } else { rates.join("\n    UNION ALL\n    ") };
    format!("usual AS (\n    {rates}\n),\n")
}

/// The customers that those of an alert are compared with.
fn among(foretells: &Foretells) -> String {
    foretells.among.as_ref().map_or_else(|| "TRUE".into(), |(sql, _)| sql.clone())
}

const WARNED: &str = "happened AS (
    SELECT event, within_days, count(*) AS events
    FROM (SELECT DISTINCT event, within_days, customer_id, happened_on FROM came) AS each_once
    GROUP BY event, within_days
),
warned AS (
    SELECT alert, count(*) AS warned
    FROM (
        SELECT DISTINCT settings.alert, came.customer_id, came.happened_on
        FROM settings
        JOIN came ON came.event = settings.event AND came.within_days = settings.within_days
        JOIN fires ON fires.alert = settings.alert AND fires.customer_id = came.customer_id AND fires.as_of = came.as_of
    ) AS each_once
    GROUP BY alert
)
";

/// One end of Wilson's interval of `judged.hits`.
fn wilson(sign: &str) -> String {
    let (p, n) = ("judged.hits", "CAST(judged.judged AS DOUBLE)");
    format!(
        "({p} + 1.9208 / {n} {sign} 1.96 * sqrt({p} * (1 - {p}) / {n} + 0.9604 / ({n} * {n}))) / (1 + 3.8416 / {n})"
    )
}
