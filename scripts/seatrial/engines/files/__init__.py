"""The bytes of a consumer's files: which there are, of what form, and whether they are whole."""
