//! The words that time expressions are made of. They are data (`data/language/time-words.toml`);
//! this file fixes the shape of the table and turns it into one look-up per word.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A length of time that has a name.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Minute,
    Hour,
    /// Morning, evening, night.
    Daypart,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// A season, as the northern hemisphere counts it.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// When in the year a named day falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeastDay {
    /// The same month and day each year.
    Fixed(i8, i8),
    /// So many days after the Western Easter Sunday.
    Easter(i8),
    /// Of a month, on a weekday (1 is Monday), the how-manieth.
    Nth(i8, i8, i8),
}

/// A named day of the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feast {
    /// Lower case, with a straight apostrophe.
    name: String,
    on: FeastDay,
}

/// What a small word does in a time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cue {
    A,
    About,
    Ad,
    After,
    Ago,
    Am,
    And,
    Anniversary,
    Before,
    Begin,
    Between,
    By,
    Clock,
    Come,
    Coming,
    Dozen,
    Early,
    Earlier,
    End,
    Era,
    Eve,
    Few,
    Fiscal,
    Following,
    For,
    From,
    Half,
    Heads,
    In,
    Last,
    Late,
    Later,
    Mid,
    Middle,
    Next,
    Numbered,
    Of,
    Old,
    On,
    Past,
    Pm,
    Previous,
    Recent,
    Same,
    Since,
    The,
    This,
    Time,
    To,
    Until,
    Zone,
}

/// The tables as `time-words.toml` writes them: lower-case words throughout.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeTables {
    /// Twelve lists: the names and abbreviations of each month.
    pub months: Vec<Vec<String>>,
    /// Seven lists, from Monday.
    pub weekdays: Vec<Vec<String>>,
    /// Words for each length of time.
    pub units: BTreeMap<Unit, Vec<String>>,
    /// Words for each season.
    pub seasons: BTreeMap<Season, Vec<String>>,
    /// Cardinal numbers in words.
    pub numbers: BTreeMap<String, i32>,
    /// Ordinal numbers in words.
    pub ordinals: BTreeMap<String, i32>,
    /// Days counted from the day of publication.
    pub days: BTreeMap<String, i8>,
    /// Words for the present.
    pub now: Vec<String>,
    /// Names of hours, in 24.
    pub clock: BTreeMap<String, i8>,
    /// Named days of the year.
    feasts: Vec<Feast>,
    /// Decades in words, by their first year.
    pub decades: BTreeMap<String, i16>,
    /// Names of months, days and seasons that are more often something else: they count only beside a number or a cue.
    pub unsure: Vec<String>,
    /// Small words by what they do; see the comments in the file.
    cues: BTreeMap<Cue, Vec<String>>,
}

/// All that one word may be.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Word {
    pub(super) month: Option<i8>,
    pub(super) weekday: Option<i8>,
    pub(super) unit: Option<Unit>,
    pub(super) season: Option<Season>,
    pub(super) number: Option<i32>,
    pub(super) ordinal: Option<i32>,
    pub(super) day: Option<i8>,
    pub(super) decade: Option<i16>,
    pub(super) hour: Option<i8>,
    /// Begins the name of a feast.
    pub(super) feast: bool,
    pub(super) cue: Option<Cue>,
    pub(super) now: bool,
    pub(super) unsure: bool,
}

/// The time words of a language, ready for look-up; reads and writes as [`TimeTables`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "TimeTables", into = "TimeTables")]
pub struct TimeWords {
    tables: TimeTables,
    index: HashMap<String, u16>,
    words: Vec<Word>,
    longest: usize,
}

impl From<TimeWords> for TimeTables {
    fn from(words: TimeWords) -> TimeTables {
        words.tables
    }
}

impl From<TimeTables> for TimeWords {
    fn from(tables: TimeTables) -> TimeWords {
        // Word 0 stands for every word that is not in the tables.
        let mut all = TimeWords { words: vec![Word::default()], ..TimeWords::default() };
        for (names, n) in tables.months.iter().zip(1..) {
            names.iter().for_each(|w| all.word(w).month = Some(n));
        }
        for (names, n) in tables.weekdays.iter().zip(1..) {
            names.iter().for_each(|w| all.word(w).weekday = Some(n));
        }
        for (&unit, names) in &tables.units {
            names.iter().for_each(|w| all.word(w).unit = Some(unit));
        }
        for (&season, names) in &tables.seasons {
            names.iter().for_each(|w| all.word(w).season = Some(season));
        }
        for (&cue, names) in &tables.cues {
            names.iter().for_each(|w| all.word(w).cue = Some(cue));
        }
        tables.numbers.iter().for_each(|(w, &n)| all.word(w).number = Some(n));
        tables.ordinals.iter().for_each(|(w, &n)| all.word(w).ordinal = Some(n));
        tables.days.iter().for_each(|(w, &n)| all.word(w).day = Some(n));
        tables.decades.iter().for_each(|(w, &n)| all.word(w).decade = Some(n));
        tables.clock.iter().for_each(|(w, &n)| all.word(w).hour = Some(n));
        for feast in &tables.feasts {
            let first = feast.name.split([' ', '\'']).next().unwrap_or_default();
            all.word(first).feast = true;
        }
        tables.now.iter().for_each(|w| all.word(w).now = true);
        tables.unsure.iter().for_each(|w| all.word(w).unsure = true);
        all.tables = tables;
        all
    }
}

impl TimeWords {
    fn word(&mut self, text: &str) -> &mut Word {
        self.longest = self.longest.max(text.len());
        let next = self.words.len().min(usize::from(u16::MAX)) as u16;
        let ix = usize::from(*self.index.entry(text.to_lowercase()).or_insert(next));
        if ix >= self.words.len() {
            self.words.push(Word::default());
        }
        let last = self.words.len() - 1;
        &mut self.words[ix.min(last)]
    }
    /// The number of a word as written; 0 for a word that says nothing about time.
    pub(super) fn look_up(&self, text: &str) -> u16 {
        if text.len() > self.longest {
            return 0;
        }
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return self.index.get(&text.to_ascii_lowercase()).copied().unwrap_or(0);
        }
        self.index.get(text).copied().unwrap_or(0)
    }
    /// The longest feast whose name these words begin with: its length in bytes and its day.
    pub(super) fn feast(&self, text: &str) -> Option<(usize, FeastDay)> {
        let longest = self.tables.feasts.iter().filter_map(|feast| {
            let mut rest = text.chars();
            let mut length = 0;
            for wanted in feast.name.chars() {
                let c = rest.next()?;
                let same = c.eq_ignore_ascii_case(&wanted) || wanted == '\'' && c == '’';
                if !same {
                    return None;
                }
                length += c.len_utf8();
            }
            (!rest.next().is_some_and(char::is_alphanumeric)).then_some((length, feast.on))
        });
        longest.max_by_key(|&(length, _)| length)
    }
    pub(super) fn at(&self, ix: u16) -> Word {
        self.words.get(usize::from(ix)).copied().unwrap_or_default()
    }
}
