"""Calls, versions of forms and grids, dates, places. It does not know that applications exist."""
