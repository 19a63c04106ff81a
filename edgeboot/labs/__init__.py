"""Where the tests happen: one interface (``protocol``), one module for each kind of lab."""
