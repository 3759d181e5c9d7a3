-- What was asked, so that a follow-up is understood and a button finds its answer again. Answers are not kept:
-- the same question gives the same answer.
CREATE TABLE turns (
    token TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    owner_id INTEGER NOT NULL,
    question TEXT NOT NULL,
    context TEXT NOT NULL,
    asked_at TEXT NOT NULL
) STRICT;
CREATE INDEX turns_conversation ON turns (conversation, asked_at);
CREATE INDEX turns_owner ON turns (owner_id);
