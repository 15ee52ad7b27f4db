"""Write the towns of each French postcode, from the official list.

The list is « Codes postaux » of Etalab (Licence Ouverte 2.0), made of INSEE's Code officiel
géographique and DGFiP's FIMOCT: https://www.data.gouv.fr/fr/datasets/codes-postaux/, which the
Base Adresse Nationale also publishes as `codes-postaux-full.json` of
https://www.npmjs.com/package/codes-postaux: a row a street, or one for a whole commune.

    make_towns.py codes-postaux-full.json [towns.txt]
"""

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from ocpizza.domain.sorting import reading_order
from ocpizza.domain.towns import LIST

# A letter goes to « Paris », whatever part of it the postcode says.
PART = re.compile(r" \d+er? Arrondissement$")
WHOLE = "XXXX"
# A street alone among hundreds of another town's is a mistake of somebody's.
MIN_SHARE = 0.02


def towns(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """Return the names of each postcode's communes, each once, as a reader looks for them."""
    streets, whole = defaultdict(Counter), defaultdict(set)
    for row in rows:
        code, name = row["codePostal"], PART.sub("", row["nomCommune"]).replace("'", "’")
        streets[code][name] += 1
        if row["codeVoie"] == WHOLE:
            whole[code].add(name)
    found = {}
    for code in sorted(streets):
        least = MIN_SHARE * streets[code].total()
        names = [name for name, n in streets[code].items() if n >= least or name in whole[code]]
        found[code] = sorted(names, key=reading_order)
    return found


def lines(rows: list[dict[str, str]]) -> str:
    """Return the file: a postcode and its towns a line."""
    return "".join(f"{code} {';'.join(names)}\n" for code, names in towns(rows).items())


if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else LIST
    target.write_text(lines(json.loads(source.read_text())), encoding="utf-8")
