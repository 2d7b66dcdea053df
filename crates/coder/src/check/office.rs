//! Offices held: "foreign minister Lavrov", "Prime Minister Putin".
//!
//! A title before a name says that its bearer holds the office; the day decides. Writers keep titles for those
//! who once held them ("President Clinton") and tell of the past, so that a title is called wrong only of one who
//! acts or speaks now, and only where it is known who holds the office.

use super::{Claim, around, days_between, elsewhen, evidence, verdict};
use crate::coref::Mentions;
use crate::mention::NameMatch;
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Check, CheckObject, Polarity, Reference, Span, TokenIx, Verdict};
use demarche_knowledge::{ActorKind, NameKind, Office, Tenure};
use demarche_text::{SentenceKind, Token, Upos};
use jiff::civil::Date;

/// Days around a change of hands in which either may be meant.
const HANDOVER: i64 = 45;

/// A check for each person who is named with a title.
pub(super) fn checks(resolver: &Resolver<'_>, mentions: &Mentions) -> Vec<Check> {
    resolver.names.matches.iter().filter_map(|found| titled(resolver, mentions, found)).collect()
}

fn titled(resolver: &Resolver<'_>, mentions: &Mentions, found: &NameMatch<'_>) -> Option<Check> {
    if !matches!(found.names[0].kind, NameKind::Person | NameKind::Surname) {
        return None;
    }
    let head = resolver.doc.token(found.head);
    if head.sentence().kind() == SentenceKind::Furniture {
        return None;
    }
    let person = person(resolver, mentions, found)?;
    let id = person.id.clone()?;
    let knowledge = resolver.knowledge;
    let tenures = knowledge.tenures_of(id.as_str());
    // The longest title that the person ever had and that stands before the name.
    let before = &resolver.doc.text[head.sentence().span().start as usize..found.span.start as usize];
    let stands = |office: &Office| ends_with(before, &office.title);
    let longest = tenures.iter().filter(|(o, _)| stands(o)).map(|(o, _)| o.title.len()).max()?;
    let mut held: Vec<(&Office, &Tenure)> =
        tenures.into_iter().filter(|(o, _)| o.title.len() == longest && stands(o)).collect();
    let title = held.first()?.0.title.clone();
    let start = found.span.start as usize - 1 - longest;
    let owner = owner_before(resolver, head, start)?;
    if let Owner::Named(state) = &owner {
        held.retain(|(o, _)| knowledge.actor(&o.owner).and_then(|a| a.state.as_deref()).unwrap_or(&o.owner) == *state);
    }
    let of = |office: &Office| knowledge.actor(&office.owner).map_or(office.owner.clone(), |a| a.name.clone());
    let name = person.name.clone().unwrap_or_else(|| person.text.clone());
    let span = Span::of(start, found.span.end as usize);
    let claim = |office: &Office| Claim {
        sentence: head.sentence().ix().0,
        words: format!("{name} is {title} of {}", of(office)),
        subject: Some(person.clone()),
        object: knowledge
            .actor(&office.owner)
            .and_then(|a| resolver.actor_ref(resolver.doc.text(span), span, a.id.as_str(), vec!["office".to_string()]))
            .map(CheckObject::Actor),
        polarity: Polarity::Positive,
        evidence: vec![evidence(resolver, span)],
    };
    let since = |tenure: &Tenure| tenure.interval.from.map(|d| format!(" since {d}")).unwrap_or_default();
    if let Some((office, tenure)) = held.iter().find(|(_, t)| t.interval.contains(resolver.on)) {
        let reference = Reference {
            statement: format!("{name} is {title} of {}{}", of(office), since(tenure)),
            since: tenure.interval.from,
            row: tenure.row.to_string(),
            source: Some(tenure.source.clone()),
        };
        return Some(verdict(resolver, claim(office), Verdict::Supported, Some(reference)));
    }
    let near = |day: Option<Date>| day.is_some_and(|d| days_between(d, resolver.on).abs() <= HANDOVER);
    let (office, last) = held.last()?;
    let settled = !office.many
        && held.iter().all(|(o, _)| o.id == office.id)
        && !held.iter().any(|(_, t)| near(t.interval.from) || near(t.interval.until));
    // Titles stay with those who left public life ("President Carter"): of them only a day that is named shows
    // that it is not history. One who holds another office, or this one only later, cannot be meant so.
    let courtesy = knowledge.offices_of(id.as_str(), resolver.on).is_empty()
        && held.iter().any(|(_, t)| t.interval.until.is_some_and(|until| until <= resolver.on));
    if !settled || !now(resolver, head) || courtesy && !around(resolver, head) {
        return None;
    }
    let holder = knowledge.tenures(&office.id).find(|t| t.interval.contains(resolver.on))?;
    let until = match (last.interval.from, last.interval.until) {
        (Some(from), _) if resolver.on < from => format!("{name} became {title} on {from}"),
        (_, Some(until)) => format!("{name} was {title} until {until}"),
        _ => return None,
    };
    let other = knowledge.actor(&holder.person).map_or(holder.person.clone(), |a| a.name.clone());
    let reference = Reference {
        statement: format!("{other} is {title} of {}{}; {until}", of(office), since(holder)),
        since: holder.interval.from,
        row: holder.row.to_string(),
        source: Some(holder.source.clone()),
    };
    Some(verdict(resolver, claim(office), Verdict::Contradicted, Some(reference)))
}

/// The one person whom the name means; none where it could be somebody else.
fn person(resolver: &Resolver<'_>, mentions: &Mentions, found: &NameMatch<'_>) -> Option<ActorRef> {
    let mut bearers: Vec<&str> = found.names.iter().map(|n| n.actor.as_str()).collect();
    bearers.sort_unstable();
    bearers.dedup();
    let personal = |p: &ActorRef| {
        p.id.as_ref().and_then(|id| resolver.knowledge.actor(id.as_str())).is_some_and(|a| a.kind == ActorKind::Person)
    };
    let head = resolver.doc.token(found.head);
    let around = [Some(head), head.head()].into_iter().flatten();
    let party = around
        .flat_map(|t| mentions.parties(resolver, t))
        .find(|p| personal(p) && p.id.as_ref().is_some_and(|id| bearers.contains(&id.as_str())));
    match (&bearers[..], party) {
        (_, Some(party)) if party.candidates.is_empty() => Some(party),
        (&[only], None) => resolver.actor_ref(resolver.doc.text(found.span), found.span, only, Vec::new()),
        _ => None,
    }
}

/// Whether a text ends with a title as a whole word and one space, in any capitals.
fn ends_with(before: &str, title: &str) -> bool {
    let Some(text) = before.strip_suffix(' ') else { return false };
    let Some(start) = text.len().checked_sub(title.len()).filter(|&at| text.is_char_boundary(at)) else {
        return false;
    };
    text[start..].eq_ignore_ascii_case(title)
        && !text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '–'))
}

enum Owner<'a> {
    Named(&'a str),
    Unnamed,
}

/// What stands before the title: nothing or a state; `None` where another word may change it ("deputy", "former").
fn owner_before<'a>(resolver: &Resolver<'a>, head: Token<'_>, start: usize) -> Option<Owner<'a>> {
    let doc = resolver.doc;
    let sentence = head.sentence();
    let mut owner = Owner::Unnamed;
    let mut last = sentence.tokens().take_while(|t| (t.span().end as usize) <= start).last();
    while let Some(token) = last {
        let state = resolver.names.at(token).and_then(|m| {
            let actor = resolver.knowledge.actor(m.names[0].actor.as_str())?;
            let state = actor.state.as_deref().filter(|_| actor.kind == ActorKind::State)?;
            Some((m.first, state))
        });
        match (state, &owner) {
            (Some((first, state)), Owner::Unnamed) => {
                owner = Owner::Named(state);
                last = (first.0 > 0)
                    .then(|| doc.token(TokenIx(first.0 - 1)))
                    .filter(|t| t.sentence().ix() == sentence.ix());
            }
            _ if token.text().starts_with(['\'', '’']) => last = token.previous(),
            _ => {
                let changes = matches!(token.upos(), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Adv | Upos::X)
                    || matches!(token.text(), "-" | "–")
                    || token.relation() == "amod"
                    || resolver.words.former_words.has(&token.lemma().to_lowercase())
                    || resolver.words.former_words.has(&token.text().to_lowercase());
                return (!changes).then_some(owner);
            }
        }
    }
    Some(owner)
}

/// Whether the person acts or speaks in a main clause that names no other time.
fn now(resolver: &Resolver<'_>, head: Token<'_>) -> bool {
    let subject = std::iter::successors(Some(head), |t| t.head()).take(4).find(|t| t.relation() == "nsubj");
    let Some(verb) = subject.and_then(|s| s.head()) else { return false };
    let main = matches!(verb.relation(), "root" | "parataxis")
        || verb.relation() == "conj" && verb.head().is_some_and(|h| h.relation() == "root");
    let past_of_past = verb.children().any(|c| c.relation() == "aux" && c.has("Tense=Past"));
    main && !past_of_past && !elsewhen(resolver, head)
}
