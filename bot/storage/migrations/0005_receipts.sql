-- Every slot ends with an outcome: waiting (to be tried again), held (its source is not done), missed (not posted,
-- its papers come with the next) join those before. SQLite cannot change a CHECK, so the table is made anew.
CREATE TABLE posts_new (
    schedule_id INTEGER NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    slot TEXT NOT NULL,
    outcome TEXT NOT NULL
        CHECK (outcome IN ('claimed', 'waiting', 'held', 'posted', 'empty', 'missed', 'failed')),
    papers TEXT NOT NULL DEFAULT '[]',
    message_id INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    updated_at TEXT NOT NULL,
    PRIMARY KEY (schedule_id, slot)
) STRICT;
INSERT INTO posts_new (schedule_id, slot, outcome, papers, message_id, detail, updated_at)
    SELECT schedule_id, slot, outcome, papers, message_id, detail, updated_at FROM posts;
DROP TABLE posts;
ALTER TABLE posts_new RENAME TO posts;

-- What becomes of a slot that the bot slept through: 'late' (posted within hours) or 'merge' (with the next post).
ALTER TABLE schedules ADD COLUMN missed TEXT NOT NULL DEFAULT 'late' CHECK (missed IN ('late', 'merge'));
-- What is posted when nothing is new: 'line' (one short line) or 'silent'.
ALTER TABLE schedules ADD COLUMN quiet TEXT NOT NULL DEFAULT 'line' CHECK (quiet IN ('line', 'silent'));
-- Whether whoever set it up is still to be told that it was paused: '', 'due', or where they were told.
ALTER TABLE schedules ADD COLUMN notice TEXT NOT NULL DEFAULT '';
