// Which requests go where, and what applies to them on the way.

import { h, fill, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { setRoute } from "../changes.js";
import { failed, latest, linked, linkTo, trend } from "../columns.js";
import { chips, empty, figureSet, pageHead, rangeChoice, settings, tableOr } from "../parts.js";
import { ranges, want } from "../series.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { reasons } from "../words.js";

export function open([name]) { return name ? openOne(name) : openAll(); }

const configured = (name) => state.config?.routes?.[name];

/** Of those that a change has taken out, only the name is left. */
function allRoutes() {
    const disabled = (state.status.disabled_routes ?? []).map((name) => ({ name, isDisabled: true }));
    return [...state.status.routes, ...disabled];
}

function openAll() {
    const rows = routes();
    const shown = tableOr(rows, empty("No routes",
        "Without routes a single pool takes everything. A route sends some requests elsewhere:",
        "routes:\n  api: { host: shop.example, path: /api/*, pool: api }"));
    const node = h("div", { class: "page" },
        pageHead("Routes", { lead: h("p", {}, "The most specific match wins; order never matters.") }),
        h("section", { class: "sheet", "aria-label": "Routes" }, shown.parts));
    return {
        node,
        update(cause) {
            if (!state.status || (cause === "sample" && !state.hasLive)) return;
            const list = allRoutes();
            want(list.map((one) => `routes/${one.name}/requests`), ranges[0]);
            shown.update(list);
        },
    };
}

const series = (route, metric) => `routes/${route.name}/${metric}`;

function routes() {
    return table({
        label: "Routes", key: (one) => one.name,
        columns: [
            linked("Route", "routes", {
                isWide: true,
                cell: (one) => h("span", {}, linkTo("routes", one.name), h("span", { class: "under" },
                    one.isDisabled ? "disabled by a change" : matchText(configured(one.name)))),
            }),
            { id: "goes", title: "Goes to", cell: (one) => goal(configured(one.name)) },
            {
                id: "policies", title: "Policies", isWide: true,
                cell: (one) => chips(policies(configured(one.name))),
            },
            latest("requests", "Requests", series, "requests", format.perSecond),
            failed("Errors", series),
            latest("p99", "p99", series, "latency_p99", format.seconds),
            trend((one) => series(one, "requests")),
            { id: "actions", title: "", spoken: "Actions", kind: "actions", make: (one) => toggle(one) },
        ],
    });
}

function toggle(route) {
    let now = route;
    const node = h("button", { type: "button", onclick: () => setRoute(now.name, Boolean(now.isDisabled)) });
    return {
        node,
        update(next) {
            now = next;
            const word = next.isDisabled ? "Enable" : "Disable";
            setText(node, word);
            setAttribute(node, "aria-label", `${word} route ${next.name}`);
        },
    };
}

const list = (value) => Array.isArray(value) ? value : value == null ? [] : [value];

/** `POST shop.example/cart/* with x-beta: 1 on web`. */
export function matchText(route) {
    if (!route) return "everything";
    const written = {
        headers: (name, value) => `${name}: ${value}`, cookies: (name, value) => `cookie ${name}: ${value}`,
        query: (name, value) => `?${name}=${value}`,
    };
    const conditions = Object.entries(written).flatMap(([kind, write]) =>
        Object.entries(route[kind] ?? {}).map(([name, value]) => write(name, value)));
    const text = [list(route.methods).join(", "), `${route.host ?? ""}${route.path ?? ""}`].filter(Boolean).join(" ");
    const rest = conditions.length > 0 && `with ${conditions.join(", ")}`;
    const listeners = list(route.listeners).length > 0 && `on ${list(route.listeners).join(" or ")}`;
    return [text || (rest ? "" : "everything"), rest, listeners].filter(Boolean).join(" ");
}

function goal(route) {
    if (!route) return "";
    if (route.redirect) return `${route.redirect.status ?? ""} → ${route.redirect.to ?? route.redirect}`;
    if (route.respond) return `answers ${route.respond.status ?? 200}`;
    const shares = Object.entries(typeof route.pool === "string" ? { [route.pool]: 1 } : route.pool ?? {});
    const all = shares.reduce((sum, [, weight]) => sum + Number(weight), 0);
    return h("span", {}, shares.map(([pool, weight], place) => [
        place > 0 && ", ", linkTo("pools", pool),
        shares.length > 1 && ` ${format.share(Number(weight) / all)}`,
    ]));
}

/** What differs from a route that only forwards. */
function policies(route) {
    if (!route) return [];
    const usual = new Set([
        "host", "path", "methods", "headers", "cookies", "query", "listeners", "pool", "redirect", "respond",
    ]);
    const off = new Set(["off", "none", "normal", "false", "0"]);
    const told = (key, value) => {
        const words = key.replaceAll("_", " ");
        if (key === "criticality") return value;
        return typeof value === "object" ? words : `${words} ${value}`;
    };
    return Object.entries(route).filter(([key, value]) => !usual.has(key) && !off.has(String(value)))
        .map(([key, value]) => told(key, value));
}

function openOne(name) {
    const choice = rangeChoice();
    const lead = h("p", {});
    const charts = figureSet(`routes/${name}`, ["requests", "errors", "latency", "running"]);
    const faults = h("div", {}), own = h("div", {}), inherited = h("div", {});
    const node = h("div", { class: "page" },
        pageHead(name, { crumb: { id: "routes", title: "Routes" }, lead, actions: choice.node }),
        charts.node, faults, own, inherited);
    let shown = null;
    return {
        node,
        update(cause) {
            choice.update();
            charts.update(cause);
            if (!state.status) return;
            const one = allRoutes().find((other) => other.name === name);
            setText(lead, !one ? "There is no such route any more."
                : one.isDisabled ? "Disabled by a change." : matchText(configured(name)));
            if (one && cause !== "sample") fill(faults, failures(one));
            const values = configured(name);
            if (!values || values === shown) return;
            shown = values;
            fill(own, settings("Effective policies", values));
            const pools = typeof values.pool === "string" ? [values.pool] : Object.keys(values.pool ?? {});
            fill(inherited, h("div", { class: "page" }, pools.map((pool) =>
                settings(`By its pool ${pool}`, state.config.pools?.[pool], ["servers"]))));
        },
    };
}

/** Why exchanges failed since the start, in the words of the access log. */
function failures(route) {
    const rows = Object.entries(route.failures ?? {}).filter(([code]) => code !== "ok")
        .sort((a, b) => b[1] - a[1]);
    if (rows.length === 0) return null;
    return h("section", { class: "sheet", "aria-label": "Failures" },
        h("div", { class: "head" }, h("h2", {}, "Failures"), h("span", { class: "soft small" }, "since the start")),
        h("div", { class: "body" }, h("dl", { class: "facts" }, rows.map(([code, count]) => [
            h("dt", {}, h("code", {}, code)),
            h("dd", {}, [format.count(count), reasons[code]].filter(Boolean).join(" · "))]))));
}
