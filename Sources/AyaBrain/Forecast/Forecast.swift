/// What will be, and how surely: an answer for each step ahead.
package struct Forecast: Sendable {
    /// A step ahead with its central value and the bounds within which 80 and 95 of 100 outcomes fall.
    package struct Point: Equatable, Sendable {
        package var mean: Double
        package var low80: Double
        package var high80: Double
        package var low95: Double
        package var high95: Double

        package init(mean: Double, low80: Double, high80: Double, low95: Double, high95: Double) {
            self.mean = mean
            self.low80 = low80
            self.high80 = high80
            self.low95 = low95
            self.high95 = high95
        }
    }

    /// How much an expert counted, and how far off it was in rehearsal: 1 is the least error of all.
    package struct Voice: Equatable, Sendable {
        package var expert: String
        package var weight: Double
        package var errorRatio: Double
    }

    /// What a known event is found to do.
    package struct Lift: Equatable, Sendable {
        package var event: String
        /// 3 is three times the usual load.
        package var factor: Double
        /// How many past occurrences taught it.
        package var occurrences: Int
    }

    /// For each step ahead, the next first.
    package var points: [Point]
    /// Experts by weight, heaviest first; empty when the history is too short to compare any.
    package var voices: [Voice]
    /// The newest lasting change of level, if there is one.
    package var levelChange: LevelChange?
    /// Of the known events, by name.
    package var lifts: [Lift] = []

    package init(points: [Point], voices: [Voice], levelChange: LevelChange? = nil) {
        self.points = points
        self.voices = voices
        self.levelChange = levelChange
    }
}
