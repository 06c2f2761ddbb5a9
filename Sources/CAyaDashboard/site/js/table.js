// Tables whose rows stay the same elements while their figures change: focus, selection and a screen reader's place
// survive. Roles are given in full, because the style for narrow windows shows rows as cards.

import { h, setAttribute, setText } from "./dom.js";

/**
 * `columns`: [{ id, title, cell(row) → text | node, make(row) → { node, update(row) }, sort(row), kind, isWide }].
 * A column with `cell` is written anew when its text differs; one with `make` keeps its parts.
 */
export function table({ label, columns, key, sortBy, isAligned, onRow }) {
    let order = sortBy ?? null;
    let rows = [];
    const known = new Map();
    const heads = columns.map((column) => head(column));
    const body = h("tbody", { role: "rowgroup" });
    const node = h("table", { role: "table", "aria-label": label, class: isAligned ? "cards aligned" : "cards" },
        h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)), body);

    function head(column) {
        const properties = {
            role: "columnheader", scope: "col", class: [column.kind, `col-${column.id}`].filter(Boolean).join(" "),
        };
        if (!column.sort) return h("th", properties, column.title || h("span", { class: "unseen" }, column.spoken));
        return h("th", { ...properties, "aria-sort": "none" },
            h("button", { type: "button", onclick: () => turn(column) }, column.title));
    }

    function turn(column) {
        const isSame = order?.id === column.id;
        const firstWay = column.kind === "amount" ? -1 : 1;
        order = isSame && order.way !== firstWay ? null : { id: column.id, way: isSame ? -order.way : firstWay };
        update(rows);
    }

    function sorted(list) {
        const column = columns.find((one) => one.id === order?.id);
        columns.forEach((one, place) => {
            if (!one.sort) return;
            const isThis = one === column;
            heads[place].setAttribute("aria-sort", !isThis ? "none" : order.way > 0 ? "ascending" : "descending");
        });
        if (!column) return list;
        return list.toSorted((a, b) => {
            const left = column.sort(a), right = column.sort(b);
            if (left == null || right == null) return (left == null) - (right == null);
            return (left < right ? -1 : left > right ? 1 : 0) * order.way;
        });
    }

    function makeRow(row) {
        const parts = columns.map((column) => {
            const kinds = [column.kind, `col-${column.id}`, column.isWide && "wide"];
            const cell = h("td", {
                role: "cell", class: kinds.filter(Boolean).join(" "),
                "data-label": column.isUnlabelled ? null : column.title || null,
            });
            const made = column.make?.(row);
            if (made) cell.append(made.node);
            return { cell, made, column, before: undefined };
        });
        const element = h("tr", { role: "row" }, parts.map((part) => part.cell));
        if (onRow) element.addEventListener("click", () => onRow(known.get(key(row))?.row ?? row));
        return { element, parts, row };
    }

    function write({ parts }, row) {
        for (const part of parts) {
            if (part.made) { part.made.update?.(row); continue; }
            const value = part.column.cell(row);
            if (value instanceof Node) {
                // Nodes say by their text whether they differ.
                if (part.before?.isEqualNode(value)) continue;
                part.cell.replaceChildren(value);
                part.before = value;
            } else {
                setText(part.cell, value ?? "");
            }
            if (part.column.tone) setAttribute(part.cell, "data-tone", part.column.tone(row));
        }
    }

    function update(list) {
        rows = list;
        const present = new Set(list.map(key));
        for (const [name, { element }] of known) {
            if (!present.has(name)) { element.remove(); known.delete(name); }
        }
        let before = null;
        for (const row of sorted(list)) {
            const name = key(row);
            if (!known.has(name)) known.set(name, makeRow(row));
            const entry = known.get(name);
            entry.row = row;
            write(entry, row);
            const place = before ? before.nextSibling : body.firstChild;
            if (place !== entry.element) body.insertBefore(entry.element, place);
            before = entry.element;
        }
    }

    return { node, update };
}
