// Keys: g and a letter for a page, / to find, ? for help.

import { show as showDialog } from "./dialog.js";
import { h } from "./dom.js";
import { openPalette } from "./palette.js";
import { pages } from "./pages.js";
import { chooseRange, range, ranges } from "./series.js";

let isGoing = false;

export function watchKeys({ show, switchTheme }) {
    addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === "k") {
            event.preventDefault();
            openPalette();
            return;
        }
        const isTyping = event.target.closest?.("input, textarea, select, dialog");
        if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
        if (isGoing) {
            isGoing = false;
            const wanted = pages.find((one) => one.key === event.key);
            if (wanted) show(wanted.id);
            return;
        }
        const actions = {
            g: () => { isGoing = true; setTimeout(() => { isGoing = false; }, 1_500); },
            "/": openPalette,
            "?": showKeys,
            t: switchTheme,
            "[": () => turnRange(-1),
            "]": () => turnRange(1),
        };
        if (!(event.key in actions)) return;
        event.preventDefault();
        actions[event.key]();
    });
}

function turnRange(way) {
    const place = ranges.indexOf(range()) + way;
    if (ranges[place]) chooseRange(ranges[place]);
}

export function showKeys() {
    const rows = [
        ...pages.map((one) => [["g", one.key], one.title]),
        [["/"], "Find anything"], [["[", "]"], "Shorter and longer time"], [["t"], "Theme"],
        [["←", "→"], "Move through a chart"],
    ];
    showDialog((close) => h("div", { class: "inner" },
        h("h2", {}, "Keys"),
        h("dl", { class: "keys" }, rows.map(([keys, title]) => [
            h("dt", {}, keys.map((key) => [h("kbd", {}, key), " "])), h("dd", {}, title),
        ])),
        h("div", { class: "buttons" },
            h("button", { class: "main", type: "button", onclick: () => close() }, "Close"))),
    { label: "Keys" });
}
