// Where clients come in.

import { h, fill, setText } from "../dom.js";
import * as format from "../format.js";
import { sparkline } from "../chart.js";
import { empty, figureSet, pageHead, rangeChoice, settings, tableOr } from "../parts.js";
import { line, ranges, samples, want } from "../series.js";
import { state } from "../state.js";
import { table } from "../table.js";

export function open([name]) { return name ? openOne(name) : openAll(); }

function openAll() {
    const rows = listeners();
    const shown = tableOr(rows, empty("No listeners yet", "A listener is an address that clients connect to:", 'listeners: { web: { bind: ":8080" } }'));
    const node = h("div", { class: "page" }, pageHead("Listeners"), h("section", { class: "sheet", "aria-label": "Listeners" }, shown.parts));
    return {
        node,
        update(cause) {
            if (!state.status || (cause === "sample" && !state.hasLive)) return;
            const list = state.status.listeners;
            want(list.map((one) => `listeners/${one.name}/${trendOf(one)}`), ranges[0]);
            shown.update(list);
        },
    };
}

const trendOf = (listener) => listener.protocol === "http" ? "requests" : "bytes_out";

function listeners() {
    const figure = (one, metric) => samples.latest(`listeners/${one.name}/${metric}`);
    return table({
        label: "Listeners", key: (one) => one.name,
        columns: [
            { id: "name", title: "Listener", isUnlabelled: true, sort: (one) => one.name, make: (one) => ({
                node: h("a", { href: `#/listeners/${encodeURIComponent(one.name)}` }, one.name) }) },
            { id: "address", title: "Address", sort: (one) => one.address, cell: (one) => h("span", { class: "number" }, one.address) },
            { id: "protocol", title: "Protocol", sort: (one) => one.protocol, cell: (one) => protocolOf(one) },
            { id: "open", title: "Open", kind: "amount", sort: openNow, cell: (one) => format.count(openNow(one)) },
            { id: "requests", title: "Requests", kind: "amount", sort: (one) => figure(one, "requests"), cell: (one) => one.protocol === "http" ? format.perSecond(figure(one, "requests")) : "" },
            { id: "in", title: "Received", kind: "amount", sort: (one) => figure(one, "bytes_in"), cell: (one) => format.bytesPerSecond(figure(one, "bytes_in")) },
            { id: "out", title: "Sent", kind: "amount", sort: (one) => figure(one, "bytes_out"), cell: (one) => format.bytesPerSecond(figure(one, "bytes_out")) },
            { id: "refused", title: "Refused", kind: "amount", sort: (one) => one.connections_refused, cell: (one) => format.count(one.connections_refused) },
            { id: "trend", title: "", spoken: "Trend", make: () => {
                const spark = sparkline();
                return { node: spark.node, update: (one) => spark.update(line(`listeners/${one.name}/${trendOf(one)}`, ranges[0])) };
            } },
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
        pageHead(name, { crumb: { id: "listeners", title: "Listeners" }, lead, actions: choice.node }), charts.node, configured);
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
