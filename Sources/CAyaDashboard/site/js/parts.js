// Small parts that several pages share.

import { h, setText } from "./dom.js";
import { chart } from "./chart.js";
import * as format from "./format.js";
import { chooseRange, hasHistory, line, quotient, range, ranges, samples, want } from "./series.js";
import { serverTone } from "./words.js";

/** The head of a page: its name, a line about it, and what can be done. */
export function pageHead(title, { crumb, lead, actions } = {}) {
    return h("div", { class: "page-head" },
        h("div", { class: "grow" },
            crumb && h("a", { class: "crumb", href: `#/${crumb.id}` }, `← ${crumb.title}`),
            h("h1", {}, title), lead),
        actions);
}

/** Which time the charts show. */
export function rangeChoice() {
    const buttons = ranges.map((one) => h("button", {
        type: "button", "aria-pressed": "false", onclick: () => chooseRange(one),
    }, one.label));
    const node = h("div", { class: "choice", role: "group", "aria-label": "Time shown" }, buttons);
    const update = () => buttons.forEach((button, place) =>
        button.setAttribute("aria-pressed", ranges[place] === range() ? "true" : "false"));
    update();
    return { node, update };
}

/**
 * Charts over series of one prefix (`pools/web`). `kinds` names what is drawn: see `figures` below.
 */
export function figureSet(prefix, kinds, { columns } = {}) {
    const made = kinds.map((kind) => ({ ...figures[kind], chart: chart(figures[kind]) }));
    const node = h("div", { class: `figures${columns === 3 ? " three" : ""}` }, made.map((one) => one.chart.node));
    const names = [...new Set(made.flatMap((one) => one.metrics))].map((metric) => `${prefix}/${metric}`);
    return {
        node,
        update(cause) {
            const shown = range();
            // Long ranges change slowly.
            if (cause === "sample" && shown.id !== "5m") { want(names); return; }
            if (cause && !["sample", "history"].includes(cause)) return;
            want(names);
            const to = shown.id === "5m" ? samples.now : Date.now() / 1000;
            const hint = shown.id === "5m" ? "The first figures come in a moment"
                : hasHistory() === false ? "No history is kept here: history in the configuration turns it on"
                    : "Nothing is remembered of this time";
            for (const one of made) {
                const lines = one.metrics.map((metric) => line(`${prefix}/${metric}`));
                one.chart.update({
                    from: to - shown.seconds, to, hint, lines: one.combine ? one.combine(lines) : lines,
                    step: shown.id === "5m" ? 2 : shown.step,
                });
            }
        },
    };
}

const figures = {
    requests: {
        title: "Requests", unit: format.perSecond, metrics: ["requests"], lines: [{ name: "all", hue: "indigo" }],
    },
    errors: {
        title: "Errors", unit: format.share, least: 0.01, metrics: ["errors", "client_errors", "requests"],
        lines: [{ name: "failed", hue: "cinnabar", isPeak: true }, { name: "by clients", hue: "amber", isPeak: true }],
        combine: ([errors, faults, requests]) => [quotient(errors, requests), quotient(faults, requests)],
    },
    serverErrors: {
        title: "Errors", unit: format.share, least: 0.01, metrics: ["errors", "requests"],
        lines: [{ name: "failed", hue: "cinnabar", isPeak: true }],
        combine: ([errors, requests]) => [quotient(errors, requests)],
    },
    latency: {
        title: "Latency", unit: format.seconds, least: 0.001, metrics: ["latency_p99", "latency_p50"],
        lines: [{ name: "p99", hue: "plum", isPeak: true }, { name: "p50", hue: "teal" }],
    },
    saturation: {
        title: "Saturation", unit: format.share, least: 0.89, metrics: ["saturation"],
        lines: [{ name: "of what it could carry", hue: "moss", isPeak: true }],
    },
    load: {
        title: "Work", unit: format.count, grain: "count", metrics: ["in_flight", "connections"],
        lines: [{ name: "in flight", hue: "indigo" }, { name: "connections", hue: "teal" }],
    },
    running: {
        title: "In flight", unit: format.count, grain: "count", metrics: ["in_flight"],
        lines: [{ name: "in flight", hue: "moss" }],
    },
    connections: {
        title: "Connections", unit: format.count, grain: "count", metrics: ["connections"],
        lines: [{ name: "open", hue: "teal" }],
    },
    traffic: {
        title: "Traffic", unit: format.bytesPerSecond, grain: "bytes", least: 1024, metrics: ["bytes_out", "bytes_in"],
        lines: [{ name: "sent", hue: "indigo" }, { name: "received", hue: "teal" }],
    },
};

/** A cell for each server, coloured by its state; the words are for those who do not see it. */
export function strip(servers) {
    const well = servers.filter((one) => one.state === "available").length;
    return h("span", { class: "strip", role: "img", "aria-label": `${well} of ${servers.length} servers take work` },
        servers.slice(0, 60).map((one) =>
            h("i", { "data-tone": serverTone(one.state), title: `${one.address} ${one.state}` })));
}

export function button(words, onclick, more) { return h("button", { type: "button", onclick, ...more }, words); }

export function chips(words) {
    return h("span", { class: "chips" }, words.map((word) => h("span", { class: "chip" }, word)));
}

/** A part of a page with a title; `aside`: what stands beside it. */
export function sheet(title, { aside } = {}, ...content) {
    return h("section", { class: "sheet", "aria-label": title },
        h("div", { class: "head" }, h("h2", { class: "grow" }, title), aside), content);
}

/** What would be here, and how to get it. */
export function empty(title, text, sample) {
    return h("div", { class: "empty" },
        h("h3", {}, title), h("p", {}, text), sample && h("pre", { tabindex: "0" }, sample));
}

/**
 * A field that picks from a long list, and shows itself only beside one; `words`: what is looked through.
 * `most` are shown at once, so that a large Aya does not make a slow page.
 */
export function finder(words, { least = 20, most = 200, changed }) {
    const field = h("input", { type: "search", "aria-label": "Find", placeholder: "Find", oninput: () => changed() });
    const rest = h("p", { class: "small soft rest", hidden: true });
    const bar = h("div", { class: "find", hidden: true }, field);
    return {
        bar, rest,
        pick(list) {
            bar.hidden = list.length <= least;
            const wanted = field.value.trim().toLowerCase();
            const found = wanted ? list.filter((one) => words(one).toLowerCase().includes(wanted)) : list;
            rest.hidden = found.length > 0 && found.length <= most;
            setText(rest, found.length === 0 ? (list.length > 0 ? "Nothing has this name." : "")
                : `and ${found.length - most} more`);
            return found.slice(0, most);
        },
    };
}

/** A table, or what is shown while it has no rows; neither before that is known. */
export function tableOr(rows, none, words = (row) => row.name) {
    let all = [];
    const find = finder(words, { changed: () => rows.update(find.pick(all)) });
    const body = h("div", { class: "table-wrap", hidden: true }, find.bar, rows.node, find.rest);
    none.hidden = true;
    return {
        parts: [body, none],
        update(list) {
            all = list;
            body.hidden = list.length === 0;
            none.hidden = list.length > 0;
            rows.update(find.pick(list));
        },
    };
}

/** Keys and values as a configuration has them, with dots: `timeouts.connect`. */
export function flattened(value, prefix = "") {
    if (value === null || typeof value !== "object") return [[prefix, String(value)]];
    if (Array.isArray(value)) {
        if (value.every((one) => typeof one !== "object")) return [[prefix, value.length ? value.join(", ") : "none"]];
        return value.flatMap((one, place) => flattened(one, `${prefix}[${place}]`));
    }
    const entries = Object.entries(value);
    if (entries.length === 0) return [[prefix, "on"]];
    return entries.flatMap(([key, inner]) => flattened(inner, prefix ? `${prefix}.${key}` : key));
}

export function facts(pairs) {
    return h("dl", { class: "facts" }, pairs.map(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]));
}

/** What is configured of a thing, every default included. */
export function settings(title, values, leaveOut = []) {
    const pairs = Object.entries(values ?? {}).filter(([key]) => !leaveOut.includes(key))
        .flatMap(([key, value]) => flattened(value, key));
    const on = pairs.filter(([, value]) => !["off", "none", "false", "[]"].includes(value));
    const off = pairs.filter((pair) => !on.includes(pair)).map(([key]) => key);
    return h("section", { class: "sheet", "aria-label": title },
        h("div", { class: "head" }, h("h2", {}, title), h("span", { class: "soft small" }, "with every default")),
        h("div", { class: "body page" }, facts(on),
            off.length > 0 && h("p", { class: "small soft" }, "Off: ", chips(off))));
}
