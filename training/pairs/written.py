"""The sentences written for the typing head (`natural.txt`), as records."""

import hashlib
import re
from pathlib import Path

TYPES = ["NONE", "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
         "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"]


def written(path: Path = Path(__file__).parent / "natural.txt"):
    """One record a line: its words, the pair and its type."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line[0] == "#":
            continue
        kind, text = line.split("\t")
        words, spans = [], {}
        for part in re.split(r"(\[[st] [^\]]+\])", text):
            m = re.fullmatch(r"\[([st]) ([^\]]+)\]", part)
            start = len(words)
            words += (m[2] if m else part).split()
            if m:
                spans[m[1]] = (start, len(words))
        yield {"words": words, "pairs": [{"source": spans["s"], "target": spans["t"], "type": kind}]}


def held_out(record) -> bool:
    """One sentence in ten, whatever its marks."""
    return hashlib.sha256(" ".join(record["words"]).encode()).digest()[0] < 26
