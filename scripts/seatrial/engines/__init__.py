"""Where rows come from: CSV and Parquet files as tables, and the join of predictions to data."""
