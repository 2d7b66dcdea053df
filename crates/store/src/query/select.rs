//! A query as conditions of SQL on one row of `event`, and the events that meet them.
//!
//! Words of the user stand in the SQL as quoted literals alone; everything else is numbers.

use super::ends::End;
use super::{Pair, Query, Term};
use crate::days::day_number;
use crate::dictionary::name;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::read::Stored;
use crate::write::id_number;
use demarche_core::{ActorSet, Designation, EventType, Interval, Member};
use rusqlite::{Connection, OptionalExtension};

/// A text as a literal of SQL.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

/// The key of a word; one that no row has where the ledger does not know it.
pub(crate) fn word_key(conn: &Connection, text: &str) -> Result<i64> {
    let found = conn.prepare_cached("SELECT key FROM word WHERE text = ?1")?.query_row([text], |row| row.get(0));
    Ok(found.optional()?.unwrap_or(NO_WORD))
}

/// How many sentences, and mentions, of a word are looked at where all would be too many.
const REACH: usize = 5_000;

/// Rows of parties among which a name is looked for.
const MENTIONED: usize = 500;

/// No word has it, nor does it stand for anything.
const NO_WORD: i64 = -2;

pub(crate) fn numbers(list: &[i64]) -> String {
    list.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// A condition that the day of an event lies within an interval; nothing for all days.
pub(crate) fn within(day: &str, interval: &Interval) -> Option<String> {
    let from = interval.from.map(|from| format!("{day} >= {}", day_number(from)));
    let until = interval.until.map(|until| format!("{day} < {}", day_number(until)));
    match (from, until) {
        (Some(from), Some(until)) => Some(format!("{from} AND {until}")),
        (one, other) => one.or(other),
    }
}

/// The members of a set by the days of their membership.
pub(super) fn by_interval(set: &ActorSet) -> Vec<(Interval, Vec<&Designation>)> {
    let mut all: Vec<(Interval, Vec<&Designation>)> = Vec::new();
    for member in &set.members {
        match all.iter_mut().find(|(interval, _)| *interval == member.interval) {
            Some((_, list)) => list.push(&member.who),
            None => all.push((member.interval, vec![&member.who])),
        }
    }
    all
}

pub(super) fn any(conditions: Vec<String>) -> String {
    match conditions.as_slice() {
        [] => "0".to_string(),
        [one] => one.clone(),
        _ => format!("({})", conditions.join(" OR ")),
    }
}

/// Whether a party is of a set; `day` is the column with the day of the event.
pub(crate) fn party_of(set: &ActorSet, actor: &str, day: &str) -> String {
    let one = |(interval, list): (Interval, Vec<&Designation>)| {
        let (mut codes, mut ids, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for who in list {
            match who {
                Designation::Code(code) => codes.push(literal(code)),
                Designation::Id(id) => ids.push(literal(id)),
                Designation::Name(name) => names.push(literal(name)),
            }
        }
        let mut told = Vec::new();
        for (column, values) in [("code", codes), ("id", ids), ("name", names)] {
            if !values.is_empty() {
                told.push(format!("SELECT key FROM actor WHERE {column} IN ({})", values.join(", ")));
            }
        }
        let found = format!("{actor} IN ({})", told.join(" UNION "));
        within(day, &interval).map_or(found.clone(), |days| format!("({found} AND {days})"))
    };
    any(by_interval(set).into_iter().map(one).collect())
}

/// The codes of a set, where all its members are told by code.
pub(super) fn codes(set: &ActorSet) -> Option<Vec<(&str, Interval)>> {
    let code = |member: &'_ Member| matches!(member.who, Designation::Code(_));
    if !set.members.iter().all(code) {
        return None;
    }
    Some(set.members.iter().filter_map(|member| Some((member.who.code()?, member.interval))).collect())
}

/// One side of a pair in `dyad`.
fn side(conn: &Connection, list: &[(&str, Interval)], column: &str) -> Result<String> {
    let mut keys = Vec::new();
    let mut dated: Vec<(Interval, Vec<i64>)> = Vec::new();
    for (code, interval) in list {
        let key = word_key(conn, code)?;
        keys.push(key);
        match dated.iter_mut().find(|(other, _)| other == interval) {
            Some((_, list)) => list.push(key),
            None => dated.push((*interval, vec![key])),
        }
    }
    let all = format!("{column} IN ({})", numbers(&keys));
    if dated.iter().all(|(interval, _)| *interval == Interval::ALWAYS) {
        return Ok(all);
    }
    let one = |(interval, keys): (Interval, Vec<i64>)| {
        let found = format!("{column} IN ({})", numbers(&keys));
        within("y.day", &interval).map_or(found.clone(), |days| format!("({found} AND {days})"))
    };
    Ok(format!("{all} AND {}", any(dated.into_iter().map(one).collect())))
}

fn one_way(conn: &Connection, source: &ActorSet, target: &ActorSet, days: &Interval) -> Result<String> {
    if let (Some(sources), Some(targets)) = (codes(source), codes(target)) {
        let (source, target) = (side(conn, &sources, "y.source")?, side(conn, &targets, "y.target")?);
        let days = within("y.day", days).map_or(String::new(), |days| format!(" AND {days}"));
        return Ok(format!("SELECT y.event FROM dyad y WHERE {source} AND {target}{days}"));
    }
    // An event without recipients is between all who take part.
    Ok(format!(
        "SELECT p.event FROM party p JOIN event x ON x.key = p.event JOIN party q ON q.event = p.event
         WHERE p.role = 0 AND (q.role = 1 OR (q.role = 0 AND q.n <> p.n AND NOT EXISTS
         (SELECT 1 FROM party r WHERE r.event = p.event AND r.role = 1))) AND {} AND {}",
        party_of(source, "p.actor", "x.day"),
        party_of(target, "q.actor", "x.day")
    ))
}

fn between(conn: &Connection, pair: &Pair, days: &Interval) -> Result<String> {
    let there = one_way(conn, &pair.source, &pair.target, days)?;
    if pair.directed {
        return Ok(there);
    }
    Ok(format!("{there} UNION {}", one_way(conn, &pair.target, &pair.source, days)?))
}

/// Terms as FTS5 reads them: each in quotation marks, so that nothing in them is an operator.
pub(crate) fn matching(terms: &[Term]) -> String {
    let one = |term: &Term| format!("\"{}\"{}", term.words.replace('"', "\"\""), if term.begins { "*" } else { "" });
    terms.iter().map(one).collect::<Vec<_>>().join(" AND ")
}

/// The keys of a word in any case of letters: a publisher's name is rarely known to the letter.
pub(crate) fn word_in_any_case(conn: &Connection, text: &str) -> Result<Vec<i64>> {
    let exact = word_key(conn, text)?;
    if exact != NO_WORD {
        return Ok(vec![exact]);
    }
    let mut found = conn.prepare_cached("SELECT key FROM word WHERE text = ?1 COLLATE NOCASE ORDER BY key")?;
    Ok(found.query_map([text], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

impl Query {
    /// The days asked for.
    pub(crate) fn days(&self) -> Interval {
        Interval { from: self.from, until: self.until }
    }

    /// The types that the types and classes asked for leave; `None` for all.
    pub(crate) fn types_left(&self) -> Option<Vec<EventType>> {
        if self.types.is_empty() && self.classes.is_empty() {
            return None;
        }
        let left = |t: &&EventType| {
            (self.types.is_empty() || self.types.contains(t))
                && (self.classes.is_empty() || self.classes.contains(&t.quad()))
        };
        Some(EventType::ALL.iter().filter(left).copied().collect())
    }

    /// Whether reports of one happening may differ in what is asked, so that another than its lead may stand for it.
    pub(super) fn tells_reports_apart(&self) -> bool {
        !self.text.is_empty()
            || !self.modes.is_empty()
            || self.place.is_some()
            || self.country.is_some()
            || self.publisher.is_some()
            || self.document.is_some()
            || self.known_on.is_some()
            || self.polarity.is_some()
            || self.modality.is_some()
    }

    /// The conditions on the row `e` of `event`, each happening once unless reports are asked for.
    pub(crate) fn conditions(&self, conn: &Connection) -> Result<String> {
        self.all_conditions(conn, Finding::All)
    }

    /// The same, as what the answer wants of the events has it.
    pub(super) fn all_conditions(&self, conn: &Connection, finding: Finding) -> Result<String> {
        let mut all = self.plain_conditions(conn, "e", finding)?;
        if !self.reports {
            if self.tells_reports_apart() {
                let same = self.plain_conditions(conn, "o", finding)?;
                all.push(format!(
                    "(e.story IS NULL OR e.key = (SELECT o.key FROM event o WHERE o.story = e.story AND {}
                     ORDER BY o.lead DESC, o.key LIMIT 1))",
                    same.join(" AND ")
                ));
            } else {
                all.push("e.lead = 1".to_string());
            }
        }
        Ok(all.join(" AND "))
    }

    /// The conditions on the row of an event taken by itself.
    fn plain_conditions(&self, conn: &Connection, e: &str, finding: Finding) -> Result<Vec<String>> {
        let mut all = Vec::new();
        if let Some(pair) = &self.pair {
            all.push(format!("{e}.key IN ({})", between(conn, pair, &self.days())?));
        }
        for actor in &self.actors {
            // Whether a membership held on its day is a question to the event itself. The plus keeps SQLite from looking
            // for each of many actors in turn among the parties of one event.
            let found = party_of(actor, "p.actor", "x.day");
            let here = party_of(actor, "+p.actor", &format!("{e}.day"));
            let dated = if found.contains("x.day") { " JOIN event x ON x.key = p.event" } else { "" };
            let tried = format!("SELECT 1 FROM party p WHERE p.event = {e}.key AND p.role < 2 AND {here}");
            all.push(if self.is_wordy() {
                // Few events are left: each is asked for its parties, and not the actor for all its events.
                format!("EXISTS ({tried})")
            } else {
                let gathered = format!("SELECT p.event FROM party p{dated} WHERE p.role < 2 AND {found}");
                let finding = if self.is_short() { Finding::Latest } else { finding };
                finding.one_of(conn, &format!("{e}.key"), &gathered, &tried, (&gathered, MANY))?
            });
        }
        if !self.text.is_empty() {
            let words = literal(&matching(&self.text));
            let near = format!(
                "{e}.key IN (SELECT t.key FROM event t WHERE t.sentence IN
                 (SELECT rowid FROM sentence_words WHERE sentence_words MATCH {words} ORDER BY rowid DESC LIMIT {REACH})
                 UNION ALL SELECT event FROM (SELECT p.event FROM actor_words w CROSS JOIN party p ON p.actor = w.rowid
                 WHERE w.actor_words MATCH {words} LIMIT {REACH}))"
            );
            all.push(if finding == Finding::Near {
                near
            } else {
                finding.one_of(
                    conn,
                    &format!("{e}.key"),
                    &format!(
                        "SELECT t.key FROM sentence_words w CROSS JOIN event t ON t.sentence = w.rowid
                     WHERE w.sentence_words MATCH {words} UNION ALL
                     SELECT p.event FROM actor_words w CROSS JOIN party p ON p.actor = w.rowid
                     WHERE w.actor_words MATCH {words}"
                    ),
                    &format!(
                        "SELECT 1 FROM sentence_words w WHERE w.rowid = {e}.sentence AND w.sentence_words MATCH {words}
                     UNION ALL SELECT 1 FROM party p WHERE p.event = {e}.key
                     AND +p.actor IN (SELECT rowid FROM actor_words WHERE actor_words MATCH {words})"
                    ),
                    (
                        &format!(
                            "SELECT rowid FROM sentence_words WHERE sentence_words MATCH {words} UNION ALL
                             SELECT p.event FROM actor_words w CROSS JOIN party p ON p.actor = w.rowid
                             WHERE w.actor_words MATCH {words}"
                        ),
                        many_words(conn)?,
                    ),
                )?
            });
        }
        all.extend(within(&format!("{e}.day"), &self.days()));
        let keys = |words: Vec<String>| -> Result<Vec<i64>> { words.iter().map(|w| word_key(conn, w)).collect() };
        if let Some(types) = self.types_left() {
            let types = keys(types.iter().map(|t| t.to_string()).collect())?;
            all.push(format!("{e}.type IN ({})", numbers(&types)));
        }
        if !self.modes.is_empty() {
            let modes = keys(self.modes.iter().map(|m| m.to_string()).collect())?;
            all.push(format!("{e}.mode IN ({})", numbers(&modes)));
        }
        if let Some(polarity) = &self.polarity {
            all.push(format!("{e}.polarity = {}", word_key(conn, &name(polarity))?));
        }
        if let Some(modality) = &self.modality {
            all.push(format!("{e}.modality = {}", word_key(conn, &name(modality))?));
        }
        if !self.beyond_counts() {
            all.push(format!("{e}.counted = 1"));
        }
        if let Some(place) = &self.place {
            let place = literal(place);
            all.push(format!(
                "{e}.place IN (SELECT key FROM place WHERE name = {place} COLLATE NOCASE OR region = {place} COLLATE NOCASE)"
            ));
        }
        if let Some(country) = &self.country {
            all.push(format!("{e}.place IN (SELECT key FROM place WHERE country = {})", literal(country)));
        }
        if let Some(publisher) = &self.publisher {
            let keys = numbers(&word_in_any_case(conn, publisher)?);
            // Asked of each event in turn: the latest are found before all of a publisher's are gathered.
            all.push(format!(
                "((SELECT d.publisher FROM document d WHERE d.key = {e}.document) IN ({keys})
                 OR (SELECT i.publisher FROM imported i WHERE i.event = {e}.key) IN ({keys}))"
            ));
        }
        if let Some(dataset) = &self.dataset {
            all.push(format!("{e}.dataset = {}", word_key(conn, dataset)?));
        }
        if let Some(story) = &self.story {
            all.push(format!("{e}.story = (SELECT key FROM story WHERE hash = {})", id_number(story)));
        }
        if let Some(document) = &self.document {
            all.push(format!("{e}.document = (SELECT key FROM document WHERE hash = {})", id_number(document)));
        }
        match self.known_on.map(day_number) {
            Some(day) => {
                all.push(format!("{e}.known <= {day} AND ({e}.gone IS NULL OR {e}.gone > {day})"));
                if self.min_origins > 1 {
                    all.push(format!(
                        "(SELECT count(DISTINCT r.origin) FROM report r JOIN document d ON d.key = r.document
                         WHERE r.story = {e}.story AND d.known <= {day}) >= {}",
                        self.min_origins
                    ));
                }
            }
            None => {
                all.push(format!("{e}.gone_run IS NULL"));
                if self.min_origins > 1 {
                    all.push(format!("(SELECT origins FROM story WHERE key = {e}.story) >= {}", self.min_origins));
                }
            }
        }
        Ok(all)
    }

    /// One code on each side, the same on all the days asked for: what the monthly sums are kept by.
    pub(crate) fn simple_pair(&self) -> Option<(&str, &str, bool)> {
        let pair = self.pair.as_ref()?;
        let days = self.days();
        let one =
            |set: &'_ ActorSet| matches!(set.members.as_slice(), [m] if m.interval.intersect(&days) == Some(days));
        if !one(&pair.source) || !one(&pair.target) {
            return None;
        }
        Some((pair.source.members[0].who.code()?, pair.target.members[0].who.code()?, pair.directed))
    }

    /// Whether words, a story or a document leave few events.
    fn is_wordy(&self) -> bool {
        !self.text.is_empty() || self.story.is_some() || self.document.is_some()
    }

    /// Whether its days are a year or less.
    fn is_short(&self) -> bool {
        self.from.zip(self.until).is_some_and(|(from, until)| day_number(until) - day_number(from) <= 366)
    }

    /// The one code that is asked for, the same on all the days: what the monthly sums and the dyads are kept by.
    pub(crate) fn simple_actor(&self) -> Option<&str> {
        let ([set], None) = (self.actors.as_slice(), &self.pair) else { return None };
        let days = self.days();
        match set.members.as_slice() {
            [member] if member.interval.intersect(&days) == Some(days) => member.who.code(),
            _ => None,
        }
    }

    /// The same without its actors.
    pub(crate) fn of_anybody(&self) -> Query {
        Query { actors: Vec::new(), ..self.clone() }
    }

    /// Whether the monthly sums can answer, apart from who is between whom: they hold what is in force and counts.
    pub(crate) fn fits_sums(&self) -> bool {
        let first = |day: Option<jiff::civil::Date>| day.is_none_or(|day| day.day() == 1);
        self.text.is_empty()
            && self.actors.is_empty()
            && self.modes.is_empty()
            && !self.beyond_counts()
            && first(self.from)
            && first(self.until)
            && self.place.is_none()
            && self.country.is_none()
            && self.publisher.is_none()
            && self.story.is_none()
            && self.document.is_none()
            && self.min_origins <= 1
            && self.known_on.is_none()
            && !self.reports
    }
}

/// What an answer wants of the events that meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// All of them.
    All,
    /// The latest few: where many meet a condition, the events are tried one by one from the latest on.
    Latest,
    /// The latest few, of words that very many sentences have among those that came in last: in little time, whatever
    /// is asked.
    Near,
}

/// So many are gathered and sorted sooner than the latest of them are found by trying one after the other.
const MANY: usize = 20_000;

/// The same of words. To look one sentence up in the index of words takes as long as to gather some 150 of a word's, and
/// of `n` events with `h` that have it some 50 · n / h are tried: both ways cost the same at the root of 7,500 · n.
fn many_words(conn: &Connection) -> Result<usize> {
    let events: Option<i64> = conn.query_row("SELECT max(key) FROM event", [], |row| row.get(0))?;
    Ok(((events.unwrap_or(0).max(0) as f64 * 7_500.0).sqrt() as usize).max(MANY))
}

impl Finding {
    /// The condition that `column` is one of the `gathered`, or the same as the question `tried` to the row at hand.
    /// Which is quicker is told by whether more than so many are `counted`.
    fn one_of(
        self,
        conn: &Connection,
        column: &str,
        gathered: &str,
        tried: &str,
        (counted, most): (&str, usize),
    ) -> Result<String> {
        let many = match self {
            Finding::All => false,
            Finding::Latest | Finding::Near => {
                let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({counted}) LIMIT {})", most + 1);
                conn.query_row(&sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs() > most as u64
            }
        };
        Ok(if many { format!("EXISTS ({tried})") } else { format!("{column} IN ({gathered})") })
    }
}

/// A place in the order of events: by day, then as they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) day: i32,
    pub(crate) key: i64,
}

impl Cursor {
    /// From what `Display` writes.
    pub fn parse(text: &str) -> Option<Cursor> {
        let (day, key) = text.split_once('.')?;
        Some(Cursor { day: day.parse().ok()?, key: key.parse().ok()? })
    }

    /// The day and the key.
    pub(crate) fn place(self) -> (i32, i64) {
        (self.day, self.key)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.day, self.key)
    }
}

impl Ledger {
    /// The keys of the events of a query, by day and then in the order in which they came in; of more than `limit` the
    /// latest.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn keys(&self, query: &Query, limit: Option<usize>) -> Result<Vec<i64>> {
        self.keys_before(query, limit, None, if limit.is_some() { Finding::Latest } else { Finding::All })
    }

    fn keys_before(
        &self,
        query: &Query,
        limit: Option<usize>,
        before: Option<Cursor>,
        finding: Finding,
    ) -> Result<Vec<i64>> {
        if let (Some(limit), Some((source, target, directed))) = (limit, query.simple_pair()) {
            return self.keys_of_dyad(query, (source, target, directed), limit, before);
        }
        if let (Some(limit), Some(code), false) = (limit, query.simple_actor(), query.is_wordy()) {
            let mut keys = self.keys_of_code(query, code, limit, before.map(Cursor::place), End::Latest)?;
            keys.reverse();
            return Ok(keys);
        }
        let conditions = query.all_conditions(self.conn(), finding)?;
        let limit = limit.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX));
        let before = before.map_or(String::new(), |p| format!(" AND (e.day, e.key) < ({}, {})", p.day, p.key));
        let sql = format!(
            "SELECT e.key FROM event e WHERE {conditions}{before} ORDER BY e.day DESC, e.key DESC LIMIT {limit}"
        );
        let mut found = self.conn().prepare(&sql)?;
        let mut keys: Vec<i64> = found.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        keys.reverse();
        Ok(keys)
    }

    /// The latest of a dyad, read off the end of its own order: what two great powers did in twenty years is not sorted
    /// for the sake of fifty rows.
    fn keys_of_dyad(
        &self,
        query: &Query,
        (source, target, directed): (&str, &str, bool),
        limit: usize,
        before: Option<Cursor>,
    ) -> Result<Vec<i64>> {
        let conn = self.conn();
        let (source, target) = (word_key(conn, source)?, word_key(conn, target)?);
        let conditions = Query { pair: None, ..query.clone() }.all_conditions(conn, Finding::Latest)?;
        let days = within("y.day", &query.days()).map_or(String::new(), |days| format!(" AND {days}"));
        let before = before.map_or(String::new(), |p| format!(" AND (y.day, y.event) < ({}, {})", p.day, p.key));
        let mut found: Vec<(i32, i64)> = Vec::new();
        let ways = if directed || source == target {
            vec![(source, target)]
        } else {
            vec![(source, target), (target, source)]
        };
        for (source, target) in ways {
            // CROSS JOIN keeps SQLite to this order of tables.
            let mut rows = conn.prepare(&format!(
                "SELECT y.day, y.event FROM dyad y CROSS JOIN event e ON e.key = y.event
                 WHERE y.source = {source} AND y.target = {target}{days}{before} AND {conditions}
                 ORDER BY y.day DESC, y.event DESC LIMIT {limit}"
            ))?;
            found.extend(
                rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()?,
            );
        }
        found.sort_unstable();
        found.dedup();
        Ok(found.into_iter().rev().take(limit).rev().map(|(_, key)| key).collect())
    }

    /// The latest `limit` events of a query before a place in their order, the latest first, and the place from which
    /// to go on; `None` where there are no more.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn rows_before(
        &self,
        query: &Query,
        limit: usize,
        before: Option<Cursor>,
    ) -> Result<(Vec<Stored>, Option<Cursor>)> {
        let keys = self.keys_before(query, Some(limit + 1), before, Finding::Latest)?;
        let (keys, next) = self.page_of(keys, limit)?;
        Ok((self.stored(&keys)?, next))
    }

    /// The same by their keys, and of words that very many sentences have only the latest of these; see
    /// [`Ledger::words_beyond_reach`].
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn found_before(
        &self,
        query: &Query,
        limit: usize,
        before: Option<Cursor>,
    ) -> Result<(Vec<i64>, Option<Cursor>)> {
        let keys = self.keys_before(query, Some(limit + 1), before, Finding::Near)?;
        self.page_of(keys, limit)
    }

    /// Whether more sentences or mentions have the words of a query than [`Ledger::found_before`] looks at, and how many
    /// those are.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn words_beyond_reach(&self, query: &Query) -> Result<Option<usize>> {
        if query.text.is_empty() {
            return Ok(None);
        }
        let words = literal(&matching(&query.text));
        let number = |of: String| -> Result<i64> {
            let sql = format!("SELECT count(*) FROM ({of} LIMIT {})", REACH + 1);
            Ok(self.conn().query_row(&sql, [], |row| row.get(0))?)
        };
        let sentences = number(format!("SELECT 1 FROM sentence_words WHERE sentence_words MATCH {words}"))?;
        let mentions = number(format!(
            "SELECT 1 FROM party p WHERE p.actor IN (SELECT rowid FROM actor_words WHERE actor_words MATCH {words})"
        ))?;
        Ok((usize::try_from(sentences.max(mentions)).unwrap_or(usize::MAX) > REACH).then_some(REACH))
    }

    /// Of keys in order the latest `limit`, the latest first, and where they go on.
    fn page_of(&self, mut keys: Vec<i64>, limit: usize) -> Result<(Vec<i64>, Option<Cursor>)> {
        let more = keys.len() > limit;
        keys.reverse();
        keys.truncate(limit);
        let last = keys.last().copied().filter(|_| more);
        Ok((keys, last.map(|key| self.cursor_of(key)).transpose()?))
    }

    /// Events by their keys.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn stored(&self, keys: &[i64]) -> Result<Vec<Stored>> {
        let mut reader = self.reader();
        keys.iter().map(|&key| reader.event(key)).collect()
    }

    /// The events of a query, as [`Ledger::keys`] orders them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn rows(&self, query: &Query, limit: Option<usize>) -> Result<Vec<Stored>> {
        self.stored(&self.keys(query, limit)?)
    }

    /// How many events a query finds.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn count(&self, query: &Query) -> Result<u64> {
        let conditions = query.conditions(self.conn())?;
        let sql = format!("SELECT count(*) FROM event e WHERE {conditions}");
        Ok(self.conn().query_row(&sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// The first and the last day of the events of a query.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn span(&self, query: &Query) -> Result<Option<(jiff::civil::Date, jiff::civil::Date)>> {
        if let (Some(code), true) = (query.simple_actor(), query.text.is_empty()) {
            let end = |end| -> Result<Option<jiff::civil::Date>> {
                let key = self.keys_of_code(query, code, 1, None, end)?;
                let Some(key) = key.first() else { return Ok(None) };
                let day = self.conn().query_row("SELECT day FROM event WHERE key = ?1", [key], |row| row.get(0))?;
                Ok(crate::days::day_of(day))
            };
            return Ok(end(End::Earliest)?.zip(end(End::Latest)?));
        }
        let conditions = query.conditions(self.conn())?;
        let sql = format!("SELECT min(e.day), max(e.day) FROM event e WHERE {conditions}");
        let ends: (Option<i32>, Option<i32>) = self.conn().query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let day = |number: Option<i32>| number.and_then(crate::days::day_of);
        Ok(day(ends.0).zip(day(ends.1)))
    }
}

impl Ledger {
    /// Whether a party of this very name is in the ledger.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_party(&self, name: &str) -> Result<bool> {
        // Through the words of names, which have an index; the name itself has none.
        let terms = [Term { words: name.to_string(), begins: false }];
        if !name.chars().any(char::is_alphanumeric) {
            return Ok(false);
        }
        let found = self
            .conn()
            .prepare_cached(
                "SELECT 1 FROM actor WHERE name = ?1 AND key IN (SELECT rowid FROM actor_words WHERE actor_words MATCH ?2)
                 LIMIT 1",
            )?
            .query_row([name, &matching(&terms)], |_| Ok(()));
        Ok(found.optional()?.is_some())
    }

    /// Parties of the ledger whose names have the words of a query: id or else name, name, and the office of one of them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn parties_named(&self, query: &Query, limit: usize) -> Result<Vec<(String, String, Option<String>)>> {
        if query.text.is_empty() {
            return Ok(Vec::new());
        }
        let words = literal(&format!("name : ({})", matching(&query.text)));
        // The same person has a row for each office and sector.
        let mut rows = self.conn().prepare(&format!(
            "SELECT coalesce(id, name), name, max(office) FROM actor WHERE name IS NOT NULL AND key IN
             (SELECT rowid FROM actor_words WHERE actor_words MATCH {words} ORDER BY rowid LIMIT {MENTIONED})
             GROUP BY coalesce(id, name) ORDER BY length(name), name LIMIT {limit}"
        ))?;
        Ok(rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?)
    }
}
