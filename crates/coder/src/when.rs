//! Words such as "on Monday" name a day only beside the day on which they were published; this module
//! puts the two together. The words are `demarche_text::timex`; the days are an [`Interval`].
//!
//! Weeks begin on Monday; seasons are those of the northern hemisphere, in whole months.

use demarche_core::{Basis, Interval, Precision};
use demarche_text::timex::{Anchor, Bound, Part, Season, Side, TimexKind, Toward, Unit};
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
    let view = View { published, past, anchor };
    let days = view.days(kind)?;
    let basis = if absolute(kind) { Basis::Stated } else { Basis::Relative };
    (days.from.is_some() || days.until.is_some()).then_some((
        Interval { from: days.from, until: days.until },
        days.precision,
        basis,
    ))
}

/// Whether the words give the days by themselves.
fn absolute(kind: &TimexKind) -> bool {
    match kind {
        TimexKind::Date { year, .. } | TimexKind::Month { year, .. } | TimexKind::Season { year, .. } => year.is_some(),
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
            TimexKind::Offset { count, unit, side, ref anchor } => self.offset(count?, unit, side, anchor),
            TimexKind::Period { unit: Unit::Weekend, toward } => {
                let week = period(Unit::Week, self.published?)?.from?;
                let ends = (-2..=2).filter_map(|w| period(Unit::Weekend, shift(week, Unit::Week, w)?));
                match (toward, self.past) {
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
            TimexKind::Stretch { count, unit, toward } => {
                let (today, count) = (self.published?, count?);
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
                let within = match of {
                    Some(of) => self.days(of)?.from?,
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

    fn offset(self, count: i32, unit: Unit, side: Side, anchor: &Anchor) -> Option<Days> {
        let base = match anchor {
            Anchor::Publication if side == Side::In && self.past == Some(true) => return None,
            Anchor::Publication => one(self.published?)?,
            Anchor::Time(kind) => self.days(kind)?,
            Anchor::Text | Anchor::Words => {
                let Interval { from, until } = self.anchor?;
                let day = from.and_then(|f| f.tomorrow().ok()) == until;
                Days { from, until, precision: if day { Precision::Day } else { Precision::Unknown } }
            }
        };
        let (start, steps) = match side {
            Side::Before => (base.from?, count.checked_neg()?),
            Side::After | Side::In => (base.until?.yesterday().ok()?, count),
        };
        let day = shift(start, unit, steps)?;
        let exact = unit <= Unit::Fortnight && base.precision <= Precision::Day;
        // "two weeks ago" is loose, "two weeks after Sept. 2" is not.
        if exact && (unit <= Unit::Day || !matches!(anchor, Anchor::Publication)) && count != 0 {
            one(day)
        } else {
            period(unit, day)
        }
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
        // The 19th century is the 1800s, as newspapers count.
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
