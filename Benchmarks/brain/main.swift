// brain-bench forecast: history on standard input, as the scorers of forecasts write it.
switch CommandLine.arguments.dropFirst().first {
case "forecast": ForecastProgram.run()
default: print("usage: brain-bench forecast")
}
