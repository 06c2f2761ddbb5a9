// Begins, shows the page that the address names, and keeps the frame around it true.

import { keepToken, token } from "./api.js";
import { h, fill, setText, announce } from "./dom.js";
import { plural } from "./format.js";
import { groups, pages } from "./pages.js";
import { news, start, state } from "./state.js";
import { themeName, turnTheme } from "./appearance.js";
import { watchAccess } from "./login.js";
import { watchKeys, showKeys } from "./keys.js";
import { openPalette } from "./palette.js";
import { isOut } from "./words.js";

const main = document.getElementById("main");
const rail = document.getElementById("rail");
const menu = document.getElementById("menu");
let open = null;

// MARK: the page

function show() {
    const [id = "", ...names] = decodeURI(location.hash).replace(/^#\/?/, "").split("?")[0].split("/").map(decodePart);
    const entry = pages.find((one) => one.id === id) ?? pages[0];
    open?.close?.();
    closeMenu();
    open = entry.page.open(names.filter(Boolean));
    fill(main, lostBar, open.node);
    document.title = `${names[0] ? `${names[0]} · ` : ""}${entry.title} · Aya`;
    for (const link of document.querySelectorAll("#nav a")) {
        if (link.dataset.page === entry.id) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    scrollTo(0, 0);
    update();
}

function decodePart(text) { try { return decodeURIComponent(text); } catch { return text; } }

function update(event) { open?.update?.(event?.type); }

// MARK: the frame

const badges = {};
const lostBar = h("div", { class: "lost-bar", role: "alert", hidden: true },
    "Aya does not answer. What you see is what it said last; asking again.");
const linkState = h("span", { class: "link-state", "data-state": "connecting" }, "Connecting");
const version = h("div", { class: "version" });
const theme = h("button", { class: "quiet", type: "button", onclick: () => switchTheme() });

function buildFrame() {
    fill(document.getElementById("nav"), groups.map((group) => h("ul", {}, group.map(({ id, title }) => {
        badges[id] = h("span", { class: "badge", hidden: true });
        return h("li", {}, h("a", { href: `#/${id}`, "data-page": id }, title, badges[id]));
    }))));
    fill(document.getElementById("foot"),
        h("div", {}, linkState, version),
        h("div", { class: "row" }, theme, h("button", {
            class: "quiet", type: "button", title: "Keys", onclick: showKeys,
        }, h("kbd", {}, "?"), h("span", { class: "unseen" }, "Keys"))),
        h("div", { class: "row" }, h("button", { class: "quiet", type: "button", onclick: openPalette },
            h("kbd", {}, "/"), "Find anything")),
        token() && h("div", { class: "row" },
            h("button", { class: "quiet", type: "button", onclick: signOut }, "Sign out")));
    setText(theme, `Theme: ${themeName()}`);
    menu.addEventListener("click", () => {
        const isOpen = rail.classList.toggle("open");
        menu.setAttribute("aria-expanded", isOpen);
    });
    document.getElementById("nav").addEventListener("click", closeMenu);
}

function signOut() {
    keepToken(null);
    location.reload();
}

function closeMenu() {
    rail.classList.remove("open");
    menu.setAttribute("aria-expanded", "false");
}

function switchTheme() {
    setText(theme, `Theme: ${turnTheme()}`);
    update();
}

function setBadge(id, count, tone, label) {
    const badge = badges[id];
    badge.hidden = count === 0;
    badge.dataset.tone = tone;
    fill(badge, String(count), h("span", { class: "unseen" }, ` ${label}`));
}

function updateFrame() {
    const words = { connecting: "Connecting", live: "Live", lost: "No answer" };
    linkState.dataset.state = state.link;
    setText(linkState, words[state.link]);
    lostBar.hidden = state.link !== "lost";
    if (!state.status) return;
    setText(version, `Aya ${state.status.version}, generation ${state.status.generation}`);
    const out = state.status.pools.flatMap((pool) => pool.servers).filter((one) => isOut(one.state)).length;
    setBadge("pools", out, "bad", "out");
    const firing = (state.alerts ?? []).filter((one) => one.state === "firing").length;
    setBadge("events", firing, "bad", "firing");
}

// MARK: changes that somebody who does not see the page should hear of

let outBefore = null;

function sayChanges() {
    const out = state.status.pools.flatMap((pool) => pool.servers.filter((one) => one.state !== "available")
        .map((one) => `${one.address} of ${pool.name} is ${one.state}`));
    const isNews = outBefore && out.join() !== outBefore.join();
    if (isNews) announce(out.slice(0, 3).join(", ") || `All ${plural(state.status.pools.length, "pool")} are well`);
    outBefore = out;
}

buildFrame();
watchAccess();
watchKeys({ show: (id) => { location.hash = `#/${id}`; }, switchTheme });
for (const name of ["status", "config", "sample", "history", "event", "alerts", "link"]) {
    news.addEventListener(name, update);
}
for (const name of ["status", "alerts", "link"]) news.addEventListener(name, updateFrame);
news.addEventListener("status", sayChanges);
addEventListener("hashchange", () => {
    show();
    // The reader of a screen begins at the new page.
    main.querySelector("h1")?.setAttribute("tabindex", "-1");
    main.querySelector("h1")?.focus({ preventScroll: true });
});
start();
show();
