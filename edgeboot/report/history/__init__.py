"""Night after night: what has changed between the runs of one site."""
