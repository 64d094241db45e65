//! The program as its users meet it: whole projects, real Parquet, the published bytes.

mod audits;
mod check;
mod cli;
mod cut_lake;
mod hand_made;
mod house;
mod interrupted;
mod judged;
mod judged_laws;
mod no_leak;
mod no_leak_laws;
mod odd_nights;
mod parquet_files;
mod program;
mod published;
mod quadrants;
mod real_data;
mod same_bytes;
mod sources;
mod sql;
mod time;
mod tiny;
mod vendor;
mod vendor_rows;
