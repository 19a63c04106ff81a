"""Clients told while they boot: an event for each stage, and one for how it ended."""
