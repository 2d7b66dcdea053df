//! Plots as SVG of our own: no script, text that can be read and searched, a title and a text alternative.
//!
//! Each plot is plain values with a function that draws them and one that says them in words.
//! Colours stand in the attributes, so that a file alone looks right, and each has a class beside it, by which
//! `static/plot.css` gives the same plot its colours on a dark page, in print and where contrast is asked for.

mod bars;
mod draw;
mod graph;
mod map;
mod matrix;
mod mirrored;
mod tie;
mod timeline;

pub use bars::{Bar, Bars, Sides};
pub use draw::escaped;
pub use graph::Graph;
pub use map::{Arc, Map, Pin, Scale, Shaded};
pub use matrix::Matrix;
pub use mirrored::{Mirrored, Peak};
pub use tie::{Balance, Node, Sign, Tie};
pub use timeline::{Row, Span, SpanKind, Timeline};

/// The colours of every plot by class, for pages: light, dark, print, forced colours.
pub const CSS: &str = include_str!("../../static/plot.css");

#[cfg(test)]
mod tests {
    use super::CSS;
    use std::collections::BTreeMap;

    /// The relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2).
    fn luminance(colour: &str) -> f64 {
        let digits = colour.trim_start_matches('#');
        let long: String =
            if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.into() };
        let part = |at: usize| {
            let part = f64::from(u8::from_str_radix(&long[at..at + 2], 16).expect("two hex digits")) / 255.0;
            if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn colours(css: &str) -> BTreeMap<&str, &str> {
        let all = css.split(';').filter_map(|rule| rule.rsplit_once("--")?.1.split_once(": #"));
        all.map(|(name, colour)| (name, colour.trim())).collect()
    }

    #[test]
    fn text_and_marks_stand_out_in_light_and_dark() {
        let (light, dark) = CSS.split_once("@media (prefers-color-scheme: dark)").expect("a dark part");
        let light = colours(light);
        let mut both = light.clone();
        both.extend(colours(dark.split_once("@media print").expect("a print part").0));
        assert!(light.len() > 50 && light.iter().all(|(name, colour)| *name == "on-strong" || both[name] != *colour));
        for shades in [light, both] {
            let least = |what: &str, under: &str, least: f64| {
                let found = contrast(shades[what], shades[under]);
                assert!(found >= least, "{what} on {under}: {found:.2} where {least} is asked for");
            };
            for text in ["ink", "strong", "quiet"] {
                least(text, "ground", 4.5);
                least(text, "sea", 4.5);
            }
            for node in ["b", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "cooperation", "mixed", "conflict"] {
                least("on-strong", node, 4.5);
                least(node, "ground", 3.0);
            }
            for (span, line) in [
                ("office", "office-line"),
                ("membership", "membership-line"),
                ("accord", "accord-line"),
                ("dispute", "dispute-line"),
                ("contested", "contested-line"),
            ] {
                least("strong", span, 4.5);
                least(line, "ground", 3.0);
            }
            for mark in ["c0", "c1", "c2", "c3", "line"] {
                least(mark, "ground", 3.0);
            }
        }
    }
}
