#!/usr/bin/env python3
"""Draws docs/house.svg from the includes of the sources: docs/house.py

A room stands above all that it uses. An arrow goes to each room that it uses and that no other arrow leads to already.
"""
import html
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PURPOSE = {
    "program": "the verbs, and the pages they print",
    "postprocess": "ParaView files, pictures, report",
    "surrogate/design": "goal, search, confirmation",
    "surrogate/grading": "porosity free in every cell",
    "surrogate/dataset": "design space, campaigns, samples",
    "surrogate/gate": "surrogate with honest intervals",
    "surrogate/learners": "what learns, each with its options",
    "surrogate/network": "neural networks, training",
    "surrogate/process": "Gaussian processes of values and slopes",
    "solver": "Case -> Results; accuracy",
    "solver/results": "files of a run",
    "solver/march": "time steps, Newton, protocol",
    "solver/newman": "the governing equations",
    "solver/newman/observables": "what a state gives in numbers",
    "solver/figures": "what follows without solving",
    "solver/record": "a run's results, plain",
    "solver/linear": "block systems and their solvers",
    "solver/laws": "laws of materials, electrolyte",
    "solver/case": "what the user wrote",
    "solver/cell/bpx": "BPX files: read and judged",
    "solver/cell": "a cell's parameters, plain",
    "solver/text": "TOML, JSON, units, expressions",
    "meshes/gmsh": "meshes from Gmsh files",
    "meshes": "cells, faces, halo, quality",
    "meshes/channels": "shapes of channels",
    "solver/base": "errors, ranks, owners of handles",
}
TINT = {"solver": "#e8f0fa", "meshes": "#eef6e6", "surrogate": "#fbeee0", "postprocess": "#f3eaf7", "program": "#f6f6f6"}
W, H, GAP_X, GAP_Y, MARGIN = 226, 50, 22, 44, 20


def arrows():
    """Rooms, and which of them each uses."""
    uses = {}
    for top in TINT:
        for folder, _, files in os.walk(os.path.join(ROOT, top)):
            room = os.path.relpath(folder, ROOT)
            for name in files:
                if not name.endswith((".cpp", ".hpp")):
                    continue
                uses.setdefault(room, set())
                with open(os.path.join(folder, name), encoding="utf-8") as source:
                    for included in re.findall(r'^#include "([^"]+)"', source.read(), re.M):
                        if os.path.dirname(included) != room:
                            uses[room].add(os.path.dirname(included))
    return uses


def reach(uses, room):
    found = set()
    for other in uses[room]:
        found |= {other} | reach(uses, other)
    return found


def main():
    uses = arrows()
    direct = {room: {o for o in others if not any(o in reach(uses, p) for p in others)} for room, others in uses.items()}
    level = {}

    def level_of(room):
        if room not in level:
            level[room] = 1 + max((level_of(o) for o in uses[room]), default=-1)
        return level[room]

    for room in uses:
        level_of(room)
    for room in sorted(uses, key=level_of, reverse=True):  # as high as who uses it allows: arrows stay short
        users = [level[r] for r in uses if room in uses[r]]
        if users and uses[room]:
            level[room] = min(users) - 1
    top = max(level.values())
    rows = [sorted(r for r in uses if level[r] == k) for k in range(top, -1, -1)]
    place = {}
    for _ in range(20):  # each room near the middle of its neighbours
        for row in rows:
            def wanted(room):
                near = [place[o] for o in sorted(direct[room]) + sorted(r for r in uses if room in direct[r]) if o in place]
                return sum(near) / len(near) if near else 0.5
            row.sort(key=wanted)
            for k, room in enumerate(row):
                place[room] = (k + 0.5) / len(row)
    width = 2 * MARGIN + max(len(r) for r in rows) * (W + GAP_X) - GAP_X
    height = 2 * MARGIN + len(rows) * (H + GAP_Y) - GAP_Y
    x, y = {}, {}
    for k, row in enumerate(rows):
        for i, room in enumerate(row):
            x[room] = width / 2 + (i - (len(row) - 1) / 2) * (W + GAP_X)
            y[room] = MARGIN + k * (H + GAP_Y) + H / 2
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
           'font-family="DejaVu Sans, Helvetica, sans-serif">',
           '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
           '<path d="M0 0 L8 4 L0 8 z" fill="#8a8f98"/></marker></defs>',
           f'<rect width="{width}" height="{height}" fill="white"/>']
    for room in sorted(uses):
        for other in sorted(direct[room]):
            x0, y0, x1, y1 = x[room], y[room] + H / 2, x[other], y[other] - H / 2
            bend = (y1 - y0) / 2
            out.append(f'<path d="M{x0:.0f} {y0:.0f} C{x0:.0f} {y0 + bend:.0f} {x1:.0f} {y1 - bend:.0f} {x1:.0f} {y1:.0f}" '
                       'fill="none" stroke="#8a8f98" stroke-width="1.2" marker-end="url(#tip)"/>')
    for room in sorted(uses):
        tint = TINT[room.split("/")[0]]
        out.append(f'<rect x="{x[room] - W / 2:.0f}" y="{y[room] - H / 2:.0f}" width="{W}" height="{H}" rx="6" '
                   f'fill="{tint}" stroke="#5b6470"/>')
        out.append(f'<text x="{x[room]:.0f}" y="{y[room] - 4:.0f}" text-anchor="middle" font-size="14" '
                   f'font-weight="bold" fill="#20252c">{html.escape(room)}</text>')
        out.append(f'<text x="{x[room]:.0f}" y="{y[room] + 14:.0f}" text-anchor="middle" font-size="11.5" '
                   f'fill="#454c56">{html.escape(PURPOSE[room])}</text>')
    out.append("</svg>\n")
    with open(os.path.join(ROOT, "docs", "house.svg"), "w", encoding="utf-8") as file:
        file.write("\n".join(out))


if __name__ == "__main__":
    main()
