//! Choosing whole months: the fields, the usual periods, years and months as links, over which a script lays a slider.

use super::value;
use crate::page::months::Months;
use crate::web::ask::Ask;
use crate::web::asset;
use crate::web::fault::Fault;
use crate::web::page::{Kind, Param};
use crate::web::parts;
use crate::web::url::Url;
use demarche_store::collect::series::Width;
use jiff::civil::Date;
use maud::{Markup, html};

/// The days of a question that whole months answer.
pub(super) const MONTHS: &[Param] = &[
    value("from", Kind::Day, "First month; the last year of the ledger where no month is named", "2025-01"),
    value("until", Kind::Day, "The month after the last", "2026-01"),
];

/// The months of the address; `None` where the ledger is about no time at all.
pub(super) fn months(ask: &Ask<'_>) -> Result<Option<Months>, Fault> {
    let (from, until) = (ask.day("from"), ask.day("until"));
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        return Err(Fault::asked(vec![format!(
            "from {from} is not before until {until} (hint: until is the first month after)"
        )]));
    }
    Ok(Months::of(ask.ledger()?, from, until)?)
}

/// "2026-10".
fn month(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// An address with this period.
pub(super) fn during(url: Url, from: Date, until: Date) -> Url {
    url.with("from", month(from)).with("until", month(until))
}

/// A form for the values of a page, each with its label and what holds where it is absent, and for its months; and the
/// ways to other months.
pub(super) fn chooser(ask: &Ask<'_>, months: &Months, fields: &[(&str, &str, &str)]) -> Markup {
    let here = ask.here();
    let shown = (months.from, months.until);
    let link = |name: &str, (from, until): (Date, Date)| {
        html! {
            a href=(during(here.clone(), from, until)) aria-current=[((from, until) == shown).then_some("true")] { (name) }
        }
    };
    // The months of the year that is shown last.
    let last = Date::new(months.until.yesterday().unwrap_or(months.until).year(), 1, 1).unwrap_or(months.from);
    let of_year = (0..12).scan(last, |at, _| {
        let from = *at;
        *at = Width::Month.next(from);
        Some((from, *at))
    });
    let field = |name: &str, label: &str, usual: &str| {
        let kind = ask.kind(name).unwrap_or(Kind::Text);
        parts::field(name, label, kind, Some(ask.get(name).unwrap_or(usual)), "")
    };
    let shown_here =
        |name: &str| fields.iter().any(|(known, ..)| *known == name) || MONTHS.iter().any(|known| known.name == name);
    html! {
        form.choose {
            @for (name, value) in ask.values.iter().filter(|(name, _)| !shown_here(name)) {
                input type="hidden" name=(name) value=(value);
            }
            @for (name, label, usual) in fields { (field(name, label, usual)) }
            @for param in MONTHS {
                (parts::field(param.name, if param.name == "from" { "First month" } else { "Month after the last" },
                    param.kind, Some(&month(if param.name == "from" { months.from } else { months.until })), param.example))
            }
            button { "Show" }
        }
        p.periods {
            "Period: "
            (link("last month", months.last(1))) " · " (link("last year", months.last(12))) " · " (link("all", (months.first, months.end)))
        }
        div.slide data-first=(month(months.first)) data-end=(month(months.end)) data-from=(month(months.from)) data-months=(months.count()) {}
        nav.times aria-label="Years and months" {
            ol { @for (from, until) in months.years() { li { (link(&from.year().to_string(), (from, until))) } } }
            ol { @for (from, until) in of_year.filter(|(from, _)| *from >= months.first && *from < months.end) {
                li { (link(&from.strftime("%b %Y").to_string(), (from, until))) }
            } }
        }
        script src=(asset::address("months.js")) defer {}
    }
}
