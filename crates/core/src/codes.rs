//! How other data sets write states, sectors and acts: what those who read and write their files must know of the world,
//! handed over by whoever has the tables.
//!
//! ```
//! use demarche_core::{Act, Codes, EventType, Interval, StateCode};
//! let germany = |id: &str, cow, from, until| StateCode {
//!     id: id.into(), name: id.into(), interval: Interval::parse(from, until).unwrap(),
//!     cow: Some(cow), gw: Some(260), iso2: None, fips: Some("GM".into()),
//! };
//! let mut codes = Codes::default();
//! codes.add_state(germany("DEU", 255, "1990-10-03", ""));
//! codes.add_act(Act { code: "042".into(), label: "Make a visit".into(), event_type: Some(EventType::Consult),
//!     mode: None, contexts: vec![], goldstein: Some(1.9) });
//! assert_eq!(codes.state_of_fips("GM", None), Some("DEU"));
//! assert_eq!(codes.act("42").map(|act| act.code.as_str()), Some("042"));   // read as a number, it lost its zero
//! ```

use crate::{Context, EventType, Interval, Mode};
use jiff::civil::Date;
use std::collections::HashMap;

/// A state as data sets number and abbreviate it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCode {
    /// ISO 3166 alpha-3, or three letters of our own for states that are gone.
    pub id: String,
    /// The usual name.
    pub name: String,
    /// How long it existed.
    pub interval: Interval,
    /// Correlates of War's number.
    pub cow: Option<u16>,
    /// Gleditsch and Ward's number.
    pub gw: Option<u16>,
    /// ISO 3166 alpha-2.
    pub iso2: Option<String>,
    /// FIPS 10-4.
    pub fips: Option<String>,
}

/// An act as CAMEO numbers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The code, a text: its zeros count.
    pub code: String,
    /// What CAMEO calls it.
    pub label: String,
    /// PLOVER's type; statements and appeals have none.
    pub event_type: Option<EventType>,
    /// PLOVER's mode.
    pub mode: Option<Mode>,
    /// PLOVER's contexts.
    pub contexts: Vec<Context>,
    /// Goldstein's score.
    pub goldstein: Option<f32>,
}

/// Code tables, looked up both ways.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    states: Vec<StateCode>,
    by_id: HashMap<String, usize>,
    by_fips: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<(Interval, String)>>,
    acts: HashMap<String, Act>,
    codes_of: HashMap<(EventType, Option<Mode>), String>,
    intensities: HashMap<(EventType, Option<Mode>), f32>,
    ours: HashMap<String, HashMap<String, String>>,
    theirs: HashMap<String, HashMap<String, String>>,
}

impl Codes {
    /// Adds a state; its name is looked up too.
    pub fn add_state(&mut self, state: StateCode) {
        let ix = self.states.len();
        self.add_name(&state.name, state.interval, &state.id);
        self.by_id.insert(state.id.clone(), ix);
        if let Some(fips) = &state.fips {
            self.by_fips.entry(fips.clone()).or_default().push(ix);
        }
        self.states.push(state);
    }

    /// Adds another name of a state and how long it meant that state.
    pub fn add_name(&mut self, name: &str, interval: Interval, state: &str) {
        self.by_name.entry(name.to_owned()).or_default().push((interval, state.to_owned()));
    }

    /// Adds an act. Of several with the same type and mode the shortest code, then the first, stands for them.
    pub fn add_act(&mut self, act: Act) {
        if let Some(event_type) = act.event_type {
            let kept = self.codes_of.entry((event_type, act.mode)).or_insert_with(|| act.code.clone());
            if (act.code.len(), &act.code) < (kept.len(), kept) {
                kept.clone_from(&act.code);
            }
        }
        self.acts.insert(act.code.clone(), act);
    }

    /// Adds PLOVER's intensity of a type, or of one of its modes.
    pub fn add_intensity(&mut self, event_type: EventType, mode: Option<Mode>, intensity: f32) {
        self.intensities.insert((event_type, mode), intensity);
    }

    /// Adds a word of another data set's `scheme` and what it is here; with `back`, ours is also written so there.
    pub fn add_word(&mut self, scheme: &str, theirs: &str, ours: &str, back: bool) {
        self.ours.entry(scheme.to_owned()).or_default().insert(theirs.to_owned(), ours.to_owned());
        if back {
            self.theirs.entry(scheme.to_owned()).or_default().insert(ours.to_owned(), theirs.to_owned());
        }
    }

    /// Every state, in the order of the tables.
    pub fn states(&self) -> &[StateCode] {
        &self.states
    }

    /// A state by its id.
    pub fn state(&self, id: &str) -> Option<&StateCode> {
        self.by_id.get(id).map(|&ix| &self.states[ix])
    }

    /// The state of a FIPS 10-4 code on a day; without a day, or where none of its states was there then, the last.
    pub fn state_of_fips(&self, fips: &str, on: Option<Date>) -> Option<&str> {
        let states = self.by_fips.get(fips)?.iter().map(|&ix| &self.states[ix]);
        let there = |state: &&StateCode| on.is_none_or(|day| state.interval.contains(day));
        let found = states.clone().filter(there).max_by_key(|s| s.interval.from);
        found.or_else(|| states.max_by_key(|s| s.interval.from)).map(|s| s.id.as_str())
    }

    /// The state that a name means on a day; without a day, or where it then meant none, the last that it meant.
    pub fn state_named(&self, name: &str, on: Option<Date>) -> Option<&str> {
        let states = self.by_name.get(name)?.iter();
        let meant = |(interval, _): &&(Interval, String)| on.is_none_or(|day| interval.contains(day));
        let found = states.clone().filter(meant).max_by_key(|(interval, _)| interval.from);
        found.or_else(|| states.max_by_key(|(interval, _)| interval.from)).map(|(_, id)| id.as_str())
    }

    /// An act by its code.
    ///
    /// A code that is not in the table is taken as one whose leading zero was lost, and so is every code of two digits
    /// that does not begin with one, since data sets write a root with a zero behind it ("010", "190");
    /// a finer code than the table has is its nearest coarser one.
    pub fn act(&self, code: &str) -> Option<&Act> {
        let whole = code.len() > 2 || code.starts_with('0');
        whole
            .then(|| self.acts.get(code))
            .flatten()
            .or_else(|| self.acts.get(&format!("0{code}")))
            .or_else(|| (2..=code.len()).rev().find_map(|len| self.acts.get(code.get(..len)?)))
    }

    /// The act that stands for a type and mode; of a mode that CAMEO does not have, the type's.
    pub fn act_of(&self, event_type: EventType, mode: Option<Mode>) -> Option<&Act> {
        let code = self.codes_of.get(&(event_type, mode)).or_else(|| self.codes_of.get(&(event_type, None)))?;
        self.acts.get(code)
    }

    /// PLOVER's intensity: the mode's, else the type's, else 0.
    pub fn intensity(&self, event_type: EventType, mode: Option<Mode>) -> f32 {
        let found = self.intensities.get(&(event_type, mode)).or_else(|| self.intensities.get(&(event_type, None)));
        found.copied().unwrap_or_default()
    }

    /// What a word of another data set's scheme is here.
    pub fn ours(&self, scheme: &str, theirs: &str) -> Option<&str> {
        self.ours.get(scheme)?.get(theirs).map(String::as_str)
    }

    /// How another data set writes what we call so.
    pub fn theirs(&self, scheme: &str, ours: &str) -> Option<&str> {
        self.theirs.get(scheme)?.get(ours).map(String::as_str)
    }
}
