"""The orchestrator lab: an existing cluster on a real segment, with other people's machines on it."""
