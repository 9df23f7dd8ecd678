"""How the house is set up: settings, addresses, the schedule, the embedded PostgreSQL."""
