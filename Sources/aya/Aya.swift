internal import ArgumentParser

@main
struct Aya: ParsableCommand {
}
