//! Dictionaries of the PETRARCH family over the invented world.

mod common;

use common::{lines, on, world_tables};
use demarche_core::Sector;
use demarche_knowledge::{Knowledge, dictionaries};
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dictionary")
}

#[test]
fn a_dictionary_is_laid_over_the_tables_as_it_is() {
    let base = world_tables();
    let (over, _) = dictionaries(&folder(), &base);
    let (world, faults) = Knowledge::from_tables(base, Some(over));
    assert_eq!(lines(&faults), "");
    let who = |text: &str, day: &str| {
        let (_, names) = world.names_at(text, 0).into_iter().next().expect("a name");
        let name = names.into_iter().find(|n| n.interval.contains(on(day))).expect("in force");
        let actor = world.actor(name.actor.as_str()).expect("an actor");
        (actor.code.clone().unwrap_or_default(), actor.sector)
    };
    // A dated code, a synonym, the code after the range, and the turn of the century.
    assert_eq!(who("Gandalf the Grey", "1949-12-31"), ("ARN".into(), Some(Sector::Gov)));
    assert_eq!(who("Mithrandir", "1950-01-01"), ("ARN".into(), Some(Sector::Eli)));
    assert_eq!(who("Radagast", "2010-05-05"), ("GND".into(), Some(Sector::Mil)));
    // A state's code is the state; longer codes stand as they are.
    assert_eq!(who("Fornost", "1950-01-01"), ("ARN".into(), None));
    assert_eq!(who("Rangers", "1950-01-01"), ("ARNMILSPE".into(), None));
    // Agents, with their irregular plural and a set of words.
    for (noun, sector) in [("burgrave", Sector::Gov), ("watchmen", Sector::Cop), ("harbour warden", Sector::Gov)] {
        assert_eq!(world.agent(noun).and_then(|a| a.sector), Some(sector), "{noun}");
    }
}

#[test]
fn every_line_that_gives_nothing_is_named() {
    let (_, ignored) = dictionaries(&folder(), &world_tables());
    assert_eq!(
        lines(&ignored),
        "middle.actors.txt:14: ignored: a discard (phrases that silence a text have no table)\n\
         middle.actors.txt:15: ignored: an entry without a code (NAME_IN_CAPITALS [CODE])\n\
         middle.actors.txt:16: ignored: no code and dates in the brackets ([CODE], [CODE <YYMMDD], [CODE >YYMMDD] or [CODE YYMMDD-YYMMDD])\n\
         middle.agents.txt:5: ignored: letters before the country's (agents add their letters after them: [~GOV])\n\
         middle.agents.txt:6: ignored: XYZ is no sector (the sectors are PLOVER's)\n"
    );
}
