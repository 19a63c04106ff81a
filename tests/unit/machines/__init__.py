"""Unit tests of room machines."""
