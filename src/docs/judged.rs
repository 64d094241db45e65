//! Scorecards and quadrants: what is judged, what it is worth, and where high begins.

use super::{
    Language,
    markdown::{code, paragraph, percent, table},
    models::graded,
};
use crate::project::model::{
    Axis, Component, Cut, Missing, Points, QuadrantSpec, ScoreSegment, ScorecardSpec,
};

pub fn scorecard(spec: &ScorecardSpec, language: Language) -> String {
    let from = code(&spec.from);
    let rule = match language {
        Language::English => format!(
            "From 0 to 100, of each customer of {from}: the mean of the components' points by their weights."
        ),
        Language::Chinese => format!("{from} 中每位客户的 0 到 100 分：各项得分按权重平均。"),
    };
    let grade = spec.grade.as_ref();
    let grade = grade.map_or_else(String::new, |g| graded(Some(&g.published), &g.label, language));
    let heads = match language {
        Language::English => ["component", "weight", "what is judged", "value", "points", "unknown"],
        Language::Chinese => ["组成部分", "权重", "评判内容", "取值", "得分", "未知时"],
    };
    let rows = spec.components.iter().map(|c| {
        let about = language.described(&c.description, &c.description_zh).to_owned();
        [code(&c.name), c.weight.to_string(), about, code(&c.value), points(c), unknown(c.missing, language)]
    });
    let bands = match spec.bands.is_empty() {
        true => String::new(),
        false => paragraph(&bands(&spec.bands, language)),
    };
    let segments: String = spec.segments.iter().map(|s| paragraph(&segment(s, language))).collect();
    paragraph(&format!("{rule}{grade}")) + &table(heads, rows) + &bands + &segments
}

fn unknown(missing: Missing, language: Language) -> String {
    match missing {
        Missing::Reweight => language.say("left out", "不计，其余权重增大"),
        Missing::Neutral => language.say("50 points", "计 50 分"),
        Missing::Zero => language.say("0 points", "计 0 分"),
    }
    .into()
}

fn bands(bands: &[(String, f64)], language: Language) -> String {
    let bands: Vec<String> = bands
        .iter()
        .map(|(name, from)| match language {
            Language::English => format!("{} from {from}", code(name)),
            Language::Chinese => format!("{} 自 {from} 分起", code(name)),
        })
        .collect();
    let stop = language.say(".", "。");
    format!("{}{}{stop}", language.say("Bands: ", "分档："), bands.join(language.say(", ", "，")))
}

fn segment(segment: &ScoreSegment, language: Language) -> String {
    let weights: Vec<String> =
        segment.weights.iter().map(|(name, weight)| format!("{} {weight}", code(name))).collect();
    let mut text = match language {
        Language::English => format!("Segment {}, where {}", code(&segment.name), code(&segment.when.0)),
        Language::Chinese => format!("客群 {}（{}）", code(&segment.name), code(&segment.when.0)),
    };
    if !weights.is_empty() {
        text += &format!(
            "{}{}",
            language.say(": other weights: ", "：权重 "),
            weights.join(language.say(", ", "，"))
        );
    }
    text += language.say(".", "。");
    if !segment.bands.is_empty() {
        text += &format!(" {}", bands(&segment.bands, language));
    }
    text
}

/// What points are, once for all scorecards of a page.
pub fn legend(language: Language) -> String {
    paragraph(language.say(
        "Of a scorecard's points, `a → b` says that the value a is worth b: figures between two of these in a straight \
         line, beyond them level; a word that is not named is unknown. `rank` is the share of the other customers that \
         have less, times 100.",
        "评分卡的得分中，`a → b` 表示取值 a 得 b 分：两值之间按直线插值，两端之外持平；未列出的文字视为未知。`rank` 为低于该客户的其他客户所占比例乘以 100。",
    ))
}

fn points(component: &Component) -> String {
    let pairs: Vec<String> = match &component.points {
        Points::Rank => return code("rank"),
        Points::Line(line) => line.iter().map(|(value, points)| format!("{value} → {points}")).collect(),
        Points::Map(map) => map.iter().map(|(word, points)| format!("{word} → {points}")).collect(),
    };
    pairs.join(", ")
}

pub fn quadrant(spec: &QuadrantSpec, language: Language) -> String {
    let rule = match language {
        Language::English => format!(
            "Places each customer of {}: star where both axes are high, cash_cow where x is, question_mark where y is, dog \
             where neither is. An axis is the mean of its scores by their weights; what is not known is left out.",
            code(&spec.from)
        ),
        Language::Chinese => format!(
            "为 {} 中每位客户定位：两轴皆高为 star，仅 x 高为 cash_cow，仅 y 高为 question_mark，皆不高为 dog。轴为各分数按权重的平均，未知者不计。",
            code(&spec.from)
        ),
    };
    let heads = match language {
        Language::English => ["axis", "made of", "high"],
        Language::Chinese => ["轴", "组成", "何谓高"],
    };
    let axis = |name: &str, axis: &Axis| {
        let scores: Vec<String> =
            axis.scores.iter().map(|(score, weight)| format!("{weight} × {}", code(score))).collect();
        let per = axis.per.as_ref().map_or_else(String::new, |per| match language {
            Language::English => format!(", for each {} by itself", code(per)),
            Language::Chinese => format!("，按 {} 分别划定", code(per)),
        });
        [name.to_owned(), scores.join(" + "), cut(&axis.cut, language) + &per]
    };
    let rules = spec.rules.as_ref().map_or_else(String::new, |(rules, _)| {
        paragraph(&match language {
            Language::English => {
                format!("Whoever a rule of {} speaks of stands where the rule says.", code(rules))
            }
            Language::Chinese => format!("{} 中的规则优先于分界线。", code(rules)),
        })
    });
    let stay = spec.stay.as_ref().map_or_else(String::new, |stay| {
        paragraph(&match language {
            Language::English => format!(
                "A customer changes sides only {} points beyond a cut, and stays for {} days once it has moved.",
                stay.margin, stay.days
            ),
            Language::Chinese => {
                format!("客户须越过分界线 {} 分才换边，换边后至少停留 {} 天。", stay.margin, stay.days)
            }
        })
    });
    paragraph(&rule) + &table(heads, [axis("x", &spec.x), axis("y", &spec.y)]) + &rules + &stay
}

fn cut(cut: &Cut, language: Language) -> String {
    match (cut, language) {
        (Cut::Fixed(score), Language::English) => format!("from {score}"),
        (Cut::Fixed(score), Language::Chinese) => format!("自 {score} 分起"),
        (Cut::Quantile(share), Language::English) => {
            format!("from the score below which {} of the customers lie", percent(*share))
        }
        (Cut::Quantile(share), Language::Chinese) => format!("{} 的客户所低于的分数起", percent(*share)),
        (Cut::Pareto { share, of }, Language::English) => {
            format!("the best customers who together hold {} of all {}", percent(*share), code(of))
        }
        (Cut::Pareto { share, of }, Language::Chinese) => {
            format!("合计占全部 {} {} 的最优客户", code(of), percent(*share))
        }
    }
}
