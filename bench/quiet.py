"""How much is coded from text without politics, where next to nothing should be.

    python3 bench/quiet.py $DEMARCHE_DATA [--half train|dev] [--size 200] [--show] [-- OPTIONS OF demarche code]

It draws with a fixed seed from the summaries of `news/wikipedia-current-events` that stand under sport, arts, science
and disasters, and from the sentences of the treebanks EWT and GUM in genres other than news, weblogs, newsgroups,
speeches and court records.  Printed for each: texts, sentences, counted events (positive and asserted), and events in
100 sentences.  `--show` prints every counted event with its text.
The binary is `demarche` on the path, or what $DEMARCHE names.
"""

import argparse
import collections
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

SEED = 7
CATEGORIES = ["Sports", "Arts and culture", "Science and technology", "Disasters and accidents"]
POLITICAL = ("newsgroup", "weblog", "GUM_news", "GUM_speech", "GUM_court", "GUM_interview")
DAY = "2025-06-01"


def rows(path):
    """The rows of a gzipped file of JSON lines."""
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def summaries(folder, half):
    """The summaries by category, each with its date."""
    found = collections.defaultdict(list)
    for row in rows(f"{folder}/news/wikipedia-current-events-{half}.jsonl.gz"):
        found[row["category"].capitalize()].append((row["date"], row["text"]))
    return {category: found[category] for category in CATEGORIES}


def sentences(folder, half, treebank):
    """The sentences of a treebank in ordinary genres."""
    found, ordinary = [], True
    with gzip.open(f"{folder}/ud/en_{treebank}-ud-{half}.conllu.gz", "rt") as lines:
        for line in lines:
            if line.startswith("# sent_id = "):
                ordinary = not line.split(" = ", 1)[1].startswith(POLITICAL)
            elif line.startswith("# text = ") and ordinary:
                found.append((DAY, line.split(" = ", 1)[1].strip()))
    return found


def coded(texts, options):
    """The records of each text, by its place in the list."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for at, (date, text) in enumerate(texts):
            file.write(json.dumps({"id": str(at), "published": date, "text": text}) + "\n")
        file.flush()
        command = [os.environ.get("DEMARCHE", "demarche"), "code", "--format", "jsonl", *options, file.name]
        done = subprocess.run(command, capture_output=True, text=True)
    # Status 3: some text was passed over, because it looks like another language than English.
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    documents, records = {}, collections.defaultdict(list)
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record["kind"] == "document":
            documents[record["article_id"]] = record
        else:
            records[record["document"]].append(record)
    passed_over = {"id": None, "sentences": 1}
    found = [documents.get(str(at), passed_over) for at in range(len(texts))]
    return [(document, records[document["id"]]) for document in found]


def counted(record):
    """Whether a record is an event that is told as a fact."""
    return record["kind"] == "event" and record["polarity"] == "positive" and record["modality"] == "asserted"


def main():
    own, options = sys.argv[1:], []
    if "--" in own:
        own, options = own[: own.index("--")], own[own.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--half", default="train", choices=["train", "dev"])
    parser.add_argument("--size", type=int, default=200, help="texts of each kind, at most")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args(own)
    kinds = summaries(asked.folder, asked.half)
    # Two hundred ordinary sentences, half of them from each treebank.
    kinds |= {bank: sentences(asked.folder, asked.half, bank.lower()) for bank in ("EWT", "GUM")}
    totals = [0, 0, 0]
    print(f"{'':26}{'texts':>7}{'sentences':>11}{'events':>8}{'in 100':>8}")
    for kind, texts in kinds.items():
        size = asked.size // 2 if kind in ("EWT", "GUM") else asked.size
        drawn = random.Random(SEED).sample(texts, min(size, len(texts)))
        figures, shown = [len(drawn), 0, 0], []
        for (_, text), (document, records) in zip(drawn, coded(drawn, options)):
            events = [record for record in records if counted(record)]
            figures[1] += document["sentences"]
            figures[2] += len(events)
            shown += [(event, text) for event in events]
        totals = [a + b for a, b in zip(totals, figures)]
        print(f"{kind:26}{figures[0]:7}{figures[1]:11}{figures[2]:8}{100 * figures[2] / figures[1]:8.1f}")
        for event, text in shown if asked.show else []:
            sides = [[a.get("code") or a["text"] for a in event.get(side) or []] for side in ("actors", "recipients")]
            words = event["evidence"][0]["text"]
            print(f"    {event['type']} {sides[0]} > {sides[1]} “{words}” {event['grounds'][0]}\n        {text}")
    print(f"{'all':26}{totals[0]:7}{totals[1]:11}{totals[2]:8}{100 * totals[2] / totals[1]:8.1f}")


if __name__ == "__main__":
    main()
