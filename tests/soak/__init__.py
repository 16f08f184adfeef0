"""The whole site under everything at once, for as long as SOAK_SECONDS says: `make soak`."""
