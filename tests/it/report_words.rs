//! The report in two languages: nothing is left of the other one, and figures are written as each language writes them.

use serde_json::{Value, json};

use super::{
    chromium::Browser,
    reports::{LANGUAGES, WIDE, page, rows, warehouse},
};

/// Texts of the page that a language should not have, each with where it stands.
const STRANGE: &str = r##"([language, names]) => {
    const chinese = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
    const known = new Set(names);
    const strange = [];
    const says = (one, text) => strange.push(`${one.closest('[id]')?.id ?? one.tagName} ${one.tagName} ${text.slice(0, 160)}`);
    const text = (one) => one.textContent.trim();
    const cells = (as) => [...document.querySelectorAll('table')].flatMap((table) => {
        const heads = [...table.querySelectorAll('thead th')];
        return [...table.tBodies[0].rows].flatMap((row) => [...row.cells].filter((_, at) => heads[at].dataset.as === as));
    });
    const raw = (cell) => (cell.dataset.v === undefined || cell.dataset.v === '' ? null : Number(cell.dataset.v));
    if (document.documentElement.lang !== { en: 'en', zh: 'zh-CN' }[language]) strange.push('lang ' + document.documentElement.lang);

    if (language === 'en') {
        // Names of customers and of people are as they are; everything else is English.
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const one = walk.currentNode.parentElement;
            if (one.closest('script, style, td, option, dd, [role=option]')) continue;
            const rest = names.reduce((rest, name) => (rest.includes(name) ? rest.replaceAll(name, '') : rest), one.textContent);
            if (chinese.test(rest)) says(one, one.textContent);
        }
        cells('word').filter((one) => chinese.test(text(one))).forEach((one) => says(one, text(one)));
        cells('money').filter((one) => Math.abs(raw(one)) >= 1e6 && !/^−?[\d.,]+[MB]$/.test(text(one).replace(/\s/g, ' '))).forEach((one) => says(one, text(one)));
        cells('date').filter((one) => raw(one) !== null && !/^\d{1,2} [A-Z][a-z]{2} \d{4}$/.test(text(one))).forEach((one) => says(one, text(one)));
        return strange;
    }
    // Abbreviations of the trade, and what is called so in Chinese, too.
    const same = /^[A-Z0-9²%+×.<>≤≥\-–—/ \u00a0]*$/;
    const labels = 'h1, h2, h3, figcaption, th, .note, button:not(.name), summary, label, legend, nav a, .lead, .more, .empty, dt, .when, footer p, option[value=""], .key';
    for (const one of document.querySelectorAll(labels)) {
        if (text(one) && !chinese.test(text(one)) && !same.test(text(one)) && !known.has(text(one))) says(one, text(one));
    }
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
        for (const name of ['aria-label', 'title', 'placeholder']) {
            const said = one.getAttribute(name);
            if (said && !chinese.test(said)) says(one, `${name}: ${said}`);
        }
    }
    cells('word').filter((one) => !chinese.test(text(one)) && !same.test(text(one))).forEach((one) => says(one, text(one)));
    // Four English words in a row are a sentence, wherever they stand.
    const sentence = /(?:\b[A-Za-z']{2,}[ ,]+){3}[A-Za-z']{2,}/;
    for (const one of document.querySelectorAll('td, p, li, dd')) {
        const rest = names.reduce((rest, name) => (rest.includes(name) ? rest.replaceAll(name, '') : rest), text(one));
        if (sentence.test(rest) && !one.closest('footer')) says(one, text(one));
    }
    cells('money').filter((one) => Math.abs(raw(one)) >= 1e4 && !/^−?[\d.,]+[万亿]$/.test(text(one))).forEach((one) => says(one, text(one)));
    cells('date').filter((one) => text(one) !== '–' && !/^\d{4}年\d{1,2}月\d{1,2}日$/.test(text(one))).forEach((one) => says(one, text(one)));
    return [...new Set(strange)];
}"##;

#[test]
fn each_page_is_in_one_language() {
    let Some(mut browser) = Browser::start() else { return };
    let customers = rows("customer_snapshot");
    let names: Vec<&Value> = ["customer_name", "owner"]
        .iter()
        .flat_map(|key| customers.iter().map(move |customer| &customer[*key]))
        .filter(|name| name.is_string())
        .collect();
    let id = customers[0]["customer_id"].as_str().unwrap();
    let kinds: [&[&str]; 2] = [&[], &["--customer", id, "--internal"]];
    for language in LANGUAGES {
        for args in kinds {
            let page = page(warehouse(), &[args, &["--lang", language]].concat());
            browser.look(&page.path, WIDE);
            if args.is_empty() {
                // What the map tells of a customer is part of the page.
                browser.click("#risk-call-list tbody button.name");
                browser.wait_until("!!document.querySelector('.panel:not([hidden]) dd')");
            }
            let strange = browser.apply(STRANGE, json!([language, names]));
            assert_eq!(strange, json!([]), "{language} {args:?}");
        }
    }
}
