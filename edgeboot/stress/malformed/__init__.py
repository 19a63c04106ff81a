"""Messages no client should send: a table of bent ones, generated ones, and what a server may do."""
