//! Rules, alerts, capacities and parameters: what people decided, in their words and figures.

use arrow::util::display::array_value_to_string;

use super::{
    Language,
    markdown::{code, paragraph, table},
};
use crate::project::{
    alerts_toml::{Alert, AlertsSpec},
    capacity_toml::CapacitySpec,
    parameters::Parameter,
    rules_toml::{OTHERWISE, RulesSpec, Then},
    types::type_name,
};

pub fn rules(spec: &RulesSpec, language: Language) -> String {
    let from = code(&spec.from);
    let rule = match language {
        Language::English => {
            format!(
                "Of each customer of {from}: the first rule that holds decides. Columns of what the rules give: "
            )
        }
        Language::Chinese => format!("对 {from} 中每位客户，由第一条成立的规则决定。规则给出的列："),
    };
    let columns: Vec<String> = spec.columns.keys().map(|column| code(column)).collect();
    let stop = language.say(".", "。");
    let heads = match language {
        Language::English => ["rule", "when", "then", "what it says"],
        Language::Chinese => ["规则", "条件", "结果", "说明"],
    };
    let then = |given: &indexmap::IndexMap<String, Then>| {
        // Long texts are for those whom the rule is about: here it is told by its short ones.
        let short = |(name, value): (&String, &Then)| match value {
            Then::Text(text) if text.chars().count() > SHORT => None,
            Then::Text(text) => Some(format!("{name} = {text}")),
            Then::Int(value) => Some(format!("{name} = {value}")),
            Then::Double(value) => Some(format!("{name} = {value}")),
            Then::Bool(value) => Some(format!("{name} = {value}")),
        };
        given.iter().filter_map(short).collect::<Vec<_>>().join(", ")
    };
    let rows = spec.rules.iter().map(|r| {
        let about = language.described(&r.description, &r.description_zh).to_owned();
        [code(&r.name), code(&one_line(&r.when.0)), then(&r.then), about]
    });
    let otherwise =
        spec.otherwise.iter().map(|given| [code(OTHERWISE), String::new(), then(given), String::new()]);
    paragraph(&format!("{rule}{}{stop}", columns.join(language.say(", ", "、"))))
        + &table(heads, rows.chain(otherwise))
}

/// Characters up to which a text stands in a cell among others.
const SHORT: usize = 40;

pub fn alerts(spec: &AlertsSpec, language: Language) -> String {
    let from = code(&spec.from.0);
    let rule = match language {
        Language::English => format!(
            "Each speaks of the customers of {from} for whom it holds; those that are off are only tried on the sets of the \
             past year."
        ),
        Language::Chinese => {
            format!("每条预警针对 {from} 中满足条件的客户；未启用者仅在过去一年的快照上回测。")
        }
    };
    let heads = match language {
        Language::English => ["alert", "when", "severity", "for", "foretells", "what it says"],
        Language::Chinese => ["预警", "条件", "严重程度", "负责角色", "所指事件", "说明"],
    };
    paragraph(&rule) + &table(heads, spec.alerts.iter().map(|alert| alert_row(alert, language)))
}

fn alert_row(alert: &Alert, language: Language) -> [String; 6] {
    let months = match (alert.months, language) {
        (1, _) => String::new(),
        (n, Language::English) => format!(", {n} months in a row"),
        (n, Language::Chinese) => format!("，连续 {n} 个月"),
    };
    let mut severity: Vec<String> = alert
        .severity_when
        .iter()
        .map(|(severity, when, _)| format!("{}: {}", severity.name(), code(&one_line(when))))
        .collect();
    severity.push(alert.severity.name().to_owned());
    let foretells = alert.foretells.as_ref().map_or_else(String::new, |f| match language {
        Language::English => format!("{} within {} days", code(&f.event.0), f.within_days),
        Language::Chinese => format!("{} 天内 {}", f.within_days, code(&f.event.0)),
    });
    let off = if alert.enabled { "" } else { language.say(" (off)", "（未启用）") };
    [
        format!("{}{off}", code(&alert.name)),
        format!("{}{months}", code(&one_line(&alert.when.0))),
        severity.join(language.say("; else ", "；否则 ")),
        alert.owner_role.clone().unwrap_or_default(),
        foretells,
        language.described(&Some(alert.description.clone()), &alert.description_zh).to_owned(),
    ]
}

pub fn capacity(spec: &CapacitySpec, language: Language) -> String {
    let (from, value, capacity) = (code(&spec.from), code(&one_line(&spec.value.0)), code(&spec.capacity.0));
    let effort = code(spec.effort.as_ref().map_or("1", |(sql, _)| sql.as_str()));
    let per = spec.per.as_ref().map(|(column, _)| code(column));
    paragraph(&match language {
        Language::English => format!(
            "Of the customers of {from}, those first that bring most ({value}) for their effort ({effort}), until {capacity} is \
             used up{}.",
            per.map_or_else(String::new, |per| format!(" for each {per}"))
        ),
        Language::Chinese => format!(
            "{from} 中的客户按单位投入（{effort}）的价值（{value}）从高到低排列，{}用完 {capacity} 为止。",
            per.map_or_else(String::new, |per| format!("每个 {per} "))
        ),
    })
}

pub fn parameters(parameters: &[Parameter], language: Language) -> String {
    let heads = match language {
        Language::English => ["parameter", "value", "type", "what it is"],
        Language::Chinese => ["参数", "取值", "类型", "说明"],
    };
    let rows = parameters.iter().map(|p| {
        let value = array_value_to_string(&p.value, 0).unwrap_or_default();
        let about = language.described(&p.description, &p.description_zh).to_owned();
        [code(&format!("${}", p.name)), value, type_name(p.value.data_type()), about]
    });
    let intro = paragraph(language.say(
        "Figures that the business decides, from `sql/parameters.toml`.",
        "由业务决定的数值，见 `sql/parameters.toml`。",
    ));
    format!("\n### {}\n{intro}{}", language.say("Parameters", "参数"), table(heads, rows))
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
