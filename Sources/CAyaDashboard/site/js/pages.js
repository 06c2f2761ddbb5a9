// Every page, in the order of the rail, with the key that leads there after g.

import * as overview from "./pages/overview.js";
import * as listeners from "./pages/listeners.js";
import * as routes from "./pages/routes.js";
import * as pools from "./pages/pools.js";
import * as exchanges from "./pages/exchanges.js";
import * as explain from "./pages/explain.js";
import * as events from "./pages/events.js";
import * as brain from "./pages/brain.js";
import * as certificates from "./pages/certificates.js";
import * as configuration from "./pages/configuration.js";

export const groups = [
    [{ id: "", title: "Overview", key: "o", page: overview }],
    [
        { id: "listeners", title: "Listeners", key: "l", page: listeners },
        { id: "routes", title: "Routes", key: "r", page: routes },
        { id: "pools", title: "Pools", key: "p", page: pools },
    ],
    [
        { id: "exchanges", title: "Live exchanges", key: "x", page: exchanges },
        { id: "explain", title: "Explain", key: "w", page: explain },
    ],
    [
        { id: "events", title: "Events and alerts", key: "e", page: events },
        { id: "brain", title: "Brain", key: "b", page: brain },
    ],
    [
        { id: "certificates", title: "Certificates", key: "c", page: certificates },
        { id: "configuration", title: "Configuration", key: "f", page: configuration },
    ],
];

export const pages = groups.flat();
