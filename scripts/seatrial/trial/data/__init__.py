"""The data gate on files, and the profile that drift is measured against."""
