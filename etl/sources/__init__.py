"""One file per export format: a layout (TOML) and, where a table cannot say how it reads, a reader (Python)."""
