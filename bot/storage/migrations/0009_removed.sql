-- A channel whose roundup is removed keeps its row: set up again on the same day, it is not posted to twice.
ALTER TABLE schedules ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));
-- From when (UTC) on earlier posts count as the schedule's own: not those of one that was removed long before.
ALTER TABLE schedules ADD COLUMN begun TEXT NOT NULL DEFAULT '';
