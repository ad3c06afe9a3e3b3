"""Search beside LIKE and beside other indexes: the same queries, the same articles, in one run."""
