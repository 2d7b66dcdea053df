//! Remarks beside the records: what was left uncoded and why, and days that only another event dates.

use crate::check::shifted;
use crate::register::Register;
use crate::resolve::Resolver;
use demarche_core::{Event, Note, Role, Span};
use demarche_text::timex::{Anchor, Side, Unit};
use demarche_text::{SentenceKind, Timex, TimexKind, Token, Upos};

/// The remarks on one document.
pub(crate) fn notes(resolver: &Resolver<'_>, events: &[Event]) -> Vec<Note> {
    let doc = resolver.doc;
    let mut found: Vec<Note> = Vec::new();
    for sentence in doc.sentences() {
        let silent = if sentence.kind() == SentenceKind::Furniture {
            let marked = doc.furniture.iter().find(|f| f.span.overlaps(sentence.span())).map(|f| f.why.as_str());
            // Text that is no report is said to be what it is, and all that a page has around one is its furniture.
            Some(marked.filter(|why| matches!(*why, "table" | "verse" | "unreadable")).unwrap_or("page furniture"))
        } else {
            let told = events.iter().any(|event| event.sentence == sentence.ix().0);
            resolver.registers.of(sentence).filter(|_| !told).map(Register::name)
        };
        if let Some(why) = silent {
            found.push(Note {
                document: doc.id.clone(),
                sentence: Some(sentence.ix().0),
                why: format!("{why}, not coded"),
                text: Some(sentence.text().to_string()),
            });
        }
    }
    for token in doc.sentences().filter(|s| s.analyzed()).flat_map(|s| s.tokens()) {
        found.extend(recalled(resolver, token));
    }
    for timex in &doc.timexes {
        found.extend(dated_by_event(resolver, events, timex));
    }
    found
}

/// "The anniversary of the invasion": an old deed that enters no count stays in the record.
fn recalled(resolver: &Resolver<'_>, token: Token<'_>) -> Option<Note> {
    let recalls = |t: Token<'_>| resolver.words.anniversary_nouns.has(&t.lemma().to_lowercase());
    let deed = token.upos() == Upos::Noun
        && !recalls(token)
        && token.ancestors().take(2).any(recalls)
        && !resolver.knowledge.patterns().noun(&token.lemma().to_lowercase()).is_empty();
    if !deed {
        return None;
    }
    let opens = |t: &Token<'_>| t.head() == Some(token) && matches!(t.relation(), "case" | "det");
    let words = token.subtree().into_iter().filter(|t| !opens(t)).map(Token::span).reduce(Span::cover)?;
    Some(Note {
        document: resolver.doc.id.clone(),
        sentence: Some(token.sentence().ix().0),
        why: "recalled by an anniversary, not coded".to_string(),
        text: Some(resolver.doc.text(words).to_string()),
    })
}

/// "one day before a military parade": the parade's day follows from the event that it is told with.
fn dated_by_event(resolver: &Resolver<'_>, events: &[Event], timex: &Timex) -> Option<Note> {
    let TimexKind::Offset { count, unit, side, anchor: Anchor::Words } = &timex.kind else { return None };
    let days = i64::from(count.unwrap_or(1))
        * match unit {
            Unit::Day => 1,
            Unit::Week => 7,
            _ => return None,
        };
    let doc = resolver.doc;
    let sentence = doc.sentence_at(timex.span.start)?;
    let verb = doc.tokens_in(timex.span).find_map(|t| t.ancestors().find(|a| a.upos() == Upos::Verb))?;
    let carried = |e: &&Event| {
        e.evidence.iter().any(|v| {
            v.role == Role::Trigger
                && (v.span.overlaps(verb.span())
                    || verb.children().any(|c| c.relation() == "nsubj" && v.span.overlaps(c.span())))
        })
    };
    // What is not coded as an event of its own is, like any other, of the day of the report.
    let known = events.iter().find(carried).and_then(|e| e.when).and_then(|w| w.interval.from);
    let day = known.or(doc.meta.published.filter(|_| verb.has("Tense=Past")))?;
    // An event that lies so many days before another dates the other so many days after itself.
    let day = shifted(day, if *side == Side::Before { days } else { -days })?;
    let rest = doc
        .tokens_in(Span::new(timex.span.end, sentence.span().end))
        .find(|t| matches!(t.relation(), "obl" | "nmod" | "obj" | "advcl") || t.upos() == Upos::Noun)?;
    let words: Vec<&str> = crate::mention::core(rest).iter().map(|t| t.text()).collect();
    Some(Note {
        document: doc.id.clone(),
        sentence: Some(sentence.ix().0),
        why: format!("dated by the event it is told with: {day}"),
        text: Some(words.join(" ")),
    })
}
