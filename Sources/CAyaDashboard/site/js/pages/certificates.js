// Certificates, and how long they last.

import { h, svg } from "../dom.js";
import { amount, linkTo } from "../columns.js";
import * as format from "../format.js";
import { empty, pageHead, tableOr } from "../parts.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { expiryTone, stateLabel } from "../words.js";

const sample = `listeners:
  secure:
    bind: ":443"
    tls: { certificates: [{ cert: site.pem, key: site.key }] }`;

export function open() {
    const shown = tableOr(certificates(), empty("No certificates",
        "A listener with tls: auto gets them by itself from an authority such as Let's Encrypt, with tls: internal "
        + "from one on this machine, or it takes files:", sample), (one) => `${one.certificate} ${one.listener}`);
    return {
        node: h("div", { class: "page" }, pageHead("Certificates"),
            h("section", { class: "sheet", "aria-label": "Certificates" }, shown.parts)),
        update(cause) {
            if (!state.status || cause === "sample") return;
            shown.update(state.status.certificates);
        },
    };
}

function certificates() {
    const left = (one) => one.seconds_left;
    return table({
        label: "Certificates", key: (one) => `${one.listener}\n${one.certificate}`, sortBy: { id: "left", way: 1 },
        columns: [
            {
                id: "certificate", title: "Certificate", isUnlabelled: true, isWide: true,
                sort: (one) => one.certificate,
                cell: (one) => h("span", {},
                    h("b", {}, one.certificate), one.problem && h("span", { class: "under" }, one.problem)),
            },
            {
                id: "listener", title: "Listener", sort: (one) => one.listener,
                cell: (one) => linkTo("listeners", one.listener),
            },
            {
                id: "state", title: "State", sort: left,
                cell: (one) => stateLabel(wordOf(one), one.problem ? "warn" : expiryTone(one.seconds_left)),
            },
            amount("left", "Time left", left, (seconds) => format.span(Math.max(0, seconds))),
            amount("until", "Until", left, (seconds) => seconds > 0 ? format.fullDay(hourFromNow(seconds)) : ""),
            { id: "meter", title: "", spoken: "Share of 90 days", make: () => meter() },
            amount("failures", "Failed renewals", (one) => one.failures),
        ],
    });
}

/** To the hour, so that it does not change with every look. */
function hourFromNow(seconds) { return Math.round((Date.now() / 1000 + seconds) / 3_600) * 3_600; }

function wordOf(one) {
    if (one.seconds_left <= 0) return "expired";
    if (one.problem) return "not renewed";
    return expiryTone(one.seconds_left) === "good" ? "valid" : "expires soon";
}

function meter() {
    const bar = svg("rect", { x: 0, y: 0, width: 0, height: 4 });
    const node = svg("svg", {
        class: "meter", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true",
    }, bar);
    return {
        node,
        update(one) {
            bar.setAttribute("width", Math.max(0, Math.min(100, one.seconds_left / (90 * 864))));
            node.dataset.tone = expiryTone(one.seconds_left);
        },
    };
}
