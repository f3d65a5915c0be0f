"""What Java's library does with plain values: decimals, texts of numbers, patterns, dates, formats, JSON."""
