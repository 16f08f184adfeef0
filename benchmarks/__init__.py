"""Speed, measured beside other search engines on the same items: see `docs/benchmarks.md`."""
