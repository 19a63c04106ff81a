"""Why a client of a capture did or did not boot: who it is, how far it came, and what kept it."""
