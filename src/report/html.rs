//! Sections and figures as HTML: every value that comes from data is escaped by maud.

use maud::{Markup, html};

use super::{
    figure::{As, Chart, Role},
    sections::Section,
    table::Table,
};
use crate::project::language::Language;

/// A section of the page: what it says first, then its figures.
pub fn section(section: &Section, language: Language) -> Markup {
    html! {
        section id=(section.id) class={ @if section.id == "internal" { "internal" } } {
            h2 { (section.title.in_language(language)) }
            @if !section.lead.is_empty() { ul.lead { @for sentence in &section.lead { li { (sentence) } } } }
            @for table in &section.tables { (figure(table, language)) }
        }
    }
}

/// A figure: its table, and a place for the chart that the page draws from it.
pub fn figure(table: &Table, language: Language) -> Markup {
    let figure = &table.figure;
    let said = |said: &Option<crate::project::language::Said>| {
        said.as_ref().map(|said| said.in_language(language).to_owned())
    };
    let is_map = table.is_map();
    let chart = figure.chart.filter(|_| !table.rows.is_empty());
    let is_drawn = chart.is_some() || is_map;
    html! {
        figure id=(figure.id) class={ @if is_wide(table) { "wide" } }
            data-chart=[chart.map(Chart::name)] data-list=[figure.is_list.then_some(&figure.id)] data-map[is_map] {
            @if let Some(title) = said(&figure.title) { figcaption { (title) } }
            @if let Some(note) = said(&figure.note) { p.note { (note) } }
            @if table.rows.is_empty() {
                p.empty { (said(&figure.empty).unwrap_or_else(|| language.say("Nothing to show.", "暂无数据。").to_owned())) }
            } @else if is_drawn {
                div.chart {}
                details { summary { (language.say("As a table", "查看表格")) } (rows(table, language)) }
            } @else {
                (rows(table, language))
            }
        }
    }
}

/// What needs the page's whole width: lists, the map, and tables of many columns or long texts without a chart.
fn is_wide(table: &Table) -> bool {
    let columns = table.seen().count();
    let longest = table.rows.iter().flatten().map(|cell| cell.text.chars().count()).max().unwrap_or(0);
    let is_table = table.figure.chart.is_none();
    table.figure.is_list
        || table.is_map()
        || (is_table && (columns > 5 || (columns > 3 && longest > LONG_TEXT)))
}

/// Characters of a text that needs lines of its own.
const LONG_TEXT: usize = 60;

fn rows(table: &Table, language: Language) -> Markup {
    let has_customer = table.column("customer_id");
    html! {
        div.scroll {
            table {
                thead { tr { @for (_, name, column) in table.seen() {
                    th scope="col" class={ @if column.shown.is_number() { "n" } } data-key=(name) data-as=(column.shown.name())
                        data-chart=[column.role.map(Role::name)] title=[column.help().map(|h| h.in_language(language).to_owned())] {
                        (column.label().in_language(language))
                    }
                } } }
                tbody { @for row in table.rows.iter().take(table.shown_rows()) {
                    tr data-customer=[has_customer.and_then(|i| row.get(i)).map(|cell| &cell.text)] {
                        @for (i, _, column) in table.seen() {
                            @if let Some(cell) = row.get(i) {
                                td class={ @if column.shown.is_number() { "n" } } data-v=[raw(cell, column.shown)] {
                                    (cell.text)
                                    @if let Some(id) = table.id_beside(column, row, &cell.text) { " " small { (id) } }
                                }
                            }
                        }
                    }
                } }
            }
        }
        @if table.shown_rows() < table.rows.len() {
            p.more { (first_of(table.shown_rows(), table.rows.len(), language)) }
        }
    }
}

/// The value behind a text, where the text does not say it.
fn raw(cell: &super::table::Cell, form: As) -> Option<String> {
    let raw = cell.value.raw();
    (form.is_number() || raw != cell.text).then_some(raw)
}

fn first_of(shown: usize, all: usize, language: Language) -> String {
    match language {
        Language::English => format!("The first {shown} of {all}."),
        Language::Chinese => format!("共 {all} 行，显示前 {shown} 行。"),
    }
}

impl Table {
    /// A customer's id, where its name alone would stand.
    fn id_beside<'a>(
        &self,
        column: &super::figure::Column,
        row: &'a [super::table::Cell],
        name: &str,
    ) -> Option<&'a str> {
        let id = row.get(self.column("customer_id")?)?;
        (column.shown == As::Customer && id.text != name).then_some(id.text.as_str())
    }

    /// The one figure that shows every customer.
    pub fn is_map(&self) -> bool {
        self.column("x").is_some() && self.column("y").is_some() && self.column("customer_id").is_some()
    }
}
