//! Questions to the invented world, each with its date.

mod common;

use common::{on, world};
use demarche_knowledge::{ActorKind, Knowledge, NameKind, PlaceKind, Point, Status};

/// Who is meant by each name that begins at the start of a text, longest name first: `end kind id, …`.
fn named(knowledge: &Knowledge, text: &str) -> Vec<String> {
    let found = knowledge.names_at(text, 0);
    found
        .iter()
        .map(|(end, names)| {
            let names: Vec<String> = names.iter().map(|n| format!("{:?} {}", n.kind, n.actor)).collect();
            format!("{}: {}", &text[..*end], names.join(", "))
        })
        .collect()
}

#[test]
fn actors_carry_their_codes() {
    let world = world();
    let code = |id: &str| {
        let actor = world.actor(id).expect(id);
        (actor.kind, actor.state.clone(), actor.code.clone())
    };
    let some = |text: &str| Some(text.to_string());
    assert_eq!(code("ARN"), (ActorKind::State, some("ARN"), some("ARN")));
    assert_eq!(code("WC"), (ActorKind::Group, None, some("IGO")));
    assert_eq!(code("FREE-PEOPLES"), (ActorKind::Bloc, None, some("WST")));
    assert_eq!(code("arn-senate"), (ActorKind::Body, some("ARN"), some("ARN")));
    assert_eq!(code("wc-secretariat"), (ActorKind::Body, None, some("IGO")));
    assert_eq!(code("haradrim"), (ActorKind::NonState, some("UMB"), some("UMB")));
    assert_eq!(code("iron-hand"), (ActorKind::NonState, None, some("IMG")));
    assert_eq!(code("gandalf"), (ActorKind::Person, None, None));
    assert!(world.actor("USA").is_none());
    assert_eq!(world.actor("elessar").expect("elessar").row.to_string(), "actors/persons.tsv:10");
}

#[test]
fn an_office_changes_hands_on_its_day() {
    let world = world();
    let president = |date: &str| {
        let holders = world.holders("ARN", on(date));
        let mut found = holders.iter().filter(|(office, _)| office.title == "President").map(|(_, t)| t.person.clone());
        (found.next(), found.next())
    };
    let one = |id: &str| (Some(id.to_string()), None);
    assert_eq!(president("1940-12-31"), (None, None));
    assert_eq!(president("1948-05-09"), one("arvedui"));
    assert_eq!(president("1948-05-10"), one("elessar"));
    assert_eq!(president("1956-03-01"), one("eldarion"));
    let titles = |date: &str| -> Vec<String> {
        world.offices_of("elessar", on(date)).iter().map(|(office, _)| office.id.clone()).collect()
    };
    assert_eq!(titles("1945-01-01"), ["arn-foreign-minister"]);
    assert_eq!(titles("1950-01-01"), ["arn-president"]);
    assert!(titles("1960-01-01").is_empty());
    assert_eq!(world.tenures_of("elessar").len(), 2);
    assert_eq!(world.tenures("arn-president").count(), 3);
}

#[test]
fn members_are_counted_on_a_day() {
    let world = world();
    let members = |date: &str| -> String {
        let members = world.members("WC", on(date));
        members.iter().map(|m| m.member.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(members("1941-08-31"), "");
    assert_eq!(members("1945-01-01"), "ARN GND ROH");
    assert_eq!(members("1949-06-01"), "ARN DAL GND ROH UMB");
    assert_eq!(members("1950-02-01"), "ARN DAL GND ROH");
    let dale: Vec<Status> = world.membership("WC", "DAL").iter().map(|m| m.status).collect();
    assert_eq!(dale, [Status::Candidate, Status::Member]);
    assert_eq!(world.memberships_of("MOR", on("1944-01-01"))[0].status, Status::Observer);
    assert_eq!(world.successor("NUM"), Some("UMB"));
    assert_eq!(world.successor("ARN"), None);
}

#[test]
fn names_are_found_whole_longest_first() {
    let world = world();
    assert_eq!(named(&world, "Dale Town fell"), ["Dale Town: Capital DAL", "Dale: Name DAL"]);
    assert_eq!(named(&world, "Dalesman"), [""; 0]);
    assert_eq!(named(&world, "White  Council\nmembers"), ["White  Council: Name WC"]);
    assert_eq!(named(&world, "White\n\nCouncil"), [""; 0]);
    assert_eq!(named(&world, "white council"), [""; 0]);
    assert_eq!(named(&world, "Arnor’s king"), ["Arnor: Name ARN"]);
    assert_eq!(named(&world, "Arnor-led raids"), ["Arnor: Name ARN"]);
    assert_eq!(named(&world, "R.A. troops"), ["R.A.: Acronym ARN"]);
    assert_eq!(named(&world, "Black Riders"), ["Black Riders: Name mor-nazgul"]);
    let dalian = named(&world, "Dalian envoy");
    assert!(dalian[0].contains("Adjective DAL") && dalian[0].contains("Demonym DAL"));
}

#[test]
fn persons_are_found_by_full_name_and_surname() {
    let world = world();
    assert_eq!(named(&world, "Aragorn Elessar said"), ["Aragorn Elessar: Person elessar"]);
    assert_eq!(named(&world, "Elessar said"), ["Elessar: Surname elessar"]);
    assert_eq!(named(&world, "Bowman said"), ["Bowman: Surname bain-bowman, Surname bard-bowman"]);
    assert_eq!(named(&world, "Dolamroth"), [""; 0]);
    assert_eq!(named(&world, "Imrahil"), ["Imrahil: Surname imrahil"]);
}

#[test]
fn accents_and_capitals_hide_nobody() {
    let world = world();
    for text in ["Théoden", "Theoden", "The\u{301}oden", "THEODEN", "THÉODEN"] {
        assert_eq!(named(&world, text), [format!("{text}: Person theoden")]);
    }
    assert_eq!(named(&world, "Barad-dûr"), ["Barad-dûr: Capital MOR"]);
    assert_eq!(named(&world, "MINAS TIRITH FALLS"), ["MINAS TIRITH: Capital GND"]);
    // Three letters in capitals are an acronym as often as a name.
    assert_eq!(named(&world, "wc"), [""; 0]);
    assert_eq!(named(&world, "WC"), ["WC: Acronym WC"]);
}

#[test]
fn seats_move() {
    let world = world();
    let found = world.names_at("Orthanc", 0);
    let name = found[0].1[0];
    assert_eq!(name.kind, NameKind::Seat);
    assert!(name.interval.contains(on("1950-01-01")) && !name.interval.contains(on("1954-01-01")));
}

#[test]
fn places_and_occasions() {
    let world = world();
    let places = |text: &str| -> Vec<String> {
        let (_, rows) = world.places_at(text, 0).unwrap_or_default();
        rows.iter().map(|r| format!("{:?} {} {}", r.kind, r.name, r.country.unwrap_or("-"))).collect()
    };
    assert_eq!(places("Esgaroth burned"), ["City Esgaroth DAL", "City Esgaroth UMB"]);
    assert_eq!(places("Dale Town"), ["Capital Dale Town DAL"]);
    assert_eq!(places("Lake-town"), ["City Esgaroth DAL"]);
    assert_eq!(places("Republic of Arnor"), ["Country Arnor ARN"]);
    assert_eq!(places("Helm’s Deep"), ["Base Helm's Deep ROH"]);
    assert_eq!(places("Bay of Belfalas"), ["Sea Bay of Belfalas -"]);
    let (_, numenor) = world.places_at("Numenor", 0).expect("Numenor");
    assert_eq!((numenor[0].kind, numenor[0].lat), (PlaceKind::Country, Some(33.0)));

    let (end, war) = world.occasions("War of the Ring ended", 0).expect("the war");
    assert_eq!((end, war.len(), war[0].parties.join("|")), (15, 2, "GND|MOR".to_string()));
    assert_eq!(war.iter().find(|o| o.point == Point::End).expect("its end").date, on("1945-08-15"));
    assert!(world.occasions("Battle of Osgiliath", 0).is_some());
    assert!(world.occasions("battle of osgiliath", 0).is_none());
    assert!(world.publisher("Herald").is_some_and(|p| p.id == "herald"));
}
