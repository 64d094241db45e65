//! The report as people use it: filters, the map, the keyboard, and paper.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    chromium::Browser,
    reports::{LANGUAGES, NARROW, WIDE, assert_quiet, page, rows, warehouse},
};

/// Chooses in one of the filters, as a reader does.
fn choose(browser: &mut Browser, filter: &str, value: &str) {
    browser.apply(
        "([name, value]) => {
            const select = document.querySelector(`#filters select[name=${name}]`);
            select.value = value;
            if (select.value !== value) throw new Error(`${name} has no ${value}`);
            select.dispatchEvent(new Event('change', { bubbles: true }));
        }",
        json!([filter, value]),
    );
}

/// The customers in the rows of the call list, once all of them are shown.
fn called(browser: &mut Browser) -> BTreeSet<String> {
    let found = browser.evaluate(
        "(async () => {
            const list = document.getElementById('risk-call-list');
            for (let more; (more = list.querySelector('.more button'));) {
                more.click();
                await new Promise((done) => requestAnimationFrame(done));
            }
            return [...list.querySelectorAll('tbody tr')].map((row) => row.dataset.customer);
        })()",
    );
    serde_json::from_value(found).unwrap()
}

fn state(browser: &mut Browser) -> (String, String, String) {
    let found = browser.evaluate(
        "['.count', 'select[name=industry]', 'select[name=owner]'].map((one) => document.querySelector('#filters ' + one))
            .map((one) => one.value || one.textContent)",
    );
    let part = |i: usize| found[i].as_str().unwrap_or_default().to_owned();
    (part(0), part(1), part(2))
}

#[test]
fn filters_narrow_the_lists_stay_in_the_address_and_are_cleared() {
    let Some(mut browser) = Browser::start() else { return };
    let customers = rows("customer_snapshot");
    let fits: BTreeSet<String> = rows("call_list").iter().filter(|c| c["fits"] == true).map(id).collect();
    // The industry and the owner who have the most calls together.
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for customer in customers.iter().filter(|customer| fits.contains(&id(customer))) {
        let (Some(industry), Some(owner)) = (customer["industry"].as_str(), customer["owner"].as_str())
        else {
            continue;
        };
        *pairs.entry((industry, owner)).or_default() += 1;
    }
    let ((industry, owner), _) = pairs.into_iter().max_by_key(|(_, calls)| *calls).unwrap();
    let of = |customer: &&Value, industry: Option<&str>| {
        customer["owner"] == owner && industry.is_none_or(|industry| customer["industry"] == industry)
    };
    let by_owner: BTreeSet<_> = customers.iter().filter(|c| of(c, None)).map(id).collect();
    let by_both: BTreeSet<_> = customers.iter().filter(|c| of(c, Some(industry))).map(id).collect();
    assert!(by_both.len() < by_owner.len(), "a sample in which both filters do something");

    let page = page(warehouse(), &[]);
    browser.look(&page.path, WIDE);
    let all = called(&mut browser);
    assert_eq!(all, fits, "the list has everybody who fits the week");
    choose(&mut browser, "owner", owner);
    let (count, ..) = state(&mut browser);
    assert!(count.starts_with(&format!("{} of ", by_owner.len())), "{count}");
    assert_eq!(called(&mut browser), fits.intersection(&by_owner).cloned().collect(), "the calls of {owner}");
    choose(&mut browser, "industry", industry);
    let narrowed = state(&mut browser);
    assert!(narrowed.0.starts_with(&format!("{} of ", by_both.len())), "{}", narrowed.0);
    assert_eq!(called(&mut browser), fits.intersection(&by_both).cloned().collect());
    assert!(!fits.is_disjoint(&by_both));

    browser.reload();
    assert_eq!(state(&mut browser), narrowed, "a reload finds the filters in the address");
    assert_eq!(called(&mut browser), fits.intersection(&by_both).cloned().collect());
    browser.picture("filtered");
    browser.click("#filters button");
    let (count, industry, owner) = state(&mut browser);
    assert!(!count.contains(" of ") && industry.chars().count() != 0 && !owner.is_empty(), "{count}");
    assert_eq!(called(&mut browser), all, "cleared filters bring everybody back");
    assert_eq!(browser.evaluate("location.hash.includes('owner=')"), false);
    assert_quiet(&browser, "filters");
}

fn id(row: &Value) -> String {
    row["customer_id"].as_str().unwrap().to_owned()
}

/// What has the focus: its kind, and where it stands.
const FOCUSED: &str = "(() => {
    const one = document.activeElement;
    return one.closest('#filters') ? 'filter ' + one.name : one.matches('input[type=search]') ? 'search'
        : one.matches('.panel *') ? 'panel' : one.tagName.toLowerCase() + ' ' + (one.getAttribute('href') ?? '');
})()";

fn tab_to(browser: &mut Browser, wanted: &str) -> usize {
    for presses in 1..80 {
        browser.press("Tab");
        if browser.evaluate(FOCUSED) == wanted {
            return presses;
        }
    }
    panic!("80 presses of Tab do not reach {wanted}: {}", browser.evaluate(FOCUSED));
}

#[test]
fn the_keyboard_alone_reaches_filters_search_and_what_is_known_of_a_customer() {
    let Some(mut browser) = Browser::start() else { return };
    let page = page(warehouse(), &[]);
    browser.open(&page.path, "", WIDE);
    browser.press("Tab");
    assert_eq!(browser.evaluate(FOCUSED), "a #main", "the first stop leads past the head");
    tab_to(&mut browser, "filter owner");
    let before = state(&mut browser);
    browser.press("ArrowDown");
    browser.wait_until("document.querySelector('#filters .count').textContent.includes(' of ')");
    assert_ne!(state(&mut browser), before, "an arrow chooses an owner");

    tab_to(&mut browser, "search");
    let customers = rows("customer_snapshot");
    let wanted = customers.iter().find(|one| one["customer_name"].is_string()).unwrap();
    let name = wanted["customer_name"].as_str().unwrap();
    browser.write(&name.chars().take(7).collect::<String>());
    browser.wait_until("document.querySelectorAll('[role=option]').length > 0");
    browser.evaluate("document.activeElement.select()");
    browser.write(&id(wanted).to_lowercase());
    browser.wait_until("document.querySelectorAll('[role=option]').length === 1");
    browser.press("ArrowDown");
    browser.press("Enter");
    browser.wait_until("!!document.querySelector('.panel:not([hidden]) h3')");
    let panel = browser.evaluate("document.querySelector('.panel').textContent");
    let panel = panel.as_str().unwrap();
    assert!(panel.contains(name), "{panel}");
    let revenue = browser.apply(
        "(v) => luopan.format('money', v)",
        wanted["revenue_12m"].to_string().trim_matches('"').parse::<f64>().unwrap(),
    );
    assert!(panel.contains(revenue.as_str().unwrap()), "revenue {revenue}: {panel}");
    assert_eq!(browser.evaluate(FOCUSED), "panel", "what is known of the customer has the focus");
    browser.press("Escape");
    browser.wait_until("document.querySelector('.panel').hidden");
    assert_eq!(browser.evaluate(FOCUSED), "search", "closing it leads back");
    assert_quiet(&browser, "keyboard");
}

#[test]
fn pointing_at_a_point_of_the_map_tells_who_it_is_and_a_press_tells_all() {
    let Some(mut browser) = Browser::start() else { return };
    for (language, size) in LANGUAGES.into_iter().zip([WIDE, NARROW]) {
        let page = page(warehouse(), &["--lang", language]);
        browser.open(&page.path, "", size);
        // The largest customer that is on the map, and where it is drawn.
        let found = browser.evaluate(
            "(async () => {
                const place = document.querySelector('figure[data-map] .chart');
                place.scrollIntoView({ block: 'center' });
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                const { x, y, money } = luopan.customers;
                const rows = [...x.keys()].filter((row) => x[row] + y[row] >= 0).sort((a, b) => money[b] - money[a]);
                const [left, top] = echarts.getInstanceByDom(place).convertToPixel('grid', [x[rows[0]], y[rows[0]]]);
                const box = place.getBoundingClientRect();
                return [box.left + left, box.top + top];
            })()",
        );
        let at = [0, 1].map(|i| found[i].as_f64().unwrap());
        browser.point_at(at);
        browser.wait_until("!!document.querySelector('.tip strong')?.textContent");
        let told = browser.evaluate("document.querySelector('.tip strong').textContent");
        let customer = rows("customer_snapshot").into_iter().find(|one| one["customer_name"] == told);
        let customer = customer.unwrap_or_else(|| panic!("{told} is no customer"));
        browser.press_at(at);
        browser.wait_until("!!document.querySelector('.panel:not([hidden]) h3')");
        let panel = browser.evaluate("document.querySelector('.panel').textContent");
        for part in [told.as_str().unwrap(), &id(&customer)] {
            assert!(panel.as_str().unwrap().contains(part), "{part}: {panel}");
        }
        assert_quiet(&browser, language);
        browser.picture(&format!("map.{language}"));
    }
}

#[test]
fn a_customers_page_takes_three_sheets_of_paper_and_one_more_inside_the_house() {
    let Some(mut browser) = Browser::start() else { return };
    let mut tickets: Vec<(u64, String)> = rows("customer_snapshot")
        .iter()
        .map(|one| (one["tickets_12m"].as_u64().unwrap_or(0), id(one)))
        .collect();
    tickets.sort();
    let [quiet, busy] = [tickets.first(), tickets.last()].map(|one| one.unwrap().1.clone());
    for language in LANGUAGES {
        for customer in [&quiet, &busy] {
            for (internal, most) in [(&[][..], 3), (&["--internal"], 4)] {
                let page =
                    page(warehouse(), &[&["--customer", customer, "--lang", language], internal].concat());
                browser.open(&page.path, "", WIDE);
                let sheets = browser.sheets(&format!("{customer}{}.{language}", internal.concat()));
                assert!((1..=most).contains(&sheets), "{customer} {language} {internal:?}: {sheets} sheets");
                assert_quiet(&browser, customer);
            }
        }
        let page = page(warehouse(), &["--lang", language]);
        browser.open(&page.path, "", WIDE);
        assert!(browser.sheets(&format!("portfolio.{language}")) > 4, "the whole portfolio is printed");
        let undrawn = "document.querySelectorAll('figure[data-chart] .chart:empty').length";
        assert_eq!(browser.evaluate(undrawn), 0, "printing draws what nobody has looked at");
        assert_quiet(&browser, "the portfolio on paper");
    }
}
