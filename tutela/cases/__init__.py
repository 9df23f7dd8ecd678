"""What we decided: reports that belong together, two scores with reasons, two different readers."""
