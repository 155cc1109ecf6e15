"""The centers of a view as sheets that people read: a workbook to print, and CSV for Excel."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

import numpy as np
import pandas as pd
import xlsxwriter

from ikmgeo import tables
from ikmgeo.handout import Handout, Progress, sources
from ikmgeo.handouts.datasets import (
    DECIMALS,
    LIST,
    about,
    centers_table,
    choices,
    claims_table,
    districts_table,
    layers_used,
    statements_table,
    with_bounds,
    zones_table,
)
from ikmgeo.handouts.export import CSV_FORM, SAFE_WORKBOOK, cells, rows_csv, writable
from ikmgeo.instrument import Instrument
from ikmgeo.measures.district_measures import MEASURES
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import STRAIGHT_KM
from ikmgeo.measures.scoring import claim_ids
from ikmgeo.vocabulary import AREA_STAGES
from ikmgeo.words import wording
from ikmgeo.words.messages import Messages

SHEETS: Final = (
    *("centers", "linkage", "districts", "zones", "claims", "statements", "about", "layers"),
)

HEADINGS: Final[Mapping[str, str]] = {
    "center_id": "dataset.center_id",
    "name_id": "table.name",
    "name_en": "table.name",
    "commodity_name": "table.commodity",
    "district_code": "dataset.district_code",
    "district_name": "table.district",
    "category_label": "table.category",
    "score": "table.score",
    "rank": "table.rank",
    "conflicting": "map.conflicting",
    "list": "table.list",
    "alternative_scores": "dataset.alternative_scores",
    "claim_ids": "claim.id",
    "lat": "what_if.lat",
    "lon": "what_if.lon",
    "position_precision": "table.precision",
    "area_code": "dataset.area_code",
    "area_name": "dataset.area",
    "area_radius_km": "dataset.area_radius_km",
    "position_basis": "dataset.basis",
    "position_source": "dataset.position_source",
    "nearest_zone_name": "table.nearest_zone",
    "nearest_km": "table.nearest_km",
    "nearest_uncertain": "dataset.nearest_uncertain",
    "bps_code": "dataset.bps_code",
    "capital": "district.capital",
    "area_km2": "dataset.area_km2",
    "population": "district.population",
    "population_date": "dataset.population_date",
    "short_name": "distance.zone",
    "official_name": "dataset.official_name",
    "class": "zone.class",
    "status": "zone.status",
    "status_date": "sources.date",
    "operator": "zone.operator",
    "area_ha": "zone.ha",
    **{f"{stage}_ha": f"attraction.{stage}" for stage in AREA_STAGES},
    "area_basis": "zone.basis",
    "areas_ha": "zone.areas",
    "focus_sectors": "zone.sectors",
    "legal_basis": "zone.legal",
    "claim_id": "claim.id",
    "aspect": "statement.aspect",
    "polarity": "statement.polarity",
    "statement": "statement.words",
    "about": "claim.about",
    "of": "claim.of",
    "value": "claim.value",
    "low": "dataset.range_low",
    "high": "dataset.range_high",
    "used_for": "claim.used_for",
    "contradicts": "claim.contradicts",
    "section": "claim.section",
    "note": "claim.note",
    "setting": "dataset.setting",
    "told": "dataset.value",
    "layer": "sources.layer",
    "source": "sources.source",
    "date": "sources.date",
    "licence": "sources.licence",
    "precision": "sources.precision",
}
"""Message of the heading of a column, for sheets that people read."""

ONLY_CODES: Final = (
    *("category", "commodity", "nearest_zone", "zone_id", "name_id", "name_en", "area_kind"),
)
"""Columns that such a sheet leaves to the words beside them."""

NUMBERS: Final[Mapping[str, str]] = {
    "rank": "0",
    "score": "0.00",
    **dict.fromkeys(("lat", "lon"), "0.00000"),
    "population": "#,##0",
    **dict.fromkeys(("value", "low", "high"), "General"),
}
"""Number format of a sheet's columns, by what their codes begin with; else one decimal."""

ONE_DECIMAL: Final = "#,##0.0"
POINTS: Final = ("0", "0.0", "0.00")
"""Number formats of an aspect by its decimals; ``0.##`` would leave a point behind 38."""

HEAD, WARNING = "#e8ecef", "#fff2cc"
NARROW, WIDEST = 15, 60
"""Widths of columns, in characters."""

LINE: Final = 15
"""Height of a line of text, in points."""

LOOSE: Final = 1.15
"""Words that wrap leave some of a line empty."""

MOST_LINES: Final = 12
PAGE_WIDTH: Final = 140
"""Characters that fit across a landscape A4 page at a size one can read."""

A4: Final = 9
"""Excel's number of the paper."""

FOOTER_LENGTH: Final = 200
"""Excel takes 255 characters of footer, codes among them."""


def csv(handout: Handout) -> bytes:
    """The centers as the reader's Excel reads them, each row with its sources and choices."""
    say = handout.say
    table = _in_words(handout, pd.DataFrame(centers_table(handout).drop(columns="geometry")))
    headed = table.rename(columns=_headings(handout))
    headed[say("dataset.sources")] = " · ".join(sources(handout))
    headed[say("dataset.settings")] = LIST.join(f"{n}: {told}" for n, told in choices(handout))
    return rows_csv(headed, language=say.language)


def _in_words(handout: Handout, table: pd.DataFrame) -> pd.DataFrame:
    """A table with codes turned into words, for people to read."""
    say = handout.say
    point = CSV_FORM[say.language]["decimal"]
    answer = {True: say("sources.yes"), False: say("sources.no")}
    words: dict[str, Callable[[Any], Any]] = {
        "position_precision": lambda code: say.code("precision", code),
        "position_basis": lambda code: say.code("basis", code),
        "class": lambda code: say.code("zone_class", code),
        "status": lambda code: say.code("zone_status", code),
        "best_category": lambda code: say.code("category", code),
        "alternative_scores": lambda figures: figures.replace(".", point),
        "areas_ha": lambda figures: figures.replace(".", point),
        "conflicting": answer.get,
        "nearest_uncertain": answer.get,
    }
    name = f"name_{say.language}"
    kept = [c for c in table if c not in ONLY_CODES or c == name]
    told = {
        c: table[c].astype(object).map(word, na_action="ignore")
        for c, word in words.items()
        if c in table
    }
    return table[kept].assign(**told)


def _headings(handout: Handout) -> dict[str, str]:
    """Heading of every column that a sheet may have, in the reader's language."""
    say = handout.say
    headings = {code: say(key) for code, key in HEADINGS.items()}
    headings |= {aspect: say(f"aspect.{aspect}") for aspect in handout.inputs.instrument.aspects}
    headings |= {m: say(f"district_measure.{m}") for m in MEASURES}
    straight = say(f"measure.{STRAIGHT_KM}")
    measured = {
        f"{zone_id}_km": f"{straight}: {name} (km)"
        for zone_id, name in handout.inputs.zones["short_name"].items()
    }
    measured |= {
        f"{i}_{c}": _indicator(handout, i, c) for i, c in tables.headings(handout.linked.values)
    }
    for code, heading in measured.items():
        headings[code] = heading
        headings[f"{code}_low"] = say("dataset.low", what=heading)
        headings[f"{code}_high"] = say("dataset.high", what=heading)
    return headings


def _indicator(handout: Handout, indicator: str, column: str) -> str:
    """Heading of one column of an indicator, with its unit."""
    say, used = handout.say, handout.view.link
    part = wording.about(say, indicator, column, handout.inputs.zones, used)
    told = f"{wording.headed(say, indicator, used)}: {part}"
    return f"{told} ({wording.unit(say, used)})" if INDICATORS[indicator].in_cost else told


def xlsx(handout: Handout, *, progress: Progress = lambda part: None) -> bytes:
    """Workbook of centers, linkage, districts, zones, claims, sources and choices, to print.

    ``progress`` is told after each sheet.
    """
    say, headings = handout.say, _headings(handout)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_WORKBOOK) as book:
        book.set_properties(
            {
                "title": say("map.heading"),
                "subject": handout.count,
                "author": "ikmgeo",
                "keywords": say.language,
                "comments": writable("\n".join(sources(handout))),
                "created": datetime.combine(handout.taken_on, time()),
            }
        )
        book.set_custom_property("Language", say.language)
        for done, (name, table) in enumerate(zip(SHEETS, _sheets(handout), strict=True), 1):
            sheet = book.add_worksheet(say(f"dataset.sheet_{name}"))
            widths = _fill(book, sheet, table, headings, handout)
            _set_up(sheet, handout, widths)
            progress(done / (len(SHEETS) + 1))  # writing them all out is the last step
    return buffer.getvalue()


def _sheets(handout: Handout) -> Sequence[pd.DataFrame]:
    """Tables of the workbook in the order of ``SHEETS``, in words, under their codes."""
    say, inputs = handout.say, handout.inputs
    centers = pd.DataFrame(centers_table(handout).drop(columns="geometry"))
    districts = pd.DataFrame(districts_table(handout).drop(columns="geometry"))
    zones = pd.DataFrame(zones_table(handout).drop(columns="geometry"))
    claims = claims_table(handout)
    name = f"name_{say.language}"
    names = inputs.centers[name]
    claims = pd.DataFrame(
        {
            "claim_id": claims.index,
            "about": claims["center_id"].map(names),
            "of": claims["of"].map(say.data),
            "value": claims["value"],
            "low": claims["low"],
            "high": claims["high"],
            "category_label": claims["category"].map(lambda c: say.code("category", c)),
            "contradicts": claims["contradicts"].map(lambda c: LIST.join(claim_ids(c)) or None),
            "used_for": claims["used_for"].map(
                lambda u: wording.used_for(say, u, handout.view.composition.source)
            ),
            "section": claims["section"].map(say.data),
            "note": claims["note"].map(say.data),
        }
    )
    return (
        _in_words(handout, centers),
        _linkage(handout, centers),
        _in_words(handout, districts[districts["district_code"].isin(handout.shown["district"])]),
        _in_words(handout, zones.rename(columns={name: "official_name"})),
        claims,
        _statements(handout),
        pd.DataFrame(about(handout), columns=["setting", "told"]),
        layers_used(say, inputs, own=handout.own),
    )


def _statements(handout: Handout) -> pd.DataFrame:
    """What the source says in words, of the centers shown and of categories."""
    say, some = handout.say, statements_table(handout)
    names = handout.inputs.centers[f"name_{say.language}"]
    return pd.DataFrame(
        {
            "claim_id": some.index,
            "about": some["center_id"]
            .map(names)
            .fillna(some["of"].map(say.data).where(some["category"].isna()))
            .to_numpy(),
            "category_label": some["category"]
            .map(lambda c: say.code("category", c), na_action="ignore")
            .to_numpy(),
            "aspect": some["aspect"].map(lambda a: say.code("aspect", a)).to_numpy(),
            "polarity": some["polarity"].map(lambda p: say.code("polarity", p)).to_numpy(),
            "statement": some["statement"].map(say.data).to_numpy(),
            "section": some["section"].map(say.data).to_numpy(),
        }
    )


def _linkage(handout: Handout, centers: pd.DataFrame) -> pd.DataFrame:
    """Matrix of every indicator of the centers shown, with the bounds that are known."""
    linked = handout.linked
    flat = {pair: f"{pair[0]}_{pair[1]}" for pair in linked.values.columns}
    matrix = with_bounds(handout, linked.values, linked.low, linked.high, names=flat)
    bounds = matrix.columns[matrix.columns.str.endswith(("_low", "_high"))]
    unknown = [c for c in bounds if matrix[c].isna().all()]
    matrix = matrix.drop(columns=unknown).round(DECIMALS).reset_index(drop=True)
    return pd.concat([centers[["center_id", f"name_{handout.say.language}"]], matrix], axis=1)


def _fill(
    book: Any, sheet: Any, table: pd.DataFrame, headings: Mapping[str, str], handout: Handout
) -> list[int]:
    """Write a table below its filtered header; answers with its columns' widths in characters."""
    top = {"valign": "top", "text_wrap": True, "align": "left", "indent": 1}
    right = {**top, "align": "right"}
    bold = {"bold": True, "bg_color": HEAD, "bottom": 1}
    head, head_of_numbers = (book.add_format({**form, **bold}) for form in (top, right))
    instrument = handout.inputs.instrument
    text, marks = book.add_format(top), _marks(book, handout.say, instrument, top)
    safe = cells(table)
    names = cells(pd.DataFrame({"name": [headings[code] for code in table.columns]}))["name"]
    widths, lines = [], np.ones(len(table) + 1)
    for at, code in enumerate(table.columns):
        values = [names.iloc[at], *safe.iloc[:, at].tolist()]
        lengths = np.array([len(v) if isinstance(v, str) else 0 for v in values])
        widths.append(min(max(lengths[1:].max(initial=0) + 2, NARROW), WIDEST))
        wraps = lengths + 2 > widths[-1]
        lines = np.maximum(lines, np.where(wraps, np.ceil(lengths * LOOSE / widths[-1]), 1))
        forms = {
            f: book.add_format({**right, "num_format": f}) for f in _number_forms(code, instrument)
        }
        mark = marks.get(code)
        sheet.set_column(at, at, widths[-1])
        numeric = pd.api.types.is_numeric_dtype(table[code])
        sheet.write_string(0, at, values[0], head_of_numbers if numeric else head)
        for row, value in enumerate(values[1:], 1):
            if isinstance(value, str):
                sheet.write_string(row, at, value, (mark and mark(value)) or text)
            elif pd.notna(value):
                sheet.write_number(row, at, value, forms[_number_form(code, value, instrument)])
    # Not every program fits the height of a row to wrapped text.
    for row in np.flatnonzero(lines > 1).tolist():
        sheet.set_row(row, LINE * min(lines[row], MOST_LINES))
    sheet.autofilter(0, 0, max(len(table), 1), table.shape[1] - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return widths


def _number_forms(code: str, instrument: Instrument) -> tuple[str, ...]:
    """Number formats of a column, by the longest beginning of its code that has one."""
    if code in instrument.aspects:
        return POINTS
    decimals = {i.code: i.decimals for i in INDICATORS.values()}
    decimals |= {m.code: m.digits for m in MEASURES.values() if m.digits is not None}
    forms = {start: f"{0:.{n}f}" for start, n in decimals.items() if n != 1} | {**NUMBERS}
    known = [start for start in forms if code.startswith(start)]
    return (forms[max(known, key=len)] if known else ONE_DECIMAL,)


def _number_form(code: str, value: float, instrument: Instrument) -> str:
    """Number format of a cell: an aspect has the decimals that it has on screen."""
    forms = _number_forms(code, instrument)
    return next(
        f for n, f in enumerate(forms) if f == forms[-1] or round(value, n) == round(value, 2)
    )


def _marks(
    book: Any, say: Messages, instrument: Instrument, form: Mapping[str, Any]
) -> dict[str, Callable[[str], Any]]:
    """Formats that a text gets in some columns: categories as on the map, and contradictions."""
    categories = {
        say(f"category.{code}"): book.add_format(
            {**form, "bg_color": sign.fill, "font_color": readable_on(sign.fill), "border": 1}
        )
        for code, sign in instrument.signs.items()
    }
    conflict = book.add_format({**form, "bold": True, "bg_color": WARNING})
    marks: dict[str, Callable[[str], Any]] = dict.fromkeys(
        ("alternative_scores", "contradicts"), lambda _: conflict
    )
    marks |= dict.fromkeys(("category_label", "best_category"), categories.get)
    marks |= dict.fromkeys(("conflicting", "nearest_uncertain"), {say("sources.yes"): conflict}.get)
    marks["position_basis"] = {say("basis.placeholder"): conflict}.get
    marks["areas_ha"] = lambda figures: conflict if LIST in figures else None
    return marks


def readable_on(fill: str) -> str:
    """Black or white, whichever reads better on a colour (WCAG 2 relative luminance)."""
    parts = np.array([int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


def _set_up(sheet: Any, handout: Handout, widths: Sequence[int]) -> None:
    """Keep the header and the names in sight; print A4 landscape with the sources at its foot."""
    fixed = 2 if sum(widths[:2]) <= PAGE_WIDTH / 2 else 1
    sheet.freeze_panes(1, fixed)
    sheet.repeat_rows(0)
    pages = -(-sum(widths) // PAGE_WIDTH)
    if pages > 1:
        sheet.repeat_columns(0, fixed - 1)
    sheet.fit_to_pages(pages, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    # An ampersand would begin a code of Excel's.
    foot = writable(" · ".join(sources(handout))).replace("&", "+")[:FOOTER_LENGTH]
    sheet.set_footer(f"&L&8{foot}&R&8&P / &N")
