"""Where each fact was read: a second reading that keeps track of places, made only when asked for."""
