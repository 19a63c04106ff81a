"""Unit tests of storms."""
