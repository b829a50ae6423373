"""What an office decides about quotations, where it says nothing itself."""

from __future__ import annotations

from dingmi_mark.domain.quotations import QuotationPolicy, Undeclared


def test_an_undeclared_quotation_stops_where_the_office_says_nothing() -> None:
    assert QuotationPolicy() == QuotationPolicy(Undeclared.STOP, verbatim=30, edited=38)
