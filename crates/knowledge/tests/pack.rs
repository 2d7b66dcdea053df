//! Packed knowledge is the same knowledge.

mod common;

use common::{on, root, world};
use demarche_knowledge::{Knowledge, PackFault, load};

#[test]
fn what_is_unpacked_equals_what_was_packed() {
    for folder in ["tests/world", "data"] {
        let (tables, _) = load(&root().join(folder));
        let (knowledge, _) = Knowledge::from_tables(tables, None);
        let bytes = knowledge.to_bytes();
        let again = Knowledge::from_bytes(&bytes).expect("own bytes");
        assert_eq!(again.actors(), knowledge.actors());
        assert_eq!(again.names(), knowledge.names());
        assert_eq!(again.patterns(), knowledge.patterns());
        assert_eq!(again.version(), knowledge.version());
        assert!(again.to_bytes() == bytes, "{folder}: packed twice, different bytes");
        assert!(again.into_tables() == knowledge.into_tables(), "{folder}: other rows come back");
    }
}

#[test]
fn look_ups_agree_after_unpacking() {
    let world = world();
    let again = Knowledge::from_bytes(&world.to_bytes()).expect("own bytes");
    for text in ["Dale Town", "Theoden", "Esgaroth", "War of the Ring"] {
        assert_eq!(again.names_at(text, 0), world.names_at(text, 0));
        assert_eq!(again.places_at(text, 0), world.places_at(text, 0));
        assert_eq!(again.occasions(text, 0), world.occasions(text, 0));
    }
    let kept = Knowledge::from_static(world.to_bytes().leak()).expect("own bytes");
    assert_eq!(kept.places_at("Dale Town", 0), world.places_at("Dale Town", 0));
    assert!(kept.into_tables() == world.clone().into_tables());
    assert_eq!(again.holders("ARN", on("1950-01-01")), world.holders("ARN", on("1950-01-01")));
}

#[test]
fn other_bytes_are_refused() {
    let bytes = world().to_bytes();
    assert_eq!(Knowledge::from_bytes(b"").err(), Some(PackFault::Foreign));
    assert_eq!(Knowledge::from_bytes(b"something else").err(), Some(PackFault::Foreign));
    for cut in (0..bytes.len()).step_by(97) {
        assert!(Knowledge::from_bytes(&bytes[..cut]).is_err());
    }
    for at in (30..bytes.len()).step_by(89) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(Knowledge::from_bytes(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn any_change_of_a_row_changes_the_version() {
    let world = world();
    let before = world.version();
    let mut tables = world.into_tables();
    tables.agents.clear();
    tables.tenures[0].interval.until = None;
    let (changed, _) = Knowledge::from_tables(tables, None);
    assert_ne!(changed.version(), before);
}
