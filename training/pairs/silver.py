"""Pairs from what the patterns already see: events of free news text, as examples for the typing head.

    python silver.py articles DATA > news.jsonl       # current events and Wikinews, train halves, as articles
    demarche code --format jsonl --text news.jsonl > coded.jsonl
    python silver.py pairs coded.jsonl > silver.jsonl

An event gives a pair where both parties stand in the sentence of its trigger; what is planned or denied gets the type
that PLOVER's rules of conversion give it.
"""

import gzip
import json
import re
import sys
from pathlib import Path

COOPERATIVE = {"CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT"}
HOSTILE = {"PROTEST", "MOBILIZE", "SANCTION", "COERCE", "ASSAULT"}


def articles(data: Path):
    for name in ("wikipedia-current-events-train", "wikinews-train"):
        with gzip.open(data / f"news/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                r = json.loads(line)
                text = r.get("text") or "\n\n".join(r.get("paragraphs", []))
                yield {"id": r.get("id"), "published": r.get("date") or r.get("published"), "text": text}


def converted(event):
    """The type of an event with its standing, or nothing where it is neither done nor planned."""
    kind, negative = event["type"], event["polarity"] == "negative"
    if event["modality"] not in ("asserted", "planned"):
        return None
    if negative:
        return "REJECT" if kind in COOPERATIVE | {"AGREE"} else None
    if event["modality"] == "planned" or event.get("tense") == "future":
        return "AGREE" if kind in COOPERATIVE else "THREATEN" if kind in HOSTILE else kind
    return kind


def pairs(coded):
    raw = b""
    for line in coded:
        r = json.loads(line)
        if r["kind"] == "document":
            raw = r["clean_text"].encode()
        if r["kind"] != "event" or not any("pattern" in g for g in r["grounds"]):
            continue
        kind = converted(r)
        actors = [a for a in r.get("actors", []) if "start" in a]
        recipients = [a for a in r.get("recipients", []) if "start" in a]
        if not recipients and len(actors) > 1:
            actors, recipients = actors[:1], actors[1:2]
        if kind is None or not actors or not recipients:
            continue
        source, target = actors[0], recipients[0]
        trigger = next(e for e in r["evidence"] if e["role"] == "trigger")
        low = max(raw.rfind(b". ", 0, trigger["start"]) + 1, raw.rfind(b"\n", 0, trigger["start"]) + 1, 0)
        ends = [e for e in (raw.find(b". ", trigger["end"]), raw.find(b"\n", trigger["end"])) if e >= 0]
        high = min(ends) + 1 if ends else len(raw)
        inside = all(low <= p["start"] and p["end"] <= high for p in (source, target))
        apart = source["end"] <= target["start"] or target["end"] <= source["start"]
        if not inside or not apart or high - low > 600:
            continue
        words = list(re.finditer(r"\w+(?:[-']\w+)*|[^\w\s]", raw[low:high].decode("utf-8", "ignore")))

        def of(party):
            start, end = (len(raw[low:party[k]].decode("utf-8", "ignore")) for k in ("start", "end"))
            at = [i for i, w in enumerate(words) if w.start() < end and w.end() > start]
            return [at[0], at[-1] + 1] if at else None

        parties = of(source), of(target)
        if all(parties):
            pair = {"source": parties[0], "target": parties[1], "type": kind}
            yield {"words": [w.group() for w in words], "pairs": [pair]}


if __name__ == "__main__":
    verb, path = sys.argv[1:]
    rows = articles(Path(path)) if verb == "articles" else pairs(open(path, encoding="utf-8"))
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
