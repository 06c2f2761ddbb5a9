extension Server {
    /// The version of Aya, as `aya --version` and the metrics tell it.
    public static let version = "0.1.0"
}
