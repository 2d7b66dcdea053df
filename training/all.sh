#!/usr/bin/env bash
# From data to packed weights: ./all.sh DATA [RUNS]. Needs the requirements, a built `demarche` (for the words of news) and MPNET.
set -euo pipefail
cd "$(dirname "$0")"
data=$1 runs=${2:-out}
python=${PYTHON:-venv/bin/python}
demarche=${DEMARCHE:-../target/release/demarche}
mkdir -p "$runs"

"$python" train.py --data "$data" --out "$runs/first" --layers 3 --epochs 12 --rounded 0
"$python" train.py --data "$data" --out "$runs/six" --layers 6 --epochs 10

# Free news text, train halves: every second of the first summaries and articles is read for its words.
"$python" pairs/silver.py articles "$data" > "$runs/news.jsonl"
awk 'NR <= 7000 && NR % 2 == 0' "$runs/news.jsonl" > "$runs/half.jsonl"
tail -100 "$runs/news.jsonl" >> "$runs/half.jsonl"
"$demarche" parse "$runs/half.jsonl" > "$runs/news.conllu"
"$python" distil.py --data "$data" --teacher "$runs/six" --student "$runs/first" --news "$runs/news.conllu" --out "$runs/english"
"$python" export.py --run "$runs/english" --model ../models/english.safetensors --reference ../crates/text/tests/reference.json

# The typing head: MPNET is a folder with all-mpnet-base-v2, the parts of which are on the package index (pairs/teacher.py).
(cd .. && cargo run --release -p demarche --example parties -- "$OLDPWD/$runs/news.jsonl") > "$runs/candidates.jsonl"
"$python" pairs/teacher.py learn --mpnet "$MPNET" --out "$runs/teacher"
"$python" pairs/teacher.py label --mpnet "$MPNET" --out "$runs/teacher" --candidates "$runs/candidates.jsonl" > "$runs/taught.jsonl"
"$python" pairs/train.py --run "$runs/english" --silver "$runs/taught.jsonl" --out "$runs/pairs" --model ../models/pairs.safetensors \
    --reference ../crates/text/tests/pairs.json
