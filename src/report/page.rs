//! A whole page: one file that opens from disk, needs no network, and runs no script but its own.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{built_in, html::section, sections::Section};
use crate::{
    problem::{Problem, Result},
    project::{
        language::{Language, Said},
        ordered::Ordered,
        written::Written,
    },
};

/// Apache ECharts, as its project publishes it (see assets/README.md).
const ECHARTS: &str = "echarts.min.js";
const STYLE: &str = "report.css";
/// What the page does, in the order in which its parts need each other.
const SCRIPTS: [&str; 10] = [
    "format.js",
    "charts.js",
    "kinds.js",
    "customers.js",
    "lists.js",
    "density.js",
    "controls.js",
    "panel.js",
    "map.js",
    "page.js",
];

fn asset(name: &str) -> Result<&'static str> {
    let missing = || Problem::setup(format!("the program was built without {name}"));
    built_in::asset(name).ok_or_else(missing)
}

/// What stands on a page.
pub struct Sheet {
    pub language: Language,
    pub title: String,
    /// As of when, and of what.
    pub when: String,
    /// For a customer's page: printed on a few sheets of paper.
    pub is_review: bool,
    pub sections: Vec<Section>,
    /// See [`super::packed`].
    pub packed: Option<String>,
    /// What is not on it, and why.
    pub remarks: Vec<String>,
}

impl Sheet {
    /// The file's text.
    pub fn html(&self) -> Result<String> {
        let scripts = SCRIPTS.map(asset).into_iter().collect::<Result<Vec<_>>>()?.join("\n");
        let (echarts, style) = (asset(ECHARTS)?, asset(STYLE)?);
        let words = script_words(self.language)?;
        let language = self.language;
        let policy = format!(
            "default-src 'none'; script-src '{}' '{}'; style-src 'unsafe-inline'; img-src data:",
            digest(echarts),
            digest(&scripts)
        );
        let page = html! {
            (DOCTYPE)
            html lang=(language.say("en", "zh-CN")) data-lang=(language.code()) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    style { (PreEscaped(style)) }
                }
                body class={ @if self.is_review { "qbr" } } {
                    a.skip href="#main" { (language.say("To the figures", "跳到正文")) }
                    (self.head())
                    form #filters.filters hidden {}
                    main #main { @for one in &self.sections { (section(one, language)) } }
                    (self.foot())
                    script type="application/json" id="words" { (PreEscaped(words)) }
                    @if let Some(packed) = &self.packed { script type="text/plain" id="packed" { (PreEscaped(packed)) } }
                    script { (PreEscaped(echarts)) }
                    script { (PreEscaped(scripts)) }
                }
            }
        };
        Ok(page.into_string())
    }

    fn head(&self) -> Markup {
        html! {
            header.top {
                h1 { (self.title) }
                p.when { (self.when) }
                nav aria-label=(self.language.say("Sections", "章节")) {
                    @for one in &self.sections { a href={ "#" (one.id) } { (one.short_title(self.language)) } }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        html! {
            footer {
                @for remark in &self.remarks { p { (remark) } }
                p { (self.language.say(
                    "Made by luopan from published tables. Charts by Apache ECharts (Apache License 2.0).",
                    "由 luopan 根据已发布的数据表生成。图表使用 Apache ECharts（Apache License 2.0）。",
                )) }
            }
        }
    }
}

/// The words that scripts show, as JSON that cannot end its element.
fn script_words(language: Language) -> Result<String> {
    let file = Written { path: "assets/words.toml".into(), text: asset("words.toml")?.into() };
    let words: Ordered<Said> = file.toml()?;
    let words: serde_json::Map<String, serde_json::Value> =
        words.0.iter().map(|(key, said)| (key.clone(), said.in_language(language).into())).collect();
    Ok(serde_json::Value::from(words).to_string().replace('<', "\\u003c"))
}

/// How a policy names a script that it allows.
fn digest(script: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_built_in_can_end_its_element() {
        for name in SCRIPTS.into_iter().chain([ECHARTS]) {
            let text = asset(name).unwrap().to_ascii_lowercase();
            assert!(!text.contains("</script") && !text.contains("<!--"), "{name}");
        }
        assert!(!asset(STYLE).unwrap().to_ascii_lowercase().contains("</style"));
        for language in Language::ALL {
            assert!(!script_words(language).unwrap().contains('<'));
        }
    }

    #[test]
    fn nothing_of_a_page_reaches_for_the_network_or_makes_code_of_text() {
        let words = [
            "fetch(",
            "XMLHttpRequest",
            "http:",
            "https:",
            "import(",
            "eval(",
            "innerHTML",
            "@import",
            "url(",
        ];
        for name in SCRIPTS.into_iter().chain([STYLE]) {
            let text = asset(name).unwrap();
            let found = words.iter().find(|word| text.contains(**word));
            assert_eq!(found, None, "{name}");
        }
    }
}
