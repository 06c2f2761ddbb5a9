// What Aya has learned: forecasts over load, advice with its reasons, incidents.

import { h, fill, setText } from "../dom.js";
import * as format from "../format.js";
import { jsonIfPresent, Refusal } from "../api.js";
import { chart } from "../chart.js";
import { empty, pageHead } from "../parts.js";
import { line, ranges, samples, want } from "../series.js";
import { state } from "../state.js";
import { stateLabel } from "../words.js";
import { tree } from "../tree.js";

const day = ranges.find((one) => one.id === "1h");
const steps = 30;

export function open() {
    let subject = "aya/requests", forecast = null, isAbsent = false, timer = null;
    const choice = h("select", { "aria-label": "Series", onchange: () => { subject = choice.value; load(); } });
    const figure = chart({
        title: "Load and forecast", unit: format.perSecond, isTall: true,
        lines: [{ name: "measured", hue: "indigo" }, { name: "forecast", hue: "plum", isDashed: true }],
    });
    const lead = h("p", {}), none = h("div", {}), advice = h("div", {}), incidents = h("div", {}), status = h("div", {});
    const forecasts = h("div", { class: "page" },
        figure.node,
        h("p", { class: "small soft" }, "Of ten measured values eight should fall into the darker band and all but one in twenty into the lighter."));
    const node = h("div", { class: "page" }, pageHead("Brain", { lead, actions: choice }), none, forecasts, advice, incidents, status);

    async function load() {
        clearTimeout(timer);
        try {
            const [said, found, given, known] = await Promise.all([
                jsonIfPresent("v1/brain"), jsonIfPresent(`v1/brain/forecast?series=${subject}&horizon=${steps}`),
                jsonIfPresent("v1/brain/advice"), jsonIfPresent("v1/brain/incidents"),
            ]);
            isAbsent = said === null;
            forecast = found;
            tellStatus(said);
            fill(advice, given && adviceSheet(given.advice ?? []));
            fill(incidents, known && incidentSheet(known.incidents ?? []));
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            setText(lead, error.text);
        }
        want([subject], day);
        draw();
        timer = setTimeout(load, 15_000);
    }

    function tellStatus(said) {
        forecasts.hidden = isAbsent;
        choice.hidden = isAbsent;
        fill(none, isAbsent && h("section", { class: "sheet" }, empty("The brain does not run",
            "It learns the load of every pool and route, foresees it, sees what is unusual, and gives advice within bounds that you set. It never acts beyond them.", "brain: { forecast: on, anomalies: alert }")));
        setText(lead, isAbsent ? "" : "It learns and gives advice; what is done with it is yours to set.");
        fill(status, said && h("section", { class: "sheet", "aria-label": "What it does" },
            h("div", { class: "head" }, h("h2", {}, "What it does")), h("div", { class: "body" }, tree(said))));
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
        const band = (low, high, isOuter) => ({ times, lows: forecast[low], highs: forecast[high], hue: "plum", isOuter });
        const measured = line(subject, day);
        figure.update({
            from: now - day.seconds, to: times.at(-1) ?? now, now, step: day.step,
            lines: [measured, { times, values: forecast?.mean ?? [] }],
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
        close: () => clearTimeout(timer),
    };
}

function nameOf(series) {
    const [kind, name] = series.split("/");
    return kind === "aya" ? "all requests" : `${kind.slice(0, -1)} ${name}`;
}

function adviceSheet(list) {
    return h("section", { class: "sheet", "aria-label": "Advice" },
        h("div", { class: "head" }, h("h2", {}, "Advice")),
        list.length === 0 ? empty("No advice", "When it foresees that capacity runs short, or finds a better setting, it says so here, with its reason.")
            : h("ol", { class: "feed" }, list.map((one) => h("li", {},
                h("time", {}, format.clock(one.time)),
                h("div", { class: "what" }, h("b", {}, `${one.subject}: ${[one.action, one.value].filter((part) => part != null).join(" ")}`), " ",
                    h("span", { class: "chip" }, `${one.kind}, sure to ${format.share(one.confidence)}`),
                    h("div", { class: "pairs" }, one.reason), one.outcome && h("div", { class: "pairs" }, `Outcome: ${one.outcome}`))))));
}

function incidentSheet(list) {
    return h("section", { class: "sheet", "aria-label": "Incidents" },
        h("div", { class: "head" }, h("h2", {}, "Incidents")),
        list.length === 0 ? empty("No incidents", "What is unusual in rate, errors or latency is gathered here into incidents, with what they have in common.")
            : h("ol", { class: "feed" }, list.map((one) => h("li", {},
                h("time", {}, one.start ?? one.time ? format.clock(one.start ?? one.time) : ""),
                h("div", { class: "what" }, stateLabel(one.state ?? (one.end ? "over" : "open"), one.end || one.state === "over" ? "calm" : "warn"), " ",
                    h("b", {}, one.subject ?? one.title ?? ""), h("div", { class: "pairs" }, one.reason ?? one.summary ?? ""))))));
}
