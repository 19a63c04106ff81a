"""A machine that is switched on by a magic packet, and by nothing else."""
