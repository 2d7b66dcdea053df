//! What persons say of events: the queue of those most worth a look, a form for one, and the log.
//!
//! The form of who may not write is the same with another end: it leads to the command that does it.

use crate::amend::{Amendment, Grouping, amend, changes, command, withdrawal};
use crate::page::corrections::{CorrectionsPage, EventCase, correction_json, doubts};
use crate::page::runs::field_in_words;
use crate::web::answer::AUTHOR;
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::guard::set_cookie;
use crate::web::page::{Again, Kind, Method, Page, Param, Place, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use axum::http::StatusCode;
use demarche_core::{ActorRef, Event, EventType, Mode};
use demarche_store::correct::{FIELDS, LOOKED_AT, value_of};
use demarche_store::{Access, Act, Correction, Ledger, Stored};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

const PAGES: &[&str] = &["queue", "event"];
const POLARITIES: &[&str] = &["positive", "negative"];
const MODALITIES: &[&str] = &["asserted", "planned", "possible", "conditional", "demanded", "believed"];
const TENSES: &[&str] = &["past", "present", "future"];

/// What the form hands over, in an address or in a body.
const fn form(place: Place) -> [Param; 19] {
    const fn one(place: Place, name: &'static str, kind: Kind, about: &'static str, example: &'static str) -> Param {
        Param { name, place, kind, about, example }
    }
    let text = Kind::Text;
    [
        one(place, "accept", text, "The event, by its id, that is right as coded", "e-54b29fe592919ed3"),
        one(place, "reject", text, "The event that did not happen as coded", "e-54b29fe592919ed3"),
        one(place, "edit", text, "The event some of whose fields are otherwise", "e-54b29fe592919ed3"),
        one(place, "withdraw", Kind::Number(1, u32::MAX), "The correction, by its number, that is taken back", "3"),
        one(place, "author", text, "Who says so", "A. Reader"),
        one(place, "reason", text, "Why", "a film review"),
        one(place, "type", text, "PLOVER's type", "AID"),
        one(place, "mode", text, "PLOVER's mode; none for none", "none"),
        one(place, "cameo", text, "CAMEO code; none for none", "0871"),
        one(place, "intensity", text, "From -10 to 10", "-2.5"),
        one(place, "actors", text, "Who, by codes", "USA/GOV, CHN"),
        one(place, "recipients", text, "To whom, by codes; none for nobody", "UKR/GOV"),
        one(place, "polarity", Kind::OneOf(POLARITIES), "Whether it is said to be so", "negative"),
        one(place, "modality", Kind::OneOf(MODALITIES), "How it is put", "planned"),
        one(place, "tense", Kind::OneOf(TENSES), "When, in grammar", "past"),
        one(place, "from", text, "First day", "2025-03-01"),
        one(place, "until", text, "The day after the last", "2025-03-02"),
        one(place, "before", text, "Where the queue goes on: the `next` of the page before", "20100.1234"),
        one(place, "then", Kind::OneOf(PAGES), "Where to go when it is written", "queue"),
    ]
}

const ASKED: &[Param] = &form(Place::Query);
const GIVEN: &[Param] = &form(Place::Body);
const ALSO: &[Param] = &[
    Param {
        name: "event",
        place: Place::Query,
        kind: Kind::Text,
        about: "The form for one event",
        example: "e-54b29fe592919ed3",
    },
    Param {
        name: "log",
        place: Place::Query,
        kind: Kind::Number(1, u32::MAX),
        about: "The log before this correction",
        example: "51",
    },
    Param {
        name: "limit",
        place: Place::Query,
        kind: Kind::Number(1, 500),
        about: "Events of the queue",
        example: "20",
    },
];

pub(in crate::web) const PAGE: Page = Page {
    name: "corrections",
    method: Method::Get,
    path: "/corrections",
    about: "Events most worth a look, the log of what persons said of events, and the form for one",
    params: &[ALSO, ASKED],
    answer: shown,
};

pub(in crate::web) const WRITTEN: Page = Page {
    name: "correct",
    method: Method::Post,
    path: "/corrections",
    about: "Accepts, rejects or edits an event, or takes a correction back; wants the token",
    params: &[GIVEN],
    answer: written,
};

/// Documents up to which stories are grouped while a person waits.
const GROUPED_AT_ONCE: u64 = 10_000;

/// Whether whoever asks may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    Write,
    /// Once the token was entered.
    WithToken,
    /// Nobody may here.
    Nobody,
}

fn may(ask: &Ask<'_>) -> May {
    match (ask.trusted, ask.site.token()) {
        (true, _) => May::Write,
        (false, Some(_)) => May::WithToken,
        (false, None) => May::Nobody,
    }
}

/// What the page is about.
enum About {
    Desk(CorrectionsPage),
    Event(Box<EventCase>),
    Withdrawal(Box<Correction>),
}

struct Corrections {
    about: About,
    may: May,
    fault: Option<Fault>,
    /// What was typed, by the names of fields.
    typed: BTreeMap<&'static str, String>,
    author: String,
    /// The command that does the same.
    command: Option<String>,
}

fn shown(ask: &Ask<'_>) -> Result<Reply, Fault> {
    view(ask, None)
}

/// The event or the correction that is judged, where one is.
fn judged(ask: &Ask<'_>) -> Option<&'static str> {
    ["accept", "reject", "edit", "withdraw"].into_iter().find(|name| ask.get(name).is_some())
}

/// The page that a question or a failed form is about, with what was typed.
fn view(ask: &Ask<'_>, fault: Option<Fault>) -> Result<Reply, Fault> {
    let ledger = ask.ledger()?;
    let how = judged(ask);
    let event = if ask.page.method == Method::Get { ask.get("event") } else { None };
    let event = event.or_else(|| how.filter(|&how| how != "withdraw").and_then(|how| ask.get(how)));
    let (author, reason) = (ask.get("author").or(ask.author.as_deref()), ask.get("reason"));
    let mut line = None;
    let about = if let Some(number) = ask.number("withdraw") {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let found = correction(ledger, number)?;
        line = Some(withdrawal(ask.site.path(), number, author, reason));
        About::Withdrawal(Box::new(found))
    } else if let Some(event) = event {
        let case = EventCase::of(ledger, event)?.ok_or_else(|| Fault::nowhere(format!("{event}: no such event")))?;
        if how.is_some() {
            let acts = case.stored.as_ref().map(|s| acts(ask, &s.entry.event)).unwrap_or_default();
            line = (!acts.is_empty()).then(|| command(ask.site.path(), &case.id, &acts, author, reason));
        }
        About::Event(Box::new(case))
    } else {
        let log = if ask.page.method == Method::Get { ask.number("log") } else { None };
        let limit = if ask.page.method == Method::Get { ask.number("limit") } else { None };
        let log = log.and_then(|n| i64::try_from(n).ok());
        About::Desk(CorrectionsPage::of(ledger, limit.unwrap_or(20), ask.before()?, log)?)
    };
    let typed = ask.values.clone();
    let author = author.unwrap_or_default().to_string();
    Ok(Reply::View(Box::new(Corrections { about, may: may(ask), fault, typed, author, command: line })))
}

fn correction(ledger: &Ledger, number: i64) -> Result<Correction, Fault> {
    let found = ledger.corrections_before(Some(number.saturating_add(1)), 1)?.into_iter().find(|c| c.key == number);
    found.ok_or_else(|| Fault::nowhere(format!("{number}: no such correction")))
}

/// What is said of an event.
fn acts(ask: &Ask<'_>, event: &Event) -> Vec<Act> {
    match judged(ask) {
        Some("accept") => vec![Act::Accept],
        Some("reject") => vec![Act::Reject],
        Some("edit") => changes(event, |field| ask.get(field)),
        _ => Vec::new(),
    }
}

fn written(ask: &Ask<'_>) -> Result<Reply, Fault> {
    match write(ask) {
        Ok(reply) => Ok(reply),
        // What was typed is not lost: the form is shown again with it.
        Err(fault) => view(ask, Some(fault)),
    }
}

fn write(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let ledger = ask.ledger()?;
    let path = ask.site.path().unwrap_or(ledger.path());
    if may(ask) != May::Write {
        return Err(Fault::forbidden(match may(ask) {
            May::Nobody => {
                "nothing can be written here: the site was started without a token; the command below does the same"
            }
            _ => "the token is wanted to write here (hint: enter it at /token, or use the command below)",
        }));
    }
    let mut faults = Vec::new();
    let named: Vec<&str> =
        ["accept", "reject", "edit", "withdraw"].into_iter().filter(|name| ask.get(name).is_some()).collect();
    if named.len() != 1 {
        faults.push("one of accept, reject, edit and withdraw is wanted".to_string());
    }
    let author = ask.get("author").map(str::trim).unwrap_or_default();
    let reason = ask.get("reason").map(str::trim).unwrap_or_default();
    if author.is_empty() {
        faults.push("author: who says so?".to_string());
    }
    if reason.is_empty() {
        faults.push("reason: why? A correction without a reason helps nobody".to_string());
    }
    if !faults.is_empty() {
        return Err(Fault::asked(faults));
    }
    let grouping = if ledger.documents()? <= GROUPED_AT_ONCE { Grouping::Now } else { Grouping::Later };
    let event = if let Some(number) = ask.number("withdraw") {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let event = correction(ledger, number)?.event;
        let stop = AtomicBool::new(false);
        let what = Amendment::Withdraw { number, engine: ask.site.engine(), stop: &stop };
        ask.site.writing(|| amend(&Ledger::open(path, Access::Write)?, &what, author, reason, grouping))?;
        event
    } else {
        let id = ask.get(named[0]).unwrap_or_default();
        let none = || Fault::nowhere(format!("{id}: no such event in force"));
        let event = ledger.event_in_force(id)?.ok_or_else(none)?.entry.event;
        let acts = acts(ask, &event);
        if acts.is_empty() {
            return Err(Fault::asked(vec![
                "nothing is otherwise than it stands (hint: `none` for a field that is to be absent)".to_string(),
            ]));
        }
        let what = Amendment::Correct { event: &event.id, acts: &acts };
        ask.site.writing(|| amend(&Ledger::open(path, Access::Write)?, &what, author, reason, grouping))?;
        event.id
    };
    let to = if ask.get("then") == Some("queue") {
        let queue = Url::to("/corrections").with("reason", reason);
        ask.get("before").map_or(queue.clone(), |before| queue.with("before", before))
    } else {
        Url::event(&event)
    };
    Ok(Reply::See(to.to_string(), Some(set_cookie(AUTHOR, author, Some(365)))))
}

/// "Arnor SANCTION Gondor", for names of buttons.
fn short(event: &Event) -> String {
    let names =
        |list: &[ActorRef]| list.iter().map(|p| p.name.as_deref().unwrap_or(&p.text)).collect::<Vec<_>>().join(", ");
    format!("{} {} {}", names(&event.actors), event.event_type.as_str().to_lowercase(), names(&event.recipients))
}

impl Corrections {
    fn typed(&self, name: &str) -> Option<&str> {
        self.typed.get(name).map(String::as_str)
    }

    fn method(&self) -> &'static str {
        if self.may == May::Write { "post" } else { "get" }
    }

    /// Who and why.
    fn signed(&self) -> Markup {
        html! {
            label.field { span { "Who says so" } input name="author" required value=(self.author) autocomplete="name" maxlength="100"; }
            label.field.long { span { "Why" } input name="reason" required value=[self.typed("reason")] maxlength="500" placeholder="read the page"; }
        }
    }

    fn whence(&self) -> Markup {
        html! {
            @match self.may {
                May::Write => {}
                May::WithToken => p.whence { "To write here, " a href="/token" { "enter the token" } "; without it each form gives the command that does the same." },
                May::Nobody => p.whence { "Nothing is written here: each form gives the command that does the same. Started with " code { "DEMARCHE_TOKEN=word demarche serve" } ", the pages write it themselves." },
            }
        }
    }

    fn case(&self, stored: &Stored) -> Markup {
        let event = &stored.entry.event;
        let what = html! { span.unseen { ": " (short(event)) } };
        html! {
            li.case tabindex="-1" {
                ul.events { (parts::event(stored)) }
                p.doubts { (doubts(event).join(" · ")) }
                p.acts {
                    button form="desk" name="accept" value=(event.id) data-key="a" { "Accept" (what) }
                    button form="desk" name="reject" value=(event.id) data-key="r" { "Reject" (what) }
                    a href=(Url::correction(&event.id)) data-key="e" { "Edit" (what) }
                }
            }
        }
    }

    fn desk(&self, page: &CorrectionsPage) -> Markup {
        html! {
            h1 { "Corrections" }
            p { "What a person says of an event stays beside what the coder said, with author, time and reason, and outlasts every recoding." }
            (self.whence())
            section aria-labelledby="queue" {
                h2 #queue { "Most worth a look" }
                p { "Events that count, of which the coder is unsure or whose typing head clearly says something else than its patterns, and that nobody has judged; the latest first." }
                @if page.queue.is_empty() && page.next.is_none() { p.lead { "None is left." } } @else {
                    form #desk.inline method=(self.method()) action="/corrections" {
                        button disabled hidden {}
                        input type="hidden" name="then" value="queue";
                        @if let Some(before) = self.typed("before") { input type="hidden" name="before" value=(before); }
                        (self.signed())
                    }
                    @if page.queue.is_empty() { p { "None among the " (parts::count(LOOKED_AT as u64)) " events looked at; the search goes on further back." } }
                    ol.queue { @for stored in &page.queue { (self.case(stored)) } }
                }
            }
            section aria-labelledby="log" {
                h2 #log { "What was said so far" }
                @if page.log.is_empty() { p { "Nothing yet." } } @else { (self.log(&page.log)) }
                @if let Some(earlier) = page.earlier { p { a href=(Url::to("/corrections").with("log", earlier)) { "Earlier corrections" } } }
                (parts::copied("As pages for the golden tests", "demarche correct --golden > corrections.md"))
            }
        }
    }

    fn log(&self, log: &[Correction]) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label="Corrections" { table {
                thead { tr { @for head in ["number", "time (UTC)", "author", "what", "event as it was", "reason", ""] { th scope="col" { (head) } } } }
                tbody { @for c in log { tr class=[c.withdrawn.map(|_| "withdrawn")] {
                    td.number { (c.key) }
                    td { time datetime=(c.at) { (c.at.replace('T', " ").trim_end_matches('Z')) } }
                    td { (c.author) }
                    td { @match &c.act {
                        Act::Accept => "accepted", Act::Reject => "rejected",
                        Act::Change { field, value } => { (field) ": " (field_in_words(&c.before, field)) " → " (value) }
                    } }
                    td.wide { a href=(Url::event(&c.event)) { (short(&c.before)) } }
                    td.wide { (c.reason) }
                    td { @match c.withdrawn {
                        Some(run) => { "taken back in run " (run) }
                        None => a href=(Url::to("/corrections").with("withdraw", c.key)) { "take back" span.unseen { " correction " (c.key) } },
                    } }
                } } }
            } }
        }
    }

    fn field(&self, event: &Event, name: &str) -> Markup {
        let value = self.typed(name).map_or_else(|| value_of(event, name), str::to_string);
        let label = GIVEN.iter().find(|p| p.name == name).map_or(name, |p| p.about);
        let options: Vec<String> = match name {
            "type" => EventType::ALL.iter().map(ToString::to_string).collect(),
            "mode" => std::iter::once("none".to_string()).chain(Mode::ALL.iter().map(ToString::to_string)).collect(),
            "polarity" => POLARITIES.iter().map(ToString::to_string).collect(),
            "modality" => MODALITIES.iter().map(ToString::to_string).collect(),
            "tense" => TENSES.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        html! {
            label.field {
                span { (name) ": " (label) }
                @if options.is_empty() { input name=(name) value=(value) autocomplete="off"; } @else {
                    select name=(name) { @for option in &options { option value=(option) selected[*option == value] { (option) } } }
                }
            }
        }
    }

    fn event(&self, case: &EventCase) -> Markup {
        let Some(event) = case.event() else { return html! {} };
        let write = self.may == May::Write;
        let editing = self.typed("edit").is_some();
        html! {
            h1 { "Is it so? " (short(event)) }
            @match &case.stored {
                Some(stored) => {
                    ul.events { (parts::event(stored)) }
                    p.doubts { (doubts(event).join(" · ")) }
                    form #judge.judge method=(self.method()) action="/corrections" {
                        button disabled hidden {}
                        div.inline { (self.signed()) }
                        p.acts {
                            button name="accept" value=(case.id) data-key="a" { "Accept" } " it is right as it stands"
                        }
                        p.acts {
                            button name="reject" value=(case.id) data-key="r" { "Reject" } " it did not happen as coded, and counts no more"
                        }
                        details.edit open[editing] data-key="e" {
                            summary { "Edit its fields" }
                            div.grid { @for field in FIELDS { (self.field(event, field)) } }
                            p.whence { "Parties are codes with a sector where there is one, such as USA/GOV, CHN; " code { "none" } " is for a field that is to be absent." }
                            p.acts { button name="edit" value=(case.id) { @if write { "Save what is otherwise" } @else { "Show the command" } } }
                        }
                        @if !write { p.whence { "The buttons show the command; nothing is written here." } }
                    }
                }
                None => p.lead { "It is not in force: it was rejected, or the coder finds it no more." },
            }
            @if !case.log.is_empty() {
                section aria-labelledby="log" { h2 #log { "What was said of it" } (self.log(&case.log)) }
            }
            p.more {
                a href="/corrections" { "The queue" }
                @if let Some(next) = &case.next { " · " a href=(Url::correction(next)) rel="next" data-key="j" { "The next of the queue" } }
            }
        }
    }

    fn withdrawal(&self, c: &Correction) -> Markup {
        html! {
            h1 { "Take correction " (c.key) " back" }
            (self.log(std::slice::from_ref(c)))
            @if c.withdrawn.is_some() { p { "It was taken back already." } } @else {
                p { "It counts no more then; what the coder says of the sentence is coded anew." }
                form.judge method=(self.method()) action="/corrections" {
                    button disabled hidden {}
                    div.inline { (self.signed()) }
                    p.acts { button name="withdraw" value=(c.key) { @if self.may == May::Write { "Take back" } @else { "Show the command" } } }
                }
            }
            p.more { a href="/corrections" { "The queue and the log" } }
        }
    }
}

impl View for Corrections {
    fn title(&self) -> String {
        match &self.about {
            About::Desk(_) => "Corrections".to_string(),
            About::Event(case) => format!("Correct {}", case.id),
            About::Withdrawal(c) => format!("Take correction {} back", c.key),
        }
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        html! {
            @if let Some(fault) = &self.fault {
                div.fault role="alert" {
                    p { (fault.what) }
                    @if fault.each.len() > 1 { ul { @for one in &fault.each { li { (one) } } } }
                    @if fault.status == StatusCode::SERVICE_UNAVAILABLE { p { "Nothing was written and nothing typed is lost: send it again in a while." } }
                }
            }
            @if let Some(command) = self.command.as_ref().filter(|_| self.may != May::Write || self.fault.is_some()) {
                div.command role="status" { (parts::copied("The command that does it, in the folder of the ledger:", command)) }
            }
            @match &self.about {
                About::Desk(page) => (self.desk(page)),
                About::Event(case) => (self.event(case)),
                About::Withdrawal(c) => (self.withdrawal(c)),
            }
            script src=(crate::web::asset::address("correct.js")) defer {}
        }
    }

    fn json(&self) -> serde_json::Value {
        let mut all = match &self.about {
            About::Desk(page) => page.json(),
            About::Event(case) => case.json(),
            About::Withdrawal(c) => serde_json::json!({ "correction": correction_json(c) }),
        };
        all["command"] = self.command.clone().into();
        // Programs are told what went wrong as everywhere.
        if let (Some(fault), Some(fields)) = (&self.fault, all.as_object_mut())
            && let serde_json::Value::Object(fault) = fault.json()
        {
            fields.extend(fault);
        }
        all
    }

    fn sheet(&self) -> Sheet {
        let log: &[Correction] = match &self.about {
            About::Desk(page) => &page.log,
            About::Event(case) => &case.log,
            About::Withdrawal(c) => std::slice::from_ref(c.as_ref()),
        };
        let row = |c: &Correction| {
            let withdrawn = c.withdrawn.map_or_else(String::new, |run| run.to_string());
            let (act, was) = (c.act.to_string(), short(&c.before));
            vec![
                c.key.to_string(),
                c.at.clone(),
                c.author.clone(),
                c.event.clone(),
                act,
                was,
                c.reason.clone(),
                withdrawn,
            ]
        };
        let columns = vec!["number", "at", "author", "event", "act", "was", "reason", "withdrawn_in_run"];
        Sheet { columns, rows: log.iter().map(row).collect() }
    }

    fn next(&self) -> Option<String> {
        match &self.about {
            About::Desk(page) => page.next.map(|next| next.to_string()),
            _ => None,
        }
    }

    fn status(&self) -> StatusCode {
        self.fault.as_ref().map_or(StatusCode::OK, |fault| fault.status)
    }

    fn again(&self) -> Option<Again> {
        let sql = "SELECT * FROM corrections ORDER BY key DESC".to_string();
        let command = self.command.clone().unwrap_or_else(|| "demarche correct --list".to_string());
        Some(Again { command, sql: Some(sql) })
    }
}
