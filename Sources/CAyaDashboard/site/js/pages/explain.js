// What would happen to a request, and why.

import { h, fill } from "../dom.js";
import * as format from "../format.js";
import { Refusal, send } from "../api.js";
import { empty, pageHead } from "../parts.js";
import { table } from "../table.js";
import { stateLabel } from "../words.js";

export function open() {
    const answer = h("div", { "aria-live": "polite" });
    const field = (id, label, more, kind = "input") =>
        h("div", { class: "field" }, h("label", { for: id }, label), h(kind, { id, name: id, ...more }));
    const form = h("form", { class: "sheet", onsubmit: (event) => { event.preventDefault(); explain(); } },
        h("div", { class: "body page" },
            h("div", { class: "fields question" },
                field("method", "Method", { value: "GET", required: true, autocomplete: "off" }),
                field("url", "URL", { value: "http://localhost/", required: true, autocomplete: "off", spellcheck: "false" }),
                field("client", "Client", { placeholder: "192.0.2.1", autocomplete: "off" })),
            field("headers", "Headers, one a line", { rows: "3", placeholder: "x-beta: 1\ncookie: lab=1", spellcheck: "false" }, "textarea"),
            h("div", { class: "buttons" }, h("button", { class: "main" }, "Explain"))));
    const node = h("div", { class: "page" },
        pageHead("Explain", { lead: h("p", {}, "What would become of a request: its listener, its route and why that one, its server and why that.") }),
        form, answer);

    async function explain() {
        const { method, url, client, headers } = form.elements;
        const fields = {};
        for (const line of headers.value.split("\n")) {
            const [name, ...rest] = line.split(":");
            if (name.trim() && rest.length) fields[name.trim()] = rest.join(":").trim();
        }
        const body = { method: method.value.trim().toUpperCase(), url: url.value.trim(), headers: fields };
        if (client.value.trim()) body.client = client.value.trim();
        try {
            fill(answer, explanation(await send({ method: "POST", path: "v1/explain", body })));
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            fill(answer, h("section", { class: "sheet" }, error.isAbsence
                ? empty("This Aya can not explain yet", "The question is answered by versions that have /v1/explain.")
                : h("div", { class: "body said", role: "alert" }, error.text)));
        }
    }

    return { node };
}

/** From where the request comes in to where it goes, each step with its reason. */
function explanation(told) {
    const { listener, route, others = [], policies = [], pool } = told;
    return h("section", { class: "sheet", "aria-label": "Explanation" },
        h("div", { class: "head" }, h("h2", {}, sentence(told.outcome))),
        h("ol", { class: "steps" },
            listener && step("Listener", link("listeners", listener.name), `at ${listener.address}`, listener.why),
            route && step("Route", link("routes", route.name), "", route.why,
                h("ul", { class: "matched" }, route.matched.map((one) => h("li", {}, h("span", { class: "tick", "aria-hidden": "true" }, "✓"), " ", one)))),
            others.length > 0 && step("Other routes", null, "", null, h("dl", { class: "facts" }, others.map((one) => [
                h("dt", {}, link("routes", one.route)), h("dd", {}, `${one.matches ? "matches too, but " : ""}${one.why}`)]),
            told.others_left_out > 0 && [h("dt", {}, ""), h("dd", { class: "soft" }, `and ${told.others_left_out} more`)])),
            policies.length > 0 && step("Policies", null, "", null, h("dl", { class: "facts" }, policies.map((one) => [
                h("dt", {}, one.name), h("dd", {}, one.value, h("span", { class: "soft small" }, ` from ${one.from}`))]))),
            pool && step("Pool", link("pools", pool.name),
                [pool.balance, pool.share != null && `${format.share(pool.share)} of the route`, pool.worker != null && `as worker ${pool.worker} sees it`].filter(Boolean).join(" · "),
                pool.why, candidates(pool))));
}

const sentence = (text) => text ? text[0].toUpperCase() + text.slice(1) : "Explanation";

const link = (page, name) => h("a", { href: `#/${page}/${encodeURIComponent(name)}` }, name);

function step(title, name, more, why, ...content) {
    return h("li", {}, h("h3", {}, title), h("div", {},
        (name || more) && h("p", {}, h("b", {}, name), more && h("span", { class: "soft" }, ` ${more}`)),
        why && h("p", { class: "soft" }, sentence(why)), content));
}

function candidates(pool) {
    const rows = table({
        label: "Candidates", key: (one) => one.server,
        columns: [
            { id: "server", title: "Server", isUnlabelled: true, isWide: true, cell: (one) => h("span", {}, h("span", { class: "number" }, one.server), one.picked && h("span", { class: "chip" }, "next")) },
            { id: "state", title: "State", isUnlabelled: true, cell: (one) => one.available ? stateLabel("available", "good") : stateLabel(one.holds.join(", ") || "not available", "warn") },
            { id: "weight", title: "Weight", kind: "amount", cell: (one) => String(one.weight) },
            { id: "running", title: "In flight", kind: "amount", cell: (one) => format.count(one.in_flight) },
            { id: "cost", title: pool.cost_unit ? `Cost, ${pool.cost_unit}` : "Cost", kind: "amount", cell: (one) => one.cost == null ? "–" : Number(one.cost.toPrecision(3)).toString() },
            { id: "chance", title: "Chance", kind: "amount", cell: (one) => format.share(one.chance) },
        ],
    });
    rows.update(pool.candidates);
    return h("div", { class: "table-wrap" }, rows.node);
}
