//! Whom a phrase stands for, as of the document's date.
//!
//! This is the one place where what a text says meets what was true: a name, a title or a description
//! becomes an [`ActorRef`] with the grounds of the finding; what stays open keeps its words and its candidates.

use crate::mention::{NameMatch, Names, core, in_capitals};
use crate::register::Registers;
use crate::timing::{Dateline, datelines};
use crate::toponym::Toponym;
use crate::words::Words;
use demarche_core::{ActorId, ActorRef, Sector, Span};
use demarche_knowledge::{Actor, ActorKind, AgentKind, Knowledge, Name, NameKind, Office, Tenure};
use demarche_text::{Document, EntityKind, Token, Upos};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// How a phrase was understood; decides which roles it may fill and what may refer back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// A person, by name or by office.
    Person,
    /// A state, by name, capital or seat.
    State,
    /// A group, body or other organisation.
    Organisation,
    /// People described by a noun ("rebels").
    Agents,
    /// A place within a state.
    Place,
    /// A thing of somebody's ("Iran's economy"): stands for its owner only where nothing nearer does.
    Possession,
}

/// A phrase with those it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Resolution {
    pub(crate) form: Form,
    pub(crate) refs: Vec<ActorRef>,
}

/// So often an article names the state that it is at home in.
const HOME_TIMES: u32 = 4;

/// Looks phrases up; holds what the whole document tells about its names.
pub(crate) struct Resolver<'a> {
    pub(crate) doc: &'a Document,
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) words: &'a Words,
    pub(crate) names: &'a Names<'a>,
    pub(crate) on: Date,
    /// Whether the document has a date at all: without one nobody holds an office.
    dated: bool,
    states: BTreeMap<String, u32>,
    persons: BTreeSet<ActorId>,
    unknown: BTreeMap<String, Span>,
    /// Its place names.
    pub(crate) toponyms: Vec<Toponym<'a>>,
    /// The lines with a day that open its reports.
    pub(crate) datelines: Vec<Dateline>,
    /// The ways of speaking of its paragraphs.
    pub(crate) registers: Registers,
}

impl<'a> Resolver<'a> {
    /// Reads the whole document once for its full names, its states and its unknown persons.
    pub(crate) fn new(
        doc: &'a Document,
        knowledge: &'a Knowledge,
        words: &'a Words,
        names: &'a Names<'a>,
        on: Date,
    ) -> Resolver<'a> {
        let mut states = BTreeMap::new();
        let mut persons = BTreeSet::new();
        for found in &names.matches {
            for name in found.names.iter().take(1) {
                match (name.kind, knowledge.actor(name.actor.as_str())) {
                    (NameKind::Person, _) => {
                        persons.extend(found.names.iter().map(|n| n.actor.clone()));
                    }
                    (_, Some(actor)) => {
                        if let Some(state) = &actor.state {
                            *states.entry(state.clone()).or_insert(0) += 1;
                        }
                    }
                    _ => {}
                }
            }
        }
        let mut unknown = BTreeMap::new();
        for entity in doc.sentences().flat_map(|s| s.entities()) {
            if entity.kind == EntityKind::Person && entity.first != entity.last {
                let last = doc.token(entity.last);
                if names.at(last).is_none_or(|m| m.names[0].kind == NameKind::Surname) {
                    unknown.entry(last.text().to_string()).or_insert(entity.span);
                }
            }
        }
        let toponyms = crate::place::toponyms(doc, knowledge, words, names);
        Resolver {
            doc,
            knowledge,
            words,
            names,
            on,
            dated: doc.meta.published.is_some(),
            states,
            persons,
            unknown,
            toponyms,
            datelines: datelines(doc),
            registers: Registers::find(doc, words),
        }
    }

    /// The state that nearly all of a longer article is about: "the police" and "the senators" there are its own.
    pub(crate) fn home(&self) -> Option<&str> {
        let all: u32 = self.states.values().sum();
        let (state, times) = self.states.iter().max_by_key(|(_, times)| **times)?;
        (*times >= HOME_TIMES && 10 * times >= 7 * all).then_some(state.as_str())
    }

    /// Whom the phrase around this head stands for; `None` where it stands for nobody that matters.
    pub(crate) fn phrase(&self, head: Token<'a>) -> Option<Resolution> {
        if head.upos() == Upos::Pron {
            return None;
        }
        let core = core(head);
        self.person_in(head, &core)
            .or_else(|| self.named(head, &core))
            .or_else(|| self.described(head, &core))
            .or_else(|| self.unknown_entity(head, &core))
            .or_else(|| self.place(head))
            .or_else(|| self.possession(head, &core))
    }

    /// The person that a phrase names, wherever in it the name stands.
    fn person_in(&self, head: Token<'a>, core: &[Token<'a>]) -> Option<Resolution> {
        let owned = |t: Token<'a>| {
            // In "Putin's war" the name belongs to the owner, not to the phrase.
            t != head
                && std::iter::successors(Some(t), |t| t.head())
                    .take_while(|&t| t != head)
                    .any(|t| t.deprel() == "nmod:poss")
        };
        let personal = |m: &&NameMatch<'a>| matches!(m.names[0].kind, NameKind::Person | NameKind::Surname);
        let inside = core.iter().filter(|&&t| !owned(t)).filter_map(|&t| self.names.at(t)).filter(personal);
        // "the Secretary of State, Antony Blinken": a name set beside the title.
        let beside = head.children().filter(|c| c.relation() == "appos" && self.names.at(head).is_none());
        let found = inside
            .filter(|m| core.iter().any(|t| t.ix() == m.head))
            .chain(beside.filter_map(|t| self.names.at(t)).filter(personal))
            .next()?;
        let name_head = self.doc.token(found.head);
        // "the Trump administration", "a Putin ally": the person is a modifier of somebody else.
        if name_head != head
            && name_head.relation() == "compound"
            && head.upos() == Upos::Noun
            && head.ix() > found.last
        {
            return None;
        }
        let hints = self.states_around(head, core, Some(found));
        let mut person = self.person(found, &hints)?;
        self.entitle(&mut person, core, found.span);
        Some(Resolution { form: Form::Person, refs: vec![person] })
    }

    /// Whom a name stands for by itself, whatever part it plays in its sentence.
    pub(crate) fn as_name(&self, found: &NameMatch<'a>, head: Token<'a>) -> Option<ActorRef> {
        if found.names.iter().all(|n| matches!(n.kind, NameKind::Person | NameKind::Surname)) {
            return self.person(found, &self.states_around(head, &core(head), Some(found)));
        }
        let name = self.preferred(found, &[])?;
        self.actor_ref(self.doc.text(found.span), found.span, name.actor.as_str(), vec!["name".to_string()])
    }

    fn person(&self, found: &NameMatch<'a>, hints: &[String]) -> Option<ActorRef> {
        let text = self.doc.text(found.span);
        let mut scored: Vec<(i32, &Name)> = found
            .names
            .iter()
            .filter(|n| matches!(n.kind, NameKind::Person | NameKind::Surname))
            .map(|n| (self.person_score(n, hints), *n))
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.actor.cmp(&b.1.actor)));
        scored.dedup_by(|a, b| a.1.actor == b.1.actor);
        let &(best, name) = scored.first()?;
        let surname = name.kind == NameKind::Surname;
        if surname && self.unknown.contains_key(text) && !self.persons.contains(&name.actor) {
            return None;
        }
        let rival = scored.get(1).map_or(i32::MIN, |s| s.0);
        let candidates = scored.iter().skip(1).take(4).map(|(_, n)| n.actor.clone()).collect();
        if surname && (best < 4 || best == rival) {
            let mut open = ActorRef::bare(text, found.span);
            open.candidates = scored.iter().take(5).map(|(_, n)| n.actor.clone()).collect();
            return Some(open);
        }
        let mut by = vec![if surname { "surname" } else { "name" }.to_string()];
        if surname && self.persons.contains(&name.actor) {
            by.push("full name in the article".to_string());
        }
        let mut found = self.actor_ref(text, found.span, name.actor.as_str(), by)?;
        found.candidates = candidates;
        Some(found)
    }

    /// Prominence on the date, the country in sight and full names elsewhere in the article.
    fn person_score(&self, name: &Name, hints: &[String]) -> i32 {
        let id = name.actor.as_str();
        let mut score = 0;
        if self.persons.contains(&name.actor) {
            score += 10;
        }
        let offices = if self.dated { self.knowledge.offices_of(id, self.on) } else { self.knowledge.tenures_of(id) };
        score += offices.iter().map(|(office, _)| office_rank(office)).max().unwrap_or(0);
        let mut states: Vec<&str> = offices.iter().filter_map(|(o, _)| self.state_of(o.owner.as_str())).collect();
        states.extend(self.knowledge.actor(id).and_then(|a| a.state.as_deref()));
        if hints.iter().any(|h| states.contains(&h.as_str())) {
            score += 6;
        } else if !hints.is_empty() && !states.is_empty() {
            score -= 6;
        }
        if states.iter().any(|s| self.states.contains_key(*s)) {
            score += 2;
        }
        score
    }

    /// A state, group, body or other actor whose name is the head of the phrase.
    fn named(&self, head: Token<'a>, core: &[Token<'a>]) -> Option<Resolution> {
        let found = self.names.at(head)?;
        let name = self.preferred(found, core)?;
        let actor = self.knowledge.actor(name.actor.as_str())?;
        if actor.kind == ActorKind::Body {
            // "Rwanda's Senate" is not the best known of the name.
            let around = self.states_around(head, core, Some(found));
            if !around.is_empty() && actor.state.as_ref().is_some_and(|s| !around.contains(s)) {
                return None;
            }
        }
        let text = self.doc.text(found.span);
        let (form, by) = match (actor.kind, name.kind) {
            (ActorKind::State, NameKind::Capital) => {
                if self.is_location(head) {
                    return self.place(head);
                }
                (Form::State, "capital for its government")
            }
            (_, NameKind::Seat) => (Form::Organisation, "seat"),
            // "Mordorian threats" and "the Mordorians" are written alike in many languages' names.
            (ActorKind::State, NameKind::Demonym) if self.plain_modifier(head) => (Form::State, "adjective"),
            (ActorKind::State, NameKind::Demonym) => (Form::Agents, "demonym"),
            (ActorKind::State, NameKind::Adjective) if head.upos() != Upos::Adj && !self.plain_modifier(head) => {
                (Form::Agents, "demonym")
            }
            (ActorKind::State, NameKind::Adjective) => (Form::State, "adjective"),
            (ActorKind::State, _) => (Form::State, "name"),
            (ActorKind::Person, _) => (Form::Person, "name"),
            _ => (Form::Organisation, "name"),
        };
        let mut found_ref = self.actor_ref(text, found.span, name.actor.as_str(), vec![by.to_string()])?;
        found_ref.candidates = found
            .names
            .iter()
            .map(|n| n.actor.clone())
            .filter(|id| *id != name.actor)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .take(4)
            .collect();
        if form == Form::Agents {
            found_ref.sector = Some(Sector::Cvl);
        } else if actor.kind == ActorKind::State {
            found_ref.sector = Some(Sector::Gov);
            let title = |t: &&Token<'a>| t.ix() > found.last && (t.deprel() == "nmod:desc" || t.relation() == "flat");
            let mut titles = core.iter().filter(title).filter_map(|&t| self.agent_phrase(t, core));
            if titles.any(|(agent, _)| matches!(agent.kind, AgentKind::Person | AgentKind::Group)) {
                // "Kenya President Smithers", with the state for its head, is the person.
                let whole = found.span.cover(core[core.len() - 1].span());
                let mut person = ActorRef::bare(self.doc.text(whole), whole);
                (person.code, person.resolved_by) = (actor.state.clone(), found_ref.resolved_by);
                self.entitle(&mut person, core, found.span);
                return Some(Resolution { form: Form::Person, refs: vec![person] });
            }
        } else {
            self.entitle(&mut found_ref, core, found.span);
        }
        Some(Resolution { form, refs: vec![found_ref] })
    }

    fn plain_modifier(&self, head: Token<'_>) -> bool {
        matches!(head.relation(), "amod" | "compound") || head.deprel() == "nmod:desc"
    }

    /// Of several actors with this name the one in force whose country the article speaks of most.
    fn preferred(&self, found: &NameMatch<'a>, _core: &[Token<'a>]) -> Option<&'a Name> {
        let weight = |name: &Name| {
            let actor = self.knowledge.actor(name.actor.as_str());
            let alive = actor.is_some_and(|a| a.interval.contains(self.on));
            let state = actor.and_then(|a| a.state.as_deref());
            let group = actor.is_some_and(|a| matches!(a.kind, ActorKind::Group | ActorKind::Bloc));
            (
                name.interval.contains(self.on),
                alive,
                state.and_then(|s| self.states.get(s)).copied().unwrap_or(0) + u32::from(group),
            )
        };
        found
            .names
            .iter()
            .copied()
            .filter(|n| n.kind != NameKind::Surname)
            .max_by(|a, b| weight(a).cmp(&weight(b)).then_with(|| b.actor.cmp(&a.actor)))
    }

    /// People or bodies that a noun describes: "Chinese soldiers", "the Treasury secretary", "rebels from Syria".
    fn described(&self, head: Token<'a>, core: &[Token<'a>]) -> Option<Resolution> {
        let (agent, first) = self.agent_phrase(head, core)?;
        let mut hints = self.states_around(head, core, None);
        if hints.is_empty()
            && core.len() == 1
            && let Some(first) = head.head().filter(|_| head.relation() == "conj")
        {
            // "Israeli police and soldiers": what stands before the first of them is said of all.
            let before: Vec<Token<'a>> =
                crate::mention::core(first).into_iter().filter(|t| t.ix() < first.ix()).collect();
            hints = self.states_around(head, &before, None);
            if hints.is_empty() && first.children().any(|c| c.deprel() == "nmod" && c.ix() > head.ix()) {
                hints = self.states_around(first, &[first], None);
            }
        }
        if hints.is_empty() && core.len() == 1 {
            // "Lawmakers and officials in Rohan": so is the place that follows the last.
            let last = head.children().rfind(|c| c.relation() == "conj");
            let placed = last.filter(|&l| self.agent_phrase(l, &[l]).is_some());
            hints = placed.map(|l| self.states_around(l, &[l], None)).unwrap_or_default();
        }
        let definite = core.iter().any(|t| t.relation() == "det" && t.has("Definite=Def"));
        if definite && !hints.is_empty() && self.words.economy_nouns.has(&head.text().to_lowercase()) {
            return None;
        }
        let last = core.iter().rposition(|&t| t == head).unwrap_or(core.len() - 1);
        let start = core.iter().find(|t| t.relation() != "det").map_or(head.span(), |t| t.span());
        let span = start.cover(core[last].span());
        let text = self.doc.text(span).to_string();
        let singular = !head.has("Number=Plur");
        if singular
            && agent.kind == AgentKind::Person
            && let Some(holder) = self.holder(&hints, core, first, head, &text, span)
        {
            return Some(Resolution { form: Form::Person, refs: vec![holder] });
        }
        let former = core.iter().any(|t| self.words.former_words.has(&t.lemma().to_lowercase()));
        let modified = core
            .iter()
            .filter(|t| t.ix() < head.ix())
            .find_map(|t| self.knowledge.agent_modifier(&t.lemma().to_lowercase()));
        let sector = match modified {
            Some(modifier) if modifier.sector.is_some() => modifier.sector,
            _ if former => Some(Sector::Eli),
            _ => agent.sector,
        };
        let make = |code: Option<String>, by: &str| ActorRef {
            code,
            sector,
            resolved_by: vec![by.to_string()],
            ..ActorRef::bare(text.as_str(), span)
        };
        let mut refs: Vec<ActorRef> = Vec::new();
        if let Some(mut owner) = self.movement_in(core, head) {
            // "Haradrim fighters" are the Haradrim, whatever state they are placed in.
            (owner.text, owner.span) = (text.clone(), span);
            owner.sector = owner.sector.or(sector);
            owner.resolved_by.push("agent noun and organisation".to_string());
            refs.push(owner);
        } else {
            refs.extend(hints.iter().map(|state| make(Some(state.clone()), "agent noun and country")));
        }
        if refs.is_empty() {
            let owner = self.owner_outside_states(core, head);
            refs.push(match owner {
                Some(owner) => {
                    let mut r = make(owner.code.clone(), "agent noun and organisation");
                    // A code of another scheme says already what they are.
                    r.sector = r.sector.filter(|_| r.code.as_ref().is_none_or(|code| code.len() <= 3));
                    r.id = owner.id;
                    r.name = owner.name;
                    r
                }
                None => make(None, "agent noun"),
            });
        }
        Some(Resolution { form: Form::Agents, refs })
    }

    /// The longest agent noun that ends at the head: "prime minister" before "minister".
    fn agent_phrase(&self, head: Token<'a>, core: &[Token<'a>]) -> Option<(&'a demarche_knowledge::Agent, usize)> {
        if !matches!(head.upos(), Upos::Noun | Upos::Propn | Upos::Adj) {
            return None;
        }
        // A title before a name heads the phrase in some parses, the name in others.
        let at = core.iter().position(|&t| t == head)?;
        let word = |t: &Token<'_>| t.lemma().to_lowercase();
        for first in at.saturating_sub(4)..=at {
            let mut phrase: Vec<String> = core[first..at].iter().map(|t| t.text().to_lowercase()).collect();
            phrase.push(word(&core[at]));
            let phrase = phrase.join(" ").replace(" - ", "-");
            let singular = phrase.strip_suffix('s').unwrap_or(&phrase);
            if let Some(agent) = self.knowledge.agent(&phrase).or_else(|| self.knowledge.agent(singular)) {
                return Some((agent, first));
            }
            if first == at
                && head.upos() == Upos::Propn
                && let Some(agent) = self.knowledge.agent(&head.text().to_lowercase())
            {
                return Some((agent, first));
            }
        }
        None
    }

    /// The agent noun that ends at this word, whatever the parse makes of it.
    pub(crate) fn title(&self, last: Token<'a>) -> Option<&'a demarche_knowledge::Agent> {
        let knowledge = self.knowledge;
        let lower = last.text().to_lowercase();
        let before = last.previous().map(|t| format!("{} {lower}", t.text().to_lowercase()));
        before.and_then(|phrase| knowledge.agent(&phrase)).or_else(|| knowledge.agent(&lower))
    }

    /// A name whose sector nothing else gives has that of the noun beside it: "Prime Minister Elessar".
    fn entitle(&self, party: &mut ActorRef, core: &[Token<'a>], name: Span) {
        let beside = |t: &&Token<'a>| !name.overlaps(t.span()) && matches!(t.upos(), Upos::Noun | Upos::Propn);
        let title = core.iter().filter(beside).filter_map(|&t| self.agent_phrase(t, core)).next_back();
        if let Some((agent, _)) = title.filter(|_| party.sector.is_none()) {
            party.sector = agent.sector;
            party.resolved_by.push("agent noun".to_string());
        }
    }

    /// The one who holds the office that a description names, on the document's date.
    fn holder(
        &self,
        hints: &[String],
        core: &[Token<'a>],
        first: usize,
        head: Token<'a>,
        text: &str,
        span: Span,
    ) -> Option<ActorRef> {
        let [state] = hints else { return None };
        if !self.dated {
            return None;
        }
        if core.iter().any(|t| t.ix() < head.ix() && self.words.former_words.has(&t.lemma().to_lowercase())) {
            return None;
        }
        let at = core.iter().position(|&t| t == head)?;
        let title: Vec<String> = core[first..=at].iter().map(|t| t.text().to_lowercase()).collect();
        let title = title.join(" ");
        let holders = self.knowledge.holders(state, self.on);
        let mut fitting = holders.iter().filter(|(office, _)| {
            let known = office.title.to_lowercase();
            known == title || known.strip_prefix(&format!("{title} ")).is_some() && title.contains(' ')
        });
        let (office, tenure): &(&Office, &Tenure) = fitting.next()?;
        if fitting.any(|(_, other)| other.person != tenure.person) {
            return None;
        }
        let by = vec!["office".to_string(), "date".to_string()];
        let mut found = self.actor_ref(text, span, tenure.person.as_str(), by)?;
        found.office = Some(office.title.clone());
        Some(found)
    }

    /// A named person or organisation that knowledge does not have.
    fn unknown_entity(&self, head: Token<'a>, core: &[Token<'a>]) -> Option<Resolution> {
        let entity = core.iter().find_map(|&t| self.names.entity(t).filter(|e| e.kind != EntityKind::Location))?;
        // In capitals all names look alike; a place that is known is one.
        let place = || self.toponyms.iter().any(|name| name.span == entity.span);
        if in_capitals(head.sentence()) && place() {
            return None;
        }
        let covers_head = entity.span.overlaps(head.span());
        if !covers_head && head.upos() == Upos::Noun {
            return None;
        }
        let hints = self.states_around(head, core, None);
        let mut span = entity.span;
        let text = self.doc.text(span);
        let mut by = "named entity";
        if entity.first == entity.last
            && entity.kind == EntityKind::Person
            && let Some(full) = self.unknown.get(text)
        {
            span = *full;
            by = "full name in the article";
        }
        let name = self.doc.text(span).to_string();
        let mut found = ActorRef::bare(text, entity.span);
        found.name = Some(name);
        found.resolved_by = vec![by.to_string()];
        if let [state] = &hints[..] {
            found.code = Some(state.clone());
        }
        self.entitle(&mut found, core, entity.span);
        if found.code.is_none() {
            // "Baranor, a former minister of Dale,": what a name is said to be.
            let said = head.children().filter(|c| c.relation() == "appos" && c.upos() == Upos::Noun);
            let mut told = said.filter_map(|c| self.described(c, &crate::mention::core(c))).flat_map(|r| r.refs);
            if let Some(told) = told.find(|r| r.code.is_some()) {
                found.code = told.code;
                found.sector = found.sector.or(told.sector);
                found.resolved_by.push("apposition".to_string());
            }
        }
        let form = if entity.kind == EntityKind::Person { Form::Person } else { Form::Organisation };
        Some(Resolution { form, refs: vec![found] })
    }

    /// A place within a state, which stands for those who live there.
    pub(crate) fn place(&self, head: Token<'a>) -> Option<Resolution> {
        if !matches!(head.upos(), Upos::Propn | Upos::X) {
            return None;
        }
        let first = self.names.entity(head).map_or(head, |e| self.doc.token(e.first));
        let (end, rows) = self.knowledge.places_at(&self.doc.text, first.span().start as usize)?;
        let span = Span::of(first.span().start as usize, end);
        let known = self.toponyms.iter().find(|name| name.span == span);
        let row = known.and_then(|name| name.candidates.first()).map(|c| c.place).or(rows.first().copied())?;
        let mut found = ActorRef::bare(self.doc.text(span), span);
        found.name = Some(row.name.to_string());
        found.code = row.country.map(str::to_string);
        found.sector = Some(Sector::Cvl);
        found.resolved_by = vec!["place".to_string()];
        found.code.is_some().then_some(Resolution { form: Form::Place, refs: vec![found] })
    }

    /// "Iran's economy", "Russian fossil fuels": the owner, where the thing itself is nobody.
    fn possession(&self, head: Token<'a>, core: &[Token<'a>]) -> Option<Resolution> {
        let owner = core.iter().filter(|&&t| t != head).filter_map(|&t| {
            let found = self.names.at(t)?;
            (found.head == t.ix()).then_some((t, found))
        });
        // "A Rohan government statement" is its government's, "Rohan army radio" its army's.
        let organ = core.iter().filter(|t| t.ix() < head.ix() && t.relation() == "compound");
        let organ = organ.filter_map(|&t| self.agent_phrase(t, core)).map(|(agent, _)| agent).next_back();
        let organ = organ.filter(|agent| agent.kind == AgentKind::Body && agent.sector.is_some());
        let mut refs = Vec::new();
        for (token, found) in owner {
            let resolved = match found.names[0].kind {
                NameKind::Person | NameKind::Surname => self.person(found, &[]),
                _ => self.named(token, &[token]).and_then(|r| r.refs.into_iter().next()),
            };
            if let Some(mut resolved) = resolved {
                resolved.resolved_by.push("owner".to_string());
                let state = resolved.id.as_ref().is_some_and(|id| Some(id.as_str()) == resolved.code.as_deref());
                if let Some(organ) = organ.filter(|_| state) {
                    (resolved.id, resolved.name, resolved.sector) = (None, None, organ.sector);
                }
                if !refs.iter().any(|r: &ActorRef| r.id == resolved.id) {
                    refs.push(resolved);
                }
            }
        }
        (!refs.is_empty()).then_some(Resolution { form: Form::Possession, refs })
    }

    /// States that the phrase's modifiers name: "Chinese", "China's", "of China", "in Tehran", "U.S.-backed" not.
    pub(crate) fn states_around(
        &self,
        head: Token<'a>,
        core: &[Token<'a>],
        skip: Option<&NameMatch<'a>>,
    ) -> Vec<String> {
        let mut states: Vec<String> = Vec::new();
        let add = |states: &mut Vec<String>, token: Token<'a>| {
            if skip.is_some_and(|m| m.first <= token.ix() && token.ix() <= m.last) {
                return;
            }
            let Some(found) = self.names.at(token) else { return };
            if found.head != token.ix() || matches!(found.names[0].kind, NameKind::Surname) {
                return;
            }
            let Some(name) = self.preferred(found, &[]) else { return };
            let Some(actor) = self.knowledge.actor(name.actor.as_str()) else { return };
            if actor.kind == ActorKind::Body {
                // "Opponents of Rwanda's Senate": the Senate is Rwanda's.
                let owners = self.states_around(token, &crate::mention::core(token), Some(found));
                if !owners.is_empty() {
                    return states.extend(owners);
                }
            }
            let state = match actor.kind {
                ActorKind::Person => self
                    .knowledge
                    .offices_of(actor.id.as_str(), self.on)
                    .iter()
                    .find_map(|(o, _)| self.state_of(o.owner.as_str()).map(str::to_string)),
                _ => actor.state.clone(),
            };
            if let Some(state) = state
                && !states.contains(&state)
            {
                states.push(state);
            }
        };
        for &token in core {
            if token != head && !led(token) {
                add(&mut states, token);
                token.children().filter(|c| c.relation() == "conj").for_each(|c| add(&mut states, c));
            }
        }
        let owned = !states.is_empty();
        for child in head.children().filter(|c| c.deprel() == "nmod") {
            let led_by =
                |words: &[&str]| child.children().any(|c| c.relation() == "case" && words.contains(&c.lemma()));
            // "The US commander in Iraq": whose is said already, and where is another question.
            if led_by(&["of", "from", "for"]) || !owned && led_by(&["in", "at"]) {
                let before = states.len();
                add(&mut states, child);
                child.children().filter(|c| c.relation() == "conj").for_each(|c| add(&mut states, c));
                let inner = crate::mention::core(child);
                if states.len() == before && !owned && self.agent_phrase(child, &inner).is_some() {
                    // "ministers from the Rohan government": whose that is.
                    states.extend(self.states_around(child, &inner, None));
                }
            }
        }
        states
    }

    /// The armed group or movement whose people a plural or a body of men describes: "Hamas fighters", "Houthi forces".
    fn movement_in(&self, core: &[Token<'a>], head: Token<'a>) -> Option<ActorRef> {
        let many = head.has("Number=Plur");
        core.iter().filter(|&&t| t != head && t.ix() < head.ix() && !led(t)).find_map(|&t| {
            let found = self.names.at(t).filter(|found| found.head == t.ix())?;
            let name = self.preferred(found, &[])?;
            let actor = self.knowledge.actor(name.actor.as_str())?;
            let armed = matches!(actor.sector, Some(Sector::Reb | Sector::Uaf));
            if !(many && armed && actor.kind == ActorKind::NonState) {
                return None;
            }
            self.actor_ref(self.doc.text(found.span), found.span, name.actor.as_str(), Vec::new())
        })
    }

    /// "Hamas fighters", "NATO troops": an owner that is no state.
    fn owner_outside_states(&self, core: &[Token<'a>], head: Token<'a>) -> Option<ActorRef> {
        core.iter().filter(|&&t| t != head).find_map(|&t| {
            let found = self.names.at(t)?;
            let name = self.preferred(found, &[])?;
            self.actor_ref(self.doc.text(found.span), found.span, name.actor.as_str(), Vec::new())
        })
    }

    /// Whether a place name is used as a place ("in Beijing", "near Kharkiv").
    fn is_location(&self, head: Token<'_>) -> bool {
        matches!(head.relation(), "obl" | "nmod" | "appos" | "flat" | "list")
            && head
                .children()
                .any(|c| c.relation() == "case" && self.words.place_prepositions.has(&c.lemma().to_lowercase()))
    }

    fn state_of(&self, owner: &str) -> Option<&'a str> {
        self.knowledge.actor(owner).and_then(|a: &Actor| a.state.as_deref())
    }

    /// The record of a known actor with these words.
    pub(crate) fn actor_ref(&self, text: &str, span: Span, id: &str, mut by: Vec<String>) -> Option<ActorRef> {
        let actor = self.knowledge.actor(id)?;
        let mut found = ActorRef::bare(text, span);
        found.id = Some(actor.id.clone());
        found.name = Some(actor.name.clone());
        found.sector = actor.sector;
        found.code = actor.code.clone().or_else(|| actor.state.clone());
        if actor.kind == ActorKind::Person && !self.dated {
            // Without a date nobody can be said to hold an office; whose side somebody is known for can.
            let known = self.knowledge.tenures_of(id);
            if let Some((office, _)) = known.iter().max_by_key(|(office, _)| office_rank(office)) {
                by.push("highest office ever held, the article has no date".to_string());
                found.sector = Some(office.sector);
                if let Some(owner) = self.knowledge.actor(office.owner.as_str()) {
                    found.code = owner.code.clone().or_else(|| owner.state.clone());
                }
            }
        }
        if actor.kind == ActorKind::Person && self.dated {
            let mut offices = self.knowledge.offices_of(id, self.on);
            offices.sort_by_key(|(office, _)| std::cmp::Reverse(office_rank(office)));
            if let Some((office, _)) = offices.first() {
                by.push("office".to_string());
                by.push("date".to_string());
                found.office = Some(office.title.clone());
                found.sector = Some(office.sector);
                if let Some(owner) = self.knowledge.actor(office.owner.as_str()) {
                    found.code = owner.code.clone().or_else(|| owner.state.clone());
                }
            } else if found.sector.is_none() && !self.knowledge.tenures_of(id).is_empty() {
                found.sector = Some(Sector::Eli);
                by.push("former office".to_string());
            }
        }
        found.resolved_by = by;
        Some(found)
    }
}

/// "U.S.-led", "Saudi-backed": the state before such a participle is no owner.
fn led(token: Token<'_>) -> bool {
    token.next().is_some_and(|n| matches!(n.text(), "-" | "–"))
        && token.head().is_some_and(|h| h.ix() > token.ix() && h.upos() != Upos::Noun)
}

/// How likely a surname alone means the holder of an office.
pub(crate) fn office_rank(office: &Office) -> i32 {
    match office.kind.as_str() {
        "head-of-state" | "head-of-government" => 6,
        "leader" => 5,
        "foreign" | "defence" | "chief" => 4,
        "finance" | "interior" | "deputy" | "spokesperson" | "envoy" => 3,
        _ => 2,
    }
}
