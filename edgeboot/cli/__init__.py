"""The ``edgeboot`` command."""
