"""Write the list of the commonest passwords of twelve characters and more.

Lists of leaked passwords are mostly of shorter ones. Longer ones are made of them, always in the
same ways: a word and the digits that everybody adds, a word twice, two words, a phrase. So they
are here, the likeliest first, in French and in English: 10,000 that differ by more than capitals,
accents, spaces and the usual digits for letters.
"""

import sys
from itertools import product
from pathlib import Path

from ocpizza.domain.weak_passwords import LIST, guessed_as

MAX_PASSWORDS, MIN_LENGTH, MAX_LENGTH = 10_000, 12, 40
PHRASES = """
motdepasse1234 password1234 iloveyou1234 administrator administrateur motdepassesecret
passwordpassword motdepassemotdepasse correcthorsebatterystaple letmeinplease changemeplease
changemenow123 thequickbrownfox jenesaispas123 jetaimemonamour jetaimepourlavie jetaimetropfort
mamancherie papacheri123 monamourdemavie lavieestbelle liberteegalitefraternite allezlesbleus
parissaintgermain olympiquedemarseille olympiquelyonnais vivelafrance jesuischarlie bonjourlemonde
helloworld123 starwars12345 harrypotter123 gameofthrones lordoftherings seigneurdesanneaux
dragonballz123 onepiece12345 pokemon123456 minecraft1234 leagueoflegends callofduty123
counterstrike fortnite12345 jaimelespizzas jaimelapizza pizzapizza123 quatrefromages1 unbelievable
confidential supersecret123 topsecret12345 accessgranted masterpassword administrator1
administrator123 passwordadmin adminadmin123 rootrootroot testtesttest guestguest123 welcome123456
welcomehome123 ilovemyfamily ilovemymother iloveyousomuch iloveyouforever ilovechocolate
jesuistonpere jesuisbelle123 mariesansnom chatonmignon petitchaton petitlapin123 bonneannee2024
bonneannee2025 bonneannee2026 joyeuxnoel2024 joyeuxnoel2025 bonanniversaire happybirthday
happynewyear happyhappyhappy sunshine12345 footballfootball baseballbaseball princessprincess
superman123456 batmanbatman spiderman12345 michaeljordan michaeljackson johnnyhallyday
ladygaga12345 justinbieber cristianoronaldo lionelmessi10 zinedinezidane kylianmbappe10
ronaldinho123 vacances2024 vacances2025 vacances2026 ete202420252026 soleilsoleil motdepassefort
monmotdepasse monmotdepasse1 monsupermotdepasse unmotdepasse motdepasseperdu mypassword123
mypasswordis newpassword123 yourpassword nopassword123 forgotpassword securepassword
strongpassword passwordsecure passw0rdpassw0rd testpassword temporarypassword defaultpassword
q1w2e3r4t5y6 a1z2e3r4t5y6 1q2w3e4r5t6y 1a2z3e4r5t6y zaq12wsxcde3 qazwsxedcrfv azqswxedcrfv
"""
WORDS = """
password motdepasse azerty qwerty iloveyou jetaime soleil bonjour chocolat doudou princesse
football marseille loulou nicolas welcome admin letmein dragon monkey sunshine princess superman
batman pokemon master shadow michael jordan charlie thomas julien camille sophie isabelle nathalie
caroline alexandre maxime antoine vincent olivier stephane sebastien christophe laurent patrick
philippe frederic jerome francois guillaume mathieu pierre martin robert daniel jessica ashley
amanda jennifer michelle nicole andrew joshua matthew anthony jonathan chouchou coucou cheval
chaton tigrou toutou caramel bouboule papillon paris france lyon toulouse bordeaux nantes lille
strasbourg bretagne corse portugal algerie maroc tunisie senegal italia espana london liverpool
chelsea arsenal barcelona realmadrid juventus liberte amour bisous famille maison voiture mercedes
ferrari porsche peugeot renault citroen kawasaki yamaha harley freedom forever angel lovely flower
summer winter spring autumn printemps automne hiver musique guitare piano cinema danse rugby
tennis basket hockey baseball starwars naruto matrix computer internet google facebook samsung
iphone apple windows microsoft linux test guest root user secret hello cookie pepper ginger cheese
pizza orange banane fraise cerise vanille cannelle vacances travail bureau ecole etoile lune
jasmine lavande tournesol diamant cristal phoenix wolf tiger lion panther eagle falcon hunter
ranger killer ninja samurai warrior knight wizard merlin gandalf zidane ronaldo messi mbappe
neymar manon emma lea chloe lucas hugo louis gabriel arthur jules adam raphael jade louise alice
lina mia rose anna sarah laura marie julie pauline marine clara lucie margaux emilie celine
sandrine valerie veronique sylvie martine monique catherine mustafa mohamed fatima karim samir
yasmine ahmed
"""
ENDINGS = """
123 1234 12345 123456 1234567 12345678 123456789 1 12 01 007 69 75 13 31 33 59 69000 75000 13000
75001 75011 2020 2021 2022 2023 2024 2025 2026 2019 2018 2017 2016 2015 2010 2008 2005 2004 2003
2002 2001 2000 1999 1998 1997 1996 1995 1994 1993 1992 1991 1990 1989 1988 1987 1986 1985 1984
1983 1982 1981 1980 1979 1978 1977 1976 1975 1974 1973 1972 1970 1968 1966 1965 1964 1962 1960 111
1111 222 333 444 555 666 777 7777 888 999 000 0000 00 321 4321 54321 654321 987654321 123123
112233 1212 121212 101010 123321 azerty azertyuiop qwerty qwertyuiop abc abcd abcdef abc123 love
forever toujours
"""


def candidates():
    """Every password that might be in the list, the likeliest first."""
    words, endings = WORDS.split(), ENDINGS.split()
    yield from PHRASES.split()
    yield from (word * times for word in words for times in (2, 3))
    ways = product(enumerate(words), enumerate(endings))
    ranked = sorted((a + b, word + ending) for (a, word), (b, ending) in ways)
    yield from (password for _rank, password in ranked)
    yield from ("".join(pair) for pair in product(words[:60], words[:60]))


def common_passwords() -> list[str]:
    """The first 10,000 of them that are long enough and not the same in other letters."""
    chosen: dict[str, str] = {}
    for password in candidates():
        if MIN_LENGTH <= len(password) <= MAX_LENGTH:
            chosen.setdefault(guessed_as(password), password)
    return list(chosen.values())[:MAX_PASSWORDS]


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else LIST
    target.write_text("\n".join(common_passwords()) + "\n", encoding="utf-8")
