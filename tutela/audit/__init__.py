"""Who did what: append-only, chained, anchored outside; no foreign keys."""
