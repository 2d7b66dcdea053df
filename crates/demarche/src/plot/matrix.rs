//! Who acts toward whom as a square of cells: what a drawing of nodes and lines cannot show of more than a few dozen.

use super::draw::{Frame, N, begin, counted, end, escaped, fitting, lines, wide};
use super::tie::{Balance, Node, Sign, Tie};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A square of cells: who acts stands at the left, toward whom at the top.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// What it shows.
    pub title: String,
    /// What is under it.
    pub note: String,
    /// Rows and columns in the order in which they are to stand; neighbours of one bloc are outlined together.
    pub nodes: Vec<Node>,
    /// The cells; several of one pair are summed.
    pub ties: Vec<Tie>,
    /// Whether it matters who acts; else each tie fills both of its cells.
    pub directed: bool,
}

const WIDTH: f64 = 760.0;
const EDGE: f64 = 12.0;
const TOP: f64 = 30.0;
/// How strong the colour of a cell is, from few events to many.
const STRENGTHS: [f64; 4] = [0.2, 0.42, 0.64, 1.0];

impl Matrix {
    /// What is between each two, by row and column.
    fn cells(&self) -> BTreeMap<(usize, usize), (Balance, Option<&str>)> {
        let mut cells: BTreeMap<(usize, usize), (Balance, Option<&str>)> = BTreeMap::new();
        for tie in &self.ties {
            let (a, b) = (tie.source, tie.target);
            if a == b || a >= self.nodes.len() || b >= self.nodes.len() || tie.balance.events() == 0 {
                continue;
            }
            let both = [(a, b), (b, a)];
            for place in &both[..if self.directed { 1 } else { 2 }] {
                let cell = cells.entry(*place).or_default();
                cell.0 = cell.0.and(tie.balance);
                cell.1 = cell.1.or(tie.href.as_deref());
            }
        }
        cells
    }
}

impl Matrix {
    /// The text alternative: what one sees, in words.
    pub fn in_words(&self) -> String {
        let cells = self.cells();
        let number = counted(self.nodes.len() as u32, "party", "parties");
        let most = cells.iter().rev().max_by_key(|(_, (balance, _))| balance.events());
        let Some(((row, column), (balance, _))) = most else {
            return format!("{number}, and nothing between them.");
        };
        let filled = cells.len() / if self.directed { 1 } else { 2 };
        let (joint, pairs) = if self.directed {
            ("toward", counted(filled as u32, "directed pair", "directed pairs"))
        } else {
            ("and", counted(filled as u32, "pair", "pairs"))
        };
        let conflict = cells.values().filter(|(balance, _)| balance.sign() == Sign::Conflict).count();
        format!(
            "{number} as rows and columns, events between {pairs}, {} of them mostly conflict. The most are {} {joint} {}: {}.",
            conflict / if self.directed { 1 } else { 2 },
            self.nodes[*row].name,
            self.nodes[*column].name,
            balance.in_words()
        )
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let _ = self.draw(&mut svg);
        svg
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let cells = self.cells();
        let count = self.nodes.len().max(1) as f64;
        let longest = self.nodes.iter().map(|node| wide(&node.name, 11.0)).fold(0.0, f64::max);
        let left = EDGE + longest.clamp(30.0, 150.0) + 6.0;
        let cell = ((WIDTH - left - EDGE) / count).min(26.0);
        let size = (cell - 1.5).clamp(6.0, 11.0);
        let heads = self.nodes.iter().map(|node| wide(&node.short, size)).fold(0.0, f64::max).min(110.0);
        let top = TOP + heads + 10.0;
        let under = top + count * cell;
        let note = lines(&self.note, 10.0, WIDTH - 2.0 * EDGE);
        let height = under + 50.0 + 13.0 * note.len() as f64 + 6.0;
        let hrefs = self.nodes.iter().map(|node| &node.href).chain(self.ties.iter().map(|tie| &tie.href));
        let linked = hrefs.into_iter().any(Option::is_some);
        Frame { title: &self.title, words: &self.in_words(), width: WIDTH, height, linked }.open(svg, EDGE)?;
        for (ix, node) in self.nodes.iter().enumerate() {
            let middle = (ix as f64 + 0.5) * cell;
            begin(svg, &node.name, node.href.as_deref())?;
            write!(
                svg,
                r#"<text class="label" x="{}" y="{}" font-size="{size}" text-anchor="end">{}</text>"#,
                N(left - 5.0),
                N(top + middle + size * 0.36),
                escaped(&fitting(&node.name, size, left - EDGE - 6.0))
            )?;
            end(svg, node.href.as_deref())?;
            // The heads lead nowhere: each would be a second stop on the same way.
            let (x, y) = (N(left + middle + size * 0.36), N(top - 5.0));
            writeln!(
                svg,
                r#"<text x="{x}" y="{y}" font-size="{size}" transform="rotate(-90 {x} {y})">{}</text>"#,
                escaped(&fitting(&node.short, size, 110.0))
            )?;
        }
        self.draw_ground(svg, left, top, cell)?;
        self.draw_cells(svg, &cells, left, top, cell)?;
        self.draw_blocs(svg, left, top, cell)?;
        self.legend(svg, under + 12.0, self.most(&cells))?;
        Frame::close(svg, &note, EDGE, under + 58.0)
    }

    fn most(&self, cells: &BTreeMap<(usize, usize), (Balance, Option<&str>)>) -> u32 {
        cells.values().map(|(balance, _)| balance.events()).max().unwrap_or(1)
    }

    /// A grid, so that rows and columns can be followed, and the diagonal.
    fn draw_ground(&self, svg: &mut String, left: f64, top: f64, cell: f64) -> std::fmt::Result {
        let whole = self.nodes.len() as f64 * cell;
        let mut grid = String::new();
        let mut diagonal = String::new();
        for ix in 0..=self.nodes.len() {
            let at = ix as f64 * cell;
            let _ = write!(grid, "M{} {}h{}M{} {}v{}", N(left), N(top + at), N(whole), N(left + at), N(top), N(whole));
            if ix < self.nodes.len() {
                let _ = write!(diagonal, "M{} {}h{2}v{2}h-{2}z", N(left + at), N(top + at), N(cell));
            }
        }
        writeln!(svg, r##"<path class="self" d="{diagonal}" fill="#e6e6e6"/>"##)?;
        writeln!(svg, r##"<path class="rule" d="{grid}" fill="none" stroke="#ddd" stroke-width="0.6"/>"##)
    }

    fn draw_cells(
        &self,
        svg: &mut String,
        cells: &BTreeMap<(usize, usize), (Balance, Option<&str>)>,
        left: f64,
        top: f64,
        cell: f64,
    ) -> std::fmt::Result {
        let most = self.most(cells);
        // Cells of one look are one group, which keeps large squares small.
        let mut looks: BTreeMap<(Sign, usize), Vec<(usize, usize)>> = BTreeMap::new();
        for (place, (balance, _)) in cells {
            looks.entry((balance.sign(), level(balance.events(), most))).or_default().push(*place);
        }
        for ((sign, level), places) in looks {
            writeln!(
                svg,
                r#"<g class="{}" fill="{}" fill-opacity="{}">"#,
                sign.class(),
                sign.colour(),
                STRENGTHS[level]
            )?;
            for (row, column) in &places {
                let (balance, href) = cells[&(*row, *column)];
                let joint = if self.directed { "→" } else { "and" };
                let (from, to) = (&self.nodes[*row].name, &self.nodes[*column].name);
                let title = format!("{from} {joint} {to}: {}", balance.in_words());
                // Hundreds of stops would bar the way by keyboard; rows and the table lead to the same.
                let mut mark = String::new();
                begin(&mut mark, &title, href)?;
                svg.push_str(&mark.replacen("<a ", r#"<a tabindex="-1" "#, 1));
                let (x, y) = (left + *column as f64 * cell, top + *row as f64 * cell);
                write!(svg, r#"<path d="M{} {}h{2}v{2}h-{2}z"/>"#, N(x + 0.4), N(y + 0.4), N(cell - 0.8))?;
                end(svg, href)?;
            }
            svg.push_str("</g>\n");
            let strong = level + 1 == STRENGTHS.len();
            let (class, colour) = if strong { ("on-strong", "#fff") } else { ("on", "#111") };
            let size = N((cell * 0.82).min(15.0));
            write!(
                svg,
                r#"<g class="{class}" fill="{colour}" font-size="{size}" text-anchor="middle" pointer-events="none" aria-hidden="true">"#
            )?;
            for (row, column) in &places {
                let (x, y) = (left + (*column as f64 + 0.5) * cell, top + (*row as f64 + 0.5) * cell);
                write!(svg, r#"<text x="{}" y="{}">{}</text>"#, N(x), N(y + cell * 0.28), sign.glyph())?;
            }
            svg.push_str("</g>\n");
        }
        Ok(())
    }

    /// A line around neighbours of one bloc.
    fn draw_blocs(&self, svg: &mut String, left: f64, top: f64, cell: f64) -> std::fmt::Result {
        let mut first = 0;
        for run in self.nodes.chunk_by(|a, b| a.bloc == b.bloc) {
            if let (Some(bloc), true) = (run[0].bloc, run.len() > 1) {
                let (at, long) = (first as f64 * cell, N(run.len() as f64 * cell));
                writeln!(
                    svg,
                    r##"<g pointer-events="none"><title>bloc {}</title><path class="bloc" d="M{} {}h{long}v{long}h-{long}z" fill="none" stroke="#111" stroke-width="1.6"/></g>"##,
                    bloc + 1,
                    N(left + at),
                    N(top + at)
                )?;
            }
            first += run.len();
        }
        Ok(())
    }

    fn legend(&self, svg: &mut String, y: f64, most: u32) -> std::fmt::Result {
        let mut x = EDGE;
        for sign in Sign::ALL {
            for (level, strength) in STRENGTHS.iter().enumerate() {
                writeln!(
                    svg,
                    r#"<rect class="{}" x="{}" y="{}" width="13" height="13" fill="{}" fill-opacity="{strength}"/>"#,
                    sign.class(),
                    N(x),
                    N(y),
                    sign.colour()
                )?;
                let strong = level + 1 == STRENGTHS.len();
                let (class, colour) = if strong { ("on-strong", "#fff") } else { ("on", "#111") };
                writeln!(
                    svg,
                    r#"<text class="{class}" x="{}" y="{}" fill="{colour}" text-anchor="middle">{}</text>"#,
                    N(x + 6.5),
                    N(y + 10.5),
                    sign.glyph()
                )?;
                x += 14.0;
            }
            writeln!(svg, r#"<text x="{}" y="{}">{}</text>"#, N(x + 5.0), N(y + 10.5), sign.words())?;
            x += 5.0 + wide(sign.words(), 11.0) + 18.0;
        }
        let bounds: Vec<String> = (0..STRENGTHS.len())
            .filter_map(|wanted| (1..=most).find(|events| level(*events, most) == wanted))
            .map(|least| least.to_string())
            .collect();
        let blocs = if self.nodes.windows(2).any(|pair| pair[0].bloc.is_some() && pair[0].bloc == pair[1].bloc) {
            " Outlined: blocs."
        } else {
            ""
        };
        let acts = if self.directed { "Who acts at the left, toward whom at the top. " } else { "" };
        writeln!(
            svg,
            r#"<text x="{}" y="{}">{acts}From pale to strong: from {} events on.{blocs}</text>"#,
            N(EDGE),
            N(y + 28.0),
            bounds.join(", ")
        )
    }
}

/// How strong a cell is, in equal steps of the logarithm.
fn level(events: u32, most: u32) -> usize {
    let share = f64::from(events.max(1)).ln() / f64::from(most.max(2)).ln();
    ((share * STRENGTHS.len() as f64) as usize).min(STRENGTHS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(nodes: usize, ties: &[(usize, usize, u32, u32)]) -> Matrix {
        let node = |n: usize| Node { name: format!("N<{n}>"), short: format!("{n}"), href: None, bloc: Some(n / 3) };
        let tie = |&(source, target, cooperation, conflict): &_| Tie {
            source,
            target,
            balance: Balance { cooperation, conflict },
            href: Some(format!("/dyad/{source}-{target}")),
        };
        Matrix {
            title: "M".into(),
            note: String::new(),
            nodes: (0..nodes).map(node).collect(),
            ties: ties.iter().map(tie).collect(),
            directed: true,
        }
    }

    #[test]
    fn cells_add_up_and_strangers_are_left_out() {
        let mut matrix = matrix(4, &[(0, 1, 3, 0), (0, 1, 0, 1), (1, 1, 9, 9), (0, 7, 9, 9), (2, 3, 0, 0)]);
        assert_eq!(matrix.cells().len(), 1);
        assert!(matrix.in_words().ends_with("N<0> toward N<1>: 3 of cooperation, 1 of conflict."));
        matrix.directed = false;
        assert_eq!(matrix.cells().keys().collect::<Vec<_>>(), [&(0, 1), &(1, 0)]);
        assert!(matrix.in_words().contains("between 1 pair,"));
    }

    #[test]
    fn none_one_and_sixty_are_drawn() {
        let ties: Vec<_> =
            (0..60).flat_map(|a| (0..60).map(move |b| (a, b, (a * b) as u32 % 50, (a + b) as u32 % 7))).collect();
        for nodes in [0, 1, 2, 60] {
            let svg = matrix(nodes, &ties).svg();
            assert!(!svg.contains("NaN") && !svg.contains("N<") && svg.ends_with("</svg>\n"));
            assert!(svg.len() < 1_200_000, "{}", svg.len());
        }
    }

    #[test]
    fn levels_rise_with_the_count() {
        assert_eq!([1, 9, 40, 100, 1000].map(|events| level(events, 1000)), [0, 1, 2, 2, 3]);
        assert_eq!((level(1, 1), level(0, 0)), (0, 0));
    }
}
