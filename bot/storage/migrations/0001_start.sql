CREATE TABLE papers (
    id TEXT PRIMARY KEY,
    place INTEGER NOT NULL UNIQUE,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    original_title TEXT NOT NULL,
    original_abstract TEXT NOT NULL,
    folded_title TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT,
    date TEXT,
    listed TEXT,
    authors TEXT NOT NULL DEFAULT '[]',
    upvotes INTEGER,
    code TEXT NOT NULL DEFAULT '[]',
    links TEXT NOT NULL DEFAULT '[]',
    added_at TEXT NOT NULL
) STRICT;
CREATE INDEX papers_folded_title ON papers (folded_title);

-- AUTOINCREMENT: an id is part of a post's marker and nonce, so it must never come back.
CREATE TABLE schedules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL UNIQUE,
    creator_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    zone TEXT NOT NULL,
    days TEXT NOT NULL,
    size INTEGER NOT NULL,
    topics TEXT NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    since TEXT NOT NULL,
    told_empty INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX schedules_guild ON schedules (guild_id);

-- One row for each time a channel's hour came. A claim is written before the message is sent and settled
-- after it, so a crash in between leaves a claim to look into, never a silent gap.
CREATE TABLE posts (
    schedule_id INTEGER NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    slot TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('claimed', 'posted', 'empty', 'failed')),
    papers TEXT NOT NULL DEFAULT '[]',
    message_id INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    updated_at TEXT NOT NULL,
    PRIMARY KEY (schedule_id, slot)
) STRICT;

CREATE TABLE shown (
    channel_id INTEGER NOT NULL,
    paper_id TEXT NOT NULL,
    shown_at TEXT NOT NULL,
    PRIMARY KEY (channel_id, paper_id)
) STRICT;

-- A search that its buttons lead back to: a query may be longer than a button can carry.
CREATE TABLE searches (
    token TEXT PRIMARY KEY,
    owner_id INTEGER NOT NULL,
    query TEXT NOT NULL,
    kept_at TEXT NOT NULL
) STRICT;

CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
