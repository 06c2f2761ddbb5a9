// Pools and their servers: who takes work, who does not and why, and the hands to change it.

import { h, fill, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { addServer, drain, endDrain, removeServer, setWeight } from "../changes.js";
import { amount, failed, latest, linkTo, trend } from "../columns.js";
import { empty, figureSet, finder, pageHead, rangeChoice, settings } from "../parts.js";
import { ranges, samples, want } from "../series.js";
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
    const find = finder(wordsOf, { least: 8, most: 40, changed: () => update() });
    const node = h("div", { class: "page" }, pageHead("Pools", { lead, actions: find.bar }), list, find.rest);
    let sections = new Map();

    function update(cause) {
        if (!state.status || (cause === "sample" && !state.hasLive)) return;
        const all = state.status.pools;
        const servers = all.flatMap((pool) => pool.servers);
        const size = `${format.plural(servers.length, "server")} in ${format.plural(all.length, "pool")}`;
        setText(lead, all.length ? size : "");
        const pools = find.pick(all);
        const names = pools.map((pool) => pool.name).join("\n");
        if (names !== [...sections.keys()].join("\n") || all.length === 0) {
            sections = new Map(pools.map((pool) => [pool.name, sections.get(pool.name) ?? section(pool)]));
            fill(list, [...sections.values()].map((one) => one.node), all.length === 0 && none());
        }
        for (const pool of pools) sections.get(pool.name).update(pool);
    }

    return { node, update };
}

/** What a pool is found by. */
function wordsOf(pool) {
    return [pool.name, pool.balance, ...pool.servers.flatMap((one) => [one.address, one.state])].join(" ");
}

function none() {
    return h("section", { class: "sheet" }, empty("No pools yet",
        "A pool is a group of servers that do the same work. Write one into the configuration and reload:", sample));
}

function openOne(name) {
    const choice = rangeChoice();
    const one = section({ name }, { isAlone: true });
    const charts = figureSet(`pools/${name}`, ["requests", "serverErrors", "latency", "running"]);
    const configured = h("div", {});
    const missing = h("p", { class: "soft", hidden: true }, "There is no such pool any more.");
    const node = h("div", { class: "page" },
        pageHead(name, { crumb: { id: "pools", title: "Pools" }, actions: choice.node }),
        missing, charts.node, one.node, configured);
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
            h("h2", {}, isAlone ? "Servers" : linkTo("pools", name)), summary,
            h("button", { type: "button", class: "quiet", onclick: () => addServer(name) }, "Add a server")),
        h("div", { class: "table-wrap" }, rows.node));
    return {
        node,
        update(pool) {
            const rate = samples.latest(`pools/${name}/requests`), slow = samples.latest(`pools/${name}/latency_p99`);
            setText(summary, [
                pool.balance, format.perSecond(rate), `p99 ${format.seconds(slow)}`,
                pool.retries > 0 && `${format.count(pool.retries)} retried`, pool.panic && "verdicts ignored: panic",
            ].filter(Boolean).join(" · "));
            want(pool.servers.slice(0, 100).map((one) => seriesName(name, one, "requests")), ranges[0]);
            rows.update(pool.servers);
        },
    };
}

const seriesName = (pool, server, metric) => `servers/${pool}/${server.address}/${metric}`;

function servers(pool) {
    const series = (server, metric) => seriesName(pool, server, metric);
    return table({
        label: `Servers of ${pool}`, isAligned: true, key: (server) => server.address,
        columns: [
            {
                id: "state", title: "State", isUnlabelled: true, sort: (server) => server.state,
                cell: (server) => stateLabel(server.state, serverTone(server.state)),
            },
            {
                id: "address", title: "Server", isUnlabelled: true, isWide: true, sort: (server) => server.address,
                cell: (server) => h("span", {}, h("span", { class: "number" }, server.address), why(server)),
            },
            {
                id: "weight", title: "Weight", kind: "amount", sort: (server) => server.weight,
                make: (server) => weightButton(pool, server),
            },
            amount("running", "In flight", (server) => server.in_flight),
            latest("requests", "Requests", series, "requests", format.perSecond),
            failed("Failed", series),
            latest("p50", "p50", series, "latency_p50", format.seconds),
            latest("p99", "p99", series, "latency_p99", format.seconds),
            trend((server) => series(server, "requests")),
            {
                id: "actions", title: "", spoken: "Actions", kind: "actions",
                make: (server) => actions(pool, server),
            },
        ],
    });
}

/** Why it is out, or what went wrong on it most. */
function why(server) {
    const lines = [];
    if (server.state !== "available") {
        const since = server.since && `since ${format.moment(server.since)}`;
        lines.push([server.reason, since].filter(Boolean).join(", "));
    }
    const [worst] = Object.entries(server.failures ?? {}).sort((a, b) => b[1] - a[1]);
    if (worst) lines.push([`${format.count(worst[1])} × ${worst[0]}`, reasons[worst[0]]].filter(Boolean).join(", "));
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
    const toggle = h("button", {
        type: "button", onclick: () => (isDraining() ? endDrain : drain)(pool, now.address),
    });
    const remove = h("button", {
        type: "button", class: "quiet", "aria-label": `Remove ${server.address}`, title: "Remove",
        onclick: () => removeServer(pool, now.address, now.weight),
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
