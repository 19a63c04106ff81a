"""Unit tests of how a capture is told."""
