import AyaBalance
import AyaConfig
import AyaCore
import Foundation
import Testing

@testable import AyaProxy

@Suite struct SipHashTests {
    private let key = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

    /// From the vectors of the reference implementation: messages 00, 01, 02 … under the key 00 … 0f.
    @Test func knownAnswers() {
        func hash(_ count: UInt8) -> UInt64 { SipHash.hash(Array(0..<count).span, key) }
        func hash128(_ bytes: [UInt8]) -> [UInt64] {
            let (low, high) = SipHash.hash128(bytes.span, key)
            return [low, high]
        }
        #expect(hash(0) == 0x726f_db47_dd0e_0e31)
        #expect(hash(1) == 0x74f8_39c5_93dc_67fd)
        #expect(hash(8) == 0x93f5_f579_9a93_2462)
        #expect(hash(15) == 0xa129_ca61_49be_45e5)
        #expect(hash128([]) == [0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d])
        #expect(hash128([0]) == [0x44af_996b_d8c1_87da, 0x45fc_229b_1159_7634])
    }

    @Test func wordsAreTheirBytes() {
        let bytes = Array(0..<16) as [UInt8]
        let (low, high) = (UInt64(0x0706_0504_0302_0100), UInt64(0x0f0e_0d0c_0b0a_0908))
        let short = SipHash.hash(Array(bytes[..<8]).span, key)
        #expect(SipHash.hash(low, key) == short)
        let long = SipHash.hash128(bytes.span, key)
        let words = SipHash.hash128(low, high, key)
        #expect(words == long)
    }
}

@Suite struct SHA256Tests {
    private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

    /// FIPS 180-4's examples, and lengths around a block's end.
    @Test func knownAnswers() {
        #expect(
            hex(SHA256.hash(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex(SHA256.hash([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            hex(SHA256.hash(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)))
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            hex(SHA256.hash([UInt8](repeating: 97, count: 1_000)))
                == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
    }

    /// RFC 4231, cases 1, 2 and 6.
    @Test func keyed() {
        #expect(
            hex(SHA256.hmac(key: [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8)))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            hex(SHA256.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            hex(
                SHA256.hmac(
                    key: [UInt8](repeating: 0xaa, count: 131),
                    Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }
}

@Suite struct CookieSealTests {
    private let seal = CookieSeal(secret: Array("a secret of enough bytes".utf8))

    private func write(_ contents: CookieSeal.Contents, chance: UInt32 = 1) -> [UInt8] {
        let buffer = Buffer(capacity: 128)
        seal.write(contents, chance: chance, to: buffer)
        return unsafe Array(buffer.unread)
    }

    private func read(_ value: [UInt8]) -> CookieSeal.Contents? { seal.read(value.span) }

    @Test func saysWhatWasWritten() {
        var random = RandomSource(seed: 3)
        for _ in 0..<1_000 {
            let contents = CookieSeal.Contents(mark: random.next(), setAt: UInt32(truncatingIfNeeded: random.next()))
            let value = write(contents, chance: UInt32(truncatingIfNeeded: random.next()))
            #expect(value.count == CookieSeal.length)
            #expect(read(value) == contents)
        }
    }

    /// Each value has one form, and each of its bits counts.
    @Test func nothingElseIsBelieved() {
        let value = write(.init(mark: 7, setAt: 1_700_000_000))
        for index in value.indices {
            for other in 0...255 as ClosedRange<UInt8> where other != value[index] {
                var forged = value
                forged[index] = other
                #expect(read(forged) == nil)
            }
        }
        #expect(read(Array(value.dropLast())) == nil)
        #expect(read(value + [65]) == nil)
        #expect(read([]) == nil)
        let other = CookieSeal(secret: Array("another secret of enough".utf8)).read(value.span)
        #expect(other == nil)
    }

    @Test func tellsNothing() {
        let mark = seal.mark(pool: "web", server: "10.0.0.1:80")
        let one = write(.init(mark: mark, setAt: 5), chance: 1)
        let other = write(.init(mark: mark, setAt: 5), chance: 2)
        // Behind chance itself nothing is alike but by chance.
        #expect(zip(one, other).dropFirst(11).filter { $0 == $1 }.count < 8)
        #expect(mark != seal.mark(pool: "api", server: "10.0.0.1:80"))
        #expect(mark != CookieSeal(secret: [1]).mark(pool: "web", server: "10.0.0.1:80"))
    }
}

@Suite struct PersistenceTableTests {
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func remembersUntilTheTimeIsOver() throws {
        let table = try PersistenceTable(entries: 100, timeToLive: .seconds(60))
        #expect(table.find(1, now: at(1_000)) == nil)
        table.remember(1, 7, now: at(1_000))
        #expect(table.find(1, now: at(1_060)) == 7)
        // Having been seen counts.
        #expect(table.find(1, now: at(1_120)) == 7)
        #expect(table.find(1, now: at(1_181)) == nil)
        table.remember(1, 8, now: at(1_181))
        // Another worker's clock is a little behind.
        #expect(table.find(1, now: at(1_180)) == 8)
    }

    @Test func numbersStay() throws {
        let table = try PersistenceTable(entries: 10, timeToLive: .seconds(60))
        #expect([table.number(of: "a:1"), table.number(of: "b:1"), table.number(of: "a:1")] == [0, 1, 0])
    }

    @Test func addressesAreClients() throws {
        let table = try PersistenceTable(entries: 10, timeToLive: .seconds(60))
        let plain = table.key(try #require(IPAddress("192.0.2.1")))
        #expect(plain == table.key(try #require(IPAddress("::ffff:192.0.2.1"))))
        #expect(plain != table.key(try #require(IPAddress("192.0.2.2"))))
    }

    /// All of a million clients, in the memory that was promised; others later take the place of those seen least.
    @Test func aMillionClients() throws {
        let count = 1_000_000
        let table = try PersistenceTable(entries: count, timeToLive: .seconds(3_600))
        let size = table.byteCount
        #expect(size <= 20_100_000)
        var random = RandomSource(seed: 11)
        let clients = (0..<count + count / 4).map { _ in random.next() }
        /// The share of a sample of these clients that is known; having been looked for, it has been seen.
        func known(_ range: Range<Int>, now: Instant) -> Double {
            let sample = stride(from: range.lowerBound, to: range.upperBound, by: 16)
            let found = sample.reduce(0) { $0 + (table.find(clients[$1], now: now) == UInt32($1 % 7) ? 1 : 0) }
            return Double(found * 16) / Double(range.count)
        }
        for index in 0..<count { table.remember(clients[index], UInt32(index % 7), now: at(1_000)) }
        #expect(known(0..<count, now: at(1_010)) > 0.9995)
        for index in count..<clients.count { table.remember(clients[index], UInt32(index % 7), now: at(1_020)) }
        #expect(known(count..<clients.count, now: at(1_030)) > 0.999)
        #expect(known(0..<count, now: at(1_030)) > 0.98)
        #expect(table.byteCount == size)
    }

    /// When there is no room, those seen longest ago go first.
    @Test func theOldestGo() throws {
        let table = try PersistenceTable(entries: 10_000, timeToLive: .seconds(3_600))
        var random = RandomSource(seed: 5)
        let regulars = (0..<1_000).map { _ in random.next() }
        for client in regulars { table.remember(client, 1, now: at(1)) }
        for second in 2..<40 {
            for _ in 0..<1_000 { table.remember(random.next(), 2, now: at(Int64(second))) }
            for client in regulars { _ = table.find(client, now: at(Int64(second))) }
        }
        #expect(regulars.count { table.find($0, now: at(40)) == 1 } > 990)
    }

    @Test func manyThreadsShareIt() async throws {
        let table = try PersistenceTable(entries: 50_000, timeToLive: .seconds(3_600))
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 as Range<UInt64> {
                group.addTask {
                    for client in 0..<10_000 as Range<UInt64> {
                        table.remember(client &* 0x9e37_79b9_7f4a_7c15 &+ worker, UInt32(worker), now: self.at(1))
                    }
                }
            }
        }
        let kept = (0..<4 as Range<UInt64>).allSatisfy { worker in
            (0..<10_000 as Range<UInt64>).allSatisfy {
                table.find($0 &* 0x9e37_79b9_7f4a_7c15 &+ worker, now: at(2)) == UInt32(worker)
            }
        }
        #expect(kept)
    }
}

@Suite struct PoolPersistenceTests {
    private func pool(_ key: Blueprint.Persistence.Key) -> Blueprint.Pool {
        var servers = (1...3).map {
            Blueprint.Server(address: .address(SocketAddress(ip: .loopback, port: UInt16($0))))
        }
        servers[2].backup = true
        var pool = Blueprint.Pool(name: "web", servers: servers)
        pool.persistence = Blueprint.Persistence(key: key)
        return pool
    }

    private func persistence(_ pool: Blueprint.Pool) throws -> PoolPersistence {
        let settings = try #require(pool.persistence)
        let state = try PersistenceState(settings, pool: pool, secrets: PersistenceSecrets())
        return try #require(PoolPersistence(pool, state))
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func whoMayBeServed() throws {
        let persistence = try persistence(pool(.sourceIP(.init())))
        let view = PoolView(weights: [1, 0, 1])
        func may(_ server: Int) -> Bool { persistence.mayServe(server, view) }
        #expect(may(0) && may(1))
        for hold in [PoolView.Holds.down, .ejected, .full, .broken] {
            view.set(hold, true, on: 0)
            #expect(!may(0))
            view.set(hold, false, on: 0)
        }
    }

    /// A server that others stand before keeps its clients; a backup sends them back.
    @Test func whoStandsBy() throws {
        let persistence = try persistence(pool(.sourceIP(.init())))
        let view = PoolView(servers: [
            ServerTraits(weight: 1, identity: 1, priority: 0, isBackup: false),
            ServerTraits(weight: 1, identity: 2, priority: 1, isBackup: false),
            ServerTraits(weight: 1, identity: 3, priority: 0, isBackup: true),
        ])
        #expect(view.isEligible(0) && !view.isEligible(1) && !view.isEligible(2))
        #expect(persistence.mayServe(1, view) && !persistence.mayServe(2, view))
    }

    @Test func aDrainingServerKeepsItsClientsUntilItHasDrained() throws {
        let persistence = try persistence(pool(.sourceIP(.init())))
        let view = PoolView(weights: [1, 1, 1])
        view.set(.draining, true, on: 0)
        #expect(!view.isEligible(0) && persistence.mayServe(0, view))
        view.set(.drained, true, on: 0)
        #expect(!persistence.mayServe(0, view))
    }

    @Test func aClientMovesForGoodUnlessItsServerIsOnlyFull() throws {
        let persistence = try persistence(pool(.sourceIP(.init())))
        let view = PoolView(weights: [1, 1, 1])
        persistence.settle(5, on: 0, former: nil, view, now: at(1))
        #expect(persistence.find(5, now: at(2)) == 0)
        view.set(.full, true, on: 0)
        persistence.settle(5, on: 1, former: 0, view, now: at(2))
        #expect(persistence.find(5, now: at(2)) == 0)
        view.set(.down, true, on: 0)
        persistence.settle(5, on: 1, former: 0, view, now: at(3))
        #expect(persistence.find(5, now: at(4)) == 1)
    }

    /// Marks follow the server, wherever it stands in the configuration.
    @Test func marksAreOfServersNotOfPlaces() throws {
        let before = pool(.cookie(.init()))
        var after = before
        after.servers.reverse()
        after.servers.removeFirst()
        let secrets = PersistenceSecrets()
        func runtime(_ pool: Blueprint.Pool) throws -> PoolPersistence {
            let settings = try #require(pool.persistence)
            return try #require(PoolPersistence(pool, try PersistenceState(settings, pool: pool, secrets: secrets)))
        }
        let (one, other) = (try runtime(before), try runtime(after))
        #expect(other.server(mark: one.mark(0)) == 1)
        #expect(other.server(mark: one.mark(1)) == 0)
        #expect(other.server(mark: one.mark(2)) == nil)
    }
}

@Suite struct PersistenceSecretsTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "aya-state-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.path())
    }

    private func blueprint(secret: String? = nil, state: String) -> Blueprint {
        var pool = Blueprint.Pool(name: "web", servers: [])
        var cookie = Blueprint.Persistence.Cookie()
        cookie.secret = secret
        pool.persistence = Blueprint.Persistence(key: .cookie(cookie))
        var blueprint = Blueprint(pools: [pool])
        blueprint.state = state
        return blueprint
    }

    @Test func itsOwnKeyIsKept() throws {
        try withDirectory { directory in
            let blueprint = blueprint(state: directory)
            let first = try PersistenceSecrets(blueprint)
            let second = try PersistenceSecrets(blueprint)
            #expect(first.secret(ofPool: "web").count == 32)
            #expect(first.secret(ofPool: "web") == second.secret(ofPool: "web"))
            #expect(first.notice == nil && second.notice == nil)
            let path = directory + "/persistence.key"
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(files == ["persistence.key"])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(try PersistenceSecrets(blueprint).notice?.contains("can be read by others") == true)
        }
    }

    @Test func withoutADirectoryItLastsForTheProcess() throws {
        let secrets = try PersistenceSecrets(blueprint(state: "/nonexistent/aya"))
        #expect(secrets.secret(ofPool: "web").count == 32)
        #expect(secrets.notice?.contains("will not outlast a restart") == true)
    }

    @Test func secretsFromTheConfigurationAndFromFiles() throws {
        try withDirectory { directory in
            let stated = try PersistenceSecrets(blueprint(secret: "0123456789abcdef", state: directory))
            #expect(stated.secret(ofPool: "web") == Array("0123456789abcdef".utf8))
            let path = directory + "/secret"
            try "fedcba9876543210\n".write(toFile: path, atomically: true, encoding: .utf8)
            let read = try PersistenceSecrets(blueprint(secret: "file:" + path, state: directory))
            #expect(read.secret(ofPool: "web") == Array("fedcba9876543210".utf8))
            #expect(throws: PersistenceSecrets.Fault.self) {
                try PersistenceSecrets(blueprint(secret: "file:/nonexistent", state: directory))
            }
            try "short\n".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: PersistenceSecrets.Fault.self) {
                try PersistenceSecrets(blueprint(secret: "file:" + path, state: directory))
            }
        }
    }
}
