"""Tests of explained captures."""
