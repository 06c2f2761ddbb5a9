// What happens, in the words of the log, and what asks for somebody.

import { h, fill } from "../dom.js";
import * as format from "../format.js";
import { send } from "../api.js";
import { subjectLink } from "../columns.js";
import { ask } from "../dialog.js";
import { notice } from "../notices.js";
import { button, empty, pageHead } from "../parts.js";
import { reloadAlerts, state } from "../state.js";
import { alertTone, levelTone, stateLabel } from "../words.js";

const own = new Set(["timestamp", "level", "message"]);

export function eventItem(event) {
    const pairs = Object.entries(event).filter(([key]) => !own.has(key));
    return h("li", { "data-tone": levelTone(event.level) },
        h("time", { datetime: event.timestamp, title: event.timestamp }, format.brief(event.timestamp)),
        h("div", { class: "what", "data-tone": levelTone(event.level) },
            h("b", {}, event.message),
            !["info", "notice"].includes(event.level) && h("span", { class: "unseen" }, ` (${event.level})`), " ",
            h("span", { class: "pairs" }, pairs.map(([key, value]) => `${key} ${value}`).join(" · "))));
}

export function open() {
    const choices = ["all", "warning", "error"];
    const names = { all: "All", warning: "Warnings", error: "Errors" };
    let level = "all", wanted = "";
    const buttons = choices.map((one) => button(names[one], () => { level = one; draw(); }));
    const field = h("input", {
        type: "search", "aria-label": "Find in events", placeholder: "Find",
        oninput: () => { wanted = field.value.toLowerCase(); draw(); },
    });
    const feed = h("ol", { class: "feed fresh" });
    const none = h("div", {});
    const alertSheet = h("section", { class: "sheet", "aria-label": "Alerts" });
    const node = h("div", { class: "page" },
        pageHead("Events and alerts"), alertSheet,
        h("section", { class: "sheet", "aria-label": "Events" },
            h("div", { class: "head" }, h("h2", { class: "grow" }, "Events"), h("div", { class: "field" }, field),
                h("div", { class: "choice", role: "group", "aria-label": "Which events" }, buttons)), feed, none));

    function draw() {
        buttons.forEach((one, place) => one.setAttribute("aria-pressed", choices[place] === level));
        const shown = state.events.filter((event) =>
            (level === "all" || event.level === "error" || event.level === level)
            && (!wanted || JSON.stringify(event).toLowerCase().includes(wanted)));
        fill(feed, shown.slice(0, 200).map((event) => eventItem(event)));
        fill(none, shown.length === 0 && (state.events.length
            ? empty("None of these", "No event is like this.")
            : empty("Quiet so far", "Servers that go down and come back, reloads, certificates: what Aya's log tells "
                + "from info upwards appears here as it happens.")));
    }

    function drawAlerts() {
        const alerts = state.alerts;
        alertSheet.hidden = alerts == null;
        if (!alerts) return;
        fill(alertSheet, h("div", { class: "head" }, h("h2", {}, "Alerts")),
            alerts.length ? h("ul", { class: "feed" }, alerts.map(alertItem))
                : empty("Nothing fires", "Rules under alerts in the configuration say what should: error rates, slow "
                    + "answers, too few servers, certificates that run out."));
    }

    return {
        node,
        update(cause) {
            if (!cause || cause === "event") draw();
            if (!cause || cause === "alerts") drawAlerts();
        },
    };
}

const words = (name) => name.replaceAll("_", " ");

function alertItem(one) {
    const isSilenced = one.silenced_until != null;
    const word = isSilenced ? `${one.state}, silenced until ${format.moment(one.silenced_until)}` : one.state;
    return h("li", {},
        h("time", {}, one.since != null ? format.brief(one.since) : ""),
        h("div", { class: "what" },
            stateLabel(word, alertTone(one.state)), " ",
            h("b", {}, words(one.name)), " ", subjectLink(one.subject ?? ""), " ",
            one.urgency && h("span", { class: "chip" }, one.urgency),
            h("div", { class: "pairs" }, one.reason ?? "")),
        one.state !== "resolved" && !isSilenced
            && button("Silence …", () => silence(one), { class: "quiet", "aria-label": `Silence ${one.name}` }));
}

const times = [["15m", "15 minutes"], ["1h", "an hour"], ["8h", "8 hours"], ["24h", "a day"]];

function silence(one) {
    const field = h("select", { id: "silence" }, times.map(([value, words]) => h("option", { value }, words)));
    return ask({
        title: `Silence ${one.name}?`, text: "It still shows here, but nobody is told.",
        content: h("div", { class: "field" }, h("label", { for: "silence" }, "For"), field), action: "Silence",
        act: async () => {
            const body = { name: one.name, subject: one.subject, for: field.value };
            await send({ method: "POST", path: "v1/alerts/silences", body });
            notice(`${one.name} is silenced`);
            reloadAlerts();
        },
    });
}
