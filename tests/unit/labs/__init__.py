"""Unit tests of room labs."""
