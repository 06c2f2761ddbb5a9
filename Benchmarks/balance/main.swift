// balance-bench [picks] [stragglers] [workers] [fleets] [failing] [phases]: without arguments, all of them.
let wanted = Set(CommandLine.arguments.dropFirst())
func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }

if isWanted("picks") { PickTimes.print() }
if isWanted("stragglers") { Worlds.printStragglers() }
if isWanted("workers") { Worlds.printWorkers() }
if isWanted("failing") { Worlds.printFailing() }
if isWanted("fleets") { Worlds.printFleets() }
if isWanted("phases") { Worlds.printPhases() }
