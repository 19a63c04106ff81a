"""Machines of a site that boot while the suite runs: nothing is sent to them, and what they did is told."""
