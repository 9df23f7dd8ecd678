"""People who sign in: queue, case, referral, indicators, people."""
