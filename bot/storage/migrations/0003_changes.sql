-- What changed since a moment is one look into an index: `seq` goes up with every paper that is new or changed.
ALTER TABLE papers ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE papers SET seq = place + 1;
CREATE INDEX papers_seq ON papers (seq, place);

-- One row for each group of papers taken in: the last seq of the group, and a name that comes up in no other history.
-- An index that covers a moment which is not here was made of another database, or of a later state of this one.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    token TEXT NOT NULL
) STRICT;
INSERT INTO changes (seq, token)
SELECT max(seq), lower(hex(randomblob(8))) FROM papers HAVING max(seq) IS NOT NULL;

-- The newest few, and the last that came in, without a look at all of them.
CREATE INDEX papers_newest ON papers (date DESC, coalesce(upvotes, 0) DESC, place);
CREATE INDEX papers_added ON papers (added_at);
