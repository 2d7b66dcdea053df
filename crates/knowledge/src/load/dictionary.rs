//! Actor and agent dictionaries of the PETRARCH family, read as they are, so that their users lose nothing.
//!
//! An actor entry is a name in capitals, its words joined by `_`, with synonyms on lines that begin with `+` and codes
//! in brackets, on the line of the name or on lines of their own that begin with a space:
//!
//! ```text
//! ELESSAR_ [ARNGOV 400101-590101] # a remark
//! +KING_ELESSAR
//!     [ARNELI >590101]
//! ```
//!
//! `<` is before a day, `>` after it, and a range holds both of its days. Days are `YYMMDD` or `YYYYMMDD`; years of two
//! digits up to 30 are of this century, as in PETRARCH's own reader. In each stretch of time the first dated code that
//! holds counts, else the code without a date. An agent entry is a noun with `{PLURAL}` where that is irregular and the
//! letters that it adds after the country's, `[~GOV]`; `!SET! = A, B` defines words that stand for each other.
//! What has no place in the tables is ignored, and every such line is named.

use crate::{Agent, AgentKind, DataFault, NameKind, NameRow, NonState, RowRef, Table, Tables};
use demarche_core::{Interval, Sector};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The last year of two digits that belongs to this century: PETRARCH's own turn.
const PIVOT: i16 = 30;

/// The rows that the dictionaries of a folder, or one dictionary, give over these states; and the lines that give none.
///
/// In a folder every file beside the tables counts that has an entry with a code; a file given by itself is read in any case.
pub fn dictionaries(path: &Path, base: &Tables) -> (Tables, Vec<DataFault>) {
    let mut reader = Reader {
        states: base.states.iter().map(|s| s.id.as_str()).collect(),
        tables: Tables::default(),
        ignored: Vec::new(),
        ids: BTreeSet::new(),
        file: String::new(),
    };
    for file in files(path) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        if path.is_file() || text.lines().any(entry_with_code) {
            reader.file = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            reader.read(&text);
        }
    }
    (reader.tables, reader.ignored)
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let ending = |p: &Path| p.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mut found: Vec<PathBuf> =
        entries.filter(|p| p.is_file() && matches!(ending(p).as_str(), "txt" | "actors" | "agents" | "dict")).collect();
    found.sort();
    found
}

/// A code with the days on which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Coded {
    code: String,
    days: Interval,
}

#[derive(Default)]
struct Entry {
    line: u32,
    names: Vec<String>,
    codes: Vec<Coded>,
    /// Whether it has been said already why it gives nothing.
    said: bool,
}

struct Reader<'t> {
    states: BTreeSet<&'t str>,
    tables: Tables,
    ignored: Vec<DataFault>,
    ids: BTreeSet<String>,
    file: String,
}

impl Reader<'_> {
    fn ignore(&mut self, line: u32, what: &str, hint: &str) {
        let (what, hint) = (format!("ignored: {what}"), hint.to_owned());
        self.ignored.push(DataFault { file: self.file.clone(), line, column: None, what, hint });
    }

    fn read(&mut self, text: &str) {
        let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut entry = Entry::default();
        for (line, whole) in (1..).zip(text.lines()) {
            let words = uncommented(whole).trim_end();
            let trimmed = words.trim_start();
            if trimmed.is_empty() || trimmed.starts_with("<!--") {
                continue;
            }
            if let Some((set, members)) = set(trimmed) {
                sets.insert(set, members);
                continue;
            }
            if let Some(synonym) = trimmed.strip_prefix('+') {
                match name_in(synonym) {
                    Some(name) if !entry.names.is_empty() => entry.names.push(name),
                    _ => self.ignore(line, "a synonym of nothing", "it follows the name that it is another word for"),
                }
                self.codes_into(&mut entry, synonym, line);
                continue;
            }
            if trimmed.starts_with('[') && !entry.names.is_empty() {
                self.codes_into(&mut entry, trimmed, line);
                continue;
            }
            let done = std::mem::take(&mut entry);
            self.actor(done);
            if trimmed.contains('~') {
                self.agent(trimmed, line, &sets);
                continue;
            }
            match name_in(trimmed).filter(|_| !trimmed.starts_with(['-', '&', '*', '['])) {
                Some(name) => {
                    entry = Entry { line, names: vec![name], ..Entry::default() };
                    self.codes_into(&mut entry, trimmed, line);
                }
                None => self.ignore(line, "no entry of actors or agents", "NAME_IN_CAPITALS [CODE]"),
            }
        }
        self.actor(entry);
    }

    fn codes_into(&mut self, entry: &mut Entry, words: &str, line: u32) {
        for code in codes(words) {
            entry.said |= !code.as_ref().is_some_and(|c| !matches!(c.code.as_str(), "###" | "+++"));
            match code {
                Some(code) if code.code == "###" => {
                    self.ignore(line, "a discard", "phrases that silence a text have no table")
                }
                Some(code) if code.code == "+++" => {
                    self.ignore(line, "a name that is only a title", "agents have a table of their own")
                }
                Some(code) => entry.codes.push(code),
                None => self.ignore(
                    line,
                    "no code and dates in the brackets",
                    "[CODE], [CODE <YYMMDD], [CODE >YYMMDD] or [CODE YYMMDD-YYMMDD]",
                ),
            }
        }
    }

    /// The rows of one actor: a name of a state where the code is a state's, else an actor of its own a stretch of time.
    fn actor(&mut self, entry: Entry) {
        let Some(first) = entry.names.first() else { return };
        if entry.codes.is_empty() {
            if entry.said {
                return;
            }
            return self.ignore(entry.line, "an entry without a code", "NAME_IN_CAPITALS [CODE]");
        }
        let row = RowRef { table: Table::Dictionary, line: entry.line, overlay: true };
        let source = format!("petrarch:{}", self.file);
        let spelt: BTreeSet<String> = entry.names.iter().flat_map(|name| spellings(name)).collect();
        let usual = spellings(first).into_iter().next().unwrap_or_default();
        for Coded { code, days } in stretches(&entry.codes) {
            let actor = if self.states.contains(code.as_str()) {
                code
            } else {
                let id = self.id(first);
                let (state, code, sector) = self.meaning(&code);
                self.tables.nonstate.push(NonState {
                    id: id.clone(),
                    name: usual.clone(),
                    state,
                    code,
                    sector,
                    interval: days,
                    source: source.clone(),
                    row,
                });
                id
            };
            for name in &spelt {
                let (name, actor, source) = (name.clone(), actor.clone(), source.clone());
                self.tables.names.push(NameRow { name, actor, kind: NameKind::Name, interval: days, source, row });
            }
        }
    }

    /// State, code and sector of an actor: `ARNGOV` is Arnor's government; what is no such pair is printed as it stands.
    fn meaning(&self, code: &str) -> (Option<String>, Option<String>, Option<Sector>) {
        let Some((head, rest)) = code.split_at_checked(3).filter(|_| code != "---") else { return (None, None, None) };
        let state = self.states.contains(head).then(|| head.to_owned());
        match Sector::parse(rest) {
            Some(sector) if state.is_some() => (state, None, Some(sector)),
            _ => (state, Some(code.to_owned()), None),
        }
    }

    fn id(&mut self, name: &str) -> String {
        let slug: String =
            name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>();
        let slug: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
        let base = format!("petrarch-{}", slug.join("-"));
        let id =
            (1..).map(|n| if n == 1 { base.clone() } else { format!("{base}-{n}") }).find(|id| !self.ids.contains(id));
        let id = id.unwrap_or(base);
        self.ids.insert(id.clone());
        id
    }

    fn agent(&mut self, words: &str, line: u32, sets: &BTreeMap<String, Vec<String>>) {
        let inside = |open: char, close: char| {
            let (_, rest) = words.split_once(open)?;
            Some(rest.split_once(close)?.0.trim())
        };
        let Some(code) = inside('[', ']') else {
            return self.ignore(line, "an agent without a code", "NOUN [~GOV]");
        };
        let Some(code) = code.strip_prefix('~') else {
            return self.ignore(line, "letters before the country's", "agents add their letters after them: [~GOV]");
        };
        let letters: Vec<char> = code.trim().chars().collect();
        let sector = letters.chunks(3).find_map(|three| Sector::parse(&three.iter().collect::<String>()));
        if sector.is_none() {
            return self.ignore(line, &format!("{code} is no sector"), "the sectors are PLOVER's");
        }
        let Some(noun) = name_in(words) else {
            return self.ignore(line, "an agent without a noun", "NOUN [~GOV]");
        };
        let plural = inside('{', '}').filter(|plural| !plural.is_empty() && *plural != "*");
        let row = RowRef { table: Table::Dictionary, line, overlay: true };
        for form in std::iter::once(noun.as_str()).chain(plural) {
            for noun in expanded(form, sets) {
                self.tables.agents.push(Agent {
                    noun: noun.replace('_', " ").trim().to_lowercase(),
                    sector,
                    kind: AgentKind::Person,
                    note: None,
                    source: format!("petrarch:{}", self.file),
                    row,
                });
            }
        }
    }
}

/// Whether a line has a code of an actor or an agent.
fn entry_with_code(line: &str) -> bool {
    let words = uncommented(line);
    words.contains("[~") || codes(words).any(|code| code.is_some())
}

/// The line up to its remark.
fn uncommented(line: &str) -> &str {
    // "[###]" is a code, not a remark.
    let mut from = 0;
    while let Some(at) = line[from..].find(['#', ';']).map(|at| from + at) {
        if !line[at..].starts_with("###") {
            return &line[..at];
        }
        from = at + 3;
    }
    line
}

/// `!SET! = A, B`
fn set(line: &str) -> Option<(String, Vec<String>)> {
    let (name, members) = line.split_once('=')?;
    let name = name.trim();
    let named = name.len() > 2 && name.starts_with('!') && name.ends_with('!');
    named
        .then(|| (name.to_owned(), members.split(',').map(|m| m.trim().to_owned()).filter(|m| !m.is_empty()).collect()))
}

/// A noun with each of the words that a set in it stands for.
fn expanded(noun: &str, sets: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    match sets.iter().find(|(set, _)| noun.contains(set.as_str())) {
        Some((set, members)) => members.iter().map(|member| noun.replace(set.as_str(), member)).collect(),
        None => vec![noun.to_owned()],
    }
}

/// What stands before the brackets and braces.
fn name_in(words: &str) -> Option<String> {
    let name = words.split(['[', '{']).next().unwrap_or_default().trim().trim_matches('_').to_owned();
    name.chars().any(char::is_alphabetic).then_some(name)
}

/// What stands in each pair of brackets; `None` where that is no code with its days.
fn codes(words: &str) -> impl Iterator<Item = Option<Coded>> {
    words.split('[').skip(1).filter_map(|part| part.split_once(']')).map(|(inside, _)| coded(inside))
}

fn coded(inside: &str) -> Option<Coded> {
    let (code, dates) = inside.trim().split_once(char::is_whitespace).unwrap_or((inside.trim(), ""));
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '+' | '#' | '*');
    if code.len() < 3 || !code.chars().all(letters) || code.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let dates = dates.trim();
    let after = |day: Date| day.tomorrow().ok();
    let days = if dates.is_empty() {
        Interval::ALWAYS
    } else if let Some(before) = dates.strip_prefix('<') {
        Interval { from: None, until: Some(day(before)?) }
    } else if let Some(since) = dates.strip_prefix('>') {
        Interval { from: Some(after(day(since)?)?), until: None }
    } else {
        let (from, to) = dates.split_once('-')?;
        let (from, to) = (day(from)?, day(to)?);
        (from <= to).then_some(Interval { from: Some(from), until: Some(after(to)?) })?
    };
    Some(Coded { code: code.to_ascii_uppercase(), days })
}

/// `YYMMDD` or `YYYYMMDD`
fn day(text: &str) -> Option<Date> {
    let digits = text.trim();
    if !digits.chars().all(|c| c.is_ascii_digit()) || !matches!(digits.len(), 6 | 8) {
        return None;
    }
    let (year, rest) = digits.split_at(digits.len() - 4);
    let number: i16 = year.parse().ok()?;
    let year = match year.len() {
        2 if number <= PIVOT => 2000 + number,
        2 => 1900 + number,
        _ => number,
    };
    Date::new(year, rest[..2].parse().ok()?, rest[2..].parse().ok()?).ok()
}

/// The stretches of time in which one code holds: the first dated one that does, else the first without a date.
fn stretches(codes: &[Coded]) -> Vec<Coded> {
    let default = codes.iter().find(|c| c.days == Interval::ALWAYS);
    let dated: Vec<&Coded> = codes.iter().filter(|c| c.days != Interval::ALWAYS).collect();
    let ends: BTreeSet<Date> = dated.iter().flat_map(|c| [c.days.from, c.days.until]).flatten().collect();
    let mut bounds: Vec<Option<Date>> = vec![None];
    bounds.extend(ends.into_iter().map(Some));
    bounds.push(None);
    let mut found: Vec<Coded> = Vec::new();
    for pair in bounds.windows(2) {
        let days = Interval { from: pair[0], until: pair[1] };
        let Some(code) = dated.iter().find(|c| c.days.overlaps(&days)).copied().or(default) else { continue };
        match found.last_mut().filter(|last| last.code == code.code && last.days.until == days.from) {
            Some(last) => last.days.until = days.until,
            None => found.push(Coded { code: code.code.clone(), days }),
        }
    }
    found
}

/// A name in capitals as news writes it, the likeliest first: capitals at the start of words, small ones inside a name
/// small, and a short single word also as it stands, for it may be initials.
fn spellings(name: &str) -> Vec<String> {
    let spaced = name.replace('_', " ");
    let plain = spaced.strip_prefix("THE ").unwrap_or(&spaced).trim().to_owned();
    if plain.chars().any(char::is_lowercase) {
        return vec![plain];
    }
    let part = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_string() + &letters.as_str().to_lowercase()).unwrap_or_default()
    };
    let word = |(ix, word): (usize, &str)| match word {
        "OF" | "THE" | "AND" | "FOR" if ix > 0 => word.to_lowercase(),
        word if word.contains('.') => word.to_owned(),
        word => word.split('-').map(part).collect::<Vec<_>>().join("-"),
    };
    let titled = plain.split_whitespace().enumerate().map(word).collect::<Vec<_>>().join(" ");
    let initials = !plain.contains(' ') && plain.chars().count() <= 4 && plain != titled;
    if initials { vec![titled, plain] } else { vec![titled] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_two_digits_turn_after_thirty() {
        assert_eq!(day("300101"), Some(jiff::civil::date(2030, 1, 1)));
        assert_eq!(day("310101"), Some(jiff::civil::date(1931, 1, 1)));
        assert_eq!(day("19451301"), None);
    }

    #[test]
    fn the_first_dated_code_that_holds_counts() {
        let codes: Vec<Coded> =
            ["ARNGOV 400101-491231", "ARNMIL 450101-591231", "ARNELI"].iter().filter_map(|c| coded(c)).collect();
        let shown: Vec<String> =
            stretches(&codes).iter().map(|c| format!("{} {:?}", c.code, c.days.from.map(|d| d.year()))).collect();
        assert_eq!(shown, ["ARNELI None", "ARNGOV Some(1940)", "ARNMIL Some(1950)", "ARNELI Some(1960)"]);
    }

    #[test]
    fn capitals_become_names() {
        assert_eq!(spellings("COUNCIL_OF_THE_WHITE_TOWER"), ["Council of the White Tower"]);
        assert_eq!(spellings("THE_SHIRE-FOLK"), ["Shire-Folk"]);
        assert_eq!(spellings("ROH"), ["Roh", "ROH"]);
    }
}
