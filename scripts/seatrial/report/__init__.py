"""Decision -> what people see: comment, summary, annotations, terminal, JUnit, HTML page. Pure."""
