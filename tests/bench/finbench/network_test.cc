#include "bench/finbench/network.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/finbench/insertions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata::finbench {
namespace {

constexpr double kScale = 0.02;

TEST(NetworkTest, TheSameSeedGivesTheSameNetwork) {
  const Network a = GenerateNetwork(0.001, 1);
  const Network b = GenerateNetwork(0.001, 1);
  const Network c = GenerateNetwork(0.001, 2);
  const auto texts = [](const Network& network) {
    std::vector<std::string> all;
    for (size_t i = 0; i < kInsertions; ++i) {
      for (size_t index = 0; index < CountOf(network, i); ++index) {
        all.push_back(ParametersOf(network, i, index).dump());
      }
    }
    return all;
  };
  EXPECT_EQ(texts(a), texts(b));
  EXPECT_NE(texts(a), texts(c));
}

TEST(NetworkTest, MeansAndGreatestDegreesAreAsPublished) {
  const Network network = GenerateNetwork(kScale, 23);
  const auto owners = static_cast<double>(network.persons.size() + network.companies.size());
  EXPECT_EQ(network.persons.size(), 1600u);
  EXPECT_EQ(network.companies.size(), 800u);
  EXPECT_EQ(network.media.size(), 2000u);
  // Accounts: uniform 0 to 4, at least 1. Loans: the same for 60%.
  EXPECT_NEAR(static_cast<double>(network.accounts.size()) / owners, 2.2, 0.1);
  EXPECT_NEAR(static_cast<double>(network.loans.size()) / owners, 1.32, 0.1);
  const auto per_account = [&](LinkKind kind) {
    return static_cast<double>(network.links[kind].size()) /
           static_cast<double>(network.accounts.size());
  };
  // 5.25 and 1.87 in the specification's table, the second of loans; 7.6 withdrawals.
  EXPECT_THAT(per_account(kTransfer), testing::AllOf(testing::Gt(4.0), testing::Lt(7.2)));
  EXPECT_THAT(per_account(kWithdraw), testing::AllOf(testing::Gt(6.0), testing::Lt(9.0)));
  std::map<int64_t, size_t> degrees;
  for (const Link& link : network.links[kTransfer]) ++degrees[link.to];
  size_t most = 0;
  for (const auto& [account, degree] : degrees) most = std::max(most, degree);
  // A power law: few have very many.
  EXPECT_GT(most, 100u);
}

TEST(NetworkTest, WhatCheckersMayRelyOnHolds) {
  const Network network = GenerateNetwork(kScale, 5);
  for (const Link& link : network.links[kTransfer]) {
    const Account& from = network.accounts[static_cast<size_t>(link.from)];
    const Account& to = network.accounts[static_cast<size_t>(link.to)];
    ASSERT_NE(link.from, link.to);
    ASSERT_GT(link.time, std::max(from.created, to.created));
    ASSERT_LT(link.time, std::min({from.deleted, to.deleted, kNetworkEnd}));
    ASSERT_THAT(link.amount, testing::AllOf(testing::Gt(0.0), testing::Le(10'000'000.0)));
  }
  for (const Link& link : network.links[kWithdraw]) {
    ASSERT_EQ(network.accounts[static_cast<size_t>(link.to)].type, kDebitCard);
  }
  for (const Loan& loan : network.loans) {
    ASSERT_THAT(loan.balance, testing::AllOf(testing::Ge(0.0), testing::Le(loan.amount)));
  }
  std::map<int64_t, double> shares;
  for (const LinkKind kind : {kPersonInvest, kCompanyInvest}) {
    for (const Link& link : network.links[kind]) shares[link.to] += link.amount;
  }
  for (const auto& [company, sum] : shares) ASSERT_NEAR(sum, 1.0, 1e-9) << company;
  EXPECT_EQ(network.links[kPersonOwn].size() + network.links[kCompanyOwn].size(),
            network.accounts.size());
}

}  // namespace
}  // namespace relata::finbench
