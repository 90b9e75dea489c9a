"""The last ten minutes of a call: drafts that save themselves, files, deposits; played in less time than it lasts."""

from benchmarks.rush.playing import play_rush as play_rush
from benchmarks.rush.results import Rush as Rush
