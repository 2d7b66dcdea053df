//! The world by country: a measure as shades, dyads as arcs, towns as points.

use super::draw::{Frame, N, begin, counted, end, escaped, fitting, grouped, lines, own, wide};
use super::tie::{Balance, Sign};
use demarche_knowledge::{Border, Borders};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A map of the world in the Equal Earth projection.
#[derive(Debug, Clone)]
pub struct Map<'k> {
    /// What it shows.
    pub title: String,
    /// What is under it: where the numbers come from, as of when.
    pub note: String,
    /// The shapes: `knowledge.borders()`.
    pub borders: &'k Borders<'k>,
    /// What the shades mean, as the legend says it: "events".
    pub measure: String,
    /// How a value becomes a shade.
    pub scale: Scale,
    /// The states that have a value or lead somewhere; others are drawn as without data.
    pub states: Vec<Shaded>,
    /// What is between two.
    pub arcs: Vec<Arc>,
    /// Towns.
    pub pins: Vec<Pin>,
}

/// How a value becomes one of five shades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Counts, from 0; the bounds of the classes are round and made from the greatest.
    Counts,
    /// From −1, all conflict, to 1, all cooperation.
    Balance,
    /// Per cent, in five equal classes.
    Share,
}

/// A state with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaded {
    /// Its id: "FRA".
    pub state: String,
    /// `None` where nothing is known.
    pub value: Option<f64>,
    /// Where it leads.
    pub href: Option<String>,
}

/// What is between two states.
#[derive(Debug, Clone, PartialEq)]
pub struct Arc {
    /// The id of the one.
    pub from: String,
    /// The id of the other.
    pub to: String,
    /// What happened between them.
    pub balance: Balance,
    /// Where it leads.
    pub href: Option<String>,
}

/// A point.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// What is there.
    pub label: String,
    /// How many events are told of it.
    pub events: u32,
    /// Where it leads.
    pub href: Option<String>,
}

const WIDTH: f64 = 960.0;
const LEFT: f64 = 8.0;
const TOP: f64 = 34.0;
/// Pixels of a radian at the equator.
const SCALE: f64 = (WIDTH - 2.0 * LEFT) / (2.0 * 2.706_63);
/// Degrees north of the upper and the lower edge: no state of the tables has land beyond.
const NORTH: f64 = 84.0;
const SOUTH: f64 = -57.0;
/// What the drawing of borders takes for granted, by docs/disputed.md.
const DISPUTED: &str = "Borders: Natural Earth, disputed land as events are coded: Crimea is drawn in Ukraine, the Golan Heights in Syria, Northern Cyprus in Cyprus, Somaliland in Somalia; Kosovo, Palestine, Taiwan and Western Sahara stand for themselves. No claim is judged by it.";
/// Towns whose names are written.
const NAMED: usize = 14;

/// The five shades of counts, from few to many.
const COUNTS: [&str; 5] = ["#d3e2f1", "#a3c5e5", "#6a9fd2", "#3873b1", "#164a86"];
/// The five shades of a balance, from conflict to cooperation.
const BALANCES: [&str; 5] = ["#a8430f", "#e8a57c", "#ededed", "#8ab6e0", "#22558f"];
/// The least balance of each but the first.
const BALANCE_BOUNDS: [f64; 4] = [-0.6, -0.2, 0.2, 0.6];

/// Where a place lies in the Equal Earth projection, radians of the equator east and north.
///
/// B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of Geographical
/// Information Science 33(3), 2019.
fn equal_earth(lat: f64, lon: f64) -> (f64, f64) {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let t = (3.0_f64.sqrt() / 2.0 * lat.clamp(-90.0, 90.0).to_radians().sin()).asin();
    let (t2, t6) = (t * t, t.powi(6));
    let slope = A[0] + 3.0 * A[1] * t2 + t6 * (7.0 * A[2] + 9.0 * A[3] * t2);
    let x = 2.0 * 3.0_f64.sqrt() * lon.clamp(-180.0, 180.0).to_radians() * t.cos() / (3.0 * slope);
    (x, t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2)))
}

/// The same on the picture.
fn placed(lat: f64, lon: f64) -> (f64, f64) {
    let (x, y) = equal_earth(lat.clamp(SOUTH, NORTH), lon);
    (WIDTH / 2.0 + x * SCALE, TOP + (equal_earth(NORTH, 0.0).1 - y) * SCALE)
}

/// The lower edge of the map.
fn bottom() -> f64 {
    placed(SOUTH, 0.0).1
}

/// Tenths as short as paths can have them: "12", "-.4".
fn tenths(out: &mut String, number: i32) {
    if number >= 0 && out.ends_with(|c: char| c.is_ascii_digit()) {
        out.push(' ');
    }
    let (whole, part) = (number.abs() / 10, number.abs() % 10);
    if number < 0 {
        out.push('-');
    }
    if whole > 0 || part == 0 {
        let _ = write!(out, "{whole}");
    }
    if part > 0 {
        let _ = write!(out, ".{part}");
    }
}

/// The outline as a path; corners that fall on each other are one.
fn path(border: &Border<'_>) -> String {
    let mut out = String::new();
    for ring in &border.rings {
        let mut before: Option<(i32, i32)> = None;
        for (east, north) in ring {
            let (x, y) = placed(f64::from(*north) / 10.0, f64::from(*east) / 10.0);
            let here = ((x * 10.0).round() as i32, (y * 10.0).round() as i32);
            match before {
                Some(before) if before == here => continue,
                Some(before) => {
                    tenths(&mut out, here.0 - before.0);
                    tenths(&mut out, here.1 - before.1);
                }
                None => {
                    out.push('M');
                    tenths(&mut out, here.0);
                    tenths(&mut out, here.1);
                    out.push('l');
                }
            }
            before = Some(here);
        }
        out.push('z');
    }
    out
}

/// The least count of each class: 1, and then in equal steps of the logarithm, rounded down to what is easily read.
fn bounds(most: f64) -> Vec<u32> {
    let most = most.clamp(0.0, f64::from(u32::MAX)) as u32;
    if most <= 5 {
        return (1..=most.max(1)).collect();
    }
    let mut bounds: Vec<u32> = Vec::new();
    for part in 0..5 {
        let bound = f64::from(most).powf(f64::from(part) / 5.0);
        let power = 10_f64.powf(bound.log10().floor());
        let digits = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
        let digit = digits.into_iter().rev().find(|digit| digit * power <= bound + 1e-9).unwrap_or(1.0);
        let least = bounds.last().map_or(1, |last| last + 1);
        bounds.push(((digit * power) as u32).max(least));
    }
    bounds
}

/// The class of a value: 0 for nothing at all, which only counts have, else 1 to 5.
fn class(scale: Scale, bounds: &[u32], value: f64) -> usize {
    match scale {
        Scale::Counts if bounds.len() < 5 => {
            // Few classes take the shades from the dark end, so that what is there is seen.
            let at = bounds.iter().filter(|bound| value >= f64::from(**bound)).count();
            if at == 0 { 0 } else { 5 - bounds.len() + at }
        }
        Scale::Counts => bounds.iter().filter(|bound| value >= f64::from(**bound)).count(),
        Scale::Share => 1 + ((value.clamp(0.0, 100.0) / 20.0) as usize).min(4),
        Scale::Balance => 1 + BALANCE_BOUNDS.iter().filter(|bound| value >= **bound - 1e-9).count(),
    }
}

/// What a shape or an entry of the legend is filled with: the class of the style sheet and the colour.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fill {
    Nothing,
    Zero,
    Class(Scale, usize),
}

impl Fill {
    fn class(self) -> String {
        match self {
            Fill::Nothing => "unknown".to_owned(),
            Fill::Zero => "zero".to_owned(),
            Fill::Class(Scale::Counts | Scale::Share, n) => format!("s{n}"),
            Fill::Class(Scale::Balance, n) => format!("d{n}"),
        }
    }
    fn colour(self) -> &'static str {
        match self {
            Fill::Nothing => "#f4f4f4",
            Fill::Zero => "#fff",
            Fill::Class(Scale::Counts | Scale::Share, n) => COUNTS[n - 1],
            Fill::Class(Scale::Balance, n) => BALANCES[n - 1],
        }
    }
    /// The name of the pattern that lies over it: what is not known, and conflict.
    fn pattern(self) -> Option<&'static str> {
        match self {
            Fill::Nothing => Some("unknown"),
            Fill::Class(Scale::Balance, 1) => Some("d1"),
            Fill::Class(Scale::Balance, 2) => Some("d2"),
            _ => None,
        }
    }
    /// The attributes of what is filled so.
    fn attributes(self, own: &str) -> String {
        match self.pattern() {
            Some(name) => format!(r#"fill="url(#{own}-{name})""#),
            None => format!(r#"class="{}" fill="{}""#, self.class(), self.colour()),
        }
    }
}

impl Map<'_> {
    /// The text alternative: what one sees, in words.
    pub fn in_words(&self) -> String {
        let mut known: Vec<(&str, f64)> = self
            .states
            .iter()
            .filter_map(|shaded| Some((self.borders.of(&shaded.state)?.name, shaded.value?)))
            .filter(|(_, value)| value.is_finite() && (self.scale != Scale::Counts || *value > 0.0))
            .collect();
        known.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let mut words = format!("A map of the world by country, {}.", self.measure);
        let said = |(name, value): &(&str, f64)| format!("{name} ({})", self.short(*value));
        let listed = |all: &[(&str, f64)]| all.iter().map(said).collect::<Vec<_>>().join(", ");
        match (self.scale, known.len()) {
            (_, 0) => words.push_str(" No state has a value."),
            (Scale::Counts | Scale::Share, n) => {
                let states = counted(n as u32, "state has a value", "states have a value");
                let _ = write!(words, " {states}, the highest {}.", listed(&known[..n.min(3)]));
            }
            (Scale::Balance, n) => {
                let states = counted(n as u32, "state has a value", "states have a value");
                let _ = write!(words, " {states}; most to cooperation leans {}", listed(&known[..1]));
                let _ = write!(words, ", most to conflict {}.", listed(&known[n - 1..]));
            }
        }
        let arcs = self.arcs();
        if let Some((arc, from, to)) =
            arcs.iter().max_by_key(|(arc, from, to)| (arc.balance.events(), std::cmp::Reverse((from.name, to.name))))
        {
            let number = counted(arcs.len() as u32, "arc joins two states", "arcs join states");
            let events = counted(arc.balance.events(), "event", "events");
            let sign = arc.balance.sign().words();
            let _ = write!(words, " {number}, the widest {} and {}: {events}, {sign}.", from.name, to.name);
        }
        if let Some(pin) = self.pins.iter().max_by_key(|pin| (pin.events, std::cmp::Reverse(&pin.label))) {
            let number = counted(self.pins.len() as u32, "point marks a town", "points mark towns");
            let _ = write!(words, " {number}, the most often told of {} ({}).", pin.label, grouped(pin.events));
        }
        words
    }

    fn short(&self, value: f64) -> String {
        match self.scale {
            Scale::Counts | Scale::Share => grouped(value.clamp(0.0, f64::from(u32::MAX)).round() as u32),
            Scale::Balance => format!("{:.0} % cooperation", (1.0 + value.clamp(-1.0, 1.0)) * 50.0),
        }
    }

    /// The arcs whose ends lie somewhere, and apart.
    fn arcs(&self) -> Vec<(&Arc, &Border<'_>, &Border<'_>)> {
        let ends = |arc: &'_ Arc| Some((self.borders.of(&arc.from)?, self.borders.of(&arc.to)?));
        self.arcs
            .iter()
            .filter(|arc| arc.from != arc.to && arc.balance.events() > 0)
            .filter_map(|arc| ends(arc).map(|(from, to)| (arc, from, to)))
            .collect()
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::with_capacity(140_000);
        let _ = self.draw(&mut svg);
        svg
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let own = own(&self.title);
        let note = lines(&format!("{} {DISPUTED}", self.note), 10.0, WIDTH - 2.0 * LEFT);
        let under = bottom();
        let legends = if self.arcs.is_empty() { 1.0 } else { 2.0 };
        let height = under + 12.0 + 18.0 * legends + 13.0 * note.len() as f64 + 6.0;
        let hrefs = self.states.iter().map(|s| &s.href).chain(self.arcs.iter().map(|a| &a.href));
        let linked = hrefs.chain(self.pins.iter().map(|pin| &pin.href)).any(Option::is_some);
        Frame { title: &self.title, words: &self.in_words(), width: WIDTH, height, linked }.open(svg, LEFT)?;
        self.patterns(svg, &own)?;
        sea(svg)?;

        let finite = |shaded: &Shaded| shaded.value.filter(|value| value.is_finite());
        let bounds = bounds(self.states.iter().filter_map(finite).fold(0.0, f64::max));
        let states: BTreeMap<&str, &Shaded> = self.states.iter().map(|s| (s.state.as_str(), s)).collect();
        let fill = |shaded: Option<&&Shaded>| match shaded.and_then(|shaded| finite(shaded)) {
            None => Fill::Nothing,
            Some(value) => match class(self.scale, &bounds, value) {
                0 => Fill::Zero,
                n => Fill::Class(self.scale, n),
            },
        };
        writeln!(svg, r##"<g class="land" stroke="#767676" stroke-width="0.5" stroke-linejoin="round">"##)?;
        let (shapes, small): (Vec<_>, Vec<_>) = self.borders.all.iter().partition(|border| !border.rings.is_empty());
        for border in shapes {
            let shaded = states.get(border.state);
            let href = shaded.and_then(|shaded| shaded.href.as_deref());
            begin(svg, &self.said(border, shaded.copied()), href)?;
            let fill = fill(shaded).attributes(&own);
            write!(svg, r#"<path data-state="{}" {fill} d="{}"/>"#, escaped(border.state), path(border))?;
            end(svg, href)?;
        }
        // What is too small to be seen is a ring; what is past only where something is told of it.
        for border in small.into_iter().filter(|border| !border.past || states.contains_key(border.state)) {
            let shaded = states.get(border.state);
            let href = shaded.and_then(|shaded| shaded.href.as_deref());
            let (x, y) = placed(border.lat, border.lon);
            let told = shaded.is_some_and(|shaded| shaded.value.is_some_and(|value| value != 0.0));
            begin(svg, &self.said(border, shaded.copied()), href)?;
            write!(
                svg,
                r#"<circle data-state="{}" {} cx="{}" cy="{}" r="{}"/>"#,
                escaped(border.state),
                fill(shaded).attributes(&own),
                N(x),
                N(y),
                if told { 3.0 } else { 1.8 }
            )?;
            end(svg, href)?;
        }
        writeln!(svg, "</g>")?;
        self.draw_arcs(svg)?;
        self.draw_pins(svg)?;
        self.legend(svg, &own, under + 14.0, &bounds, self.states.iter().any(|s| finite(s) == Some(0.0)))?;
        Frame::close(svg, &note, LEFT, height - 8.0 - 13.0 * (note.len() - 1) as f64)
    }

    /// What a shape tells: "France: 12 events".
    fn said(&self, border: &Border<'_>, shaded: Option<&Shaded>) -> String {
        match shaded.and_then(|shaded| shaded.value).filter(|value| value.is_finite()) {
            None => format!("{}: nothing known", border.name),
            Some(value) if self.scale != Scale::Balance => {
                format!("{}: {} {}", border.name, self.short(value), self.measure)
            }
            Some(value) => format!("{}: {}", border.name, self.short(value)),
        }
    }

    fn patterns(&self, svg: &mut String, own: &str) -> std::fmt::Result {
        let of = |svg: &mut String, fill: Fill, size: u32, lines: &str, colour: &str| {
            let class = fill.class();
            writeln!(
                svg,
                r#"<pattern id="{own}-{class}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"><rect class="{class}" width="{size}" height="{size}" fill="{}"/><path class="hatch-{class}" d="{lines}" fill="none" stroke="{colour}" stroke-width="0.8"/></pattern>"#,
                fill.colour()
            )
        };
        svg.push_str("<defs>");
        of(svg, Fill::Nothing, 6, "M-1 1l2-2M0 6L6 0M5 7l2-2", "#bdbdbd")?;
        if self.scale == Scale::Balance {
            of(svg, Fill::Class(Scale::Balance, 1), 4, "M-1 3l2 2M0 0l4 4M3-1l2 2", "#f6d3be")?;
            of(svg, Fill::Class(Scale::Balance, 2), 4, "M-1 3l2 2M0 0l4 4M3-1l2 2", "#b8561f")?;
        }
        writeln!(svg, "</defs>")
    }

    fn draw_arcs(&self, svg: &mut String) -> std::fmt::Result {
        let mut arcs = self.arcs();
        // The wide ones first, so that the thin lie on them.
        arcs.sort_by_key(|(arc, ..)| (std::cmp::Reverse(arc.balance.events()), arc.from.clone(), arc.to.clone()));
        let most = arcs.first().map_or(1, |(arc, ..)| arc.balance.events());
        for (arc, from, to) in arcs {
            let (a, b) = (placed(from.lat, from.lon), placed(to.lat, to.lon));
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            // To the north of the straight line, as great circles of the northern half do.
            let side = if dx > 0.0 || (dx == 0.0 && dy > 0.0) { 0.22 } else { -0.22 };
            let bend = ((a.0 + b.0) / 2.0 + dy * side, ((a.1 + b.1) / 2.0 - dx * side).max(TOP - 30.0));
            let d = format!("M{} {}Q{} {} {} {}", N(a.0), N(a.1), N(bend.0), N(bend.1), N(b.0), N(b.1));
            let width = 1.2 + 4.3 * (f64::from(arc.balance.events()) / f64::from(most)).sqrt();
            let sign = arc.balance.sign();
            let title = format!("{} and {}: {}", from.name, to.name, arc.balance.in_words());
            begin(svg, &title, arc.href.as_deref())?;
            write!(
                svg,
                r##"<path class="halo" d="{d}" fill="none" stroke="#fff" stroke-width="{}"/>"##,
                N(width + 1.8)
            )?;
            line(svg, sign, width, &d)?;
            for end in [a, b] {
                write!(
                    svg,
                    r#"<circle class="{}-dot" cx="{}" cy="{}" r="{}" fill="{}"/>"#,
                    sign.class(),
                    N(end.0),
                    N(end.1),
                    N(1.4 + width / 2.0),
                    sign.colour()
                )?;
            }
            end(svg, arc.href.as_deref())?;
        }
        Ok(())
    }

    fn draw_pins(&self, svg: &mut String) -> std::fmt::Result {
        let mut pins: Vec<&Pin> = self.pins.iter().filter(|pin| pin.lat.is_finite() && pin.lon.is_finite()).collect();
        pins.sort_by(|a, b| b.events.cmp(&a.events).then(a.label.cmp(&b.label)));
        let most = f64::from(pins.first().map_or(1, |pin| pin.events.max(1)));
        let mut taken: Vec<[f64; 4]> = Vec::new();
        for (ix, pin) in pins.iter().enumerate() {
            let (x, y) = placed(pin.lat, pin.lon);
            let r = 2.2 + 3.8 * (f64::from(pin.events) / most).sqrt();
            begin(svg, &format!("{}: {}", pin.label, counted(pin.events, "event", "events")), pin.href.as_deref())?;
            write!(
                svg,
                r##"<circle class="pin" cx="{}" cy="{}" r="{}" fill="#111" fill-opacity="0.75" stroke="#fff"/>"##,
                N(x),
                N(y),
                N(r)
            )?;
            let words = fitting(&pin.label, 10.0, 120.0);
            let room = wide(&words, 10.0);
            let spots = [(x + r + 2.0, y + 3.5), (x - r - 2.0 - room, y + 3.5), (x - room / 2.0, y - r - 3.0)];
            let boxed = |(x, y): (f64, f64)| [x, y - 9.0, x + room, y + 2.0];
            let free = spots.into_iter().find(|spot| {
                let here = boxed(*spot);
                here[0] > 0.0
                    && here[2] < WIDTH
                    && taken.iter().all(|t| here[0] > t[2] || here[2] < t[0] || here[1] > t[3] || here[3] < t[1])
            });
            if let Some((x, y)) = free.filter(|_| ix < NAMED) {
                taken.push(boxed((x, y)));
                write!(
                    svg,
                    r##"<text class="name" x="{}" y="{}" font-size="10" fill="#111" stroke="#fff" stroke-width="2.5" paint-order="stroke">{}</text>"##,
                    N(x),
                    N(y),
                    escaped(&words)
                )?;
            }
            end(svg, pin.href.as_deref())?;
        }
        Ok(())
    }

    /// What the shades mean, and beneath what the arcs do.
    fn legend(&self, svg: &mut String, own: &str, y: f64, bounds: &[u32], zero: bool) -> std::fmt::Result {
        let mut entries: Vec<(Fill, String)> = Vec::new();
        match self.scale {
            Scale::Counts => {
                entries.extend(zero.then(|| (Fill::Zero, "0".to_owned())));
                for (ix, bound) in bounds.iter().enumerate() {
                    let words = match bounds.get(ix + 1) {
                        Some(next) if *next == bound + 1 => grouped(*bound),
                        Some(next) => format!("{}–{}", grouped(*bound), grouped(next - 1)),
                        None => format!("{} or more", grouped(*bound)),
                    };
                    entries.push((Fill::Class(self.scale, class(self.scale, bounds, f64::from(*bound))), words));
                }
            }
            Scale::Share => {
                for (ix, words) in ["under 20", "20–40", "40–60", "60–80", "80 or more"].into_iter().enumerate() {
                    entries.push((Fill::Class(self.scale, ix + 1), words.to_owned()));
                }
            }
            Scale::Balance => {
                let words =
                    ["over 80 % conflict", "60–80 % conflict", "mixed", "60–80 % cooperation", "over 80 % cooperation"];
                entries.extend(
                    words
                        .into_iter()
                        .enumerate()
                        .map(|(ix, words)| (Fill::Class(self.scale, ix + 1), words.to_owned())),
                );
            }
        }
        entries.push((Fill::Nothing, "nothing known".to_owned()));
        let mut x = LEFT;
        let measure = fitting(&self.measure, 11.0, 240.0);
        writeln!(svg, r#"<text x="{}" y="{}" font-weight="bold">{}</text>"#, N(x), N(y + 9.0), escaped(&measure))?;
        x += wide(&measure, 11.0) * 1.08 + 12.0;
        for (fill, words) in entries {
            writeln!(
                svg,
                r##"<rect class="key" x="{}" y="{}" width="16" height="11" fill="none" stroke="#767676"/><rect {} x="{}" y="{}" width="16" height="11"/>"##,
                N(x),
                N(y),
                fill.attributes(own),
                N(x),
                N(y)
            )?;
            writeln!(svg, r#"<text x="{}" y="{}">{words}</text>"#, N(x + 20.0), N(y + 9.5))?;
            x += 20.0 + wide(&words, 11.0) + 14.0;
        }
        if !self.arcs.is_empty() {
            signs(svg, LEFT, y + 18.0, "line width: number of events")?;
        }
        Ok(())
    }
}

/// A line in the manner of its sign.
pub(super) fn line(svg: &mut String, sign: Sign, width: f64, d: &str) -> std::fmt::Result {
    let dashes = sign.dashes().map_or(String::new(), |dashes| format!(r#" stroke-dasharray="{dashes}""#));
    write!(
        svg,
        r#"<path class="{}" d="{d}" fill="none" stroke="{}" stroke-width="{}"{dashes}/>"#,
        sign.class(),
        sign.colour(),
        N(width)
    )
}

/// The legend of lines, from this point on.
pub(super) fn signs(svg: &mut String, left: f64, y: f64, more: &str) -> std::fmt::Result {
    let mut x = left;
    for sign in Sign::ALL {
        line(svg, sign, 3.0, &format!("M{} {}h28", N(x), N(y + 6.0)))?;
        writeln!(svg, r#"<text x="{}" y="{}">{}</text>"#, N(x + 33.0), N(y + 9.5), sign.words())?;
        x += 33.0 + wide(sign.words(), 11.0) + 16.0;
    }
    writeln!(svg, r#"<text x="{}" y="{}">{}</text>"#, N(x), N(y + 9.5), escaped(more))
}

/// The ground that the land lies on, round at its sides.
fn sea(svg: &mut String) -> std::fmt::Result {
    let mut d = String::new();
    let side = |d: &mut String, lon: f64, lats: &mut dyn Iterator<Item = i32>| {
        for lat in lats {
            let (x, y) = placed(f64::from(lat), lon);
            let _ = write!(d, "{}{} {}", if d.is_empty() { 'M' } else { 'L' }, N(x), N(y));
        }
    };
    side(&mut d, 180.0, &mut (-57..=84).step_by(3));
    side(&mut d, -180.0, &mut (-57..=84).rev().step_by(3));
    writeln!(svg, r##"<path class="sea" d="{d}Z" fill="#f1f5f8"/>"##)
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_knowledge::Knowledge;

    fn map<'k>(borders: &'k Borders<'k>) -> Map<'k> {
        Map {
            title: "World".into(),
            note: "Made up.".into(),
            borders,
            measure: "events".into(),
            scale: Scale::Counts,
            states: vec![],
            arcs: vec![],
            pins: vec![],
        }
    }

    fn knowledge() -> Knowledge {
        Knowledge::from_static(demarche_data::KNOWLEDGE).expect("the built-in tables")
    }

    #[test]
    fn the_projection_agrees_with_its_paper_and_keeps_areas() {
        let (x, y) = equal_earth(0.0, 180.0);
        assert!((x - 2.706_63).abs() < 1e-4 && y == 0.0, "{x}");
        assert!((equal_earth(90.0, 0.0).1 - 1.317_36).abs() < 1e-4);
        // A cell of a degree at the equator and one at 60 degrees north have the ratio of their areas on the globe.
        let area = |lat: f64| (equal_earth(lat + 0.5, 0.0).1 - equal_earth(lat - 0.5, 0.0).1) * equal_earth(lat, 1.0).0;
        let ratio = (60.5_f64.to_radians().sin() - 59.5_f64.to_radians().sin()) / (2.0 * 0.5_f64.to_radians().sin());
        assert!((area(60.0) / area(0.0) - ratio).abs() < 1e-3);
    }

    #[test]
    fn classes_have_round_bounds_that_rise() {
        assert_eq!(bounds(0.0), [1]);
        assert_eq!(bounds(3.0), [1, 2, 3]);
        assert_eq!(bounds(6.0), [1, 2, 3, 4, 5]);
        assert_eq!(bounds(1000.0), [1, 3, 15, 60, 250]);
        for most in [6.0, 7.0, 12.0, 99.0, 12_345.0, 4e9, f64::INFINITY] {
            let bounds = bounds(most);
            assert!(bounds.len() == 5 && bounds.windows(2).all(|pair| pair[0] < pair[1]), "{most}: {bounds:?}");
        }
        assert_eq!([0.0, 19.9, 20.0, 100.0].map(|value| class(Scale::Share, &[], value)), [1, 1, 2, 5]);
        let five = |value| class(Scale::Balance, &[], value);
        assert_eq!([five(-1.0), five(-0.3), five(0.0), five(0.2), five(1.0)], [1, 2, 3, 4, 5]);
        assert_eq!([0.0, 1.0, 3.0].map(|value| class(Scale::Counts, &[1, 2, 3], value)), [0, 3, 5]);
    }

    #[test]
    fn every_state_of_today_can_be_seen() {
        let knowledge = knowledge();
        let borders = knowledge.borders();
        let svg = map(&borders).svg();
        for state in &knowledge.tables().states {
            let drawn = svg.contains(&format!("data-state=\"{}\"", state.id));
            assert_eq!(drawn, state.interval.until.is_none(), "{}", state.id);
        }
        assert!(svg.len() < 150_000, "{} bytes", svg.len());
        assert!(!svg.contains("NaN") && svg.contains("role=\"img\""));
    }

    /// docs/disputed.md says whose these are; Natural Earth has some of them otherwise.
    #[test]
    fn disputed_land_lies_where_the_page_says() {
        let knowledge = knowledge();
        let borders = knowledge.borders();
        let within = |lat: f64, lon: f64| {
            let (x, y) = ((lon * 10.0), (lat * 10.0));
            let holds = |ring: &Vec<(i32, i32)>| {
                let next = ring.iter().cycle().skip(1);
                let crossed = ring.iter().zip(next).filter(|(a, b)| {
                    let (ax, ay, bx, by) = (f64::from(a.0), f64::from(a.1), f64::from(b.0), f64::from(b.1));
                    (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
                });
                crossed.count() % 2 == 1
            };
            borders.all.iter().find(|border| border.rings.iter().any(holds)).map(|border| border.state)
        };
        for (lat, lon, state) in [
            (45.2, 34.3, "UKR"),
            (9.7, 45.5, "SOM"),
            (25.0, -13.5, "ESH"),
            (33.1, 35.7, "SYR"),
            (42.5, 21.0, "XKX"),
            (23.8, 121.0, "TWN"),
            (55.7, 37.6, "RUS"),
            (46.6, 2.4, "FRA"),
        ] {
            assert_eq!(within(lat, lon), Some(state), "{lat} {lon}");
        }
    }

    #[test]
    fn ends_that_lie_nowhere_are_left_out() {
        let knowledge = knowledge();
        let borders = knowledge.borders();
        let arc = |from: &str, to: &str, conflict| Arc {
            from: from.into(),
            to: to.into(),
            balance: Balance { cooperation: 0, conflict },
            href: Some("/dyad/RUS-UKR".into()),
        };
        let mut map = map(&borders);
        map.arcs = vec![arc("RUS", "UKR", 9), arc("RUS", "ZZZ", 99), arc("RUS", "RUS", 99), arc("USA", "CHN", 0)];
        map.states = vec![Shaded { state: "SUN".into(), value: Some(f64::NAN), href: None }];
        map.pins = vec![Pin { lat: f64::NAN, lon: 0.0, label: "<x>".into(), events: 0, href: None }];
        let svg = map.svg();
        assert_eq!(svg.matches("class=\"halo\"").count(), 1);
        assert!(svg.contains("data-state=\"SUN\"") && !svg.contains("NaN") && !svg.contains("<x>"));
        assert!(map.in_words().contains("Russia and Ukraine: 9 events, mostly conflict"), "{}", map.in_words());
    }
}
