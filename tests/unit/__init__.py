"""Unit tests: no lab, no server; a file a module of edgeboot/ and fixtures/."""
