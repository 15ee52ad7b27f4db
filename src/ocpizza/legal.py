"""What the law wants said that only the company knows: taken from the settings `legal.*`."""

from ocpizza.settings import Settings

# LCEN (loi 2004-575) art. 1-1 and 6 III, Code de la consommation L616-1.
REQUIRED = ("form", "register", "director", "phone", "email", "host", "mediator")


def legal_facts(settings: Settings) -> dict[str, str]:
    """Return each fact by its name, empty where nobody has given it yet."""
    return {name: settings[f"legal.{name}"].strip() for name in REQUIRED}


def left_to_fill_in(settings: Settings) -> list[str]:
    """Return the settings that the legal pages still lack."""
    return [f"legal.{name}" for name, said in legal_facts(settings).items() if not said]
