//! Counts beside each other as lying bars: the mix of types, partners with cooperation to one side and conflict to the other.

use super::draw::{Frame, N, begin, end, escaped, fitting, grouped, lines, step, wide};
use super::mirrored::{COLOURS, STYLES, classes_in_words, legend};
use std::fmt::Write;

/// Lying bars.
#[derive(Debug, Clone)]
pub struct Bars {
    /// What it shows.
    pub title: String,
    /// What is under it.
    pub note: String,
    /// The bars, from the top.
    pub rows: Vec<Bar>,
    /// Whether conflict goes the other way.
    pub sides: Sides,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Of what.
    pub label: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Events of the four quad classes in their order, as `Sums::classes` gives them.
    pub classes: [u32; 4],
}

/// Where the classes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// All to the right.
    One,
    /// Cooperation to the left, conflict to the right.
    Two,
}

const WIDTH: f64 = 760.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 56.0;
const LINE: f64 = 22.0;
const BAR: f64 = 15.0;
/// Room for the number at the end of the longest bar.
const NUMBER: f64 = 46.0;

impl Bar {
    fn cooperation(&self) -> u32 {
        self.classes[0].saturating_add(self.classes[1])
    }
    fn conflict(&self) -> u32 {
        self.classes[2].saturating_add(self.classes[3])
    }
    fn events(&self) -> u32 {
        self.cooperation().saturating_add(self.conflict())
    }
}

impl Bars {
    /// The text alternative: what one sees, in words.
    pub fn in_words(&self) -> String {
        let most = self.rows.iter().rev().max_by_key(|row| row.events()).filter(|row| row.events() > 0);
        let Some(most) = most else { return "There are no events.".to_owned() };
        let events = self.rows.iter().fold(0_u32, |sum, row| sum.saturating_add(row.events()));
        let mut words = match self.sides {
            Sides::One => format!("{} bars, {} events in all;", self.rows.len(), grouped(events)),
            Sides::Two => format!(
                "{} bars, {} events in all, cooperation to the left and conflict to the right;",
                self.rows.len(),
                grouped(events)
            ),
        };
        let _ = write!(words, " the longest is {}: {}.", most.label, classes_in_words(most.classes));
        words
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let _ = self.draw(&mut svg);
        svg
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let longest = self.rows.iter().map(|row| wide(&row.label, 11.0)).fold(0.0, f64::max);
        let left = (longest + 16.0).clamp(50.0, 240.0);
        let most = |of: &dyn Fn(&Bar) -> u32| self.rows.iter().map(of).max().unwrap_or(0);
        // One scale for both sides, each as long as its longest bar.
        let (back, forth) = match self.sides {
            Sides::One => (0, most(&Bar::events)),
            Sides::Two => (most(&Bar::cooperation), most(&Bar::conflict)),
        };
        let (before, after) = (if self.sides == Sides::Two { NUMBER } else { 0.0 }, NUMBER);
        let unit = (WIDTH - RIGHT - left - before - after) / (f64::from(back) + f64::from(forth)).max(1.0);
        let zero = left + before + f64::from(back) * unit;
        let under = TOP + self.rows.len() as f64 * LINE + 2.0;
        let note = lines(&self.note, 10.0, WIDTH - 12.0 - RIGHT);
        let height = under + 24.0 + 13.0 * note.len() as f64 + 6.0;
        let linked = self.rows.iter().any(|row| row.href.is_some());
        Frame { title: &self.title, words: &self.in_words(), width: WIDTH, height, linked }.open(svg, 12.0)?;
        legend(svg, 12.0, [0, 1, 2, 3].map(|ix| self.rows.iter().any(|row| row.classes[ix] > 0)))?;
        let step = step(back.max(forth).max(1));
        for line in -i64::from(back / step)..=i64::from(forth / step) {
            let x = N(zero + (line * i64::from(step)) as f64 * unit);
            let (class, colour) = if line == 0 { ("axis", "#333") } else { ("rule", "#ddd") };
            writeln!(
                svg,
                r##"<line class="{class}" x1="{x}" x2="{x}" y1="{}" y2="{}" stroke="{colour}"/>"##,
                N(TOP - 2.0),
                N(under)
            )?;
            let number = grouped(u32::try_from((line * i64::from(step)).abs()).unwrap_or(u32::MAX));
            writeln!(svg, r#"<text x="{x}" y="{}" text-anchor="middle">{number}</text>"#, N(under + 14.0))?;
        }
        for (ix, row) in self.rows.iter().enumerate() {
            row.draw(svg, self.sides, TOP + ix as f64 * LINE, (left, zero, unit))?;
        }
        Frame::close(svg, &note, 12.0, under + 32.0)
    }
}

impl Bar {
    fn draw(&self, svg: &mut String, sides: Sides, top: f64, (left, zero, unit): (f64, f64, f64)) -> std::fmt::Result {
        let what = if self.events() == 0 { "no events".to_owned() } else { classes_in_words(self.classes) };
        begin(svg, &format!("{}: {what}", self.label), self.href.as_deref())?;
        let label = escaped(&fitting(&self.label, 11.0, left - 16.0));
        write!(
            svg,
            r#"<text class="label" x="{}" y="{}" text-anchor="end">{label}</text>"#,
            N(left - 8.0),
            N(top + 11.5)
        )?;
        let mut ends = (zero, zero);
        // Deeds stand next to the line: they are what it is read for.
        for ix in [1, 0, 3, 2].into_iter().filter(|ix| self.classes[*ix] > 0) {
            let long = f64::from(self.classes[ix]) * unit;
            let x = if sides == Sides::Two && ix < 2 {
                ends.0 -= long;
                ends.0
            } else {
                ends.1 += long;
                ends.1 - long
            };
            write!(
                svg,
                r#"<rect class="{}" x="{}" y="{}" width="{}" height="{BAR}" fill="{}"/>"#,
                STYLES[ix],
                N(x),
                N(top),
                N(long.max(0.5)),
                COLOURS[ix]
            )?;
        }
        let number = |svg: &mut String, number: u32, x: f64, anchor: &str| {
            write!(svg, r#"<text x="{}" y="{}" text-anchor="{anchor}">{}</text>"#, N(x), N(top + 11.5), grouped(number))
        };
        if sides == Sides::One {
            number(svg, self.events(), ends.1 + 5.0, "start")?;
        } else {
            number(svg, self.cooperation(), ends.0 - 5.0, "end")?;
            number(svg, self.conflict(), ends.1 + 5.0, "start")?;
        }
        end(svg, self.href.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(sides: Sides, classes: &[[u32; 4]]) -> Bars {
        let bar = |classes: &[u32; 4]| Bar { label: "A & <b>".into(), href: None, classes: *classes };
        Bars { title: "Partners".into(), note: String::new(), rows: classes.iter().map(bar).collect(), sides }
    }

    #[test]
    fn bars_stay_within_whatever_they_count() {
        for sides in [Sides::One, Sides::Two] {
            for classes in
                [&[][..], &[[0; 4]], &[[1, 0, 0, 0]], &[[u32::MAX / 4; 4], [0, 0, 1, 0]], &[[3, 4, 900, 2000]]]
            {
                let svg = bars(sides, classes).svg();
                assert!(!svg.contains("NaN") && !svg.contains("<b>"), "{svg}");
                for x in
                    svg.split("<rect ").filter_map(|r| r.split(" x=\"").nth(1)?.split('"').next()?.parse::<f64>().ok())
                {
                    assert!((0.0..=WIDTH).contains(&x), "{x} in {svg}");
                }
            }
        }
    }

    #[test]
    fn words_name_the_longest() {
        let words = bars(Sides::Two, &[[1, 0, 0, 0], [0, 2, 0, 3]]).in_words();
        assert!(words.contains("6 events") && words.ends_with("A & <b>: material cooperation 2, material conflict 3."));
    }
}
