//! A network as nodes and lines, for up to about forty parties.

use super::draw::{Frame, N, begin, counted, end, escaped, fitting, grouped, lines, wide};
use super::map::{line, signs};
use super::tie::{Balance, Node, Tie};
use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::fmt::Write;

/// Nodes and lines.
#[derive(Debug, Clone)]
pub struct Graph {
    /// What it shows.
    pub title: String,
    /// What is under it.
    pub note: String,
    /// The parties; those of one bloc best stand together.
    pub nodes: Vec<Node>,
    /// What is between them; several of one pair, either way, are one line.
    pub ties: Vec<Tie>,
}

const WIDTH: f64 = 760.0;
const EDGE: f64 = 12.0;
const TOP: f64 = 34.0;
/// The height of the drawing, legend and note apart.
const BODY: f64 = 500.0;
/// Steps of the layout; it has come to rest long before.
const STEPS: usize = 300;
/// Colours of blocs, which are told apart by their numbers too.
const BLOCS: [&str; 8] = ["#2a5d9f", "#1d7044", "#7a3e9d", "#80560f", "#0f6674", "#a8326e", "#4d5a1c", "#5b4b8a"];

/// The height of the row of those without ties.
const ROW: f64 = 56.0;

type Point = (f64, f64);

impl Graph {
    /// What is between each two, the lesser position first.
    fn lines(&self) -> BTreeMap<(usize, usize), (Balance, Option<&str>)> {
        let mut all: BTreeMap<(usize, usize), (Balance, Option<&str>)> = BTreeMap::new();
        for tie in &self.ties {
            let (a, b) = (tie.source.min(tie.target), tie.source.max(tie.target));
            if a != b && b < self.nodes.len() && tie.balance.events() > 0 {
                let line = all.entry((a, b)).or_default();
                line.0 = line.0.and(tie.balance);
                line.1 = line.1.or(tie.href.as_deref());
            }
        }
        all
    }

    /// The text alternative: what one sees, in words.
    pub fn in_words(&self) -> String {
        let lines = self.lines();
        let parties = counted(self.nodes.len() as u32, "party", "parties");
        let strongest = lines.iter().rev().max_by_key(|(_, (balance, _))| balance.events());
        let Some(((a, b), (balance, _))) = strongest else { return format!("{parties}, and no tie between them.") };
        let mut words = format!(
            "{parties} joined by {}; the strongest is between {} and {}: {}, {}.",
            counted(lines.len() as u32, "tie", "ties"),
            self.nodes[*a].name,
            self.nodes[*b].name,
            counted(balance.events(), "event", "events"),
            balance.sign().words()
        );
        let mut degrees = vec![0_u32; self.nodes.len()];
        for (a, b) in lines.keys() {
            degrees[*a] += 1;
            degrees[*b] += 1;
        }
        if let Some((most, degree)) = degrees.iter().enumerate().rev().max_by_key(|(_, degree)| **degree) {
            let _ = write!(words, " {} has the most: {degree}.", self.nodes[most].name);
        }
        words
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let _ = self.draw(&mut svg);
        svg
    }

    /// Events of each node.
    fn events(&self, lines: &BTreeMap<(usize, usize), (Balance, Option<&str>)>) -> Vec<u32> {
        let mut events = vec![0_u32; self.nodes.len()];
        for ((a, b), (balance, _)) in lines {
            for node in [*a, *b] {
                events[node] = events[node].saturating_add(balance.events());
            }
        }
        events
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let all = self.lines();
        let events = self.events(&all);
        let most = f64::from(events.iter().copied().max().unwrap_or(1).max(1));
        let radii: Vec<f64> = events.iter().map(|events| 7.5 + 10.5 * (f64::from(*events) / most).sqrt()).collect();
        let points = self.layout(&all, &radii);
        let note = lines(&self.note, 10.0, WIDTH - 2.0 * EDGE);
        let under = TOP + BODY;
        let height = under + 26.0 + 13.0 * note.len() as f64 + 6.0;
        let linked = self.nodes.iter().map(|n| &n.href).chain(self.ties.iter().map(|t| &t.href)).any(Option::is_some);
        Frame { title: &self.title, words: &self.in_words(), width: WIDTH, height, linked }.open(svg, EDGE)?;
        let strongest = all.values().map(|(balance, _)| balance.events()).max().unwrap_or(1);
        let mut order: Vec<_> = all.iter().collect();
        // The strong ones last, so that they lie on the weak.
        order.sort_by_key(|(places, (balance, _))| (balance.events(), **places));
        for ((a, b), (balance, href)) in order {
            let width = 0.9 + 5.6 * (f64::from(balance.events()) / f64::from(strongest)).sqrt();
            let title = format!("{} and {}: {}", self.nodes[*a].name, self.nodes[*b].name, balance.in_words());
            begin(svg, &title, *href)?;
            let (from, to) = (points[*a], points[*b]);
            line(svg, balance.sign(), width, &format!("M{} {}L{} {}", N(from.0), N(from.1), N(to.0), N(to.1)))?;
            end(svg, *href)?;
        }
        let labels = self.labels(&points, &radii);
        for (ix, node) in self.nodes.iter().enumerate() {
            let ((x, y), r) = (points[ix], radii[ix]);
            let bloc = node.bloc.map_or(String::new(), |bloc| format!(", bloc {}", bloc + 1));
            let title = format!("{}: {}{bloc}", node.name, counted(events[ix], "event", "events"));
            begin(svg, &title, node.href.as_deref())?;
            let class = node.bloc.map_or("b".to_owned(), |bloc| format!("b{}", bloc % BLOCS.len()));
            let colour = node.bloc.map_or("#5f6368", |bloc| BLOCS[bloc % BLOCS.len()]);
            write!(
                svg,
                r##"<circle class="node {class}" cx="{}" cy="{}" r="{}" fill="{colour}" stroke="#fff" stroke-width="1.5"/>"##,
                N(x),
                N(y),
                N(r)
            )?;
            if let Some(bloc) = node.bloc {
                write!(
                    svg,
                    r##"<text class="on-strong" x="{}" y="{}" font-size="9.5" font-weight="bold" fill="#fff" text-anchor="middle">{}</text>"##,
                    N(x),
                    N(y + 3.4),
                    bloc + 1
                )?;
            }
            let (words, (x, y)) = &labels[ix];
            write!(
                svg,
                r##"<text class="name" x="{}" y="{}" fill="#111" stroke="#fff" stroke-width="3" paint-order="stroke">{}</text>"##,
                N(*x),
                N(*y),
                escaped(words)
            )?;
            end(svg, node.href.as_deref())?;
        }
        let numbers = if self.nodes.iter().any(|node| node.bloc.is_some()) { "; numbers: blocs" } else { "" };
        signs(svg, EDGE, under + 6.0, &format!("width and size: events, at most {}{numbers}", grouped(strongest)))?;
        Frame::close(svg, &note, EDGE, under + 34.0)
    }

    /// Where each node lies.
    ///
    /// Stress majorisation (E. Gansner, Y. Koren, S. North, "Graph drawing by stress majorization", 2004) over the
    /// shortest ways from node to node, from a circle in the order of the blocs, a fixed number of steps; then
    /// turned lengthwise, stretched into the frame, and pushed apart where nodes touch.
    fn layout(&self, lines: &BTreeMap<(usize, usize), (Balance, Option<&str>)>, radii: &[f64]) -> Vec<Point> {
        let count = self.nodes.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|ix| (self.nodes[*ix].bloc.unwrap_or(usize::MAX), *ix));
        let mut points = vec![(0.0, 0.0); count];
        for (place, ix) in order.iter().enumerate() {
            let angle = TAU * place as f64 / count.max(1) as f64;
            points[*ix] = (angle.cos() * 2.0, angle.sin() * 2.0);
        }
        let wanted = self.distances(lines);
        // Those without any tie would push the others together; they stand in a row of their own.
        let tied = |ix: usize| lines.keys().any(|(a, b)| *a == ix || *b == ix);
        let (within, alone): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|ix| tied(*ix));
        let mut moved: Vec<Point> = within.iter().map(|ix| points[*ix]).collect();
        let wanted: Vec<Vec<f64>> = within.iter().map(|a| within.iter().map(|b| wanted[*a][*b]).collect()).collect();
        for _ in 0..STEPS {
            moved = majorised(&moved, &wanted);
        }
        let row = if alone.is_empty() { 0.0 } else { ROW };
        framed(&mut moved, BODY - row);
        within.iter().zip(moved).for_each(|(ix, point)| points[*ix] = point);
        for (place, ix) in alone.iter().enumerate() {
            let x = EDGE + (place as f64 + 0.5) * (WIDTH - 2.0 * EDGE) / alone.len() as f64;
            points[*ix] = (x, TOP + BODY - ROW / 2.0);
        }
        separated(&mut points, radii);
        points
    }

    /// How far each two should lie from each other: the shortest way, where strong ties are short; blocs draw together.
    fn distances(&self, lines: &BTreeMap<(usize, usize), (Balance, Option<&str>)>) -> Vec<Vec<f64>> {
        let count = self.nodes.len();
        let strongest = lines.values().map(|(balance, _)| balance.events()).max().unwrap_or(1).max(1);
        let mut far = vec![vec![f64::INFINITY; count]; count];
        for (&(a, b), (balance, _)) in lines {
            let strength = f64::from(balance.events()).ln_1p() / f64::from(strongest).ln_1p();
            let long = 1.5 - 0.7 * strength;
            far[a][b] = long;
            far[b][a] = long;
        }
        (0..count).for_each(|ix| far[ix][ix] = 0.0);
        for by in 0..count {
            for a in 0..count {
                for b in 0..count {
                    far[a][b] = far[a][b].min(far[a][by] + far[by][b]);
                }
            }
        }
        let most = far.iter().flatten().copied().filter(|far| far.is_finite()).fold(1.0, f64::max);
        for (a, row) in far.iter_mut().enumerate() {
            for (b, far) in row.iter_mut().enumerate() {
                // Those without a way lie apart, but not so far that the others shrink.
                *far = far.min(most * 0.6 + 0.6);
                *far *= match (self.nodes[a].bloc, self.nodes[b].bloc) {
                    (Some(a), Some(b)) if a == b => 0.8,
                    (Some(_), Some(_)) => 1.2,
                    _ => 1.0,
                };
            }
        }
        far
    }

    /// The words of each node and where they begin: beside, under or over it, where they hide least.
    fn labels(&self, points: &[Point], radii: &[f64]) -> Vec<(String, Point)> {
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|a, b| radii[*b].total_cmp(&radii[*a]).then(a.cmp(b)));
        let mut taken: Vec<[f64; 4]> =
            points.iter().zip(radii).map(|((x, y), r)| [x - r, y - r, x + r, y + r]).collect();
        let mut labels = vec![(String::new(), (0.0, 0.0)); points.len()];
        for ix in order {
            let ((x, y), r) = (points[ix], radii[ix]);
            let long = fitting(&self.nodes[ix].name, 11.0, 150.0);
            let mut best: Option<(f64, String, Point, [f64; 4])> = None;
            for words in [long, self.nodes[ix].short.clone()] {
                let room = wide(&words, 11.0);
                let spots = [
                    (x + r + 3.0, y + 4.0),
                    (x - r - 3.0 - room, y + 4.0),
                    (x - room / 2.0, y + r + 11.0),
                    (x - room / 2.0, y - r - 4.0),
                ];
                for spot in spots {
                    let here = [spot.0, spot.1 - 9.0, spot.0 + room, spot.1 + 2.0];
                    let outside = here[0] < 2.0 || here[2] > WIDTH - 2.0 || here[1] < TOP || here[3] > TOP + BODY;
                    let hidden: f64 = taken.iter().map(|other| common(&here, other)).sum();
                    let cost = hidden + if outside { 1e6 } else { 0.0 };
                    // A short name has to gain by it.
                    if best.as_ref().is_none_or(|best| cost + 50.0 < best.0 || (cost < best.0 && best.1 == words)) {
                        best = Some((cost, words.clone(), spot, here));
                    }
                }
            }
            if let Some((_, words, spot, here)) = best {
                taken.push(here);
                labels[ix] = (words, spot);
            }
        }
        labels
    }
}

/// The area that two boxes share.
fn common(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    (a[2].min(b[2]) - a[0].max(b[0])).max(0.0) * (a[3].min(b[3]) - a[1].max(b[1])).max(0.0)
}

/// One step: each node where the others would have it, weighed by the inverse square of the wanted distance.
fn majorised(points: &[Point], wanted: &[Vec<f64>]) -> Vec<Point> {
    let moved = |(a, here): (usize, &Point)| {
        let (mut x, mut y, mut weights) = (0.0, 0.0, 0.0);
        for (b, there) in points.iter().enumerate().filter(|(b, _)| *b != a) {
            let far = wanted[a][b].max(0.1);
            let (dx, dy) = (here.0 - there.0, here.1 - there.1);
            let long = dx.hypot(dy).max(1e-6);
            let weight = 1.0 / (far * far);
            x += weight * (there.0 + far * dx / long);
            y += weight * (there.1 + far * dy / long);
            weights += weight;
        }
        if weights > 0.0 { (x / weights, y / weights) } else { *here }
    };
    points.iter().enumerate().map(moved).collect()
}

/// Turns the longest way of the points to the horizontal and stretches them into a frame of this height.
fn framed(points: &mut [Point], height: f64) {
    let count = points.len().max(1) as f64;
    let middle = points.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / count, sum.1 + p.1 / count));
    let spread = |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|p| of(p.0 - middle.0, p.1 - middle.1)).sum::<f64>();
    let angle = 0.5 * (2.0 * spread(&|x, y| x * y)).atan2(spread(&|x, y| x * x - y * y));
    let (sin, cos) = angle.sin_cos();
    for point in points.iter_mut() {
        let (x, y) = (point.0 - middle.0, point.1 - middle.1);
        *point = (x * cos + y * sin, y * cos - x * sin);
    }
    let bounds = |of: &dyn Fn(&Point) -> f64| {
        let all = || points.iter().map(of);
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((left, right), (low, high)) = (bounds(&|p| p.0), bounds(&|p| p.1));
    let (room_x, room_y) = (WIDTH - 150.0, height - 60.0);
    let (mut x, mut y) = (room_x / (right - left).max(1e-3), room_y / (high - low).max(1e-3));
    // A line of points stays a line, and nothing is drawn larger than it need be.
    (x, y) = (x.min(y * 1.5).min(170.0), y.min(x * 1.5).min(170.0));
    for point in points.iter_mut() {
        point.0 = WIDTH / 2.0 + (point.0 - (left + right) / 2.0) * x;
        point.1 = TOP + height / 2.0 + (point.1 - (low + high) / 2.0) * y;
    }
}

/// Pushes apart what touches, within the frame.
fn separated(points: &mut [Point], radii: &[f64]) {
    for _ in 0..200 {
        let mut still = true;
        for a in 0..points.len() {
            for b in a + 1..points.len() {
                let least = radii[a] + radii[b] + 12.0;
                let (dx, dy) = (points[b].0 - points[a].0, points[b].1 - points[a].1);
                let long = dx.hypot(dy);
                if long >= least {
                    continue;
                }
                still = false;
                // Two on one spot part along a way of their own.
                let (ux, uy) = if long > 1e-6 {
                    (dx / long, dy / long)
                } else {
                    let angle = (a * 7 + b) as f64;
                    (angle.cos(), angle.sin())
                };
                let push = (least - long) / 2.0;
                points[a] = (points[a].0 - ux * push, points[a].1 - uy * push);
                points[b] = (points[b].0 + ux * push, points[b].1 + uy * push);
            }
        }
        for (point, r) in points.iter_mut().zip(radii) {
            point.0 = point.0.clamp(EDGE + r + 14.0, WIDTH - EDGE - r - 14.0);
            point.1 = point.1.clamp(TOP + r + 6.0, TOP + BODY - r - 14.0);
        }
        if still {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, ties: &[(usize, usize, u32)]) -> Graph {
        let node = |n: usize| Node { name: format!("<{n}>"), short: format!("{n}"), href: None, bloc: Some(n % 3) };
        let tie = |&(source, target, conflict): &(usize, usize, u32)| Tie {
            source,
            target,
            balance: Balance { cooperation: 1, conflict },
            href: None,
        };
        Graph {
            title: "G".into(),
            note: String::new(),
            nodes: (0..nodes).map(node).collect(),
            ties: ties.iter().map(tie).collect(),
        }
    }

    fn laid(graph: &Graph) -> (Vec<Point>, Vec<f64>) {
        let lines = graph.lines();
        let radii: Vec<f64> = graph.nodes.iter().map(|_| 12.0).collect();
        (graph.layout(&lines, &radii), radii)
    }

    /// Forty nodes, ties by a rule that has no symmetry.
    fn forty() -> Graph {
        let ties: Vec<_> = (0..40)
            .flat_map(|a| (a + 1..40).map(move |b| (a, b)))
            .filter(|(a, b)| (a * 31 + b * 17) % 7 == 0)
            .map(|(a, b)| (a, b, ((a * b) % 40) as u32))
            .collect();
        graph(40, &ties)
    }

    #[test]
    fn the_layout_is_the_same_each_time_within_the_frame_and_without_touching() {
        for graph in [graph(0, &[]), graph(1, &[]), graph(2, &[(0, 1, 3)]), graph(9, &[(0, 1, 3)]), forty()] {
            let (points, radii) = laid(&graph);
            assert_eq!(points, laid(&graph).0);
            for (a, (x, y)) in points.iter().enumerate() {
                assert!((EDGE..=WIDTH - EDGE).contains(x) && (TOP..=TOP + BODY).contains(y), "{x} {y}");
                for (b, other) in points.iter().enumerate().filter(|(b, _)| *b > a) {
                    let apart = (x - other.0).hypot(y - other.1);
                    assert!(apart >= radii[a] + radii[b], "{a} and {b} touch: {apart}");
                }
            }
        }
    }

    #[test]
    fn those_who_are_tied_lie_nearer() {
        // Two squares that one tie joins.
        let square = |n: usize| {
            [(n, n + 1, 9), (n + 1, n + 2, 9), (n + 2, n + 3, 9), (n, n + 3, 9), (n, n + 2, 9), (n + 1, n + 3, 9)]
        };
        let ties: Vec<_> = square(0).into_iter().chain(square(4)).chain([(0, 4, 1)]).collect();
        let mut graph = graph(8, &ties);
        graph.nodes.iter_mut().for_each(|node| node.bloc = None);
        let (points, _) = laid(&graph);
        let far = |a: usize, b: usize| (points[a].0 - points[b].0).hypot(points[a].1 - points[b].1);
        for a in 0..4 {
            for b in 0..4 {
                assert!(far(a, b) < far(a, b + 4), "{a} {b}");
            }
        }
    }

    #[test]
    fn ties_of_both_ways_are_one_line_and_names_are_escaped() {
        let graph = graph(3, &[(0, 1, 2), (1, 0, 3), (2, 2, 9), (2, 9, 9)]);
        assert_eq!(graph.lines().len(), 1);
        let svg = graph.svg();
        assert!(!svg.contains("<0>") && svg.contains("&lt;0&gt;") && !svg.contains("NaN"));
        assert!(graph.in_words().contains("the strongest is between <0> and <1>: 7 events, mostly conflict."));
    }

    #[test]
    fn names_of_forty_hide_little() {
        let graph = forty();
        let (points, radii) = laid(&graph);
        let labels = graph.labels(&points, &radii);
        let boxes: Vec<[f64; 4]> =
            labels.iter().map(|(words, (x, y))| [*x, y - 9.0, x + wide(words, 11.0), y + 2.0]).collect();
        let met = boxes.iter().enumerate().filter(|(ix, a)| boxes[..*ix].iter().any(|b| common(a, b) > 0.0)).count();
        assert!(met <= 2, "{met} of 40 names meet another");
    }
}
