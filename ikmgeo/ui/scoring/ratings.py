"""Scoring page, last part: the sources' frameworks as rating forms, each with its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.display import framework_charts
from ikmgeo.measures import frameworks, linkage
from ikmgeo.measures.frameworks import HIGHEST, OBSTACLES, STRONG, SWOT, Ratings, Seed
from ikmgeo.reading.typed import Scale
from ikmgeo.records.assessments import COMMODITY, NAME_LENGTH, Assessment, standings
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts.numbers import number_field
from ikmgeo.ui.scoring.assess import (
    center_control,
    draft_of,
    form_of,
    put,
    save_control,
    tell_group,
    tell_last,
)
from ikmgeo.ui.state import composing, keys, linking, session
from ikmgeo.vocabulary import COMMODITY_FRAMEWORKS, FRAMEWORKS, REGULATIONS
from ikmgeo.words.markup import heading, markdown, note, panel, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages

SHOWN = tuple(dict.fromkeys(FRAMEWORKS))
HINDERING = ("graduation", "challenges")
"""Frameworks whose items are obstacles until they are rated high."""

MILLION = 1_000_000

INVESTMENT = Scale(0, frameworks.MOST_RUPIAH / MILLION, optional=True)
WORKERS = Scale(0, frameworks.MOST_WORKERS, optional=True, whole=True)


def ratings(page: Page) -> None:
    """Choose a center and a framework; rate its items and see what follows."""
    say = page.say
    if page.study.measured.centers.empty:
        st.info(say("linkage.no_zone"))
        return
    tell_last()
    tell_group(say)
    chosen = session.view().framework or SHOWN[0]
    of_commodity = chosen in COMMODITY_FRAMEWORKS
    center = _commodity_control(page) if of_commodity else center_control(page)
    draft = draft_of(center)
    known = shown = _ratings(draft.ratings)
    recorded = composing.of_commodities() if of_commodity else composing.in_drawer()
    standing = standings(recorded, page.study.inputs.instrument.aspects).get(center)
    if standing and draft.blank:
        found = standing.rated or standing.newest
        shown = _ratings(found.ratings)
        if standing.rated:
            day = say.date(found.assessed_on.isoformat())
            st.html(note(say("ratings.reading", author=found.author, date=day)))
        st.button(
            say("ratings.continue", author=markdown(found.author)),
            on_click=lambda: composing.drafts().update({center: composing.continued(found)}),
        )
    st.segmented_control(
        say("ratings.framework"),
        ("swot", *SHOWN),
        format_func=lambda name: say(f"framework.{name}"),
        required=True,
        **session.bound("w-framework", chosen, lambda name: session.change(framework=name)),
    )
    left, right = st.columns([1.1, 1], gap="medium")
    if chosen == "swot":
        with left, apology(say):
            _swot(page, center, known)
        with right, apology(say):
            _board(say, shown)
    else:
        with left, apology(say):
            _form(page, center, chosen, known)
        with right, apology(say):
            _picture(page, chosen, shown)
    with apology(say):
        if of_commodity:
            _commodities(page, chosen, {**_rated(recorded), center: shown})
        else:
            _summary(page, shown)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not draft.base_version:
            st.text_input(
                say("assess.author"),
                max_chars=NAME_LENGTH,
                width=260,
                **session.bound(
                    f"w-ratings-author-{center}",
                    draft.author,
                    lambda v: put(center, author=v.strip()),
                ),
            )
        save_control(page, center, "ratings.save")


def _commodity_control(page: Page) -> str:
    """Choice of the commodity to rate; the id that its assessments have."""
    names = page.study.inputs.commodities[f"name_{page.say.language}"].sort_values()
    known = keys.RATED_COMMODITY.get()
    code = st.selectbox(
        page.say("table.commodity"),
        list(names.index),
        format_func=lambda code: str(names[code]),
        **session.bound(
            "w-rated-commodity",
            known if known in names.index else names.index[0],
            keys.RATED_COMMODITY.set,
        ),
    )
    return f"{COMMODITY}{code}"


def _rated(recorded: Sequence[Assessment]) -> dict[str, Ratings]:
    """Newest ratings of each commodity, by the id of its assessments."""
    found = {subject: standing.rated for subject, standing in standings(recorded, ()).items()}
    return {subject: _ratings(rated.ratings) for subject, rated in found.items() if rated}


def _ratings(recorded: Any) -> Ratings:
    try:
        return Ratings.from_dict(recorded)
    except ValueError:
        return Ratings()


def _keep(center: str, known: Ratings) -> None:
    put(center, ratings=known.to_dict())


def _form(page: Page, center: str, framework: str, known: Ratings) -> None:
    """One row of five buttons per item; none chosen means unknown."""
    say = page.say
    items = page.study.inputs.frameworks
    items = items[items["framework"] == framework]
    st.html(heading(say(f"framework.{framework}"), say(f"framework.{framework}_note")))
    if framework == "graduation":
        _size(page, center, known)
    for item_id, item in items.iterrows():
        rating = known.rating(framework, str(item_id))
        anchors = [str(item[f"anchor_{n}_{say.language}"]) for n in range(HIGHEST + 1)]
        st.segmented_control(
            f"**{markdown(str(item[f'name_{say.language}']))}** · "
            f"{markdown(str(item[f'question_{say.language}']))}",
            list(range(HIGHEST + 1)),
            **session.bound(
                f"w-rate-{center}-{item_id}",
                rating,
                partial(_rate, center, framework, str(item_id)),
            ),
        )
        st.html(_anchors(say, anchors, rating))


def _anchors(say: Messages, anchors: Sequence[str], rating: int | None) -> str:
    """What each rating of an item means, the chosen one marked."""
    lines = Markup("").join(
        Markup("<li><strong>{}</strong></li>" if n == rating else "<li>{}</li>").format(anchor)
        for n, anchor in enumerate(anchors)
    )
    told = note(say("ratings.unknown")) if rating is None else ""
    return Markup('<ol start="0" class="ikm-anchors">{}</ol>{}').format(lines, told)


def _rate(center: str, framework: str, item: str, rating: int | None) -> None:
    _keep(center, _ratings(draft_of(center).ratings).rated(framework, item, rating))


def _rules(page: Page) -> pd.DataFrame:
    """Rules of size of the regulation that the reader chose."""
    rules = page.study.inputs.size_classes
    return rules[rules["regulation"] == session.view().regulation]


def _size(page: Page, center: str, known: Ratings) -> None:
    """Investment, workers where the regulation counts them, and the size by each regulation."""
    say, rules = page.say, page.study.inputs.size_classes
    names = rules.drop_duplicates("regulation").set_index("regulation")["name_id"]
    st.selectbox(
        say("ratings.regulation"),
        [code for code in REGULATIONS if code in names.index],
        format_func=lambda code: str(names[code]),
        help=say("ratings.regulation_help"),
        **session.bound(
            "w-regulation", session.view().regulation, lambda v: session.change(regulation=v)
        ),
    )
    _investment(say, center, known)
    if _rules(page)["workers_to"].notna().any():
        _workers(say, center, known)
    rows = []
    for code in [code for code in REGULATIONS if code in names.index]:
        own = rules[rules["regulation"] == code]
        size = frameworks.size_class(known.investment, known.workers, own)
        step = frameworks.next_size(known.investment, known.workers, own)
        told = NOTHING
        if step:
            begins = say.number(step[1] / MILLION, 0)
            told = say("ratings.begins", size=say(f"size.{step[0]}"), million=begins)
        named = Markup("{}<br><small>{}</small>").format(names[code], _thresholds(say, own))
        rows.append((named, say(f"size.{size}"), told))
    heads = [say(f"ratings.{n}") for n in ("thresholds", "size", "next_size")]
    st.html(panel(table(heads, rows, say("ratings.size"))))
    sources = "; ".join(str(say.data(source)) for source in rules["source"].unique())
    st.html(note(f"{say('sources.source')}: {sources}"))


def _thresholds(say: Messages, rules: pd.DataFrame) -> Markup:
    """Bounds of the sizes of one regulation, one a line; what has none is not told.

    A rule holds for what the rules above it leave: so it has a lower bound where one of them has
    the same workers, or workers where it has none.
    """
    lines = []
    for at, rule in enumerate(tables.rows(rules)):
        bounds, above = [], rules.iloc[:at]
        if pd.isna(rule.workers_to) and above["workers_to"].notna().any():
            begins = say.number(above["workers_to"].max() + 1, 0)
            bounds.append(say("ratings.workers_from", workers=begins))
        same = above[above["workers_to"].eq(rule.workers_to) & above["investment_to"].notna()]
        if len(same):
            begins = say.number(same["investment_to"].max() / MILLION, 0)
            bounds.append(say("ratings.investment_from", million=begins))
        if pd.notna(rule.workers_to):
            bounds.append(say("ratings.workers_to", workers=say.number(rule.workers_to, 0)))
        if pd.notna(rule.investment_to):
            key = "ratings.investment_to" if rule.bound else "ratings.investment_below"
            bounds.append(say(key, million=say.number(rule.investment_to / MILLION, 0)))
        if bounds:
            lines.append(f"{say(f'size.{rule.size}')} {say.listed(bounds)}")
    return Markup("<br>").join(lines)


def _workers(say: Messages, center: str, known: Ratings) -> None:
    def keep(value: float | None) -> None:
        workers = None if value is None else int(value)
        _keep(center, replace(_ratings(draft_of(center).ratings), workers=workers))

    number_field(
        say,
        say("ratings.workers"),
        known.workers,
        WORKERS,
        keep,
        key=f"w-workers-{center}",
        form=form_of(draft_of(center)),
        placeholder=say("panel.unknown"),
    )


def _investment(say: Messages, center: str, known: Ratings) -> None:
    def keep(value: float | None) -> None:
        rupiah = None if value is None else value * MILLION
        _keep(center, replace(_ratings(draft_of(center).ratings), investment=rupiah))

    number_field(
        say,
        say("ratings.investment"),
        None if known.investment is None else known.investment / MILLION,
        INVESTMENT,
        keep,
        key=f"w-investment-{center}",
        form=form_of(draft_of(center)),
        placeholder=say("panel.unknown"),
        help=say("ratings.investment_help"),
    )


def _picture(page: Page, framework: str, known: Ratings) -> None:
    """What the ratings say: a chart, its words and its table."""
    say = page.say
    items = page.study.inputs.frameworks
    items = items[items["framework"] == framework]
    names = items[f"name_{say.language}"]
    rated = frameworks.of_items(known, items)
    if rated.notna().sum() == 0:
        st.info(say("ratings.nothing"))
        return
    told = _told(page, framework, known, names)
    if framework == "diamond":
        parts = _parts(say, known, items)
        unknown = say("state.unknown")
        listed = [
            f"{part.name} {unknown if pd.isna(part.rating) else part.told}"
            for part in tables.rows(parts)
        ]
        told = f"{say('ratings.diamond_told', parts=say.listed(listed))} {told}"
        chart = framework_charts.diamond(parts, language=say.language, description=told)
    else:
        chart = _chart(say, framework, known, names, rated, told)
    st.altair_chart(chart, width="stretch", theme=None)
    st.html(note(told))
    rows = [
        (
            names[i],
            NOTHING if pd.isna(rated[i]) else say.number(rated[i], 0),
            _anchor(say, items, i, rated[i]),
        )
        for i in items.index
    ]
    heads = [say("ratings.item"), say("ratings.rating"), say("ratings.meaning")]
    with st.expander(say("charts.data")):
        st.html(scrolling(table(heads, rows, ""), say("charts.data")))


def _chart(
    say: Messages,
    framework: str,
    known: Ratings,
    names: pd.Series,
    rated: pd.Series,
    told: str,
) -> Any:
    """The chain or the net of actors with its gaps, else a bar an item; ``told`` describes it."""
    words = {state: say(f"state.{state}") for state in ("present", "missing", "broken", "unknown")}
    gaps = {
        "value_chain": (framework_charts.value_chain, frameworks.value_chain_gaps),
        "actors": (framework_charts.actors, frameworks.actor_gaps),
    }
    if framework in gaps:
        draw, find = gaps[framework]
        return draw(
            find(known),
            names=dict(zip(names.index, names, strict=True)),
            words=words,
            language=say.language,
            description=told,
        )
    bars = pd.DataFrame(
        {
            "name": names,
            "rating": rated,
            "told": [say("ratings.short_unknown") if pd.isna(r) else f"{r:.0f}" for r in rated],
        }
    )
    return framework_charts.rated_bars(
        bars,
        x_title=say("ratings.obstacles" if framework in HINDERING else "ratings.scale"),
        goal=STRONG,
        language=say.language,
        description=told,
    )


def _parts(say: Messages, known: Ratings, items: pd.DataFrame) -> pd.DataFrame:
    """The six parts of the diamond with their names, ratings and what to write of them."""
    rating = frameworks.of_parts(known, items)["diamond"]
    names = items.drop_duplicates("part").set_index("part")[f"name_{say.language}"]
    names["factor"] = say("ratings.factor")  # five items, whose mean it is
    told = [
        say("ratings.short_unknown") if pd.isna(r) else say.number(r, 0 if r % 1 == 0 else 1)
        for r in rating
    ]
    return pd.DataFrame({"name": names, "rating": rating, "told": told})


def _anchor(say: Messages, items: pd.DataFrame, item: str, rating: float) -> str:
    if pd.isna(rating):
        return say("ratings.unknown")
    return str(items.at[item, f"anchor_{int(rating)}_{say.language}"])


def _told(page: Page, framework: str, known: Ratings, names: pd.Series) -> str:
    """The picture in words."""
    say = page.say
    listed = {name: str(value) for name, value in names.items()}
    if framework == "value_chain":
        gaps = frameworks.value_chain_gaps(known)
        missing = gaps.index[(gaps["kind"] == "node") & (gaps["state"] == "missing")]
        broken = gaps.index[(gaps["kind"] == "link") & (gaps["state"] == "broken")]
        return say(
            "ratings.chain_told",
            missing=say.listed([listed[m] for m in missing]) or say("ratings.none"),
            broken=say.listed([listed.get(b, b) for b in broken]) or say("ratings.none"),
        )
    if framework == "actors":
        gaps = frameworks.actor_gaps(known)
        missing = gaps.index[(gaps["kind"] == "node") & (gaps["state"] == "missing")]
        return say(
            "ratings.actors_told",
            missing=say.listed([listed[m] for m in missing]) or say("ratings.none"),
        )
    if framework in ("interaction", "drivers"):
        found = frameworks.cluster_or_agglomeration(known)
        return say(f"ratings.cluster_{found.verdict}")
    if framework == "graduation":
        rules = _rules(page)
        step = frameworks.graduation(known, rules)
        regulation = "".join(rules["name_id"].head(1))
        size = say("ratings.size_by", size=say(f"size.{step.size}"), regulation=regulation)
        if step.readiness is None:
            return say("ratings.graduation_unknown", size=size)
        return say(
            "ratings.graduation_told",
            size=size,
            cleared=len(step.cleared),
            of=say.number(len(OBSTACLES) - len(step.unknown), 0),
            standing=say.listed([listed[o] for o in step.standing[:3]]) or say("ratings.none"),
        )
    rated = frameworks.of_items(known, pd.DataFrame({"framework": framework}, index=names.index))
    weakest = listed[str(rated.idxmin())]
    told = say("ratings.weakest", name=weakest, rating=say.number(rated.min(), 0))
    if framework != "cluster_building":
        return told
    return f"{say(f'ratings.building_{frameworks.building_stage(known)}')} {told}"


def _swot(page: Page, center: str, known: Ratings) -> None:
    """Four lists, begun by rule, one entry a line, the planner's to change."""
    say = page.say
    st.html(heading(say("framework.swot"), say("framework.swot_note")))
    row = page.study.measured.centers.loc[center]
    aspects = tables.row(composing.aspects(page.study, composing.in_drawer()), center)
    fit = linkage.sector_fit(
        pd.Series({center: row["commodity"]}),
        linking.fit(page.study),
        page.study.inputs.zones.index,
    )
    zones = pd.DataFrame(
        {"distance_km": page.study.measured.distances.loc[center], "fit": fit.loc[center]}
    )
    seeds = frameworks.swot_seed(
        dict(zip(aspects.index, aspects, strict=True)),
        known,
        page.study.inputs.instrument,
        zones=zones,
    )

    def begin() -> None:
        begun = known
        for name in SWOT:
            told = [_seed(page, s)[: frameworks.TEXT_LENGTH] for s in seeds[name]]
            kept = dict.fromkeys((*known.swot.get(name, ()), *told))
            begun = begun.noted(name, list(kept)[: frameworks.MOST_TEXTS])
        _keep(center, begun)

    st.button(say("swot.begin"), on_click=begin)
    columns = st.columns(2, gap="small")
    for at, name in enumerate(SWOT):
        columns[at % 2].text_area(
            say(f"swot.{name}"),
            height=150,
            placeholder=say("swot.empty"),
            **session.bound(
                f"w-swot-{center}-{name}",
                "\n".join(known.swot.get(name, ())),
                partial(_note, center, name),
            ),
        )


def _board(say: Messages, known: Ratings) -> None:
    """The four lists side by side, and as a table."""
    noted = [(name, text) for name in SWOT for text in known.swot.get(name, ())]
    if not noted:
        st.info(say("swot.nothing"))
        return
    lists = Markup("").join(
        Markup("<section><h3>{}</h3><ul>{}</ul></section>").format(
            say(f"swot.{name}"),
            Markup("").join(Markup("<li>{}</li>").format(t) for t in known.swot.get(name, ()))
            or Markup("<li>{}</li>").format(NOTHING),
        )
        for name in SWOT
    )
    st.html(Markup('<div class="ikm-panel ikm-swot">{}</div>').format(lists))
    rows = [(say(f"swot.{name}"), text) for name, text in noted]
    with st.expander(say("charts.data")):
        heads = [say("swot.list"), say("ratings.item")]
        st.html(scrolling(table(heads, rows, ""), say("charts.data")))


def _note(center: str, name: str, text: str) -> None:
    lines = [ln.strip()[: frameworks.TEXT_LENGTH] for ln in text.replace("\0", "").splitlines()]
    kept = [line for line in lines if line][: frameworks.MOST_TEXTS]
    _keep(center, _ratings(draft_of(center).ratings).noted(name, kept))


def _seed(page: Page, seed: Seed) -> str:
    say, given = page.say, seed.parameters
    if seed.code in ("aspect_strong", "aspect_weak"):
        aspect = say(f"aspect.{given['aspect']}")
        return say(f"seed.{seed.code}", aspect=aspect, score=say.points(float(given["score"])))
    if seed.code == "item":
        item = page.study.inputs.frameworks.loc[str(given["item"])]
        anchor = item[f"anchor_{int(given['rating'])}_{say.language}"]
        return f"{item[f'name_{say.language}']}: {anchor}"
    zone = page.study.inputs.zones.at[str(given["zone"]), "short_name"]
    return say(f"seed.{seed.code}", zone=zone, km=say.km(float(given["km"])))


def _summary(page: Page, known: Ratings) -> None:
    """How much of each framework is known, and its weakest items."""
    say, items = page.say, page.study.inputs.frameworks
    items = items[~items["framework"].isin(COMMODITY_FRAMEWORKS)]
    found = frameworks.summary(known, items)
    noted = {name: len(known.swot.get(name, ())) for name in SWOT}
    if not found["rated"].sum() and not any(noted.values()):
        return
    names = items[f"name_{say.language}"]
    rows = [
        (
            say(f"framework.{name}"),
            say.number(row["rated"], 0),
            say.number(row["unknown"], 0),
            say.number(row["mean"], 1),
            say.listed([str(names[i]) for i in row["weakest"][:3]]) or NOTHING,
        )
        for name, row in found.iterrows()
    ]
    told = [f"{say(f'swot.{name}')} {say.number(count, 0)}" for name, count in noted.items()]
    total = say.number(sum(noted.values()), 0)
    rows.append((say("framework.swot"), total, NOTHING, NOTHING, " · ".join(told)))
    heads = [say(f"ratings.{n}") for n in ("framework", "rated", "unknown_count", "mean", "weak")]
    label = say("ratings.summary")
    st.html(heading(label))
    st.html(scrolling(table(heads, rows, ""), label))


def _commodities(page: Page, framework: str, rated: Mapping[str, Ratings]) -> None:
    """Every commodity that was rated beside the others, the best first: a chart and its table."""
    say, items = page.say, page.study.inputs.frameworks
    items = items[items["framework"] == framework]
    names = page.study.inputs.commodities[f"name_{say.language}"]
    found = pd.DataFrame({s: frameworks.of_items(known, items) for s, known in rated.items()}).T
    found = found.dropna(how="all")
    st.html(heading(say("ratings.commodities"), say("ratings.commodities_note")))
    if found.empty:
        return
    codes = found.index.str.removeprefix(COMMODITY)
    mean = found.mean(axis=1).sort_values(ascending=False, kind="stable")
    titles = pd.Series([str(names.get(c, c)) for c in codes], found.index)
    count = found.notna().sum(axis=1)
    told = [
        say(
            "ratings.mean_of",
            mean=say.number(mean[s], 1),
            rated=say.number(count[s], 0),
            of=say.number(len(items), 0),
        )
        for s in mean.index
    ]
    bars = pd.DataFrame({"name": titles[mean.index], "rating": mean, "told": told})
    pairs = zip(bars["name"], bars["told"], strict=True)
    description = say.listed([f"{name}: {words}" for name, words in pairs])
    chart = framework_charts.rated_bars(
        bars,
        x_title=say("ratings.scale"),
        goal=STRONG,
        language=say.language,
        description=description,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    heads = [say("table.commodity"), *items[f"name_{say.language}"], say("ratings.mean")]
    rows = [
        (
            titles[s],
            *(
                say("ratings.short_unknown") if pd.isna(r) else say.number(r, 0)
                for r in found.loc[s]
            ),
            say.number(mean[s], 1),
        )
        for s in mean.index
    ]
    st.html(scrolling(table(heads, rows, ""), say("ratings.commodities")))
