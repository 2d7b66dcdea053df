//! Draws every plot with invented data into a folder, each alone and all on two pages, light and dark, to be looked at.
//!
//! `cargo run --profile quick -p demarche --example plots -- FOLDER`

use demarche::plot::{
    Arc, Balance, Bar, Bars, CSS, Graph, Map, Matrix, Mirrored, Node, Peak, Pin, Row, Scale, Shaded, Sides, Span,
    SpanKind, Tie, Timeline,
};
use demarche_core::EventType;
use demarche_knowledge::Knowledge;
use demarche_store::collect::Sums;
use demarche_store::collect::series::{Bin, Width};
use jiff::civil::Date;
use std::path::Path;

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit.max(1))) as u32
    }
}

fn span(label: &str, kind: SpanKind, from: &str, until: &str) -> Span {
    let (from, until) = (from.parse().ok(), until.parse().ok());
    Span { label: label.into(), kind, from, until, href: Some("#span".into()) }
}

fn bins(dice: &mut Dice, months: usize) -> Vec<Bin> {
    let mut from = Date::constant(2022, 1, 1);
    let bin = |n: usize| {
        let mut sums = Sums::default();
        let heat = if (14..18).contains(&n) || n == 29 { 4 } else { 1 };
        sums.add(EventType::Consult, dice.below(9), 0);
        sums.add(EventType::Aid, dice.below(5), 0);
        sums.add(EventType::Accuse, dice.below(6) * heat, 0);
        sums.add(EventType::Assault, dice.below(5) * heat, 0);
        let until = Width::Month.next(from);
        let mut bin = Bin { from, until, sums, exposure: Default::default() };
        bin.exposure.documents = 3;
        if n == 7 || n == 8 {
            (bin.sums, bin.exposure.documents) = (Sums::default(), 0);
        }
        from = until;
        bin
    };
    (0..months).map(bin).collect()
}

fn mirrored(bins: &[Bin], annotated: bool) -> String {
    let peak = |bin, label: &str| Peak { bin, label: label.into(), href: Some("#story".into()) };
    let mut plot = Mirrored {
        title: "Arnor and Mordor: cooperation and conflict by month".into(),
        note: "Invented events, each happening once. Grey: nothing was read.".into(),
        bins,
        width: Width::Month,
        peaks: vec![],
        standing: vec![],
    };
    if annotated {
        plot.title += ", annotated";
        plot.peaks = vec![
            peak(15, "Mordor shells the fords of Osgiliath; Arnor recalls its envoy"),
            peak(
                16,
                "Arnor accuses Mordor of burning villages along the river, and the White Council is asked to meet in a session that lasts through the night",
            ),
            peak(29, "Raids on both banks"),
            peak(20, "Talks at the Crossroads on the exchange of prisoners"),
        ];
        plot.standing = vec![
            span("War of the Last Alliance", SpanKind::Dispute, "2023-02-10", "2024-08-01"),
            span("Ceasefire of the Crossroads", SpanKind::Accord, "2023-09-14", "2024-05-20"),
            span("White Council (both members)", SpanKind::Membership, "1996-01-01", ""),
            span("Claims on Ithilien", SpanKind::Dispute, "", ""),
            span("Treaty of friendship", SpanKind::Accord, "1991-01-01", "2022-06-15"),
            span("Date in dispute", SpanKind::Contested, "2024-10-01", "2024-12-01"),
        ];
    }
    plot.svg()
}

fn timeline() -> String {
    let row = |label: &str, spans: Vec<Span>| Row { label: label.into(), href: Some("#row".into()), spans };
    Timeline {
        title: "Gondor: offices and memberships".into(),
        note: "Open ends are pointed. Dotted line: the last day read. Invented.".into(),
        rows: vec![
            row(
                "Steward",
                vec![
                    span("Denethor", SpanKind::Office, "1984-05-01", "2019-03-15"),
                    span("Faramir", SpanKind::Office, "2019-03-15", ""),
                ],
            ),
            row("King", vec![span("Elessar", SpanKind::Office, "2019-05-01", "")]),
            row(
                "Captain-General of the armies",
                vec![
                    span("Boromir", SpanKind::Office, "1999-01-01", "2019-02-26"),
                    span("Imrahil", SpanKind::Office, "2019-02-26", "2021-01-01"),
                    span("Húrin of the Keys", SpanKind::Office, "2020-06-01", "2023-01-01"),
                ],
            ),
            row(
                "White Council",
                vec![
                    span("observer", SpanKind::Membership, "1963-01-01", "1975-01-01"),
                    span("member", SpanKind::Membership, "1975-01-01", ""),
                ],
            ),
            row("Pact with Rohan", vec![span("Oath of Cirion", SpanKind::Accord, "", "")]),
            row(
                "Wars",
                vec![
                    span("raids", SpanKind::Dispute, "2002-06-20", "2003-01-10"),
                    span("War of the Ring", SpanKind::Dispute, "2018-06-20", "2019-03-25"),
                ],
            ),
            row(
                "Treaty of Umbar",
                vec![span("in force by one side alone", SpanKind::Contested, "1988-01-01", "1994-01-01")],
            ),
        ],
        from: Some(Date::constant(1980, 1, 1)),
        until: Some(Date::constant(2026, 1, 1)),
        now: Some(Date::constant(2025, 3, 9)),
    }
    .svg()
}

fn bars(dice: &mut Dice) -> [String; 2] {
    let types = EventType::ALL.iter().map(|t| {
        let mut classes = [0; 4];
        classes[t.quad() as usize] = dice.below(120);
        Bar { label: t.as_str().to_lowercase(), href: Some(format!("#{}", t.as_str())), classes }
    });
    let mix =
        Bars { title: "Events by type".into(), note: "Invented.".into(), rows: types.collect(), sides: Sides::One };
    let names =
        ["Gondor", "Rohan", "Mordor", "The Shire", "Corsairs of Umbar (non-state)", "Lothlórien", "Dale", "Harad"];
    let rows = names.iter().enumerate().map(|(ix, name)| {
        let most = 90 / (ix as u32 + 1);
        let classes = [dice.below(most), dice.below(most / 2), dice.below(most), dice.below(most / 2)];
        Bar { label: (*name).into(), href: Some("#dyad".into()), classes }
    });
    let partners = Bars {
        title: "Arnor's partners".into(),
        note: "The same scale on both sides. Invented.".into(),
        rows: rows.collect(),
        sides: Sides::Two,
    };
    [mix.svg(), partners.svg()]
}

fn network(dice: &mut Dice, count: usize, dense: u32) -> (Vec<Node>, Vec<Tie>) {
    let names = [
        "Arnor",
        "Gondor",
        "Rohan",
        "Mordor",
        "Isengard",
        "Lothlórien",
        "Rivendell",
        "Dale",
        "Erebor",
        "Harad",
        "Rhûn",
        "Umbar",
        "The Shire",
        "Bree",
        "Grey Havens",
        "Mirkwood",
        "Khand",
        "Dunland",
        "Angmar",
        "White Council",
    ];
    let node = |n: usize| {
        let name = if n < names.len() {
            names[n].to_owned()
        } else {
            format!("{} {}", names[n % names.len()], n / names.len() + 1)
        };
        let short: String = name.chars().filter(|c| c.is_alphanumeric()).take(4).collect::<String>().to_uppercase();
        Node { name, short, href: Some("#actor".into()), bloc: Some(n * 4 / count).filter(|_| n % 11 != 10) }
    };
    let nodes: Vec<Node> = (0..count).map(node).collect();
    let mut ties = Vec::new();
    for source in 0..count {
        for target in 0..count {
            let friends = nodes[source].bloc == nodes[target].bloc;
            if source == target || dice.below(100) >= dense * if friends { 4 } else { 1 } {
                continue;
            }
            let events = 1 + dice.below(6) * dice.below(6) * dice.below(4);
            let conflict = events * dice.below(5) / 4;
            let conflict = if friends { conflict / 3 } else { conflict };
            let balance = Balance { cooperation: events - conflict.min(events), conflict };
            ties.push(Tie { source, target, balance, href: Some("#dyad".into()) });
        }
    }
    (nodes, ties)
}

fn map(knowledge: &Knowledge, dice: &mut Dice, scale: Scale) -> String {
    let borders = knowledge.borders();
    let value = |dice: &mut Dice| match scale {
        Scale::Counts => f64::from(dice.below(7) * dice.below(9) * dice.below(12)),
        Scale::Balance => f64::from(dice.below(201)) / 100.0 - 1.0,
        Scale::Share => f64::from(dice.below(101)),
    };
    let today = borders.all.iter().filter(|border| !border.past);
    let states = today.map(|border| {
        let value = (dice.below(8) > 0).then(|| value(dice));
        Shaded { state: border.state.into(), value, href: value.map(|_| format!("/actor/{}", border.state)) }
    });
    let states: Vec<Shaded> = states.collect();
    let arc = |from: &str, to: &str, cooperation, conflict| Arc {
        from: from.into(),
        to: to.into(),
        balance: Balance { cooperation, conflict },
        href: Some(format!("/dyad/{from}-{to}")),
    };
    let pin = |label: &str, lat, lon, events| Pin { lat, lon, label: label.into(), events, href: Some("#town".into()) };
    let counts = scale == Scale::Counts;
    Map {
        title: if counts { "Events by country" } else { "Cooperation and conflict by country" }.into(),
        note: "Invented numbers.".into(),
        borders: &borders,
        measure: if counts { "events" } else { "balance" }.into(),
        scale,
        states,
        arcs: if counts {
            vec![
                arc("RUS", "UKR", 12, 90),
                arc("USA", "CHN", 30, 31),
                arc("IND", "PAK", 4, 40),
                arc("FRA", "DEU", 60, 2),
                arc("BRA", "ZAF", 12, 1),
                arc("AUS", "JPN", 25, 0),
                arc("ETH", "EGY", 5, 9),
            ]
        } else {
            vec![]
        },
        pins: if counts {
            vec![
                pin("Kharkiv", 49.99, 36.23, 40),
                pin("Pokrovsk", 48.28, 37.18, 22),
                pin("El Fasher", 13.63, 25.35, 17),
                pin("Goma", -1.68, 29.22, 9),
                pin("Port-au-Prince", 18.54, -72.34, 6),
            ]
        } else {
            vec![]
        },
    }
    .svg()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("a folder to draw into")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let mut dice = Dice(1815);
    let knowledge = Knowledge::from_static(demarche_data::KNOWLEDGE)?;
    let months = bins(&mut dice, 36);
    let [mix, partners] = bars(&mut dice);
    let square = |dice: &mut Dice, count, dense| {
        let (nodes, ties) = network(dice, count, dense);
        Matrix {
            title: format!("Who acts toward whom, {count} parties"),
            note: "Invented.".into(),
            nodes,
            ties,
            directed: true,
        }
        .svg()
    };
    let drawn = |dice: &mut Dice, count, dense| {
        let (nodes, ties) = network(dice, count, dense);
        Graph { title: format!("Ties of {count} parties"), note: "Invented.".into(), nodes, ties }.svg()
    };
    let plots = [
        ("mirrored", mirrored(&months, false)),
        ("mirrored-annotated", mirrored(&months, true)),
        ("timeline", timeline()),
        ("bars", mix),
        ("partners", partners),
        ("matrix-12", square(&mut dice, 12, 20)),
        ("matrix-60", square(&mut dice, 60, 8)),
        ("graph-14", drawn(&mut dice, 14, 8)),
        ("graph-40", drawn(&mut dice, 40, 2)),
        ("map", map(&knowledge, &mut dice, Scale::Counts)),
        ("map-balance", map(&knowledge, &mut dice, Scale::Balance)),
        ("map-share", map(&knowledge, &mut dice, Scale::Share)),
    ];
    for (name, svg) in &plots {
        std::fs::write(folder.join(format!("{name}.svg")), svg)?;
    }
    // A page cannot be told which scheme to prefer, so the dark one has the dark rules without their condition.
    let dark = CSS.replacen("@media (prefers-color-scheme: dark)", "@media all", 1);
    for (page, css, ground) in [("light", CSS, "#fff"), ("dark", dark.as_str(), "#14171c")] {
        for (name, svg) in &plots {
            let html = format!(
                "<!doctype html><meta charset=utf-8><title>{name}</title><style>body{{margin:0;background:{ground}}}{css}</style>\n{svg}"
            );
            std::fs::write(folder.join(format!("{name}-{page}.html")), html)?;
        }
    }
    Ok(())
}
