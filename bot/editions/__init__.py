"""Editions: what the runs of standing briefings make, on a schedule, one a slot."""
