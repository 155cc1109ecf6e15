"""The ledger of claims with its contradictions, and where every layer and table comes from."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo.analysis import Inputs
from ikmgeo.display.profiles import statements
from ikmgeo.filters import Filters
from ikmgeo.handout import layers
from ikmgeo.measures.ledger import SUMS, Contradiction, access_without_fit, contradictions
from ikmgeo.measures.scoring import Scheme, claim_ids
from ikmgeo.ui.frame import PAGES, Page, open_section
from ikmgeo.ui.parts.table import grid
from ikmgeo.ui.state import keys, session
from ikmgeo.words import wording
from ikmgeo.words.markup import heading, scrolling, table
from ikmgeo.words.messages import Messages

NEEDED = ("id", "value", "about", "category", "used_for", "contradicts")
"""Columns of the ledger that are shown unless the reader wants others."""

MOST_ROWS = 200
"""Rows of a listing that are shown; only a reader's own centers are more."""


def ledger(page: Page) -> None:
    """Contradictions first, each with a way to the map; then every figure of the paper."""
    say, inputs = page.say, session.shipped_study().inputs
    st.html(heading(say("sources.contradictions"), say("sources.contradictions_note")))
    found = contradictions(inputs.centers, inputs.claims, inputs.instrument.categories)
    if not found:
        st.info(say("sources.no_contradiction"))
    _cards(say, inputs, found)
    against = access_without_fit(
        inputs.centers,
        inputs.statements,
        inputs.zones,
        inputs.sector_fit,
        inputs.instrument.linkages,
    )
    if against:
        st.html(heading(say("sources.against_fit"), say("sources.against_fit_note")))
        _cards(say, inputs, against)
    st.html(heading(say("sources.claims"), say("sources.claims_note")))
    _claims(page)
    st.html(heading(say("sources.statements"), say("statement.reading")))
    _statements(say, inputs)


def _cards(say: Messages, inputs: Inputs, found: Sequence[Contradiction]) -> None:
    """Each contradiction in words, with a way to where it shows."""
    names = inputs.centers[f"name_{say.language}"]
    for item in found:
        title, why = wording.contradiction(say, item, names, inputs)
        left, right = st.columns([5, 1], vertical_alignment="center")
        card = Markup('<div class="ikm-card"><h3>{}</h3><p>{} <small>({})</small></p></div>')
        left.html(card.format(title, why, ", ".join(item.claims)))
        opens = "sources.open_tests" if item.kind in SUMS else "sources.open_map"
        if right.button(say(opens), key=f"open-{item.kind}-{'-'.join(item.claims)}"):
            _show(item)


def _statements(say: Messages, inputs: Inputs) -> None:
    """What the paper says in words of centers and categories, aspect by aspect."""
    some = inputs.statements
    centers = some["center_id"].map(inputs.centers[f"name_{say.language}"])
    categories = some["category"].map(lambda c: say.code("category", c), na_action="ignore")
    about = centers.where(centers.notna(), categories).fillna(some["of"].map(say.data))
    rows = [
        (claim_id, about[claim_id], aspect, polarity, words, section)
        for polarity, aspect, words, section, claim_id in statements(say, some.itertuples())
    ]
    heads = [say("claim.id"), say("claim.about"), say("statement.aspect")]
    heads += [say("statement.polarity"), say("statement.words"), say("claim.section")]
    title = say("sources.statements")
    st.html(scrolling(table(heads, sorted(rows), ""), title))


def _show(item: Contradiction) -> None:
    """Open the page where the contradiction can be seen."""
    if item.kind in SUMS:
        open_section("linkage", "tests")
    scheme = Scheme(
        "printed_ranges" if item.kind.endswith(("ranges", "scores")) else "as_published"
    )
    selection = None
    filters = Filters()
    if item.kind in ("rival_scores", "access_without_fit"):
        scheme, selection = Scheme(), ("center", item.centers[0])
    if item.kind == "reversed_categories":
        filters = Filters(categories=item.categories)
    session.change(scheme=scheme, filters=filters, selection=selection)
    st.switch_page(PAGES["map"])


def _claims(page: Page) -> None:
    """Every claim in a table; the chosen one opens where it can be seen."""
    say, inputs = page.say, session.shipped_study().inputs
    claims = inputs.claims
    centers = claims["center_id"].map(inputs.centers[f"name_{say.language}"])
    quantities = claims["quantity"].map(lambda q: say.code("quantity", q), na_action="ignore")
    listed = (
        pd.DataFrame(
            {
                "id": claims.index,
                "value": [wording.figure(say, claim) for _, claim in claims.iterrows()],
                "about": centers.where(centers.notna(), quantities),
                "of": claims["of"].map(say.data),
                "category": claims["category"].map(lambda c: say.code("category", c)),
                "used_for": claims["used_for"].map(
                    lambda u: wording.used_for(say, u, session.view().composition.source)
                ),
                "contradicts": claims["contradicts"].map(lambda c: ", ".join(claim_ids(c))),
                "section": claims["section"].map(say.data),
                "note": claims["note"].map(say.data),
            }
        )
        .astype(object)
        .fillna("")
    )
    heads = {str(name): say(f"claim.{name}") for name in listed.columns}
    config = {name: st.column_config.Column(label) for name, label in heads.items()}
    # As printed, and so a text.
    config["value"] = st.column_config.Column(heads["value"], alignment="right")
    chosen = keys.CLAIM.get()
    grid(page, "claims", list(claims.index), listed, chosen, keys.CLAIM.set, config, needed=NEEDED)
    # A statistic is about the whole province, so there is nothing to open.
    about_one = chosen in claims.index and claims.at[chosen, "kind"] != "statistic"
    if about_one and st.button(say("sources.open_map"), key="open-claim"):
        center = claims.at[chosen, "center_id"]
        known = center in inputs.centers.index
        scheme = Scheme() if known else Scheme("printed_ranges")
        selection = ("center", str(center)) if known else None
        session.change(scheme=scheme, selection=selection, filters=Filters())
        st.switch_page(PAGES["map"])


def provenance(page: Page) -> None:
    """Source, date, licence and precision of each layer; evidence per center; codes; areas."""
    say, inputs = page.say, page.study.inputs
    st.html(heading(say("sources.layers")))
    names = ("layer", "source", "date", "licence", "precision", "file")
    columns = [f"name_{say.language}", "source", "date", "licence"]
    columns += [f"precision_{say.language}", "file"]
    words = dict(zip(columns, (f"sources.{n}" for n in names), strict=True))
    _listed(say, say("sources.layers"), layers(say, inputs, own=session.own()), words)
    st.html(heading(say("sources.works"), say("sources.works_note")))
    words = {"work": "sources.source", "authors": "works.authors", "title": "works.title"}
    words |= {"published": "works.published", "doi": "DOI"}
    _listed(say, say("sources.works"), inputs.works, words)
    st.html(heading(say("sources.benchmarks"), say("sources.benchmarks_note")))
    figures = inputs.benchmarks.copy()
    for column in ("value", "target"):
        figures[column] = figures[column].map(
            lambda v: say.printed(pd.to_numeric(v, errors="coerce"), v), "ignore"
        )
    words = {f"name_{say.language}": "benchmark.what", "value": "claim.value"}
    words |= {"target": "benchmark.target", "period": "benchmark.period"}
    words |= {"set_by": "benchmark.set_by", "source": "sources.source"}
    _listed(say, say("sources.benchmarks"), figures, words)
    st.html(heading(say("sources.evidence"), say("sources.evidence_note")))
    centers = inputs.centers.assign(
        precision=inputs.centers["position_precision"].map(lambda p: say.code("precision", p)),
        basis=inputs.centers["position_basis"].map(lambda b: say.code("basis", b)),
    )
    words = {f"name_{say.language}": "table.name", "locality": "place.locality"}
    words |= {"precision": "place.precision", "basis": "place.basis"}
    words |= {f"position_{c}": f"place.{c}" for c in ("evidence", "alternatives", "source")}
    _listed(say, say("sources.evidence"), centers, words)
    st.html(heading(say("sources.crosswalk"), _same_number(say, inputs.districts)))
    codes = inputs.districts.assign(
        kemendagri=[f"{code[:2]}.{code[2:]}" for code in inputs.districts.index]
    )
    words = {"name_id": "table.district", "kemendagri": "Kemendagri", "bps_code": "BPS"}
    _listed(say, say("sources.crosswalk"), codes, words)
    st.html(heading(say("sources.commodities"), say("sources.commodities_note")))
    words = {f"name_{say.language}": "table.commodity", "kbli": "commodity.kbli"}
    words |= {"kbli_edition": "commodity.edition", "isic": "commodity.isic", "note": "claim.note"}
    _listed(say, say("sources.commodities"), inputs.commodities, words)
    st.html(heading(say("sources.areas")))
    areas = inputs.zone_areas.assign(
        zone=inputs.zone_areas["zone_id"].map(inputs.zones["short_name"]),
        hectares=[say.hectares(value) for value in inputs.zone_areas["area_ha"]],
        stage=inputs.zone_areas["stage"].map(lambda s: say.code("area_stage", s), "ignore"),
        taken=inputs.zone_areas["used"].map({"yes": say("sources.yes"), "no": say("sources.no")}),
    )
    words = {"zone": "distance.zone", "hectares": "zone.ha", "stage": "area_stage.heading"}
    words["taken"] = "sources.used"
    words |= {"basis": "zone.basis", "year": "zone.year", "source": "sources.source"}
    _listed(say, say("sources.areas"), areas, words)
    st.html(heading(say("sources.places"), say("sources.places_note")))
    places = inputs.places.assign(
        kind=inputs.places["kind"].map(lambda kind: say.code("place", kind)),
        service=inputs.places["service"].map(lambda service: say(f"service.{service}")),
        precision=inputs.places["position_precision"].map(lambda p: say.code("precision", p)),
    )
    words = {"name_id": "sources.place", "kind": "sources.kind", "service": "service.heading"}
    words |= {"service_source": "service.source", "precision": "place.precision"}
    words["source"] = "sources.position"
    _listed(say, say("sources.places"), places, words)


def _same_number(say: Messages, districts: pd.DataFrame) -> str:
    """An example of one number that means two districts; nothing where none does."""
    names = districts["short_name"]
    of_bps = dict(zip(districts["bps_code"], names, strict=True))
    for code, name in names.items():
        if of_bps.get(code, name) != name:
            told = {"code": code, "kemendagri": name, "bps": of_bps[code]}
            return say("sources.crosswalk_note", **told)
    return ""


def _listed(say: Messages, title: str, listed: pd.DataFrame, words: dict[str, str]) -> None:
    """Columns of a table under translated headings; a heading without a message stays."""
    heads = [say(key) if say.has(key) else key for key in words.values()]
    shown = (
        listed[list(words)]
        .head(MOST_ROWS)
        .astype(object)
        .fillna("")
        .map(say.data)
        .itertuples(index=False)
    )
    st.html(scrolling(table(heads, shown, ""), title))
    if len(listed) > MOST_ROWS:
        shown_rows, count = say.number(MOST_ROWS, 0), say.number(len(listed), 0)
        st.caption(say("sources.first_rows", shown=shown_rows, count=count))
