"""Errors, deadlines, paths, strict models and MAC addresses: what every other room may use."""
