"""What we were told: kept verbatim, sealed, and never its bytes."""
