"""Train the sentence segmenter: one weight for each hashed feature of the gap after a token.

The features are written down once, in `crates/text/src/segment.rs`; this script has the example
`segmenter_gaps` compute them for the treebanks' paragraphs, fits a logistic regression, rounds the
weights to int8 and picks the two thresholds (after a closing mark; after anything else) by
cross-validation over the documents of the training files.

    python training/segmenter.py --data $DEMARCHE_DATA --out models/segmenter.bin

Read are EWT train and those GUM train documents that `gum-docs.tsv` marks free (see corpus.py).
Paragraphs are joined as the raw text of the evaluation has them. Part of them are seen again as
wire copy would print them (no change of words: straight marks made curly), so that marks count alike.
"""

import argparse
import gzip
import json
import random
import subprocess
from pathlib import Path

import numpy as np
import torch

from corpus import free_gum_documents

FEATURES, BUCKETS = 34, 1 << 18
FOLDS = 5
ROOT = Path(__file__).resolve().parent.parent


def paragraphs(path: Path, documents=None):
    """Yield (document, text, ends): a paragraph and the byte offsets where its sentences end."""
    doc, text, ends = "", "", []
    surface, covered = [], 0

    def flush():
        nonlocal text, ends
        out, text_now, ends_now = None, text.rstrip(), ends
        if text_now:
            out = (doc, text_now, ends_now)
        text, ends = "", []
        return out

    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# newdoc id = ") or line.startswith("# newpar"):
                done = flush()
                if done and (documents is None or done[0] in documents):
                    yield done
                if line.startswith("# newdoc id = "):
                    doc = line[len("# newdoc id = "):]
            elif not line:
                for form, space in surface:
                    text += form + (" " if space else "")
                ends.append(len(text.rstrip().encode()))
                surface, covered = [], 0
            elif line[0] != "#":
                c = line.split("\t")
                space = "SpaceAfter=No" not in c[9]
                if "-" in c[0]:
                    covered = int(c[0].split("-")[1])
                    surface.append((c[1], space))
                elif c[0].isdigit() and int(c[0]) > covered:
                    surface.append((c[1], space))
    done = flush()
    if done and (documents is None or done[0] in documents):
        yield done


def curled(text: str, ends: list[int]):
    """The same paragraph with curly marks, as most publishers print it."""
    out, opened, new_ends, at, wanted = [], False, [], 0, set(ends)
    size = 0
    for i, ch in enumerate(text):
        at += len(ch.encode())
        if ch == '"':
            opened = not opened
            ch = "\u201c" if opened else "\u201d"
        elif ch == "'":
            before = text[i - 1] if i else " "
            ch = "\u2018" if before.isspace() else "\u2019"
        out.append(ch)
        size += len(ch.encode())
        if at in wanted:
            new_ends.append(size)
    return "".join(out), new_ends


def gaps(items) -> np.ndarray:
    """The features of the items' gaps, from the reader's own code."""
    lines = "".join(json.dumps({"text": t, "ends": e}) + "\n" for _, t, e in items)
    run = subprocess.run(
        ["cargo", "run", "-q", "--release", "-p", "demarche-text", "--example", "segmenter_gaps", "--",
         str(ROOT / "data/language")], input=lines.encode(), capture_output=True, check=True, cwd=ROOT)
    kind = np.dtype([("paragraph", "<u4"), ("label", "u1"), ("marked", "u1"), ("features", "<u4", FEATURES)])
    return np.frombuffer(run.stdout, dtype=kind)


def train(rows: np.ndarray, epochs: int, decay: float, drop: float, seed: int) -> tuple[np.ndarray, float]:
    """Logistic regression by Adam; features are dropped at random, so that no rare one decides alone."""
    torch.manual_seed(seed)
    weights = torch.zeros(BUCKETS, 1, requires_grad=True)
    bias = torch.tensor([-2.0], requires_grad=True)
    rate = 0.002
    optimiser = torch.optim.Adam([weights, bias], lr=rate)
    features = torch.from_numpy(rows["features"].astype(np.int64))
    labels = torch.from_numpy(rows["label"].astype(np.float32))
    for epoch in range(epochs):
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - epoch / epochs)
        for part in torch.randperm(len(labels)).split(1024):
            seen = weights[features[part]].squeeze(2)
            seen = seen * (torch.rand_like(seen) > drop) / (1 - drop)
            score = seen.sum(1) + bias
            loss = torch.nn.functional.binary_cross_entropy_with_logits(score, labels[part], reduction="sum")
            loss = loss + decay * (seen ** 2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return weights.detach().squeeze(1).numpy(), bias.item()


def scores(rows, weights, bias):
    return weights[rows["features"]].sum(axis=1) + bias


def f1(right: int, found: int, gold: int) -> float:
    return 200.0 * right / max(found + gold, 1)


def thresholds(rows, score) -> tuple[float, float]:
    """For either kind of gap, the middle of the thresholds that give its borders nearly the best F1."""
    best = []
    for marked in (1, 0):
        here = rows["marked"] == marked
        s, y = score[here], rows["label"][here]
        grid = np.linspace(-3, 3, 61)
        values = np.array([f1(int((y[s > t]).sum()), int((s > t).sum()), int(y.sum())) for t in grid])
        best.append(float(grid[values > values.max() - 0.05].mean()))
    return best[0], best[1]


def borders_f1(rows, score, marked, unmarked) -> float:
    cut = score > np.where(rows["marked"] == 1, marked, unmarked)
    return f1(int(rows["label"][cut].sum()), int(cut.sum()), int(rows["label"].sum()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--decay", type=float, default=1e-4)
    parser.add_argument("--drop", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    free = free_gum_documents(args.data / "ud/gum-docs.tsv")
    items = list(paragraphs(args.data / "ud/en_ewt-ud-train.conllu.gz"))
    items += list(paragraphs(args.data / "ud/en_gum-ud-train.conllu.gz", free))
    curly = [(d, *curled(t, e)) for d, t, e in items if '"' in t or "'" in t]
    rows, curly_rows = gaps(items), gaps(curly)
    rng = random.Random(args.seed)
    fold_of = {d: rng.randrange(FOLDS) for d in sorted({d for d, _, _ in items})}
    fold = np.array([fold_of[d] for d, _, _ in items])[rows["paragraph"]]
    curly_fold = np.array([fold_of[d] for d, _, _ in curly])[curly_rows["paragraph"]]

    # Every document is scored by weights that have not seen it: the thresholds come from all of them.
    score = np.zeros(len(rows))
    for k in range(FOLDS):
        seen = np.concatenate([rows[fold != k], curly_rows[curly_fold != k]])
        weights, bias = train(seen, args.epochs, args.decay, args.drop, args.seed)
        score[fold == k] = scores(rows[fold == k], weights, bias)
    marked, unmarked = thresholds(rows, score)
    print(f"cross-validated: borders F1 {borders_f1(rows, score, marked, unmarked):.2f}")

    # The shipped weights see everything.
    weights, bias = train(np.concatenate([rows, curly_rows]), args.epochs, args.decay, args.drop, args.seed)
    scale = float(np.abs(weights).max()) / 127
    packed = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    numbers = np.array([scale, bias, marked, unmarked], dtype="<f4")
    args.out.write_bytes(b"DEMSEG01" + numbers.tobytes() + packed.tobytes())
    for name in ("ewt", "gum"):
        dev = gaps(list(paragraphs(args.data / f"ud/en_{name}-ud-dev.conllu.gz")))
        value = borders_f1(dev, scores(dev, packed * np.float32(scale), bias), marked, unmarked)
        print(f"{name} dev: borders within paragraphs F1 {value:.2f} (thresholds {marked:.2f}, {unmarked:.2f})")


if __name__ == "__main__":
    main()
