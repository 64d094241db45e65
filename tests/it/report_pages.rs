//! The report's pages in a browser: that they are quiet, whole, true, and in one language.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    chromium::Browser,
    parquet_files::figure,
    reports::{LANGUAGES, NARROW, WIDE, assert_quiet, column, page, rows, warehouse},
};

/// The customers with the most and with the least revenue.
fn largest_and_smallest() -> [String; 2] {
    let mut customers = rows("customer_snapshot");
    customers
        .sort_by(|a, b| figure(&b["revenue_12m"]).unwrap().total_cmp(&figure(&a["revenue_12m"]).unwrap()));
    [customers.first(), customers.last()].map(|one| one.unwrap()["customer_id"].as_str().unwrap().to_owned())
}

#[test]
fn every_page_is_quiet_asks_nobody_and_fits_a_telephone() {
    let Some(mut browser) = Browser::start() else { return };
    let [largest, smallest] = largest_and_smallest();
    let kinds: [(&str, &[&str]); 4] = [
        ("portfolio", &[]),
        ("customer", &["--customer", &largest]),
        ("internal", &["--customer", &largest, "--internal"]),
        ("smallest", &["--customer", &smallest, "--internal"]),
    ];
    for language in LANGUAGES {
        for (kind, args) in kinds {
            let page = page(warehouse(), &[args, &["--lang", language]].concat());
            for (window, size) in [("wide", WIDE), ("narrow", NARROW)] {
                let which = format!("{kind}.{language}.{window}");
                browser.look(&page.path, size);
                assert_quiet(&browser, &which);
                browser.picture(&which);
                browser
                    .evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
                let wider =
                    browser.evaluate("Math.max(0, document.scrollingElement.scrollWidth - innerWidth)");
                assert_eq!(
                    wider,
                    0,
                    "{which}: pixels by which it is wider than the window, by {}",
                    wide(&mut browser)
                );
            }
        }
    }
}

/// What reaches beyond the window, for the message.
fn wide(browser: &mut Browser) -> Value {
    browser.evaluate(
        "[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1
            && !one.closest('.scroll, nav, .selects')).slice(0, 8)
            .map((one) => `${one.closest('[id]')?.id ?? ''} ${one.tagName} ${one.className}`)",
    )
}

/// What is wrong with the charts of the page, one line each; and how many there are.
const CHARTS: &str = r#"(() => {
    const wrong = [];
    const figures = [...document.querySelectorAll('figure[data-chart]')].filter((one) => !one.querySelector('.empty'));
    const near = (a, b) => a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
    for (const figure of figures) {
        const says = (what) => wrong.push(`${figure.id}: ${what}`);
        const place = figure.querySelector('.chart');
        const box = place?.querySelector('svg, canvas')?.getBoundingClientRect();
        if (!box) { says('nothing is drawn'); continue; }
        if (box.width < 200 || box.height < 80) says(`drawn as ${box.width} x ${box.height}`);
        if (place.getAttribute('role') !== 'img' || !place.getAttribute('aria-label')) says('nobody says what is drawn');
        const heads = [...figure.querySelectorAll('thead th')];
        const rows = [...figure.querySelectorAll('tbody tr')];
        const numbers = (at) => rows.map((row) => row.cells[at].dataset.v).filter((v) => v !== '').map(Number);
        const option = echarts.getInstanceByDom(place).getOption();
        const drawn = (one) => one.data.map((point) => point?.value ?? point).map((v) => (Array.isArray(v) ? v[1] : v))
            .filter((v) => typeof v === 'number' && !Number.isNaN(v));
        const agree = (what, shown, table) => {
            if (shown.length !== table.length || !shown.every((v, at) => near(v, table[at]))) says(`${what}: draws ${shown}; the table has ${table}`);
        };
        if (figure.dataset.chart === 'flow') {
            const size = numbers(heads.findIndex((head) => head.dataset.chart === 'size')).filter((v) => v > 0);
            agree('flow', (option.series[0].links ?? option.series[0].edges).map((link) => link.value), size);
            continue;
        }
        const ys = heads.map((head, at) => ({ head, at })).filter(({ head }) => head.dataset.chart === 'y');
        for (const { head, at } of ys.filter(({ head }) => head.dataset.as === ys[0].head.dataset.as)) {
            const name = head.textContent.trim();
            const one = option.series.find((series) => series.name === name && ['bar', 'line', 'scatter'].includes(series.type));
            if (one) agree(name, drawn(one), numbers(at));
            else says(`${name} is not drawn`);
        }
        if (!ys.length) says('the table has no column that is drawn');
    }
    const maps = [...document.querySelectorAll('figure[data-map]')].filter((one) => !one.querySelector('.empty'));
    maps.filter((one) => !(one.querySelector('.chart canvas')?.clientWidth > 200)).forEach((one) => wrong.push(`${one.id}: no map`));
    return [figures.length, wrong];
})()"#;

/// Cells whose text is not what the page's scripts would write for their value.
const WRITTEN: &str = "[...document.querySelectorAll('table')].flatMap((table) => {
    const heads = [...table.querySelectorAll('thead th')];
    return [...table.tBodies[0].rows].flatMap((row) => [...row.cells].flatMap((cell, at) => {
        if (!cell.classList.contains('n') || !cell.dataset.v) return [];
        // A figure between two digits may go to either.
        const said = [1, 1 + 1e-9, 1 - 1e-9].map((part) => luopan.format(heads[at].dataset.as, Number(cell.dataset.v) * part));
        return said.some((one) => one.replace(/\\s/g, ' ') === cell.textContent.replace(/\\s/g, ' ')) ? []
            : [`${table.closest('figure').id} ${heads[at].dataset.key} ${cell.dataset.v}: ${cell.textContent} or ${said[0]}`];
    }));
})";

#[test]
fn a_chart_shows_what_the_table_beside_it_says_and_scripts_write_as_the_page_does() {
    let Some(mut browser) = Browser::start() else { return };
    for language in LANGUAGES {
        let [largest, _] = largest_and_smallest();
        for (args, least) in [(&[][..], 12), (&["--customer", &largest, "--internal"], 1)] {
            let page = page(warehouse(), &[args, &["--lang", language]].concat());
            browser.look(&page.path, WIDE);
            let found = browser.evaluate(CHARTS);
            assert_eq!(found[1], json!([]), "{language} {args:?}");
            assert!(found[0].as_u64().unwrap() >= least, "{} charts, {language} {args:?}", found[0]);
            assert_eq!(browser.evaluate(WRITTEN), json!([]), "{language} {args:?}");
        }
    }
}

#[test]
fn the_figures_are_those_of_the_published_tables() {
    let Some(mut browser) = Browser::start() else { return };
    let page = page(warehouse(), &[]);
    browser.look(&page.path, WIDE);
    let customers = rows("customer_snapshot");

    // By quadrant, counted and added up from the customers themselves.
    let mut expected: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    for customer in &customers {
        let sums = expected.entry(customer["quadrant"].as_str().unwrap()).or_default();
        sums[0] += 1.0;
        sums[1] += figure(&customer["revenue_12m"]).unwrap_or_default();
        sums[2] += figure(&customer["value_at_risk"]).unwrap_or_default();
    }
    for (place, key) in ["customers", "revenue_12m", "value_at_risk"].into_iter().enumerate() {
        let shown: BTreeMap<_, _> =
            column(&mut browser, "quadrants-summary", "quadrant", key).into_iter().collect();
        assert_eq!(shown.len(), expected.len());
        for (quadrant, sums) in &expected {
            let shown: f64 = shown[*quadrant].parse().unwrap();
            assert!(
                (shown - sums[place]).abs() < 0.01 + 1e-6 * shown,
                "{quadrant} {key}: {shown} and {}",
                sums[place]
            );
        }
    }

    // What is said first, in the words that a manager would repeat.
    let at_risk: f64 = expected.values().map(|sums| sums[2]).sum();
    let lead = text(&mut browser, "#risk .lead");
    let millions = format!("{:.1}", at_risk / 1e6);
    assert!(lead.contains(&millions), "{millions} million at risk: {lead}");
    let grouped = format!("{},{:03}", customers.len() / 1000, customers.len() % 1000);
    assert!(lead.contains(&grouped), "of {grouped} customers: {lead}");
    assert!(text(&mut browser, "#filters").contains(&grouped), "the filters count all customers");

    // Whom to call: each that fits the week, the most worthwhile first.
    let mut calls: Vec<Value> = rows("call_list").into_iter().filter(|call| call["fits"] == true).collect();
    calls.sort_by(|a, b| {
        figure(&b["expected_kept"]).unwrap().total_cmp(&figure(&a["expected_kept"]).unwrap())
    });
    let shown = column(&mut browser, "risk-call-list", "customer_id", "expected_kept");
    for ((id, kept), call) in shown.iter().zip(&calls) {
        assert_eq!(*id, call["customer_id"]);
        // Up to a million money is written in whole units.
        let (kept, expected) = (kept.replace(',', ""), figure(&call["expected_kept"]).unwrap());
        assert!((kept.parse::<f64>().unwrap() - expected).abs() < 0.51, "{id}: {kept} of {expected}");
    }
    assert!(shown.len() >= 10.min(calls.len()));
    let more = text(&mut browser, "#risk-call-list .more");
    assert!(more.contains(&calls.len().to_string()), "{} calls: {more}", calls.len());

    // Who moved since the night before.
    let moves = rows("quadrant_moves");
    assert!(!moves.is_empty(), "the sample lake has a customer that moves");
    let shown = column(&mut browser, "quadrants-moves", "customer_id", "to_quadrant");
    for (id, to) in &shown {
        let code = to.to_lowercase().replace(' ', "_");
        assert!(
            moves.iter().any(|one| one["customer_id"] == **id && one["to_quadrant"] == *code),
            "{id} to {to}"
        );
    }
    assert_eq!(shown.len(), moves.len().min(25));
}

fn text(browser: &mut Browser, selector: &str) -> String {
    let script =
        "(selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent).join(' ')";
    browser.apply(script, selector).as_str().unwrap().to_owned()
}
