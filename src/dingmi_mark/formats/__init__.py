"""One handler per file format behind one Protocol (`base.py`); a handler knows no law."""
