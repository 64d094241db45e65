//! A published set as people read it: the portfolio's page, a customer's page, and a customer explained on the terminal.
//!
//! Every figure is one file of `figures/`: a SELECT over published tables, and a header that says in two languages how it
//! is read. `sections.toml` says which stands where. What a chart draws is the table beside it, and nothing else.

mod built_in;
mod customer;
mod figure;
mod file;
mod format;
mod html;
mod packed;
mod page;
mod sections;
mod set;
mod table;
mod text;
mod value;
mod words;

pub use customer::find_customer;
pub use file::{file_part, write_page};
pub use page::Sheet;
pub use set::PublishedSet;

use crate::{
    problem::Result,
    project::language::{Language, Said},
};
use format::date;
use sections::{Page, Section};
use table::{Reader, Table};
use words::Names;

/// The page of all customers.
pub async fn portfolio(set: &PublishedSet, language: Language) -> Result<Sheet> {
    let names = Names::of(set.project.as_ref())?;
    let reader = Reader { set, names: &names, language, customer: None };
    let (sections, left_out) = Page::Portfolio.read(&reader).await?;
    let map = tables(&sections).find(|table| table.is_map() && !table.rows.is_empty());
    let lists: Vec<&Table> = tables(&sections).filter(|table| table.figure.is_list).collect();
    let cuts = match Page::Portfolio.figure("quadrants", "cuts")? {
        Some(figure) => reader.read(&figure).await?.ok(),
        None => None,
    };
    let packed = map.map(|map| packed::packed(map, cuts.as_ref(), &lists, language)).transpose()?;
    Ok(Sheet {
        language,
        title: language.say("Where our customers stand", "客户价值报告").to_owned(),
        when: when(set, language),
        is_review: false,
        packed,
        sections,
        remarks: remarks(&left_out, language),
    })
}

/// A customer's page, for a review with it; with `internal` also what is not for its eyes.
pub async fn review(set: &PublishedSet, customer: &str, language: Language, internal: bool) -> Result<Sheet> {
    let names = Names::of(set.project.as_ref())?;
    let reader = Reader { set, names: &names, language, customer: Some(customer) };
    let page = if internal { Page::Internal } else { Page::Customer };
    let (sections, left_out) = page.read(&reader).await?;
    let name = customer::name_of(&reader).await?;
    Ok(Sheet {
        language,
        title: match language {
            Language::English => format!("Business review: {name}"),
            Language::Chinese => format!("业务回顾：{name}"),
        },
        when: when(set, language),
        is_review: true,
        packed: None,
        sections,
        remarks: remarks(&left_out, language),
    })
}

/// A customer's quadrant, scores, risk and plan as text of at most so many columns.
pub async fn explanation(
    set: &PublishedSet,
    customer: &str,
    language: Language,
    width: usize,
) -> Result<String> {
    let names = Names::of(set.project.as_ref())?;
    let reader = Reader { set, names: &names, language, customer: Some(customer) };
    let (sections, left_out) = Page::Explain.read(&reader).await?;
    let mut out = text::sections(&sections, language, width);
    remarks(&left_out, language).iter().for_each(|remark| out.push_str(&format!("\n{remark}\n")));
    Ok(out)
}

fn tables(sections: &[Section]) -> impl Iterator<Item = &Table> {
    sections.iter().flat_map(|section| &section.tables)
}

fn when(set: &PublishedSet, language: Language) -> String {
    let (day, name) = (date(set.day(), language), &set.manifest.set);
    match (language, set.day_before().map(|day| date(day, language))) {
        (Language::English, Some(before)) => format!("As of {day} (set {name}); compared with {before}"),
        (Language::English, None) => {
            format!("As of {day} (set {name}); the first set, so nothing is compared")
        }
        (Language::Chinese, Some(before)) => format!("截至{day}（快照 {name}）；对比{before}"),
        (Language::Chinese, None) => format!("截至{day}（快照 {name}）；首个快照，暂无对比"),
    }
}

fn remarks(left_out: &[(Said, String)], language: Language) -> Vec<String> {
    let one = |(title, table): &(Said, String)| match language {
        Language::English if table.is_empty() => {
            format!("Not here: “{}”: this set knows nothing of it.", title.en)
        }
        Language::Chinese if table.is_empty() => format!("未包含“{}”：该快照没有相关数据。", title.zh),
        Language::English => format!("Not here: “{}”, as this set has no table {table}.", title.en),
        Language::Chinese => format!("未包含“{}”：该快照没有数据表 {table}。", title.zh),
    };
    left_out.iter().map(one).collect()
}
