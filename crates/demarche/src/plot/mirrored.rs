//! A series of events, cooperation above the line and conflict below it, with what is worth a word beside it.

use super::draw::{Frame, N, begin, end, escaped, fitting, lines, own, step, wide};
use super::timeline::{Span, Stretch, during, patterns};
use demarche_store::collect::series::{Bin, Width};
use demarche_store::collect::{CLASS_NAMES, CLASSES};
use jiff::civil::Date;
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
    /// What the highest bars are about: numbered over the bars, told beneath; at most nine.
    pub peaks: Vec<Peak>,
    /// What stood meanwhile, as bars above on the same axis; those that find no room are counted.
    pub standing: Vec<Span>,
}

/// What a bar is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peak {
    /// The position of the bar.
    pub bin: usize,
    /// What happened.
    pub label: String,
    /// Where to read it.
    pub href: Option<String>,
}

const WIDTH: f64 = 760.0;
/// From the top of the bars to the bottom of their axis, whatever stands above and beneath.
const BODY: f64 = 216.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const LEGEND: f64 = 62.0;
const AXIS: f64 = 34.0;
/// The lane of the numbers of peaks.
const LANE: f64 = 20.0;
/// A line of what stood, and how many there may be.
const STOOD: f64 = 17.0;
const MOST_STOOD: usize = 12;
const MOST_PEAKS: usize = 9;

/// Blue above and orange below, the deeds darker than the words: apart also for those who see few colours, and in print.
pub(super) const COLOURS: [&str; 4] = ["#4a90d0", "#1f4e8c", "#e0701f", "#9c3504"];

/// The class of each in a style sheet.
pub(super) const STYLES: [&str; 4] =
    ["verbal-cooperation", "material-cooperation", "verbal-conflict", "material-conflict"];

/// The legend of the four classes, from this point on.
pub(super) fn legend(svg: &mut String, left: f64, shown: [bool; 4]) -> std::fmt::Result {
    let mut x = left;
    for ix in (0..4).filter(|ix| shown[*ix]) {
        let (name, class, colour) = (CLASS_NAMES[ix].replace('_', " "), STYLES[ix], COLOURS[ix]);
        writeln!(svg, r#"<rect class="{class}" x="{}" y="32" width="10" height="10" fill="{colour}"/>"#, N(x))?;
        writeln!(svg, r#"<text x="{}" y="41">{name}</text>"#, N(x + 14.0))?;
        x += 14.0 + wide(&name, 11.0) + 18.0;
    }
    Ok(())
}

/// "verbal conflict 3, material conflict 1".
pub(super) fn classes_in_words(counts: [u32; 4]) -> String {
    let named = CLASS_NAMES.iter().zip(counts).filter(|(_, count)| *count > 0);
    named.map(|(name, count)| format!("{} {count}", name.replace('_', " "))).collect::<Vec<_>>().join(", ")
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
        self.svg_beside(&[])
    }

    /// The picture on a scale on which the bars of another have room too, so that the two can be compared.
    pub fn svg_beside(&self, others: &[Bin]) -> String {
        let mut svg = String::new();
        let _ = self.draw(&mut svg, others);
        svg
    }

    /// How wide a bin is drawn.
    fn wide(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.bins.len().max(1) as f64
    }

    /// The peaks that have a bar, in its order.
    fn peaks(&self) -> Vec<&Peak> {
        let mut peaks: Vec<&Peak> =
            self.peaks.iter().filter(|peak| peak.bin < self.bins.len()).take(MOST_PEAKS).collect();
        peaks.sort_by_key(|peak| peak.bin);
        peaks
    }

    fn draw(&self, svg: &mut String, others: &[Bin]) -> std::fmt::Result {
        let peaks = self.peaks();
        let (stood, left_out) = self.stood();
        let rows = stood.iter().map(|(row, ..)| row + 1).max().unwrap_or(0) + usize::from(left_out > 0);
        let above = if rows > 0 { rows as f64 * STOOD + 8.0 } else { 0.0 };
        let lane = if peaks.is_empty() { 0.0 } else { LANE };
        let top = LEGEND + above + lane;
        let under = top + BODY;
        let list = if peaks.is_empty() { 0.0 } else { peaks.len() as f64 * 16.0 + 8.0 };
        let note = lines(&self.note, 10.0, WIDTH - LEFT - RIGHT);
        let height = under + AXIS + list + 13.0 * note.len().max(1) as f64 + 5.0;
        let linked =
            peaks.iter().map(|peak| &peak.href).chain(stood.iter().map(|(_, s, ..)| &s.href)).any(Option::is_some);
        Frame { title: &self.title, words: &self.in_words(), width: WIDTH, height, linked }.open(svg, LEFT)?;
        legend(svg, LEFT, [true; 4])?;
        self.draw_stood(svg, &stood, left_out, rows)?;

        let most = |of: &dyn Fn(&Bin) -> u32| self.bins.iter().chain(others).map(of).max().unwrap_or(0);
        let (up, down) = (most(&|b| b.sums.cooperation()), most(&|b| b.sums.conflict()));
        let step = step(up.max(down).max(1));
        // Each side reaches to its own last line, on one scale.
        let (up, down) = (up.div_ceil(step).max(1) * step, down.div_ceil(step).max(1) * step);
        let unit = BODY / f64::from(up + down);
        let zero = top + f64::from(up) * unit;
        let wide = self.wide();
        let bar = (wide * 0.78).max(0.4);
        // A ledger of other people's events has no documents: there an empty month is one of nothing.
        let told = self.bins.iter().any(|bin| bin.exposure.documents > 0);
        let unread = |bin: &Bin| told && bin.exposure.documents == 0 && bin.sums.events() == 0;
        for (n, _) in self.bins.iter().enumerate().filter(|(_, bin)| unread(bin)) {
            writeln!(
                svg,
                r##"<rect class="unread" x="{}" y="{}" width="{}" height="{}" fill="#eee"><title>nothing was read</title></rect>"##,
                N(LEFT + n as f64 * wide),
                N(top),
                N(wide),
                N(BODY)
            )?;
        }
        for line in (0..=(up + down) / step).map(|n| i64::from(n * step) - i64::from(down)) {
            let y = zero - line as f64 * unit;
            let (class, colour) = if line == 0 { ("axis", "#333") } else { ("rule", "#ddd") };
            writeln!(
                svg,
                r##"<line class="{class}" x1="{LEFT}" x2="{}" y1="{y:.1}" y2="{y:.1}" stroke="{colour}"/>"##,
                WIDTH - RIGHT
            )?;
            writeln!(svg, r##"<text x="{}" y="{:.1}" text-anchor="end">{}</text>"##, LEFT - 6.0, y + 4.0, line.abs())?;
        }
        for (n, bin) in self.bins.iter().enumerate().filter(|(_, bin)| bin.sums.events() > 0) {
            let x = LEFT + n as f64 * wide + (wide - bar) / 2.0;
            let classes = CLASSES.map(|class| f64::from(bin.sums.class(class)) * unit);
            // Deeds stand next to the line: they are what it is read for.
            let (above, below) = (zero - classes[1], zero + classes[3]);
            let tops = [above - classes[0], above, below, zero];
            writeln!(svg, "<g><title>{}: {}</title>", self.label(bin), classes_in_words(bin.sums.classes()))?;
            for ix in (0..4).filter(|ix| classes[*ix] > 0.0) {
                writeln!(
                    svg,
                    r##"<rect class="{}" x="{x:.1}" y="{:.1}" width="{bar:.1}" height="{:.1}" fill="{}"/>"##,
                    STYLES[ix], tops[ix], classes[ix], COLOURS[ix]
                )?;
            }
            writeln!(svg, "</g>")?;
        }
        let tip = |bin: &Bin| zero - f64::from(bin.sums.cooperation()) * unit;
        self.draw_peaks(svg, &peaks, top - lane / 2.0 - 1.0, &tip)?;
        self.axis(svg, under)?;
        for (ix, peak) in peaks.iter().enumerate() {
            let y = under + AXIS + 12.0 + 16.0 * ix as f64;
            let when = self.label(&self.bins[peak.bin]);
            let said = fitting(&format!("{when}: {}", peak.label), 11.0, WIDTH - LEFT - RIGHT - 24.0);
            begin(svg, &peak.label, peak.href.as_deref())?;
            number(svg, LEFT + 7.0, y - 4.0, ix + 1)?;
            write!(svg, r#"<text class="label" x="{}" y="{}">{}</text>"#, N(LEFT + 20.0), N(y), escaped(&said))?;
            end(svg, peak.href.as_deref())?;
        }
        Frame::close(svg, &note, LEFT, height - 8.0 - 13.0 * (note.len().max(1) - 1) as f64)
    }

    /// A number over each peak, beside each other where the bars are close, each with a line to its bar.
    fn draw_peaks(&self, svg: &mut String, peaks: &[&Peak], y: f64, tip: &dyn Fn(&Bin) -> f64) -> std::fmt::Result {
        let wanted: Vec<f64> = peaks.iter().map(|peak| LEFT + (peak.bin as f64 + 0.5) * self.wide()).collect();
        for (ix, (peak, x)) in peaks.iter().zip(apart(&wanted, 16.0, LEFT + 8.0, WIDTH - RIGHT - 8.0)).enumerate() {
            let title = format!("{}: {}", self.label(&self.bins[peak.bin]), peak.label);
            begin(svg, &title, peak.href.as_deref())?;
            write!(
                svg,
                r##"<path class="lead" d="M{} {}L{} {}" stroke="#767676" fill="none"/>"##,
                N(x),
                N(y + 7.5),
                N(wanted[ix]),
                N(tip(&self.bins[peak.bin]) - 1.0)
            )?;
            number(svg, x, y, ix + 1)?;
            end(svg, peak.href.as_deref())?;
        }
        Ok(())
    }

    /// Where a day lies on the axis; days outside at its ends.
    fn at(&self, day: Date) -> f64 {
        let ix = self.bins.partition_point(|bin| bin.until <= day);
        let within = self.bins.get(ix).map_or(0.0, |bin| {
            let days = |until: Date| f64::from(until.duration_since(bin.from).as_hours() as i32) / 24.0;
            (days(day) / days(bin.until).max(1.0)).clamp(0.0, 1.0)
        });
        LEFT + (ix as f64 + within) * self.wide()
    }

    /// What stood in the time shown, each with its line, its bar and where its words begin; and how many found no line.
    fn stood(&self) -> (Vec<(usize, &Span, Stretch, f64)>, u32) {
        let (Some(first), Some(last)) = (self.bins.first(), self.bins.last()) else { return (Vec::new(), 0) };
        let mut ends: Vec<f64> = Vec::new();
        let (mut all, mut left_out) = (Vec::new(), 0);
        for span in &self.standing {
            if span.from.is_some_and(|day| day >= last.until) || span.until.is_some_and(|day| day <= first.from) {
                continue;
            }
            let open = (span.from.is_none_or(|day| day < first.from), span.until.is_none_or(|day| day > last.until));
            let stretch = Stretch {
                left: span.from.map_or(LEFT, |day| self.at(day)),
                right: span.until.map_or(WIDTH - RIGHT, |day| self.at(day)),
                open,
            };
            let room = wide(&span.label, 9.5);
            let words = stretch.left.min(WIDTH - RIGHT - room).max(LEFT);
            let row = ends.iter().position(|end| *end + 8.0 <= words.min(stretch.left)).unwrap_or(ends.len());
            if row >= MOST_STOOD {
                left_out += 1;
                continue;
            }
            let end = stretch.right.max(words + room);
            if row == ends.len() {
                ends.push(end);
            } else {
                ends[row] = end;
            }
            all.push((row, span, stretch, words));
        }
        (all, left_out)
    }

    fn draw_stood(
        &self,
        svg: &mut String,
        stood: &[(usize, &Span, Stretch, f64)],
        left_out: u32,
        rows: usize,
    ) -> std::fmt::Result {
        let own = own(&self.title);
        patterns(svg, &own, stood.iter().map(|(_, span, ..)| span.kind))?;
        for (row, span, stretch, x) in stood {
            let top = LEGEND - 8.0 + *row as f64 * STOOD;
            let label = escaped(&fitting(&span.label, 9.5, WIDTH - RIGHT - x));
            begin(svg, &format!("{} ({})", span.label, during(span.from, span.until)), span.href.as_deref())?;
            write!(svg, r#"<text class="label" x="{}" y="{}" font-size="9.5">{label}</text>"#, N(*x), N(top + 8.0))?;
            stretch.bar(svg, &own, span.kind, top + 10.5, 4.0)?;
            end(svg, span.href.as_deref())?;
        }
        if left_out > 0 {
            let y = LEGEND - 8.0 + (rows - 1) as f64 * STOOD + 9.0;
            writeln!(svg, r#"<text x="{LEFT}" y="{}" font-size="9.5">and {left_out} more</text>"#, N(y))?;
        }
        Ok(())
    }

    /// Months by their first letters as long as there is room, years under them.
    fn axis(&self, svg: &mut String, under: f64) -> std::fmt::Result {
        let wide = self.wide();
        let mut last = (i16::MIN, f64::NEG_INFINITY);
        for (n, bin) in self.bins.iter().enumerate() {
            let (x, middle) = (LEFT + n as f64 * wide, LEFT + (n as f64 + 0.5) * wide);
            let month = self.width == Width::Month && wide >= 12.0;
            if month {
                let name = bin.from.strftime("%b").to_string();
                let name = if wide >= 26.0 { name.as_str() } else { &name[..1] };
                writeln!(svg, r##"<text x="{middle:.1}" y="{:.1}" text-anchor="middle">{name}</text>"##, under + 14.0)?;
            }
            if bin.from.year() != last.0 && x - last.1 >= 34.0 && x <= WIDTH - 34.0 {
                let y = if month { 28.0 } else { 14.0 };
                writeln!(
                    svg,
                    r##"<line class="tick" x1="{x:.1}" x2="{x:.1}" y1="{under:.1}" y2="{:.1}" stroke="#999"/>"##,
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

/// A number in a ring.
fn number(svg: &mut String, x: f64, y: f64, number: usize) -> std::fmt::Result {
    write!(
        svg,
        r##"<circle class="badge" cx="{0}" cy="{1}" r="7" fill="#fff" stroke="#333"/><text x="{0}" y="{2}" font-size="9.5" font-weight="bold" text-anchor="middle">{number}</text>"##,
        N(x),
        N(y),
        N(y + 3.4)
    )
}

/// Sorted points moved as little as needed to lie this far apart within two bounds.
fn apart(wanted: &[f64], least: f64, low: f64, high: f64) -> Vec<f64> {
    let mut placed: Vec<f64> = Vec::with_capacity(wanted.len());
    for x in wanted {
        placed.push(placed.last().map_or(x.max(low), |before: &f64| x.max(before + least)));
    }
    let mut limit = high;
    for x in placed.iter_mut().rev() {
        *x = x.min(limit);
        limit = *x - least;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::SpanKind;
    use demarche_core::EventType;
    use demarche_store::collect::Sums;

    fn bins(counts: &[(u32, u32)]) -> Vec<Bin> {
        let mut from = Date::constant(2024, 1, 1);
        let bin = |(consult, assault): &(u32, u32)| {
            let mut sums = Sums::default();
            sums.add(EventType::Consult, *consult, 0);
            sums.add(EventType::Assault, *assault, 0);
            let until = Width::Month.next(from);
            Bin { from: std::mem::replace(&mut from, until), until, sums, exposure: Default::default() }
        };
        counts.iter().map(bin).collect()
    }

    fn plot(bins: &[Bin]) -> Mirrored<'_> {
        Mirrored { title: "A <b>".into(), note: "N".into(), bins, width: Width::Month, peaks: vec![], standing: vec![] }
    }

    #[test]
    fn nothing_and_little_are_drawn_too() {
        for counts in [&[][..], &[(0, 0)], &[(0, 7)], &[(3, 0)]] {
            let bins = bins(counts);
            let svg = plot(&bins).svg();
            assert!(!svg.contains("NaN") && !svg.contains("inf") && svg.contains("A &lt;b&gt;"), "{svg}");
            assert!(svg.contains("role=\"img\"") && !svg.contains("style="));
        }
    }

    #[test]
    fn numbers_of_peaks_never_meet_and_stay_within() {
        let placed = apart(&[50.0, 52.0, 53.0, 745.0, 747.0, 748.0], 16.0, 52.0, 740.0);
        assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 16.0 - 1e-9), "{placed:?}");
        assert!(placed.iter().all(|x| (52.0..=740.0).contains(x)), "{placed:?}");
    }

    #[test]
    fn what_stood_takes_lines_and_the_rest_is_counted() {
        let bins = bins(&[(1, 2); 24]);
        let span =
            |from, until| Span { label: "Pact of A & B".into(), kind: SpanKind::Accord, from, until, href: None };
        let day = |text: &str| text.parse::<Date>().ok();
        let mut plot = plot(&bins);
        plot.standing =
            vec![span(None, day("2024-06-01")), span(day("2024-09-01"), None), span(day("2030-01-01"), None)];
        let (stood, left_out) = plot.stood();
        assert_eq!((stood.iter().map(|(row, ..)| *row).collect::<Vec<_>>(), left_out), (vec![0, 0], 0));
        assert!(stood[0].2.open.0 && !stood[0].2.open.1 && stood[1].2.open.1);
        plot.standing = vec![span(None, None); 15];
        assert!(plot.svg().contains("and 3 more") && plot.svg().contains("A &amp; B"));
    }

    #[test]
    fn links_make_it_a_group_that_can_be_entered() {
        let bins = bins(&[(1, 2), (4, 1)]);
        let mut plot = plot(&bins);
        plot.peaks = vec![
            Peak { bin: 1, label: "Talks".into(), href: Some("/story/1?a=1&b=2".into()) },
            Peak { bin: 9, label: "of no bar".into(), href: None },
        ];
        let svg = plot.svg();
        assert!(svg.contains("role=\"group\"") && svg.contains(r#"<a href="/story/1?a=1&amp;b=2""#));
        assert!(!svg.contains("of no bar"));
    }
}
