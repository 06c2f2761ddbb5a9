// What Aya has learned: forecasts over load, advice with its reasons, incidents.

import { h, fill, setText } from "../dom.js";
import * as format from "../format.js";
import { jsonIfPresent, Refusal } from "../api.js";
import { chart } from "../chart.js";
import { amount, linked, subjectLink } from "../columns.js";
import { chips, empty, pageHead, sheet } from "../parts.js";
import { line, ranges, samples, want } from "../series.js";
import { state } from "../state.js";
import { table } from "../table.js";
import { stateLabel } from "../words.js";

const shown = ranges.find((one) => one.id === "1h");
const steps = 30;
const pause = 15_000;

export function open() {
    let subject = "aya/requests", forecast = null, isAbsent = false, timer = null, isClosed = false;
    const choice = h("select", {
        "aria-label": "Series", onchange: () => { subject = choice.value; forecast = null; load(); },
    });
    const figure = chart({
        title: "Load and forecast", unit: format.perSecond, isTall: true,
        lines: [{ name: "measured", hue: "indigo" }, { name: "forecast", hue: "plum", isDashed: true }],
    });
    const lead = h("p", {}), none = h("div", {}), advice = h("div", {}), incidents = h("div", {}), pools = h("div", {});
    const forecasts = h("div", { class: "page" }, figure.node, h("p", { class: "small soft" },
        "Of ten measured values eight should fall into the darker band, and all but one in twenty into the lighter."));
    const learned = poolTable();
    const node = h("div", { class: "page" },
        pageHead("Brain", { lead, actions: choice }), none, forecasts, advice, incidents, pools);

    async function load() {
        clearTimeout(timer);
        try {
            const said = await jsonIfPresent("v1/brain");
            isAbsent = said === null;
            const [found, given, known] = isAbsent ? [] : await Promise.all([
                jsonIfPresent(`v1/brain/forecast?series=${subject}&horizon=${steps}`),
                jsonIfPresent("v1/brain/advice"), jsonIfPresent("v1/brain/incidents"),
            ]);
            if (isClosed) return;
            forecast = found;
            tell(said);
            fill(advice, given && adviceSheet(given.advice.toReversed()));
            fill(incidents, known && incidentSheet(known.incidents.toReversed()));
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            setText(lead, error.text);
        }
        want([subject], shown);
        draw();
        if (!isAbsent && !isClosed) timer = setTimeout(load, pause);
    }

    function tell(said) {
        forecasts.hidden = isAbsent;
        choice.hidden = isAbsent;
        fill(none, isAbsent && h("section", { class: "sheet" }, empty("The brain does not run",
            "It learns the load of every pool and route from the history, foresees it, sees what is unusual, and gives "
            + "advice. It acts only within bounds that you set. It needs history, which is on unless the configuration "
            + "says history: off.")));
        setText(lead, isAbsent ? "" : `It watches ${format.count(said.series_watched)} series, and took `
            + `${format.share(said.busy_seconds / Math.max(1, said.uptime_seconds))} of a processor for it.`);
        if (isAbsent || said.pools.length === 0) { fill(pools); return; }
        learned.update(said.pools);
        if (pools.childElementCount === 0) {
            const aside = h("span", { class: "soft small" }, "what it may do, and what it has learned");
            fill(pools, sheet("Pools", { aside }, h("div", { class: "table-wrap" }, learned.node)));
        }
    }

    function fillChoice() {
        const names = ["aya/requests", ...(state.status?.pools ?? []).map((pool) => `pools/${pool.name}/requests`),
            ...(state.status?.routes ?? []).map((route) => `routes/${route.name}/requests`)];
        if (choice.children.length === names.length) return;
        fill(choice, names.map((name) => h("option", { value: name, selected: name === subject }, nameOf(name))));
    }

    function draw() {
        if (isAbsent) return;
        const now = samples.isEmpty ? Date.now() / 1000 : samples.now;
        const times = forecast?.mean?.map((_, place) => forecast.start + place * forecast.step_seconds) ?? [];
        const band = (low, high, isOuter) =>
            ({ times, lows: forecast[low], highs: forecast[high], hue: "plum", isOuter });
        figure.update({
            from: now - shown.seconds, to: Math.max(now, times.at(-1) ?? now), now, step: shown.step,
            lines: [line(subject, shown), { times, values: forecast?.mean ?? [] }],
            bands: times.length ? [band("lo95", "hi95", true), band("lo80", "hi80", false)] : [],
            hint: "It has not seen enough of this series yet",
        });
    }

    load();
    return {
        node,
        update(cause) {
            if (!cause || cause === "status") fillChoice();
            if (!cause || cause === "history") draw();
        },
        close: () => { isClosed = true; clearTimeout(timer); },
    };
}

function nameOf(series) {
    const [kind, name] = series.split("/");
    return kind === "aya" ? "All requests" : `${kind === "pools" ? "Pool" : "Route"} ${name}`;
}

function adviceSheet(list) {
    return sheet("Advice", {}, list.length === 0
        ? empty("No advice", "When it foresees that capacity runs short, sees a server about to fail or finds a better "
            + "way to balance, it says so here, with its reason.")
        : h("ol", { class: "feed" }, list.slice(0, 50).map(adviceItem)));
}

const words = (name) => name.replaceAll("_", " ");

function adviceItem({ time, subject, action, value, kind, confidence, reason, outcome }) {
    const wanted = value == null ? words(action) : `${words(action)} ${format.count(value)}`;
    return h("li", {},
        h("time", {}, format.brief(time)),
        h("div", { class: "what" },
            subjectLink(subject), " ", h("b", {}, wanted), " ",
            h("span", { class: "chip" }, `${words(kind)}, sure to ${format.share(confidence)}`),
            h("div", { class: "pairs" }, reason), outcome && h("div", { class: "pairs" }, `Outcome: ${outcome}`)));
}

function incidentSheet(list) {
    return sheet("Incidents", {}, list.length === 0
        ? empty("No incidents", "What is unusual in rate, errors or latency is gathered here into incidents, with what "
            + "they have in common.")
        : h("ol", { class: "feed" }, list.slice(0, 50).map(incidentItem)));
}

function incidentItem(one) {
    const time = one.ended ? `for ${format.span(one.ended - one.began)}` : `last alarm ${format.clock(one.last_alarm)}`;
    return h("li", {},
        h("time", {}, format.brief(one.began)),
        h("div", { class: "what" },
            stateLabel(one.state, one.state === "open" ? "warn" : "calm"), " ",
            h("b", {}, subjectLink(one.subject)), " ", h("span", { class: "pairs" }, time),
            h("div", { class: "pairs" }, one.evidence.join("; ")),
            one.culprits.map(({ share, dimension, value }) =>
                h("div", { class: "pairs" }, `${format.share(share)} of it is ${dimension} ${value}`))));
}

function poolTable() {
    const carried = ({ capacity }) => capacity
        ? `${capacity.knee_seen ? "" : "at least "}${format.perSecond(capacity.requests_per_server)}` : "–";
    return table({
        label: "Pools", key: (pool) => pool.name,
        columns: [
            linked("Pool", "pools", { isWide: true }),
            {
                id: "functions", title: "Functions", isWide: true,
                cell: (pool) => chips(Object.entries(pool.functions).map(([name, value]) => `${name} ${value}`)),
            },
            { id: "capacity", title: "A server carries", kind: "amount", cell: carried },
            {
                id: "balance", title: "Balances by",
                cell: (pool) => [...new Set(pool.balance?.workers ?? [])].map(words).join(", "),
            },
            amount("error", "Forecasts off by", (pool) => pool.forecast?.relative_error, format.share),
            amount("coverage", "In the 80 % band", (pool) => pool.forecast?.coverage80, format.share),
        ],
    });
}
