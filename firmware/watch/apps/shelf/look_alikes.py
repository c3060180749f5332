"""Which letters look alike, for names that are compared: what the fonts of the watch draw beyond ASCII, and figures."""

from micropython import const

_LATIN, _LATIN_END = const(0xC0), const(0x180)
_LATIN_BASE = (
    "aaaaaaaceeeeiiiidnooooo*ouuuuypbaaaaaaaceeeeiiiidnooooo*ouuuuypy"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzf"
)
"""Letters with accents and their like, from 00C0 to 017F, without them."""
_DRAWN = (
    "ΑΆάαΒβΕΈεέΖΗΉηήΙΊΪιίϊΐΚκΜΝνΟΌοόσΘθΡρΤτΥΎΫγυύϋΰμΧχωώςАаӐӑӒӓӔӕВвЬь"
    "СсҪҫЕеЁёЀѐӖӗҼҽҾҿҒғНнҢңҤҥһҺІіЇїЈјКкЌќҚқҜҝҞҟҠҡӀӏМмпПИиЙйѝЍОоӦӧӨөӪӫ"
    "РрҎҏгГґҐѓЃЅѕТтҬҭУуЎўӮӯӰӱӲӳҮүҰұХхҲҳӼӽӾӿЗзҘҙӞӟӠӡⅠⅤⅩ"
)
"""Greek and Cyrillic letters and Roman figures that are drawn like Latin letters, or nearly so."""
_LIKE = (
    "aaaabbeeeezhhnniiiiiiikkmnnoooooooppttyyyyuuuuuxxwwcaaaaaaaabbbb"
    "cccceeeeeeeeeeeeffhhhhhhhhiiiijjkkkkkkkkkkkkllmmnnnnnnnnoooooooo"
    "pppprrrrrrssttttyyyyyyyyyyyyyyxxxxxxxx33333333ivx"
)
"""What each of them looks like."""
_FULL_WIDTH, _FULL_WIDTH_END = const(0xFF01), const(0xFF5F)
"""In the same order as 21 to 7E."""
_TO_ASCII = const(0xFEE0)
_FIGURES = "01i|!2345789$@"
_LETTERS_FOR = "ollllzeastbgsa"
"""Figures and signs, and the letters that they pass for."""
_BEYOND_ASCII = const(0x80)
_SIGNS = ((0x80, 0xBF), (0x2C2, 0x2DF), (0x384, 0x385), (0x387, 0x387), (0x2000, 0x2BFF), (0x3000, 0x303F)) + (
    (0xFF5F, 0xFFEF),
)
"""Spaces, dots and drawings beyond ASCII."""


def folded(name: str) -> str:
    """What is left of a name when all that looks alike is the same. Empty for a name of signs only."""
    plain = "".join([_plain(character) for character in name.rstrip("! ")])
    return plain.replace("rn", "m").replace("vv", "w")


def _plain(character: str) -> str:
    """One character as all that look like it; nothing for a sign or a space."""
    small = _base(character).lower()
    place = _FIGURES.find(small)
    if place >= 0:
        return _LETTERS_FOR[place]
    if small.isalpha() or small.isdigit():
        return small
    code = ord(small)
    return small if code >= _BEYOND_ASCII and not any(first <= code <= last for first, last in _SIGNS) else ""


def _base(character: str) -> str:
    """The letter of ASCII that a character looks like, else the character."""
    code = ord(character)
    if _FULL_WIDTH <= code < _FULL_WIDTH_END:
        return chr(code - _TO_ASCII)
    if _LATIN <= code < _LATIN_END:
        return _LATIN_BASE[code - _LATIN]
    place = _DRAWN.find(character) if code >= _BEYOND_ASCII else -1
    return _LIKE[place] if place >= 0 else character
