"""The process: settings, wiring, command line, web server, workers."""

VERSION = "0.1.0"
