// Lines over time, drawn as SVG. One crosshair goes through all charts of a page, so that what happened at a moment is
// read off everywhere at once; it moves with the pointer, a finger, or the arrow keys.

import { h, svg, fill, setText } from "./dom.js";
import * as format from "./format.js";
import { area, nearest, path, thinned, ticks, timeTicks } from "./scale.js";

const crosshair = Object.assign(new EventTarget(), { time: null });

function pointAt(time) {
    crosshair.time = time;
    crosshair.dispatchEvent(new Event("move"));
}

const resized = new ResizeObserver((entries) => { for (const entry of entries) entry.target.redraw?.(); });

const margin = { top: 8, right: 2, bottom: 20, left: 2 };

/**
 * A figure with a title, the latest values and the lines.
 *
 * `lines`: [{ name, hue, isPeak, isDashed }]; `unit` writes a value, `grain` says which ticks are round. `update` takes
 * the data in the same order, and `bands` (lows and highs over times) to lay under them.
 */
export function chart({ title, lines, unit, grain, least = 1, isTall = false }) {
    let data = null;
    const at = h("span", { class: "at" });
    const values = lines.map((one) => h("b", {}, "–"));
    const readout = h("div", { class: "readout" }, lines.map((one, place) =>
        h("span", { class: `value hue-${one.hue}` }, values[place], h("span", { class: "name" }, one.name))));
    const canvas = svg("svg", { "aria-hidden": "true" });
    const plot = h("div", {
        class: isTall ? "plot tall" : "plot", tabindex: "0", role: "img", "aria-label": title,
        onpointermove: (event) => follow(event), onpointerdown: (event) => follow(event),
        onpointerleave: () => pointAt(null), onblur: () => pointAt(null), onkeydown: (event) => step(event),
    }, canvas);
    const figure = h("figure", { class: "sheet figure" },
        h("figcaption", {}, h("h3", {}, title), at), readout, plot);
    plot.redraw = () => draw();
    resized.observe(plot);
    const moved = () => { if (figure.isConnected) point(); else crosshair.removeEventListener("move", moved); };

    function place() {
        const width = plot.clientWidth, height = plot.clientHeight;
        const { from, to } = data;
        const x = (time) => margin.left + (time - from) / (to - from) * (width - margin.left - margin.right);
        return { width, height, x };
    }

    function follow(event) {
        if (!data || data.isEmpty) return;
        const box = plot.getBoundingClientRect();
        const share = (event.clientX - box.left - margin.left) / (box.width - margin.left - margin.right);
        pointAt(data.from + Math.min(1, Math.max(0, share)) * (data.to - data.from));
    }

    function step(event) {
        const times = data?.drawn?.[0]?.times;
        if (!times?.length) return;
        const now = nearest(times, crosshair.time ?? data.to);
        const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: times.length - 1 };
        if (event.key === "Escape") pointAt(null);
        if (!(event.key in moves)) return;
        event.preventDefault();
        pointAt(times[Math.min(times.length - 1, Math.max(0, moves[event.key]))]);
    }

    let scale = null;

    function draw() {
        if (!data || plot.clientWidth === 0) return;
        const { width, height, x } = place();
        const bottom = height - margin.bottom;
        data.drawn = data.lines.map((one, index) =>
            thinned(since(data.from, one), Math.max(60, width / 1.5), lines[index].isPeak));
        const bands = data.bands ?? [];
        const highest = Math.max(
            least, ...data.drawn.flatMap((one) => one.values.filter((value) => value != null)),
            ...bands.flatMap((band) => band.highs));
        // Some air above the highest point, where the labels are.
        const grounds = ticks(highest * 1.12, grain);
        const top = grounds.at(-1);
        const y = (value) => bottom - value / top * (bottom - margin.top);
        scale = { x, y };
        data.isEmpty = data.drawn.every((one) => one.values.every((value) => value == null)) && bands.length === 0;
        const gap = Math.max(data.step * 3.5, (data.to - data.from) / width * 4);
        fill(canvas,
            grounds.map((value) => svg("line", { class: "grid", x1: 0, x2: width, y1: y(value), y2: y(value) })),
            timeLabels(data, x, height, width),
            bands.map((band) => svg("path", {
                class: `band ${band.isOuter ? "outer" : ""} hue-${band.hue}`,
                d: area(band.times, band.lows, band.highs, x, y, Infinity),
            })),
            data.now && svg("line", { class: "now", x1: x(data.now), x2: x(data.now), y1: margin.top, y2: bottom }),
            data.drawn.map((one, index) => lineOf(one, lines[index], index === 0 && bands.length === 0, x, y, gap)),
            grounds.slice(1).map((value) => svg("text", { x: 0, y: y(value) + 13 }, short(unit(value)))),
            svg("g", { class: "pointer" }));
        const empty = data.isEmpty ? h("p", { class: "nothing" }, data.hint ?? "Nothing in this time") : null;
        plot.querySelector(".nothing")?.remove();
        if (empty) plot.append(empty);
        point();
    }

    function lineOf(one, { hue, isDashed }, isFilled, x, y, gap) {
        const zeros = one.values.map(() => 0);
        return [
            isFilled && svg("path", { class: `area hue-${hue}`, d: area(one.times, zeros, one.values, x, y, gap) }),
            svg("path", {
                class: `line hue-${hue}${isDashed ? " dashed" : ""}`, d: path(one.times, one.values, x, y, gap),
            }),
        ];
    }

    /** The values at the crosshair, or the latest. */
    function point() {
        if (!data?.drawn) return;
        const time = crosshair.time != null && crosshair.time >= data.from && crosshair.time <= data.to
            ? crosshair.time : null;
        const pointer = canvas.querySelector(".pointer");
        pointer?.replaceChildren();
        let found = null;
        data.drawn.forEach((one, index) => {
            const index1 = time == null ? lastKnown(one) : nearest(one.times, time);
            const value = one.values[index1];
            setText(values[index], unit(value));
            if (time == null || value == null) return;
            found ??= one.times[index1];
            pointer?.append(svg("circle", {
                class: `mark hue-${lines[index].hue}`, r: 3.5, cx: scale.x(one.times[index1]), cy: scale.y(value),
            }));
        });
        if (time != null && pointer) {
            const x = scale.x(found ?? time);
            pointer.prepend(svg("line", {
                class: "cross", x1: x, x2: x, y1: margin.top, y2: plot.clientHeight - margin.bottom,
            }));
        }
        setText(at, time == null ? "" : moment(found ?? time, data.to - data.from));
        plot.setAttribute("aria-label", described(time));
    }

    function described(time) {
        const when = time == null ? "now" : moment(time, data.to - data.from);
        const said = lines.map((one, index) => `${one.name} ${values[index].textContent}`).join(", ");
        return `${title}, ${when}: ${said}. Left and right arrows move through time.`;
    }

    return {
        node: figure,
        /** `from` and `to` in seconds since 1970; `step`: seconds between two points; `hint`: why there are none. */
        update(more) {
            if (!data) crosshair.addEventListener("move", moved);
            data = more;
            draw();
        },
    };
}

/** Ticks are round: `30.0 ms` is `30 ms`. */
function short(text) { return text.replace(/\.0+(?=\D|$)/, ""); }

function since(from, { times, values }) {
    const first = times.findIndex((time) => time >= from);
    if (first === 0) return { times, values };
    return first < 0 ? { times: [], values: [] } : { times: times.slice(first), values: values.slice(first) };
}

function lastKnown({ values }) {
    const last = values.findLastIndex((value) => value != null);
    // An old value is not the present one.
    return last >= values.length - 3 ? last : values.length - 1;
}

function moment(time, length) {
    if (length <= 600) return format.clock(time);
    return length <= 86_400 ? format.clock(time, false) : `${format.day(time)} ${format.clock(time, false)}`;
}

function timeLabels({ from, to }, x, height, width) {
    const { step, times } = timeTicks(from, to, Math.max(2, Math.floor(width / 85)));
    return times.map((time) => {
        const place = x(time);
        if (place < 18 || place > width - 18) return null;
        const text = step >= 86_400 ? format.day(time) : format.clock(time, false);
        return svg("text", { x: place, y: height - 4, "text-anchor": "middle" }, text);
    });
}

/** A line without words, for tables. */
export function sparkline() {
    const over = svg("path", {});
    const node = svg("svg", {
        class: "spark", viewBox: "0 0 96 24", preserveAspectRatio: "none", "aria-hidden": "true",
    }, over);
    return {
        node,
        update({ times, values }) {
            if (times.length < 2) return;
            const thin = thinned({ times, values }, 96);
            const to = thin.times.at(-1), from = thin.times[0];
            const highest = Math.max(1e-9, ...thin.values.filter((value) => value != null)) * 1.4;
            const x = (time) => (time - from) / Math.max(1, to - from) * 96;
            const y = (value) => 23 - value / highest * 22;
            over.setAttribute("d", path(thin.times, thin.values, x, y, (to - from) / 8 + 10));
        },
    };
}
