"""The names under which our parts stand in a file."""

from __future__ import annotations

OUR_KEY = "/DingmiMark"
"""On the catalog, every page, our content streams, our forms and our attachment."""

RESOURCE = "DmMark"
"""Prefix of the resource names of our forms: `/DmMark1` …"""

ATTACHMENT = "dingmi-mark"
"""Beginning of the attachment's name; the label in it is canonical JSON."""

DOCUMENT, MARKING, COPY, SLOT, RECORD = "/Document", "/Marking", "/Copy", "/Slot", "/Record"
"""Keys of our dictionaries."""

ISOLATED = "DmPage"
"""Resource name of the form we make of a content that does not end by itself."""

NO_FORMS = "/DingmiEmpty"
"""In resources that named no pictures or forms at all, in an empty `/XObject`, before ours."""

STRIP = "/DingmiStrip"
"""On a page with a strip: the boxes it had of its own, and `/Shown`, its visible box since."""

ADDED_BOX = "/DingmiBox"
"""On a page that had no size of its own nor an inherited one: `/MediaBox` was added by us."""
