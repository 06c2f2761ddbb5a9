// Figures of each second when Aya does not send them: from what its counters gained between two looks at the status.
// The names are those of /v1/live and /v1/history.

const badReason = (failures) => Object.values(failures ?? {}).reduce((sum, count) => sum + count, 0);
const total = (requests) => Object.values(requests ?? {}).reduce((sum, count) => sum + count, 0);

export class Recorder {
    #before = new Map();
    #time = 0;

    /** What there is to say at this status; rates come with the second. */
    values(status) {
        const now = status.uptime_seconds;
        const passed = now - this.#time;
        const isFirst = this.#time === 0 || passed <= 0;
        this.#time = now;
        const values = {};
        const before = this.#before;
        this.#before = new Map();
        const gain = (name, counter) => {
            this.#before.set(name, counter);
            if (!isFirst && before.has(name)) values[name] = Math.max(0, counter - before.get(name)) / passed;
        };
        this.#listeners(status, values, gain);
        this.#routes(status, values, gain);
        this.#pools(status, values, gain);
        return values;
    }

    #listeners(status, values, gain) {
        let open = 0, received = 0, sent = 0;
        for (const one of status.listeners) {
            const name = `listeners/${one.name}`;
            gain(`${name}/requests`, one.requests);
            gain(`${name}/bytes_in`, one.bytes_received);
            gain(`${name}/bytes_out`, one.bytes_sent);
            values[`${name}/connections`] = one.connections_open;
            open += one.connections_open;
            received += one.bytes_received;
            sent += one.bytes_sent;
        }
        values["aya/connections"] = open;
        gain("aya/bytes_in", received);
        gain("aya/bytes_out", sent);
    }

    #routes(status, values, gain) {
        let requests = 0, errors = 0, faults = 0, running = 0, slowest = { p50: null, p99: null };
        for (const one of status.routes) {
            const name = `routes/${one.name}`;
            const all = total(one.requests), failed = one.requests["5xx"] ?? 0, refused = one.requests["4xx"] ?? 0;
            gain(`${name}/requests`, all);
            gain(`${name}/errors`, failed);
            gain(`${name}/client_errors`, refused);
            values[`${name}/in_flight`] = one.in_flight;
            values[`${name}/latency_p50`] = one.duration_seconds.p50;
            values[`${name}/latency_p99`] = one.duration_seconds.p99;
            requests += all;
            errors += failed;
            faults += refused;
            running += one.in_flight;
            if ((one.duration_seconds.p99 ?? 0) >= (slowest.p99 ?? 0)) slowest = one.duration_seconds;
        }
        gain("aya/requests", requests);
        gain("aya/errors", errors);
        gain("aya/client_errors", faults);
        values["aya/in_flight"] = running;
        values["aya/latency_p50"] = slowest.p50;
        values["aya/latency_p99"] = slowest.p99;
    }

    #pools(status, values, gain) {
        for (const pool of status.pools) {
            let requests = 0, errors = 0, running = 0, slowest = { p50: null, p99: null };
            for (const server of pool.servers) {
                const name = `servers/${pool.name}/${server.address}`;
                const all = total(server.requests);
                const failed = Math.max(server.requests["5xx"] ?? 0, badReason(server.failures));
                gain(`${name}/requests`, all);
                gain(`${name}/errors`, failed);
                values[`${name}/in_flight`] = server.in_flight;
                values[`${name}/latency_p50`] = server.first_byte_seconds.p50;
                values[`${name}/latency_p99`] = server.first_byte_seconds.p99;
                requests += all;
                errors += failed;
                running += server.in_flight;
                if ((server.first_byte_seconds.p99 ?? 0) >= (slowest.p99 ?? 0)) slowest = server.first_byte_seconds;
            }
            const name = `pools/${pool.name}`;
            gain(`${name}/requests`, requests);
            gain(`${name}/errors`, errors);
            values[`${name}/in_flight`] = running;
            values[`${name}/latency_p50`] = slowest.p50;
            values[`${name}/latency_p99`] = slowest.p99;
            values[`${name}/servers_available`] = pool.servers.filter((one) => one.state === "available").length;
        }
    }
}
