//! Where an event happened: from the clause, then the sentence, then, for deeds of conflict, from what the paragraph told
//! before.

use crate::coder::Coder;
use crate::mention::{Names, in_capitals};
use crate::resolve::Resolver;
use crate::toponym::{Candidate, Gazetteer, Named, Toponym, states_named};
use crate::words::Words;
use demarche_core::{Place, PlacePrecision, Scope, SentenceIx, Span};
use demarche_knowledge::{Knowledge, NameKind, PlaceKind};
use demarche_text::{Document, EntityKind, Sentence, Token, Upos};

/// So many sentences back a paragraph may have told the place.
const SENTENCES_BACK: u32 = 3;

/// The place of the act that this word reports; `deed` has the parties' codes where force was used, which goes on where
/// the paragraph is, if that lies with one of them.
pub(crate) fn place_of<'a>(
    resolver: &Resolver<'a>,
    trigger: Token<'a>,
    parties: &[Span],
    deed: Option<&[&str]>,
) -> Option<Place> {
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
    let codes = deed?;
    told_around(resolver, sentence, parties)
        .filter(|place| codes.is_empty() || place.country.as_deref().is_some_and(|country| codes.contains(&country)))
}

/// The finest place within a country that the sentence, or the nearest before it in the paragraph, is set in.
fn told_around<'a>(resolver: &Resolver<'a>, sentence: Sentence<'a>, parties: &[Span]) -> Option<Place> {
    let own = sentence.ix().0;
    let nearest = (own.saturating_sub(SENTENCES_BACK)..=own).rev().map(|ix| resolver.doc.sentence(SentenceIx(ix)));
    nearest.take_while(|s| s.paragraph() == sentence.paragraph() && s.analyzed()).find_map(|s| {
        let places = places_in(resolver, s).into_iter();
        // "In Sabari district, Khost province, the army …": the parse may make a subject of the larger place.
        let level = |t: Token<'_>| resolver.words.place_levels.contains_key(t.lemma().to_lowercase().as_str());
        let listed =
            |t: Token<'_>| s.ix() == sentence.ix() && t.relation() == "compound" && t.head().is_some_and(level);
        let set_in = places.filter(|(span, token, _, local)| {
            listed(*token) || *local && !parties.iter().any(|party| party.contains(*span))
        });
        let fine = set_in.map(|(_, _, place, _)| place).filter(|place| place.precision != PlacePrecision::Country);
        let place = fine.min_by_key(|place| place.precision)?;
        Some(Place { scope: if s.ix() == sentence.ix() { Scope::Sentence } else { Scope::Paragraph }, ..place })
    })
}

/// The words and the country of the place that this word names.
pub(crate) fn place_at<'a>(resolver: &Resolver<'a>, token: Token<'a>) -> Option<(Span, String)> {
    let found = places_in(resolver, token.sentence()).into_iter().find(|(_, head, ..)| *head == token)?;
    Some((found.0, found.2.country?))
}

/// Every place that a sentence names: its words, its head word, what it is, and whether a preposition of place stands before it.
fn places_in<'a>(resolver: &Resolver<'a>, sentence: Sentence<'a>) -> Vec<(Span, Token<'a>, Place, bool)> {
    let within = sentence.span();
    let names = resolver.toponyms.iter().filter(|name| within.contains(name.span));
    names
        .filter_map(|name| {
            let best = name.candidates.first()?;
            let tokens = || resolver.doc.tokens_in(name.span);
            let head = tokens().find(|t| t.head().is_none_or(|h| !name.span.contains(h.span()))).or(tokens().next())?;
            let text = resolver.doc.text(name.span);
            Some((name.span, head, record(best, text), located(head, resolver.words)))
        })
        .collect()
}

/// The place names of a document, understood together.
pub(crate) fn toponyms<'a>(
    doc: &'a Document,
    knowledge: &'a Knowledge,
    words: &'a Words,
    names: &Names<'a>,
) -> Vec<Toponym<'a>> {
    let spans: Vec<Span> = doc.sentences().flat_map(|sentence| spans_in(doc, sentence, knowledge, names)).collect();
    let states = names.matches.iter().filter_map(|found| {
        let name = found.names.first()?;
        let of_state =
            matches!(name.kind, NameKind::Name | NameKind::Acronym | NameKind::Adjective | NameKind::Demonym);
        let state = of_state.then(|| knowledge.country(name.actor.as_str())).flatten()?.country?;
        Some(Named { at: found.span.start, state })
    });
    let publisher = doc.meta.publisher.as_deref().and_then(|name| knowledge.publisher(name));
    let gazetteer = Gazetteer {
        knowledge,
        words,
        text: &doc.text,
        states: states.collect(),
        publisher: publisher.and_then(|publisher| publisher.country.as_deref()),
    };
    gazetteer.resolve(&spans)
}

/// Where a sentence names places.
fn spans_in(doc: &Document, sentence: Sentence<'_>, knowledge: &Knowledge, names: &Names<'_>) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let capitals = in_capitals(sentence);
    for token in sentence.tokens() {
        let start = token.span().start;
        let entity = names.entity(token);
        if found.last().is_some_and(|last| start < last.end)
            || !matches!(token.upos(), Upos::Propn | Upos::X) && entity.is_none()
        {
            continue;
        }
        let Some((until, places)) = knowledge.places_at(&doc.text, start as usize) else { continue };
        let Some(best) = places.first() else { continue };
        if within_a_word(&doc.text, start as usize, until) {
            continue;
        }
        let span = Span::of(start as usize, until);
        // Two capitals are a state of the union only after the name of a town ("Aurora, CO").
        let after_town = || found.last().is_some_and(|last| doc.text(Span::new(last.end, start)) == ", ");
        if span.len() == 2 && best.kind != PlaceKind::Country && !after_town() {
            continue;
        }
        let person = |name: &&demarche_knowledge::Name| matches!(name.kind, NameKind::Person | NameKind::Surname);
        let somebody = names.at(token).is_some_and(|m| m.names.iter().all(person));
        // "Sar" of the unknown "Sar Kani": the part of a longer name is another place, if it is one.
        let part = || {
            let next = token.sentence().tokens().find(|t| t.span().start >= span.end);
            let joined = next
                .is_some_and(|n| n.upos() == Upos::Propn && n.span().start == span.end + 1 && n.relation() != "appos");
            joined && entity.is_some_and(|e| e.span.end > span.end) && best.prominence() < 5.5
        };
        let plausible = match entity {
            Some(entity) if entity.kind == EntityKind::Location => !part(),
            // In capitals the model takes towns for people.
            Some(entity) if capitals && entity.span == span && !somebody && best.prominence() >= 5.0 => true,
            // "Beijing" inside "Beijing Daily" names a newspaper, "Paris" inside "Paris Hilton" a woman.
            Some(entity) => {
                entity.kind == EntityKind::Organisation && entity.span.start == start && entity.span.end <= span.end
            }
            // Where the model sees no name, only a well known one counts.
            None => !somebody && (best.spelling == best.name && best.prominence() >= 5.0 || best.prominence() >= 6.0),
        };
        if plausible {
            found.push(span);
        }
    }
    found
}

/// "Ali" of "Nad 'Ali" and "Pul" of "Pul-e 'Alam" are parts of longer names; "Paris" of "Paris-based" is one.
fn within_a_word(text: &str, start: usize, until: usize) -> bool {
    let joint = |c: char| matches!(c, '\'' | '’' | '‘' | 'ʼ');
    let before = text[..start].chars().next_back().is_some_and(joint);
    let mut after = text[until..].chars();
    let link = after.next() == Some('-')
        && after.next().is_some_and(char::is_lowercase)
        && after.next().is_none_or(|c| !c.is_alphabetic());
    // An opening quotation mark has its fellow behind the name.
    before && !text[until..].starts_with(joint) || link
}

fn preposition(head: Token<'_>) -> Option<Token<'_>> {
    head.children().find(|c| c.relation() == "case")
}

/// Whether a preposition of place stands before the phrase, or before what it is an apposition or part of.
pub(crate) fn located(head: Token<'_>, words: &Words) -> bool {
    let of_place = |case: Token<'_>| words.place_prepositions.has(&case.lemma().to_lowercase());
    if let Some(case) = preposition(head) {
        return of_place(case);
    }
    let part = matches!(head.relation(), "appos" | "conj" | "flat" | "compound" | "list" | "nmod");
    let whole = head.head().filter(|h| part && matches!(h.upos(), Upos::Propn | Upos::Noun));
    whole.is_some_and(|whole| {
        // "An operation in Maiwand district, Kandahar province": the larger place may hang beside the smaller.
        let beside = whole.children().take_while(|c| *c != head).filter(|c| c.relation() == "nmod").last();
        located(whole, words) || beside.and_then(preposition).is_some_and(of_place)
    })
}

fn record(found: &Candidate<'_>, text: &str) -> Place {
    let place = &found.place;
    Place {
        text: text.to_string(),
        name: if found.around { text.to_string() } else { place.name.to_string() },
        country: place.country.map(str::to_string),
        region: place.admin.map(str::to_string),
        lat: place.lat,
        lon: place.lon,
        precision: precision(place.kind),
        scope: Scope::Sentence,
    }
}

fn precision(kind: PlaceKind) -> PlacePrecision {
    use PlaceKind::*;
    match kind {
        City | Capital | Camp => PlacePrecision::City,
        Region | Area | Mountain | Island => PlacePrecision::Region,
        Sea | Strait | River | Lake | Canal => PlacePrecision::Water,
        Base | Building | Site | Crossing => PlacePrecision::Building,
        Country => PlacePrecision::Country,
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
    /// Other places that the name may mean, the likeliest first.
    pub candidates: Vec<String>,
}

/// How many of the places that were passed over are shown.
const SHOWN: usize = 5;

impl FoundPlace {
    fn of(name: &Toponym<'_>, text: &str) -> Option<FoundPlace> {
        let best = name.candidates.first()?;
        let others = name.candidates.iter().skip(1).take(SHOWN).map(|candidate| {
            let place = &candidate.place;
            let parts = [Some(place.name), place.admin.filter(|admin| *admin != place.name), place.country];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        });
        Some(FoundPlace { span: name.span, place: record(best, text), candidates: others.collect() })
    }
}

impl Coder<'_> {
    /// Every place that a text names, in order.
    pub fn places(&self, doc: &Document) -> Vec<FoundPlace> {
        let on = crate::coder::day(doc);
        let names = Names::find(doc, self.knowledge(), on);
        let resolver = Resolver::new(doc, self.knowledge(), self.words(), &names, on);
        resolver.toponyms.iter().filter_map(|name| FoundPlace::of(name, doc.text(name.span))).collect()
    }

    /// The places of names whose words are given, in the order of the text: `None` where a name is on no row and
    /// nothing says where it lies. `publisher` is the name of who prints the text.
    pub fn places_given(&self, text: &str, spans: &[Span], publisher: Option<&str>) -> Vec<Option<FoundPlace>> {
        let publisher = publisher.and_then(|name| self.knowledge().publisher(name));
        let gazetteer = Gazetteer {
            knowledge: self.knowledge(),
            words: self.words(),
            text,
            states: states_named(self.knowledge(), text),
            publisher: publisher.and_then(|publisher| publisher.country.as_deref()),
        };
        let words = |span: Span| text.get(span.range()).unwrap_or_default();
        gazetteer.resolve(spans).iter().map(|name| FoundPlace::of(name, words(name.span))).collect()
    }
}
