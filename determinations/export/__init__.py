"""Exports: the result list as CSV, and the items that a brief or a file consists of."""
