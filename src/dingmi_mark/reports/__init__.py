"""Pages for people, made of values: no files are read here, and no law is known."""
