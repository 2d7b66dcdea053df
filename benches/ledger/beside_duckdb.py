"""Asks DuckDB over the Parquet files of an export what `demarche` is asked over the ledger; prints the quickest of some rounds.

python3 beside_duckdb.py FOLDER [SOURCE TARGET WORD]
"""

import sys
import time

import duckdb

folder, *asked = sys.argv[1:]
source, target, word = asked or ("RUS", "UKR", "word")
files = f"read_parquet('{folder}/*/*/*.parquet', hive_partitioning = true)"
happened = "polarity = 'positive' AND modality = 'asserted'"
questions = {
    "a dyad's monthly series": f"""
        SELECT year, month, count(*), avg(intensity) FROM {files}
        WHERE source = '{source}' AND target = '{target}' AND {happened} GROUP BY ALL ORDER BY ALL""",
    "a panel of all directed dyads by month": f"""
        SELECT source, target, year, month, quad, count(*), avg(intensity) FROM {files}
        WHERE {happened} GROUP BY ALL""",
    "a panel of countries by month": f"""
        SELECT source, year, month, quad, count(*), avg(intensity) FROM {files}
        WHERE {happened} GROUP BY ALL""",
    "sentences with a word": f"SELECT count(*) FROM {files} WHERE sentence_text LIKE '%{word}%'",
    "how many events": f"SELECT count(*) FROM {files}",
}
connection = duckdb.connect()
connection.execute("SET threads = 2")
print("DuckDB", duckdb.__version__)
for name, query in questions.items():
    times = []
    for _ in range(3):
        begun, spent = time.perf_counter(), time.process_time()
        rows = connection.execute(query).fetchall()
        times.append((time.perf_counter() - begun, time.process_time() - spent))
    clock, processor = (min(column) * 1000 for column in zip(*times))
    print(f"{clock:10.1f} ms, {processor:10.1f} ms of processor time  {name}: {len(rows)} rows")
