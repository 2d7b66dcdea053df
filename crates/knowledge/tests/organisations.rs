//! The table of organisations in `docs/organisations.md` says what the reference says.
//!
//! `UPDATE=1 cargo test -p demarche-knowledge --test organisations` writes it anew; the difference is for a reader to judge.

mod common;

use common::{on, root};
use demarche_knowledge::{Knowledge, Status, load};
use std::fmt::Write as _;
use std::fs;

/// The day for which the table is made.
const DAY: &str = "2026-01-01";

/// One row for each organisation or bloc that exists on the day and whose members the tables know.
fn page(knowledge: &Knowledge) -> String {
    let day = on(DAY);
    let mut text = format!(
        "# Organisations and their members\n\n\
         What `data/actors/groups.tsv` and `memberships.tsv` say for {DAY}; a test holds this page to them.\n\
         `demarche who NAME --on DATE` gives the memberships of a state on any day.\n\
         A number with a plus is a part: not all members stand in the table.\n\
         Suspended members are counted among the members.\n\n\
         | id | name | since | seat | members | suspended | observers | partners | candidates | last to join |\n\
         |---|---|---|---|---|---|---|---|---|---|\n"
    );
    for group in knowledge.tables().groups.iter().filter(|group| group.interval.contains(day)) {
        let members = knowledge.members(&group.id, day);
        if members.len() < 2 {
            continue;
        }
        let count = |status: Status| {
            let rows = knowledge.memberships(&group.id).iter();
            let count = rows.filter(|row| row.status == status && row.interval.contains(day)).count();
            if count == 0 { String::new() } else { count.to_string() }
        };
        let last = members.iter().filter(|row| row.interval.from.is_some()).max_by_key(|row| row.interval.from);
        let last = last.map(|row| format!("{} {}", row.member, row.interval.from.expect("a first day")));
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {}{} | {} | {} | {} | {} | {} |",
            group.id,
            group.name,
            group.interval.from.map(|from| from.to_string()).unwrap_or_default(),
            group.seat.as_deref().unwrap_or_default(),
            members.len(),
            if group.partial { "+" } else { "" },
            count(Status::Suspended),
            count(Status::Observer),
            count(Status::Partner),
            count(Status::Candidate),
            last.unwrap_or_default(),
        );
    }
    text
}

#[test]
fn the_page_equals_the_reference() {
    let (tables, _) = load(&root().join("data"));
    let (knowledge, _) = Knowledge::from_tables(tables, None);
    let path = root().join("docs/organisations.md");
    let page = page(&knowledge);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).expect("docs/organisations.md");
    }
    assert!(fs::read_to_string(&path).expect("docs/organisations.md") == page, "docs/organisations.md is out of date");
}

/// Numbers that official pages give, each for a day after which none of them changed in the year.
#[test]
fn numbers_are_those_that_the_organisations_give() {
    let (tables, _) = load(&root().join("data"));
    let (knowledge, _) = Knowledge::from_tables(tables, None);
    for (group, day, members) in [
        ("UN", "2012-01-01", 193),
        ("UN", "1991-01-01", 159),
        ("NATO", "2000-01-01", 19),
        ("NATO", "2024-04-01", 32),
        ("EU", "2004-06-01", 25),
        ("EU", "2020-02-01", 27),
        ("EUROZONE", "2023-01-01", 20),
        ("SCHENGEN", "2024-04-01", 29),
        ("UNSC", "1995-06-01", 15),
        ("UNSC", "2010-06-01", 15),
        ("SCO", "2024-07-04", 10),
        ("ECOWAS", "2025-02-01", 12),
        ("AU", "2017-02-01", 55),
        ("LAS", "2000-01-01", 22),
        ("OPEC", "2024-02-01", 12),
        ("ASEAN", "2000-01-01", 10),
        ("COMMONWEALTH", "2022-07-01", 56),
        ("COUNCIL-OF-EUROPE", "2022-04-01", 46),
        ("OSCE", "2013-01-01", 57),
        ("ICC", "2025-02-01", 125),
        ("WTO", "2024-09-01", 166),
        ("OECD", "2021-06-01", 38),
        ("CARICOM", "2010-01-01", 15),
        ("SADC", "2018-01-01", 16),
        ("APEC", "2000-01-01", 21),
        ("G20", "2024-01-01", 21),
    ] {
        assert_eq!(knowledge.members(group, on(day)).len(), members, "{group} on {day}");
    }
}
