//! The codebook's prose: types, modes and contexts as TOML.

use super::entry::each;
use super::file::Report;
use crate::codebook::{ContextEntry, ModeEntry, TypeEntry};
use crate::{Table, Tables};
use demarche_core::{Context, EventType, Mode};

/// Reads a file of the codebook into its place.
pub(super) fn table(text: &str, report: &mut Report<'_>, tables: &mut Tables) {
    match report.table {
        Table::Types => tables.codebook.types = types(text, report),
        Table::Modes => tables.codebook.modes = modes(text, report),
        _ => tables.codebook.contexts = contexts(text, report),
    }
}

fn types(text: &str, report: &mut Report<'_>) -> Vec<TypeEntry> {
    let keys = &["name", "quad", "intensity", "recipient_required", "definition", "examples", "cameo", "source"];
    let mut found: Vec<TypeEntry> = Vec::new();
    each(text, "type", keys, report, |e| {
        let name = e.need("name", "one of the sixteen types");
        let Some(event_type) = e.known_word("name", &name, EventType::ALL, EventType::as_str) else { return };
        if e.number("quad").is_some_and(|quad| quad != f32::from(event_type.quad().number())) {
            e.fault("quad", "not the quad class of this type", format!("{}", event_type.quad().number()));
        }
        if !e.has("intensity") {
            e.lacks("intensity is missing", "intensity = -2.0");
        }
        if found.iter().any(|entry| entry.event_type == event_type) {
            e.fault("name", format!("{event_type} stands twice"), "keep one of the two");
        }
        found.push(TypeEntry {
            event_type,
            quad: event_type.quad(),
            intensity: e.number("intensity").unwrap_or_default(),
            recipient_required: e.flag("recipient_required"),
            definition: e.need("definition", "what the type means, in a sentence or two"),
            examples: e.list("examples"),
            cameo: e.list("cameo"),
            row: e.row(),
        });
    });
    found
}

fn modes(text: &str, report: &mut Report<'_>) -> Vec<ModeEntry> {
    let mut found: Vec<ModeEntry> = Vec::new();
    each(text, "mode", &["type", "name", "intensity", "definition", "source"], report, |e| {
        let name = e.need("name", "the mode's name");
        let mode = e.known_word("name", &name, Mode::ALL, Mode::as_str);
        let of = e.need("type", "the type that has this mode");
        let event_type = e.known_word("type", &of, EventType::ALL, EventType::as_str);
        let (Some(mode), Some(event_type)) = (mode, event_type) else { return };
        if found.iter().any(|entry| (entry.event_type, entry.mode) == (event_type, mode)) {
            e.fault("name", format!("{mode} stands twice under {event_type}"), "keep one of the two");
        }
        let definition = e.need("definition", "what the mode means, in a sentence");
        found.push(ModeEntry { event_type, mode, intensity: e.number("intensity"), definition, row: e.row() });
    });
    found
}

fn contexts(text: &str, report: &mut Report<'_>) -> Vec<ContextEntry> {
    let mut found: Vec<ContextEntry> = Vec::new();
    each(text, "context", &["name", "definition", "lemmas", "source"], report, |e| {
        let name = e.need("name", "one of the thirty-seven contexts");
        let Some(context) = e.known_word("name", &name, Context::ALL, Context::as_str) else { return };
        if found.iter().any(|entry| entry.context == context) {
            e.fault("name", format!("{context} stands twice"), "keep one of the two");
        }
        let definition = e.need("definition", "what the context means, in a sentence");
        found.push(ContextEntry { context, definition, lemmas: e.list("lemmas"), row: e.row() });
    });
    found
}
