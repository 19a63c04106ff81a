"""Unit tests of what a machine did from power-on to its system."""
