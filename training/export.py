"""Write a checkpoint as the 8-bit file the program carries, and references for its tests.

    python export.py --run runs/english --model ../models/english.safetensors \
        --reference ../crates/text/tests/reference.json

Weights get one scale per output channel (embeddings: per row); activations are brought to 7 bits by
the program, row by row. The file holds everything: weights, classes, vocabulary, format version.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from batches import collate, example
from corpus import Inventories, Sentence
from evaluate import predict
from model import Network, read_vocabulary
from wordpiece import Wordpiece

FORMAT = "demarche-english-1"

# Sentences of our own, invented states: no corpus sentence is committed.
SENTENCES = [
    "The foreign minister of Arnor said on Tuesday that his country would expel two diplomats .",
    "Gondor has closed its border with Mordor after the attack on Osgiliath .",
    "Protesters were arrested in Minas Tirith , police spokesman Borin Tark said .",
    "“ We do n’t want war — we want peace , ” President Elena Varga told reporters .",
    "The United Nations Security Council condemned the killings and called for an immediate ceasefire .",
    "TROOPS WITHDRAW FROM RHUDAUR",
]


def quantised(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows in -127..127 and their scales."""
    scale = weight.abs().amax(1).clamp(min=1e-8) / 127
    return (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale


def tensors_of(network: Network, vocabulary: list[str]) -> dict[str, torch.Tensor]:
    """Everything the file holds, by name."""
    out: dict[str, torch.Tensor] = {}

    def rows(name, weight):
        out[f"{name}.weight"], out[f"{name}.scale"] = quantised(weight.detach())

    def linear(name, weight, bias):
        rows(name, weight)
        out[f"{name}.bias"] = bias.detach()

    def norm(name, module):
        out[f"{name}.weight"], out[f"{name}.bias"] = module.weight.detach(), module.bias.detach()

    e, h = network.encoder, network.heads
    out["vocabulary"] = torch.frombuffer(bytearray("\n".join(vocabulary).encode()), dtype=torch.uint8)
    rows("word", e.word.weight)
    out["position"], out["casing"] = e.position.weight.detach(), e.casing.weight.detach()
    norm("norm", e.norm)
    for i, layer in enumerate(e.layers):
        for part in ("qkv", "out", "up", "down"):
            module = getattr(layer, part)
            linear(f"layers.{i}.{part}", module.weight, module.bias)
        norm(f"layers.{i}.norm1", layer.norm1)
        norm(f"layers.{i}.norm2", layer.norm2)
    # One matrix for all that is read off a state, in the order that `heads.rs` cuts it.
    parts = [getattr(h, tag) for tag in h.TAGS] + [h.arc_dep, h.arc_head, h.label_dep, h.label_head]
    linear("heads.all", torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts]))
    linear("heads.arc", h.arc.T, h.arc_bias)
    linear("heads.label", h.label.weight, h.label.bias)
    return {name: tensor.contiguous() for name, tensor in out.items()}


def reference(network: Network, inv: Inventories, wordpiece: Wordpiece) -> list[dict]:
    """What the unquantised network says of our own sentences."""
    made = []
    for text in SENTENCES:
        forms = text.split()
        n = len(forms)
        s = Sentence("own", forms, forms, ["X"] * n, ["_"] * n, [0] * n, ["root"] * n, ["_"] * n, ["O"] * n)
        with torch.no_grad():
            words, _ = network.states(collate([example(s, inv, wordpiece)], [(0, False)]))
        found = predict(network, [s], inv, wordpiece)[0]
        states = [[round(x, 4) for x in row[:4]] for row in words[0].tolist()]
        made.append({"words": forms, **found, "states": states})
    return made


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--run", type=Path, required=True)
    args.add_argument("--model", type=Path, required=True)
    args.add_argument("--reference", type=Path, required=True)
    args = args.parse_args()
    inv = Inventories(**json.loads((args.run / "inventories.json").read_text(encoding="utf-8")))
    wordpiece = Wordpiece(read_vocabulary())
    state = torch.load(args.run / "last.pt", weights_only=True)
    layers = len({k.split(".")[2] for k in state if k.startswith("encoder.layers.")})
    network = Network(len(wordpiece.vocabulary), {k: len(v) for k, v in vars(inv).items()}, layers)
    network.load_state_dict(state)
    network.eval()
    metadata = {"format": FORMAT, "layers": str(layers), "licence": "CC-BY-SA-4.0",
                "inventories": json.dumps(vars(inv), ensure_ascii=False)}
    args.model.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors_of(network, wordpiece.vocabulary), str(args.model), metadata=metadata)
    args.reference.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(r, ensure_ascii=False) for r in reference(network, inv, wordpiece))
    args.reference.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
