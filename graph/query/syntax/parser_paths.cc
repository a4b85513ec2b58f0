#include <utility>

#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// What stands before a path: selectors, path modes, shortestPath().
namespace relata::query {

using ast::PathMode;
using ast::PathPattern;
using ast::PathSelector;

// [selector] [mode] [PATH | PATHS] [GROUP | GROUPS], each only where it is one.
absl::Status QueryParser::ParsePathPrefix(PathPattern* path) {
  if (At(Keyword::kAll) || At(Keyword::kAny) || At(Keyword::kShortest)) {
    return ParseSelector(&path->selector, &path->mode);
  }
  path->mode = AcceptPathMode();
  if (path->mode != PathMode::kDefault && !Accept(Keyword::kPath)) Accept(Keyword::kPaths);
  return absl::OkStatus();
}

absl::Status QueryParser::ParseSelector(PathSelector* selector, PathMode* mode) {
  using Kind = PathSelector::Kind;
  if (AcceptWords({Keyword::kAll, Keyword::kShortest})) {
    selector->kind = Kind::kAllShortest;
  } else if (AcceptWords({Keyword::kAny, Keyword::kShortest})) {
    selector->kind = Kind::kAnyShortest;
  } else if (Accept(Keyword::kAll)) {
    selector->kind = Kind::kAll;
  } else if (Accept(Keyword::kAny)) {
    selector->kind = Kind::kAny;
    RELATA_RETURN_IF_ERROR(ParseSelectorCount(selector));
  } else {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kShortest, "before a path"));
    selector->kind = Kind::kShortest;
    RELATA_RETURN_IF_ERROR(ParseSelectorCount(selector));
  }
  *mode = AcceptPathMode();
  if (!Accept(Keyword::kPath)) Accept(Keyword::kPaths);
  if (selector->kind == Kind::kShortest && (Accept(Keyword::kGroup) || Accept(Keyword::kGroups))) {
    selector->kind = Kind::kShortestGroups;
  }
  return absl::OkStatus();
}

absl::Status QueryParser::ParseSelectorCount(PathSelector* selector) {
  if (At(TokenKind::kDollar)) {
    RELATA_ASSIGN_OR_RETURN(selector->count, ParseParameter());
  } else if (At(TokenKind::kNumber)) {
    RELATA_ASSIGN_OR_RETURN(selector->count, ParseNumber(/*negative=*/false));
  }
  return absl::OkStatus();
}

PathMode QueryParser::AcceptPathMode() {
  if (Accept(Keyword::kWalk)) return PathMode::kWalk;
  if (Accept(Keyword::kTrail)) return PathMode::kTrail;
  if (Accept(Keyword::kAcyclic)) return PathMode::kAcyclic;
  if (Accept(Keyword::kSimple)) return PathMode::kSimple;
  return PathMode::kDefault;
}

// shortestPath((a)-[:T*]->(b)).
absl::StatusOr<PathPattern> QueryParser::ParseShortestFunction() {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  const size_t first = at_;
  PathPattern path;
  path.shortest = At(Keyword::kShortestPath) ? ast::ShortestFunction::kShortestPath
                                             : ast::ShortestFunction::kAllShortestPaths;
  at_ += 2;
  RELATA_RETURN_IF_ERROR(ParseElements(&path));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "after the pattern of a shortest path"));
  path.span = SpanFrom(first);
  return path;
}

}  // namespace relata::query
