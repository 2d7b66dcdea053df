//! The program: parse the command line, run, say how it ended.

fn main() -> std::process::ExitCode {
    demarche::cli::main()
}
