"""What a page owes to people who do not see it well, or at all: names, structure, contrast (WCAG 2.2 AA)."""

NAMED = {"button", "link", "textbox", "searchbox", "combobox", "spinbutton", "checkbox", "image", "tab", "dialog",
         "table", "region", "navigation", "option", "img"}

CONTRAST = r"""
(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const parsed = new Map();
    const rgba = (text) => {
        if (!parsed.has(text)) {
            context.clearRect(0, 0, 1, 1);
            context.fillStyle = '#000';
            context.fillStyle = text;
            context.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
            parsed.set(text, [r, g, b, a / 255]);
        }
        return parsed.get(text);
    };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const ground = (element) => {
        const layers = [];
        for (let one = element; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
        return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
    };
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.textContent.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const style = getComputedStyle(element);
        if (style.clipPath !== 'none' || element.closest('.unseen, .skip, :disabled, script, style, option')) continue;
        const below = ground(element);
        const ink = element.closest('svg') ? rgba(style.fill) : rgba(style.color);
        const opacity = Number(style.opacity);
        const text = over([...ink.slice(0, 3), ink[3] * opacity], below);
        const [bright, dark] = [light(text), light(below)].sort((a, b) => b - a);
        const ratio = (bright + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize), isBold = Number(style.fontWeight) >= 700;
        const needed = size >= 24 || (isBold && size >= 18.66) ? 3 : 4.5;
        if (ratio < needed) found.push(`${ratio.toFixed(2)} < ${needed}: "${node.textContent.trim().slice(0, 40)}"`);
    }
    return [...new Set(found)];
})()
"""

STRUCTURE = r"""
(() => {
    const found = [];
    const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    if (all('main').length !== 1) found.push('not one main');
    if (all('main h1').length !== 1) found.push(`${all('main h1').length} headings of the first level`);
    if (!document.documentElement.lang) found.push('no language');
    if (!document.title) found.push('no title');
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`id ${id} twice`);
    for (const name of ['aria-controls', 'aria-labelledby', 'aria-activedescendant'])
        for (const one of all(`[${name}]`)) {
            const id = one.getAttribute(name);
            if (id && !document.getElementById(id)) found.push(`${name} ${id} leads nowhere`);
        }
    for (const label of all('label')) if (!label.control) found.push(`label ${label.textContent} has no field`);
    for (const image of all('img')) if (!image.hasAttribute('alt')) found.push(`image ${image.src} has no alt`);
    for (const table of all('table')) {
        const heads = table.querySelectorAll('thead th').length;
        for (const head of table.querySelectorAll('thead th')) if (!head.textContent.trim()) found.push('column without a name');
        for (const row of table.querySelectorAll('tbody tr'))
            if (row.children.length !== heads) found.push(`row with ${row.children.length} of ${heads} cells`);
    }
    let level = 0;
    for (const head of all('h1, h2, h3')) {
        const next = Number(head.tagName[1]);
        if (next > level + 1 && level > 0 && !(level === 1 && next === 3)) found.push(`heading ${head.textContent} skips a level`);
        level = next;
    }
    for (const one of all('[aria-hidden=true] :is(a, button, input, [tabindex])')) found.push(`focus inside what is hidden: ${one.outerHTML}`);
    return [...new Set(found)];
})()
"""


def faults(page):
    """Everything that is wrong with what the page shows now."""
    found = page.evaluate(STRUCTURE) + page.evaluate(CONTRAST)
    for node in page.call("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in NAMED:
            continue
        if not node.get("name", {}).get("value", "").strip():
            what = page.call("DOM.describeNode", backendNodeId=node["backendDOMNodeId"])["node"]
            attributes = what.get("attributes", [])
            if role in ("image", "img") and "alt" in attributes:
                continue
            found.append(f"{role} without a name: {what['nodeName']} {attributes}")
    return found


def overflow(page):
    """What stands out of the window to the right."""
    return page.evaluate(r"""
(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => `${one.tagName}.${one.className}`).slice(0, 8);
})()
""")
