#!/usr/bin/env python3
"""Draws docs/images/report.svg from the report of a real run.

    ./dev run --once --report /tmp/report.json
    python3 tools/draw_report.py /tmp/report.json > docs/images/report.svg

One column a revolution: how often the version that serves is right, and below it what the gate and
the experiments said in that revolution.
"""

import json
import sys
from html import escape

WIDTH, LEFT, RIGHT = 880, 24, 24
PLOT_TOP, PLOT_HEIGHT = 74, 120
EVENTS_TOP, LINE = 246, 20
INK, FAINT, PAPER = "#1f2328", "#6e7781", "#ffffff"
COLOURS = {
    "PASS": "#1a7f37",
    "SHIP": "#1a7f37",
    "BLOCK": "#cf222e",
    "ROLLBACK": "#cf222e",
    "CONTINUE": "#9a6700",
    "HOLD": "#8250df",
    "STOP_FUTILE": "#6e7781",
    "INCONCLUSIVE": "#9a6700",
}


def text(x, y, content, size=13, colour=INK, weight="normal", anchor="start"):
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(content)}</text>'
    )


def events(revolution):
    """What the services said of candidates, in the order in which they did."""
    for experiment in revolution["experiment"]:
        sessions = experiment["control_units"] + experiment["candidate_units"]
        evidence = f"experiment, {sessions:,} sessions"
        yield experiment["candidate"], experiment["recommendation"], evidence
    for verdict in revolution["gate"]:
        evidence = f"gate, {revolution['eval_rows']:,} cases"
        yield verdict["candidate"], verdict["decision"], evidence


def draw(report):
    revolutions = report["revolutions"]
    column = (WIDTH - LEFT - RIGHT) / (len(revolutions) + 1)
    most = max(len(list(events(revolution))) for revolution in revolutions)
    height = EVENTS_TOP + most * 2 * LINE
    points = [("start", "v0", report["first_accuracy"])]
    for revolution in revolutions:
        name = f"revolution {revolution['number']}"
        points.append((name, revolution["serving_version"], revolution["accuracy"]))
    first, last = points[0][2], points[-1][2]
    title = f"A support agent that learns from {report['customers']} simulated customers"
    told = (
        f"{report['queries']:,} queries, {report['seeds']} seed examples; accuracy on "
        f"{report['test_queries']} others went from {first:.3f} to {last:.3f}"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="ui-sans-serif, system-ui, sans-serif">',
        f"<title>{escape(told)}</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{PAPER}" stroke="#d0d7de"/>',
        text(LEFT, 34, title, 17, weight="bold"),
        text(LEFT, 55, told, 13, FAINT),
    ]
    bottom = PLOT_TOP + PLOT_HEIGHT
    for index, (name, version, accuracy) in enumerate(points):
        x, tall = LEFT + index * column, accuracy * PLOT_HEIGHT
        better = index > 0 and accuracy > points[index - 1][2]
        colour = "#2da44e" if better else "#8c959f"
        parts += [
            f'<rect x="{x:.0f}" y="{bottom - tall:.0f}" width="{column - 24:.0f}" '
            f'height="{tall:.0f}" rx="3" fill="{colour}"/>',
            text(x + 10, bottom - tall + 22, f"{accuracy:.3f}", 15, PAPER, "bold"),
            text(x + 10, bottom - tall + 40, f"{version} serves", 12, PAPER),
            text(x, bottom + 20, name, 13, weight="bold"),
        ]
        if index == 0:
            continue
        y = EVENTS_TOP - 10
        for candidate, answer, evidence in events(revolutions[index - 1]):
            parts += [
                text(x, y, f"{candidate}: {answer}", 12.5, COLOURS.get(answer, INK), "bold"),
                text(x, y + 15, evidence, 11.5, FAINT),
            ]
            y += 2 * LINE
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(draw(json.load(file)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
