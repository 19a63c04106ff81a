"""The failure catalogue: why a client did not boot, as its packets show it."""
