"""The pages: one file each, whose `PARTS` say what it is made of, top to bottom."""
