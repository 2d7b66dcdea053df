"""Sentences to tensors: classes to ids, augmentation, batches of like length."""

import random
from dataclasses import dataclass

import torch

from corpus import Inventories, Sentence, lemma_script
from wordpiece import CONTINUATION, Wordpiece, casing

MASK = -100
LONGEST = 500


@dataclass
class Example:
    """A sentence in ids; `headline` and `shouted` are its casings in other typography."""

    pieces: list[int]
    firsts: list[int]
    words: dict[str, list[int]]
    variants: list[tuple[list[int], list[int]]]
    ends_in_mark: bool


def examples(sentences: list[Sentence], inventories: Inventories, wordpiece: Wordpiece) -> list[Example]:
    """Every sentence short enough for one window."""
    made = (example(s, inventories, wordpiece) for s in sentences)
    return [e for e in made if len(e.pieces) <= LONGEST]


def example(s: Sentence, inv: Inventories, wordpiece: Wordpiece) -> Example:
    """One sentence in ids."""
    ids = {name: {c: i for i, c in enumerate(getattr(inv, name))} for name in vars(inv)}
    cut = [wordpiece.pieces(f) for f in s.forms]
    pieces, firsts = [wordpiece.cls], []
    for p in cut:
        firsts.append(len(pieces))
        pieces += p
    pieces.append(wordpiece.sep)

    def variant(forms):
        marks = [0]
        for form, p in zip(forms, cut):
            shape = casing(form)
            marks += [shape] + [shape + CONTINUATION] * (len(p) - 1)
        scripts = [ids["lemmas"].get(lemma_script(f, l), MASK) for f, l in zip(forms, s.lemmas)]
        return marks + [0], scripts

    words = {
        "upos": [ids["upos"][u] for u in s.upos],
        "feats": [ids["feats"].get(f, MASK) for f in s.feats],
        "entities": [ids["entities"].get(e, MASK) for e in s.entities],
        "heads": s.heads,
        "deprels": [ids["deprels"].get(d, MASK) for d in s.deprels],
    }
    last = len(s.forms)
    return Example(
        pieces, firsts, words,
        [variant(s.forms),
         variant([f.upper() for f in s.forms]),
         variant([f[:1].upper() + f[1:] for f in s.forms])],
        ends_in_mark=last > 3 and s.upos[-1] == "PUNCT" and last not in s.heads,
    )


def batches(pool: list[Example], pieces: int, rng: random.Random, augment: bool = False):
    """Shuffled batches as functions that make them; each holds sentences of like length.

    Augmented: now and then a sentence is all capitals or a headline's capitals, or lacks its
    final mark, as headlines and captions do.
    """
    order = sorted(pool, key=lambda e: len(e.pieces) + rng.uniform(0, 4))
    groups, group, longest = [], [], 0
    for e in order:
        longest = max(longest, len(e.pieces))
        if group and longest * (len(group) + 1) > pieces:
            groups.append(group)
            group, longest = [], len(e.pieces)
        group.append(e)
    groups.append(group)
    rng.shuffle(groups)

    def choice():
        if not augment:
            return 0, False
        roll = rng.random()
        return (1 if roll < 0.02 else 2 if roll < 0.05 else 0), rng.random() < 0.05

    return [lambda g=g, c=[choice() for _ in g]: collate(g, c) for g in groups]


def collate(group: list[Example], choices) -> dict[str, torch.Tensor]:
    """Padded tensors of one batch."""
    rows = []
    for e, (variant, cut) in zip(group, choices):
        marks, scripts = e.variants[variant]
        words = dict(e.words, lemmas=scripts)
        row_pieces, firsts = e.pieces, e.firsts
        if cut and e.ends_in_mark:
            at = firsts[-1]
            row_pieces = row_pieces[:at] + row_pieces[-1:]
            marks = marks[:at] + marks[-1:]
            firsts = firsts[:-1]
            words = {k: v[:-1] for k, v in words.items()}
        rows.append((row_pieces, marks, firsts, words))
    t = max(len(r[0]) for r in rows)
    w = max(len(r[2]) for r in rows)

    def padded(lists, size, fill):
        return torch.tensor([x + [fill] * (size - len(x)) for x in lists])

    batch = {
        "pieces": padded([r[0] for r in rows], t, 0),
        "casings": padded([r[1] for r in rows], t, 0),
        "real": padded([[True] * len(r[0]) for r in rows], t, False),
        "firsts": padded([r[2] for r in rows], w, 0),
        "candidates": padded([[True] * (len(r[2]) + 1) for r in rows], w + 1, False),
    }
    for name in rows[0][3]:
        batch[name] = padded([r[3][name] for r in rows], w, MASK)
    return batch
