use std::{process::ExitCode, thread};

use luopan::threads::STACK;

fn main() -> ExitCode {
    let program = thread::Builder::new().stack_size(STACK).spawn(|| luopan::cli::main(std::env::args_os()));
    match program.map(thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        // A panic has said what it was.
        Ok(Err(_)) => ExitCode::from(101),
        Err(e) => {
            eprintln!("error: cannot start: {e}");
            ExitCode::from(2)
        }
    }
}
