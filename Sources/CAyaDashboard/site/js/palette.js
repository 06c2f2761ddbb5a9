// Finds pages, things and actions by a few letters.

import { show } from "./dialog.js";
import { h, fill } from "./dom.js";
import { pages } from "./pages.js";
import { state } from "./state.js";
import { drain, endDrain, withTrial } from "./changes.js";

const goTo = (address) => () => { location.hash = address; };
const mostFound = 40;

function everything() {
    const found = pages.map((one) => ({ text: one.title, kind: "page", go: goTo(`#/${one.id}`) }));
    const { status } = state;
    if (status) {
        for (const one of status.listeners) found.push(thing("listener", "listeners", one.name));
        for (const one of status.routes) found.push(thing("route", "routes", one.name));
        for (const pool of status.pools) {
            found.push(thing("pool", "pools", pool.name));
            for (const server of pool.servers) found.push(...serverEntries(pool, server));
        }
    }
    found.push({ text: "Reload the configuration", kind: "action", go: () => withTrial({
        title: "Reload the configuration?", action: "Reload", wish: { method: "POST", path: "v1/reload" } }) });
    return found;
}

function thing(kind, page, name) {
    return { text: name, kind, go: goTo(`#/${page}/${encodeURIComponent(name)}`) };
}

function serverEntries(pool, { address, state: now }) {
    const isDraining = now === "draining";
    return [
        { text: address, kind: `server of ${pool.name}`, go: goTo(`#/pools/${encodeURIComponent(pool.name)}`) },
        {
            text: `${isDraining ? "End draining" : "Drain"} ${address}`, kind: `action in ${pool.name}`,
            go: () => (isDraining ? endDrain : drain)(pool.name, address),
        },
    ];
}

function matches(entry, wanted) {
    const text = `${entry.text} ${entry.kind}`.toLowerCase();
    return wanted.split(/\s+/).every((word) => text.includes(word));
}

let isOpen = false;

export async function openPalette() {
    if (isOpen) return;
    isOpen = true;
    const entries = everything();
    let found = [], chosen = 0;
    const list = h("ul", { id: "found", role: "listbox", "aria-label": "Found" });
    const hint = h("p", { class: "hint", hidden: true }, "Nothing has this name.");
    const field = h("input", {
        type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "found",
        "aria-label": "Find pages, things and actions",
        placeholder: "Pools, servers, routes, actions …", autocomplete: "off", spellcheck: "false",
    });
    const chosenEntry = await show((close) => {
        const draw = () => {
            fill(list, found.map((entry, place) => h("li", {
                id: `found-${place}`, role: "option", "aria-selected": place === chosen ? "true" : "false",
                onclick: () => close(entry),
            }, h("span", {}, entry.text), h("span", { class: "soft small" }, entry.kind))));
            hint.hidden = found.length > 0;
            field.setAttribute("aria-activedescendant", found.length ? `found-${chosen}` : "");
            list.children[chosen]?.scrollIntoView({ block: "nearest" });
        };
        const search = () => {
            const wanted = field.value.trim().toLowerCase();
            found = entries.filter((entry) => matches(entry, wanted)).slice(0, mostFound);
            chosen = 0;
            draw();
        };
        field.addEventListener("input", search);
        field.addEventListener("keydown", (event) => {
            const moves = { ArrowDown: 1, ArrowUp: -1 };
            if (event.key === "Enter" && found[chosen]) { event.preventDefault(); close(found[chosen]); }
            if (!(event.key in moves) || found.length === 0) return;
            event.preventDefault();
            chosen = (chosen + moves[event.key] + found.length) % found.length;
            draw();
        });
        search();
        return [field, list, hint];
    }, { label: "Find anything", kind: "palette" });
    isOpen = false;
    chosenEntry?.go();
}
