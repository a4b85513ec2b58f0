#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// CREATE and DROP of indexes and constraints. SHOW and TERMINATE are in parser_administration.cc.
namespace relata::query {

using ast::SchemaCommand;
using Kind = SchemaCommand::Kind;
using Constraint = SchemaCommand::Constraint;

// CREATE or DROP, then [RANGE | BTREE] INDEX or CONSTRAINT. `CREATE index = (a)` is a path of that
// name.
bool QueryParser::AtSchemaCommand() const {
  if (!At(Keyword::kCreate) && !At(Keyword::kDrop)) return false;
  size_t ahead = 1;
  if (Peek(1).keyword == Keyword::kRange || Peek(1).keyword == Keyword::kBtree) ++ahead;
  if (Peek(ahead).keyword == Keyword::kIndex) return Peek(ahead + 1).kind != TokenKind::kEqual;
  return Peek(1).keyword == Keyword::kConstraint && Peek(2).kind != TokenKind::kEqual;
}

absl::StatusOr<SchemaCommand> QueryParser::ParseSchemaCommand() {
  const size_t first = at_;
  SchemaCommand command;
  const bool create = At(Keyword::kCreate);
  ++at_;
  if (!Accept(Keyword::kRange)) Accept(Keyword::kBtree);
  const bool index = Accept(Keyword::kIndex);
  if (!index) RELATA_RETURN_IF_ERROR(Expect(Keyword::kConstraint, "or INDEX"));
  command.kind = create ? (index ? Kind::kCreateIndex : Kind::kCreateConstraint)
                        : (index ? Kind::kDropIndex : Kind::kDropConstraint);
  if (!create) {
    RELATA_RETURN_IF_ERROR(ParseDropSchema(&command));
  } else if (index) {
    RELATA_RETURN_IF_ERROR(ParseCreateIndex(&command));
  } else {
    RELATA_RETURN_IF_ERROR(ParseCreateConstraint(&command));
  }
  command.span = SpanFrom(first);
  return command;
}

// [name] [IF NOT EXISTS].
absl::Status QueryParser::ParseSchemaName(SchemaCommand* command) {
  const bool name_missing = At(Keyword::kFor) || At(Keyword::kOn) ||
                            AtWords({Keyword::kIf, Keyword::kNot, Keyword::kExists});
  if (!name_missing) {
    RELATA_ASSIGN_OR_RETURN(command->name, ParseName("a name, IF NOT EXISTS or FOR"));
  }
  command->if_not_exists = AcceptWords({Keyword::kIf, Keyword::kNot, Keyword::kExists});
  return absl::OkStatus();
}

// [name] [IF NOT EXISTS] FOR (n:Label) ON (n.a, n.b), or the old ON :Label(a, b).
absl::Status QueryParser::ParseCreateIndex(SchemaCommand* command) {
  RELATA_RETURN_IF_ERROR(ParseSchemaName(command));
  if (AtWords({Keyword::kOn})) return ParseOldIndexTarget(command);
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kFor, "and what the index is for, such as (n:Label)"));
  std::string variable;
  RELATA_RETURN_IF_ERROR(ParseSchemaTarget(command, &variable));
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kOn, "and the properties of the index"));
  return ParseSchemaProperties(command, variable);
}

// ON :Label(a, b).
absl::Status QueryParser::ParseOldIndexTarget(SchemaCommand* command) {
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kOn, "and a label"));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kColon, "and a label after ON"));
  RELATA_ASSIGN_OR_RETURN(command->label, ParseName("a label"));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftParen, "and a property"));
  do {
    RELATA_ASSIGN_OR_RETURN(std::string property, ParseName("the name of a property"));
    command->properties.push_back(std::move(property));
  } while (Accept(TokenKind::kComma));
  return Expect(TokenKind::kRightParen, "after the properties of the index");
}

// (n:Label), or ()-[r:TYPE]-() with an arrow or without.
absl::Status QueryParser::ParseSchemaTarget(SchemaCommand* command, std::string* variable) {
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftParen, "and (n:Label) or ()-[r:TYPE]-()"));
  command->on_relationship = Accept(TokenKind::kRightParen);
  if (command->on_relationship) {
    Accept(TokenKind::kLess);
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kMinus, "of a relationship, as in ()-[r:TYPE]-()"));
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftBracket, "of a relationship"));
  }
  Span span;
  RELATA_ASSIGN_OR_RETURN(*variable, ParseVariable("a variable", &span));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kColon, "and a label or type after the variable"));
  RELATA_ASSIGN_OR_RETURN(command->label, ParseName("a label or type"));
  if (!command->on_relationship) return Expect(TokenKind::kRightParen, "after the label");
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightBracket, "after the type"));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kMinus, "of a relationship"));
  Accept(TokenKind::kGreater);
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftParen, "at the end of the relationship"));
  return Expect(TokenKind::kRightParen, "at the end of the relationship");
}

absl::Status QueryParser::ParseSchemaVariable(const std::string& variable) {
  if (IsName(Peek()) && NameOf(Peek()) == variable) {
    ++at_;
    return absl::OkStatus();
  }
  return Unexpected(absl::StrCat("the variable `", variable, "` of the pattern"));
}

absl::Status QueryParser::ParseSchemaProperty(SchemaCommand* command, const std::string& variable) {
  RELATA_RETURN_IF_ERROR(ParseSchemaVariable(variable));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kDot, "and the name of a property"));
  RELATA_ASSIGN_OR_RETURN(std::string property, ParseName("the name of a property"));
  command->properties.push_back(std::move(property));
  return absl::OkStatus();
}

// n.a, or (n.a, n.b), or n.a, n.b.
absl::Status QueryParser::ParseSchemaProperties(SchemaCommand* command,
                                                const std::string& variable) {
  const bool parentheses = Accept(TokenKind::kLeftParen);
  do {
    RELATA_RETURN_IF_ERROR(ParseSchemaProperty(command, variable));
  } while (Accept(TokenKind::kComma));
  if (!parentheses) return absl::OkStatus();
  return Expect(TokenKind::kRightParen, "or `,` after a property");
}

// [name] [IF NOT EXISTS] FOR pattern REQUIRE what; the old words are ON and ASSERT.
absl::Status QueryParser::ParseCreateConstraint(SchemaCommand* command) {
  RELATA_RETURN_IF_ERROR(ParseSchemaName(command));
  if (!Accept(Keyword::kFor)) {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kOn, "or FOR and (n:Label) or ()-[r:TYPE]-()"));
  }
  std::string variable;
  RELATA_RETURN_IF_ERROR(ParseSchemaTarget(command, &variable));
  if (!Accept(Keyword::kAssert)) {
    RELATA_RETURN_IF_ERROR(Expect(Keyword::kRequire, "and what is required"));
  }
  return ParseRequirement(command, variable);
}

// What follows REQUIRE.
absl::Status QueryParser::ParseRequirement(SchemaCommand* command, const std::string& variable) {
  const bool whole = IsName(Peek()) && Peek(1).kind != TokenKind::kDot;
  if (!whole) {
    RELATA_RETURN_IF_ERROR(ParseSchemaProperties(command, variable));
    return ParsePropertyRequirement(command);
  }
  const Token& start = Peek();
  RELATA_RETURN_IF_ERROR(ParseSchemaVariable(variable));
  if (!command->on_relationship)
    return UnexpectedAt(start, "a property of the node, such as n.key");
  if (AcceptWords({Keyword::kIs, Keyword::kOne, Keyword::kPer, Keyword::kPair})) {
    command->constraint = Constraint::kOnePerPair;
    return absl::OkStatus();
  }
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kConnects, "and labels, or IS ONE PER PAIR"));
  command->constraint = Constraint::kEnds;
  RELATA_ASSIGN_OR_RETURN(command->from_labels, ParseParenthesizedLabels());
  RELATA_RETURN_IF_ERROR(Expect(Keyword::kTo, "and the labels of the other end"));
  RELATA_ASSIGN_OR_RETURN(command->to_labels, ParseParenthesizedLabels());
  return absl::OkStatus();
}

// IS UNIQUE | IS [NODE] KEY | IS NOT NULL | IS INLINE | IS :: TYPE.
absl::Status QueryParser::ParsePropertyRequirement(SchemaCommand* command) {
  const Token& after = Peek();
  RELATA_RETURN_IF_ERROR(
      Expect(Keyword::kIs, "and UNIQUE, NOT NULL, INLINE or `::` and a type after the property"));
  const Token& what = Peek();
  if (Accept(Keyword::kUnique)) {
    command->constraint = Constraint::kUnique;
    return absl::OkStatus();
  }
  if (AcceptWords({Keyword::kNode, Keyword::kKey}) || AcceptWords({Keyword::kKey})) {
    command->constraint = Constraint::kNodeKey;
    if (!command->on_relationship) return absl::OkStatus();
    return UnexpectedAt(what, "UNIQUE, NOT NULL or a type: a node key is for nodes");
  }
  if (Accept(Keyword::kInline)) {
    command->constraint = Constraint::kInline;
    if (command->on_relationship) return absl::OkStatus();
    return UnexpectedAt(what, "UNIQUE, NOT NULL or a type: INLINE is for relationships");
  }
  if (AcceptWords({Keyword::kNot, Keyword::kNull})) {
    command->constraint = Constraint::kExists;
  } else if (Accept(TokenKind::kTwoColons) || Accept(Keyword::kTyped)) {
    command->constraint = Constraint::kTyped;
    do {
      std::string type;
      RELATA_RETURN_IF_ERROR(AppendTypeText(&type));
      command->types.push_back(std::move(type));
    } while (Accept(TokenKind::kBar));
  } else {
    return Unexpected("UNIQUE, NOT NULL, INLINE or `::` and a type after IS",
                      {Keyword::kUnique, Keyword::kNot, Keyword::kInline, Keyword::kTyped});
  }
  if (command->properties.size() == 1) return absl::OkStatus();
  return UnexpectedAt(after, "one property: this constraint is for a single one");
}

// (A | B), each with or without a colon.
absl::StatusOr<std::vector<std::string>> QueryParser::ParseParenthesizedLabels() {
  std::vector<std::string> labels;
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kLeftParen, "and the labels of an end"));
  do {
    Accept(TokenKind::kColon);
    RELATA_ASSIGN_OR_RETURN(std::string label, ParseName("a label"));
    labels.push_back(std::move(label));
  } while (Accept(TokenKind::kBar));
  RELATA_RETURN_IF_ERROR(Expect(TokenKind::kRightParen, "or `|` after a label"));
  return labels;
}

// name [IF EXISTS], or what CREATE had: ON :Label(a) of an index, FOR or ON pattern REQUIRE or
// ASSERT what of a constraint.
absl::Status QueryParser::ParseDropSchema(SchemaCommand* command) {
  if (At(Keyword::kOn) && command->kind == Kind::kDropIndex && Peek(1).kind == TokenKind::kColon) {
    return ParseOldIndexTarget(command);
  }
  if ((At(Keyword::kOn) || At(Keyword::kFor)) && Peek(1).kind == TokenKind::kLeftParen) {
    return command->kind == Kind::kDropIndex ? ParseCreateIndex(command)
                                             : ParseCreateConstraint(command);
  }
  RELATA_ASSIGN_OR_RETURN(command->name, ParseName("the name of what is dropped"));
  command->if_exists = AcceptWords({Keyword::kIf, Keyword::kExists});
  return absl::OkStatus();
}

}  // namespace relata::query
