"""Read the treebanks into sentences with everything the heads learn.

Only what may be shipped is read: EWT (CC BY-SA 4.0) and those GUM documents whose texts
`gum-docs.tsv` marks free.
"""

import gzip
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from wordpiece import canonical

ENTITY_TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]
UPOS_TAGS = ["ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM",
             "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"]
GUM_KINDS = {"person": "PER", "place": "LOC", "organization": "ORG"}
MASKED = "?"


@dataclass
class Sentence:
    """One sentence: parallel lists, one entry a word; heads count from 1, 0 is the root."""

    sent_id: str
    forms: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deprels: list[str] = field(default_factory=list)
    misc: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)


def read_conllu(path: Path):
    """Yield (document, sentence); ranges and empty nodes are left out."""
    doc, sentence = "", None
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# newdoc id = "):
                doc = line[len("# newdoc id = "):]
            elif line.startswith("# sent_id = "):
                sentence = Sentence(line[len("# sent_id = "):])
            elif not line:
                if sentence and sentence.forms:
                    yield doc, sentence
                sentence = None
            elif line[0] != "#":
                c = line.split("\t")
                if not c[0].isdigit():
                    continue
                sentence.forms.append(c[1])
                sentence.lemmas.append(c[2])
                sentence.upos.append(c[3])
                sentence.feats.append(c[5])
                sentence.heads.append(int(c[6]))
                sentence.deprels.append(c[7])
                sentence.misc.append(c[9])


def read_iob(path: Path) -> dict[str, list[str]]:
    """UNER tags by sentence id; kinds outside PER, LOC, ORG become O."""
    tags, key = {}, None
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# sent_id = "):
                key = line[len("# sent_id = "):]
                tags[key] = []
            elif line and line[0] != "#":
                tag = line.split("\t")[2]
                tags[key].append(tag if tag in ENTITY_TAGS else "O")
    return tags


def free_gum_documents(table: Path) -> set[str]:
    """The GUM documents whose text licence is not non-commercial."""
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[1] for row in rows if "NC" not in row[3]}


def ewt(data: Path, split: str) -> list[Sentence]:
    """EWT with UNER entities; a sentence UNER lacks is masked there."""
    tags = read_iob(data / f"ner/uner_en_ewt-{split}.iob2.gz")
    sentences = []
    for _, s in read_conllu(data / f"ud/en_ewt-ud-{split}.conllu.gz"):
        found = tags.get(s.sent_id, [])
        s.entities = found if len(found) == len(s.forms) else [MASKED] * len(s.forms)
        sentences.append(s)
    return sentences


def gum(data: Path, split: str, free_only: bool = True) -> list[Sentence]:
    """GUM with the entities that can be told from its mentions."""
    free = free_gum_documents(data / "ud/gum-docs.tsv")
    sentences, open_mentions, doc_before = [], [], None
    for doc, s in read_conllu(data / f"ud/en_gum-ud-{split}.conllu.gz"):
        if doc != doc_before:
            open_mentions, doc_before = [], doc
        _as_ewt(s)
        mentions = _gum_mentions(s, open_mentions)
        s.entities = _gum_entities(s, mentions)
        if doc in free or not free_only:
            sentences.append(s)
    return sentences


def _as_ewt(s: Sentence) -> None:
    """GUM reads the `United` of names as a verb, EWT as an adjective: EWT is followed."""
    for i, form in enumerate(s.forms):
        if form == "United" and s.upos[i] == "VERB":
            s.upos[i], s.feats[i], s.lemmas[i] = "ADJ", "Degree=Pos", "United"


def _gum_mentions(s: Sentence, stack: list) -> list[tuple[int, int, str]]:
    """(first, last, kind) of the mentions within one sentence, from the brackets of Entity=."""
    stack.clear()
    mentions = []
    for i, misc in enumerate(s.misc):
        value = next((p[7:] for p in misc.split("|") if p.startswith("Entity=")), "")
        while value:
            if value[0] == "(":
                end = min((k for k in (value.find("(", 1), value.find(")")) if k > 0), default=len(value))
                ident, kind, *_ = value[1:end].split("-")
                if value[end:end + 1] == ")":
                    mentions.append((i, i, kind))
                    end += 1
                else:
                    stack.append((ident, i, kind))
                value = value[end:]
            else:
                end = value.find(")")
                if end < 0:
                    break
                ident = value[:end]
                for k in range(len(stack) - 1, -1, -1):
                    if stack[k][0] == ident:
                        _, first, kind = stack.pop(k)
                        mentions.append((first, i, kind))
                        break
                value = value[end + 1:]
    return mentions


def _gum_entities(s: Sentence, mentions) -> list[str]:
    """Names of persons, places and organisations; other proper nouns are masked, not denied.

    A mention is a whole noun phrase; its name is the phrase itself where it is made of proper
    nouns and the small words between them, and else the run of proper nouns around its head.
    """
    tags = [MASKED if u == "PROPN" else "O" for u in s.upos]
    taken = [False] * len(tags)
    glue = {"PROPN", "ADP", "DET", "PUNCT", "NUM", "PART"}
    for first, last, kind in sorted(mentions, key=lambda m: m[0] - m[1]):
        head = next((i for i in range(first, last + 1) if not first + 1 <= s.heads[i] <= last + 1), first)
        if s.upos[head] != "PROPN" or taken[head]:
            continue
        while first < last and s.upos[first] == "DET":
            first += 1
        whole = (s.upos[first] == s.upos[last] == "PROPN" and last - first < 6
                 and all(s.upos[i] in glue and s.forms[i] not in {",", "(", ")", "'s"}
                         for i in range(first, last + 1)))
        if not whole:
            low = high = head
            while low > first and s.upos[low - 1] == "PROPN":
                low -= 1
            while high < last and s.upos[high + 1] == "PROPN":
                high += 1
            first, last = low, high
        if any(taken[first:last + 1]):
            continue
        name = GUM_KINDS.get(kind)
        for i in range(first, last + 1):
            taken[i] = True
            tags[i] = "O" if name is None else ("B-" if i == first else "I-") + name
    return tags


def lemma_script(form: str, lemma: str) -> str:
    """How to make the lemma of a form: casing, letters to cut at the end, letters to add.

    `l2|y` lowers, cuts two letters, adds `y`; `=be` gives the word itself. Casing is `l` lower,
    `c` first letter upper, `u` upper, `k` kept; the first that fits is taken, so that a word has
    one script wherever it stands. The inverse is `crates/text/src/model/lemma.rs`.
    """
    form, lemma = canonical(form), canonical(lemma)
    for mode in "lcuk":
        base = recase(form, mode)
        common = 0
        while common < min(len(base), len(lemma)) and base[common] == lemma[common]:
            common += 1
        if (common > 0 and mode != "k") and recase(lemma, mode) == lemma:
            return f"{mode}{len(base) - common}|{lemma[common:]}"
        if mode == "k" and common > 0:
            return f"k{len(base) - common}|{lemma[common:]}"
    return "=" + lemma


def recase(form: str, mode: str) -> str:
    """One of the four casings of a lemma script."""
    if mode == "l":
        return form.lower()
    if mode == "u":
        return form.upper()
    if mode == "c":
        return form[:1].upper() + form[1:].lower()
    return form


def apply_script(form: str, script: str) -> str:
    """The lemma a script makes of a form."""
    if script.startswith("="):
        return script[1:]
    cut, add = script[1:].split("|", 1)
    base = recase(canonical(form), script[0])
    keep = len(base) - int(cut)
    return base[:keep] + add if keep > 0 else base


@dataclass
class Inventories:
    """The classes of every head, in the order of their ids."""

    upos: list[str]
    feats: list[str]
    lemmas: list[str]
    deprels: list[str]
    entities: list[str]

    @staticmethod
    def of(sentences: list[Sentence]) -> "Inventories":
        """Classes seen often enough to be learned; the rest is masked in training."""
        feats = Counter(f for s in sentences for f in s.feats)
        deprels = Counter(d for s in sentences for d in s.deprels)
        lemmas = Counter(lemma_script(f, l) for s in sentences for f, l in zip(s.forms, s.lemmas))

        def often(counter, least):
            return [k for k, n in sorted(counter.items(), key=lambda kv: (-kv[1], kv[0])) if n >= least]

        return Inventories(UPOS_TAGS, often(feats, 3), often(lemmas, 3), often(deprels, 2), ENTITY_TAGS)
