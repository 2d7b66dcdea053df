//! What was so from when to when: offices, memberships, pacts, as bars on one axis of years.

use super::draw::{Frame, N, begin, counted, end, escaped, fitting, lines, own, wide};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Rows of dated facts.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// What it shows.
    pub title: String,
    /// What is under it.
    pub note: String,
    /// The rows, from the top.
    pub rows: Vec<Row>,
    /// The first day shown; `None` for the first that a span names.
    pub from: Option<Date>,
    /// The day after the last shown; `None` for the last that a span or `now` names.
    pub until: Option<Date>,
    /// A day to mark, as the last that was read.
    pub now: Option<Date>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is on.
    pub label: String,
    /// Where the label leads.
    pub href: Option<String>,
    /// What was so, and when; those that overlap are drawn beneath each other.
    pub spans: Vec<Span>,
}

/// Something that was so for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What.
    pub label: String,
    /// Of which kind.
    pub kind: SpanKind,
    /// Its first day; `None` where it was so before anything shown.
    pub from: Option<Date>,
    /// The day after its last; `None` where it has not ended.
    pub until: Option<Date>,
    /// Where it leads.
    pub href: Option<String>,
}

/// The kinds of what lasts, each with a colour and a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanKind {
    /// An office that somebody holds.
    Office,
    /// Belonging to a group, and what two have in common by it.
    Membership,
    /// A pact, a peace, a ceasefire.
    Accord,
    /// A war, a rivalry, a dispute, broken relations.
    Dispute,
    /// What sources contradict each other on.
    Contested,
}

const WIDTH: f64 = 760.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 58.0;
/// The height of a bar, and of the line it stands on.
const BAR: f64 = 15.0;
const LINE: f64 = 19.0;
/// Between rows.
const GAP: f64 = 4.0;

impl SpanKind {
    const ALL: [SpanKind; 5] =
        [SpanKind::Office, SpanKind::Membership, SpanKind::Accord, SpanKind::Dispute, SpanKind::Contested];

    pub(super) fn class(self) -> &'static str {
        match self {
            SpanKind::Office => "office",
            SpanKind::Membership => "membership",
            SpanKind::Accord => "accord",
            SpanKind::Dispute => "dispute",
            SpanKind::Contested => "contested",
        }
    }
    fn words(self) -> &'static str {
        match self {
            SpanKind::Office => "office",
            SpanKind::Membership => "membership",
            SpanKind::Accord => "pact or peace",
            SpanKind::Dispute => "war or dispute",
            SpanKind::Contested => "contested",
        }
    }
    /// The ground of a bar and its outline.
    fn colours(self) -> (&'static str, &'static str) {
        match self {
            SpanKind::Office => ("#dde8f4", "#1f5fa8"),
            SpanKind::Membership => ("#e6e6f1", "#5a5a8a"),
            SpanKind::Accord => ("#dcefe3", "#1d7044"),
            SpanKind::Dispute => ("#fbe6da", "#b8430b"),
            SpanKind::Contested => ("#f4f4f4", "#6b6b6b"),
        }
    }
    /// The lines over its ground, as a path in a square of eight.
    fn hatching(self) -> Option<&'static str> {
        match self {
            SpanKind::Office | SpanKind::Membership => None,
            SpanKind::Accord => Some("M0 7.5H8"),
            SpanKind::Dispute => Some("M-2 2l4-4M0 8L8 0M6 10l4-4"),
            SpanKind::Contested => Some("M0 2h2M4 6h2"),
        }
    }
}

/// The patterns of these kinds, with ids that begin with `own`.
pub(super) fn patterns(svg: &mut String, own: &str, kinds: impl Iterator<Item = SpanKind>) -> std::fmt::Result {
    let kinds: BTreeSet<SpanKind> = kinds.collect();
    for kind in kinds {
        let Some(lines) = kind.hatching() else { continue };
        let (class, (_, colour)) = (kind.class(), kind.colours());
        writeln!(
            svg,
            r#"<defs><pattern id="{own}-{class}" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatch {class}" d="{lines}" fill="none" stroke="{colour}" stroke-opacity="0.4"/></pattern></defs>"#
        )?;
    }
    Ok(())
}

/// Where a bar is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) left: f64,
    pub(super) right: f64,
    /// Whether it goes on beyond what is shown, or nobody knows its end.
    pub(super) open: (bool, bool),
}

impl Stretch {
    /// A bar of this height whose upper edge is at `top`: pointed where it goes on.
    pub(super) fn bar(self, svg: &mut String, own: &str, kind: SpanKind, top: f64, height: f64) -> std::fmt::Result {
        let (left, right) = (self.left, self.right.max(self.left + 2.0));
        let point = (height / 2.0).min((right - left) / 2.0);
        let (before, after) = (if self.open.0 { point } else { 0.0 }, if self.open.1 { point } else { 0.0 });
        let path = format!(
            "M{} {}H{}L{} {}L{} {}H{}L{} {}Z",
            N(left + before),
            N(top),
            N(right - after),
            N(right),
            N(top + height / 2.0),
            N(right - after),
            N(top + height),
            N(left + before),
            N(left),
            N(top + height / 2.0),
        );
        let (ground, line) = kind.colours();
        let class = kind.class();
        let dashes = if kind == SpanKind::Contested { r#" stroke-dasharray="4 2""# } else { "" };
        write!(svg, r#"<path class="span {class}" d="{path}" fill="{ground}" stroke="{line}"{dashes}/>"#)?;
        if kind.hatching().is_some() {
            write!(svg, r#"<path d="{path}" fill="url(#{own}-{class})"/>"#)?;
        }
        Ok(())
    }
}

/// "2004-03-29 to 2020-01-31", "since 2004-03-29", "until 2020-01-31".
pub(super) fn during(from: Option<Date>, until: Option<Date>) -> String {
    match (from, until.and_then(|day| day.yesterday().ok())) {
        (Some(from), Some(last)) if from == last => from.to_string(),
        (Some(from), Some(last)) => format!("{from} to {last}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(last)) => format!("until {last}"),
        (None, None) => "no dates known".to_owned(),
    }
}

/// Days since some day.
fn days(day: Date) -> f64 {
    f64::from(day.year()) * 365.2425 + f64::from(day.day_of_year())
}

/// The years to mark, for a stretch of time on this many points: every one, or every second, fifth, tenth …
fn years(from: Date, until: Date, room: f64) -> Vec<i16> {
    let most = (room / 44.0).max(1.0);
    let all = f64::from(until.year()) - f64::from(from.year()) + 1.0;
    let step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].into_iter().find(|step| all / f64::from(*step) <= most);
    let step = step.unwrap_or(5000_i16);
    let first = from.year().div_euclid(step) * step;
    (0..).map_while(|n| first.checked_add(step.checked_mul(n)?)).take_while(|year| *year <= until.year()).collect()
}

impl Timeline {
    /// The text alternative: what one sees, in words.
    pub fn in_words(&self) -> String {
        let spans = || self.rows.iter().flat_map(|row| row.spans.iter().map(move |span| (row, span)));
        let count = u32::try_from(spans().count()).unwrap_or(u32::MAX);
        if count == 0 {
            return "Nothing with dates is known.".to_owned();
        }
        let (from, until) = self.range();
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let mut words = format!(
            "{} in {}, {} to {}.",
            counted(count, "dated fact", "dated facts"),
            counted(rows, "row", "rows"),
            from.year(),
            until.yesterday().unwrap_or(until).year()
        );
        if let Some((row, span)) = spans().max_by_key(|(_, span)| span.from) {
            let what =
                if row.label == span.label { span.label.clone() } else { format!("{}: {}", row.label, span.label) };
            let _ = write!(words, " The latest to begin is {what} ({}).", during(span.from, span.until));
        }
        words
    }

    /// The first day shown and the day after the last.
    fn range(&self) -> (Date, Date) {
        let spans = || self.rows.iter().flat_map(|row| &row.spans);
        let named = || spans().flat_map(|span| [span.from, span.until]).flatten().chain(self.now);
        let from = self.from.or(named().min()).unwrap_or(Date::constant(2000, 1, 1));
        let until = self.until.or(named().max()).unwrap_or(from);
        // Whoever has one day to show, or none, is shown the year of it.
        if days(until) - days(from) >= 30.0 {
            return (from, until);
        }
        (from.first_of_year(), until.max(from).last_of_year().tomorrow().unwrap_or(Date::MAX))
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let _ = self.draw(&mut svg);
        svg
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let (from, until) = self.range();
        let longest = self.rows.iter().map(|row| wide(&row.label, 11.0)).fold(0.0, f64::max);
        let left = (longest + 16.0).clamp(60.0, 230.0);
        let scale = (WIDTH - RIGHT - left) / (days(until) - days(from));
        let at = |day: Date| left + ((days(day) - days(from)) * scale).clamp(0.0, WIDTH - RIGHT - left);
        // Each row is as high as it has spans at once; its bars are put on the first line where they and their words fit.
        let placed: Vec<(Vec<Placed<'_>>, usize)> =
            self.rows.iter().map(|row| placed(row, (from, until), &at)).collect();
        let tall: f64 = placed.iter().map(|(_, lines)| *lines as f64 * LINE + GAP).sum();
        let note = lines(&self.note, 10.0, WIDTH - 12.0 - RIGHT);
        let under = TOP + tall + 4.0;
        let height = under + 24.0 + 13.0 * note.len() as f64 + 6.0;
        let spans = || self.rows.iter().flat_map(|row| &row.spans);
        let linked = self.rows.iter().map(|row| &row.href).chain(spans().map(|span| &span.href)).any(Option::is_some);
        let own = own(&self.title);
        Frame { title: &self.title, words: &self.in_words(), width: WIDTH, height, linked }.open(svg, 12.0)?;
        patterns(svg, &own, spans().map(|span| span.kind))?;
        let shown: BTreeSet<SpanKind> = spans().map(|span| span.kind).collect();
        let mut x = 12.0;
        for kind in SpanKind::ALL.into_iter().filter(|kind| shown.contains(kind)) {
            Stretch { left: x, right: x + 18.0, open: (false, false) }.bar(svg, &own, kind, 32.0, 10.0)?;
            writeln!(svg, r#"<text x="{}" y="41">{}</text>"#, N(x + 23.0), kind.words())?;
            x += 23.0 + wide(kind.words(), 11.0) + 16.0;
        }
        for year in years(from, until, WIDTH - RIGHT - left) {
            let Some(day) = Date::new(year, 1, 1).ok().filter(|day| *day >= from && *day <= until) else { continue };
            let x = N(at(day));
            writeln!(svg, r##"<line class="rule" x1="{x}" x2="{x}" y1="{TOP}" y2="{}" stroke="#ddd"/>"##, N(under))?;
            if at(day) < WIDTH - RIGHT - 10.0 {
                writeln!(svg, r#"<text x="{x}" y="{}" text-anchor="middle">{year}</text>"#, N(under + 14.0))?;
            }
        }
        let (a, b) = (N(left), N(WIDTH - RIGHT));
        writeln!(svg, r##"<line class="axis" x1="{a}" x2="{b}" y1="{0}" y2="{0}" stroke="#333"/>"##, N(under))?;
        let mut top = TOP;
        for (row, (placed, lines)) in self.rows.iter().zip(&placed) {
            let label = escaped(&fitting(&row.label, 11.0, left - 16.0));
            begin(svg, &row.label, row.href.as_deref())?;
            write!(
                svg,
                r#"<text class="label" x="{}" y="{}" text-anchor="end">{label}</text>"#,
                N(left - 8.0),
                N(top + 11.0)
            )?;
            end(svg, row.href.as_deref())?;
            for placed in placed {
                placed.draw(svg, &own, top)?;
            }
            top += *lines as f64 * LINE + GAP;
            writeln!(
                svg,
                r##"<line class="rule" x1="12" x2="{b}" y1="{0}" y2="{0}" stroke="#ddd"/>"##,
                N(top - GAP / 2.0 - 1.0)
            )?;
        }
        if let Some(now) = self.now.filter(|now| *now >= from && *now <= until) {
            let x = N(at(now));
            writeln!(
                svg,
                r##"<g><title>{now}</title><line class="now" x1="{x}" x2="{x}" y1="{}" y2="{}" stroke="#111" stroke-width="1.5" stroke-dasharray="1 3" stroke-linecap="round"/></g>"##,
                N(TOP - 4.0),
                N(under)
            )?;
        }
        Frame::close(svg, &note, 12.0, under + 32.0)
    }
}

/// A span with its place on its row.
struct Placed<'s> {
    span: &'s Span,
    stretch: Stretch,
    line: usize,
    /// The words, where they begin, and whether they stand on the bar.
    words: Option<(String, f64)>,
}

/// The spans of a row on as few lines as they need, and how many those are.
fn placed<'s>(row: &'s Row, (from, until): (Date, Date), at: &dyn Fn(Date) -> f64) -> (Vec<Placed<'s>>, usize) {
    let mut spans: Vec<&Span> = row.spans.iter().collect();
    spans.sort_by_key(|span| (span.from, span.until));
    let mut ends: Vec<f64> = Vec::new();
    let mut all = Vec::new();
    for span in spans {
        let open = (span.from.is_none_or(|day| day < from), span.until.is_none_or(|day| day > until));
        // What lies wholly outside is not drawn.
        if span.from.is_some_and(|day| day >= until) || span.until.is_some_and(|day| day <= from) {
            continue;
        }
        let (left, right) = (span.from.map_or(at(from), at), span.until.map_or(at(until), at));
        let stretch = Stretch { left, right: right.max(left + 3.0), open };
        let whole = wide(&span.label, 10.0);
        let (inside, outside) = (stretch.right - left - 10.0, at(until) - stretch.right - 8.0);
        let before = left - 4.0 - whole;
        // On the bar, after it, before it; where nothing holds them whole, cut.
        let words = if whole <= inside {
            Some((span.label.clone(), left + if open.0 { 9.0 } else { 5.0 }))
        } else if whole <= outside {
            Some((span.label.clone(), stretch.right + 4.0))
        } else if before >= at(from) {
            Some((span.label.clone(), before))
        } else if inside >= 30.0 {
            Some((fitting(&span.label, 10.0, inside), left + if open.0 { 9.0 } else { 5.0 }))
        } else if outside >= 30.0 {
            Some((fitting(&span.label, 10.0, outside), stretch.right + 4.0))
        } else {
            None
        };
        let begins = words.as_ref().map_or(left, |(_, x)| x.min(left));
        let end = words.as_ref().map_or(0.0, |(words, x)| x + wide(words, 10.0) + 3.0).max(stretch.right);
        let line = ends.iter().position(|end| *end <= begins + 0.01).unwrap_or(ends.len());
        if line == ends.len() {
            ends.push(end);
        } else {
            ends[line] = end;
        }
        all.push(Placed { span, stretch, line, words });
    }
    (all, ends.len().max(1))
}

impl Placed<'_> {
    fn draw(&self, svg: &mut String, own: &str, top: f64) -> std::fmt::Result {
        let (span, top) = (self.span, top + self.line as f64 * LINE);
        let title = format!("{} ({}, {})", span.label, span.kind.words(), during(span.from, span.until));
        begin(svg, &title, span.href.as_deref())?;
        self.stretch.bar(svg, own, span.kind, top, BAR)?;
        if let Some((words, x)) = &self.words {
            write!(
                svg,
                r##"<text class="on" x="{}" y="{}" font-size="10" fill="#111">{}</text>"##,
                N(*x),
                N(top + 11.0),
                escaped(words)
            )?;
        }
        end(svg, span.href.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    fn timeline(spans: &[(&str, &str)]) -> Timeline {
        let span = |(from, until): &(&str, &str)| Span {
            label: "Office <of> some length".into(),
            kind: SpanKind::Contested,
            from: day(from),
            until: day(until),
            href: Some("javascript:alert(1)".into()),
        };
        let row = Row { label: "R & S".into(), href: None, spans: spans.iter().map(span).collect() };
        Timeline {
            title: "T".into(),
            note: String::new(),
            rows: vec![row],
            from: None,
            until: None,
            now: day("2020-01-01"),
        }
    }

    #[test]
    fn no_dates_one_day_and_open_ends_are_drawn() {
        for spans in [&[][..], &[("", "")], &[("2020-01-01", "2020-01-02")], &[("", "1900-01-01"), ("1890-01-01", "")]]
        {
            let svg = timeline(spans).svg();
            assert!(
                !svg.contains("NaN")
                    && !svg.contains("<of>")
                    && !svg.contains("javascript")
                    && svg.contains("R &amp; S")
            );
        }
        assert_eq!(during(day("2004-03-29"), day("2004-03-30")), "2004-03-29");
        assert_eq!(during(None, day("2020-02-01")), "until 2020-01-31");
    }

    #[test]
    fn what_overlaps_lies_on_lines_of_its_own() {
        let whole =
            timeline(&[("2000-01-01", "2010-01-01"), ("2005-01-01", "2015-01-01"), ("2010-01-01", "2020-01-01")]);
        let (from, until) = whole.range();
        let at = |day: Date| 700.0 * (days(day) - days(from)) / (days(until) - days(from));
        let (placed, lines) = placed(&whole.rows[0], (from, until), &at);
        assert_eq!((placed.iter().map(|placed| placed.line).collect::<Vec<_>>(), lines), (vec![0, 1, 0], 2));
        let within = |x: f64| (0.0..=700.0).contains(&x);
        assert!(placed.iter().all(|p| within(p.stretch.left) && within(p.stretch.right)));
    }

    #[test]
    fn years_are_marked_as_there_is_room() {
        let (from, until) = (Date::constant(1946, 5, 1), Date::constant(2026, 1, 1));
        assert_eq!(years(from, until, 600.0), [1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020]);
        assert_eq!(years(Date::constant(2024, 1, 1), until, 600.0), [2024, 2025, 2026]);
        assert!(years(Date::constant(-9999, 1, 1), Date::constant(9999, 1, 1), 100.0).len() < 10);
    }
}
