// The words that Aya uses elsewhere too, with the tone in which the dashboard shows them.

import { h } from "./dom.js";

/** Of a server: in `/v1/status`, the log and `aya status` alike. */
const serverTones = {
    available: "good", down: "bad", ejected: "bad", broken: "bad", draining: "calm", full: "warn",
};

export function serverTone(state) { return serverTones[state] ?? "calm"; }

/** Takes work or would, as opposed to being out for a fault. */
export function isOut(state) { return serverTone(state) === "bad"; }

export function stateLabel(word, tone) { return h("span", { class: "state", "data-tone": tone }, word); }

export function levelTone(level) { return level === "error" ? "bad" : level === "warning" ? "warn" : "calm"; }

export function statusTone(status) { return status >= 500 ? "bad" : status >= 400 ? "warn" : "good"; }

export function alertTone(state) { return state === "firing" ? "bad" : state === "pending" ? "warn" : "calm"; }

/** Time that a certificate has left, in seconds. */
export function expiryTone(left) { return left < 7 * 86_400 ? "bad" : left < 21 * 86_400 ? "warn" : "good"; }

/** What the reasons of `docs/access-log.md` mean, for those that lead to a question. */
export const reasons = {
    no_server: "no server is available",
    connect_refused: "the server refused the connection",
    connect_timeout: "the server did not accept the connection in time",
    connect_failed: "the server can not be reached",
    upstream_reset: "the server reset the connection",
    upstream_closed: "the server closed the connection early",
    upstream_timeout: "the server did not answer in time",
    upstream_body_timeout: "the server stopped within its response",
    upstream_invalid: "the server's response is malformed",
    tls_handshake_failed: "the TLS handshake with the server failed",
    tls_certificate_invalid: "the server's certificate is invalid",
    breaker_open: "the servers fail, and are left alone for a moment",
    queue_full: "the queue is full",
    queue_timeout: "the wait in the queue took too long",
    shed: "overloaded; more important requests go first",
    concurrency_limit: "too many requests at once",
    connection_limit: "too many connections",
    no_route: "no route matches this request",
    client_gone: "the client left before the end",
};
