"""Train encoder and heads together on the free treebanks, and save a checkpoint every epoch.

    python train.py --data $DEMARCHE_DATA --out runs/english --epochs 10
"""

import argparse
import json
import random
import time
from dataclasses import asdict
from pathlib import Path

import torch
from torch.nn import functional as F

import corpus
from batches import MASK, Example, batches, examples
from evaluate import evaluate
from model import LAYERS, Linear, Network, read_vocabulary
from wordpiece import Wordpiece

WEIGHTS = {"upos": 0.5, "feats": 0.5, "lemmas": 0.5, "entities": 0.7}


def loss_of(network: Network, batch) -> torch.Tensor:
    """The sum of every head's mean cross-entropy over the words it has a gold class for."""
    words, root = network.states(batch)
    total = 0.0
    for tag, logits in network.heads.tags(words).items():
        gold = batch[tag]
        if bool((gold != MASK).any()):
            total = total + WEIGHTS[tag] * F.cross_entropy(
                logits.float().flatten(0, 1), gold.flatten(), ignore_index=MASK)
    scores = network.heads.arcs(words, root).float()
    scores = scores.masked_fill(~batch["candidates"][:, None, :], -1e9)
    total = total + F.cross_entropy(scores.flatten(0, 1), batch["heads"].flatten(), ignore_index=MASK)
    labels = network.heads.labels(words, root, batch["heads"].clamp(min=0)).float()
    return total + F.cross_entropy(labels.flatten(0, 1), batch["deprels"].flatten(), ignore_index=MASK)


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--data", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--epochs", type=int, default=10)
    args.add_argument("--steps", type=int, default=0, help="stop after so many steps, to time them")
    args.add_argument("--layers", type=int, default=LAYERS)
    args.add_argument("--rounded", type=float, default=0.2, help="the last part of the steps, with the program's rounding")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--pieces", type=int, default=900, help="subwords in a batch")
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
    train: list[Example] = examples(sentences, inventories, wordpiece)
    dev = corpus.ewt(args.data, "dev")

    network = Network(len(wordpiece.vocabulary), {k: len(v) for k, v in asdict(inventories).items()}, args.layers)
    network.encoder.load_pretrained()
    groups = [{"params": network.encoder.parameters(), "lr": 1.5e-4},
              {"params": network.heads.parameters(), "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    per_epoch = len(batches(train, args.pieces, random.Random(0)))
    total, warm = per_epoch * args.epochs, 300
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / (total - warm))))
    print(f"{len(train)} sentences, {per_epoch} steps an epoch", flush=True)

    step, started = 0, time.time()
    for epoch in range(1, args.epochs + 1):
        network.train()
        running = 0.0
        for batch in batches(train, args.pieces, random.Random(args.seed + epoch), augment=True):
            Linear.rounded = step >= (1 - args.rounded) * total
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(network, batch())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            running, step = running + loss.item(), step + 1
            if step % 50 == 0:
                print(f"epoch {epoch} step {step}/{total} loss {running / 50:.3f} "
                      f"{time.time() - started:.0f} s", flush=True)
                running = 0.0
            if step == args.steps:
                return
        torch.save(network.state_dict(), args.out / "last.pt")
        figures = evaluate(network, dev, inventories, wordpiece)
        print(f"epoch {epoch} EWT dev " + " ".join(f"{k} {v:.2f}" for k, v in figures.items()), flush=True)


if __name__ == "__main__":
    main()
