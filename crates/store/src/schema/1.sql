-- The ledger, version 1. docs/ledger.md describes every table, view and column for those who open the file by hand.
--
-- Tables in the singular hold what the program needs: integer keys, dates as days since 1970-01-01.
-- Views in the plural spell the same out: ids, words, ISO dates. Absence is NULL.

-- Strings that repeat: types, modes, codes, publishers, the words of parties.
CREATE TABLE word (
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- Whom parties were found to be; one row for each different finding.
CREATE TABLE actor (
    key INTEGER PRIMARY KEY,
    id TEXT,
    name TEXT,
    code TEXT,
    sector TEXT,
    office TEXT
) STRICT;
CREATE INDEX actor_id ON actor (id);
CREATE INDEX actor_code ON actor (code);

CREATE TABLE place (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT,
    region TEXT,
    lat REAL,
    lon REAL,
    precision TEXT NOT NULL
) STRICT;
CREATE INDEX place_country ON place (country);

-- One coding, recoding, import or correction, with the versions that made it.
CREATE TABLE run (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    coder TEXT,
    tables TEXT,
    command TEXT,
    author TEXT,
    started TEXT NOT NULL,
    ended TEXT,
    day INTEGER NOT NULL
) STRICT;

CREATE TABLE document (
    key INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL UNIQUE,
    article_id TEXT,
    url TEXT,
    title TEXT,
    byline TEXT,
    dateline TEXT,
    published INTEGER,
    published_basis INTEGER REFERENCES word,
    publisher INTEGER REFERENCES word,
    outlet TEXT,
    credit TEXT,
    lang INTEGER NOT NULL REFERENCES word,
    coded INTEGER NOT NULL,
    place INTEGER REFERENCES word,
    run INTEGER NOT NULL REFERENCES run,
    known INTEGER NOT NULL,
    version INTEGER NOT NULL,
    newer INTEGER REFERENCES document,
    record TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX document_url ON document (url) WHERE url IS NOT NULL;
CREATE INDEX document_article ON document (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX document_published ON document (published);
CREATE INDEX document_known ON document (known);

-- Which run coded which document.
CREATE TABLE coding (
    document INTEGER NOT NULL REFERENCES document,
    run INTEGER NOT NULL REFERENCES run,
    PRIMARY KEY (document, run)
) STRICT, WITHOUT ROWID;

-- Sentences of documents by their bytes; sentences that came with imported events by their words.
CREATE TABLE sentence (
    key INTEGER PRIMARY KEY,
    document INTEGER REFERENCES document,
    n INTEGER,
    start INTEGER,
    "end" INTEGER,
    kind INTEGER REFERENCES word,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX sentence_document ON sentence (document, n) WHERE document IS NOT NULL;

CREATE TABLE event (
    key INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    document INTEGER REFERENCES document,
    sentence INTEGER REFERENCES sentence,
    dataset INTEGER NOT NULL REFERENCES word,
    type INTEGER NOT NULL REFERENCES word,
    mode INTEGER REFERENCES word,
    contexts INTEGER REFERENCES word,
    cameo INTEGER REFERENCES word,
    quad INTEGER NOT NULL,
    intensity REAL NOT NULL,
    polarity INTEGER NOT NULL REFERENCES word,
    modality INTEGER NOT NULL REFERENCES word,
    tense INTEGER NOT NULL REFERENCES word,
    cue INTEGER REFERENCES word,
    day INTEGER NOT NULL,
    from_day INTEGER,
    until_day INTEGER,
    precision INTEGER REFERENCES word,
    basis INTEGER REFERENCES word,
    scope INTEGER REFERENCES word,
    place INTEGER REFERENCES place,
    place_text INTEGER REFERENCES word,
    place_scope INTEGER REFERENCES word,
    confidence REAL NOT NULL,
    grounds TEXT,
    counted INTEGER NOT NULL,
    lead INTEGER NOT NULL,
    story INTEGER REFERENCES story,
    correction INTEGER REFERENCES correction,
    run INTEGER NOT NULL REFERENCES run,
    known INTEGER NOT NULL,
    gone_run INTEGER REFERENCES run,
    gone INTEGER
) STRICT;
CREATE INDEX event_document ON event (document) WHERE document IS NOT NULL;
CREATE INDEX event_story ON event (story) WHERE story IS NOT NULL;

-- Who and to whom: role 0 an actor, 1 a recipient, 2 the speaker to whom the report is attributed.
CREATE TABLE party (
    event INTEGER NOT NULL REFERENCES event,
    role INTEGER NOT NULL,
    n INTEGER NOT NULL,
    actor INTEGER REFERENCES actor,
    text INTEGER NOT NULL REFERENCES word,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    resolved_by INTEGER REFERENCES word,
    candidates INTEGER REFERENCES word,
    PRIMARY KEY (event, role, n)
) STRICT, WITHOUT ROWID;

-- Each ordered pair of codes of an event, by date: what a dyad is read from. 0 stands for no code.
CREATE TABLE dyad (
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    day INTEGER NOT NULL,
    event INTEGER NOT NULL REFERENCES event,
    PRIMARY KEY (source, target, day, event)
) STRICT, WITHOUT ROWID;

-- Sums of what is in force, each happening once, kept in the transaction that changes them; month is 12 × year + month − 1.
-- A source or target of −1 is anybody, so that an event of many pairs counts once for each of its parties;
-- mutual marks events that have the opposite pair too.
CREATE TABLE month_sum (
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    dataset INTEGER NOT NULL,
    month INTEGER NOT NULL,
    type INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    mutual INTEGER NOT NULL,
    events INTEGER NOT NULL,
    thousandths INTEGER NOT NULL,
    PRIMARY KEY (source, target, dataset, month, type, counted, mutual)
) STRICT, WITHOUT ROWID;

-- How much was read: documents that were coded, and their sentences, by the day on which they became known.
CREATE TABLE reading (
    day INTEGER PRIMARY KEY,
    documents INTEGER NOT NULL,
    sentences INTEGER NOT NULL
) STRICT;

-- Words of the frozen text that an event rests on.
CREATE TABLE proof (
    event INTEGER NOT NULL REFERENCES event,
    n INTEGER NOT NULL,
    role INTEGER NOT NULL REFERENCES word,
    sentence INTEGER,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

-- What came with an event of another data set and has no column of its own.
CREATE TABLE imported (
    event INTEGER PRIMARY KEY REFERENCES event,
    source_id TEXT,
    published INTEGER,
    publisher INTEGER REFERENCES word,
    url TEXT,
    title TEXT,
    lang INTEGER REFERENCES word,
    version INTEGER REFERENCES word,
    extra TEXT
) STRICT;

-- The other records of a coding; `record` is the whole of each as `demarche code` prints it.
CREATE TABLE statement (
    key INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES document,
    sentence INTEGER NOT NULL,
    speaker INTEGER REFERENCES actor,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    known INTEGER NOT NULL,
    gone_run INTEGER REFERENCES run,
    gone INTEGER,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX statement_document ON statement (document);
CREATE INDEX statement_speaker ON statement (speaker);

CREATE TABLE relation (
    key INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES document,
    sentence INTEGER NOT NULL,
    relation INTEGER NOT NULL REFERENCES word,
    subject INTEGER REFERENCES actor,
    object INTEGER REFERENCES actor,
    run INTEGER NOT NULL REFERENCES run,
    known INTEGER NOT NULL,
    gone_run INTEGER REFERENCES run,
    gone INTEGER,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX relation_document ON relation (document);
CREATE INDEX relation_subject ON relation (subject);
CREATE INDEX relation_object ON relation (object);

CREATE TABLE finding (
    key INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES document,
    sentence INTEGER NOT NULL,
    subject INTEGER REFERENCES actor,
    verdict INTEGER NOT NULL REFERENCES word,
    run INTEGER NOT NULL REFERENCES run,
    known INTEGER NOT NULL,
    gone_run INTEGER REFERENCES run,
    gone INTEGER,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX finding_document ON finding (document);

CREATE TABLE remark (
    key INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document,
    sentence INTEGER,
    run INTEGER NOT NULL REFERENCES run,
    known INTEGER NOT NULL,
    gone_run INTEGER REFERENCES run,
    gone INTEGER,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX remark_document ON remark (document);

-- One happening: many reports, fewer origins. The lead is the event that counts.
CREATE TABLE story (
    key INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL UNIQUE,
    lead INTEGER NOT NULL REFERENCES event,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    origins INTEGER NOT NULL
) STRICT;

-- One document in one story: whether it is an origin of its own, and why it is or is not.
CREATE TABLE report (
    story INTEGER NOT NULL REFERENCES story,
    document INTEGER NOT NULL REFERENCES document,
    origin INTEGER NOT NULL REFERENCES document,
    copy_of INTEGER REFERENCES document,
    credit TEXT,
    why TEXT NOT NULL,
    PRIMARY KEY (story, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_document ON report (document);

-- What a person said of an event; the overlay that survives recoding.
CREATE TABLE correction (
    key INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    at TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    act TEXT NOT NULL,
    field TEXT,
    value TEXT,
    event INTEGER NOT NULL,
    document INTEGER REFERENCES document,
    before TEXT NOT NULL,
    withdrawn INTEGER REFERENCES run
) STRICT;
CREATE INDEX correction_document ON correction (document);

-- What was taken from where, and how far: where an interrupted run goes on, and what need not be fetched again.
CREATE TABLE intake (
    place TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    fingerprint TEXT,
    position INTEGER NOT NULL,
    done INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    faulty INTEGER NOT NULL,
    etag TEXT,
    modified TEXT,
    checked TEXT,
    note TEXT
) STRICT, WITHOUT ROWID;

-- What the program must remember of its own work.
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE sentence_words USING fts5 (
    text, content = 'sentence', content_rowid = 'key', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE actor_words USING fts5 (
    name, office, content = 'actor', content_rowid = 'key', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER sentence_said AFTER INSERT ON sentence BEGIN
    INSERT INTO sentence_words (rowid, text) VALUES (new.key, new.text);
END;
CREATE TRIGGER actor_named AFTER INSERT ON actor BEGIN
    INSERT INTO actor_words (rowid, name, office) VALUES (new.key, new.name, new.office);
END;

-- The same in words.
CREATE VIEW runs AS
SELECT key AS run, kind, coder, tables, command, author, started, ended, date(day * 86400, 'unixepoch') AS day FROM run;

CREATE VIEW documents AS
SELECT printf('d-%016x', d.hash) AS id, d.article_id, d.url, d.title, d.byline, d.dateline,
    date(d.published * 86400, 'unixepoch') AS published, basis.text AS published_basis, publisher.text AS publisher,
    d.outlet, d.credit, lang.text AS lang, d.coded, d.version,
    (SELECT printf('d-%016x', n.hash) FROM document n WHERE n.key = d.newer) AS newer,
    date(d.known * 86400, 'unixepoch') AS known, d.run, place.text AS place, d.text, d.key
FROM document d
LEFT JOIN word basis ON basis.key = d.published_basis
LEFT JOIN word publisher ON publisher.key = d.publisher
LEFT JOIN word lang ON lang.key = d.lang
LEFT JOIN word place ON place.key = d.place;

CREATE VIEW sentences AS
SELECT s.key, iif(d.key IS NULL, NULL, printf('d-%016x', d.hash)) AS document, s.n AS sentence, kind.text AS kind, s.start, s."end", s.text
FROM sentence s
LEFT JOIN document d ON d.key = s.document
LEFT JOIN word kind ON kind.key = s.kind;

CREATE VIEW events AS
SELECT printf('e-%016x', e.hash) AS id, iif(d.key IS NULL, NULL, printf('d-%016x', d.hash)) AS document, s.n AS sentence, dataset.text AS dataset,
    type.text AS type, mode.text AS mode, contexts.text AS contexts, cameo.text AS cameo, e.quad, e.intensity,
    (SELECT group_concat(coalesce(a.name, w.text), '; ') FROM party p LEFT JOIN actor a ON a.key = p.actor
        JOIN word w ON w.key = p.text WHERE p.event = e.key AND p.role = 0) AS actors,
    (SELECT group_concat(coalesce(a.name, w.text), '; ') FROM party p LEFT JOIN actor a ON a.key = p.actor
        JOIN word w ON w.key = p.text WHERE p.event = e.key AND p.role = 1) AS recipients,
    polarity.text AS polarity, modality.text AS modality, tense.text AS tense, e.counted, e.lead,
    date(e.from_day * 86400, 'unixepoch') AS "from", date(e.until_day * 86400, 'unixepoch') AS until,
    precision.text AS precision, basis.text AS basis, scope.text AS scope,
    place.name AS place, place.country, place.lat, place.lon,
    cue.text AS cue, e.confidence, e.grounds, s.text AS words,
    iif(story.key IS NULL, NULL, printf('s-%016x', story.hash)) AS story, e.correction,
    coalesce(date(d.published * 86400, 'unixepoch'), date(i.published * 86400, 'unixepoch')) AS published,
    coalesce(dp.text, ip.text) AS publisher, coalesce(d.url, i.url) AS url, coalesce(d.title, i.title) AS title,
    i.source_id, e.run, date(e.known * 86400, 'unixepoch') AS known, e.gone_run,
    date(e.gone * 86400, 'unixepoch') AS gone, e.key
FROM event e
LEFT JOIN document d ON d.key = e.document
LEFT JOIN sentence s ON s.key = e.sentence
LEFT JOIN imported i ON i.event = e.key
LEFT JOIN story ON story.key = e.story
LEFT JOIN place ON place.key = e.place
LEFT JOIN word dataset ON dataset.key = e.dataset
LEFT JOIN word type ON type.key = e.type
LEFT JOIN word mode ON mode.key = e.mode
LEFT JOIN word contexts ON contexts.key = e.contexts
LEFT JOIN word cameo ON cameo.key = e.cameo
LEFT JOIN word polarity ON polarity.key = e.polarity
LEFT JOIN word modality ON modality.key = e.modality
LEFT JOIN word tense ON tense.key = e.tense
LEFT JOIN word precision ON precision.key = e.precision
LEFT JOIN word basis ON basis.key = e.basis
LEFT JOIN word scope ON scope.key = e.scope
LEFT JOIN word cue ON cue.key = e.cue
LEFT JOIN word dp ON dp.key = d.publisher
LEFT JOIN word ip ON ip.key = i.publisher;

CREATE VIEW parties AS
SELECT printf('e-%016x', e.hash) AS event, CASE p.role WHEN 0 THEN 'actor' WHEN 1 THEN 'recipient' ELSE 'speaker' END AS role,
    p.n, a.id, a.name, a.code, a.sector, a.office, w.text, p.start, p."end", r.text AS resolved_by, c.text AS candidates,
    e.gone_run IS NULL AS in_force, p.event AS event_key
FROM party p JOIN event e ON e.key = p.event
LEFT JOIN actor a ON a.key = p.actor
JOIN word w ON w.key = p.text
LEFT JOIN word r ON r.key = p.resolved_by
LEFT JOIN word c ON c.key = p.candidates;

CREATE VIEW actors AS SELECT key, id, name, code, sector, office FROM actor;

CREATE VIEW evidence AS
SELECT printf('e-%016x', e.hash) AS event, p.n, role.text AS role, iif(d.key IS NULL, NULL, printf('d-%016x', d.hash)) AS document, p.sentence,
    p.start, p."end", p.text, e.gone_run IS NULL AS in_force, p.event AS event_key
FROM proof p JOIN event e ON e.key = p.event JOIN word role ON role.key = p.role
LEFT JOIN document d ON d.key = e.document;

CREATE VIEW dyads AS
SELECT source.text AS source, target.text AS target, date(y.day * 86400, 'unixepoch') AS day,
    printf('e-%016x', e.hash) AS event, y.event AS event_key
FROM dyad y JOIN event e ON e.key = y.event
LEFT JOIN word source ON source.key = y.source
LEFT JOIN word target ON target.key = y.target;

CREATE VIEW monthly AS
SELECT source.text AS source, target.text AS target, dataset.text AS dataset,
    printf('%04d-%02d', m.month / 12, m.month % 12 + 1) AS month, type.text AS type, m.counted, m.mutual, m.events, m.thousandths / 1000.0 AS intensity
FROM month_sum m JOIN word type ON type.key = m.type JOIN word dataset ON dataset.key = m.dataset
LEFT JOIN word source ON source.key = m.source
LEFT JOIN word target ON target.key = m.target
WHERE m.source >= 0 AND m.target >= 0;

CREATE VIEW readings AS SELECT date(day * 86400, 'unixepoch') AS day, documents, sentences FROM reading;

CREATE VIEW statements AS
SELECT printf('t-%016x', t.hash) AS id, printf('d-%016x', d.hash) AS document, t.sentence,
    json_extract(t.record, '$.speaker.text') AS speaker, a.id AS speaker_id, a.code AS speaker_code, a.sector AS speaker_sector,
    json_extract(t.record, '$.cue') AS cue, json_extract(t.record, '$.quoted') AS quoted, json_extract(t.record, '$.content.text') AS text, t.start, t."end",
    json_extract(t.record, '$.event') AS event, json_extract(t.record, '$.stance') AS stance, json_extract(t.record, '$.when.from') AS "from",
    json_extract(t.record, '$.when.until') AS until, t.run, date(t.known * 86400, 'unixepoch') AS known, t.gone_run,
    date(t.gone * 86400, 'unixepoch') AS gone, t.key
FROM statement t JOIN document d ON d.key = t.document LEFT JOIN actor a ON a.key = t.speaker;

CREATE VIEW relations AS
SELECT printf('r-%016x', r.hash) AS id, printf('d-%016x', d.hash) AS document, r.sentence, w.text AS relation,
    json_extract(r.record, '$.subject.text') AS subject, s.id AS subject_id, s.code AS subject_code,
    json_extract(r.record, '$.object.text') AS object, o.id AS object_id, o.code AS object_code, json_extract(r.record, '$.polarity') AS polarity,
    json_extract(r.record, '$.from') AS "from", json_extract(r.record, '$.until') AS until, r.run,
    date(r.known * 86400, 'unixepoch') AS known, r.gone_run, date(r.gone * 86400, 'unixepoch') AS gone, r.key
FROM relation r JOIN document d ON d.key = r.document JOIN word w ON w.key = r.relation
LEFT JOIN actor s ON s.key = r.subject LEFT JOIN actor o ON o.key = r.object;

CREATE VIEW checks AS
SELECT printf('c-%016x', c.hash) AS id, printf('d-%016x', d.hash) AS document, c.sentence, json_extract(c.record, '$.claim') AS claim,
    v.text AS verdict, json_extract(c.record, '$.as_of') AS as_of, json_extract(c.record, '$.reference.statement') AS reference,
    json_extract(c.record, '$.reference.row') AS row, json_extract(c.record, '$.reference.source') AS source, c.run,
    date(c.known * 86400, 'unixepoch') AS known, c.gone_run, date(c.gone * 86400, 'unixepoch') AS gone, c.key
FROM finding c JOIN document d ON d.key = c.document JOIN word v ON v.key = c.verdict;

CREATE VIEW notes AS
SELECT printf('d-%016x', d.hash) AS document, n.sentence, json_extract(n.record, '$.why') AS why, json_extract(n.record, '$.text') AS text, n.run,
    date(n.known * 86400, 'unixepoch') AS known, n.gone_run, date(n.gone * 86400, 'unixepoch') AS gone, n.key
FROM remark n JOIN document d ON d.key = n.document;

CREATE VIEW stories AS
SELECT printf('s-%016x', s.hash) AS id, printf('e-%016x', e.hash) AS lead,
    date(s.first_day * 86400, 'unixepoch') AS first, date(s.last_day * 86400, 'unixepoch') AS last,
    s.reports, s.origins, s.key
FROM story s JOIN event e ON e.key = s.lead;

CREATE VIEW story_events AS
SELECT printf('s-%016x', s.hash) AS story, printf('e-%016x', e.hash) AS event, e.lead, e.key AS event_key
FROM event e JOIN story s ON s.key = e.story WHERE e.gone_run IS NULL;

CREATE VIEW reports AS
SELECT printf('s-%016x', s.hash) AS story, printf('d-%016x', d.hash) AS document, printf('d-%016x', o.hash) AS origin,
    iif(c.key IS NULL, NULL, printf('d-%016x', c.hash)) AS copy_of, r.credit, r.why
FROM report r JOIN story s ON s.key = r.story JOIN document d ON d.key = r.document
JOIN document o ON o.key = r.origin LEFT JOIN document c ON c.key = r.copy_of;

CREATE VIEW corrections AS
SELECT c.key, c.run, c.at, c.author, c.reason, c.act, c.field, c.value, printf('e-%016x', c.event) AS event,
    iif(d.key IS NULL, NULL, printf('d-%016x', d.hash)) AS document, c.before, c.withdrawn
FROM correction c LEFT JOIN document d ON d.key = c.document;
