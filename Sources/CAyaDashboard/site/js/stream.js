// Server-sent events over fetch, which unlike EventSource can show a token and tell why an answer is refused.

import { Refusal, request } from "./api.js";

const longestPause = 10_000;

/**
 * A feed that is opened again when it breaks, with growing pauses, and rests while nobody looks at the page.
 * `onEvent(name, data)`; `onState` is told "live", "lost" or "absent".
 */
export class Stream {
    #path;
    #onEvent;
    #onState;
    #abort = null;
    #isClosed = false;
    #pause = 500;
    #timer = null;
    #onVisibility = () => this.#visibilityChanged();
    #onHide = () => this.#rest();
    #onShow = () => { if (!this.#abort) this.#open(); };

    constructor(path, { onEvent, onState = () => {} }) {
        this.#path = path;
        this.#onEvent = onEvent;
        this.#onState = onState;
        document.addEventListener("visibilitychange", this.#onVisibility);
        // A page that the browser keeps for the way back would keep its connections too.
        addEventListener("pagehide", this.#onHide);
        addEventListener("pageshow", this.#onShow);
        this.#open();
    }

    close() {
        this.#isClosed = true;
        document.removeEventListener("visibilitychange", this.#onVisibility);
        removeEventListener("pagehide", this.#onHide);
        removeEventListener("pageshow", this.#onShow);
        this.#rest();
    }

    #rest() {
        clearTimeout(this.#timer);
        this.#abort?.abort();
        this.#abort = null;
    }

    // Browsers open few connections to one host: pages in the background keep none.
    #visibilityChanged() {
        clearTimeout(this.#timer);
        if (document.hidden) this.#timer = setTimeout(() => this.#rest(), 30_000);
        else if (!this.#abort) this.#open();
    }

    async #open() {
        const abort = new AbortController();
        this.#abort = abort;
        try {
            const response = await request(this.#path, {
                headers: { accept: "text/event-stream" }, signal: abort.signal,
            });
            this.#onState("live");
            this.#pause = 500;
            await this.#read(response.body.getReader());
        } catch (error) {
            if (abort.signal.aborted) return;
            if (error instanceof Refusal && error.isAbsence) {
                this.#isClosed = true;
                this.#onState("absent");
                return;
            }
            if (error instanceof Refusal && error.status === 401) return;
        }
        if (this.#isClosed || abort.signal.aborted) return;
        this.#abort = null;
        this.#onState("lost");
        this.#timer = setTimeout(() => this.#open(), this.#pause);
        this.#pause = Math.min(longestPause, this.#pause * 2);
    }

    async #read(reader) {
        const decoder = new TextDecoder();
        let rest = "";
        for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
            rest = blocks.pop();
            for (const block of blocks) this.#take(block);
        }
    }

    #take(block) {
        let name = "message";
        const data = [];
        for (const line of block.split(/\r?\n/)) {
            if (line.startsWith("event:")) name = line.slice(6).trim();
            else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        }
        if (data.length === 0) return;
        let value;
        try { value = JSON.parse(data.join("\n")); } catch { return; }
        this.#onEvent(name, value);
    }
}
