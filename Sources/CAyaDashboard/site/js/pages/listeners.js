// Where clients come in.

import { h, fill, setText } from "../dom.js";
import * as format from "../format.js";
import { amount, latest, linked, trend } from "../columns.js";
import { empty, figureSet, pageHead, rangeChoice, settings, tableOr } from "../parts.js";
import { ranges, samples, want } from "../series.js";
import { state } from "../state.js";
import { table } from "../table.js";

export function open([name]) { return name ? openOne(name) : openAll(); }

function openAll() {
    const rows = listeners();
    const shown = tableOr(rows, empty("No listeners yet", "A listener is an address that clients connect to:",
        'listeners: { web: { bind: ":8080" } }'));
    const node = h("div", { class: "page" }, pageHead("Listeners"),
        h("section", { class: "sheet", "aria-label": "Listeners" }, shown.parts));
    return {
        node,
        update(cause) {
            if (!state.status || (cause === "sample" && !state.hasLive)) return;
            const list = state.status.listeners;
            want(list.map((one) => series(one, trendOf(one))), ranges[0]);
            shown.update(list);
        },
    };
}

const series = (listener, metric) => `listeners/${listener.name}/${metric}`;
const trendOf = (listener) => listener.protocol === "http" ? "requests" : "bytes_out";

function listeners() {
    const isHTTP = (one) => one.protocol === "http";
    return table({
        label: "Listeners", key: (one) => one.name,
        columns: [
            linked("Listener", "listeners"),
            {
                id: "address", title: "Address", sort: (one) => one.address,
                cell: (one) => h("span", { class: "number" }, one.address),
            },
            { id: "protocol", title: "Protocol", sort: (one) => one.protocol, cell: (one) => protocolOf(one) },
            amount("open", "Open", openNow),
            {
                ...latest("requests", "Requests", series, "requests"),
                cell: (one) => isHTTP(one) ? format.perSecond(samples.latest(series(one, "requests"))) : "",
            },
            latest("in", "Received", series, "bytes_in", format.bytesPerSecond),
            latest("out", "Sent", series, "bytes_out", format.bytesPerSecond),
            amount("refused", "Refused", (one) => one.connections_refused),
            trend((one) => series(one, trendOf(one))),
        ],
    });
}

/** Connections, or flows of UDP. */
const openNow = (one) => one.protocol === "udp" ? one.flows_open : one.connections_open;

function protocolOf(one) {
    const tls = state.config?.listeners?.[one.name]?.tls;
    return tls && tls !== "off" ? `${one.protocol} over TLS` : one.protocol;
}

function openOne(name) {
    const choice = rangeChoice();
    const lead = h("p", {});
    const charts = figureSet(`listeners/${name}`, ["requests", "errors", "connections", "traffic"]);
    const configured = h("div", {});
    const node = h("div", { class: "page" },
        pageHead(name, { crumb: { id: "listeners", title: "Listeners" }, lead, actions: choice.node }),
        charts.node, configured);
    let shown = null;
    return {
        node,
        update(cause) {
            choice.update();
            charts.update(cause);
            const one = state.status?.listeners.find((other) => other.name === name);
            setText(lead, one ? `${protocolOf(one)} on ${one.address}` : "There is no such listener any more.");
            const values = state.config?.listeners?.[name];
            if (values && values !== shown) {
                shown = values;
                fill(configured, settings("Effective policies", values));
            }
        },
    };
}
