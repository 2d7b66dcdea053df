//! What a page is asked: the values of its address, the ledger as it stands, and who is asking.

use super::fault::Fault;
use super::page::{Kind, Page, Place};
use super::site::Site;
use super::url::Url;
use crate::ask::Names;
use demarche_core::ActorSet;
use demarche_store::{Cursor, Ledger, Query, Selection};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A file that was handed over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// One question.
pub(crate) struct Ask<'a> {
    pub site: &'a Site,
    pub page: &'static Page,
    /// Values by the names of the page's parameters, each checked.
    pub values: BTreeMap<&'static str, String>,
    pub upload: Option<Upload>,
    /// Whether the token came with it: who may write.
    pub trusted: bool,
    /// Under which name whoever asks wrote the last time.
    pub author: Option<String>,
    pub ledger: Option<&'a Ledger>,
}

impl<'a> Ask<'a> {
    /// Values by name, or all that is wrong with them.
    pub(crate) fn values(
        page: &'static Page,
        given: &[(String, String)],
    ) -> Result<BTreeMap<&'static str, String>, Fault> {
        let (mut values, mut faults) = (BTreeMap::new(), Vec::new());
        for (name, value) in given {
            let Some(param) = page.all_params().find(|p| p.name == name.as_str()) else {
                let known: Vec<&str> = page.all_params().map(|p| p.name).collect();
                let hint = if known.is_empty() { "it takes none".to_string() } else { known.join(", ") };
                faults.push(format!("no parameter {name:?} on this page (hint: {hint})"));
                continue;
            };
            // A form sends the fields that were left empty too.
            if value.trim().is_empty() && param.place != Place::Path {
                continue;
            }
            // No address has one, and what reads in C stops there.
            if param.place != Place::Body && value.contains('\0') {
                faults.push(format!("{name}: holds a NUL"));
                continue;
            }
            match param.fault(value) {
                Some(fault) => faults.push(fault),
                None => {
                    values.insert(param.name, value.clone());
                }
            }
        }
        if faults.is_empty() { Ok(values) } else { Err(Fault::asked(faults)) }
    }

    /// A value, where it was given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(self.page.all_params().any(|p| p.name == name), "{name} is not declared by {}", self.page.name);
        self.values.get(name).map(String::as_str)
    }

    /// A value that the path always has.
    pub(crate) fn part(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// A day.
    pub(crate) fn day(&self, name: &str) -> Option<Date> {
        self.get(name).and_then(demarche_core::first_day)
    }

    /// A whole number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.get(name).and_then(|n| n.parse().ok())
    }

    /// Yes or absent.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Where a list goes on.
    pub(crate) fn before(&self) -> Result<Option<Cursor>, Fault> {
        match self.get("before") {
            None => Ok(None),
            Some(text) => match Cursor::parse(text) {
                Some(cursor) => Ok(Some(cursor)),
                None => Err(Fault::asked(vec![format!("before: {text:?} is the `next` of no page")])),
            },
        }
    }

    /// The ledger.
    pub(crate) fn ledger(&self) -> Result<&'a Ledger, Fault> {
        self.ledger.ok_or_else(|| {
            Fault::nowhere("no ledger is open (hint: `demarche ingest` makes one, `demarche serve LEDGER` shows it)")
        })
    }

    /// Whom names stand for.
    pub(crate) fn names(&self) -> Result<Names<'a>, Fault> {
        Ok(Names::new(self.site.knowledge(), self.ledger()?))
    }

    /// Whom a name stands for.
    pub(crate) fn actor(&self, name: &str) -> Result<ActorSet, Fault> {
        self.names()?.set(name).ok_or_else(|| {
            Fault::nowhere(format!("nobody known as {name} (hint: a code such as RUS, an id such as NATO or xi-jinping, or a name as news writes it)"))
        })
    }

    /// A question without words, with the bounds of the address.
    pub(crate) fn bounds(&self) -> Result<Query, Fault> {
        self.bounded(Query::default())
    }

    /// A question with the bounds of the address.
    pub(crate) fn bounded(&self, query: Query) -> Result<Query, Fault> {
        let query = query.bounded(&Selection {
            from: self.day("from"),
            until: self.day("until"),
            known_on: self.day("known"),
            min_origins: self.number("min_origins").and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            all: self.flag("all"),
            ..Selection::default()
        });
        if let (Some(from), Some(until)) = (query.from, query.until)
            && from >= until
        {
            return Err(Fault::asked(vec![format!(
                "from {from} is not before until {until} (hint: until is the first day after)"
            )]));
        }
        Ok(query)
    }

    /// The address of this very question.
    pub(crate) fn here(&self) -> Url {
        let mut path = self.page.path.to_string();
        for param in self.page.all_params().filter(|p| p.place == Place::Path) {
            path = path.replace(&format!("{{{}}}", param.name), &super::url::encoded(self.part(param.name)));
        }
        let mut url = Url::to(path);
        for param in self.page.all_params().filter(|p| p.place == Place::Query) {
            if let Some(value) = self.values.get(param.name) {
                url = url.with(param.name, value);
            }
        }
        url
    }

    /// The bounds as options of the command line.
    pub(crate) fn options(&self) -> String {
        let mut text = String::new();
        for (name, option) in
            [("from", "--from"), ("until", "--until"), ("known", "--as-known-on"), ("min_origins", "--min-origins")]
        {
            if let Some(value) = self.values.get(name) {
                text += &format!(" {option} {value}");
            }
        }
        if self.values.contains_key("all") {
            text += " --all";
        }
        text
    }

    /// The kind of a parameter of this page.
    pub(crate) fn kind(&self, name: &str) -> Option<Kind> {
        self.page.all_params().find(|p| p.name == name).map(|p| p.kind)
    }
}
