"""A run while it goes on: what each lab does, what is done, and one line on a terminal that says so."""
