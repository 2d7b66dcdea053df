"""Score predictions against gold words: UAS, LAS (subtypes, punctuation counted), tags, entities."""

import torch

from batches import collate, example
from corpus import Inventories, Sentence, apply_script
from wordpiece import Wordpiece, canonical


def predict(network, sentences: list[Sentence], inv: Inventories, wordpiece: Wordpiece, size: int = 16):
    """For each sentence its predicted upos, feats, lemmas, entities, heads and deprels.

    Heads are the best-scored ones, tree or not: the Rust path repairs what is no tree.
    """
    network.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].forms))
    found = [None] * len(sentences)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), size):
            chosen = order[start:start + size]
            group = [example(sentences[i], inv, wordpiece) for i in chosen]
            batch = collate(group, [(0, False)] * len(group))
            words, root = network.states(batch)
            tags = {k: v.argmax(-1).tolist() for k, v in network.heads.tags(words).items()}
            scores = network.heads.arcs(words, root).float()
            scores.masked_fill_(~batch["candidates"][:, None, :], -1e9)
            diagonal = torch.arange(words.shape[1])
            scores[:, diagonal, diagonal + 1] = -1e9
            heads = scores.argmax(-1)
            deprels = network.heads.labels(words, root, heads).argmax(-1).tolist()
            heads = heads.tolist()
            for row, i in enumerate(chosen):
                s = sentences[i]
                n = len(s.forms)
                found[i] = {
                    "upos": [inv.upos[c] for c in tags["upos"][row][:n]],
                    "feats": [inv.feats[c] for c in tags["feats"][row][:n]],
                    "lemmas": [apply_script(f, inv.lemmas[c])
                               for f, c in zip(s.forms, tags["lemmas"][row][:n])],
                    "entities": [inv.entities[c] for c in tags["entities"][row][:n]],
                    "heads": heads[row][:n],
                    "deprels": [inv.deprels[c] for c in deprels[row][:n]],
                }
    return found


def evaluate(network, sentences, inv, wordpiece) -> dict[str, float]:
    """Percentages over all words of the sentences."""
    return score(sentences, predict(network, sentences, inv, wordpiece))


def score(sentences: list[Sentence], found) -> dict[str, float]:
    """Percentages; `entity` is F1 of exact spans with kind, over sentences that have tags."""
    total = 0
    right = dict.fromkeys(("LAS", "UAS", "UPOS", "FEATS", "lemma"), 0)
    gold_spans = found_spans = both = 0
    for s, f in zip(sentences, found):
        n = len(s.forms)
        total += n
        for i in range(n):
            head = f["heads"][i] == s.heads[i]
            right["UAS"] += head
            right["LAS"] += head and f["deprels"][i] == s.deprels[i]
            right["UPOS"] += f["upos"][i] == s.upos[i]
            right["FEATS"] += f["feats"][i] == s.feats[i]
            right["lemma"] += canonical(f["lemmas"][i]) == canonical(s.lemmas[i])
        if "?" not in s.entities:
            a, b = spans(s.entities), spans(f["entities"])
            gold_spans, found_spans, both = gold_spans + len(a), found_spans + len(b), both + len(a & b)
    figures = {k: 100 * v / total for k, v in right.items()}
    figures["entity"] = 200 * both / max(1, gold_spans + found_spans)
    return figures


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    """(first, end, kind) of BIO tags; an I that continues nothing begins."""
    out, start, kind = set(), None, None
    for i, tag in enumerate(tags + ["O"]):
        if start is not None and not (tag[0] == "I" and tag[2:] == kind):
            out.add((start, i, kind))
            start = None
        if tag[0] == "B" or (tag[0] == "I" and start is None):
            start, kind = i, tag[2:]
    return out
