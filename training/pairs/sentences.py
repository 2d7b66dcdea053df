"""Sentences with two marked parties and what the one does to the other, made from phrases of our own.

    python sentences.py --count 12000 --out pairs.jsonl

`phrases.txt` has the acts; here they get parties from the project's own tables, tenses, passives, reports, plans,
refusals, second clauses, and company that has nothing to do with them.  What is planned, refused or demanded gets the
type that PLOVER's rules of conversion give it.  Every tenth phrase is held out whole, so that a score on
`"held": true` tells how the head does on words it has not seen.
"""

import argparse
import json
import random
import re
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE.parent.parent / "data"

COOPERATIVE = {"CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT"}
HOSTILE = {"PROTEST", "MOBILIZE", "SANCTION", "COERCE", "ASSAULT"}
REFUSED = {"AGREE": "REJECT", "CONSULT": "REJECT", "SUPPORT": "REJECT", "COOPERATE": "REJECT", "AID": "REJECT",
           "CONCEDE": "REJECT", "RETREAT": "REJECT"}

TIMES = ["on Monday", "on Tuesday", "on Thursday", "last week", "on Sunday night", "earlier this month", "in March", "overnight",
         "this week", "late Friday", "two days ago", "at dawn", "in 1998", "yesterday", "in recent days", ""]
TIMES += [""] * 20
TAILS = ["officials said", "state media reported", "a spokesman said", "witnesses said", "the agency reported", "according to local media",
         "police said", "diplomats said", "the ministry said in a statement", "a newspaper reported", "residents said"]
PURPOSES = ["in a dispute over fishing rights", "amid rising tension", "ahead of the elections", "after weeks of fighting",
            "despite international pressure", "for the second time this year", "following a deadly explosion", "as the crisis deepened",
            "in an effort to end the dispute", "over the disputed islands", "in response to public anger", "without giving details",
            "because of the drought", "in the wake of the scandal"]
ROLES_G = ["government", "foreign minister", "president", "prime minister", "officials", "parliament", "authorities", "defence minister",
           "leaders", "diplomats", "Cabinet", "foreign ministry", "envoy", "court", "prosecutors", "lawmakers"]
ROLES_M = ["army", "police", "troops", "soldiers", "security forces", "rebels", "militants", "gunmen", "warplanes", "forces", "navy",
           "militia", "fighters", "air force", "border guards", "separatists", "insurgents"]
ROLES_P = ["protesters", "students", "workers", "opposition", "journalists", "villagers", "activists", "civilians", "refugees",
           "demonstrators", "farmers", "opposition leaders", "lawyers", "prisoners", "people", "fishermen", "human rights activists",
           "opposition parties", "a journalist", "residents", "women", "dissidents", "monks", "miners", "a businessman"]
PLAIN = {"g": ["the government", "the authorities", "the president", "the prime minister", "the foreign ministry", "the court", "a court",
               "the parliament", "officials", "the White House", "the Kremlin", "the opposition leader", "prosecutors", "the new government",
               "a judge", "the ministry", "the king"],
         "m": ["police", "the army", "troops", "security forces", "rebels", "gunmen", "militants", "soldiers", "the militia", "insurgents",
               "riot police", "guerrillas", "suspected militants", "government forces", "a suicide bomber", "the military", "paramilitaries"],
         "p": ["protesters", "thousands of people", "students", "workers", "the opposition", "civilians", "journalists", "hundreds of demonstrators",
               "villagers", "farmers", "teachers", "activists", "refugees", "two journalists", "a foreign reporter", "a human rights lawyer",
               "residents", "the hostages", "aid workers", "opposition supporters", "14 people", "three men", "several students", "lawyers", "doctors"],
         "o": ["the European Union", "the United Nations", "NATO", "the Security Council", "the African Union", "the IMF", "the World Bank",
               "the Arab League", "human rights groups", "a human rights group", "the Red Cross", "the union", "the company", "Amnesty International"]}
PLACES = ["Geneva", "Cairo", "Vienna", "the capital", "New York", "Beirut", "Nairobi", "Brussels", "Doha", "the border town", "Addis Ababa",
          "the south", "Baghdad", "Moscow", "Istanbul", "the northern city", "Kabul", "Islamabad", "Seoul"]
NUMBERS = ["three", "12", "dozens", "at least five", "two", "20", "hundreds"]
NOTHING = ["S *be a neighbour of T", "S *lie to the north of T", "S *beat T 3-1 in the final", "S *play T in the opening match", "S *share a border with T",
           "S *be larger than T", "S *resemble T", "S *be born in Tg", "S *study in Tg", "S *write a book about T", "S *live in Tg", "S *win a medal ahead of T",
           "S *lose to T in the semi-finals", "S *have a population smaller than that of T", "S *know T well", "S *follow T in the rankings",
           "S *be the second country after T to join the league", "S and T *be hit by heavy rain", "S and T *have a long history",
           "S *outperform T on the markets", "S *belong to the same family as T", "S *marry a cousin of T", "S *differ from T in size",
           "S *be a former colony of T", "S *come before T in the alphabet", "S *sing a song about T", "S *defeat T on penalties", "S *watch T play"]


def table(name):
    rows = [l.rstrip("\n").split("\t") for l in (TABLES / name).read_text(encoding="utf-8").splitlines() if l and l[0] != "#"]
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def irregular():
    past, participle = {}, {}
    known = {"be": ("was", "been"), "have": ("had", "had"), "go": ("went", "gone"), "do": ("did", "done"), "take": ("took", "taken"),
             "give": ("gave", "given"), "break": ("broke", "broken"), "speak": ("spoke", "spoken"), "beat": ("beat", "beaten"), "see": ("saw", "seen"),
             "begin": ("began", "begun"), "withdraw": ("withdrew", "withdrawn"), "sing": ("sang", "sung"), "know": ("knew", "known"),
             "drive": ("drove", "driven"), "throw": ("threw", "thrown"), "swear": ("swore", "sworn"), "write": ("wrote", "written"),
             "fly": ("flew", "flown"), "overthrow": ("overthrew", "overthrown"), "tear": ("tore", "torn"), "come": ("came", "come"),
             "wear": ("wore", "worn"), "lie": ("lay", "lain"), "undertake": ("undertook", "undertaken"), "forgive": ("forgave", "forgiven")}
    for row in table("language/irregular-verbs.tsv"):
        past.setdefault(row["verb"], row["form"])
        participle.setdefault(row["verb"], row["form"])
    for verb, (a, b) in known.items():
        past[verb], participle[verb] = a, b
    return past, participle


PAST, PARTICIPLE = irregular()
DOUBLED = {"stop", "ban", "rob", "stab", "snub", "veto", "admit", "permit", "commit", "plan", "beg", "step", "drop", "cut", "put", "set", "hit", "let",
           "quit", "scrap", "slam", "rebut", "transfer", "bar", "begin", "confer", "strip", "ship", "blur", "tap", "jam", "bet", "rap", "sit", "win",
           "get", "airdrop", "kidnap", "refer", "shed", "sun", "run", "swap", "outlaw"} - {"veto", "outlaw"}


def inflect(verb, form):
    if form == "base":
        return verb
    if form == "s":
        if verb in ("be", "have", "do", "go"):
            return {"be": "is", "have": "has", "do": "does", "go": "goes"}[verb]
        if re.search(r"(s|x|z|ch|sh|o)$", verb):
            return verb + "es"
        return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"
    if form == "ing":
        if verb in DOUBLED:
            return verb + verb[-1] + "ing"
        if verb.endswith("ie"):
            return verb[:-2] + "ying"
        return verb[:-1] + "ing" if verb.endswith("e") and verb not in ("be", "flee", "free", "agree", "guarantee") else verb + "ing"
    known = PAST if form == "past" else PARTICIPLE
    if verb in known:
        return known[verb]
    if verb in DOUBLED:
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if re.search(r"[^aeiou]y$", verb) else verb + "ed"


class Cast:
    """Parties by kind, drawn from the tables."""

    def __init__(self, rng):
        self.rng = rng
        states = {r["id"]: r["name"] for r in table("actors/states.tsv") if not r["until"]}
        self.states = list(states.values())
        names = table("actors/names.tsv")
        self.adjectives = [r["name"] for r in names if r["kind"] == "adjective" and r["actor"] in states]
        self.demonyms = [r["name"] for r in names if r["kind"] == "demonym" and r["actor"] in states and not r["name"].endswith("s")]
        self.capitals = [r["name"] for r in names if r["kind"] == "capital" and r["actor"] in states]
        self.persons = [r["name"] for r in table("actors/persons.tsv") if len(r["name"].split()) <= 3]
        self.groups = ["the " + r["name"] if len(r["name"].split()) > 1 else r["name"] for r in table("actors/groups.tsv")]
        self.armed = [r["name"] for r in table("actors/nonstate.tsv") if r["sector"] in ("REB", "UAF")]
        self.others = [r["name"] for r in table("actors/nonstate.tsv") if r["sector"] not in ("REB", "UAF")]
        # States that news names most come up more often.
        self.frequent = ["Iran", "Israel", "Russia", "China", "the United States", "Syria", "Turkey", "Pakistan", "India", "North Korea", "South Korea",
                         "Ukraine", "Iraq", "Egypt", "Japan", "Sudan", "France", "Britain", "Germany", "Venezuela", "Colombia", "Afghanistan"]

    def of(self, kind):
        r, pick = self.rng.random(), self.rng.choice
        if kind == "":
            kind = pick("gggggmmppoo")
        if kind == "g":
            if r < .30:
                return pick(self.frequent)
            if r < .48:
                return pick(self.states)
            if r < .60:
                return pick(self.persons)
            if r < .68:
                return f"{pick(['President', 'Prime Minister', 'Foreign Minister', 'King', 'Secretary of State'])} {pick(self.persons).split()[-1]}"
            if r < .88:
                return f"{pick(['the ', '', ''])}{pick(self.adjectives)} {pick(ROLES_G)}"
            if r < .93:
                return pick(self.capitals)
            return pick(PLAIN["g"])
        if kind == "m":
            if r < .25:
                return pick(self.armed)
            if r < .65:
                return f"{pick(['', 'the ', ''])}{pick(self.adjectives)} {pick(ROLES_M)}"
            return pick(PLAIN["m"])
        if kind == "p":
            if r < .35:
                return f"{pick(['', '', 'the ', 'two ', 'hundreds of '])}{pick(self.adjectives)} {pick(ROLES_P)}"
            return pick(PLAIN["p"]) if r < .9 else pick(self.demonyms) + "s"
        return pick(self.groups) if r < .5 else pick(self.others) if r < .65 else pick(PLAIN["o"])


def phrases():
    """(type, phrase, held out?) of the file."""
    kind, out = None, []
    for line in (HERE / "phrases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            out.append((kind, line.strip()))
    return [(k, p, i % 10 == 7) for i, (k, p) in enumerate(out)] + [("NONE", p, i % 10 == 7) for i, p in enumerate(NOTHING)]


SLOT = re.compile(r"\b([ST])([gpmo]?)\b(?!\.)")


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.cast = Cast(self.rng)
        self.all = phrases()

    def chosen(self, phrase):
        """The phrase with its choices taken, slots kept."""
        phrase = re.sub(r"\(([^()]*)\)", lambda m: self.rng.choice(m[1].split("|")), phrase)
        phrase = phrase.replace("{place}", self.rng.choice(PLACES)).replace("{n}", self.rng.choice(NUMBERS))
        return re.sub(r"\s+", " ", phrase).strip()

    def parties(self, phrase, used):
        """Who stands in the slots of a phrase: {"S": words, "T": words}."""
        out = {}
        for letter, kind in SLOT.findall(phrase):
            if letter in out:
                continue
            for _ in range(20):
                name = self.cast.of(kind)
                if name not in used and name not in out.values():
                    break
            out[letter] = name
        return out

    def tensed(self, phrase, form, plural):
        """A clause: `past`, `perfect`, `present`, `progressive`, `base`, `ing`, `pastperfect`."""
        first = True

        def verb(m):
            nonlocal first
            v, lead = m[1], first
            first = False
            if form == "base":
                return v
            if form == "ing":
                return inflect(v, "ing")
            if form in ("perfect", "pastperfect"):
                aux = "had" if form == "pastperfect" else "have" if plural else "has"
                return f"{aux} {inflect(v, 'participle')}" if lead else inflect(v, "participle")
            if form == "progressive":
                return f"{'are' if plural else 'is'} {inflect(v, 'ing')}" if lead else inflect(v, "ing")
            if form == "present":
                if v == "be":
                    return "are" if plural else "is"
                return v if plural else inflect(v, "s")
            if v == "be" and plural:
                return "were"
            return inflect(v, "past")

        return re.sub(r"\*(\w+)", verb, phrase)

    def act(self, held):
        """A phrase of the half asked for, types alike often."""
        kinds = sorted({k for k, _, h in self.all if h == held})
        weights = [1.4 if k == "NONE" else 1 for k in kinds]
        kind = self.rng.choices(kinds, weights)[0]
        return kind, self.rng.choice([p for k, p, h in self.all if h == held and k == kind])

    def example(self, held):
        """One sentence as (words with slots filled, list of (source, target, type))."""
        rng = self.rng
        kind, raw = self.act(held)
        phrase = self.chosen(raw)
        cast = self.parties(phrase, [])
        if set(cast) != {"S", "T"}:
            return None
        plural = bool(re.match(r"S\w? and T", phrase)) or bool(
            re.search(r"(s|people|police|men|troops)$", cast["S"])) and not cast["S"][0].isupper() or cast["S"].startswith(("Protesters",))
        golds = [("S", "T", kind)]
        noun = phrase.startswith("= ")
        joint = bool(re.match(r"S\w? and T", phrase))
        active = None if noun or kind in ("CONSULT", "NONE") else re.match(r"S\w? \*(\w+) T\w?( |$)(?!')", phrase)
        roll = rng.random()
        if noun:
            body = rng.choice(["{} *continue", "{} *be announced", "the report *mention {}", "news of {} *shake the markets", "{} *come as a surprise",
                               "{} *raise fears", "{} *follow months of tension", "the crisis *begin with {}", "{} *draw wide attention"])
            text = self.tensed(body, rng.choice(["past", "past", "perfect"]), False).format(phrase[2:])
        elif kind != "NONE" and roll < .10 and kind in COOPERATIVE | HOSTILE:
            lead = rng.choice(["will", "plans to", "is to", "intends to", "is going to", "is expected to", "will soon", "said it would", "vowed to",
                               "is ready to", "is preparing to"] + (["agreed to", "promised to", "offered to", "pledged to"] if kind in COOPERATIVE
                               else ["threatened to", "warned it would", "says it may", "swore to", "said it would if necessary"]))
            text = re.sub(r"\*", lead + " *", phrase, count=1)
            text = self.tensed(text, "base", plural)
            golds = [("S", "T", "AGREE" if kind in COOPERATIVE else "THREATEN")]
        elif roll < .15 and kind in REFUSED and not joint:
            lead = rng.choice(["refused to", "declined to", "will not", "ruled out plans to", "said it would not", "is unwilling to", "refuses to",
                               "has no intention to", "failed to"])
            text = self.tensed(re.sub(r"\*", lead + " *", phrase, count=1), "base", plural)
            golds = [("S", "T", REFUSED[kind])]
        elif roll < .24 and kind != "NONE" and not joint:
            other = self.cast.of(rng.choice("ggo"))
            cast["U"] = other
            if rng.random() < .6:
                lead = rng.choice(["U *urge S to", "U *ask S to", "U *call on S to", "U *demand that S", "U *press S to", "U *appeal to S to", "U *tell S to",
                                   "U *want S to", "U *beg S to", "U *order S to"])
                golds = [("U", "S", "REQUEST")]
                text = self.tensed(lead, rng.choice(["past", "perfect", "present"]), False) + " " + self.tensed(
                    re.sub(r"^S\w? ", "", phrase), "base", False)
            else:
                lead, result = rng.choice([("U *accuse S of", "ACCUSE"), ("U *criticise S for", "ACCUSE"), ("U *condemn S for", "ACCUSE"),
                                           ("U *praise S for", "SUPPORT"), ("U *thank S for", "SUPPORT"), ("U *blame S for", "ACCUSE"),
                                           ("U *threaten S with sanctions for", "THREATEN"), ("U *arrest S for", "COERCE"),
                                           ("U *denounce S for", "ACCUSE"), ("U *warn S against", "THREATEN")])
                golds = [("U", "S", result)]
                text = self.tensed(lead, rng.choice(["past", "perfect", "present"]), False) + " " + self.tensed(
                    re.sub(r"^S\w? ", "", phrase), "ing", False)
        elif active and roll < .52:
            verb = inflect(active[1], "participle")
            rest = re.sub(r"^S\w? \*\w+ T\w?", "", phrase)
            slot_t = re.search(r"T\w?", phrase)[0]
            slot_s = re.search(r"S\w?", phrase)[0]
            many = not cast["T"][:1].isupper() and cast["T"].endswith(("s", "people"))
            aux = rng.choice(["were" if many else "was", "have been" if many else "has been", "were" if many else "was"])
            text = f"{slot_t} {aux} {verb}{rest} by {slot_s}"
        else:
            form = rng.choices(["past", "perfect", "present", "progressive", "pastperfect"], [50, 16, 18, 8, 4])[0]
            text = self.tensed(phrase, form, plural)
        when = rng.choice(TIMES)
        if when:
            text = f"{text} {when}" if rng.random() < .7 or noun else f"{when} {text}"
        # Company: a second clause with an act of its own, a speaker, a purpose, a place.
        roll = rng.random()
        if roll < .18:
            kind2, raw2 = self.act(held)
            phrase2 = self.chosen(raw2)
            if not phrase2.startswith("= ") and not re.match(r"S\w? and T", phrase2):
                cast2 = self.parties(phrase2, list(cast.values()))
                if set(cast2) == {"S", "T"}:
                    marked = SLOT.sub(lambda m: ("V" if m[1] == "S" else "W"), phrase2)
                    cast["V"], cast["W"] = cast2["S"], cast2["T"]
                    clause = self.tensed(marked, "past", False)
                    join = rng.choice([" after ", " while ", " as ", " a day after ", " , while ", " and ", " because "])
                    text = text + join + clause
                    golds.append(("V", "W", kind2))
                    golds.append((golds[0][0], "W", "NONE"))
        elif roll < .30:
            cast["X"] = self.cast.of("g")
            text = rng.choice([f"X said {text}", f"X said that {text}", f"{text} , X said", f"according to X , {text}", f"X reported that {text}",
                               f"X told reporters that {text}"])
            if rng.random() < .3:
                golds.append(("X", golds[0][1], "NONE"))
        elif roll < .40:
            text = f"{text} , {rng.choice(TAILS)}"
        elif roll < .55:
            text = f"{text} {rng.choice(PURPOSES)}"
        elif roll < .60:
            text = f"{rng.choice(PURPOSES)} , {text}"
        return text, cast, golds

    def record(self, held):
        while True:
            made = self.example(held)
            if made is None:
                continue
            text, cast, golds = made
            words, where = [], {}
            for w in text.split():
                m = re.fullmatch(r"([STUVWX])([gpmo]?)", w)
                if m and m[1] in cast:
                    name = cast[m[1]].split()
                    if words and words[-1] == "the" and name[0] == "the":
                        name = name[1:]
                    where.setdefault(m[1], (len(words), len(words) + len(name)))
                    words += name
                else:
                    words.append(w)
            words[0] = words[0][:1].upper() + words[0][1:]
            # Headlines have no final mark.
            if self.rng.random() < .9:
                words.append(".")
            pairs = [{"source": where[a], "target": where[b], "type": t} for a, b, t in golds if a in where and b in where]
            if pairs:
                return {"words": words, "pairs": pairs, "held": held}


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--count", type=int, default=12000)
    args.add_argument("--seed", type=int, default=1815)
    args.add_argument("--out", type=Path, required=True)
    args = args.parse_args()
    maker = Maker(args.seed)
    with args.out.open("w", encoding="utf-8") as out:
        for i in range(args.count):
            out.write(json.dumps(maker.record(i % 12 == 11), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
