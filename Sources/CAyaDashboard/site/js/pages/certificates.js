// Certificates, and how long they last.

import { h, svg } from "../dom.js";
import * as format from "../format.js";
import { empty, pageHead, tableOr } from "../parts.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { expiryTone, stateLabel } from "../words.js";

export function open() {
    const rows = table({
        label: "Certificates", key: (one) => `${one.listener}\n${one.certificate}`,
        columns: [
            { id: "certificate", title: "Certificate", isUnlabelled: true, isWide: true, sort: (one) => one.certificate, cell: (one) => h("span", {},
                h("b", {}, one.certificate), one.problem && h("span", { class: "under" }, one.problem)) },
            { id: "listener", title: "Listener", sort: (one) => one.listener, make: (one) => ({
                node: h("a", { href: `#/listeners/${encodeURIComponent(one.listener)}` }, one.listener) }) },
            { id: "state", title: "State", sort: (one) => one.seconds_left, cell: (one) => stateLabel(wordOf(one), one.problem ? "warn" : expiryTone(one.seconds_left)) },
            { id: "left", title: "Time left", kind: "amount", sort: (one) => one.seconds_left, cell: (one) => format.span(Math.max(0, one.seconds_left)) },
            { id: "until", title: "Until", sort: (one) => one.seconds_left, kind: "amount", cell: (one) => one.seconds_left > 0 ? format.fullDay(Math.round(Date.now() / 1000 / 3600) * 3600 + one.seconds_left) : "" },
            { id: "meter", title: "", spoken: "Share of 90 days", make: () => meter() },
            { id: "failures", title: "Failed renewals", kind: "amount", sort: (one) => one.failures, cell: (one) => format.count(one.failures) },
        ],
        sortBy: { id: "left", way: 1 },
    });
    const shown = tableOr(rows, empty("No certificates", "A listener with tls: auto gets them by itself from an authority such as Let's Encrypt, with tls: internal from one on this machine, or it takes files:",
        'listeners:\n  secure:\n    bind: ":443"\n    tls: { certificates: [{ cert: site.pem, key: site.key }] }'));
    return {
        node: h("div", { class: "page" }, pageHead("Certificates"), h("section", { class: "sheet", "aria-label": "Certificates" }, shown.parts)),
        update(cause) {
            if (!state.status || cause === "sample") return;
            shown.update(state.status.certificates);
        },
    };
}

function wordOf(one) {
    if (one.seconds_left <= 0) return "expired";
    if (one.problem) return "not renewed";
    return expiryTone(one.seconds_left) === "good" ? "valid" : "expires soon";
}

function meter() {
    const bar = svg("rect", { x: 0, y: 0, width: 0, height: 4 });
    const node = svg("svg", { class: "meter", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, bar);
    return {
        node,
        update(one) {
            bar.setAttribute("width", Math.max(0, Math.min(100, one.seconds_left / (90 * 864))));
            node.dataset.tone = expiryTone(one.seconds_left);
        },
    };
}
