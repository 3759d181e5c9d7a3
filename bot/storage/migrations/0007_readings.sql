-- What became of each day of each live source. read_at is NULL while the day was never read in full: it is asked
-- for until it was, so that no day is left out.
CREATE TABLE readings (
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    read_at TEXT,
    papers INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (source, day)
) STRICT;
