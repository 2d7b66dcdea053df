//! Words such as "on Monday" name a day only beside the day on which they were published; this module
//! puts the two together. The words are `demarche_text::timex`; the days are an [`Interval`].
//!
//! Weeks begin on Monday; seasons are those of the northern hemisphere, in whole months.

use demarche_core::{Basis, Interval, Precision};
use demarche_text::timex::{Anchor, Bound, FeastDay, Part, Season, Side, TimexKind, Toward, Unit};
use jiff::civil::Date;

/// The days that a time expression names, how fine that is and how it is known.
///
/// `past` is the tense of the words around it: `Some(true)` for past, `Some(false)` for future.
/// `None` where the words name no days (a duration) or need something that is not given.
pub fn resolve(kind: &TimexKind, published: Option<Date>, past: Option<bool>) -> Option<(Interval, Precision, Basis)> {
    resolve_from(kind, published, past, None)
}

/// The same where the text has given a time before: "two days later" counts from `anchor`.
pub fn resolve_from(
    kind: &TimexKind,
    published: Option<Date>,
    past: Option<bool>,
    anchor: Option<Interval>,
) -> Option<(Interval, Precision, Basis)> {
    Teller { published, anchor, ..Teller::default() }.resolve(kind, past)
}

/// Reads the times of a text in their order and remembers what the later ones count from.
///
/// "Two days later" counts from the time before it. A month or day without a year takes the year that its sentence
/// has given before; in a text that tells of the past (its last stated years all lie before that of publication and
/// the one before it), the year that the text gave last.
#[derive(Debug, Clone, Copy, Default)]
pub struct Teller {
    published: Option<Date>,
    anchor: Option<Interval>,
    /// What bare months and days are seen from, instead of publication.
    year: Option<Interval>,
    /// How many stated years in a row lie well before publication.
    old: u8,
}

/// So many old years in a row make a text one that tells of the past.
const OLD_YEARS: u8 = 3;

impl Teller {
    /// At the start of a text published on a day.
    pub fn new(published: Option<Date>) -> Teller {
        Teller { published, ..Teller::default() }
    }

    /// A new sentence begins: a year given in the one before holds on in a text that tells of the past only.
    pub fn sentence(&mut self) {
        if self.old < OLD_YEARS {
            self.year = None;
        }
    }

    /// The next time of the text; `past` as in [`resolve`].
    pub fn next(&mut self, kind: &TimexKind, past: Option<bool>) -> Option<(Interval, Precision, Basis)> {
        let resolved = self.resolve(kind, past)?;
        let days = resolved.0;
        if days.from.is_some() && days.until.is_some() {
            self.anchor = Some(days);
        }
        if let (Basis::Stated, (Some(from), Some(until))) = (resolved.2, (days.from, days.until)) {
            let single = until.yesterday().is_ok_and(|last| last.year() == from.year());
            let old = self.published.is_some_and(|p| from.year() < p.year() - 1);
            self.old = if old { self.old.saturating_add(1) } else { 0 };
            let away = self.published.is_none_or(|p| from.year() != p.year());
            self.year = (single && away).then_some(days);
        }
        Some(resolved)
    }

    /// The days of a time at this place of the text, remembering nothing.
    pub fn resolve(&self, kind: &TimexKind, past: Option<bool>) -> Option<(Interval, Precision, Basis)> {
        let view = View { published: self.published, past, anchor: self.anchor };
        let told = self.year.and_then(|days| days.from).filter(|_| yearless(kind) && past != Some(false));
        let days = match told {
            Some(from) => View { published: Some(from), past: Some(false), ..view }.days(kind)?,
            None => view.days(kind)?,
        };
        let basis = if absolute(kind) { Basis::Stated } else { Basis::Relative };
        (days.from.is_some() || days.until.is_some()).then_some((
            Interval { from: days.from, until: days.until },
            days.precision,
            basis,
        ))
    }
}

/// Whether a time lacks nothing but its year.
fn yearless(kind: &TimexKind) -> bool {
    match kind {
        TimexKind::Date { year, .. } => year.is_none(),
        TimexKind::Month { year, toward, .. }
        | TimexKind::Season { year, toward, .. }
        | TimexKind::Feast { year, toward, .. } => year.is_none() && *toward == Toward::Unmarked,
        TimexKind::Part { of, .. } | TimexKind::Bound { of, .. } => yearless(of),
        TimexKind::Range { from, until } => yearless(from) && yearless(until),
        _ => false,
    }
}

/// Whether the words give the days by themselves.
fn absolute(kind: &TimexKind) -> bool {
    match kind {
        TimexKind::Date { year, .. }
        | TimexKind::Month { year, .. }
        | TimexKind::Season { year, .. }
        | TimexKind::Feast { year, .. } => year.is_some(),
        TimexKind::Year(_) | TimexKind::Decade(_) | TimexKind::Century(_) => true,
        TimexKind::Part { of, .. } | TimexKind::Bound { of, .. } => absolute(of),
        TimexKind::Fraction { of, .. } => of.as_ref().is_some_and(|of| absolute(of)),
        TimexKind::Range { from, until } => absolute(from) && absolute(until),
        _ => false,
    }
}

#[derive(Debug, Clone, Copy)]
struct Days {
    from: Option<Date>,
    until: Option<Date>,
    precision: Precision,
}

/// From where the words are looked at.
#[derive(Clone, Copy)]
struct View {
    published: Option<Date>,
    past: Option<bool>,
    anchor: Option<Interval>,
}

impl View {
    fn days(self, kind: &TimexKind) -> Option<Days> {
        match *kind {
            TimexKind::Date { year: Some(year), month, day } => one(Date::new(year, month, day).ok()?),
            TimexKind::Date { year: None, month, day } => {
                // A report may be dated a day before what it tells, on the other side of the globe.
                let slack = if self.past == Some(true) { 1 } else { 0 };
                let view = View { published: shift(self.published?, Unit::Day, slack), ..self };
                view.pick(
                    Toward::Unmarked,
                    Unit::Year,
                    view.years(4)?.filter_map(|y| one(Date::new(y, month, day).ok()?)),
                )
            }
            TimexKind::Month { year: Some(year), month, .. } => period(Unit::Month, Date::new(year, month, 1).ok()?),
            TimexKind::Month { year: None, month, toward } => {
                let months = self.years(1)?.filter_map(|y| period(Unit::Month, Date::new(y, month, 1).ok()?));
                self.pick(toward, Unit::Year, months)
            }
            TimexKind::Year(year) => period(Unit::Year, Date::new(year, 1, 1).ok()?),
            TimexKind::Decade(year) => period(Unit::Decade, Date::new(year, 1, 1).ok()?),
            TimexKind::Century(n) => period(Unit::Century, Date::new(n.checked_mul(100)?.checked_sub(50)?, 1, 1).ok()?),
            TimexKind::Feast { day, year: Some(year), .. } => feast(day, year),
            TimexKind::Feast { day, year: None, toward } => {
                self.pick(toward, Unit::Year, self.years(2)?.filter_map(|y| feast(day, y)))
            }
            TimexKind::Within { ref time, ref of } => {
                let whole = self.days(of)?;
                View { published: whole.from, past: Some(false), ..self }.days(time)
            }
            TimexKind::Told(ref time) => self.told(time),
            TimexKind::Weekday { weekday, toward, of: None } => {
                let week = period(Unit::Week, self.published?)?.from?;
                let days = (-2..=2).filter_map(|w| one(shift(week, Unit::Day, w * 7 + i32::from(weekday) - 1)?));
                // A report speaks of the week behind it unless it says otherwise.
                let past = if toward == Toward::Unmarked { self.past.or(Some(true)) } else { self.past };
                View { past, ..self }.pick(toward, Unit::Week, days)
            }
            TimexKind::Weekday { weekday, of: Some(ref week), .. } => {
                one(shift(self.days(week)?.from?, Unit::Day, i32::from(weekday) - 1)?)
            }
            TimexKind::Day(days) => one(shift(self.published?, Unit::Day, days)?),
            TimexKind::Now => one(self.published?),
            TimexKind::Offset { count: Some(count), unit, side, ref anchor } => self.offset(count, unit, side, anchor),
            TimexKind::Offset { count: None, unit, side, ref anchor } => self.vague(unit, side, anchor),
            TimexKind::Period { unit: Unit::Weekend, toward } => {
                let week = period(Unit::Week, self.published?)?.from?;
                let ends = (-2..=2).filter_map(|w| period(Unit::Weekend, shift(week, Unit::Week, w)?));
                match (toward, self.past) {
                    // On a Monday nobody speaks of the days ahead so.
                    (Toward::This, None) if self.published?.weekday() == jiff::civil::Weekday::Monday => {
                        View { past: Some(true), ..self }.pick(Toward::Unmarked, Unit::Week, ends)
                    }
                    (Toward::This, Some(_)) | (Toward::Unmarked, _) => {
                        View { past: self.past.or(Some(true)), ..self }.pick(Toward::Unmarked, Unit::Week, ends)
                    }
                    _ => self.pick(toward, Unit::Week, ends),
                }
            }
            TimexKind::Period { unit, toward } => {
                let steps = match toward {
                    Toward::Last => -1,
                    Toward::Next => 1,
                    Toward::This | Toward::Unmarked => 0,
                };
                // From the first day of the present one, so that no month is too short to step from.
                period(unit, shift(period(unit, self.published?)?.from?, unit, steps)?)
            }
            // "in recent years", "the coming weeks": one end is known.
            TimexKind::Stretch { count: None, unit, toward } => {
                let today = one(self.published?)?;
                let precision = period(unit, self.published?)?.precision;
                Some(match toward {
                    Toward::Next => Days { until: None, precision, ..today },
                    _ => Days { from: None, precision, ..today },
                })
            }
            TimexKind::Stretch { count: Some(count), unit, toward } => {
                let today = self.published?;
                let precision = period(unit, today)?.precision;
                let (from, last) = match toward {
                    Toward::Next => (today, shift(today, unit, count)?),
                    _ => (shift(today, unit, count.checked_neg()?)?, today),
                };
                Some(Days { from: Some(from), until: last.tomorrow().ok(), precision })
            }
            TimexKind::Season { season, year: Some(year), .. } => season_of(season, year),
            TimexKind::Season { season, year: None, toward } => {
                self.pick(toward, Unit::Year, self.years(2)?.filter_map(|y| season_of(season, y)))
            }
            TimexKind::Fraction { number, per_year, ref of } => {
                let whole = of.as_ref().map(|of| self.days(of));
                if let Some(Some(Days { from: Some(from), precision: Precision::Decade | Precision::Unknown, until })) =
                    whole
                {
                    // "the second half of the 19th century"
                    let years = from.until((jiff::Unit::Year, until?)).ok()?.get_years();
                    let each = i32::from(years) / i32::from(per_year.max(1));
                    let from = shift(from, Unit::Year, each * (i32::from(number) - 1))?;
                    let until = shift(from, Unit::Year, each)?;
                    return Some(Days { from: Some(from), until: Some(until), precision: Precision::Decade });
                }
                let within = match whole {
                    Some(whole) => whole?.from?,
                    None => self.published?,
                };
                let months = 12 / i32::from(per_year.clamp(1, 12));
                let from = shift(within.first_of_year(), Unit::Month, months * (i32::from(number) - 1))?;
                Some(Days { from: Some(from), until: shift(from, Unit::Month, months), precision: Precision::Quarter })
            }
            TimexKind::Part { part, ref of } => self.part(part, self.days(of)?),
            TimexKind::Bound { bound, ref of } => {
                // What is still to be kept lies ahead unless the tense says otherwise.
                let ahead = matches!(bound, Bound::By | Bound::Until);
                let Days { from, until, precision } =
                    View { past: self.past.or(ahead.then_some(false)), ..self }.days(of)?;
                let (from, until) = match bound {
                    Bound::Since => (from, None),
                    Bound::After => (until, None),
                    Bound::Until | Bound::By => (None, until),
                    Bound::Before => (None, from),
                };
                Some(Days { from, until, precision })
            }
            TimexKind::Range { ref from, ref until } => {
                let first = self.days(from)?;
                let mut last = self.days(until)?;
                if last.until <= first.from {
                    last = View { published: first.from, past: Some(false), ..self }.days(until)?;
                }
                let precision = first.precision.max(last.precision);
                (first.from < last.until || last.until.is_none()).then_some(Days {
                    from: first.from,
                    until: last.until,
                    precision,
                })
            }
            _ => None,
        }
    }

    /// The years around publication.
    fn years(self, around: i16) -> Option<impl Iterator<Item = i16>> {
        let year = self.published?.year();
        Some(year.saturating_sub(around)..=year.saturating_add(around))
    }

    /// Which of several like times is meant; they come in order. `home` is what "this" looks around in.
    fn pick(self, toward: Toward, home: Unit, like: impl Iterator<Item = Days>) -> Option<Days> {
        let today = self.published?;
        let mut like = like.filter_map(|d| Some((d, d.from?, d.until?)));
        let chosen = match (toward, self.past) {
            (Toward::Last, _) => like.take_while(|&(_, _, until)| until <= today).last(),
            (Toward::Next, _) => like.find(|&(_, from, _)| from > today),
            (Toward::This, _) => {
                let home = period(home, today)?;
                like.find(|&(_, from, _)| home.from <= Some(from) && Some(from) < home.until)
            }
            (Toward::Unmarked, Some(true)) => like.take_while(|&(_, from, _)| from <= today).last(),
            (Toward::Unmarked, Some(false)) => like.find(|&(_, _, until)| until > today),
            (Toward::Unmarked, None) => like.min_by_key(|&(_, from, until)| {
                let days = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |s| s.get_days());
                if until <= today { days(until, today) } else { days(today, from).max(0) }
            }),
        };
        chosen.map(|(days, _, _)| days)
    }

    /// What an offset counts from.
    fn base(self, side: Side, anchor: &Anchor) -> Option<Days> {
        match anchor {
            Anchor::Publication if side == Side::In && self.past == Some(true) => None,
            Anchor::Publication => one(self.published?),
            Anchor::Time(kind) => self.days(kind),
            // When the parade is, another must say.
            Anchor::Words => None,
            Anchor::Text => {
                let Interval { from, until } = self.anchor?;
                let day = from.and_then(|f| f.tomorrow().ok()) == until;
                Some(Days { from, until, precision: if day { Precision::Day } else { Precision::Unknown } })
            }
        }
    }

    fn offset(self, count: i32, unit: Unit, side: Side, anchor: &Anchor) -> Option<Days> {
        let base = self.base(side, anchor)?;
        // A decade ago is ten years ago.
        let (count, unit) = if unit == Unit::Decade { (count.checked_mul(10)?, Unit::Year) } else { (count, unit) };
        let (start, steps) = match side {
            Side::Before => (base.from?, count.checked_neg()?),
            Side::After | Side::In => (base.until?.yesterday().ok()?, count),
        };
        // "The same day" says nothing where a year was told.
        if *anchor == Anchor::Text && finer(unit, base) {
            return None;
        }
        let day = shift(start, unit, steps)?;
        let exact = unit <= Unit::Fortnight && base.precision <= Precision::Day;
        // "two weeks ago" is loose, "two weeks after Sept. 2" is not.
        if exact && (unit <= Unit::Day || !matches!(anchor, Anchor::Publication)) && count != 0 {
            one(day)
        } else {
            period(unit, day)
        }
    }

    /// "Several years ago", "a few days later": the near end is all that is known.
    fn vague(self, unit: Unit, side: Side, anchor: &Anchor) -> Option<Days> {
        let base = self.base(side, anchor)?;
        let precision = period(unit, base.from.or(base.until)?)?.precision;
        Some(match side {
            Side::Before => Days { from: None, until: base.until, precision },
            Side::After | Side::In => Days { from: base.from, until: None, precision },
        })
    }

    /// "That Tuesday", "the following March", "the previous spring", as seen from the time told before.
    fn told(self, time: &TimexKind) -> Option<Days> {
        let Interval { from: Some(from), until: Some(until) } = self.anchor? else { return None };
        let toward = match time {
            TimexKind::Weekday { toward, .. }
            | TimexKind::Month { toward, .. }
            | TimexKind::Season { toward, .. }
            | TimexKind::Feast { toward, .. } => *toward,
            _ => Toward::This,
        };
        let base = Days { from: Some(from), until: Some(until), precision: Precision::Unknown };
        if matches!(time, TimexKind::Weekday { .. }) && finer(Unit::Week, base) {
            return None;
        }
        let seen = if toward == Toward::Next { until.yesterday().ok()? } else { from };
        View { published: Some(seen), past: None, ..self }.days(time)
    }

    fn part(self, part: Part, whole: Days) -> Option<Days> {
        let (from, until) = (whole.from?, whole.until?);
        let (first, second) = match whole.precision {
            Precision::Year => (shift(from, Unit::Month, 4)?, shift(from, Unit::Month, 8)?),
            Precision::Decade => (shift(from, Unit::Year, 4)?, shift(from, Unit::Year, 7)?),
            _ => {
                let third = from.until(until).ok()?.get_days() / 3;
                (shift(from, Unit::Day, third)?, shift(from, Unit::Day, 2 * third)?)
            }
        };
        let today = self.published.filter(|&p| from <= p && p < until);
        let (from, until) = match part {
            Part::Early => (from, first),
            Part::Mid => (first, second),
            Part::Late => (second, until),
            Part::Earlier => (from, today.and_then(|t| t.tomorrow().ok()).unwrap_or(until)),
            Part::Later => (today.unwrap_or(from), until),
        };
        Some(Days { from: Some(from), until: Some(until), precision: whole.precision })
    }
}

/// Whether a unit is too fine to count from days as loose as these.
fn finer(unit: Unit, base: Days) -> bool {
    let (Some(from), Some(until)) = (base.from, base.until) else { return true };
    let days = from.until(until).map_or(i32::MAX, |span| span.get_days());
    match unit {
        Unit::Minute | Unit::Hour | Unit::Daypart | Unit::Day | Unit::Weekend | Unit::Week | Unit::Fortnight => {
            days > 10
        }
        Unit::Month | Unit::Quarter => days > 100,
        Unit::Year => days > 1500,
        Unit::Decade | Unit::Century => false,
    }
}

/// The day of a feast in a year.
fn feast(day: FeastDay, year: i16) -> Option<Days> {
    let date = match day {
        FeastDay::Fixed(month, day) => Date::new(year, month, day).ok()?,
        FeastDay::Easter(days) => shift(easter(year)?, Unit::Day, days.into())?,
        FeastDay::Nth(month, weekday, nth) => {
            let weekday = jiff::civil::Weekday::from_monday_one_offset(weekday).ok()?;
            Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?
        }
    };
    one(date)
}

/// Easter Sunday of the Gregorian calendar, by the Meeus/Jones/Butcher algorithm (Butcher 1876).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15).rem_euclid(30);
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

fn one(day: Date) -> Option<Days> {
    Some(Days { from: Some(day), until: Some(day.tomorrow().ok()?), precision: Precision::Day })
}

/// A day so many units away.
fn shift(day: Date, unit: Unit, count: i32) -> Option<Date> {
    let span = jiff::Span::new();
    let months = |each: i32| span.try_months(count.checked_mul(each)?).ok();
    let days = |each: i32| span.try_days(count.checked_mul(each)?).ok();
    let span = match unit {
        Unit::Minute => span.try_days(count / (24 * 60)).ok(),
        Unit::Hour => span.try_days(count / 24).ok(),
        Unit::Daypart | Unit::Day => days(1),
        Unit::Weekend | Unit::Week => days(7),
        Unit::Fortnight => days(14),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
        Unit::Decade => months(120),
        Unit::Century => months(1200),
    };
    day.checked_add(span?).ok()
}

/// The week, month, year … that a day lies in.
fn period(unit: Unit, day: Date) -> Option<Days> {
    let year = |step: i16| Date::new(day.year().div_euclid(step) * step, 1, 1).ok();
    let monday = shift(day, Unit::Day, -i32::from(day.weekday().to_monday_zero_offset()))?;
    let (from, until, precision) = match unit {
        Unit::Minute | Unit::Hour | Unit::Daypart | Unit::Day => return one(day),
        Unit::Weekend => (shift(monday, Unit::Day, 5)?, shift(monday, Unit::Week, 1)?, Precision::Day),
        Unit::Week => (monday, shift(monday, Unit::Week, 1)?, Precision::Week),
        Unit::Fortnight => (monday, shift(monday, Unit::Week, 2)?, Precision::Week),
        Unit::Month => (day.first_of_month(), shift(day.first_of_month(), Unit::Month, 1)?, Precision::Month),
        Unit::Quarter => {
            let from = Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?;
            (from, shift(from, Unit::Quarter, 1)?, Precision::Quarter)
        }
        Unit::Year => (day.first_of_year(), shift(day.first_of_year(), Unit::Year, 1)?, Precision::Year),
        Unit::Decade => (year(10)?, shift(year(10)?, Unit::Decade, 1)?, Precision::Decade),
        // The 19th century is the 1800s, as newspapers count. There is no year 0: the 7th before Christ is 700 to 601 BC,
        // which ISO 8601 numbers -699 to -600.
        Unit::Century if day.year() <= 0 => {
            let from = Date::new((day.year() - 1).div_euclid(100) * 100 + 1, 1, 1).ok()?;
            (from, shift(from, Unit::Century, 1)?, Precision::Unknown)
        }
        Unit::Century => (year(100)?, shift(year(100)?, Unit::Century, 1)?, Precision::Unknown),
    };
    Some(Days { from: Some(from), until: Some(until), precision })
}

/// The three months of a season; a winter is counted in the year in which it begins.
fn season_of(season: Season, year: i16) -> Option<Days> {
    let month = match season {
        Season::Spring => 3,
        Season::Summer => 6,
        Season::Autumn => 9,
        Season::Winter => 12,
    };
    let from = Date::new(year, month, 1).ok()?;
    Some(Days { from: Some(from), until: shift(from, Unit::Month, 3), precision: Precision::Quarter })
}
