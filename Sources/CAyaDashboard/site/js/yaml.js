// YAML with the colours of its parts. It only reads what Aya writes: one key or item a line.

import { h } from "./dom.js";

const words = new Set(["off", "none", "true", "false", "auto", "{}", "[]"]);
const lineForm = /^(\s*(?:- )?)(?:([^\s:#"'][^:]*|"[^"]*")(:))?(\s*)(.*)$/;

export function yamlText(text) {
    return h("pre", { class: "text", tabindex: "0", role: "region", "aria-label": "YAML" },
        text.replace(/\n$/, "").split("\n").map((line) => h("code", {}, parts(line))));
}

function parts(line) {
    if (/^\s*#/.test(line)) return h("span", { class: "remark" }, line);
    const [, indent, key, colon, space, value] = lineForm.exec(line) ?? [];
    if (!key || (value && space === "")) return line;
    return [indent, h("span", { class: "key" }, key), colon, space, value && valuePart(value)];
}

function valuePart(value) {
    if (words.has(value)) return h("span", { class: "word" }, value);
    return /^"?[\d.]+[a-zA-Z%]*"?$/.test(value) ? h("span", { class: "figure-text" }, value) : value;
}
