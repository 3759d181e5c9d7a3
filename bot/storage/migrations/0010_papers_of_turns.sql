-- The papers that a question was asked of, as a JSON list of ids: a follow-up stays with those just quoted. None: all.
ALTER TABLE turns ADD COLUMN papers TEXT NOT NULL DEFAULT '[]';
