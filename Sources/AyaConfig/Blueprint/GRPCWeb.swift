extension Blueprint {
    /// Calls of gRPC-Web become calls of gRPC, for pages of the same origin and of those that are named.
    package struct GRPCWeb: Hashable, Sendable {
        /// `https://app.example`, `https://*.app.example` (any depth below) or `*`; in lower case, as browsers send them.
        package var origins: [String] = []
        /// Names of header fields that their programs may read beside those of gRPC. In lower case.
        package var expose: [String] = []

        package init(origins: [String] = [], expose: [String] = []) {
            self.origins = origins
            self.expose = expose
        }
    }
}
