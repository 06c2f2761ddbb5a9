// Columns that tables share.

import { h } from "./dom.js";
import { sparkline } from "./chart.js";
import * as format from "./format.js";
import { line, ranges, samples } from "./series.js";

/** A figure: at the right, sorted by its value, written by `write`. */
export function amount(id, title, value, write = format.count) {
    return { id, title, kind: "amount", sort: value, cell: (row) => write(value(row)) };
}

/** The latest of a series, which `series` names for a row and a metric. */
export function latest(id, title, series, metric, write) {
    return amount(id, title, (row) => samples.latest(series(row, metric)), write);
}

/** The share of requests that failed, at the moment. */
export function failed(title, series) {
    return amount("errors", title, (row) => {
        const errors = samples.latest(series(row, "errors")), all = samples.latest(series(row, "requests"));
        if (errors == null || all == null) return null;
        return all === 0 ? 0 : Math.min(1, errors / all);
    }, format.share);
}

/** The last minutes of a series as a line. */
export function trend(series) {
    return {
        id: "trend", title: "", spoken: "Last minutes",
        make: () => {
            const spark = sparkline();
            return { node: spark.node, update: (row) => spark.update(line(series(row), ranges[0])) };
        },
    };
}

/** What leads to a thing's own page. */
export function linked(title, page, more) {
    return {
        id: "name", title, isUnlabelled: true, sort: (row) => row.name, cell: (row) => linkTo(page, row.name), ...more,
    };
}

export function linkTo(page, name) { return h("a", { href: `#/${page}/${encodeURIComponent(name)}` }, name); }

const subjectForm = /^(listener|route|pool|server)s?[ /](.+)$/;

/** What alerts, advice and incidents speak of (`routes/cart`, `pool web`), leading to its page where it has one. */
export function subjectLink(subject) {
    const [, kind, name] = subjectForm.exec(subject) ?? [];
    if (!kind) return subject;
    const page = kind === "server" ? "pools" : `${kind}s`;
    const target = kind === "server" ? name.split("/")[0] : name;
    return h("a", { href: `#/${page}/${encodeURIComponent(target)}` }, subject);
}
