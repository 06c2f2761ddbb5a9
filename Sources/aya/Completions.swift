internal import ArgumentParser

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the completion script of a shell.",
        discussion: """
            For bash: aya completions bash > /etc/bash_completion.d/aya
            For zsh: aya completions zsh > "${fpath[1]}/_aya"
            For fish: aya completions fish > ~/.config/fish/completions/aya.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() {
        let script =
            switch shell {
            case .bash: Aya.completionScript(for: .bash)
            case .zsh: Aya.completionScript(for: .zsh)
            case .fish: Aya.completionScript(for: .fish)
            }
        print(script)
    }
}
