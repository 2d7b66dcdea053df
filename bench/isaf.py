"""Whether press releases of the ISAF come out as what their labels say.

    python3 bench/isaf.py $DEMARCHE_DATA [--show] [-- OPTIONS OF demarche code]

A release labelled `detention` is right where a counted event COERCE arrest is coded, `insurgentskilled` where a counted
ASSAULT is, `airstrike` where a counted ASSAULT aerial is, `captureandkill` where either COERCE arrest or ASSAULT is; of
several labels any one does.  Releases with other labels alone are left out.  The province is right where some counted
event that makes the release right, or else any counted event, stands in it (`place`, its first level or its name, in
whichever spelling the tables know).
`--show` prints for each miss what was coded instead, without the text.
The binary is `demarche` on the path, or what $DEMARCHE names.
"""

import argparse
import collections
import json
import os
import subprocess
import sys
import unicodedata

from quiet import coded, counted, rows


def detention(event):
    return (event["type"], event.get("mode")) == ("COERCE", "arrest")


def killing(event):
    return event["type"] == "ASSAULT"


def airstrike(event):
    return killing(event) and event.get("mode") == "aerial"


WANTED = {
    "detention": detention,
    "insurgentskilled": killing,
    "airstrike": airstrike,
    "captureandkill": lambda event: detention(event) or killing(event),
}


def plain(name):
    """A name in small letters without accents and without "province"."""
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(c for c in letters if not unicodedata.combining(c)).removesuffix(" province").replace("\u02bc", "")


def spelt(provinces):
    """Each province's name in the labels and the region that the tables have for it: Paktya is Paktia, Wardak Vardak."""
    known = {}
    for province in provinces:
        command = [os.environ.get("DEMARCHE", "demarche"), "where", f"{province.title()} province, Afghanistan"]
        lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
        regions = [place.get("region") for place in map(json.loads, lines) if place.get("region")]
        known[province] = {province} | {plain(region) for region in regions[:1]}
    return known


def places(event):
    """The names of the place of an event and of its region."""
    place = event.get("place") or {}
    return {plain(place[key]) for key in ("text", "name", "region") if place.get(key)}


def main():
    own, options = sys.argv[1:], []
    if "--" in own:
        own, options = own[: own.index("--")], own[own.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args(own)
    releases = [
        (row["labels"], row["text"])
        for row in rows(f"{asked.folder}/news/isaf-press-releases-dev.jsonl.gz")
        if WANTED.keys() & set(row["labels"]["event_type"])
    ]
    total, right = collections.Counter(), collections.Counter()
    spellings = spelt({province.lower() for labels, _ in releases for province in labels["province"]})
    found = coded([(labels["start_date"], text) for labels, text in releases], options)
    for (labels, _), (document, records) in zip(releases, found):
        events = [record for record in records if counted(record)]
        kinds = [kind for kind in labels["event_type"] if kind in WANTED]
        meant = [event for event in events if any(WANTED[kind](event) for kind in kinds)]
        kind = "+".join(kinds)
        total[kind] += 1
        right[kind] += bool(meant)
        provinces = set().union(*[spellings[province.lower()] for province in labels["province"]])
        where = set().union(*[places(event) for event in meant or events])
        total["province"] += 1
        right["province"] += bool(provinces & where)
        if asked.show and not meant:
            print(f"{document['id']} {kind}: " + ", ".join(f"{e['type']} {e.get('mode', '')}" for e in events))
        if asked.show and not provinces & where:
            print(f"{document['id']} {sorted(provinces)}: {sorted(where)}")
    total["all kinds"] = total["province"]
    right["all kinds"] = sum(count for kind, count in right.items() if kind not in ("province", "all kinds"))
    for kind, count in total.items():
        print(f"{kind:22}{right[kind]:5} of {count:4}{100 * right[kind] / count:7.1f}")


if __name__ == "__main__":
    main()
