// The configuration that runs, how it differs from others, and the way back.

import { h, fill } from "../dom.js";
import * as format from "../format.js";
import { json, Refusal, text } from "../api.js";
import { differenceText, withTrial } from "../changes.js";
import { button, empty, pageHead, sheet } from "../parts.js";
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
        pageHead("Configuration", { actions: button("Reload …", reload) }),
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
            const said = h("div", { class: "body said" }, error.text);
            if (drawn === chosen) fill(panel, h("section", { class: "sheet" }, said));
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
        title: "Reload the configuration?", action: "Reload",
        text: "Aya reads its file again. No request is lost by it.",
        wish: { method: "POST", path: "v1/reload" },
    });
}

async function running() {
    const yaml = await text("v1/config");
    const aside = [
        h("span", { class: "soft small" }, "every default spelt out, secrets left out"),
        button("Copy", (event) => copy(yaml, event.target), { class: "quiet" }),
    ];
    return sheet("What runs", { aside }, yamlText(yaml));
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
    if (found.changes.length === 0) {
        return h("section", { class: "sheet" }, empty("They are the same",
            "What runs is what the file says. Changes made through the API or here would show in this place."));
    }
    return sheet(`A reload would change ${found.summary}`, { aside: button("Reload …", reload) },
        differenceText(found.changes));
}

async function generations(redraw) {
    const list = (await json("v1/generations")).generations.toReversed();
    const detail = h("div", {});
    const rows = table({
        label: "Generations", key: (one) => one.generation,
        columns: [
            {
                id: "number", title: "Generation", isUnlabelled: true,
                cell: (one) => h("span", {}, h("b", { class: "number" }, String(one.generation)),
                    one.running && h("span", { class: "chip" }, "runs")),
            },
            { id: "time", title: "Since", cell: (one) => format.moment(one.time) },
            { id: "origin", title: "By", isWide: true, cell: (one) => one.origin },
            { id: "summary", title: "Changes", isWide: true, cell: (one) => one.summary },
            {
                id: "actions", title: "", spoken: "Actions", kind: "actions", isWide: true,
                make: (one) => ({ node: actions(one, detail, redraw) }),
            },
        ],
    });
    rows.update(list);
    return h("div", { class: "page" }, h("section", { class: "sheet", "aria-label": "Generations" },
        h("div", { class: "table-wrap" }, rows.node)), detail);
}

function actions(one, detail, redraw) {
    const name = `generation ${one.generation}`;
    const show = button("Show", () => showText(one, detail), { class: "quiet", "aria-label": `Show ${name}` });
    if (one.running) return h("span", {}, show);
    const compareIt = button("Compare", () => compare(one, detail), {
        class: "quiet", "aria-label": `Compare ${name} with what runs`,
    });
    const goBack = button("Roll back …", async () => { if (await rollBack(one)) redraw(); }, {
        "aria-label": `Roll back to ${name}`,
    });
    return h("span", {}, show, " ", compareIt, " ", goBack);
}

function rollBack(one) {
    return withTrial({
        title: `Roll back to generation ${one.generation}?`,
        text: `What ran since ${format.moment(one.time)} runs again, as a new generation. The file stays as it is.`,
        action: "Roll back", wish: { method: "POST", path: `v1/generations/${one.generation}/rollback` },
    });
}

async function showText(one, detail) {
    fill(detail, sheet(`Generation ${one.generation}`, {}, yamlText(await text(`v1/generations/${one.generation}`))));
}

async function compare(one, detail) {
    const found = await json(`v1/diff?from=${one.generation}&to=running`);
    fill(detail, sheet(`Since generation ${one.generation}: ${found.summary}`, {},
        found.changes.length > 0 && differenceText(found.changes)));
}

async function audit() {
    const list = (await json("v1/audit")).changes.toReversed();
    return h("section", { class: "sheet", "aria-label": "Changes" }, list.length === 0
        ? empty("No changes yet",
            "Who changed what through the API or here, and what came of it, is kept in this list.")
        : h("ol", { class: "feed" }, list.map(auditItem)));
}

function auditItem(one) {
    const isRefused = one.problems.length > 0;
    const step = one.generation_before !== one.generation_after
        && `generation ${one.generation_before} → ${one.generation_after}`;
    return h("li", {},
        h("time", { datetime: one.time, title: one.time }, format.brief(one.time)),
        h("div", { class: "what", "data-tone": isRefused ? "warn" : null },
            h("b", {}, one.action), isRefused ? " refused " : " ",
            h("span", { class: "pairs" }, [whoAsked(one), step, ...one.problems].filter(Boolean).join(" · ")),
            one.reason && [one.reason, ...one.changes].map((line) => h("div", { class: "soft small" }, line))));
}

/** What the brain does by itself has no client. */
function whoAsked({ identity, client }) {
    return identity === "brain" ? "by the brain" : [identity, client].filter(Boolean).join(", ");
}
