//! Whose report it is: copies, and reports that credit the same agency or come from the same house, have one origin.
//! Two papers that print one agency's words confirm nothing to each other.

use super::Report;
use std::collections::BTreeMap;

/// One report in one story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportIn {
    /// Which report, by its position in the input.
    pub report: usize,
    /// The earliest report of the same origin.
    pub origin: usize,
    /// The report that it copies.
    pub copy_of: Option<usize>,
    /// Whom it credits, in the order of the chain: "kcna; reuters".
    pub credit: Option<String>,
    /// Why it is an origin of its own, or why it is not.
    pub why: String,
}

/// A copy, as found among all reports: which is copied and how much of the copy's words the two share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Copied {
    pub(super) of: usize,
    pub(super) share: f64,
}

/// The reports of one story with their origins, and how many origins there are.
/// `members` are in the order in which they were published.
pub(super) fn of(
    reports: &[&Report],
    members: &[usize],
    copies: &BTreeMap<usize, Vec<Copied>>,
) -> (Vec<ReportIn>, usize) {
    let mut roots: BTreeMap<usize, usize> = members.iter().map(|&m| (m, m)).collect();
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for &member in members {
        let report = reports[member];
        let credit = (!report.credits.is_empty()).then(|| report.credits.join("; "));
        let copied = copies
            .get(&member)
            .into_iter()
            .flatten()
            .filter(|c| roots.contains_key(&c.of))
            .max_by(|a, b| a.share.total_cmp(&b.share).then(b.of.cmp(&a.of)));
        // What it goes back to: the head of the chain that it credits, or else its own house.
        let source = report.credits.first().map(String::as_str).or(report.house());
        let before = source.and_then(|s| sources.get(s).copied());
        let credited = report.credits.first();
        let why = match (copied, before, credited) {
            (Some(c), ..) => format!("{:.0} % of its words are those of {}", c.share * 100.0, reports[c.of].id_text()),
            (None, Some(_), Some(credit)) => format!("credits {credit}, as another report does"),
            (None, Some(_), None) => "the same publisher has another report".to_string(),
            (None, None, Some(credit)) => format!("the first to credit {credit}"),
            (None, None, None) => "no copy, no credit".to_string(),
        };
        if let Some(copied) = copied {
            join(&mut roots, member, copied.of);
        }
        if let Some(before) = before {
            join(&mut roots, member, before);
        }
        // An agency's own report and those that credit it have one origin; so has all that a house prints itself.
        if let Some(source) = source {
            sources.entry(source).or_insert(member);
        }
        all.push(ReportIn { report: member, origin: member, copy_of: copied.map(|c| c.of), credit, why });
    }
    for one in &mut all {
        one.origin = root(&roots, one.report);
    }
    let origins = all.iter().filter(|r| r.origin == r.report).count();
    (all, origins)
}

fn root(roots: &BTreeMap<usize, usize>, mut member: usize) -> usize {
    while roots[&member] != member {
        member = roots[&member];
    }
    member
}

/// The root of the two that was published first stays.
fn join(roots: &mut BTreeMap<usize, usize>, later: usize, earlier: usize) {
    let (a, b) = (root(roots, later), root(roots, earlier));
    if a != b {
        // `earlier` came before `later` in the order of publication, and each root before its members.
        roots.insert(a, b);
    }
}
