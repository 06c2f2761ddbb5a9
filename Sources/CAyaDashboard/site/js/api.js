// Questions and wishes to the admin API. Paths are relative, so that the dashboard also works below a prefix.

const tokenKey = "aya-token";

/** Somebody who listens when the API wants to know who asks. */
export const access = new EventTarget();

export function token() { return sessionStorage.getItem(tokenKey); }

export function keepToken(text) {
    if (text) sessionStorage.setItem(tokenKey, text);
    else sessionStorage.removeItem(tokenKey);
}

/** An answer that is no success, in the words of its problem+json (RFC 9457). */
export class Refusal extends Error {
    constructor(status, problem) {
        super(problem?.title ?? (status ? `The answer was ${status}` : "Aya does not answer"));
        this.status = status;
        this.code = problem?.code;
        this.problems = problem?.problems ?? (problem?.detail ? [problem.detail] : []);
    }

    /** Nothing answers. */
    get isSilence() { return this.status === 0; }
    /** This Aya has no such thing, or it is switched off. */
    get isAbsence() { return this.status === 404 || this.status === 501; }

    get text() { return [this.message, ...this.problems].join("\n"); }
}

export async function request(path, options = {}) {
    const headers = new Headers(options.headers);
    const shown = token();
    if (shown) headers.set("authorization", `Bearer ${shown}`);
    let response;
    try {
        response = await fetch(path, { ...options, headers, cache: "no-store", credentials: "same-origin" });
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Refusal(0);
    }
    if (response.ok) return response;
    const isProblem = response.headers.get("content-type")?.includes("json");
    const refusal = new Refusal(response.status, isProblem ? await response.json().catch(() => null) : null);
    // An answer to what was asked before somebody gave a token says nothing about that token.
    if (response.status === 401 && shown === token()) {
        access.dispatchEvent(new CustomEvent("wanted", { detail: refusal }));
    }
    throw refusal;
}

export async function json(path, options) { return (await request(path, options)).json(); }

/** Nil for what this Aya does not have; other refusals are thrown. */
export async function jsonIfPresent(path, options) {
    try {
        return await json(path, options);
    } catch (error) {
        if (error instanceof Refusal && error.isAbsence) return null;
        throw error;
    }
}

export async function text(path) { return (await request(path)).text(); }

/**
 * Wishes for a change.
 * @param wish method, path and body; `generation`: the one it is meant for; `isTrial`: only tell what would change.
 */
export function send({ method, path, body, generation, isTrial }) {
    const headers = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (generation != null) headers["if-match"] = `"${generation}"`;
    return json(isTrial ? `${path}?dry_run` : path, {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body),
    });
}

/** A name as one part of a path. */
export function part(name) { return encodeURIComponent(name).replaceAll("%3A", ":"); }
