//! A query from a line of text, with every fault at its column.

use super::{Pair, Query, Term};
use demarche_core::{ActorSet, EventType, Modality, Mode, Polarity, QuadClass, first_day};
use serde::de::DeserializeOwned;
use std::fmt;

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFault {
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right; empty where nothing more helps.
    pub hint: String,
}

impl fmt::Display for QueryFault {
    /// `column 5: what (hint: …)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " (hint: {})", self.hint) }
    }
}
impl std::error::Error for QueryFault {}

const KEYS: &str = "actor, type, mode, class, polarity, modality, from, until, place, country, publisher, dataset, story, \
                    document, min-origins, known, all, reports";

/// A stretch of the line without spaces but for those within quotation marks.
struct Token {
    column: usize,
    /// Its letters, and whether each stands within quotation marks, which are left out.
    letters: Vec<(char, bool)>,
    closed: bool,
}

impl Token {
    fn text(&self) -> String {
        self.letters.iter().map(|(c, _)| c).collect()
    }
    fn quoted(&self) -> bool {
        self.letters.iter().any(|(_, quoted)| *quoted)
    }
    /// The parts before and after the first `mark` outside of quotation marks.
    fn split(&self, mark: &str) -> Option<(Token, Token)> {
        let marks: Vec<char> = mark.chars().collect();
        let at = self
            .letters
            .windows(marks.len())
            .position(|window| window.iter().zip(&marks).all(|((letter, quoted), mark)| letter == mark && !quoted))?;
        let part = |letters: &[(char, bool)], column| Token { column, letters: letters.to_vec(), closed: true };
        let after = at + marks.len();
        Some((part(&self.letters[..at], self.column), part(&self.letters[after..], self.column + after)))
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let (mut open, mut within) = (false, false);
    for (column, letter) in (1..).zip(text.chars()) {
        if letter.is_whitespace() && !open {
            within = false;
            continue;
        }
        if !within {
            all.push(Token { column, letters: Vec::new(), closed: true });
            within = true;
        }
        let Some(token) = all.last_mut() else { continue };
        if letter == '"' {
            open = !open;
            token.closed = !open;
        } else {
            token.letters.push((letter, open));
        }
    }
    all.retain(|token| !token.letters.is_empty() || !token.closed);
    all
}

/// Whom a name stands for.
type Who<'a> = &'a dyn Fn(&str) -> Option<ActorSet>;

struct Reading<'a> {
    query: Query,
    faults: Vec<QueryFault>,
    who: Who<'a>,
}

impl Query {
    /// Reads a query: words and `"words that stand together"`, dyads (`RUS-CHN` both ways, `RUS>CHN` one way), and
    /// `key:value` for everything else; several values of a key are parted by commas.
    /// `who` says whom a name stands for.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its column.
    pub fn parse(text: &str, who: Who<'_>) -> Result<Query, Vec<QueryFault>> {
        let mut reading = Reading { query: Query::default(), faults: Vec::new(), who };
        for token in tokens(text) {
            reading.token(&token);
        }
        if let (Some(from), Some(until)) = (reading.query.from, reading.query.until)
            && from >= until
        {
            let what = format!("from {from} is not before until {until}");
            reading.fault(1, what, "until is the first day after");
        }
        if reading.faults.is_empty() { Ok(reading.query) } else { Err(reading.faults) }
    }
}

impl Reading<'_> {
    fn fault(&mut self, column: usize, what: impl Into<String>, hint: &str) {
        self.faults.push(QueryFault { column, what: what.into(), hint: hint.to_string() });
    }

    fn token(&mut self, token: &Token) {
        if !token.closed {
            return self.fault(token.column, "a quotation mark that is not closed", "close it");
        }
        for (mark, directed) in [("<>", false), (">", true)] {
            if let Some((source, target)) = token.split(mark) {
                let sides = (self.actor(&source), self.actor(&target));
                if let (Some(source), Some(target)) = sides {
                    self.pair(token.column, Pair { source, target, directed });
                }
                return;
            }
        }
        let key = token.split(":").filter(|(key, _)| !key.quoted() && key.text().chars().all(key_letter));
        if let Some((key, value)) = key.filter(|(key, _)| !key.letters.is_empty()) {
            return self.set(&key, &value);
        }
        let text = token.text();
        if !token.quoted()
            && let Some(pair) = self.both_ways(&text)
        {
            return self.pair(token.column, pair);
        }
        let begins = token.letters.last().is_some_and(|(last, quoted)| *last == '*' && !quoted);
        let words = if begins { text.trim_end_matches('*').to_string() } else { text };
        if words.chars().any(char::is_alphanumeric) {
            self.query.text.push(Term { words, begins });
        } else {
            self.fault(token.column, format!("no word in {words:?}"), "");
        }
    }

    /// `RUS-CHN`: of the hyphens the one with a known name on both sides; otherwise it is a word.
    fn both_ways(&self, text: &str) -> Option<Pair> {
        text.match_indices('-').find_map(|(at, _)| {
            let (source, target) = (&text[..at], &text[at + 1..]);
            let sides = !source.is_empty() && !target.is_empty();
            // Small letters alone are rather a word with a hyphen than two ids.
            let named = text.chars().any(char::is_uppercase);
            (sides && named)
                .then(|| Some(Pair { source: (self.who)(source)?, target: (self.who)(target)?, directed: false }))?
        })
    }

    fn pair(&mut self, column: usize, pair: Pair) {
        if self.query.pair.is_some() {
            return self.fault(column, "a second dyad", "one dyad a query");
        }
        self.query.pair = Some(pair);
    }

    fn actor(&mut self, token: &Token) -> Option<ActorSet> {
        let name = token.text();
        let found = if name.is_empty() { None } else { (self.who)(&name) };
        if found.is_none() {
            let what =
                if name.is_empty() { "a name is missing".to_string() } else { format!("nobody known as {name}") };
            let hint = "a code (RUS), an id (NATO, xi-jinping) or a name as news writes it; `demarche who` finds them";
            self.fault(token.column, what, hint);
        }
        found
    }

    fn set(&mut self, key: &Token, value: &Token) {
        let (name, text, column) = (key.text(), value.text(), value.column);
        if text.is_empty() {
            return self.fault(column, format!("{name}: without a value"), "");
        }
        match name.as_str() {
            "actor" => {
                if let Some(actor) = self.actor(value) {
                    self.query.actors.push(actor);
                }
            }
            "type" => self.list(value, |q, word| {
                let found = EventType::parse(&word.to_uppercase());
                found.map(|t| q.types.push(t)).ok_or((format!("no event type {word}"), "one of PLOVER's sixteen"))
            }),
            "mode" => self.list(value, |q, word| {
                let found = Mode::parse(&word.to_lowercase());
                found.map(|m| q.modes.push(m)).ok_or((format!("no mode {word}"), "see data/codebook/modes.toml"))
            }),
            "class" => self.list(value, |q, word| {
                let found = classes(word);
                if found.is_empty() {
                    let hint = "1 to 4, cooperation, conflict, verbal, material, or verbal-conflict and the like";
                    return Err((format!("no quad class {word}"), hint));
                }
                found.iter().for_each(|&class| q.classes.push(class));
                Ok(())
            }),
            "polarity" => match closed::<Polarity>(&text) {
                Some(polarity) => self.query.polarity = Some(polarity),
                None => self.fault(column, format!("no polarity {text}"), "positive or negative"),
            },
            "modality" => match closed::<Modality>(&text) {
                Some(modality) => self.query.modality = Some(modality),
                None => self.fault(
                    column,
                    format!("no modality {text}"),
                    "asserted, planned, possible, conditional, demanded or believed",
                ),
            },
            "from" | "until" | "known" => match first_day(&text) {
                Some(day) if name == "from" => self.query.from = Some(day),
                Some(day) if name == "until" => self.query.until = Some(day),
                Some(day) => self.query.known_on = Some(day),
                None => self.fault(column, format!("no date {text}"), "2025-03-01, 2025-03 or 2025"),
            },
            "place" => self.query.place = Some(text),
            "country" => self.query.country = Some(text.to_uppercase()),
            "publisher" | "source" => self.query.publisher = Some(text),
            "dataset" => self.query.dataset = Some(text),
            "story" => self.query.story = Some(text),
            "document" => self.query.document = Some(text),
            "min-origins" => match text.parse() {
                Ok(number) => self.query.min_origins = number,
                Err(_) => self.fault(column, format!("no number {text}"), "a whole number"),
            },
            "all" | "reports" => match text.as_str() {
                "yes" if name == "all" => self.query.all = true,
                "yes" => self.query.reports = true,
                "no" => {}
                _ => self.fault(column, format!("{name}: is yes or no"), ""),
            },
            _ => self.fault(key.column, format!("no key {name}"), KEYS),
        }
    }

    fn list(&mut self, value: &Token, mut add: impl FnMut(&mut Query, &str) -> Result<(), (String, &'static str)>) {
        let mut column = value.column;
        for word in value.text().split(',') {
            if let Err((what, hint)) = add(&mut self.query, word) {
                self.fault(column, what, hint);
            }
            column += word.chars().count() + 1;
        }
    }
}

fn key_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c == '-'
}

fn closed<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_string())).ok()
}

fn classes(word: &str) -> &'static [QuadClass] {
    use QuadClass::{MaterialConflict, MaterialCooperation, VerbalConflict, VerbalCooperation};
    match word {
        "1" | "verbal-cooperation" => &[VerbalCooperation],
        "2" | "material-cooperation" => &[MaterialCooperation],
        "3" | "verbal-conflict" => &[VerbalConflict],
        "4" | "material-conflict" => &[MaterialConflict],
        "cooperation" => &[VerbalCooperation, MaterialCooperation],
        "conflict" => &[VerbalConflict, MaterialConflict],
        "verbal" => &[VerbalCooperation, VerbalConflict],
        "material" => &[MaterialCooperation, MaterialConflict],
        _ => &[],
    }
}
