package import AyaCore
internal import CAyaSystem

/// A UDP socket on its worker: bound to a listener's address, or connected to a server.
///
/// Datagrams are received into and sent from a `DatagramBatch`, many with one system call.
package final class DatagramSocket: EventTarget {
    package unowned let worker: Worker
    package private(set) var descriptor: Int32
    private let isConnected: Bool
    private var slot = -1
    /// Told when datagrams, or news of a failure, wait.
    package var receiver: (any DatagramReceiver)?

    /// Takes over a bound descriptor.
    package init(bound descriptor: Int32, worker: Worker) {
        self.worker = worker
        self.descriptor = descriptor
        isConnected = false
        slot = worker.watchReader(descriptor, self)
    }

    /// Makes a socket that speaks with one server alone, on a port of its own.
    package init(connectedTo address: SocketAddress, worker: Worker) throws(SystemError) {
        var raw = address.raw
        let descriptor = unsafe aya_connect_udp(&raw)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        self.worker = worker
        self.descriptor = descriptor
        isConnected = true
        slot = worker.watchLevelReader(descriptor, self)
    }

    /// Takes over a connected descriptor, of which another process may read for a moment longer.
    package init(connected descriptor: Int32, worker: Worker) {
        self.worker = worker
        self.descriptor = descriptor
        isConnected = true
        slot = worker.watchLevelReader(descriptor, self)
    }

    package func event(_ bits: UInt32) { receiver?.datagramsWait() }

    /// Fills one free slot, without asking for trains: the cheapest way for a single datagram.
    package func receiveOne(into batch: DatagramBatch) -> Result<Int, SystemError> {
        let slots = unsafe batch.freeSlots(1)
        guard let slot = slots.baseAddress else { return .success(0) }
        let count = unsafe aya_receive_datagram(descriptor, slot)
        if count > 0 {
            batch.commit(1)
            return .success(1)
        }
        let error = SystemError(code: -count)
        return error.wouldBlock ? .success(0) : .failure(error)
    }

    /// From now on the kernel may hand a train of datagrams over as one; `receive` alone understands it.
    package func acceptTrains() { _ = aya_udp_receive_offload(descriptor) }

    /// Fills up to `limit` free slots of the batch. Fewer than that: nothing is left in the socket. The result is how
    /// many were filled.
    package func receive(into batch: DatagramBatch, limit: Int) -> Result<Int, SystemError> {
        let slots = unsafe batch.freeSlots(limit)
        guard let base = slots.baseAddress else { return .success(0) }
        let count = unsafe aya_receive_datagrams(descriptor, base, Int32(slots.count))
        if count >= 0 {
            batch.commit(Int(count))
            return .success(Int(count))
        }
        let error = SystemError(code: -count)
        return error.wouldBlock ? .success(0) : .failure(error)
    }

    /// Sends the slots of the range and tells how many went out before the first that did not.
    package func send(_ range: Range<Int>, of batch: DatagramBatch) -> Result<Int, SystemError> {
        let slots = unsafe batch.filledSlots(range)
        let count = unsafe aya_send_datagrams(descriptor, slots.baseAddress, Int32(slots.count), isConnected ? 1 : 0)
        return count >= 0 ? .success(Int(count)) : .failure(SystemError(code: -count))
    }

    /// Sends a train one datagram at a time and tells how many went out: not every path takes trains.
    package func sendSingly(_ index: Int, of batch: DatagramBatch) -> Int {
        var sent = 0
        for number in 0..<batch.datagrams(index) {
            var single = unsafe batch.wagon(index, number)
            if unsafe aya_send_datagrams(descriptor, &single, 1, isConnected ? 1 : 0) == 1 { sent += 1 }
        }
        return sent
    }

    package func close() {
        guard descriptor >= 0 else { return }
        worker.forget(slot: slot)
        _ = aya_close(descriptor)
        descriptor = -1
        receiver = nil
    }
}

/// Takes the datagrams of a socket.
package protocol DatagramReceiver: AnyObject {
    func datagramsWait()
}

extension SocketAddress {
    /// As `BoundEndpoint.requireFree`, for datagrams.
    package func requireFreeForDatagrams() throws(SystemError) {
        var raw = raw
        let descriptor = unsafe aya_bind_udp(&raw, 0)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        _ = aya_close(descriptor)
    }

    /// Opens a descriptor that receives datagrams on this address. Several workers may open the same one; the kernel
    /// spreads clients over them.
    package func bindDatagrams() throws(SystemError) -> Int32 {
        var raw = raw
        let descriptor = unsafe aya_bind_udp(&raw, 1)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        _ = aya_udp_receive_offload(descriptor)
        if ip == .anyV4 || ip == .anyV6 { _ = aya_udp_receive_local(descriptor) }
        return descriptor
    }
}
