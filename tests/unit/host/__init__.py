"""Unit tests of room machine."""
