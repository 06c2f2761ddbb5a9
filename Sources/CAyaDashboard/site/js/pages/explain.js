// What would happen to a request, and why.

import { h, fill } from "../dom.js";
import { amount, linkTo } from "../columns.js";
import * as format from "../format.js";
import { Refusal, send } from "../api.js";
import { empty, facts, pageHead, sheet } from "../parts.js";
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
                field("url", "URL", {
                    value: "http://localhost/", required: true, autocomplete: "off", spellcheck: "false",
                }),
                field("client", "Client", { placeholder: "192.0.2.1", autocomplete: "off" })),
            field("headers", "Headers, one a line", {
                rows: "3", placeholder: "x-beta: 1\ncookie: lab=1", spellcheck: "false",
            }, "textarea"),
            h("div", { class: "buttons" }, h("button", { class: "main" }, "Explain"))));
    const node = h("div", { class: "page" },
        pageHead("Explain", { lead: h("p", {},
            "What would become of a request: its listener, its route and why that one, its server and why that.") }),
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
    const { listener, route, others, policies, pool } = told;
    return sheet(sentence(told.outcome), {}, h("ol", { class: "steps" },
        listener && step("Listener", {
            name: linkTo("listeners", listener.name), more: `at ${listener.address}`, why: listener.why,
        }),
        route && step("Route", { name: linkTo("routes", route.name), why: route.why }, matched(route)),
        others.length > 0 && step("Other routes", {}, otherRoutes(told)),
        policies.length > 0 && step("Policies", {}, facts(policies.map((one) =>
            [one.name, h("span", {}, one.value, h("span", { class: "soft small" }, ` from ${one.from}`))]))),
        pool && step("Pool", { name: linkTo("pools", pool.name), more: aboutPool(pool), why: pool.why },
            candidates(pool))));
}

function sentence(text) { return text[0].toUpperCase() + text.slice(1); }

function step(title, { name, more, why }, ...content) {
    return h("li", {}, h("h3", {}, title), h("div", {},
        name && h("p", {}, h("b", {}, name), more && h("span", { class: "soft" }, ` ${more}`)),
        why && h("p", { class: "soft" }, sentence(why)), content));
}

function matched(route) {
    return h("ul", { class: "matched" }, route.matched.map((condition) =>
        h("li", {}, h("span", { class: "tick", "aria-hidden": "true" }, "✓"), " ", condition)));
}

function otherRoutes({ others, others_left_out: leftOut }) {
    const rows = others.map((one) =>
        [linkTo("routes", one.route), `${one.matches ? "matches too, but " : ""}${one.why}`]);
    return facts(leftOut > 0 ? [...rows, ["", `and ${leftOut} more`]] : rows);
}

function aboutPool({ balance, share, workers }) {
    const part = share == null ? null : `${format.share(share)} of the route`;
    return [balance, part, seenBy(workers)].filter(Boolean).join(" · ");
}

function seenBy(workers) {
    if (!workers.length) return null;
    return workers.length > 1 ? `as ${workers.length} workers see it` : `as worker ${workers[0]} sees it`;
}

/** Workers pick for their own connections, and need not agree. */
function next(one, { workers }) {
    return one.picked_by.length < workers.length ? `next of worker ${one.picked_by.join(", ")}` : "next";
}

function candidates(pool) {
    const cost = (value) => value == null ? "–" : String(Number(value.toPrecision(3)));
    const rows = table({
        label: "Candidates", key: (one) => one.server,
        columns: [
            {
                id: "server", title: "Server", isUnlabelled: true, isWide: true,
                cell: (one) => h("span", {}, h("span", { class: "number" }, one.server),
                    one.picked && h("span", { class: "chip" }, next(one, pool))),
            },
            {
                id: "state", title: "State", isUnlabelled: true,
                cell: (one) => one.available ? stateLabel("available", "good")
                    : stateLabel(one.holds.join(", ") || "not available", "warn"),
            },
            amount("weight", "Weight", (one) => one.weight),
            amount("running", "In flight", (one) => one.in_flight),
            amount("cost", pool.cost_unit ? `Cost, ${pool.cost_unit}` : "Cost", (one) => one.cost, cost),
            amount("chance", "Chance", (one) => one.chance, format.share),
        ],
    });
    rows.update(pool.candidates);
    return h("div", { class: "table-wrap" }, rows.node);
}
