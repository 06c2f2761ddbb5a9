internal import Glibc

extension ProcessFacts {
    /// The facts as the kernel tells them now; what can not be read is 0.
    ///
    /// - Parameter startTime: seconds since 1970, noted by the caller at the start.
    package static func current(version: String, generation: Int, startTime: Double) -> ProcessFacts {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessFacts(
            version: version, generation: generation, startTime: startTime,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), openDescriptors: countDescriptors(),
            maximumDescriptors: Int(clamping: limit.rlim_cur), residentBytes: residentBytes())
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func countDescriptors() -> Int {
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var entries = 0
        while unsafe readdir(directory) != nil { entries += 1 }
        // Not counted: `.`, `..` and the descriptor that reads the directory.
        return max(0, entries - 3)
    }

    /// The second number of `/proc/self/statm`, in pages.
    private static func residentBytes() -> Int {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        let numbers = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard numbers.count > 1, let pages = Int(numbers[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
