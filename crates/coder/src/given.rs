//! Whom words stand for whose place in the text is given from outside: mention spans of a gold set, a marked text.

use crate::attribution::speeches;
use crate::coder::{Coder, day};
use crate::coref::Mentions;
use crate::factuality::{Standing, standing};
use crate::mention::{NameMatch, Names};
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Span};
use demarche_knowledge::{AgentKind, NameKind};
use demarche_text::{Document, Token};

/// A report of what somebody says or thinks, as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying {
    /// The word that marks the report ("said", "according").
    pub cue: Span,
    /// The head of the words for the speaker, whether or not anybody known is meant.
    pub source: Option<Span>,
    /// What is said.
    pub content: Span,
}

impl Coder<'_> {
    /// Whether the text says that what each span reports happened (bytes of the document's text; the word that the
    /// others hang on counts); `None` where no word stands there.
    pub fn standings(&self, doc: &Document, spans: &[Span]) -> Vec<Option<Standing>> {
        let words = |span: Span| doc.tokens_in(span).collect::<Vec<_>>();
        spans.iter().map(|&span| Some(standing(head(&words(span))?, None, self.words()))).collect()
    }

    /// Who says what in the document: every report of what somebody says or thinks, in the order of the text.
    pub fn sayings(&self, doc: &Document) -> Vec<Saying> {
        let on = day(doc);
        let names = Names::find(doc, self.knowledge(), on);
        let resolver = Resolver::new(doc, self.knowledge(), self.words(), &names, on);
        let mentions = Mentions::find(&resolver);
        let found = speeches(&resolver, &mentions);
        found
            .into_iter()
            .filter_map(|s| Some(Saying { cue: s.verb.span(), source: s.source, content: s.content? }))
            .collect()
    }

    /// Whom the words of each span (bytes of the document's text) stand for on the document's date.
    ///
    /// Several parties where the words name several ("Arnor and Gondor"), none where they stand for nobody known.
    pub fn resolve(&self, doc: &Document, spans: &[Span]) -> Vec<Vec<ActorRef>> {
        let on = day(doc);
        let names = Names::find(doc, self.knowledge(), on);
        let resolver = Resolver::new(doc, self.knowledge(), self.words(), &names, on);
        let mentions = Mentions::find(&resolver);
        spans.iter().map(|&span| resolve(&resolver, &mentions, span)).collect()
    }
}

fn resolve(resolver: &Resolver<'_>, mentions: &Mentions, span: Span) -> Vec<ActorRef> {
    let tokens: Vec<Token<'_>> = resolver.doc.tokens().filter(|t| t.span().overlaps(span)).collect();
    let Some(head) = head(&tokens) else { return Vec::new() };
    if let Some(named) = name_of(resolver, &tokens, head) {
        // What the words do in their sentence comes first, what they are as a name second.
        let token = resolver.doc.token(named.head);
        let bearer = |party: &&ActorRef| named.names.iter().any(|n| Some(&n.actor) == party.id.as_ref());
        let here = mentions.at(token).and_then(|m| m.refs.iter().find(bearer).cloned());
        return here.or_else(|| resolver.as_name(&named, token)).into_iter().collect();
    }
    if let Some(bearer) = bearer(resolver, mentions, &tokens) {
        return vec![bearer];
    }
    mentions.parties(resolver, head)
}

/// Whose title the words are, where his name follows them: "president" in "former president Elessar".
fn bearer(resolver: &Resolver<'_>, mentions: &Mentions, tokens: &[Token<'_>]) -> Option<ActorRef> {
    let last = *tokens.last()?;
    let named = resolver.names.at(last.next()?).filter(|named| Some(named.first) == last.next().map(|t| t.ix()))?;
    let person = |kind| matches!(kind, NameKind::Person | NameKind::Surname);
    let title = resolver.title(last).filter(|_| named.names.iter().any(|n| person(n.kind)))?;
    let token = resolver.doc.token(named.head);
    let here = mentions.at(token).and_then(|m| m.refs.iter().find(|r| r.id.is_some()).cloned());
    here.filter(|_| title.kind == AgentKind::Person).or_else(|| resolver.as_name(named, token))
}

/// The word that the rest of the stretch hangs on.
fn head<'a>(tokens: &[Token<'a>]) -> Option<Token<'a>> {
    let outside = |t: &&Token<'a>| t.relation() != "case" && t.head().is_none_or(|h| !tokens.contains(&h));
    tokens.iter().find(outside).or(tokens.last()).copied()
}

/// The known name that the words are, "the" aside.
fn name_of<'a>(resolver: &Resolver<'a>, tokens: &[Token<'a>], head: Token<'a>) -> Option<NameMatch<'a>> {
    let first = tokens.iter().find(|t| t.relation() != "det" && t.relation() != "case")?;
    let last = tokens.last()?;
    if let Some(found) = resolver.names.at(*first)
        && found.first == first.ix()
        && found.last == last.ix()
    {
        return Some(found.clone());
    }
    let known = resolver.knowledge.names_at(&resolver.doc.text, first.span().start as usize);
    let (_, names) = known.into_iter().find(|(end, _)| *end == last.span().end as usize)?;
    let names: Vec<_> = names.into_iter().filter(|n| n.kind != NameKind::Surname || tokens.len() == 1).collect();
    let span = first.span().cover(last.span());
    (!names.is_empty()).then_some(NameMatch { first: first.ix(), last: last.ix(), head: head.ix(), span, names })
}
