internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// The thread that looks after certificates, as the rest of the control plane sees it: files that change, certificates
/// that run out. There is none while no listener has TLS.
final class CertificateThread: @unchecked Sendable {
    private let thread = Mutex<WorkerThread?>(nil)
    // Safe: used on the thread alone.
    private var desk: CertificateDesk?
    private let log: Log

    init(log: Log) { self.log = log }

    /// Begins to look after these; in place of those before, when it has begun already.
    func watch(_ certificates: WatchedCertificates) throws(SystemError) {
        let running = thread.withLock { $0 }
        if let running {
            running.post { worker in
                self.desk?.stop()
                self.desk = CertificateDesk(certificates, worker: worker, log: self.log)
            }
        } else if !certificates.listeners.isEmpty {
            let started = try WorkerThread(index: 0, processor: nil, name: "aya-certs") { worker in
                self.desk = CertificateDesk(certificates, worker: worker, log: self.log)
            }
            thread.withLock { $0 = started }
        }
    }

    /// The same after a reload, which also is when files are read that may have changed. Without a thread certificates
    /// serve on, and nobody renews them: the log says so.
    func take(_ certificates: WatchedCertificates) {
        do {
            try watch(certificates)
            readFiles(all: false)
        } catch {
            log.error("nobody looks after certificates", ["error": "\(error)"])
        }
    }

    /// Reads the files of all certificates again, or of those whose files have changed.
    func readFiles(all: Bool = true) {
        thread.withLock { $0 }?.post { _ in self.desk?.readFiles(all: all) }
    }

    func report() async -> [CertificateSample] {
        guard let thread = thread.withLock({ $0 }) else { return [] }
        return await thread.ask { _ in self.desk?.report() ?? [] }
    }

    /// Ends the thread and waits for it.
    func end() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.end { self.desk?.stop() }
        desk = nil
    }
}
