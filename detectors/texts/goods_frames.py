"""What is said of goods alone: they weigh, come in blue, have a better handle, and are ordered by the piece.

Each pattern frames a name in its group `name`; `goods_names` says what follows of it.
"""

from __future__ import annotations

import regex

from detectors.texts.lexicon import words
from detectors.texts.prefilter import Prefilter

_NAME = r"(?P<name>\p{Lu}[\p{L}\p{M}'-]+(?:[ ]\p{Lu}[\p{L}\p{M}'-]+)?)"
_OPEN, _CLOSE = r"[\"“”«]?", r"[\"“”»]?"
_GOODS = "|".join(sorted(words().goods, key=len, reverse=True))
_KIND = (
    r"modell\p{L}*|serie\p{L}*|kolleksjon\p{L}*|variant\p{L}*|utgave\p{L}*|linj\p{L}*|type\p{L}*|mønster\p{L}*|"
    r"model|models|range|style|pattern|series"
)
# The definite form: "genser Kari" in a list of orders is Kari's.
_DEFINITE = (
    r"\p{L}*(?:kopp|krus|genser|gensar|veske|vesk|mappe|mapp|sekk|lykt|flask|jakk|vest|skål|bolle|boll|hyll|stol|lamp|"
    r"duk|penn|anorakk|sjal|forkle|termos|paraply|kniv|put|tepp|bag|vott|sokk|lu|caps|skjort|kjol|buks|sko|kurv|"
    r"tallerken|fat|vas|mugg|håndkle|pledd|klokk|bokser|boks|eske|brett|glass|kande|kann|telt|støvel|støvl|hansk|hett|"
    r"ryggsekk|notatbok|notatbøk|kalender|skje|gaffel|garn|gryt|pann|krakk|benk|bord|spill)(?:en|et|a|ene|ane|å|n)"
)
_COLOUR = (
    r"(?:str|størrelse|size|sort|svart|hvit\p{L}*|kvit\p{L}*|rød\p{L}*|raud\p{L}*|blå\p{L}*|grønn?t?\p{L}*|grå\p{L}*|gul\p{L}*|"
    r"rosa|lilla|oransje|beige|marine\p{L}*|burgunder|brun\p{L}*|flere farger|fleire fargar|annen farge|dame|herre|barn|"
    r"red|blue|navy|black|white|green|grey|yellow|pink|«)"
)
_QUALITY = (
    r"(?:tykkere|tjukkare|tynnere|tynnare|tyngre|lettere|lettare|bredere|breiare|smalere|smalare|smalast|smalest|rundere|"
    r"høyere|lavere|lengre|kortere|mykere|større|større enn|mindre|mindre enn|dyrere|dyrare|billigere|billegare|størst|minst|"
    r"vanntett|vasstett|\p{Ll}+bar(?:e|t)?|oppvask\p{Ll}+|utsolgt|utseld|utgått|håndlaget|handlaga|dreid|støpt|rutet|rutete|stripete|blank|matt|vaskbar|"
    r"dobbeltvegget|keramikk|vanlig keramikk|porselen|plast|bomull|ull|stål|lær|skinn|på lager|på tilbud|dishwasher|"
    r"waterproof|sold out|out of stock|in stock|discontinued|bigger|smaller|thicker|thinner|heavier|lighter)"
)
_MEASURE = r"(?:[0-9]+(?:[.,][0-9]+)?[ ]?(?:l|liter|dl|cl|ml|g|gram|cm|mm)(?![\p{L}\p{M}]))"
_PET = (
    r"(?:\p{L}*hund(?:en)?|valp(?:en)?|bikkj[ea]|katt(?:en|a)?|kattunge\p{L}*|pus(?:en)?|hest(?:en)?|ponni(?:en)?|merra|hoppa|"
    r"kanin(?:en)?|marsvin(?:et)?|hamster(?:en)?|undulat(?:en)?|papegøye(?:n)?|dog|cat|puppy|kitten|horse|pony|rabbit)"
)
_SHIP = (
    r"(?:M/?S|M/?K|M/?V|S/?S|M/?Y|S/?Y|skipet|båten|skøyta|skuta|seilbåten|seglbåten|ferj[ea]n?|ferga|tråleren|"
    r"the ship|the boat|vessel)"
)
_FOUNT = r"(?:font(?:en)?|skrift(?:en|typen?|a)?|typesnitt(?:et)?|typeface)"
_OURS = r"(?:[ ,]{1,2}(?:vår|vårt|min|mitt|mi|til \p{L}+|our|my))?"
_CALLED = (
    r"(?:[ ,]{1,2}(?:som[ ])?(?:heter|heiter|het|heitte|hete|hette|kalles|is called|called|named))?"
)
_FRAMES = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"[\"“”«](?:\p{{Lu}}\p{{Ll}}+[ ])?{_NAME}[\"“”»]-\p{{Ll}}{{3}}",
        rf"(?<![\p{{L}}-]){_OPEN}{_NAME}{_CLOSE}-(?i:\p{{L}}*(?:{_GOODS}|{_KIND}))(?![\p{{L}}])",
        rf"(?<![\p{{L}}])(?i:{_KIND})[ :]{{1,2}}{_OPEN}{_NAME}",
        (
            rf"(?<![\p{{L}}])(?i:{_DEFINITE})[ ]{_OPEN}{_NAME}{_CLOSE}"
            r"(?=[ ]?[,.?!:;)\n]|$|[ ](?:er|e|var|i|med|og|eller|på|uten|finnes|finst|koster|kostar|rommer|tåler|is|in)[ ])"
        ),
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?:\p{{Ll}}+|)(?:{_GOODS}|holdall|tumbler|mugs|pens|bags|hoodies)(?![\p{{L}}])",
        rf"(?<![\p{{L}}])(?i:er|e|is|are)[ ]{_OPEN}{_NAME}{_CLOSE}[ ](?:\p{{Ll}}+[ ])?{_QUALITY}(?![\p{{L}}])",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?:er|e|is|var|ble|blir|ser)[ ](?:\p{{Ll}}+[ ]){{0,2}}{_QUALITY}(?![\p{{L}}])",
        (
            rf"(?<![\p{{L}}])(?i:finnes|finst|kommer|kjem|fås|leveres|har dere|har de|har dokker|have you got|do you have|do you stock)"
            rf"[ ](?:den )?{_OPEN}{_NAME}{_CLOSE}[ ](?:også[ ])?(?:i|in|på lager)[ ]?{_COLOUR}?(?<=lager|{_COLOUR})"
        ),
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?:finnes|finst|kommer|fås|leveres|comes)[ ](?:nå |no |også )?(?:i|in)[ ]{_COLOUR}",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?i:{_MEASURE})",
        (
            rf"(?<![\p{{L}}])(?i:\p{{L}}*(?:kopper|krus|penner|flasker|sekker|jakker|luer|gensere|gensarar|koppar|votter|sokker|glass|fat|"
            rf"vesker|esker|skåler|boller|lykter|lys))[ ]?:[ ](?:[^:.\n]{{0,60}}?,[ ])?{_NAME}[ ][0-9]+[ ]?stk"
        ),
        (
            rf"(?<![\p{{L}}])(?i:tar|ta|tek|bestill\p{{Ll}}*|vil ha|ønsker|ønskjer|trenger|treng|fikk|fekk|sender|bytter|har|order\p{{Ll}}*|need|want)"
            rf"[ ](?:\p{{Ll}}+[ ]){{0,2}}[0-9]{{1,4}}[ ](?:stk[ ])?(?:av[ ])?{_OPEN}{_NAME}"
        ),
    )
)
_LID = (
    r"(?:lokk|hank|hette|glidelås|krage|ermer|erme|snor|stropp|kork|sugerør|fôr|for|brodering|lommer|a lid|lid|lids|a handle|handle|a hood|hood|"
    r"a zip|zip|pockets|sleeves)"
)
_TREATED = (
    r"(?:brukes|brukast|vaskes|vaskast|strykes|strykast|fryses|kokes|trykkes|trykkast|graveres|graverast|bestilles|bestillast|fås|"
    r"leveres|leverast|kjøpes|kjøpast|tørkes|tørkast|stables|stablast|be washed|be used|be printed|be ordered)"
)
_BEARS = (
    r"(?:tåler|tåle|toler|tole|tåler ikke|tolar)[ ](?:ikke[ ]|ikkje[ ])?(?:\p{Ll}*vask\p{Ll}*|vann|vatn|frost|kokende|kokande|varme|regn|strykejern|tørketrommel|"
    r"mikro\p{Ll}*|fryser|[0-9]+)|(?:koster|kostar|rommer|rommar|krymper|krympar|lekker|lek|falmer|falmar|nupper|nuppar|veier|veg|weighs|"
    r"costs|holds|shrinks|leaks|fades)(?=[ ](?:ikke|ikkje|bare|berre|mindre|meir|mer|mye|mykje|[0-9]|det samme|it|less|more)|[ ]?[.,?!])"
)
_BETTER = (
    r"(?:har|have|has)[ ](?:en[ ]|ein[ ]|et[ ]|eit[ ]|a[ ])?(?:bedre|betre|større|mindre|lengre|lengre|finere|finare|tykkere|tjukkare|annen|anna|samme|same|better|bigger|"
    r"thicker|softer)[ ](?:glidelås|hank|lokk|bunn|botn|passform|farge|stoff|kvalitet|lomme|krage|erme|snitt|lid|zip|fit|handle|material)"
)
_MORE_FRAMES = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"(?<![\p{{L}}])(?i:hva|kva|ka|how much)[ ](?:veier|veg|koster|kostar|rommer|rommar|does)[ ]{_OPEN}{_NAME}{_CLOSE}(?=[ ]?[?,.]|[ ](?:uten|utan|med|i|og|weigh|cost|hold))",
        rf"(?<![\p{{L}}])(?i:flere|fleire|more)[ ](?:av|of)[ ](?:den[ ]|the[ ])?{_OPEN}{_NAME}",
        rf"(?<![\p{{L}}])(?i:pris|prisen|tilbud|tilbod|restlager|lagerstatus|pristilbud|quote|price)[ ](?:på|for|on)[ ](?:[0-9]+[ ](?:stk[ ])?)?{_OPEN}{_NAME}{_CLOSE}(?=[ ](?:og|and|[0-9])|[ ]?[.,?]|$)",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?:{_BEARS})",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ]{_BETTER}",
        rf"(?<![\p{{L}}])(?i:kan|kann|kunne|bør|skal|can|should)[ ](?:den[ ]|the[ ])?{_OPEN}{_NAME}{_CLOSE}[ ](?:ikke[ ]|ikkje[ ]|not[ ]|også[ ])?{_TREATED}",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?:uten|utan|without|med|with)[ ]{_LID}(?![\p{{L}}])",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ][0-9][,.][0-9](?![0-9])",
        rf"(?<![\p{{L}}]){_OPEN}{_NAME}{_CLOSE}[ ](?:er|e|is)[ ](?:det|den|the|de)[ ](?:samme|same|nye|new|gamle|old)[ ](?:\p{{Ll}}+[ ])?\p{{L}}*(?:{_GOODS})",
        rf"(?<![\p{{L}}])(?i:er|e|is)[ ]{_OPEN}{_NAME}{_CLOSE}[ ](?:det|den|the)[ ](?:samme|same)[ ](?:\p{{Ll}}+[ ])?\p{{L}}*(?:{_GOODS})",
        rf"(?<![\p{{L}}])(?i:heller|heldigare|rather|instead)[ ](?:ha|ta|have|take|bestille|velge|velje|order)[ ]{_OPEN}{_NAME}{_CLOSE}[ ](?:enn|than)[ ]",
        rf"(?<![\p{{L}}])(?i:does|do)[ ](?:the[ ])?{_OPEN}{_NAME}{_CLOSE}[ ](?:also[ ])?(?:come|fit|shrink|leak|weigh|cost|float)(?![\p{{L}}])",
        rf"(?<![\p{{L}}])(?i:{_DEFINITE}|skriften|skrifta|fonten|menyen|modellen|serien|stoffet|fargen|mønsteret|the font|the colour|the color|the model)[ ](?:heter|heiter|het|kalles|kallast|er|is called|is)[ ]{_OPEN}{_NAME}",
        rf"(?<![\p{{L}}])(?i:\p{{L}}*(?:{_GOODS}))[ ](?:heter|heiter|kalles|kallast|is called)[ ]{_OPEN}{_NAME}",
        rf"(?<![\p{{L}}])(?i:finnes|finst|fås)[ ](?:den[ ])?{_OPEN}{_NAME}{_CLOSE}[ ](?:i|in)[ ](?:ull|bomull|fleece|bambus|keramikk|stål|glass|tre|eik|plast|lin|silke|skinn|lær|wool|cotton)",
    )
)
# Goods called like places: "2,500 x Oslo tote", "12 Senja og 6 Andøya", "jakka Finnmark".
_TOWN = r"(?P<name>\p{Lu}[\p{L}\p{M}'-]+(?:[ ]\p{Lu}[\p{L}\p{M}-]+)?)"
_TOWN_GOODS = (
    r"(?i:totes?(?: bags?)?|bags?|caps?|parkas?|bottles?|hoodies?|jackets?|mugs?|pens?|shirts?|t-shirts?|backpacks?|beanies?|umbrellas?|poster(?:e|en)?|"
    r"edition|collection|one does|serien?|modellen?|mønster(?:et)?|kolleksjonen?)"
)
_TOWN_FRAMES = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"(?<![\p{{L}}0-9.,-])(?<!\p{{L}}[ ])(?:[0-9]{{1,3}}|[0-9]{{1,3}}[., ][0-9]{{3}}|[0-9]{{1,6}}[ ]?(?i:stk\.?|x|pcs))[ ]{_OPEN}{_TOWN}",
        rf"(?<![\p{{L}}])(?i:tar|ta|tek|og|and|eller|have|ha|trenger|treng|for|på|av|bestiller|ønsker|sju|ni|to|tre|fire|fem|seks|åtte|ti)[ ](?:[0-9]{{1,3}}|[0-9]{{1,3}}[.,][0-9]{{3}}|[0-9]{{1,6}}[ ]?(?i:stk\.?|x|pcs))[ ]{_OPEN}{_TOWN}",
        rf"(?<![\p{{L}}]){_OPEN}{_TOWN}{_CLOSE}[ ]{_TOWN_GOODS}(?![\p{{L}}])",
        rf"(?<![\p{{L}}])(?i:\p{{Ll}}+ere|\p{{Ll}}+are|større|mindre|samme|same)[ ](?:enn|than|som)[ ](?:the[ ])?{_OPEN}{_TOWN}{_CLOSE}(?=[ ]?[?.,]|[ ](?:i|in)[ ](?:stoff|farge|vekt|størrelse|size|colour))",
        r"[\"“«](?P<name>\p{Lu}[\p{L}\p{M}]+)[\"”»](?!-)",
        rf"(?<![\p{{L}}])(?i:{_DEFINITE})[ ]{_OPEN}{_TOWN}{_CLOSE}(?=[ ]?[,.?!:;)\n]|$|[ ]\p{{Ll}})",
        rf"(?<![\p{{L}}])(?i:fargen?|farve|colou?r|skrift(?:en)?|font(?:en)?|stoffet|materiale(?:t)?|motivet|motiv|mønster(?:et)?)[ :]{{1,2}}(?:er[ ]|is[ ]|heter[ ])?{_OPEN}{_TOWN}",
    )
)
# What goods are compared with, in a text that speaks of goods.
_LIKENED = (
    regex.compile(
        rf"(?<![\p{{L}}])(?:samme|same)[ ]\p{{Ll}}+[ ](?:som|as)[ ]{_OPEN}{_NAME}{_CLOSE}(?=[ ]?[?.,]|$)"
    ),
    regex.compile(
        rf"(?<![\p{{L}}])(?:passer|fits?)[ ](?:den|det|de|it)?[ ]?(?:med|til|i|with|in)?[ ]{_OPEN}{_NAME}{_CLOSE}(?=[ ]?[?.,]|$)"
    ),
)
# Whatever else is said of them: "Hunden min heter Luna".
_SURE_FRAMES = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"(?<![\p{{L}}])(?i:{_PET}){_OURS}{_CALLED}[ ,]{{1,2}}(?:og )?{_OPEN}{_NAME}",
        rf"(?<![\p{{L}}])(?:{_SHIP}){_CALLED}[ ]{_OPEN}{_NAME}",
        rf"(?<![\p{{L}}])(?i:{_FOUNT}){_CALLED}[ ]{_OPEN}{_NAME}",
    )
)


class Frames:
    """Patterns whose group `name` is what goods are called, behind one quick look.

    Attributes:
        patterns: the frames.
        maybe: says of a text whether any of them can match.
    """

    def __init__(self, *patterns: regex.Pattern[str]) -> None:
        self.patterns = patterns
        self.maybe = Prefilter(*patterns)


SAID = Frames(*_FRAMES, *_MORE_FRAMES)
"""Said of goods, unless the text says that a person is called so."""

SURE = Frames(*_SURE_FRAMES)
"""Said of animals, ships and founts, whatever else the text says."""

TOWNS = Frames(*_TOWN_FRAMES)
"""Said of goods that are called like places."""

LIKENED = Frames(*_LIKENED)
"""Said of what goods are compared with, in a text that speaks of goods."""
