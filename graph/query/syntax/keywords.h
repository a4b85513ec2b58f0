#ifndef RELATA_GRAPH_QUERY_SYNTAX_KEYWORDS_H_
#define RELATA_GRAPH_QUERY_SYNTAX_KEYWORDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace relata::query {

// Words that mean something somewhere in the grammar. None is reserved in general: the parser asks
// for them where they can stand. One list for the enum and for the table of texts:
// RELATA_KEYWORD(enumerator, TEXT).
#define RELATA_KEYWORDS(RELATA_KEYWORD)                 \
  RELATA_KEYWORD(kAcyclic, "ACYCLIC")                   \
  RELATA_KEYWORD(kAll, "ALL")                           \
  RELATA_KEYWORD(kAllShortestPaths, "ALLSHORTESTPATHS") \
  RELATA_KEYWORD(kAnd, "AND")                           \
  RELATA_KEYWORD(kAny, "ANY")                           \
  RELATA_KEYWORD(kAs, "AS")                             \
  RELATA_KEYWORD(kAsc, "ASC")                           \
  RELATA_KEYWORD(kAscending, "ASCENDING")               \
  RELATA_KEYWORD(kAssert, "ASSERT")                     \
  RELATA_KEYWORD(kBelief, "BELIEF")                     \
  RELATA_KEYWORD(kBindings, "BINDINGS")                 \
  RELATA_KEYWORD(kBoth, "BOTH")                         \
  RELATA_KEYWORD(kBreak, "BREAK")                       \
  RELATA_KEYWORD(kBtree, "BTREE")                       \
  RELATA_KEYWORD(kBy, "BY")                             \
  RELATA_KEYWORD(kCall, "CALL")                         \
  RELATA_KEYWORD(kCase, "CASE")                         \
  RELATA_KEYWORD(kCertainly, "CERTAINLY")               \
  RELATA_KEYWORD(kCiting, "CITING")                     \
  RELATA_KEYWORD(kCollect, "COLLECT")                   \
  RELATA_KEYWORD(kConcurrent, "CONCURRENT")             \
  RELATA_KEYWORD(kConnects, "CONNECTS")                 \
  RELATA_KEYWORD(kConstraint, "CONSTRAINT")             \
  RELATA_KEYWORD(kConstraints, "CONSTRAINTS")           \
  RELATA_KEYWORD(kContains, "CONTAINS")                 \
  RELATA_KEYWORD(kContinue, "CONTINUE")                 \
  RELATA_KEYWORD(kCount, "COUNT")                       \
  RELATA_KEYWORD(kCreate, "CREATE")                     \
  RELATA_KEYWORD(kDelete, "DELETE")                     \
  RELATA_KEYWORD(kDesc, "DESC")                         \
  RELATA_KEYWORD(kDescending, "DESCENDING")             \
  RELATA_KEYWORD(kDetach, "DETACH")                     \
  RELATA_KEYWORD(kDifferent, "DIFFERENT")               \
  RELATA_KEYWORD(kDistinct, "DISTINCT")                 \
  RELATA_KEYWORD(kDrop, "DROP")                         \
  RELATA_KEYWORD(kElement, "ELEMENT")                   \
  RELATA_KEYWORD(kElements, "ELEMENTS")                 \
  RELATA_KEYWORD(kElse, "ELSE")                         \
  RELATA_KEYWORD(kEnd, "END")                           \
  RELATA_KEYWORD(kEnds, "ENDS")                         \
  RELATA_KEYWORD(kError, "ERROR")                       \
  RELATA_KEYWORD(kExists, "EXISTS")                     \
  RELATA_KEYWORD(kExplain, "EXPLAIN")                   \
  RELATA_KEYWORD(kFail, "FAIL")                         \
  RELATA_KEYWORD(kFalse, "FALSE")                       \
  RELATA_KEYWORD(kFilter, "FILTER")                     \
  RELATA_KEYWORD(kFinish, "FINISH")                     \
  RELATA_KEYWORD(kFirst, "FIRST")                       \
  RELATA_KEYWORD(kFor, "FOR")                           \
  RELATA_KEYWORD(kForeach, "FOREACH")                   \
  RELATA_KEYWORD(kFrom, "FROM")                         \
  RELATA_KEYWORD(kFunction, "FUNCTION")                 \
  RELATA_KEYWORD(kFunctions, "FUNCTIONS")               \
  RELATA_KEYWORD(kGroup, "GROUP")                       \
  RELATA_KEYWORD(kGroups, "GROUPS")                     \
  RELATA_KEYWORD(kIf, "IF")                             \
  RELATA_KEYWORD(kIn, "IN")                             \
  RELATA_KEYWORD(kIndex, "INDEX")                       \
  RELATA_KEYWORD(kIndexes, "INDEXES")                   \
  RELATA_KEYWORD(kInline, "INLINE")                     \
  RELATA_KEYWORD(kInsert, "INSERT")                     \
  RELATA_KEYWORD(kIs, "IS")                             \
  RELATA_KEYWORD(kKey, "KEY")                           \
  RELATA_KEYWORD(kLabeled, "LABELED")                   \
  RELATA_KEYWORD(kLast, "LAST")                         \
  RELATA_KEYWORD(kLeading, "LEADING")                   \
  RELATA_KEYWORD(kLet, "LET")                           \
  RELATA_KEYWORD(kLimit, "LIMIT")                       \
  RELATA_KEYWORD(kMatch, "MATCH")                       \
  RELATA_KEYWORD(kMerge, "MERGE")                       \
  RELATA_KEYWORD(kNext, "NEXT")                         \
  RELATA_KEYWORD(kNfc, "NFC")                           \
  RELATA_KEYWORD(kNfd, "NFD")                           \
  RELATA_KEYWORD(kNfkc, "NFKC")                         \
  RELATA_KEYWORD(kNfkd, "NFKD")                         \
  RELATA_KEYWORD(kNode, "NODE")                         \
  RELATA_KEYWORD(kNodetach, "NODETACH")                 \
  RELATA_KEYWORD(kNone, "NONE")                         \
  RELATA_KEYWORD(kNormalized, "NORMALIZED")             \
  RELATA_KEYWORD(kNot, "NOT")                           \
  RELATA_KEYWORD(kNull, "NULL")                         \
  RELATA_KEYWORD(kNulls, "NULLS")                       \
  RELATA_KEYWORD(kOf, "OF")                             \
  RELATA_KEYWORD(kOffset, "OFFSET")                     \
  RELATA_KEYWORD(kOn, "ON")                             \
  RELATA_KEYWORD(kOne, "ONE")                           \
  RELATA_KEYWORD(kOptional, "OPTIONAL")                 \
  RELATA_KEYWORD(kOr, "OR")                             \
  RELATA_KEYWORD(kOrder, "ORDER")                       \
  RELATA_KEYWORD(kOrdinality, "ORDINALITY")             \
  RELATA_KEYWORD(kPair, "PAIR")                         \
  RELATA_KEYWORD(kPath, "PATH")                         \
  RELATA_KEYWORD(kPaths, "PATHS")                       \
  RELATA_KEYWORD(kPer, "PER")                           \
  RELATA_KEYWORD(kPortion, "PORTION")                   \
  RELATA_KEYWORD(kPossibly, "POSSIBLY")                 \
  RELATA_KEYWORD(kProcedure, "PROCEDURE")               \
  RELATA_KEYWORD(kProcedures, "PROCEDURES")             \
  RELATA_KEYWORD(kProfile, "PROFILE")                   \
  RELATA_KEYWORD(kRange, "RANGE")                       \
  RELATA_KEYWORD(kReduce, "REDUCE")                     \
  RELATA_KEYWORD(kRelationship, "RELATIONSHIP")         \
  RELATA_KEYWORD(kRelationships, "RELATIONSHIPS")       \
  RELATA_KEYWORD(kRemove, "REMOVE")                     \
  RELATA_KEYWORD(kRepeatable, "REPEATABLE")             \
  RELATA_KEYWORD(kReport, "REPORT")                     \
  RELATA_KEYWORD(kRequire, "REQUIRE")                   \
  RELATA_KEYWORD(kReturn, "RETURN")                     \
  RELATA_KEYWORD(kRow, "ROW")                           \
  RELATA_KEYWORD(kRows, "ROWS")                         \
  RELATA_KEYWORD(kSet, "SET")                           \
  RELATA_KEYWORD(kShortest, "SHORTEST")                 \
  RELATA_KEYWORD(kShortestPath, "SHORTESTPATH")         \
  RELATA_KEYWORD(kShow, "SHOW")                         \
  RELATA_KEYWORD(kSimple, "SIMPLE")                     \
  RELATA_KEYWORD(kSingle, "SINGLE")                     \
  RELATA_KEYWORD(kSkip, "SKIP")                         \
  RELATA_KEYWORD(kStarts, "STARTS")                     \
  RELATA_KEYWORD(kStatus, "STATUS")                     \
  RELATA_KEYWORD(kSystemTime, "SYSTEM_TIME")            \
  RELATA_KEYWORD(kTerminate, "TERMINATE")               \
  RELATA_KEYWORD(kThen, "THEN")                         \
  RELATA_KEYWORD(kTo, "TO")                             \
  RELATA_KEYWORD(kTrail, "TRAIL")                       \
  RELATA_KEYWORD(kTrailing, "TRAILING")                 \
  RELATA_KEYWORD(kTransaction, "TRANSACTION")           \
  RELATA_KEYWORD(kTransactions, "TRANSACTIONS")         \
  RELATA_KEYWORD(kTrue, "TRUE")                         \
  RELATA_KEYWORD(kTyped, "TYPED")                       \
  RELATA_KEYWORD(kUnion, "UNION")                       \
  RELATA_KEYWORD(kUnique, "UNIQUE")                     \
  RELATA_KEYWORD(kUnwind, "UNWIND")                     \
  RELATA_KEYWORD(kValidTime, "VALID_TIME")              \
  RELATA_KEYWORD(kVersion, "VERSION")                   \
  RELATA_KEYWORD(kWalk, "WALK")                         \
  RELATA_KEYWORD(kWhen, "WHEN")                         \
  RELATA_KEYWORD(kWhere, "WHERE")                       \
  RELATA_KEYWORD(kWith, "WITH")                         \
  RELATA_KEYWORD(kXor, "XOR")                           \
  RELATA_KEYWORD(kYield, "YIELD")

// NOLINTBEGIN(bugprone-macro-parentheses): an enumerator takes no parentheses.
enum class Keyword : uint8_t {
  kNotAKeyword,
#define RELATA_KEYWORD(name, text) name,
  RELATA_KEYWORDS(RELATA_KEYWORD)
#undef RELATA_KEYWORD
};
// NOLINTEND(bugprone-macro-parentheses)

// Case does not matter. kNotAKeyword for any other word.
Keyword FindKeyword(absl::string_view word);
// In capitals; empty for kNotAKeyword.
absl::string_view KeywordText(Keyword keyword);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_KEYWORDS_H_
