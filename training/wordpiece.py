"""Cut a word into the encoder's pieces, exactly as `crates/text/src/model/wordpiece.rs` does.

The two must never drift apart: a change here is a change there.
"""

import unicodedata

# Typographic variants that the treebanks hold only in part; the program sees all of them.
CANON = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-",
    "\u2026": "...",
})

MAX_CHARS = 100
CONTINUATION = 8


def canonical(word: str) -> str:
    """Plain quotes, dashes and ellipses."""
    return word.translate(CANON)


def is_cut(char: str) -> bool:
    """Does this character always stand as a piece of its own?"""
    if char.isascii():
        return not char.isalnum() and char.isprintable() and char != " "
    return not char.isalnum() and not unicodedata.category(char).startswith("M")


def casing(word: str) -> int:
    """The casing class of a word, 0 to 6."""
    letters = [c for c in word if c.isupper() or c.islower()]
    if not letters:
        return 0
    uppers = sum(c.isupper() for c in letters)
    if uppers == 0:
        return 1
    if uppers == len(letters):
        return 4 if len(letters) == 1 else 3
    if letters[0].isupper() and uppers == 1:
        return 2
    return 5 if letters[0].isupper() else 6


class Wordpiece:
    """Greedy longest-match pieces over a fixed vocabulary."""

    def __init__(self, vocabulary: list[str]):
        self.vocabulary = vocabulary
        self.ids = {piece: i for i, piece in enumerate(vocabulary)}
        self.unknown, self.cls, self.sep = (self.ids[t] for t in ("[UNK]", "[CLS]", "[SEP]"))
        self.cache: dict[str, list[int]] = {}

    def pieces(self, word: str) -> list[int]:
        """Piece ids of one word; never empty."""
        if word not in self.cache:
            self.cache[word] = self._cut(word)
        return self.cache[word]

    def _cut(self, word: str) -> list[int]:
        folded = unicodedata.normalize("NFD", canonical(word).lower())
        folded = "".join(c for c in folded if not unicodedata.category(c).startswith("M"))
        runs, run = [], ""
        for char in folded:
            if char.isspace() or is_cut(char):
                runs += [run] if run else []
                runs += [] if char.isspace() else [char]
                run = ""
            else:
                run += char
        runs += [run] if run else []
        ids = [i for r in runs for i in self._longest(r)]
        return ids or [self.unknown]

    def _longest(self, run: str) -> list[int]:
        if len(run) > MAX_CHARS:
            return [self.unknown]
        ids, start = [], 0
        while start < len(run):
            for end in range(len(run), start, -1):
                piece = ("##" if start else "") + run[start:end]
                if piece in self.ids:
                    ids.append(self.ids[piece])
                    start = end
                    break
            else:
                return [self.unknown]
        return ids
