//! What becomes of files in careless hands: bytes lost, doubled, swapped, mixed with another file, and words that parsers fear.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Words of TOML, SQL and JSON, and of nightmares.
const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "WITH x AS (",
    "GROUP BY",
    "UNION ALL",
    "CASE WHEN",
    "END",
    "JOIN",
    "QUALIFY",
    "ROW_NUMBER() OVER (",
    "PARTITION BY",
    "INTERVAL '1 months'",
    "CAST(1 AS DECIMAL(18, 2))",
    "NULL",
    "$as_of",
    "$nobody",
    "future.",
    "previous.",
    "luopan.sources",
    "generate_series(1, 1000000000)",
    "'",
    "''",
    "\"",
    "`",
    "--",
    "/*",
    "*/",
    "/*---",
    "---*/",
    ";",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "\"\"\"",
    "'''",
    "=",
    ",",
    ".",
    "#",
    "kind = \"scorecard\"",
    "[columns]",
    "[cutoffs]",
    "weight = -1",
    "count = 99999999999",
    "a.b.c.d = 1",
    "inf",
    "nan",
    "-nan",
    "1e999",
    "-0",
    "0x7fffffffffffffff",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1979-05-27T07:32:00Z",
    "9999-12-31",
    "0000-00-00",
    "true",
    "null",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "\u{1f9ed}",
    "é",
    "中文",
    "\r\n",
    "\r",
    "\t",
    "\u{2028}",
    "COPY x TO '/tmp/x'",
    "CREATE EXTERNAL TABLE x",
    "DROP TABLE visits",
    "SET x = 1",
    "EXPLAIN",
    "VALUES (1)",
    "1 / 0",
    "% 0",
    "CAST('x' AS INT)",
    "LIMIT -1",
    "decimal(99,99)",
    "decimal(38,38)",
    "decimal(0,0)",
    "lower(",
    "NOT NOT NOT ",
    "- - - ",
];

/// What is opened again and again.
const NESTS: &[&str] = &[
    "(",
    "[",
    "{",
    "((",
    "[[",
    "SELECT (",
    "(SELECT ",
    "CASE WHEN ",
    "NOT ",
    "-",
    "a.",
    "[a.",
    "{a=",
    "/*",
    "x = [",
    "lower(",
    "1 + ",
    "SELECT * FROM (",
    "{\"a\":",
    "[{",
    "CAST(",
    "a OR ",
    "''",
    "UNION ALL SELECT 1 ",
];

/// One to six changes of `seed`; `other` is another seed to mix with.
pub fn mutated(seed: &[u8], other: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut text = seed.to_vec();
    for _ in 0..rng.random_range(1..=6) {
        change(&mut text, other, rng);
        // What is far longer than any file that somebody writes finds nothing new.
        text.truncate(400_000);
    }
    text
}

fn change(text: &mut Vec<u8>, other: &[u8], rng: &mut ChaCha8Rng) {
    let at = place(text, rng);
    let byte = at.min(text.len().saturating_sub(1));
    match rng.random_range(0..14) {
        0 if !text.is_empty() => text[byte] ^= 1 << rng.random_range(0..8),
        1 if !text.is_empty() => text[byte] = rng.random(),
        2 => drop(text.drain(span(text, at, rng))),
        3 => {
            let again = text[span(text, at, rng)].to_vec();
            insert(text, at, &again);
        }
        4 => {
            let from = place(other, rng);
            let piece = other[span(other, from, rng)].to_vec();
            insert(text, at, &piece);
        }
        5 => {
            text.truncate(at);
            text.extend_from_slice(&other[place(other, rng)..]);
        }
        6 => text.truncate(at),
        7 => {
            let (count, nest) = (many(rng), pick(NESTS, rng));
            insert(text, at, nest.repeat(count).as_bytes());
        }
        8 => {
            let long = pick(&["x", " ", "\n", "é", "0", "a,", "\\", "'"], rng).repeat(many(rng));
            insert(text, at, long.as_bytes());
        }
        9 => line(text, rng),
        10 => number(text, rng),
        11 => insert(text, 0, "\u{feff}".as_bytes()),
        12 => *text = String::from_utf8_lossy(text).replace('\n', "\r\n").into_bytes(),
        _ => insert(text, at, pick(WORDS, rng).as_bytes()),
    }
}

fn place(text: &[u8], rng: &mut ChaCha8Rng) -> usize {
    rng.random_range(0..=text.len())
}

fn pick<'a>(from: &[&'a str], rng: &mut ChaCha8Rng) -> &'a str {
    from[rng.random_range(0..from.len())]
}

/// Mostly few, sometimes more than any parser goes down.
fn many(rng: &mut ChaCha8Rng) -> usize {
    match rng.random_range(0..10) {
        0..6 => rng.random_range(1..40),
        6..9 => rng.random_range(40..2_000),
        _ => rng.random_range(2_000..60_000),
    }
}

fn span(text: &[u8], at: usize, rng: &mut ChaCha8Rng) -> std::ops::Range<usize> {
    let long = if rng.random_range(0..3) == 0 { 400 } else { 12 };
    at..(at + rng.random_range(0..=long)).min(text.len())
}

fn insert(text: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let at = at.min(text.len());
    text.splice(at..at, piece.iter().copied());
}

/// A line goes, comes twice, or moves.
fn line(text: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let mut lines: Vec<Vec<u8>> = text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let (one, two) = (rng.random_range(0..lines.len()), rng.random_range(0..lines.len()));
    match rng.random_range(0..3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(two, lines[one].clone()),
        _ => lines.swap(one, two),
    }
    *text = lines.join(&b'\n');
}

/// A number becomes another one.
fn number(text: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let starts: Vec<usize> = (0..text.len()).filter(|i| text[*i].is_ascii_digit()).collect();
    if starts.is_empty() {
        return;
    }
    let start = starts[rng.random_range(0..starts.len())];
    let end = (start..text.len()).find(|i| !text[*i].is_ascii_digit()).unwrap_or(text.len());
    let new = pick(
        &[
            "0",
            "-1",
            "1e308",
            "99999999999999999999",
            "0.0000000000001",
            "2147483648",
            "nan",
            "00",
            "1_0",
            "4294967296",
        ],
        rng,
    );
    text.splice(start..end, new.bytes());
}
