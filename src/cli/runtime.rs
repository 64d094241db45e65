//! The threads that a command works on.

use std::{panic, process};

use tokio::runtime::{Builder, Runtime};

use crate::{
    problem::{Problem, Result},
    threads::STACK,
};

/// Threads that read and write files, at most: each takes addresses for its stack.
const READERS: usize = 64;

/// A runtime with `threads` workers; what runs long never runs on them for good.
pub(super) fn runtime(threads: Option<usize>) -> Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.thread_stack_size(STACK);
    if let Some(threads) = threads {
        builder.worker_threads(threads.clamp(1, 1024));
    }
    builder.max_blocking_threads(READERS).enable_all();
    // tokio panics where it cannot have a worker, and then waits for ever for those that it has: the process ends before.
    let otherwise = panic::take_hook();
    panic::set_hook(Box::new(|_| {
        let stack = STACK >> 20;
        let problem =
            Problem::setup(format!("cannot start threads with a stack of {stack} MB of addresses each"))
                .help("lower --threads, or let the process have more addresses (`ulimit -v`)");
        eprintln!("{}", problem.render(false));
        process::exit(i32::from(problem.exit_status()));
    }));
    let built = builder.build();
    panic::set_hook(otherwise);
    built.map_err(|e| Problem::setup(format!("cannot start threads: {e}")))
}
