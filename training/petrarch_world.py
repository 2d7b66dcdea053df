"""Make a `--data` folder of the validation dictionaries of PETRARCH-2, so that its unit tests can be scored.

    python training/petrarch_world.py DIR       # reads $DEMARCHE_DATA/events/petrarch_validation_actors.json
    demarche data check DIR
    demarche eval events $DEMARCHE_DATA/events/petrarch_unit.jsonl --data DIR

The unit tests speak of invented actors whose codes are CAMEO's: three letters of a state, letters of roles after them.

- A code of three letters becomes a state, called by the first name that begins with those letters.
  Whoever else has the code (ROMENDACIL is BRE, as is BREE) becomes an actor of that state.
- A longer code becomes an actor of its state with a sector (MORMIL is MOR and MIL); what PLOVER has no sector for
  (ITHTV) stands in the column `code`, as does `A/B`, which stands for several.
- Dates part time into stretches; in each the first dated code that holds is taken, else the undated one.
- `---` (found, and nobody) becomes an actor without state, code and sector.
- Agents take the place of the built-in ones: a noun of ours has the sector of the longest agent that it ends in, and
  else none.  Where an agent's letters are not one sector (GOVMED, MOP), or stand before the country's (NGO~), every
  state is written out with it: "Gondor's golden geese" is GONGGS.
- Discards of one word take the place of our words of sport.
- Verbs are `petrarch_verbs.toml`, patterns written from the development half of the tests: the dictionary itself is
  not at hand.  `--verbs no` leaves them out.

Left out, for the tables have no place for them: `+++` (a name that is only a title), letters that are no state's here
(G77, EEC, IMF), discards of several words.
"""

import argparse
import csv
import datetime
import json
import os
import re
import shutil
from pathlib import Path

BUILT_IN = Path(__file__).resolve().parent.parent / "data"
VERBS = Path(__file__).resolve().parent / "petrarch_verbs.toml"
PLOVER = {"IGO", "UNO", "EUR", "WST", "NGO", "ISM", "IMG", "MNC"}
SECTORS = set("GOV MIL COP JUD LEG SPY PTY OPP REB UAF PRM PRE BUS JRN REL NGO MED EDU SOC CVL ELI LAB".split())
SOURCE = "petrarch"


def table(path):
    """The rows of a table of ours."""
    with open(BUILT_IN / path, encoding="utf-8") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def write(folder, path, columns, rows):
    """A table in the order that the loader asks for, each row once."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = sorted({tuple(row.get(column, "") for column in columns) for row in rows})
    rows.sort(key=lambda row: (row[0], row[columns.index("from")] if "from" in columns else ""))
    file.write_text("\n".join("\t".join(row) for row in [columns, *rows]) + "\n", encoding="utf-8")


def spellings(name):
    """As news writes it: with capitals at the start of words, and short single words also as initials."""
    small = {"of", "the", "and", "for"}
    words = name.removeprefix("THE ").split()
    part = lambda word: word if "." in word else word.capitalize()
    title = " ".join(
        word.lower() if ix and word.lower() in small else "-".join(map(part, word.split("-")))
        for ix, word in enumerate(words)
    )
    return {title, words[0]} if len(words) == 1 and len(words[0]) <= 4 else {title}


def usual(name):
    """The first of its spellings, with small letters if it can be."""
    return min(spellings(name), key=lambda spelling: (spelling.isupper(), spelling))


def stretches(codes):
    """(code, first day, first day after) of each stretch of time in which one code holds."""
    day = datetime.timedelta(days=1)
    date = datetime.date.fromisoformat
    dated, default = [], None
    for row in codes:
        first = date(row["from"]) if "from" in row else date(row["after"]) + day if "after" in row else None
        end = date(row["to"]) + day if "to" in row else date(row["before"]) if "before" in row else None
        if first or end:
            dated.append((row["code"].upper(), first, end))
        else:
            default = default or row["code"].upper()
    cuts = [None, *sorted({cut for row in dated for cut in row[1:] if cut}), None]
    found = []
    for first, end in zip(cuts, cuts[1:]):
        holds = lambda row: (not row[1] or first and row[1] <= first) and (not row[2] or end and end <= row[2])
        code = next((row[0] for row in dated if holds(row)), default)
        if code and found and found[-1][0] == code and found[-1][2] == first:
            found[-1] = (code, found[-1][1], end)
        elif code:
            found.append((code, first, end))
    return found


def plural(noun):
    """The regular plural of a word in capitals."""
    if noun.endswith("Y") and noun[-2] not in "AEIOU":
        return noun[:-1] + "IES"
    return noun + ("ES" if noun.endswith(("S", "X", "CH", "SH")) else "S")


def nouns(world):
    """The rows of agents, and the (noun, letters, whether they stand before the country's) that are no sector of ours."""
    own, composed = {}, []
    for row in world["agents"]:
        forms = {row["name"], row["plural"] or plural(row["name"])} if row["plural"] != "" else {row["name"]}
        for name, members in world["agent_substitution_sets"].items():
            hole = f"!{name}!"
            forms = {form.replace(hole, member) for form in forms for member in (members if hole in form else [""])}
        forms = {form.lower() for form in forms}
        if row["code"] in SECTORS and row["suffix_of_actor"]:
            own |= {form: row["code"] for form in forms}
        else:
            spelt = forms if row["name"] != "MSF" else {"MSF"}
            composed += [(form, row["code"], not row["suffix_of_actor"]) for form in spelt]
            own |= {form: row["code"][:3] for form in forms if row["code"][:3] in SECTORS}
    built_in = {row["noun"]: row["kind"] for row in table("agents.tsv")}
    singular = lambda noun: re.sub(r"(?<!s)s$", "", noun)
    for noun in list(own):
        own.setdefault(singular(noun), own[noun])
    rows = [{"noun": noun, "sector": sector, "kind": kind_of(noun, built_in)} for noun, sector in own.items()]
    for noun, kind in built_in.items():
        words = noun.split()
        ends = (own.get(" ".join(words[ix:])) for ix in range(len(words)))
        if noun not in own:
            rows.append({"noun": noun, "sector": next(filter(None, ends), ""), "kind": kind})
    return [{**row, "source": SOURCE} for row in rows], composed


def kind_of(noun, built_in):
    """What our tables say of a noun or of the word in which it ends."""
    return built_in.get(noun) or built_in.get(noun.split()[-1]) or "group"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbs", choices=["yes", "no"], default="yes", help="the verbs of the tests as patterns")
    options = parser.parse_args()
    folder = options.folder
    source = Path(os.environ["DEMARCHE_DATA"]) / "events/petrarch_validation_actors.json"
    world = json.loads(source.read_text(encoding="utf-8"))

    known = {row["id"]: row["name"] for row in table("actors/states.tsv")}
    groups = {row["id"] for row in table("actors/groups.tsv")}
    states, actors, names = {}, {}, []

    def state(letters):
        """The state of these letters, made where there is none."""
        if letters not in known and letters not in states:
            called = (n for a in world["actors"] for n in a["names"] if any(c["code"] == letters for c in a["codes"]))
            called = [usual(n) for n in called if n.startswith(letters)]
            states[letters] = {"id": letters, "name": (called or [letters])[0], "source": SOURCE}
        return letters

    def actor(code, name):
        """The id of whoever has this code and name."""
        letters, rest = code[:3], code[3:]
        if not rest and letters.isalpha() and letters not in PLOVER:
            if name.startswith(state(letters)) or usual(name) == known.get(letters):
                return letters
            row = {"state": letters}
        elif code == "---":
            row = {}
        elif letters in PLOVER or "/" in code:
            row = {"code": code}
        elif rest in SECTORS:
            row = {"state": state(letters), "sector": rest}
        else:
            row = {"code": code}
        slug = re.sub(r"[^a-z0-9]+", "-", f"{name} {code}".lower()).strip("-")
        actors[slug] = {"id": slug, "name": usual(name), "source": SOURCE, **row}
        return slug

    for entry in world["actors"]:
        for code, first, end in stretches(entry["codes"]):
            if code in groups | {"+++", "G77"}:
                continue
            of = actor(code, entry["names"][0])
            for name in entry["names"]:
                dates = {"from": str(first or ""), "until": str(end or "")}
                names += [{"name": s, "actor": of, "kind": "name", "source": SOURCE, **dates} for s in spellings(name)]
    # The usual name of an actor counts for all time: where names have dates it must be none of theirs.
    dated = {row["name"] for row in names if row["from"] or row["until"]}
    for row in actors.values():
        if row["name"] in dated:
            row["name"] = row["id"]

    agents, composed = nouns(world)
    called = [(row["id"], row["name"]) for row in states.values()]
    called += [(row["actor"], row["name"]) for row in names if len(row["actor"]) == 3]
    for noun, code, before in composed:
        for letters, name in called:
            whole = code + letters if before else letters + code
            actors[whole.lower()] = {"id": whole.lower(), "name": whole, "state": letters, "code": whole, "source": SOURCE}
            forms = [f"{noun} {name}", f"{name} {noun}", f"{name}'s {noun}"][0 if before else 1 :]
            names += [{"name": form, "actor": whole.lower(), "kind": "name", "source": SOURCE} for form in forms]

    write(folder, "actors/states.tsv", "id name from until cow iso2 capital successor source".split(), states.values())
    write(folder, "actors/nonstate.tsv", "id name state code sector from until source".split(), actors.values())
    write(folder, "actors/names.tsv", "name actor kind from until source".split(), names)
    write(folder, "agents.tsv", "noun sector kind note source".split(), agents)
    discards = sorted(row["phrase"].lower() for row in world["discards"] if " " not in row["phrase"])
    (folder / "language").mkdir(exist_ok=True)
    (folder / "language/registers.toml").write_text(f"sport_words = {json.dumps(discards)}\n", encoding="utf-8")
    patterns = folder / "patterns/support.toml"
    patterns.unlink(missing_ok=True)
    if options.verbs == "yes":
        patterns.parent.mkdir(exist_ok=True)
        shutil.copyfile(VERBS, patterns)


if __name__ == "__main__":
    main()
