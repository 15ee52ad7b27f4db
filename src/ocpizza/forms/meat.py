"""Which meats an ingredient has, and where they come from."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from wtforms import BooleanField, FormField, HiddenField, RadioField

from ocpizza.domain.meat import EU, NOT_EU, MeatOrigin, Meats, state_of
from ocpizza.domain.sorting import reading_order
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choices import choice
from ocpizza.forms.fields import TypedField
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import FRENCH, LOCALES
from ocpizza.i18n.localizer import localizer
from ocpizza.meat_words import countries, places
from ocpizza.models.meat import Meat

MAX_COUNTRIES = 8
RAW, PREPARED = "raw", "prepared"
GROUP, OWN = "group", "own"
MISSING = _("Indiquez ce pays aussi, ou aucun des pays si l’origine n’est pas connue.")
ONLY_PREPARED = _("« UE » ne suffit que pour une viande achetée préparée : indiquez le pays.")
# What else people write.
ALSO = {
    "ue": EU,
    "eu": EU,
    "union europeenne": EU,
    "european union": EU,
    "hors ue": NOT_EU,
    "non-ue": NOT_EU,
    "non-eu": NOT_EU,
    "angleterre": "GB",
    "england": "GB",
    "uk": "GB",
    "usa": "US",
}


@cache
def codes_by_name() -> dict[str, str]:
    """Return the code of every country by its name, in any of our languages, or by itself."""
    known = {code.casefold(): code for code in countries(LOCALES[FRENCH])}
    for locale in LOCALES.values():
        known |= {_read(name): code for code, name in countries(locale).items()}
    return known | ALSO


def _read(name: str) -> str:
    return reading_order(name)[0]


class CountriesField(TypedField):
    """Countries by their names, « France, Irlande », each once."""

    wrong = _("Indiquez des pays séparés par des virgules, par exemple France, Irlande.")
    data: tuple[str, ...] | None

    @staticmethod
    def parse(text: str) -> tuple[str, ...] | None:
        known = codes_by_name()
        names = [_read(name) for name in re.split("[,;/]", text) if name.strip()]
        if not all(name in known for name in names) or len(names) > MAX_COUNTRIES:
            return None
        return tuple(dict.fromkeys(known[name] for name in names)) or None

    @staticmethod
    def write(codes: tuple[str, ...]) -> str:
        return places(codes, str, LOCALES[FRENCH])


class MeatRow(BaseForm):
    """One meat: whether the ingredient has it, and the countries."""

    present = BooleanField()
    born = CountriesField()
    reared = CountriesField()
    slaughtered = CountriesField()

    @property
    def typed(self) -> bool:
        return bool(self.born.typed or self.reared.typed or self.slaughtered.typed)

    def origin(self, meat: Meat, prepared: bool) -> MeatOrigin:
        """Return what the row says."""
        countries = (self.born.data, self.reared.data, self.slaughtered.data)
        return MeatOrigin(meat, prepared, *(each or () for each in countries))

    def check(self, meat: Meat, prepared: bool) -> None:
        """Refuse half an origin, and a region where the law wants a country."""
        needed = [self.reared, self.slaughtered]
        if meat is Meat.BEEF:
            needed.insert(0, self.born)
        for field in needed:
            if self.typed and not field.typed:
                self.refuse(field, MISSING)
        for field in (self.born, self.reared, self.slaughtered):
            if not prepared and {EU, NOT_EU} & set(field.data or ()):
                self.refuse(field, ONLY_PREPARED)


class _Rows(BaseForm):
    """A row for each meat of the law; `seen` says what was shown."""

    beef = FormField(MeatRow)
    pork = FormField(MeatRow)
    sheep = FormField(MeatRow)
    poultry = FormField(MeatRow)
    seen = HiddenField()

    def __init__(self, formdata: FormData | None, shown: Meats, language: str) -> None:
        data: dict[str, Any] = {
            one.meat.value: {
                "present": True,
                "born": one.born or None,
                "reared": one.reared or None,
                "slaughtered": one.slaughtered or None,
            }
            for one in shown
        }
        super().__init__(formdata, data=data | {"seen": state_of(shown)})
        if formdata is None:
            say = localizer(language).translate
            for row in self.rows.values():
                for field in (row.born, row.reared, row.slaughtered):
                    field.typed = places(field.data or (), say, LOCALES[language])

    @property
    def rows(self) -> dict[Meat, Any]:
        rows: dict[Meat, Any] = {meat: self[meat.value] for meat in Meat}
        return {meat: row.form for meat, row in rows.items()}


class MeatsForm(_Rows):
    """The meats of an ingredient, from the group's supplier."""

    bought = RadioField(
        choices=[
            choice(RAW, _("Crue, même surgelée, et cuisinée ici")),
            choice(PREPARED, _("Déjà préparée : jambon, saucisse, viande cuite ou marinée")),
        ],
        validate_choice=False,
    )

    def __init__(self, formdata: FormData | None, shown: Meats, language: str) -> None:
        super().__init__(formdata, shown, language)
        self.before = {one.meat for one in shown}
        if formdata is None:
            prepared = any(one.prepared for one in shown)
            self.bought.data = (PREPARED if prepared else RAW) if shown else None

    @property
    def meats(self) -> Meats:
        """Those that are ticked."""
        ticked = [(meat, row) for meat, row in self.rows.items() if row.present.data]
        return tuple(row.origin(meat, self.bought.data == PREPARED) for meat, row in ticked)

    def validate(self, extra_validators: Validators | None = None) -> bool:
        whole = super().validate(extra_validators)
        ticked = any(row.present.data for row in self.rows.values())
        if ticked and self.bought.data not in (RAW, PREPARED):
            self.refuse(self.bought, _("Indiquez comment elle est achetée."))
        for meat, row in self.rows.items():
            if row.present.data:
                row.check(meat, self.bought.data == PREPARED)
            elif row.typed and meat not in self.before:
                row.refuse(row.present, _("Cochez cette viande si l’ingrédient en contient."))
        return whole and not self.errors


class OwnMeatsForm(_Rows):
    """The same from a restaurant's own supplier, of the meats that the ingredient has."""

    supplier = RadioField(
        choices=[
            choice(GROUP, _("Le fournisseur du groupe")),
            choice(OWN, _("Un autre fournisseur, pour ce restaurant")),
        ]
    )

    def __init__(
        self, formdata: FormData | None, usual: Meats, own: Meats | None, language: str
    ) -> None:
        super().__init__(formdata, own or (), language)
        self.usual: Sequence[MeatOrigin] = usual
        if formdata is None:
            self.supplier.data = OWN if own else GROUP

    @property
    def meats(self) -> Meats | None:
        if self.supplier.data == GROUP:
            return None
        return tuple(self.rows[one.meat].origin(one.meat, one.prepared) for one in self.usual)

    def validate(self, extra_validators: Validators | None = None) -> bool:
        whole = super().validate(extra_validators)
        for one in self.usual if self.supplier.data == OWN else ():
            self.rows[one.meat].check(one.meat, one.prepared)
        return whole and not self.errors
