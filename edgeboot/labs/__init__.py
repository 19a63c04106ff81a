"""Where the tests happen: one interface (``protocol``), one folder for each kind of lab."""
