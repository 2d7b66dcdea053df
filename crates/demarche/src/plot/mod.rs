//! Plots as SVG of our own: no script, text that can be read and searched, a title and a text alternative.

use demarche_store::collect::series::{Bin, Width};
use demarche_store::collect::{CLASS_NAMES, CLASSES};
use std::fmt::Write;

/// A series with cooperation above the line and conflict below it.
#[derive(Debug, Clone)]
pub struct Mirrored<'a> {
    /// What it shows.
    pub title: String,
    /// What is under it: where the numbers come from, as of when.
    pub note: String,
    /// The bars.
    pub bins: &'a [Bin],
    /// How wide they are.
    pub width: Width,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 330.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 62.0;
const BOTTOM: f64 = 52.0;

/// Blue above and orange below, the deeds darker than the words: apart also for those who see few colours, and in print.
const COLOURS: [&str; 4] = ["#9ecae1", "#2171b5", "#fdbe85", "#d94701"];

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

/// A step of 1, 2 or 5 times a power of ten that parts `most` into at most four.
fn step(most: u32) -> u32 {
    let mut power = 1;
    loop {
        for step in [1, 2, 5].map(|digit| digit * power) {
            if most.div_ceil(step) <= 4 {
                return step;
            }
        }
        power *= 10;
    }
}

impl Mirrored<'_> {
    /// The text alternative: what one sees, in words.
    pub fn in_words(&self) -> String {
        let events: u32 = self.bins.iter().map(|bin| bin.sums.events()).sum();
        let cooperation: u32 = self.bins.iter().map(|bin| bin.sums.cooperation()).sum();
        let mut words = format!(
            "Bars by {}: {cooperation} events of cooperation above the line, {} of conflict below it.",
            self.width.as_str(),
            events - cooperation
        );
        if let Some(most) = self.bins.iter().rev().max_by_key(|bin| bin.sums.events()).filter(|_| events > 0) {
            let _ = write!(words, " The most are in {}: {}.", self.label(most), most.sums.events());
        }
        words
    }

    fn label(&self, bin: &Bin) -> String {
        let form = match self.width {
            Width::Day | Width::Week => "%-d %B %Y",
            Width::Month | Width::Quarter => "%B %Y",
            Width::Year => "%Y",
        };
        bin.from.strftime(form).to_string()
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let _ = self.draw(&mut svg);
        svg
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let (title, words) = (escaped(&self.title), escaped(&self.in_words()));
        writeln!(
            svg,
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{title}. {words}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#333">"##
        )?;
        writeln!(svg, "<title>{title}</title>\n<desc>{words}</desc>")?;
        writeln!(svg, r##"<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>"##)?;
        writeln!(svg, r##"<text x="{LEFT}" y="20" font-size="14" font-weight="bold" fill="#111">{title}</text>"##)?;
        let mut x = LEFT;
        for (name, colour) in CLASS_NAMES.iter().zip(COLOURS) {
            let name = name.replace('_', " ");
            writeln!(svg, r##"<rect x="{x}" y="32" width="10" height="10" fill="{colour}"/>"##)?;
            writeln!(svg, r##"<text x="{}" y="41">{name}</text>"##, x + 14.0)?;
            x += 14.0 + 6.2 * name.len() as f64 + 16.0;
        }
        let most = |of: &dyn Fn(&Bin) -> u32| self.bins.iter().map(of).max().unwrap_or(0);
        let (up, down) = (most(&|b| b.sums.cooperation()), most(&|b| b.sums.conflict()));
        let step = step(up.max(down).max(1));
        // Each side reaches to its own last line, on one scale.
        let (up, down) = (up.div_ceil(step).max(1) * step, down.div_ceil(step).max(1) * step);
        let unit = (HEIGHT - TOP - BOTTOM) / f64::from(up + down);
        let zero = TOP + f64::from(up) * unit;
        let wide = (WIDTH - LEFT - RIGHT) / self.bins.len().max(1) as f64;
        let bar = (wide * 0.78).max(0.4);
        // A ledger of other people's events has no documents: there an empty month is one of nothing.
        let told = self.bins.iter().any(|bin| bin.exposure.documents > 0);
        let unread = |bin: &Bin| told && bin.exposure.documents == 0 && bin.sums.events() == 0;
        for (n, _) in self.bins.iter().enumerate().filter(|(_, bin)| unread(bin)) {
            writeln!(
                svg,
                r##"<rect x="{:.1}" y="{TOP}" width="{wide:.1}" height="{:.1}" fill="#eee"><title>nothing was read</title></rect>"##,
                LEFT + n as f64 * wide,
                HEIGHT - TOP - BOTTOM
            )?;
        }
        for line in (0..=(up + down) / step).map(|n| i64::from(n * step) - i64::from(down)) {
            let y = zero - line as f64 * unit;
            let colour = if line == 0 { "#333" } else { "#ddd" };
            writeln!(svg, r##"<line x1="{LEFT}" x2="{}" y1="{y:.1}" y2="{y:.1}" stroke="{colour}"/>"##, WIDTH - RIGHT)?;
            writeln!(svg, r##"<text x="{}" y="{:.1}" text-anchor="end">{}</text>"##, LEFT - 6.0, y + 4.0, line.abs())?;
        }
        for (n, bin) in self.bins.iter().enumerate() {
            let x = LEFT + n as f64 * wide + (wide - bar) / 2.0;
            let classes = CLASSES.map(|class| f64::from(bin.sums.class(class)) * unit);
            // Deeds stand next to the line: they are what it is read for.
            let (above, below) = (zero - classes[1], zero + classes[3]);
            let stack = [
                (above - classes[0], classes[0], COLOURS[0]),
                (above, classes[1], COLOURS[1]),
                (below, classes[2], COLOURS[2]),
                (zero, classes[3], COLOURS[3]),
            ];
            if bin.sums.events() > 0 {
                let counts = bin.sums.classes();
                let words: Vec<String> = CLASS_NAMES
                    .iter()
                    .zip(counts)
                    .filter(|(_, count)| *count > 0)
                    .map(|(name, count)| format!("{} {count}", name.replace('_', " ")))
                    .collect();
                writeln!(svg, "<g><title>{}: {}</title>", self.label(bin), words.join(", "))?;
                for (y, height, colour) in stack.into_iter().filter(|(_, height, _)| *height > 0.0) {
                    writeln!(
                        svg,
                        r##"<rect x="{x:.1}" y="{y:.1}" width="{bar:.1}" height="{height:.1}" fill="{colour}"/>"##
                    )?;
                }
                writeln!(svg, "</g>")?;
            }
        }
        self.axis(svg, wide)?;
        writeln!(
            svg,
            r##"<text x="{LEFT}" y="{}" font-size="10" fill="#666">{}</text>"##,
            HEIGHT - 8.0,
            escaped(&self.note)
        )?;
        writeln!(svg, "</svg>")
    }

    /// Months by their first letters as long as there is room, years under them.
    fn axis(&self, svg: &mut String, wide: f64) -> std::fmt::Result {
        let under = HEIGHT - BOTTOM;
        let mut last = (i16::MIN, f64::NEG_INFINITY);
        for (n, bin) in self.bins.iter().enumerate() {
            let (x, middle) = (LEFT + n as f64 * wide, LEFT + (n as f64 + 0.5) * wide);
            let month = self.width == Width::Month && wide >= 12.0;
            if month {
                let name = bin.from.strftime("%b").to_string();
                let name = if wide >= 26.0 { name.as_str() } else { &name[..1] };
                writeln!(svg, r##"<text x="{middle:.1}" y="{:.1}" text-anchor="middle">{name}</text>"##, under + 14.0)?;
            }
            if bin.from.year() != last.0 && x - last.1 >= 34.0 {
                let y = if month { 28.0 } else { 14.0 };
                writeln!(
                    svg,
                    r##"<line x1="{x:.1}" x2="{x:.1}" y1="{under:.1}" y2="{:.1}" stroke="#999"/>"##,
                    under + 5.0
                )?;
                writeln!(
                    svg,
                    r##"<text x="{:.1}" y="{:.1}" font-weight="bold">{}</text>"##,
                    x + 2.0,
                    under + y,
                    bin.from.year()
                )?;
                last = (bin.from.year(), x);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!([1, 4, 5, 9, 21, 41, 199].map(step), [1, 1, 2, 5, 10, 20, 50]);
    }
}
