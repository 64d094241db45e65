//! Lines of at most a hundred columns, with what they are about in front.

/// Columns of a line, and of what it is about.
const COLUMNS: usize = 100;
const LABEL: usize = 11;
/// Columns that are left for the text.
pub const WIDTH: usize = COLUMNS - LABEL;

/// Adds a line of these pieces, and more lines if they do not fit: it breaks between pieces only. A piece that alone is
/// wider stays whole: a path is to be copied. Nothing is added where there are no pieces.
pub fn add(out: &mut String, about: &str, pieces: &[String]) {
    let (first, indent) = if about.is_empty() { (0, 2) } else { (LABEL, LABEL) };
    let mut at = 0;
    for (i, piece) in pieces.iter().enumerate() {
        if i == 0 {
            out.push_str(&format!("{about:first$}"));
            at = first;
        } else if at + 1 + width(piece) <= COLUMNS {
            out.push(' ');
            at += 1;
        } else {
            out.push_str(&format!("\n{:indent$}", ""));
            at = indent;
        }
        out.push_str(piece);
        at += width(piece);
    }
    if !pieces.is_empty() {
        out.push('\n');
    }
}

/// Adds one line, cut where it is too long; none if there is no text.
pub fn line(out: &mut String, about: &str, text: &str) {
    if !text.is_empty() {
        add(out, about, &[cut(text, WIDTH)]);
    }
}

/// Columns that a terminal takes for it. Chinese characters take two; so, to be on the safe side, does all beyond the
/// alphabets.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    if c < '\u{1100}' || ('\u{2000}'..='\u{206f}').contains(&c) { 1 } else { 2 }
}

/// The text, or its beginning with an ellipsis in so many columns.
pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |c: &char| {
        let fits = columns(*c) <= left;
        left = left.saturating_sub(columns(*c));
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// A text of the lake without what a terminal would act on: control characters, and marks that turn the direction.
pub fn clean(text: &str) -> String {
    let acts = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !acts(c)).collect()
}

/// The same of a text of several lines.
pub fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}
