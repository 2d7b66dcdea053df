//! Where an event happened: from the clause, then the sentence, then the dateline.

use crate::coder::Coder;
use crate::mention::Names;
use crate::resolve::Resolver;
use crate::words::Words;
use demarche_core::{Place, PlacePrecision, Scope, Span};
use demarche_knowledge::{PlaceKind, PlaceRow};
use demarche_text::{Document, Sentence, Token, Upos};

/// The place of the act that this word reports.
pub(crate) fn place_of<'a>(resolver: &Resolver<'a>, trigger: Token<'a>, parties: &[Span]) -> Option<Place> {
    let sentence = trigger.sentence();
    let all = places_in(resolver, sentence);
    let free = |p: &&(Span, Token<'a>, Place, bool)| !parties.iter().any(|s| s.contains(p.0));
    let local = |p: &&(Span, Token<'a>, Place, bool)| p.3;
    let clause = all
        .iter()
        .filter(free)
        .filter(local)
        .filter(|(_, token, _, _)| {
            // Up to the trigger, or to the verb that carries it, with no other verb on the way.
            let verb = token.ancestors().take(6).find(|a| *a == trigger || a.upos() == Upos::Verb);
            verb.is_some_and(|v| v == trigger || trigger.upos() != Upos::Verb && trigger.head() == Some(v))
        })
        .min_by_key(|(_, _, place, _)| place.precision);
    if let Some((_, _, place, _)) = clause {
        return Some(Place { scope: Scope::Clause, ..place.clone() });
    }
    let verb = trigger.ancestors().find(|t| t.upos() == Upos::Verb);
    let near = all.iter().filter(free).filter(local).find(|(_, token, _, _)| {
        verb.is_some_and(|v| token.head() == Some(v)) || sentence.root().is_some_and(|r| token.head() == Some(r))
    });
    if let Some((_, _, place, _)) = near {
        return Some(Place { scope: Scope::Sentence, ..place.clone() });
    }
    None
}

/// Every place that a sentence names: its words, its head word, what it is, and whether a preposition of place stands before it.
fn places_in<'a>(resolver: &Resolver<'a>, sentence: Sentence<'a>) -> Vec<(Span, Token<'a>, Place, bool)> {
    let mut found = Vec::new();
    let mut end = 0;
    for token in sentence.tokens() {
        if token.span().start < end
            || !matches!(token.upos(), Upos::Propn | Upos::X) && resolver.names.entity(token).is_none()
        {
            continue;
        }
        let Some((until, rows)) = resolver.knowledge.places_at(&resolver.doc.text, token.span().start as usize) else {
            continue;
        };
        let Some(row) = rows.first() else { continue };
        let span = Span::of(token.span().start as usize, until);
        // "Beijing" inside "Beijing Daily" names a newspaper.
        if resolver
            .names
            .entity(token)
            .is_some_and(|e| e.span.end > span.end && e.kind != demarche_text::EntityKind::Location)
        {
            continue;
        }
        end = span.end;
        let head =
            resolver.doc.tokens_in(span).find(|t| t.head().is_none_or(|h| !span.contains(h.span()))).unwrap_or(token);
        found.push((span, head, record(row, resolver.doc.text(span)), located(head, resolver.words)));
    }
    found
}

/// Whether a preposition of place stands before the phrase, or before what it is an apposition or part of.
fn located(head: Token<'_>, words: &Words) -> bool {
    let own =
        head.children().any(|c| c.relation() == "case" && words.place_prepositions.has(&c.lemma().to_lowercase()));
    own || matches!(head.relation(), "appos" | "conj" | "flat" | "compound" | "list" | "nmod")
        && head.children().all(|c| c.relation() != "case")
        && head.head().is_some_and(|h| matches!(h.upos(), Upos::Propn | Upos::Noun) && located(h, words))
}

fn record(row: &PlaceRow, text: &str) -> Place {
    Place {
        text: text.to_string(),
        name: row.name.clone(),
        country: row.country.clone(),
        lat: row.lat,
        lon: row.lon,
        precision: match row.kind {
            PlaceKind::City | PlaceKind::Capital => PlacePrecision::City,
            PlaceKind::Region | PlaceKind::Mountain => PlacePrecision::Region,
            PlaceKind::Sea | PlaceKind::Strait | PlaceKind::River => PlacePrecision::Water,
            PlaceKind::Base | PlaceKind::Building => PlacePrecision::Building,
            PlaceKind::Country => PlacePrecision::Country,
        },
        scope: Scope::Sentence,
    }
}

/// A place as `demarche where` prints it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FoundPlace {
    /// Where its words stand, in bytes.
    #[serde(flatten)]
    pub span: Span,
    /// The place.
    #[serde(flatten)]
    pub place: Place,
    /// Other places of that name, the most populous first.
    pub candidates: Vec<String>,
}

impl Coder<'_> {
    /// Every place that a text names, in order.
    pub fn places(&self, doc: &Document) -> Vec<FoundPlace> {
        let on = crate::coder::day(doc);
        let names = Names::find(doc, self.knowledge(), on);
        let resolver = Resolver::new(doc, self.knowledge(), self.words(), &names, on);
        let candidates = |place: &Place| {
            let found = self.knowledge().places_at(&place.text, 0);
            let others = found.into_iter().flat_map(|(_, rows)| rows.into_iter().skip(1).take(5));
            others
                .map(|row| format!("{} {}", row.name, row.country.as_deref().unwrap_or_default()).trim().to_string())
                .collect()
        };
        doc.sentences()
            .flat_map(|s| places_in(&resolver, s))
            .map(|(span, _, place, _)| FoundPlace { span, candidates: candidates(&place), place })
            .collect()
    }
}
