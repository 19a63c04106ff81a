"""What a run found and how it is reported: findings, evidence, advisories, result, coverage."""
