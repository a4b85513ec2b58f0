#ifndef RELATA_BENCH_FINBENCH_NETWORK_H_
#define RELATA_BENCH_FINBENCH_NETWORK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata::finbench {

// A generated network of persons, companies, accounts, loans and media: sizes, degrees and amounts
// by the rules that the LDBC FinBench specification (0.2.0-alpha) and its generator publish, but
// not its numbers one by one. Nodes are numbered from 0 within their type. Times are milliseconds
// since 1970, UTC; amounts have two decimals.

inline constexpr int64_t kNetworkStart = 1577836800000;  // 2020-01-01
inline constexpr int64_t kNetworkEnd = 1672531200000;    // 2023-01-01
// What is later arrives as updates: 3% of the time.
inline constexpr int64_t kSnapshotEnd = kNetworkStart + (kNetworkEnd - kNetworkStart) / 100 * 97;
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

struct Party {  // a person or a company
  int64_t created = 0;
};
struct Account {
  int64_t created = 0;
  int64_t deleted = kNever;
  bool blocked = false;
  bool of_company = false;
  int64_t owner = 0;
  size_t type = 0;  // index in kAccountTypes
};
struct Loan {
  int64_t created = 0;
  bool of_company = false;
  int64_t applicant = 0;
  double amount = 0.0;
  double balance = 0.0;  // in the end
  double interest_rate = 0.0;
};
struct Medium {
  int64_t created = 0;
  bool blocked = false;
  size_t type = 0;  // index in kMediumTypes
};

// A relationship. `amount`: of money; of investments the share; else 0.
struct Link {
  int64_t from = 0;
  int64_t to = 0;
  int64_t time = 0;
  double amount = 0.0;
};

enum LinkKind : size_t {
  kTransfer,
  kWithdraw,
  kDeposit,
  kRepay,
  kSignIn,
  kPersonOwn,
  kCompanyOwn,
  kPersonApply,
  kCompanyApply,
  kPersonInvest,
  kCompanyInvest,
  kPersonGuarantee,
  kCompanyGuarantee,
  kLinkKinds
};

struct Network {
  std::vector<Party> persons;
  std::vector<Party> companies;
  std::vector<Account> accounts;
  std::vector<Loan> loans;
  std::vector<Medium> media;
  std::array<std::vector<Link>, kLinkKinds> links;
};

inline constexpr std::array<absl::string_view, 13> kAccountTypes = {"certificate of deposit",
                                                                    "credit card",
                                                                    "retirement account",
                                                                    "merchant account",
                                                                    "escrow account",
                                                                    "trust account",
                                                                    "foreign currency",
                                                                    "corporate account",
                                                                    "brokerage account",
                                                                    "custodial account",
                                                                    "internet account",
                                                                    "debit card",
                                                                    "prepaid card"};
inline constexpr size_t kDebitCard = 11;
inline constexpr std::array<absl::string_view, 10> kMediumTypes = {
    "POS", "ATM", "WIFI", "PHONE", "IPv4", "IPv6", "MAC", "QRCode", "NFC", "RFID"};

// Scale 1 has the 80,000 persons, 40,000 companies and 100,000 media of the specification's SF1,
// others in proportion (at least 20 of each). The same scale and seed give the same network.
Network GenerateNetwork(double scale, uint64_t seed);

}  // namespace relata::finbench

#endif  // RELATA_BENCH_FINBENCH_NETWORK_H_
