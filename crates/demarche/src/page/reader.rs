//! A text with all that was read in it: who, what, when, where, whose words, each with the bytes that say so, and why.
//!
//! The same whether an article was coded just now or is kept in a ledger; what only the coding itself knows (its traces,
//! every mention of everybody, every place) is missing from the latter.

use super::segment::{Segment, segments};
use super::why::Why;
use crate::{Coded, Engine};
use demarche_coder::when::Teller;
use demarche_coder::{Coder, Trace};
use demarche_core::{
    ActorRef, Basis, Check, DocumentRecord, Event, Evidence, Interval, Note, Record, Relation, Role, Scope, Span,
    Statement,
};
use demarche_store::collect::document::DocumentFound;
use demarche_text::{SentenceKind, quote, segment::paragraphs, timex};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A layer that can be shown or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Who.
    Actors,
    /// What happens.
    Events,
    /// Whose words.
    Quotes,
    /// When.
    Dates,
    /// Where.
    Places,
}

impl Layer {
    /// All of them, in the order of their keys.
    pub const ALL: [Layer; 5] = [Layer::Actors, Layer::Events, Layer::Quotes, Layer::Dates, Layer::Places];

    /// As addresses write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Layer::Actors => "actors",
            Layer::Events => "events",
            Layer::Quotes => "quotes",
            Layer::Dates => "dates",
            Layer::Places => "places",
        }
    }
}

/// What a stretch of the text is to a record, or by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The words of an act.
    Trigger,
    /// Who acts.
    Actor,
    /// To whom.
    Recipient,
    /// Somebody known, with no part in anything.
    Mention,
    /// Who says it.
    Speaker,
    /// The words that mark a report.
    Cue,
    /// What is said.
    Said,
    /// Words between quotation marks.
    Quoted,
    /// When.
    Date,
    /// Where.
    Place,
    /// What a check is about.
    Claim,
}

impl Part {
    /// The layer that it belongs to; claims are marked always, by their footnotes.
    pub const fn layer(self) -> Option<Layer> {
        Some(match self {
            Part::Trigger => Layer::Events,
            Part::Actor | Part::Recipient | Part::Mention | Part::Speaker => Layer::Actors,
            Part::Said | Part::Quoted => Layer::Quotes,
            Part::Date => Layer::Dates,
            Part::Place => Layer::Places,
            Part::Cue | Part::Claim => return None,
        })
    }
}

/// A stretch of the text with what it is and to which record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub part: Part,
    /// The id of the record; `None` for what is there by itself.
    pub of: Option<String>,
    /// What is known of it: who is named, which day.
    pub says: Option<String>,
}

/// A sentence of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SentenceRow {
    /// Its number, from 0: the number of its anchor.
    pub n: u32,
    /// Its bytes.
    #[serde(flatten)]
    pub span: Span,
    /// `title`, `body`, `caption`, `furniture`.
    pub kind: &'static str,
}

/// A paragraph, cut for showing.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its bytes.
    pub span: Span,
    /// Its sentences and what lies between them.
    pub pieces: Vec<Piece>,
}

/// A sentence, or what lies between two.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Which sentence, as a position in [`ReaderPage::sentences`].
    pub sentence: Option<usize>,
    /// Why it is no part of the report, where it is none: "caption", "newsletter", …
    pub aside: Option<String>,
    /// Its stretches; their marks are positions in [`ReaderPage::marks`].
    pub segments: Vec<Segment>,
}

/// An event with why, and where it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventRead {
    /// The event.
    #[serde(flatten)]
    pub event: Event,
    /// The happening that it belongs to, where a ledger has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<String>,
    /// The correction that changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<i64>,
    /// Why it was coded so.
    pub why: Why,
}

/// A text with all that was read in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReaderPage {
    /// What is known of it as a whole.
    pub record: DocumentRecord,
    /// Who signs it.
    pub byline: Option<String>,
    /// Its clean text, in which all offsets count.
    pub text: String,
    /// Its sentences in order, none over another.
    pub sentences: Vec<SentenceRow>,
    /// Its paragraphs.
    pub blocks: Vec<Block>,
    /// All that is marked.
    pub marks: Vec<Mark>,
    /// Who did what to whom.
    pub events: Vec<EventRead>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// What stands between actors.
    pub relations: Vec<Relation>,
    /// Stated facts held against the reference: the footnotes, numbered from 1.
    pub checks: Vec<Check>,
    /// What was passed over.
    pub notes: Vec<Note>,
    /// Sentences that a look at their words showed to report nothing, so that they were not parsed.
    pub glanced: usize,
}

/// A time that the text names, and its days where they are known.
struct Told {
    span: Span,
    days: Option<Interval>,
}

impl ReaderPage {
    /// Of an article that was coded just now.
    pub fn fresh(engine: &Engine, coded: &Coded) -> ReaderPage {
        let (doc, coding) = (&coded.doc, &coded.coding);
        let head = coded.records(false).into_iter().find_map(|record| match record {
            Record::Document(record) => Some(record),
            _ => None,
        });
        let sentences = doc.sentences().map(|s| SentenceRow {
            n: s.ix().0,
            span: s.span(),
            kind: match s.kind() {
                SentenceKind::Title => "title",
                SentenceKind::Body => "body",
                SentenceKind::Caption => "caption",
                SentenceKind::Furniture => "furniture",
            },
        });
        let knowledge = engine.knowledge();
        let trace = |event: &Event| -> Option<&Trace> { coding.traces.iter().find(|t| t.event == event.id) };
        let events = coding.events.iter().map(|event| EventRead {
            event: event.clone(),
            story: None,
            correction: None,
            why: Why::of(knowledge, event, trace(event), doc.meta.published),
        });
        let mut marks = Vec::new();
        let mut times = Vec::new();
        if doc.meta.lang == "en" {
            let coder = Coder::new(knowledge);
            times.extend(coder.times(doc).into_iter().map(|t| Told { span: t.span, days: t.days.map(|days| days.0) }));
            for party in coder.mentions(doc).into_iter().flat_map(|(_, parties)| parties) {
                if party.id.is_some() || party.code.is_some() {
                    marks.push(mention(&party));
                }
            }
            marks.extend(coder.places(doc).into_iter().map(|found| Mark {
                span: found.span,
                part: Part::Place,
                of: None,
                says: Some(found.place.name),
            }));
        }
        let quotes = doc.quotations.iter().map(|q| q.outer);
        ReaderPage {
            byline: doc.meta.byline.clone(),
            text: doc.text.clone(),
            sentences: sentences.collect(),
            blocks: Vec::new(),
            marks,
            events: events.collect(),
            statements: coding.statements.clone(),
            relations: coding.relations.clone(),
            checks: coding.checks.clone(),
            notes: coding.notes.clone(),
            glanced: doc.sentences().filter(|s| !s.analyzed() && s.kind() != SentenceKind::Furniture).count(),
            record: head.unwrap_or_else(|| bare(coded)),
        }
        .marked(quotes.collect(), &times)
    }

    /// Of a document of a ledger.
    pub fn stored(engine: &Engine, found: &DocumentFound) -> ReaderPage {
        let stored = &found.stored;
        let knowledge = engine.knowledge();
        let record = stored.record.clone();
        let text = stored.text.clone();
        let events = found.events.iter().map(|held| EventRead {
            event: held.entry.event.clone(),
            story: held.story.clone(),
            correction: held.correction,
            why: Why::of(knowledge, &held.entry.event, None, record.published),
        });
        let sentences =
            found.sentences.iter().map(|(n, sentence)| SentenceRow { n: *n, span: sentence.span, kind: sentence.kind });
        let mut sentences: Vec<SentenceRow> = sentences.collect();
        // What another version of the reader cut otherwise may be left beside what was cut last.
        sentences.sort_by_key(|s| (s.span.start, s.n));
        let mut end = 0;
        sentences.retain(|s| {
            let after = s.span.start >= end && !s.span.is_empty();
            end = if after { s.span.end } else { end };
            after
        });
        let mut times = Vec::new();
        let mut quotes = Vec::new();
        if record.lang == "en" {
            let mut teller = Teller::new(record.published);
            let mut here = None;
            for timex in timex::find(&text, &engine.analyzer().language().time) {
                let sentence = sentences.partition_point(|s| s.span.start <= timex.span.start);
                if here != Some(sentence) {
                    teller.sentence();
                    here = Some(sentence);
                }
                times.push(Told { span: timex.span, days: teller.next(&timex.kind, None).map(|days| days.0) });
            }
            quotes.extend(quote::find(&text, &paragraphs(&text)).iter().map(|q| q.outer));
        }
        let marks = record.actors.iter().map(mention).collect();
        ReaderPage {
            byline: stored.byline.clone(),
            sentences,
            blocks: Vec::new(),
            marks,
            events: events.collect(),
            statements: found.statements.clone(),
            relations: found.relations.clone(),
            checks: found.checks.clone(),
            notes: found.notes.clone(),
            glanced: 0,
            record,
            text,
        }
        .marked(quotes, &times)
    }

    /// Marks all that the records point at and cuts the paragraphs.
    fn marked(mut self, quotes: Vec<Span>, times: &[Told]) -> ReaderPage {
        // Footnotes are numbered as one meets them.
        self.checks.sort_by_key(|check| check.evidence.iter().map(|e| e.span.end).max());
        let mut marks = std::mem::take(&mut self.marks);
        let plain = |span, part| Mark { span, part, of: None, says: None };
        marks.extend(quotes.into_iter().map(|span| plain(span, Part::Quoted)));
        marks.extend(times.iter().map(|told| Mark {
            says: told.days.and_then(|days| days.from).map(|from| from.to_string()),
            ..plain(told.span, Part::Date)
        }));
        for read in &self.events {
            self.mark_event(&read.event, times, &mut marks);
        }
        for statement in &self.statements {
            let of = |span, part| Mark { of: Some(statement.id.clone()), ..plain(span, part) };
            marks.extend(statement.speaker.iter().map(|speaker| of(speaker.span, Part::Speaker)));
            marks.push(of(statement.content.span, Part::Said));
            let near = statement.speaker.as_ref().map_or(statement.content.span, |speaker| speaker.span);
            marks.extend(self.nearest(statement.sentence, &statement.cue, near).map(|span| of(span, Part::Cue)));
        }
        for relation in &self.relations {
            marks.extend(relation.evidence.iter().map(|e| evidence(e, &relation.id)));
        }
        for check in &self.checks {
            let claims = check.evidence.iter();
            marks.extend(claims.map(|e| Mark { of: Some(check.id.clone()), ..plain(e.span, Part::Claim) }));
        }
        // A state that acts is no place beside.
        let actors: BTreeSet<Span> =
            marks.iter().filter(|mark| mark.part.layer() == Some(Layer::Actors)).map(|mark| mark.span).collect();
        marks.retain(|mark| mark.part != Part::Place || mark.of.is_some() || !actors.contains(&mark.span));
        // What a record of another text or a correction points at may not be there.
        marks.retain(|mark| self.text.get(mark.span.range()).is_some_and(|words| !words.is_empty()));
        marks.sort_by_key(|mark| (mark.span, mark.part, mark.of.clone(), mark.says.is_none()));
        marks.dedup_by(|a, b| (a.span, a.part, &a.of) == (b.span, b.part, &b.of));
        self.blocks = self.cut(&marks);
        self.marks = marks;
        self
    }

    fn mark_event(&self, event: &Event, times: &[Told], marks: &mut Vec<Mark>) {
        let of = |span, part, says| Mark { span, part, of: Some(event.id.clone()), says };
        let named = |party: &ActorRef| party.name.clone();
        marks.extend(event.evidence.iter().map(|e| evidence(e, &event.id)));
        // A correction may have put parties in whose words are not of this text.
        let here = |party: &&ActorRef| self.text.get(party.span.range()) == Some(party.text.as_str());
        marks.extend(event.actors.iter().filter(here).map(|p| of(p.span, Part::Actor, named(p))));
        marks.extend(event.recipients.iter().filter(here).map(|p| of(p.span, Part::Recipient, named(p))));
        let Some(trigger) = event.evidence.iter().find(|e| e.role == Role::Trigger) else { return };
        if let Some(said) = &event.attribution {
            let speaker = said.speaker.as_ref().filter(here);
            marks.extend(speaker.map(|p| of(p.span, Part::Speaker, named(p))));
            marks.extend(said.quotes.iter().map(|quote| of(quote.span, Part::Said, None)));
            let near = speaker.map_or(trigger.span, |p| p.span);
            let cue = said.cue.as_ref().and_then(|cue| self.nearest(event.sentence, cue, near));
            marks.extend(cue.map(|span| of(span, Part::Cue, None)));
        }
        if let Some(place) = &event.place {
            let span = match place.scope {
                Scope::Clause | Scope::Sentence => self.nearest(trigger.sentence, &place.text, trigger.span),
                Scope::Paragraph => {
                    self.paragraph(trigger.span).and_then(|p| self.within(p, &place.text, trigger.span))
                }
                Scope::Document => self.within(Span::of(0, self.text.len()), &place.text, Span::new(0, 0)),
            };
            marks.extend(span.map(|span| of(span, Part::Place, Some(place.name.clone()))));
        }
        marks.extend(self.date_of(event, trigger, times).map(|span| of(span, Part::Date, None)));
    }

    /// The words that give an event its date: those that name the same days in one of its sentences,
    /// or the only ones in the sentence that the record says the date comes from.
    fn date_of(&self, event: &Event, trigger: &Evidence, times: &[Told]) -> Option<Span> {
        let when = event.when.filter(|when| matches!(when.basis, Basis::Stated | Basis::Relative))?;
        let told = |sentence: u32| {
            let span = self.sentence(sentence).unwrap_or(Span::new(0, 0));
            times.iter().filter(move |told| span.contains(told.span))
        };
        let sentences = event.evidence.iter().filter(|e| e.role == Role::Trigger).map(|e| e.sentence);
        let same = sentences.flat_map(told).filter(|told| told.days == Some(when.interval));
        if let Some(nearest) = same.min_by_key(|told| distance(told.span, trigger.span)) {
            return Some(nearest.span);
        }
        if !matches!(when.scope, Scope::Clause | Scope::Sentence) {
            return None;
        }
        let mut own = told(trigger.sentence);
        own.next().filter(|_| own.next().is_none()).map(|told| told.span)
    }

    fn sentence(&self, n: u32) -> Option<Span> {
        self.sentences.iter().find(|s| s.n == n).map(|s| s.span)
    }

    /// The paragraph around some words: between the empty lines before and after them.
    fn paragraph(&self, of: Span) -> Option<Span> {
        let (before, after) = (self.text.get(..of.start as usize)?, self.text.get(of.end as usize..)?);
        let start = before.rfind("\n\n").map_or(0, |at| at + 2);
        let end = of.end as usize + after.find("\n\n").unwrap_or(after.len());
        Some(Span::of(start, end))
    }

    /// Where words stand in a sentence, nearest to others.
    fn nearest(&self, sentence: u32, words: &str, near: Span) -> Option<Span> {
        self.within(self.sentence(sentence)?, words, near)
    }

    fn within(&self, within: Span, words: &str, near: Span) -> Option<Span> {
        let text = self.text.get(within.range()).filter(|_| !words.is_empty())?;
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        text.match_indices(words)
            .filter(|(at, _)| {
                !letter(text[..*at].chars().next_back()) && !letter(text[at + words.len()..].chars().next())
            })
            .map(|(at, _)| Span::of(within.start as usize + at, within.start as usize + at + words.len()))
            .min_by_key(|span| distance(*span, near))
    }

    /// Paragraphs, each cut into sentences and what lies between, and these at the borders of the marks.
    fn cut(&self, marks: &[Mark]) -> Vec<Block> {
        let spans: Vec<Span> = marks.iter().map(|mark| mark.span).collect();
        // Marks in the order of their beginnings: those that may cover a piece lie before its end.
        let longest = spans.iter().map(|s| s.len()).max().unwrap_or(0) as u32;
        let cut = |within: Span| {
            let first = spans.partition_point(|s| s.start.saturating_add(longest) < within.start);
            let last = spans.partition_point(|s| s.start < within.end);
            let mut found = segments(&self.text, within, &spans[first..last]);
            found.iter_mut().flat_map(|segment| segment.marks.iter_mut()).for_each(|n| *n += first);
            found
        };
        let mut blocks = Vec::new();
        let mut next = 0;
        for span in paragraphs(&self.text) {
            let mut pieces = Vec::new();
            let mut at = span.start;
            while next < self.sentences.len() && self.sentences[next].span.start < span.end {
                let sentence = &self.sentences[next];
                let (start, end) = (sentence.span.start.max(at), sentence.span.end.min(span.end));
                if start < end {
                    if at < start {
                        pieces.push(Piece { sentence: None, aside: None, segments: cut(Span::new(at, start)) });
                    }
                    let aside = self.aside(sentence);
                    pieces.push(Piece { sentence: Some(next), aside, segments: cut(Span::new(start, end)) });
                    at = end;
                }
                next += 1;
            }
            if at < span.end {
                pieces.push(Piece { sentence: None, aside: None, segments: cut(Span::new(at, span.end)) });
            }
            blocks.push(Block { span, pieces });
        }
        blocks
    }

    /// Why a sentence is no part of the report.
    fn aside(&self, sentence: &SentenceRow) -> Option<String> {
        match sentence.kind {
            "caption" => Some("caption".to_string()),
            "furniture" => {
                let why = self.record.furniture.iter().find(|f| f.span.overlaps(sentence.span));
                Some(why.map_or_else(|| "page furniture".to_string(), |f| f.why.clone()))
            }
            _ => None,
        }
    }

    /// The footnotes by the bytes after which they stand: positions in [`ReaderPage::checks`].
    pub fn footnotes(&self) -> BTreeMap<u32, Vec<usize>> {
        let mut notes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (n, check) in self.checks.iter().enumerate() {
            let there = |e: &&Evidence| self.text.get(e.span.range()).is_some_and(|words| !words.is_empty());
            if let Some(end) = check.evidence.iter().filter(there).map(|e| e.span.end).max() {
                notes.entry(end).or_default().push(n);
            }
        }
        notes
    }

    /// The title, where the text begins with one.
    pub fn headline(&self) -> Option<&Block> {
        let first = self.blocks.first()?;
        let title = |piece: &Piece| piece.sentence.is_none_or(|n| self.sentences[n].kind == "title");
        first.pieces.iter().all(title).then_some(first).filter(|b| b.pieces.iter().any(|p| p.sentence.is_some()))
    }

    /// For programs: the records as `demarche code` prints them, with the text, the sentences, and why.
    pub fn json(&self) -> serde_json::Value {
        let record = DocumentRecord { clean_text: Some(self.text.clone()), ..self.record.clone() };
        serde_json::json!({
            "document": record, "byline": self.byline, "sentences": self.sentences, "events": self.events,
            "statements": self.statements, "relations": self.relations, "checks": self.checks, "notes": self.notes,
        })
    }
}

/// The record of a document of which the coder made none.
fn bare(coded: &Coded) -> DocumentRecord {
    let meta = &coded.doc.meta;
    DocumentRecord {
        id: coded.doc.id.clone(),
        article_id: meta.article_id.clone(),
        title: meta.title.clone(),
        url: meta.url.clone(),
        published: meta.published,
        published_basis: meta.published_basis,
        publisher: meta.publisher.clone(),
        lang: meta.lang.clone(),
        sentences: coded.doc.sentences().len() as u32,
        clean_text: None,
        actors: Vec::new(),
        furniture: coded.doc.furniture.clone(),
        captions: coded.doc.captions.clone(),
    }
}

fn mention(party: &ActorRef) -> Mark {
    Mark { span: party.span, part: Part::Mention, of: None, says: party.name.clone().or_else(|| party.code.clone()) }
}

fn evidence(evidence: &Evidence, of: &str) -> Mark {
    let part = match evidence.role {
        Role::Trigger => Part::Trigger,
        Role::Actor => Part::Actor,
        Role::Recipient => Part::Recipient,
        Role::Time => Part::Date,
        Role::Place => Part::Place,
        Role::Cue => Part::Cue,
        Role::Claim => Part::Claim,
    };
    Mark { span: evidence.span, part, of: Some(of.to_string()), says: None }
}

/// Bytes between two spans.
fn distance(a: Span, b: Span) -> u32 {
    if a.overlaps(b) { 0 } else { a.start.max(b.start) - a.end.min(b.end) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_text::Article;

    fn read(engine: &Engine, text: &str) -> ReaderPage {
        let mut article =
            Article { title: Some("Türkiye’s “neighbours”: 東京 too".into()), ..Article::from_text(text) };
        article.lang = "en".into();
        article.set_published(jiff::civil::date(2023, 5, 10));
        ReaderPage::fresh(engine, &engine.code_one(&article))
    }

    /// The paragraphs with all their stretches, and the empty lines between.
    fn joined(page: &ReaderPage) -> String {
        let paragraphs = page.blocks.iter().map(|block| {
            let stretches = block.pieces.iter().flat_map(|piece| &piece.segments);
            stretches.map(|segment| &page.text[segment.span.range()]).collect::<String>()
        });
        paragraphs.collect::<Vec<_>>().join("\n\n")
    }

    #[test]
    fn each_event_has_its_words_its_day_its_place_and_its_speaker() {
        let engine = Engine::new().expect("the built-in tables");
        let page = read(
            &engine,
            "ANKARA — Emmanuel Macron met Recep Tayyip Erdoğan in Ankara on 3 May 2023 — “zum ersten Mal”.\n\n\
             Germany will send tanks to Ukraine next week, Olaf Scholz said.\n\nShare this article on Facebook",
        );
        assert_eq!(joined(&page), page.text);
        let words = |event: &Event, part: Part| -> Vec<&str> {
            let of = page.marks.iter().filter(|mark| mark.part == part && mark.of.as_ref() == Some(&event.id));
            of.map(|mark| &page.text[mark.span.range()]).collect()
        };
        let met = page.events.iter().find(|read| read.event.event_type == demarche_core::EventType::Consult);
        let met = &met.expect("a meeting").event;
        assert_eq!(words(met, Part::Trigger), ["met"]);
        assert_eq!(words(met, Part::Actor), ["Emmanuel Macron", "Recep Tayyip Erdoğan"]);
        assert_eq!((words(met, Part::Date), words(met, Part::Place)), (vec!["3 May 2023"], vec!["Ankara"]));
        let planned = page.events.iter().map(|read| &read.event).find(|event| !event.counted()).expect("a plan");
        assert_eq!(
            (words(planned, Part::Date), words(planned, Part::Speaker)),
            (vec!["next week"], vec!["Olaf Scholz"])
        );
        assert_eq!(page.headline().map(|block| &page.text[block.span.range()]), page.record.title.as_deref());
        assert!(page.blocks.iter().flat_map(|b| &b.pieces).any(|piece| piece.aside.is_some()), "furniture is told");
        for read in &page.events {
            assert!(read.why.rule.is_some() && !words(&read.event, Part::Trigger).is_empty());
        }
    }

    #[test]
    fn records_of_another_text_mark_nothing() {
        let engine = Engine::new().expect("the built-in tables");
        let mut page = read(&engine, "France attacked — “ééé” — Algeria on Friday.");
        let far = Span::new(4_000_000, 4_000_009);
        let within = Span::new(page.text.find('é').expect("it is there") as u32 + 1, 60);
        page.marks =
            [far, within, Span::new(9, 3)].map(|span| Mark { span, part: Part::Said, of: None, says: None }).into();
        let page = page.marked(vec![far, within], &[Told { span: far, days: None }]);
        assert_eq!(joined(&page), page.text);
        assert!(page.marks.iter().all(|mark| page.text.get(mark.span.range()).is_some()));
    }
}
