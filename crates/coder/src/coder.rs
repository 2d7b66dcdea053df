//! The order of the work: one document in, everything that it reports out.

use crate::attribution::{Speech, speeches};
use crate::check::checks;
use crate::code::{Trace, events};
use crate::coref::Mentions;
use crate::frame::frames;
use crate::hear::{Ear, Leaning};
use crate::mention::Names;
use crate::note::notes;
use crate::relation::relations;
use crate::resolve::Resolver;
use crate::timing::{anchor, when_of};
use crate::words::Words;
use demarche_core::{
    ActorRef, Check, DocumentRecord, Event, Modality, Note, Quote, Record, Relation, Role, Statement, Tense, TokenIx,
    stable_hash,
};
use demarche_knowledge::Knowledge;
use demarche_text::Document;
use jiff::civil::Date;

/// All that one document yields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coding {
    /// Everybody known whom the document names, in the order of their first mention.
    pub actors: Vec<ActorRef>,
    /// Who did what to whom.
    pub events: Vec<Event>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// What stands between actors.
    pub relations: Vec<Relation>,
    /// Stated facts held against the reference.
    pub checks: Vec<Check>,
    /// Remarks on what was left out or dated by another event.
    pub notes: Vec<Note>,
    /// Why each event was coded as it was, in the order of `events`.
    pub traces: Vec<Trace>,
}

/// Codes documents; frozen, shared between threads, the same answer for the same document always.
pub struct Coder<'k> {
    knowledge: &'k Knowledge,
    words: Words,
}

impl<'k> Coder<'k> {
    /// A coder over this knowledge.
    pub fn new(knowledge: &'k Knowledge) -> Coder<'k> {
        Coder { knowledge, words: Words::new(knowledge) }
    }

    /// The knowledge that it asks.
    pub fn knowledge(&self) -> &'k Knowledge {
        self.knowledge
    }

    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// The rows that fire on a document: pattern, file and line, the trigger and the parties found.
    pub fn fired(&self, doc: &Document) -> Vec<String> {
        let names = Names::find(doc, self.knowledge, day(doc));
        let resolver = Resolver::new(doc, self.knowledge, &self.words, &names, day(doc));
        let mentions = Mentions::find(&resolver);
        let known = |t, others: &[_]| crate::code::somebody_else(&resolver, &mentions, t, others);
        let tables = [self.knowledge.patterns(), self.knowledge.relations()];
        let sentences = doc.sentences().flat_map(|s| tables.map(|patterns| frames(s, patterns, &self.words, known)));
        sentences
            .flatten()
            .flatten()
            .map(|frame| {
                let words = |fillers: &[crate::frame::Filler<'_>]| {
                    fillers.iter().map(|f| format!("{} ({})", f.head.text(), f.slot)).collect::<Vec<_>>().join(", ")
                };
                format!(
                    "{} {}: {} actor [{}] recipient [{}]",
                    frame.pattern.row,
                    frame.pattern.id,
                    frame.trigger.text(),
                    words(&frame.actors),
                    words(&frame.recipients)
                )
            })
            .collect()
    }

    /// Every phrase that stands for somebody, in the order of the text: the word at its head and whom it stands for.
    pub fn mentions(&self, doc: &Document) -> Vec<(TokenIx, Vec<ActorRef>)> {
        let names = Names::find(doc, self.knowledge, day(doc));
        let resolver = Resolver::new(doc, self.knowledge, &self.words, &names, day(doc));
        Mentions::find(&resolver).all()
    }

    /// Everything that a document reports, by the patterns alone.
    pub fn code(&self, doc: &Document) -> Coding {
        self.code_with(doc, None, Leaning::Balanced)
    }

    /// Everything that a document reports, by the patterns and the typing head.
    pub fn code_hearing(&self, doc: &Document, ear: &mut dyn Ear, leaning: Leaning) -> Coding {
        self.code_with(doc, Some(ear), leaning)
    }

    fn code_with(&self, doc: &Document, ear: Option<&mut dyn Ear>, leaning: Leaning) -> Coding {
        let on = day(doc);
        let names = Names::find(doc, self.knowledge, on);
        let resolver = Resolver::new(doc, self.knowledge, &self.words, &names, on);
        let mentions = Mentions::find(&resolver);
        let speeches = speeches(&resolver, &mentions);
        let (events, traces) = events(&resolver, &mentions, &speeches, ear, leaning);
        let relations = relations(&resolver, &mentions, &speeches, &events);
        let checks = checks(&resolver, &mentions, &relations);
        let statements = statements(&resolver, &speeches, &events);
        let notes = notes(&resolver, &events);
        Coding { actors: mentions.known(), events, statements, relations, checks, notes, traces }
    }
}

/// The day that look-ups are made for; where no date at all is known, those in office last are meant.
pub(crate) fn day(doc: &Document) -> Date {
    anchor(doc).map_or(Date::constant(2100, 1, 1), |(day, _)| day)
}

fn statements(resolver: &Resolver<'_>, speeches: &[Speech<'_>], events: &[Event]) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    for speech in speeches.iter().filter(|s| s.voiced) {
        let (Some(content), Some(speaker)) = (speech.content, &speech.speaker) else { continue };
        let event =
            events.iter().find(|e| e.evidence.iter().any(|v| v.role == Role::Trigger && content.contains(v.span)));
        let start = content.start.to_string();
        let at = speech.verb.span().start.to_string();
        found.push(Statement {
            id: format!("t-{}", stable_hash(&[&resolver.doc.id.0, &at, &start])),
            document: resolver.doc.id.clone(),
            sentence: speech.verb.sentence().ix().0,
            speaker: Some(speaker.clone()),
            cue: speech.cue.clone(),
            quoted: speech.quoted,
            content: Quote { text: resolver.doc.text(content).to_string(), span: content },
            event: event.map(|e| e.id.clone()),
            stance: speech.stance.clone(),
            when: when_of(resolver, speech.verb, Modality::Asserted, Tense::Past, |_| false),
        });
    }
    found
}

/// A document and its coding as the lines of `demarche code --format jsonl`, the document first,
/// then its records by sentence.
pub fn records(doc: &Document, coding: &Coding, with_text: bool) -> Vec<Record> {
    let head = Record::Document(DocumentRecord {
        id: doc.id.clone(),
        article_id: doc.meta.article_id.clone(),
        title: doc.meta.title.clone(),
        url: doc.meta.url.clone(),
        published: doc.meta.published,
        published_basis: doc.meta.published_basis,
        publisher: doc.meta.publisher.clone(),
        lang: doc.meta.lang.clone(),
        sentences: doc.sentences().len() as u32,
        clean_text: with_text.then(|| doc.text.clone()),
        actors: coding.actors.clone(),
        furniture: doc.furniture.clone(),
        captions: doc.captions.clone(),
    });
    let mut rows: Vec<(u32, u8, Record)> = Vec::new();
    rows.extend(coding.events.iter().map(|e| (e.sentence, 0, Record::Event(e.clone()))));
    rows.extend(coding.statements.iter().map(|s| (s.sentence, 1, Record::Statement(s.clone()))));
    rows.extend(coding.relations.iter().map(|r| (r.sentence, 2, Record::Relation(r.clone()))));
    rows.extend(coding.checks.iter().map(|c| (c.sentence, 3, Record::Check(c.clone()))));
    rows.extend(coding.notes.iter().map(|n| (n.sentence.unwrap_or(0), 4, Record::Note(n.clone()))));
    rows.sort_by_key(|(sentence, kind, _)| (*sentence, *kind));
    std::iter::once(head).chain(rows.into_iter().map(|(_, _, record)| record)).collect()
}
