"""Storms in a report: what is checked of many nodes at once, what it lacked and why, and the record."""
