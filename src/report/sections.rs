//! Which figures stand in which section of which page, and their rows.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{
    built_in,
    figure::{Figure, figure_of},
    table::{Reader, Table},
};
use crate::{
    problem::{Problem, Result},
    project::{
        language::{Language, Said},
        written::Written,
    },
};

/// A page's sections in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Portfolio,
    Customer,
    /// The customer's page with what is not for the customer.
    Internal,
    Explain,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionPlan {
    pub id: String,
    title: String,
    title_zh: String,
    /// Files without `.sql`: by name in the section's folder, or by path from `figures/` where another page has them, too.
    figures: Vec<String>,
    /// Not for the customer's eyes.
    #[serde(default)]
    internal: bool,
    /// Of another kind of pipeline: where its tables are not published, nobody misses them.
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionsToml {
    portfolio: Vec<SectionPlan>,
    customer: Vec<SectionPlan>,
    explain: Vec<SectionPlan>,
}

/// A section as read: what it says first, then its tables.
pub struct Section {
    pub id: String,
    pub title: Said,
    pub lead: Vec<String>,
    pub tables: Vec<Table>,
    /// Figures that are left out: title → the table that the set lacks; no table where it has them, and they say nothing.
    pub left_out: Vec<(Said, String)>,
}

impl Section {
    /// Whether it would say nothing: another project's tables of these names have other columns.
    fn is_blank(&self) -> bool {
        self.lead.is_empty() && self.tables.iter().all(|table| table.rows.is_empty())
    }

    /// All that it misses, under its own title.
    fn as_one_left_out(&self) -> Option<(Said, String)> {
        let tables: BTreeSet<&str> = self.left_out.iter().map(|(_, table)| table.as_str()).collect();
        let names: Vec<&str> = tables.into_iter().collect();
        (!names.is_empty()).then(|| (self.title.clone(), names.join(", ")))
    }

    /// What stands before the colon: enough to find it.
    pub fn short_title(&self, language: Language) -> &str {
        let title = self.title.in_language(language);
        title.split([':', '：']).next().unwrap_or(title)
    }
}

impl Page {
    fn folder(self) -> &'static str {
        match self {
            Self::Portfolio => "portfolio",
            Self::Customer | Self::Internal => "customer",
            Self::Explain => "explain",
        }
    }

    pub fn plans(self) -> Result<Vec<SectionPlan>> {
        let file = Written { path: "sections.toml".into(), text: include_str!("sections.toml").into() };
        let all: SectionsToml = file.toml()?;
        Ok(match self {
            Self::Portfolio => all.portfolio,
            Self::Customer => all.customer.into_iter().filter(|section| !section.internal).collect(),
            Self::Internal => all.customer,
            Self::Explain => all.explain,
        })
    }

    /// A section's figure; `None` if there is no such file.
    pub fn figure(self, section: &str, name: &str) -> Result<Option<Figure>> {
        let own = format!("{}/{section}/{name}", self.folder());
        let path = if name.contains('/') { name } else { &own };
        let path = format!("{path}.sql");
        let Some(text) = built_in::figure(&path) else { return Ok(None) };
        let written = Written { path: format!("src/report/figures/{path}").into(), text: text.into() };
        let file = name.rsplit('/').next().unwrap_or(name);
        figure_of(format!("{section}-{}", file.replace('_', "-")), written).map(Some)
    }

    /// All sections, as far as the set has their tables; a section of which nothing is left is not among them.
    pub async fn read(self, reader: &Reader<'_>) -> Result<(Vec<Section>, Vec<(Said, String)>)> {
        let (mut sections, mut left_out) = (Vec::new(), Vec::new());
        for plan in self.plans()? {
            let optional = plan.optional;
            let section = self.section(plan, reader).await?;
            if section.tables.is_empty() {
                left_out.extend(section.as_one_left_out().filter(|_| !optional));
            } else if self == Self::Portfolio && section.is_blank() {
                left_out.push((section.title, String::new()));
            } else {
                left_out.extend(section.left_out.iter().cloned());
                sections.push(section);
            }
        }
        Ok((sections, left_out))
    }

    async fn section(self, plan: SectionPlan, reader: &Reader<'_>) -> Result<Section> {
        let title = Said::owned(plan.title, plan.title_zh);
        let mut section = Section { id: plan.id, title, lead: vec![], tables: vec![], left_out: vec![] };
        if let Some(lead) = self.figure(&section.id, "lead")?
            && let Ok(table) = reader.read(&lead).await?
        {
            section.lead = table.said(reader.language);
        }
        for name in plan.figures {
            let Some(figure) = self.figure(&section.id, &name)? else {
                return Err(Problem::setup(format!("section {} has no figure {name}", section.id)));
            };
            match reader.read(&figure).await? {
                Ok(table) => section.tables.push(table),
                Err(missing) => section.left_out.extend(figure.title.map(|title| (title, missing))),
            }
        }
        Ok(section)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::report::figure::{Chart, Role};

    const PAGES: [Page; 3] = [Page::Portfolio, Page::Internal, Page::Explain];

    /// Every figure with its page and section; leads, too.
    fn figures() -> Vec<Figure> {
        let mut all = Vec::new();
        for page in PAGES {
            for plan in page.plans().unwrap() {
                all.extend(page.figure(&plan.id, "lead").unwrap());
                let read =
                    |name: &String| page.figure(&plan.id, name).unwrap().unwrap_or_else(|| panic!("{name}"));
                all.extend(plan.figures.iter().map(read));
            }
        }
        all.extend(Page::Portfolio.figure("quadrants", "cuts").unwrap());
        all
    }

    #[test]
    fn every_file_of_a_figure_stands_in_a_section() {
        let used: BTreeSet<_> = figures().into_iter().map(|figure| figure.file.path).collect();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/figures")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
                    assert!(used.contains(path), "{} stands in no section", path.display());
                }
            }
        }
    }

    #[test]
    fn figures_speak_both_languages() {
        for figure in figures() {
            let name = figure.file.path.display();
            let is_lead = !figure.sentences.is_empty();
            let said = |said: &Said| !said.en.trim().is_empty() && !said.zh.trim().is_empty();
            assert!(is_lead || figure.title.as_ref().is_none_or(said), "{name}");
            for text in [&figure.note, &figure.empty].into_iter().flatten() {
                assert!(said(text), "{name}");
            }
            for (column, spec) in &figure.columns {
                let is_head = !is_lead && figure.title.is_some();
                assert!(!is_head || said(&spec.label()), "{name}: {column} has no heading");
            }
            for sentence in &figure.sentences {
                let places = |text: &str| -> BTreeSet<String> {
                    text.split('{')
                        .skip(1)
                        .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                        .collect()
                };
                let text = sentence.text();
                assert_eq!(places(&text.en), places(&text.zh), "{name}: {}", text.en);
                let declared = |column: &String| figure.columns.contains_key(column);
                assert!(
                    places(&text.en).iter().chain(&sentence.only_if).all(declared),
                    "{name}: {}",
                    text.en
                );
            }
        }
    }

    #[test]
    fn charts_have_what_they_are_drawn_from() {
        for figure in figures() {
            let has = |role: Role| figure.columns.values().any(|column| column.role == Some(role));
            let needed: &[Role] = match figure.chart {
                None => &[],
                Some(Chart::Flow) => &[Role::From, Role::To, Role::Size],
                Some(_) => &[Role::X, Role::Y],
            };
            assert!(needed.iter().all(|role| has(*role)), "{}", figure.file.path.display());
            let hidden = figure.columns.values().any(|column| column.role.is_some() && column.hidden);
            assert!(!hidden, "{}: a chart is drawn from what people can read", figure.file.path.display());
        }
    }
}
