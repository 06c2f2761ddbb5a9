// A document as a tree that can be read: short things in a line, long ones folded.

import { h } from "./dom.js";

const words = (key) => key.replaceAll("_", " ");

export function tree(value) { return h("div", { class: "tree" }, branches(value, 0)); }

function branches(value, depth) {
    if (Array.isArray(value)) {
        return value.map((item, place) => branch(titleOf(item) ?? `${place + 1}`, item, depth));
    }
    return Object.entries(value).map(([key, inner]) => branch(words(key), inner, depth));
}

function branch(title, value, depth) {
    if (isShort(value)) return h("dl", { class: "facts" }, h("dt", {}, title), h("dd", {}, shortText(value)));
    return h("details", { open: depth < 2 }, h("summary", {}, title), h("div", {}, branches(value, depth + 1)));
}

function isShort(value) {
    if (value === null || typeof value !== "object") return true;
    return Array.isArray(value) && (value.length === 0 || (value.every((one) => typeof one !== "object") && value.join(", ").length < 80));
}

function shortText(value) {
    if (value === null) return "–";
    if (typeof value === "boolean") return value ? "yes" : "no";
    return Array.isArray(value) ? value.join(", ") || "none" : String(value);
}

/** What an item of a list is called. */
function titleOf(item) {
    if (item === null || typeof item !== "object") return null;
    return item.name ?? item.route ?? item.server ?? item.address ?? item.title ?? null;
}
