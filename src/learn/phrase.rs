//! How reasons speak of a column: `Logins in 13 weeks fell 62 % (typical: fell 3 %)`.

use arrow::array::Array;

use super::{
    column::{Kind, Values},
    encode::ColumnEncoding,
    figures::{Language, push_number, push_per_cent},
    typical::TypicalValue,
};
use crate::project::column_note::{ColumnNote, Unit};

/// A column's words in both languages. They are neutral: whether a higher score is good, they do not know.
#[derive(Clone, Debug)]
pub struct Phrase {
    unit: Unit,
    spoken: [Spoken; 2],
}

#[derive(Clone, Debug)]
struct Spoken {
    called: String,
    /// Whether the value goes on in the sentence: "Logins in 13 weeks" fell 62 %.
    flows: bool,
    typical: Option<String>,
    /// What is typical, as it stands behind a value that is not.
    aside: String,
}

impl Phrase {
    /// Without a note the column's name has to do, and numbers stay numbers.
    pub fn new(column: &ColumnEncoding, note: Option<&ColumnNote>, typical: Option<&TypicalValue>) -> Self {
        let unit = match column.kind {
            Kind::Text => Unit::Text,
            Kind::Flag => Unit::Flag,
            Kind::Number => note.and_then(|note| note.unit).unwrap_or(Unit::Number),
        };
        let spoken = Language::ALL.map(|language| Spoken::new(&column.name, note, unit, typical, language));
        Self { unit, spoken }
    }

    /// Appends a row's value.
    pub fn push_value(&self, out: &mut String, values: &Values, row: usize, language: Language) {
        match values {
            Values::Numbers(numbers) => push_number(out, numbers[row], self.unit, language),
            Values::Texts(texts) if texts.is_null(row) => push_number(out, f64::NAN, self.unit, language),
            Values::Texts(texts) => out.push_str(texts.value(row)),
        }
    }

    /// Appends the column's name, a value as [`Self::push_value`] gave it (`known` or not), and what is typical.
    pub fn push_text(&self, out: &mut String, value: &str, known: bool, language: Language) {
        let spoken = &self.spoken[language as usize];
        out.push_str(&spoken.called);
        out.push_str(match spoken.flows && known {
            true => language.of(" ", ""),
            false => language.of(": ", "："),
        });
        out.push_str(value);
        match &spoken.typical {
            Some(typical) if typical == value => {
                out.push_str(language.of(" (typical)", "（与一般客户相同）"))
            }
            _ => out.push_str(&spoken.aside),
        }
    }

    /// The typical value in words; none if it was never known.
    pub fn typical(&self, language: Language) -> Option<&str> {
        self.spoken[language as usize].typical.as_deref()
    }
}

impl Spoken {
    fn new(
        name: &str,
        note: Option<&ColumnNote>,
        unit: Unit,
        typical: Option<&TypicalValue>,
        language: Language,
    ) -> Self {
        let text = |text: fn(&ColumnNote) -> &Option<String>| note.and_then(|note| text(note).as_deref());
        let english = [text(|n| &n.phrase), text(|n| &n.description)];
        let chinese = [text(|n| &n.phrase_zh), text(|n| &n.description_zh)];
        let [phrase, description] = language.of(english, chinese);
        let called = phrase.or(description).or(english[0]).or(english[1]).unwrap_or(name).to_owned();
        let flows = phrase.is_some() && matches!(unit, Unit::Change | Unit::Difference);
        let mut value = String::new();
        let aside = match typical {
            None => return Self { called, flows, typical: None, aside: String::new() },
            Some(TypicalValue::ShareTrue(share)) => {
                let mut per_cent = String::new();
                push_per_cent(&mut per_cent, 100.0 * share, language);
                value = language.of(format!("yes for {per_cent}"), format!("{per_cent} 为是"));
                language
                    .of(format!(" (yes for {per_cent} of customers)"), format!("（{per_cent} 的客户为是）"))
            }
            Some(TypicalValue::Median(_) | TypicalValue::Level(_)) => {
                match typical {
                    Some(TypicalValue::Level(level)) => value.push_str(level),
                    Some(TypicalValue::Median(median)) => push_number(&mut value, *median, unit, language),
                    _ => {}
                }
                language.of(format!(" (typical: {value})"), format!("（一般客户：{value}）"))
            }
        };
        Self { called, flows, typical: Some(value), aside }
    }
}
