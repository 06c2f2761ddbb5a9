// The configuration that runs, how it differs from others, and the way back.

import { h, fill } from "../dom.js";
import * as format from "../format.js";
import { json, Refusal, text } from "../api.js";
import { differenceText, withTrial } from "../changes.js";
import { empty, pageHead } from "../parts.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { yamlText } from "../yaml.js";

const tabs = [
    { id: "running", title: "Running", open: running },
    { id: "difference", title: "File against running", open: difference },
    { id: "generations", title: "Generations", open: generations },
    { id: "changes", title: "Changes", open: audit },
];

export function open([wanted]) {
    let chosen = tabs.find((one) => one.id === wanted) ?? tabs[0];
    let generation = null;
    const buttons = tabs.map((one) => h("button", {
        type: "button", role: "tab", id: `tab-${one.id}`, "aria-controls": "tab-panel", onclick: () => choose(one),
        onkeydown: (event) => turn(event),
    }, one.title));
    const panel = h("div", { role: "tabpanel", id: "tab-panel" });
    const node = h("div", { class: "page" },
        pageHead("Configuration", { actions: h("button", { type: "button", onclick: reload }, "Reload …") }),
        h("div", { class: "tabs", role: "tablist", "aria-label": "Configuration" }, buttons), panel);

    function choose(one) {
        chosen = one;
        history.replaceState(null, "", `#/configuration/${one.id}`);
        draw();
    }

    function turn(event) {
        const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!way) return;
        const place = (tabs.indexOf(chosen) + way + tabs.length) % tabs.length;
        choose(tabs[place]);
        buttons[place].focus();
    }

    async function draw() {
        buttons.forEach((button, place) => {
            const isThis = tabs[place] === chosen;
            button.setAttribute("aria-selected", isThis);
            button.setAttribute("tabindex", isThis ? "0" : "-1");
        });
        panel.setAttribute("aria-labelledby", `tab-${chosen.id}`);
        const drawn = chosen;
        try {
            const content = await chosen.open(draw);
            if (drawn === chosen) fill(panel, content);
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            if (drawn === chosen) fill(panel, h("section", { class: "sheet" }, h("div", { class: "body said" }, error.text)));
        }
    }

    return {
        node,
        update(cause) {
            const now = state.status?.generation ?? generation;
            const isNew = generation != null && now !== generation;
            generation = now;
            if (!cause || isNew) draw();
        },
    };
}

function reload() {
    return withTrial({
        title: "Reload the configuration?", text: "Aya reads its file again. No request is lost by it.", action: "Reload",
        wish: { method: "POST", path: "v1/reload" },
    });
}

async function running() {
    const yaml = await text("v1/config");
    return h("section", { class: "sheet", "aria-label": "The configuration that runs" },
        h("div", { class: "head" },
            h("h2", { class: "grow" }, "What runs"),
            h("span", { class: "soft small" }, "every default spelt out, secrets left out"),
            h("button", { type: "button", class: "quiet", onclick: (event) => copy(yaml, event.target) }, "Copy")),
        yamlText(yaml));
}

async function copy(content, button) {
    try {
        await navigator.clipboard.writeText(content);
        button.textContent = "Copied";
    } catch {
        button.textContent = "Not permitted";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1_500);
}

async function difference() {
    const found = await json("v1/diff?from=running&to=file");
    return h("section", { class: "sheet", "aria-label": "File against running" },
        found.changes.length === 0
            ? empty("They are the same", "What runs is what the file says. Changes made through the API or here would show in this place.")
            : [
                h("div", { class: "head" }, h("h2", { class: "grow" }, `A reload would change ${found.summary}`),
                    h("button", { type: "button", onclick: reload }, "Reload …")),
                differenceText(found.changes),
            ]);
}

async function generations(redraw) {
    const list = (await json("v1/generations")).generations.toReversed();
    const detail = h("div", {});
    const rows = table({
        label: "Generations", key: (one) => one.generation,
        columns: [
            { id: "number", title: "Generation", isUnlabelled: true, cell: (one) => h("span", {}, h("b", { class: "number" }, String(one.generation)),
                one.running && h("span", { class: "chip" }, "runs")) },
            { id: "time", title: "Since", cell: (one) => format.moment(one.time) },
            { id: "origin", title: "By", cell: (one) => one.origin },
            { id: "summary", title: "Changes", isWide: true, cell: (one) => one.summary },
            { id: "actions", title: "", spoken: "Actions", kind: "actions", isWide: true, make: (one) => ({ node: h("span", {},
                h("button", { type: "button", class: "quiet", "aria-label": `Show generation ${one.generation}`, onclick: () => showText(one, detail) }, "Show"), " ",
                !one.running && h("button", { type: "button", class: "quiet", "aria-label": `Compare generation ${one.generation} with what runs`, onclick: () => compare(one, detail) }, "Compare"), " ",
                !one.running && h("button", { type: "button", "aria-label": `Roll back to generation ${one.generation}`, onclick: async () => {
                    if (await rollBack(one)) redraw();
                } }, "Roll back …")) }) },
        ],
    });
    rows.update(list);
    return h("div", { class: "page" },
        h("section", { class: "sheet", "aria-label": "Generations" }, h("div", { class: "table-wrap" }, rows.node)), detail);
}

function rollBack(one) {
    return withTrial({
        title: `Roll back to generation ${one.generation}?`,
        text: `What ran since ${format.moment(one.time)} runs again, as a new generation. The file stays as it is.`,
        action: "Roll back", wish: { method: "POST", path: `v1/generations/${one.generation}/rollback` },
    });
}

async function showText(one, detail) {
    fill(detail, h("section", { class: "sheet", "aria-label": `Generation ${one.generation}` },
        h("div", { class: "head" }, h("h2", {}, `Generation ${one.generation}`)), yamlText(await text(`v1/generations/${one.generation}`))));
}

async function compare(one, detail) {
    const found = await json(`v1/diff?from=${one.generation}&to=running`);
    fill(detail, h("section", { class: "sheet", "aria-label": "Difference" },
        h("div", { class: "head" }, h("h2", {}, `Since generation ${one.generation}: ${found.summary}`)),
        found.changes.length > 0 && differenceText(found.changes)));
}

async function audit() {
    const list = (await json("v1/audit")).changes.toReversed();
    if (list.length === 0) {
        return h("section", { class: "sheet" }, empty("No changes yet", "Who changed what through the API or here, and what came of it, is kept in this list."));
    }
    return h("section", { class: "sheet", "aria-label": "Changes" }, h("ol", { class: "feed" }, list.map((one) => h("li", {},
        h("time", { datetime: one.time, title: one.time }, format.clock(one.time)),
        h("div", { class: "what", "data-tone": one.problems.length ? "warn" : null },
            h("b", {}, one.action), one.problems.length ? " refused" : "", " ",
            h("span", { class: "pairs" }, [
                one.client, one.generation_before !== one.generation_after && `generation ${one.generation_before} → ${one.generation_after}`,
                ...one.problems,
            ].filter(Boolean).join(" · ")))))));
}
