// What the operator changes. Each change names the generation that was on the screen, so that nobody overwrites what
// another has done meanwhile, and offers the way back.

import { part, Refusal, send } from "./api.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { notice } from "./notices.js";
import { refresh, state } from "./state.js";

/** Makes a change and says what came of it. */
export async function change(wish, { done, undo } = {}) {
    try {
        const report = await send({ generation: state.status?.generation, ...wish });
        const said = report.warnings?.length ? `\n${report.warnings.join("\n")}` : "";
        notice((done ?? report.description) + said, {
            undo: undo && (() => change({ ...undo, generation: report.generation }, { done: "Taken back" })),
        });
        return report;
    } catch (error) {
        tellRefusal(error);
        return null;
    } finally {
        refresh();
    }
}

function tellRefusal(error) {
    if (!(error instanceof Refusal)) throw error;
    const isOutdated = error.code === "outdated";
    const words = isOutdated ? `${error.message}. Nothing was changed: look again, then repeat it.` : error.text;
    notice(words, { tone: "bad" });
}

const serverPath = (pool, server) => `v1/pools/${part(pool)}/servers/${part(server)}`;

export function drain(pool, server) {
    const wish = (value) => ({ method: "PATCH", path: serverPath(pool, server), body: { drain: value } });
    return change(wish(true), { done: `${server} is draining: no new work, what runs is finished`, undo: wish(false) });
}

export function endDrain(pool, server) {
    const wish = (value) => ({ method: "PATCH", path: serverPath(pool, server), body: { drain: value } });
    return change(wish(false), { done: `${server} takes work again`, undo: wish(true) });
}

export function setWeight(pool, server, before) {
    const field = h("input", {
        id: "weight", name: "weight", type: "number", min: "0", max: "1000", step: "1", value: before, required: true,
    });
    const wish = (weight) => ({ method: "PATCH", path: serverPath(pool, server), body: { weight } });
    return ask({
        title: `Weight of ${server}`,
        text: "Its share of the work, compared with the other servers of the pool. 0 takes no new work.",
        content: h("div", { class: "field" }, h("label", { for: "weight" }, "Weight"), field),
        action: "Set weight",
        act: async () => {
            const weight = Number(field.value);
            if (weight === before) return;
            await attempt(wish(weight), { done: `${server} has weight ${weight}`, undo: wish(before) });
        },
    });
}

/** As `change`, for dialogs: a refusal is theirs to show. */
async function attempt(wish, { done, undo }) {
    try {
        const report = await send({ generation: state.status?.generation, ...wish });
        notice(done ?? report.description, {
            undo: undo && (() => change({ ...undo, generation: report.generation }, { done: "Taken back" })),
        });
        return report;
    } finally {
        refresh();
    }
}

export function addServer(pool) {
    const field = (id, label, more) => h("div", { class: "field" },
        h("label", { for: id }, label), h("input", { id, name: id, ...more }));
    return ask({
        title: `Add a server to ${pool}`,
        text: "It stays through reloads until the configuration says otherwise.",
        content: h("div", { class: "fields" },
            field("address", "Address", { required: true, placeholder: "10.0.0.3:8080", autocomplete: "off" }),
            field("weight", "Weight", { type: "number", min: "0", max: "1000", value: "1" })),
        action: "Add server",
        act: (form) => attempt({
            method: "POST", path: `v1/pools/${part(pool)}/servers`,
            body: { address: form.elements.address.value.trim(), weight: Number(form.elements.weight.value) },
        }, { undo: { method: "DELETE", path: serverPath(pool, form.elements.address.value.trim()) } }),
    });
}

export function removeServer(pool, server, weight) {
    return ask({
        title: `Remove ${server} from ${pool}?`,
        text: "It gets no new work and finishes what runs.",
        action: "Remove server", isGrave: true,
        act: () => attempt({ method: "DELETE", path: serverPath(pool, server) }, {
            undo: { method: "POST", path: `v1/pools/${part(pool)}/servers`, body: { address: server, weight } },
        }),
    });
}

export function setRoute(route, isEnabled) {
    const wish = (enabled) => ({ method: "PATCH", path: `v1/routes/${part(route)}`, body: { enabled } });
    const done = isEnabled ? `Route ${route} is enabled` : `Route ${route} is disabled`;
    return change(wish(isEnabled), { done, undo: wish(!isEnabled) });
}

/** Shows first what it would change, then makes the change. */
export async function withTrial({ title, text, action, wish, isGrave }) {
    let trial;
    try {
        trial = await send({ generation: state.status?.generation, ...wish, isTrial: true });
    } catch (error) {
        tellRefusal(error);
        return null;
    }
    if (trial.changes.length === 0) {
        notice("Nothing would change");
        return null;
    }
    return ask({
        title, text, action, isGrave,
        content: [h("p", {}, `It changes ${trial.summary}:`), differenceText(trial.changes)],
        act: () => attempt(wish, {}),
    });
}

/** Lines of a difference, as `aya diff` prints them. */
export function differenceText(lines) {
    return h("pre", { class: "text difference", tabindex: "0", role: "region", "aria-label": "Difference" },
        lines.map((line) => h("code", { "data-sign": "+-~".includes(line[0]) ? line[0] : null }, line)));
}
