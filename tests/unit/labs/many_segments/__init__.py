"""Tests of edgeboot.labs.many_segments."""
