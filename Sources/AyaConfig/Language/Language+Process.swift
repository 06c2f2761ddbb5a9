extension Language {
    package enum Process {
        private static let demands = Blueprint.Process.Demand.allCases.map(\.rawValue)

        static let user = Key(
            "user", .text(.userName),
            "The user that a process becomes which root has started; it keeps the right to listen below port 1024.")
        static let group = Key("group", .text(.userName), "Its group; without it the user's own.")
        static let seccomp = Key(
            "seccomp", .word(demands), default: "auto",
            "Refuse system calls that a load balancer never makes; `auto`: where the kernel can, `on`: or do not start."
        )
        static let landlock = Key(
            "landlock", .word(demands), default: "auto",
            """
            Write only below the directories that the configuration names; `auto`: where the kernel can and no probe or \
            hook runs a program, `on`: or do not start.
            """)

        package static let section = Section(
            "process", "What the process gives up when it starts.", [user, group, seccomp, landlock])
    }
}

extension TextForm {
    static let userName = TextForm(
        "user name", "a user name such as 'aya'", examples: ["aya"], pattern: #"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$"#)
}
