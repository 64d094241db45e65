//! What codes are called: the report's own words, then the scorecards' components, then the project's `sql/words.toml`.

use crate::{
    problem::Result,
    project::{
        Project,
        language::{Language, Said},
        model::ModelSpec,
        words_toml::{Words, words_of},
        written::Written,
    },
};

pub struct Names(Words);

/// The group of codes that mean the same everywhere.
const ANY: &str = "any";

impl Names {
    /// Of a set whose project is kept; of others only the report's own.
    pub fn of(project: Option<&Project>) -> Result<Self> {
        let file = Written { path: "words.toml".into(), text: include_str!("words.toml").into() };
        let mut words = words_of(&file)?;
        if let Some(project) = project {
            components(project, &mut words);
            words.extend(&project.words);
        }
        Ok(Self(words))
    }

    /// A code's name; without one the code itself, with its underscores as spaces.
    pub fn name(&self, group: &str, code: &str, language: Language) -> String {
        match self.0.get(group, code).or_else(|| self.0.get(ANY, code)) {
            Some(said) => said.in_language(language).to_owned(),
            None => code.replace('_', " "),
        }
    }

    /// A text with the codes of some groups (`module,industry`) in it called by their names.
    pub fn named_within(&self, groups: &str, text: &str, language: Language) -> String {
        let mut out = String::new();
        let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
            let part = &rest[start..end];
            let said =
                groups.split(',').filter(|_| is_code(part)).find_map(|group| self.0.get(group.trim(), part));
            out.push_str(&rest[..start]);
            out.push_str(said.map_or(part, |said| said.in_language(language)));
            rest = &rest[end..];
        }
        out + rest
    }
}

/// Letters, digits and `_` that begin with a letter: what codes are made of.
fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// `component`: what each component of a scorecard judges, in the file's own words.
fn components(project: &Project, words: &mut Words) {
    for model in &project.models {
        let ModelSpec::Scorecard(card) = &model.spec else { continue };
        for component in &card.components {
            let Some(en) = &component.description else { continue };
            let zh = component.description_zh.as_ref().unwrap_or(en);
            words.put("component", &component.name, Said::owned(en, zh));
            words.put("component", &format!("{}.{}", model.name, component.name), Said::owned(en, zh));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_a_name_stands_for_itself() {
        let names = Names::of(None).unwrap();
        assert_eq!(names.name("quadrant", "cash_cow", Language::Chinese), "现金牛");
        assert_eq!(names.name("quadrant", "cash_cow", Language::English), "Cash cow");
        assert_eq!(names.name("industry", "new_energy", Language::English), "new energy");
    }

    #[test]
    fn codes_within_a_text_are_called_by_their_names() {
        let names = Names::of(None).unwrap();
        let said = |text: &str| names.named_within("health_band, quadrant", text, Language::Chinese);
        assert_eq!(said("star → cash_cow；Star, cash_cows"), "明星 → 现金牛；Star, cash_cows");
        assert_eq!((said(""), said("dog")), (String::new(), "瘦狗".to_owned()));
    }
}
