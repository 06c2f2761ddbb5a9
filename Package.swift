// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every Swift target: what compiles here compiles everywhere.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// BoringSSL is no product of its own: what depends on NIOSSL may import `CNIOBoringSSL`.
let boringSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

let package = Package(
    name: "aya",
    products: [
        .executable(name: "aya", targets: ["aya"]),
        // Aya inside another Swift program.
        .library(name: "AyaServer", targets: ["AyaServer"]),
    ],
    dependencies: [
        // YAML with node positions, for diagnostics that point at the line. AyaConfig alone imports it.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // Commands, help, completions and man pages. Only the executable imports it.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // BoringSSL, as this package vendors it. AyaTLS alone imports it.
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    ],
    targets: [
        // Layer 0: the system and the vocabulary.
        .target(name: "CAyaSystem"),
        .target(name: "CAyaCrypto", dependencies: [boringSSL]),
        // SQLite, linked statically so that the binary needs no more than the system's C library.
        .target(name: "CAyaKafka", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CAyaSQLite", linkerSettings: [.linkedLibrary(":libsqlite3.a"), .linkedLibrary("m")]),
        // The dashboard's files, embedded by the compiler (C23).
        .target(name: "CAyaDashboard", exclude: ["site"]),
        library("AyaCore", ["CAyaSystem"]),
        // Layer 1: what is configured, counted and decided; no I/O.
        library("AyaConfig", ["AyaCore", "Yams"]),
        library("AyaTelemetry", ["AyaCore"]),
        library("AyaBalance", ["AyaCore"]),
        library("AyaBrain", ["AyaCore"]),
        // Layer 2: threads, sockets, timers, buffers.
        library("AyaReactor", ["CAyaSystem", "AyaCore"]),
        // Other proxies' configurations, read into Aya's.
        library("AyaImport", ["AyaConfig", "AyaCore"]),
        // Layer 3: protocols as pure parsers and writers.
        library("AyaTLS", ["CAyaCrypto", "AyaCore", "AyaReactor", boringSSL]),
        library("AyaHTTP", ["AyaCore"]),
        // Layer 4: the way of a session and of an exchange; probes; the admin API.
        library(
            "AyaProxy",
            [
                "CAyaSystem", "AyaCore", "AyaConfig", "AyaTelemetry", "AyaBalance", "AyaReactor", "AyaTLS",
                "AyaHTTP",
            ]),
        library("AyaHealth", ["AyaCore", "AyaBalance", "AyaReactor", "AyaTLS", "AyaHTTP"]),
        library("AyaACME", ["CAyaSystem", "AyaCore", "AyaConfig", "AyaTelemetry", "AyaReactor", "AyaTLS", "AyaHTTP"]),
        library("AyaAdmin", ["AyaCore", "AyaConfig", "AyaTelemetry", "AyaHTTP"]),
        library("AyaHistory", ["CAyaSQLite", "AyaCore", "AyaTelemetry", "AyaReactor"]),
        library("AyaDashboard", ["CAyaDashboard", "AyaHTTP"]),
        library("AyaExport", ["CAyaKafka", "AyaCore", "AyaTelemetry", "AyaReactor", "AyaTLS", "AyaHTTP"]),
        // Layer 5: blueprint to running server.
        library(
            "AyaServer",
            [
                "CAyaSystem", "AyaCore", "AyaConfig", "AyaTelemetry", "AyaBalance", "AyaBrain", "AyaReactor", "AyaTLS",
                "AyaHTTP", "AyaProxy", "AyaHealth", "AyaACME", "AyaAdmin", "AyaDashboard", "AyaHistory", "AyaExport",
            ]),
        // Layer 6: one file per command.
        .executableTarget(
            name: "aya",
            dependencies: [
                "AyaCore", "AyaConfig", "AyaTelemetry", "AyaBrain", "AyaHistory", "AyaImport", "AyaReactor", "AyaTLS",
                "AyaProxy", "AyaServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // Tests mirror the targets; what several of them need to play the other side stands in one.
        .target(name: "AyaTestSupport", dependencies: ["AyaCore"], path: "Tests/Support", swiftSettings: settings),
        .target(
            name: "BalanceSimulation", dependencies: ["AyaBalance", "AyaCore"], path: "Tests/BalanceSimulation",
            swiftSettings: settings),
        // Pick times and simulated worlds: `make bench-balance`.
        .executableTarget(
            name: "balance-bench", dependencies: ["BalanceSimulation", "AyaBalance", "AyaCore"],
            path: "Benchmarks/balance", swiftSettings: settings),
        // Forecasts and anomaly scores over standard input, without the rest of Aya.
        .executableTarget(
            name: "brain-bench", dependencies: ["AyaBrain", "AyaCore"], path: "Benchmarks/brain",
            swiftSettings: settings),
        tests("AyaCoreTests", ["AyaCore"]),
        tests("AyaConfigTests", ["AyaConfig", "AyaCore"]),
        tests("AyaTelemetryTests", ["AyaTelemetry", "AyaCore", "AyaTestSupport"]),
        tests("AyaBalanceTests", ["AyaBalance", "AyaCore", "BalanceSimulation"]),
        tests("AyaBrainTests", ["AyaBrain", "AyaCore"]),
        tests("AyaImportTests", ["AyaImport", "AyaConfig", "AyaCore"]),
        tests("AyaReactorTests", ["AyaReactor", "AyaCore", "CAyaSystem", "AyaTestSupport"]),
        tests("AyaTLSTests", ["AyaTLS", "AyaCore"]),
        tests("AyaHTTPTests", ["AyaHTTP", "AyaCore"]),
        tests(
            "AyaProxyTests",
            [
                "AyaProxy", "AyaHTTP", "AyaTLS", "AyaReactor", "AyaConfig", "AyaTelemetry", "AyaBalance", "AyaCore",
                "AyaTestSupport",
            ]),
        tests("AyaHealthTests", ["AyaHealth", "AyaBalance", "AyaReactor", "AyaHTTP", "AyaCore", "AyaTestSupport"]),
        tests("AyaACMETests", ["AyaACME", "AyaTelemetry", "AyaTLS", "AyaCore"]),
        tests("AyaAdminTests", ["AyaAdmin", "AyaTelemetry", "AyaHTTP", "AyaCore"]),
        tests("AyaHistoryTests", ["AyaHistory", "AyaTelemetry"]),
        tests("AyaDashboardTests", ["AyaDashboard", "AyaHTTP"]),
        tests(
            "AyaExportTests",
            ["AyaExport", "AyaTelemetry", "AyaReactor", "AyaHTTP", "AyaTLS", "AyaCore", "AyaTestSupport"]),
        tests("AyaServerTests", ["AyaServer", "AyaConfig", "AyaCore", "AyaTelemetry", "AyaTestSupport"]),
    ]
)
