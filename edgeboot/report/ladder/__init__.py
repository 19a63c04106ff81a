"""Ladder charts: who sent what to whom, when, from a capture and the server's log."""
