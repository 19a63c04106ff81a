"""Clients of a segment as they boot: events, lines, metrics."""
