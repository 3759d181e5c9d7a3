-- What people saved and liked. guild_id is the server in which it was said, and where it counts without a name: 0
-- outside of one. A person has one list, wherever they made it.
CREATE TABLE favourites (
    user_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('saved', 'liked')),
    paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (user_id, kind, paper_id, guild_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favourites_guild ON favourites (guild_id, paper_id);
CREATE INDEX favourites_paper ON favourites (paper_id);
