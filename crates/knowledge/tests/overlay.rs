//! A folder of one's own laid over other tables.

mod common;

use common::{lines, on, world_tables};
use demarche_knowledge::{Knowledge, Tables, load};
use std::fs;
use std::path::PathBuf;

/// A folder with these files, gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let path = std::env::temp_dir().join(format!("demarche-overlay-{name}-{}", std::process::id()));
        for (file, text) in files {
            let file = path.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("scratch folder");
            fs::write(file, text).expect("scratch file");
        }
        Folder(path)
    }
    fn tables(&self) -> Tables {
        let (tables, faults) = load(&self.0);
        assert_eq!(lines(&faults), "");
        tables
    }
}
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_row_takes_the_place_of_the_row_with_its_id() {
    let folder = Folder::new(
        "id",
        &[(
            "actors/states.tsv",
            "id\tname\tfrom\tuntil\tcow\tiso2\tcapital\tsuccessor\tsource\nROH\tRiddermark\t\t\t\t\t\t\tinvented\n",
        )],
    );
    let (knowledge, faults) = Knowledge::from_tables(world_tables(), Some(folder.tables()));
    assert_eq!(lines(&faults), "");
    let rohan = knowledge.actor("ROH").expect("Rohan");
    assert_eq!((rohan.name.as_str(), rohan.row.overlay), ("Riddermark", true));
    assert!(knowledge.names_at("Rohan", 0).is_empty());
    assert!(!knowledge.actor("ARN").expect("Arnor").row.overlay);
    assert_eq!(knowledge.actors().len(), world_tables_actors());
}

fn world_tables_actors() -> usize {
    Knowledge::from_tables(world_tables(), None).0.actors().len()
}

#[test]
fn a_name_hides_the_same_name_below() {
    let folder = Folder::new(
        "name",
        &[(
            "actors/names.tsv",
            "name\tactor\tkind\tfrom\tuntil\tsource\nArnor\tGND\tname\t\t\tinvented\nCitadel\tARN\tseat\t\t\tinvented\n",
        )],
    );
    let (knowledge, faults) = Knowledge::from_tables(world_tables(), Some(folder.tables()));
    assert_eq!(lines(&faults), "");
    let who = |text: &str| -> Vec<String> {
        knowledge.names_at(text, 0).iter().flat_map(|(_, names)| names.iter().map(|n| n.actor.to_string())).collect()
    };
    assert_eq!(who("Arnor"), ["GND"]);
    assert_eq!(who("Citadel"), ["ARN"]);
    assert_eq!(who("Gondor"), ["GND"]);
}

#[test]
fn a_pair_is_spoken_for_as_a_whole_and_others_stay() {
    let folder = Folder::new(
        "pair",
        &[(
            "actors/memberships.tsv",
            "group\tmember\tstatus\tfrom\tuntil\tsource\nWC\tDAL\tmember\t1944\t\tinvented\n",
        )],
    );
    let (knowledge, faults) = Knowledge::from_tables(world_tables(), Some(folder.tables()));
    assert_eq!(lines(&faults), "");
    assert_eq!(knowledge.membership("WC", "DAL").len(), 1);
    assert_eq!(knowledge.members("WC", on("1945-01-01")).len(), 4);
}

#[test]
fn references_are_checked_over_both() {
    let folder = Folder::new(
        "reference",
        &[(
            "actors/tenures.tsv",
            "person\toffice\tfrom\tuntil\tsource\nelesar\tarn-president\t1970\t\tinvented\ngandalf\troh-king\t1990\t\tinvented\n",
        )],
    );
    let (_, faults) = Knowledge::from_tables(world_tables(), Some(folder.tables()));
    let expected = "\
actors/tenures.tsv:2: elesar holds arn-president while eldarion does (the built-in actors/tenures.tsv:9) (write a row of your own for eldarion that ends in time)
actors/tenures.tsv:2: person: nobody has the id elesar (did you mean elessar?)
actors/tenures.tsv:3: gandalf holds roh-king while eomer does (the built-in actors/tenures.tsv:12) (write a row of your own for eomer that ends in time)
";
    assert_eq!(lines(&faults), expected);
}

#[test]
fn tables_that_were_packed_take_an_overlay_too() {
    let (knowledge, _) = Knowledge::from_tables(world_tables(), None);
    let packed = Knowledge::from_bytes(&knowledge.to_bytes()).expect("own bytes");
    let pattern = "[[pattern]]\nid = \"assault-smite\"\nverb = [\"smite\"]\nsource = \"invented\"\nmatches = \"Arnor smote Mordor.\"\nnot = \"Arnor did not smite Mordor.\"\n";
    let folder = Folder::new(
        "packed",
        &[("patterns/assault.toml", pattern), ("language/factuality.toml", "negation = [\"not\", \"nay\"]\n")],
    );
    let (knowledge, faults) = Knowledge::from_tables(packed.into_tables(), Some(folder.tables()));
    assert_eq!(lines(&faults), "");
    assert_eq!(knowledge.patterns().verb("smite").len(), 1);
    assert!(knowledge.lexicon().has("negation", "nay"));
    assert!(knowledge.patterns().verb("sing").is_empty());
}
