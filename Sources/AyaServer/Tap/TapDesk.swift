internal import AyaHTTP
internal import AyaProxy
internal import AyaTelemetry
internal import Synchronization

/// Who watches exchanges as they end: tells the workers when somebody comes, and when they have left.
final class TapDesk: Sendable {
    /// Each costs every worker a look at every exchange that ends.
    static let mostChannels = 16

    private let workers: WorkerDirectory
    private let channels = Mutex<[TapChannel]>([])

    init(_ workers: WorkerDirectory) { self.workers = workers }

    /// Nil when there are too many already.
    func open(_ wish: TapWish) -> ServiceFeed? {
        let channel = TapChannel(wish)
        let isOpen = channels.withLock { channels in
            guard channels.count < Self.mostChannels else { return false }
            channels.append(channel)
            tell(channels)
            return true
        }
        guard isOpen else { return nil }
        channel.feed.whenClosed { [weak self, weak channel] in
            guard let self, let channel else { return }
            self.channels.withLock { channels in
                channels.removeAll { $0 === channel }
                self.tell(channels)
            }
        }
        return channel.feed
    }

    /// In the order of changes, as it is called under the lock.
    private func tell(_ channels: [TapChannel]) { for site in workers.all { site.setTaps(channels) } }
}
