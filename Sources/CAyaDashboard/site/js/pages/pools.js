// Pools and their servers: who takes work, who does not and why, and the hands to change it.

import { h, fill, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { sparkline } from "../chart.js";
import { addServer, drain, endDrain, removeServer, setWeight } from "../changes.js";
import { empty, figureSet, pageHead, rangeChoice, settings } from "../parts.js";
import { line, ranges, samples, want } from "../series.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { reasons, serverTone, stateLabel } from "../words.js";

const sample = `pools:
  web:
    servers: [10.0.0.1:8080, 10.0.0.2:8080]
    health: { http: /healthz }`;

export function open([name]) { return name ? openOne(name) : openAll(); }

function openAll() {
    const lead = h("p", {});
    const list = h("div", {});
    const node = h("div", { class: "page" }, pageHead("Pools", { lead }), list);
    let sections = new Map();
    return {
        node,
        update(cause) {
            if (!state.status || (cause === "sample" && !state.hasLive)) return;
            const { pools } = state.status;
            const servers = pools.flatMap((pool) => pool.servers);
            setText(lead, pools.length ? `${format.plural(servers.length, "server")} in ${format.plural(pools.length, "pool")}` : "");
            if (pools.map((pool) => pool.name).join("\n") !== [...sections.keys()].join("\n") || pools.length === 0) {
                sections = new Map(pools.map((pool) => [pool.name, section(pool)]));
                fill(list, [...sections.values()].map((one) => one.node),
                    pools.length === 0 && h("section", { class: "sheet" },
                        empty("No pools yet", "A pool is a group of servers that do the same work. Write one into the configuration and reload:", sample)));
            }
            for (const pool of pools) sections.get(pool.name).update(pool);
        },
    };
}

function openOne(name) {
    const choice = rangeChoice();
    const one = section({ name }, { isAlone: true });
    const charts = figureSet(`pools/${name}`, ["requests", "serverErrors", "latency", "running"]);
    const configured = h("div", {});
    const missing = h("p", { class: "soft", hidden: true }, "There is no such pool any more.");
    const node = h("div", { class: "page" },
        pageHead(name, { crumb: { id: "pools", title: "Pools" }, actions: choice.node }), missing, charts.node, one.node, configured);
    let shown = null;
    return {
        node,
        update(cause) {
            choice.update();
            charts.update(cause);
            if (!state.status) return;
            const pool = state.status.pools.find((other) => other.name === name);
            missing.hidden = Boolean(pool);
            if (pool && (cause !== "sample" || state.hasLive)) one.update(pool);
            const values = state.config?.pools?.[name];
            if (values && values !== shown) {
                shown = values;
                fill(configured, settings("Effective policies", values, ["servers"]));
            }
        },
    };
}

function section({ name }, { isAlone } = {}) {
    const summary = h("span", { class: "soft small grow" });
    const rows = servers(name);
    const node = h("section", { class: "sheet pool", "aria-label": `Pool ${name}` },
        h("div", { class: "head" },
            h("h2", {}, isAlone ? "Servers" : h("a", { href: `#/pools/${encodeURIComponent(name)}` }, name)), summary,
            h("button", { type: "button", class: "quiet", onclick: () => addServer(name) }, "Add a server")),
        h("div", { class: "table-wrap" }, rows.node));
    return {
        node,
        update(pool) {
            const rate = samples.latest(`pools/${name}/requests`), slow = samples.latest(`pools/${name}/latency_p99`);
            setText(summary, [
                pool.balance, `${format.perSecond(rate)}`, `p99 ${format.seconds(slow)}`,
                pool.retries > 0 && format.plural(pool.retries, "retry").replace("retrys", "retries"), pool.panic && "verdicts ignored: panic",
            ].filter(Boolean).join(" · "));
            want(pool.servers.slice(0, 100).map((one) => seriesName(name, one, "requests")), ranges[0]);
            rows.update(pool.servers);
        },
    };
}

const seriesName = (pool, server, metric) => `servers/${pool}/${server.address}/${metric}`;

function servers(pool) {
    const figure = (server, metric) => samples.latest(seriesName(pool, server, metric));
    return table({
        label: `Servers of ${pool}`, isAligned: true, key: (server) => server.address,
        columns: [
            { id: "state", title: "State", isUnlabelled: true, cell: (server) => stateLabel(server.state, serverTone(server.state)), sort: (server) => server.state },
            { id: "address", title: "Server", isUnlabelled: true, isWide: true, sort: (server) => server.address, cell: (server) => h("span", {},
                h("span", { class: "number" }, server.address), why(server)) },
            { id: "weight", title: "Weight", kind: "amount", sort: (server) => server.weight, make: (server) => weightButton(pool, server) },
            { id: "running", title: "In flight", kind: "amount", sort: (server) => server.in_flight, cell: (server) => format.count(server.in_flight) },
            { id: "requests", title: "Requests", kind: "amount", sort: (server) => figure(server, "requests"), cell: (server) => format.perSecond(figure(server, "requests")) },
            { id: "errors", title: "Failed", kind: "amount", sort: (server) => failedShare(figure, server), cell: (server) => format.share(failedShare(figure, server)) },
            { id: "p50", title: "p50", kind: "amount", sort: (server) => figure(server, "latency_p50"), cell: (server) => format.seconds(figure(server, "latency_p50")) },
            { id: "p99", title: "p99", kind: "amount", sort: (server) => figure(server, "latency_p99"), cell: (server) => format.seconds(figure(server, "latency_p99")) },
            { id: "trend", title: "", spoken: "Requests in the last minutes", make: () => {
                const spark = sparkline();
                return { node: spark.node, update: (server) => spark.update(line(seriesName(pool, server, "requests"), ranges[0])) };
            } },
            { id: "actions", title: "", spoken: "Actions", kind: "actions", make: (server) => actions(pool, server) },
        ],
    });
}

function failedShare(figure, server) {
    const errors = figure(server, "errors"), all = figure(server, "requests");
    return errors == null || all == null ? null : all === 0 ? 0 : Math.min(1, errors / all);
}

/** Why it is out, or what went wrong on it most. */
function why(server) {
    const lines = [];
    if (server.state !== "available") {
        lines.push([server.reason, server.since && `since ${format.moment(server.since)}`].filter(Boolean).join(", "));
    }
    const [worst] = Object.entries(server.failures ?? {}).sort((a, b) => b[1] - a[1]);
    if (worst) lines.push(`${format.count(worst[1])} × ${reasons[worst[0]] ?? worst[0]}`);
    return lines.filter(Boolean).map((text) => h("span", { class: "under" }, text));
}

function weightButton(pool, server) {
    const node = h("button", { type: "button", class: "quiet number" });
    let now = server;
    node.addEventListener("click", () => setWeight(pool, now.address, now.weight));
    return {
        node,
        update(next) {
            now = next;
            setText(node, String(next.weight));
            setAttribute(node, "aria-label", `Weight of ${next.address}: ${next.weight}. Change it`);
        },
    };
}

function actions(pool, server) {
    let now = server;
    const isDraining = () => now.state === "draining";
    const toggle = h("button", { type: "button", onclick: () => (isDraining() ? endDrain : drain)(pool, now.address) });
    const remove = h("button", {
        type: "button", class: "quiet", "aria-label": `Remove ${server.address}`, title: "Remove", onclick: () => removeServer(pool, now.address, now.weight),
    }, "✕");
    return {
        node: h("span", {}, toggle, " ", remove),
        update(next) {
            now = next;
            setText(toggle, isDraining() ? "End drain" : "Drain");
            setAttribute(toggle, "aria-label", `${isDraining() ? "End draining" : "Drain"} ${next.address}`);
        },
    };
}
