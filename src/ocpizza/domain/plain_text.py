"""Text that people typed, made fit for where it goes: rows, mail headers, mail to others."""

import re
import unicodedata

MAX_NAME_LENGTH = 60
# Spaces, dots, apostrophes and hyphens, also the curly and the no-break ones.
IN_NAMES = frozenset({*" .'-", chr(0x2019), chr(0x2011)})
# What programs that show mail or PDF files make a link of.
LINKS = (
    (re.compile(r"(?<=\w)\.(?=[^\W\d_])"), ". "),
    (re.compile(r":(?=//)"), ": "),
    (re.compile(r"\s*@\s*"), " @ "),
)
LOOKALIKES = str.maketrans("。．｡․＠：", "....@:")
# RFC 5322, 3.2.3.
SPECIALS = str.maketrans(dict.fromkeys('()<>[]:;@\\,."', " "))
# What RFC 2047 calls an encoded word begins so; the standard library decodes it wherever it can.
ENCODED_WORD = re.compile(r"=(?=\?)")


def clean(value: str) -> str:
    """Return the text in normal form, trimmed; controls become spaces but for line ends, invisible
    signs go.

    PostgreSQL refuses NUL and surrogates; what turns the reading direction deceives.
    """
    normal = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    return "".join(filter(None, map(_shown, normal))).strip()


def one_line(value: str) -> str:
    """Clean text on one line, with one plain space wherever there is any."""
    return " ".join(clean(value).split())


def compatible(value: str) -> str:
    """Return what stands for a code or number: one line, full-width forms made plain, dashes
    hyphens.
    """
    plain = one_line(unicodedata.normalize("NFKC", value))
    return "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in plain)


def header_text(value: str) -> str:
    """Return a text that stays what it is in a header of mail: on one line, and no encoded word in
    it.
    """
    return ENCODED_WORD.sub("= ", one_line(value))


def phrase(value: str) -> str:
    """Somebody's name in a header: without what needs quotes, which long names lose on the way."""
    return header_text(value.translate(SPECIALS))


def greeting_name(value: str) -> str:
    """Return a name to greet somebody with in a mail, whoever typed it; empty where it is hardly
    one.

    A stranger's address or phone in a mail of ours would be our word for it: letters only.
    """
    name = linkless_name(value)
    letters = all(sign in IN_NAMES or unicodedata.category(sign)[0] in "LM" for sign in name)
    return name if letters and len(name) <= MAX_NAME_LENGTH else ""


def linkless_name(value: str) -> str:
    """Return a name on one line; empty where it holds anything that programs make a link of."""
    name = one_line(value)
    return name if unlinked(name) == name else ""


def unlinked(value: str) -> str:
    """Return the same words, with a space wherever programs would make a link of them."""
    plain = value.translate(LOOKALIKES)
    for link, spaced in LINKS:
        plain = link.sub(spaced, plain)
    return plain


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign == "\n" or kind[0] != "C":
        return sign
    return " " if kind == "Cc" else ""
