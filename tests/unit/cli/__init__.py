"""Unit tests of room cli."""
