fn main() -> std::process::ExitCode {
    luopan::cli::main(std::env::args_os())
}
