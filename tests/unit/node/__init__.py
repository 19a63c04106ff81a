"""Unit tests of room node."""
