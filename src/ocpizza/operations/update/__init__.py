"""`ocpizza update`: components of a folder put over the program's own, all of them or none."""
