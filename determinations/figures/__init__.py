"""Figures of the letters held here, as pages show them. The numbers come from `outcomes`."""
