// Arithmetic of charts: ticks that people would choose, and lines with no more points than there are pixels.

/**
 * Round values from zero to at least `highest`.
 * @param grain "count": whole ones; "bytes": round in units of 1024.
 */
export function ticks(highest, grain, wanted = 3) {
    if (!(highest > 0)) return [0, 1];
    if (grain === "bytes" && highest > 1024) {
        const unit = 1024 ** Math.floor(Math.log(highest) / Math.log(1024));
        return ticks(highest / unit).map((value) => value * unit);
    }
    const rough = highest / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const usual = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999);
    const step = grain === "count" ? Math.ceil(usual) : usual;
    const found = [];
    for (let place = 0; place <= Math.ceil(highest / step - 1e-9); place += 1) found.push(place * step);
    return found;
}

const steps = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 2 * 86_400, 5 * 86_400];

/** Whole minutes, hours or days of local time between two times. */
export function timeTicks(from, to, most) {
    const step = steps.find((one) => (to - from) / one <= most) ?? 10 * 86_400;
    const offset = new Date(from * 1000).getTimezoneOffset() * 60;
    const found = [];
    for (let time = Math.ceil((from - offset) / step) * step + offset; time <= to; time += step) found.push(time);
    return { step, times: found };
}

/** At most `most` points; where several fall together, their mean, or the highest of them. */
export function thinned({ times, values }, most, isPeak) {
    if (times.length <= most) return { times, values };
    const size = Math.ceil(times.length / most);
    const thin = { times: [], values: [] };
    for (let place = 0; place < times.length; place += size) {
        const group = values.slice(place, place + size).filter((value) => value != null);
        thin.times.push(times[place]);
        if (group.length === 0) thin.values.push(null);
        else thin.values.push(isPeak ? Math.max(...group) : group.reduce((sum, one) => sum + one, 0) / group.length);
    }
    return thin;
}

/** The place of the point nearest to a time; -1 when there is none. */
export function nearest(times, time) {
    let low = 0, high = times.length - 1;
    if (high < 0) return -1;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] < time) low = middle + 1; else high = middle;
    }
    return low > 0 && time - times[low - 1] < times[low] - time ? low - 1 : low;
}

/** A path through the points, with a break wherever one is missing or much time has passed. */
export function path(times, values, x, y, longestGap) {
    let text = "", isDown = false, before = 0;
    for (let place = 0; place < times.length; place += 1) {
        const value = values[place];
        if (value == null || (isDown && times[place] - before > longestGap)) isDown = false;
        if (value == null) continue;
        text += `${isDown ? "L" : "M"}${x(times[place]).toFixed(1)} ${y(value).toFixed(1)}`;
        isDown = true;
        before = times[place];
    }
    return text;
}

/** The area between a line and the ground, one closed piece for each run without a gap. */
export function area(times, lows, highs, x, y, longestGap) {
    let text = "", run = [];
    const close = () => {
        if (run.length > 1) {
            const there = run.map((place) => `${x(times[place]).toFixed(1)} ${y(highs[place]).toFixed(1)}`);
            const back = run.toReversed().map((place) => `${x(times[place]).toFixed(1)} ${y(lows[place]).toFixed(1)}`);
            text += `M${there.join("L")}L${back.join("L")}Z`;
        }
        run = [];
    };
    for (let place = 0; place < times.length; place += 1) {
        if (highs[place] == null || lows[place] == null) { close(); continue; }
        if (run.length > 0 && times[place] - times[run.at(-1)] > longestGap) close();
        run.push(place);
    }
    close();
    return text;
}
