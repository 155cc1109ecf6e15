"""Where groups agree: their ranks side by side, and how far they differ for each center."""

import pandas as pd

from ikmgeo.measures.scoring import rank


def ranks(scores: pd.DataFrame) -> pd.DataFrame:
    """Rank of each center in each group's scores, 1 the best; NaN where it has no score.

    ``scores`` has a center per row and a group per column.
    """
    return scores.apply(rank).astype(float)


def spread(ranks: pd.DataFrame) -> pd.DataFrame:
    """How far the groups' ranks of each center lie apart, most first.

    Returns
    -------
    pandas.DataFrame
        ``best``, ``worst``, ``mean``, ``range`` (worst - best) and ``groups`` (how many rank it);
        NaN but for ``groups`` where fewer than two do.
    """
    groups = ranks.notna().sum(axis=1)
    compared = ranks.where(groups >= 2)
    best, worst = compared.min(axis=1), compared.max(axis=1)
    table = pd.DataFrame(
        {
            "best": best,
            "worst": worst,
            "mean": compared.mean(axis=1),
            "range": worst - best,
            "groups": groups,
        }
    )
    return table.sort_values("range", ascending=False, na_position="last", kind="stable")


def concordance(ranks: pd.DataFrame) -> float:
    """Kendall's W of the centers that all groups rank: 1 full agreement, 0 none.

    Ranks are made anew among those centers, ties share their mean rank, and the sum is corrected
    for ties. NaN with fewer than two groups or centers, or when a group ranks all alike.

    Notes
    -----
    W = 12·Σ (R - Σ R / n)² / (m²·(n³ - n) - m·Σ (t³ - t))

    References
    ----------
    Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10; Siegel and Castellan
    (1988), Nonparametric Statistics, 9.6.
    """
    common = ranks.dropna().rank()
    centers, groups = common.shape
    if centers < 2 or groups < 2:
        return float("nan")
    sums = common.sum(axis=1)
    ties = sum(
        float((counts**3 - counts).sum())
        for counts in (common[group].value_counts().to_numpy() for group in common)
    )
    if any(common[group].nunique() == 1 for group in common):
        return float("nan")
    deviation = float(((sums - sums.mean()) ** 2).sum())
    return float(12 * deviation / (groups**2 * (centers**3 - centers) - groups * ties))


def shifts(ranks: pd.DataFrame, baseline: pd.Series) -> pd.DataFrame:
    """Places by which each group moves each center up (above 0) or down from the baseline."""
    return -ranks.sub(baseline.astype(float), axis=0)


def weight_spread(weights: pd.DataFrame) -> pd.DataFrame:
    """Lowest, mean and highest weight of each aspect; ``weights`` has a group per row, sum 100."""
    found = weights.agg(["min", "mean", "max"]).T
    return found.set_axis(["low", "mean", "high"], axis=1)
