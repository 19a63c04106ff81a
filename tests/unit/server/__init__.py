"""Unit tests of room server."""
