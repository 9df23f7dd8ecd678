"""The law as data: instruments, provisions, legal bases as dated intervals, authorities, helplines, timeline."""
