"""The plots of a table, with their words."""

from __future__ import annotations

from markupsafe import Markup

from sladd.release.utility import ColumnUtility, TableUtility
from sladd.release.wp216 import SinglingOut, SizeBand
from sladd.targets.anonymity.facts import ColumnFacts, TableFacts
from sladd.targets.anonymity.plots import Axes, Bar, bars, risk_and_loss
from sladd.writing import Language


def sizes(alone: SinglingOut, number: int, lang: Language) -> Markup:
    """How many persons stand in groups of which size."""
    shares = [band.persons / max(alone.persons, 1) for band in alone.sizes]
    rows = [
        Bar(_size(band, lang), (share,), lang.percent(share))
        for band, share in zip(alone.sizes, shares, strict=True)
    ]
    told = lang.list([f"{row.name}: {row.said}" for row in rows])
    return bars(
        rows,
        ident=f"sizes-{number}-{lang.code}",
        title=lang.say("singling_out.sizes"),
        alt=lang.say("singling_out.sizes_alt", table=alone.table, told=told),
    )


def _size(band: SizeBand, lang: Language) -> str:
    if band.most is None:
        return lang.say("singling_out.size_more", least=band.least)
    if band.most == 1:
        return lang.say("singling_out.size_one")
    return lang.say("singling_out.size", least=band.least, most=band.most)


def column(table: TableFacts, one: ColumnFacts, place: int, lang: Language) -> Markup | None:
    """Shares of the persons before and after; None where nothing may be shown."""
    if one.utility is None or table.utility is None or not one.utility.shown:
        return None
    rows = _bars(one.utility, table.utility, lang)
    told = lang.list(
        [
            lang.say(
                "utility.bar_told",
                value=row.name,
                before=lang.percent(round(row.shares[0], 3)),
                after=lang.percent(round(row.shares[1], 3)),
            )
            for row in rows
        ]
    )
    return bars(
        rows,
        ident=f"column-{table.number}-{place}-{lang.code}",
        title=lang.say("utility.bars", column=one.name),
        alt=lang.say("utility.bars_alt", column=one.name, told=told),
    )


def _bars(utility: ColumnUtility, table: TableUtility, lang: Language) -> list[Bar]:
    nobody = lang.say("utility.no_value")
    named = [
        (nobody if bar.text is None else _written(bar.text, lang), bar) for bar in utility.shown
    ]
    rest = [(lang.say("utility.others"), utility.others)] if utility.others else []
    found = []
    for name, bar in (*named, *rest):
        before = bar.before / max(table.persons_before, 1)
        after = bar.after / max(table.persons_after, 1)
        found.append(Bar(name, (before, after), lang.percent(round(after, 3))))
    return found


def _written(text: str, lang: Language) -> str:
    """A value as a reader writes it: a whole number of a column of decimals without its `.0`."""
    whole, point, rest = text.partition(".")
    if point and rest == "0" and whole.removeprefix("-").isdecimal():
        return lang.number(int(whole))
    return text


def scatter(table: TableFacts, lang: Language) -> Markup | None:
    """Risk against loss; None where the search told of no other settings."""
    utility = table.utility
    if utility is None or not utility.settings:
        return None
    chosen = next(one for one in utility.settings if one.chosen)
    axes = Axes(
        lang.say("utility.axis_loss"),
        lang.say("utility.axis_risk"),
        lang.say("utility.chosen"),
        tuple(lang.percent(step / 4) for step in range(5)),
    )
    return risk_and_loss(
        utility.settings,
        utility.k,
        axes,
        ident=f"settings-{table.number}-{lang.code}",
        title=lang.say("utility.plot", table=table.name),
        alt=lang.say(
            "utility.plot_alt",
            loss=lang.percent(chosen.loss),
            risk=lang.percent(1 / chosen.smallest),
        ),
    )
