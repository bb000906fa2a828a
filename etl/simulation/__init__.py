"""The invented country behind the demo edition and the benchmarks: who, where, how often, with what answers."""
