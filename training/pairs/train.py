"""Train the typing head: what one marked party does to another, read off the parser's own states.

    python pairs/train.py --run runs/english --silver silver.jsonl --out runs/pairs --model ../models/pairs.safetensors

The parser's embeddings, and with `--after` its first layers, stay as they are; the states of the two parties are marked,
and layers of the head's own carry on from there.  It learns from sentences of our own (`sentences.py`, `natural.txt`) and
from free news text: what a large teacher says of it (`teacher.py`), or the events that the patterns find (`silver.py`).
"""

import argparse
import json
import math
import random
import sys
import time
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent.parent))
from corpus import Inventories
from export import quantised
from model import WIDTH, Encoder, Layer, Linear, Network, read_vocabulary
from sentences import Maker
from wordpiece import CONTINUATION, Wordpiece, casing
from written import TYPES, held_out, written

FORMAT = "demarche-pairs-1"
HIDDEN = 384
LONGEST = 200


class PairHead(nn.Module):
    """Marked states to a type: layers of its own, means over the parties and the rest, two linear layers."""

    def __init__(self, layers: int):
        super().__init__()
        self.role = nn.Embedding(3, WIDTH)
        nn.init.normal_(self.role.weight, std=0.05)
        self.layers = nn.ModuleList(Layer(0.1) for _ in range(layers))
        self.hidden = Linear(4 * WIDTH, HIDDEN)
        self.types = Linear(HIDDEN, len(TYPES))
        self.drop = nn.Dropout(0.2)

    def forward(self, states, roles, real):
        x = states + self.role(roles)
        mask = real[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)

        def mean(chosen):
            chosen = chosen.to(x.dtype)[..., None]
            return (x * chosen).sum(1) / chosen.sum(1).clamp(min=1)

        read = torch.cat([mean(roles == 1), mean(roles == 2), mean((roles == 0) & real), x[:, 0]], -1)
        return self.types(self.drop(F.gelu(self.hidden(self.drop(read)))))


def certain(ix: int) -> list[float]:
    """Nearly all for one class, a little for the others."""
    rest = 0.05 / len(TYPES)
    return [0.95 + rest if i == ix else rest for i in range(len(TYPES))]


def examples(records, wordpiece):
    """(pieces, casings, roles, shares of the classes) of every pair that fits: the teacher's, or all for the one given."""
    for r in records:
        for p in r["pairs"]:
            pieces, marks, roles = [wordpiece.cls], [0], [0]
            for i, word in enumerate(r["words"]):
                cut, shape = wordpiece.pieces(word), casing(word)
                role = 1 if p["source"][0] <= i < p["source"][1] else 2 if p["target"][0] <= i < p["target"][1] else 0
                pieces += cut
                marks += [shape] + [shape + CONTINUATION] * (len(cut) - 1)
                roles += [role] * len(cut)
            if len(pieces) < LONGEST:
                taught = [math.exp(x) for x in p["shares"]] if "shares" in p else certain(TYPES.index(p["type"]))
                yield pieces + [wordpiece.sep], marks + [0], roles + [0], taught


def lower(encoder: Encoder, after: int, batch):
    """States after the parser's first layers."""
    places = torch.arange(batch["pieces"].shape[1])
    x = encoder.norm(encoder.word(batch["pieces"]) + encoder.position(places) + encoder.casing(batch["casings"]))
    for layer in encoder.layers[:after]:
        x = layer(x, batch["real"][:, None, None, :])
    return x


def collate(chosen):
    t = max(len(e[0]) for e in chosen)
    pad = [torch.tensor([list(e[k]) + [0] * (t - len(e[k])) for e in chosen]) for k in range(3)]
    real = torch.tensor([[True] * len(e[0]) + [False] * (t - len(e[0])) for e in chosen])
    return {"pieces": pad[0], "casings": pad[1], "roles": pad[2], "real": real, "shares": torch.tensor([e[3] for e in chosen])}


def predict(encoder, head, after, data):
    """Log-probabilities of the types for every example."""
    head.eval()
    found = [None] * len(data)
    order = sorted(range(len(data)), key=lambda i: len(data[i][0]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for k in range(0, len(order), 32):
            ids = order[k:k + 32]
            batch = collate([data[i] for i in ids])
            scores = head(lower(encoder, after, batch), batch["roles"], batch["real"]).float().log_softmax(-1)
            for i, row in zip(ids, scores):
                found[i] = row
    head.train()
    return found


def tensors_of(head: PairHead):
    out = {"roles": head.role.weight.detach()}

    def linear(name, module):
        out[f"{name}.weight"], out[f"{name}.scale"] = quantised(module.weight.detach())
        out[f"{name}.bias"] = module.bias.detach()

    for i, layer in enumerate(head.layers):
        for part in ("qkv", "out", "up", "down"):
            linear(f"layers.{i}.{part}", getattr(layer, part))
        for norm in ("norm1", "norm2"):
            module = getattr(layer, norm)
            out[f"layers.{i}.{norm}.weight"], out[f"layers.{i}.{norm}.bias"] = module.weight.detach(), module.bias.detach()
    linear("hidden", head.hidden)
    linear("types", head.types)
    return {k: v.contiguous() for k, v in out.items()}


def parser_of(run: Path, wordpiece) -> Network:
    inv = Inventories(**json.loads((run / "inventories.json").read_text(encoding="utf-8")))
    state = torch.load(run / "last.pt", weights_only=True)
    layers = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("encoder.layers."))
    network = Network(len(wordpiece.vocabulary), {k: len(v) for k, v in vars(inv).items()}, layers)
    network.load_state_dict(state)
    return network.eval()


# Sentences of our own, invented states: what the Rust tests compare with.
OWN = [
    ("Arnor sent food to Umbar after the flood .", (0, 1), (4, 5)),
    ("Gondor has closed its embassy in Mordor .", (0, 1), (6, 7)),
    ("Police in Dale arrested two students .", (0, 1), (4, 6)),
    ("The village was shelled by the Haradrim .", (5, 7), (0, 2)),
    ("Rohan refused to meet the envoy of Mordor .", (0, 1), (4, 8)),
    ("King Elessar urged Dale to free the riders .", (0, 2), (3, 4)),
    ("Gondor and Rohan held joint naval drills .", (0, 1), (2, 3)),
    ("Nobody here knows what Umbar wants .", (0, 0), (4, 5)),
]


def reference(encoder, head, after, wordpiece):
    """The shares of every class for our own sentences."""
    records = [{"words": t.split(), "pairs": [{"source": a, "target": b, "type": "NONE"}]} for t, a, b in OWN]
    found = predict(encoder, head, after, list(examples(records, wordpiece)))
    return [{"words": r["words"], "source": r["pairs"][0]["source"], "target": r["pairs"][0]["target"],
             "shares": [round(x, 4) for x in row.exp().tolist()]} for r, row in zip(records, found)]


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--run", type=Path, required=True, help="the parser's run folder")
    args.add_argument("--silver", type=Path, help="what teacher.py or silver.py made")
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--model", type=Path)
    args.add_argument("--reference", type=Path, help="where the references of the Rust tests go")
    args.add_argument("--after", type=int, default=0, help="layers of the parser that the head builds on")
    args.add_argument("--layers", type=int, default=6, help="layers of its own")
    args.add_argument("--from-parser", action="store_true", help="start from the parser's upper layers, not from MiniLM's")
    args.add_argument("--times", type=int, default=3, help="how often an epoch has each written sentence")
    args.add_argument("--everything", action="store_true", help="learn the held-out sentences too")
    args.add_argument("--count", type=int, default=2000, help="made sentences")
    args.add_argument("--most", type=int, default=2500, help="silver examples of one type at most; of what the teacher labels, of NONE")
    args.add_argument("--epochs", type=int, default=2)
    args.add_argument("--rounded", type=float, default=0.2)
    args.add_argument("--seed", type=int, default=1815)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()
    torch.set_num_threads(args.threads)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    wordpiece = Wordpiece(read_vocabulary())
    network = parser_of(args.run, wordpiece)
    encoder = network.encoder

    maker = Maker(args.seed)
    made = [maker.record(i % 12 == 11) for i in range(args.count)]
    train = list(examples([r for r in made if not r["held"]], wordpiece))
    held = list(examples([r for r in made if r["held"]], wordpiece))
    own = list(written())
    train += args.times * list(examples([r for r in own if args.everything or not held_out(r)], wordpiece))
    tried = list(examples([r for r in own if held_out(r)], wordpiece))
    if args.silver:
        rows = [json.loads(line) for line in args.silver.open(encoding="utf-8")]
        random.shuffle(rows)
        seen, kept = Counter(), []
        for r in rows:
            kind = r["pairs"][0]["type"]
            seen[kind] += 1
            if seen[kind] <= args.most or "shares" in r["pairs"][0] and kind != "NONE":
                kept.append(r)
        train += list(examples(kept, wordpiece))
    print(f"{len(train)} pairs to learn, {len(held)} of held-out phrases", flush=True)

    head = PairHead(args.layers)
    fresh = Encoder(len(wordpiece.vocabulary), 6)
    fresh.load_pretrained()
    source = encoder if args.from_parser else fresh
    for own, theirs in zip(head.layers, source.layers[-args.layers:]):
        own.load_state_dict(theirs.state_dict())
    groups = [{"params": head.layers.parameters(), "lr": 1e-4},
              {"params": [p for n, p in head.named_parameters() if not n.startswith("layers.")], "lr": 7e-4}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    size = 32
    total, step, started = args.epochs * (len(train) // size), 0, time.time()
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / 60, max(0.0, (total - s) / (total - 60))))
    for epoch in range(args.epochs):
        random.shuffle(train)
        chunks = [sorted(train[i:i + 8 * size], key=lambda e: len(e[0])) for i in range(0, len(train), 8 * size)]
        batches = [c[j:j + size] for c in chunks for j in range(0, len(c), size)]
        random.shuffle(batches)
        for chosen in batches:
            batch = collate(chosen)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                Linear.rounded = step >= (1 - args.rounded) * total
                with torch.no_grad():
                    states = lower(encoder, args.after, batch)
                scores = head(states, batch["roles"], batch["real"])
            loss = F.cross_entropy(scores.float(), batch["shares"])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 50 == 0:
                print(f"step {step}/{total} loss {loss.item():.3f} {time.time() - started:.0f} s", flush=True)
        for name, kept in [("phrases", held), ("written sentences", tried)]:
            found = predict(encoder, head, args.after, kept)
            right = sum(int(row.argmax()) == e[3].index(max(e[3])) for row, e in zip(found, kept))
            print(f"epoch {epoch + 1} held-out {name} {100 * right / max(len(kept), 1):.1f} right", flush=True)
    torch.save(head.state_dict(), args.out / "head.pt")
    if args.reference:
        lines = ",\n".join(json.dumps(r) for r in reference(encoder, head, args.after, wordpiece))
        args.reference.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    if args.model:
        metadata = {"format": FORMAT, "layers": str(args.layers), "after": str(args.after), "licence": "CC-BY-SA-4.0",
                    "types": json.dumps(TYPES)}
        save_file(tensors_of(head), str(args.model), metadata=metadata)


if __name__ == "__main__":
    main()
