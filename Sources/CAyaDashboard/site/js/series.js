// Figures over time: the last minutes as they came, and older ones as Aya's history has them.

import { jsonIfPresent } from "./api.js";
import { news } from "./state.js";

/** What the charts show; `step`: seconds between two figures of the history. */
export const ranges = [
    { id: "5m", label: "5 min", seconds: 300, resolution: "1s", step: 1 },
    { id: "1h", label: "1 h", seconds: 3_600, resolution: "1m", step: 60 },
    { id: "24h", label: "24 h", seconds: 86_400, resolution: "1m", step: 60 },
    { id: "30d", label: "30 d", seconds: 30 * 86_400, resolution: "1h", step: 3_600 },
];

const rangeKey = "aya-range";
let chosen = ranges.find((one) => one.id === localStorage.getItem(rangeKey)) ?? ranges[0];

export function range() { return chosen; }

export function chooseRange(wanted) {
    chosen = wanted;
    localStorage.setItem(rangeKey, wanted.id);
    news.dispatchEvent(new Event("history"));
}

/**
 * Seconds of figures, as long as the shortest range and a little. A large Aya has thousands of series: a second of them
 * is one array of small numbers.
 */
class Samples {
    #frames = [];
    /** Where a frame has each series. */
    #places = new Map();
    #length = 330;

    add(time, values) {
        const last = this.#frames.at(-1);
        // A clock that was set back: what came before is of no use any more.
        if (last && time < last.time - 5) this.#frames = [];
        const entries = Object.entries(values).filter(([, value]) => value != null);
        for (const [name] of entries) if (!this.#places.has(name)) this.#places.set(name, this.#places.size);
        const row = new Float32Array(this.#places.size).fill(NaN);
        for (const [name, value] of entries) row[this.#places.get(name)] = value;
        this.#frames.push({ time, row });
        while (this.#frames.length > 0 && this.#frames[0].time < time - this.#length) this.#frames.shift();
    }

    get now() { return this.#frames.at(-1)?.time ?? Date.now() / 1000; }
    get start() { return this.#frames[0]?.time ?? Infinity; }
    get isEmpty() { return this.#frames.length === 0; }

    /** The latest figure of a series. */
    latest(name) { return this.#value(this.#frames.at(-1), this.#places.get(name)); }

    line(name, from = 0) {
        const times = [], values = [], place = this.#places.get(name);
        for (const frame of this.#frames) {
            if (frame.time < from) continue;
            times.push(frame.time);
            values.push(this.#value(frame, place));
        }
        return { times, values };
    }

    #value(frame, place) {
        const value = frame?.row[place];
        return value === undefined || Number.isNaN(value) ? null : value;
    }
}

export const samples = new Samples();

// MARK: what Aya remembers

/** Whether Aya keeps a history; null until it was asked. */
let isKept = null;
export function hasHistory() { return isKept; }

const known = new Map();
const asked = new Map();
/** Their names have to fit into the line of a request. */
const mostNames = 100;

const keyOf = (name, wanted) => `${wanted.id} ${name}`;

/** Of each range, what is to be asked for in a moment: the tables of a page want one thing each. */
const wanting = new Map();

/** Has the figures of these series fetched, unless that was done a moment ago. */
export function want(names, wanted = chosen) {
    if (isKept === false) return;
    const now = Date.now();
    // Seconds are fetched once, to fill in what was before the page was opened.
    const freshness = wanted.id === "5m" ? Infinity : wanted.step === 60 ? 30_000 : 300_000;
    const missing = names.filter((name) => !(now - asked.get(keyOf(name, wanted)) < freshness));
    if (missing.length === 0) return;
    for (const name of missing) asked.set(keyOf(name, wanted), now);
    if (!wanting.has(wanted)) {
        wanting.set(wanted, []);
        setTimeout(() => fetchAll(wanted), 20);
    }
    wanting.get(wanted).push(...missing);
}

async function fetchAll(wanted) {
    const names = wanting.get(wanted);
    wanting.delete(wanted);
    for (let place = 0; place < names.length; place += mostNames) {
        await fetchSome(names.slice(place, place + mostNames), wanted);
    }
}

async function fetchSome(names, wanted) {
    const to = Math.floor(samples.now), from = to - wanted.seconds;
    const list = names.map((name) => encodeURIComponent(name).replaceAll("%2F", "/").replaceAll("%3A", ":")).join(",");
    let answer;
    try {
        answer = await jsonIfPresent(
            `v1/history?series=${list}&resolution=${wanted.resolution}&from=${from}&to=${to}`);
    } catch {
        // It is asked again, but not with every figure that comes.
        setTimeout(() => { for (const name of names) asked.delete(keyOf(name, wanted)); }, 10_000);
        return;
    }
    isKept = answer != null;
    const step = answer?.resolution_seconds;
    for (const name of answer ? names : []) {
        const values = answer.series[name] ?? [];
        known.set(keyOf(name, wanted), { times: values.map((_, place) => answer.start + place * step), values });
    }
    news.dispatchEvent(new Event("history"));
}

/** What is known of a series over a range: `times` in seconds since 1970, `values` with null for gaps. */
export function line(name, wanted = chosen) {
    const old = known.get(keyOf(name, wanted)) ?? { times: [], values: [] };
    if (wanted.id !== "5m") return old;
    const fresh = samples.line(name, samples.now - wanted.seconds);
    const end = old.times.findIndex((time) => time >= samples.start);
    const count = end < 0 ? old.times.length : end;
    return {
        times: [...old.times.slice(0, count), ...fresh.times],
        values: [...old.values.slice(0, count), ...fresh.values],
    };
}

/** The share of one series in another, figure by figure. */
export function quotient(part, whole) {
    const values = part.values.map((value, place) => {
        const all = whole.values[place];
        return value == null || all == null ? null : all === 0 ? 0 : Math.min(1, value / all);
    });
    return { times: part.times, values };
}
