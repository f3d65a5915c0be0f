"""The rule language: a subset of Groovy that runs on plain Python values. It knows nothing of tickets."""
