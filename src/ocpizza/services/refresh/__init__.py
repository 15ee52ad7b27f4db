"""What the shop sells, brought in line with another database: rows are known by their names."""
