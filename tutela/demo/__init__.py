"""A synthetic world to try the house in; it comes in by the doors like everybody else."""
