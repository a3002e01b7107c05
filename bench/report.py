"""The one JSON line that a benchmark prints for each result."""

import json


def report(  # noqa: PLR0913 the fields of the line
    bench: str,
    case: str,
    figure: float,
    unit: str,
    *,
    against: str,
    against_figure: float,
    aim: float | None = None,
    least: float | None = None,
) -> None:
    """Print the line. `against` ran beside it.

    `aim` is the most that the figure may be, or `least` the least.
    """
    holds = None
    if aim is not None:
        holds = figure <= aim
    elif least is not None:
        holds = figure >= least
    line = {
        "bench": bench,
        "case": case,
        "figure": round(figure, 3),
        "unit": unit,
        "against": against,
        "against_figure": round(against_figure, 3),
        "ratio": round(figure / against_figure, 2) if against_figure else None,
        "aim": aim if least is None else least,
        "holds": holds,
    }
    print(json.dumps(line), flush=True)
