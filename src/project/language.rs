//! English and Chinese: what people read exists in both.

use std::borrow::Cow;

use serde::Deserialize;

/// Whose words are taken; where a file has none in Chinese, its English ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Language {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// As on the command line, in file names and in SQL: `en` or `zh`.
    pub fn code(self) -> &'static str {
        self.say("en", "zh")
    }

    /// The program's own words.
    pub fn say<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// A file's words.
    pub fn described<'a>(self, english: &'a Option<String>, chinese: &'a Option<String>) -> &'a str {
        let first = match self {
            Self::English => english.as_ref(),
            Self::Chinese => chinese.as_ref().or(english.as_ref()),
        };
        first.map_or("", String::as_str)
    }
}

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub en: Cow<'static, str>,
    pub zh: Cow<'static, str>,
}

impl Said {
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
    }

    pub fn owned(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: Cow::Owned(en.into()), zh: Cow::Owned(zh.into()) }
    }

    pub fn in_language(&self, language: Language) -> &str {
        language.say(&self.en, &self.zh)
    }
}
