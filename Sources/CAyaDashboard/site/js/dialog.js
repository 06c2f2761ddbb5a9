// Questions in the way: a dialog takes the focus and gives it back.

import { h } from "./dom.js";

/** Shows an element as a dialog until it is closed; resolves with what it was closed with. */
export function show(content, { label, kind } = {}) {
    return new Promise((resolve) => {
        const dialog = h("dialog", { class: kind, "aria-label": label, onclick: (event) => {
            if (event.target === dialog) dialog.close();
        } }, content((answer) => { resolve(answer); dialog.close(); }));
        dialog.addEventListener("close", () => { dialog.remove(); resolve(null); });
        document.body.append(dialog);
        dialog.showModal();
    });
}

/**
 * A form with one button that acts; it stays open, and says why, while `act` fails.
 * `content`: what stands between title and buttons; `act(form)` may be async.
 */
export function ask({ title, text, content, action, isGrave, act }) {
    return show((close) => {
        const said = h("p", { class: "said", role: "alert", hidden: true });
        const go = h("button", { class: isGrave ? "main grave-main" : "main" }, action);
        return h("form", { method: "dialog", novalidate: false, onsubmit: async (event) => {
            event.preventDefault();
            go.disabled = true;
            said.hidden = true;
            try {
                close(await act(event.target) ?? true);
            } catch (error) {
                said.textContent = error.text ?? error.message;
                said.hidden = false;
                go.disabled = false;
            }
        } },
            h("h2", {}, title),
            text && h("p", { class: "soft" }, text),
            content, said,
            h("div", { class: "buttons" },
                h("button", { type: "button", class: "quiet", onclick: () => close(null) }, "Cancel"), go));
    }, { label: title });
}
