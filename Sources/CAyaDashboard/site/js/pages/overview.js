// One look: is all well, and if not, what is not and why.

import { h, fill, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { latest, linked, trend } from "../columns.js";
import { eventItem } from "./events.js";
import { empty, figureSet, rangeChoice, strip } from "../parts.js";
import { ranges, samples, want } from "../series.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { expiryTone, isOut, serverTone, stateLabel } from "../words.js";

const sample = `listeners: { web: { bind: ":8080" } }
pools: { web: { servers: [127.0.0.1:9001, 127.0.0.1:9002] } }`;

export function open() {
    const title = h("h1", {}, "Overview"), lead = h("p", { class: "soft" });
    const troubles = h("ul", { class: "troubles" });
    const verdict = h("div", { class: "verdict grow" }, title, lead);
    const choice = rangeChoice();
    const charts = figureSet("aya", ["requests", "errors", "latency", "saturation", "load", "traffic"], { columns: 3 });
    const poolTable = pools();
    const poolSheet = h("section", { class: "sheet", "aria-label": "Pools" },
        h("div", { class: "head" }, h("h2", { class: "grow" }, "Pools"),
            h("a", { class: "small", href: "#/pools" }, "All servers")));
    const feed = h("ol", { class: "feed" });
    const eventSheet = h("section", { class: "sheet", "aria-label": "Events" },
        h("div", { class: "head" }, h("h2", { class: "grow" }, "Events"),
            h("a", { class: "small", href: "#/events" }, "All events")), feed);
    const node = h("div", { class: "page" },
        h("div", { class: "page-head" }, verdict, choice.node), troubles, charts.node,
        h("div", { class: "columns" }, poolSheet, eventSheet));
    let isTold = null, newest = null;

    function tellPools(status) {
        const has = status.pools.length > 0;
        if (isTold !== has) {
            isTold = has;
            if (poolSheet.children.length > 1) poolSheet.lastChild.remove();
            poolSheet.append(has ? h("div", { class: "table-wrap" }, poolTable.node) : empty("No pools yet",
                "A pool is a group of servers that do the same work. Two lines are a working load balancer:", sample));
        }
        if (!has) return;
        const shown = foremost(status.pools);
        want(shown.map((pool) => `pools/${pool.name}/requests`), ranges[0]);
        poolTable.update(shown);
    }

    return {
        node,
        update(cause) {
            choice.update();
            charts.update(cause);
            if (!state.status) return;
            if (cause !== "sample" || state.hasLive) tellPools(state.status);
            tellVerdict(state.status, verdict, title, lead, troubles);
            if (newest !== (state.events[0] ?? "none")) {
                newest = state.events[0] ?? "none";
                fill(feed, state.events.length ? state.events.slice(0, 9).map((event) => eventItem(event))
                    : h("li", {}, h("span"), h("span", { class: "soft" }, "Nothing has happened yet.")));
            }
        },
    };
}

const mostPools = 12;

/** All of a few pools; of many, those with servers that are out, then those with the most work. */
function foremost(pools) {
    if (pools.length <= mostPools) return pools;
    const out = (pool) => pool.servers.filter((one) => isOut(one.state)).length;
    const work = (pool) => samples.latest(`pools/${pool.name}/requests`) ?? 0;
    return pools.toSorted((a, b) => out(b) - out(a) || work(b) - work(a)).slice(0, mostPools);
}

function tellVerdict(status, verdict, title, lead, list) {
    const troubles = findTroubles(status);
    const pressing = troubles.filter((one) => one.tone === "bad" || one.tone === "warn");
    const worst = pressing.some((one) => one.tone === "bad") ? "bad" : pressing.length > 0 ? "warn" : "good";
    setAttribute(verdict, "data-tone", worst);
    const words = pressing.length === 0 ? "All is well"
        : pressing.length === 1 ? "One thing needs a look" : `${format.count(pressing.length)} things need a look`;
    setText(title, status.state === "ready" ? words : `Aya is ${status.state}`);
    const servers = status.pools.flatMap((pool) => pool.servers);
    const taking = servers.filter((one) => one.state === "available" || one.state === "full").length;
    setText(lead, [
        `${taking} of ${format.plural(servers.length, "server")} take work`,
        `up for ${format.span(status.uptime_seconds)}`,
        format.plural(status.workers, "worker"),
    ].join(" · "));
    const items = troubles.slice(0, 8).map((one) => h("li", {},
        stateLabel(one.state, one.tone), h("a", { href: one.href }, one.subject),
        h("span", { class: "why" }, one.why)));
    const more = troubles.length > 8 ? [h("li", { class: "soft" }, `and ${troubles.length - 8} more`)] : [];
    const next = h("ul", {}, items, more);
    if (!sameChildren(list, next)) fill(list, [...next.children]);
    list.hidden = troubles.length === 0;
}

function sameChildren(one, other) {
    return one.children.length === other.children.length
        && [...one.children].every((child, place) => child.isEqualNode(other.children[place]));
}

/** Everything that an operator should look at, the worst first. */
function findTroubles(status) {
    const found = (status.silent_workers ?? []).map((worker) => ({
        tone: "bad", state: "silent", subject: `worker ${worker}`, href: "#/events",
        why: "it does not answer, and its connections wait",
    }));
    for (const pool of status.pools) {
        const href = `#/pools/${encodeURIComponent(pool.name)}`;
        const problem = (state, why) => found.push({ tone: "bad", state, subject: pool.name, why, href });
        if (pool.servers.length > 0 && pool.servers.every((one) => isOut(one.state))) {
            problem("no server", "no server of this pool takes work");
        } else if (pool.panic) {
            problem("panic", "so many servers look bad that verdicts are ignored");
        }
        for (const one of pool.servers) {
            if (one.state === "available") continue;
            found.push({
                tone: serverTone(one.state), state: one.state, subject: `${pool.name}/${one.address}`, href,
                why: [one.reason, one.since && `since ${format.moment(one.since)}`].filter(Boolean).join(", "),
            });
        }
    }
    for (const one of status.certificates) {
        const tone = expiryTone(one.seconds_left);
        if (tone === "good" && !one.problem) continue;
        const left = one.seconds_left > 0 ? `${format.span(one.seconds_left)} left` : "expired";
        found.push({
            tone: tone === "good" ? "warn" : tone, state: "certificate", subject: one.certificate,
            href: "#/certificates", why: [left, one.problem].filter(Boolean).join(", "),
        });
    }
    for (const one of state.alerts ?? []) {
        if (one.state !== "firing") continue;
        const subject = [one.name.replaceAll("_", " "), one.subject].filter(Boolean).join(" ");
        found.push({ tone: "bad", state: "alert", subject, why: one.reason ?? "", href: "#/events" });
    }
    const weight = { bad: 0, warn: 1, calm: 2, good: 3 };
    return found.sort((a, b) => weight[a.tone] - weight[b.tone]);
}

function pools() {
    const series = (pool, metric) => `pools/${pool.name}/${metric}`;
    return table({
        label: "Pools", key: (pool) => pool.name,
        columns: [
            linked("Pool", "pools", { isWide: true, sort: null }),
            { id: "servers", title: "Servers", cell: (pool) => strip(pool.servers) },
            trend((pool) => series(pool, "requests")),
            { ...latest("requests", "Requests", series, "requests", format.perSecond), sort: null },
            { ...latest("p99", "p99", series, "latency_p99", format.seconds), sort: null },
        ],
    });
}
