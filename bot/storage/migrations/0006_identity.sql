-- What sources say beyond the first few facts.
ALTER TABLE papers ADD COLUMN doi TEXT;
ALTER TABLE papers ADD COLUMN version INTEGER;
ALTER TABLE papers ADD COLUMN keywords TEXT NOT NULL DEFAULT '[]';
ALTER TABLE papers ADD COLUMN summary TEXT NOT NULL DEFAULT '';
ALTER TABLE papers ADD COLUMN organization TEXT NOT NULL DEFAULT '';
ALTER TABLE papers ADD COLUMN thumbnail TEXT;
ALTER TABLE papers ADD COLUMN stars INTEGER;
ALTER TABLE papers ADD COLUMN comments INTEGER;
ALTER TABLE papers ADD COLUMN categories TEXT NOT NULL DEFAULT '[]';
ALTER TABLE papers ADD COLUMN published TEXT;
-- Its arXiv id, whatever its id is; the source of its title and abstract, and the id that this source gave it.
ALTER TABLE papers ADD COLUMN arxiv TEXT;
ALTER TABLE papers ADD COLUMN told_by TEXT NOT NULL DEFAULT '';
ALTER TABLE papers ADD COLUMN told_as TEXT NOT NULL DEFAULT '';
UPDATE papers SET told_by = source, told_as = id;

-- Every other id that leads to a paper: arXiv's, a DOI, the title's, and the ids of papers that turned out to be it.
CREATE TABLE aliases (
    id TEXT PRIMARY KEY,
    paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_paper ON aliases (paper_id);
INSERT INTO aliases (id, paper_id)
SELECT substr(url, 23), min(id) FROM papers
WHERE url GLOB 'https://arxiv.org/abs/[0-9][0-9][0-9][0-9].[0-9][0-9][0-9][0-9][0-9]'
AND NOT EXISTS (SELECT 1 FROM papers AS same WHERE same.id = substr(papers.url, 23))
GROUP BY url;

-- Every title that a paper has or had, without spaces and signs; with them where it is from before this table.
CREATE TABLE titles (
    title TEXT NOT NULL,
    paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    PRIMARY KEY (title, paper_id)
) STRICT, WITHOUT ROWID;
INSERT INTO titles (title, paper_id) SELECT folded_title, id FROM papers WHERE folded_title <> '';

-- Which source said what and when: one row for each day it listed a paper on ('' where it named none).
CREATE TABLE sightings (
    paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    votes INTEGER,
    version INTEGER,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (paper_id, source, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_day ON sightings (day, source);
INSERT INTO sightings (paper_id, source, day, votes, first_seen, last_seen)
SELECT id, source, coalesce(date, ''), upvotes, added_at, added_at FROM papers;

-- Papers that became part of another one, by the number of that change: an index leaves them out.
CREATE TABLE removed (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL
) STRICT;
