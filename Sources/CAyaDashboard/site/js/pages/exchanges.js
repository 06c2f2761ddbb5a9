// Exchanges as they end, from the tap.

import { h, fill, setText } from "../dom.js";
import * as format from "../format.js";
import { show as showDialog } from "../dialog.js";
import { button, empty, facts, pageHead } from "../parts.js";
import { state } from "../state.js";
import { Stream } from "../stream.js";
import { table } from "../table.js";
import { reasons, statusTone } from "../words.js";

const mostKept = 300;
const mostShown = 100;

/** What the tap can be asked for, in its words. */
const filters = [
    { name: "route", label: "Route", from: () => state.status?.routes.map((one) => one.name) },
    { name: "listener", label: "Listener", from: () => state.status?.listeners.map((one) => one.name) },
    { name: "pool", label: "Pool", from: () => state.status?.pools.map((one) => one.name) },
    { name: "status", label: "Status", from: () => ["2xx", "3xx", "4xx", "5xx"], placeholder: "5xx" },
    { name: "method", label: "Method", from: () => ["GET", "POST", "PUT", "PATCH", "DELETE"], placeholder: "POST" },
    { name: "path", label: "Path", placeholder: "/cart/*" },
    { name: "header", label: "Header", placeholder: "name:value" },
    { name: "slower_than", label: "Slower than", placeholder: "250ms" },
];

export function open() {
    let kept = [], number = 0, seen = 0, dropped = 0;
    let isPaused = false, stream = null, feed = "connecting", frame = null;
    const rows = exchanges();
    const told = h("p", {});
    const pause = button("Pause", () => setPaused(!isPaused), { "aria-pressed": "false" });
    const clear = button("Clear", () => { forget(); draw(); }, { class: "quiet" });
    const form = h("form", {
        class: "fields", onchange: () => listen(), onsubmit: (event) => { event.preventDefault(); listen(); },
    }, filters.map((one) => field(one)));
    const body = h("div", { class: "table-wrap" }, rows.node), note = h("div", {});
    const node = h("div", { class: "page" },
        pageHead("Live exchanges", { lead: told, actions: h("div", { class: "buttons" }, clear, pause) }),
        form, h("section", { class: "sheet exchanges", "aria-label": "Exchanges" }, body, note));

    function field({ name, label, from, placeholder }) {
        const id = `tap-${name}`;
        return h("div", { class: "field" }, h("label", { for: id }, label),
            h("input", {
                id, name, placeholder: placeholder ?? "any", list: from ? `${id}-list` : null, autocomplete: "off",
                spellcheck: "false",
            }),
            from && h("datalist", { id: `${id}-list` }));
    }

    function fillLists() {
        for (const { name, from } of filters) {
            const list = form.querySelector(`#tap-${name}-list`);
            const values = from?.() ?? [];
            if (!list || list.children.length === values.length) continue;
            fill(list, values.map((value) => h("option", { value })));
        }
    }

    function forget() {
        kept = [];
        dropped = 0;
        seen = 0;
    }

    function listen() {
        stream?.close();
        forget();
        // More than this nobody reads.
        const query = new URLSearchParams({ rate: 100 });
        for (const { name } of filters) {
            const value = form.elements[name].value.trim();
            if (value) query.set(name, value);
        }
        stream = new Stream(`v1/tap?${query}`, {
            onEvent: (name, data) => take(name, data),
            onState: (state) => { feed = state; draw(); },
        });
        draw();
    }

    function take(name, data) {
        if (name === "dropped") dropped += data.count;
        if (isPaused || name !== "exchange") return;
        number += 1;
        seen += 1;
        kept.unshift({ number, record: data });
        kept.length = Math.min(kept.length, mostKept);
        // However many come, they are drawn a few times a second.
        frame ??= setTimeout(() => { frame = null; draw(); }, 200);
    }

    function setPaused(next) {
        isPaused = next;
        pause.setAttribute("aria-pressed", isPaused);
        setText(pause, isPaused ? "Go on" : "Pause");
        draw();
    }

    function draw() {
        const words = {
            connecting: "Listening …", live: isPaused ? "Paused" : "Live", lost: "The feed broke; asking again",
        };
        setText(told, feed === "absent" ? "" : [
            words[feed], seen > 0 && `${format.count(seen)} seen`, dropped > 0 && `${format.count(dropped)} left out`,
        ].filter(Boolean).join(" · "));
        rows.update(kept.slice(0, mostShown));
        body.hidden = kept.length === 0;
        form.hidden = feed === "absent";
        if (kept.length > 0) fill(note);
        else if (feed === "absent") fill(note, absent());
        else if (note.childElementCount === 0) fill(note, quiet());
    }

    listen();
    return {
        node,
        update: (cause) => { if (!cause || cause === "status") fillLists(); },
        close: () => { stream?.close(); clearTimeout(frame); },
    };
}

function absent() {
    return empty("This Aya has no tap",
        "Exchanges can be watched with a version that answers /v1/tap. Until then the access log has them all.");
}

function quiet() {
    return empty("Nothing has ended yet", "Each request appears here the moment it is answered. Filters apply inside "
        + "Aya, so that a busy one is not slowed down by being watched.");
}

const either = (...keys) => ({ record }) => record[keys.find((key) => record[key] != null)] ?? "";

function opener(record) {
    return button("…", (event) => {
        event.stopPropagation();
        showRecord(record);
    }, { class: "quiet", "aria-label": "All of this exchange" });
}

function exchanges() {
    return table({
        label: "Exchanges", key: (row) => row.number, onRow: (row) => showRecord(row.record),
        columns: [
            { id: "time", title: "Time", cell: (row) => format.clock(row.record.timestamp) },
            {
                id: "status", title: "Status", kind: "status", tone: (row) => toneOf(row.record),
                cell: (row) => statusOf(row.record),
            },
            { id: "method", title: "Method", cell: either("http.request.method", "network.transport") },
            {
                id: "path", title: "Path", kind: "path", isWide: true,
                cell: ({ record }) => `${record["server.address"] ?? ""}${record["url.path"] ?? ""}`,
            },
            { id: "route", title: "Route", cell: either("http.route") },
            {
                id: "server", title: "Server",
                cell: ({ record }) => [record["aya.pool"], record["aya.server"]].filter(Boolean).join("/"),
            },
            {
                id: "taken", title: "Took", kind: "amount",
                cell: ({ record }) => format.seconds(record["aya.duration.total"]),
            },
            {
                id: "open", title: "", spoken: "Details", kind: "actions",
                make: ({ record }) => ({ node: opener(record) }),
            },
        ],
    });
}

function statusOf(record) {
    const status = record["http.response.status_code"];
    const reason = record["aya.reason"];
    return [status, reason !== "ok" && reason].filter(Boolean).join(" ") || "ok";
}

function toneOf(record) {
    const status = record["http.response.status_code"];
    return status ? statusTone(status) : record["aya.reason"] === "ok" ? "good" : "warn";
}

function showRecord(record) {
    const reason = reasons[record["aya.reason"]];
    showDialog((close) => h("div", { class: "inner" },
        h("h2", {}, `${record["http.request.method"] ?? ""} ${record["url.path"] ?? record["aya.listener"] ?? ""}`),
        reason && h("p", {}, `${reason}.`),
        facts(Object.entries(record).map(([key, one]) =>
            [key, key.startsWith("aya.duration.") ? format.seconds(one) : String(one)])),
        h("div", { class: "buttons" }, button("Close", () => close(), { class: "main" }))),
    { label: "Exchange" });
}
