// What the dashboard knows, in one place, and who is told when it changes.
//
// "status"  what /v1/status said last
// "config"  the configuration that runs, once for each generation
// "sample"  another second of figures
// "history" older figures came
// "event"   a line of Aya's log
// "alerts"  what fires
// "link"    whether Aya answers

import { json, jsonIfPresent, Refusal } from "./api.js";
import { Stream } from "./stream.js";
import { Recorder } from "./recorder.js";
import { samples } from "./series.js";

export const news = new EventTarget();

export const state = {
    status: null,
    config: null,
    alerts: null,
    /** The newest first. */
    events: [],
    /** "connecting", "live" or "lost". */
    link: "connecting",
    /** Whether Aya sends figures each second; without them they are taken from the status. */
    hasLive: null,
};

const mostEvents = 500;
const period = 2_000;
const recorder = new Recorder();
/** The feed leaves some of the series out, and what is known of them. */
let isPartial = false, slower = {};
let timer = null;

function tell(name) { news.dispatchEvent(new Event(name)); }

function setLink(link) {
    if (state.link === link) return;
    state.link = link;
    tell("link");
}

export function start() {
    new Stream("v1/live", {
        onEvent: (name, data) => {
            if (name !== "sample") return;
            // A very large Aya sends its first thousands of series; the others come from the status, less often.
            isPartial = data.truncated === true;
            take(data.time, isPartial ? { ...slower, ...data.values } : data.values);
        },
        onState: (link) => { state.hasLive = link === "absent" ? false : link === "live" ? true : state.hasLive; },
    });
    new Stream("v1/events?recent=200", {
        onEvent: (_, event) => remember(event),
        onState: (link) => { if (link === "lost") refresh(); },
    });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
    refresh();
    pollAlerts();
}

function take(time, values) {
    samples.add(time, values);
    tell("sample");
}

/** Events come again after a reconnection: each is kept once. */
function remember(event) {
    const known = state.events.some((other) =>
        other.timestamp === event.timestamp && JSON.stringify(other) === JSON.stringify(event));
    if (known) return;
    state.events.unshift(event);
    state.events.length = Math.min(state.events.length, mostEvents);
    tell("event");
    // Most lines tell of a state that has changed.
    refresh();
}

/** Asks for the status now, and again each period. */
export async function refresh() {
    clearTimeout(timer);
    timer = null;
    const began = performance.now();
    try {
        const status = await json("v1/status");
        if (timer) return;
        setLink("live");
        const isNew = state.status?.generation !== status.generation;
        state.status = status;
        if (!state.hasLive) take(Date.now() / 1000, recorder.values(status));
        else if (isPartial) slower = recorder.values(status);
        tell("status");
        if (isNew) loadConfig();
    } catch (error) {
        if (!(error instanceof Refusal)) console.error(error);
        else if (error.status !== 401) setLink("lost");
    }
    clearTimeout(timer);
    // The status of a large Aya takes a while to tell: a tenth of the time is enough for it.
    const pause = Math.max(period, 10 * (performance.now() - began));
    if (!document.hidden) timer = setTimeout(refresh, pause);
}

async function loadConfig() {
    try {
        state.config = await json("v1/config", { headers: { accept: "application/json" } });
        tell("config");
    } catch (error) {
        if (!(error instanceof Refusal)) console.error(error);
    }
}

async function pollAlerts() {
    try {
        const answer = await jsonIfPresent("v1/alerts");
        state.alerts = answer?.alerts ?? null;
        tell("alerts");
        if (answer) setTimeout(pollAlerts, 10_000);
    } catch {
        setTimeout(pollAlerts, 10_000);
    }
}

export const reloadAlerts = pollAlerts;
