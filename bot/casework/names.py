"""How people's names are written, mistyped and surrounded by other words.

Data and small comparisons for `recusal`; nothing here knows who works where.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

SURE = 0.77  # one slip in a name of four letters or more ("Steven" for "Stephen" is 0.769)
LIKELY = 0.7  # two slips in a longer name ("Aisha" for "Ayesha" is 0.727)
_SHORT = 4  # below this many letters a slip makes another name (Tom, Tim)
_ONE_OF_THREE = 0.65  # one slip in three letters


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _set(
    """
    dr doctor mr mrs ms miss mx prof professor sir nurse nurses sister matron consultant
    psychiatrist psychologist therapist physio pharmacist gp cpn hca ot rmn sho registrar keyworker
    coordinator co-ordinator manager manageress leader lead boss worker carer key support social
    charge ward staff named team care assistant healthcare health community mental senior junior
    """
)
# Titles that are also the ordinary words of a team's name: they say nothing without a name.
GENERIC = _set(
    """
    ward wards team teams unit units service services house clinic centre center hospital
    staff everyone everybody anyone anybody all whole entire people member members works working
    mental health community the of and for nhs trust department
    """
)
# Words that may stand alone between commas without meaning somebody.
POLITE = _set(
    """
    yes yeah yep ok okay please thanks thank you hi hello sorry um er just ta cheers
    """
)
# Words that say nothing about who, beside a name. Left out on purpose: words that are names
# (will, may, mark, grace) and his, her, their, him, them, who mean one more person.
SMALL = POLITE | _set(
    """
    a an the my our i im it its this that is be to from at on in of by for with out off away
    not no dont do want wants like would think called named name names person someone
    keep kept hide see seeing sees read reading reads know knows find let show me us both only
    especially definitely about here there who
    """
)
BETWEEN = _set("and or plus also but nor then except n")
# Words that describe somebody whose name is not known; likeness to a name proves nothing.
DESCRIBING = _set(
    """
    man men woman women lady guy bloke girl boy lad tall short big small fat thin bald blonde blond
    ginger grey gray dark old young new nice nasty night nights day days early late shift agency
    bank student male female black white asian glasses beard hair one ones other others same
    first last next name sure
    """
)

_NICKNAMES = tuple(
    frozenset(line.split())
    for line in """
    alexander alexandra alex sandy sasha xander
    andrew andrea andy drew
    anthony antony tony
    catherine katherine kathryn kathleen cathy kathy kate katie kat kitty
    charles charlotte charlie chuck lottie
    christopher christine christina chris kit tina
    daniel danielle dan danny
    david dave davey
    deborah debra debbie deb
    edward edwin ed eddie ted teddy ned
    elizabeth elisabeth liz lizzie beth betty betsy eliza libby bess
    frederick freddie fred
    gerald geraldine gerry jerry
    henry harry hal
    james jim jimmy jamie
    jennifer jenny jen
    john jonathan jack johnny jon jonny
    joseph josephine joe jo josie
    kenneth ken kenny
    lawrence laurence larry laurie
    leonard len lenny leo
    margaret maggie peggy meg megan greta
    martin martyn marty
    matthew matt matty
    michael micheal mike mick micky mickey
    muhammad mohammed mohammad mohamed mo
    nicholas nicola nick nicky nic niki
    oliver olivia ollie liv
    pamela pam
    patrick patricia pat paddy trish tricia patsy
    peter pete
    philip phillip phil pip
    rebecca becky becca bex
    richard rick ricky dick rich richie
    robert rob bob bobby robbie bert
    ronald ron ronnie
    samuel samantha sam sammy
    sarah sara sally
    stephen steven stephanie steve steph stevie
    susan suzanne susannah sue suzie susie
    theodore theodora theo teddy
    theresa teresa terry tess tessa
    thomas tom tommy
    timothy tim timmy
    victoria vicky vicki tori
    victor vic
    william will bill billy willy liam
    """.strip().splitlines()
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_OWNED = re.compile("(?<=\\w)['\u2019\u02bc]s(?= +\\w)")  # "Priya's manager" is somebody else
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")


def plain(text: str) -> str:
    """Lower case without accents, apostrophes or invisible characters.

    What belongs to somebody is set apart: "Priya's manager" becomes "priya, manager".
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = _OWNED.sub(",", letters)
    kept = (one for one in letters if unicodedata.category(one) not in {"Mn", "Cf"})
    return _APOSTROPHES.sub("", "".join(kept)).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a text already made `plain`."""
    return re.findall(r"[^\W_]+", text)


def name_words(name: str) -> frozenset[str]:
    """Each word by which somebody with this name may be called; hyphens both split and joined."""
    parts = plain(name).split()
    while len(parts) > 1 and parts[0].strip(".") in TITLES:
        parts = parts[1:]
    whole = (re.sub(r"\W", "", one) for one in parts)
    return frozenset({*whole, *(word for one in parts for word in words(one))} - {""})


def likeness(said: str, name: str) -> float:
    """How alike a typed word and a name are: 1.0 the same person's name, 0.0 nothing to do.

    Whole names, short forms and nicknames count as the same; the rest is difflib's ratio, where a
    short name never reaches `SURE`, because there one letter makes another name.
    """
    if said == name or _short_form(said, name):
        return 1.0
    if any(said in same and name in same for same in _NICKNAMES):
        return 1.0
    if min(len(said), len(name)) == 1:  # "K Smith" may be the Karen that was named
        return LIKELY if said[0] == name[0] else 0.0
    both = len(said) + len(name)
    if 2 * min(len(said), len(name)) < _ONE_OF_THREE * both:
        return 0.0
    ratio = SequenceMatcher(None, said, name, autojunk=False).ratio()
    if min(len(said), len(name)) < _SHORT:
        near = ratio > _ONE_OF_THREE and abs(len(said) - len(name)) < 2
        return LIKELY if near else 0.0
    return ratio


def _short_form(said: str, name: str) -> bool:
    short, long = sorted((said, name), key=len)
    return len(short) > 2 and (long.startswith(short) or (len(short) > 3 and short in long))
