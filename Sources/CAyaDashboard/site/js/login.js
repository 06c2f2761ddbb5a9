// Asks for a token when the admin API wants one. It is kept for this tab alone.

import { access, keepToken } from "./api.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";

let isAsking = false;

export function watchAccess() {
    access.addEventListener("wanted", async () => {
        if (isAsking) return;
        isAsking = true;
        keepToken(null);
        const field = h("input", {
            id: "token", type: "password", required: true, autocomplete: "off", spellcheck: "false",
        });
        const isGiven = await ask({
            title: "This Aya asks who you are",
            text: "Give a token of the admin API. aya token create makes one. It is forgotten when this tab is closed.",
            content: h("div", { class: "field" }, h("label", { for: "token" }, "Token"), field),
            action: "Sign in",
            act: () => keepToken(field.value.trim()),
        });
        if (isGiven) location.reload();
        else isAsking = false;
    });
}
