//! What every plot is drawn with: the frame, marks with their titles and links, numbers, text that fits.

use std::fmt::{self, Display, Write};
use unicode_width::UnicodeWidthStr;

/// Text inside an element or attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A number as plots write it: to one decimal, no zero that says nothing, and never anything that is no number.
pub(super) struct N(pub(super) f64);

impl Display for N {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = if self.0.is_finite() { (self.0 * 10.0).round() as i64 } else { 0 };
        if tenths % 10 == 0 {
            write!(f, "{}", tenths / 10)
        } else {
            let sign = if tenths < 0 { "-" } else { "" };
            write!(f, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
        }
    }
}

/// How wide text is drawn, as far as can be said without the font: that of the wider ones in use.
pub(super) fn wide(text: &str, size: f64) -> f64 {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    size * (0.58 * text.width() as f64 + 0.12 * capitals as f64)
}

/// As much of the text as fits into this room.
pub(super) fn fitting(text: &str, size: f64, room: f64) -> String {
    // Room that was measured by the text itself is enough for it.
    if wide(text, size) <= room + 0.01 {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while !short.is_empty() && wide(&short, size) + 0.9 * size > room {
        short.pop();
    }
    format!("{}…", short.trim_end_matches([' ', ',', '(', '-']))
}

/// Text in lines that fit into this room.
pub(super) fn lines(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if wide(line, size) + wide(word, size) + 0.3 * size <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// "1 event", "2 events", "1,234 events".
pub(super) fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A whole number with a comma at each thousand.
pub(super) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 3);
    for (ix, digit) in digits.chars().enumerate() {
        if ix > 0 && (digits.len() - ix).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A step of 1, 2 or 5 times a power of ten that parts `most` into at most four.
pub(super) fn step(most: u32) -> u32 {
    let mut power: u32 = 1;
    loop {
        for step in [1, 2, 5].map(|digit| power.saturating_mul(digit)) {
            if most.div_ceil(step) <= 4 {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// An address that a page may follow: of this site, or of the web; none that runs anything.
pub(super) fn address(href: Option<&str>) -> Option<&str> {
    let scheme = |href: &str| {
        let end = href.find(['/', '?', '#']).unwrap_or(href.len());
        href[..end].split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase())
    };
    href.filter(|href| scheme(href).is_none_or(|scheme| scheme == "http" || scheme == "https"))
}

/// What stands around every plot.
pub(super) struct Frame<'f> {
    pub(super) title: &'f str,
    pub(super) words: &'f str,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether anything in it leads anywhere: what is inside an image cannot be reached by keyboard or reader.
    pub(super) linked: bool,
}

impl Frame<'_> {
    /// Opens the picture and writes its title at the top left.
    pub(super) fn open(&self, svg: &mut String, left: f64) -> fmt::Result {
        let (title, words) = (escaped(self.title), escaped(self.words));
        let (width, height) = (N(self.width), N(self.height));
        let role = if self.linked { "group" } else { "img" };
        writeln!(
            svg,
            r##"<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="{role}" aria-label="{title}. {words}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#333">"##
        )?;
        writeln!(svg, "<title>{title}</title>\n<desc>{words}</desc>")?;
        writeln!(svg, r##"<rect class="ground" width="{width}" height="{height}" fill="#fff"/>"##)?;
        let heading = escaped(&fitting(self.title, 14.0, self.width - left - 8.0));
        writeln!(
            svg,
            r##"<text class="heading" x="{}" y="20" font-size="14" font-weight="bold" fill="#111">{heading}</text>"##,
            N(left)
        )
    }

    /// Writes the note at the bottom left, in as many lines as it has room for from this line on, and closes.
    pub(super) fn close(svg: &mut String, note: &[String], left: f64, first: f64) -> fmt::Result {
        for (ix, line) in note.iter().enumerate() {
            let y = first + 13.0 * ix as f64;
            writeln!(
                svg,
                r##"<text class="quiet" x="{}" y="{}" font-size="10" fill="#595959">{}</text>"##,
                N(left),
                N(y),
                escaped(line)
            )?;
        }
        writeln!(svg, "</svg>")
    }
}

/// Begins a mark: a title for all, a link where it leads somewhere.
pub(super) fn begin(svg: &mut String, title: &str, href: Option<&str>) -> fmt::Result {
    let title = escaped(title);
    match address(href) {
        Some(href) => write!(svg, r#"<a href="{}"><title>{title}</title>"#, escaped(href)),
        None => write!(svg, "<g><title>{title}</title>"),
    }
}

/// Ends it.
pub(super) fn end(svg: &mut String, href: Option<&str>) -> fmt::Result {
    svg.write_str(if address(href).is_some() { "</a>\n" } else { "</g>\n" })
}

/// The start of ids within a plot: pages hold several, and an id is for one.
pub(super) fn own(title: &str) -> String {
    let sum = title.bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("p{sum:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!([1, 4, 5, 9, 21, 41, 199].map(step), [1, 1, 2, 5, 10, 20, 50]);
        assert!(u32::MAX.div_ceil(step(u32::MAX)) <= 4);
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        let written = [0.04, -0.04, -0.25, 3.0, 12.34, f64::NAN, f64::INFINITY].map(|n| N(n).to_string());
        assert_eq!(written, ["0", "0", "-0.3", "3", "12.3", "0", "0"]);
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn only_addresses_that_run_nothing_are_followed() {
        for good in ["/actor/FRA?on=1:2", "?q=a:b", "#x", "https://example.org/a", "story/1"] {
            assert_eq!(address(Some(good)), Some(good));
        }
        for bad in ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", " javascript:x", "java\nscript:x"] {
            assert_eq!(address(Some(bad)), None, "{bad}");
        }
    }

    #[test]
    fn text_is_cut_where_there_is_no_room() {
        let cut = fitting("Organisation for the Prohibition of Chemical Weapons", 11.0, 120.0);
        assert!(cut.ends_with('…') && wide(&cut, 11.0) <= 120.0 && cut.starts_with("Organisation"));
        assert_eq!(fitting("NATO", 11.0, 120.0), "NATO");
        assert!(lines("one two three four five six", 10.0, 60.0).iter().all(|line| wide(line, 10.0) <= 60.0));
    }
}
