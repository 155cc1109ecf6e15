"""Words of the indicators and claims: units, amounts, values, meaning, certainty, use, area."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ikmgeo import tables
from ikmgeo.analysis import Inputs
from ikmgeo.measures.composite import PUBLISHED
from ikmgeo.measures.district_measures import MEASURES
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.ledger import SUMS, Contradiction
from ikmgeo.measures.linkage import ROAD_MINUTES, STRAIGHT_KM, Parameters
from ikmgeo.reading.base import ORIENTATION, ROADS
from ikmgeo.words import method
from ikmgeo.words.messages import NOTHING, Messages

if TYPE_CHECKING:
    from ikmgeo.register.store import Entry, Version


def measure_words(say: Messages, name: str, value: Any) -> str:
    """Value of a district's measure as the reader writes it; a dash where it is missing."""
    if pd.isna(value):
        return NOTHING
    measure = MEASURES[name]
    if measure.digits is None:
        return say(f"category.{value}")
    return " ".join([say.number(value, measure.digits), *measure.unit.split()])


def found_of(say: Messages, kind: str, found: int, total: int) -> str:
    """How much of a layer of the base map was recognised."""
    if kind == ROADS:
        return say("base.lines", count=found)
    if kind == ORIENTATION:
        return say("base.signs", count=found)
    return say(f"base.found_{kind}", found=say.number(found, 0), of=say.number(total, 0))


def placed(say: Messages, ways: Mapping[str, int]) -> str:
    """How many rows of a list were placed by what, without ways that placed none."""
    told = {w: say(f"placed.{w}", count=say.number(n, 0)) for w, n in ways.items() if n}
    lost = told.pop("none", None)
    return say("placed.rows", ways="; ".join(filter(None, (", ".join(told.values()), lost))))


def taken_in(say: Messages, entry: "Entry") -> list[str]:
    """What became of a file of the register, a line for each thing to know."""
    lines = [
        say(
            "register.taken",
            file=entry.file,
            units=say.number(entry.units, 0),
            rejected=say.number(entry.rejected, 0),
        ),
        placed(say, entry.placed),
    ]
    if entry.made_up:
        lines.insert(1, say("register.made_up"))
    lines += left_out(say, entry.personal, kept=entry.kept_personal)
    if entry.masked:
        lines.append(say("register.masked", count=say.number(entry.masked, 0)))
    if "kbli" in entry.headings and not entry.edition:
        lines.append(say("register.no_edition"))
    return lines


def left_out(say: Messages, personal: Mapping[str, str], *, kept: bool) -> list[str]:
    """Which columns hold people's data, and what becomes of them; nothing where none do."""
    named = [f"{head} ({say(f'personal.{kind}')})" for head, kind in personal.items()]
    key = "register.personal_kept" if kept else "register.personal_dropped"
    return [say(key, columns=say.listed(named))] if named else []


def commodity(say: Messages, commodities: pd.DataFrame, code: str | None) -> str:
    """Name of a commodity of the data; another one is as its file has it."""
    if not code:
        return ""
    return say.name(tables.row(commodities, code)) if code in commodities.index else code


def product_of(say: Messages, commodities: pd.DataFrame, candidate: pd.Series) -> str:
    """What a candidate for a center makes: its commodity, else what makes its units alike."""
    code = candidate["commodity"]
    return commodity(say, commodities, code if pd.notna(code) else candidate["like_product"])


def source_of_register(say: Messages, key: str, version: "Version", **told: Any) -> str:
    """Whence something made of a register is: version, files and more; fictional units say so."""
    files = say.listed(version.files) or NOTHING
    named = say(key, number=version.number, files=files, **told)
    return f"{say('register.made_up')} {named}" if version.made_up else named


def source_of_units(say: Messages, files: Iterable[str], *, made_up: bool) -> str:
    """The files of a register, and that they are fictional where they are."""
    return say("units.source_made_up" if made_up else "units.source", files=say.listed([*files]))


def unit(say: Messages, used: Parameters) -> str:
    """The unit of the costs in use: km or minutes."""
    return say("linkage.minutes") if used.measure == ROAD_MINUTES else "km"


def amount(say: Messages, value: float | None, used: Parameters) -> str:
    """A cost with its unit."""
    if value is None or pd.isna(value):
        return say("linkage.no_route") if used.measure != STRAIGHT_KM else NOTHING
    return f"{say.number(value, 0 if value % 1 == 0 else 1)} {unit(say, used)}"


def straight(say: Messages, km: float) -> str:
    """A straight-line distance that somebody chose, such as the limit of a filter."""
    return amount(say, km, Parameters())


def figure(say: Messages, claim: pd.Series) -> str:
    """Figure of a claim, or its two bounds, with the decimals that the source prints."""
    if claim[["low", "high"]].notna().any():
        bounds = (say.printed(claim[end], claim[f"{end}_printed"]) for end in ("low", "high"))
        return "–".join(bounds)
    return say.printed(claim["value"], claim["value_printed"])


def contradiction(
    say: Messages, item: Contradiction, names: pd.Series, inputs: Inputs
) -> tuple[str, str]:
    """Title and one-sentence explanation of a contradiction; ``names`` are by ``center_id``."""
    claims = inputs.claims
    digits = {"low": 0, "high": 0, "printed": 0, "times_low": 1, "times_high": 1}
    whole = item.kind in SUMS
    told: dict[str, object] = {
        key: say.number(value, digits[key] if whole else 2) for key, value in item.figures.items()
    }
    if item.kind == "rival_scores":
        printed = [figure(say, tables.row(claims, claim)) for claim in item.claims]
        told |= dict(zip(("used", "rival"), printed, strict=True))
    if item.kind == "uncovered_scores":
        outside = claims.loc[list(item.claims)].sort_values("value")
        told |= {"low": figure(say, outside.iloc[0]), "high": figure(say, outside.iloc[-1])}
    if item.kind == "access_without_fit":
        commodity = inputs.centers.at[item.centers[0], "commodity"]
        told["commodity"] = say.name(tables.row(inputs.commodities, commodity))
    categories = [say.code("category", category) for category in item.categories]
    told |= dict(zip(("first", "second"), categories, strict=False))
    involved = [str(names.get(center, center)) for center in item.centers]
    told |= {"name": involved[0] if involved else "", "names": say.listed(involved)}
    key = f"contradiction.{item.kind}"
    return say(key, **told), say(f"{key}_why", **told)


def written(say: Messages, indicator: str, value: float) -> str:
    """A value of an indicator as the language writes it, without its unit."""
    if pd.isna(value):
        return NOTHING
    share, digits = INDICATORS[indicator].unit == "%", INDICATORS[indicator].digits
    # Adding 0 takes the sign from a rounded -0.
    told = say.number(round(100 * value if share else value, digits) + 0.0, digits)
    return f"{told}{say('linkage.percent')}" if share else told


def about(say: Messages, indicator: str, column: str, zones: pd.DataFrame, used: Parameters) -> str:
    """What one column of an indicator is about: a zone, a limit or a group of zones."""
    of = INDICATORS[indicator].of
    if of == "zone":
        return str(zones.at[column, "short_name"])
    if of == "limit":
        return f"≤ {amount(say, float(column), used)}"
    return say(f"linkage.group_{column}")


def headed(say: Messages, indicator: str, used: Parameters) -> str:
    """Name of an indicator; of the cost, the one in use."""
    return say(f"measure.{used.measure}" if indicator == "cost" else f"indicator.{indicator}")


def meaning(say: Messages, indicator: str, used: Parameters) -> str:
    """What an indicator means and how it is worked out, with the parameters in use."""
    return say(
        f"indicator.{indicator}_help",
        half=amount(say, used.half_distance, used),
        within=say.listed([amount(say, v, used) for v in used.within]),
        alpha=say.number(used.alpha, 1),
        decay=say.number(used.decay, 1),
        attraction=say(f"attraction.{used.attraction}"),
        unit=unit(say, used),
    )


def hectares(say: Messages, zones: pd.DataFrame, stage: str) -> str:
    """Hectares of each zone at a stage; where there is no such figure, what is taken instead."""
    told = []
    for _, zone in zones.iterrows():
        area = f"{zone['short_name']} {say.hectares(zone[f'{stage}_ha'])}"
        taken = zone[f"{stage}_taken"]
        other = pd.notna(taken) and taken != stage
        told.append(
            say("area_stage.instead", area=area, stage=_stage(say, taken)) if other else area
        )
    return say.listed(told)


def _stage(say: Messages, stage: str) -> str:
    return say(f"area_stage.{stage}")


def derivation(say: Messages, indicator: str) -> str:
    """Formula and source of an indicator of ``method.functions``."""
    return say("method.told", formula=method.formula(indicator), source=method.source(indicator))


def position(say: Messages, center: pd.Series) -> str:
    """In which area a center may lie, and by what precision."""
    kind, exact = center["area_kind"], center["position_precision"] == "site"
    key = "area_unknown" if pd.isna(kind) else "area"
    if kind == "circle":
        key = "area_circle" if exact else "area_unlisted"
    elif kind in ("village", "subdistrict"):
        key = "area_estimated"
    return say(
        f"place.{key}",
        precision=say.code("precision", center["position_precision"]),
        area=center["area_name"],
        km=say.number(center["area_radius_km"], 1),
    )


def used_for(say: Messages, use: object, source: str) -> str:
    """What a claim is used for while scores come from ``source``, one of ``composite.SOURCES``."""
    unused = use == "published_score" and source != PUBLISHED
    return say("used_for.printed_score") if unused else say.code("used_for", use)


def certainty(say: Messages, unsure: bool, chance: float) -> str:
    """How sure it is that the nearest zone is the nearest."""
    if not unsure:
        return say("linkage.sure")
    if pd.isna(chance):
        return say("linkage.unsure")
    if chance > 0.99:
        return say("linkage.unsure_most")
    return say("linkage.unsure_chance", percent=say.number(100 * chance, 0))


def list_names(say: Messages, centers: pd.DataFrame) -> pd.Series | None:
    """Name of the list that each center is of; None where all are of one."""
    if "list" not in centers or centers["list"].nunique(dropna=False) < 2:
        return None
    return centers["list"].fillna(say("lists.shipped"))
