"""The last ten minutes of a call: drafts that save themselves, files, deposits; played in less time than it lasts."""
