"""The private side: reads sources, counts, protects, publishes. The only code that opens private rows."""
