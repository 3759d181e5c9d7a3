-- Vectors of texts: made once for a model and a text, kept until the text's hash is asked for again.
CREATE TABLE embedders (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL UNIQUE,
    dimensions INTEGER NOT NULL
) STRICT;
-- `content` is a hash of what was read, `vector` one signed byte for each dimension. The rows have numbers of their
-- own, so that they lie one after another in the file and a year of them is read as fast as the disk gives them.
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    embedder_id INTEGER NOT NULL REFERENCES embedders (id) ON DELETE CASCADE,
    content BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (content, embedder_id)
) STRICT;
