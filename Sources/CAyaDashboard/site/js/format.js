// How figures are written: few digits, the same number of them in a column, units that people say.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const nothing = "–";

function isMissing(value) { return value == null || Number.isNaN(value); }

function digits(value) { return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2); }

/** 9,999 in full, then 12.3k, 4.56M. */
export function count(value) {
    if (isMissing(value)) return nothing;
    for (const [size, letter] of [[1e9, "G"], [1e6, "M"], [1e4, "k"]]) {
        if (Math.abs(value) >= size) return digits(value / (letter === "k" ? 1e3 : size)) + letter;
    }
    return whole.format(value);
}

/** Per second, without the unit. */
export function rate(value) {
    if (isMissing(value)) return nothing;
    if (value === 0) return "0";
    return value < 0.05 ? "<0.1" : value < 10 ? value.toFixed(1) : count(value);
}

export function perSecond(value) { return isMissing(value) ? nothing : `${rate(value)}/s`; }

/** A duration below a minute. */
export function seconds(value) {
    if (isMissing(value)) return nothing;
    if (value === 0) return "0 ms";
    if (value < 0.000_999_5) return `${(value * 1e6).toFixed(0)} µs`;
    if (value < 0.999_5) return `${digits(value * 1e3)} ms`;
    return `${digits(value)} s`;
}

/** A duration of any length, in its two largest units. */
export function span(value) {
    if (isMissing(value)) return nothing;
    const units = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
    const first = units.findIndex(([, size]) => value >= size);
    if (first < 0) return "0 s";
    const [unit, size] = units[first];
    const head = `${Math.floor(value / size)} ${unit}`;
    if (first === units.length - 1 || value >= 10 * 86_400) return head;
    const [nextUnit, nextSize] = units[first + 1];
    const rest = Math.floor((value % size) / nextSize);
    return rest === 0 ? head : `${head} ${rest} ${nextUnit}`;
}

export function bytes(value) {
    if (isMissing(value)) return nothing;
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let place = 0;
    while (value >= 1024 && place < units.length - 1) { value /= 1024; place += 1; }
    return `${value.toFixed(place === 0 || value >= 10 ? 0 : 1)} ${units[place]}`;
}

export function bytesPerSecond(value) { return isMissing(value) ? nothing : `${bytes(value)}/s`; }

/** A share of one, as percent. */
export function share(value) {
    if (isMissing(value)) return nothing;
    const percent = value * 100;
    if (percent === 0) return "0 %";
    if (percent < 0.1) return "<0.1 %";
    return `${percent < 10 && !Number.isInteger(percent) ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** `2 servers`, `1 server`. */
export function plural(number, noun) { return `${count(number)} ${noun}${number === 1 ? "" : "s"}`; }

const two = (number) => String(number).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Times of the API are RFC 3339, or seconds since 1970. */
export function date(time) { return typeof time === "number" ? new Date(time * 1000) : new Date(time); }

export function clock(time, withSeconds = true) {
    const at = date(time);
    return `${two(at.getHours())}:${two(at.getMinutes())}${withSeconds ? `:${two(at.getSeconds())}` : ""}`;
}

export function day(time) {
    const at = date(time);
    return `${at.getDate()} ${months[at.getMonth()]}`;
}

export function fullDay(time) { return `${day(time)} ${date(time).getFullYear()}`; }

/** With the day when it is not today's. */
export function moment(time) {
    const isToday = date(time).toDateString() === new Date().toDateString();
    return isToday ? clock(time) : `${day(time)} ${clock(time)}`;
}

/** For narrow columns: the time of today, the day and the minute of before. */
export function brief(time) {
    const isToday = date(time).toDateString() === new Date().toDateString();
    return isToday ? clock(time) : `${day(time)} ${clock(time, false)}`;
}
