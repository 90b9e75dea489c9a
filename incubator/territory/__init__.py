"""Communes, EPCI, départements and regions of France: read by every room, written only by loading the reference data."""
