//! The grammar of time expressions: one function for each way they begin.
//!
//! Every function takes the position of a lexeme and gives the position after what it read, and the kind.
//! Nesting is cut at [`DEPTH`], so each attempt looks at a bounded number of lexemes and the whole is linear.

use super::words::{Cue, FeastDay, TimeWords, Unit, Word};
use super::{Anchor, Bound, Part, Side, Timex, TimexKind, Toward};
use demarche_core::Span;

const DEPTH: u8 = 4;
/// Marks a number as one that cannot be a year or a day: written with a comma or a decimal point.
const NOT_PLAIN: u8 = u8::MAX;

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Word { ix: u16, capital: bool },
    Number { value: i32, digits: u8 },
    Mark(char),
    Break,
}

#[derive(Debug, Clone, Copy)]
struct Lexeme {
    start: u32,
    end: u32,
    what: What,
    /// Nothing stands between it and the lexeme before it.
    glued: bool,
}

/// The position after an expression, and what it is.
type Read = Option<(usize, TimexKind)>;

pub(super) struct Scanner<'t> {
    text: &'t str,
    words: &'t TimeWords,
    lexemes: Vec<Lexeme>,
    /// Where the last expression ended: what it took belongs to no other.
    taken: usize,
}

/// So many of a unit, as written.
struct Amount {
    next: usize,
    count: Option<i32>,
    unit: Unit,
    hyphen: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, words: &'t TimeWords) -> Scanner<'t> {
        // Offsets are 32 bits wide: what lies beyond cannot be pointed at.
        let text = text.get(..u32::MAX as usize).unwrap_or(text);
        let mut scanner = Scanner { text, words, lexemes: Vec::new(), taken: 0 };
        scanner.lex();
        scanner
    }

    fn lex(&mut self) {
        let text = self.text;
        let mut chars = text.char_indices().peekable();
        let (mut glued, mut newline) = (false, false);
        while let Some((start, c)) = chars.next() {
            if c.is_whitespace() {
                if c == '\n' && std::mem::replace(&mut newline, true) {
                    self.push(start, start, What::Break, false);
                }
                glued = false;
                continue;
            }
            newline = false;
            let mut end = start + c.len_utf8();
            let what = if c.is_ascii_digit() {
                let tail = &text.as_bytes()[start..];
                let (length, value, digits) = number(tail);
                end = start + length;
                while chars.peek().is_some_and(|&(at, _)| at < end) {
                    chars.next();
                }
                What::Number { value, digits }
            } else if c.is_alphabetic() {
                while let Some(&(at, next)) = chars.peek() {
                    if !next.is_alphabetic() {
                        break;
                    }
                    end = at + next.len_utf8();
                    chars.next();
                }
                What::Word { ix: self.words.look_up(&text[start..end]), capital: c.is_uppercase() }
            } else {
                What::Mark(match c {
                    '‐' | '‑' | '–' => '-',
                    '’' | '‘' | 'ʼ' => '\'',
                    other => other,
                })
            };
            self.push(start, end, what, glued);
            glued = true;
        }
    }

    fn push(&mut self, start: usize, end: usize, what: What, glued: bool) {
        self.lexemes.push(Lexeme { start: start as u32, end: end as u32, what, glued });
    }

    pub(super) fn run(mut self) -> Vec<Timex> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.lexemes.len() {
            let Some((next, kind)) = self.expression(at, 0) else {
                at += 1;
                continue;
            };
            // Every reader moves on; this keeps the loop finite whatever a reader does.
            let next = next.max(at + 1).min(self.lexemes.len());
            let span = Span::new(self.lexemes[at].start, self.lexemes[next - 1].end);
            let kind = self.bounded(at, next, kind);
            found.push(Timex { span, kind });
            self.taken = next;
            at = next;
        }
        found
    }

    // --- looking at lexemes ---

    fn what(&self, at: usize) -> What {
        self.lexemes.get(at).map_or(What::Break, |l| l.what)
    }
    fn word(&self, at: usize) -> Word {
        match self.what(at) {
            What::Word { ix, .. } => self.words.at(ix),
            _ => Word::default(),
        }
    }
    fn written(&self, at: usize) -> &'t str {
        self.lexemes.get(at).map_or("", |l| &self.text[l.start as usize..l.end as usize])
    }
    fn is_word(&self, at: usize) -> bool {
        matches!(self.what(at), What::Word { .. })
    }
    fn capital(&self, at: usize) -> bool {
        matches!(self.what(at), What::Word { capital: true, .. })
    }
    fn glued(&self, at: usize) -> bool {
        self.lexemes.get(at).is_some_and(|l| l.glued)
    }
    fn cue(&self, at: usize, cue: Cue) -> bool {
        self.word(at).cue == Some(cue)
    }
    fn mark(&self, at: usize, mark: char) -> bool {
        self.what(at) == What::Mark(mark)
    }
    /// `at`, or the position after it where this mark stands there.
    fn skip(&self, at: usize, mark: char) -> usize {
        if self.mark(at, mark) { at + 1 } else { at }
    }
    fn skip_cue(&self, at: usize, cue: Cue) -> usize {
        if self.cue(at, cue) { at + 1 } else { at }
    }
    /// A word of the tables, or letters with full stops between ("a.m."), and the position after it.
    fn abbreviation(&self, at: usize) -> (usize, Word) {
        let mut next = at;
        let mut letters = String::new();
        while next < at + 8
            && self.written(next).len() == 1
            && self.is_word(next)
            && self.mark(next + 1, '.')
            && self.glued(next + 1)
            && (next == at || self.glued(next))
        {
            letters.push_str(self.written(next));
            next += 2;
        }
        // The last letter may lack its full stop: "P.M".
        if next > at && self.glued(next) && self.is_word(next) && self.written(next).len() == 1 {
            letters.push_str(self.written(next));
            next += 1;
        }
        if next > at + 2 {
            return (next, self.words.at(self.words.look_up(&letters)));
        }
        (at + 1, self.word(at))
    }
    fn capitals(&self, at: usize) -> bool {
        self.is_word(at) && !self.written(at).bytes().any(|b| b.is_ascii_lowercase())
    }
    fn digits(&self, at: usize) -> Option<(i32, u8)> {
        match self.what(at) {
            What::Number { value, digits } if digits != NOT_PLAIN => Some((value, digits)),
            _ => None,
        }
    }
    fn plural(&self, at: usize) -> bool {
        self.written(at).ends_with(['s', 'S'])
    }
    /// The cue before a position, past "the" and "about"; none that an earlier expression has taken.
    fn before(&self, mut at: usize) -> Option<Cue> {
        for _ in 0..3 {
            if at <= self.taken {
                return None;
            }
            at -= 1;
            match self.word(at).cue {
                Some(Cue::The | Cue::About) => {}
                cue => return cue,
            }
        }
        None
    }

    // --- whole expressions ---

    fn expression(&self, at: usize, depth: u8) -> Read {
        let (next, kind) = self.time(at, depth)?;
        let open = self.before(at);
        let from = open == Some(Cue::From);
        let joined = match self.what(next) {
            What::Mark('-') => !self.glued(next) || self.glued(next + 1),
            _ => match self.word(next).cue {
                Some(Cue::To) => true,
                Some(Cue::Until) => from,
                Some(Cue::And) => open == Some(Cue::Between),
                _ => false,
            },
        };
        if joined && dated(&kind) {
            if let (TimexKind::Year(year), Some((short, 2))) = (&kind, self.digits(next + 1))
                && self.mark(next, '-')
                && i32::from(*year % 100) < short
            {
                let until = TimexKind::Year(year - year % 100 + short as i16);
                return Some((next + 2, range(kind, until)));
            }
            if let Some((end, until)) = self.time(next + 1, depth + 1)
                && dated(&until)
                && (from
                    || open == Some(Cue::Between)
                    || std::mem::discriminant(&kind) == std::mem::discriminant(&until))
            {
                return Some((end, range(kind, until)));
            }
        }
        Some((next, kind))
    }

    /// A bound says on which side of a time the matter lies: "since May", "by Friday".
    fn bounded(&self, at: usize, next: usize, kind: TimexKind) -> TimexKind {
        let bound = match self.before(at) {
            Some(Cue::Since) => Bound::Since,
            Some(Cue::Until) => Bound::Until,
            Some(Cue::By) => Bound::By,
            Some(Cue::Before) => Bound::Before,
            Some(Cue::After) => Bound::After,
            _ => return kind,
        };
        // "after Monday's meeting" is bounded by the meeting.
        let possessive = self.mark(next, '\'') && self.glued(next);
        if possessive || matches!(kind, TimexKind::Duration { .. } | TimexKind::Anniversary { .. }) {
            return kind;
        }
        TimexKind::Bound { bound, of: Box::new(kind) }
    }

    fn time(&self, at: usize, depth: u8) -> Read {
        if depth >= DEPTH {
            return None;
        }
        let word = self.word(at);
        match self.what(at) {
            What::Number { .. } => return self.numeric(at, depth),
            What::Mark('\'') => return self.short_year(at),
            What::Word { ix: 0, .. } => return self.quarter_sign(at),
            What::Word { .. } => {}
            _ => return None,
        }
        if let Some(read) = self.feast(at, Toward::Unmarked) {
            return Some(read);
        }
        if word.weekday.is_some() {
            return self.weekday(at, Toward::Unmarked, depth);
        }
        if let Some(hour) = word.hour {
            return Some((at + 1, TimexKind::Clock { hour, minute: 0 }));
        }
        if word.month.is_some() {
            return self.month(at, Toward::Unmarked);
        }
        if let Some(days) = word.day {
            return Some((self.skip_daypart(at + 1), TimexKind::Day(days.into())));
        }
        if word.now {
            return Some((at + 1, TimexKind::Now));
        }
        if word.season.is_some() {
            return self.season(at, Toward::Unmarked);
        }
        match word.cue {
            Some(Cue::The) => return self.definite(at + 1, depth),
            Some(Cue::Early) => return self.part(at + 1, Part::Early, depth),
            Some(Cue::Mid) => return self.part(at + 1, Part::Mid, depth),
            Some(Cue::Late) => return self.part(at + 1, Part::Late, depth),
            Some(Cue::Begin) => return self.part_of(at + 1, Part::Early, depth),
            Some(Cue::Middle) => return self.part_of(at + 1, Part::Mid, depth),
            Some(Cue::End) => return self.part_of(at + 1, Part::Late, depth),
            Some(Cue::Earlier) => return self.so_far(at + 1, Part::Earlier, depth),
            Some(Cue::Later) => return self.so_far(at + 1, Part::Later, depth),
            Some(Cue::Come) => return self.come(at + 1, depth),
            Some(Cue::Eve) if self.cue(at + 1, Cue::Of) => {
                let (next, anchor) = self.anchor(at + 2, Anchor::Words, depth);
                return Some((next, offset(Some(1), Unit::Day, Side::Before, anchor)));
            }
            Some(Cue::Fiscal) => return self.fiscal(at + 1),
            // "AD 842"; "ad" is something else.
            Some(Cue::Ad) if self.capitals(at) => {
                let (value, _) = self.digits(at + 1)?;
                return Some((at + 2, TimexKind::Year(i16::try_from(value).ok()?)));
            }
            Some(
                Cue::This
                | Cue::Last
                | Cue::Past
                | Cue::Next
                | Cue::Coming
                | Cue::Previous
                | Cue::Following
                | Cue::Same
                | Cue::Recent,
            ) => return self.which(at, false, depth),
            _ => {}
        }
        if let Some(read) = self.clock(at).or_else(|| self.spelled_year(at)) {
            return Some(read);
        }
        if let Some(read) = self.ordinal(at).and_then(|(next, n)| self.numbered(next, n, depth)) {
            return Some(read);
        }
        self.amount(at, false).and_then(|amount| self.counted(at, amount, depth)).or_else(|| self.uncounted(at, depth))
    }

    /// What only "the" makes an expression of, or any other after it.
    fn definite(&self, at: usize, depth: u8) -> Read {
        let word = self.word(at);
        match word.cue {
            Some(
                Cue::This
                | Cue::Last
                | Cue::Past
                | Cue::Next
                | Cue::Coming
                | Cue::Previous
                | Cue::Following
                | Cue::Same
                | Cue::Recent,
            ) => return self.which(at, true, depth),
            // "the now", "the the": no expression begins so.
            Some(Cue::The) => return None,
            _ => {}
        }
        if let Some(start) = word.decade {
            return Some((at + 1, TimexKind::Decade(start)));
        }
        if let (Some((value, 2)), true) = (self.digits(at), self.glued(at + 1) && self.written(at + 1) == "s")
            && value % 10 == 0
        {
            return Some((at + 2, TimexKind::Decade(recent_decade(value))));
        }
        if let (Some(unit), false) = (word.unit, self.plural(at)) {
            let tail = self.word(at + 1).cue;
            if matches!(tail, Some(Cue::Before | Cue::After | Cue::Earlier | Cue::Later)) {
                let amount = Amount { next: at + 1, count: Some(1), unit, hyphen: false };
                return self.counted(at, amount, depth);
            }
            if let (Unit::Year, Some((value @ 1.., 2..=4))) = (unit, self.digits(at + 1)) {
                return Some((at + 2, TimexKind::Year(value as i16)));
            }
            if unit == Unit::Weekend {
                return Some((at + 1, TimexKind::Period { unit, toward: Toward::Unmarked }));
            }
            return None;
        }
        self.time(at, depth + 1)
    }

    // --- days, months, years ---

    fn weekday(&self, at: usize, toward: Toward, depth: u8) -> Read {
        let word = self.word(at);
        let weekday = word.weekday?;
        let mut next = at + 1;
        if self.mark(next, '.') && self.glued(next) && self.written(at).len() <= 5 {
            next += 1;
        }
        let after_comma = self.skip(next, ',');
        let date_at = self.skip_cue(after_comma, Cue::The);
        let date = match self.what(date_at) {
            What::Number { .. } => self.day_month(date_at),
            _ if self.word(date_at).month.is_some() => self.month(date_at, Toward::Unmarked),
            _ => None,
        };
        if let Some((end, kind @ (TimexKind::Date { .. } | TimexKind::Range { .. }))) = date {
            return Some((end, kind));
        }
        let cued =
            toward != Toward::Unmarked || matches!(self.before(at), Some(Cue::On | Cue::Since | Cue::Until | Cue::By));
        if word.unsure && !(cued && self.capital(at)) {
            return None;
        }
        next = if self.mark(next - 1, '.') { next - 1 } else { next };
        next = self.skip_daypart(next);
        let of = self.skip_cue(next, Cue::Of);
        if self.word(of).cue.is_some_and(|c| matches!(c, Cue::This | Cue::Last | Cue::Next))
            && let Some((end, week @ TimexKind::Period { unit: Unit::Week, .. })) = self.which(of, false, depth + 1)
        {
            return Some((end, TimexKind::Weekday { weekday, toward, of: Some(Box::new(week)) }));
        }
        Some((next, TimexKind::Weekday { weekday, toward, of: None }))
    }

    fn month(&self, at: usize, toward: Toward) -> Read {
        let word = self.word(at);
        let month = word.month?;
        if word.unsure && !self.capital(at) {
            return None;
        }
        let dotted = self.mark(at + 1, '.') && self.glued(at + 1) && self.written(at).len() <= 4;
        let next = if dotted { at + 2 } else { at + 1 };
        if let Some((after, day)) = self.day(next) {
            return Some(self.day_of(after, month, day));
        }
        let of = self.skip_cue(self.skip_cue(self.skip(next, ','), Cue::Of), Cue::In);
        let early = || if self.cue(next, Cue::Of) { self.early_year(next + 1) } else { None };
        let spelled = || match self.spelled_year(of)? {
            (after, TimexKind::Year(year)) => Some((after, year)),
            _ => None,
        };
        if let Some((after, year)) = self.year(of).or_else(early).or_else(spelled) {
            return Some((after, TimexKind::Month { year: Some(year), month, toward: Toward::Unmarked }));
        }
        if toward == Toward::Unmarked
            && let Some((after, of)) = self.year_told(next)
        {
            let time = Box::new(TimexKind::Month { year: None, month, toward });
            return Some((after, TimexKind::Within { time, of }));
        }
        // "May-June 2014"
        let joined = self.mark(next, '-') && self.word(next + 1).month.is_some_and(|m| m > month);
        let cued =
            toward != Toward::Unmarked || dotted && self.capital(at) || joined || self.before(at).is_some_and(leads);
        if word.unsure && !cued {
            return None;
        }
        // The full stop of "in Sept." may end the sentence: it is left out.
        Some((at + 1, TimexKind::Month { year: None, month, toward }))
    }

    /// A day of the month in digits.
    fn day(&self, at: usize) -> Option<(usize, i8)> {
        let (value, digits) = self.digits(at)?;
        if !(1..=31).contains(&value) || digits > 2 {
            return None;
        }
        let clock = self.mark(at + 1, ':') && self.glued(at + 1);
        (!clock).then_some((self.skip_suffix(at + 1), value as i8))
    }

    /// After a month and a day: another day, a year.
    fn day_of(&self, after: usize, month: i8, day: i8) -> (usize, TimexKind) {
        let joined = self.mark(after, '-') || matches!(self.word(after).cue, Some(Cue::To | Cue::And));
        let second = if joined {
            self.day(after + 1)
                .filter(|&(end, last)| last > day && self.word(end).unit.is_none() && !self.mark(end, '-'))
        } else {
            None
        };
        let (end, last) = second.map_or((after, None), |(end, last)| (end, Some(last)));
        let (end, year) = self.year(self.skip(end, ',')).map_or((end, None), |(end, year)| (end, Some(year)));
        let date = |day| TimexKind::Date { year, month, day };
        let kind = last.map_or_else(|| date(day), |last| range(date(day), date(last)));
        match self.year_told(end).filter(|_| year.is_none()) {
            Some((end, of)) => (end, TimexKind::Within { time: Box::new(kind), of }),
            None => (end, kind),
        }
    }

    /// "2 September 2025", "2nd of Sept.", "2-5 September".
    fn day_month(&self, at: usize) -> Read {
        let (mut next, day) = self.day(at)?;
        let joined = self.mark(next, '-') || matches!(self.word(next).cue, Some(Cue::To | Cue::And));
        let last = if joined { self.day(next + 1) } else { None };
        let last = last.filter(|&(end, last)| last > day && self.word(self.skip_cue(end, Cue::Of)).month.is_some());
        if let Some((end, _)) = last {
            next = end;
        }
        let of = self.skip_cue(next, Cue::Of);
        let name = if self.mark(of, '-') { of + 1 } else { of };
        let word = self.word(name);
        let month = word.month?;
        if word.unsure && !self.capital(name) {
            return None;
        }
        // In "2 March 5, 2025" the number before is something else.
        if self.day(name + 1).is_some() && name == next {
            return None;
        }
        let dotted = self.mark(name + 1, '.') && self.glued(name + 1) && self.written(name).len() <= 4;
        let after = if dotted { name + 2 } else { name + 1 };
        let comma = self.skip(self.skip(after, ','), '-');
        let year = self.year(comma).or_else(|| self.early_year(after));
        let (end, year) = year.map_or((name + 1, None), |(end, year)| (end, Some(year)));
        let date = |day| TimexKind::Date { year, month, day };
        let kind = last.map_or_else(|| date(day), |(_, last)| range(date(day), date(last)));
        match self.year_told(after).filter(|_| year.is_none()) {
            Some((end, of)) => Some((end, TimexKind::Within { time: Box::new(kind), of })),
            None => Some((end, kind)),
        }
    }

    /// A year of four digits, or of two after an apostrophe.
    fn year(&self, at: usize) -> Option<(usize, i16)> {
        if self.mark(at, '\'') && self.glued(at + 1) {
            let (value, digits) = self.digits(at + 1)?;
            return (digits == 2).then(|| (at + 2, recent_year(value)));
        }
        let (value, digits) = self.digits(at)?;
        let clock = self.mark(at + 1, ':') && self.glued(at + 1) && self.glued(at + 2) && self.digits(at + 2).is_some();
        let percent = self.mark(at + 1, '%') || clock;
        (digits == 4 && (1000..=2199).contains(&value) && !percent).then_some((at + 1, value as i16))
    }

    /// A year of three digits, where no word follows that it could count.
    fn early_year(&self, at: usize) -> Option<(usize, i16)> {
        let (value, 3) = self.digits(at)? else { return None };
        let ends = match self.what(at + 1) {
            What::Break => true,
            What::Mark(mark) => matches!(mark, '.' | ',' | ';' | ')'),
            _ => false,
        };
        (ends && value >= 100).then_some((at + 1, value as i16))
    }

    /// "(314-368)", "(c. 837-908)": years of three digits in brackets, as lives and reigns are given.
    fn lifespan(&self, at: usize) -> Read {
        let ((from, 3), (until, 3)) = (self.digits(at)?, self.digits(at + 2)?) else { return None };
        let open = (1..=3).any(|back| at >= back && self.mark(at - back, '('));
        let told = open && self.mark(at + 1, '-') && self.mark(at + 3, ')') && (100..until).contains(&from);
        told.then(|| (at + 3, range(TimexKind::Year(from as i16), TimexKind::Year(until as i16))))
    }

    /// "400 BC", "900 CE", "900 AD": a year of any length, told by its era. The year before 1 is 0 here.
    fn era(&self, at: usize) -> Read {
        let What::Number { value, .. } = self.what(at) else { return None };
        let (next, word) = self.abbreviation(at + 1);
        if !self.capitals(at + 1) || value < 1 || self.written(at).contains('.') {
            return None;
        }
        let year = match word.cue? {
            Cue::Era => 1 - value,
            Cue::Ad => value,
            _ => return None,
        };
        Some((next, TimexKind::Year(i16::try_from(year).ok()?)))
    }

    /// "nineteen seventy-two", "twenty twenty", after a cue or a month.
    fn spelled_year(&self, at: usize) -> Read {
        let hundreds = self.word(at).number.filter(|n| (13..=20).contains(n))?;
        let (next, rest) = self.cardinal(at + 1).filter(|&(_, n)| (10..100).contains(&n))?;
        let counts = self.word(next).unit.is_some() || !self.is_word(at + 1) || self.mark(at + 1, '-');
        let month = at > self.taken && (self.word(at - 1).month.is_some());
        let led = month || self.before(at).is_some_and(|c| leads(c) && c != Cue::To && c != Cue::On);
        (led && !counts).then_some((next, TimexKind::Year((hundreds * 100 + rest) as i16)))
    }

    /// "10 a.m.", "6:13 P.M. EDT", "14:30", "1430 GMT", "five o'clock".
    fn clock(&self, at: usize) -> Read {
        let (mut next, mut hour) = self.cardinal(at)?;
        let (mut minute, mut told) = (0, false);
        match self.digits(at) {
            Some((value, 4)) if self.word(next).cue == Some(Cue::Zone) && self.capitals(next) => {
                (hour, minute, told) = (value / 100, value % 100, true);
            }
            Some((_, 1 | 2)) if self.mark(next, ':') && self.glued(next) && self.glued(next + 1) => {
                let (value, 2) = self.digits(next + 1)? else { return None };
                (next, minute, told) = (next + 2, value, true);
                if self.mark(next, ':') && self.glued(next) && self.digits(next + 1).is_some_and(|(_, n)| n == 2) {
                    next += 2;
                }
            }
            None if self.is_word(at) => {}
            Some((_, 1 | 2)) => {}
            _ => return None,
        }
        let apostrophe = self.mark(next + 1, '\'') && self.written(next) == "o" && self.cue(next + 2, Cue::Clock);
        let (after, word) = self.abbreviation(next);
        match word.cue {
            Some(half @ (Cue::Am | Cue::Pm)) if (1..=12).contains(&hour) => {
                hour = hour % 12 + if half == Cue::Pm { 12 } else { 0 };
                (next, told) = (after, true);
            }
            Some(Cue::Clock) if self.written(next).len() > 5 => (next, told) = (next + 1, true),
            _ if apostrophe => (next, told) = (next + 3, true),
            _ => {}
        }
        if told && self.cue(next, Cue::Zone) && self.capitals(next) {
            next += 1;
        }
        let sound = told && (0..=24).contains(&hour) && (0..60).contains(&minute);
        sound.then_some((next, TimexKind::Clock { hour: hour as i8, minute: minute as i8 }))
    }

    /// "Christmas 2014", "Good Friday", "Thanksgiving Day".
    fn feast(&self, at: usize, toward: Toward) -> Read {
        if !self.word(at).feast || !self.capital(at) {
            return None;
        }
        let start = self.lexemes.get(at)?.start as usize;
        let (length, day) = self.words.feast(&self.text[start..])?;
        let end = (start + length) as u32;
        let next = at + self.lexemes[at..].iter().take(8).take_while(|l| l.end <= end).count();
        // "Christmas Island" is a place.
        let named = self.capital(next) && self.word(next) == Word::default();
        (!named).then(|| self.feast_of(next, day, toward))
    }

    fn feast_of(&self, next: usize, day: FeastDay, toward: Toward) -> (usize, TimexKind) {
        if toward == Toward::Unmarked {
            let of = self.skip_cue(self.skip_cue(self.skip(next, ','), Cue::Of), Cue::In);
            if let Some((end, year)) = self.year(of) {
                return (end, TimexKind::Feast { day, year: Some(year), toward });
            }
            if let Some((end, of)) = self.year_told(next) {
                let time = Box::new(TimexKind::Feast { day, year: None, toward });
                return (end, TimexKind::Within { time, of });
            }
        }
        (next, TimexKind::Feast { day, year: None, toward })
    }

    /// "of the same year", "last year", "the following year": a year told beside others.
    fn year_told(&self, at: usize) -> Option<(usize, Box<TimexKind>)> {
        let which = self.skip_cue(self.skip_cue(at, Cue::Of), Cue::The);
        let told = matches!(
            self.word(which).cue,
            Some(Cue::Last | Cue::This | Cue::Next | Cue::Previous | Cue::Following | Cue::Same)
        );
        if !told || self.word(which + 1).unit != Some(Unit::Year) || self.plural(which + 1) {
            return None;
        }
        self.which(which, false, DEPTH).map(|(next, of)| (next, Box::new(of)))
    }

    fn short_year(&self, at: usize) -> Read {
        let (next, year) = self.year(at)?;
        let tail = if self.mark(next, '\'') && self.glued(next) { next + 1 } else { next };
        if self.glued(tail) && self.written(tail) == "s" {
            let next = tail;
            return (year % 10 == 0).then(|| (next + 1, TimexKind::Decade(recent_decade(i32::from(year % 100)))));
        }
        // A lone '22 is as often a quotation.
        self.before(at).is_some_and(leads).then_some((next, TimexKind::Year(year)))
    }

    fn numeric(&self, at: usize, depth: u8) -> Read {
        // Digits inside a name or a sum are no time: "AK-47", "$2000".
        let inside = self.glued(at)
            && at.checked_sub(1).is_some_and(|b| match self.what(b) {
                What::Mark(c) => matches!(c, '$' | '€' | '£' | '¥' | '#' | '&' | '=' | '_' | '/'),
                What::Word { .. } => true,
                _ => false,
            });
        let numbered = |at: usize| at > self.taken && self.cue(at - 1, Cue::Numbered);
        if inside || numbered(at) || at > self.taken && self.mark(at - 1, '.') && numbered(at - 1) {
            return None;
        }
        self.iso(at)
            .or_else(|| self.lifespan(at))
            .or_else(|| self.clock(at))
            .or_else(|| self.era(at))
            .or_else(|| self.slashed(at))
            .or_else(|| self.day_month(at))
            .or_else(|| self.decade(at))
            .or_else(|| self.ordinal(at).and_then(|(next, n)| self.numbered(next, n, depth)))
            .or_else(|| self.amount(at, false).and_then(|amount| self.counted(at, amount, depth)))
            .or_else(|| self.lone_year(at))
    }

    fn iso(&self, at: usize) -> Read {
        let (year, 4) = self.digits(at)? else { return None };
        let ((month, 2), (day, 2)) = (self.digits(at + 2)?, self.digits(at + 4)?) else { return None };
        let glued = (at + 1..=at + 4).all(|i| self.glued(i));
        let mark = self.what(at + 1);
        if !glued || mark != self.what(at + 3) || !matches!(mark, What::Mark('-' | '/' | '.')) {
            return None;
        }
        Some((at + 5, calendar(year, month, day)?))
    }

    /// "9/2/2025" (month first unless that cannot be), "02.09.2025" (day first).
    fn slashed(&self, at: usize) -> Read {
        let ((a, _), (b, _), (year, digits)) = (self.digits(at)?, self.digits(at + 2)?, self.digits(at + 4)?);
        let mark = self.what(at + 1);
        if !(at + 1..=at + 4).all(|i| self.glued(i)) || mark != self.what(at + 3) || a > 31 || b > 31 {
            return None;
        }
        let year = match digits {
            4 => year,
            2 if mark == What::Mark('/') => recent_year(year).into(),
            _ => return None,
        };
        let (month, day) = match mark {
            What::Mark('/' | '-') if a <= 12 => (a, b),
            What::Mark('/' | '-' | '.') => (b, a),
            _ => return None,
        };
        Some((at + 5, calendar(year, month, day)?))
    }

    fn decade(&self, at: usize) -> Read {
        let (value, 4) = self.digits(at)? else { return None };
        let apostrophe = self.mark(at + 1, '\'') && self.glued(at + 1);
        let tail = if apostrophe { at + 2 } else { at + 1 };
        let fits = value % 10 == 0 && (1000..2200).contains(&value);
        // "the 1800s" are a century; "the 1900s" may be either.
        let century = value % 100 == 0 && value < 1900;
        // "the 1990's" is a decade, "in 1990's first months" is not.
        let decade = self.glued(tail)
            && self.written(tail) == "s"
            && (!apostrophe
                || at > self.taken
                    && matches!(self.word(at - 1).cue, Some(Cue::The | Cue::Early | Cue::Mid | Cue::Late)));
        let kind = if century { TimexKind::Century((value / 100 + 1) as i16) } else { TimexKind::Decade(value as i16) };
        (fits && decade).then_some((tail + 1, kind))
    }

    fn lone_year(&self, at: usize) -> Read {
        let direct = if at > self.taken { self.word(at - 1).cue } else { None };
        let Some((next, year)) = self.year(at) else {
            // "In 347 Theodorus was sent": a number of three digits before a name counts nothing.
            let named = |at: usize| match self.digits(at) {
                Some((value, 3)) if value >= 100 && self.capital(at + 1) => Some((at + 1, value as i16)),
                _ => None,
            };
            let (next, year) = self.early_year(at).or_else(|| named(at)).filter(|_| direct == Some(Cue::In))?;
            return Some((next, TimexKind::Year(year)));
        };
        let led = self.before(at).is_some_and(leads)
            || at > 1 && self.mark(at - 1, '-') && self.digits(at - 2).is_some_and(|(_, n)| n == 4);
        let named = self.glued(next) && self.is_word(next)
            || self.mark(next, '-') && self.glued(next) && self.is_word(next + 1);
        // A round number without a cue is a count ("1500 people"); "a 2000 report", "the 2000 election" are none.
        let counting = self.word(next).cue == Some(Cue::Heads) || self.word(next).unit.is_some() || self.plural(next);
        let one = matches!(direct, Some(Cue::A | Cue::The)) && !counting;
        let counts = year % 50 == 0 && !led && !one && self.is_word(next);
        (!named && !counts && !self.cue(next, Cue::Era)).then_some((next, TimexKind::Year(year)))
    }

    fn fiscal(&self, at: usize) -> Read {
        let at = if self.word(at).unit == Some(Unit::Year) { at + 1 } else { at };
        self.year(at).map(|(next, year)| (next, TimexKind::Year(year)))
    }

    /// "Q1 2024".
    fn quarter_sign(&self, at: usize) -> Read {
        if !matches!(self.written(at), "Q" | "H") || !self.glued(at + 1) {
            return None;
        }
        let per_year = if self.written(at) == "Q" { 4 } else { 2 };
        let (number, 1) = self.digits(at + 1)? else { return None };
        if !(1..=per_year).contains(&number) {
            return None;
        }
        let of = self.year(self.skip_cue(at + 2, Cue::Of));
        let (next, of) = of.map_or((at + 2, None), |(next, year)| (next, Some(Box::new(TimexKind::Year(year)))));
        Some((next, TimexKind::Fraction { number: number as i8, per_year: per_year as i8, of }))
    }

    // --- numbers and what they count ---

    /// "2nd", "twenty-first".
    fn ordinal(&self, at: usize) -> Option<(usize, i32)> {
        if let Some((value, _)) = self.digits(at) {
            let next = self.skip_suffix(at + 1);
            return (next > at + 1).then_some((next, value));
        }
        if let Some(n) = self.word(at).ordinal {
            return Some((at + 1, n));
        }
        let tens = self.word(at).number.filter(|n| (20..100).contains(n))?;
        let next = self.skip(at + 1, '-');
        let ones = self.word(next).ordinal.filter(|n| (1..10).contains(n))?;
        Some((next + 1, tens + ones))
    }

    /// What stands after an ordinal number.
    fn numbered(&self, at: usize, number: i32, depth: u8) -> Read {
        // "the 15th to the 19th centuries"
        if matches!(self.word(at).cue, Some(Cue::To | Cue::And))
            && let Some((end, last)) = self.ordinal(self.skip_cue(at + 1, Cue::The))
            && self.word(end).unit == Some(Unit::Century)
            && (1..=last).contains(&number)
            && last <= 30
        {
            let century = |n: i32| TimexKind::Century(n as i16);
            return Some((end + 1, range(century(number), century(last))));
        }
        let at = self.skip_cue(self.skip(at, '-'), Cue::Fiscal);
        let word = self.word(at);
        if word.cue == Some(Cue::Anniversary) {
            return Some((at + 1, TimexKind::Anniversary { number: Some(number) }));
        }
        let per_year = match (word.unit, word.cue) {
            (Some(Unit::Century), _) => {
                let (next, era) = self.abbreviation(at + 1);
                let before = era.cue == Some(Cue::Era) && self.capitals(at + 1);
                let (next, number) = if before { (next, 1 - number) } else { (at + 1, number) };
                return (-30..=30).contains(&number).then_some((next, TimexKind::Century(number as i16)));
            }
            (Some(Unit::Quarter), _) if !self.plural(at) => 4,
            (_, Some(Cue::Half)) => 2,
            _ => 0,
        };
        if per_year > 0 {
            if !(1..=per_year).contains(&number) {
                return None;
            }
            let (next, of) = self.whole(at + 1, depth);
            return Some((next, TimexKind::Fraction { number: number as i8, per_year: per_year as i8, of }));
        }
        // "the first week of May", "the first three months of 2024"
        let counted = self.amount(at, false).map(|a| (a.next, a.unit)).or(word.unit.map(|u| (at + 1, u)));
        if let Some((next, unit)) = counted
            && matches!(unit, Unit::Day | Unit::Week | Unit::Month)
            && self.cue(next, Cue::Of)
            && let (end, Some(of)) = self.whole(next, depth)
        {
            let part = match number {
                1 => Part::Early,
                2 | 3 => Part::Mid,
                _ => Part::Late,
            };
            return Some((end, TimexKind::Part { part, of }));
        }
        if (1..=31).contains(&number) {
            let of = self.skip_cue(at, Cue::Of);
            let month = self.word(of).month.filter(|_| self.capital(of) || !self.word(of).unsure)?;
            if of == at {
                return None;
            }
            let (end, year) = self.year(self.skip(of + 1, ',')).map_or((of + 1, None), |(end, year)| (end, Some(year)));
            return Some((end, TimexKind::Date { year, month, day: number as i8 }));
        }
        None
    }

    /// "of 2024", "of last year", "of the year"; also a year without "of".
    fn whole(&self, at: usize, depth: u8) -> (usize, Option<Box<TimexKind>>) {
        if let Some((next, year)) = self.year(at) {
            return (next, Some(Box::new(TimexKind::Year(year))));
        }
        if !self.cue(at, Cue::Of) {
            return (at, None);
        }
        self.named_whole(at + 1, depth).map_or((at, None), |(next, kind)| (next, Some(Box::new(kind))))
    }

    fn named_whole(&self, at: usize, depth: u8) -> Read {
        if let Some((next, kind)) = self.time(at, depth + 1)
            && dated(&kind)
        {
            return Some((next, kind));
        }
        let unit_at = self.skip_cue(at, Cue::The);
        let unit = self.word(unit_at).unit?;
        let fits = unit_at > at && !self.plural(unit_at) && unit >= Unit::Day;
        fits.then_some((unit_at + 1, TimexKind::Period { unit, toward: Toward::This }))
    }

    /// A cardinal number, in words or digits.
    fn cardinal(&self, at: usize) -> Option<(usize, i32)> {
        if let What::Number { value, .. } = self.what(at) {
            return Some((at + 1, value));
        }
        let first = self.word(at).number?;
        let (mut next, mut value) = (at + 1, first);
        if (20..100).contains(&first) {
            let ones_at = self.skip(next, '-');
            if let Some(ones) = self.word(ones_at).number.filter(|n| (1..10).contains(n)) {
                (next, value) = (ones_at + 1, first + ones);
            }
        }
        if value < 100 && self.word(next).number == Some(100) {
            (next, value) = (next + 1, value * 100);
        }
        Some((next, value))
    }

    /// "three days", "a week", "several months", "two and a half years", "three-day"; `bare` allows "weeks".
    fn amount(&self, at: usize, bare: bool) -> Option<Amount> {
        let cue = self.word(at).cue;
        if cue == Some(Cue::Half) && self.cue(at + 1, Cue::A) {
            let (count, unit) = halves(1, self.word(at + 2).unit?)?;
            return Some(Amount { next: at + 3, count: Some(count), unit, hyphen: false });
        }
        let (next, count) = match cue {
            Some(Cue::A) => match (self.word(at + 1).cue, self.word(at + 1).number) {
                (Some(Cue::Few), _) => (at + 2, None),
                (Some(Cue::Dozen), _) => (at + 2, Some(12)),
                (_, Some(n)) => (self.skip_cue(at + 2, Cue::Of), Some(n)),
                _ => (at + 1, Some(1)),
            },
            Some(Cue::Few) => (at + 1, None),
            _ => match self.cardinal(at) {
                Some((next, n)) if self.cue(next, Cue::Dozen) => (next + 1, n.checked_mul(12)),
                Some((next, n)) => (next, Some(n)),
                None if bare => (at, None),
                None => return None,
            },
        };
        if let (Some(n), true) =
            (count, self.cue(next, Cue::And) && self.cue(next + 1, Cue::A) && self.cue(next + 2, Cue::Half))
        {
            let (count, unit) = halves(n.checked_mul(2)?.checked_add(1)?, self.word(next + 3).unit?)?;
            return Some(Amount { next: next + 4, count: Some(count), unit, hyphen: false });
        }
        // "2 1/2 years"
        if let (Some(n), Some((1, 1)), Some((2, 1))) = (count, self.digits(next), self.digits(next + 2))
            && self.mark(next + 1, '/')
        {
            let (count, unit) = halves(n.checked_mul(2)?.checked_add(1)?, self.word(next + 3).unit?)?;
            return Some(Amount { next: next + 4, count: Some(count), unit, hyphen: false });
        }
        let hyphen = self.mark(next, '-');
        let unit_at = if hyphen { next + 1 } else { next };
        let unit = self.word(unit_at).unit?;
        if bare && !self.plural(unit_at) || unit == Unit::Quarter && !self.plural(unit_at) {
            return None;
        }
        // "2018 day five"
        if !hyphen && count.is_some_and(|n| n >= 1000) && !self.plural(unit_at) {
            return None;
        }
        // "a year and a half"
        let and_a_half = !hyphen
            && self.cue(unit_at + 1, Cue::And)
            && self.cue(unit_at + 2, Cue::A)
            && self.cue(unit_at + 3, Cue::Half);
        if let (Some(n), true) = (count, and_a_half) {
            let (count, unit) = halves(n.checked_mul(2)?.checked_add(1)?, unit)?;
            return Some(Amount { next: unit_at + 4, count: Some(count), unit, hyphen });
        }
        // A decimal counts nothing that a calendar has.
        if matches!(self.what(at), What::Number { digits: NOT_PLAIN, .. }) && self.written(at).contains('.') {
            return None;
        }
        Some(Amount { next: unit_at + 1, count, unit, hyphen })
    }

    /// What stands after so many units.
    fn counted(&self, start: usize, amount: Amount, depth: u8) -> Read {
        let Amount { next, count, unit, hyphen } = amount;
        if self.mark(next, '-') && self.cue(next + 1, Cue::Old) || self.cue(next, Cue::Old) {
            return None;
        }
        if self.cue(next, Cue::Anniversary) {
            return Some((next + 1, TimexKind::Anniversary { number: count }));
        }
        let at = |next, side, anchor| Some((next, offset(count, unit, side, anchor)));
        match self.word(next).cue {
            Some(Cue::Ago) => return at(next + 1, Side::Before, Anchor::Publication),
            Some(Cue::From) if self.word(next + 1).now => return at(next + 2, Side::After, Anchor::Publication),
            Some(Cue::From) => {
                if let (end, anchor @ Anchor::Time(_)) = self.anchor(next + 1, Anchor::Words, depth) {
                    return at(end, Side::After, anchor);
                }
            }
            Some(Cue::Before | Cue::Earlier) => {
                let prior = self.cue(next, Cue::Earlier) && self.cue(next + 1, Cue::To);
                let counts = prior || self.cue(next, Cue::Before);
                let (end, anchor) = self.anchor(if prior { next + 2 } else { next + 1 }, Anchor::Words, depth);
                return if counts { at(end, Side::Before, anchor) } else { at(next + 1, Side::Before, Anchor::Text) };
            }
            Some(Cue::Later) => return at(next + 1, Side::After, Anchor::Text),
            Some(Cue::After | Cue::Following) => {
                let (end, anchor) = self.anchor(next + 1, Anchor::Words, depth);
                return at(end, Side::After, anchor);
            }
            _ => {}
        }
        // "one day" and "a year" alone say neither when nor how long; "for a year" and "in a year" do.
        let cue = self.before(start);
        if cue == Some(Cue::In) && !hyphen {
            return at(next, Side::In, Anchor::Publication);
        }
        let article = self.cue(start, Cue::A) && count == Some(1);
        let says = hyphen || cue == Some(Cue::For) || !article && count != Some(1);
        (says && unit != Unit::Quarter && count.is_none_or(|n| n > 0))
            .then_some((next, TimexKind::Duration { count, unit }))
    }

    /// "weeks later", "years ago".
    fn uncounted(&self, at: usize, depth: u8) -> Read {
        let amount = self.amount(at, true)?;
        let tail = self.word(amount.next).cue;
        matches!(tail, Some(Cue::Ago | Cue::Earlier | Cue::Later | Cue::Before | Cue::After))
            .then(|| self.counted(at, amount, depth))
            .flatten()
    }

    /// What an offset counts from: a time right after it, words, or what came before in the text.
    fn anchor(&self, at: usize, words: Anchor, depth: u8) -> (usize, Anchor) {
        if let Some((next, kind)) = self.time(at, depth + 1)
            && dated(&kind)
        // "two days after Monday's vote" counts from the vote, and that is close enough to its day.
        {
            return (next, Anchor::Time(Box::new(kind)));
        }
        let follows = self.is_word(at) || matches!(self.what(at), What::Mark('"' | '“' | '\''));
        (at, if follows { words } else { Anchor::Text })
    }

    // --- this, last, next ---

    fn which(&self, at: usize, definite: bool, depth: u8) -> Read {
        let mut cue = self.word(at).cue?;
        let mut next = at + 1;
        // "this past Sunday", "this coming week"
        if cue == Cue::This && matches!(self.word(next).cue, Some(Cue::Past | Cue::Coming | Cue::Last | Cue::Next)) {
            cue = self.word(next).cue?;
            next += 1;
        }
        next = self.skip_cue(next, Cue::Fiscal);
        let toward = match cue {
            Cue::Last | Cue::Past | Cue::Recent => Some(Toward::Last),
            Cue::This => Some(Toward::This),
            Cue::Next | Cue::Coming => Some(Toward::Next),
            _ => None,
        };
        let told = |unit, next| {
            let (count, side) = match cue {
                Cue::Previous => (1, Side::Before),
                Cue::Same => (0, Side::After),
                _ => (1, Side::After),
            };
            Some((next, offset(Some(count), unit, side, Anchor::Text)))
        };
        // "this time last year": about then, not on the day.
        if cue == Cue::This
            && self.cue(next, Cue::Time)
            && self.cue(next + 1, Cue::Last)
            && self.word(next + 2).unit == Some(Unit::Year)
        {
            return Some((next + 3, offset(Some(12), Unit::Month, Side::Before, Anchor::Publication)));
        }
        let seen = |read: Read| {
            read.map(|(end, kind)| match kind {
                // A year of its own needs no other time.
                kind if settled(&kind) => (end, kind),
                kind => (end, TimexKind::Told(Box::new(kind))),
            })
        };
        let seen_toward = match cue {
            Cue::Previous => Toward::Last,
            Cue::Same => Toward::This,
            _ => Toward::Next,
        };
        let word = self.word(next);
        if let Some(read) = self.feast(next, toward.unwrap_or(seen_toward)) {
            return if toward.is_some() { Some(read) } else { seen(Some(read)) };
        }
        if let (Some(unit), false) = (word.unit, self.plural(next)) {
            let end = next + 1;
            // "the last night of the siege", "our last day here" are no yesterday.
            let part = matches!(unit, Unit::Day | Unit::Daypart);
            let own = self.cue(end, Cue::Of) || unit == Unit::Day && !definite;
            if cue == Cue::Last && part && own && !(definite && unit == Unit::Day) {
                return None;
            }
            if cue == Cue::Last
                && definite
                && matches!(unit, Unit::Day | Unit::Week | Unit::Month | Unit::Quarter)
                && let (end, Some(of)) = self.whole(end, depth)
            {
                return Some((end, TimexKind::Part { part: Part::Late, of }));
            }
            return match (toward, unit) {
                (_, Unit::Minute | Unit::Hour) | (Some(Toward::Unmarked), _) => None,
                (None, _) => told(if unit == Unit::Daypart { Unit::Day } else { unit }, end),
                (Some(Toward::Last), _) if cue == Cue::Recent => None,
                (Some(Toward::Last), Unit::Daypart) => Some((end, TimexKind::Day(-1))),
                (Some(Toward::This), Unit::Daypart) => Some((end, TimexKind::Day(0))),
                (Some(Toward::Next), Unit::Day | Unit::Daypart) => told(Unit::Day, end),
                (Some(Toward::Next), _) if definite && cue == Cue::Next => {
                    Some((end, TimexKind::Stretch { count: Some(1), unit, toward: Toward::Next }))
                }
                (Some(Toward::Last), _) if definite || cue == Cue::Past => {
                    Some((end, TimexKind::Stretch { count: Some(1), unit, toward: Toward::Last }))
                }
                (Some(toward), _) => Some((end, TimexKind::Period { unit, toward })),
            };
        }
        if word.weekday.is_some() {
            return match toward {
                Some(toward) => self.weekday(next, toward, depth),
                None => seen(self.weekday(next, seen_toward, depth)),
            };
        }
        if word.month.is_some() && self.capital(next) | !word.unsure {
            return match toward {
                Some(toward) => self.month(next, toward),
                None => seen(self.month(next, seen_toward)),
            };
        }
        if word.season.is_some() {
            return match toward {
                Some(toward) => self.season(next, toward),
                None => seen(self.season(next, seen_toward)),
            };
        }
        let amount = self.amount(next, true)?;
        if cue == Cue::Last
            && definite
            && let (end, Some(of)) = self.whole(amount.next, depth)
        {
            return Some((end, TimexKind::Part { part: Part::Late, of }));
        }
        let end = amount.next;
        // "that five days before his death": the number begins it; "the last months of his life" end with him.
        let tail = self.word(end).cue;
        let counts = matches!(tail, Some(Cue::Ago | Cue::Before | Cue::After | Cue::Earlier | Cue::Later));
        if counts && amount.count.is_some() || tail == Some(Cue::Of) && cue == Cue::Last && definite {
            return None;
        }
        match toward {
            Some(toward @ (Toward::Last | Toward::Next)) => {
                Some((end, TimexKind::Stretch { count: amount.count, unit: amount.unit, toward }))
            }
            _ => Some((end, TimexKind::Duration { count: amount.count, unit: amount.unit })),
        }
    }

    fn season(&self, at: usize, toward: Toward) -> Read {
        let word = self.word(at);
        let season = word.season?;
        let of = self.skip_cue(self.skip(at + 1, ','), Cue::Of);
        if let Some((next, year)) = self.year(of) {
            return Some((next, TimexKind::Season { season, year: Some(year), toward: Toward::Unmarked }));
        }
        if toward == Toward::Unmarked
            && let Some((next, of)) = self.year_told(at + 1)
        {
            return Some((
                next,
                TimexKind::Within { time: Box::new(TimexKind::Season { season, year: None, toward }), of },
            ));
        }
        // "a quiet summer"; "fall" and "spring" need a cue, "Summer" may be a name.
        let plain = !word.unsure && !self.capital(at) && !self.plural(at) && !self.mark(at + 1, '-');
        let led = plain || toward != Toward::Unmarked || self.before(at).is_some_and(leads);
        // "the fall of Kabul"
        let other = word.unsure && toward == Toward::Unmarked && of > at + 1;
        (led && !other).then_some((at + 1, TimexKind::Season { season, year: None, toward }))
    }

    fn come(&self, at: usize, depth: u8) -> Read {
        let word = self.word(at);
        let (next, kind) = match () {
            () if word.month.is_some() => self.month(at, Toward::Next)?,
            () if word.weekday.is_some() => self.weekday(at, Toward::Next, depth)?,
            () if word.season.is_some() => self.season(at, Toward::Next)?,
            () if word.feast => self.feast(at, Toward::Next)?,
            () => self.lone_year(at)?,
        };
        Some((next, kind))
    }

    // --- parts ---

    fn part(&self, at: usize, part: Part, depth: u8) -> Read {
        let mut next = self.skip(at, '-');
        next = self.skip_cue(self.skip_cue(next, Cue::In), Cue::On);
        let (end, of) = match self.time(next, depth + 1) {
            Some(read) => read,
            // "in mid-week", "late in the year"
            None => self.named_whole(next, depth)?,
        };
        match of {
            // A day has no parts here: "late Tuesday" is Tuesday.
            TimexKind::Weekday { .. } | TimexKind::Day(_) | TimexKind::Date { .. } | TimexKind::Part { .. } => {
                Some((end, of))
            }
            TimexKind::Range { from, until } => {
                let from = Box::new(TimexKind::Part { part, of: from });
                Some((end, TimexKind::Range { from, until }))
            }
            of if dated(&of) => Some((end, TimexKind::Part { part, of: Box::new(of) })),
            _ => None,
        }
    }

    fn part_of(&self, at: usize, part: Part, depth: u8) -> Read {
        if !self.cue(at, Cue::Of) {
            return None;
        }
        let (end, of) = self.named_whole(at + 1, depth)?;
        match of {
            TimexKind::Weekday { .. } | TimexKind::Day(_) | TimexKind::Date { .. } => None,
            of => Some((end, TimexKind::Part { part, of: Box::new(of) })),
        }
    }

    /// "earlier this week", "later in the month", "earlier on Monday".
    fn so_far(&self, at: usize, part: Part, depth: u8) -> Read {
        let lead = matches!(self.word(at).cue, Some(Cue::In | Cue::On));
        if !lead && !self.cue(at, Cue::This) && self.word(at).day.is_none() && self.word(at).weekday.is_none() {
            return None;
        }
        let (end, of) = self.named_whole(if lead { at + 1 } else { at }, depth)?;
        match of {
            TimexKind::Weekday { .. } | TimexKind::Day(_) | TimexKind::Date { .. } => Some((end, of)),
            of => Some((end, TimexKind::Part { part, of: Box::new(of) })),
        }
    }

    // --- small things ---

    fn skip_daypart(&self, at: usize) -> usize {
        if self.word(at).unit == Some(Unit::Daypart) && !self.plural(at) { at + 1 } else { at }
    }
    /// Past the "nd" of "2nd".
    fn skip_suffix(&self, at: usize) -> usize {
        let suffix = self.glued(at) && matches!(self.written(at), "st" | "nd" | "rd" | "th");
        if suffix { at + 1 } else { at }
    }
}

/// The length of a number at the start of these bytes, its value, and its digits or [`NOT_PLAIN`].
fn number(bytes: &[u8]) -> (usize, i32, u8) {
    let run = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let mut length = run(0);
    let mut digits = length.min(usize::from(NOT_PLAIN - 1)) as u8;
    while length <= 12 && bytes.get(length) == Some(&b',') && run(length + 1) == 3 {
        length += 4;
        digits = NOT_PLAIN;
    }
    let value = bytes[..length]
        .iter()
        .filter(|b| b.is_ascii_digit())
        .fold(0i32, |n, b| n.saturating_mul(10).saturating_add(i32::from(b - b'0')));
    // A point and digits make a decimal; two points make a date.
    let decimals = if bytes.get(length) == Some(&b'.') { run(length + 1) } else { 0 };
    let end = length + 1 + decimals;
    let dotted = bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    if decimals > 0 && !dotted && digits < 5 && decimals < 12 && !(decimals == 4 && digits <= 2) {
        return (end, value, NOT_PLAIN);
    }
    (length, value, digits)
}

fn calendar(year: i32, month: i32, day: i32) -> Option<TimexKind> {
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    jiff::civil::Date::new(year, month, day).ok()?;
    Some(TimexKind::Date { year: Some(year), month, day })
}

fn offset(count: Option<i32>, unit: Unit, side: Side, anchor: Anchor) -> TimexKind {
    TimexKind::Offset { count, unit, side, anchor }
}

/// So many halves of a unit, in a unit that can count them.
fn halves(count: i32, unit: Unit) -> Option<(i32, Unit)> {
    let (each, smaller) = match unit {
        Unit::Hour => (30, Unit::Minute),
        Unit::Day => (12, Unit::Hour),
        Unit::Month => (15, Unit::Day),
        Unit::Year => (6, Unit::Month),
        Unit::Decade => (5, Unit::Year),
        Unit::Century => (50, Unit::Year),
        _ => return None,
    };
    Some((count.checked_mul(each)?, smaller))
}

/// Whether the cue before a word makes a doubtful one a time ("in May", "since March").
fn leads(cue: Cue) -> bool {
    matches!(
        cue,
        Cue::In
            | Cue::Since
            | Cue::Until
            | Cue::By
            | Cue::From
            | Cue::Between
            | Cue::Before
            | Cue::After
            | Cue::Of
            | Cue::Early
            | Cue::Mid
            | Cue::Late
            | Cue::Last
            | Cue::Next
            | Cue::This
            | Cue::Come
            | Cue::To
            | Cue::On
    )
}

/// Whether a kind carries its year.
fn settled(kind: &TimexKind) -> bool {
    match kind {
        TimexKind::Date { year, .. }
        | TimexKind::Month { year, .. }
        | TimexKind::Season { year, .. }
        | TimexKind::Feast { year, .. } => year.is_some(),
        TimexKind::Range { from, until } => settled(from) && settled(until),
        TimexKind::Within { .. } => true,
        _ => false,
    }
}

/// Whether a kind names days at all (a duration does not).
fn dated(kind: &TimexKind) -> bool {
    !matches!(
        kind,
        TimexKind::Duration { .. } | TimexKind::Anniversary { .. } | TimexKind::Offset { side: Side::In, .. }
    )
}

/// A range, each side lending the other the year that it lacks.
fn range(mut from: TimexKind, mut until: TimexKind) -> TimexKind {
    fn parts(kind: &mut TimexKind) -> Option<(&mut Option<i16>, (i8, i8))> {
        match kind {
            TimexKind::Date { year, month, day } => Some((year, (*month, *day))),
            TimexKind::Month { year, month, .. } => Some((year, (*month, 0))),
            _ => None,
        }
    }
    if let (Some((first, a)), Some((last, b))) = (parts(&mut from), parts(&mut until)) {
        let turns = i16::from(a.0 > b.0 || a.0 == b.0 && a.1 > b.1 && b.1 > 0);
        match (*first, *last) {
            (None, Some(year)) => *first = Some(year - turns),
            (Some(year), None) => *last = Some(year + turns),
            _ => {}
        }
    }
    TimexKind::Range { from: Box::new(from), until: Box::new(until) }
}

/// The year that two digits name: up to 2049, then from 1950.
fn recent_year(short: i32) -> i16 {
    (if short < 50 { 2000 + short } else { 1900 + short }) as i16
}

/// The decade that two digits name: "the 20s" are ours, "the 30s" were.
fn recent_decade(short: i32) -> i16 {
    (if short <= 20 { 2000 + short } else { 1900 + short }) as i16
}
