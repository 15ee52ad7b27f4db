"""Save all that the shop knows into one archive, and bring it back.

`make` writes an archive, `restore` puts one in place of the database, `drill` tries it. Whoever
watches passes `Stages`.
"""
