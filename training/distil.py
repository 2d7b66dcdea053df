"""Teach a small network what a larger one sees, on the treebanks and on free news text, and save a checkpoint.

    python distil.py --data $DEMARCHE_DATA --teacher runs/six --student runs/three --news news.conllu --out runs/english

The pupil goes on from where `train.py --layers 3` left it.  On the treebanks it learns from gold and teacher alike, on
news from the teacher's shares of all classes alone; `news.conllu` is what `demarche parse` makes of texts (only its
words are read).  All with the program's rounding.
"""

import argparse
import gzip
import json
import random
import time
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional as F

import corpus
from batches import MASK, batches, examples
from evaluate import evaluate
from model import Linear, Network, read_vocabulary
from train import WEIGHTS
from wordpiece import Wordpiece


def network_of(path: Path, pieces: int, sizes: dict[str, int]) -> Network:
    """A network from a run's checkpoint, or from a file that `export.py` wrote."""
    if path.is_dir():
        state = torch.load(path / "last.pt", weights_only=True)
    else:
        state = unpacked(load_file(str(path)), sizes)
    layers = len({k.split(".")[2] for k in state if k.startswith("encoder.layers.")})
    network = Network(pieces, sizes, layers)
    network.load_state_dict(state)
    return network


def unpacked(file, sizes):
    """The floats of an 8-bit file, by the names of the network."""
    def rows(name):
        return file[f"{name}.weight"].float() * file[f"{name}.scale"][:, None]

    state = {"encoder.word.weight": rows("word"), "encoder.position.weight": file["position"],
             "encoder.casing.weight": file["casing"]}
    for name in file:
        if "norm" in name:
            state[f"encoder.{name}"] = file[name]
        elif name.startswith("layers.") and name.endswith(".scale"):
            name = name.removesuffix(".scale")
            state[f"encoder.{name}.weight"], state[f"encoder.{name}.bias"] = rows(name), file[f"{name}.bias"]
    parts = [(t, sizes[t]) for t in ("upos", "feats", "lemmas", "entities")]
    parts += [(p, 256) for p in ("arc_dep", "arc_head", "label_dep", "label_head")]
    every, bias, at = rows("heads.all"), file["heads.all.bias"], 0
    for name, size in parts:
        state[f"heads.{name}.weight"], state[f"heads.{name}.bias"] = every[at:at + size], bias[at:at + size]
        at += size
    state["heads.arc"], state["heads.arc_bias"] = rows("heads.arc").T.contiguous(), file["heads.arc.bias"]
    state["heads.label.weight"], state["heads.label.bias"] = rows("heads.label"), file["heads.label.bias"]
    return state


def news(path: Path, longest: int = 70):
    """Sentences of words alone."""
    plain = "_"
    sentence = corpus.Sentence("news")
    with (gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")) as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 10 and cells[0].isdigit():
                sentence.forms.append(cells[1])
            elif not line.strip():
                n = len(sentence.forms)
                if 3 <= n <= longest:
                    sentence.lemmas, sentence.upos, sentence.feats = sentence.forms, ["X"] * n, [plain] * n
                    sentence.heads, sentence.deprels = [0] * n, ["root"] * n
                    sentence.misc, sentence.entities = [plain] * n, [corpus.MASKED] * n
                    yield sentence
                sentence = corpus.Sentence("news")


def soft(student, teacher, real):
    """Cross-entropy against the teacher's shares, over the words that are there."""
    loss = -(teacher.float().softmax(-1) * student.float().log_softmax(-1)).sum(-1)
    return loss[real].mean()


def loss_of(student: Network, teacher: Network, batch, gold: bool):
    words, root = student.states(batch)
    with torch.no_grad():
        rounded, Linear.rounded = Linear.rounded, False
        words_t, root_t = teacher.states(batch)
        tags_t = teacher.heads.tags(words_t)
        arcs_t = teacher.heads.arcs(words_t, root_t).masked_fill(~batch["candidates"][:, None, :], -1e9)
        heads = batch["heads"].clamp(min=0) if gold else arcs_t.argmax(-1)
        labels_t = teacher.heads.labels(words_t, root_t, heads)
        Linear.rounded = rounded
    real = batch["candidates"][:, 1:]
    total = 0.0
    for tag, logits in student.heads.tags(words).items():
        part = soft(logits, tags_t[tag], real)
        if gold and bool((batch[tag] != MASK).any()):
            part = part + F.cross_entropy(logits.float().flatten(0, 1), batch[tag].flatten(), ignore_index=MASK)
            part = part / 2
        total = total + WEIGHTS[tag] * part
    arcs = student.heads.arcs(words, root).float().masked_fill(~batch["candidates"][:, None, :], -1e9)
    part = soft(arcs, arcs_t, real)
    labels = student.heads.labels(words, root, heads)
    named = soft(labels, labels_t, real)
    if gold:
        part = (part + F.cross_entropy(arcs.flatten(0, 1), batch["heads"].flatten(), ignore_index=MASK)) / 2
        named = (named + F.cross_entropy(labels.float().flatten(0, 1), batch["deprels"].flatten(), ignore_index=MASK)) / 2
    return total + part + named


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--data", type=Path, required=True)
    args.add_argument("--teacher", type=Path, required=True)
    args.add_argument("--student", type=Path, required=True, help="a run folder or an exported file")
    args.add_argument("--news", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--epochs", type=int, default=2)
    args.add_argument("--share", type=float, default=0.4, help="batches of news among all")
    args.add_argument("--pieces", type=int, default=900)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--seed", type=int, default=1815)
    args = args.parse_args()
    torch.set_num_threads(args.threads)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    sentences = corpus.ewt(args.data, "train") + corpus.gum(args.data, "train")
    inventories = corpus.Inventories.of(sentences)
    (args.out / "inventories.json").write_text(json.dumps(asdict(inventories)), encoding="utf-8")
    wordpiece = Wordpiece(read_vocabulary())
    sizes = {k: len(v) for k, v in asdict(inventories).items()}
    teacher = network_of(args.teacher, len(wordpiece.vocabulary), sizes).eval()
    student = network_of(args.student, len(wordpiece.vocabulary), sizes)
    gold = examples(sentences, inventories, wordpiece)
    free = examples(list(news(args.news)), inventories, wordpiece)
    dev = corpus.ewt(args.data, "dev")
    optimizer = torch.optim.AdamW([{"params": student.encoder.parameters(), "lr": 8e-5},
                                   {"params": student.heads.parameters(), "lr": 5e-4}], weight_decay=0.01, betas=(0.9, 0.98))
    plan = []
    for epoch in range(args.epochs):
        of_gold = [(b, True) for b in batches(gold, args.pieces, random.Random(args.seed + epoch), augment=True)]
        of_news = [(b, False) for b in batches(free, args.pieces, random.Random(args.seed + epoch))]
        of_news = of_news[:round(len(of_gold) * args.share / (1 - args.share))]
        both = of_gold + of_news
        random.Random(args.seed + epoch).shuffle(both)
        plan += both
    total, warm = len(plan), 150
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / (total - warm))))
    print(f"{len(gold)} sentences with gold, {len(free)} of news, {total} steps", flush=True)
    started, running = time.time(), 0.0
    Linear.rounded = True
    student.train()
    for step, (batch, of_gold) in enumerate(plan, 1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(student, teacher, batch(), of_gold)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        running += loss.item()
        if step % 50 == 0:
            print(f"step {step}/{total} loss {running / 50:.3f} {time.time() - started:.0f} s", flush=True)
            running = 0.0
        if step % 500 == 0 or step == total:
            torch.save(student.state_dict(), args.out / "last.pt")
            figures = evaluate(student, dev, inventories, wordpiece)
            student.train()
            print(f"step {step} EWT dev " + " ".join(f"{k} {v:.2f}" for k, v in figures.items()), flush=True)


if __name__ == "__main__":
    main()
