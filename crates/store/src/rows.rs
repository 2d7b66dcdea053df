//! Events as the rows of their tables, all by number. Nothing here asks the ledger, so that one thread can make the rows
//! that another one writes.

use crate::days::day_number;
use crate::dictionary::{Dictionary, News};
use crate::entry::Entry;
use crate::error::Result;
use crate::insert::Parameters;
use crate::rollup::{self, Share};
use crate::write::{exact, id_number, json};
use demarche_core::{ActorRef, Event, Span};

/// Where an event is filed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filing {
    pub(crate) document: Option<i64>,
    pub(crate) sentence: Option<i64>,
    pub(crate) dataset: i64,
    pub(crate) known: i32,
    /// Whether the document is of an older version of its page.
    pub(crate) gone: Option<i32>,
    pub(crate) correction: Option<i64>,
}

/// A row of `event`, but for the number of the run.
#[derive(Debug)]
pub(crate) struct EventRow {
    pub(crate) key: i64,
    pub(crate) hash: i64,
    pub(crate) filing: Filing,
    pub(crate) event_type: i64,
    pub(crate) mode: Option<i64>,
    pub(crate) contexts: Option<i64>,
    pub(crate) cameo: Option<i64>,
    pub(crate) quad: u8,
    pub(crate) intensity: f64,
    pub(crate) polarity: i64,
    pub(crate) modality: i64,
    pub(crate) tense: i64,
    pub(crate) cue: Option<i64>,
    pub(crate) day: i32,
    pub(crate) from: Option<i32>,
    pub(crate) until: Option<i32>,
    pub(crate) precision: Option<i64>,
    pub(crate) basis: Option<i64>,
    pub(crate) scope: Option<i64>,
    pub(crate) place: Option<i64>,
    pub(crate) place_text: Option<i64>,
    pub(crate) place_scope: Option<i64>,
    pub(crate) confidence: f64,
    pub(crate) grounds: Option<String>,
    pub(crate) counted: bool,
    /// What it adds to the monthly sums.
    pub(crate) share: Option<Share>,
    /// How many of [`Rows::pairs`] are its own.
    pub(crate) pairs: usize,
}

impl EventRow {
    /// The table and its columns, in the order in which they are given.
    pub(crate) const INTO: &str = "event (key, hash, document, sentence, dataset, type, mode, contexts, cameo, quad, intensity,
        polarity, modality, tense, cue, day, from_day, until_day, precision, basis, scope, place, place_text, place_scope,
        confidence, grounds, counted, lead, story, correction, run, known, gone_run, gone)";

    pub(crate) fn give(&self, run: i64, to: &mut Parameters<'_>) -> rusqlite::Result<()> {
        let filing = &self.filing;
        to.number(self.key)?;
        to.number(self.hash)?;
        to.maybe(filing.document)?;
        to.maybe(filing.sentence)?;
        to.number(filing.dataset)?;
        to.number(self.event_type)?;
        to.maybe(self.mode)?;
        to.maybe(self.contexts)?;
        to.maybe(self.cameo)?;
        to.number(self.quad)?;
        to.other(self.intensity)?;
        to.number(self.polarity)?;
        to.number(self.modality)?;
        to.number(self.tense)?;
        to.maybe(self.cue)?;
        to.number(self.day)?;
        to.maybe(self.from)?;
        to.maybe(self.until)?;
        to.maybe(self.precision)?;
        to.maybe(self.basis)?;
        to.maybe(self.scope)?;
        to.maybe(self.place)?;
        to.maybe(self.place_text)?;
        to.maybe(self.place_scope)?;
        to.other(self.confidence)?;
        to.other(self.grounds.as_deref())?;
        to.number(self.counted)?;
        to.number(true)?;
        to.maybe(None::<i64>)?;
        to.maybe(filing.correction)?;
        to.number(run)?;
        to.number(filing.known)?;
        to.maybe(filing.gone.map(|_| run))?;
        to.maybe(filing.gone)
    }
}

/// A row of `party`.
#[derive(Debug)]
pub(crate) struct PartyRow {
    pub(crate) event: i64,
    pub(crate) role: i64,
    pub(crate) n: i64,
    pub(crate) actor: Option<i64>,
    pub(crate) text: i64,
    pub(crate) span: Span,
    pub(crate) resolved_by: Option<i64>,
    pub(crate) candidates: Option<i64>,
}

impl PartyRow {
    /// The table and its columns, in the order in which they are given.
    pub(crate) const INTO: &str = "party (event, role, n, actor, text, start, \"end\", resolved_by, candidates)";

    pub(crate) fn give(&self, to: &mut Parameters<'_>) -> rusqlite::Result<()> {
        to.number(self.event)?;
        to.number(self.role)?;
        to.number(self.n)?;
        to.maybe(self.actor)?;
        to.number(self.text)?;
        to.number(self.span.start)?;
        to.number(self.span.end)?;
        to.maybe(self.resolved_by)?;
        to.maybe(self.candidates)
    }
}

/// A row of `proof`.
#[derive(Debug)]
pub(crate) struct ProofRow {
    pub(crate) event: i64,
    pub(crate) n: i64,
    pub(crate) role: i64,
    pub(crate) sentence: Option<u32>,
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl ProofRow {
    /// The table and its columns, in the order in which they are given.
    pub(crate) const INTO: &str = "proof (event, n, role, sentence, start, \"end\", text)";

    pub(crate) fn give(&self, to: &mut Parameters<'_>) -> rusqlite::Result<()> {
        to.number(self.event)?;
        to.number(self.n)?;
        to.number(self.role)?;
        to.maybe(self.sentence)?;
        to.number(self.span.start)?;
        to.number(self.span.end)?;
        to.other(&self.text)
    }
}

/// A row of `imported`.
#[derive(Debug)]
pub(crate) struct ImportedRow {
    pub(crate) event: i64,
    pub(crate) source_id: Option<String>,
    pub(crate) published: Option<i32>,
    pub(crate) publisher: Option<i64>,
    pub(crate) url: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) lang: Option<i64>,
    pub(crate) version: Option<i64>,
    pub(crate) extra: Option<String>,
}

impl ImportedRow {
    /// The table and its columns, in the order in which they are given.
    pub(crate) const INTO: &str = "imported (event, source_id, published, publisher, url, title, lang, version, extra)";

    pub(crate) fn give(&self, to: &mut Parameters<'_>) -> rusqlite::Result<()> {
        to.number(self.event)?;
        to.other(self.source_id.as_deref())?;
        to.maybe(self.published)?;
        to.maybe(self.publisher)?;
        to.other(self.url.as_deref())?;
        to.other(self.title.as_deref())?;
        to.maybe(self.lang)?;
        to.maybe(self.version)?;
        to.other(self.extra.as_deref())
    }
}

/// Rows to be written, table by table, each in the order of its keys.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) news: News,
    pub(crate) events: Vec<EventRow>,
    pub(crate) parties: Vec<PartyRow>,
    pub(crate) proofs: Vec<ProofRow>,
    pub(crate) imported: Vec<ImportedRow>,
    /// Pairs of codes, event by event.
    pub(crate) pairs: Vec<(i64, i64)>,
}

impl Rows {
    /// Leaves the room that they took.
    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.parties.clear();
        self.proofs.clear();
        self.imported.clear();
        self.pairs.clear();
    }
}

/// Gives events their numbers.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    pub(crate) words: Dictionary,
    /// The day of the run.
    pub(crate) day: i32,
    /// The last sentence of an imported event: many events come from one.
    last_sentence: Option<(String, i64)>,
    /// Codes of both sides and the pairs of the event in hand.
    codes: [Vec<i64>; 2],
    pairs: Vec<(i64, i64)>,
}

impl Numbering {
    pub(crate) fn new(words: Dictionary, day: i32) -> Numbering {
        Numbering { words, day, ..Numbering::default() }
    }

    /// The rows of an event of another data set.
    pub(crate) fn entry(&mut self, entry: Entry, rows: &mut Rows) -> Result<()> {
        let words = &mut self.words;
        let sentence = entry.sentence_text.as_deref().map(|text| match &self.last_sentence {
            Some((last, key)) if last == text => *key,
            _ => {
                let key = words.sentence(text);
                self.last_sentence = Some((text.to_owned(), key));
                key
            }
        });
        let dataset = words.word(&entry.dataset);
        let publisher = words.word_of(entry.publisher.as_deref());
        let lang = words.word_of(entry.lang.as_deref());
        let version = words.word_of(entry.version.as_deref());
        let published = entry.published.map(day_number);
        let from = entry.event.when.and_then(|w| w.interval.from).map(day_number);
        let known = published.or(from).unwrap_or(self.day).min(self.day);
        let filing = Filing { document: None, sentence, dataset, known, gone: None, correction: None };
        let event = self.event(&entry.event, filing, rows)?;
        let extra = if entry.extra.is_empty() { None } else { Some(json(&entry.extra)?) };
        rows.imported.push(ImportedRow {
            event,
            source_id: entry.source_id,
            published,
            publisher,
            url: entry.url,
            title: entry.title,
            lang,
            version,
            extra,
        });
        Ok(())
    }

    /// The rows of an event; gives its key.
    pub(crate) fn event(&mut self, event: &Event, filing: Filing, rows: &mut Rows) -> Result<i64> {
        let words = &mut self.words;
        let key = words.last_event.next();
        let event_type = words.types[event.event_type as usize];
        let when = event.when.as_ref();
        let from = when.and_then(|w| w.interval.from).map(day_number);
        let until = when.and_then(|w| w.interval.until).map(day_number);
        let day = from.or(until.map(|u| u - 1)).unwrap_or(filing.known);
        let counted = event.counted();
        let intensity = exact(event.intensity);
        let share = rollup::month(when).filter(|_| filing.gone.is_none()).map(|month| Share {
            dataset: filing.dataset,
            month,
            event_type,
            counted,
            thousandths: rollup::thousandths(intensity),
        });
        let row = EventRow {
            key,
            hash: id_number(&event.id),
            filing,
            event_type,
            mode: event.mode.map(|m| words.modes[m as usize]),
            contexts: words.list(event.contexts.iter().map(|c| c.as_str())),
            cameo: words.word_of(event.cameo.as_deref()),
            quad: event.quad.number(),
            intensity,
            polarity: words.polarities[event.polarity as usize],
            modality: words.modalities[event.modality as usize],
            tense: words.tenses[event.tense as usize],
            cue: words.word_of(event.attribution.as_ref().and_then(|a| a.cue.as_deref())),
            day,
            from,
            until,
            precision: when.map(|w| words.precisions[w.precision as usize]),
            basis: when.map(|w| words.bases[w.basis as usize]),
            scope: when.map(|w| words.scopes[w.scope as usize]),
            place: event.place.as_ref().map(|place| words.place(place)),
            place_text: event.place.as_ref().map(|place| words.word(&place.text)),
            place_scope: event.place.as_ref().map(|place| words.scopes[place.scope as usize]),
            confidence: exact(event.confidence),
            grounds: if event.grounds.is_empty() { None } else { Some(json(&event.grounds)?) },
            counted,
            share,
            pairs: 0,
        };
        for ((role, parties), codes) in (0..).zip([&event.actors, &event.recipients]).zip(&mut self.codes) {
            codes.clear();
            for (n, party) in (0..).zip(parties) {
                codes.push(add_party(words, rows, (key, role, n), party));
            }
        }
        let mut n = 0;
        let mut prove = |rows: &mut Rows, role, sentence, span, text: &str| {
            rows.proofs.push(ProofRow { event: key, n, role, sentence, span, text: text.to_owned() });
            n += 1;
        };
        if let Some(attribution) = &event.attribution {
            if let Some(speaker) = &attribution.speaker {
                add_party(words, rows, (key, 2, 0), speaker);
            }
            let quote = words.word("quote");
            for q in &attribution.quotes {
                prove(rows, quote, None, q.span, &q.text);
            }
        }
        for e in &event.evidence {
            prove(rows, words.roles[e.role as usize], Some(e.sentence), e.span, &e.text);
        }
        rollup::pairs(&self.codes[0], &self.codes[1], &mut self.pairs);
        rows.pairs.extend_from_slice(&self.pairs);
        rows.events.push(EventRow { pairs: self.pairs.len(), ..row });
        Ok(key)
    }
}

/// The row of a party; gives its code as a word, 0 where it has none.
fn add_party(words: &mut Dictionary, rows: &mut Rows, (event, role, n): (i64, i64, i64), party: &ActorRef) -> i64 {
    let found = words.actor(party);
    rows.parties.push(PartyRow {
        event,
        role,
        n,
        actor: found.map(|f| f.actor),
        text: words.word(&party.text),
        span: party.span,
        resolved_by: words.list(&party.resolved_by),
        candidates: words.list(party.candidates.iter().map(|c| c.as_str())),
    });
    found.map_or(0, |f| f.code)
}
