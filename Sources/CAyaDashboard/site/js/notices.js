// Short messages at the edge, with a way back where there is one.

import { h } from "./dom.js";

const place = () => document.getElementById("notices");

/** `undo`: what to do when the operator wants it back. */
export function notice(text, { tone, undo, undoLabel = "Undo" } = {}) {
    let timer = null;
    const close = () => { clearTimeout(timer); node.remove(); };
    const arm = () => { timer = setTimeout(close, undo ? 12_000 : tone === "bad" ? 10_000 : 5_000); };
    const node = h("div", {
        class: "notice", "data-tone": tone, onpointerenter: () => clearTimeout(timer), onpointerleave: arm,
        onfocusin: () => clearTimeout(timer), onfocusout: arm,
    },
        h("p", {}, text),
        undo && h("button", { type: "button", onclick: () => { close(); undo(); } }, undoLabel),
        h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: close }, "✕"));
    place().append(node);
    while (place().children.length > 3) place().firstChild.remove();
    arm();
    return close;
}
