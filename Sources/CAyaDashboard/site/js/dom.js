// Elements without a framework. Text never passes through a parser of markup, so nothing that a client or a server
// put into a path, a header or a name can become markup.

const svgSpace = "http://www.w3.org/2000/svg";

/** An element: `h("a", { href, onclick }, "text", child)`. Null children and false properties are left out. */
export function h(tag, properties, ...children) { return build(document.createElement(tag), properties, children); }

/** The same for SVG. */
export function svg(tag, properties, ...children) {
    return build(document.createElementNS(svgSpace, tag), properties, children);
}

function build(element, properties, children) {
    for (const [name, value] of Object.entries(properties ?? {})) {
        if (value == null || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    append(element, children);
    return element;
}

function append(element, children) {
    for (const child of children) {
        if (child == null || child === false) continue;
        if (Array.isArray(child)) append(element, child);
        else element.append(child);
    }
}

/** Puts these in place of everything inside. */
export function fill(element, ...children) {
    element.replaceChildren();
    append(element, children);
    return element;
}

/** Sets a text only when it differs: a selection, and a screen reader's place, survive an update. */
export function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
    if (value == null || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Has a screen reader say it. */
export function announce(text) { setText(document.getElementById("announcer"), text); }
