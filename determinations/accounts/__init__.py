"""People's accounts: who may sign in, for how long, and with what."""
