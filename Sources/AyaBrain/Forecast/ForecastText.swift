/// A forecast in words: lines of numbers for programs, or JSON.
package enum ForecastText {
    /// A line `mean,lo80,hi80,lo95,hi95` for each step ahead.
    package static func lines(_ forecast: Forecast) -> String {
        forecast.points.map { point in
            "\(point.mean),\(point.low80),\(point.high80),\(point.low95),\(point.high95)\n"
        }.joined()
    }

    /// One object: the steps with their times, and who was heard.
    package static func json(_ forecast: Forecast, after history: History) -> String {
        var text = "{\"step_seconds\":\(history.step),\"forecast\":["
        text += forecast.points.enumerated().map { index, point in
            let time = history.end + Double(index + 1) * history.step
            return "{\"time\":\(time),\"mean\":\(point.mean),\"lo80\":\(point.low80),\"hi80\":\(point.high80)"
                + ",\"lo95\":\(point.low95),\"hi95\":\(point.high95)}"
        }.joined(separator: ",")
        text += "],\"experts\":["
        text += forecast.voices.map { voice in
            "{\"name\":\"\(voice.expert)\",\"weight\":\(voice.weight),\"error_ratio\":\(voice.errorRatio)}"
        }.joined(separator: ",")
        text += "]"
        if let change = forecast.levelChange {
            text += ",\"level_change\":{\"steps_ago\":\(change.stepsAgo),\"ratio\":\(change.ratio)}"
        }
        return text + "}\n"
    }
}
