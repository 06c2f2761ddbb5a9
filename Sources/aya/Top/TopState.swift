/// What the user of `aya top` has chosen.
struct TopState {
    var page: TopPage
    var filter: String
    /// The filter is being typed.
    var isTyping = false
    var isPaused = false
    /// The first row that is shown.
    var scroll = 0
    var sorting: [TopPage: Sorting] = [:]

    struct Sorting: Equatable {
        var column: Int
        var isReversed: Bool
    }

    init(page: TopPage, filter: String) {
        self.page = page
        self.filter = filter
    }

    /// How the page is sorted; by name when nobody has said.
    var order: Sorting { sorting[page] ?? Sorting(column: 0, isReversed: false) }

    /// False when that was enough.
    mutating func take(_ keys: [TerminalKey]) -> Bool {
        for key in keys where !take(key) { return false }
        return true
    }

    private mutating func take(_ key: TerminalKey) -> Bool {
        if isTyping {
            type(key)
            return true
        }
        switch key {
        case .character("q"), .character("Q"): return false
        case .character("/"): isTyping = true
        case .character("s"), .right: sort(by: 1)
        case .character("S"), .left: sort(by: -1)
        case .character("r"): sorting[page] = Sorting(column: order.column, isReversed: !order.isReversed)
        case .character("p"), .character(" "): isPaused.toggle()
        case .character(let digit):
            if let number = digit.wholeNumberValue, (1...TopPage.allCases.count).contains(number) {
                show(TopPage.allCases[number - 1])
            }
        case .tab: turn(by: 1)
        case .backTab: turn(by: -1)
        case .up: scroll = max(0, scroll - 1)
        case .down: scroll += 1
        case .pageUp: scroll = max(0, scroll - 10)
        case .pageDown: scroll += 10
        case .home: scroll = 0
        // Whoever draws knows how far down that is.
        case .end: scroll = .max / 2
        case .escape: filter = ""
        case .enter, .backspace: break
        }
        return true
    }

    private mutating func type(_ key: TerminalKey) {
        switch key {
        case .character(let character): filter.append(character)
        case .backspace: _ = filter.popLast()
        case .enter: isTyping = false
        case .escape: (isTyping, filter) = (false, "")
        case .tab, .backTab, .up, .down, .left, .right, .pageUp, .pageDown, .home, .end: break
        }
        scroll = 0
    }

    private mutating func show(_ next: TopPage) { (page, scroll) = (next, 0) }

    private mutating func turn(by step: Int) {
        let pages = TopPage.allCases
        guard let index = pages.firstIndex(of: page) else { return }
        show(pages[(index + step + pages.count) % pages.count])
    }

    private mutating func sort(by step: Int) {
        let columns = page.columns
        guard !columns.isEmpty else { return }
        let column = (order.column + step + columns.count) % columns.count
        sorting[page] = Sorting(column: column, isReversed: columns[column].beginsWithLargest)
    }
}
