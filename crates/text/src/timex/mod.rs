//! A date in the news is rarely written out: "on Monday", "come November", "two weeks ago", "the day before".
//! This module finds such words and says what kind of time they name; which days that is depends on the day of
//! publication, which the coder knows and this crate does not ask.
//!
//! [`find`] is a scanner of its own over raw text: it needs no parse, takes time linear in the text,
//! looks ahead a bounded number of words and never fails.

mod grammar;
mod words;

pub use words::{FeastDay, Season, TimeTables, TimeWords, Unit};

use demarche_core::Span;
use serde::{Deserialize, Serialize};

/// A time expression and what kind of time it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timex {
    /// Its words, without a preposition before them.
    pub span: Span,
    /// What they name.
    pub kind: TimexKind,
}

/// Which of several like times is meant: "last", "this" or "next" Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Toward {
    /// Nothing says so: the tense decides.
    Unmarked,
    /// The one before ("last", "past").
    Last,
    /// The present one.
    This,
    /// The one after ("next", "coming", "come November").
    Next,
}

/// On which side of its anchor an offset lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// "ago", "earlier", "before".
    Before,
    /// "later", "after", "from now".
    After,
    /// "in two weeks": ahead with a future verb, a duration with a past one.
    In,
}

/// What an offset counts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// The day of publication ("two days ago").
    Publication,
    /// A time that the text gave before ("two days later", "the following month").
    Text,
    /// Words after the expression that name no time themselves ("one day before the parade").
    Words,
    /// A time of its own ("two days after Sept. 2").
    Time(Box<TimexKind>),
}

/// Which part of a longer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// "early 2022", "the start of the year".
    Early,
    /// "mid-June", "the middle of the week".
    Mid,
    /// "late last year", "the end of May".
    Late,
    /// "earlier this week": up to publication.
    Earlier,
    /// "later this year": from publication on.
    Later,
}

/// A side that is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bound {
    /// "since May": from its first day on.
    Since,
    /// "until May": up to its last day.
    Until,
    /// "by May": up to its last day.
    By,
    /// "before May": up to the day before it.
    Before,
    /// "after May": from the day after it.
    After,
}

/// What kind of time the words name; fields hold what is written and no more.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimexKind {
    /// A day of a month, of a year if one is written.
    Date {
        /// The year as written.
        year: Option<i16>,
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// A month, of a year if one is written.
    Month {
        /// The year as written.
        year: Option<i16>,
        /// 1 to 12.
        month: i8,
        /// Which of them.
        toward: Toward,
    },
    /// A year; 0 is 1 BC, -1 is 2 BC.
    Year(i16),
    /// Ten years, by the first.
    Decade(i16),
    /// A hundred years, by its number ("the 19th century" is 19, the 1st BC is 0).
    Century(i16),
    /// A day of the week.
    Weekday {
        /// 1 (Monday) to 7.
        weekday: i8,
        /// Which of them.
        toward: Toward,
        /// The week that it belongs to, if said ("Monday of last week").
        of: Option<Box<TimexKind>>,
    },
    /// A day counted from publication: "yesterday" is -1.
    Day(i32),
    /// "now".
    Now,
    /// A time of day in 24 hours, as far as written: it names no day.
    Clock {
        /// 0 to 24.
        hour: i8,
        /// 0 to 59.
        minute: i8,
    },
    /// A named day of the year ("Christmas"), of a year if one is written.
    Feast {
        /// Which day.
        day: FeastDay,
        /// The year as written.
        year: Option<i16>,
        /// Which of them.
        toward: Toward,
    },
    /// A time as seen from one that the text gave before: "that Tuesday", "the following March".
    Told(Box<TimexKind>),
    /// A time inside a longer one: "March of the same year", "August last year".
    Within {
        /// The shorter.
        time: Box<TimexKind>,
        /// The longer.
        of: Box<TimexKind>,
    },
    /// So many units from an anchor; `None` is "several".
    Offset {
        /// How many.
        count: Option<i32>,
        /// Of what.
        unit: Unit,
        /// To which side.
        side: Side,
        /// From where.
        anchor: Anchor,
    },
    /// "last week", "this year".
    Period {
        /// Of what length.
        unit: Unit,
        /// Which of them.
        toward: Toward,
    },
    /// A stretch that ends or begins at publication: "the past three days"; `None` is "recent".
    Stretch {
        /// How many.
        count: Option<i32>,
        /// Of what.
        unit: Unit,
        /// `Last` or `Next`.
        toward: Toward,
    },
    /// A season, of a year if one is written.
    Season {
        /// Which season.
        season: Season,
        /// The year as written.
        year: Option<i16>,
        /// Which of them.
        toward: Toward,
    },
    /// A quarter or half of a year.
    Fraction {
        /// From 1.
        number: i8,
        /// How many of them make a year: 4 or 2.
        per_year: i8,
        /// The year, if said.
        of: Option<Box<TimexKind>>,
    },
    /// A part of a longer time.
    Part {
        /// Which part.
        part: Part,
        /// Of what.
        of: Box<TimexKind>,
    },
    /// A time that bounds another.
    Bound {
        /// How.
        bound: Bound,
        /// The time.
        of: Box<TimexKind>,
    },
    /// From one time to another, both included.
    Range {
        /// The first.
        from: Box<TimexKind>,
        /// The last.
        until: Box<TimexKind>,
    },
    /// A yearly day of remembrance ("the 80th anniversary"): it dates nothing by itself.
    Anniversary {
        /// Which, where it is numbered.
        number: Option<i32>,
    },
    /// How long, not when ("for three days", "a two-week visit").
    Duration {
        /// How many; `None` is "several".
        count: Option<i32>,
        /// Of what.
        unit: Unit,
    },
}

/// The time expressions of a text, in order, none inside another.
pub fn find(text: &str, words: &TimeWords) -> Vec<Timex> {
    grammar::Scanner::new(text, words).run()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn kinds(text: &str) -> Vec<TimexKind> {
        find(text, &Language::for_tests().time).into_iter().map(|t| t.kind).collect()
    }

    #[test]
    fn words_of_other_matters_are_none() {
        for text in [
            "He may march",
            "Resolution 1701",
            "2,000 people",
            "AK-47",
            "an 80-year-old",
            "the fall of Kabul",
            "Sun newspaper",
            "the second man",
            "in one go",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn spans_leave_prepositions_out() {
        let text = "It has held since May 2025, and from Monday to Wednesday too.";
        let found: Vec<&str> = find(text, &Language::for_tests().time).iter().map(|t| &text[t.span.range()]).collect();
        assert_eq!(found, ["May 2025", "Monday to Wednesday"]);
    }

    #[test]
    fn offsets_keep_their_anchor() {
        let [TimexKind::Offset { anchor, .. }] = &kinds("one day before a parade")[..] else { panic!() };
        assert_eq!(*anchor, Anchor::Words);
        let [TimexKind::Offset { anchor, .. }] = &kinds("Two years later, it fell")[..] else { panic!() };
        assert_eq!(*anchor, Anchor::Text);
    }

    /// Texts of every kind of word in any order: spans are sound, in order and apart.
    #[test]
    fn any_text_is_read() {
        let words = Language::for_tests().time;
        let parts = [
            "the",
            "last",
            "next",
            "early",
            "late",
            "of",
            "two",
            "days",
            "before",
            "after",
            "Monday",
            "May",
            "2",
            "2025",
            "-",
            "–",
            ",",
            ".",
            "'",
            "’s",
            "s",
            "and",
            "a",
            "half",
            "from",
            "to",
            "since",
            "\n\n",
            " ",
            "é",
            "北京",
            "\u{300}",
            "1,000",
            "99999999999999999999",
            "Q",
            "3",
            "quarter",
            "eve",
            "come",
            "week",
            "/",
            ":",
            "1990s",
            "0",
            "th",
            "ago",
            "this",
            "between",
            "anniversary",
            "1.5",
        ];
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize
        };
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..next() % 40 {
                text.push_str(parts[next() % parts.len()]);
                if next() % 3 > 0 {
                    text.push(' ');
                }
            }
            let mut end = 0;
            for timex in find(&text, &words) {
                assert!(timex.span.start >= end && timex.span.end > timex.span.start, "{text:?}");
                assert!(text.get(timex.span.range()).is_some(), "{text:?}");
                end = timex.span.end;
            }
        }
    }

    /// A long chain of nested words takes time in proportion to its length.
    #[test]
    fn nesting_is_cut() {
        let words = Language::for_tests().time;
        for part in ["two days before ", "early ", "the end of ", "from Monday to ", "the last ", "Monday, the "] {
            find(&part.repeat(50_000), &words);
        }
    }
}
