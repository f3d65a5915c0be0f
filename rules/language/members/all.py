"""Importing this fills the tables of members."""

from rules.language.members import (
    closures,
    collections,
    dates,
    everything,
    exceptions,
    json,
    lists,
    maps,
    misc,
    numbers,
    regex,
    seldom,
    text,
    times,
    views,
)

PARTS = (
    closures,
    collections,
    dates,
    everything,
    exceptions,
    json,
    lists,
    maps,
    misc,
    numbers,
    regex,
    seldom,
    text,
    times,
    views,
)
