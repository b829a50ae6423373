"""The law's terms and rules as values and pure functions: no file, clock, database or format."""
