"""``report.html``: one file to look at, made from ``result.json`` and the evidence directory alone."""
