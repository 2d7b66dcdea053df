//! The code tables of knowledge, for those who read and write other people's files and must not see knowledge itself.

use demarche_core::{Act, Codes, StateCode};
use demarche_knowledge::{Knowledge, NameKind};

/// How other data sets write states, sectors and acts.
pub fn codes(knowledge: &Knowledge) -> Codes {
    let mut codes = Codes::default();
    for state in &knowledge.tables().states {
        codes.add_state(StateCode {
            id: state.id.clone(),
            name: state.name.clone(),
            interval: state.interval,
            cow: state.cow,
            gw: state.gw,
            iso2: state.iso2.clone(),
            fips: state.fips.clone(),
        });
    }
    for name in knowledge.names().iter().filter(|name| name.kind == NameKind::Name) {
        if codes.state(name.actor.as_str()).is_some() {
            codes.add_name(&name.text, name.interval, name.actor.as_str());
        }
    }
    let codebook = knowledge.codebook();
    for entry in &codebook.cameo {
        codes.add_act(Act {
            code: entry.code.clone(),
            label: entry.label.clone(),
            event_type: entry.event_type,
            mode: entry.mode,
            contexts: entry.contexts.clone(),
            goldstein: entry.goldstein,
        });
    }
    for entry in &codebook.types {
        codes.add_intensity(entry.event_type, None, entry.intensity);
    }
    for entry in &codebook.modes {
        if let Some(intensity) = entry.intensity {
            codes.add_intensity(entry.event_type, Some(entry.mode), intensity);
        }
    }
    for entry in &codebook.crosswalk {
        codes.add_word(entry.scheme.as_str(), &entry.theirs, &entry.ours, entry.back);
    }
    codes
}
