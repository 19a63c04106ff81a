"""What a machine did from power-on to its system: stages, where it stopped, and why."""
