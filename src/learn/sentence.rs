//! A sentence for people, in English and Chinese.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Both say the same, with the same figures. In a file it is its English text: Chinese is published of tonight's alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Sentence {
    pub english: String,
    pub chinese: String,
}

impl Sentence {
    pub fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }
}

/// Read back from a file it says the same.
impl PartialEq for Sentence {
    fn eq(&self, other: &Self) -> bool {
        self.english == other.english
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.english)
    }
}

impl From<String> for Sentence {
    fn from(english: String) -> Self {
        Self { english, chinese: String::new() }
    }
}

impl From<Sentence> for String {
    fn from(sentence: Sentence) -> Self {
        sentence.english
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_the_english_text() {
        let few = Sentence::new("3 customers are too few", "3 位客户太少");
        let json = serde_json::to_string(&few).unwrap();
        assert_eq!(json, "\"3 customers are too few\"");
        assert_eq!(serde_json::from_str::<Sentence>(&json).unwrap(), few);
    }
}
