"""The public pages: danger now, get help, report; what was promised and what is late."""
