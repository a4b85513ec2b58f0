#ifndef RELATA_BENCH_RELATA_BENCH_BENCH_OPTIONS_H_
#define RELATA_BENCH_RELATA_BENCH_BENCH_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace relata::bench {

// What the command line says; each command reads its part.
struct BenchOptions {
  std::string data;          // folder of the CSV files
  std::string db;            // folder of the server: its databases are in data/
  std::string out;           // result file; empty: none
  std::string relatad;       // program
  std::string mode = "rpc";  // rpc, inprocess, oracle
  std::string forms = "text,call,typed";
  std::string questions;         // `Q1,Q5`; empty: all
  std::string index = "unique";  // unique, plain
  uint64_t version = 0;          // commit version that texts ask of; 0: the latest
  int cache_mib = 256;           // adjacency cache in process
  int draws = 0;                 // times a question is asked warm; 0: each draw once
  double budget_seconds = 30.0;
  int batch = 20'000;  // mutations of a commit of the load
  std::vector<int> clients;
  double seconds = 10.0;       // of one closed loop
  bool while_filling = false;  // questions from the server's start on
  bool importing = false;      // the mix also beside bulk loads
};

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_BENCH_OPTIONS_H_
