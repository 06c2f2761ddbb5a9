extension Language {
    package enum GRPCWeb {
        static let origins = Key(
            "origins", .list(of: .text(.origin)), default: "[]",
            """
            Pages of these origins may make calls from another one (CORS): exact, with `*.` for any depth below a host, \
            or `"*"` for all of them, then without credentials.
            """)
        static let expose = Key(
            "expose", .list(of: .text(.headerName)), default: "[]",
            "Header fields that their programs may read beside those of gRPC.")
        package static let section = Section(
            "grpc_web", "Calls of gRPC-Web, and who else may make them.", [origins, expose])
    }
}
