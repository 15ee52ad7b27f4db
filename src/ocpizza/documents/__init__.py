"""Documents to keep or print: PDF files made from what the database says."""
