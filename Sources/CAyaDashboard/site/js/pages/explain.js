// What would happen to a request, and why.

import { h, fill } from "../dom.js";
import { Refusal, send } from "../api.js";
import { empty, pageHead } from "../parts.js";
import { tree } from "../tree.js";

export function open() {
    const answer = h("div", {});
    const field = (id, label, more, kind = "input") => h("div", { class: "field" }, h("label", { for: id }, label), h(kind, { id, name: id, ...more }));
    const form = h("form", { class: "sheet", onsubmit: (event) => { event.preventDefault(); explain(); } },
        h("div", { class: "body page" },
            h("div", { class: "fields ask" },
                field("method", "Method", { value: "GET", required: true, autocomplete: "off" }),
                field("url", "URL", { value: "http://localhost/", required: true, autocomplete: "off", spellcheck: "false" }),
                field("client", "Client", { placeholder: "192.0.2.1", autocomplete: "off" })),
            field("headers", "Headers, one a line", { rows: "3", placeholder: "x-beta: 1\ncookie: lab=1", spellcheck: "false" }, "textarea"),
            h("div", { class: "buttons" }, h("button", { class: "main" }, "Explain"))));
    const node = h("div", { class: "page" },
        pageHead("Explain", { lead: h("p", {}, "What would become of a request: its listener, its route and why that won, its server and why that.") }), form, answer);

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
            const said = await send({ method: "POST", path: "v1/explain", body });
            fill(answer, h("section", { class: "sheet", "aria-label": "Explanation", "aria-live": "polite" },
                h("div", { class: "head" }, h("h2", {}, `${body.method} ${body.url}`)), h("div", { class: "body" }, tree(said))));
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            fill(answer, h("section", { class: "sheet" }, error.isAbsence
                ? empty("This Aya can not explain yet", "The question is answered by versions that have /v1/explain.")
                : h("div", { class: "body said", role: "alert" }, error.text)));
        }
    }

    return { node };
}
