"""The replies of a capture held against a contract, and against RFC 2131."""
