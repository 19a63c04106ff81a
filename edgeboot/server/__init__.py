"""The server under test: its protocol, its log, its health."""
