"""Where papers come from: each source parses purely and fetches thinly."""
