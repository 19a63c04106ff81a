"""Unit tests of room stress."""
