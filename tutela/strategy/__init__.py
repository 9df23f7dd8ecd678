"""What was promised, what is missing, what works, who acts."""
