"""Find in one text what stands in others, by keyed fingerprints alone. Pure: arrays in, spans out.

`normal` makes a text comparable, `siphash` and `fingerprints` make it a row of keyed numbers that
tell no words, `match` finds common runs, `passages` says which of them are quotations.
"""
