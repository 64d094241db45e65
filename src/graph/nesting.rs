//! How deep SQL may be nested, and how long go on, before it is parsed.
//!
//! The parser tries some words first as what they are and then as a function's name. One slip within such words nested n deep
//! is tried 2 to the n times and more: a file of one line would keep it busy for years. And what is parsed in a loop is
//! walked by going down.

use datafusion::sql::sqlparser::{
    dialect::GenericDialect,
    tokenizer::{Location, Token, Tokenizer},
};

use crate::{
    problem::{Problem, Result, offset_of},
    project::written::Written,
};

/// Nobody writes half as many into each other.
const DEEPEST: usize = 8;

/// Words that the parser tries in more than one way when a bracket follows.
const TRIED_TWICE: [&str; 16] = [
    "ARRAY",
    "CAST",
    "CEIL",
    "CONVERT",
    "EXISTS",
    "EXTRACT",
    "FLOOR",
    "INTERVAL",
    "NOT",
    "OVERLAY",
    "POSITION",
    "SAFE_CAST",
    "SUBSTR",
    "SUBSTRING",
    "TRIM",
    "TRY_CAST",
];

/// Parts of a name, such as `schema.table.column.field`: where one is missing, the parser tries each of them twice, and
/// those of the names in its brackets.
const MOST_PARTS: usize = 12;

/// Far more than anybody writes by hand, brackets within brackets taken together. Each link is one step further down when the
/// query is walked: some thousands of them are more than a stack holds.
const LONGEST: usize = 500;

/// Words that go on with what stands before them.
const LINKS: [&str; 11] =
    ["AND", "AT", "BETWEEN", "COLLATE", "ILIKE", "IN", "IS", "LIKE", "NOT", "OR", "SIMILAR"];
const LINKS_OF_QUERIES: [&str; 4] = ["EXCEPT", "INTERSECT", "JOIN", "UNION"];
/// Words after which an expression begins anew.
const BEGINNINGS: [&str; 11] =
    ["ELSE", "GROUP", "HAVING", "LIMIT", "ON", "ORDER", "QUALIFY", "SELECT", "THEN", "WHEN", "WHERE"];

/// What stands between two brackets, or CASE and END.
#[derive(Default)]
struct Level {
    is_case: bool,
    /// Whether the parser tries what is in it more than once.
    tried_twice: bool,
    links: usize,
    links_of_queries: usize,
    /// The most links that any part of it had.
    deepest: usize,
    /// Whether a comma joins tables.
    in_from: bool,
    /// Of the name that goes on.
    dots: usize,
}

impl Level {
    fn depth(&self) -> usize {
        self.links.max(self.links_of_queries)
    }

    fn begin_anew(&mut self) {
        self.deepest = self.deepest.max(self.links);
        self.links = 0;
    }

    /// With what an inner level had: as deep as that one is what goes on after it.
    fn holding(mut self, inner: &Self) -> Self {
        self.links = self.links.max(inner.deepest).max(inner.depth());
        self
    }
}

/// Refuses SQL that would take the parser too long, or everybody who walks it too deep.
pub fn check_nesting(file: &Written) -> Result<()> {
    // What is no SQL at all the parser says better.
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, &file.text).tokenize_with_location() else {
        return Ok(());
    };
    let (mut outer, mut level) = (Vec::new(), Level::default());
    // Of the names that the open brackets belong to.
    let (mut dots_outside, mut links_outside) = (0, 0);
    let mut deep = 0;
    let mut after_dot = false;
    let mut word = String::new();
    for token in tokens {
        let before = match token.token {
            Token::Whitespace(_) => continue,
            _ => std::mem::take(&mut word),
        };
        let goes_on = std::mem::replace(&mut after_dot, token.token == Token::Period);
        match token.token {
            Token::Period => level.dots += 1,
            Token::LParen | Token::LBracket | Token::RParen | Token::RBracket => {}
            _ if goes_on => {}
            _ => level.dots = 0,
        }
        if dots_outside + level.dots >= MOST_PARTS {
            let what = format!("a name of more than {MOST_PARTS} parts, those in its brackets included");
            return Err(at(file, what, token.span.start)
                .help("name tables and columns alone, such as `table.column`"));
        }
        match token.token {
            Token::Word(name) if name.quote_style.is_none() => {
                word = name.value.to_ascii_uppercase();
                match word.as_str() {
                    "CASE" => {
                        links_outside += level.depth();
                        outer
                            .push(std::mem::replace(&mut level, Level { is_case: true, ..Level::default() }));
                    }
                    "END" if level.is_case => {
                        let inner = std::mem::replace(&mut level, outer.pop().unwrap_or_default());
                        links_outside -= level.depth().min(links_outside);
                        level = level.holding(&inner);
                    }
                    link if LINKS.contains(&link) => level.links += 1,
                    link if LINKS_OF_QUERIES.contains(&link) => level.links_of_queries += 1,
                    beginning if BEGINNINGS.contains(&beginning) => {
                        level.begin_anew();
                        level.in_from = false;
                    }
                    // `IS DISTINCT FROM` compares.
                    "FROM" => level.in_from = before != "DISTINCT",
                    _ => {}
                }
            }
            Token::LParen | Token::LBracket => {
                // An element of an element of an element.
                level.links += usize::from(token.token == Token::LBracket);
                let tried_twice = TRIED_TWICE.contains(&before.as_str());
                deep += usize::from(tried_twice);
                if deep > DEEPEST {
                    let what = format!("{before} and its like are nested more than {DEEPEST} deep here");
                    return Err(too_deep(file, what, token.span.start));
                }
                dots_outside += level.dots;
                links_outside += level.depth();
                outer.push(std::mem::replace(&mut level, Level { tried_twice, ..Level::default() }));
            }
            Token::RParen | Token::RBracket => {
                deep -= usize::from(level.tried_twice);
                let inner = std::mem::replace(&mut level, outer.pop().unwrap_or_default());
                dots_outside -= level.dots.min(dots_outside);
                links_outside -= level.depth().min(links_outside);
                level = level.holding(&inner);
            }
            Token::Comma | Token::SemiColon => {
                level.begin_anew();
                level.links_of_queries += usize::from(level.in_from);
            }
            Token::Word(_)
            | Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::Period
            | Token::Placeholder(_) => {}
            _ => level.links += 1,
        }
        if links_outside + level.depth() > LONGEST {
            let what = format!("more than {LONGEST} steps follow each other without a comma here");
            return Err(too_deep(file, what, token.span.start));
        }
    }
    Ok(())
}

fn too_deep(file: &Written, what: String, place: Location) -> Problem {
    at(file, what, place).help("give inner steps a name of their own in a WITH, or write a list as IN (…)")
}

fn at(file: &Written, what: String, place: Location) -> Problem {
    let start = offset_of(&file.text, place.line as usize, place.column as usize);
    file.problem(start..(start + 1).min(file.text.len()), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<()> {
        check_nesting(&Written { path: "q.sql".into(), text: text.into() })
    }

    #[test]
    fn only_what_the_parser_would_try_again_and_again_is_refused() {
        for nest in ["CAST(", "not (", "ARRAY[", "position ("] {
            assert!(check(&format!("SELECT {}1", nest.repeat(8))).is_ok(), "{nest}");
            let problem = check(&format!("SELECT {}1", nest.repeat(9))).unwrap_err();
            assert!(
                problem.message.contains("nested more than 8 deep") && problem.place.is_some(),
                "{problem}"
            );
        }
        assert!(check(&format!("SELECT {}", "CAST(a AS INT), ".repeat(50))).is_ok(), "side by side");
        assert!(check(&format!("SELECT {}1", "(".repeat(40))).is_ok(), "the parser counts these itself");
        assert!(check(&format!("SELECT '{}'", "CAST(".repeat(40))).is_ok(), "a text");
        assert!(check("SELECT 'open").is_ok(), "the parser says it better");
    }

    #[test]
    fn a_name_of_too_many_parts_is_refused_however_it_is_written() {
        for name in ["a.", "a[1].", "a().", "\"a\" . ", "a.b(", "a.b["] {
            let problem = check(&format!("SELECT {}-", name.repeat(12))).unwrap_err();
            assert!(problem.message.contains("more than 12 parts"), "{name}: {problem}");
        }
        assert!(check(&format!("SELECT {}a", "a.".repeat(11))).is_ok(), "twelve");
        assert!(check(&format!("SELECT {}a", "a.".repeat(12))).is_err(), "thirteen");
        for names in ["a.b.c.d, ", "a.b + ", "f(a.b) + ", "a.b BETWEEN ", "1.5 + "] {
            assert!(check(&format!("SELECT {}1", names.repeat(100))).is_ok(), "{names}");
        }
        assert!(check(&format!("SELECT {}1", "f(a.b, g(".repeat(10))).is_ok());
    }

    #[test]
    fn what_goes_on_and_on_is_refused_and_a_long_list_is_not() {
        for link in ["1 + ", "a OR ", "1::int::", "a[1][1] + ", "CASE WHEN 1 THEN 1 END + "] {
            let problem = check(&format!("SELECT {}1", link.repeat(600))).unwrap_err();
            assert!(problem.message.contains("more than 500 steps follow each other"), "{link}: {problem}");
        }
        assert!(check(&"SELECT 1 UNION ALL ".repeat(600)).is_err());
        for list in ["a + 1, ", "(a + 1) AS b, ", "'x', ", "CASE WHEN a = 1 OR a = 2 THEN 3 END AS c, "] {
            assert!(check(&format!("SELECT {}1", list.repeat(2_000))).is_ok(), "{list}");
        }
        let nested = format!("SELECT {}1{}", "(".repeat(10), format!("{})", " + 1".repeat(60)).repeat(10));
        assert!(check(&nested).is_err(), "600 steps down, 60 in each bracket");
        let inside = format!("SELECT {}", format!("({}1) * 2, ", "1 + ".repeat(400)).repeat(10));
        assert!(check(&inside).is_ok(), "side by side");
        assert!(check(&format!("SELECT 1 FROM t{}", ", t".repeat(600))).is_err(), "joins, too");
        assert!(check(&format!("SELECT a IS DISTINCT FROM b{}", ", c".repeat(600))).is_ok(), "columns");
        let cases = format!("SELECT CASE {} END", "WHEN a = 1 AND b = 2 THEN 'c' ".repeat(2_000));
        assert!(check(&cases).is_ok());
    }
}
