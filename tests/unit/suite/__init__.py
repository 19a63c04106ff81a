"""Unit tests of the fixtures, the faults' machinery, and of what holds for every file."""
