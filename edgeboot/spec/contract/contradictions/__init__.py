"""Terms that exclude each other: no server fulfils such a contract, so it is refused before a run."""
