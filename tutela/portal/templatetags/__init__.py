"""How the public pages write dates and sources."""
