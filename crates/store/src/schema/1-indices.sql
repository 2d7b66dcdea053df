-- What a bulk import drops and builds again at its end; whoever opens the ledger to write puts back what is missing.
CREATE INDEX IF NOT EXISTS event_hash ON event (hash);
CREATE INDEX IF NOT EXISTS event_day ON event (day);
CREATE INDEX IF NOT EXISTS party_actor ON party (actor);
CREATE INDEX IF NOT EXISTS event_sentence ON event (sentence) WHERE sentence IS NOT NULL;
-- What came with a run and what ended with it; both grow at their end alone, so that a bulk import keeps them.
CREATE INDEX IF NOT EXISTS event_run ON event (run);
CREATE INDEX IF NOT EXISTS event_gone ON event (gone_run, run) WHERE gone_run IS NOT NULL;
CREATE INDEX IF NOT EXISTS document_newer ON document (newer) WHERE newer IS NOT NULL;
CREATE INDEX IF NOT EXISTS document_coverage ON document (published, publisher, lang, coded) WHERE newer IS NULL;
CREATE INDEX IF NOT EXISTS actor_name ON actor (name);
