internal import AyaCore

extension IPAddress {
    /// Spreads addresses over all 64 bits, for balancers that keep a client on its server by hash.
    var balancingKey: UInt64 {
        let key = (high ^ low) &* 0x9e37_79b9_7f4a_7c15
        let mixed = (key ^ key >> 32) &* 0xd6e8_feb8_6659_fd93
        return mixed ^ mixed >> 32
    }
}
