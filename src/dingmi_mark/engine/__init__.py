"""Geometry of marks: templates become shapes in millimetres, origin at the top left of the page."""
