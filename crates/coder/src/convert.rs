//! PLOVER's reading of what has not happened: a promised aid is an agreement, a planned attack a threat,
//! a denied meeting a refusal.
//!
//! The records keep the act with its standing; projects that code by PLOVER 2021 or CAMEO alone, which have no
//! such field, express the same by another type (PLOVER manual, auxiliary modes; the table is also that of Hu et al.,
//! ACL 2024, appendix).

use demarche_core::{Event, EventType, Modality, Polarity, Tense};

/// The type that PLOVER gives an event, and `None` where it gives none: what is only possible, demanded or believed.
pub fn plover_type(event: &Event) -> Option<EventType> {
    match event.modality {
        Modality::Asserted | Modality::Planned => {
            Some(converted(event.event_type, event.polarity, event.modality, event.tense).0)
        }
        _ => None,
    }
}

/// The converted type, and how much less sure the reading is for it.
pub(crate) fn converted(
    event_type: EventType,
    polarity: Polarity,
    modality: Modality,
    tense: Tense,
) -> (EventType, f32) {
    use EventType::*;
    let future = tense == Tense::Future || modality == Modality::Planned;
    let negative = polarity == Polarity::Negative;
    let doubt = match modality {
        Modality::Asserted => 0.0,
        Modality::Planned => 0.3,
        _ => 0.8,
    };
    let found = match (event_type, negative, future) {
        (Agree | Consult | Support, true, _) => Reject,
        (Cooperate | Aid | Concede | Retreat, true, true) => Reject,
        (Cooperate | Aid, true, false) => Sanction,
        (Concede | Retreat, true, false) => Reject,
        (Consult | Support | Cooperate | Aid | Concede | Retreat, false, true) => Agree,
        (Protest | Mobilize | Sanction | Coerce | Assault, false, true) => Threaten,
        (Protest | Mobilize | Sanction | Coerce | Assault, true, _) => Concede,
        (other, _, _) => other,
    };
    (found, doubt)
}
