"""The commands of ``edgeboot segments``."""
