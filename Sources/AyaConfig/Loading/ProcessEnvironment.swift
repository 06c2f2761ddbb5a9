internal import Glibc

/// The variables of this process.
enum ProcessEnvironment {
    static func value(_ name: String) -> String? {
        // Safe: getenv gives nil or a terminated string, and Aya never changes its environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
