// Light, dark, or as the system has it.

const key = "aya-theme";
const order = ["auto", "light", "dark"];
const names = { auto: "As the system", light: "Light", dark: "Dark" };

function current() { return document.documentElement.dataset.theme ?? "auto"; }

export function themeName() { return names[current()]; }

export function turnTheme() {
    const next = order[(order.indexOf(current()) + 1) % order.length];
    if (next === "auto") {
        localStorage.removeItem(key);
        delete document.documentElement.dataset.theme;
    } else {
        localStorage.setItem(key, next);
        document.documentElement.dataset.theme = next;
    }
    return names[next];
}
